//! The rule that sets or removes a label where other labels match their patterns.

use crate::re2::Regex;
use crate::relabel::RuleSpec;

/// What a rule finds targets by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::edit) enum Condition {
    /// The label matches the pattern.
    Label { name: String, pattern: String },
    /// The `instance` matches the pattern, or, where no rule has set one, the address that becomes it.
    InstanceOrAddress { pattern: String },
}

impl Condition {
    pub(super) fn sources(&self) -> Vec<String> {
        match self {
            Self::Label { name, .. } => vec![name.clone()],
            Self::InstanceOrAddress { .. } => vec!["instance".to_string(), "__address__".to_string()],
        }
    }

    fn pattern(&self) -> &str {
        match self {
            Self::Label { pattern, .. } | Self::InstanceOrAddress { pattern } => pattern,
        }
    }

    /// Its part of the pattern of a rule that joins labels.
    pub(super) fn part(&self, separator: &str) -> String {
        match self {
            Self::Label { pattern, .. } => grouped(pattern),
            Self::InstanceOrAddress { pattern } => {
                let pattern = grouped(pattern);
                format!("(?:{pattern}{separator}.*|{separator}{pattern})")
            }
        }
    }
}

/// A rule for some targets.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::edit) struct ConditionalRule {
    pub(in crate::edit) spec: RuleSpec,
    /// The text between the labels that the rule joins, where a label that contains it can be mistaken for two.
    pub(in crate::edit) ambiguous: Option<String>,
}

/// Separators that a pattern takes literally, the default first.
const SEPARATORS: [char; 6] = [';', '@', ',', '/', '#', '!'];

/// A rule that gives the label `name` this replacement where all conditions hold; and, if it `fills`, only where
/// the label is absent.
pub(in crate::edit) fn conditional_rule(
    name: &str,
    replacement: &str,
    mut conditions: Vec<Condition>,
    fills: bool,
) -> ConditionalRule {
    if fills {
        conditions.insert(0, Condition::Label { name: name.to_string(), pattern: String::new() });
    }
    let (separator, is_exact) = separator_for(&conditions);
    let regex = match conditions.as_slice() {
        [] => None,
        [Condition::Label { pattern, .. }] => Some(pattern.clone()),
        several => {
            let between = separator.to_string();
            Some(several.iter().map(|condition| condition.part(&between)).collect::<Vec<_>>().join(&between))
        }
    };
    let sources: Vec<String> = conditions.iter().flat_map(Condition::sources).collect();
    let ambiguous = (sources.len() > 1 && !is_exact).then(|| separator.to_string());
    let spec = RuleSpec {
        source_labels: (!sources.is_empty()).then_some(sources),
        separator: separator.to_string(),
        regex,
        target_label: name.to_string(),
        replacement: replacement.to_string(),
        ..RuleSpec::default()
    };
    ConditionalRule { spec, ambiguous }
}

/// A separator, and whether no pattern can match it: each label is matched by its own pattern then, whatever
/// the labels contain.
pub(super) fn separator_for(conditions: &[Condition]) -> (char, bool) {
    let is_joined = |condition: &Condition| matches!(condition, Condition::InstanceOrAddress { .. });
    let regexes: Vec<Regex> = conditions.iter().filter_map(|condition| Regex::new(condition.pattern()).ok()).collect();
    let is_free = |separator: &char| regexes.iter().all(|regex| regex.count_of(*separator).1 == Some(0));
    let free = SEPARATORS.into_iter().find(is_free);
    (free.unwrap_or(SEPARATORS[0]), free.is_some() && !conditions.iter().any(is_joined))
}

/// A pattern as a part of another one: in a group, unless it is plain.
fn grouped(pattern: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "_-.*+: ".contains(c);
    let quoted = pattern.replace("\\.", "");
    if quoted.chars().all(is_plain) { pattern.to_string() } else { format!("(?:{pattern})") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(conditions: &[(&str, &str)], fills: bool) -> (Option<Vec<String>>, String, String, Option<String>) {
        let label =
            |(name, pattern): &(&str, &str)| Condition::Label { name: (*name).into(), pattern: (*pattern).into() };
        let conditions = conditions.iter().map(label).collect();
        let rule = conditional_rule("team", "core", conditions, fills);
        (rule.spec.source_labels, rule.spec.separator, rule.spec.regex.unwrap_or("none".into()), rule.ambiguous)
    }

    fn names(names: &[&str]) -> Option<Vec<String>> {
        Some(names.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_rule_reads_what_it_must() {
        assert_eq!(written(&[], false), (None, ";".into(), "none".into(), None));
        assert_eq!(written(&[], true), (names(&["team"]), ";".into(), String::new(), None));
        assert_eq!(written(&[("a", "x|y")], false), (names(&["a"]), ";".into(), "x|y".into(), None));
    }

    #[test]
    fn joined_labels_have_a_separator_that_no_pattern_matches_if_one_exists() {
        let rule = written(&[("a", "x|y"), ("b", "z\\.w")], false);
        assert_eq!(rule, (names(&["a", "b"]), ";".into(), "(?:x|y);z\\.w".into(), None));
        let rule = written(&[("a", "x;y"), ("b", "z")], true);
        assert_eq!(rule, (names(&["team", "a", "b"]), "@".into(), "@(?:x;y)@z".into(), None));
        let rule = written(&[("a", "x.*")], true);
        assert_eq!(rule, (names(&["team", "a"]), ";".into(), ";x.*".into(), Some(";".into())));
    }

    #[test]
    fn an_instance_that_no_rule_has_set_is_the_address() {
        let rule = conditional_rule("a", "b", vec![Condition::InstanceOrAddress { pattern: "x|y".into() }], false);
        assert_eq!(rule.spec.source_labels, names(&["instance", "__address__"]));
        assert_eq!(rule.spec.regex.as_deref(), Some("(?:(?:x|y);.*|;(?:x|y))"));
        assert_eq!(rule.ambiguous.as_deref(), Some(";"));
    }
}
