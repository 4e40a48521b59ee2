//! A rule that sets an internal label to a value for which Prometheus refuses the target.

use crate::analysis::{RelabelList, RuleFacts};
use crate::config::{Duration, ScrapeConfig};
use crate::diagnostic::Diagnostic;
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_rule};
use crate::re2::TemplatePiece;
use crate::relabel::{Action, Labels};
use crate::scrape::{TargetError, check_target};
use crate::simulate::Status;
use crate::text::Location;

pub(super) const CHECK: Check = Check::Job(check);

const ADDRESS: &str = "__address__";
const INTERVAL: &str = "__scrape_interval__";
const TIMEOUT: &str = "__scrape_timeout__";

/// The labels that are checked.
const CHECKED: [&str; 6] = [
    ADDRESS,
    INTERVAL,
    TIMEOUT,
    "__convert_classic_histograms_to_nhcb__",
    "__always_scrape_classic_histograms__",
    "__scrape_native_histograms__",
];

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    // `invalid-target` reports each known target.
    if facts.targets.iter().any(|target| target.status == Status::Invalid) {
        return;
    }
    let list = facts.target;
    for rule in &list.rules {
        let Some(label) = rule.target().filter(|label| CHECKED.contains(&&**label)) else { continue };
        let Some(value) = rule.constant().or_else(|| made_address(list, rule, &label)) else { continue };
        if list.about(&label).is_changed_in(rule.index + 1..list.rules.len()) {
            continue;
        }
        let Some(replacement) = rule.rule.field("replacement") else { continue };
        let Err(fault) = check_target(facts.job, labels_with(list, rule, facts.job, &label, &value)) else { continue };
        let message = format!("Prometheus refuses targets with `{label}` {value:?}: {fault}");
        let finding = in_rule(list, rule, replacement.value, message)
            .with_argument("label", label.as_ref())
            .with_argument("value", value.as_str())
            .with_note("the config loads, but Prometheus never scrapes these targets and only logs the reason");
        sink.push(helped(list, rule, &fault, finding));
    }
}

/// An address that a template with a literal `/` expands to: all its addresses contain a `/`.
fn made_address(list: &RelabelList<'_>, rule: &RuleFacts<'_>, label: &str) -> Option<String> {
    let has_slash = |piece: TemplatePiece<'_>| matches!(piece, TemplatePiece::Text(text) if text.contains('/'));
    if label != ADDRESS || rule.action != Action::Replace || !rule.replacement.pieces().any(has_slash) {
        return None;
    }
    let input = list.example_input(rule)?;
    rule.expanded(&rule.replacement, &input)
}

/// The checked labels of a target after the rule, as far as they are known.
fn labels_with(list: &RelabelList<'_>, rule: &RuleFacts<'_>, job: &ScrapeConfig, label: &str, value: &str) -> Labels {
    let other_duration = |name: &str, own: Duration, harmless: &str| {
        let about = list.about(name);
        if about.is_written() {
            let set = about.last_writer(rule.index).and_then(|last| list.rules.get(last));
            let is_certain = |other: &&RuleFacts<'_>| other.is_unconditional() || has_same_condition(other, rule);
            return set.filter(is_certain).and_then(RuleFacts::constant).unwrap_or_else(|| harmless.to_string());
        }
        // Target files and servers may set any label.
        if list.sources.is_open { harmless.to_string() } else { own.to_string() }
    };
    let mut labels = Labels::new();
    labels.set(ADDRESS, "host:80");
    let (is_interval, is_timeout) = (label == INTERVAL, label == TIMEOUT);
    labels.set(INTERVAL, if is_timeout { other_duration(INTERVAL, job.scrape_interval, "100y") } else { "1m".into() });
    labels.set(TIMEOUT, if is_interval { other_duration(TIMEOUT, job.scrape_timeout, "1ms") } else { "1ms".into() });
    labels.set(label, value);
    labels
}

/// Whether two rules apply to the same targets, if no rule in between changes the labels that they read.
fn has_same_condition(one: &RuleFacts<'_>, other: &RuleFacts<'_>) -> bool {
    let (first, second) = (&one.rule.spec, &other.rule.spec);
    one.sources() == other.sources()
        && first.separator == second.separator
        && one.pattern.text() == other.pattern.text()
}

fn helped(list: &RelabelList<'_>, rule: &RuleFacts<'_>, fault: &TargetError, finding: Diagnostic) -> Diagnostic {
    match fault {
        TargetError::InvalidHostname(_) => {
            finding.with_help("write `host:port`; the scheme belongs in `__scheme__`, the path in `__metrics_path__`")
        }
        TargetError::NoAddress => finding.with_help("write `action: drop` to drop the targets"),
        TargetError::TimeoutExceedsInterval { .. } => {
            let writers = [INTERVAL, TIMEOUT].map(|name| list.about(name).last_writer(rule.index));
            let other = writers.into_iter().max().flatten().and_then(|last| list.rules.get(last));
            let finding = finding.with_help("set both labels, with a timeout that does not exceed the interval");
            match other {
                Some(other) => {
                    finding.with_label(Location::new(list.file, other.rule.span), "this rule sets the other label")
                }
                None => finding,
            }
        }
        TargetError::InvalidBoolean { .. } => finding.with_help("write `true` or `false`, in quotes"),
        _ => finding.with_help("write a duration such as `30s`"),
    }
}
