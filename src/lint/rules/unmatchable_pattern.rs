//! A pattern that matches no possible value of a label.

use crate::analysis::{
    META, Needs, Presence, RelabelList, RuleFacts, Stage, Subjects, closed_values, is_internal, usual_values,
};
use crate::diagnostic::Diagnostic;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, short, subject};
use crate::relabel::Action;
use crate::text::{Placeholder, Span};

pub(super) const CHECK: Check = Check::List(
    Needs::one_rule(&[
        Subjects::MATCHING,
        Subjects::REGEX_GIVEN,
        Subjects::SEVERAL_READ.or(Subjects::META_READ).or(Subjects::NAME_PATTERN),
    ]),
    check,
);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| matches!(rule.action, Action::Keep | Action::Drop | Action::Replace)) {
        // Another rule reports a pattern that a template has left.
        let Some(regex) = rule.rule.field("regex").filter(|_| !is_of_template(rule.pattern.text())) else { continue };
        let [label] = rule.sources() else {
            sink.extend(of_joined(list, rule, regex.value).map(|finding| finding.with_note(consequence(list, rule))));
            continue;
        };
        if rule.pattern.matches_nothing() || rule.pattern.matches_empty() != Some(false) {
            continue;
        }
        let found = of_names(list, rule, label, regex.value).or_else(|| {
            let is_of_discovery = list.stage.is_of_targets() && !list.may_be_written_before(rule.index, label);
            if !is_of_discovery || !is_known(list, label) || list.presence_at(rule.index, label) == Presence::Never {
                return None;
            }
            of_few_values(list, rule, label, regex.value)
                .or_else(|| of_usual_values(list, rule, label, regex.value))
                .or_else(|| of_numbers(list, rule, label, regex.value))
                .or_else(|| of_tags(list, rule, label, regex.value))
        });
        sink.extend(found.map(|finding| finding.with_note(consequence(list, rule))));
    }
}

/// Whether a template should have replaced a part of the text.
fn is_of_template(text: &str) -> bool {
    matches!(Placeholder::find(text), Some(Placeholder::Variable(found)) if found.starts_with("{{") || found.starts_with("{%"))
}

/// Whether something is known about the values of the label.
fn is_known(list: &RelabelList<'_>, label: &str) -> bool {
    closed_values(label).is_some()
        || !usual_values(label).is_empty()
        || list.is_number(label)
        || list.is_list_of_tags(label)
}

/// Reports a pattern that is the name of a label.
fn of_names(list: &RelabelList<'_>, rule: &RuleFacts<'_>, label: &str, at: Span) -> Option<Diagnostic> {
    let name = if rule.pattern.may_be_name() { rule.pattern.literal()? } else { return None };
    if !(name.starts_with(META) && name.len() > META.len() || is_internal(Stage::Target, name)) {
        return None;
    }
    let message = format!("`{name}` never matches: it is the name of a label, and a pattern matches values");
    let finding = explained(rule, label, in_rule(list, rule, at, message));
    Some(if name == label {
        finding.with_help("write a pattern for the value; `.+` matches every value that is not empty")
    } else {
        finding.with_help(format!("to compare both labels, write `action: keepequal` and `target_label: {label}`; to match the value of `{name}`, write it in `source_labels`"))
    })
}

/// Reports a pattern for several labels of which one never has the value that the pattern has for it.
fn of_joined(list: &RelabelList<'_>, rule: &RuleFacts<'_>, at: Span) -> Option<Diagnostic> {
    let (sources, separator) = (rule.sources(), rule.rule.spec.separator.as_str());
    let texts = rule.pattern.texts().filter(|texts| !texts.is_empty() && !separator.is_empty())?;
    let is_closed = |(_, name): &(usize, &String)| {
        list.stage.is_of_targets()
            && (closed_values(name).is_some() || list.is_number(name))
            && !list.may_be_written_before(rule.index, name)
            && list.presence_at(rule.index, name) != Presence::Never
    };
    let is_possible = |name: &str, value: &str| {
        value.is_empty()
            || match closed_values(name) {
                Some(values) => values.contains(&value),
                None => value.bytes().all(|byte| byte.is_ascii_digit()),
            }
    };
    let never = |position: usize, name: &str| {
        texts.iter().all(|text| {
            let parts: Vec<&str> = text.split(separator).collect();
            // Another number of parts: a value may contain the separator.
            parts.len() == sources.len() && !is_possible(name, parts[position])
        })
    };
    let (position, label) = sources.iter().enumerate().filter(is_closed).find(|(at, name)| never(*at, name))?;
    let value = texts[0].split(separator).nth(position)?;
    let allowed = match closed_values(label) {
        Some(values) => values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", "),
        None => "a number".to_string(),
    };
    let message = format!("`{}` never matches: `{label}` is not `{value}`, but {allowed}", short(rule.pattern.text()));
    let finding = explained(rule, label, in_rule(list, rule, at, message));
    Some(finding.with_help(format!("write a value of `{label}` at its place in the pattern")))
}

/// Reports a literal that differs from a usual value only in the case of its letters.
fn of_usual_values(list: &RelabelList<'_>, rule: &RuleFacts<'_>, label: &str, at: Span) -> Option<Diagnostic> {
    let text = rule.pattern.literal()?;
    let value = usual_values(label).iter().find(|value| value.eq_ignore_ascii_case(text) && **value != text)?;
    let message = format!("`{text}` never matches: the value of `{label}` is `{value}`");
    let finding = explained(rule, label, in_rule(list, rule, at, message));
    Some(finding.with_help(format!("write `{value}`: patterns are case-sensitive")))
}

/// Reports a pattern for the value of a port that matches no number.
fn of_numbers(list: &RelabelList<'_>, rule: &RuleFacts<'_>, label: &str, at: Span) -> Option<Diagnostic> {
    if !list.is_number(label) {
        return None;
    }
    let pattern = &rule.pattern;
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let has_other = match pattern.texts() {
        Some(texts) => !texts.is_empty() && !texts.iter().any(|text| is_number(text)),
        None => {
            let mut literals =
                pattern.text().chars().filter(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_' | ':'));
            !is_number(pattern.prefix()) || literals.any(|c| pattern.count_of(c).0 > 0)
        }
    };
    if !has_other {
        return None;
    }
    let message = format!("`{}` never matches: `{label}` is a number", short(pattern.text()));
    let finding = explained(rule, label, in_rule(list, rule, at, message));
    let stem = label.strip_suffix("_number").unwrap_or(label);
    let name = format!("{stem}_name");
    let mut labels = list.sources.roles.iter().flat_map(|role| &role.labels);
    Some(if labels.any(|label| !label.is_prefix && label.covers(&name)) {
        finding.with_help(format!("the name of the port is in `{name}`"))
    } else {
        finding.with_help("write the number of the port")
    })
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
