//! From the bytes of a page to tokens, in states.
//!
//! Source: the lexers of `model/textparse` of Prometheus 3.14, whose positions matter: a message cites the bytes up to the
//! one at which the lexer gave up. They find no token again after a failed attempt, so that each byte is read once.

use memchr::{memchr, memchr2};

use super::classes::{
    BLANK, LABEL_PART, LABEL_START, METRIC_PART, METRIC_START, QUOTED_PART, VALUE_PART, WORD_PART, end_of, is,
};
use super::format::PageFormat;
use super::token::Token;

/// What can come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// The start of a line.
    Init,
    /// After `# `.
    Comment,
    /// After `HELP`, `TYPE` or `UNIT`: a metric name.
    MetaName,
    /// After that name: the text.
    MetaText,
    /// Inside the braces of a series.
    Labels,
    /// After `=`.
    LabelValue,
    /// After the name or the braces of a series.
    Value,
    /// After the value.
    Timestamp,
    /// Inside the braces of an exemplar.
    Exemplar,
    /// After `=`, or after the braces of an exemplar.
    ExemplarValue,
    /// After the value of an exemplar.
    ExemplarTimestamp,
}

/// The place of the lexer in a page.
#[derive(Clone, Debug)]
pub(super) struct Lexer<'t> {
    bytes: &'t [u8],
    format: PageFormat,
    /// The length of the page as Prometheus reads it: it adds a line break to a page in the text format.
    end: usize,
    /// The next byte.
    pub(super) at: usize,
    /// The first byte of the last token.
    pub(super) start: usize,
    pub(super) state: State,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(bytes: &'t [u8], format: PageFormat) -> Self {
        let end = bytes.len() + usize::from(format == PageFormat::Text);
        Self { bytes, format, end, at: 0, start: 0, state: State::Init }
    }

    /// The length of the page, with the added line break.
    pub(super) fn end(&self) -> usize {
        self.end
    }

    /// The byte at a place: a line break at the added one, 0 at the end.
    fn byte(&self, at: usize) -> u8 {
        match self.bytes.get(at) {
            Some(byte) => *byte,
            None if at < self.end => b'\n',
            None => 0,
        }
    }

    /// Whether bytes of value 0 are skipped.
    fn skips_zeros(&self) -> bool {
        matches!(self.state, State::LabelValue | State::MetaText | State::Comment)
    }

    /// Goes to the next byte.
    fn advance(&mut self) -> u8 {
        self.at += 1;
        let mut byte = self.byte(self.at);
        if byte == 0 && self.skips_zeros() {
            while byte == 0 && self.at < self.end {
                self.at += 1;
                byte = self.byte(self.at);
            }
        }
        byte
    }

    /// Goes to the next byte that is not in the class, from this one.
    fn skip(&mut self, class: u8) {
        self.at = end_of(self.bytes, self.at, class);
    }

    /// The token of one byte.
    fn one(&mut self, token: Token, next: State) -> Token {
        self.advance();
        self.state = next;
        token
    }

    /// The token that ends here.
    fn ended(&mut self, token: Token, next: State) -> Token {
        self.state = next;
        token
    }

    /// The next token. At the end the start of the last one stays.
    pub(super) fn next_token(&mut self) -> Token {
        match self.format {
            PageFormat::Text => loop {
                match self.next_of_text() {
                    Token::Whitespace => {}
                    token => return token,
                }
            },
            PageFormat::OpenMetrics => self.next_of_open_metrics(),
        }
    }

    fn next_of_text(&mut self) -> Token {
        if self.at >= self.end {
            return Token::Eof;
        }
        self.start = self.at;
        let byte = self.byte(self.at);
        if is(byte, BLANK) && self.state != State::MetaText {
            self.skip_blanks();
            return Token::Whitespace;
        }
        match self.state {
            State::Init => match byte {
                b'#' => self.comment_of_text(),
                b'\n' => self.one(Token::Linebreak, State::Init),
                b'{' => self.one(Token::BraceOpen, State::Labels),
                0 => self.one(Token::Eof, State::Init),
                _ if is(byte, METRIC_START) => {
                    self.skip(METRIC_PART);
                    self.ended(Token::MetricName, State::Value)
                }
                _ => Token::Invalid,
            },
            State::Comment => self.rest_of_comment(),
            State::MetaName => self.metric_name(byte),
            State::MetaText => self.text_after_name(byte),
            State::Labels => self.in_labels(byte),
            State::LabelValue => match byte {
                b'"' if self.quoted(true) => self.ended(Token::LabelValue, State::Labels),
                _ => Token::Invalid,
            },
            State::Value => match byte {
                b'{' => self.one(Token::BraceOpen, State::Labels),
                _ if is(byte, VALUE_PART) => {
                    self.skip(VALUE_PART);
                    self.ended(Token::Value, State::Timestamp)
                }
                _ => Token::Invalid,
            },
            State::Timestamp => match byte {
                b'\n' => self.one(Token::Linebreak, State::Init),
                b'0'..=b'9' => {
                    let rest = self.bytes.get(self.at..).unwrap_or_default();
                    self.at += rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
                    Token::Timestamp
                }
                _ => Token::Invalid,
            },
            State::Exemplar | State::ExemplarValue | State::ExemplarTimestamp => Token::Invalid,
        }
    }

    fn skip_blanks(&mut self) {
        if self.skips_zeros() {
            while is(self.advance(), BLANK) {}
        } else {
            self.skip(BLANK);
        }
    }

    /// From `#`: `HELP`, `TYPE`, or a comment.
    fn comment_of_text(&mut self) -> Token {
        if !is(self.advance(), BLANK) {
            return self.rest_of_comment();
        }
        self.skip(BLANK);
        let byte = self.byte(self.at);
        self.state = State::Comment;
        let (word, token) = match byte {
            b'H' => (b"ELP", Token::Help),
            b'T' => (b"YPE", Token::Type),
            _ => return self.rest_of_comment(),
        };
        let is_word = word.iter().all(|letter| self.advance() == *letter);
        if !is_word || !is(self.advance(), BLANK) {
            return self.rest_of_comment();
        }
        while is(self.advance(), BLANK) {}
        self.ended(token, State::MetaName)
    }

    /// The comment up to the end of its line. A byte of value 0 ends the page.
    fn rest_of_comment(&mut self) -> Token {
        if self.byte(self.at) == 0 {
            return Token::Eof;
        }
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            self.at += memchr2(b'\n', 0, rest).unwrap_or(rest.len());
            if self.byte(self.at) == b'\n' {
                return self.ended(Token::Comment, State::Init);
            }
            if !self.skips_zeros() || self.at >= self.end {
                return Token::Eof;
            }
            self.advance();
        }
    }

    fn metric_name(&mut self, byte: u8) -> Token {
        if is(byte, METRIC_START) {
            self.skip(METRIC_PART);
        } else if byte != b'"' || !self.quoted(true) {
            return Token::Invalid;
        }
        self.ended(Token::MetricName, State::MetaText)
    }

    /// The text up to the end of the line, with the blanks before it. Without other characters it is empty, after them.
    fn text_after_name(&mut self, byte: u8) -> Token {
        let mut byte = byte;
        if is(byte, BLANK) {
            while is(byte, BLANK) {
                byte = self.advance();
            }
            if matches!(byte, b'\n' | 0) {
                return Token::Whitespace;
            }
        }
        if !matches!(byte, b'\n' | 0) {
            self.skip_line();
        }
        self.ended(Token::Text, State::Init)
    }

    fn skip_line(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += memchr(b'\n', rest).unwrap_or(rest.len());
    }

    /// A token inside the braces of a series.
    fn in_labels(&mut self, byte: u8) -> Token {
        match byte {
            b'"' if self.quoted(true) => Token::QuotedName,
            b',' => self.one(Token::Comma, State::Labels),
            b'=' => self.one(Token::Equal, State::LabelValue),
            b'}' => self.one(Token::BraceClose, State::Value),
            _ if is(byte, LABEL_START) => {
                self.skip(LABEL_PART);
                Token::LabelName
            }
            _ => Token::Invalid,
        }
    }

    /// From an opening quote to after the closing one; or up to a byte that cannot be in quotes.
    fn quoted(&mut self, may_have_lines: bool) -> bool {
        let mut byte = self.advance();
        loop {
            match byte {
                b'"' => {
                    self.advance();
                    return true;
                }
                b'\\' => match self.advance() {
                    0 | b'\n' => return false,
                    _ => byte = self.advance(),
                },
                b'\n' if !may_have_lines => return false,
                b'\n' => byte = self.advance(),
                0 => return false,
                _ => {
                    self.skip(QUOTED_PART);
                    byte = self.byte(self.at);
                    if byte == 0 && self.skips_zeros() && self.at < self.end {
                        byte = self.advance();
                    }
                }
            }
        }
    }

    fn next_of_open_metrics(&mut self) -> Token {
        if self.at >= self.end {
            return Token::Eof;
        }
        self.start = self.at;
        let byte = self.byte(self.at);
        match self.state {
            State::Init => match byte {
                b'#' => self.comment_of_open_metrics(),
                b'{' => self.one(Token::BraceOpen, State::Labels),
                _ if is(byte, METRIC_START) => {
                    self.skip(METRIC_PART);
                    self.ended(Token::MetricName, State::Value)
                }
                _ => Token::Invalid,
            },
            State::Comment => self.meta_word(byte),
            State::MetaName => self.metric_name(byte),
            State::MetaText => self.text_of_open_metrics(byte),
            State::Labels => self.in_labels(byte),
            State::LabelValue => match byte {
                b'"' if self.quoted(false) => self.ended(Token::LabelValue, State::Labels),
                _ => Token::Invalid,
            },
            State::Value => match byte {
                b'{' => self.one(Token::BraceOpen, State::Labels),
                b' ' => self.word(Token::Value, State::Timestamp),
                _ => Token::Invalid,
            },
            State::Timestamp => match byte {
                b'\n' => self.one(Token::Linebreak, State::Init),
                b' ' => self.timestamp_or_exemplar(),
                _ => Token::Invalid,
            },
            State::Exemplar => match byte {
                b'"' if self.quoted(false) => Token::QuotedName,
                b',' => self.one(Token::Comma, State::Exemplar),
                b'=' => self.one(Token::Equal, State::ExemplarValue),
                b'}' => self.one(Token::BraceClose, State::ExemplarValue),
                _ if is(byte, LABEL_START) => {
                    self.skip(LABEL_PART);
                    Token::LabelName
                }
                _ => Token::Invalid,
            },
            State::ExemplarValue => match byte {
                b'"' if self.quoted(false) => self.ended(Token::LabelValue, State::Exemplar),
                b' ' => self.word(Token::Value, State::ExemplarTimestamp),
                _ => Token::Invalid,
            },
            State::ExemplarTimestamp => match byte {
                b'\n' => self.one(Token::Linebreak, State::Init),
                b' ' => self.word(Token::Timestamp, State::ExemplarTimestamp),
                _ => Token::Invalid,
            },
        }
    }

    /// A blank and a word.
    fn word(&mut self, token: Token, next: State) -> Token {
        self.advance();
        let first = self.at;
        self.skip(WORD_PART);
        if self.at == first { Token::Invalid } else { self.ended(token, next) }
    }

    /// From the blank after a value: a timestamp, or ` # {`.
    fn timestamp_or_exemplar(&mut self) -> Token {
        if self.byte(self.at + 1) != b'#' {
            return self.word(Token::Timestamp, State::Timestamp);
        }
        self.advance();
        match self.advance() {
            b' ' if self.advance() == b'{' => self.one(Token::Comment, State::Exemplar),
            b' ' => Token::Invalid,
            _ => {
                self.skip(WORD_PART);
                Token::Timestamp
            }
        }
    }

    fn comment_of_open_metrics(&mut self) -> Token {
        if self.advance() != b' ' {
            return Token::Invalid;
        }
        let byte = self.advance();
        self.state = State::Comment;
        self.meta_word(byte)
    }

    /// `EOF`, or `HELP`, `TYPE` or `UNIT` and a blank.
    fn meta_word(&mut self, byte: u8) -> Token {
        let (word, token): (&[u8], Token) = match byte {
            b'E' => (b"OF", Token::EofWord),
            b'H' => (b"ELP ", Token::Help),
            b'T' => (b"YPE ", Token::Type),
            b'U' => (b"NIT ", Token::Unit),
            _ => return Token::Invalid,
        };
        if !word.iter().all(|letter| self.advance() == *letter) {
            return Token::Invalid;
        }
        let next = self.advance();
        if token != Token::EofWord {
            return self.ended(token, State::MetaName);
        }
        if next == b'\n' {
            self.advance();
        }
        self.ended(token, State::Init)
    }

    /// A blank and the text, with the end of the line.
    fn text_of_open_metrics(&mut self, byte: u8) -> Token {
        if byte != b' ' {
            return Token::Invalid;
        }
        self.skip_line();
        if self.byte(self.at) != b'\n' {
            return Token::Invalid;
        }
        self.advance();
        self.ended(Token::Text, State::Init)
    }
}
