//! Texts made of texts, the same ones for the same seed: bytes, lines and line ends changed, and
//! documents put together from pieces of YAML.

/// Pieces that change how a text is read.
const PIECES: [&str; 68] = [
    "&a\n",
    "*a\n",
    ", *a",
    ": *a\n",
    ": &a\n",
    "|-\n",
    ">\n",
    "| # c\n",
    "- ",
    "-",
    "-\t",
    "? ",
    ": ",
    ":",
    ": |\n",
    ": >-\n",
    ": |2+\n",
    "&a ",
    "*a",
    "*a ",
    "!!str ",
    "!t ",
    "<<: ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    ",",
    "\"",
    "'",
    "''",
    "\\",
    "\\n",
    "\\x41",
    "\\\n",
    "#",
    " #",
    " # c\n",
    "\t",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\r",
    "\r\n",
    "\u{85}",
    "\u{2028}",
    "\u{1}",
    "\u{feff}",
    "é",
    "日",
    "---\n",
    "--- ",
    "...\n",
    "%YAML 1.1\n",
    "a",
    "a: b\n",
    "a b",
    "a: b: c",
    "[]",
    "{}",
    "[a, 'b']",
    "{a: b, c: }",
    "\n  ",
    "\n    - ",
    "|",
    "@",
];

/// Contents of lines, for documents that are made anew.
const CONTENTS: [&str; 68] = [
    "a: &x",
    "a: &x # c",
    "- &x",
    "- &x b",
    "- &x b: c",
    "- *x",
    "- *x # c",
    "a: *x : b",
    "a: &x 'b'",
    "a: &x [b, c]",
    "a: &x |",
    "- [*x, b]",
    "a: {b: *x}",
    "<<: [*x, *x ]",
    "a: >",
    "- |",
    "- >-  # c",
    "a: |-",
    " text further in",
    "text of a block \t",
    "a:",
    "b: c",
    "- a",
    "-",
    "- - b",
    "- a: b",
    "-   a: 1",
    "- 'a'",
    "- \"a\\n\": b",
    "key with words: value with words",
    "a : b",
    "'a' : 'b' # c",
    "\"a\": \"\\\\d\"",
    "a: [b, c]",
    "a: [b,",
    "c, d]",
    "]",
    "}",
    "a: {b: c, 'd': [e]}",
    "a: {",
    "b: c,",
    "- [a, b]",
    "- {a: b} # c",
    "a: |",
    "a: >-",
    "- |+",
    "text of a block",
    "# comment",
    "",
    "   ",
    "a: &x b",
    "b: *x",
    "<<: *x",
    "a: !!str b",
    "&y c: d",
    "? a",
    ": b",
    "a: b: c",
    "a: 'b",
    "c'",
    "a: b # c",
    "a: b#c",
    "http://x:80/y: z",
    "-1: -2",
    "\tb: c",
    "a:\tb",
    "...",
    "---",
];

/// A source of numbers that depend on its seed only.
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `end`; 0 when that is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 16) as usize).checked_rem(end).unwrap_or(0)
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

/// One to four changes of a text.
pub(crate) fn mutant(text: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut text = text.to_vec();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(text.len() + 1);
        match numbers.below(12) {
            0 => drop(text.splice(at..at, numbers.of(&PIECES).bytes())),
            1 | 2 => drop(text.splice(at..(at + 1).min(text.len()), numbers.of(&PIECES).bytes())),
            3 => drop(text.drain(at..(at + 1 + numbers.below(4)).min(text.len()))),
            4 => text.truncate(at),
            5 => text = text.split(|&byte| byte == b'\n').collect::<Vec<_>>().join(&b"\r\n"[..]),
            6 => drop(text.splice(at..at, [[0, 9, 13, 0x85, 0xc2, 0xe2, 0xff, 0x7f][numbers.below(8)]])),
            _ => change_line(&mut text, at, numbers),
        }
    }
    text
}

/// Changes the line with the byte at `at`.
fn change_line(text: &mut Vec<u8>, at: usize, numbers: &mut Numbers) {
    let start = text[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |before| before + 1);
    let end = text[at..].iter().position(|&byte| byte == b'\n').map_or(text.len(), |length| at + length + 1);
    let line = text[start..end].to_vec();
    match numbers.below(8) {
        0 => drop(text.drain(start..end)),
        1 => drop(text.splice(start..start, line)),
        2 => drop(text.splice(start..start, " ".repeat(1 + numbers.below(4)).into_bytes())),
        3 => {
            let blanks = line.iter().take_while(|&&byte| byte == b' ').count();
            text.drain(start..start + numbers.below(blanks + 1));
        }
        4 => drop(text.splice(end - usize::from(line.ends_with(b"\n"))..end, [b' '])),
        5 => drop(text.splice(start..start, format!("{}\n", numbers.of(&CONTENTS)).into_bytes())),
        6 => {
            let content = start + line.iter().take_while(|&&byte| matches!(byte, b' ' | b'-')).count();
            text.splice(content..content, numbers.of(&PIECES).bytes());
        }
        _ => {
            let other = numbers.below(text.len() + 1);
            let place = text[..other].iter().rposition(|&byte| byte == b'\n').map_or(0, |before| before + 1);
            text.splice(place..place, line);
        }
    }
}

/// A document of lines that may fit together.
pub(crate) fn document(numbers: &mut Numbers) -> Vec<u8> {
    let mut text = String::new();
    let mut depth = 0;
    let line_end = if numbers.below(6) == 0 { "\r\n" } else { "\n" };
    for _ in 0..=numbers.below(14) {
        depth = match numbers.below(7) {
            0 | 1 => depth + 2,
            2 => depth.max(2) - 2,
            3 => numbers.below(7),
            _ => depth,
        };
        text += &" ".repeat(depth);
        text += numbers.of(&CONTENTS);
        text += if numbers.below(12) == 0 { numbers.of(&PIECES) } else { "" };
        text += line_end;
    }
    if numbers.below(4) == 0 {
        text.pop();
    }
    text.into_bytes()
}
