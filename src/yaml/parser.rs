//! Tokens to events: the grammar. What becomes of the events is a [`Sink`]'s affair.
//!
//! Behavior: `parserc.go` of go.yaml.in/yaml/v2 v2.4.4.

use std::any::Any;

use rustc_hash::FxHashMap;

use crate::text::Span;

use super::bounds::Bounds;
use super::fault::{Read, SyntaxError};
use super::read_limit::ReadLimit;
use super::scanner::Scanner;
use super::token::{RawTag, ScalarStyle, TextRef, Token, TokenKind};

/// What the parser tells a sink.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    pub(super) kind: EventKind,
    /// The bytes as yaml.v2 marks the event: its properties included, block ends at the next token.
    pub(super) marks: Span,
    /// The bytes of the node itself: without properties, up to its own last byte.
    pub(super) content: Span,
    pub(super) anchor: Option<TextRef>,
    /// Number of the tag in the parser's list.
    pub(super) tag: Option<u32>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum EventKind {
    DocumentStart,
    DocumentEnd,
    /// The name is the event's anchor.
    Alias,
    Scalar(ScalarStyle, TextRef),
    SequenceStart {
        is_flow: bool,
    },
    SequenceEnd,
    MappingStart {
        is_flow: bool,
    },
    MappingEnd,
}

/// Takes the events of the first document. What is read by lines goes past it to the builder, if it is that.
pub(super) trait Sink: Any {
    /// Takes one event. `scanner` gives the texts it refers to, `tags` the tags.
    fn take(&mut self, event: Event, scanner: &Scanner<'_>, tags: &[String]) -> Read<()>;
}

/// What the parser leaves when it is done.
pub(super) struct Outcome {
    pub(super) fault: Option<SyntaxError>,
    /// Where the parser stopped reading, after the first document.
    pub(super) document_end: usize,
    pub(super) decoded: String,
    pub(super) tags: Vec<String>,
    /// How many bytes were read by lines.
    pub(super) by_lines: usize,
    /// Whether lines were read.
    pub(super) took_turns: bool,
}

/// Reads the first document of `text` into `sink`; with `bounds` what can be by lines.
pub(super) fn parse(text: &str, read_limit: ReadLimit, bounds: Option<Bounds>, sink: &mut dyn Sink) -> Outcome {
    let mut parser = Parser {
        scanner: Scanner::new(text, read_limit),
        states: Vec::new(),
        starts: Vec::new(),
        tags: Vec::new(),
        handles: FxHashMap::default(),
        last_end: 0,
        bounds,
        by_lines: 0,
        took_turns: false,
        sink,
    };
    let result = parser.document();
    let document_end = parser.last_end;
    Outcome {
        fault: result.err().map(|fault| *fault),
        document_end,
        decoded: parser.scanner.decoded,
        tags: parser.tags,
        by_lines: parser.by_lines,
        took_turns: parser.took_turns,
    }
}

/// What is expected next.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    DocumentEnd,
    BlockSequenceEntry,
    IndentlessSequenceEntry,
    BlockMappingKey,
    BlockMappingValue,
    FlowSequenceEntry { is_first: bool },
    PairKey,
    PairValue,
    PairEnd,
    FlowMappingKey { is_first: bool },
    FlowMappingValue,
    FlowMappingEmptyValue,
}

pub(super) struct Parser<'s, 'k> {
    pub(super) scanner: Scanner<'s>,
    pub(super) states: Vec<State>,
    /// Where each open collection with brackets or an indentation of its own begins.
    pub(super) starts: Vec<usize>,
    tags: Vec<String>,
    /// What each tag handle represents.
    handles: FxHashMap<String, String>,
    /// End of the last token that represents bytes.
    pub(super) last_end: usize,
    /// How far may be read by lines, if that is wanted.
    pub(super) bounds: Option<Bounds>,
    pub(super) by_lines: usize,
    pub(super) took_turns: bool,
    pub(super) sink: &'k mut dyn Sink,
}

#[derive(Default)]
struct Properties {
    anchor: Option<TextRef>,
    tag: Option<u32>,
    start: Option<usize>,
    end: usize,
}

impl Parser<'_, '_> {
    fn document(&mut self) -> Read<()> {
        if !self.begin_by_lines()? {
            self.begin()?;
        }
        while let Some(state) = self.states.pop() {
            self.step(state)?;
            self.read_lines()?;
        }
        Ok(())
    }

    fn begin(&mut self) -> Read<()> {
        let first = self.scanner.peek()?;
        match first.kind {
            TokenKind::StreamEnd => {
                self.last_end = first.span.start as usize;
                return Ok(());
            }
            TokenKind::VersionDirective { .. } | TokenKind::TagDirective | TokenKind::DocumentStart => {
                self.directives()?;
                let token = self.scanner.peek()?;
                if token.kind != TokenKind::DocumentStart {
                    return Err(self.fault(token, None, "did not find expected <document start>"));
                }
                self.emit(EventKind::DocumentStart, first.span.to(token.span), token.span)?;
                self.take(token);
                self.document_content()?;
            }
            _ => {
                self.directives()?;
                self.emit(EventKind::DocumentStart, first.span, first.span)?;
                self.states.push(State::DocumentEnd);
                self.node(true, false)?;
            }
        }
        Ok(())
    }

    fn document_content(&mut self) -> Read<()> {
        self.states.push(State::DocumentEnd);
        let token = self.scanner.peek()?;
        match token.kind {
            TokenKind::VersionDirective { .. }
            | TokenKind::TagDirective
            | TokenKind::DocumentStart
            | TokenKind::DocumentEnd
            | TokenKind::StreamEnd => self.empty_scalar(token.span.start as usize),
            _ => self.node(true, false),
        }
    }

    fn step(&mut self, state: State) -> Read<()> {
        match state {
            State::DocumentEnd => self.document_end(),
            State::BlockSequenceEntry => self.block_sequence_entry(),
            State::IndentlessSequenceEntry => self.indentless_sequence_entry(),
            State::BlockMappingKey => self.block_mapping_key(),
            State::BlockMappingValue => self.block_mapping_value(),
            State::FlowSequenceEntry { is_first } => self.flow_sequence_entry(is_first),
            State::PairKey => self.pair_key(),
            State::PairValue => self.pair_value(),
            State::PairEnd => self.pair_end(),
            State::FlowMappingKey { is_first } => self.flow_mapping_key(is_first),
            State::FlowMappingValue => self.flow_mapping_value(),
            State::FlowMappingEmptyValue => self.flow_mapping_empty_value(),
        }
    }

    fn directives(&mut self) -> Read<()> {
        let mut has_version = false;
        loop {
            let token = self.scanner.peek()?;
            match token.kind {
                TokenKind::VersionDirective { .. } if has_version => {
                    return Err(self.fault(token, None, "found duplicate %YAML directive"));
                }
                TokenKind::VersionDirective { is_1_1: false } => {
                    return Err(self.fault(token, None, "found incompatible YAML document"));
                }
                TokenKind::VersionDirective { is_1_1: true } => has_version = true,
                TokenKind::TagDirective => {
                    let RawTag { handle, suffix } = self.raw_tag(token);
                    if self.handles.insert(handle, suffix).is_some() {
                        return Err(self.fault(token, None, "found duplicate %TAG directive"));
                    }
                }
                _ => break,
            }
            self.take(token);
        }
        self.add_usual_handles();
        Ok(())
    }

    pub(super) fn add_usual_handles(&mut self) {
        for (handle, suffix) in [("!", "!"), ("!!", "tag:yaml.org,2002:")] {
            self.handles.entry(handle.to_string()).or_insert_with(|| suffix.to_string());
        }
    }

    fn raw_tag(&self, token: Token) -> RawTag {
        self.scanner.tags.get(token.text.span.start as usize).cloned().unwrap_or_default()
    }

    fn document_end(&mut self) -> Read<()> {
        let token = self.scanner.peek()?;
        let mut marks = Span::empty(token.span.start as usize);
        if token.kind == TokenKind::DocumentEnd {
            marks = token.span;
            self.take(token);
        }
        self.emit(EventKind::DocumentEnd, marks, Span::empty(self.last_end))
    }

    /// A node with its properties. `may_be_indentless`: a sequence may begin without indentation.
    fn node(&mut self, is_block: bool, may_be_indentless: bool) -> Read<()> {
        let token = self.scanner.peek()?;
        if token.kind == TokenKind::Alias {
            self.take(token);
            let event = Event {
                kind: EventKind::Alias,
                marks: token.span,
                content: token.span,
                anchor: Some(token.text),
                tag: None,
            };
            return self.sink.take(event, &self.scanner, &self.tags);
        }
        let properties = self.properties(token)?;
        let token = self.scanner.peek()?;
        let content = Span { start: token.span.start, end: token.content_end };
        let start = properties.start.map_or(token.span, |start| Span::new(start, token.span.end as usize));
        let kind = match token.kind {
            TokenKind::BlockEntry if may_be_indentless => {
                self.states.push(State::IndentlessSequenceEntry);
                return self.emit_node(EventKind::SequenceStart { is_flow: false }, start, content, &properties);
            }
            TokenKind::Scalar(style) => {
                self.take(token);
                EventKind::Scalar(style, token.text)
            }
            TokenKind::FlowSequenceStart => {
                self.open(token, State::FlowSequenceEntry { is_first: true });
                EventKind::SequenceStart { is_flow: true }
            }
            TokenKind::FlowMappingStart => {
                self.open(token, State::FlowMappingKey { is_first: true });
                EventKind::MappingStart { is_flow: true }
            }
            TokenKind::BlockSequenceStart if is_block => {
                self.open(token, State::BlockSequenceEntry);
                EventKind::SequenceStart { is_flow: false }
            }
            TokenKind::BlockMappingStart if is_block => {
                self.open(token, State::BlockMappingKey);
                EventKind::MappingStart { is_flow: false }
            }
            _ => match properties.start {
                Some(start) => {
                    let marks = Span::new(start, properties.end);
                    return self.emit_node(nothing_at(properties.end), marks, Span::empty(properties.end), &properties);
                }
                None => {
                    return Err(self.fault(
                        token,
                        Some(token.span.start as usize),
                        "did not find expected node content",
                    ));
                }
            },
        };
        self.emit_node(kind, start, content, &properties)
    }

    fn open(&mut self, token: Token, state: State) {
        self.take(token);
        self.starts.push(token.span.start as usize);
        self.states.push(state);
    }

    /// Anchor and tag, in either order, each once.
    fn properties(&mut self, first: Token) -> Read<Properties> {
        let mut properties = Properties::default();
        let mut tag = None;
        let mut token = first;
        loop {
            match token.kind {
                TokenKind::Anchor if properties.anchor.is_none() => properties.anchor = Some(token.text),
                TokenKind::Tag if tag.is_none() => tag = Some(token),
                _ => break,
            }
            properties.start.get_or_insert(token.span.start as usize);
            properties.end = token.span.end as usize;
            self.take(token);
            token = self.scanner.peek()?;
        }
        if let Some(tag) = tag {
            properties.tag = self.resolve_tag(tag, &properties)?;
        }
        Ok(properties)
    }

    fn resolve_tag(&mut self, token: Token, properties: &Properties) -> Read<Option<u32>> {
        let raw = self.raw_tag(token);
        let tag = if raw.handle.is_empty() {
            raw.suffix
        } else {
            match self.handles.get(&raw.handle) {
                Some(prefix) => format!("{prefix}{}", raw.suffix),
                None => return Err(self.fault(token, properties.start, "found undefined tag handle")),
            }
        };
        if tag.is_empty() {
            return Ok(None);
        }
        self.tags.push(tag);
        Ok(u32::try_from(self.tags.len() - 1).ok())
    }

    fn block_sequence_entry(&mut self) -> Read<()> {
        let token = self.scanner.peek()?;
        match token.kind {
            TokenKind::BlockEntry => {
                self.take(token);
                self.states.push(State::BlockSequenceEntry);
                self.block_sequence_item(token.span.end as usize)
            }
            TokenKind::BlockEnd => self.close(token, EventKind::SequenceEnd),
            _ => Err(self.fault_in_collection(token, "did not find expected '-' indicator")),
        }
    }

    /// The item after a `-` that ends at `end`.
    pub(super) fn block_sequence_item(&mut self, end: usize) -> Read<()> {
        match self.scanner.peek()?.kind {
            TokenKind::BlockEntry | TokenKind::BlockEnd => self.empty_scalar(end),
            _ => self.node(true, false),
        }
    }

    fn indentless_sequence_entry(&mut self) -> Read<()> {
        let token = self.scanner.peek()?;
        if token.kind != TokenKind::BlockEntry {
            let marks = Span::empty(token.span.start as usize);
            return self.emit(EventKind::SequenceEnd, marks, Span::empty(self.last_end));
        }
        self.take(token);
        self.states.push(State::IndentlessSequenceEntry);
        self.indentless_item(token.span.end as usize)
    }

    /// The item after a `-` that ends at `end`, in a sequence that is not indented.
    pub(super) fn indentless_item(&mut self, end: usize) -> Read<()> {
        match self.scanner.peek()?.kind {
            TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => self.empty_scalar(end),
            _ => self.node(true, false),
        }
    }

    fn block_mapping_key(&mut self) -> Read<()> {
        let token = self.scanner.peek()?;
        match token.kind {
            TokenKind::Key => {
                self.take(token);
                self.states.push(State::BlockMappingValue);
                self.block_mapping_node(token.span.end as usize)
            }
            TokenKind::BlockEnd => self.close(token, EventKind::MappingEnd),
            _ => Err(self.fault_in_collection(token, "did not find expected key")),
        }
    }

    fn block_mapping_value(&mut self) -> Read<()> {
        let token = self.scanner.peek()?;
        self.states.push(State::BlockMappingKey);
        if token.kind != TokenKind::Value {
            return self.empty_scalar(token.span.start as usize);
        }
        self.take(token);
        self.block_mapping_node(token.span.end as usize)
    }

    /// The key or value after an indicator that ends at `end`.
    pub(super) fn block_mapping_node(&mut self, end: usize) -> Read<()> {
        match self.scanner.peek()?.kind {
            TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => self.empty_scalar(end),
            _ => self.node(true, true),
        }
    }

    fn flow_sequence_entry(&mut self, is_first: bool) -> Read<()> {
        let mut token = self.scanner.peek()?;
        if token.kind != TokenKind::FlowSequenceEnd && !is_first {
            if token.kind != TokenKind::FlowEntry {
                return Err(self.fault_in_collection(token, "did not find expected ',' or ']'"));
            }
            self.take(token);
            token = self.scanner.peek()?;
        }
        match token.kind {
            TokenKind::FlowSequenceEnd => self.close(token, EventKind::SequenceEnd),
            TokenKind::Key => {
                self.take(token);
                self.states.push(State::PairKey);
                self.emit(EventKind::MappingStart { is_flow: true }, token.span, token.span)
            }
            _ => {
                self.states.push(State::FlowSequenceEntry { is_first: false });
                self.node(false, false)
            }
        }
    }

    fn pair_key(&mut self) -> Read<()> {
        let token = self.scanner.peek()?;
        self.states.push(State::PairValue);
        match token.kind {
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd => {
                // yaml.v2 swallows the token here; `[? : x]` and `[?, x]` read accordingly.
                self.take(token);
                self.empty_scalar(token.span.end as usize)
            }
            _ => self.node(false, false),
        }
    }

    fn pair_value(&mut self) -> Read<()> {
        let token = self.scanner.peek()?;
        self.states.push(State::PairEnd);
        if token.kind == TokenKind::Value {
            self.take(token);
            let next = self.scanner.peek()?;
            if !matches!(next.kind, TokenKind::FlowEntry | TokenKind::FlowSequenceEnd) {
                return self.node(false, false);
            }
        }
        self.empty_scalar(token.span.start as usize)
    }

    fn pair_end(&mut self) -> Read<()> {
        let token = self.scanner.peek()?;
        self.states.push(State::FlowSequenceEntry { is_first: false });
        let marks = Span::empty(token.span.start as usize);
        self.emit(EventKind::MappingEnd, marks, Span::empty(self.last_end))
    }

    fn flow_mapping_key(&mut self, is_first: bool) -> Read<()> {
        let mut token = self.scanner.peek()?;
        if token.kind != TokenKind::FlowMappingEnd && !is_first {
            if token.kind != TokenKind::FlowEntry {
                return Err(self.fault_in_collection(token, "did not find expected ',' or '}'"));
            }
            self.take(token);
            token = self.scanner.peek()?;
        }
        match token.kind {
            TokenKind::FlowMappingEnd => self.close(token, EventKind::MappingEnd),
            TokenKind::Key => {
                self.take(token);
                self.states.push(State::FlowMappingValue);
                let next = self.scanner.peek()?;
                match next.kind {
                    TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd => {
                        self.empty_scalar(next.span.start as usize)
                    }
                    _ => self.node(false, false),
                }
            }
            _ => {
                self.states.push(State::FlowMappingEmptyValue);
                self.node(false, false)
            }
        }
    }

    fn flow_mapping_value(&mut self) -> Read<()> {
        let mut token = self.scanner.peek()?;
        self.states.push(State::FlowMappingKey { is_first: false });
        if token.kind == TokenKind::Value {
            self.take(token);
            token = self.scanner.peek()?;
            if !matches!(token.kind, TokenKind::FlowEntry | TokenKind::FlowMappingEnd) {
                return self.node(false, false);
            }
        }
        self.empty_scalar(token.span.start as usize)
    }

    fn flow_mapping_empty_value(&mut self) -> Read<()> {
        let token = self.scanner.peek()?;
        self.states.push(State::FlowMappingKey { is_first: false });
        self.empty_scalar(token.span.start as usize)
    }

    /// A value that is not written: marked at `mark`, its content directly after what was read.
    fn empty_scalar(&mut self, mark: usize) -> Read<()> {
        let at = self.last_end.min(mark);
        self.emit(nothing_at(at), Span::empty(mark), Span::empty(at))
    }

    /// The end of a collection, which `token` closes.
    fn close(&mut self, token: Token, kind: EventKind) -> Read<()> {
        self.starts.pop();
        self.take(token);
        self.emit(kind, token.span, Span::empty(self.last_end))
    }

    fn emit(&mut self, kind: EventKind, marks: Span, content: Span) -> Read<()> {
        self.emit_node(kind, marks, content, &Properties::default())
    }

    fn emit_node(&mut self, kind: EventKind, marks: Span, content: Span, properties: &Properties) -> Read<()> {
        let event = Event { kind, marks, content, anchor: properties.anchor, tag: properties.tag };
        self.sink.take(event, &self.scanner, &self.tags)
    }

    fn take(&mut self, token: Token) {
        if token.kind != TokenKind::BlockEnd {
            self.last_end = self.last_end.max(token.content_end as usize);
        }
        self.scanner.take();
    }

    #[cold]
    fn fault_in_collection(&mut self, token: Token, message: &str) -> Box<SyntaxError> {
        let start = self.starts.pop();
        self.fault(token, start, message)
    }

    /// A fault of the grammar at `token`; yaml.v2 names the line before it.
    #[cold]
    fn fault(&self, token: Token, context: Option<usize>, message: &str) -> Box<SyntaxError> {
        let at = token.span.start as usize;
        let is_behind_last_line = at >= self.scanner.cursor.bytes().len() && self.scanner.ends_inside_line;
        let line = self.line_of(at) + usize::from(is_behind_last_line);
        let context_line = context.map(|start| self.line_of(start));
        let line = Some(line).filter(|&line| line != 0).or(context_line.filter(|&line| line != 0));
        let span = if token.span.is_empty() { self.character_at(at) } else { token.span };
        let context = context.filter(|&start| start != at).map(|start| Span::new(start, start + 1));
        Box::new(SyntaxError { span, context, message: message.to_string(), line })
    }

    fn character_at(&self, at: usize) -> Span {
        let text = self.scanner.cursor.text();
        match text.get(at..).and_then(|rest| rest.chars().next()) {
            Some(character) if !matches!(character, '\n' | '\r') => Span::new(at, at + character.len_utf8()),
            _ => Span::empty(at),
        }
    }
    /// Lines before `at` as yaml.v2 counts them.
    fn line_of(&self, at: usize) -> usize {
        let text = self.scanner.cursor.text();
        let before = text.get(..at).unwrap_or(text);
        let breaks =
            before.chars().filter(|character| matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}'));
        (breaks.count() - before.matches("\r\n").count()).saturating_sub(self.scanner.cursor.breaks_taken)
    }
}

/// A scalar that is not written.
fn nothing_at(at: usize) -> EventKind {
    EventKind::Scalar(ScalarStyle::Plain, TextRef::source(at, at))
}
