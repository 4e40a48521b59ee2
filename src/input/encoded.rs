//! A text in base64, as Secrets have it; the operator compresses it as well.

use std::io::{Read, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

use crate::text::{Edits, InnerMap, Span};
use crate::yaml::{Node, NodeKind, ScalarStyle};

/// A decompressed text is no larger: what is beyond is no config.
const LARGEST_TEXT: u64 = 64 << 20;
/// What a gzip stream begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Why a compressed text cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    Damaged,
    TooLarge,
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Damaged => "its gzip data is damaged",
            Self::TooLarge => "it is larger than 64 MiB when decompressed",
        })
    }
}

/// The text in a base64 scalar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EncodedText {
    text: String,
    /// The scalar in the outer text.
    span: Span,
    /// How the base64 is written in it; `None` where its lines have different lengths.
    lines: Option<Base64Lines>,
    is_compressed: bool,
}

impl EncodedText {
    /// The text of a scalar, which is at `offset` before its tree's text in the outer text; `None` for what is
    /// not base64 of a text.
    ///
    /// # Errors
    /// It is compressed, and cannot be decompressed.
    pub(super) fn of(node: Node<'_>, offset: usize) -> Result<Option<Self>, Unreadable> {
        let Some(bytes) = bytes_of(node) else { return Ok(None) };
        let is_compressed = bytes.starts_with(&GZIP);
        let bytes = if is_compressed { decompressed(&bytes)? } else { bytes };
        let Ok(text) = String::from_utf8(bytes) else { return Ok(None) };
        let span = node.span();
        let start = offset + span.start as usize;
        // A block scalar ends with its line end, which is not part of the value.
        let is_block = matches!(node.style(), Some(ScalarStyle::Literal | ScalarStyle::Folded));
        let written = span.of(node.tree().text());
        let length = if is_block { written.trim_end().len() } else { span.len() };
        let lines = Base64Lines::of(written.get(..length).unwrap_or(written), is_block);
        Ok(Some(Self { text, span: Span::new(start, start + length), lines, is_compressed }))
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Every place of the text is the scalar.
    pub(super) fn inner_map(&self) -> InnerMap {
        InnerMap::all_at(self.span)
    }

    /// Why it has no place for edits, in words that follow "it is".
    pub(super) fn why_no_place(&self) -> &'static str {
        "base64 in lines of different lengths"
    }

    /// Where the scalar begins in the outer text.
    pub(super) fn start(&self) -> Span {
        Span::empty(self.span.start as usize)
    }

    /// The scalar written anew, in lines of the same length; `None` where its lines have different lengths.
    pub(super) fn outer_edits(&self, edits: &Edits) -> Option<Edits> {
        if edits.is_empty() {
            return Edits::new(Vec::new());
        }
        let text = edits.apply(&self.text);
        let bytes = if self.is_compressed { compressed(text.as_bytes())? } else { text.into_bytes() };
        let lines = self.lines.as_ref()?;
        let start = self.span.start as usize;
        let span = Span::new(start + lines.start, start + lines.end);
        Edits::new(vec![(span, lines.wrapped(&STANDARD.encode(bytes)))])
    }
}

/// How base64 is written in a scalar.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Base64Lines {
    /// Where it begins in the scalar, after a quote or the header of a block.
    start: usize,
    /// Where it ends.
    end: usize,
    /// The length of its lines, and the text between two of them; `None` for one line.
    lines: Option<(usize, String)>,
}

impl Base64Lines {
    /// Those of a scalar as it is written; `None` where they are not of one length.
    fn of(written: &str, is_block: bool) -> Option<Self> {
        let header = if is_block && written.starts_with(['|', '>']) { written.find('\n')? } else { 0 };
        let is_of_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
        let start = header + written[header..].find(is_of_base64)?;
        let end = written.trim_end_matches(['"', '\'', ' ', '\t', '\r', '\n']).len();
        let (mut runs, mut gaps): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
        let mut rest = written.get(start..end)?;
        loop {
            let length = rest.find(|c| !is_of_base64(c)).unwrap_or(rest.len());
            runs.push(&rest[..length]);
            rest = &rest[length..];
            let gap = rest.find(is_of_base64).unwrap_or(rest.len());
            if gap == 0 {
                break;
            }
            gaps.push(&rest[..gap]);
            rest = &rest[gap..];
        }
        let Some(((first, last), gap)) = runs.first().zip(runs.last()).zip(gaps.first()) else {
            return Some(Self { start, end, lines: None });
        };
        // In double quotes a backslash at the end of a line joins it to the next one.
        let is_line_end = gap.chars().all(|c| matches!(c, ' ' | '\t' | '\r' | '\n')) || gap.starts_with("\\\n");
        let is_even = runs[..runs.len() - 1].iter().all(|run| run.len() == first.len()) && last.len() <= first.len();
        let is_same = gap.contains('\n') && gaps.iter().all(|other| other == gap);
        (is_line_end && is_even && is_same).then(|| Self { start, end, lines: Some((first.len(), (*gap).to_string())) })
    }

    /// A text in base64 in lines of this length.
    fn wrapped(&self, encoded: &str) -> String {
        let Some((length, gap)) = &self.lines else { return encoded.to_string() };
        let mut lines: Vec<&str> = Vec::new();
        let mut rest = encoded;
        while rest.len() > *length {
            let (line, more) = rest.split_at(*length);
            lines.push(line);
            rest = more;
        }
        lines.push(rest);
        lines.join(gap)
    }
}

/// The bytes of a scalar in base64.
fn bytes_of(node: Node<'_>) -> Option<Vec<u8>> {
    if node.kind() != NodeKind::Scalar {
        return None;
    }
    let encoded: String = node.value().split_ascii_whitespace().collect();
    STANDARD.decode(encoded).ok().filter(|bytes| !bytes.is_empty())
}

fn decompressed(bytes: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let mut text = Vec::new();
    let read = MultiGzDecoder::new(bytes).take(LARGEST_TEXT + 1).read_to_end(&mut text);
    match read {
        _ if text.len() as u64 > LARGEST_TEXT => Err(Unreadable::TooLarge),
        Ok(_) => Ok(text),
        Err(_) => Err(Unreadable::Damaged),
    }
}

fn compressed(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Tree;

    fn encoded(tree: &Tree) -> Result<Option<EncodedText>, Unreadable> {
        let (_, node) = tree.root().unwrap().entries().next().unwrap();
        EncodedText::of(node, 0)
    }

    #[test]
    fn a_changed_text_is_encoded_again() {
        let tree = Tree::parse("a: c2NyYXBlX2NvbmZpZ3M6IFtdCg==\nb: 1\n");
        let encoded = encoded(&tree).unwrap().unwrap();
        assert_eq!(encoded.text(), "scrape_configs: []\n");
        let edits = Edits::new(vec![(Span::new(16, 18), "[x]".to_string())]).unwrap();
        let outer = encoded.outer_edits(&edits).unwrap().apply(tree.text());
        assert_eq!(outer, "a: c2NyYXBlX2NvbmZpZ3M6IFt4XQo=\nb: 1\n");
    }

    #[test]
    fn lines_keep_their_length_and_quotes_stay() {
        let edits = || Edits::new(vec![(Span::new(16, 18), "[x]".to_string())]).unwrap();
        for (before, after) in [
            ("|\n  c2NyYXBlX2Nv\n  bmZpZ3M6IFtd\n  Cg==\n", "|\n  c2NyYXBlX2Nv\n  bmZpZ3M6IFt4\n  XQo=\n"),
            (">-\n  c2NyYXBlX2Nv\n  bmZpZ3M6IFtd\n  Cg==\n", ">-\n  c2NyYXBlX2Nv\n  bmZpZ3M6IFt4\n  XQo=\n"),
            ("'c2NyYXBlX2Nv\n  bmZpZ3M6IFtd\n  Cg=='\n", "'c2NyYXBlX2Nv\n  bmZpZ3M6IFt4\n  XQo='\n"),
            ("\"c2NyYXBlX2NvbmZp\\\n  Z3M6IFtdCg==\"\n", "\"c2NyYXBlX2NvbmZp\\\n  Z3M6IFt4XQo=\"\n"),
            ("c2NyYXBlX2NvbmZp\n  Z3M6IFtdCg==\n", "c2NyYXBlX2NvbmZp\n  Z3M6IFt4XQo=\n"),
            ("\"c2NyYXBlX2NvbmZpZ3M6IFtdCg==\"\n", "\"c2NyYXBlX2NvbmZpZ3M6IFt4XQo=\"\n"),
            ("|-\n  c2NyYXBlX2NvbmZpZ3M6IFtdCg==\n", "|-\n  c2NyYXBlX2NvbmZpZ3M6IFt4XQo=\n"),
        ] {
            let tree = Tree::parse(format!("a: {before}b: 1\n"));
            let outer = encoded(&tree).unwrap().unwrap().outer_edits(&edits()).unwrap().apply(tree.text());
            assert_eq!(outer, format!("a: {after}b: 1\n"));
        }
        let uneven = Tree::parse("a: |\n  c2NyYXBl\n  X2NvbmZpZ3M6IFtd\n  Cg==\n");
        assert_eq!(encoded(&uneven).unwrap().unwrap().outer_edits(&edits()), None);
    }

    #[test]
    fn a_compressed_text_is_compressed_again() {
        let bytes = compressed(b"scrape_configs: []\n").unwrap();
        let tree = Tree::parse(format!("a: {}\n", STANDARD.encode(bytes)));
        let first = encoded(&tree).unwrap().unwrap();
        assert_eq!(first.text(), "scrape_configs: []\n");
        let edits = Edits::new(vec![(Span::empty(0), "# x\n".to_string())]).unwrap();
        let outer = Tree::parse(first.outer_edits(&edits).unwrap().apply(tree.text()));
        assert_eq!(encoded(&outer).unwrap().unwrap().text(), "# x\nscrape_configs: []\n");
    }

    #[test]
    fn what_is_no_base64_of_a_text_is_none() {
        for text in ["a: x!\n", "a: /w==\n", "a: ''\n", "a: [eA==]\n"] {
            assert_eq!(encoded(&Tree::parse(text)), Ok(None), "{text}");
        }
    }

    #[test]
    fn compressed_texts_that_are_damaged_or_too_large_are_refused() {
        assert_eq!(encoded(&Tree::parse("a: H4sIAAAA\n")), Err(Unreadable::Damaged));
        let spaces = vec![b' '; 1 + (64 << 20)];
        let tree = Tree::parse(format!("a: {}\n", STANDARD.encode(compressed(&spaces).unwrap())));
        assert_eq!(encoded(&tree), Err(Unreadable::TooLarge));
    }
}
