//! The lines of a text, read one by one: indentation, dashes, key, and the quote or bracket that a line leaves open.

use crate::text::Span;

/// A text of which parts are replaced by comments of the same length.
pub(super) struct Lines {
    text: String,
    /// Where each line begins, and the end of the text.
    starts: Vec<usize>,
    /// Which lines are the text of a block scalar.
    is_block_text: Vec<bool>,
}

/// A line that is neither blank nor a comment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Its number, from 0.
    pub(super) number: usize,
    /// Where it begins.
    pub(super) start: usize,
    /// Where it ends, without its line break.
    pub(super) end: usize,
    /// Its first character that is not blank.
    pub(super) first: usize,
    /// Its first character after the dashes of list items.
    pub(super) content: usize,
    /// The key after the dashes.
    pub(super) key: Option<Span>,
    /// The value after the key; the content itself, of a line without a key. `None` when nothing is written there.
    pub(super) value: Option<usize>,
    pub(super) open: Option<Open>,
    /// Whether a tab is in its indentation.
    pub(super) has_tab: bool,
}

/// A quote or bracket that is not closed on its line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    pub(super) at: usize,
    /// `'`, `"`, `[` or `{`.
    pub(super) sign: u8,
}

impl Line {
    /// The column of its first character, from 0.
    pub(super) fn indent(&self) -> usize {
        self.first - self.start
    }

    /// The column of its content, from 0.
    pub(super) fn column(&self) -> usize {
        self.content - self.start
    }

    pub(super) fn is_item(&self) -> bool {
        self.content > self.first
    }

    /// Whether its content begins as a key or a value does, and not with a sign.
    pub(super) fn is_word(&self, text: &str) -> bool {
        let first = text[self.content..self.end].bytes().next();
        first.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'\'' | b'"'))
    }

    /// Whether the line begins with an entry of a mapping or an item of a list.
    pub(super) fn is_plausible(&self) -> bool {
        self.is_item() || self.key.is_some()
    }
}

impl Lines {
    pub(super) fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                starts.push(at + 1);
            }
        }
        if starts.last() != Some(&text.len()) {
            starts.push(text.len());
        }
        let mut lines = Self { text: text.to_string(), starts, is_block_text: Vec::new() };
        lines.is_block_text = lines.block_texts();
        lines
    }

    /// Finds the lines of block scalars.
    fn block_texts(&self) -> Vec<bool> {
        let mut found = vec![false; self.count()];
        let mut number = 0;
        while number < self.count() {
            let header = self.get(number);
            number += 1;
            let Some(header) = header.filter(|line| self.is_block_header(line)) else { continue };
            let outer = if header.key.is_some() { header.column() } else { header.indent() };
            let mut inner = None;
            let mut end = number;
            for next in number..self.count() {
                let text = self.line_text(next);
                let indent = text.len() - text.trim_start_matches(' ').len();
                if text.trim().is_empty() {
                    continue;
                }
                if indent <= outer || indent < *inner.get_or_insert(indent) {
                    break;
                }
                end = next + 1;
            }
            found[number..end].fill(true);
            number = end;
        }
        found
    }

    /// Whether the value of a line is the header of a block scalar.
    fn is_block_header(&self, line: &Line) -> bool {
        let Some(start) = line.value else { return false };
        if line.key.is_none() && ends_in_block_header(self.text[start..line.end].trim_end()) {
            return true;
        }
        let header = self.text[start..line.end].split(" #").next().unwrap_or("").trim_end();
        let signs = header.strip_prefix(['|', '>']);
        signs.is_some_and(|signs| signs.bytes().all(|sign| matches!(sign, b'+' | b'-' | b'1'..=b'9')))
    }

    /// The last line of the block scalar that begins on a line; the line itself if none does.
    pub(super) fn end_of_block_text(&self, number: usize) -> usize {
        let is_text = |number: &usize| self.is_block_text.get(*number).copied().unwrap_or(false);
        (number + 1..self.count()).take_while(is_text).last().unwrap_or(number)
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn count(&self) -> usize {
        self.starts.len() - 1
    }

    /// The number of the line that an offset is on; of the end of the text, the last one.
    pub(super) fn number_of(&self, offset: usize) -> usize {
        let after = self.starts.partition_point(|&start| start <= offset);
        after.saturating_sub(1).min(self.count().saturating_sub(1))
    }

    /// The column of an offset, from 0.
    pub(super) fn column_of(&self, offset: usize) -> usize {
        offset.saturating_sub(self.start_of(self.number_of(offset)))
    }

    /// Where a line begins; the end of the text after the last one.
    pub(super) fn start_of(&self, number: usize) -> usize {
        self.starts.get(number).copied().unwrap_or(self.text.len())
    }

    /// Where a line ends, without its line break.
    pub(super) fn end_of(&self, number: usize) -> usize {
        let (start, end) = (self.start_of(number), self.start_of(number + 1));
        start + self.text[start..end].trim_end_matches(['\n', '\r']).len()
    }

    /// The text of a line, without its line break.
    pub(super) fn line_text(&self, number: usize) -> &str {
        &self.text[self.start_of(number)..self.end_of(number)]
    }

    /// A line, unless it is blank, a comment, the text of a block scalar, or the start or the end of a document.
    pub(super) fn get(&self, number: usize) -> Option<Line> {
        if self.is_block_text.get(number).copied().unwrap_or(false) {
            return None;
        }
        let (start, end) = (self.start_of(number), self.end_of(number));
        let bytes = &self.text.as_bytes()[..end];
        let first = skip_blanks(bytes, start);
        if first >= end || bytes[first] == b'#' || is_document_mark(&bytes[start..]) {
            return None;
        }
        let has_tab = bytes[start..first].contains(&b'\t');
        let mut content = first;
        while bytes.get(content) == Some(&b'-') && is_blank_or_end(bytes, content + 1) {
            content = skip_blanks(bytes, content + 1);
        }
        let content = content.min(end);
        let key = key_at(bytes, content);
        let after = key.map_or(content, |key| skip_blanks(bytes, key.end as usize + 1));
        let value = skip_properties(bytes, after);
        let is_written = value < end && bytes[value] != b'#';
        let open = if is_written { open_at(bytes, value) } else { None };
        let value = is_written.then_some(value);
        Some(Line { number, start, end, first, content, key, value, open, has_tab })
    }

    /// The first line with content after a line.
    pub(super) fn next(&self, number: usize) -> Option<Line> {
        (number + 1..self.count()).find_map(|number| self.get(number))
    }

    /// The last line with content before a line.
    pub(super) fn previous(&self, number: usize) -> Option<Line> {
        (0..number.min(self.count())).rev().find_map(|number| self.get(number))
    }

    /// What a bracket leaves open up to another place.
    pub(super) fn open_before(&self, bracket: usize, end: usize) -> Option<Open> {
        open_in_flow(&self.text.as_bytes()[..end], bracket)
    }

    /// The characters that close the brackets that are open at a place, from the first one of its line on.
    pub(super) fn closing_at(&self, bracket: usize, end: usize) -> String {
        let open = flow(&self.text.as_bytes()[..end], bracket).brackets;
        open.into_iter().rev().map(|at| if self.text.as_bytes()[at] == b'[' { ']' } else { '}' }).collect()
    }

    /// Whether a quote is closed on a further line, and nothing follows there that is not part of its value.
    pub(super) fn ends_as_quoted_text(&self, open: Open) -> bool {
        let bytes = self.text.as_bytes();
        let Some(end) = closing_quote(bytes, open.at, open.sign) else { return false };
        let rest = skip_blanks(bytes, end + 1);
        bytes.get(rest).is_none_or(|byte| matches!(byte, b'\n' | b'\r' | b'#' | b',' | b']' | b'}'))
    }

    /// The text of a line's key.
    pub(super) fn key_of(&self, line: &Line) -> Option<&str> {
        line.key.map(|key| key.of(&self.text))
    }

    /// Makes a part of the text a comment on each of its lines.
    pub(super) fn fill(&mut self, start: usize, end: usize) {
        let mut is_begun = false;
        let filled: Vec<u8> = self.text.as_bytes()[start..end]
            .iter()
            .map(|&byte| match byte {
                b'\n' | b'\r' => {
                    is_begun = false;
                    byte
                }
                b' ' | b'\t' if !is_begun => b' ',
                _ if is_begun => b' ',
                _ => {
                    is_begun = true;
                    b'#'
                }
            })
            .collect();
        if let Ok(filled) = String::from_utf8(filled) {
            self.text.replace_range(start..end, &filled);
        }
    }
}

/// Whether a line that has no key ends as the header of a block scalar does.
pub(super) fn ends_in_block_header(content: &str) -> bool {
    [" |", " >", " |-", " >-", " |+", " >+"].iter().any(|header| content.ends_with(header))
}

/// `---` and `...` at the start of a line.
fn is_document_mark(line: &[u8]) -> bool {
    (line.starts_with(b"---") || line.starts_with(b"...")) && is_blank_or_end(line, 3)
}

fn is_blank_or_end(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_none_or(|byte| matches!(byte, b' ' | b'\t'))
}

fn skip_blanks(bytes: &[u8], at: usize) -> usize {
    let at = at.min(bytes.len());
    at + bytes[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// Skips an anchor and a tag.
fn skip_properties(bytes: &[u8], at: usize) -> usize {
    let mut at = at;
    while matches!(bytes.get(at), Some(b'&' | b'!')) {
        while !is_blank_or_end(bytes, at) {
            at += 1;
        }
        at = skip_blanks(bytes, at);
    }
    at
}

/// The key that begins at `start`: up to a colon with a blank after it.
fn key_at(bytes: &[u8], start: usize) -> Option<Span> {
    let quoted_end = match bytes.get(start)? {
        quote @ (b'\'' | b'"') => closing_quote(bytes, start, *quote)? + 1,
        b'[' | b'{' => return None,
        _ => start,
    };
    if quoted_end > start {
        let colon = skip_blanks(bytes, quoted_end);
        let is_key = bytes.get(colon) == Some(&b':') && is_blank_or_end(bytes, colon + 1);
        return is_key.then(|| Span::new(start, colon));
    }
    for at in start..bytes.len() {
        match bytes[at] {
            b':' if is_blank_or_end(bytes, at + 1) => return Some(Span::new(start, at)),
            b'#' if at > start && matches!(bytes[at - 1], b' ' | b'\t') => return None,
            _ => {}
        }
    }
    None
}

/// The quote that closes the one at `start`.
fn closing_quote(bytes: &[u8], start: usize, quote: u8) -> Option<usize> {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 1,
            byte if byte == quote => {
                if quote == b'"' || bytes.get(at + 1) != Some(&b'\'') {
                    return Some(at);
                }
                at += 1;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// What a value leaves open at the end of its line.
fn open_at(bytes: &[u8], start: usize) -> Option<Open> {
    match bytes.get(start)? {
        quote @ (b'\'' | b'"') => match closing_quote(bytes, start, *quote) {
            Some(_) => None,
            None => Some(Open { at: start, sign: *quote }),
        },
        b'[' | b'{' => open_in_flow(bytes, start),
        _ => None,
    }
}

/// What a bracket leaves open.
fn open_in_flow(bytes: &[u8], start: usize) -> Option<Open> {
    let flow = flow(bytes, start);
    let quote = flow.quote.map(|at| Open { at, sign: bytes[at] });
    quote.or_else(|| flow.brackets.last().map(|&at| Open { at, sign: bytes[at] }))
}

/// What is open at the end of a text in brackets.
#[derive(Default)]
struct Flow {
    brackets: Vec<usize>,
    quote: Option<usize>,
}

fn flow(bytes: &[u8], start: usize) -> Flow {
    let (mut flow, mut at, mut begins_value) = (Flow::default(), start, true);
    while at < bytes.len() {
        match bytes[at] {
            b'[' | b'{' => {
                flow.brackets.push(at);
                begins_value = true;
            }
            b']' | b'}' => {
                flow.brackets.pop();
                begins_value = false;
                if flow.brackets.is_empty() {
                    break;
                }
            }
            quote @ (b'\'' | b'"') if begins_value => match closing_quote(bytes, at, quote) {
                Some(end) => {
                    at = end;
                    begins_value = false;
                }
                None => {
                    flow.quote = Some(at);
                    break;
                }
            },
            b',' => begins_value = true,
            b':' if is_blank_or_end(bytes, at + 1) || bytes[at + 1] == b'\n' => begins_value = true,
            b'#' if matches!(bytes[at - 1], b' ' | b'\t' | b'\n') => {
                at = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |end| at + end);
                continue;
            }
            b' ' | b'\t' | b'\n' | b'\r' => {}
            _ => begins_value = false,
        }
        at += 1;
    }
    flow
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Line {
        Lines::new(text).get(0).expect("has content")
    }

    #[test]
    fn a_line_has_dashes_a_key_and_a_value() {
        let text = "  - job_name: 'a b' # c";
        let line = line(text);
        assert_eq!((line.indent(), line.column(), line.is_item()), (2, 4, true));
        assert_eq!(line.key.map(|key| key.of(text)), Some("job_name"));
        assert_eq!(line.value.map(|at| &text[at..at + 5]), Some("'a b'"));
        assert!(line.open.is_none());
    }

    #[test]
    fn a_line_leaves_quotes_and_brackets_open() {
        let sign = |text: &str| line(text).open.map(|open| (open.at, char::from(open.sign)));
        assert_eq!(sign("a: 'b"), Some((3, '\'')));
        assert_eq!(sign("a: 'it''s'"), None);
        assert_eq!(sign(r#"a: "b\""#), Some((3, '"')));
        assert_eq!(sign("a: [b, {c: d}"), Some((3, '[')));
        assert_eq!(sign("- ['b, c]"), Some((3, '\'')));
        assert_eq!(sign("a: [it's, b] # ["), None);
        assert_eq!(sign("a: it's [b"), None);
    }

    #[test]
    fn a_filled_part_is_comments_of_the_same_length() {
        let mut lines = Lines::new("a: ü\r\n  - b\n\nc: d\n");
        lines.fill(0, 12);
        assert_eq!(lines.text(), "#    \r\n  #  \n\nc: d\n");
        assert!(lines.get(0).is_none() && lines.get(1).is_none() && lines.get(3).is_some());
    }

    #[test]
    fn lines_end_at_each_kind_of_line_break() {
        let lines = Lines::new("a\r\nb\rc\n");
        assert_eq!((lines.count(), lines.line_text(0), lines.line_text(1), lines.line_text(2)), (3, "a", "b", "c"));
        assert_eq!((lines.number_of(3), lines.number_of(7)), (1, 2));
        assert_eq!(Lines::new("").count(), 0);
    }
}
