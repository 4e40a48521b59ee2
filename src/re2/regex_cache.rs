//! One compiled pattern per pattern text, and one memory budget for all of them.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::budget::Budget;
use super::error::RegexError;
use super::regex::Regex;

/// Bytes that all programs of one set may take, unless set otherwise.
const DEFAULT_BUDGET: usize = 256 << 20;

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
    known: FxHashMap<Box<str>, Result<Regex, RegexError>>,
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
        Self { known: FxHashMap::default(), budget: Arc::new(Budget::new(bytes)) }
    }

    /// The regular expression of `pattern`, anchored as in a relabel rule.
    ///
    /// # Errors
    /// Go's complaint about the pattern.
    pub fn get(&mut self, pattern: &str) -> Result<Regex, RegexError> {
        if let Some(known) = self.known.get(pattern) {
            return known.clone();
        }
        let made = Regex::with_budget(pattern, Some(Arc::clone(&self.budget)));
        self.known.insert(pattern.into(), made.clone());
        made
    }
}
