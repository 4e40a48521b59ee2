//! Fields by their paths, such as `global.scrape_interval` or `relabel_configs[0].regex`.

use crate::diagnostic::Diagnostic;
use crate::release::Release;
use crate::text::{Location, Sources, Span, most_similar};

use super::super::faults;
use super::super::schema::{CONFIG, Field, GLOBAL, Kind, SCRAPE_CONFIG, Section, Slot};

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
    pub(super) text: String,
    pub(super) root: FieldRoot,
    pub(super) steps: Vec<Step>,
    /// The section that each step is a key of, if it is one.
    pub(super) sections: Vec<Option<&'static Section>>,
    pub(super) slot: Slot,
    pub(super) field: Option<&'static Field>,
}

/// Why a field cannot be set so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldError {
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    /// Whether the field could have the value, and it is not written for another reason.
    pub(crate) is_of_policy: bool,
}

impl FieldError {
    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::with(message, Some(help.into()))
    }

    pub(crate) fn with(message: impl Into<String>, help: Option<String>) -> Self {
        Self { message: message.into(), help, is_of_policy: false }
    }

    pub(crate) fn of_policy(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { is_of_policy: true, ..Self::new(message, help) }
    }

    pub(super) fn of(fault: &Diagnostic) -> Self {
        let (note, help) = (fault.notes.first(), fault.help.clone());
        let Some(help) = help else { return Self::with(fault.message.clone(), note.cloned()) };
        let note = note.map_or(String::new(), |note| format!(" ({note})"));
        Self::with(format!("{}{note}", fault.message), Some(help))
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
pub(super) fn known_field(
    section: &'static Section,
    key: &str,
    release: Release,
) -> Result<&'static Field, FieldError> {
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
    Err(FieldError::with(format!("{}{note}", fault.message), help))
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
