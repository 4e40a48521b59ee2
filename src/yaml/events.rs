//! What the reader saw, in the shape of the conformance data: for comparing with the real yaml.v2.

use serde_json::{Value, json};

use crate::text::{Encoding, Span};

use super::fault::{Read, SyntaxError};
use super::parser::{Event, EventKind, Sink, parse};
use super::read_limit::ReadLimit;
use super::scanner::Scanner;
use super::token::ScalarStyle;

/// Reads the first document of `text` (without looking up what aliases represent) and gives `{"events":[[event,start,end],…]}`, offsets counted in
/// characters without a byte order mark, or `{"error":"…"}`, all as yaml.v2 has them.
///
/// Source: go.yaml.in/yaml/v2 v2.4.4.
///
/// ```
/// let events = promcfg::yaml::debug_yaml("a: [b]");
/// assert_eq!(events["events"][2], serde_json::json!(["=VAL :a", 0, 1]));
/// assert_eq!(promcfg::yaml::debug_yaml("a: [b")["error"], "yaml: line 1: did not find expected ',' or ']'");
/// ```
#[must_use]
pub fn debug_yaml(text: &str) -> Value {
    let mut recorder = Recorder::default();
    let outcome = parse(text, ReadLimit::of(text, Encoding::Utf8, None), None, &mut recorder);
    if let Some(fault) = outcome.fault {
        return json!({ "error": fault.to_string() });
    }
    let count = CharacterCount::new(text);
    let events: Vec<Value> = recorder
        .events
        .into_iter()
        .map(|(name, marks, past)| json!([name, count.before(marks.start) + past, count.before(marks.end) + past]))
        .collect();
    json!({ "events": events })
}

#[derive(Default)]
struct Recorder {
    /// Name, marks, and by how many characters they are beyond the end of the text.
    events: Vec<(String, Span, usize)>,
}

impl Sink for Recorder {
    fn take(&mut self, event: Event, scanner: &Scanner<'_>, tags: &[String]) -> Read<()> {
        let anchor = event.anchor.map(|anchor| scanner.text(anchor));
        let tag = event.tag.and_then(|tag| tags.get(tag as usize));
        let is_at_end = event.marks.start as usize >= scanner.cursor.text().len();
        let past_end = if is_at_end { scanner.cursor.past_end } else { 0 };
        self.events.push((describe(event.kind, anchor, tag, scanner), event.marks, past_end));
        Ok(())
    }
}

pub(super) fn unknown_anchor(name: &str, span: Span) -> Box<SyntaxError> {
    let message = format!("unknown anchor '{name}' referenced");
    Box::new(SyntaxError { span, context: None, message, line: None })
}

fn describe(kind: EventKind, anchor: Option<&str>, tag: Option<&String>, scanner: &Scanner<'_>) -> String {
    let mut properties = String::new();
    if let Some(anchor) = anchor {
        properties += &format!(" &{anchor}");
    }
    if let Some(tag) = tag {
        properties += &format!(" <{tag}>");
    }
    match kind {
        EventKind::DocumentStart => "+DOC".to_string(),
        EventKind::DocumentEnd => "-DOC".to_string(),
        EventKind::Alias => format!("=ALI *{}", anchor.unwrap_or("")),
        EventKind::Scalar(style, text) => format!("=VAL{properties} {}{}", style_sign(style), scanner.text(text)),
        EventKind::SequenceStart { .. } => format!("+SEQ{properties}"),
        EventKind::SequenceEnd => "-SEQ".to_string(),
        EventKind::MappingStart { .. } => format!("+MAP{properties}"),
        EventKind::MappingEnd => "-MAP".to_string(),
    }
}

fn style_sign(style: ScalarStyle) -> char {
    match style {
        ScalarStyle::Plain => ':',
        ScalarStyle::SingleQuoted => '\'',
        ScalarStyle::DoubleQuoted => '"',
        ScalarStyle::Literal => '|',
        ScalarStyle::Folded => '>',
    }
}

/// From byte offsets to counts of characters; a byte order mark at the start does not count.
struct CharacterCount<'s> {
    text: &'s str,
    /// The count before every 64th byte.
    counts: Vec<usize>,
}

const STRIDE: usize = 64;

impl<'s> CharacterCount<'s> {
    fn new(text: &'s str) -> Self {
        let mut counts = Vec::with_capacity(text.len() / STRIDE + 1);
        let mut count = 0;
        for piece in text.as_bytes().chunks(STRIDE) {
            counts.push(count);
            count += characters_in(piece);
        }
        counts.push(count);
        Self { text, counts }
    }

    fn before(&self, offset: u32) -> usize {
        let offset = (offset as usize).min(self.text.len());
        let (piece, rest) = (offset / STRIDE, offset % STRIDE);
        let counted = self.counts.get(piece).copied().unwrap_or(0);
        let bytes = self.text.as_bytes().get(offset - rest..offset).unwrap_or(&[]);
        let all = counted + characters_in(bytes);
        all - usize::from(self.text.starts_with('\u{feff}') && all > 0)
    }
}

fn characters_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}
