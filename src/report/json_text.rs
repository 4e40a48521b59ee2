//! JSON as it may be shown: the same values, with escapes for all that a terminal or a log obeys.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, PrettyFormatter, Serializer};

use crate::text::obeyed;

/// Writes a document, indented, with a line end. Characters that a terminal or a log would obey or hide are written as
/// escapes such as `\u202e`: whoever reads the JSON gets every text as it is.
///
/// ```
/// let mut out = Vec::new();
/// promcfg::report::write_document(&mut out, &serde_json::json!(["a\u{202e}b"]))?;
/// assert_eq!(out, b"[\n  \"a\\u202eb\"\n]\n");
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// Those of writing.
pub fn write_document(out: &mut dyn Write, document: &impl Serialize) -> io::Result<()> {
    document.serialize(&mut Serializer::with_formatter(&mut *out, Shown(PrettyFormatter::new())))?;
    writeln!(out)
}

/// Writes a value on one line, as [`write_document`] does.
///
/// ```
/// let mut out = Vec::new();
/// promcfg::report::write_line(&mut out, &serde_json::json!({ "file": "\u{7f}##[error]" }))?;
/// assert_eq!(out, b"{\"file\":\"\\u007f\\u0023#[error]\"}\n");
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// Those of writing.
pub fn write_line(out: &mut dyn Write, value: &Value) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, Shown(CompactFormatter)))?;
    writeln!(out)
}

/// The layout of another formatter.
struct Shown<F>(F);

impl<F: Formatter> Formatter for Shown<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut done = 0;
        for (at, character) in obeyed(fragment) {
            out.write_all(&fragment.as_bytes()[done..at])?;
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            done = at + character.len_utf8();
        }
        out.write_all(&fragment.as_bytes()[done..])
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, out: &mut W, escape: CharEscape) -> io::Result<()> {
        self.0.write_char_escape(out, escape)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_key(out)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back_and_nothing_in_the_json_is_obeyed() {
        let text: String = (0..0x1_1000).chain(0xe_0000..0xe_0100).filter_map(char::from_u32).collect();
        let value = serde_json::json!({ "a\u{202e}": [text, "##[error]x", {}, [], null, 1] });
        let (mut document, mut line) = (Vec::new(), Vec::new());
        write_document(&mut document, &value).unwrap();
        write_line(&mut line, &value).unwrap();
        for written in [document, line] {
            assert_eq!(serde_json::from_slice::<Value>(&written).unwrap(), value);
            let written = String::from_utf8(written).unwrap();
            assert_eq!(obeyed(&written).find(|(_, character)| *character != '\n'), None);
        }
    }

    #[test]
    fn the_layout_is_that_of_serde_json() {
        let value = serde_json::json!({ "a": [1, "x\n\"", {}, []], "b": { "c": null } });
        let (mut document, mut line) = (Vec::new(), Vec::new());
        write_document(&mut document, &value).unwrap();
        write_line(&mut line, &value).unwrap();
        assert_eq!(String::from_utf8(document).unwrap(), format!("{value:#}\n"));
        assert_eq!(String::from_utf8(line).unwrap(), format!("{value}\n"));
    }
}
