//! Classes of the bytes of a page, in a table.

/// A blank between tokens of the text format.
pub(super) const BLANK: u8 = 1;
pub(super) const LABEL_START: u8 = 1 << 1;
pub(super) const LABEL_PART: u8 = 1 << 2;
pub(super) const METRIC_START: u8 = 1 << 3;
pub(super) const METRIC_PART: u8 = 1 << 4;
/// A byte of a value in the text format.
pub(super) const VALUE_PART: u8 = 1 << 5;
/// A byte of a value or a timestamp in OpenMetrics.
pub(super) const WORD_PART: u8 = 1 << 6;
/// A byte in quotes that has no meaning of its own.
pub(super) const QUOTED_PART: u8 = 1 << 7;

static CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut index: u8 = 0;
    loop {
        table[index as usize] = class(index);
        if index == u8::MAX {
            return table;
        }
        index += 1;
    }
}

const fn class(byte: u8) -> u8 {
    let mut class = 0;
    if matches!(byte, b' ' | b'\t') {
        class |= BLANK;
    }
    if byte.is_ascii_alphabetic() || byte == b'_' {
        class |= LABEL_START | LABEL_PART | METRIC_START | METRIC_PART;
    }
    if byte.is_ascii_digit() {
        class |= LABEL_PART | METRIC_PART;
    }
    if byte == b':' {
        class |= METRIC_START | METRIC_PART;
    }
    if !matches!(byte, b' ' | b'\t' | b'\n' | b'{' | 0) {
        class |= VALUE_PART;
    }
    if !matches!(byte, b' ' | b'\n' | 0) {
        class |= WORD_PART;
    }
    if !matches!(byte, b'"' | b'\\' | b'\n' | 0) {
        class |= QUOTED_PART;
    }
    class
}

/// Whether a byte is in a class.
pub(super) fn is(byte: u8, class: u8) -> bool {
    CLASSES[usize::from(byte)] & class != 0
}

/// The first place from `at` on whose byte is not in the class.
pub(super) fn end_of(bytes: &[u8], at: usize, class: u8) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| !is(*byte, class)).unwrap_or(rest.len())
}
