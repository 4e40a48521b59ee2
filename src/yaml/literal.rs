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
    line_end: &'static str,
}

/// A line: where it begins in the inner text, and where in the outer one.
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
        let line_end = if source[..at].ends_with("\r\n") { "\r\n" } else { "\n" };
        let (mut lines, mut inner, mut indent) = (Vec::new(), 0, None);
        for line in value.split_inclusive('\n') {
            let content = line.strip_suffix('\n').unwrap_or(line);
            let end = content_end(source, at);
            let written = source.get(at..end)?;
            let blanks = if content.is_empty() { 0 } else { written.strip_suffix(content)?.len() };
            if !content.is_empty() && indent.is_none() {
                indent = Some(written[..blanks].to_string());
            }
            lines.push(Line { inner, outer: offset + at, content: offset + at + blanks, length: line.len() });
            inner += line.len();
            at = next_line(source, at);
        }
        let indent = indent.filter(|indent| indent.chars().all(|c| c == ' '))?;
        Some(Self { text: value.to_string(), lines, end: offset + at, indent, line_end })
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

    /// The change of the outer text that changes the inner one by `edits`, its indentation kept.
    #[must_use]
    pub fn outer_edits(&self, edits: &Edits) -> Option<Edits> {
        let outer = edits.iter().map(|edit| {
            let (start, end) = (edit.span.start as usize, edit.span.end as usize);
            let is_whole = edit.text.is_empty() || edit.text.ends_with('\n');
            match (self.line_start(start), self.line_start(end)) {
                (Some(start), Some(end)) if is_whole => {
                    let lines = edit.text.split_inclusive('\n').map(|line| self.outer_line(line));
                    Some((Span::new(start, end), lines.collect()))
                }
                _ => {
                    let text = edit.text.replace('\n', &format!("{}{}", self.line_end, self.indent));
                    Some((Span::new(self.offset(start)?, self.offset(end)?), text))
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
    fn a_change_within_a_line_leaves_its_indentation() {
        assert_eq!(changed("k: |\n  abc\n", vec![(Span::new(0, 1), "x".to_string())]), "k: |\n  xbc\n");
    }
}
