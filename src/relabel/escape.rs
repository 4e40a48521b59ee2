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
    escape(text, |part| out.push_str(part));
}

/// Gives the inside of a JSON string, part by part.
pub(super) fn escape(text: &str, mut push: impl FnMut(&str)) {
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate().filter(|&(_, byte)| needs_escape(byte)) {
        push(text.get(copied..at).unwrap_or(""));
        copied = at + 1;
        match byte {
            b'\n' => push("\\n"),
            b'\r' => push("\\r"),
            b'\t' => push("\\t"),
            0x08 => push("\\b"),
            0x0c => push("\\f"),
            b'"' => push("\\\""),
            b'\\' => push("\\\\"),
            _ => {
                push("\\u00");
                push(if byte < 0x10 { "0" } else { "1" });
                let digit = usize::from(byte & 0xf);
                push("0123456789abcdef".get(digit..=digit).unwrap_or(""));
            }
        }
    }
    push(text.get(copied..).unwrap_or(""));
}
