//! Configs and targets in the shapes of the conformance data.

use std::io;

use serde_json::{Map, Value, json};

use crate::config::question::{bytes_of, labels_of, text_of};
use crate::config::{Config, ScrapeConfig, read_config_with_error, read_job_with_error};
use crate::files::Files;
use crate::options::Options;
use crate::relabel::Labels;
use crate::release::Release;
use crate::scrape::DiscoveredTarget;
use crate::text::decode_text;

use super::{JobSimulator, PlacedTarget, Status, TargetResult, targets_of_group};

/// Answers `{"text"}` or `{"b64"}`, a whole config: nothing if Prometheus loads it, `error`, its message, if not, and
/// `target_error` if it refuses a static target. A config that names other files finds an empty folder. Values of
/// secret fields are `<secret>` in a message.
///
/// ```
/// use promcfg::{Release, simulate::debug_config};
/// use serde_json::json;
/// let answer = |text: &str| debug_config(&json!({ "text": text }), Release::LATEST).unwrap();
/// assert_eq!(answer("scrape_configs: [{job_name: a}]"), json!({}));
/// assert_eq!(answer("scrape_configs: [{}]"), json!({"error": "job_name is empty"}));
/// ```
///
/// # Errors
/// A question without `text` and `b64`.
pub fn debug_config(question: &Value, release: Release) -> Result<Value, String> {
    let options = Options::new(&EmptyFolder).with_release(release);
    let (config, error) = read_config_with_error(decode_text(&bytes_of(question)?), &options);
    Ok(match (error, target_error(&config)) {
        (Some(error), _) => json!({ "error": error }),
        (None, Some(error)) => json!({ "target_error": error }),
        (None, None) => json!({}),
    })
}

/// The first static target that is refused.
fn target_error(config: &Config) -> Option<String> {
    config.scrape_configs.iter().find_map(|job| {
        let mut simulator = JobSimulator::new(job, false).ok()?;
        job.static_configs.iter().enumerate().find_map(|(group_index, group)| {
            targets_of_group(group).enumerate().find_map(|(index, target)| {
                let result = simulator.simulate(&target);
                let error = result.error.filter(|_| result.status == Status::Invalid)?;
                Some(format!("instance {index} in group {group_index}: {error}"))
            })
        })
    })
}

/// Answers `{"text"}`, a config, with `real`: a list of its static targets, each with `job`, `discovered`, `status`
/// (`kept`, `dropped` or `invalid`), `error`, `final` and `url`. A config that is refused has `error`.
///
/// ```
/// use promcfg::{Release, simulate::debug_targets};
/// use serde_json::json;
/// let text = "scrape_configs: [{job_name: a, static_configs: [{targets: ['h:1']}]}]";
/// let answer = debug_targets(&json!({ "text": text }), Release::LATEST).unwrap();
/// assert_eq!(answer["real"][0]["url"], "http://h:1/metrics");
/// ```
///
/// # Errors
/// A question without `text` and `b64`.
pub fn debug_targets(question: &Value, release: Release) -> Result<Value, String> {
    let options = Options::new(&EmptyFolder).with_release(release);
    let (config, error) = read_config_with_error(decode_text(&bytes_of(question)?), &options);
    if let Some(error) = error {
        return Ok(json!({ "error": error }));
    }
    let mut targets = Vec::new();
    for job in &config.scrape_configs {
        let mut simulator = JobSimulator::new(job, false).map_err(|error| error.to_string())?;
        for target in job.static_configs.iter().flat_map(targets_of_group) {
            targets.push(outcome(&job.job_name.value, &simulator.simulate(&target)));
        }
    }
    Ok(json!({ "real": targets }))
}

fn outcome(job: &str, target: &TargetResult) -> Value {
    let is_kept = target.status == Status::Kept;
    let status = match target.status {
        Status::Kept => "kept",
        Status::Dropped => "dropped",
        Status::Invalid => "invalid",
        _ => "not simulated",
    };
    json!({
        "job": job,
        "discovered": target.discovered,
        "status": status,
        "error": target.error,
        "final": if is_kept { json!(target.labels) } else { Value::Null },
        "url": if is_kept { json!(target.url) } else { Value::Null },
    })
}

/// Answers `{"config", "target", "group"}`, a scrape config and the labels of a target and of its group: `discovered`,
/// the labels before relabeling, and `dropped`, or `error`, Prometheus's message, or `final`, `public` (without the
/// labels that begin with `__`) and `url`. A scrape config that is refused has only `error`; a result that is too
/// large to simulate has `too_large`.
///
/// ```
/// use promcfg::{Release, simulate::debug_target};
/// use serde_json::json;
/// let question = json!({"config": "job_name: a", "target": {"__address__": "h:1"}, "group": {"env": "x"}});
/// let answer = debug_target(&question, Release::LATEST).unwrap();
/// assert_eq!(answer["public"], json!({"env": "x", "instance": "h:1", "job": "a"}));
/// assert_eq!(answer["url"], "http://h:1/metrics");
/// ```
///
/// # Errors
/// A question without `config`, or with members of other types.
pub fn debug_target(question: &Value, release: Release) -> Result<Value, String> {
    let target = DiscoveredTarget { own: labels_of(question, "target")?, group: labels_of(question, "group")? };
    match read_job_with_error(text_of(question, "config")?, release) {
        Ok(Some(job)) => Ok(fate(&job, target)),
        Ok(None) => Err("`config` has no scrape config".to_string()),
        Err(error) => Ok(json!({ "error": error })),
    }
}

fn fate(job: &ScrapeConfig, target: DiscoveredTarget) -> Value {
    let mut simulator = match JobSimulator::new(job, false) {
        Ok(simulator) => simulator,
        Err(error) => return json!({ "error": error.to_string() }),
    };
    let result = simulator.simulate(&PlacedTarget::from(target));
    let mut answer = Map::new();
    let mut put = |name: &str, value: Value| answer.insert(name.to_string(), value);
    put("discovered", json!(result.discovered));
    match result.status {
        Status::Dropped => {
            put("dropped", Value::Bool(true));
        }
        Status::Invalid => {
            put("error", json!(result.error));
        }
        Status::Kept => {
            put("final", json!(result.labels));
            put("public", json!(public(&result.labels)));
            put("url", json!(result.url));
        }
        _ => {
            put("too_large", json!(result.error));
        }
    }
    Value::Object(answer)
}

fn public(labels: &Labels) -> Labels {
    labels.iter().filter(|(name, _)| !name.starts_with("__")).collect()
}

/// The folder that Prometheus had when it was asked: nothing but itself is in it.
struct EmptyFolder;

impl Files for EmptyFolder {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let kind = if path == "." { io::ErrorKind::IsADirectory } else { io::ErrorKind::NotFound };
        Err(kind.into())
    }

    fn glob(&self, pattern: &str) -> io::Result<Vec<String>> {
        Ok(if pattern == "." { vec![".".to_string()] } else { Vec::new() })
    }
}
