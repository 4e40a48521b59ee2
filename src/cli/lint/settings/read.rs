//! From the text of `promcfg.toml` to settings, with every fault and its place.

use std::ops::Range;
use std::path::Path;

use promcfg::release::UnknownReleaseError;
use promcfg::text::{LineIndex, most_similar};
use promcfg::{Release, Severity};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fields::{FIELDS, FILES, Field, Kind, OVERRIDE_FIELDS, SEVERITIES};
use super::globs::Globs;
use super::{Layer, Override, Settings};
use crate::cli::rule_names::{is_pattern, rules_of_list};
use crate::cli::status::Failure;

type Value<'t> = Spanned<DeValue<'t>>;

/// Reads settings; `name` is what the file is shown by, `folder` the one it lies in.
///
/// # Errors
/// All that is wrong, in the order of the text.
pub(crate) fn read(text: &str, name: &str, folder: &Path) -> Result<Settings, Vec<Failure>> {
    let mut reader = Reader { faults: Vec::new() };
    let mut settings = Settings { folder: folder.to_path_buf(), ..Settings::default() };
    match DeTable::parse(text) {
        Ok(table) if !is_recognized(table.get_ref().keys().map(|key| key.get_ref().as_ref())) => {
            let names: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
            let failure = Failure::new("the file has no settings of promcfg");
            reader.fault(0..0, failure.with_help(format!("the keys are {}", names.join(", "))));
        }
        Ok(table) => reader.settings(table.get_ref(), &mut settings),
        Err(error) => {
            let keys =
                text.lines().map(|line| line.split(['=', '.', ']']).next().unwrap_or("").trim_matches(['[', ' ']));
            let words = if is_recognized(keys) {
                format!("invalid TOML: {}", error.message().trim_end().replace('\n', ", "))
            } else {
                "invalid TOML".to_string()
            };
            reader.fault(error.span().unwrap_or(0..0), Failure::new(words));
        }
    }
    if reader.faults.is_empty() { Ok(settings) } else { Err(reader.failures(text, name)) }
}

/// Whether a file with these keys at its top is one of settings, perhaps with mistakes. Of another file, which a link
/// may lead to, no key is shown.
fn is_recognized<'k>(keys: impl Iterator<Item = &'k str>) -> bool {
    let mut keys = keys.filter(|key| !key.is_empty()).peekable();
    keys.peek().is_none() || keys.any(|key| most_similar(key, FIELDS.iter().map(|field| field.name)).is_some())
}

struct Reader {
    faults: Vec<(Range<usize>, Failure)>,
}

impl Reader {
    fn fault(&mut self, at: Range<usize>, failure: Failure) {
        self.faults.push((at, failure));
    }

    /// The faults with their places, in the order of the text.
    fn failures(mut self, text: &str, name: &str) -> Vec<Failure> {
        self.faults.sort_by_key(|(at, _)| at.start);
        let lines = LineIndex::new(text);
        let placed = self.faults.into_iter().map(|(at, mut failure)| {
            let position = lines.position(text, at.start);
            failure.message = format!("{name}:{}:{}: {}", position.line, position.column, failure.message);
            failure
        });
        placed.collect()
    }

    fn settings(&mut self, table: &DeTable<'_>, settings: &mut Settings) {
        for (field, value) in self.known(table, FIELDS) {
            match field.kind {
                Kind::Globs => settings.exclude = self.globs(field, value),
                Kind::Severity => settings.fail_on = self.severity(field, value),
                Kind::Overrides => settings.overrides = self.overrides(field, value),
                Kind::Rules | Kind::Severities | Kind::Release => self.layer(field, value, &mut settings.layer),
            }
        }
    }

    fn overrides(&mut self, field: &Field, value: &Value<'_>) -> Vec<Override> {
        let tables = self.items(field, value).into_iter();
        tables.filter_map(|item| self.one_override(field, item)).collect()
    }

    fn one_override(&mut self, field: &Field, value: &Value<'_>) -> Option<Override> {
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong_type(field, value);
            return None;
        };
        let mut one = Override::default();
        let mut has_files = false;
        for (field, value) in self.known(table, OVERRIDE_FIELDS) {
            if field.kind == Kind::Globs {
                has_files = value.get_ref().as_array().is_none_or(|items| !items.is_empty());
                one.files = self.globs(field, value);
            } else {
                self.layer(field, value, &mut one.layer);
            }
        }
        if !has_files {
            let failure = Failure::new(format!("missing `{FILES}` in an override"));
            self.fault(
                value.span(),
                failure.with_help("add the files of the override, such as `files = [\"staging/\"]`"),
            );
        }
        Some(one)
    }

    /// A key that settings and overrides have in common.
    fn layer(&mut self, field: &Field, value: &Value<'_>, layer: &mut Layer) {
        match (field.kind, field.name) {
            (Kind::Severities, _) => layer.severity = self.severities(field, value),
            (Kind::Release, _) => layer.release = self.release(field, value),
            (_, "ignore") => layer.ignore = self.rules(field, value),
            _ => layer.select = self.rules(field, value),
        }
    }

    /// The members of a table whose keys are known; the others are faults.
    fn known<'v, 't>(
        &mut self,
        table: &'v DeTable<'t>,
        fields: &'static [Field],
    ) -> Vec<(&'static Field, &'v Value<'t>)> {
        let mut known = Vec::new();
        for (key, value) in table {
            match fields.iter().find(|field| field.name == key.get_ref().as_ref()) {
                Some(field) => known.push((field, value)),
                None => self.fault(key.span(), unknown_key(key.get_ref(), fields)),
            }
        }
        known
    }

    /// The value, or an item of it, is not what it must be.
    fn wrong_type(&mut self, field: &Field, value: &Value<'_>) {
        let message = format!(
            "expected {} for `{}`, found a TOML {}",
            field.kind.words(),
            field.name,
            value.get_ref().type_str()
        );
        let failure = Failure::new(message);
        self.fault(value.span(), failure);
    }

    fn items<'v, 't>(&mut self, field: &Field, value: &'v Value<'t>) -> Vec<&'v Value<'t>> {
        match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => {
                self.wrong_type(field, value);
                Vec::new()
            }
        }
    }

    /// The items of a list that are texts; the others are faults.
    fn texts<'v>(&mut self, field: &Field, value: &'v Value<'_>) -> Vec<(Range<usize>, &'v str)> {
        let mut texts = Vec::new();
        for item in self.items(field, value) {
            match item.get_ref().as_str() {
                Some(text) => texts.push((item.span(), text)),
                None => self.wrong_type(field, item),
            }
        }
        texts
    }

    fn rules(&mut self, field: &Field, value: &Value<'_>) -> Vec<String> {
        let ids = self.texts(field, value).into_iter();
        ids.flat_map(|(at, id)| self.rules_named(at, id)).collect()
    }

    /// The rules that a text names; none when it names none, which is a fault.
    fn rules_named(&mut self, at: Range<usize>, names: &str) -> Vec<String> {
        rules_of_list(names).unwrap_or_else(|failure| {
            self.fault(at, failure);
            Vec::new()
        })
    }

    fn globs(&mut self, field: &Field, value: &Value<'_>) -> Globs {
        let texts = self.texts(field, value);
        let patterns: Vec<&str> = texts.iter().map(|(_, pattern)| *pattern).collect();
        Globs::new(&patterns).unwrap_or_else(|(index, words)| {
            let failure = Failure::new(format!("invalid glob {:?}: {words}", patterns[index]));
            self.fault(texts[index].0.clone(), failure);
            Globs::default()
        })
    }

    fn severities(&mut self, field: &Field, value: &Value<'_>) -> Vec<(String, Severity)> {
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong_type(field, value);
            return Vec::new();
        };
        // The last one holds.
        let (patterns, ids): (Vec<_>, Vec<_>) = table.iter().partition(|(key, _)| is_pattern(key.get_ref()));
        let mut severities = Vec::new();
        for (key, value) in patterns.into_iter().chain(ids) {
            let rules = self.rules_named(key.span(), key.get_ref());
            let severity = self.severity(&SEVERITY_OF_RULE, value);
            severities.extend(
                severity.into_iter().flat_map(|severity| rules.iter().map(move |rule| (rule.clone(), severity))),
            );
        }
        severities
    }

    fn release(&mut self, field: &Field, value: &Value<'_>) -> Option<Release> {
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(field, value);
            return None;
        };
        match text.parse() {
            Ok(release) => Some(release),
            Err(error) => {
                let error: UnknownReleaseError = error;
                self.fault(value.span(), Failure::new(error.to_string()));
                None
            }
        }
    }

    fn severity(&mut self, field: &Field, value: &Value<'_>) -> Option<Severity> {
        let Some(name) = value.get_ref().as_str() else {
            self.wrong_type(field, value);
            return None;
        };
        let severity = SEVERITIES.iter().find(|(known, _)| *known == name).map(|(_, severity)| *severity);
        if severity.is_none() {
            let failure = Failure::new(format!("unknown severity {name:?}"));
            let help = match most_similar(name, SEVERITIES.map(|(known, _)| known)) {
                Some(similar) => format!("did you mean \"{similar}\"?"),
                None => format!("write {}", Kind::Severity.words()),
            };
            self.fault(value.span(), failure.with_help(help));
        }
        severity
    }
}

/// A value of the table `severity`.
const SEVERITY_OF_RULE: Field = Field { name: "severity", kind: Kind::Severity, about: "" };

fn unknown_key(key: &str, fields: &[Field]) -> Failure {
    let failure = Failure::new(format!("unknown key `{key}`"));
    let names = fields.iter().map(|field| field.name);
    match most_similar(key, names.clone()) {
        Some(similar) => failure.with_help(format!("did you mean `{similar}`?")),
        None => failure.with_help(format!("the keys are {}", names.collect::<Vec<_>>().join(", "))),
    }
}
