//! Shared by the rules about templates: the templates of a relabel rule, and their effect on an example.

use std::rc::Rc;

use crate::analysis::{RelabelList, RuleFacts};
use crate::config::WrittenField;
use crate::lint::consequence::removes;
use crate::re2::Template;
use crate::relabel::Action;
use crate::text::{Span, go_quote};

/// A template that a rule expands.
pub(super) struct Used<'r> {
    pub(super) template: Rc<Template>,
    /// The field that contains it; `None` for the default.
    pub(super) field: Option<&'r WrittenField>,
    /// Whether it expands to a label name.
    pub(super) is_target: bool,
}

/// The templates that a rule expands.
pub(super) fn used_templates<'r>(rule: &'r RuleFacts<'_>) -> Vec<Used<'r>> {
    let mut used = Vec::new();
    if rule.action.has_replacement() {
        let field = rule.rule.field("replacement");
        used.push(Used { template: Rc::clone(&rule.replacement), field, is_target: rule.action == Action::LabelMap });
    }
    let target = rule.rule.spec.target_label.as_str();
    if rule.action == Action::Replace && target.contains('$') {
        let field = rule.rule.field("target_label");
        used.push(Used { template: Rc::new(Template::parse(target)), field, is_target: true });
    }
    used
}

/// The effect on an example value, such as ``, so the rule removes `env` ``.
pub(super) fn consequence(list: &RelabelList<'_>, rule: &RuleFacts<'_>, used: &Used<'_>) -> String {
    let input = list.example_input(rule);
    let known = input.and_then(|input| rule.expanded(&used.template, &input).map(|output| (input, output)));
    let Some((input, output)) = known else { return String::new() };
    let target = rule.expanded(&Template::parse(&rule.rule.spec.target_label), &input).unwrap_or_default();
    match (rule.action, output.is_empty()) {
        (Action::LabelMap, true) => ", so the new label has an empty name".to_string(),
        (Action::LabelMap, false) => format!(", so the rule copies a label to `{output}`"),
        (_, true) if used.is_target => ", so the rule has no effect: the name of the target label is empty".to_string(),
        (_, false) if used.is_target => format!(", so the rule sets a label `{output}`"),
        (_, true) => format!(", so the rule {}", removes(list, &target)),
        (_, false) if rule.sources().is_empty() => format!(", so `{target}` becomes {}", go_quote(&output)),
        (_, false) => format!(", so {} gives `{target}` the value {}", go_quote(&input), go_quote(&output)),
    }
}

/// Whether a name is spelled like an environment variable.
pub(super) fn is_variable(name: &str) -> bool {
    name.len() > 2
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// The number at the start of a name, and the rest: 1 and `_x` for `1_x`.
pub(super) fn number_and_rest(name: &str) -> Option<(usize, &str)> {
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = name.split_at(digits);
    if number.len() > 1 && number.starts_with('0') {
        return None;
    }
    number.parse().ok().filter(|_| !rest.is_empty()).map(|number| (number, rest))
}

/// A variable in a pattern, `$(NAME)`, `${name}` or `$NAME`, where `$` matches the end of the text.
pub(super) fn variable_in_pattern(pattern: &str) -> Option<Span> {
    if !pattern.contains('$') {
        return None;
    }
    variable(pattern, 0, "$(", ")").or_else(|| variable_in_braces(pattern)).or_else(|| bare_variable(pattern))
}

/// `${name}` in a pattern, which can only be a variable: nothing matches after the end of the text.
fn variable_in_braces(pattern: &str) -> Option<Span> {
    pattern.match_indices("${").filter(|(at, _)| !pattern[..*at].ends_with('\\')).find_map(|(start, open)| {
        let name = start + open.len();
        let length = pattern[name..].find('}')?;
        let mut letters = pattern[name..name + length].chars();
        let begins = letters.next().is_some_and(|c| c.is_alphabetic() || c == '_');
        let is_name = begins && letters.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':'));
        is_name.then(|| Span::new(start, name + length + 1))
    })
}

/// `$NAME` in a pattern.
fn bare_variable(pattern: &str) -> Option<Span> {
    let is_escaped = |at: usize| pattern[..at].ends_with('\\');
    pattern.match_indices('$').filter(|(at, _)| !is_escaped(*at)).find_map(|(start, _)| {
        let name = &pattern[start + 1..];
        let length = name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        is_variable(&name[..length]).then(|| Span::new(start, start + 1 + length))
    })
}

/// A variable between such brackets, at or after a place.
pub(super) fn variable(text: &str, from: usize, open: &str, close: &str) -> Option<Span> {
    if !text.contains(open.chars().next()?) {
        return None;
    }
    let start = from + text.get(from..)?.find(open)?;
    let name = start + open.len();
    let length = text[name..].find(close)?;
    is_variable(&text[name..name + length]).then(|| Span::new(start, name + length + close.len()))
}
