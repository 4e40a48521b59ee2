//! `__param_<name>` of a parameter that has several values.

use crate::analysis::{PARAM, RelabelList, Stage};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};

pub(super) const CHECK: Check = Check::List(check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let Some(job) = list.job.filter(|_| list.stage == Stage::Target) else { return };
    let count = |name: &str| {
        let param = job.params.iter().find(|(param, _)| name.strip_prefix(PARAM) == Some(param));
        param.map_or(0, |(_, values)| values.len())
    };
    for rule in &list.rules {
        let reads = rule.placed_reads().filter(|(name, _)| !list.may_be_written_before(rule.index, name));
        for (name, span) in reads.filter(|(name, _)| count(name) > 1) {
            let message = format!("`{name}` is the first of {} values only", count(name));
            let note = "a label can hold one value; the others of `params` are not to be seen in rules";
            sink.push(in_rule(list, rule, span, message).with_note(note));
        }
        if let Some(field) = rule.rule.field("target_label")
            && let Some(name) = rule.target().filter(|name| rule.may_write(name) && count(name) > 1)
        {
            let message = format!("`{name}` replaces the first of {} values only", count(&name));
            let note = "the others of `params` are sent all the same";
            let help = "leave the parameter out of `params` if it is to have this value only";
            sink.push(in_rule(list, rule, field.value, message).with_note(note).with_help(help));
        }
    }
}
