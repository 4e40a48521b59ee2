//! Limits for native histograms in a job that does not scrape native histograms.

use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_job};

pub(super) const CHECK: Check = Check::Job(check);

const SWITCH: &str = "scrape_native_histograms";

/// The fields that matter only for native histograms.
const LIMITS: [&str; 2] = ["native_histogram_bucket_limit", "native_histogram_min_bucket_factor"];

/// The labels of targets that have priority over the fields of the job.
const LABELS: [&str; 2] = ["__scrape_native_histograms__", "__convert_classic_histograms_to_nhcb__"];

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let job = facts.job;
    if !LIMITS.iter().any(|limit| job.field(limit).is_some()) {
        return;
    }
    // Classic histograms that are converted have the limits of native ones.
    let has_histograms = job.scrape_native_histograms || job.convert_classic_histograms_to_nhcb;
    let is_set = |label: &str| {
        let mut labels = job.static_configs.iter().flat_map(|group| &group.labels);
        labels.any(|(name, _)| name.value == label) || facts.target.rules.iter().any(|rule| rule.may_write(label))
    };
    if !job.release.needs_native_histogram_field()
        || has_histograms
        || job.field(SWITCH).is_some()
        || LABELS.into_iter().any(is_set)
    {
        return;
    }
    let text = sink.tree(job.file).map_or("", |tree| tree.text());
    for field in LIMITS.iter().filter_map(|limit| job.field(limit)).filter(|field| field.value.of(text) != "0") {
        let message = format!("`{}` has no effect: the job does not scrape native histograms", field.name);
        sink.push(
            in_job(job, field.key, message)
                .with_argument("field", field.name)
                .with_note(format!(
                    "since Prometheus 3.9, only `{SWITCH}` enables native histograms; before, a feature flag did"
                ))
                .with_help(format!("write `{SWITCH}: true` in the job or in `global`")),
        );
    }
}
