//! An interval so long that graphs have gaps.

use crate::config::{Duration, ScrapeConfig};
use crate::diagnostic::Diagnostic;
use crate::lint::rule::{Check, Input, Parts};
use crate::lint::sink::{Sink, in_file, in_job};
use crate::text::Span;

pub(super) const CHECK: Check = Check::Parts(Parts { job: Some(check_job), input: Some(check_global), ..Parts::NONE });

/// How far back a query looks for a sample by default.
const LOOKBACK: Duration = Duration::from_seconds(300);

/// The label with the interval of a target.
const LABEL: &str = "__scrape_interval__";

fn has_own(interval: Duration, span: Option<Span>) -> Option<Span> {
    span.filter(|_| interval >= LOOKBACK)
}

fn check_job(job: &ScrapeConfig, sink: &mut Sink<'_>) {
    let own = job.field("scrape_interval").map(|field| field.value);
    if let Some(span) = has_own(job.scrape_interval, own) {
        sink.push(explained("scrape_interval", in_job(job, span, message(job.scrape_interval))));
    }
    for (interval, span) in intervals_of_targets(job).filter(|(interval, _)| *interval >= LOOKBACK) {
        sink.push(explained(LABEL, in_job(job, span, message(interval))));
    }
}

fn check_global(input: &Input<'_>, sink: &mut Sink<'_>) {
    let global = &input.config.global;
    let span = global.field("scrape_interval").map(|field| field.value);
    if let Some(span) = has_own(global.scrape_interval, span).filter(|_| input.is_interval_used) {
        sink.push(explained("scrape_interval", in_file(input.config.file, span, message(global.scrape_interval))));
    }
    check_evaluation(input, sink);
}

/// Checks the interval at which rules write their series.
fn check_evaluation(input: &Input<'_>, sink: &mut Sink<'_>) {
    let (Some(field), Some(tree)) = (input.config.global.field("evaluation_interval"), sink.tree(input.config.file))
    else {
        return;
    };
    let text = field.text.map_or("", |text| text.of(tree.text()));
    if let Some(interval) = Duration::parse(text).ok().filter(|interval| *interval >= LOOKBACK) {
        let message =
            format!("with an interval of {interval}, queries find no sample of rules between some evaluations");
        sink.push(explained("evaluation_interval", in_file(input.config.file, field.value, message)));
    }
}

/// The intervals that labels and rules set for targets.
fn intervals_of_targets(job: &ScrapeConfig) -> impl Iterator<Item = (Duration, Span)> + '_ {
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
    format!("with an interval of {interval}, queries find no sample between some scrapes")
}

fn explained(field: &'static str, finding: Diagnostic) -> Diagnostic {
    finding
        .with_argument("field", field)
        .with_note("queries ignore samples that are 5 minutes old: graphs have gaps, and alerts stop firing")
        .with_help("use an interval of `2m` or less, so that one failed scrape leaves no gap, or raise `--query.lookback-delta`")
}
