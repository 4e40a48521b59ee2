//! `instance` in target rules, which Prometheus sets after relabeling.

use crate::analysis::{Absence, Needs, RelabelList, Stage, Subjects};
use crate::lint::consequence::with_consequence;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::PLAIN_READ]), check);

const INSTANCE: &str = "instance";

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    if list.stage != Stage::Target {
        return;
    }
    for rule in &list.rules {
        let reads = rule.placed_reads().filter(|(name, _)| *name == INSTANCE && !rule.may_be_default(name));
        for (_, span) in reads.filter(|_| list.absence_at(rule.index, INSTANCE) == Some(Absence::Unset)) {
            let finding = in_rule(list, rule, span, "`instance` is not set yet")
                .with_argument("label", INSTANCE)
                .with_note("Prometheus sets it to `__address__` after `relabel_configs`, if no rule has set it");
            sink.push(with_consequence(list, rule, finding).with_help("write `__address__` instead"));
        }
    }
}
