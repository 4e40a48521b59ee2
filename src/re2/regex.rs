//! The public face of a pattern: parse now, compile on first use, match as Go does.

use super::syntax::Syntax;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use super::budget::Budget;
use super::engine::{self, Captures, Scratch};
use super::error::{RegexError, TooLargeError};
use super::example::{self, Choice};
use super::extent;
use super::language;
use super::one_pass::OnePass;
use super::parser;
use super::position::NOWHERE;
use super::prefix;
use super::program::Program;
use super::sequence::Sequence;
use super::shape::{self, Shape};
use super::tree::Tree;

/// A pattern of a relabel rule, with the syntax and the meaning of Go's `regexp` (by default Go 1.27).
///
/// It is compiled as `^(?s:` + pattern + `)$`, joined as text, so it matches whole texts, `.` matches newline,
/// and a pattern such as `zz)|(?:a` escapes the anchors as it does in Prometheus. Making one only parses;
/// the program is built on the first match. Clones share everything.
///
/// ```
/// let regex = promcfg::re2::Regex::new("node-(\\d+)").unwrap();
/// assert_eq!(regex.is_match("node-7"), Ok(true));
/// assert_eq!(regex.is_match("my node-7"), Ok(false));
/// ```
#[derive(Clone)]
pub struct Regex {
    inner: Arc<Inner>,
}

/// Matches after which a table is made.
const MATCHES_BEFORE_TABLE: u32 = 16;

struct Inner {
    pattern: Box<str>,
    syntax: Syntax,
    tree: Tree,
    shape: OnceLock<Shape>,
    /// The pattern as a row of pieces, if it is one.
    sequence: OnceLock<Option<Sequence>>,
    program: OnceLock<Result<Program, TooLargeError>>,
    /// The table of a program that was used often, if it has one.
    one_pass: OnceLock<Option<OnePass>>,
    /// Matches until then.
    uses: AtomicU32,
    budget: Option<Arc<Budget>>,
    /// Memory for matches whose caller brings none.
    spare: Mutex<Option<Box<Captures>>>,
}

impl Regex {
    /// Parses a pattern.
    ///
    /// # Errors
    /// Go's complaint, word for word, with the faulty bytes of `pattern`.
    pub fn new(pattern: &str) -> Result<Self, RegexError> {
        Self::with_syntax(pattern, Syntax::default())
    }

    /// As [`new`](Self::new), in the syntax of a release.
    ///
    /// # Errors
    /// Go's complaint, word for word, with the faulty bytes of `pattern`.
    pub fn with_syntax(pattern: &str, syntax: Syntax) -> Result<Self, RegexError> {
        Self::with_budget(pattern, syntax, None)
    }

    pub(super) fn with_budget(pattern: &str, syntax: Syntax, budget: Option<Arc<Budget>>) -> Result<Self, RegexError> {
        let tree = parser::parse(pattern, syntax)?;
        Ok(Self {
            inner: Arc::new(Inner {
                pattern: pattern.into(),
                syntax,
                tree,
                shape: OnceLock::new(),
                sequence: OnceLock::new(),
                program: OnceLock::new(),
                one_pass: OnceLock::new(),
                uses: AtomicU32::new(0),
                budget,
                spare: Mutex::new(None),
            }),
        })
    }

    /// The pattern as the user wrote it, without the wrapper.
    #[must_use]
    pub fn pattern(&self) -> &str {
        &self.inner.pattern
    }

    /// The syntax it is written in.
    #[must_use]
    pub fn syntax(&self) -> Syntax {
        self.inner.syntax
    }

    /// Number of capturing groups, group 0 (the whole match) not counted.
    #[must_use]
    pub fn group_count(&self) -> usize {
        self.inner.tree.names.len() - 1
    }

    /// The names of all groups by number, starting with group 0, which has none. Names may repeat.
    ///
    /// ```
    /// let regex = promcfg::re2::Regex::new("(?P<host>.*):(.*)").unwrap();
    /// assert!(regex.group_names().eq([None, Some("host"), None]));
    /// ```
    pub fn group_names(&self) -> impl Iterator<Item = Option<&str>> {
        self.inner.tree.names.iter().map(Option::as_deref)
    }

    /// What the pattern amounts to, for matching without an engine where it is simple.
    #[must_use]
    pub fn shape(&self) -> &Shape {
        self.inner.shape.get_or_init(|| shape::shape(&self.inner.tree))
    }

    /// A text that the pattern matches, where one is easily made.
    ///
    /// ```
    /// use promcfg::re2::Regex;
    /// assert_eq!(Regex::new("(.+)-[0-9]+").unwrap().example().as_deref(), Some("a-1"));
    /// assert_eq!(Regex::new("kafka|redis").unwrap().example().as_deref(), Some("kafka"));
    /// assert_eq!(Regex::new("a^").unwrap().example(), None);
    /// ```
    #[must_use]
    pub fn example(&self) -> Option<String> {
        let choice = |optional| Choice { optional, variant: 0, groups: &[] };
        let mut made = [1, 0].into_iter().filter_map(|optional| example::example(&self.inner.tree, choice(optional)));
        made.find(|text| self.is_match(text) == Ok(true))
    }

    /// Different texts that it matches, the first one that of [`example`](Self::example); at most `most`.
    pub(crate) fn examples(&self, most: usize) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for variant in 0..most.saturating_mul(2) {
            for optional in [1, 0] {
                let made = example::example(&self.inner.tree, Choice { optional, variant, groups: &[] });
                let Some(text) = made.filter(|text| !found.contains(text)) else { continue };
                if found.len() < most && self.is_match(&text) == Ok(true) {
                    found.push(text);
                }
            }
        }
        found
    }

    /// A text that it matches so that the groups capture these texts, if one is easily found.
    pub(crate) fn example_with(&self, groups: &[(usize, &str)]) -> Option<String> {
        const VARIANTS: usize = 4;
        let mut captures = Captures::new();
        let mut fits = |text: &String| {
            self.captures(text, &mut captures) == Ok(true)
                && groups.iter().all(|(group, wanted)| {
                    let found = captures.get(*group).and_then(|(start, end)| text.get(start..end));
                    found.unwrap_or("") == *wanted
                })
        };
        let choices = (0..VARIANTS).flat_map(|variant| [0, 1].map(|optional| Choice { optional, variant, groups }));
        choices.filter_map(|choice| example::example(&self.inner.tree, choice)).find(|text| fits(text))
    }

    /// The text that all that the pattern matches begins with, where it is easily seen; else empty.
    ///
    /// ```
    /// assert_eq!(promcfg::re2::Regex::new("__meta_(ec2|gce)_(.+)").unwrap().prefix(), "__meta_");
    /// ```
    #[must_use]
    pub fn prefix(&self) -> String {
        match self.shape() {
            Shape::Prefix { prefix, .. } if prefix.len() < prefix::MAX_BYTES => prefix.to_string(),
            Shape::Suffix { .. } | Shape::Infix { .. } => String::new(),
            Shape::Texts { .. } | Shape::Prefix { .. } | Shape::General => prefix::prefix(&self.inner.tree),
        }
    }

    /// Whether it matches every text, however that is written; `false` where it is not easily seen.
    pub(crate) fn matches_everything(&self) -> bool {
        let may = match self.shape() {
            Shape::Texts { .. } | Shape::Suffix { .. } | Shape::Infix { .. } => false,
            Shape::Prefix { prefix, rest_may_be_empty, .. } => prefix.is_empty() && *rest_may_be_empty,
            Shape::General => true,
        };
        may && extent::matches_everything(&self.inner.tree)
    }

    /// Whether it matches no text at all; `false` where it is not easily seen.
    pub(crate) fn matches_nothing(&self) -> bool {
        extent::matches_nothing(&self.inner.tree)
    }

    /// Whether it matches every text that `other` matches; `None` where that takes too long to say, or depends on the borders
    /// of words or lines.
    pub(crate) fn includes(&self, other: &Self) -> Option<bool> {
        if self.pattern() == other.pattern() && self.syntax() == other.syntax() {
            return Some(true);
        }
        language::includes(self.program().ok()?, other.program().ok()?)
    }

    /// Whether both match a text; `None` where that takes too long to say, or depends on the borders of words or lines.
    pub(crate) fn overlaps(&self, other: &Self) -> Option<bool> {
        language::overlap(self.program().ok()?, other.program().ok()?)
    }

    /// Whether all texts that it matches have a character; `false` also where it is not easily seen.
    pub(crate) fn needs_text(&self) -> bool {
        extent::needs_text(&self.inner.tree)
    }

    /// How often a character is in a text that it matches: at least, and at most (`None`: no limit).
    pub(crate) fn count_of(&self, c: char) -> (u64, Option<u64>) {
        extent::count_of(&self.inner.tree, c)
    }

    /// Whether both are clones of one.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    /// Whether the pattern matches `text`.
    ///
    /// # Errors
    /// [`TooLargeError`] when the answer would take too much memory or time.
    pub fn is_match(&self, text: &str) -> Result<bool, TooLargeError> {
        let spare = self.inner.spare.try_lock().ok().and_then(|mut spare| spare.take());
        let mut captures = spare.unwrap_or_default();
        let result = self.is_match_with(text, &mut captures);
        if let Ok(mut spare) = self.inner.spare.try_lock() {
            *spare = Some(captures);
        }
        result
    }

    /// As [`is_match`](Self::is_match), with memory the caller keeps; the groups in it are not set.
    ///
    /// # Errors
    /// [`TooLargeError`] when the answer would take too much memory or time.
    pub fn is_match_with(&self, text: &str, memory: &mut Captures) -> Result<bool, TooLargeError> {
        self.search(text, 0, &mut [], &mut memory.scratch)
    }

    /// Whether it matches every text with these parts, or none; `None` where it depends on the parts that are not known,
    /// or takes too long to say.
    pub(crate) fn decide(&self, parts: &[super::TextPart<'_>]) -> Option<bool> {
        super::partial::decide(self.program().ok()?, parts)
    }

    /// Whether the pattern matches `text`, and where its groups did. After `false` the groups are all unset.
    ///
    /// # Errors
    /// [`TooLargeError`] when the answer would take too much memory or time.
    pub fn captures(&self, text: &str, captures: &mut Captures) -> Result<bool, TooLargeError> {
        self.captures_from(text, 0, captures)
    }

    pub(super) fn captures_from(
        &self,
        text: &str,
        from: usize,
        captures: &mut Captures,
    ) -> Result<bool, TooLargeError> {
        captures.slots.resize(2 * self.inner.tree.names.len(), NOWHERE);
        let matched = self.search(text, from, &mut captures.slots, &mut captures.scratch)?;
        if !matched {
            captures.slots.fill(NOWHERE);
        }
        Ok(matched)
    }

    fn search(&self, text: &str, from: usize, slots: &mut [u32], scratch: &mut Scratch) -> Result<bool, TooLargeError> {
        match self.search_quickly(text.as_bytes(), from, slots) {
            Some(matched) => Ok(matched),
            None => engine::search(self.program()?, text, from, slots, scratch),
        }
    }

    /// As [`captures`](Self::captures), for bytes that may be any text, where no general engine is needed: else `None`.
    /// Groups are found only if they are wanted.
    #[inline]
    pub(crate) fn captures_quickly(&self, text: &[u8], captures: &mut Captures, with_groups: bool) -> Option<bool> {
        if !with_groups {
            return self.search_quickly(text, 0, &mut []);
        }
        captures.slots.resize(2 * self.inner.tree.names.len(), NOWHERE);
        self.search_quickly(text, 0, &mut captures.slots)
    }

    /// Matches without the general engine: `None` when that is needed. Both ways are for whole texts only.
    #[inline]
    fn search_quickly(&self, text: &[u8], from: usize, slots: &mut [u32]) -> Option<bool> {
        if let Some(sequence) = self.sequence() {
            return if from == 0 { sequence.search(text, slots) } else { Some(false) };
        }
        let table = self.one_pass()?;
        if from == 0 { table.search(text, slots) } else { Some(false) }
    }

    #[inline]
    fn sequence(&self) -> Option<&Sequence> {
        self.inner
            .sequence
            .get_or_init(|| self.within_budget(Sequence::of(&self.inner.tree)?, Sequence::weight))
            .as_ref()
    }

    #[inline]
    fn one_pass(&self) -> Option<&OnePass> {
        if let Some(known) = self.inner.one_pass.get() {
            return known.as_ref();
        }
        if self.inner.uses.fetch_add(1, Ordering::Relaxed) < MATCHES_BEFORE_TABLE {
            return None;
        }
        let table = || self.within_budget(OnePass::of(self.program().ok()?)?, OnePass::weight);
        self.inner.one_pass.get_or_init(table).as_ref()
    }

    /// What was made, if the budget has the memory for it.
    fn within_budget<T>(&self, made: T, weight: impl Fn(&T) -> usize) -> Option<T> {
        let budget = self.inner.budget.as_ref();
        budget.is_none_or(|budget| budget.take(weight(&made))).then_some(made)
    }

    fn program(&self) -> Result<&Program, TooLargeError> {
        let build = || {
            let program = Program::new(&self.inner.tree)?;
            match &self.inner.budget {
                Some(budget) if !budget.take(program.weight()) => Err(TooLargeError),
                _ => Ok(program),
            }
        };
        self.inner.program.get_or_init(build).as_ref().map_err(|error| *error)
    }
}

impl fmt::Debug for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Regex").field(&self.pattern()).finish()
    }
}

impl PartialEq for Regex {
    fn eq(&self, other: &Self) -> bool {
        (self.pattern(), self.syntax()) == (other.pattern(), other.syntax())
    }
}

impl Eq for Regex {}
