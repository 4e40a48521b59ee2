//! The origin of each part of a text that was generated from other texts.

use super::{Location, Span};

/// For each part of a generated text, the place in another text that it was made of.
///
/// Parts are nested: the origin of a place is that of the smallest part that holds all of it.
///
/// ```
/// use promcfg::Sources;
/// use promcfg::text::{Location, OriginMap, Span};
/// let mut sources = Sources::new();
/// let written = sources.add("monitor.yml", "port: web\n");
/// let mut origins = OriginMap::default();
/// let rule = origins.open(0, Location::new(written, Span::new(0, 9)), false);
/// let value = origins.open(7, Location::new(written, Span::new(6, 9)), true);
/// origins.close(value, 10);
/// origins.close(rule, 10);
/// let generated = sources.add_generated("prometheus.yml", "regex: web\n", origins);
/// assert_eq!(sources.describe(Location::new(generated, Span::new(8, 9))), "monitor.yml:1:8");
/// assert!(sources.is_written(Location::new(generated, Span::new(7, 10))));
/// assert!(!sources.is_written(Location::new(generated, Span::new(0, 5))));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OriginMap {
    /// By their starts, outer parts before inner ones.
    parts: Vec<Part>,
    /// The parts that are open, the innermost one last.
    open: Vec<usize>,
}

/// A part of a generated text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    span: Span,
    at: Location,
    /// Whether it is written at that place; else it was only made because of it.
    is_written: bool,
    /// The part around it.
    outer: Option<u32>,
}

/// A part that is not complete yet.
#[derive(Debug)]
#[must_use]
pub struct OpenPart(usize);

impl OriginMap {
    /// Begins a part at the end of the text so far. `is_written`: a person wrote it at that place; else a program
    /// generated it because of what is at that place.
    pub fn open(&mut self, start: usize, at: Location, is_written: bool) -> OpenPart {
        let outer = self.open.last().and_then(|index| u32::try_from(*index).ok());
        let index = self.parts.len();
        self.parts.push(Part { span: Span::empty(start), at, is_written, outer });
        self.open.push(index);
        OpenPart(index)
    }

    /// Ends a part, and all that began in it.
    pub fn close(&mut self, OpenPart(opened): OpenPart, end: usize) {
        while let Some(index) = self.open.pop() {
            let start = self.parts[index].span.start as usize;
            self.parts[index].span = Span::new(start, end);
            if index == opened {
                break;
            }
        }
    }

    /// The smallest part with all of a span; the first part of all for a span that is in none.
    fn nearest_part(&self, span: Span) -> Option<&Part> {
        self.part(span).or_else(|| self.parts.first())
    }

    /// The smallest part with all of a span.
    fn part(&self, span: Span) -> Option<&Part> {
        let after = self.parts.partition_point(|part| part.span.start <= span.start);
        let mut index = after.checked_sub(1);
        while let Some(part) = index.and_then(|index| self.parts.get(index)) {
            if part.span.end >= span.end && (part.span.end > span.start || span.is_empty()) {
                return Some(part);
            }
            index = part.outer.map(|outer| outer as usize);
        }
        None
    }

    /// The place that a span was made of.
    #[must_use]
    pub fn origin(&self, span: Span) -> Option<Location> {
        let part = self.nearest_part(span)?;
        let is_same_length = part.is_written && part.span.len() == part.at.span.len();
        if !is_same_length || span.start < part.span.start {
            return Some(part.at);
        }
        let start = (part.at.span.start + (span.start - part.span.start)) as usize;
        Some(Location::new(part.at.file, Span::new(start, start + span.len())))
    }

    /// Whether a person wrote all of a span.
    #[must_use]
    pub fn is_written(&self, span: Span) -> bool {
        self.part(span).is_some_and(|part| part.is_written)
    }
}
