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
        Ok(Some(Self { text, span: Span::new(start, start + length), is_compressed }))
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Every place of the text is the scalar.
    pub(super) fn inner_map(&self) -> InnerMap {
        InnerMap::all_at(self.span)
    }

    /// The scalar written anew.
    pub(super) fn outer_edits(&self, edits: &Edits) -> Option<Edits> {
        if edits.is_empty() {
            return Edits::new(Vec::new());
        }
        let text = edits.apply(&self.text);
        let bytes = if self.is_compressed { compressed(text.as_bytes())? } else { text.into_bytes() };
        Edits::new(vec![(self.span, STANDARD.encode(bytes))])
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
