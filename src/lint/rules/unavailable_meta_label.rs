//! A meta label that the selected Prometheus version does not have yet, or no longer has.

use crate::analysis::{META, Needs, RelabelList, RuleFacts, may_be_matched};
use crate::diagnostic::Diagnostic;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::Action;

pub(super) const CHECK: Check = Check::List(Needs::NOTHING, check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let Some(job) = list.job.filter(|_| list.stage.is_of_targets() && !list.sources.roles.is_empty()) else { return };
    let release = job.release.minor_name();
    for rule in &list.rules {
        for (name, span) in rule.placed_reads() {
            let Some((label, absence)) = list.sources.unavailable(|label| label.covers(name)) else { continue };
            if list.may_be_written_before(rule.index, name) {
                continue;
            }
            let message = format!("Prometheus {release} has no label `{name}`");
            let finding = in_rule(list, rule, span, message).with_argument("label", name).with_note(absence);
            sink.push(with_successor(finding, label.successor_of(name)));
        }
        if let Some(regex) = rule.rule.field("regex").filter(|_| copies_meta_labels(list, rule))
            && let Some((label, absence)) = list.sources.unavailable(|label| may_be_matched(label, &rule.pattern))
        {
            let pattern = rule.pattern.text();
            let message = format!("Prometheus {release} has no label that matches `{pattern}`");
            let finding = in_rule(list, rule, regex.value, message).with_argument("regex", pattern).with_note(absence);
            sink.push(with_successor(finding, label.successor_of(pattern)));
        }
    }
}

/// Whether the rule copies meta labels that no earlier rule sets.
fn copies_meta_labels(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> bool {
    rule.action == Action::LabelMap
        && rule.pattern.prefix().starts_with(META)
        && list.sources.is_known()
        && !list.may_begin_in(0..rule.index, META)
}

fn with_successor(finding: Diagnostic, successor: Option<String>) -> Diagnostic {
    successor.into_iter().fold(finding, |finding, successor| finding.with_help(format!("read `{successor}` instead")))
}
