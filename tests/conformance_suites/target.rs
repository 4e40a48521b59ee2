//! From a target group to a scrape target.

use promcfg::scrape::DiscoveredTarget;
use promcfg::simulate::{JobSimulator, PlacedTarget, Status, TargetResult};
use promcfg::{Config, Labels, Options, Sources};
use serde_json::{Value, json};

use super::{build, pairs_of, same, text_of};

/// The same labels before relabeling, and the same verdict, labels and URL after it.
pub(super) fn check(case: &Value) -> Result<(), String> {
    let result = simulate(case)?;
    same("`discovered`", &case["discovered"], &json!(result.discovered))?;
    match result.status {
        Status::Dropped => same("`dropped`", case.get("dropped").unwrap_or(&Value::Null), &Value::Bool(true)),
        Status::Invalid => same("`error`", case.get("error").unwrap_or(&Value::Null), &json!(result.error)),
        Status::Kept if case.get("error").is_some() || case.get("dropped").is_some() => {
            Err(format!("it was kept with {}", json!(result.labels)))
        }
        Status::Kept => {
            same("`final`", &case["final"], &json!(result.labels))?;
            same("`public`", &case["public"], &json!(public(&result.labels)))?;
            same("`url`", &case["url"], &json!(result.url))
        }
        other => Err(format!("it was not simulated: {other:?}: {:?}", result.error)),
    }
}

fn simulate(case: &Value) -> Result<TargetResult, String> {
    let mut sources = Sources::new();
    let file = sources.add("prometheus.yml", text_of(case, "config")?);
    let (job, diagnostics) = Config::read_scrape_config(&mut sources, file, &Options::default().with_release(build()));
    if let Some(diagnostic) = diagnostics.iter().find(|diagnostic| diagnostic.is_error()) {
        return Err(format!("the job is refused: {}", diagnostic.message));
    }
    let job = job.ok_or("there is no job")?;
    let mut simulator = JobSimulator::new(&job, false).map_err(|error| error.to_string())?;
    let target = DiscoveredTarget { own: pairs_of(case, "target"), group: pairs_of(case, "group") };
    Ok(simulator.simulate(&PlacedTarget::from(target)))
}

fn public(labels: &Labels) -> Labels {
    labels.iter().filter(|(name, _)| !name.starts_with("__")).collect()
}
