//! The set of texts a run works on, and texts that are inside other texts.

use std::any::Any;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::{Arc, OnceLock};

use super::{FileId, LineIndex, Location, OriginMap, Position, Span, shown_path};

/// All texts of one run. A text may be inside another one (a config in a ConfigMap's block
/// scalar): places in it are then shown in the outer file.
///
/// ```
/// use promcfg::Sources;
/// use promcfg::text::{Location, Span};
/// let mut sources = Sources::new();
/// let file = sources.add("prometheus.yml", "global:\n  x: 1\n");
/// let position = sources.position(Location::new(file, Span::new(10, 11)));
/// assert_eq!((position.line, position.column), (2, 3));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

#[derive(Clone, Debug)]
struct Source {
    name: String,
    text: Arc<str>,
    lines: OnceLock<LineIndex>,
    /// What another layer worked out about the text.
    derived: OnceLock<Derived>,
    origin: Origin,
}

/// Where a text comes from.
#[derive(Clone, Debug)]
enum Origin {
    /// It is a text of its own.
    Own,
    /// It is inside another text.
    Inside(FileId, InnerMap),
    /// It was generated from other texts.
    Generated(Arc<OriginMap>),
}

/// A value of any type, that a caught panic leaves usable.
#[derive(Clone)]
struct Derived(Arc<dyn Any + Send + Sync + UnwindSafe + RefUnwindSafe>);

impl std::fmt::Debug for Derived {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Derived")
    }
}

/// The place of each byte of an inner text in its outer text: runs of bytes that are the same in both.
///
/// ```
/// use promcfg::text::{InnerMap, Span};
/// // "a\nb" stands indented in "  a\n  b"
/// let map = InnerMap::new(vec![(0, 2, 2), (2, 6, 1)]);
/// assert_eq!(map.outer_span(Span::new(2, 3)), Span::new(6, 7));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InnerMap {
    /// (inner start, outer start, length), ascending in the first two.
    runs: Vec<(u32, u32, u32)>,
    /// The place of every byte, when the text is written in another way.
    all_at: Option<Span>,
}

impl InnerMap {
    /// A map from runs `(inner start, outer start, length)`, ascending and without overlap.
    ///
    /// ```
    /// let whole = promcfg::text::InnerMap::new(vec![(0, 10, 5)]);
    /// assert_eq!(whole.outer_span(promcfg::text::Span::new(0, 5)), promcfg::text::Span::new(10, 15));
    /// ```
    #[must_use]
    pub fn new(runs: Vec<(u32, u32, u32)>) -> Self {
        Self { runs, all_at: None }
    }

    /// A map of a text that is written in another way, such as in base64: every byte is at one place.
    ///
    /// ```
    /// use promcfg::text::{InnerMap, Span};
    /// assert_eq!(InnerMap::all_at(Span::new(6, 14)).outer_span(Span::new(2, 3)), Span::new(6, 14));
    /// ```
    #[must_use]
    pub fn all_at(span: Span) -> Self {
        Self { runs: Vec::new(), all_at: Some(span) }
    }

    /// The outer span of an inner one. A byte between two runs counts as the end of the first.
    ///
    /// ```
    /// let none = promcfg::text::InnerMap::default();
    /// assert_eq!(none.outer_span(promcfg::text::Span::new(3, 4)), promcfg::text::Span::empty(0));
    /// ```
    #[must_use]
    pub fn outer_span(&self, inner: Span) -> Span {
        if let Some(span) = self.all_at {
            return span;
        }
        if self.runs.is_empty() {
            return Span::empty(0);
        }
        let start = self.outer_offset(inner.start);
        let end = if inner.is_empty() { start } else { self.outer_offset(inner.end - 1) + 1 };
        Span::new(start as usize, end as usize)
    }

    fn outer_offset(&self, inner: u32) -> u32 {
        let after = self.runs.partition_point(|&(start, _, _)| start <= inner);
        match after.checked_sub(1).and_then(|index| self.runs.get(index)) {
            Some(&(start, outer, length)) => outer + (inner - start).min(length),
            None => self.runs.first().map_or(0, |&(_, outer, _)| outer),
        }
    }
}

impl Sources {
    /// No texts yet.
    ///
    /// ```
    /// assert_eq!(promcfg::Sources::new().len(), 0);
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text under the name it is shown by (usually its path).
    ///
    /// ```
    /// let file = promcfg::Sources::new().add("a.yml", "x: 1");
    /// ```
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        self.push(name.into(), text.into(), Origin::Own)
    }

    /// All texts, in the order in which they were added.
    pub(crate) fn files(&self) -> impl Iterator<Item = FileId> {
        (0..u32::try_from(self.files.len()).unwrap_or(u32::MAX)).map(FileId)
    }

    /// What `make` works out about a text (from its name and itself) when it is first asked for. One layer uses this, for
    /// one type; an id of another set has nothing.
    pub(crate) fn derived<T>(&self, file: FileId, make: impl FnOnce(&str, &str) -> T) -> Option<&T>
    where
        T: Any + Send + Sync + UnwindSafe + RefUnwindSafe,
    {
        let source = self.get(file)?;
        let derived = source.derived.get_or_init(|| Derived(Arc::new(make(&source.name, &source.text))));
        let any: &dyn Any = &*derived.0;
        any.downcast_ref::<T>()
    }

    /// The text that a text is inside of, at last: itself, if it is in none.
    pub(crate) fn outer_of(&self, file: FileId) -> FileId {
        self.outermost(Location::new(file, Span::empty(0))).file
    }

    /// Adds a text that is inside `outer`; `map` says where each of its bytes is there.
    ///
    /// ```
    /// use promcfg::Sources;
    /// use promcfg::text::{InnerMap, Location, Span};
    /// let mut sources = Sources::new();
    /// let outer = sources.add("configmap.yml", "data: |\n  a: 1\n");
    /// let inner = sources.add_inner("configmap.yml", "a: 1\n", outer, InnerMap::new(vec![(0, 10, 5)]));
    /// assert_eq!(sources.position(Location::new(inner, Span::new(3, 4))).line, 2);
    /// ```
    pub fn add_inner(
        &mut self,
        name: impl Into<String>,
        text: impl Into<Arc<str>>,
        outer: FileId,
        map: InnerMap,
    ) -> FileId {
        self.push(name.into(), text.into(), Origin::Inside(outer, map))
    }

    /// Adds a text that was generated from other texts of the set.
    ///
    /// ```
    /// use promcfg::Sources;
    /// use promcfg::text::OriginMap;
    /// let file = Sources::new().add_generated("prometheus.yml", "scrape_configs: []\n", OriginMap::default());
    /// ```
    pub fn add_generated(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>, origins: OriginMap) -> FileId {
        self.push(name.into(), text.into(), Origin::Generated(Arc::new(origins)))
    }

    /// Whether a person wrote a place, and no program generated it.
    ///
    /// ```
    /// use promcfg::Sources;
    /// use promcfg::text::{Location, Span};
    /// let mut sources = Sources::new();
    /// let file = sources.add("a.yml", "x");
    /// assert!(sources.is_written(Location::new(file, Span::new(0, 1))));
    /// ```
    #[must_use]
    pub fn is_written(&self, at: Location) -> bool {
        match self.get(at.file).map(|source| &source.origin) {
            Some(Origin::Generated(origins)) => origins.is_written(at.span),
            Some(Origin::Own | Origin::Inside(..)) | None => true,
        }
    }

    fn push(&mut self, name: String, text: Arc<str>, origin: Origin) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(Source { name, text, lines: OnceLock::new(), derived: OnceLock::new(), origin });
        id
    }

    /// Number of texts.
    ///
    /// ```
    /// assert_eq!(promcfg::Sources::new().len(), 0);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no text.
    ///
    /// ```
    /// assert!(promcfg::Sources::new().is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The name a text was added under; empty for an id of another set.
    ///
    /// ```
    /// let mut sources = promcfg::Sources::new();
    /// let file = sources.add("a.yml", "");
    /// assert_eq!(sources.name(file), "a.yml");
    /// ```
    #[must_use]
    pub fn name(&self, file: FileId) -> &str {
        self.get(file).map_or("", |source| &source.name)
    }

    /// A text; empty for an id of another set.
    ///
    /// ```
    /// let mut sources = promcfg::Sources::new();
    /// let file = sources.add("a.yml", "x: 1");
    /// assert_eq!(&**sources.text(file), "x: 1");
    /// ```
    #[must_use]
    pub fn text(&self, file: FileId) -> &Arc<str> {
        static EMPTY: OnceLock<Arc<str>> = OnceLock::new();
        match self.get(file) {
            Some(source) => &source.text,
            None => EMPTY.get_or_init(|| Arc::from("")),
        }
    }

    /// The line index of a text, made when first asked for.
    ///
    /// ```
    /// let mut sources = promcfg::Sources::new();
    /// let file = sources.add("a.yml", "a\nb\n");
    /// assert_eq!(sources.lines(file).line_count(), 3);
    /// ```
    #[must_use]
    pub fn lines(&self, file: FileId) -> &LineIndex {
        static EMPTY: OnceLock<LineIndex> = OnceLock::new();
        match self.get(file) {
            Some(source) => source.lines.get_or_init(|| LineIndex::new(&source.text)),
            None => EMPTY.get_or_init(|| LineIndex::new("")),
        }
    }

    /// The same place in the outermost file: itself unless its text is inside another one.
    ///
    /// ```
    /// use promcfg::Sources;
    /// use promcfg::text::{Location, Span};
    /// let mut sources = Sources::new();
    /// let file = sources.add("a.yml", "x");
    /// let at = Location::new(file, Span::new(0, 1));
    /// assert_eq!(sources.outermost(at), at);
    /// ```
    #[must_use]
    pub fn outermost(&self, at: Location) -> Location {
        let mut at = at;
        while let Some(source) = self.get(at.file) {
            at = match &source.origin {
                Origin::Own => break,
                Origin::Inside(outer, map) => Location::new(*outer, map.outer_span(at.span)),
                Origin::Generated(origins) => match origins.origin(at.span) {
                    Some(origin) => origin,
                    None => break,
                },
            };
        }
        at
    }

    /// Line and column where a place begins, in the outermost file.
    ///
    /// ```
    /// use promcfg::Sources;
    /// use promcfg::text::{Location, Span};
    /// let mut sources = Sources::new();
    /// let file = sources.add("a.yml", "a\nb");
    /// assert_eq!(sources.position(Location::new(file, Span::new(2, 3))).line, 2);
    /// ```
    #[must_use]
    pub fn position(&self, at: Location) -> Position {
        let at = self.outermost(at);
        self.lines(at.file).position(self.text(at.file), at.span.start as usize)
    }

    /// Line and column after the last character of a place, in the outermost file.
    ///
    /// ```
    /// use promcfg::Sources;
    /// use promcfg::text::{Location, Span};
    /// let mut sources = Sources::new();
    /// let file = sources.add("a.yml", "abc");
    /// assert_eq!(sources.end_position(Location::new(file, Span::new(0, 3))).column, 4);
    /// ```
    #[must_use]
    pub fn end_position(&self, at: Location) -> Position {
        let at = self.outermost(at);
        self.lines(at.file).position(self.text(at.file), at.span.end as usize)
    }

    /// The text of a place as it is in its own (inner) text.
    ///
    /// ```
    /// use promcfg::Sources;
    /// use promcfg::text::{Location, Span};
    /// let mut sources = Sources::new();
    /// let file = sources.add("a.yml", "abc");
    /// assert_eq!(sources.excerpt(Location::new(file, Span::new(1, 2))), "b");
    /// ```
    #[must_use]
    pub fn excerpt(&self, at: Location) -> &str {
        at.span.of(self.text(at.file))
    }

    /// `name:line:column` of a place, as every message shows it.
    ///
    /// ```
    /// use promcfg::Sources;
    /// use promcfg::text::{Location, Span};
    /// let mut sources = Sources::new();
    /// let file = sources.add("a.yml", "a\nb");
    /// assert_eq!(sources.describe(Location::new(file, Span::new(2, 3))), "a.yml:2:1");
    /// ```
    #[must_use]
    pub fn describe(&self, at: Location) -> String {
        let Position { line, column } = self.position(at);
        format!("{}:{line}:{column}", shown_path(self.name(self.outermost(at).file)))
    }

    fn get(&self, file: FileId) -> Option<&Source> {
        self.files.get(file.0 as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_an_inner_text_is_shown_in_the_outer_file() {
        let mut sources = Sources::new();
        let outer = sources.add("cm.yml", "data: |\n  a: 1\n  b: 2\n");
        let map = InnerMap::new(vec![(0, 10, 5), (5, 17, 5)]);
        let inner = sources.add_inner("cm.yml (prometheus.yml)", "a: 1\nb: 2\n", outer, map);
        let at = Location::new(inner, Span::new(8, 9));
        assert_eq!(sources.describe(at), "cm.yml:3:6");
        assert_eq!(sources.excerpt(sources.outermost(at)), "2");
    }

    #[test]
    fn an_inner_span_over_two_lines_covers_the_indentation_between() {
        let map = InnerMap::new(vec![(0, 10, 5), (5, 17, 5)]);
        assert_eq!(map.outer_span(Span::new(0, 9)), Span::new(10, 21));
        assert_eq!(map.outer_span(Span::empty(5)), Span::empty(17));
    }
}
