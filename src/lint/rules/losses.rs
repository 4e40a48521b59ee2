//! Shared by the rules about labeldrop and labelkeep: the labels that a rule removes for good.

use crate::analysis::{RelabelList, RuleFacts};
use crate::relabel::Action;

/// The labels without which Prometheus refuses a target.
pub(super) const OF_TARGETS: [&str; 3] = ["__address__", "__scrape_interval__", "__scrape_timeout__"];

/// The rules of a list that remove labels by name.
pub(super) fn removals<'l, 'c>(list: &'l RelabelList<'c>) -> impl Iterator<Item = &'l RuleFacts<'c>> {
    list.rules.iter().filter(|rule| matches!(rule.action, Action::LabelDrop | Action::LabelKeep))
}

/// Whether a rule removes the label, and no later rule may set it again.
pub(super) fn is_lost(list: &RelabelList<'_>, rule: &RuleFacts<'_>, name: &str) -> bool {
    rule.removes(name) && !list.may_be_written_behind(rule.index, name)
}

/// The pattern of a labelkeep, extended by the names that it does not match yet.
pub(super) fn kept_with(rule: &RuleFacts<'_>, names: &[&str]) -> String {
    let missing = names.iter().copied().filter(|name| rule.pattern.matches(name) != Some(true));
    std::iter::once(rule.pattern.text()).chain(missing).collect::<Vec<_>>().join("|")
}
