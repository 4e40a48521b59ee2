//! The memory that the results of a run may take.

/// An account of the memory that results take. It has a limit: a result that does not fit is left out, and with it all
/// results after it, so that it is plain which ones are missing. Whoever leaves out results reports their number.
///
/// What it counts is the results: the texts and the inputs of a run take memory besides.
///
/// ```
/// use promcfg::Budget;
/// let mut budget = Budget::new(100);
/// assert!(budget.hold(60));
/// assert!(!budget.hold(60)); // left out
/// assert!(!budget.hold(1)); // so is all after it
/// assert_eq!((budget.held(), budget.is_spent()), (60, true));
/// budget.release();
/// assert!(budget.hold(60));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    limit: u64,
    held: u64,
    is_spent: bool,
}

impl Budget {
    /// The limit where none is given: 2 GiB.
    pub const DEFAULT: u64 = 2 << 30;

    /// An account of which nothing is taken.
    #[must_use]
    pub fn new(limit: u64) -> Self {
        Self { limit, held: 0, is_spent: false }
    }

    /// Counts a result of so many bytes. Says whether it fits; if it does not, it is not counted.
    pub fn hold(&mut self, bytes: usize) -> bool {
        let held = self.held.saturating_add(bytes as u64);
        self.is_spent |= held > self.limit;
        if !self.is_spent {
            self.held = held;
        }
        !self.is_spent
    }

    /// Counts nothing any more: the results are gone.
    pub fn release(&mut self) {
        (self.held, self.is_spent) = (0, false);
    }

    /// The bytes of the results that fit.
    #[must_use]
    pub fn held(&self) -> u64 {
        self.held
    }

    /// Whether a result did not fit.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.is_spent
    }

    /// The limit in words, such as `512 MiB`.
    ///
    /// ```
    /// use promcfg::Budget;
    /// assert_eq!(Budget::new(Budget::DEFAULT).limit_in_words(), "2 GiB");
    /// assert_eq!(Budget::new(1000).limit_in_words(), "1000 bytes");
    /// ```
    #[must_use]
    pub fn limit_in_words(&self) -> String {
        for (unit, bits) in [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)] {
            let count = self.limit >> bits;
            if count > 0 && count << bits == self.limit {
                return format!("{count} {unit}");
            }
        }
        format!("{} bytes", self.limit)
    }
}

/// As [`Budget::DEFAULT`] says.
impl Default for Budget {
    fn default() -> Self {
        Self::new(Self::DEFAULT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_the_limit_can_be_held_and_not_a_byte_more() {
        let mut budget = Budget::new(10);
        assert!(budget.hold(4) && budget.hold(6) && !budget.is_spent());
        assert!(!budget.hold(1) && budget.is_spent());
        assert_eq!(budget.held(), 10);
    }

    #[test]
    fn sizes_beyond_all_memory_do_not_overflow() {
        let mut budget = Budget::new(u64::MAX);
        assert!(budget.hold(usize::MAX));
        assert!(budget.hold(usize::MAX));
    }
}
