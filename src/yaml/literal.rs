//! The text in a literal block scalar (`key: |`), and what a change of it is in the text around it.

use crate::text::{Edits, InnerMap, Span, content_end, next_line};

use super::token::ScalarStyle;
use super::tree::Node;

/// A literal block scalar taken for a text of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiteralText {
    text: String,
    lines: Vec<Line>,
    end: usize,
    indent: String,
    /// Whether the first line with content decides the indentation, not a number after the `|`.
    finds_indent: bool,
    line_end: &'static str,
}

/// A line: where it begins in the inner text, and where in the outer one. The blanks of an empty line are before its
/// content, and are at most the indentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Line {
    inner: usize,
    outer: usize,
    content: usize,
    length: usize,
}

impl LiteralText {
    /// The text of `node`, which is at `offset` before its tree's text in the outer text. `None`
    /// unless it is a literal block scalar.
    #[must_use]
    pub fn of(node: Node<'_>, offset: usize) -> Option<Self> {
        if node.style() != Some(ScalarStyle::Literal) {
            return None;
        }
        let (source, value): (&str, &str) = (node.tree().text(), node.value());
        let mut at = next_line(source, node.span().start as usize);
        let header = source.get(node.span().start as usize..at)?;
        let finds_indent = !header.split('#').next()?.contains(|c: char| c.is_ascii_digit());
        let line_end = if source[..at].ends_with("\r\n") { "\r\n" } else { "\n" };
        let (mut lines, mut inner, mut indent) = (Vec::new(), 0, None);
        for line in value.split_inclusive('\n') {
            let content = line.strip_suffix('\n').unwrap_or(line);
            let end = content_end(source, at);
            let written = source.get(at..end)?;
            let blanks = written.strip_suffix(content)?.len();
            if !content.is_empty() && indent.is_none() {
                indent = Some(written[..blanks].to_string());
            }
            lines.push(Line { inner, outer: offset + at, content: offset + at + blanks, length: line.len() });
            inner += line.len();
            at = next_line(source, at);
        }
        let indent = indent.filter(|indent| indent.chars().all(|c| c == ' '))?;
        Some(Self { text: value.to_string(), lines, end: offset + at, indent, finds_indent, line_end })
    }

    /// The inner text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where its bytes are in the outer text.
    #[must_use]
    pub fn inner_map(&self) -> InnerMap {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        InnerMap::new(
            self.lines.iter().map(|line| (offset(line.inner), offset(line.content), offset(line.length))).collect(),
        )
    }

    /// The change of the outer text that changes the inner one by `edits`, its indentation kept. `None` where a place
    /// does not exist, and where the first line with content would begin with a blank, which would be indentation.
    #[must_use]
    pub fn outer_edits(&self, edits: &Edits) -> Option<Edits> {
        let starts_blank = || edits.apply(&self.text).trim_start_matches('\n').starts_with([' ', '\t']);
        if self.finds_indent && starts_blank() {
            return None;
        }
        let outer = edits.iter().map(|edit| {
            let (start, end) = (edit.span.start as usize, edit.span.end as usize);
            let is_whole = edit.text.is_empty() || edit.text.ends_with('\n');
            match (self.line_start(start), self.line_start(end)) {
                (Some(start), Some(end)) if is_whole => {
                    let lines = edit.text.split_inclusive('\n').map(|line| self.outer_line(line));
                    Some((Span::new(start, end), lines.collect()))
                }
                _ => {
                    let missing = if edit.text.starts_with('\n') { "" } else { self.missing_indent(start) };
                    let text = self.indented(&edit.text);
                    Some((Span::new(self.offset(start)?, self.offset(end)?), format!("{missing}{text}")))
                }
            }
        });
        Edits::new(outer.collect::<Option<Vec<_>>>()?)
    }

    fn outer_line(&self, line: &str) -> String {
        let content = line.trim_end_matches('\n');
        let indent = if content.is_empty() { "" } else { &self.indent };
        format!("{indent}{content}{}", self.line_end)
    }

    /// Where the outer line begins whose inner one begins at `inner`.
    fn line_start(&self, inner: usize) -> Option<usize> {
        if inner == self.text.len() && self.text.ends_with('\n') {
            return Some(self.end);
        }
        let index = self.lines.binary_search_by_key(&inner, |line| line.inner).ok()?;
        self.lines.get(index).map(|line| line.outer)
    }

    /// The lines of a text with the indentation; an empty line gets none.
    fn indented(&self, text: &str) -> String {
        let mut lines = text.split('\n').peekable();
        let mut indented = lines.next().unwrap_or("").to_string();
        while let Some(line) = lines.next() {
            // What is after the last line end goes on in the old text.
            let is_empty = line.is_empty() && lines.peek().is_some();
            indented.push_str(self.line_end);
            indented.push_str(if is_empty { "" } else { &self.indent });
            indented.push_str(line);
        }
        indented
    }

    /// The indentation that an empty line at `inner` does not have yet.
    fn missing_indent(&self, inner: usize) -> &str {
        let index = self.lines.binary_search_by_key(&inner, |line| line.inner).ok();
        let empty = index.and_then(|index| self.lines.get(index)).filter(|line| line.length <= 1);
        empty.and_then(|line| self.indent.get(line.content - line.outer..)).unwrap_or("")
    }

    fn offset(&self, inner: usize) -> Option<usize> {
        let index = self.lines.partition_point(|line| line.inner <= inner).checked_sub(1)?;
        self.lines.get(index).map(|line| line.content + (inner - line.inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Tree;

    fn literal(tree: &Tree) -> LiteralText {
        let (_, node) = tree.root().unwrap().entries().next().unwrap();
        LiteralText::of(node, 0).unwrap()
    }

    fn changed(outer: &str, edits: Vec<(Span, String)>) -> String {
        let tree = Tree::parse(outer);
        let edits = literal(&tree).outer_edits(&Edits::new(edits).unwrap()).unwrap();
        edits.apply(outer)
    }

    #[test]
    fn new_lines_get_the_indentation_of_the_text() {
        let at_line = vec![(Span::empty(2), "x\n\n".to_string())];
        assert_eq!(changed("k: |\n   a\n   b\nz: 1\n", at_line.clone()), "k: |\n   a\n   x\n\n   b\nz: 1\n");
        assert_eq!(changed("k: |\r\n   a\r\n   b\r\n", at_line.clone()), "k: |\r\n   a\r\n   x\r\n\r\n   b\r\n");
        assert_eq!(changed("k: |\n   a\nz: 1\n", at_line), "k: |\n   a\n   x\n\nz: 1\n");
    }

    #[test]
    fn a_text_without_a_last_line_end_stays_without() {
        assert_eq!(changed("k: |\n  a\n  b", vec![(Span::empty(3), "\nx".to_string())]), "k: |\n  a\n  b\n  x");
        assert_eq!(changed("k: |-\n  a\nz: 1\n", vec![(Span::empty(1), "\nx".to_string())]), "k: |-\n  a\n  x\nz: 1\n");
    }

    #[test]
    fn a_text_in_an_empty_line_gets_the_indentation_that_is_missing() {
        let at_empty = vec![(Span::empty(2), "x".to_string())];
        for outer in ["k: |\n  a\n\n  b\n", "k: |\n  a\n \n  b\n", "k: |\n  a\n  \n  b\n"] {
            assert_eq!(changed(outer, at_empty.clone()), "k: |\n  a\n  x\n  b\n");
        }
    }

    #[test]
    fn a_first_line_that_begins_with_a_blank_has_no_place_unless_the_indentation_is_given() {
        let edits = Edits::new(vec![(Span::empty(0), " x".to_string())]).unwrap();
        assert_eq!(literal(&Tree::parse("k: |\n  a\n")).outer_edits(&edits), None);
        assert_eq!(literal(&Tree::parse("k: |\n\n  a\n")).outer_edits(&edits), None);
        assert_eq!(changed("k: |2\n  a\n", vec![(Span::empty(0), " x".to_string())]), "k: |2\n   xa\n");
    }

    #[test]
    fn a_change_within_a_line_leaves_its_indentation() {
        assert_eq!(changed("k: |\n  abc\n", vec![(Span::new(0, 1), "x".to_string())]), "k: |\n  xbc\n");
    }
}
