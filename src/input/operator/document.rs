//! Generated configs: values that know what they were made of, and their text.

use std::sync::Arc;

use crate::config::RuleAuthor;
use crate::text::{FileId, Location, OpenPart, OriginMap, Sources, Span, shown_path};
use crate::yaml_edit::scalar;

use super::value::{Data, Entry, Value};

/// A value of a generated config.
#[derive(Clone, Debug)]
pub(super) struct Out {
    data: OutData,
    /// What it was made of, and whether it is written there.
    origin: Option<(Location, bool)>,
    /// The place of its key, if a user wrote it in an object.
    key: Option<Location>,
    /// Who wrote it, if it is a relabel rule.
    author: Option<RuleAuthor>,
    /// A line of comment before it.
    comment: Option<String>,
}

#[derive(Clone, Debug)]
enum OutData {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    /// A text that is never shown.
    Secret,
    List(Vec<Out>),
    Map(Vec<(String, Out)>),
}

/// The word that is shown for a secret.
pub(super) const SECRET: &str = "<secret>";

impl Out {
    fn new(data: OutData) -> Self {
        Self { data, origin: None, key: None, author: None, comment: None }
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::new(OutData::Text(text.into()))
    }

    pub(super) fn null() -> Self {
        Self::new(OutData::Null)
    }

    pub(super) fn bool(value: bool) -> Self {
        Self::new(OutData::Bool(value))
    }

    pub(super) fn int(value: i64) -> Self {
        Self::new(OutData::Int(value))
    }

    pub(super) fn float(value: f64) -> Self {
        Self::new(OutData::Float(value))
    }

    /// A text of a Secret, which is not looked up.
    pub(super) fn secret() -> Self {
        Self::new(OutData::Secret)
    }

    pub(super) fn list(items: Vec<Self>) -> Self {
        Self::new(OutData::List(items))
    }

    pub(super) fn texts<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::list(items.into_iter().map(Self::text).collect())
    }

    /// A mapping without entries.
    pub(super) fn map() -> Self {
        Self::new(OutData::Map(Vec::new()))
    }

    /// A value as a user wrote it.
    pub(super) fn copied(value: &Value) -> Self {
        let data = match &value.data {
            Data::Null => OutData::Null,
            Data::Bool(value) => OutData::Bool(*value),
            Data::Int(value) => OutData::Int(*value),
            Data::Float(value) => OutData::Float(*value),
            Data::Text(text) => OutData::Text(text.clone()),
            Data::List(items) => OutData::List(items.iter().map(Self::copied).collect()),
            Data::Map(entries) => {
                OutData::Map(entries.iter().map(|entry| (entry.key.clone(), Self::entry(value, entry))).collect())
            }
        };
        Self::new(data).written(value.at)
    }

    /// The member of an object, if it has it.
    pub(super) fn member(own: &Value, key: &str) -> Option<Self> {
        own.entry(key).filter(|entry| entry.value.data != Data::Null).map(|entry| Self::entry(own, entry))
    }

    /// A member of an object, with the place of its key. A default is not written anywhere.
    pub(super) fn entry(own: &Value, entry: &Entry) -> Self {
        let out = Self::copied(&entry.value);
        if entry.value.at == own.at { out.because(own.at) } else { out.keyed(entry.key_at) }
    }

    /// With the place of the key under which it is written.
    pub(super) fn keyed(mut self, key: Location) -> Self {
        self.key = Some(key);
        self
    }

    /// It is written at that place, perhaps with other keys.
    pub(super) fn written(mut self, at: Location) -> Self {
        self.origin = Some((at, true));
        self
    }

    /// It is generated because of what is at that place.
    pub(super) fn because(mut self, at: Location) -> Self {
        self.origin = Some((at, false));
        self
    }

    /// It is a relabel rule by that author.
    pub(super) fn by(mut self, author: RuleAuthor) -> Self {
        self.author = Some(author);
        self
    }

    /// With a line of comment before it, if it is an item of a list.
    pub(super) fn with_comment(mut self, comment: impl Into<String>) -> Self {
        self.comment = Some(comment.into());
        self
    }

    /// With another entry; of a value that is not a mapping, the value itself.
    pub(super) fn with(mut self, key: &str, value: Self) -> Self {
        self.put(key, value);
        self
    }

    /// Adds an entry at the end of a mapping.
    pub(super) fn put(&mut self, key: &str, value: Self) {
        if let OutData::Map(entries) = &mut self.data {
            entries.push((key.to_string(), value));
        }
    }

    /// Adds an entry if there is a value for it.
    pub(super) fn put_some(&mut self, key: &str, value: Option<Self>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }

    /// Whether it is a list or mapping without content.
    pub(super) fn is_empty(&self) -> bool {
        match &self.data {
            OutData::List(items) => items.is_empty(),
            OutData::Map(entries) => entries.is_empty(),
            OutData::Null
            | OutData::Bool(_)
            | OutData::Int(_)
            | OutData::Float(_)
            | OutData::Text(_)
            | OutData::Secret => false,
        }
    }

    /// Its text as a config.
    pub(super) fn write(&self) -> GeneratedConfig {
        let mut writer = Writer::default();
        writer.value(self, 0, Position::Top);
        let Writer { text, origins, authors, comments } = writer;
        GeneratedConfig { text: text.into(), origins, authors, comments }
    }
}

/// The text of a generated config, and what each part of it was made of.
#[derive(Clone, Debug)]
pub struct GeneratedConfig {
    text: Arc<str>,
    origins: OriginMap,
    /// The places of the relabel rules, with their authors, ascending.
    authors: Vec<(Span, RuleAuthor)>,
    /// The ends of the comments, with the places of the items that they are about, ascending.
    comments: Vec<(usize, Location)>,
}

/// The variable for the number of a shard in the operator's rules.
const SHARD: &str = "$(SHARD)";

/// A pattern of the same length that any number of a shard matches.
const ANY_SHARD: &str = "([0-9]+)";

impl GeneratedConfig {
    /// The text, with `<secret>` for each secret.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether a secret is in it.
    #[must_use]
    pub fn has_secrets(&self) -> bool {
        self.text.contains(SECRET)
    }

    /// The text, where each comment also names the line of the object that it is about.
    #[must_use]
    pub fn annotated(&self, sources: &Sources) -> String {
        let mut text = String::with_capacity(self.text.len());
        let mut from = 0;
        for (end, at) in &self.comments {
            let at = sources.outermost(*at);
            let (name, line) = (sources.name(at.file), sources.position(at).line);
            text.push_str(self.text.get(from..*end).unwrap_or(""));
            text.push_str(&format!(" ({}:{line})", one_line(&shown_path(name))));
            from = *end;
        }
        text.push_str(self.text.get(from..).unwrap_or(""));
        text
    }

    /// The same config, of which the sharding rules keep the targets of every shard.
    pub(crate) fn of_all_shards(&self) -> Self {
        Self { text: self.text.replace(SHARD, ANY_SHARD).into(), ..self.clone() }
    }

    /// Adds the text to `sources` under that name.
    pub fn add_to(&self, sources: &mut Sources, name: &str) -> FileId {
        sources.add_generated(name, self.text.clone(), self.origins.clone())
    }

    /// The author of the relabel rule at that place of the text.
    #[must_use]
    pub fn author(&self, rule: Span) -> RuleAuthor {
        let after = self.authors.partition_point(|(span, _)| span.start <= rule.start);
        let found = after.checked_sub(1).and_then(|index| self.authors.get(index));
        found.filter(|(span, _)| rule.start < span.end).map_or(RuleAuthor::User, |(_, author)| *author)
    }
}

/// Where a value is in the text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    Top,
    /// After a key and its colon.
    AfterKey,
    /// After the dash of an item.
    AfterDash,
}

#[derive(Default)]
struct Writer {
    text: String,
    origins: OriginMap,
    authors: Vec<(Span, RuleAuthor)>,
    comments: Vec<(usize, Location)>,
}

/// A text as part of a comment: names are not checked before they get there.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}') { ' ' } else { c })
        .collect()
}

impl Writer {
    /// Writes a value with the line break after it. `indent` is the column of its entries or items.
    fn value(&mut self, value: &Out, indent: usize, position: Position) {
        if position == Position::AfterKey && matches!(value.data, OutData::List(_) | OutData::Map(_)) {
            self.text.push_str(if value.is_empty() { " " } else { "\n" });
        } else if position != Position::Top {
            self.text.push(' ');
        }
        let start = self.text.len();
        let first = start + if position == Position::AfterKey && self.text.ends_with('\n') { indent } else { 0 };
        // Of what is not written the entry is one part.
        let origin = value.origin.filter(|(_, is_written)| *is_written || position != Position::AfterKey);
        let part = origin.map(|(at, is_written)| self.origins.open(first, at, is_written));
        match &value.data {
            OutData::List(items) if !items.is_empty() => self.items(items, indent),
            OutData::Map(entries) if !entries.is_empty() => {
                for (index, (key, entry)) in entries.iter().enumerate() {
                    if index > 0 || position == Position::AfterKey {
                        self.indent(indent);
                    }
                    let whole = self.open_entry(entry);
                    self.key(key, entry);
                    self.value(
                        entry,
                        indent + if matches!(entry.data, OutData::Map(_)) { 2 } else { 0 },
                        Position::AfterKey,
                    );
                    if let Some(whole) = whole {
                        self.origins.close(whole, self.text.len().saturating_sub(1));
                    }
                }
            }
            scalar => {
                self.scalar(scalar);
                let end = self.text.len();
                self.part_inside(value, start);
                if let Some(part) = part {
                    self.origins.close(part, end);
                }
                self.text.push('\n');
                return;
            }
        }
        let end = self.text.len().saturating_sub(1);
        if let Some(part) = part {
            self.origins.close(part, end);
        }
        if let Some(author) = value.author {
            self.authors.push((Span::new(first, end), author));
        }
    }

    /// Begins the part of an entry: its key and its value.
    fn open_entry(&mut self, value: &Out) -> Option<OpenPart> {
        let (at, is_written) = value.origin?;
        let at = match value.key {
            Some(key) if is_written && key.file == at.file => Location::new(at.file, key.span.to(at.span)),
            _ => at,
        };
        Some(self.origins.open(self.text.len(), at, is_written))
    }

    fn key(&mut self, key: &str, value: &Out) {
        let start = self.text.len();
        self.text.push_str(&scalar(key));
        if let Some(at) = value.key {
            let part = self.origins.open(start, at, true);
            self.origins.close(part, self.text.len());
        }
        self.text.push(':');
    }

    /// Makes a part of the text inside quotes, where both texts have it as it is.
    fn part_inside(&mut self, value: &Out, start: usize) {
        let (OutData::Text(text), Some((at, true))) = (&value.data, value.origin) else { return };
        let inside = |span: Span| match span.len().checked_sub(text.len()) {
            Some(0) => Some(span),
            Some(2) => Some(Span::new(span.start as usize + 1, span.end as usize - 1)),
            _ => None,
        };
        let own = Span::new(start, self.text.len());
        if let (Some(inner), Some(outer)) = (inside(own), inside(at.span))
            && (inner != own || outer != at.span)
        {
            let part = self.origins.open(inner.start as usize, Location::new(at.file, outer), true);
            self.origins.close(part, inner.end as usize);
        }
    }

    fn items(&mut self, items: &[Out], indent: usize) {
        for item in items {
            if let Some(comment) = &item.comment {
                self.indent(indent);
                self.text.push_str("# ");
                self.text.push_str(&one_line(comment));
                self.comments.extend(item.origin.map(|(at, _)| (self.text.len(), at)));
                self.text.push('\n');
            }
            self.indent(indent);
            self.text.push('-');
            self.value(item, indent + 2, Position::AfterDash);
        }
    }

    fn indent(&mut self, indent: usize) {
        self.text.extend(std::iter::repeat_n(' ', indent));
    }

    fn scalar(&mut self, data: &OutData) {
        match data {
            OutData::Null => self.text.push_str("null"),
            OutData::Bool(value) => self.text.push_str(if *value { "true" } else { "false" }),
            OutData::Int(value) => self.text.push_str(&value.to_string()),
            OutData::Float(value) => self.text.push_str(&crate::text::format_float(*value)),
            OutData::Text(text) => self.text.push_str(&scalar(text)),
            OutData::Secret => self.text.push_str(SECRET),
            OutData::List(_) => self.text.push_str("[]"),
            OutData::Map(_) => self.text.push_str("{}"),
        }
    }
}
