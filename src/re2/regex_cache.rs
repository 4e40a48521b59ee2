//! One compiled pattern per pattern text, and one memory budget for all of them.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::budget::Budget;
use super::error::RegexError;
use super::regex::Regex;
use super::syntax::Syntax;

/// Bytes that all programs of one set may take, unless set otherwise.
const DEFAULT_BUDGET: usize = 256 << 20;

/// What became of each pattern of one syntax.
type Parsed = FxHashMap<Box<str>, Result<Regex, RegexError>>;

/// A set of patterns, each parsed and compiled once however often it is used.
///
/// ```
/// let mut patterns = promcfg::re2::RegexCache::new();
/// let first = patterns.get("(.*):\\d+").unwrap();
/// let second = patterns.get("(.*):\\d+").unwrap();
/// assert!(first.is_same(&second));
/// assert!(patterns.get("(").is_err());
/// ```
#[derive(Clone, Debug)]
pub struct RegexCache {
    /// By syntax: mostly there is one.
    known: Vec<(Syntax, Parsed)>,
    budget: Arc<Budget>,
}

impl Default for RegexCache {
    fn default() -> Self {
        Self::with_budget(DEFAULT_BUDGET)
    }
}

impl RegexCache {
    /// An empty set with the usual budget of 256 MiB.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty set whose compiled programs may take `bytes` in all. Patterns beyond it parse, and answer
    /// [`TooLargeError`](crate::re2::TooLargeError) when they are matched.
    #[must_use]
    pub fn with_budget(bytes: usize) -> Self {
        Self { known: Vec::new(), budget: Arc::new(Budget::new(bytes)) }
    }

    /// The number of patterns, those that are refused among them.
    ///
    /// ```
    /// let mut patterns = promcfg::re2::RegexCache::new();
    /// assert!(patterns.get("a").is_ok() && patterns.get("(").is_err() && patterns.get("a").is_ok());
    /// assert_eq!(patterns.len(), 2);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.known.iter().map(|(_, parsed)| parsed.len()).sum()
    }

    /// Whether the cache is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The regular expression of `pattern`, anchored as in a relabel rule.
    ///
    /// # Errors
    /// Go's complaint about the pattern.
    pub fn get(&mut self, pattern: &str) -> Result<Regex, RegexError> {
        self.get_in(Syntax::default(), pattern)
    }

    /// As [`get`](Self::get), in the syntax of a release.
    ///
    /// # Errors
    /// Go's complaint about the pattern.
    pub fn get_in(&mut self, syntax: Syntax, pattern: &str) -> Result<Regex, RegexError> {
        let index = self.known.iter().position(|(known, _)| *known == syntax).unwrap_or_else(|| {
            self.known.push((syntax, FxHashMap::default()));
            self.known.len() - 1
        });
        let known = &mut self.known[index].1;
        if let Some(known) = known.get(pattern) {
            return known.clone();
        }
        let made = Regex::with_budget(pattern, syntax, Some(Arc::clone(&self.budget)));
        known.insert(pattern.into(), made.clone());
        made
    }
}
