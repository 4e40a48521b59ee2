//! Why a key is unknown: what it should be, where it belongs, and what the object means without it.

use super::super::kind::Kind;
use super::super::value::Value;
use super::path::Path;
use super::places::{general_path, place_inside};
use super::record::Record;
use super::rows;
use super::shape::Object;
use crate::re2::Regex;
use crate::text::most_similar;

/// Why the API server does not know a key, and what follows from its loss.
///
/// ```
/// use promcfg::Sources;
/// use promcfg::input::operator::{KeyFault, OperatorObjects, RenderOptions, render};
/// use promcfg::yaml::Tree;
/// let text = "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: web}\nspec: {selector: {}, endpoints: [], relabelings: []}\n";
/// let mut objects = OperatorObjects::default();
/// objects.add(&Tree::parse(text), Sources::new().add("web.yml", text));
/// let rendering = &render(&objects, &RenderOptions::default())[0];
/// let advice = rendering.pruned[0].advice.as_ref().unwrap();
/// assert_eq!(advice.fault, KeyFault::Misplaced);
/// assert_eq!(advice.help().unwrap(), "move the key to `spec.endpoints[].relabelings`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advice {
    /// Why it is unknown.
    pub fault: KeyFault,
    /// The kind of the object.
    pub kind: Kind,
    /// The key to write: the name of a field of the same object, or for a field of another part its path, such as
    /// `spec.endpoints[].relabelings`.
    pub instead: Option<String>,
    /// What the object does without the key, such as `the rule has no source labels, so it deletes its target label`.
    pub effect: Option<&'static str>,
}

/// Why the API server does not know a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyFault {
    /// Nothing like it is known.
    Unknown,
    /// It is like a field of the same object.
    Misspelt,
    /// A Prometheus config calls the field so.
    OfPrometheus,
    /// The objects of VictoriaMetrics call the field so.
    OfVictoriaMetrics,
    /// Another kind of object calls the field so.
    OfOtherKind,
    /// It is a field of another part of the object.
    Misplaced,
    /// It names a file, which only some kinds may.
    NamesFile,
}

/// For how many keys of one object it is found out.
const MOST_EXPLAINED: usize = 256;

/// Longer keys are like no field.
const LONGEST_KEY: usize = 64;

/// Names that other programs and other kinds have for a field: theirs, that of the field, whose it is.
const OTHER_NAMES: &[(&str, &str, KeyFault)] = &[
    ("relabelConfigs", "relabelings", KeyFault::OfVictoriaMetrics),
    ("relabelConfigs", "relabelingConfigs", KeyFault::OfVictoriaMetrics),
    ("metricRelabelConfigs", "metricRelabelings", KeyFault::OfVictoriaMetrics),
    ("relabel_configs", "relabelings", KeyFault::OfPrometheus),
    ("relabel_configs", "relabelingConfigs", KeyFault::OfPrometheus),
    ("metric_relabel_configs", "metricRelabelings", KeyFault::OfPrometheus),
    ("write_relabel_configs", "writeRelabelConfigs", KeyFault::OfPrometheus),
    ("metrics_path", "path", KeyFault::OfPrometheus),
    ("scrape_interval", "interval", KeyFault::OfPrometheus),
    ("bearer_token", "bearerTokenSecret", KeyFault::OfPrometheus),
    ("static_configs", "staticConfig", KeyFault::OfPrometheus),
    ("relabelings", "relabelingConfigs", KeyFault::OfOtherKind),
    ("relabelingConfigs", "relabelings", KeyFault::OfOtherKind),
    ("endpoints", "podMetricsEndpoints", KeyFault::OfOtherKind),
    ("podMetricsEndpoints", "endpoints", KeyFault::OfOtherKind),
    ("metricsPath", "path", KeyFault::OfOtherKind),
    ("path", "metricsPath", KeyFault::OfOtherKind),
    ("scrapeInterval", "interval", KeyFault::OfOtherKind),
    ("interval", "scrapeInterval", KeyFault::OfOtherKind),
    ("scrapeClassName", "scrapeClass", KeyFault::Misspelt),
];

/// Fields of files, with those for Secrets that every kind has.
const FILES: &[(&str, &str)] = &[
    ("caFile", "ca"),
    ("certFile", "cert"),
    ("keyFile", "keySecret"),
    ("credentialsFile", "credentials"),
    ("bearerTokenFile", "bearerTokenSecret"),
];

/// The objects around a value, for the places where a key could belong.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'s> {
    kind: Kind,
    around: Option<&'s Scope<'s>>,
    object: Option<&'static Object>,
    path: &'s Path<'s>,
}

impl<'s> Scope<'s> {
    /// Around the whole object.
    pub(super) fn outside(kind: Kind) -> Scope<'static> {
        Scope { kind, around: None, object: None, path: &Path::Root }
    }

    /// Inside an object of this one.
    pub(super) fn of(&'s self, object: &'static Object, path: &'s Path<'s>) -> Self {
        Self { kind: self.kind, around: Some(self), object: Some(object), path }
    }

    /// Adds to the key that was listed last why it is unknown.
    pub(super) fn explain(&self, key: &str, record: &mut Record) {
        let kind = self.kind;
        let Some(object) = self.object else { return };
        let is_short = key.len() <= LONGEST_KEY;
        let is_early = record.pruned.len() <= MOST_EXPLAINED;
        let Some(pruned) = record.pruned.last_mut().filter(|_| is_short && is_early) else { return };
        let (fault, name) = beside(object, key);
        if let Some(name) = name {
            pruned.near = Some(name);
            pruned.advice = Some(Advice { fault, kind, instead: Some(name.to_string()), effect: None });
            return;
        }
        let place = self.place_of(key);
        let fault = if place.is_some() { KeyFault::Misplaced } else { KeyFault::Unknown };
        pruned.advice = Some(Advice { fault, kind, instead: place, effect: None });
    }

    /// The nearest place in the whole object where a field has that name: around this one, inside it, or inside the ones
    /// around it.
    fn place_of(&self, key: &str) -> Option<String> {
        let chain = || std::iter::successors(Some(self), |scope| scope.around);
        let around = chain().skip(1).find(|scope| scope.object.is_some_and(|object| object.field(key).is_some()));
        if let Some(scope) = around {
            return Some(general_path(scope.path, key));
        }
        chain().find_map(|scope| Some(general_path(scope.path, &place_inside(scope.object?, key)?)))
    }
}

/// The field of the object that is meant, and how it is called so.
fn beside(object: &Object, key: &str) -> (KeyFault, Option<&'static str>) {
    let folded = folded(key);
    if let Some(field) = object.fields().find(|field| self::folded(field.key) == folded) {
        let reason = if key.contains('_') { KeyFault::OfPrometheus } else { KeyFault::Misspelt };
        return (reason, Some(field.key));
    }
    let others = OTHER_NAMES.iter().filter(|(name, _, _)| *name == key);
    if let Some((field, reason)) = others.filter_map(|(_, own, why)| Some((object.field(own)?, *why))).next() {
        return (reason, Some(field.key));
    }
    let file = FILES.iter().find(|(name, _)| self::folded(name) == folded);
    if let Some(field) = file.and_then(|(_, secret)| object.field(secret)) {
        return (KeyFault::NamesFile, Some(field.key));
    }
    (KeyFault::Misspelt, most_similar(key, object.fields().map(|field| field.key)))
}

/// A name without what differs between ways of writing it.
fn folded(key: &str) -> String {
    key.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

/// Adds to the dropped keys of an object what it means without them.
pub(super) fn explain_effects(value: &Value, object: &Object, pruned: &mut [super::Pruned]) {
    for key in pruned {
        let Some(advice) = key.advice.as_mut().filter(|advice| advice.effect.is_none()) else { continue };
        advice.effect = key.near.and_then(|lost| effect(value, object, lost));
    }
}

/// What an object means that has lost a field.
fn effect(value: &Value, object: &Object, lost: &str) -> Option<&'static str> {
    if value.get(lost).is_some() {
        return None;
    }
    if object.is(&rows::RELABEL_RULE) {
        return effect_of_rule(value, lost);
    }
    if object.is(&rows::LABEL_SELECTOR) {
        return value.entries().is_empty().then_some("the selector is empty, so it selects all objects");
    }
    if object.is(&rows::NAMESPACE_SELECTOR) {
        let is_empty = value.entries().is_empty();
        return is_empty.then_some("the selector is empty, so only the namespace of the object is searched");
    }
    let ports: &[&str] = match object {
        object if object.is(&rows::ENDPOINT) => &["port", "targetPort"],
        object if object.is(&rows::POD_ENDPOINT) => &["port", "portNumber", "targetPort"],
        _ => return None,
    };
    let has_port = ports.iter().any(|port| value.get(port).is_some());
    (ports.contains(&lost) && !has_port).then_some("the endpoint names no port, so all ports are scraped")
}

fn effect_of_rule(rule: &Value, lost: &str) -> Option<&'static str> {
    let action = rule.text("action").to_ascii_lowercase();
    let action = action.as_str();
    match lost {
        "targetLabel" => {
            let is_needed =
                matches!(action, "replace" | "hashmod" | "lowercase" | "uppercase" | "keepequal" | "dropequal");
            is_needed.then_some("the rule has no target label, so the operator skips the whole object")
        }
        "modulus" if action == "hashmod" => Some("the rule has no modulus, so the operator skips the whole object"),
        "action" => Some("the rule has no action, so it is a `replace` rule"),
        "sourceLabels" => effect_without_sources(rule, action),
        "regex" => effect_without_regex(action),
        "replacement" if matches!(action, "replace" | "labelmap") => {
            Some("the rule has no replacement, so it writes what the first group of its regex matches")
        }
        "separator" => Some("the rule has no separator, so it joins the values with `;`"),
        _ => None,
    }
}

fn effect_without_sources(rule: &Value, action: &str) -> Option<&'static str> {
    let regex = rule.text("regex");
    let matches_nothing = regex.is_empty() || matches_empty(regex);
    let has_target = !rule.text("targetLabel").is_empty();
    Some(match (action, matches_nothing) {
        ("replace", _) if !has_target => return None,
        ("replace", false) => "the rule has no source labels, so its regex never matches",
        ("replace", true) if is_of_groups(rule) => "the rule has no source labels, so it deletes its target label",
        ("replace", true) => "the rule has no source labels, so it sets its target label on all targets",
        ("lowercase" | "uppercase", _) if has_target => "the rule has no source labels, so it deletes its target label",
        ("keep", true) => "the rule has no source labels, so it keeps everything",
        ("keep", false) | ("drop", true) => "the rule has no source labels, so it drops everything",
        ("drop", false) => "the rule has no source labels, so it drops nothing",
        _ => return None,
    })
}

fn effect_without_regex(action: &str) -> Option<&'static str> {
    Some(match action {
        "keep" => "the rule has no regex, so it keeps everything",
        "drop" => "the rule has no regex, so it drops everything",
        "labeldrop" => "the rule has no regex, so it removes all labels",
        "labelkeep" => "the rule has no regex, so it keeps all labels",
        "labelmap" => "the rule has no regex, so it maps all labels",
        "replace" => "the rule has no regex, so it matches every value",
        _ => return None,
    })
}

/// Whether the replacement is what groups of the regex match, and nothing else.
fn is_of_groups(rule: &Value) -> bool {
    let text = rule.get("replacement").map_or("$1", |value| value.as_str().unwrap_or("$1"));
    let mut rest = text;
    while let Some(group) = rest.strip_prefix('$') {
        let name = group.strip_prefix('{').and_then(|name| name.split_once('}'));
        rest = match name {
            Some((_, after)) => after,
            None => group.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_'),
        };
        if rest.len() == group.len() {
            return false;
        }
    }
    rest.is_empty()
}

fn matches_empty(regex: &str) -> bool {
    Regex::new(regex).is_ok_and(|regex| regex.is_match("").unwrap_or(false))
}

impl Advice {
    /// Why the key is unknown, as the note of a message.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        match self.fault {
            KeyFault::OfPrometheus => Some("this is the name of the field in a Prometheus config".to_string()),
            KeyFault::OfVictoriaMetrics => {
                Some("this is the name of the field in the objects of VictoriaMetrics".to_string())
            }
            KeyFault::OfOtherKind => Some(format!("other kinds have this name; {} has another one", self.kind.name())),
            KeyFault::Misplaced => Some("the indentation may be wrong".to_string()),
            KeyFault::NamesFile => Some(
                "this field cannot name a file: certificates and credentials come from Secrets and ConfigMaps"
                    .to_string(),
            ),
            KeyFault::Unknown | KeyFault::Misspelt => None,
        }
    }

    /// What to do, as the help of a message.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        let instead = self.instead.as_ref()?;
        Some(match self.fault {
            KeyFault::OfPrometheus | KeyFault::OfVictoriaMetrics | KeyFault::OfOtherKind => {
                format!("write `{instead}`")
            }
            KeyFault::NamesFile => format!("use `{instead}`"),
            KeyFault::Misplaced => format!("move the key to `{instead}`"),
            KeyFault::Unknown | KeyFault::Misspelt => format!("did you mean `{instead}`?"),
        })
    }
}
