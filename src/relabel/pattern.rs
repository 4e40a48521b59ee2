//! RegexCache and templates made ready: simple ones are matched and expanded without a regex engine.

use memchr::memmem::Finder;

use crate::re2::{Captures, GroupReference, Regex, Shape, ShapePart, Template, TemplatePiece, TooLargeError};

/// Texts that are compared one after the other.
const FEW_TEXTS: usize = 8;

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    regex: Regex,
    kind: Kind,
    /// Finds the infix, if that is its shape.
    finder: Option<Finder<'static>>,
}

/// How a pattern is matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// It matches every text, as `(.*)` does.
    Everything,
    /// It matches every text but the empty one, as `(.+)` does.
    Something,
    /// Its shape decides every match.
    Shape,
    /// Only an engine decides.
    General,
}

impl Kind {
    fn of(shape: &Shape) -> Self {
        match shape {
            Shape::General => Self::General,
            Shape::Prefix { prefix, rest_may_be_empty: true, .. } if prefix.is_empty() => Self::Everything,
            Shape::Prefix { prefix, .. } if prefix.is_empty() => Self::Something,
            _ => Self::Shape,
        }
    }
}

/// How a pattern matched.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found {
    /// By its shape: `rest` is where the variable part of the text is, `fixed` the rest of it.
    Simple {
        /// Start and end of the fixed part.
        fixed: (usize, usize),
        /// Start and end of the part that varies.
        rest: (usize, usize),
    },
    /// By the engine; the captures hold the groups if they were requested.
    Engine,
}

impl Pattern {
    pub(super) fn new(regex: Regex) -> Self {
        let kind = Kind::of(regex.shape());
        let finder = match regex.shape() {
            Shape::Infix { infix, .. } => Some(Finder::new(infix.as_bytes()).into_owned()),
            _ => None,
        };
        Self { regex, kind, finder }
    }

    pub(super) fn regex(&self) -> &Regex {
        &self.regex
    }

    /// Matches `text`; an engine fills `captures` only if `with_groups`.
    #[inline]
    pub(super) fn find(
        &self,
        text: &str,
        captures: &mut Captures,
        with_groups: bool,
    ) -> Result<Option<Found>, TooLargeError> {
        if let Some(found) = self.find_simple(text.as_bytes()) {
            return Ok(found);
        }
        let matched = if with_groups {
            self.regex.captures(text, captures)?
        } else {
            self.regex.is_match_with(text, captures)?
        };
        Ok(matched.then_some(Found::Engine))
    }

    /// As [`find`](Self::find), for bytes that are UTF-8; `None` when it is not found out here.
    #[inline]
    pub(super) fn find_bytes(&self, text: &[u8], captures: &mut Captures, with_groups: bool) -> Option<Option<Found>> {
        match self.find_simple(text) {
            Some(found) => Some(found),
            None => self.find_engine(text, captures, with_groups).map(|matched| matched.then_some(Found::Engine)),
        }
    }

    #[inline(never)]
    fn find_engine(&self, text: &[u8], captures: &mut Captures, with_groups: bool) -> Option<bool> {
        if let Some(matched) = self.regex.captures_quickly(text, captures, with_groups) {
            return Some(matched);
        }
        let text = std::str::from_utf8(text).ok()?;
        let matched =
            if with_groups { self.regex.captures(text, captures) } else { self.regex.is_match_with(text, captures) };
        matched.ok()
    }

    /// Matches by the shape; `None` when that does not decide it.
    #[inline]
    fn find_simple(&self, text: &[u8]) -> Option<Option<Found>> {
        let whole = Found::Simple { fixed: (0, 0), rest: (0, text.len()) };
        match self.kind {
            Kind::General => None,
            Kind::Everything => Some(Some(whole)),
            Kind::Something => Some((!text.is_empty()).then_some(whole)),
            Kind::Shape => Some(self.find_shape(text)),
        }
    }

    #[inline(never)]
    fn find_shape(&self, text: &[u8]) -> Option<Found> {
        match self.regex.shape() {
            Shape::Texts { texts, .. } => {
                let is_one = match &**texts {
                    few if few.len() <= FEW_TEXTS => few.iter().any(|each| each.as_bytes() == text),
                    many => many.binary_search_by(|each| each.as_bytes().cmp(text)).is_ok(),
                };
                is_one.then_some(Found::Simple { fixed: (0, text.len()), rest: (0, 0) })
            }
            Shape::Prefix { prefix, rest_may_be_empty, .. } => {
                // An empty prefix is not compared: that is slow where it has no memory of its own.
                let matched = (prefix.is_empty() || text.starts_with(prefix.as_bytes()))
                    && (*rest_may_be_empty || text.len() > prefix.len());
                matched.then_some(Found::Simple { fixed: (0, prefix.len()), rest: (prefix.len(), text.len()) })
            }
            Shape::Suffix { suffix, rest_may_be_empty, .. } => {
                let matched = text.ends_with(suffix.as_bytes()) && (*rest_may_be_empty || text.len() > suffix.len());
                let start = text.len().saturating_sub(suffix.len());
                matched.then_some(Found::Simple { fixed: (start, text.len()), rest: (0, start) })
            }
            Shape::Infix { start_may_be_empty, end_may_be_empty, .. } => {
                let matched = self.has_infix(text, *start_may_be_empty, *end_may_be_empty);
                matched.then_some(Found::Simple { fixed: (0, 0), rest: (0, 0) })
            }
            // It has no shape.
            _ => None,
        }
    }

    /// Whether the infix is in the text, with a character before and after it where there must be one.
    fn has_infix(&self, text: &[u8], start_may_be_empty: bool, end_may_be_empty: bool) -> bool {
        // Bytes of a character after its first one.
        let goes_on = |byte: &&u8| **byte & 0xc0 == 0x80;
        let mut inner = text;
        if !start_may_be_empty && let Some((_, rest)) = inner.split_first() {
            inner = rest.get(rest.iter().take_while(goes_on).count()..).unwrap_or(&[]);
        }
        if !end_may_be_empty && !inner.is_empty() {
            let end = inner.len() - inner.iter().rev().take_while(goes_on).count();
            inner = inner.get(..end.saturating_sub(1)).unwrap_or(&[]);
        }
        self.finder.as_ref().is_some_and(|finder| finder.find(inner).is_some())
    }

    /// Where the groups of a match are, the whole match first; `None` for one that took no part.
    pub(super) fn groups(&self, text: &str, found: Found, captures: &Captures) -> Vec<Option<(usize, usize)>> {
        match found {
            Found::Engine => (0..=self.regex.group_count()).map(|group| captures.get(group)).collect(),
            Found::Simple { .. } => {
                let groups = simple_groups(self.regex.shape()).iter();
                let whole = std::iter::once(&ShapePart::Whole);
                whole.chain(groups).map(|&part| Some(part_of(text.len(), found, part))).collect()
            }
        }
    }

    /// Makes a template ready for the matches of this pattern.
    pub(super) fn expansion(&self, text: &str) -> Expansion {
        let template = Template::parse(text);
        if !template.has_references() {
            let pieces = template.pieces().filter_map(|piece| match piece {
                TemplatePiece::Text(text) => Some(text),
                TemplatePiece::Group(_) => None,
            });
            return Expansion::Constant(pieces.collect());
        }
        let Some(parts) = self.parts(&template) else { return Expansion::Engine(template) };
        match parts[..] {
            [] => Expansion::Constant("".into()),
            [Part::Shape(part)] => Expansion::Part(part),
            [Part::Group(group)] => Expansion::Group(group),
            _ => {
                let needs_groups = parts.iter().any(|part| matches!(part, Part::Group(_)));
                Expansion::Parts { parts: parts.into(), needs_groups }
            }
        }
    }

    /// What the pieces of a template are, those left out that are always empty; `None` when only a match says it.
    fn parts(&self, template: &Template) -> Option<Vec<Part>> {
        let mut parts = Vec::new();
        for piece in template.pieces() {
            match self.part(piece) {
                Reading::Part(part) => parts.push(part),
                Reading::Empty => {}
                Reading::Unknown => return None,
            }
        }
        Some(parts)
    }

    /// What a piece of a template is for this pattern.
    fn part(&self, piece: TemplatePiece<'_>) -> Reading {
        let group = match piece {
            TemplatePiece::Text(text) => return Reading::Part(Part::Text(text.into())),
            TemplatePiece::Group(GroupReference::Number(number)) => *number,
            TemplatePiece::Group(GroupReference::Name(name)) => {
                let mut named = self.regex.group_names().enumerate().filter(|(_, group)| *group == Some(name));
                match (named.next(), named.next()) {
                    (None, _) => return Reading::Empty,
                    // Every group of a simple pattern takes part, so the first of that name counts.
                    (Some((group, _)), other) if other.is_none() || self.kind != Kind::General => group,
                    _ => return Reading::Unknown,
                }
            }
        };
        match (self.kind, group.checked_sub(1)) {
            (Kind::General, _) if group <= self.regex.group_count() => Reading::Part(Part::Group(group)),
            (Kind::General, _) => Reading::Empty,
            (_, None) => Reading::Part(Part::Shape(ShapePart::Whole)),
            (_, Some(index)) => match simple_groups(self.regex.shape()).get(index) {
                Some(&part) => Reading::Part(Part::Shape(part)),
                None => Reading::Empty,
            },
        }
    }
}

/// What a piece of a template is.
enum Reading {
    Part(Part),
    /// Always empty.
    Empty,
    /// Only a match says which group it is.
    Unknown,
}

fn simple_groups(shape: &Shape) -> &[ShapePart] {
    match shape {
        Shape::Texts { groups, .. }
        | Shape::Prefix { groups, .. }
        | Shape::Suffix { groups, .. }
        | Shape::Infix { groups, .. } => groups,
        _ => &[],
    }
}

/// Where a part of a simple match is, in a text of `length` bytes.
#[inline]
fn part_of(length: usize, found: Found, part: ShapePart) -> (usize, usize) {
    match (found, part) {
        (Found::Simple { fixed, .. }, ShapePart::Fixed) => fixed,
        (Found::Simple { rest, .. }, ShapePart::Rest) => rest,
        _ => (0, length),
    }
}

/// A piece of a value that a rule makes.
pub(super) enum Piece<'p> {
    Text(&'p str),
    /// A part of the matched text.
    Part((usize, usize)),
}

/// A template made ready.
#[derive(Clone, Debug)]
pub(super) enum Expansion {
    /// The same text for every match.
    Constant(Box<str>),
    /// One part of the matched text, as it is there.
    Part(ShapePart),
    /// What the engine's group took.
    Group(usize),
    /// Texts and parts of the matched text.
    Parts { parts: Box<[Part]>, needs_groups: bool },
    /// What only the engine can tell: several groups have the same name.
    Engine(Template),
}

#[derive(Clone, Debug)]
pub(super) enum Part {
    Text(Box<str>),
    Shape(ShapePart),
    Group(usize),
}

impl Expansion {
    /// Whether it needs the engine's groups.
    #[inline]
    pub(super) fn needs_groups(&self) -> bool {
        match self {
            Self::Constant(_) | Self::Part(_) => false,
            Self::Group(_) | Self::Engine(_) => true,
            Self::Parts { needs_groups, .. } => *needs_groups,
        }
    }

    /// The part of the matched text, of `length` bytes, that it is, if it is just that.
    #[inline]
    pub(super) fn as_part(&self, length: usize, found: Found, captures: &Captures) -> Option<(usize, usize)> {
        match self {
            Self::Part(part) => Some(part_of(length, found, *part)),
            Self::Group(group) => Some(captures.get(*group).unwrap_or_default()),
            _ => None,
        }
    }

    /// The texts, and the parts of the matched text of `length` bytes, that it consists of; nothing for a template that
    /// only the engine can expand.
    #[inline]
    pub(super) fn pieces(&self, length: usize, found: Found, captures: &Captures, mut push: impl FnMut(Piece<'_>)) {
        match self {
            Self::Constant(text) => push(Piece::Text(text)),
            Self::Part(part) => push(Piece::Part(part_of(length, found, *part))),
            Self::Group(group) => push(Piece::Part(captures.get(*group).unwrap_or_default())),
            Self::Parts { parts, .. } => {
                for part in parts {
                    push(match part {
                        Part::Text(text) => Piece::Text(text),
                        Part::Shape(part) => Piece::Part(part_of(length, found, *part)),
                        Part::Group(group) => Piece::Part(captures.get(*group).unwrap_or_default()),
                    });
                }
            }
            Self::Engine(_) => {}
        }
    }

    /// An upper bound of its length for a matched text of `length` bytes.
    pub(super) fn max_length(&self, length: usize) -> usize {
        match self {
            Self::Constant(text) => text.len(),
            Self::Part(_) | Self::Group(_) => length,
            Self::Parts { parts, .. } => parts
                .iter()
                .map(|part| match part {
                    Part::Text(text) => text.len(),
                    Part::Shape(_) | Part::Group(_) => length,
                })
                .fold(0, usize::saturating_add),
            Self::Engine(template) => {
                template.references().len().saturating_mul(length).saturating_add(template.text().len())
            }
        }
    }

    /// Appends the expansion for a match of `pattern` on `text`.
    pub(super) fn expand(&self, pattern: &Pattern, text: &str, found: Found, captures: &Captures, out: &mut String) {
        match self {
            Self::Engine(template) => template.expand(pattern.regex(), text, captures, out),
            _ => self.pieces(text.len(), found, captures, |piece| {
                out.push_str(match piece {
                    Piece::Text(text) => text,
                    Piece::Part((start, end)) => text.get(start..end).unwrap_or(""),
                });
            }),
        }
    }
}
