//! A text in a scalar that is not a literal block: `"a: 1\\n"` in quotes, as tools print manifests in JSON and YAML.

use crate::text::{Edits, InnerMap, Span};
use crate::yaml::{Node, NodeKind, ScalarStyle};

/// The text of such a scalar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct QuotedText {
    text: String,
    /// The scalar in the outer text, its quotes included.
    span: Span,
    /// Where runs of the text are in the outer one; none where that cannot be said.
    runs: Option<Vec<(u32, u32, u32)>>,
}

impl QuotedText {
    /// The text of a scalar, which is at `offset` before its tree's text in the outer text.
    pub(super) fn of(node: Node<'_>, offset: usize) -> Option<Self> {
        if node.kind() != NodeKind::Scalar || node.value().is_empty() {
            return None;
        }
        let written = node.span().of(node.tree().text());
        let start = offset + node.span().start as usize;
        let is_double = node.style() == Some(ScalarStyle::DoubleQuoted);
        let runs = if is_double { runs_of(written, node.value(), start) } else { None };
        Some(Self { text: node.value().to_string(), span: Span::new(start, start + written.len()), runs })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The place of each byte, or the whole scalar for every one.
    pub(super) fn inner_map(&self) -> InnerMap {
        self.runs.as_ref().map_or_else(|| InnerMap::all_at(self.span), |runs| InnerMap::new(runs.clone()))
    }

    /// The changed parts of the scalar, with escapes. `None` unless it is in double quotes on one line.
    pub(super) fn outer_edits(&self, edits: &Edits) -> Option<Edits> {
        let runs = self.runs.as_ref()?;
        let outer = |at: u32| {
            let index = runs.partition_point(|(inner, _, _)| *inner <= at).checked_sub(1)?;
            let (inner, outer, length) = runs.get(index)?;
            Some((outer + (at - inner).min(*length)) as usize)
        };
        let end = u32::try_from(self.text.len()).ok()?;
        // The end of the text is before the closing quote.
        let outer = |at: u32| if at == end { Some(self.span.end as usize - 1) } else { outer(at) };
        let raised = edits.iter().map(|edit| {
            let escaped = serde_json::to_string(&edit.text).ok()?;
            let escaped = escaped.get(1..escaped.len() - 1)?.to_string();
            Some((Span::new(outer(edit.span.start)?, outer(edit.span.end)?), escaped))
        });
        Edits::new(raised.collect::<Option<Vec<_>>>()?)
    }
}

/// The runs of a scalar in double quotes: texts between escapes as they are, each escape a run of its own.
fn runs_of(written: &str, value: &str, start: usize) -> Option<Vec<(u32, u32, u32)>> {
    let inside = written.strip_prefix('"')?.strip_suffix('"')?;
    if inside.contains(['\n', '\r']) {
        return None;
    }
    let (mut runs, mut decoded) = (Vec::new(), String::with_capacity(value.len()));
    let offset = |at: usize| u32::try_from(at).ok();
    let mut at = 0;
    while at < inside.len() {
        let rest = inside.get(at..)?;
        let outer = offset(start + 1 + at)?;
        let (inner, length) = match rest.strip_prefix('\\') {
            None => {
                let length = rest.find('\\').unwrap_or(rest.len());
                decoded.push_str(rest.get(..length)?);
                (offset(decoded.len() - length)?, length)
            }
            Some(escape) => {
                let (character, length) = unescaped(escape)?;
                decoded.push(character);
                (offset(decoded.len() - character.len_utf8())?, 1 + length)
            }
        };
        runs.push((inner, outer, offset(length)?));
        at += length;
    }
    (decoded == value).then_some(runs)
}

/// The character of an escape, and the bytes after its backslash. Others than those of JSON are left to the reader
/// of YAML: their places are not said.
fn unescaped(escape: &str) -> Option<(char, usize)> {
    let code = escape.chars().next()?;
    Some(match code {
        'n' => ('\n', 1),
        't' => ('\t', 1),
        'r' => ('\r', 1),
        '"' | '\\' | '/' => (code, 1),
        'x' | 'u' => {
            let length = if code == 'x' { 2 } else { 4 };
            let number = u32::from_str_radix(escape.get(1..=length)?, 16).ok()?;
            (char::from_u32(number)?, 1 + length)
        }
        _ => return None,
    })
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
    fn other_scalars_are_read_but_not_edited() {
        for outer in ["k: 'a: 1'\n", "k: \"a:\n  1\"\n", "k: >\n  a: 1\n", "k: \"\\N a\"\n"] {
            let text = quoted(outer);
            assert_eq!(text.outer_edits(&Edits::new(vec![(Span::new(0, 1), "x".into())]).unwrap()), None, "{outer}");
            assert!(text.inner_map().outer_span(Span::new(0, 1)).len() > 3, "{outer}");
        }
    }
}
