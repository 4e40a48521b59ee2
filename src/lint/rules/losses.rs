//! For the rules about labeldrop and labelkeep: which labels one takes away for good.

use crate::analysis::{RelabelList, RuleFacts};
use crate::relabel::Action;

/// The labels without which no target is taken.
pub(super) const OF_TARGETS: [&str; 3] = ["__address__", "__scrape_interval__", "__scrape_timeout__"];

/// The rules of a list that take labels away by their names.
pub(super) fn removals<'l, 'c>(list: &'l RelabelList<'c>) -> impl Iterator<Item = &'l RuleFacts<'c>> {
    list.rules.iter().filter(|rule| matches!(rule.action, Action::LabelDrop | Action::LabelKeep))
}

/// Whether a rule takes the label of that name away, and no rule behind it may set it again.
pub(super) fn is_lost(list: &RelabelList<'_>, rule: &RuleFacts<'_>, name: &str) -> bool {
    rule.removes(name) && !list.behind(rule.index).any(|other| other.may_write(name))
}

/// The pattern that would leave the names to a labelkeep, too: those that it does not match yet.
pub(super) fn kept_with(rule: &RuleFacts<'_>, names: &[&str]) -> String {
    let missing = names.iter().copied().filter(|name| rule.pattern.matches(name) != Some(true));
    std::iter::once(rule.pattern.text()).chain(missing).collect::<Vec<_>>().join("|")
}
