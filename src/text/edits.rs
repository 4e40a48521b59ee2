//! Changes to a text: what stands where, and what stands there afterwards.

use super::Span;

/// One replacement: the bytes of `span` give way to `text`. An empty span inserts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What gives way.
    pub span: Span,
    /// What comes instead.
    pub text: String,
}

/// Replacements in one text, in its order and without overlap.
///
/// ```
/// use promcfg::{Edits, Span};
/// let edits = Edits::new(vec![(Span::empty(3), "!".into()), (Span::new(0, 1), "A".into())]).expect("are disjoint");
/// assert_eq!(edits.apply("abc"), "Abc!");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    edits: Vec<Edit>,
}

impl Edits {
    /// Sorts replacements by their place; those at the same place stay in the order given. `None`
    /// when two of them overlap.
    ///
    /// ```
    /// use promcfg::{Edits, Span};
    /// assert!(Edits::new(vec![(Span::new(0, 2), String::new()), (Span::new(1, 3), String::new())]).is_none());
    /// ```
    #[must_use]
    pub fn new(replacements: Vec<(Span, String)>) -> Option<Self> {
        let mut edits: Vec<Edit> = replacements.into_iter().map(|(span, text)| Edit { span, text }).collect();
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let overlaps = edits.windows(2).any(|pair| pair[0].span.end > pair[1].span.start);
        (!overlaps).then_some(Self { edits })
    }

    /// The replacements in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = &Edit> {
        self.edits.iter()
    }

    /// Whether nothing is replaced.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// `text` with all replacements made; all other bytes stay as they are.
    #[must_use]
    pub fn apply(&self, text: &str) -> String {
        let grown: usize = self.edits.iter().map(|edit| edit.text.len()).sum();
        let mut changed = String::with_capacity(text.len() + grown);
        let mut at = 0;
        for edit in &self.edits {
            changed.push_str(text.get(at..edit.span.start as usize).unwrap_or(""));
            changed.push_str(&edit.text);
            at = edit.span.end as usize;
        }
        changed.push_str(text.get(at..).unwrap_or(""));
        changed
    }

    /// Where the bytes of the changed text were before.
    ///
    /// ```
    /// use promcfg::{Edits, Span};
    /// let edits = Edits::new(vec![(Span::empty(1), "xy".into())]).expect("are disjoint");
    /// let origins = edits.origins();
    /// assert_eq!((origins.old(0), origins.old(1), origins.old(3)), (Some(0), None, Some(1)));
    /// ```
    #[must_use]
    pub fn origins(&self) -> Origins {
        let (mut old, mut new) = (0, 0);
        let mut runs = vec![(0, 0)];
        let mut ends = Vec::with_capacity(self.edits.len());
        for edit in &self.edits {
            let kept = edit.span.start as usize - old;
            ends.push(new + kept);
            new += kept + edit.text.len();
            old = edit.span.end as usize;
            runs.push((new, old));
        }
        ends.push(usize::MAX);
        Origins { runs, ends }
    }
}

/// Where the bytes of a changed text were before: see [`Edits::origins`].
#[derive(Clone, Debug)]
pub struct Origins {
    /// Where each run of kept bytes begins: (new, old).
    runs: Vec<(usize, usize)>,
    /// Where it ends in the new text.
    ends: Vec<usize>,
}

impl Origins {
    /// Where a byte of the changed text was; `None` for one that is new.
    #[must_use]
    pub fn old(&self, new: usize) -> Option<usize> {
        let index = self.runs.partition_point(|&(start, _)| start <= new).checked_sub(1)?;
        let (start, old) = *self.runs.get(index)?;
        (new < *self.ends.get(index)?).then(|| old + (new - start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn insertions_at_one_place_keep_their_order() {
        let edits = Edits::new(vec![(Span::empty(1), "1".into()), (Span::empty(1), "2".into())]).unwrap();
        assert_eq!(edits.apply("ab"), "a12b");
    }

    #[test]
    fn places_behind_a_removal_are_found_again() {
        let edits = Edits::new(vec![(Span::new(1, 3), String::new())]).unwrap();
        assert_eq!(edits.apply("abcd"), "ad");
        assert_eq!(edits.origins().old(1), Some(3));
    }
}
