//! Classes of bytes, and steps over them within a line.

/// A byte at which a plain word may end in block context.
pub(super) const WORD_STOP: u8 = 1;
/// A byte at which a plain word may end inside of brackets.
pub(super) const FLOW_STOP: u8 = 2;
/// A byte that begins a plain scalar wherever it is.
pub(super) const PLAIN_START: u8 = 4;

pub(super) static CLASS: [u8; 256] = {
    let mut table = [PLAIN_START; 256];
    let mut byte = 0;
    while byte <= b' ' as usize {
        table[byte] = 0;
        byte += 1;
    }
    table[0x7f] = 0;
    set(&mut table, b"-?:,[]{}#&*!|>'\"%@`", 0);
    set(&mut table, b"\0 \t\r\n:", WORD_STOP | FLOW_STOP);
    set(&mut table, b",?[]{}", FLOW_STOP);
    table
};

const fn set(table: &mut [u8; 256], bytes: &[u8], class: u8) {
    let mut index = 0;
    while index < bytes.len() {
        table[bytes[index] as usize] = class;
        index += 1;
    }
}

/// The byte at `at`, 0 at the end.
#[inline(always)]
pub(super) fn byte(bytes: &[u8], at: usize) -> u8 {
    if at < bytes.len() { bytes[at] } else { 0 }
}

/// The first place from `at` on whose byte is of one of the classes.
#[inline(always)]
pub(super) fn find_class(bytes: &[u8], at: usize, classes: u8) -> usize {
    let mut at = at;
    while at < bytes.len() && CLASS[bytes[at] as usize] & classes == 0 {
        at += 1;
    }
    at
}

#[inline(always)]
pub(super) fn skip_spaces(bytes: &[u8], at: usize) -> usize {
    let mut at = at;
    while at < bytes.len() && bytes[at] == b' ' {
        at += 1;
    }
    at
}

#[inline(always)]
pub(super) fn skip_blanks(bytes: &[u8], at: usize) -> usize {
    let mut at = at;
    while at < bytes.len() && matches!(bytes[at], b' ' | b'\t') {
        at += 1;
    }
    at
}

/// Whether a blank, a line break or the end is at `at`.
#[inline(always)]
pub(super) fn is_space_or_end(bytes: &[u8], at: usize) -> bool {
    matches!(byte(bytes, at), 0 | b' ' | b'\t' | b'\n' | b'\r')
}

/// Whether a line break or the end is at `at`.
#[inline(always)]
pub(super) fn is_line_end(bytes: &[u8], at: usize) -> bool {
    matches!(byte(bytes, at), 0 | b'\n' | b'\r')
}

/// Whether a `-` that begins an item is at `at`.
#[inline(always)]
pub(super) fn is_dash(bytes: &[u8], at: usize) -> bool {
    byte(bytes, at) == b'-' && is_space_or_end(bytes, at + 1)
}

/// Where the line after the one with `at` begins.
#[inline(always)]
pub(super) fn next_line(bytes: &[u8], at: usize) -> usize {
    match byte(bytes, at) {
        b'\n' => at + 1,
        b'\r' if byte(bytes, at + 1) == b'\n' => at + 2,
        _ => memchr::memchr(b'\n', bytes.get(at..).unwrap_or(&[])).map_or(bytes.len(), |end| at + end + 1),
    }
}
