//! For the rules about templates: which a relabel rule has, and what comes of it when a reference in
//! one is empty.

use std::rc::Rc;

use crate::analysis::{RelabelList, RuleFacts};
use crate::config::WrittenField;
use crate::re2::Template;
use crate::relabel::Action;
use crate::text::{Span, go_quote};

/// A template that a rule expands.
pub(super) struct Used<'r> {
    pub(super) template: Rc<Template>,
    /// Where it is written; `None` for the default.
    pub(super) field: Option<&'r WrittenField>,
    /// Whether a label name is made of it.
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

/// What becomes of an example value, such as ``so that `env` is removed``.
pub(super) fn consequence(list: &RelabelList<'_>, rule: &RuleFacts<'_>, used: &Used<'_>) -> String {
    let input = list.example_input(rule);
    let known = input.and_then(|input| rule.expanded(&used.template, &input).map(|output| (input, output)));
    let Some((input, output)) = known else { return String::new() };
    let target = rule.expanded(&Template::parse(&rule.rule.spec.target_label), &input).unwrap_or_default();
    match (rule.action, output.is_empty()) {
        (Action::LabelMap, true) => ", so that the new label has an empty name".to_string(),
        (Action::LabelMap, false) => format!(", so that a label is copied to `{output}`"),
        (_, true) if used.is_target => ", so that the rule has no effect: there is no name to write to".to_string(),
        (_, false) if used.is_target => format!(", so that a label `{output}` is written"),
        (_, true) => format!(", so that `{target}` is removed"),
        (_, false) if rule.sources().is_empty() => format!(", so that `{target}` becomes {}", go_quote(&output)),
        (_, false) => format!(", so that {} gives `{target}` the value {}", go_quote(&input), go_quote(&output)),
    }
}

/// Whether a name is spelled like an environment variable.
pub(super) fn is_variable(name: &str) -> bool {
    name.len() > 2
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// A number and the rest of a name that begins with it: `1_x` is 1 and `_x`.
pub(super) fn number_and_rest(name: &str) -> Option<(usize, &str)> {
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = name.split_at(digits);
    if number.len() > 1 && number.starts_with('0') {
        return None;
    }
    number.parse().ok().filter(|_| !rest.is_empty()).map(|number| (number, rest))
}

/// A variable in a pattern, `$(NAME)`, `${NAME}` or `$NAME`: there it is the end of the text and what follows.
pub(super) fn variable_in_pattern(pattern: &str) -> Option<Span> {
    variable(pattern, 0, "$(", ")").or_else(|| variable(pattern, 0, "${", "}")).or_else(|| bare_variable(pattern))
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

/// A variable between such brackets, at or behind a place.
pub(super) fn variable(text: &str, from: usize, open: &str, close: &str) -> Option<Span> {
    let start = from + text.get(from..)?.find(open)?;
    let name = start + open.len();
    let length = text[name..].find(close)?;
    is_variable(&text[name..name + length]).then(|| Span::new(start, name + length + close.len()))
}
