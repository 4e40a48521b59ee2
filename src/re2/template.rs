//! Templates with `$1` and `${name}`, expanded as Go's `Regexp.Expand` does.

use std::sync::OnceLock;

use regex_syntax::hir::ClassUnicode;

use super::engine::Captures;
use super::error::TooLargeError;
use super::regex::Regex;
use super::syntax::Syntax;
use super::unicode;
use crate::text::Span;

/// A replacement or target label with references to groups, read once.
///
/// ```
/// use promcfg::re2::{Captures, Regex, Template};
/// let regex = Regex::new("(?P<host>[^:]+):(.*)").unwrap();
/// let mut captures = Captures::new();
/// assert!(regex.captures("db:5432", &mut captures).unwrap());
/// let mut out = String::new();
/// Template::parse("${host}-$2-$$").expand(&regex, "db:5432", &captures, &mut out);
/// assert_eq!(out, "db-5432-$");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    text: Box<str>,
    pieces: Vec<Piece>,
    references: Vec<Reference>,
}

/// A reference to a group in a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reference {
    /// The bytes of the reference in the template, `$` and braces included.
    pub span: Span,
    /// What it refers to.
    pub group: GroupReference,
}

/// Which group a [`Reference`] means.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GroupReference {
    /// A group by number; 0 is the whole match.
    Number(usize),
    /// A group by name: everything that is not a number without leading zeros, such as `1x` and `01`.
    Name(String),
}

/// A part of a [`Template`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TemplatePiece<'a> {
    /// Text to copy.
    Text(&'a str),
    /// What a group took.
    Group(&'a GroupReference),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// Bytes of the template to copy.
    Text(usize, usize),
    /// An index into the references.
    Reference(usize),
}

impl Template {
    /// Reads a template. Every text is one: what is not a reference is copied.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut template = Self { text: text.into(), pieces: Vec::new(), references: Vec::new() };
        let mut copied = 0;
        let mut at = 0;
        while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr(b'$', rest.as_bytes())) {
            let start = at + found;
            let rest = text.get(start + 1..).unwrap_or("");
            if rest.starts_with('$') {
                template.copy(copied, start + 1);
                at = start + 2;
                copied = at;
            } else if let Some((group, length)) = reference(rest) {
                template.copy(copied, start);
                at = start + 1 + length;
                copied = at;
                template.pieces.push(Piece::Reference(template.references.len()));
                template.references.push(Reference { span: Span::new(start, at), group });
            } else {
                // Malformed: the `$` is literal.
                at = start + 1;
            }
        }
        template.copy(copied, text.len());
        template
    }

    fn copy(&mut self, start: usize, end: usize) {
        if start < end {
            self.pieces.push(Piece::Text(start, end));
        }
    }

    /// The text it was read from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it refers to any group.
    #[must_use]
    pub fn has_references(&self) -> bool {
        !self.references.is_empty()
    }

    /// The references, in the order they are written.
    #[must_use]
    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// What the template consists of, in order: texts to copy, with `$$` already one `$`, and references.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = TemplatePiece<'_>> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Text(start, end) => self.text.get(*start..*end).map(TemplatePiece::Text),
            Piece::Reference(index) => {
                self.references.get(*index).map(|reference| TemplatePiece::Group(&reference.group))
            }
        })
    }

    /// Appends the template to `out`, with every reference replaced by what the group took of `text` in the
    /// match that `captures` holds. Groups that do not exist or took no part are empty; of several groups with
    /// one name the first that took part counts.
    pub fn expand(&self, regex: &Regex, text: &str, captures: &Captures, out: &mut String) {
        for piece in &self.pieces {
            match piece {
                Piece::Text(start, end) => out.push_str(self.text.get(*start..*end).unwrap_or("")),
                Piece::Reference(index) => {
                    let found = self.references.get(*index).and_then(|reference| match &reference.group {
                        GroupReference::Number(number) => captures.get(*number),
                        GroupReference::Name(name) => named(regex, captures, name),
                    });
                    if let Some((start, end)) = found {
                        out.push_str(text.get(start..end).unwrap_or(""));
                    }
                }
            }
        }
    }
}

impl Regex {
    /// Appends `text` to `out` with every match replaced by the template, as Go's `ReplaceAllString` does, and
    /// says whether there was any. An anchored pattern has at most one match, which is the whole text.
    ///
    /// ```
    /// use promcfg::re2::{Regex, Template};
    /// let mut out = String::new();
    /// let escaped = Regex::new("zz)|(?:a").unwrap();
    /// assert!(escaped.replace_all("zza", &Template::parse("<$0>"), &mut out).unwrap());
    /// assert_eq!(out, "<zz><a>");
    /// ```
    ///
    /// # Errors
    /// [`TooLargeError`] when the answer would take too much memory or time; `out` is then as before.
    pub fn replace_all(&self, text: &str, template: &Template, out: &mut String) -> Result<bool, TooLargeError> {
        let before = out.len();
        let mut captures = Captures::new();
        let mut last_end = 0;
        let mut from = 0;
        let mut matched = false;
        while from <= text.len() {
            match self.captures_from(text, from, &mut captures) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    out.truncate(before);
                    return Err(error);
                }
            }
            let Some((start, end)) = captures.get(0) else { break };
            matched = true;
            out.push_str(text.get(last_end..start).unwrap_or(""));
            // Not for an empty match right after another match.
            if end > last_end || start == 0 {
                template.expand(self, text, &captures, out);
            }
            last_end = end;
            let width = text.get(from..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
            from = end.max(from + width);
        }
        out.push_str(text.get(last_end..).unwrap_or(""));
        Ok(matched)
    }
}

fn named(regex: &Regex, captures: &Captures, name: &str) -> Option<(usize, usize)> {
    regex
        .group_names()
        .enumerate()
        .filter(|(_, group_name)| *group_name == Some(name))
        .find_map(|(index, _)| captures.get(index))
}

/// The reference after a `$`, and its length; `None` when it is malformed.
fn reference(rest: &str) -> Option<(GroupReference, usize)> {
    let (name, braces) = match rest.strip_prefix('{') {
        Some(name) => (name, 2),
        None => (rest, 0),
    };
    let length = name.find(|c| !is_name_character(c)).unwrap_or(name.len());
    if length == 0 || (braces > 0 && !name.get(length..).is_some_and(|rest| rest.starts_with('}'))) {
        return None;
    }
    let name = name.get(..length)?;
    let group = number(name).map_or_else(|| GroupReference::Name(name.to_owned()), GroupReference::Number);
    Some((group, length + braces))
}

/// A group number: at most nine ASCII digits, without leading zeros.
fn number(name: &str) -> Option<usize> {
    let digits = name.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || name.len() > 9 || (name.len() > 1 && name.starts_with('0')) {
        return None;
    }
    name.parse().ok()
}

/// Unicode letters, decimal digits and `_`.
fn is_name_character(c: char) -> bool {
    static NAMES: OnceLock<Option<ClassUnicode>> = OnceLock::new();
    if c.is_ascii() {
        return c == '_' || c.is_ascii_alphanumeric();
    }
    let names = NAMES.get_or_init(|| {
        let mut names = unicode::unicode_class("L", Syntax::default())?;
        names.union(&unicode::unicode_class("Nd", Syntax::default())?);
        Some(names)
    });
    names.as_ref().is_some_and(|names| {
        let ranges = names.ranges();
        let at = ranges.partition_point(|range| range.end() < c);
        ranges.get(at).is_some_and(|range| range.start() <= c)
    })
}
