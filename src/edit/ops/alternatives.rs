//! Patterns that list alternatives: `go_.*|jvm_.*`.

use crate::relabel::{Action, RuleSpec};

/// The label with the name of a metric.
pub(in crate::edit) const METRIC_NAME: &str = "__name__";

/// The alternatives of a pattern, each of which means the same wherever it is written among others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::edit) struct Alternatives {
    parts: Vec<String>,
}

impl Alternatives {
    /// The patterns as alternatives of one, each once.
    pub(in crate::edit) fn of_patterns<'p>(patterns: impl IntoIterator<Item = &'p str>) -> Self {
        let mut parts: Vec<String> = Vec::new();
        for pattern in patterns {
            let own = Self::of_regex(pattern).map_or_else(|| vec![closed(pattern)], |own| own.parts);
            own.into_iter().for_each(|part| push_new(&mut parts, part));
        }
        Self { parts }
    }

    /// The alternatives of a pattern; `None` where one of them may depend on those before it, by flags or quotes.
    pub(in crate::edit) fn of_regex(regex: &str) -> Option<Self> {
        let (mut parts, mut depth, mut start, mut in_class) = (Vec::new(), 0_usize, 0, false);
        let mut characters = regex.char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            match c {
                '\\' => {
                    let (_, escaped) = characters.next()?;
                    if matches!(escaped, 'Q' | 'E') {
                        return None;
                    }
                }
                // A `]` right after the bracket is one of the class.
                '[' if !in_class => {
                    in_class = true;
                    characters.next_if(|(_, c)| *c == '^');
                    characters.next_if(|(_, c)| *c == ']');
                }
                ']' => in_class = false,
                _ if in_class => {}
                '(' => {
                    depth += 1;
                    let inside = &regex[at + 1..];
                    if depth == 1 && inside.starts_with('?') && !is_group(inside) {
                        return None;
                    }
                }
                ')' => depth = depth.checked_sub(1)?,
                '|' if depth == 0 => {
                    parts.push(regex[start..at].to_string());
                    start = at + 1;
                }
                _ => {}
            }
        }
        parts.push(regex[start..].to_string());
        (depth == 0 && !in_class).then_some(Self { parts })
    }

    /// Those that `known` does not have.
    pub(in crate::edit) fn without(&self, known: &Self) -> Self {
        Self { parts: self.parts.iter().filter(|part| !known.parts.contains(part)).cloned().collect() }
    }

    /// With more of them at the end.
    pub(in crate::edit) fn with(&self, more: &Self) -> Self {
        Self { parts: self.parts.iter().chain(&more.parts).cloned().collect() }
    }

    pub(in crate::edit) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Whether both are the same alternatives, in any order.
    pub(in crate::edit) fn is_same(&self, other: &Self) -> bool {
        self.without(other).is_empty() && other.without(self).is_empty()
    }

    /// One pattern of all.
    pub(in crate::edit) fn join(&self) -> String {
        self.parts.join("|")
    }
}

/// Whether a group that begins so sets no flag for what comes after it: `(?:a)`, `(?i:a)`, `(?P<x>a)`.
fn is_group(inside: &str) -> bool {
    let flags = inside[1..].trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '-');
    flags.starts_with(':') || flags.starts_with('<')
}

/// A pattern in a group of its own, with its quotes closed.
fn closed(pattern: &str) -> String {
    let is_open = pattern.rfind("\\Q") > pattern.rfind("\\E");
    format!("(?:{pattern}{})", if is_open { "\\E" } else { "" })
}

fn push_new(parts: &mut Vec<String>, part: String) {
    if !parts.contains(&part) {
        parts.push(part);
    }
}

/// Whether a rule does nothing but drop, or keep, samples by the whole names of their metrics.
pub(in crate::edit) fn filters_names(rule: &RuleSpec, action: Action) -> bool {
    rule.action == Some(action)
        && rule.source_labels.as_deref().is_some_and(|sources| matches!(sources, [name] if name == METRIC_NAME))
}

/// Whether a rule does nothing but drop, or keep, labels by their whole names.
pub(in crate::edit) fn selects_names(rule: &RuleSpec, action: Action) -> bool {
    let bare = RuleSpec { regex: rule.regex.clone(), action: Some(action), ..RuleSpec::default() };
    rule.action == Some(action) && rule.regex.is_some() && *rule == bare
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(regex: &str) -> Option<Vec<String>> {
        Alternatives::of_regex(regex).map(|all| all.parts)
    }

    #[test]
    fn a_pattern_is_split_at_its_own_bars_only() {
        let some = |parts: &[&str]| Some(parts.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(parts("a|b_(c|d)|[|]e|\\|f"), some(&["a", "b_(c|d)", "[|]e", "\\|f"]));
        assert_eq!(parts("[]|]a|b"), some(&["[]|]a", "b"]));
        assert_eq!(parts("(?i:a)|(?P<x>b|c)"), some(&["(?i:a)", "(?P<x>b|c)"]));
        for regex in ["(?i)a|b", "a|(?s)b", "\\Qa|b", "\\Qa\\E|b", "a)"] {
            assert_eq!(parts(regex), None, "{regex}");
        }
    }

    #[test]
    fn patterns_with_flags_and_open_quotes_get_a_group() {
        let joined = |patterns: &[&str]| Alternatives::of_patterns(patterns.iter().copied()).join();
        assert_eq!(joined(&["(?i)a", "b|c", "b"]), "(?:(?i)a)|b|c");
        assert_eq!(joined(&["\\Qa|b", "c"]), "(?:\\Qa|b\\E)|c");
    }
}
