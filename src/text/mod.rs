//! Text and places in it: files, byte spans, lines. Knows nothing of YAML or Prometheus.
//!
//! Everything above this layer speaks of bytes; only what shows a result to people or tools
//! turns a [`Location`] into lines and columns, through [`Sources`].

mod edits;
mod encoding;
mod lines;
mod placeholder;
mod quote;
mod similar;
mod sources;
mod span;
mod wildcards;

pub use edits::{Edit, Edits, Origins};
pub use encoding::{DecodeError, Decoded, Encoding, decode_text};
pub use lines::{LineIndex, Position};
pub(crate) use lines::{content_end, line_start, next_line};
pub(crate) use placeholder::Placeholder;
pub use quote::go_quote;
pub use similar::most_similar;
pub use sources::{InnerMap, Sources};
pub(crate) use span::floor_boundary;
pub use span::{FileId, Location, Span, Spanned};
pub use wildcards::matches_wildcards;
