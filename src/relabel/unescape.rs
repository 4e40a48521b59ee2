//! The insides of JSON strings as texts.

/// Where the first quote or backslash is.
#[inline]
pub(super) fn first_special(text: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::MAX / 0xff;
    /// Blocks that are looked at before a search that is faster once it runs.
    const BLOCKS: usize = 6;
    // The lowest byte that is zero has its high bit set.
    let zeros = |block: u64| block.wrapping_sub(ONES) & !block & (ONES << 7);
    let (blocks, _) = text.as_chunks::<8>();
    for (index, block) in blocks.iter().take(BLOCKS).enumerate() {
        let block = u64::from_le_bytes(*block);
        let found = zeros(block ^ (ONES * b'"' as u64)) | zeros(block ^ (ONES * b'\\' as u64));
        if found != 0 {
            return Some(8 * index + found.trailing_zeros() as usize / 8);
        }
    }
    let start = 8 * blocks.len().min(BLOCKS);
    memchr::memchr2(b'"', b'\\', text.get(start..)?).map(|found| start + found)
}

/// Appends the text of a string up to the quote that closes it, and says where that is; `None` when it is not closed, or
/// an escape is wrong. Surrogates without a partner become U+FFFD.
pub(super) fn unescape(string: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = string.get(at..)?;
        let (plain, special) = rest.split_at_checked(first_special(rest)?)?;
        out.extend_from_slice(plain);
        at += plain.len();
        if special.first() == Some(&b'"') {
            return Some(at);
        }
        let (c, length) = escape(special)?;
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        at += length;
    }
}

/// The character of an escape, and the bytes of it.
fn escape(text: &[u8]) -> Option<(char, usize)> {
    let c = match text.get(1)? {
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return code_unit(text),
        byte @ (b'"' | b'\\' | b'/') => char::from(*byte),
        _ => return None,
    };
    Some((c, 2))
}

fn code_unit(text: &[u8]) -> Option<(char, usize)> {
    let first = escaped_unit(text)?;
    let second = text.get(6..).and_then(escaped_unit);
    let (units, length) = match (first, second) {
        (0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) => ([first, low], 12),
        _ => ([first, 0], 6),
    };
    let c = char::decode_utf16(units).next()?.unwrap_or(char::REPLACEMENT_CHARACTER);
    Some((c, length))
}

/// The code unit of an escape `\uXXXX`.
pub(super) fn escaped_unit(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_quote_or_backslash_is_found_wherever_it_is() {
        for special in [b'"', b'\\'] {
            for place in 0..90 {
                let mut text = vec![b'!'; 100];
                text[place] = special;
                text[place + 1] = b'#';
                text[99] = b'"';
                assert_eq!(first_special(&text), Some(place));
            }
        }
        assert_eq!((first_special(b""), first_special("é#]\u{7f}".repeat(20).as_bytes())), (None, None));
    }

    #[test]
    fn escapes_are_read_as_serde_json_reads_them() {
        for string in [
            r#"a\"\\\/\b\f\n\r\tz"#,
            r"\u00e9\u0000",
            r"\ud83c\udf89",
            "é",
            r"\uD83C\uDF89 \u005c",
            r"\x",
            r"\u12",
            r"\",
        ] {
            let mut out = Vec::new();
            let end = unescape(format!("{string}\" rest").as_bytes(), &mut out);
            let expected = serde_json::from_str::<String>(&format!("\"{string}\""));
            assert_eq!(end.map(|_| String::from_utf8(out).unwrap()), expected.ok(), "{string}");
            assert!(end.is_none_or(|end| end == string.len()));
        }
        let mut out = Vec::new();
        assert_eq!(unescape(br#"\ud83c\ud83c\udf89\udf89x""#, &mut out), Some(25));
        assert_eq!(String::from_utf8(out).unwrap(), "\u{fffd}🎉\u{fffd}x");
    }
}
