//! A URL parameter that a job and a target both set. The version of Prometheus decides which of them it uses.

use crate::config::ScrapeConfig;
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_job};
use crate::text::go_quote;

pub(super) const CHECK: Check = Check::Job(check);

const PREFIX: &str = "__param_";

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let job = facts.job;
    for (label, value) in job.static_configs.iter().flat_map(|group| &group.labels) {
        let Some((name, of_job)) = label.value.strip_prefix(PREFIX).and_then(|name| first_value(job, name)) else {
            continue;
        };
        if value.value.is_empty() || of_job == value.value {
            continue;
        }
        let param = format!("params.{name}");
        let (winner, loser, ignored) = if job.release.has_params_from_labels() {
            (&label.value, &param, of_job)
        } else {
            (&param, &label.value, value.value.as_str())
        };
        let message = format!("`{}` and `{param}` have different values, and Prometheus uses `{winner}`", label.value);
        sink.push(
            in_job(job, label.span, message)
                .with_argument("label", label.value.as_str())
                .with_note("before Prometheus 3.0, `params` has priority; since then, the label has priority")
                .with_note(format!("Prometheus ignores the value {}", go_quote(ignored)))
                .with_help(format!("remove `{loser}`")),
        );
    }
}

/// The name of the parameter, and its first value in `params`.
fn first_value<'j>(job: &'j ScrapeConfig, name: &str) -> Option<(&'j str, &'j str)> {
    let (name, values) = job.params.iter().find(|(own, _)| own == name)?;
    Some((name, values.first()?))
}
