//! Target groups in JSON, as Go's `encoding/json` reads them.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::diagnostic::{Bounded, Diagnostic, Severity, ids};
use crate::release::Release;
use crate::text::{FileId, Location, Sources, Span, Spanned, go_quote};

use super::faults;
use super::global::plain_names;
use super::json_syntax::{MAX_DEPTH, first_fault};
use super::types::TargetGroup;

/// Reads a list of target groups. The keys `targets` and `labels` are accepted in any case, a repeated
/// key replaces the one before, null is an empty text.
pub(super) fn read(
    sources: &mut Sources,
    path: &str,
    bytes: &[u8],
    release: Release,
) -> (Vec<TargetGroup>, Vec<Diagnostic>) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let file = sources.add(path, text);
    let text = sources.text(file).clone();
    let mut reader = JsonReader { file, release, text: &text, faults: Bounded::default() };
    let groups = reader.groups();
    (groups, reader.faults.into_vec())
}

struct JsonReader<'t> {
    file: FileId,
    release: Release,
    text: &'t str,
    faults: Bounded,
}

impl<'t> JsonReader<'t> {
    fn groups(&mut self) -> Vec<TargetGroup> {
        let whole = match serde_json::from_str::<&RawValue>(self.text) {
            Ok(_) if self.is_too_deep() => return Vec::new(),
            Ok(whole) => whole.get(),
            Err(error) => {
                self.report_syntax(&error);
                return Vec::new();
            }
        };
        match items(whole) {
            Some(items) => {
                items.into_iter().enumerate().filter_map(|(index, item)| self.group(index, item.get())).collect()
            }
            None if whole == "null" => Vec::new(),
            None => {
                self.refuse(whole, "a list of target groups", "a target file", "Go value of type []*targetgroup.Group");
                Vec::new()
            }
        }
    }

    fn group(&mut self, index: usize, item: &'t str) -> Option<TargetGroup> {
        if item == "null" {
            self.faults.push(faults::null_group(self.at(item), index));
            return None;
        }
        let Some(members) = members(item) else {
            self.refuse(item, "an object", "a target group", 
                "Go value of type struct { Targets []string \"json:\\\"targets\\\"\"; Labels model.LabelSet \"json:\\\"labels\\\"\" }",
            );
            return None;
        };
        let mut group = TargetGroup { file: self.file, span: self.span(item), targets: Vec::new(), labels: Vec::new() };
        for (key, value) in members {
            let (name, value) = (text_of(key.get()).unwrap_or_default(), value.get());
            if name.eq_ignore_ascii_case("targets") {
                group.targets = self.targets(&name, value);
            } else if name.eq_ignore_ascii_case("labels") {
                group.labels = self.labels(value);
            } else {
                let fault = Diagnostic::new(
                    ids::UNKNOWN_FIELD,
                    Severity::Error,
                    self.at(key.get()),
                    format!("unknown field `{name}` in a target group"),
                )
                .with_argument("section", "a target group")
                .with_argument("field", name.as_str())
                .with_note("a target group has the fields `targets` and `labels`")
                .with_upstream(format!("json: unknown field {}", go_quote(&name)));
                self.faults.push(fault);
            }
        }
        Some(group)
    }

    fn targets(&mut self, name: &str, value: &'t str) -> Vec<Spanned<String>> {
        match items(value) {
            Some(items) => {
                let is_new = self.release.has_new_json_reader();
                let place = |index: usize| match is_new {
                    true => format!(".{name}.{index} of type string"),
                    false => "Go struct field .targets of type string".to_string(),
                };
                let items = items.into_iter().enumerate();
                items.filter_map(|(index, item)| self.string(item.get(), "a target", &place(index))).collect()
            }
            None if value == "null" => Vec::new(),
            None => {
                // The older reader shows the name that the field has, not the one that is written.
                let name = if self.release.has_new_json_reader() { name } else { "targets" };
                let go = format!("Go struct field .{name} of type []string");
                self.refuse(value, "a list of strings", "`targets`", &go);
                Vec::new()
            }
        }
    }

    fn labels(&mut self, value: &'t str) -> Vec<(Spanned<String>, Spanned<String>)> {
        let Some(members) = members(value) else {
            if value != "null" {
                self.refuse(
                    value,
                    "an object of label names and values",
                    "`labels`",
                    "Go value of type map[model.LabelName]model.LabelValue",
                );
            }
            return Vec::new();
        };
        let mut labels: Vec<(Spanned<String>, Spanned<String>)> = Vec::new();
        for (key, value) in members {
            let name = Spanned::new(text_of(key.get()).unwrap_or_default(), self.span(key.get()));
            if !plain_names(self.release).allows(&name.value) {
                self.faults.push(faults::invalid_label_name(self.at(key.get()), &name.value, self.release));
            }
            if let Some(value) = self.string(value.get(), "a label value", "Go value of type model.LabelValue") {
                labels.retain(|(other, _)| other.value != name.value);
                labels.push((name, value));
            }
        }
        labels
    }

    fn string(&mut self, raw: &'t str, subject: &str, go: &str) -> Option<Spanned<String>> {
        let text = if raw == "null" { Some(String::new()) } else { text_of(raw) };
        if text.is_none() {
            self.refuse(raw, "a string", subject, go);
        }
        text.map(|text| Spanned::new(text, self.span(raw)))
    }

    fn refuse(&mut self, raw: &str, expected: &str, subject: &str, go: &str) {
        let kind = match raw.as_bytes().first() {
            Some(b'{') => "object",
            Some(b'[') => "array",
            Some(b'"') => "string",
            Some(b't' | b'f') => "bool",
            _ => "number",
        };
        let found = match kind {
            "object" => "an object",
            "array" => "a list",
            "string" => "a string",
            "bool" => "a boolean",
            _ => "a number",
        };
        let message = format!("expected {expected} for {subject}, found {found}");
        let fault = Diagnostic::new(ids::WRONG_TYPE, Severity::Error, self.at(raw), message)
            .with_argument("field", subject)
            .with_argument("expected", expected)
            .with_argument("found", found)
            .with_upstream(format!("json: cannot unmarshal {kind} into {go}"));
        self.faults.push(fault);
    }

    /// Whether the text is nested more deeply than Go reads; this is reported.
    fn is_too_deep(&mut self) -> bool {
        if self.text.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count() <= MAX_DEPTH {
            return false;
        }
        let Some(fault) = first_fault(self.text, self.release) else { return false };
        let at = Location::new(self.file, Span::new(fault.at, fault.at + 1));
        let words = format!("nested more than {MAX_DEPTH} levels deep");
        let diagnostic = Diagnostic::new(ids::INVALID_JSON, Severity::Error, at, format!("invalid JSON: {words}"))
            .with_argument("error", words);
        self.faults.push(diagnostic.with_upstream(fault.message));
        true
    }

    fn report_syntax(&mut self, error: &serde_json::Error) {
        let line_start: usize =
            self.text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let start = (line_start + error.column().saturating_sub(1)).min(self.text.len());
        let start = (0..=start).rev().find(|&offset| self.text.is_char_boundary(offset)).unwrap_or(0);
        let end =
            self.text.get(start..).and_then(|rest| rest.chars().next()).map_or(start, |next| start + next.len_utf8());
        let words = error.to_string();
        let words = words.split(" at line ").next().unwrap_or("");
        let upstream = first_fault(self.text, self.release).map_or_else(String::new, |fault| fault.message);
        let at = Location::new(self.file, Span::new(start, end));
        let fault = Diagnostic::new(ids::INVALID_JSON, Severity::Error, at, format!("invalid JSON: {words}"))
            .with_argument("error", words);
        let fault = match self.text.starts_with('\u{feff}') {
            true => fault.with_note("the file begins with a byte order mark, which JSON does not allow"),
            false => fault,
        };
        self.faults.push(fault.with_upstream(upstream));
    }

    fn at(&self, raw: &str) -> Location {
        Location::new(self.file, self.span(raw))
    }

    /// The place of a part of the text in it.
    fn span(&self, raw: &str) -> Span {
        let start = (raw.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize).min(self.text.len());
        Span::new(start, start + raw.len())
    }
}

/// The items of a JSON list, not yet read.
fn items(raw: &str) -> Option<Vec<&RawValue>> {
    raw.starts_with('[').then(|| serde_json::from_str(raw).ok()).flatten()
}

/// The members of a JSON object in order, repeated ones too, not yet read.
fn members(raw: &str) -> Option<Vec<(&RawValue, &RawValue)>> {
    raw.starts_with('{').then(|| Members.deserialize(&mut serde_json::Deserializer::from_str(raw)).ok()).flatten()
}

struct Members;

impl<'de> DeserializeSeed<'de> for Members {
    type Value = Vec<(&'de RawValue, &'de RawValue)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(&'de RawValue, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = access.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
        Ok(Vec::new())
    }
}

/// The text of a JSON string, as Go reads it: half of a surrogate pair is a replacement character.
fn text_of(raw: &str) -> Option<String> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    if !inner.contains('\\') {
        return Some(inner.to_string());
    }
    let mut units: Vec<u16> = Vec::new();
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner.chars();
    let flush = |units: &mut Vec<u16>, text: &mut String| {
        text.extend(char::decode_utf16(units.drain(..)).map(|unit| unit.unwrap_or('\u{fffd}')));
    };
    while let Some(character) = rest.next() {
        if character != '\\' {
            flush(&mut units, &mut text);
            text.push(character);
            continue;
        }
        let escaped = rest.next()?;
        if escaped == 'u' {
            let digits: String = rest.by_ref().take(4).collect();
            units.push(u16::from_str_radix(&digits, 16).ok()?);
            continue;
        }
        flush(&mut units, &mut text);
        text.push(match escaped {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            other => other,
        });
    }
    flush(&mut units, &mut text);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(text: &str) -> (Vec<TargetGroup>, Vec<String>) {
        let mut sources = Sources::new();
        let (groups, faults) = read(&mut sources, "t.json", text.as_bytes(), Release::LATEST);
        let faults = faults.iter().map(|fault| {
            let position = sources.position(fault.at);
            format!("{}:{}: {}: {}", position.line, position.column, fault.id, fault.upstream.as_deref().unwrap_or(""))
        });
        (groups, faults.collect())
    }

    #[test]
    fn keys_are_accepted_in_any_case_and_the_last_one_wins() {
        let (groups, faults) =
            groups(r#"[{"Targets":["a:1"],"TARGETS":["b:1",null],"labels":{"x":"1","x":"2","y":null}}]"#);
        assert_eq!(faults, Vec::<String>::new());
        let targets: Vec<&str> = groups[0].targets.iter().map(|target| target.value.as_str()).collect();
        assert_eq!(targets, ["b:1", ""]);
        let labels: Vec<_> =
            groups[0].labels.iter().map(|(name, value)| (name.value.as_str(), value.value.as_str())).collect();
        assert_eq!(labels, [("x", "2"), ("y", "")]);
        assert_eq!(groups[0].targets[0].span.len(), 5);
    }

    #[test]
    fn faults_have_their_places() {
        assert_eq!(groups("[null]").1, ["1:2: empty-entry: nil target group item found (index 0)"]);
        assert_eq!(groups("[{\"foo\":1}]").1, ["1:3: unknown-field: json: unknown field \"foo\""]);
        assert_eq!(
            groups("[\n{\"targets\":[1]}]").1,
            ["2:13: wrong-type: json: cannot unmarshal number into Go struct field .targets of type string"]
        );
        assert_eq!(groups("").1, ["1:1: invalid-json: unexpected end of JSON input"]);
        assert_eq!(groups("[] x").1, ["1:4: invalid-json: invalid character 'x' after top-level value"]);
        assert_eq!(groups("null").1, Vec::<String>::new());
    }

    #[test]
    fn go_1_27_says_in_other_words_where_a_value_has_the_wrong_type() {
        let upstream = |text: &str, release: Release| {
            let (_, faults) = read(&mut Sources::new(), "t.json", text.as_bytes(), release);
            faults.into_iter().filter_map(|fault| fault.upstream).collect::<Vec<_>>()
        };
        let new = Release::LATEST.built_with_go(27);
        for (text, released, with_new) in [
            (
                "[{\"Targets\": 1}]",
                "Go struct field .targets of type []string",
                "Go struct field .Targets of type []string",
            ),
            ("[{\"targets\": [\"\", 1]}]", "Go struct field .targets of type string", ".targets.1 of type string"),
            (
                "[{\"labels\": 1}]",
                "Go value of type map[model.LabelName]model.LabelValue",
                "Go value of type map[model.LabelName]model.LabelValue",
            ),
        ] {
            let message = |place: &str| vec![format!("json: cannot unmarshal number into {place}")];
            assert_eq!((upstream(text, Release::LATEST), upstream(text, new)), (message(released), message(with_new)));
        }
        assert_eq!(
            upstream("[{\"labels\": {\"a\": 1}}]", Release::LATEST),
            ["json: cannot unmarshal number into Go value of type model.LabelValue"]
        );
    }

    #[test]
    fn deep_nesting_is_refused_as_by_go() {
        let text = |depth: usize| format!("[{{\"targets\": {}{}}}]", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(groups(&text(9_998)).1.len(), 1);
        assert_eq!(groups(&text(9_999)).1, ["1:10012: invalid-json: invalid character '[' exceeded max depth"]);
    }

    #[test]
    fn escapes_are_read_as_go_reads_them() {
        assert_eq!(text_of(r#""a\u00e9\n\/""#).as_deref(), Some("aé\n/"));
        assert_eq!(text_of(r#""\ud83d\ude00 \ud83d""#).as_deref(), Some("😀 \u{fffd}"));
    }
}
