//! A meta label that the selected Prometheus version does not have yet, or no longer has.

use crate::analysis::RelabelList;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};

pub(super) const CHECK: Check = Check::List(check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let Some(job) = list.job.filter(|_| list.stage.is_of_targets()) else { return };
    for rule in &list.rules {
        for (name, span) in rule.placed_reads() {
            if list.may_be_written_before(rule.index, name) {
                continue;
            }
            let labels = list.sources.roles.iter().flat_map(|role| &role.labels).filter(|label| label.covers(name));
            let absences: Vec<Option<String>> = labels.map(|label| label.availability().absence(job.release)).collect();
            // Another mechanism or role of the job may provide it.
            let Some(Some(absence)) = absences.first().filter(|_| absences.iter().all(Option::is_some)) else {
                continue;
            };
            let message = format!("Prometheus {} has no label `{name}`", job.release.minor_name());
            sink.push(in_rule(list, rule, span, message).with_argument("label", name).with_note(absence.as_str()));
        }
    }
}
