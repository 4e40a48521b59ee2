//! A text in a scalar that is not a literal block: `"a: 1\\n"` in quotes, as tools print manifests in JSON and YAML.

use crate::text::{Edits, InnerMap, Span};
use crate::yaml::{Node, NodeKind, ScalarStyle};

/// The text of such a scalar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct QuotedText {
    text: String,
    style: Style,
    /// The scalar as it is written, its quotes included.
    written: String,
    /// Its place in the outer text.
    span: Span,
    /// Where parts of the text are in the outer one; none where that cannot be said.
    runs: Option<Vec<Run>>,
}

/// How the scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Double,
    Single,
    Folded,
    Plain,
}

/// A part of the text: characters that are written as they are, or one thing that is written in another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    inner: u32,
    inner_length: u32,
    outer: u32,
    outer_length: u32,
}

impl Run {
    /// The place of a byte of the text; `None` inside of a part that is written in another way.
    fn at(self, inner: u32) -> Option<u32> {
        let offset = inner - self.inner;
        match self.inner_length == self.outer_length {
            true => Some(self.outer + offset),
            false if offset == 0 => Some(self.outer),
            false if offset == self.inner_length => Some(self.outer + self.outer_length),
            false => None,
        }
    }
}

impl QuotedText {
    /// The text of a scalar, which is at `offset` before its tree's text in the outer text.
    pub(super) fn of(node: Node<'_>, offset: usize) -> Option<Self> {
        if node.kind() != NodeKind::Scalar || node.value().is_empty() {
            return None;
        }
        let written = node.span().of(node.tree().text());
        let start = offset + node.span().start as usize;
        let style = match node.style() {
            Some(ScalarStyle::DoubleQuoted) => Style::Double,
            Some(ScalarStyle::SingleQuoted) => Style::Single,
            Some(ScalarStyle::Folded | ScalarStyle::Literal) => Style::Folded,
            Some(ScalarStyle::Plain) | None => Style::Plain,
        };
        let decoded = decoded(style, written, start).filter(|(text, _)| text == node.value());
        let span = Span::new(start, start + written.len());
        let runs = decoded.map(|(_, runs)| runs);
        Some(Self { text: node.value().to_string(), style, written: written.to_string(), span, runs })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The place of each byte, or the whole scalar for every one.
    pub(super) fn inner_map(&self) -> InnerMap {
        let of_run = |run: &Run| (run.inner, run.outer, run.outer_length);
        self.runs.as_ref().map_or_else(
            || InnerMap::all_at(self.span),
            |runs| InnerMap::new(runs.iter().filter(|run| run.inner_length > 0).map(of_run).collect()),
        )
    }

    /// Why the text has no place for some edits, in words that follow "it is".
    pub(super) fn why_no_place(&self) -> &'static str {
        match self.style {
            Style::Double => "in double quotes, with escapes or line breaks whose places are not known",
            Style::Single => "in single quotes, where lines cannot be indented",
            Style::Folded => "a folded block (`>`), which joins lines",
            Style::Plain => "without quotes, where lines cannot be indented",
        }
    }

    /// The first sign of the scalar.
    pub(super) fn start(&self) -> Span {
        let length = self.written.chars().next().map_or(0, char::len_utf8);
        Span::new(self.span.start as usize, self.span.start as usize + length)
    }

    /// The changed parts of the scalar, quoted as it is. `None` where it has no place for them.
    pub(super) fn outer_edits(&self, edits: &Edits) -> Option<Edits> {
        let wanted = edits.apply(&self.text);
        // An escaped line break before a part goes with it when nothing comes into its place; else the other way is tried.
        [true, false].into_iter().find_map(|is_usual| {
            let outer = self.raised(edits, is_usual)?;
            let start = self.span.start;
            let own = outer.iter().map(|edit| {
                let span = Span::new((edit.span.start - start) as usize, (edit.span.end - start) as usize);
                (span, edit.text.clone())
            });
            let written = Edits::new(own.collect())?.apply(&self.written);
            decoded(self.style, &written, 0).is_some_and(|(text, _)| text == wanted).then_some(outer)
        })
    }

    fn raised(&self, edits: &Edits, is_usual: bool) -> Option<Edits> {
        let runs = self.runs.as_ref()?;
        // The end of what is before a byte, and the start of the byte.
        let after = |at: u32| match runs.partition_point(|run| run.inner < at).checked_sub(1) {
            None => Some(self.span.start + 1),
            Some(index) => runs[index].at(at),
        };
        let before = |at: u32| match runs.partition_point(|run| run.inner <= at).checked_sub(1) {
            Some(index) if at < runs[index].inner + runs[index].inner_length => runs[index].at(at),
            _ => after(at),
        };
        let raised = edits.iter().map(|edit| {
            let Span { start, end } = edit.span;
            let takes_breaks = edit.text.is_empty() == is_usual;
            let first = if start == end || takes_breaks { after(start)? } else { before(start)? };
            Some((Span::new(first as usize, after(end)? as usize), self.quoted(&edit.text)?))
        });
        Edits::new(raised.collect::<Option<Vec<_>>>()?)
    }

    /// A text as it is written inside of the quotes.
    fn quoted(&self, text: &str) -> Option<String> {
        match self.style {
            Style::Double => {
                let escaped = serde_json::to_string(text).ok()?;
                Some(escaped.get(1..escaped.len() - 1)?.to_string())
            }
            Style::Single if text.contains(char::is_control) => None,
            Style::Single => Some(text.replace('\'', "''")),
            Style::Folded | Style::Plain => None,
        }
    }
}

/// The text of a scalar in quotes, and its parts: texts between escapes as they are, each escape and each folded line break
/// a part of its own.
fn decoded(style: Style, written: &str, start: usize) -> Option<(String, Vec<Run>)> {
    let quote = match style {
        Style::Double => '"',
        Style::Single => '\'',
        Style::Folded | Style::Plain => return None,
    };
    let inside = written.strip_prefix(quote)?.strip_suffix(quote)?;
    let (mut runs, mut text) = (Vec::new(), String::new());
    let mut at = 0;
    while at < inside.len() {
        let rest = inside.get(at..)?;
        let (own, length) = part(style, rest)?;
        let offset = |at: usize| u32::try_from(at).ok();
        runs.push(Run {
            inner: offset(text.len())?,
            inner_length: offset(own.len())?,
            outer: offset(start + 1 + at)?,
            outer_length: offset(length)?,
        });
        text.push_str(&own);
        at += length;
    }
    Some((text, runs))
}

/// The first part of what is inside of quotes: the text that it means, and its length as it is written.
fn part(style: Style, rest: &str) -> Option<(String, usize)> {
    if let Some(folded) = folded(rest) {
        return Some(folded);
    }
    if let (Style::Single, Some(_)) = (style, rest.strip_prefix('\'')) {
        return rest.starts_with("''").then(|| ("'".to_string(), 2));
    }
    if let (Style::Double, Some(escape)) = (style, rest.strip_prefix('\\')) {
        if escape.starts_with(['\n', '\r']) {
            let line = escape.strip_prefix("\r\n").or_else(|| escape.strip_prefix(['\n', '\r']))?;
            let next = line.trim_start_matches([' ', '\t']);
            return Some((String::new(), rest.len() - next.len()));
        }
        let (character, length) = unescaped(escape)?;
        return Some((character.to_string(), 1 + length));
    }
    let special = if style == Style::Single { '\'' } else { '\\' };
    let end = rest.find([special, '\n', '\r']).unwrap_or(rest.len());
    let line = rest.get(..end)?;
    let has_break = rest.get(end..)?.starts_with(['\n', '\r']);
    let plain = if has_break { line.trim_end_matches([' ', '\t']) } else { line };
    Some((plain.to_string(), plain.len()))
}

/// Line breaks, which are read as a space, or as one line break less; with the blanks around them.
fn folded(rest: &str) -> Option<(String, usize)> {
    let from_break = rest.trim_start_matches([' ', '\t']);
    if !from_break.starts_with(['\n', '\r']) {
        return None;
    }
    let next = from_break.trim_start_matches([' ', '\t', '\n', '\r']);
    let all = rest.get(..rest.len() - next.len())?;
    let breaks = all.replace("\r\n", "\n").matches(['\n', '\r']).count();
    let text = if breaks == 1 { " ".to_string() } else { "\n".repeat(breaks - 1) };
    Some((text, all.len()))
}

/// The character of an escape, and the bytes after its backslash.
fn unescaped(escape: &str) -> Option<(char, usize)> {
    let code = escape.chars().next()?;
    let length = match code {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => 0,
    };
    if length > 0 {
        let number = u32::from_str_radix(escape.get(1..=length)?, 16).ok()?;
        return Some((char::from_u32(number)?, 1 + length));
    }
    let character = match code {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        ' ' | '"' | '\'' | '\\' | '/' => code,
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        _ => return None,
    };
    Some((character, 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Tree;

    fn quoted(outer: &str) -> QuotedText {
        let tree = Tree::parse(outer);
        let (_, node) = tree.root().unwrap().entries().next().unwrap();
        QuotedText::of(node, 0).unwrap()
    }

    /// The outer text after an edit, which is undone to the byte.
    fn edited(outer: &str, span: Span, new: &str) -> Option<String> {
        let text = quoted(outer);
        let edits = Edits::new(vec![(span, new.to_string())]).unwrap();
        let after = text.outer_edits(&edits)?.apply(outer);
        let changed = quoted(&after);
        assert_eq!(changed.text(), edits.apply(text.text()), "{outer}");
        if span.is_empty() {
            let added = Span::new(span.start as usize, span.start as usize + new.len());
            let removal = Edits::new(vec![(added, String::new())]).unwrap();
            assert_eq!(changed.outer_edits(&removal).unwrap().apply(&after), outer);
        }
        Some(after)
    }

    #[test]
    fn places_are_found_between_escapes_and_edits_are_escaped() {
        let outer = r#"k: "a: \"b\"\nc\u003e: 2\n""#;
        let text = quoted(outer);
        assert_eq!(text.text(), "a: \"b\"\nc>: 2\n");
        let place = |part: &str| {
            let at = text.text().find(part).unwrap();
            text.inner_map().outer_span(Span::new(at, at + part.len())).of(outer).to_string()
        };
        assert_eq!((place("b"), place("c"), place("2")), ("b".into(), "c".into(), "2".into()));
        let edits = Edits::new(vec![(Span::empty(7), "x: \"y\"\n".into()), (Span::empty(13), "z\n".into())]).unwrap();
        let after = text.outer_edits(&edits).unwrap().apply(outer);
        assert_eq!(quoted(&after).text(), edits.apply(text.text()));
        assert_eq!(after, r#"k: "a: \"b\"\nx: \"y\"\nc\u003e: 2\nz\n""#);
    }

    #[test]
    fn a_text_in_double_quotes_on_several_lines_keeps_its_line_breaks() {
        // As other tools wrap it: an escaped line break, and an escaped blank after it.
        let outer = "k: \"a:\\n\\\n  \\  b: 1\\n\\\n  c: 2\\n\"\n";
        assert_eq!(quoted(outer).text(), "a:\n  b: 1\nc: 2\n");
        for at in [0, 3, 10, 15] {
            let at = at as usize;
            let after = edited(outer, Span::empty(at), "  x: \"y\"\n").unwrap();
            assert_eq!(after.lines().count(), outer.lines().count(), "{after}");
        }
        assert_eq!(edited(outer, Span::new(8, 9), "3").unwrap(), outer.replace("b: 1", "b: 3"));
        assert_eq!(edited(outer, Span::new(3, 10), "").unwrap(), "k: \"a:\\n\\\n  c: 2\\n\"\n");
        // A line that ends without a backslash is a space.
        let outer = "k: \"[a,\n  b,\n\n  c]\"\n";
        assert_eq!(quoted(outer).text(), "[a, b,\nc]");
        assert_eq!(edited(outer, Span::empty(5), "x").unwrap(), "k: \"[a,\n  bx,\n\n  c]\"\n");
    }

    #[test]
    fn a_text_in_single_quotes_is_edited_where_no_line_is_added() {
        let outer = "k: '{a: ''b'', c: [d]}'\n";
        assert_eq!(quoted(outer).text(), "{a: 'b', c: [d]}");
        assert_eq!(edited(outer, Span::empty(14), ", 'e'").unwrap(), "k: '{a: ''b'', c: [d, ''e'']}'\n");
        assert_eq!(edited(outer, Span::new(5, 6), "x").unwrap(), "k: '{a: ''x'', c: [d]}'\n");
        assert_eq!(edited(outer, Span::empty(0), "x\n"), None);
        let outer = "k: '{a: b,\n  c: d}'\n";
        assert_eq!(edited(outer, Span::empty(11), ", e: f").unwrap(), "k: '{a: b,\n  c: d, e: f}'\n");
    }

    #[test]
    fn other_scalars_are_read_but_not_edited() {
        for outer in ["k: a=1 b\n", "k: >\n  a: 1\n"] {
            let text = quoted(outer);
            assert_eq!(text.outer_edits(&Edits::new(vec![(Span::new(0, 1), "x".into())]).unwrap()), None, "{outer}");
            assert!(text.inner_map().outer_span(Span::new(0, 1)).len() > 3, "{outer}");
        }
    }
}
