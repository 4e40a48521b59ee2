//! One compiled pattern per pattern text, and one memory budget for all of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustc_hash::FxHashMap;

use super::Regex;
use super::error::RegexError;

/// Bytes that all programs of one set may take, unless told otherwise.
const DEFAULT_BUDGET: usize = 256 << 20;

/// The memory that programs may still take.
#[derive(Debug)]
pub(super) struct Budget(AtomicUsize);

impl Budget {
    /// Takes `bytes` from the budget, or says that they are not left.
    pub(super) fn take(&self, bytes: usize) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes)).is_ok()
    }
}

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

    /// An empty set whose compiled programs may take `bytes` in all. RegexCache beyond it parse, and answer
    /// [`TooLargeError`](crate::TooLargeError) when they are matched.
    #[must_use]
    pub fn with_budget(bytes: usize) -> Self {
        Self { known: FxHashMap::default(), budget: Arc::new(Budget(AtomicUsize::new(bytes))) }
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
