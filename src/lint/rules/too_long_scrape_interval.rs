//! An interval so long that graphs have gaps.

use crate::config::{Duration, ScrapeConfig};
use crate::diagnostic::Diagnostic;
use crate::lint::rule::{Check, Input};
use crate::lint::sink::{Sink, in_file, in_job};
use crate::text::Span;

pub(super) const CHECK: Check = Check::Input(check);

/// How far back a query looks for a sample, unless Prometheus is told otherwise.
const LOOKBACK: Duration = Duration::from_seconds(300);

fn check(input: &Input<'_>, sink: &mut Sink<'_>) {
    let global = &input.config.global;
    let has_own = |interval: Duration, span: Option<Span>| span.filter(|_| interval >= LOOKBACK);
    for job in input.jobs() {
        let own = job.field("scrape_interval").map(|field| field.value);
        if let Some(span) = has_own(job.scrape_interval, own) {
            sink.push(explained(in_job(job, span, message(job.scrape_interval))));
        }
        for (interval, span) in intervals_of_targets(job).filter(|(interval, _)| *interval >= LOOKBACK) {
            sink.push(explained(in_job(job, span, message(interval))));
        }
    }
    let inherits = |interval: Duration| input.jobs().any(|job| job.scrape_interval == interval);
    let span = global.field("scrape_interval").map(|field| field.value);
    if let Some(span) = has_own(global.scrape_interval, span).filter(|_| inherits(global.scrape_interval)) {
        sink.push(explained(in_file(input.config.file, span, message(global.scrape_interval))));
    }
    check_evaluation(input, sink);
}

/// What rules record is a series, too.
fn check_evaluation(input: &Input<'_>, sink: &mut Sink<'_>) {
    let (Some(field), Some(tree)) = (input.config.global.field("evaluation_interval"), sink.tree(input.config.file))
    else {
        return;
    };
    let text = field.text.map_or("", |text| text.of(tree.text()));
    if let Some(interval) = Duration::parse(text).ok().filter(|interval| *interval >= LOOKBACK) {
        let message = format!("with an interval of {interval} the series of rules are missing between evaluations");
        sink.push(explained(in_file(input.config.file, field.value, message)));
    }
}

/// The intervals that are set for targets, by their labels and by rules.
fn intervals_of_targets(job: &ScrapeConfig) -> impl Iterator<Item = (Duration, Span)> + '_ {
    const LABEL: &str = "__scrape_interval__";
    let labels = job.static_configs.iter().flat_map(|group| &group.labels);
    let of_labels =
        labels.filter(|(name, _)| name.value == LABEL).map(|(_, value)| (value.value.as_str(), Some(value.span)));
    let of_rules = job
        .relabel_configs
        .iter()
        .filter(|rule| rule.spec.target_label == LABEL)
        .map(|rule| (rule.spec.replacement.as_ref(), rule.field("replacement").map(|field| field.value)));
    of_labels.chain(of_rules).filter_map(|(text, span)| Some((Duration::parse(text).ok()?, span?)))
}

fn message(interval: Duration) -> String {
    format!("with an interval of {interval} series are missing between scrapes")
}

fn explained(finding: Diagnostic) -> Diagnostic {
    finding
        .with_note("a query finds a sample for less than 5 minutes, after which the series counts as gone: graphs have gaps, alerts stop firing")
        .with_help("scrape every 2 minutes or more often, so that one failed scrape leaves no gap; or raise `--query.lookback-delta` of Prometheus")
}
