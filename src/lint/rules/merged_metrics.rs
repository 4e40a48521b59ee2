//! Different metrics that get one and the same name.

use crate::analysis::{RelabelList, RuleFacts, Stage};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::text::Location;

pub(super) const CHECK: Check = Check::List(check);

const NAME: &str = "__name__";

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    if list.stage.is_of_targets() || list.stage == Stage::Alert {
        return;
    }
    let renames: Vec<(&RuleFacts<'_>, String)> =
        list.rules.iter().filter_map(|rule| Some((rule, new_name(rule)?))).collect();
    for (position, (rule, name)) in renames.iter().enumerate() {
        let Some(replacement) = rule.rule.field("replacement") else { continue };
        let first = renames
            .iter()
            .take(position)
            .find(|(other, own)| own == name && other.pattern.texts() != rule.pattern.texts());
        let note = "where both are scraped from one target, series with the same labels are refused as duplicates";
        let help = "give each a name of its own, or keep what they were called in a label";
        if let Some((other, _)) = first {
            let message = format!("`{name}` is also what `{}[{}]` calls other metrics", list.key, other.index);
            let at = Location::new(list.file, other.rule.span);
            let finding = in_rule(list, rule, replacement.value, message).with_label(at, "the same name is given here");
            sink.push(finding.with_note(note).with_help(help));
        } else if let Some([one, other, ..]) = rule.pattern.texts() {
            let message = format!("`{one}` and `{other}` both become `{name}`");
            sink.push(in_rule(list, rule, replacement.value, message).with_note(note).with_help(help));
        }
    }
}

/// The name that a rule gives to metrics it knows by their names alone.
fn new_name(rule: &RuleFacts<'_>) -> Option<String> {
    let is_by_name = rule.sources() == [NAME] && rule.target().is_some_and(|name| name == NAME);
    rule.constant().filter(|name| is_by_name && !name.is_empty() && rule.pattern.texts().is_some())
}
