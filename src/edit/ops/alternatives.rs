//! Patterns that list alternatives: `go_.*|jvm_.*`.

use rustc_hash::FxHashSet;

use crate::re2::{Regex, Shape};
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
        let (mut parts, mut seen) = (Vec::new(), FxHashSet::default());
        for pattern in patterns {
            let own = Self::of_regex(pattern).map_or_else(|| vec![closed(pattern)], |own| own.parts);
            parts.extend(own.into_iter().filter(|part| seen.insert(part.clone())));
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
        let known: FxHashSet<&str> = known.parts().collect();
        Self { parts: self.parts.iter().filter(|part| !known.contains(part.as_str())).cloned().collect() }
    }

    /// With more of them at the end.
    pub(in crate::edit) fn with(&self, more: &Self) -> Self {
        Self { parts: self.parts.iter().chain(&more.parts).cloned().collect() }
    }

    /// Those that a pattern does not match as a whole.
    pub(in crate::edit) fn not_in(&self, pattern: &str) -> Self {
        let mut compared = Compared::with(pattern);
        Self { parts: self.parts.iter().filter(|part| !compared.includes(part)).cloned().collect() }
    }

    /// The alternatives, each as it is written.
    pub(in crate::edit) fn parts(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(String::as_str)
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

/// A pattern that others are compared with.
pub(in crate::edit) struct Compared<'p> {
    pattern: &'p str,
    /// How the texts begin that its alternatives match; `None` where that is not known.
    heads: Option<Vec<String>>,
    /// The pattern itself, once it is needed.
    regex: Option<Option<Regex>>,
    /// The bytes of patterns that may still be compared with it.
    left: usize,
}

impl<'p> Compared<'p> {
    /// So many bytes of patterns are compared with a pattern of so many bytes.
    const MOST: usize = 1 << 20;

    pub(in crate::edit) fn with(pattern: &'p str) -> Self {
        let heads = |all: Alternatives| all.parts().map(head).collect();
        let left = Self::MOST / pattern.len().max(1);
        Self { pattern, heads: Alternatives::of_regex(pattern).map(heads), regex: None, left }
    }

    pub(in crate::edit) fn pattern(&self) -> &'p str {
        self.pattern
    }

    /// Whether the pattern matches all that this one matches; `false` where that is not known.
    pub(in crate::edit) fn includes(&mut self, part: &str) -> bool {
        if !self.may_begin_alike(part) {
            return false;
        }
        self.both(part).is_some_and(|(own, part)| match part.shape() {
            Shape::Texts { texts, .. } if !texts.is_empty() => texts.iter().all(|text| own.is_match(text) == Ok(true)),
            _ => !lacks_example(own, &part) && own.includes(&part) == Some(true),
        })
    }

    /// Whether a text matches both; `false` where that is not known.
    pub(in crate::edit) fn overlaps(&mut self, part: &str) -> bool {
        self.may_begin_alike(part) && self.both(part).is_some_and(|(own, part)| own.overlaps(&part) == Some(true))
    }

    /// Whether texts that the pattern matches can begin as those of this one do.
    fn may_begin_alike(&self, part: &str) -> bool {
        let part = head(part);
        let is_alike = |own: &String| own.starts_with(&part) || part.starts_with(own.as_str());
        self.heads.as_ref().is_none_or(|heads| heads.iter().any(is_alike))
    }

    fn both(&mut self, part: &str) -> Option<(&Regex, Regex)> {
        self.left = self.left.checked_sub(part.len().max(1))?;
        let own = self.regex.get_or_insert_with(|| Regex::new(self.pattern).ok()).as_ref()?;
        Some((own, Regex::new(part).ok()?))
    }
}

/// Whether a text is known that `part` matches and the pattern does not: cheaper than to compare both.
fn lacks_example(own: &Regex, part: &Regex) -> bool {
    let is_of_part = |text: &String| part.is_match(text) == Ok(true);
    part.example().filter(is_of_part).is_some_and(|text| own.is_match(&text) == Ok(false))
}

/// How each text begins that a pattern without bars matches: its first characters, as far as they are plain ones.
fn head(pattern: &str) -> String {
    let (mut head, mut characters) = (String::new(), pattern.chars().peekable());
    while let Some(c) = characters.next() {
        let plain = match c {
            '\\' => characters.next().filter(char::is_ascii_punctuation),
            c if c.is_alphanumeric() || "_:-/ ".contains(c) => Some(c),
            _ => None,
        };
        let Some(plain) = plain else { break };
        // What may be missing, or is repeated, is not known.
        if characters.peek().is_some_and(|next| "*?{+|".contains(*next)) {
            break;
        }
        head.push(plain);
    }
    if pattern.contains('|') && Alternatives::of_regex(pattern).is_none_or(|all| all.parts.len() > 1) {
        return String::new();
    }
    head
}

/// Whether a rule does nothing but drop, or keep, samples by the whole names of their metrics.
pub(in crate::edit) fn filters_names(rule: &RuleSpec, action: Action) -> bool {
    rule.action == Some(action)
        && rule.source_labels.as_deref().is_some_and(|sources| matches!(sources, [name] if name == METRIC_NAME))
}

/// Whether a rule is one that filters samples by the names of their metrics, and has no other fields.
pub(in crate::edit) fn is_filter_of_names(rule: &RuleSpec, action: Action) -> bool {
    let bare = RuleSpec {
        source_labels: Some(vec![METRIC_NAME.to_string()]),
        regex: rule.regex.clone(),
        action: Some(action),
        ..RuleSpec::default()
    };
    rule.regex.is_some() && *rule == bare
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
    fn what_begins_otherwise_is_not_compared() {
        for (pattern, expected) in [
            ("go_.*", "go_"),
            ("go*", "g"),
            ("a\\.b", "a.b"),
            ("(?i)a", ""),
            ("\\d", ""),
            ("a(b|c)", "a"),
            ("a|b", ""),
            ("", ""),
        ] {
            assert_eq!(head(pattern), expected, "{pattern}");
        }
        let mut compared = Compared::with("go_.*|(?i:jvm)_.*");
        assert!(compared.includes("go_gc_.*") && compared.includes("JVM_x") && !compared.includes("g.*"));
        assert!(!compared.overlaps("http_.*") && compared.overlaps("g.*"));
        let mut compared = Compared::with("a_.*");
        assert!(!compared.overlaps("b_.*") && !compared.includes("b_.*") && compared.regex.is_none());
    }

    #[test]
    fn patterns_with_flags_and_open_quotes_get_a_group() {
        let joined = |patterns: &[&str]| Alternatives::of_patterns(patterns.iter().copied()).join();
        assert_eq!(joined(&["(?i)a", "b|c", "b"]), "(?:(?i)a)|b|c");
        assert_eq!(joined(&["\\Qa|b", "c"]), "(?:\\Qa|b\\E)|c");
    }
}
