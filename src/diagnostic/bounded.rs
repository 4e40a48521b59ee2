//! Diagnostics in a bounded number: a generated file can have a million of one kind.

use rustc_hash::FxHashMap;

use crate::text::FileId;

use super::{Diagnostic, Fix, Id};

/// How many diagnostics with one id in one file are kept. The others are counted.
pub(crate) const MOST_OF_AN_ID: usize = 1_000;
/// So many of them are kept if they have a fix: whoever applies fixes gets them in few rounds.
const MOST_WITH_FIX: usize = 20_000;
/// So many bytes the fixes of one id in one file may have together: the text of a fix is never cut.
const MOST_BYTES_OF_FIXES: usize = 16 << 20;

/// Diagnostics, of which a bounded number is kept for each id and file; the last one that is kept counts the others.
#[derive(Debug, Default)]
pub(crate) struct Bounded {
    all: Vec<Diagnostic>,
    of_id: FxHashMap<(Id, FileId), Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    count: usize,
    last: usize,
    /// Bytes of their fixes.
    fixes: usize,
}

impl Bounded {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        let kept = self.of_id.entry((diagnostic.id, diagnostic.at.file)).or_default();
        let size = diagnostic.fix.as_ref().map_or(0, Fix::size);
        let most = if diagnostic.fix.is_some() { MOST_WITH_FIX } else { MOST_OF_AN_ID };
        // One fix is kept, however large it is.
        let fits = kept.count < most && (size == 0 || kept.count == 0 || kept.fixes + size <= MOST_BYTES_OF_FIXES);
        if !fits && let Some(last) = self.all.get_mut(kept.last) {
            last.omitted += 1 + diagnostic.omitted;
            return;
        }
        *kept = Kept { count: kept.count + 1, last: self.all.len(), fixes: kept.fixes + size };
        self.all.push(diagnostic);
    }

    /// Whether a diagnostic with this id in this file would only be counted; it is counted then, and needs no words.
    pub(crate) fn counts(&mut self, id: Id, file: FileId) -> bool {
        let kept = self.of_id.get(&(id, file)).filter(|kept| kept.count >= MOST_OF_AN_ID);
        let last = kept.and_then(|kept| self.all.get_mut(kept.last));
        last.map(|last| last.omitted += 1).is_some()
    }

    pub(crate) fn as_slice(&self) -> &[Diagnostic] {
        &self.all
    }

    pub(crate) fn into_vec(self) -> Vec<Diagnostic> {
        self.all
    }
}

impl Extend<Diagnostic> for Bounded {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        diagnostics.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }
}

/// What becomes of a diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Kept,
    /// It is removed; those that it counts may be different.
    Removed,
    /// It is removed with those that it counts.
    RemovedWithOmitted,
}

/// Removes diagnostics. The count of those that were omitted goes to another diagnostic with the id in the file; if
/// there is none, the one that has the count stays.
pub(crate) fn retain_counted(diagnostics: &mut Vec<Diagnostic>, mut fate: impl FnMut(&Diagnostic) -> Fate) {
    let mut counting: FxHashMap<(Id, FileId), Diagnostic> = FxHashMap::default();
    diagnostics.retain(|diagnostic| match fate(diagnostic) {
        Fate::Kept => true,
        Fate::Removed if diagnostic.omitted > 0 => {
            counting.insert((diagnostic.id, diagnostic.at.file), diagnostic.clone());
            false
        }
        Fate::Removed | Fate::RemovedWithOmitted => false,
    });
    if counting.is_empty() {
        return;
    }
    for diagnostic in diagnostics.iter_mut() {
        if let Some(removed) = counting.remove(&(diagnostic.id, diagnostic.at.file)) {
            diagnostic.omitted += removed.omitted;
        }
    }
    diagnostics.extend(counting.into_values());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Safety, Severity, ids};
    use crate::text::{Edits, Location, Span};

    fn diagnostic(file: u32, at: usize) -> Diagnostic {
        let at = Location::new(FileId(file), Span::empty(at));
        Diagnostic::new(ids::UNKNOWN_FIELD, Severity::Error, at, "x")
    }

    #[test]
    fn a_thousand_of_an_id_in_a_file_are_kept_and_the_others_counted() {
        let mut all = Bounded::default();
        all.extend((0..2_500).map(|at| diagnostic(0, at)));
        all.extend((0..10).map(|at| diagnostic(1, at)));
        let all = all.into_vec();
        assert_eq!((all.len(), all[999].omitted, all[1009].omitted), (1_010, 1_500, 0));
    }

    #[test]
    fn fixes_are_kept_up_to_a_number_of_bytes_and_the_others_counted() {
        let with_fix = |length: usize, at: usize| {
            let edits = Edits::new(vec![(Span::empty(at), "x".repeat(length))]).unwrap();
            diagnostic(0, at).with_fix(Fix::new("fix it", Safety::Safe, edits))
        };
        let kept = |length: usize, count: usize| {
            let mut all = Bounded::default();
            all.extend((0..count).map(|at| with_fix(length, at)));
            let all = all.into_vec();
            (all.len(), all[all.len() - 1].omitted)
        };
        assert_eq!(kept(1 << 20, 20), (15, 5));
        assert_eq!(kept(20 << 20, 3), (1, 2));
        assert_eq!(kept(1, 3_000), (3_000, 0));
    }

    #[test]
    fn a_count_is_never_lost_with_the_diagnostic_that_has_it() {
        let counted = || {
            let mut all = Bounded::default();
            all.extend((0..1_200).map(|at| diagnostic(0, at)));
            all.into_vec()
        };
        let place = |diagnostic: &Diagnostic| diagnostic.at.span.start;
        let mut some = counted();
        retain_counted(&mut some, |one| if place(one) == 7 { Fate::Kept } else { Fate::Removed });
        assert_eq!((some.len(), some[0].omitted), (1, 200));
        let mut none = counted();
        retain_counted(&mut none, |_| Fate::Removed);
        assert_eq!((none.len(), none[0].omitted), (1, 200));
        retain_counted(&mut none, |_| Fate::RemovedWithOmitted);
        assert!(none.is_empty());
    }
}
