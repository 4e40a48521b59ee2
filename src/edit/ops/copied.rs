//! The rule that copies labels to another one.

use crate::relabel::RuleSpec;

use super::super::copied::{CopiedValue, WHOLE};
use super::condition::{Condition, ConditionalRule, separator_for};
use super::rule::quote_pattern;

/// How a copying rule is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::edit) struct CopyForm {
    /// The label is set only where it is absent.
    pub(in crate::edit) fills: bool,
    /// A pattern sees to it that the copied labels exist; without it, another value is removed where they do not.
    pub(in crate::edit) needs_sources: bool,
}

/// A rule that gives the label `name` the value where all conditions hold.
pub(in crate::edit) fn copying_rule(
    name: &str,
    value: &CopiedValue,
    conditions: &[Condition],
    form: CopyForm,
) -> ConditionalRule {
    let target_label = name.to_string();
    if let Some(case) = value.case {
        let (source_labels, action) = (Some(value.from.clone()), Some(case.action()));
        let separator = value.separator.clone();
        let spec = RuleSpec { source_labels, separator, target_label, action, ..RuleSpec::default() };
        return ConditionalRule { spec, ambiguous: None };
    }
    let is_joined = form.fills || !conditions.is_empty();
    let mut separator = value.separator.clone();
    if value.from.len() == 1 && separator == CopiedValue::default().separator {
        separator = separator_for(conditions).0.to_string();
    }
    let between = quote_pattern(&separator);
    let pattern = match &value.regex {
        Some(regex) => Some(regex.clone()),
        None if is_joined || form.needs_sources => Some(format!("({})", vec![".+"; value.from.len()].join(&between))),
        None => None,
    };
    let is_ambiguous = is_joined || (value.regex.is_none() && pattern.is_some() && value.from.len() > 1);
    let regex = match pattern {
        Some(pattern) if is_joined => {
            let own = if form.fills { vec![String::new()] } else { Vec::new() };
            let copied = if value.regex.is_some() { as_part(&pattern) } else { pattern };
            let parts = conditions.iter().map(|condition| condition.part(&between));
            Some(own.into_iter().chain([copied]).chain(parts).collect::<Vec<_>>().join(&between))
        }
        other => other,
    };
    let own = form.fills.then(|| name.to_string());
    let sources =
        own.into_iter().chain(value.from.iter().cloned()).chain(conditions.iter().flat_map(Condition::sources));
    let spec = RuleSpec {
        source_labels: Some(sources.collect()),
        separator: separator.clone(),
        regex,
        target_label,
        replacement: value.replacement.clone(),
        ..RuleSpec::default()
    };
    ConditionalRule { spec, ambiguous: is_ambiguous.then_some(separator) }
}

/// A rule that gives the label `name` the `instance` that a rule has set, or else the address that becomes it.
pub(in crate::edit) fn rule_copying_instance(name: &str, fills: bool) -> ConditionalRule {
    let (absent, own) = if fills { (";", vec![name.to_string()]) } else { ("", Vec::new()) };
    let sources = own.into_iter().chain(["instance", "__address__"].map(String::from));
    let spec = RuleSpec {
        source_labels: Some(sources.collect()),
        regex: Some(format!("{absent}(?:(.+);.*|;(.+))")),
        target_label: name.to_string(),
        replacement: format!("{WHOLE}$2"),
        ..RuleSpec::default()
    };
    ConditionalRule { spec, ambiguous: Some(spec_separator()) }
}

fn spec_separator() -> String {
    RuleSpec::default().separator
}

/// A pattern as a part of another one: without the anchors that rules imply, in a group unless it is one term.
pub(super) fn as_part(pattern: &str) -> String {
    match unanchored(pattern) {
        Some(bare) if !bare.contains("(?i)") && !bare.contains("(?s)") => bare.to_string(),
        _ => format!("(?:{pattern})"),
    }
}

/// The pattern without anchors at its ends, if it has no alternatives outside of groups.
fn unanchored(pattern: &str) -> Option<&str> {
    let (mut depth, mut in_class, mut escaped, mut last_escape) = (0_usize, false, false, 0);
    for (at, c) in pattern.char_indices() {
        match c {
            _ if escaped => (escaped, last_escape) = (false, at),
            '\\' => escaped = true,
            ']' => in_class = false,
            _ if in_class => {}
            '[' => in_class = true,
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '|' if depth == 0 => return None,
            _ => {}
        }
    }
    if pattern.contains("\\Q")
        || pattern.starts_with("(?") && !pattern.starts_with("(?:") && !pattern.starts_with("(?P<")
    {
        return None;
    }
    let bare = pattern.strip_prefix('^').unwrap_or(pattern);
    let is_anchor = bare.ends_with('$') && last_escape + 1 != pattern.len();
    Some(if is_anchor { &bare[..bare.len() - 1] } else { bare })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: &CopiedValue, conditions: &[(&str, &str)], fills: bool, needs_sources: bool) -> String {
        let label =
            |(name, pattern): &(&str, &str)| Condition::Label { name: (*name).into(), pattern: (*pattern).into() };
        let form = CopyForm { fills, needs_sources };
        let ConditionalRule { spec, ambiguous } =
            copying_rule("to", value, &conditions.iter().map(label).collect::<Vec<_>>(), form);
        let (sources, regex) = (spec.source_labels.unwrap_or_default().join(","), spec.regex.unwrap_or("none".into()));
        format!("{sources} {} {regex} {} {}", spec.separator, spec.replacement, ambiguous.unwrap_or("exact".into()))
    }

    #[test]
    fn a_value_is_copied_with_the_shortest_rule() {
        let (one, two) = (CopiedValue::of(["a"]), CopiedValue { separator: "/".into(), ..CopiedValue::of(["a", "b"]) });
        assert_eq!(written(&one, &[], false, false), "a ; none $1 exact");
        assert_eq!(written(&one, &[], false, true), "a ; (.+) $1 exact");
        assert_eq!(written(&one, &[], true, true), "to,a ; ;(.+) $1 ;");
        assert_eq!(written(&two, &[], false, false), "a,b / none $1 exact");
        assert_eq!(written(&two, &[], true, true), "to,a,b / /(.+/.+) $1 /");
    }

    #[test]
    fn the_groups_of_the_pattern_come_before_those_of_conditions() {
        let part = CopiedValue { regex: Some("^(.+):\\d+$".into()), ..CopiedValue::of(["a"]) };
        assert_eq!(written(&part, &[], false, true), "a ; ^(.+):\\d+$ $1 exact");
        assert_eq!(written(&part, &[("c", "(x|y)")], true, true), "to,a,c ; ;(.+):\\d+;(?:(x|y)) $1 ;");
        let either = CopiedValue { regex: Some("(x)|y".into()), ..CopiedValue::of(["a"]) };
        assert_eq!(written(&either, &[], true, true), "to,a ; ;(?:(x)|y) $1 ;");
    }

    #[test]
    fn a_pattern_is_bare_as_a_part_unless_it_would_mean_something_else() {
        let parts = ["^a$", "a\\$", "a|b", "(a|b)", "[|]x", "(?i)a", "\\Qa|b\\E", "a\\|b"].map(as_part);
        assert_eq!(parts, ["a", "a\\$", "(?:a|b)", "(a|b)", "[|]x", "(?:(?i)a)", "(?:\\Qa|b\\E)", "a\\|b"]);
    }
}
