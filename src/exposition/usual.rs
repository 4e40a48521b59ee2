//! The usual lines of a page, each read at once: comments, `# HELP`, `# TYPE`, and samples whose names have no quotes.
//!
//! Every other line is left to the lexer, also each one with a fault: only the lexer knows the tokens that messages cite. What
//! is read here is what the lexer and the parser read from the line; a test compares them.

use std::borrow::Cow;

use memchr::{memchr, memchr3};

use super::classes::{
    BLANK, LABEL_PART, LABEL_START, METRIC_PART, METRIC_START, QUOTED_PART, VALUE_PART, WORD_PART, end_of, is,
};
use super::format::PageFormat;
use super::sample::{MetricType, PageSample, milliseconds, number};
use super::values::{as_float, unescaped};

/// A line that was read.
pub(super) struct UsualLine {
    pub(super) kind: UsualKind,
    /// Where its last token begins.
    pub(super) last: usize,
    /// Where the next line begins.
    pub(super) next: usize,
}

pub(super) enum UsualKind {
    Sample,
    Type(MetricType),
    /// A comment, or text about a metric.
    Other,
}

/// A reader of usual lines.
#[derive(Clone, Copy, Debug)]
pub(super) struct UsualLines<'t> {
    /// The page up to the first byte that is not UTF-8 or is 0.
    text: &'t str,
    format: PageFormat,
}

impl<'t> UsualLines<'t> {
    pub(super) fn new(page: &'t [u8], format: PageFormat) -> Self {
        let text = match std::str::from_utf8(page) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&page[..error.valid_up_to()]).unwrap_or_default(),
        };
        let end = memchr(0, text.as_bytes()).unwrap_or(text.len());
        Self { text: &text[..end], format }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// The first place from `at` on whose byte is not in the class.
    fn end_of(&self, at: usize, class: u8) -> usize {
        end_of(self.text.as_bytes(), at, class)
    }

    /// The end of the line that a place is in; `None` without a line break.
    fn line_end(&self, at: usize) -> Option<usize> {
        memchr(b'\n', self.text.as_bytes().get(at..)?).map(|length| at + length)
    }

    /// Reads the line that begins at a place, a sample into `sample`. `kind` is the last type. `None` for a line that the
    /// lexer has to read; `sample` may be changed then.
    pub(super) fn read(&self, at: usize, kind: MetricType, sample: &mut PageSample<'t>) -> Option<UsualLine> {
        let first = self.byte(at)?;
        if first == b'#' {
            return self.comment(at);
        }
        if !is(first, METRIC_START) {
            return None;
        }
        let name = self.end_of(at + 1, METRIC_PART);
        sample.name = Cow::Borrowed(self.text.get(at..name)?);
        sample.labels.clear();
        let end = match self.byte(name)? {
            b'{' => self.labels(name + 1, kind.bound(), &mut sample.labels)?,
            _ => name,
        };
        let end = match self.format {
            PageFormat::Text => self.suffix_of_text(end, sample)?,
            PageFormat::OpenMetrics => self.suffix_of_open_metrics(end, sample)?,
        };
        (self.byte(end)? == b'\n').then_some(UsualLine { kind: UsualKind::Sample, last: end, next: end + 1 })
    }

    /// Reads the labels from after the opening brace to after the closing one.
    fn labels(
        &self,
        mut at: usize,
        bound: Option<&str>,
        labels: &mut Vec<(Cow<'t, str>, Cow<'t, str>)>,
    ) -> Option<usize> {
        loop {
            if self.format == PageFormat::Text {
                at = self.end_of(at, BLANK);
            }
            match self.byte(at)? {
                b'}' => return Some(at + 1),
                first if is(first, LABEL_START) => {}
                _ => return None,
            }
            let name_end = self.end_of(at + 1, LABEL_PART);
            if self.byte(name_end)? != b'=' || self.byte(name_end + 1)? != b'"' {
                return None;
            }
            let name = self.text.get(at..name_end)?;
            let start = name_end + 2;
            let (end, has_escapes) = self.closing_quote(start)?;
            let value = self.text.get(start..end)?;
            let value = if has_escapes { unescaped(value) } else { Cow::Borrowed(value) };
            let value = if bound == Some(name) { as_float(value) } else { value };
            labels.push((Cow::Borrowed(name), value));
            at = end + 1;
            match self.byte(at)? {
                b',' => at += 1,
                b'}' => {}
                _ => return None,
            }
        }
    }

    /// The closing quote of a value without line breaks, and whether the value has escapes.
    fn closing_quote(&self, start: usize) -> Option<(usize, bool)> {
        /// Up to this length a loop is faster than a search.
        const SHORT: usize = 32;
        let bytes = self.text.as_bytes();
        let (mut at, mut has_escapes) = (start, false);
        loop {
            let near = bytes.get(..bytes.len().min(at + SHORT))?;
            at = end_of(near, at, QUOTED_PART);
            if at == near.len() {
                at += memchr3(b'"', b'\\', b'\n', bytes.get(at..)?)?;
            }
            match bytes.get(at)? {
                b'"' => return Some((at, has_escapes)),
                b'\\' if *bytes.get(at + 1)? != b'\n' => (at, has_escapes) = (at + 2, true),
                _ => return None,
            }
        }
    }

    /// From the value to the end of the line.
    fn suffix_of_text(&self, at: usize, sample: &mut PageSample<'t>) -> Option<usize> {
        let start = self.end_of(at, BLANK);
        let end = self.end_of(start, VALUE_PART);
        sample.value = number(self.text.get(start..end)?).ok()?;
        sample.timestamp = None;
        let start = self.end_of(end, BLANK);
        if self.byte(start)? == b'\n' {
            return Some(start);
        }
        let digits = self.text.as_bytes().get(start..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
        sample.timestamp = Some(self.text.get(start..start + digits)?.parse().ok()?);
        Some(self.end_of(start + digits, BLANK))
    }

    /// The same in OpenMetrics, where one blank is before the value and one before the timestamp.
    fn suffix_of_open_metrics(&self, at: usize, sample: &mut PageSample<'t>) -> Option<usize> {
        let (value, end) = self.word(at)?;
        sample.value = number(value).ok()?;
        sample.timestamp = None;
        if self.byte(end)? == b'\n' {
            return Some(end);
        }
        let (timestamp, end) = self.word(end)?;
        // With `#` an exemplar begins.
        if timestamp.starts_with('#') {
            return None;
        }
        sample.timestamp = Some(milliseconds(number(timestamp).ok()?)?);
        Some(end)
    }

    /// A blank and a word: the word and its end.
    fn word(&self, at: usize) -> Option<(&'t str, usize)> {
        if self.byte(at)? != b' ' {
            return None;
        }
        let end = self.end_of(at + 1, WORD_PART);
        Some((self.text.get(at + 1..end)?, end))
    }

    fn comment(&self, at: usize) -> Option<UsualLine> {
        let bytes = self.text.as_bytes();
        let word = bytes.get(at..at + 7).unwrap_or_default();
        if word != b"# HELP " && word != b"# TYPE " {
            return self.plain_comment(at);
        }
        let name = at + word.len();
        if !is(self.byte(name)?, METRIC_START) {
            return None;
        }
        let blank = self.end_of(name + 1, METRIC_PART);
        if self.byte(blank)? != b' ' {
            return None;
        }
        let end = self.line_end(blank + 1)?;
        let kind = match word {
            b"# TYPE " => UsualKind::Type(MetricType::named(bytes.get(blank + 1..end)?, self.format)?),
            _ => UsualKind::Other,
        };
        let last = match self.format {
            PageFormat::Text => end,
            // With the line break, the lexer also skips bytes of value 0 after it.
            PageFormat::OpenMetrics => self.byte(end + 1).map(|_| blank)?,
        };
        Some(UsualLine { kind, last, next: end + 1 })
    }

    /// A comment of the text format that cannot be about a metric.
    fn plain_comment(&self, at: usize) -> Option<UsualLine> {
        let first = self.byte(at + 1)?;
        let may_be_metadata =
            is(first, BLANK) && self.byte(at + 2).is_none_or(|byte| is(byte, BLANK) || matches!(byte, b'H' | b'T'));
        if self.format == PageFormat::OpenMetrics || may_be_metadata {
            return None;
        }
        let end = self.line_end(at + 1)?;
        Some(UsualLine { kind: UsualKind::Other, last: end, next: end + 1 })
    }
}
