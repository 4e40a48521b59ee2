//! The errors of Go's HTTP client that depend on the URL only.

use promcfg::scrape::scrape_error;
use promcfg::{Config, Labels, Options, Sources};
use serde_json::Value;

use super::text_of;

/// The same error, or none in both. A name with letters beyond ASCII is not judged.
pub(super) fn check(case: &Value) -> Result<(), String> {
    let mut sources = Sources::new();
    let file = sources.add("job.yml", "job_name: a");
    let release = text_of(case, "prometheus")?.parse().map_err(|error| format!("{error}"))?;
    let (job, _) = Config::read_scrape_config(&mut sources, file, &Options::default().with_release(release));
    let address = text_of(case, "address")?;
    let labels: Labels = [
        ("__scheme__", text_of(case, "scheme")?),
        ("__address__", address),
        ("__metrics_path__", text_of(case, "path")?),
    ]
    .into_iter()
    .collect();
    let found = scrape_error(&job.ok_or("there is no job")?, &labels).map(|error| error.to_string());
    let (expected, found) = (text_of(case, "error")?, found.unwrap_or_default());
    let is_unjudged = found.is_empty() && !address.is_ascii() && expected.ends_with("no such host");
    let is_same_kind =
        expected.split_once("invalid host: ").is_some_and(|(start, _)| found == format!("{start}invalid host"));
    if found == expected || is_unjudged || is_same_kind {
        Ok(())
    } else {
        Err(format!("the scrape error differs\n    expected: {expected}\n    actual:   {found}"))
    }
}
