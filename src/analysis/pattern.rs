//! Facts about patterns and templates, derived once for all rules that share them.

use std::cell::OnceCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::re2::{Regex, RegexCache, Shape, Syntax, Template, Token, TokenKind, tokens};

use super::subjects::Subjects;

/// The facts that all lists share.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) patterns: RegexCache,
    /// The syntax of all patterns.
    syntax: Syntax,
    known: FxHashMap<Box<str>, Option<Rc<PatternFacts>>>,
    templates: FxHashMap<Box<str>, Rc<Template>>,
}

impl Facts {
    /// Facts about `patterns`, and about those still to come.
    pub(crate) fn new(patterns: RegexCache, syntax: Syntax) -> Self {
        Self { patterns, syntax, ..Self::default() }
    }

    /// The number of patterns with facts.
    pub(crate) fn len(&self) -> usize {
        self.known.len()
    }

    /// The facts about a pattern; `None` if it is invalid.
    pub(crate) fn pattern(&mut self, pattern: &str) -> Option<Rc<PatternFacts>> {
        if let Some(known) = self.known.get(pattern) {
            return known.clone();
        }
        let made = self.patterns.get_in(self.syntax, pattern).ok().map(|regex| Rc::new(PatternFacts::new(regex)));
        self.known.insert(pattern.into(), made.clone());
        made
    }

    pub(crate) fn template(&mut self, text: &str) -> Rc<Template> {
        if let Some(known) = self.templates.get(text) {
            return Rc::clone(known);
        }
        let made = Rc::new(Template::parse(text));
        self.templates.insert(text.into(), Rc::clone(&made));
        made
    }
}

/// Facts about a pattern.
#[derive(Debug)]
pub(crate) struct PatternFacts {
    regex: Regex,
    matches_empty: OnceCell<Option<bool>>,
    matches_everything: OnceCell<bool>,
    matches_nothing: OnceCell<bool>,
    tokens: OnceCell<Vec<Token>>,
    without_groups: OnceCell<Option<Regex>>,
    prefix: OnceCell<String>,
    example: OnceCell<Option<String>>,
    subjects: OnceCell<Subjects>,
}

impl PatternFacts {
    fn new(regex: Regex) -> Self {
        Self {
            regex,
            matches_empty: OnceCell::new(),
            matches_everything: OnceCell::new(),
            matches_nothing: OnceCell::new(),
            tokens: OnceCell::new(),
            without_groups: OnceCell::new(),
            prefix: OnceCell::new(),
            example: OnceCell::new(),
            subjects: OnceCell::new(),
        }
    }

    pub(crate) fn regex(&self) -> &Regex {
        &self.regex
    }

    /// What a check may be about.
    pub(super) fn subjects(&self) -> Subjects {
        *self.subjects.get_or_init(|| Subjects::of_pattern(self.text()))
    }

    /// The pattern as written, without the anchors Prometheus adds.
    pub(crate) fn text(&self) -> &str {
        self.regex.pattern()
    }

    /// Whether it matches a text; `None` if the computation would be too large.
    pub(crate) fn matches(&self, text: &str) -> Option<bool> {
        self.regex.is_match(text).ok()
    }

    /// Whether it matches the empty text, and so a missing label; `None` if the computation would be
    /// too large.
    pub(crate) fn matches_empty(&self) -> Option<bool> {
        *self.matches_empty.get_or_init(|| if self.regex.needs_text() { Some(false) } else { self.matches("") })
    }

    /// Whether it matches every text: `.*`, `(.*)`, `^(.|\n)*$`. `false` if this is not obvious.
    pub(crate) fn matches_everything(&self) -> bool {
        *self.matches_everything.get_or_init(|| !self.regex.needs_text() && self.regex.matches_everything())
    }

    /// Whether it matches no text at all: `a^`, `$1`. `false` if this is not obvious.
    pub(crate) fn matches_nothing(&self) -> bool {
        *self.matches_nothing.get_or_init(|| may_fail(self.text()) && self.regex.matches_nothing())
    }

    /// The least and the greatest number of a character in a matching text (`None`: no limit).
    pub(crate) fn count_of(&self, c: char) -> (u64, Option<u64>) {
        self.regex.count_of(c)
    }

    /// Whether it matches every text but the empty one: `.+`, `(.+)`.
    pub(crate) fn matches_everything_but_empty(&self) -> bool {
        self.text().contains(['+', '*', '{'])
            && !begins_with_words(self.text())
            && matches!(self.regex.shape(), Shape::Prefix { prefix, rest_may_be_empty: false, .. } if prefix.is_empty())
    }

    /// All the texts it matches, when they are few: those of a literal, of an alternation of literals,
    /// of `[ab]c?`, of `(a|b)_total`. Sorted, without repeats.
    pub(crate) fn texts(&self) -> Option<&[Box<str>]> {
        if self.has_any_text() {
            return None;
        }
        let of_groups = || self.without_groups.get_or_init(|| self.made_without_groups()).as_ref().map(Regex::shape);
        match self.regex.shape() {
            Shape::Texts { texts, .. } => Some(texts),
            Shape::General => match of_groups()? {
                Shape::Texts { texts, .. } => Some(texts),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether it is plain that a part of it matches texts without end.
    fn has_any_text(&self) -> bool {
        // With these, the dot may not be one, or not be reached.
        self.has_repeated_dot() && !self.text().contains(['[', '\\', '^', '$', '{'])
    }

    /// The same pattern with groups that take nothing, if it may have few texts then: what groups hold
    /// keeps the engine from seeing it.
    fn made_without_groups(&self) -> Option<Regex> {
        let is_open = |token: &Token| match token.kind {
            TokenKind::Dot | TokenKind::Escape(_) => true,
            TokenKind::Repeat { .. } => !token.span.of(self.text()).starts_with('?'),
            _ => false,
        };
        if self.group_count() == 0 || self.tokens().iter().any(is_open) {
            return None;
        }
        let mut text = self.text().to_string();
        for token in self.tokens().iter().rev() {
            if matches!(token.kind, TokenKind::Open { captures: true }) {
                text.replace_range(token.span.range(), "(?:");
            }
        }
        Regex::new(&text).ok()
    }

    /// The one text it matches, if it is a literal.
    pub(crate) fn literal(&self) -> Option<&str> {
        match self.texts() {
            Some([only]) => Some(only),
            _ => None,
        }
    }

    /// The common prefix of all texts it matches; empty if this is not obvious.
    pub(crate) fn prefix(&self) -> &str {
        self.prefix.get_or_init(|| self.regex.prefix())
    }

    /// Whether it may match the name of a label with two underscores alone.
    pub(crate) fn may_be_name(&self) -> bool {
        self.subjects().meets(Subjects::NAME_PATTERN)
    }

    /// Whether its text has a `|`.
    pub(crate) fn has_alternatives(&self) -> bool {
        self.subjects().meets(Subjects::ALTERNATIVES)
    }

    /// Whether `.*` or `.+` is in its text.
    pub(crate) fn has_repeated_dot(&self) -> bool {
        self.text().as_bytes().windows(2).any(|pair| matches!(pair, b".*" | b".+"))
    }

    /// A text that it matches, if one is easily found.
    pub(crate) fn example(&self) -> Option<&str> {
        self.example.get_or_init(|| self.regex.example()).as_deref()
    }

    /// The tokens of its text.
    pub(crate) fn tokens(&self) -> &[Token] {
        self.tokens.get_or_init(|| tokens(self.text()))
    }

    /// Number of groups, the whole match not counted.
    pub(crate) fn group_count(&self) -> usize {
        self.regex.group_count()
    }

    /// Whether it has a group with this name.
    pub(crate) fn has_group_named(&self, name: &str) -> bool {
        self.regex.group_names().any(|group| group == Some(name))
    }
}

/// Whether a pattern has conditions, or classes that may be empty: without them there always is a text.
fn may_fail(pattern: &str) -> bool {
    let bytes = pattern.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'$' | b'^' => return true,
            // Digits and words are never all characters.
            b'\\' => match bytes.get(at + 1) {
                Some(b'd' | b'w' | b's') => at += 1,
                Some(next) if next.is_ascii_punctuation() => at += 1,
                _ => return true,
            },
            b'[' if bytes.get(at + 1) == Some(&b'^') => {
                // What is left out must be written out.
                let inner = bytes.get(at + 2..).unwrap_or(&[]);
                let end = inner.iter().skip(1).position(|byte| *byte == b']').map_or(inner.len(), |end| end + 1);
                if inner
                    .get(..end)
                    .is_some_and(|inner| !inner.is_ascii() || inner.contains(&b'\\') || inner.contains(&b'['))
                {
                    return true;
                }
                at += end + 1;
            }
            _ => {}
        }
        at += 1;
    }
    false
}

/// Whether it is plain that each alternative of a pattern begins with a letter, a digit or `_`, so that it does not match
/// all texts.
fn begins_with_words(pattern: &str) -> bool {
    let bytes = pattern.as_bytes();
    let (mut at, mut depth, mut is_start) = (0, 0_usize, true);
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1);
        if is_start {
            let is_word = byte == b'_' || byte.is_ascii_alphanumeric();
            if !is_word || matches!(next, Some(b'?' | b'*' | b'{')) {
                return false;
            }
        }
        is_start = byte == b'|' && depth == 0;
        match byte {
            b'(' if next != Some(&b'?') => depth += 1,
            b')' if depth > 0 => depth -= 1,
            b'\\' if next != Some(&b'Q') => at += 1,
            b'(' | b')' | b'\\' | b'[' => return false,
            _ => {}
        }
        at += 1;
    }
    !is_start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_known_by_what_they_match() {
        let mut facts = Facts::default();
        let mut of = |pattern: &str| facts.pattern(pattern).expect("is a pattern");
        for (pattern, is_it) in [
            ("a|b.*", false),
            ("([^:]+):\\d+\\.", false),
            ("[a-z]", false),
            ("[^]]x", false),
            ("a^", true),
            ("$1", true),
            ("\\bx", true),
            ("[^\\d\\D]", true),
            ("[^\\x00-\\x{10FFFF}]", true),
            ("[[:^ascii:]]\\pN", true),
            ("[^a]$", true),
        ] {
            assert_eq!(may_fail(pattern), is_it, "{pattern}");
        }
        for (pattern, is_plain) in [
            ("go_(a|.*)|x\\|", true),
            ("a", true),
            ("", false),
            ("a?", false),
            ("a|", false),
            ("a|.*", false),
            ("(a)", false),
            ("a)|(?:", false),
            ("a[|]", false),
            ("a\\Q|b", false),
        ] {
            assert_eq!(begins_with_words(pattern), is_plain, "{pattern}");
        }
        assert!(of("(.*)").matches_everything() && of(".+").matches_everything_but_empty());
        assert_eq!((of("a|b|").matches_empty(), of("a|b").matches_empty()), (Some(true), Some(false)));
        assert_eq!(of("node\\.x").literal(), Some("node.x"));
        assert_eq!(of("b|a").texts().map(<[Box<str>]>::len), Some(2));
        assert_eq!(of("(?P<x>b|a)_(y)?").texts().map(<[Box<str>]>::len), Some(4));
        assert_eq!(of("(a|b)_.").texts(), None);
        assert!(of("(?P<host>.*)").has_group_named("host"));
        assert!(Rc::ptr_eq(&of("x"), &of("x")));
        assert!(facts.pattern("(").is_none());
    }
}
