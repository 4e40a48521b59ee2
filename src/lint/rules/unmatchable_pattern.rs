//! A pattern that matches no possible value of a discovery label.

use crate::analysis::{Presence, RelabelList, RuleFacts, closed_values};
use crate::diagnostic::Diagnostic;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, short, subject};
use crate::relabel::Action;
use crate::text::Span;

pub(super) const CHECK: Check = Check::List(check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| matches!(rule.action, Action::Keep | Action::Drop | Action::Replace)) {
        let ([label], Some(regex)) = (rule.sources(), rule.rule.field("regex")) else { continue };
        if closed_values(label).is_none() && !list.is_list_of_tags(label) {
            continue;
        }
        let is_of_discovery = list.stage.is_of_targets() && !list.may_be_written_before(rule.index, label);
        if !is_of_discovery || rule.pattern.matches_nothing() || rule.pattern.matches_empty() != Some(false) {
            continue;
        }
        if list.presence_at(rule.index, label) == Presence::Never {
            continue;
        }
        let found = of_few_values(list, rule, label, regex.value).or_else(|| of_tags(list, rule, label, regex.value));
        sink.extend(found.map(|finding| finding.with_note(consequence(list, rule))));
    }
}

fn of_few_values(list: &RelabelList<'_>, rule: &RuleFacts<'_>, label: &str, at: Span) -> Option<Diagnostic> {
    let values = closed_values(label)?;
    if !values.iter().all(|value| rule.pattern.matches(value) == Some(false)) {
        return None;
    }
    let all: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
    let one_of = if values.len() == 1 { "always" } else { "one of" };
    let message = format!("`{}` never matches: `{label}` is {one_of} {}", short(rule.pattern.text()), all.join(", "));
    let finding = explained(rule, label, in_rule(list, rule, at, message));
    let is_same_word = |value: &&&str| rule.pattern.literal().is_some_and(|text| text.eq_ignore_ascii_case(value));
    Some(match values.iter().find(is_same_word) {
        Some(value) => finding.with_help(format!("write `{value}`: patterns are case-sensitive")),
        None => finding.with_help("write a pattern that matches one of these values"),
    })
}

/// Reports a pattern for a list of tags that ignores the separator at its start.
fn of_tags(list: &RelabelList<'_>, rule: &RuleFacts<'_>, label: &str, at: Span) -> Option<Diagnostic> {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let begins_with_word = is_word(rule.pattern.prefix().chars().next())
        || rule.pattern.texts().is_some_and(|all| all.iter().all(|text| is_word(text.chars().next())));
    if !begins_with_word || !list.is_list_of_tags(label) {
        return None;
    }
    let pattern = rule.pattern.text();
    let message = format!("`{}` never matches: `{label}` is a list such as `,a,b,`", short(pattern));
    let finding = explained(rule, label, in_rule(list, rule, at, message));
    Some(finding.with_help(format!("to match one tag, write `.*,({pattern}),.*`")))
}

fn explained(rule: &RuleFacts<'_>, label: &str, finding: Diagnostic) -> Diagnostic {
    finding.with_argument("label", label).with_argument("regex", rule.pattern.text())
}

fn consequence(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> String {
    match rule.action {
        Action::Keep => format!("every {} is dropped", subject(list.stage)),
        Action::Drop => format!("no {} is dropped", subject(list.stage)),
        _ => "the rule has no effect".to_string(),
    }
}
