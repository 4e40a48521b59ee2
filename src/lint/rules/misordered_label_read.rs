//! A label that is read before it is set, or after it is removed.

use crate::analysis::{Absence, Needs, RelabelList};
use crate::lint::consequence::with_consequence;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::text::Location;

pub(super) const CHECK: Check = Check::List(Needs::two_rules(), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in &list.rules {
        for (name, span) in rule.placed_reads() {
            let (other, message, at_other, help) = match list.absence_at(rule.index, name) {
                Some(Absence::SetLater(_)) if rule.may_write(name) => continue,
                Some(Absence::SetLater(other)) => {
                    let message = format!("`{name}` is read before `{}[{other}]` sets it", list.key);
                    (other, message, "set here", format!("move this rule after `{}[{other}]`", list.key))
                }
                Some(Absence::Removed(other)) => {
                    let message = format!("`{name}` is read after `{}[{other}]` removes it", list.key);
                    (other, message, "removed here", format!("move this rule before `{}[{other}]`", list.key))
                }
                _ => continue,
            };
            let Some(other) = list.rules.get(other) else { continue };
            let finding = in_rule(list, rule, span, message)
                .with_argument("label", name)
                .with_label(Location::new(list.file, other.rule.span), at_other)
                .with_note("rules run in the order of the file; a missing label reads as empty");
            sink.push(with_consequence(list, rule, finding).with_help(help));
        }
    }
}
