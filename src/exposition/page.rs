//! From the tokens of a page to its samples and its faults.
//!
//! Source: the parsers of `model/textparse` of Prometheus 3.14. After a fault, with which Prometheus stops, reading goes on
//! at the next line.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};

use crate::text::FloatError;

use super::fault::{Expected, Kind, PageFault};
use super::format::PageFormat;
use super::lexer::{Lexer, State};
use super::sample::{MetricType, PageSample, has_refused_character, milliseconds, number};
use super::token::{Part, Token};
use super::usual::{UsualKind, UsualLines};
use super::values::{as_float, shown_labels, unescaped, unescaped_bytes};

/// The samples of a page and its faults, one after the other. Before the first fault the samples are those that Prometheus
/// reads; it reads nothing after it.
///
/// `le` of histograms and `quantile` of summaries are written as floats (`1` becomes `1.0`) by the last `# TYPE`, whatever
/// the name of the series is. `_created` lines are series, as Prometheus stores them by default. Only with the feature
/// `created-timestamp-zero-ingestion` does it read those of counters, histograms and summaries in OpenMetrics as start times,
/// and stores no series of that name; this is a flag of the server, which no config has.
///
/// ```
/// use promcfg::exposition::{Page, PageFormat};
/// let mut page = Page::new("# TYPE h histogram\nh_bucket{le=\"1\"} 3\nh_bucket{le=2} 3\nh_count 3\n", PageFormat::Text);
/// let sample = page.next().unwrap().unwrap();
/// assert_eq!((&*sample.name, &*sample.labels[0].1, sample.value), ("h_bucket", "1.0", 3.0));
/// assert_eq!(page.next().unwrap().unwrap_err().line(), 3);
/// assert_eq!(page.next().unwrap().unwrap().name, "h_count");
/// assert!(page.next().is_none());
/// ```
#[derive(Clone, Debug)]
pub struct Page<'t> {
    bytes: &'t [u8],
    /// The bytes as text, if all of them are UTF-8.
    text: Option<&'t str>,
    format: PageFormat,
    lexer: Lexer<'t>,
    pub(super) usual: UsualLines<'t>,
    kind: MetricType,
    is_over: bool,
    /// Where the line begins that is read.
    entry: usize,
    name: Option<Part>,
    labels: Vec<(Part, Part)>,
    /// A place in the page and its line, from which later lines are counted.
    counted: (usize, usize),
}

/// What a line is.
enum Entry {
    Sample { value: f64, timestamp: Option<i64> },
    Other,
    End,
}

impl<'t> Iterator for Page<'t> {
    type Item = Result<PageSample<'t>, PageFault>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut sample = PageSample::default();
        self.read(&mut sample).map(|read| read.map(|()| sample))
    }
}

impl<'t> Page<'t> {
    /// The page of this text, or of these bytes, in this format. Prometheus reads bytes that are not UTF-8 in comments, and
    /// refuses them elsewhere.
    #[must_use]
    pub fn new(page: &'t (impl AsRef<[u8]> + ?Sized), format: PageFormat) -> Self {
        let bytes = page.as_ref();
        Self {
            bytes,
            text: std::str::from_utf8(bytes).ok(),
            format,
            lexer: Lexer::new(bytes, format),
            usual: UsualLines::new(bytes, format),
            kind: MetricType::Other,
            is_over: false,
            entry: 0,
            name: None,
            labels: Vec::new(),
            counted: (0, 1),
        }
    }

    /// Reads the next sample into `sample`, whose memory is used again; `None` at the end of the page. After a fault, `sample`
    /// has no meaning.
    ///
    /// ```
    /// use promcfg::exposition::{Page, PageFormat, PageSample};
    /// let mut page = Page::new("a{x=\"1\"} 1\nb 2\n", PageFormat::Text);
    /// let (mut sample, mut sum) = (PageSample::default(), 0.0);
    /// while let Some(read) = page.read(&mut sample) {
    ///     read.expect("is a sample");
    ///     sum += sample.value;
    /// }
    /// assert_eq!(sum, 3.0);
    /// ```
    pub fn read(&mut self, sample: &mut PageSample<'t>) -> Option<Result<(), PageFault>> {
        while !self.is_over {
            match self.usual_line(sample) {
                Some(true) => return Some(Ok(())),
                Some(false) => continue,
                None => {}
            }
            match self.entry() {
                Ok(Entry::Sample { value, timestamp }) => {
                    return Some(self.check_names().map(|()| self.fill(sample, value, timestamp)));
                }
                Ok(Entry::Other) => {}
                Ok(Entry::End) => self.is_over = true,
                Err(fault) => {
                    self.recover(&fault);
                    return Some(Err(fault));
                }
            }
        }
        None
    }

    /// Reads a usual line; whether it is a sample. `None` for another line.
    fn usual_line(&mut self, sample: &mut PageSample<'t>) -> Option<bool> {
        if self.lexer.state != State::Init {
            return None;
        }
        let line = self.usual.read(self.lexer.at, self.kind, sample)?;
        (self.lexer.start, self.lexer.at) = (line.last, line.next);
        match line.kind {
            UsualKind::Sample => return Some(true),
            UsualKind::Type(kind) => self.kind = kind,
            UsualKind::Other => {}
        }
        Some(false)
    }

    /// Goes to the line after the one where the fault is.
    fn recover(&mut self, fault: &PageFault) {
        if matches!(fault.kind, Kind::MissingEof | Kind::DataAfterEof) {
            self.is_over = true;
            return;
        }
        let rest = self.bytes.get(self.entry..).unwrap_or_default();
        match memchr(b'\n', rest) {
            Some(length) => (self.lexer.at, self.lexer.state) = (self.entry + length + 1, State::Init),
            None if self.format == PageFormat::Text => self.is_over = true,
            None => (self.lexer.at, self.lexer.state) = (self.bytes.len(), State::Init),
        }
    }

    /// A fault of the last token, of which Prometheus cites all that was read.
    fn fault(&mut self, kind: Kind) -> PageFault {
        let token = Part::new(self.lexer.start.min(self.lexer.at), self.lexer.at);
        self.fault_at(kind, token)
    }

    fn fault_at(&mut self, kind: Kind, token: Part) -> PageFault {
        let cited = self.lexer.at;
        PageFault { kind, format: self.format, entry: self.entry, token, cited, line: self.line_of(token.start) }
    }

    /// The fault of another token than the expected one; the citation has the byte after it.
    fn unexpected(&mut self, expected: Expected, token: Token) -> PageFault {
        let cited = (self.lexer.at + 1).min(self.lexer.end());
        let start = self.lexer.start.min(cited);
        let end = if token == Token::Invalid { cited } else { self.lexer.at };
        let line = self.line_of(start);
        let kind = Kind::Unexpected(expected, token);
        PageFault { kind, format: self.format, entry: self.entry, token: Part::new(start, end.max(start)), cited, line }
    }

    fn line_of(&mut self, place: usize) -> usize {
        let lines = |from: usize, to: usize| {
            memchr_iter(b'\n', self.bytes.get(from..to.min(self.bytes.len())).unwrap_or_default()).count()
        };
        if self.counted.0 < self.entry {
            self.counted = (self.entry, self.counted.1 + lines(self.counted.0, self.entry));
        }
        self.counted.1 + lines(self.counted.0, place)
    }

    fn token_span(&self) -> Part {
        Part::new(self.lexer.start, self.lexer.at)
    }

    fn part(&self, span: Part) -> &'t [u8] {
        self.bytes.get(span.start.min(self.bytes.len())..span.end.min(self.bytes.len())).unwrap_or_default()
    }

    /// A part as text; `None` if it is not UTF-8.
    fn text_of(&self, span: Part) -> Option<&'t str> {
        match self.text {
            Some(text) => text.get(span.start.min(text.len())..span.end.min(text.len())),
            None => std::str::from_utf8(self.part(span)).ok(),
        }
    }

    /// A part without its escapes. The text of a sample was checked before.
    fn unescaped(&self, span: Part) -> Cow<'t, str> {
        unescaped(self.text_of(span).unwrap_or_default())
    }

    fn entry(&mut self) -> Result<Entry, PageFault> {
        self.entry = self.lexer.at;
        self.name = None;
        self.labels.clear();
        match self.lexer.next_token() {
            Token::Eof if self.format == PageFormat::OpenMetrics => Err(self.fault(Kind::MissingEof)),
            Token::Eof => Ok(Entry::End),
            Token::EofWord => match self.lexer.next_token() {
                Token::Eof => Ok(Entry::End),
                _ => Err(self.fault(Kind::DataAfterEof)),
            },
            Token::Linebreak if self.format == PageFormat::Text => Ok(Entry::Other),
            Token::Comment if self.format == PageFormat::Text => self.line_end(Expected::LineAfterComment),
            word @ (Token::Help | Token::Type | Token::Unit) => self.metadata(word),
            Token::BraceOpen => {
                self.read_labels(false)?;
                let token = self.lexer.next_token();
                self.suffix(token)
            }
            Token::MetricName => {
                // Blanks before the name are part of it.
                self.name = Some(Part::new(self.entry, self.lexer.at));
                let mut token = self.lexer.next_token();
                if token == Token::BraceOpen {
                    self.read_labels(false)?;
                    token = self.lexer.next_token();
                }
                self.suffix(token)
            }
            token => Err(self.unexpected(Expected::Line, token)),
        }
    }

    fn line_end(&mut self, expected: Expected) -> Result<Entry, PageFault> {
        match self.lexer.next_token() {
            Token::Linebreak => Ok(Entry::Other),
            token => Err(self.unexpected(expected, token)),
        }
    }

    /// After `# HELP`, `# TYPE` or `# UNIT`.
    fn metadata(&mut self, word: Token) -> Result<Entry, PageFault> {
        match self.lexer.next_token() {
            Token::MetricName => {}
            token => return Err(self.unexpected(Expected::MetricName(word), token)),
        }
        let mut metric = self.token_span();
        if self.part(metric).starts_with(b"\"") {
            metric = Part::new(metric.start + 1, (metric.end - 1).max(metric.start + 1));
        }
        let text = match self.lexer.next_token() {
            Token::Text => self.metadata_text(),
            _ => return Err(self.fault(Kind::MissingText(word))),
        };
        match word {
            Token::Type => match MetricType::named(self.part(text), self.format) {
                Some(kind) => self.kind = kind,
                None => return Err(self.fault_at(Kind::UnknownType, text)),
            },
            Token::Help if self.text_of(text).is_none() => return Err(self.fault_at(Kind::HelpNotText, text)),
            Token::Unit if !is_unit(self.part(metric), self.part(text)) => {
                return Err(self.fault_at(Kind::Unit { metric }, text));
            }
            _ => {}
        }
        match self.format {
            PageFormat::Text => self.line_end(Expected::LineAfterMetadata),
            PageFormat::OpenMetrics => Ok(Entry::Other),
        }
    }

    /// The text without its first byte, which is the blank before it, and without the end of the line.
    fn metadata_text(&self) -> Part {
        let token = self.token_span();
        let end = token.end - usize::from(self.format == PageFormat::OpenMetrics);
        // In the text format the first byte can be part of any character.
        Part::new((token.start + 1).min(end), end)
    }

    /// Reads the labels in braces, of a series or of an exemplar, to after the closing brace.
    fn read_labels(&mut self, is_exemplar: bool) -> Result<(), PageFault> {
        let mut token = self.lexer.next_token();
        loop {
            match token {
                Token::BraceClose => return Ok(()),
                Token::LabelName | Token::QuotedName => {}
                other => return Err(self.unexpected(Expected::LabelName, other)),
            }
            let is_quoted = token == Token::QuotedName;
            let mut name = self.token_span();
            if is_quoted {
                name = Part::new(name.start + 1, name.end - 1);
            }
            token = self.lexer.next_token();
            if is_quoted && matches!(token, Token::Comma | Token::BraceClose) {
                if is_exemplar {
                    return Err(self.unexpected(Expected::LabelName, token));
                }
                if self.name.is_some() {
                    return Err(self.fault(Kind::SecondName));
                }
                self.name = Some(name);
                if token == Token::BraceClose {
                    return Ok(());
                }
                token = self.lexer.next_token();
                continue;
            }
            if token != Token::Equal {
                return Err(self.unexpected(Expected::Equal, token));
            }
            match self.lexer.next_token() {
                Token::LabelValue => {}
                other => return Err(self.unexpected(Expected::LabelValue, other)),
            }
            if self.text_of(self.token_span()).is_none() {
                return Err(self.fault(Kind::ValueNotText));
            }
            if !is_exemplar {
                let value = Part::new(self.lexer.start + 1, self.lexer.at - 1);
                self.labels.push((name, value));
            }
            token = self.lexer.next_token();
            match (token, self.format) {
                (Token::Comma, _) => token = self.lexer.next_token(),
                (Token::BraceClose, _) | (_, PageFormat::Text) => {}
                (other, PageFormat::OpenMetrics) => return Err(self.unexpected(Expected::CommaOrBrace, other)),
            }
        }
    }

    /// From the value to the end of the line.
    fn suffix(&mut self, token: Token) -> Result<Entry, PageFault> {
        if self.name.is_none() {
            return Err(self.fault(Kind::MissingName));
        }
        let value = self.float(token, Expected::Value)?;
        match self.format {
            PageFormat::Text => self.timestamp_of_text(value),
            PageFormat::OpenMetrics => self.timestamp_of_open_metrics(value),
        }
    }

    fn timestamp_of_text(&mut self, value: f64) -> Result<Entry, PageFault> {
        match self.lexer.next_token() {
            Token::Linebreak => Ok(Entry::Sample { value, timestamp: None }),
            Token::Timestamp => {
                let Some(Ok(timestamp)) = self.text_of(self.token_span()).map(str::parse::<i64>) else {
                    return Err(self.fault(Kind::TimestampRange));
                };
                match self.lexer.next_token() {
                    Token::Linebreak => Ok(Entry::Sample { value, timestamp: Some(timestamp) }),
                    token => Err(self.unexpected(Expected::LineAfterTimestamp, token)),
                }
            }
            token => Err(self.unexpected(Expected::TimestampOrLine, token)),
        }
    }

    fn timestamp_of_open_metrics(&mut self, value: f64) -> Result<Entry, PageFault> {
        match self.lexer.next_token() {
            Token::Eof => Err(self.fault(Kind::MissingEof)),
            Token::Comment => self.exemplar().map(|()| Entry::Sample { value, timestamp: None }),
            Token::Timestamp => {
                let timestamp = Some(self.seconds(false)?);
                match self.lexer.next_token() {
                    Token::Linebreak => Ok(Entry::Sample { value, timestamp }),
                    Token::Comment => self.exemplar().map(|()| Entry::Sample { value, timestamp }),
                    token => Err(self.unexpected(Expected::LineAfterTimestamp, token)),
                }
            }
            // Any other token ends the sample for Prometheus; the fault is that the next line begins there.
            _ => Ok(Entry::Sample { value, timestamp: None }),
        }
    }

    /// After ` # {`.
    fn exemplar(&mut self) -> Result<(), PageFault> {
        self.read_labels(true)?;
        let token = self.lexer.next_token();
        self.float(token, Expected::ExemplarValue)?;
        match self.lexer.next_token() {
            Token::Eof => Err(self.fault(Kind::MissingEof)),
            Token::Linebreak => Ok(()),
            Token::Timestamp => {
                self.seconds(true)?;
                match self.lexer.next_token() {
                    Token::Linebreak => Ok(()),
                    token => Err(self.unexpected(Expected::LineAfterExemplarTimestamp, token)),
                }
            }
            token => Err(self.unexpected(Expected::ExemplarTimestampOrLine, token)),
        }
    }

    /// The last token as a float; in OpenMetrics a blank is part of it.
    fn float(&mut self, token: Token, expected: Expected) -> Result<f64, PageFault> {
        if token != Token::Value {
            return Err(self.unexpected(expected, token));
        }
        self.number()
    }

    /// A time in seconds, as milliseconds.
    fn seconds(&mut self, is_exemplar: bool) -> Result<i64, PageFault> {
        let value = self.number()?;
        if let Some(timestamp) = milliseconds(value) {
            return Ok(timestamp);
        }
        let kind = Kind::NoTime { value, is_exemplar };
        Err(self.fault_at(kind, self.word_span()))
    }

    fn word_span(&self) -> Part {
        let token = self.token_span();
        let blank = usize::from(self.format == PageFormat::OpenMetrics);
        Part::new((token.start + blank).min(token.end), token.end)
    }

    fn number(&mut self) -> Result<f64, PageFault> {
        let span = self.word_span();
        let read = match self.text_of(span) {
            Some(text) => number(text),
            None if has_refused_character(self.part(span)) => Err(Kind::NumberCharacter),
            None => Err(Kind::Number(FloatError::Syntax)),
        };
        read.map_err(|error| self.fault_at(error, span))
    }

    /// The fault of a sample with a name that is not UTF-8: the parser reads it, the scrape refuses it.
    fn check_names(&mut self) -> Result<(), PageFault> {
        if self.text.is_some() {
            return Ok(());
        }
        let names = self.name.into_iter().chain(self.labels.iter().map(|(name, _)| *name));
        let Some(wrong) = names.into_iter().find(|name| self.text_of(*name).is_none()) else { return Ok(()) };
        let plain = |span: Part| unescaped_bytes(self.part(span));
        let mut pairs = vec![(b"__name__".to_vec(), self.name.map(plain).unwrap_or_default())];
        pairs.extend(self.labels.iter().map(|(name, value)| {
            let (name, value) = (plain(*name), self.unescaped(*value));
            let is_bound = self.kind.bound().is_some_and(|bound| bound.as_bytes() == name);
            let value = if is_bound { as_float(value) } else { value };
            (name, value.into_owned().into_bytes())
        }));
        Err(self.fault_at(Kind::NameNotText { labels: shown_labels(pairs) }, wrong))
    }

    fn fill(&self, sample: &mut PageSample<'t>, value: f64, timestamp: Option<i64>) {
        sample.name = self.name.map_or(Cow::Borrowed(""), |name| self.unescaped(name));
        let label = |(name, value): &(Part, Part)| {
            let (name, value) = (self.unescaped(*name), self.unescaped(*value));
            match self.kind.bound() {
                Some(bound) if *name == *bound => (name, as_float(value)),
                _ => (name, value),
            }
        };
        sample.labels.clear();
        sample.labels.extend(self.labels.iter().map(label));
        (sample.value, sample.timestamp) = (value, timestamp);
    }
}

/// Whether the name of a metric ends with `_` and its unit.
fn is_unit(metric: &[u8], unit: &[u8]) -> bool {
    unit.is_empty() || metric.strip_suffix(unit).is_some_and(|rest| rest.ends_with(b"_"))
}
