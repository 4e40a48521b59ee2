//! Reads Go's regular-expression syntax (Perl flags) into a [`Tree`]: what is accepted, what is refused and
//! with which message is decided here alone. Written after the behavior of `regexp/syntax` of Go 1.26.

mod build;
mod class;
mod escape;
mod group;
mod limits;
mod repeat;

use rustc_hash::FxHashMap;

use self::build::Meta;
use self::limits::Limits;
use super::error::{RegexError, RegexErrorKind};
use super::syntax::Syntax;
use super::tree::{Look, NodeId, Tree};
use crate::text::Span;

/// What Prometheus puts after a relabel pattern.
const SUFFIX: &str = ")$";

/// A fault, as a range of the wrapped text, before it is turned into a [`RegexError`].
#[derive(Debug)]
struct ParseError {
    kind: RegexErrorKind,
    start: usize,
    end: usize,
    /// Set when the fault shows best at another place than the fragment Go quotes.
    shown: Option<(usize, usize)>,
}

impl ParseError {
    fn new(kind: RegexErrorKind, start: usize, end: usize) -> Self {
        Self { kind, start, end, shown: None }
    }
}

/// The flags in force at one place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Flags {
    fold_case: bool,
    multi_line: bool,
    dot_matches_newline: bool,
    swap_greed: bool,
}

/// An open group and what it holds so far.
#[derive(Debug, Default)]
struct Frame {
    /// Group number, for a capturing group.
    group: Option<u32>,
    /// The flags to return to when it closes.
    outer_flags: Flags,
    /// Where it was opened.
    opened_at: usize,
    /// The finished alternatives.
    alternatives: Vec<NodeId>,
    /// The items of the alternative being read.
    items: Vec<NodeId>,
}

struct Parser<'p> {
    text: &'p str,
    syntax: Syntax,
    at: usize,
    flags: Flags,
    frames: Vec<Frame>,
    tree: Tree,
    meta: Vec<Meta>,
    /// Classes already built, by source text and whether case is folded.
    class_cache: FxHashMap<(&'p str, bool), u32>,
    /// Go's tree, for a pattern that may reach one of Go's limits.
    limits: Option<Limits>,
    /// Start of the repetition operator that was read last, if nothing came after it.
    last_repeat: Option<usize>,
    /// The `)` that closed the group of the wrapper.
    wrapper_closed_at: Option<usize>,
    /// An unclosed `\Q`, or a backslash that took the wrapper's parenthesis.
    swallowed_at: Option<usize>,
}

/// Parses `^(?s:` + `pattern` + `)$`, or what stands around a pattern in that syntax.
pub(super) fn parse(pattern: &str, syntax: Syntax) -> Result<Tree, RegexError> {
    let prefix = syntax.prefix();
    let text = format!("{prefix}{pattern}{SUFFIX}");
    let parser = Parser {
        text: &text,
        syntax,
        at: 0,
        flags: Flags::default(),
        frames: vec![Frame::default()],
        tree: Tree { names: vec![None], ..Tree::default() },
        meta: Vec::new(),
        class_cache: FxHashMap::default(),
        limits: Limits::for_pattern(&text, syntax.unicode()),
        last_repeat: None,
        wrapper_closed_at: None,
        swallowed_at: None,
    };
    parser.run().map_err(|fault| {
        let clip = |at: usize| at.saturating_sub(prefix.len()).min(pattern.len());
        let (start, end) = fault.shown.unwrap_or((fault.start, fault.end));
        RegexError {
            kind: fault.kind,
            fragment: text.get(fault.start..fault.end).unwrap_or("").to_owned(),
            span: Span::new(clip(start), clip(end)),
        }
    })
}

impl<'p> Parser<'p> {
    fn run(mut self) -> Result<Tree, ParseError> {
        while let Some(byte) = self.peek() {
            let mut repeat = None;
            match byte {
                b'(' => self.open_group()?,
                b'|' => {
                    self.count(Limits::bar)?;
                    self.close_alternative()?;
                    self.at += 1;
                }
                b')' => self.close_group()?,
                b'*' | b'+' | b'?' => repeat = Some(self.simple_repeat(byte)?),
                b'{' => repeat = self.counted_repeat()?,
                b'^' => self.anchor(Look::TextStart, Look::LineStart)?,
                b'$' => self.anchor(Look::TextEnd, Look::LineEnd)?,
                b'.' => self.dot()?,
                b'[' => self.bracket_class()?,
                b'\\' => self.backslash()?,
                _ => {
                    if let Some(c) = self.next_char() {
                        self.push_literal(u32::from(c))?;
                    }
                }
            }
            self.last_repeat = repeat;
        }
        self.finish()
    }

    fn finish(mut self) -> Result<Tree, ParseError> {
        // What is open is put together before the parentheses are counted: Go's limits are checked first.
        self.count(|limits, _| limits.finish())?;
        self.close_alternative()?;
        let frame = self.frames.pop().unwrap_or_default();
        self.tree.root = self.alternate(&frame.alternatives)?;
        if self.frames.is_empty() {
            return Ok(self.tree);
        }
        // Point at the innermost group the user left open, or at what swallowed the wrapper's parenthesis.
        let mut open = self.frames.iter().skip(1).chain([&frame]).map(|frame| frame.opened_at);
        let shown = self.swallowed_at.or_else(|| open.rfind(|&at| at >= self.syntax.prefix().len()));
        Err(ParseError { shown: shown.map(|at| (at, at + 1)), ..self.whole(RegexErrorKind::MissingParen) })
    }

    /// A fault whose fragment is the whole wrapped pattern.
    fn whole(&self, kind: RegexErrorKind) -> ParseError {
        ParseError::new(kind, 0, self.text.len())
    }

    fn anchor(&mut self, single: Look, multi: Look) -> Result<(), ParseError> {
        self.at += 1;
        let look = if self.flags.multi_line { multi } else { single };
        self.push_look(look)
    }

    fn dot(&mut self) -> Result<(), ParseError> {
        self.at += 1;
        let every = self.flags.dot_matches_newline;
        let key = if every { ("(?s:.)", false) } else { (".", false) };
        let class = self.cached_class(key, || {
            if every {
                super::unicode::class_of(&[('\0', char::MAX)])
            } else {
                super::unicode::class_of(&[('\0', '\x09'), ('\x0B', char::MAX)])
            }
        });
        self.count(Limits::dot)?;
        self.push_class_node(class)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn peek_at(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn rest(&self) -> &'p str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn next_char(&mut self) -> Option<char> {
        let c = self.rest().chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }
}
