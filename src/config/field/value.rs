//! Values for fields, of the types of the fields.

use crate::re2::Regex;
use crate::relabel::Action;
use crate::release::Release;
use crate::text::Sources;
use crate::yaml::{Node, NodeKind, Tree};

use super::super::checks;
use super::super::duration::Duration;
use super::super::reader::{Left, Reader};
use super::super::schema::{Kind, Slot};
use super::super::size::parse_size;
use super::path::{FieldError, FieldPath, Step, known_field};

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

impl FieldPath {
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
                refusal.map_or_else(|| Ok(FieldValue::Text(unquoted(text))), Err)?
            }
            Slot::Scalar(_) => FieldValue::Bare(self.plain(text)?),
            Slot::Any | Slot::List(_) | Slot::Map(_) | Slot::Section(_) | Slot::Sections(_) => {
                let tree = Tree::parse(text);
                let root = tree.root().filter(|_| tree.fault().is_none() && tree.rest().is_none());
                let is_in_brackets = text.trim_start().starts_with(['[', '{']);
                let root = root.ok_or_else(|| match is_in_brackets {
                    true => self.not_yaml(),
                    false => self.not_readable(text),
                })?;
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
        Err(FieldError::with(message, text.is_empty().then(|| format!("`promcfg unset` removes `{}`", self.text))))
    }

    /// The refusal of brackets or braces whose contents are not YAML.
    fn not_yaml(&self) -> FieldError {
        let help = "put texts with brackets, braces, commas or `: ` into double quotes, such as {\"match[]\": [up]}";
        FieldError::new(format!("the value of `{}` is not valid YAML", self.text), help)
    }

    fn not_readable(&self, text: &str) -> FieldError {
        let shown = if self.is_secret() { String::new() } else { format!(", found {text:?}") };
        let message = format!("expected {} for `{}`{shown}", self.slot.wanted(), self.text);
        FieldError::new(message, self.example())
    }

    fn example(&self) -> String {
        match self.slot {
            Slot::List(_) => format!("write a list in brackets: `{}=[one, two]`", self.text),
            Slot::Map(_) if matches!(self.slot.value_of_map(), Some(Slot::List(_))) => {
                format!("write a mapping of lists in braces: `{}={{key: [value]}}`", self.text)
            }
            Slot::Sections(_) => format!("write a list in brackets: `{}=[{{key: value}}]`", self.text),
            _ => format!("write a mapping in braces: `{}={{key: value}}`", self.text),
        }
    }

    fn convert(&self, node: Node<'_>, slot: Slot, release: Release) -> Result<FieldValue, FieldError> {
        let mismatch = || {
            let message = format!("expected {} in the value of `{}`", slot.wanted(), self.text);
            FieldError::new(message, self.example())
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
        Some(FieldError::of_policy(
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
            FieldError::of_policy(
                format!("the URL of `{}` has a password, which would be written in plain text", self.text),
                "leave the password out, and set `basic_auth.password_file` if the section has it",
            )
        })
    }

    /// Whether it is a field of a relabel rule.
    fn is_of_rule(&self) -> bool {
        self.sections.last().copied().flatten().is_some_and(|section| section.field("source_labels").is_some())
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
        if let (FieldValue::Text(text), true) = (value, self.is_of_rule()) {
            let unknown = key == "action" && Action::from_name(text).is_none();
            let fault = Regex::new(text).err().filter(|_| key == "regex");
            if unknown || fault.is_some() {
                let names = || Action::ALL.map(Action::name).join(", ");
                return Err(match fault {
                    Some(fault) => {
                        let message = format!("the value of `{}` is not a regular expression: {fault}", self.text);
                        FieldError::with(message, None)
                    }
                    None => FieldError::new(
                        format!("unknown action {text:?} for `{}`", self.text),
                        format!("the actions are {}", names()),
                    ),
                });
            }
        }
        if let (FieldValue::Text(scheme), "scheme") = (value, key.as_str())
            && !["http", "https"].contains(&scheme.as_str())
        {
            return Err(FieldError::new(
                format!("unknown scheme {scheme:?} for `{}`", self.text),
                "write http or https",
            ));
        }
        let text = format!("{{\"value\": {}}}", value.written());
        let (mut sources, tree) = (Sources::new(), Tree::parse(text.as_str()));
        let file = sources.add("", text);
        let mut reader = Reader::new(&sources, file, release, checks::run);
        let node = tree.root().and_then(|root| root.entries().next()).map(|(_, value)| value);
        let Some(node) = node else { return Err(self.not_readable("")) };
        reader.check_onto(kind, key, node, &mut Left::default());
        match reader.take_faults().iter().find(|fault| fault.is_error()) {
            // A reader of configs does not cite what it finds. Here it is what the user has just given.
            Some(fault) => {
                let error = FieldError::of(fault);
                let found = format!("found {:?}", value.to_string());
                Err(FieldError { message: error.message.replace("found a single value", &found), ..error })
            }
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

/// A text as it is given; quotes with nothing in them are an empty one.
fn unquoted(text: &str) -> String {
    if matches!(text, "\"\"" | "''") { String::new() } else { text.to_string() }
}

fn is_text(kind: Kind) -> bool {
    matches!(kind, Kind::Text(_) | Kind::Secret | Kind::Url)
}
