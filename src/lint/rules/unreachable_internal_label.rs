//! `__address__` and similar labels of targets in rules that run after the scrape.

use crate::analysis::{INTERNAL, Needs, PARAM, RelabelList, Stage, Subjects, is_internal};
use crate::diagnostic::Diagnostic;
use crate::lint::consequence::with_consequence;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, subject};
use crate::relabel::Action;

pub(super) const CHECK: Check = Check::List(
    Needs::one_rule(&[Subjects::INTERNAL_READ
        .or(Subjects::META_READ)
        .or(Subjects::INTERNAL_TARGET)
        .or(Subjects::LABELMAP)]),
    check,
);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    if list.stage.is_of_targets() {
        return;
    }
    let is_of_target = |name: &str| is_internal(Stage::Target, name);
    let things = subject(list.stage);
    for rule in &list.rules {
        let reads = rule.placed_reads().filter(|(name, _)| is_of_target(name));
        for (name, span) in reads.filter(|(name, _)| !list.may_be_written_before(rule.index, name)) {
            let finding =
                in_rule(list, rule, span, format!("no {things} has a label `{name}`")).with_argument("label", name);
            let help = format!("copy `{name}` to another label in `relabel_configs`, and read that label here");
            sink.push(explained(list, with_consequence(list, rule, finding)).with_help(help));
        }
        if let Some(regex) = rule
            .rule
            .field("regex")
            .filter(|_| rule.action == Action::LabelMap && is_about_internal(rule.pattern.prefix()))
            && !list.may_begin_in(0..rule.index, "__")
        {
            let message = format!("no {things} has a label that matches `{}`", rule.pattern.text());
            let finding = in_rule(list, rule, regex.value, message).with_argument("regex", rule.pattern.text());
            let finding = explained(list, finding);
            sink.push(finding.with_help("move the rule to `relabel_configs`"));
        }
        if let Some(field) = rule.rule.field("target_label")
            && let Some(name) = rule.target().filter(|name| is_of_target(name) && rule.may_write(name))
            && !list.is_read_behind(rule.index, &name)
        {
            let message = format!("`{name}` is set on the {things}, which does not change the scrape");
            let finding = in_rule(list, rule, field.value, message);
            let finding = finding
                .with_argument("target_label", name.as_ref())
                .with_note(format!("the {things} keeps a label named `{name}`"));
            sink.push(explained(list, finding).with_help("move the rule to `relabel_configs`"));
        }
    }
}

/// Whether labels with this prefix are labels of targets.
fn is_about_internal(prefix: &str) -> bool {
    prefix.starts_with(PARAM) || INTERNAL.contains(&prefix)
}

fn explained(list: &RelabelList<'_>, finding: Diagnostic) -> Diagnostic {
    let when = match list.stage {
        Stage::Metric => "after the scrape",
        Stage::Write => "when series are written",
        _ => "when alerts are sent",
    };
    finding.with_note(format!("only targets have it, before the scrape; `{}` run {when}", list.key))
}
