//! The gaps between nodes: indicators, comments, anchors and tags, directives and the markers of documents.

use crate::text::Span;

/// A part of a gap; blanks and line breaks are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::yaml) enum GapPart {
    /// From its `#` to the end of its line.
    Comment(Span),
    /// One of `-?:,[]{}`.
    Indicator(u8, Span),
    /// An anchor or a tag.
    Property(Span),
    /// `---` or `...`.
    Marker(Span),
    /// A line that begins with `%`.
    Directive(Span),
}

/// The parts of a gap, in order.
pub(in crate::yaml) struct Gap<'t> {
    text: &'t str,
    at: usize,
    end: usize,
}

impl<'t> Gap<'t> {
    /// The gap from `start` to `end`; empty if `end` comes before `start` or either cuts a character.
    pub(in crate::yaml) fn new(text: &'t str, start: usize, end: usize) -> Self {
        let (at, end) = if text.get(start..end).is_some() { (start, end) } else { (0, 0) };
        Self { text, at, end }
    }

    fn to_line_end(&self) -> Span {
        let rest = &self.text[self.at..self.end];
        let length = rest.find(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).unwrap_or(rest.len());
        Span::new(self.at, self.at + length)
    }

    fn is_line_start(&self) -> bool {
        self.text[..self.at].ends_with(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}', '\u{feff}']) || self.at == 0
    }

    /// The bytes of an anchor or a tag: an anchor ends at the first character that no name has, a tag at a blank.
    fn property(&self) -> Span {
        let rest = &self.text[self.at..self.end];
        let is_anchor = rest.starts_with('&');
        let ends = |c: char| {
            if is_anchor { !(c.is_ascii_alphanumeric() || c == '_' || c == '-') } else { c.is_whitespace() }
        };
        let length = rest[1..].find(ends).map_or(rest.len(), |length| length + 1);
        Span::new(self.at, self.at + length)
    }

    fn part(&self) -> Option<GapPart> {
        let rest = &self.text[self.at..self.end];
        let first = rest.chars().next()?;
        let of_length = |length: usize| Span::new(self.at, self.at + length);
        Some(match first {
            '#' => GapPart::Comment(self.to_line_end()),
            '&' | '!' => GapPart::Property(self.property()),
            '%' if self.is_line_start() => GapPart::Directive(self.to_line_end()),
            '-' | '.' if (rest.starts_with("---") || rest.starts_with("...")) && self.is_line_start() => {
                GapPart::Marker(of_length(3))
            }
            first => GapPart::Indicator(u8::try_from(first).unwrap_or(0), of_length(first.len_utf8())),
        })
    }
}

impl GapPart {
    fn span(self) -> Span {
        match self {
            Self::Comment(span)
            | Self::Indicator(_, span)
            | Self::Property(span)
            | Self::Marker(span)
            | Self::Directive(span) => span,
        }
    }
}

impl Iterator for Gap<'_> {
    type Item = GapPart;

    fn next(&mut self) -> Option<GapPart> {
        let rest = &self.text[self.at..self.end];
        let blanks = rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').len();
        self.at += blanks;
        let part = self.part()?;
        self.at = part.span().end as usize;
        Some(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_has_indicators_comments_and_properties() {
        let text = "---\n- # one\n  &a_1 !x#y # two\n  ? ";
        let parts: Vec<&str> = Gap::new(text, 0, text.len()).map(|part| part.span().of(text)).collect();
        assert_eq!(parts, ["---", "-", "# one", "&a_1", "!x#y", "# two", "?"]);
    }

    #[test]
    fn a_comment_ends_where_its_line_does_and_a_gap_where_it_is_cut() {
        let text = "# one\r\n#two\u{2028}# three and more";
        let parts: Vec<&str> = Gap::new(text, 0, 22).map(|part| part.span().of(text)).collect();
        assert_eq!(parts, ["# one", "#two", "# three "]);
        assert_eq!(Gap::new("é", 1, 2).count() + Gap::new("#", 1, 0).count(), 0);
    }
}
