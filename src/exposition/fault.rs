//! What is wrong with a page, in promcfg's words and in Prometheus's.

use std::borrow::Cow;
use std::fmt::Write as _;

use memchr::memchr;

use crate::diagnostic::{Diagnostic, Severity, ids};
use crate::text::{FileId, FloatError, Location, Span, go_quote, go_quote_bytes, shorten};

use super::format::PageFormat;
use super::token::{Part, Token};

/// What the reader needs next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    Line,
    /// After `# HELP`, `# TYPE` or `# UNIT`.
    MetricName(Token),
    LabelName,
    Equal,
    LabelValue,
    CommaOrBrace,
    Value,
    ExemplarValue,
    TimestampOrLine,
    LineAfterTimestamp,
    ExemplarTimestampOrLine,
    LineAfterExemplarTimestamp,
    LineAfterMetadata,
    LineAfterComment,
}

/// A kind of fault.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Unexpected(Expected, Token),
    /// Nothing follows the name after `# HELP`, `# TYPE` or `# UNIT`.
    MissingText(Token),
    UnknownType,
    Unit {
        metric: Part,
    },
    SecondName,
    MissingName,
    Number(FloatError),
    /// A character that Go's floats may have and those of a page may not.
    NumberCharacter,
    TimestampRange,
    /// A timestamp that is a float, but no time; the one of an exemplar or not.
    NoTime {
        value: f64,
        is_exemplar: bool,
    },
    DataAfterEof,
    MissingEof,
    HelpNotText,
    ValueNotText,
    /// A name that is not UTF-8, in a series with these labels.
    NameNotText {
        labels: String,
    },
}

/// A fault of a page. Prometheus reports the first one of a page, and stores nothing of it.
#[derive(Clone, Debug, PartialEq)]
pub struct PageFault {
    pub(super) kind: Kind,
    pub(super) format: PageFormat,
    /// Where the line begins that Prometheus cites.
    pub(super) entry: usize,
    /// The token that is wrong.
    pub(super) token: Part,
    /// The end of Prometheus's citation.
    pub(super) cited: usize,
    /// The line of the token, from 1.
    pub(super) line: usize,
}

impl PageFault {
    /// The line, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// The bytes of the page that are wrong, in one line.
    #[must_use]
    pub fn span(&self, page: &(impl AsRef<[u8]> + ?Sized)) -> Span {
        let page = page.as_ref();
        let start = character_start(page, self.token.start.min(page.len()));
        let rest = page.get(start..).unwrap_or_default();
        let line = memchr(b'\n', rest).unwrap_or(rest.len());
        Span::new(start, character_end(page, self.token.end.clamp(start, start + line)))
    }

    /// The problem: lower case, no full stop.
    ///
    /// ```
    /// use promcfg::exposition::{PageFormat, faults};
    /// let page = "up 1\nup{job=web} 1\n";
    /// assert_eq!(faults(page, PageFormat::Text)[0].message(page), "expected a label value in double quotes, found \"w\"");
    /// ```
    #[must_use]
    pub fn message(&self, page: &(impl AsRef<[u8]> + ?Sized)) -> String {
        let page = page.as_ref();
        let token = &*self.token_text(page);
        match &self.kind {
            Kind::Unexpected(Expected::LabelValue, Token::Invalid) if token.starts_with('"') => {
                "missing closing quote of a label value".to_string()
            }
            Kind::Unexpected(Expected::LabelName, Token::Invalid) if token.starts_with('"') => {
                "missing closing quote of a name".to_string()
            }
            Kind::Unexpected(expected, found) => {
                format!("expected {}, found {}", expected.describe(), self.describe(*found, token))
            }
            Kind::MissingText(after) => format!("expected a blank and text after the name in `# {after}`"),
            Kind::UnknownType => format!("unknown metric type {}", quoted(token)),
            Kind::Unit { metric } => {
                format!(
                    "the unit {} is not a suffix of the metric {}",
                    quoted(token),
                    quoted(&String::from_utf8_lossy(part(page, *metric)))
                )
            }
            Kind::SecondName => "a series with two metric names".to_string(),
            Kind::MissingName => "a series without a metric name".to_string(),
            Kind::Number(FloatError::Syntax) | Kind::NumberCharacter => format!("invalid number {}", quoted(token)),
            Kind::Number(FloatError::Range) => format!("the number {} is too large", quoted(token)),
            Kind::TimestampRange => format!("the timestamp {} is too large", quoted(token)),
            Kind::NoTime { .. } => format!("invalid timestamp {}", quoted(token)),
            Kind::DataAfterEof => "data after `# EOF`".to_string(),
            Kind::MissingEof => "missing `# EOF` at the end of the page".to_string(),
            Kind::HelpNotText => "the text after `# HELP` is not UTF-8".to_string(),
            Kind::ValueNotText => "a label value is not UTF-8".to_string(),
            Kind::NameNotText { .. } => "a name is not UTF-8".to_string(),
        }
    }

    /// What to do, where one remedy is likely.
    fn help(&self, page: &[u8]) -> Option<&'static str> {
        let token = &*self.token_text(page);
        match &self.kind {
            Kind::UnknownType if token != token.trim() => Some("remove the blanks around the type"),
            Kind::UnknownType => Some(match self.format {
                PageFormat::Text => "write counter, gauge, histogram, summary or untyped",
                PageFormat::OpenMetrics => {
                    "write counter, gauge, histogram, gaugehistogram, summary, info, stateset or unknown"
                }
            }),
            Kind::MissingEof => Some("end the page with the line `# EOF`"),
            Kind::DataAfterEof => Some("remove everything after the line `# EOF`, also blank lines"),
            Kind::Unexpected(..) if token.starts_with('\u{feff}') => Some("remove the byte order mark"),
            Kind::Unexpected(..) if token.starts_with('\r') => Some("end lines with LF only"),
            Kind::Unexpected(Expected::Line, Token::Invalid) if self.format == PageFormat::OpenMetrics => {
                Some("OpenMetrics has no blank lines, and no comments but HELP, TYPE, UNIT and EOF")
            }
            Kind::Unexpected(Expected::LabelValue, Token::Invalid) if !token.starts_with('"') => {
                Some("write the value in double quotes")
            }
            Kind::Unexpected(..)
            | Kind::MissingText(_)
            | Kind::Unit { .. }
            | Kind::SecondName
            | Kind::MissingName
            | Kind::Number(_)
            | Kind::NumberCharacter
            | Kind::TimestampRange
            | Kind::HelpNotText
            | Kind::ValueNotText
            | Kind::NameNotText { .. }
            | Kind::NoTime { .. } => None,
        }
    }

    /// Prometheus's message, if it is the first fault of the page.
    ///
    /// ```
    /// use promcfg::exposition::{PageFormat, faults};
    /// let page = "up x\n";
    /// let upstream = r#"strconv.ParseFloat: parsing "x": invalid syntax while parsing: "up x""#;
    /// assert_eq!(faults(page, PageFormat::Text)[0].upstream(page), upstream);
    /// ```
    #[must_use]
    pub fn upstream(&self, page: &(impl AsRef<[u8]> + ?Sized)) -> String {
        let page = page.as_ref();
        let token = part(page, self.token);
        let while_parsing = || format!("while parsing: {}", self.cited(page, self.entry));
        match &self.kind {
            Kind::Unexpected(expected, found) => {
                let got = self.cited(page, self.token.start);
                format!("{}, got {got} (\"{found}\") {}", expected.upstream(), while_parsing())
            }
            Kind::MissingText(after) => format!("expected text in {after}"),
            Kind::UnknownType => format!("invalid metric type {}", go_quote_bytes(token)),
            Kind::Unit { metric } => {
                format!("unit {} not a suffix of metric {}", go_quote_bytes(token), go_quote_bytes(part(page, *metric)))
            }
            Kind::SecondName => format!("metric name already set {}", while_parsing()),
            Kind::MissingName => format!("metric name not set {}", while_parsing()),
            Kind::Number(error) => {
                format!("strconv.ParseFloat: parsing {}: {error} {}", go_quote_bytes(token), while_parsing())
            }
            Kind::NumberCharacter => format!("unsupported character in float {}", while_parsing()),
            Kind::TimestampRange => {
                format!("strconv.ParseInt: parsing {}: value out of range {}", go_quote_bytes(token), while_parsing())
            }
            Kind::NoTime { value, is_exemplar } => {
                let mut text = "invalid ".to_string();
                text.push_str(if *is_exemplar { "exemplar timestamp " } else { "timestamp " });
                // Writing to a String cannot fail.
                let _ = match value.is_nan() {
                    true => write!(text, "NaN"),
                    false => write!(text, "{}Inf", if *value > 0.0 { '+' } else { '-' }),
                };
                text
            }
            Kind::DataAfterEof => "unexpected data after # EOF".to_string(),
            Kind::MissingEof => "data does not end with # EOF".to_string(),
            Kind::HelpNotText => format!("help text {} is not a valid utf8 string", go_quote_bytes(token)),
            Kind::ValueNotText => format!("invalid UTF-8 label value: {}", go_quote_bytes(token)),
            Kind::NameNotText { labels } => format!("invalid metric name or label names: {labels}"),
        }
    }

    /// The fault as a diagnostic about the page `file`; the first one has Prometheus's message.
    #[must_use]
    pub fn diagnostic(&self, file: FileId, page: &(impl AsRef<[u8]> + ?Sized), is_first: bool) -> Diagnostic {
        let page = page.as_ref();
        let at = Location::new(file, self.span(page));
        let mut diagnostic = Diagnostic::new(ids::INVALID_EXPOSITION, Severity::Error, at, self.message(page))
            .with_argument("token", shorten(&self.token_text(page), 100).into_owned());
        if is_first {
            diagnostic = diagnostic
                .with_note("the scrape of such a page fails: up is 0, and nothing of the page is stored")
                .with_upstream(self.upstream(page));
        }
        match self.help(page) {
            Some(help) => diagnostic.with_help(help),
            None => diagnostic,
        }
    }

    /// The token that is wrong.
    fn token_text<'p>(&self, page: &'p [u8]) -> Cow<'p, str> {
        let start = character_start(page, self.token.start.min(page.len()));
        let end = character_end(page, self.token.end.clamp(start, page.len()));
        String::from_utf8_lossy(page.get(start..end).unwrap_or_default())
    }

    /// The bytes from a place to the end of the citation, quoted. The text format ends with an added line break.
    fn cited(&self, bytes: &[u8], from: usize) -> String {
        let from = from.min(self.cited);
        if self.cited <= bytes.len() {
            return go_quote_bytes(bytes.get(from..self.cited).unwrap_or_default());
        }
        let mut with_end = bytes.get(from..).unwrap_or_default().to_vec();
        with_end.push(b'\n');
        go_quote_bytes(&with_end)
    }

    fn describe(&self, token: Token, text: &str) -> String {
        match token {
            Token::Eof => "the end of the page".to_string(),
            Token::Linebreak => "the end of the line".to_string(),
            _ if text.is_empty() || text.starts_with('\n') => "the end of the line".to_string(),
            _ => quoted(text.split('\n').next().unwrap_or_default()),
        }
    }
}

fn part(page: &[u8], part: Part) -> &[u8] {
    page.get(part.start.min(page.len())..part.end.min(page.len())).unwrap_or_default()
}

/// Whether a byte continues a character of UTF-8.
fn is_continuation(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

/// The start of the character at a place.
fn character_start(page: &[u8], place: usize) -> usize {
    let back = (0..4).find(|back| page.get(place.wrapping_sub(*back)).is_none_or(|byte| !is_continuation(*byte)));
    place.saturating_sub(back.unwrap_or(0))
}

/// The end of the character that a place is in, or the place between two characters.
fn character_end(page: &[u8], place: usize) -> usize {
    let rest = page.get(place..).unwrap_or_default();
    place + rest.iter().take(3).take_while(|byte| is_continuation(**byte)).count()
}

/// A part of a page, quoted and cut.
fn quoted(text: &str) -> String {
    go_quote(&shorten(text, 60))
}

impl Expected {
    fn describe(self) -> &'static str {
        match self {
            Self::Line => "a series or a comment at the start of the line",
            Self::MetricName(Token::Help) => "a metric name after `# HELP`",
            Self::MetricName(Token::Unit) => "a metric name after `# UNIT`",
            Self::MetricName(_) => "a metric name after `# TYPE`",
            Self::LabelName => "a label name",
            Self::Equal => "`=` after the label name",
            Self::LabelValue => "a label value in double quotes",
            Self::CommaOrBrace => "`,` or `}` after the label",
            Self::Value => "a value after the series",
            Self::ExemplarValue => "a value after the labels of the exemplar",
            Self::TimestampOrLine => "a timestamp or the end of the line after the value",
            Self::LineAfterTimestamp => "the end of the line after the timestamp",
            Self::ExemplarTimestampOrLine => "a timestamp or the end of the line after the exemplar",
            Self::LineAfterExemplarTimestamp => "the end of the line after the timestamp of the exemplar",
            Self::LineAfterMetadata => "the end of the line after the text",
            Self::LineAfterComment => "the end of the line after the comment",
        }
    }

    fn upstream(self) -> String {
        let fixed = match self {
            Self::MetricName(after) => return format!("expected metric name after {after}"),
            Self::Line => "expected a valid start token",
            Self::LabelName => "expected label name",
            Self::Equal => "expected equal",
            Self::LabelValue => "expected label value",
            Self::CommaOrBrace => "expected comma or brace close",
            Self::Value => "expected value after metric",
            Self::ExemplarValue => "expected value after exemplar labels",
            Self::TimestampOrLine => "expected timestamp or new record",
            Self::LineAfterTimestamp => "expected next entry after timestamp",
            Self::ExemplarTimestampOrLine => "expected timestamp or comment",
            Self::LineAfterExemplarTimestamp => "expected next entry after exemplar timestamp",
            Self::LineAfterMetadata => "linebreak expected after metadata",
            Self::LineAfterComment => "linebreak expected after comment",
        };
        fixed.to_string()
    }
}
