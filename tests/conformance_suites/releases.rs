//! Configs as two releases judge them: 2.42 and 3.14 as they were released.

use promcfg::simulate::{SimulateOptions, Status, simulate};
use promcfg::{Config, Diagnostic, Options, Release, Sources};
use serde_json::Value;

use super::text_of;

/// In both releases the same verdict, and where the release refuses the config, an error that says what the
/// release says.
pub(super) fn check(case: &Value) -> Result<(), String> {
    let text = text_of(case, "text")?;
    let id = case.get("id").and_then(Value::as_str).unwrap_or("");
    // The build that was asked lacks some mechanisms that the release has: what it says of them is not 2.42's
    // answer. The tables judge then: all that may be wrong is a key that came later.
    if case.get("debian_build_lacks_sd") == Some(&Value::Bool(true)) {
        let errors = errors_of(text, "2.42".parse().map_err(|error| format!("{error}"))?);
        let is_of_mechanism = |error: &String| error.contains("_sd_configs not found");
        if errors.iter().any(|error| !error.contains(" not found in type ") || is_of_mechanism(error)) {
            return Err(format!("{id}: 2.42 knows the mechanism, we say {errors:?}"));
        }
    } else {
        compare(id, "2.42", text, &said(case, "error_2_42"))?;
    }
    compare(id, "3.14", text, &said(case, "error_3_14"))
}

/// What the release says: the message itself, or that of a target.
fn said(case: &Value, key: &str) -> String {
    let value = &case[key];
    value.as_str().or_else(|| value["error"].as_str()).unwrap_or("").to_string()
}

fn compare(id: &str, release: &str, text: &str, expected: &str) -> Result<(), String> {
    let release: Release = release.parse().map_err(|error| format!("{error}"))?;
    let errors = errors_of(text, release);
    match (expected.is_empty(), errors.is_empty()) {
        (true, true) => Ok(()),
        (true, false) => Err(format!("{id}: {release} takes it, we say {errors:?}")),
        (false, true) => Err(format!("{id}: {release} refuses it: {expected}")),
        (false, false) if errors.iter().any(|error| says(expected, error)) => Ok(()),
        (false, false) => Err(format!("{id}: {release} says {expected:?}, we say {errors:?}")),
    }
}

/// Whether a message is the one that is expected, or one of its lines.
fn says(expected: &str, message: &str) -> bool {
    let lines = expected.lines().map(str::trim).filter(|line| *line != "yaml: unmarshal errors:");
    lines.into_iter().any(|line| line == message || line.strip_prefix("yaml: ").is_some_and(|line| line == message))
        || expected.contains(message)
}

/// Prometheus's own messages about a config and its static targets.
fn errors_of(text: &str, release: Release) -> Vec<String> {
    let options = Options::default().with_release(release);
    let mut sources = Sources::new();
    let file = sources.add("prometheus.yml", text);
    let (config, diagnostics) = Config::read(&mut sources, file, &options);
    let errors = diagnostics.iter().filter(|each| each.is_error());
    let mut messages: Vec<String> = errors.map(own_message).collect();
    let Ok(simulation) = simulate(&config, &mut sources, &options, &SimulateOptions::default()) else {
        return messages;
    };
    let targets = simulation.jobs.iter().flat_map(|job| &job.targets);
    messages
        .extend(targets.filter(|target| target.status == Status::Invalid).filter_map(|target| target.error.clone()));
    messages
}

fn own_message(diagnostic: &Diagnostic) -> String {
    diagnostic.upstream.clone().unwrap_or_else(|| diagnostic.message.clone())
}
