//! How far the lines may be read: up to the next line with a rare line break, and up to where yaml.v2
//! could come upon something that is not a text.

use super::read_limit::{ReadLimit, find_beyond_ascii};

/// More than the scanner ever reads ahead.
const MARGIN: usize = 64;

/// The end of what lines can be read of a text.
pub(super) struct Bounds {
    /// The next line break that is neither LF nor CRLF, or the end of the text.
    rare_break: usize,
    /// Where the text may turn out to be none.
    near: usize,
    /// The start of a line, or the end of the text.
    limit: usize,
}

impl Bounds {
    /// `None` for a text that is too long for lines.
    pub(super) fn of(text: &str, read_limit: &ReadLimit) -> Option<Self> {
        // Offsets in the tree have 32 bits.
        if u32::try_from(text.len()).is_err() {
            return None;
        }
        let mut bounds = Self { rare_break: 0, near: read_limit.near().saturating_sub(MARGIN), limit: 0 };
        bounds.find(text.as_bytes(), 0);
        Some(bounds)
    }

    /// The bound for lines after `at`: the start of a line, or the end of the text.
    pub(super) fn limit(&mut self, bytes: &[u8], at: usize) -> usize {
        if self.rare_break < at {
            self.find(bytes, at);
        }
        self.limit
    }

    fn find(&mut self, bytes: &[u8], at: usize) {
        self.rare_break = rare_break(bytes, at);
        let end = self.rare_break.min(self.near);
        self.limit = match bytes.get(..end) {
            Some(before) if end < bytes.len() => memchr::memrchr(b'\n', before).map_or(0, |at| at + 1),
            _ => bytes.len(),
        };
    }
}

/// The first CR without LF, NEL, LS or PS from `at` on; the length of the text when there is none.
fn rare_break(bytes: &[u8], at: usize) -> usize {
    let next = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let mut at = at;
    loop {
        at = find_beyond_ascii::<false>(bytes, at);
        let is_rare = match bytes.get(at) {
            None => return bytes.len(),
            Some(b'\r') => next(at + 1) != b'\n',
            Some(0xc2) => next(at + 1) == 0x85,
            Some(0xe2) => next(at + 1) == 0x80 && matches!(next(at + 2), 0xa8 | 0xa9),
            Some(_) => false,
        };
        if is_rare {
            return at;
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_line_breaks_are_found_among_usual_characters() {
        let usual = "a: é – 日\r\n".repeat(20);
        assert_eq!(rare_break(usual.as_bytes(), 0), usual.len());
        for rare in ["\r", "\u{85}", "\u{2028}", "\u{2029}"] {
            let text = format!("{usual}{rare}{usual}");
            assert_eq!(rare_break(text.as_bytes(), 0), usual.len(), "{rare:?}");
            assert_eq!(rare_break(text.as_bytes(), usual.len() + 1), text.len(), "{rare:?}");
        }
    }
}
