//! Fields by their paths, such as `global.scrape_interval` or `relabel_configs[0].regex`, and values for them.

use crate::diagnostic::Diagnostic;
use crate::release::Release;
use crate::text::{Location, Sources, Span, most_similar};
use crate::yaml::{Node, NodeKind, Tree};

use super::checks;
use super::duration::Duration;
use super::faults;
use super::reader::{Left, Reader};
use super::schema::{CONFIG, Field, GLOBAL, Kind, SCRAPE_CONFIG, Section, Slot, TARGET_GROUP};
use super::size::parse_size;

/// Where a path begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldRoot {
    /// At the top of a config.
    Config,
    /// At a job.
    Job,
}

/// A part of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Key(String),
    Index(usize),
}

/// A field, by the way to it.
#[derive(Clone, Debug)]
pub(crate) struct FieldPath {
    text: String,
    root: FieldRoot,
    steps: Vec<Step>,
    /// The section that each step is a key of, if it is one.
    sections: Vec<Option<&'static Section>>,
    slot: Slot,
    field: Option<&'static Field>,
}

/// A value for a field, of the type of the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FieldValue {
    /// A string.
    Text(String),
    /// A number, a truth value, a duration or a size: written without quotes.
    Bare(String),
    List(Vec<FieldValue>),
    Map(Vec<(String, FieldValue)>),
}

/// Why a field cannot be set so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldError {
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

impl FieldError {
    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: Some(help.into()) }
    }

    fn of(fault: &Diagnostic) -> Self {
        let note = fault.notes.first().map_or(String::new(), |note| format!(" ({note})"));
        Self { message: format!("{}{note}", fault.message), help: fault.help.clone() }
    }
}

impl FieldPath {
    /// Reads a path, and finds its field.
    pub(crate) fn parse(text: &str, root: FieldRoot, release: Release) -> Result<Self, FieldError> {
        let steps = steps_of(text)?;
        let (mut sections, mut field) = (Vec::new(), None);
        let mut slot = match root {
            FieldRoot::Config => Slot::Section(&CONFIG),
            FieldRoot::Job => Slot::Section(&SCRAPE_CONFIG),
        };
        for (index, step) in steps.iter().enumerate() {
            let before = || shown(&steps[..index]);
            let section = if let Slot::Section(section) = slot { Some(section) } else { None };
            let next = match (step, section) {
                (Step::Key(key), Some(section)) => {
                    let found = known_field(section, key, release)?;
                    field = Some(found);
                    Some(Slot::of(found))
                }
                (Step::Key(_), None) => slot.value_of_map(),
                (Step::Index(_), _) => slot.item(),
            };
            sections.push(section.filter(|_| matches!(step, Step::Key(_))));
            slot = next.ok_or_else(|| no_step(step, slot, &before()))?;
        }
        let is_own = matches!(steps.last(), Some(Step::Key(_))) && sections.last().is_some_and(Option::is_some);
        Ok(Self { text: shown(&steps), root, steps, sections, slot, field: field.filter(|_| is_own) })
    }

    /// As it is written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The key of the path, if the path is a field of the root itself.
    pub(crate) fn own_key(&self) -> Option<&str> {
        match self.steps.as_slice() {
            [Step::Key(key)] => Some(key),
            _ => None,
        }
    }

    /// The first key of the path.
    pub(crate) fn first_key(&self) -> &str {
        match self.steps.first() {
            Some(Step::Key(key)) => key,
            Some(Step::Index(_)) | None => "",
        }
    }

    /// The key of `global` that a job inherits this field from.
    pub(crate) fn inherited_key(&self) -> Option<&'static str> {
        let key = self.own_key().filter(|_| self.root == FieldRoot::Job)?;
        GLOBAL.field(key).map(|field| field.key)
    }

    /// The value when the field is not given; empty when it has none.
    pub(crate) fn default(&self) -> &'static str {
        self.field.map_or("", |field| field.default)
    }

    /// Whether the value is never shown: it is a secret, or has some.
    pub(crate) fn is_secret(&self) -> bool {
        has_secrets(self.slot, 0)
    }

    /// The usual place of a key in the mapping in which the step of that number is: those with lower numbers come first.
    pub(crate) fn rank(&self, step: usize, key: &str) -> Option<usize> {
        let section = (*self.sections.get(step)?)?;
        let at = section.fields().position(|field| field.key == key)?;
        // Where targets come from, and what is done with them, comes after how they are scraped.
        let later = match key {
            "metric_relabel_configs" => 3000,
            "relabel_configs" => 2000,
            _ if key.ends_with("_sd_configs") || key == "static_configs" => 1000,
            _ => 0,
        };
        Some(at + later)
    }

    /// Whether two values of the field mean the same.
    pub(crate) fn is_same_value(&self, one: &str, other: &str) -> bool {
        match self.slot {
            Slot::Scalar(Kind::Duration) => match (Duration::parse(one), Duration::parse(other)) {
                (Ok(one), Ok(other)) => one == other,
                _ => false,
            },
            Slot::Scalar(Kind::Size) => match (parse_size(one), parse_size(other)) {
                (Ok(one), Ok(other)) => one == other,
                _ => one == other,
            },
            _ => one == other,
        }
    }

    /// Reads a value for the field. Lists and mappings are written in brackets: `[a, b]`, `{a: b}`.
    pub(crate) fn value(&self, text: &str, release: Release) -> Result<FieldValue, FieldError> {
        let value = match self.slot {
            Slot::Scalar(kind) if is_text(kind) => {
                let refusal =
                    self.of_secret(kind).or_else(|| self.of_password(kind, text)).or_else(|| self.of_null(text));
                refusal.map_or(Ok(FieldValue::Text(text.into())), Err)?
            }
            Slot::Scalar(_) => FieldValue::Bare(self.plain(text)?),
            Slot::Any | Slot::List(_) | Slot::Map(_) | Slot::Section(_) | Slot::Sections(_) => {
                let tree = Tree::parse(text);
                let root = tree.root().filter(|_| tree.fault().is_none() && tree.rest().is_none());
                let root = root.ok_or_else(|| self.not_readable(text))?;
                let has_tags = |node: Node<'_>| node.tag().is_some() || node.anchor().is_some();
                if tree.nodes().any(has_tags) {
                    return Err(self.not_readable(text));
                }
                self.convert(root, self.slot, release)?
            }
        };
        self.check(&value, release)?;
        Ok(value)
    }

    /// A scalar that is read as it is written.
    fn plain(&self, text: &str) -> Result<String, FieldError> {
        let tree = Tree::parse(format!("[{text}]"));
        let mut items = tree.root().into_iter().flat_map(|root| root.items().collect::<Vec<_>>());
        let is_it = items.next().is_some_and(|item| item.kind() == NodeKind::Scalar && item.value() == text);
        if is_it && items.next().is_none() && !text.is_empty() {
            return Ok(text.to_string());
        }
        let message = format!("expected {} for `{}`, found {text:?}", self.slot.wanted(), self.text);
        Err(FieldError { message, help: text.is_empty().then(|| format!("`promcfg unset` removes `{}`", self.text)) })
    }

    fn not_readable(&self, text: &str) -> FieldError {
        let shown = if self.is_secret() { String::new() } else { format!(", found {text:?}") };
        let message = format!("expected {} for `{}`{shown}", self.slot.wanted(), self.text);
        FieldError { message, help: Some(self.example()) }
    }

    fn example(&self) -> String {
        match self.slot {
            Slot::List(_) => format!("write a list in brackets: `{}=[one, two]`", self.text),
            Slot::Sections(_) => format!("write a list in brackets: `{}=[{{key: value}}]`", self.text),
            _ => format!("write a mapping in braces: `{}={{key: value}}`", self.text),
        }
    }

    fn convert(&self, node: Node<'_>, slot: Slot, release: Release) -> Result<FieldValue, FieldError> {
        let mismatch = || {
            let message = format!("expected {} in the value of `{}`", slot.wanted(), self.text);
            FieldError { message, help: Some(self.example()) }
        };
        match (node.kind(), slot) {
            (NodeKind::Scalar, Slot::Scalar(kind)) => {
                if let Some(refusal) = self.of_secret(kind) {
                    return Err(refusal);
                }
                let text = node.read_string().map_err(|_| mismatch())?;
                if let Some(refusal) = self.of_password(kind, &text).or_else(|| self.of_null(&text)) {
                    return Err(refusal);
                }
                Ok(if is_text(kind) {
                    FieldValue::Text(text.into_owned())
                } else {
                    FieldValue::Bare(text.into_owned())
                })
            }
            (NodeKind::Scalar, Slot::Any) if node.is_text() => Ok(FieldValue::Text(node.value().to_string())),
            (NodeKind::Scalar, Slot::Any) => Ok(FieldValue::Bare(node.value().to_string())),
            (NodeKind::Sequence, _) => {
                let item = slot.item().ok_or_else(mismatch)?;
                node.items()
                    .map(|node| self.convert(node, item, release))
                    .collect::<Result<_, _>>()
                    .map(FieldValue::List)
            }
            (NodeKind::Mapping, _) => {
                let entry = |(key, value): (Node<'_>, Node<'_>)| {
                    let name = key.read_string().map_err(|_| mismatch())?.into_owned();
                    let slot = match slot {
                        Slot::Section(section) => Slot::of(known_field(section, &name, release)?),
                        slot => slot.value_of_map().ok_or_else(mismatch)?,
                    };
                    Ok((name, self.convert(value, slot, release)?))
                };
                node.entries().map(entry).collect::<Result<_, _>>().map(FieldValue::Map)
            }
            (NodeKind::Scalar | NodeKind::Alias, _) => Err(mismatch()),
        }
    }

    /// The refusal of a secret: it would be in the command, in the history of the shell, and in the config.
    fn of_secret(&self, kind: Kind) -> Option<FieldError> {
        if !matches!(kind, Kind::Secret) {
            return None;
        }
        let message = format!("`{}` is a secret and would be written in plain text", self.text);
        let section = self.sections.last().copied().flatten();
        let (parent, key) = self.text.rsplit_once('.').map_or(("", self.text.as_str()), |(parent, key)| (parent, key));
        let file = if key == "secrets" { "files".to_string() } else { format!("{key}_file") };
        let has_file = section.is_some_and(|section| section.field(&file).is_some());
        let dot = if parent.is_empty() { "" } else { "." };
        Some(FieldError::new(
            message,
            match has_file {
                true => format!("put it into a file, and set `{parent}{dot}{file}` to the name of the file"),
                false => "put it into a file if the section has a field for it, or write it by hand".to_string(),
            },
        ))
    }

    /// The refusal of a text that yaml.v2 reads as none, also in quotes.
    fn of_null(&self, text: &str) -> Option<FieldError> {
        matches!(text, "~" | "null").then(|| {
            FieldError::new(
                format!(
                    "{text:?} cannot be a value of `{}`: Prometheus reads it as no value, even in quotes",
                    self.text
                ),
                format!("`promcfg unset` removes `{}`", self.text),
            )
        })
    }

    /// The refusal of a URL with a password.
    fn of_password(&self, kind: Kind, text: &str) -> Option<FieldError> {
        // The servers of discovery are texts for the schema. A pattern or a template is no URL.
        let is_url = matches!(kind, Kind::Url) || !text.contains(['(', '$', ' ']);
        let authority = text.split_once("://").filter(|_| is_url)?.1;
        let authority = authority.split(['/', '?', '#']).next().unwrap_or("");
        let (user, _) = authority.rsplit_once('@')?;
        let has_password = user.split_once(':').is_some_and(|(_, password)| !password.is_empty());
        has_password.then(|| {
            FieldError::new(
                format!("the URL of `{}` has a password, which would be written in plain text", self.text),
                "leave the password out, and set `basic_auth.password_file` if the section has it",
            )
        })
    }

    /// Checks a value as the reader of configs does.
    fn check(&self, value: &FieldValue, release: Release) -> Result<(), FieldError> {
        let kind = match (self.field.map(|field| field.kind), self.slot) {
            (Some(Kind::Own), _) => return Ok(()),
            (Some(kind), _) | (None, Slot::Scalar(kind)) => kind,
            (None, _) => return Ok(()),
        };
        let Some(Step::Key(key)) = self.steps.iter().rev().find(|step| matches!(step, Step::Key(_))) else {
            return Ok(());
        };
        let text = format!("{{\"value\": {}}}", value.written());
        let (mut sources, tree) = (Sources::new(), Tree::parse(text.as_str()));
        let file = sources.add("", text);
        let mut reader = Reader::new(&sources, file, release, checks::run);
        let node = tree.root().and_then(|root| root.entries().next()).map(|(_, value)| value);
        let Some(node) = node else { return Err(self.not_readable("")) };
        reader.check_onto(kind, key, node, &mut Left::default());
        match reader.take_faults().iter().find(|fault| fault.is_error()) {
            Some(fault) => Err(FieldError::of(fault)),
            None => Ok(()),
        }
    }
}

impl FieldValue {
    /// In one line, with all strings in double quotes.
    pub(crate) fn written(&self) -> String {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        match self {
            Self::Text(text) => quoted(text),
            Self::Bare(text) => text.clone(),
            Self::List(items) => format!("[{}]", items.iter().map(Self::written).collect::<Vec<_>>().join(", ")),
            Self::Map(entries) => {
                let entry = |(key, value): &(String, Self)| format!("{}: {}", quoted(key), value.written());
                format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// Whether a node has this value.
    pub(crate) fn is_of(&self, node: Node<'_>) -> bool {
        let node = node.resolved();
        match self {
            Self::Text(text) => {
                node.kind() == NodeKind::Scalar && !node.is_null() && node.read_string().is_ok_and(|own| own == *text)
            }
            Self::Bare(text) => node.kind() == NodeKind::Scalar && node.value() == text,
            Self::List(items) => {
                node.kind() == NodeKind::Sequence
                    && node.items().count() == items.len()
                    && node.items().zip(items).all(|(node, item)| item.is_of(node))
            }
            Self::Map(entries) => {
                let has = |(key, value): &(String, Self)| {
                    node.entries().find(|(own, _)| own.value() == key).is_some_and(|(_, own)| value.is_of(own))
                };
                node.kind() == NodeKind::Mapping && node.entries().count() == entries.len() && entries.iter().all(has)
            }
        }
    }
}

/// In words: as it is given, lists and mappings in brackets.
impl std::fmt::Display for FieldValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) if text.is_empty() => f.write_str("\"\""),
            Self::Text(text) | Self::Bare(text) => f.write_str(text),
            Self::List(_) | Self::Map(_) => f.write_str(&self.written()),
        }
    }
}

fn is_text(kind: Kind) -> bool {
    matches!(kind, Kind::Text(_) | Kind::Secret | Kind::Url)
}

/// Sections are in sections: of deep ones it is enough to know a few levels.
fn has_secrets(slot: Slot, depth: usize) -> bool {
    const DEEPEST: usize = 4;
    match slot {
        Slot::Scalar(kind) | Slot::List(kind) => matches!(kind, Kind::Secret),
        Slot::Section(section) | Slot::Sections(section) => {
            depth < DEEPEST && section.fields().any(|field| has_secrets(Slot::of(field), depth + 1))
        }
        Slot::Map(_) => slot.value_of_map().is_some_and(|value| has_secrets(value, depth + 1)),
        Slot::Any => false,
    }
}

/// The field of a section that a release knows.
fn known_field(section: &'static Section, key: &str, release: Release) -> Result<&'static Field, FieldError> {
    if let Some(field) = section.fields_of(release).find(|field| field.key == key) {
        return Ok(field);
    }
    let nowhere = Location::new(Sources::new().add("", ""), Span::empty(0));
    let fault = faults::unknown_field(nowhere, key, section, release, String::new());
    let absence = section.field(key).and_then(|field| field.availability.absence(release));
    let fault = faults::explain_absence(fault, absence, release);
    let help = fault.help.clone().filter(|help| help != "remove the field");
    let help = help.or_else(|| {
        let known = most_similar(key, section.fields_of(release).map(|field| field.key));
        known.map(|known| format!("did you mean `{known}`?"))
    });
    let notes =
        fault.notes.iter().filter(|note| !note.contains("indentation") && !note.contains("refuses the whole file"));
    let note = notes.take(1).map(|note| format!(" ({note})")).collect::<String>();
    Err(FieldError { message: format!("{}{note}", fault.message), help })
}

fn no_step(step: &Step, slot: Slot, before: &str) -> FieldError {
    let message = format!("`{before}` is {}", slot.wanted());
    match step {
        Step::Key(key) if slot.item().is_some() => {
            FieldError::new(message, format!("name the item, counted from 0: `{before}[0].{key}`"))
        }
        Step::Key(key) => {
            FieldError::new(format!("{message}: it has no field `{key}`"), format!("set `{before}` itself"))
        }
        Step::Index(_) => {
            FieldError::new(format!("{message}, not a list"), format!("write `{before}` without the index"))
        }
    }
}

/// The keys that a job can have, in the order of the reference.
pub(crate) fn keys_of_jobs() -> impl Iterator<Item = &'static str> {
    SCRAPE_CONFIG.fields().map(|field| field.key)
}

/// The keys that `global` can have.
pub(crate) fn keys_of_global() -> impl Iterator<Item = &'static str> {
    GLOBAL.fields().map(|field| field.key)
}

/// A path as it is written.
pub(crate) fn shown_steps(steps: &[Step]) -> String {
    shown(steps)
}

fn shown(steps: &[Step]) -> String {
    let mut text = String::new();
    for step in steps {
        match step {
            Step::Key(key) => {
                let is_plain = !key.is_empty() && !key.contains(['.', '[', ']', '"', '=']);
                let dot = if text.is_empty() { "" } else { "." };
                let key = if is_plain { key.clone() } else { format!("{key:?}") };
                text.push_str(&format!("{dot}{key}"));
            }
            Step::Index(index) => text.push_str(&format!("[{index}]")),
        }
    }
    text
}

/// Reads `a.b[0]."c.d"`.
pub(crate) fn steps_of(text: &str) -> Result<Vec<Step>, FieldError> {
    let broken = || {
        let message = format!("the path {text:?} cannot be read");
        FieldError::new(
            message,
            "write it like `global.scrape_interval`, `relabel_configs[0].regex` or `labels.\"a.b\"`",
        )
    };
    let (mut steps, mut rest, mut is_first) = (Vec::new(), text, true);
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('[') {
            let (index, after) = inside.split_once(']').ok_or_else(broken)?;
            steps.push(Step::Index(index.parse().map_err(|_| broken())?));
            (rest, is_first) = (after, false);
            continue;
        }
        let key = if is_first { rest } else { rest.strip_prefix('.').ok_or_else(broken)? };
        is_first = false;
        if let Some(quoted) = key.strip_prefix('"') {
            let (name, after) = quoted.split_once('"').ok_or_else(broken)?;
            steps.push(Step::Key(name.to_string()));
            rest = after;
            continue;
        }
        let end = key.find(['.', '[']).unwrap_or(key.len());
        let (name, after) = key.split_at(end);
        if name.is_empty() {
            return Err(broken());
        }
        steps.push(Step::Key(name.to_string()));
        rest = after;
    }
    if steps.is_empty() { Err(broken()) } else { Ok(steps) }
}

/// The scalars of a config, of a list of jobs, or of target groups that are read as strings, each at its own place: values,
/// and names of labels, parameters and headers. Those that an alias brings elsewhere are not among them.
pub(crate) fn text_nodes(tree: &Tree, is_groups: bool) -> Vec<Node<'_>> {
    let Some(root) = tree.root() else { return Vec::new() };
    let has_key = |key: &str| root.entries().any(|(own, _)| own.value() == key);
    let slot = match root.kind() {
        NodeKind::Sequence if is_groups => Slot::Sections(&TARGET_GROUP),
        NodeKind::Sequence => Slot::Sections(&SCRAPE_CONFIG),
        _ if has_key("job_name") => Slot::Section(&SCRAPE_CONFIG),
        _ => Slot::Section(&CONFIG),
    };
    let (mut open, mut found) = (vec![(root, slot)], Vec::new());
    while let Some((node, slot)) = open.pop() {
        if node.anchor().is_some() || node.tag().is_some() {
            continue;
        }
        match (node.kind(), slot) {
            (NodeKind::Scalar, Slot::Scalar(Kind::Text(_))) => found.push(node),
            (NodeKind::Sequence, slot) => {
                let Some(item) = slot.item() else { continue };
                open.extend(node.items().map(|node| (node, item)));
            }
            (NodeKind::Mapping, Slot::Section(section)) => {
                for (key, value) in node.entries() {
                    open.extend(section.field(key.value()).map(|field| (value, Slot::of(field))));
                }
            }
            (NodeKind::Mapping, slot) => {
                let Some(value) = slot.value_of_map() else { continue };
                for (key, node) in node.entries() {
                    let is_plain = key.kind() == NodeKind::Scalar && key.anchor().is_none() && key.tag().is_none();
                    found.extend(Some(key).filter(|key| is_plain && !key.is_merge_key()));
                    open.push((node, value));
                }
            }
            (NodeKind::Scalar | NodeKind::Alias, _) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str, root: FieldRoot) -> Result<FieldPath, FieldError> {
        FieldPath::parse(text, root, Release::default())
    }

    fn value(text: &str) -> Result<String, String> {
        let (name, value) = text.split_once('=').unwrap();
        let path = path(name, FieldRoot::Job).unwrap();
        path.value(value, Release::default()).map(|value| value.to_string()).map_err(|error| error.message)
    }

    #[test]
    fn paths_lead_through_sections_lists_and_mappings() {
        for text in ["global.scrape_interval", "scrape_configs[0].static_configs[1].labels.env", "rule_files[0]"] {
            assert_eq!(path(text, FieldRoot::Config).unwrap().text(), text);
        }
        let quoted = path("static_configs[0].labels.\"a.b\"", FieldRoot::Job).unwrap();
        assert_eq!(quoted.steps().last(), Some(&Step::Key("a.b".to_string())));
        for text in ["", ".", "a..b", "relabel_configs[x]", "relabel_configs[0", "relabel_configs[0]regex"] {
            assert!(path(text, FieldRoot::Job).is_err(), "{text}");
        }
    }

    #[test]
    fn unknown_keys_are_reported_with_the_nearest_one() {
        let help = |text: &str, root| path(text, root).unwrap_err();
        let error = help("global.scrape_intervall", FieldRoot::Config);
        assert_eq!(error.message, "unknown field `scrape_intervall` in the `global` section");
        assert_eq!(error.help.as_deref(), Some("did you mean `scrape_interval`?"));
        let error = help("relabel_configs.regex", FieldRoot::Job);
        assert_eq!(error.help.as_deref(), Some("name the item, counted from 0: `relabel_configs[0].regex`"));
        assert!(help("scrape_interval.x", FieldRoot::Job).message.contains("has no field `x`"));
    }

    #[test]
    fn values_have_the_types_of_their_fields() {
        for (text, shown) in [
            ("scrape_interval=30s", "30s"),
            ("honor_labels=true", "true"),
            ("params.module=[http_2xx]", "[\"http_2xx\"]"),
            ("sample_limit=1000", "1000"),
            ("body_size_limit=10MB", "10MB"),
            ("static_configs[0].labels={a: b}", "{\"a\": \"b\"}"),
            ("metrics_path=/x: y", "/x: y"),
        ] {
            assert_eq!(value(text).as_deref(), Ok(shown), "{text}");
        }
        for text in [
            "scrape_interval=soon",
            "scrape_interval=",
            "honor_labels=maybe",
            "sample_limit=-1",
            "sample_limit=many",
            "params.module=http_2xx",
            "body_size_limit=10 XB",
            "scrape_interval=[1m]",
            "tls_config={ca_flie: x}",
        ] {
            assert!(value(text).is_err(), "{text}: {:?}", value(text));
        }
    }

    /// The paths of all secrets below a slot; of sections in each other, some levels.
    fn secrets(slot: Slot, path: &str, depth: usize, found: &mut Vec<(String, Option<String>)>) {
        let Some(depth) = depth.checked_sub(1) else { return };
        match slot {
            Slot::Section(section) => {
                let dot = if path.is_empty() { "" } else { "." };
                for field in section.fields_of(Release::default()) {
                    let key = field.key;
                    let file = if key == "secrets" { "files".to_string() } else { format!("{key}_file") };
                    let file = section.field(&file).map(|_| format!("{path}{dot}{file}"));
                    let own = format!("{path}{dot}{key}");
                    match Slot::of(field) {
                        Slot::Scalar(Kind::Secret) | Slot::List(Kind::Secret) => found.push((own, file)),
                        slot => secrets(slot, &own, depth, found),
                    }
                }
            }
            Slot::Sections(section) => secrets(Slot::Section(section), &format!("{path}[0]"), depth, found),
            Slot::Map(_) => match slot.value_of_map() {
                Some(Slot::Scalar(Kind::Secret) | Slot::List(Kind::Secret)) => found.push((format!("{path}.x"), None)),
                Some(slot) => secrets(slot, &format!("{path}.x"), depth, found),
                None => {}
            },
            Slot::List(_) | Slot::Scalar(_) | Slot::Any => {}
        }
    }

    #[test]
    fn each_secret_of_the_schema_is_refused_with_its_field_for_a_file() {
        let mut with_files = 0;
        for (root, slot) in
            [(FieldRoot::Config, Slot::Section(&CONFIG)), (FieldRoot::Job, Slot::Section(&SCRAPE_CONFIG))]
        {
            let mut found = Vec::new();
            secrets(slot, "", 12, &mut found);
            assert!(found.len() > 30, "{}", found.len());
            for (text, file) in found {
                let path = path(&text, root).unwrap_or_else(|error| panic!("{text}: {error:?}"));
                assert!(path.is_secret(), "{text}");
                for value in ["hunter2", "[hunter2]"] {
                    let error = path.value(value, Release::default()).expect_err(&text);
                    assert!(!format!("{error:?}").contains("hunter2"), "{text}: {error:?}");
                    let is_list = value.starts_with('[') == matches!(path.slot, Slot::List(_));
                    if let (Some(file), true) = (&file, is_list) {
                        let help = error.help.unwrap_or_default();
                        assert!(help.contains(&format!("`{file}`")), "{text}: {help}");
                        with_files += 1;
                    }
                }
            }
        }
        assert!(with_files > 30, "{with_files}");
    }

    #[test]
    fn a_url_with_a_password_is_refused() {
        let of = |text: &str| path("proxy_url", FieldRoot::Job).unwrap().value(text, Release::default());
        let error = of("http://me:hunter2@proxy:3128").unwrap_err();
        assert!(error.message.contains("has a password") && !format!("{error:?}").contains("hunter2"), "{error:?}");
        for text in ["http://proxy:3128", "http://me@proxy:3128/a:b@c"] {
            assert!(of(text).is_ok(), "{text}");
        }
        for server in ["http_sd_configs[0].url", "consul_sd_configs[0].server"] {
            let of = path(server, FieldRoot::Job).unwrap().value("http://me:hunter2@h:1", Release::default());
            assert!(of.unwrap_err().message.contains("has a password"), "{server}");
        }
        let template = path("relabel_configs[0].replacement", FieldRoot::Job).unwrap();
        assert!(template.value("http://$1:$2@h", Release::default()).is_ok());
    }

    #[test]
    fn secrets_are_refused_with_the_field_for_a_file() {
        let refusal =
            |text: &str| path(text, FieldRoot::Job).unwrap().value("hunter2", Release::default()).unwrap_err();
        let error = refusal("basic_auth.password");
        assert!(!error.message.contains("hunter2"));
        assert_eq!(
            error.help.as_deref(),
            Some("put it into a file, and set `basic_auth.password_file` to the name of the file")
        );
        assert!(refusal("bearer_token").help.unwrap().contains("`bearer_token_file`"));
        let whole =
            path("basic_auth", FieldRoot::Job).unwrap().value("{username: a, password: hunter2}", Release::default());
        assert!(!whole.unwrap_err().message.contains("hunter2"));
    }
}
