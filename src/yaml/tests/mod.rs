//! Texts that are read differently than one would think, and texts meant to do harm.

mod bytes;
mod hostile;
mod spans;

use crate::text::decode_text;

use super::tree::Tree;

/// yaml.v2's message for a text it refuses.
fn refusal(bytes: &[u8]) -> Option<String> {
    Tree::from_decoded(decode_text(bytes)).fault().map(ToString::to_string)
}

/// The refusal as a text to compare with.
fn refused(bytes: impl AsRef<[u8]>) -> String {
    refusal(bytes.as_ref()).unwrap_or_else(|| "is read".to_string())
}
