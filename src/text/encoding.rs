//! From the bytes of a file to text: UTF-8 and UTF-16 as go-yaml v2 reads them.

/// How the bytes of a file were encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark (which stays part of the text).
    Utf8,
    /// UTF-16, little endian, known by its byte order mark.
    Utf16Le,
    /// UTF-16, big endian, known by its byte order mark.
    Utf16Be,
}

/// Text read from bytes by [`decode_text`]. When there is a `fault`, `text` holds what came before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, as far as it could be read.
    pub text: String,
    /// How it was encoded.
    pub encoding: Encoding,
    /// The first bytes that are not text, if any.
    pub fault: Option<DecodeError>,
}

/// Bytes that are not text in the file's encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeError {
    /// Offset of the first bad byte in the file.
    pub offset: usize,
    /// go-yaml's words for it.
    pub message: &'static str,
}

impl std::fmt::Display for DecodeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at byte {}", self.message, self.offset)
    }
}

impl std::error::Error for DecodeError {}

impl DecodeError {
    /// Whether the bytes end in the middle of a character. go-yaml notices that last of all, when it
    /// has read everything before and wants more.
    pub(crate) fn is_cut_short(self) -> bool {
        [INCOMPLETE_UTF8, INCOMPLETE_UTF16, INCOMPLETE_PAIR].contains(&self.message)
    }
}

const INCOMPLETE_UTF8: &str = "incomplete UTF-8 octet sequence";
const INCOMPLETE_UTF16: &str = "incomplete UTF-16 character";
const INCOMPLETE_PAIR: &str = "incomplete UTF-16 surrogate pair";

/// Reads bytes as text: UTF-16 when they begin with its byte order mark, else UTF-8.
/// Never fails: bad bytes end the text and are reported in [`Decoded::fault`].
///
/// Source: `readerc.go` of go.yaml.in/yaml/v2 v2.4.4.
///
/// ```
/// assert_eq!(promcfg::text::decode_text(b"a: 1\n").text, "a: 1\n");
/// assert_eq!(promcfg::text::decode_text(b"\xff\xfea\0").text, "a");
/// let bad = promcfg::text::decode_text(b"a: \xff\n");
/// assert_eq!((bad.text.as_str(), bad.fault.map(|fault| fault.offset)), ("a: ", Some(3)));
/// ```
#[must_use]
pub fn decode_text(bytes: &[u8]) -> Decoded {
    match bytes {
        [0xff, 0xfe, rest @ ..] => decode_utf16(rest, Encoding::Utf16Le, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => decode_utf16(rest, Encoding::Utf16Be, u16::from_be_bytes),
        _ => decode_utf8(bytes),
    }
}

fn decode_utf8(bytes: &[u8]) -> Decoded {
    let (text, fault) = match std::str::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let offset = error.valid_up_to();
            let message = utf8_fault(&bytes[offset..]);
            let text = std::str::from_utf8(&bytes[..offset]).unwrap_or("");
            (text, Some(DecodeError { offset, message }))
        }
    };
    Decoded { text: text.to_string(), encoding: Encoding::Utf8, fault }
}

/// Which of go-yaml's complaints fits the bytes where UTF-8 breaks. It looks at a whole character: its
/// width, then its trailing bytes, then its value.
fn utf8_fault(rest: &[u8]) -> &'static str {
    let Some(&leading) = rest.first() else { return INCOMPLETE_UTF8 };
    let (width, first_bits, least) = match leading {
        0xc0..=0xdf => (2, leading & 0x1f, 0x80),
        0xe0..=0xef => (3, leading & 0x0f, 0x800),
        0xf0..=0xf7 => (4, leading & 0x07, 0x10000),
        _ => return "invalid leading UTF-8 octet",
    };
    let Some(trailing) = rest.get(1..width) else { return INCOMPLETE_UTF8 };
    if trailing.iter().any(|octet| octet & 0xc0 != 0x80) {
        return "invalid trailing UTF-8 octet";
    }
    let value = trailing.iter().fold(u32::from(first_bits), |value, octet| value << 6 | u32::from(octet & 0x3f));
    if value < least { "invalid length of a UTF-8 sequence" } else { "invalid Unicode character" }
}

fn decode_utf16(bytes: &[u8], encoding: Encoding, unit: fn([u8; 2]) -> u16) -> Decoded {
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut fault = None;
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let mut offset = 2;
    for read in char::decode_utf16(units) {
        match read {
            Ok(character) => {
                text.push(character);
                offset += character.len_utf16() * 2;
            }
            Err(error) => {
                let is_low = (0xdc00..0xe000).contains(&error.unpaired_surrogate());
                let message = match bytes.get(offset..offset + 2) {
                    _ if is_low => "unexpected low surrogate area",
                    Some(_) => "expected low surrogate area",
                    None => INCOMPLETE_PAIR,
                };
                fault = Some(DecodeError { offset, message });
                break;
            }
        }
    }
    if fault.is_none() && bytes.len() % 2 == 1 {
        fault = Some(DecodeError { offset, message: INCOMPLETE_UTF16 });
    }
    Decoded { text, encoding, fault }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(bytes: &[u8]) -> Option<(usize, &'static str)> {
        decode_text(bytes).fault.map(|fault| (fault.offset, fault.message))
    }

    #[test]
    fn a_utf8_byte_order_mark_stays_in_the_text() {
        assert_eq!(decode_text("\u{feff}a".as_bytes()).text, "\u{feff}a");
    }

    #[test]
    fn utf16_is_read_in_both_byte_orders_with_surrogate_pairs() {
        assert_eq!(decode_text(&[0xff, 0xfe, 0x3d, 0xd8, 0x00, 0xde]).text, "😀");
        assert_eq!(decode_text(&[0xfe, 0xff, 0xd8, 0x3d, 0xde, 0x00]).text, "😀");
    }

    #[test]
    fn every_kind_of_bad_bytes_has_its_place_and_its_words() {
        assert_eq!(fault(b"ab\xffc"), Some((2, "invalid leading UTF-8 octet")));
        assert_eq!(fault(b"ab\x80c"), Some((2, "invalid leading UTF-8 octet")));
        assert_eq!(fault(b"a\xc3("), Some((1, "invalid trailing UTF-8 octet")));
        assert_eq!(fault(b"a\xc3"), Some((1, "incomplete UTF-8 octet sequence")));
        assert_eq!(fault(b"a\xe2("), Some((1, "incomplete UTF-8 octet sequence")));
        assert_eq!(fault(b"\xf4\x90"), Some((0, "incomplete UTF-8 octet sequence")));
        assert_eq!(fault(b"\xf4\x90\x80\xf8"), Some((0, "invalid trailing UTF-8 octet")));
        assert_eq!(fault(b"\xf4\x90\x80\x80"), Some((0, "invalid Unicode character")));
        assert_eq!(fault(b"\xf0\x80\x80\x80"), Some((0, "invalid length of a UTF-8 sequence")));
        assert_eq!(fault(b"\xed\xa0\x80"), Some((0, "invalid Unicode character")));
        assert_eq!(fault(b"\xc0\x80"), Some((0, "invalid length of a UTF-8 sequence")));
        assert_eq!(fault(b"\xff\xfea\x00b"), Some((4, "incomplete UTF-16 character")));
        assert_eq!(fault(b"\xff\xfe\x00\xdc"), Some((2, "unexpected low surrogate area")));
        assert_eq!(fault(b"\xff\xfe\x00\xd8a\x00"), Some((2, "expected low surrogate area")));
        assert_eq!(fault(b"\xff\xfe\x00\xd8a"), Some((2, "incomplete UTF-16 surrogate pair")));
    }
}
