//! The last guard of what people read: nothing in it is obeyed by a terminal, a forge or a log, whoever wrote it.

use std::io::{self, Write};

use promcfg::report::safe_line;

/// A text for people, each line as [`safe_line`] shows it.
pub(crate) fn safe_text(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        safe.push_str(&safe_line(line));
        safe.push_str(end);
    }
    safe
}

/// Passes lines on when they are whole, each as [`safe_line`] shows it.
#[derive(Debug)]
pub(crate) struct SafeLines<W: Write> {
    out: W,
    /// The beginning of a line.
    line: Vec<u8>,
}

impl<W: Write> SafeLines<W> {
    pub(crate) fn new(out: W) -> Self {
        Self { out, line: Vec::new() }
    }

    fn pass_line(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        self.out.write_all(safe_line(&String::from_utf8_lossy(&line)).as_bytes())
    }
}

impl<W: Write> Write for SafeLines<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            match part.split_last() {
                Some((b'\n', line)) => {
                    self.line.extend_from_slice(line);
                    self.pass_line()?;
                    self.out.write_all(b"\n")?;
                }
                _ => self.line.extend_from_slice(part),
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.line.is_empty() {
            self.pass_line()?;
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_safe_wherever_they_are_cut() {
        let text = "a\n ::error::x\r\n\u{1b}[31mred\u{1b}[0m \u{202e}\nlast \u{9b}";
        let expected = "a\n \\u{3a}:error::x\r\n\u{1b}[31mred\u{1b}[0m \\u{202e}\nlast \\u{9b}";
        assert_eq!(safe_text(text), expected);
        for size in [1, 2, 7, 100] {
            let mut lines = SafeLines::new(Vec::new());
            text.as_bytes().chunks(size).for_each(|chunk| lines.write_all(chunk).unwrap());
            lines.flush().unwrap();
            assert_eq!(String::from_utf8(lines.out).unwrap(), expected);
        }
    }
}
