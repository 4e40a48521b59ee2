//! `__param_<name>` of a parameter that has several values.

use crate::analysis::{Needs, PARAM, RelabelList, Stage, Subjects};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};

pub(super) const CHECK: Check = Check::List(
    Needs::one_rule(&[Subjects::INTERNAL_READ.or(Subjects::INTERNAL_TARGET).or(Subjects::META_READ)]),
    check,
);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let Some(job) = list.job.filter(|_| list.stage == Stage::Target) else { return };
    if !job.params.iter().any(|(_, values)| values.len() > 1) {
        return;
    }
    let count = |name: &str| {
        let param = job.params.iter().find(|(param, _)| name.strip_prefix(PARAM) == Some(param));
        param.map_or(0, |(_, values)| values.len())
    };
    for rule in &list.rules {
        let reads = rule.placed_reads().filter(|(name, _)| !list.may_be_written_before(rule.index, name));
        for (name, span) in reads.filter(|(name, _)| count(name) > 1) {
            let message = format!("`{name}` is only the first of {} values", count(name));
            let note = "a label has one value; rules cannot read the other values in `params`";
            sink.push(in_rule(list, rule, span, message).with_argument("label", name).with_note(note));
        }
        if let Some(field) = rule.rule.field("target_label")
            && let Some(name) = rule.target().filter(|name| rule.may_write(name) && count(name) > 1)
        {
            let message = format!("`{name}` replaces only the first of {} values", count(&name));
            let note = "Prometheus still sends the other values in `params`";
            let help = "remove the parameter from `params` to send only this value";
            let finding = in_rule(list, rule, field.value, message).with_argument("target_label", name);
            sink.push(finding.with_note(note).with_help(help));
        }
    }
}
