//! A pattern for values in an action that matches the names of labels.

use crate::analysis::{Needs, RelabelList, RuleFacts, Subjects};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, short};
use crate::relabel::Action;
use crate::text::go_quote;

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::ABOUT_NAMES, Subjects::REGEX_GIVEN]), check);

/// Characters of lists, assignments and texts, which names of labels do not have.
const OF_VALUES: [char; 8] = [',', '=', ';', ':', ' ', '"', '@', '%'];

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in &list.rules {
        let Some(regex) = rule.rule.field("regex").filter(|_| rule.action.is_about_names()) else { continue };
        let Some(character) = character_of_values(rule) else { continue };
        let pattern = rule.pattern.text();
        let verb = match rule.action {
            Action::LabelMap => "copies",
            Action::LabelKeep => "keeps",
            _ => "removes",
        };
        let message = format!(
            "`{}` expects a {}, which no label name contains: `{}` {verb} labels by their names",
            short(pattern),
            go_quote(&character.to_string()),
            rule.action
        );
        let help = match rule.action {
            Action::LabelMap => "to take a part of a value, write a `replace` rule with `source_labels`",
            Action::LabelKeep => "to keep by a value, write `action: keep` with `source_labels`",
            _ => "to drop by a value, write `action: drop` with `source_labels`; to remove a label, write its name",
        };
        sink.push(in_rule(list, rule, regex.value, message).with_argument("pattern", pattern).with_help(help));
    }
}

/// A character that every matching text has, and no name of a label.
fn character_of_values(rule: &RuleFacts<'_>) -> Option<char> {
    let (text, pattern) = (rule.pattern.text(), &rule.pattern);
    if pattern.matches_nothing() {
        return None;
    }
    OF_VALUES.into_iter().find(|c| text.contains(*c) && pattern.count_of(*c).0 > 0)
}
