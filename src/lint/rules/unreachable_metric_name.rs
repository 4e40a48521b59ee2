//! `__name__` in the rules for targets, which have no metric name.

use crate::analysis::{Needs, Presence, RelabelList, Stage, Subjects};
use crate::diagnostic::Diagnostic;
use crate::lint::consequence::with_consequence;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::Action;

pub(super) const CHECK: Check =
    Check::List(Needs::one_rule(&[Subjects::NAME_READ.or(Subjects::NAME_TARGET).or(Subjects::SELECTION)]), check);

const NAME: &str = "__name__";

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    if list.stage == Stage::Alert {
        check_alerts(list, sink);
    }
    if !list.stage.is_of_targets() {
        return;
    }
    for rule in &list.rules {
        let is_there = || matches!(list.presence_at(rule.index, NAME), Presence::Always | Presence::Sometimes);
        let source = rule.placed_sources().find(|(name, _)| *name == NAME);
        if let Some((_, span)) = source.filter(|_| !is_there()) {
            let finding = in_rule(list, rule, span, "targets have no label `__name__`");
            sink.push(explained(list, with_consequence(list, rule, finding)));
        }
        if let Some(regex) = rule.rule.field("regex")
            && rule.action == Action::LabelDrop
            && rule.pattern.literal() == Some(NAME)
            && !is_there()
        {
            let finding = in_rule(list, rule, regex.value, "targets have no label `__name__` to drop");
            sink.push(explained(list, finding));
        }
        if let Some(target) = rule.rule.field("target_label")
            && rule.target().is_some_and(|target| target == NAME)
            && !list.is_read_behind(rule.index, NAME)
        {
            let message = "`__name__` is set on the target, where it has no effect";
            let finding = in_rule(list, rule, target.value, message);
            sink.push(explained(list, finding.with_note("labels that begin with `__` are removed after relabeling")));
        }
    }
}

/// Alerts have a label `alertname`, and no metric name.
fn check_alerts(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| !list.may_be_written_before(rule.index, NAME)) {
        let Some((_, span)) = rule.placed_reads().find(|(name, _)| *name == NAME) else { continue };
        let finding =
            in_rule(list, rule, span, "alerts have no label `__name__`").with_argument("label", NAME).with_note(
                "an alert has the labels of its rule and its series, without the metric name, and the external labels",
            );
        sink.push(with_consequence(list, rule, finding).with_help("read `alertname` for the name of the alert"));
    }
}

fn explained(list: &RelabelList<'_>, finding: Diagnostic) -> Diagnostic {
    let finding = finding
        .with_argument("label", NAME)
        .with_note("metric names exist only after the scrape; these rules run before");
    match list.stage {
        Stage::Target => finding.with_help("move the rule to `metric_relabel_configs`"),
        _ => finding.with_help("remove the rule"),
    }
}
