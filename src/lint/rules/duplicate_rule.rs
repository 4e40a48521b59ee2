//! A rule that is written twice.

use crate::analysis::{META, RelabelList, RuleFacts};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::text::Location;

pub(super) const CHECK: Check = Check::List(check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in &list.rules {
        let Some(first) = list.before(rule.index).find(|other| other.is_same_as(rule)) else { continue };
        let between = || list.rules.iter().take(rule.index).skip(first.index);
        if between().any(|other| may_matter(other, rule)) {
            continue;
        }
        let message = format!("the rule does the same as `{}[{}]`", list.key, first.index);
        let finding = in_rule(list, rule, rule.rule.span, message);
        sink.push(
            finding
                .with_label(Location::new(list.file, first.rule.span), "it is written here first")
                .with_note("nothing that it reads or writes is changed in between, so that it has no effect")
                .with_help("remove one of them, or change the one that was copied"),
        );
    }
}

/// Whether `other`, when it runs, may give the rule something new to do.
fn may_matter(other: &RuleFacts<'_>, rule: &RuleFacts<'_>) -> bool {
    if rule.action.is_about_names() {
        // No user names a label of a pod or a machine as meta labels are named.
        let is_of_meta = rule.pattern.prefix().starts_with(META) && !rule.replacement.text().starts_with(META);
        return !(is_of_meta && other.is_same_as(rule)) && other.may_write_beginning(rule.pattern.prefix());
    }
    let changes = |name: &str| other.may_write(name) || other.may_remove(name);
    let is_read_changed = || rule.placed_reads().any(|(name, _)| changes(name));
    let is_target_changed = || match rule.target() {
        Some(target) => !other.is_same_as(rule) && changes(&target),
        None => rule.action.has_target_label() && !rule.action.is_filter(),
    };
    is_read_changed() || is_target_changed()
}
