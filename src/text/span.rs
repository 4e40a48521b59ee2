//! Byte ranges, and values that remember where they were written.

use std::fmt;
use std::ops::Range;

/// Which of the [`Sources`](crate::Sources) a place is in.
///
/// ```
/// let mut sources = promcfg::Sources::new();
/// let file = sources.add("prometheus.yml", "global: {}\n");
/// assert_eq!(sources.name(file), "prometheus.yml");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(crate) u32);

/// A half-open range of bytes in one text: `start` is the first byte, `end` the one after the last.
///
/// ```
/// use promcfg::text::Span;
/// let span = Span::new(2, 5);
/// assert_eq!(span.of("a: bcd"), " bc");
/// assert_eq!(span.len(), 3);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset of the byte after the last one.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`; an `end` before `start` gives the empty span at `start`.
    ///
    /// ```
    /// assert_eq!(promcfg::text::Span::new(4, 1), promcfg::text::Span::empty(4));
    /// ```
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let start = narrow(start);
        Self { start, end: narrow(end).max(start) }
    }

    /// The empty span at `offset`.
    ///
    /// ```
    /// assert!(promcfg::text::Span::empty(7).is_empty());
    /// ```
    #[must_use]
    pub fn empty(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// Number of bytes.
    ///
    /// ```
    /// assert_eq!(promcfg::text::Span::new(1, 4).len(), 3);
    /// ```
    #[must_use]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it holds no byte.
    ///
    /// ```
    /// assert!(!promcfg::text::Span::new(1, 2).is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The offsets as a range, for slicing.
    ///
    /// ```
    /// assert_eq!(promcfg::text::Span::new(1, 2).range(), 1..2);
    /// ```
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The text it covers; empty when it does not lie inside `text` on character boundaries.
    ///
    /// ```
    /// assert_eq!(promcfg::text::Span::new(0, 9).of("short"), "");
    /// ```
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or("")
    }

    /// Whether `other` lies wholly inside.
    ///
    /// ```
    /// use promcfg::text::Span;
    /// assert!(Span::new(0, 9).contains(Span::new(3, 9)));
    /// ```
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that holds both.
    ///
    /// ```
    /// use promcfg::text::Span;
    /// assert_eq!(Span::new(1, 2).to(Span::new(5, 6)), Span::new(1, 6));
    /// ```
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// The nearest boundary of characters in `text` at or before `offset`.
pub(crate) fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Texts beyond 4 GiB are refused before any span is made, so this never cuts in practice.
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// A place: a file and the bytes in it.
///
/// ```
/// use promcfg::Sources;
/// use promcfg::text::{Location, Span};
/// let mut sources = Sources::new();
/// let file = sources.add("a.yml", "job: x\n");
/// let at = Location::new(file, Span::new(5, 6));
/// assert_eq!(sources.excerpt(at), "x");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The file.
    pub file: FileId,
    /// The bytes.
    pub span: Span,
}

impl Location {
    /// The place of `span` in `file`.
    ///
    /// ```
    /// # use promcfg::Sources;
    /// # use promcfg::text::{Location, Span};
    /// # let file = Sources::new().add("a.yml", "");
    /// assert!(Location::new(file, Span::empty(0)).span.is_empty());
    /// ```
    #[must_use]
    pub fn new(file: FileId, span: Span) -> Self {
        Self { file, span }
    }
}

/// A value and the bytes it was read from. A value that came from a default has an empty span
/// at the place where it would be written.
///
/// ```
/// use promcfg::text::{Span, Spanned};
/// let name = Spanned::new("node".to_string(), Span::new(3, 7));
/// assert_eq!(name.len(), 4); // reads through to the value
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value`, read from `span`.
    ///
    /// ```
    /// # use promcfg::text::{Span, Spanned};
    /// assert_eq!(Spanned::new(1, Span::empty(0)).value, 1);
    /// ```
    #[must_use]
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

impl<T> std::ops::Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
