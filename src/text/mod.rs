//! Text and places in it: files, byte spans, lines. Knows nothing of YAML or Prometheus.
//!
//! Everything above this layer speaks of bytes; only what shows a result to people or tools
//! turns a [`Location`] into lines and columns, through [`Sources`].

mod edits;
mod encoding;
mod float;
mod lines;
mod names;
mod new_case;
mod origins;
mod placeholder;
mod quote;
mod show;
mod similar;
mod sources;
mod span;
mod unicode;
mod wildcards;

pub use edits::{Edit, Edits, Origins};
pub use encoding::{DecodeError, Decoded, Encoding, decode_text};
pub(crate) use float::{FloatError, format_float, parse_float};
pub use lines::{LineIndex, Position};
pub(crate) use lines::{content_end, line_start, next_line};
pub use names::{name_from_bytes, name_to_bytes};
pub(crate) use new_case::{NewCase, new_case_of, new_cases};
pub use origins::{OpenPart, OriginMap};
pub(crate) use placeholder::Placeholder;
pub use quote::go_quote;
pub(crate) use quote::go_quote_bytes;
pub use show::{bounded_sentence, escape_text, safe_line, shorten, shown_path};
pub(crate) use show::{command_start, obeyed, short_argument, short_name, shortened};
pub(crate) use similar::is_within;
pub use similar::most_similar;
pub use sources::{InnerMap, Sources};
pub(crate) use span::floor_boundary;
pub use span::{FileId, Location, Span, Spanned};
pub use wildcards::matches_wildcards;
