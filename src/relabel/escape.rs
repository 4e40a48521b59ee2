//! Texts as the insides of JSON strings.

/// Whether no character needs an escape in JSON.
pub(super) fn is_plain_text(text: &str) -> bool {
    !any(text.as_bytes(), needs_escape)
}

/// Whether any byte is such a one: in blocks, which compilers turn into a few instructions.
#[inline]
pub(super) fn any(bytes: &[u8], is_such: impl Fn(u8) -> bool) -> bool {
    let (blocks, rest) = bytes.as_chunks::<64>();
    let has = |block: &[u8]| block.iter().fold(false, |found, &byte| found | is_such(byte));
    blocks.iter().any(|block| has(block)) || has(rest)
}

pub(super) fn needs_escape(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

/// Appends the inside of a JSON string.
pub(super) fn push_escaped(text: &str, out: &mut String) {
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate().filter(|&(_, byte)| needs_escape(byte)) {
        out.push_str(text.get(copied..at).unwrap_or(""));
        copied = at + 1;
        out.push('\\');
        match byte {
            b'\n' => out.push('n'),
            b'\r' => out.push('r'),
            b'\t' => out.push('t'),
            0x08 => out.push('b'),
            0x0c => out.push('f'),
            b'"' | b'\\' => out.push(char::from(byte)),
            _ => {
                const DIGITS: &[u8; 16] = b"0123456789abcdef";
                out.push_str("u00");
                out.push(char::from(DIGITS[usize::from(byte >> 4)]));
                out.push(char::from(DIGITS[usize::from(byte & 15)]));
            }
        }
    }
    out.push_str(text.get(copied..).unwrap_or(""));
}
