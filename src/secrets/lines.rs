//! The values of secret keys in any text, also in one that is not valid YAML: after `key:` and `key =`, in comments, in
//! quotes and brackets. All lines that may belong to a value are part of it.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::text::floor_boundary;

use super::credentials::line_end;
use super::keys::{KeyKind, Keys, is_invisible};
use super::words::unescaped;

/// The values, in no order.
pub(super) fn secret_values(text: &str, names: &mut Keys) -> Vec<Range<usize>> {
    let mut scan = Scan {
        text,
        ranges: Vec::new(),
        end_of_last: 0,
        line_start: 0,
        looked_to: 0,
        has_comment: false,
        section: None,
        anchors: FxHashMap::default(),
        anchored_keys: FxHashMap::default(),
        aliases: Vec::new(),
        keys: names.remembered(),
    };
    scan.find_anchors();
    for at in memchr::memchr2_iter(b':', b'=', text.as_bytes()) {
        if at >= scan.end_of_last {
            scan.look_at(at);
        }
    }
    scan.follow_aliases();
    scan.look_for_missing_colons();
    *names = scan.keys;
    scan.ranges
}

struct Scan<'t> {
    text: &'t str,
    ranges: Vec<Range<usize>>,
    /// Where the last secret value ends.
    end_of_last: usize,
    /// Where the line begins that is looked at, and how far line ends were looked for.
    line_start: usize,
    looked_to: usize,
    /// Whether a comment begins in the part of the line before.
    has_comment: bool,
    section: Option<Section>,
    /// Where the values begin that anchors name.
    anchors: FxHashMap<&'t str, usize>,
    /// Anchors of keys.
    anchored_keys: FxHashMap<&'t str, KeyKind>,
    /// Aliases in secret values.
    aliases: Vec<&'t str>,
    keys: Keys,
}

/// A section with secrets that the scan is in.
struct Section {
    column: usize,
    line_start: usize,
    /// Where it ends, if it is in braces.
    end: Option<usize>,
}

/// A key before a colon or an equals sign.
struct Key {
    start: usize,
    kind: KeyKind,
    /// The column that lines of its value are indented more than.
    column: usize,
    is_in_comment: bool,
    /// Whether it is the first of its line, or of a mapping in braces, or after a comma.
    is_in_place: bool,
    /// Whether an equals sign follows.
    is_assignment: bool,
}

impl<'t> Scan<'t> {
    fn find_anchors(&mut self) {
        const LONGEST: usize = 64;
        for at in memchr::memchr_iter(b'&', self.text.as_bytes()) {
            let rest = self.text.get(at + 1..).unwrap_or("");
            let length = rest.bytes().take(LONGEST).take_while(|byte| is_anchor_byte(*byte)).count();
            let Some(name) = rest.get(..length).filter(|name| !name.is_empty()) else { continue };
            self.anchors.entry(name).or_insert(at + 1 + length);
            let after = rest[length..].trim_start_matches([' ', '\t', '"', '\'']);
            let length = after.bytes().take(LONGEST).take_while(|byte| is_name_byte(*byte)).count();
            let kind = self.keys.kind_of(after.get(..length).unwrap_or(""));
            self.anchored_keys.entry(name).or_insert(kind);
        }
    }

    /// Hides what the aliases in hidden values stand for, and the aliases in that.
    fn follow_aliases(&mut self) {
        let mut followed = FxHashSet::default();
        while let Some(name) = self.aliases.pop() {
            if !followed.insert(name) {
                continue;
            }
            let Some(&start) = self.anchors.get(name) else { continue };
            let value = anchored_value(self.text, start);
            self.aliases.extend(aliases_in(self.text.get(value.clone()).unwrap_or("")));
            self.ranges.push(value);
        }
    }

    fn look_at(&mut self, at: usize) {
        self.go_to_line_of(at);
        let Some(key) = self.key_before(at) else { return };
        self.leave_section(at);
        let start = at + 1;
        match key.kind {
            KeyKind::Secret => self.hide(&key, start),
            KeyKind::Likely => self.hide_text(&key, start),
            KeyKind::Section | KeyKind::Sections if key.is_assignment => {}
            KeyKind::Section | KeyKind::Sections => self.enter_section(&key, start),
            KeyKind::Other if self.section.is_some() && key.is_in_place => self.hide_text(&key, start),
            KeyKind::Known | KeyKind::Other => {}
        }
    }

    /// Keeps the start of the line that an offset is in.
    fn go_to_line_of(&mut self, at: usize) {
        let passed = self.text.as_bytes().get(self.looked_to..at).unwrap_or(&[]);
        if let Some(last) = memchr::memrchr2(b'\n', b'\r', passed) {
            self.line_start = self.looked_to + last + 1;
            self.has_comment = false;
        }
        let from = self.line_start.max(self.looked_to);
        // A blank and the sign may be on both sides of a place.
        let passed = self.text.as_bytes().get(from.saturating_sub(1).max(self.line_start)..at).unwrap_or(&[]);
        self.has_comment |= memchr::memmem::find(passed, b" #").is_some();
        self.looked_to = at.max(self.looked_to);
    }

    /// The key before the colon or the equals sign at `at`, if that is one.
    fn key_before(&mut self, at: usize) -> Option<Key> {
        const LONGEST: usize = 80;
        let bytes = self.text.as_bytes();
        let is_equals = bytes[at] == b'=';
        let next = bytes.get(at + 1).copied().unwrap_or(b' ');
        if is_equals
            && (matches!(next, b'=' | b'~')
                || matches!(bytes.get(at.wrapping_sub(1)), Some(b'!' | b'<' | b'>' | b':' | b'=')))
        {
            return None;
        }
        let from = floor_boundary(self.text, at.saturating_sub(LONGEST));
        let before = self.text.get(from..at)?.trim_end_matches(|c: char| c.is_whitespace() || is_invisible(c));
        // Inside a text in quotes, the quotes of a key are escaped.
        let (name, quotes) = match before.strip_suffix(['"', '\'', '`']) {
            Some(inner) => (inner.trim_end_matches('\\'), true),
            None => (before, false),
        };
        let end = from + name.len();
        let mut start = end - name.bytes().rev().take_while(|byte| is_name_byte(*byte)).count();
        let mut decoded = None;
        if quotes
            && let Some(open) = name.rfind('"')
            && name[open..].contains('\\')
        {
            start = from + open + 1;
            decoded = Some(unescaped(&name[open + 1..]));
        }
        let written = self.text.get(start..end)?;
        let kind = match bytes.get(start.wrapping_sub(1)) {
            Some(b'*') if self.anchored_keys.contains_key(written) => self.anchored_keys[written],
            _ => self.keys.kind_of(decoded.as_deref().unwrap_or(written)),
        };
        // Only in a section is there more to say of such a key.
        if matches!(kind, KeyKind::Known | KeyKind::Other) && self.section.is_none() {
            return None;
        }
        let is_first = bytes.get(self.line_start..start).is_some_and(|lead| lead.iter().all(|byte| is_lead(*byte)));
        let is_tight = !next.is_ascii_whitespace() && !quotes;
        if is_tight && !is_equals && !is_first && !begins_a_key(bytes, start) {
            return None;
        }
        // `key="x"` is seldom the key of a certificate.
        if written.is_empty() || is_equals && written == "key" && !is_first {
            return None;
        }
        let start = start - usize::from(quotes && start > 0);
        // The key of `? key` is on a line before.
        let column = start.checked_sub(self.line_start).unwrap_or(at - self.line_start);
        let is_comment = self.text.get(self.line_start..).is_some_and(|line| line.trim_start().starts_with('#'));
        let is_in_comment = self.has_comment || is_comment;
        let before = self.text.get(from..start).unwrap_or("").trim_end().chars().next_back();
        let is_in_place = !is_in_comment && next != b'/' && (is_first || matches!(before, Some('{' | ',')));
        Some(Key { start, kind, column, is_in_comment, is_in_place, is_assignment: is_equals })
    }

    /// Hides the word after a secret key without its colon: `password hunter2`, `password -> hunter2`.
    fn look_for_missing_colons(&mut self) {
        let bytes = self.text.as_bytes();
        let mut start = 0;
        while start < bytes.len() {
            let end = memchr::memchr2(b'\n', b'\r', &bytes[start..]).map_or(bytes.len(), |at| start + at + 1);
            if let Some(line) = self.text.get(start..end)
                && let Some((name, value)) = word_without_colon(line)
                && self.is_of_secret(name)
            {
                let end = start + line.trim_end().len();
                self.ranges.push(end - value.len()..end);
            }
            start = end;
        }
    }

    fn is_of_secret(&mut self, name: &str) -> bool {
        matches!(self.keys.kind_of(name), KeyKind::Secret | KeyKind::Section | KeyKind::Sections)
    }

    fn leave_section(&mut self, at: usize) {
        if self.section.is_none() {
            return;
        }
        let line = self.text.as_bytes().get(self.line_start..at).unwrap_or(&[]);
        let indent = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let is_outside = self.section.as_ref().is_some_and(|section| match section.end {
            Some(end) => at >= end,
            None => self.line_start != section.line_start && indent <= section.column,
        });
        if is_outside {
            self.section = None;
        }
    }

    /// Hides the value that begins at `start`, whatever it is.
    fn hide(&mut self, key: &Key, start: usize) {
        let rest = self.text.get(start..).unwrap_or("").trim_start_matches([' ', '\t']);
        if key.is_in_comment && is_link(rest) {
            return;
        }
        let value = if key.is_in_comment {
            commented_value(self.text, key, self.line_start, start)
        } else {
            value_after(self.text, key.column, start)
        };
        if says_nothing(self.text.get(value.clone()).unwrap_or("")) {
            return;
        }
        self.aliases.extend(aliases_in(self.text.get(value.clone()).unwrap_or("")));
        self.end_of_last = value.end;
        self.ranges.push(value);
    }

    /// Hides the value that begins at `start` if it is a text or a list of texts.
    fn hide_text(&mut self, key: &Key, start: usize) {
        if is_text(self.text, start, key) {
            self.hide(key, start);
        }
    }

    /// A section with secrets begins at `start`, or a text is in its place.
    fn enter_section(&mut self, key: &Key, start: usize) {
        let rest = self.text.get(start..).unwrap_or("").trim_start_matches([' ', '\t']);
        let begin = self.text.len() - rest.len();
        if rest.starts_with('{') {
            if self.section.as_ref().and_then(|section| section.end).is_some_and(|end| begin < end) {
                return;
            }
            let end = closing(self.text, begin);
            let inner = self.text.get(begin..end).unwrap_or("");
            let has_pairs = [": ", "\":", "':", ":\n"].iter().any(|pair| inner.contains(pair)) || inner.len() <= 2;
            if has_pairs {
                self.section = Some(Section { column: key.column, line_start: self.line_start, end: Some(end) });
            } else {
                self.hide(key, start);
            }
        } else if is_text(self.text, start, key) {
            // A sentence in a comment does not count as a value.
            let line = self.text.get(begin..line_end(self.text, begin)).unwrap_or("");
            if !key.is_in_comment || line.split_whitespace().count() <= 2 {
                self.hide(key, start);
            }
        } else if !key.is_in_comment {
            self.section = Some(Section { column: key.column, line_start: self.line_start, end: None });
        }
    }
}

/// Whether a byte can be before the first key of a line.
fn is_lead(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'-' | b'?' | b'"' | b'\'' | b'`' | b'{' | b'#')
}

/// The first word of a line that no colon follows, if it may be a key, and the text in the place of its value.
fn word_without_colon(line: &str) -> Option<(&str, &str)> {
    let bytes = line.as_bytes();
    let lead = bytes.iter().take_while(|byte| is_lead(**byte)).count();
    let signs = bytes[lead..].iter().take_while(|byte| matches!(byte, b'&' | b'!' | b'*')).count();
    let content = line.get(lead + signs..)?;
    let length = content.bytes().take_while(|byte| is_name_byte(*byte)).count();
    let (name, rest) = content.split_at(length);
    let may_be_value =
        |byte: u8| matches!(byte, b'-' | b';' | b'\x0b') || byte.is_ascii_whitespace() || !byte.is_ascii();
    if name.len() < SHORTEST_NAME || !rest.bytes().next().is_some_and(may_be_value) {
        return None;
    }
    let separator = ["->", ";", "\u{ff1a}"].into_iter().find(|separator| rest.trim_start().starts_with(separator));
    let value = rest.trim_start().trim_start_matches(separator.unwrap_or("")).trim();
    let is_one_word = !value.is_empty() && !value.contains(char::is_whitespace);
    let is_value = separator.is_some() || rest.starts_with([' ', '\t']) && is_one_word;
    let is_other = value.starts_with([':', '=', '#']) || value.ends_with(':');
    let is_comment = line.trim_start().starts_with('#');
    (is_value && !is_other && !is_comment).then_some((name, value))
}

/// A shorter name is looked for with its colon only.
const SHORTEST_NAME: usize = 6;

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

fn is_anchor_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// Whether a name at `start` can be a key by what is before it.
fn begins_a_key(bytes: &[u8], start: usize) -> bool {
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    before.is_none_or(|byte| byte.is_ascii_whitespace() || b"{[,(\"'?&;|`*".contains(byte))
}

/// Whether the value at `start` is a text: not null, not a truth value, not a mapping.
fn is_text(text: &str, start: usize, key: &Key) -> bool {
    let mut rest = text.get(start..).unwrap_or("").trim_start_matches([' ', '\t']);
    // A tag or an anchor may be before the value.
    while rest.starts_with(['!', '&']) {
        let length = rest.bytes().take_while(|byte| !byte.is_ascii_whitespace()).count();
        rest = rest[length..].trim_start_matches([' ', '\t']);
    }
    match rest.bytes().next() {
        None | Some(b'{' | b'}' | b']' | b',') => false,
        Some(b'\n' | b'\r' | b'#') if key.is_in_comment => false,
        Some(b'\n' | b'\r' | b'#') => {
            let at = text.len() - rest.len();
            let next = line_end(text, at);
            next_line_is_text(text, next + newline_length(text, next), key.column)
        }
        Some(_) => {
            let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b',' | b'}' | b']');
            let length = rest.bytes().take(8).take_while(|byte| !ends(byte)).count();
            !matches!(rest.get(..length), Some("~" | "null" | "true" | "false" | "\"\"" | "''"))
                && !rest.starts_with("[]")
        }
    }
}

/// Whether a value begins with an address of the web: passwords in it are found by themselves.
fn is_link(value: &str) -> bool {
    value.starts_with("http://") || value.starts_with("https://")
}

/// Whether the line at `at` is a text that belongs to a key of that column, and not a key.
fn next_line_is_text(text: &str, at: usize, column: usize) -> bool {
    let line = text.get(at..line_end(text, at)).unwrap_or("");
    let content = line.trim_start_matches([' ', '\t']);
    let is_indented = line.len() - content.len() > column || content.starts_with("- ");
    let item = content.trim_start_matches("- ");
    let is_other = item.starts_with(['#', '{', '[', '?', '<', '*', '&', '!', '|', '>', '%', '-', ']', '}']);
    is_indented && !item.is_empty() && !is_other && !looks_like_key(item)
}

/// The value of a key in a comment: the rest of the line, and the lines of the comment that are indented more.
fn commented_value(text: &str, key: &Key, line_start: usize, start: usize) -> Range<usize> {
    let value_start =
        start + text.get(start..).unwrap_or("").bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let is_whole_line = text.get(line_start..key.start).is_some_and(|lead| lead.trim_start().starts_with('#'));
    let end = line_end(text, value_start);
    if !is_whole_line {
        // What seems to be a comment may be in quotes.
        let first = text.as_bytes().get(value_start);
        let is_closed = matches!(first, Some(b'"' | b'\'' | b'[' | b'{'));
        return value_start..if is_closed { line_end(text, closing(text, value_start)) } else { end };
    }
    let mut end = end;
    loop {
        let next = end + newline_length(text, end);
        let line = text.get(next..line_end(text, next)).unwrap_or("");
        let Some(content) = line.trim_start().strip_prefix('#').filter(|_| next > end) else { return value_start..end };
        let indent = line.len() - content.trim_start().len();
        if indent <= key.column {
            return value_start..end;
        }
        end = next + line.len();
    }
}

/// The bytes of the value that begins at `start`, after the colon of a key in `column`: the rest of the line, a quoted or
/// bracketed value to its end, and all lines that may belong to it.
fn value_after(text: &str, column: usize, start: usize) -> Range<usize> {
    let value_start =
        start + text.get(start..).unwrap_or("").bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let mut end = line_end(text, closing(text, value_start));
    loop {
        let next = end + newline_length(text, end);
        if next == end || next >= text.len() {
            return value_start..end;
        }
        let next_end = line_end(text, next);
        if !belongs_to_value(text.get(next..next_end).unwrap_or(""), column) {
            return value_start..end;
        }
        end = next_end;
    }
}

/// Whether a line after the key's can be part of its value: it is blank, indented more than the
/// key, or at least nothing that begins something else.
fn belongs_to_value(line: &str, column: usize) -> bool {
    let content = line.trim_start_matches([' ', '\t']);
    let indent = line.len() - content.len();
    if content.is_empty() || indent > column {
        return true;
    }
    let is_list_item = content == "-" || content.starts_with("- ");
    if is_list_item && indent == column {
        return true;
    }
    let begins_something =
        is_list_item || content.starts_with(['#', '}', ']', '{', '?']) || matches!(content.trim_end(), "---" | "...");
    !begins_something && !looks_like_key(content)
}

/// `name:`, `name: value`, `"name": value`.
fn looks_like_key(content: &str) -> bool {
    let Some((name, rest)) = content.split_once(':') else { return false };
    let is_name =
        |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | '"' | '\'' | '/' | '*');
    !name.is_empty() && name.trim_end().chars().all(is_name) && (rest.is_empty() || rest.starts_with([' ', '\t', '\r']))
}

/// The end of the quoted or bracketed value at `start`; `start` itself for any other.
fn closing(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or("").as_bytes();
    let mut at = 0;
    // A tag or an anchor may be before the value.
    while matches!(rest.get(at), Some(b'!' | b'&')) {
        at += rest[at..].iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
        at += rest[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    }
    let mut depth = 0_usize;
    let mut quote = None;
    while let Some(&byte) = rest.get(at) {
        match (quote, byte) {
            (Some(b'"'), b'\\') => at += 1,
            (Some(open), _) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'[' | b'{') => depth += 1,
            (None, b']' | b'}') => depth = depth.saturating_sub(1),
            (None, _) if depth == 0 => return start,
            (None, _) => {}
        }
        at += 1;
        if quote.is_none() && depth == 0 {
            break;
        }
    }
    floor_boundary(text, (start + at).min(text.len()))
}

fn newline_length(text: &str, at: usize) -> usize {
    match text.as_bytes().get(at..) {
        Some([b'\r', b'\n', ..]) => 2,
        Some([b'\r' | b'\n', ..]) => 1,
        _ => 0,
    }
}

/// The names of the aliases in a value.
fn aliases_in(value: &str) -> impl Iterator<Item = &str> {
    memchr::memchr_iter(b'*', value.as_bytes()).filter_map(|at| {
        let name = value.get(at + 1..)?;
        let length = name.bytes().take_while(|byte| is_anchor_byte(*byte)).count();
        name.get(..length).filter(|name| !name.is_empty())
    })
}

/// Whether a value is null or empty.
fn says_nothing(value: &str) -> bool {
    matches!(value.trim(), "" | "~" | "null" | "[]" | "{}" | "\"\"" | "''")
}

/// The value after an anchor's name that ends at `start`.
fn anchored_value(text: &str, start: usize) -> Range<usize> {
    let before = text.as_bytes().get(..start).unwrap_or(&[]);
    let line_start = memchr::memrchr2(b'\n', b'\r', before).map_or(0, |end| end + 1);
    let line = text.get(line_start..).unwrap_or("");
    let column = line.len() - line.trim_start_matches([' ', '-']).len();
    value_after(text, column.min(start - line_start), start)
}
