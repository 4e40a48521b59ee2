//! Changes to a text: what is where, and what is there afterwards.

use super::Span;

/// One replacement: the bytes of `span` give way to `text`. An empty span inserts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Edit {
    /// What gives way.
    pub span: Span,
    /// What comes instead.
    pub text: String,
}

/// Replacements in one text, in its order and without overlap.
///
/// ```
/// use promcfg::text::{Edits, Span};
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
    /// use promcfg::text::{Edits, Span};
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

    /// Both changes of a text of `length` bytes in one: `next` is a change of what this one makes of it.
    ///
    /// ```
    /// use promcfg::text::{Edits, Span};
    /// let first = Edits::new(vec![(Span::empty(1), "xy".into())]).expect("are disjoint");
    /// let next = Edits::new(vec![(Span::new(0, 2), "A".into())]).expect("are disjoint");
    /// assert_eq!(first.then(&next, 2).apply("ab"), next.apply(&first.apply("ab")));
    /// ```
    #[must_use]
    pub fn then(&self, next: &Self, length: usize) -> Self {
        let mut middle = Reader::new(self.pieces(length));
        let (mut pieces, mut at) = (Vec::new(), 0);
        for edit in &next.edits {
            let (start, end) = (edit.span.start as usize, edit.span.end as usize);
            middle.take(start - at, Some(&mut pieces));
            pieces.push(Piece::New(&edit.text));
            middle.take(end - start, None);
            at = end;
        }
        middle.take(usize::MAX, Some(&mut pieces));
        Self::of_pieces(&pieces, length)
    }

    /// What the changed text is made of.
    fn pieces(&self, length: usize) -> Vec<Piece<'_>> {
        let (mut pieces, mut at) = (Vec::new(), 0);
        for edit in &self.edits {
            pieces.push(Piece::Old(Span::new(at, edit.span.start as usize)));
            pieces.push(Piece::New(&edit.text));
            at = edit.span.end as usize;
        }
        pieces.push(Piece::Old(Span::new(at, length.max(at))));
        pieces.retain(|piece| piece.len() > 0);
        pieces
    }

    fn of_pieces(pieces: &[Piece<'_>], length: usize) -> Self {
        let (mut edits, mut at, mut text) = (Vec::new(), 0, String::new());
        for piece in pieces.iter().chain([&Piece::Old(Span::empty(length))]) {
            match piece {
                Piece::New(new) => text.push_str(new),
                Piece::Old(span) => {
                    let gone = Span::new(at, span.start as usize);
                    if !gone.is_empty() || !text.is_empty() {
                        edits.push(Edit { span: gone, text: std::mem::take(&mut text) });
                    }
                    at = span.end as usize;
                }
            }
        }
        Self { edits }
    }

    /// Where the bytes of the changed text were before.
    ///
    /// ```
    /// use promcfg::text::{Edits, Span};
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

/// A part of a changed text.
#[derive(Clone, Copy, Debug)]
enum Piece<'e> {
    /// These bytes of the old text.
    Old(Span),
    New(&'e str),
}

impl Piece<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Old(span) => span.len(),
            Self::New(text) => text.len(),
        }
    }

    fn split(self, at: usize) -> (Self, Self) {
        match self {
            Self::Old(span) => {
                let middle = span.start as usize + at;
                (Self::Old(Span::new(span.start as usize, middle)), Self::Old(Span::new(middle, span.end as usize)))
            }
            Self::New(text) => {
                let (front, back) = text.split_at_checked(at).unwrap_or((text, ""));
                (Self::New(front), Self::New(back))
            }
        }
    }
}

/// Reads pieces byte by byte.
struct Reader<'e> {
    left: std::vec::IntoIter<Piece<'e>>,
    current: Option<Piece<'e>>,
}

impl<'e> Reader<'e> {
    fn new(pieces: Vec<Piece<'e>>) -> Self {
        let mut left = pieces.into_iter();
        Self { current: left.next(), left }
    }

    /// Goes over the next `count` bytes, or to the end.
    fn take(&mut self, mut count: usize, mut into: Option<&mut Vec<Piece<'e>>>) {
        while let Some(piece) = self.current.filter(|_| count > 0) {
            let (front, back) = if count < piece.len() { piece.split(count) } else { (piece, Piece::New("")) };
            count -= front.len().min(count);
            self.current = if back.len() > 0 { Some(back) } else { self.left.next() };
            if let Some(into) = &mut into {
                into.push(front);
            }
        }
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
    fn a_change_of_a_change_is_the_same_in_one() {
        let edits = |all: &[(usize, usize, &str)]| {
            let all = all.iter().map(|&(start, end, text)| (Span::new(start, end), text.to_string()));
            Edits::new(all.collect()).unwrap()
        };
        let text = "0123456789";
        let first = edits(&[(0, 0, "ab"), (2, 4, ""), (5, 6, "xyz"), (10, 10, "!")]);
        assert_eq!(first.apply(text), "ab014xyz6789!");
        for next in [
            edits(&[]),
            edits(&[(0, 13, "")]),
            edits(&[(1, 3, "-"), (4, 6, "+"), (6, 7, "")]),
            edits(&[(13, 13, "?"), (0, 0, "<")]),
            edits(&[(4, 11, "_")]),
        ] {
            assert_eq!(first.then(&next, text.len()).apply(text), next.apply(&first.apply(text)), "{next:?}");
        }
        assert_eq!(edits(&[]).then(&first, text.len()), first);
    }

    #[test]
    fn places_behind_a_removal_are_found_again() {
        let edits = Edits::new(vec![(Span::new(1, 3), String::new())]).unwrap();
        assert_eq!(edits.apply("abcd"), "ad");
        assert_eq!(edits.origins().old(1), Some(3));
    }
}
