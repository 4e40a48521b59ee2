//! Jobs that nobody asked for: of most of them it is known at a glance that Prometheus accepts them, and their names are
//! all that is kept.
//!
//! A [`Skimmer`] goes by the same tables as the reader, and knows the usual forms of values and of relabel rules. It
//! gives other values to the reader, and other jobs back to the caller, who then reads them. So it never has to say that
//! something is wrong.

use crate::files::is_valid_target_file_pattern;
use crate::re2::{RegexCache, is_usual};
use crate::relabel::{Action, NameScheme, Semantics};
use crate::text::Spanned;
use crate::yaml::{Node, NodeKind, ScalarStyle};

use super::duration::Duration;
use super::global::plain_names;
use super::reader::{Left, Reader};
use super::rules::{METRIC_RELABEL_CONFIGS, RELABEL_CONFIGS, RuleList};
use super::schema::{
    FILE_SD, Field, INLINE_MAP, Kind, RELABEL_RULE, SCRAPE_CONFIG, Section, SectionCheck, TARGET_GROUP,
};
use super::size::parse_size;
use super::types::Global;
use super::url::parse_url;

/// Says of jobs in a text without aliases that no fault is in them.
pub(super) struct Skimmer<'r, 't> {
    /// Reads what has no usual form.
    reader: &'r mut Reader<'t>,
    semantics: Semantics,
    /// `global.metric_name_validation_scheme`.
    scheme: NameScheme,
    interval: Duration,
    /// Whether a job without names of its own can have no fault because of `global`.
    is_usual: bool,
    /// The fields of the sections that we are in, those of the innermost at the end.
    given: Vec<(&'static Field, Node<'t>)>,
}

impl<'r, 't> Skimmer<'r, 't> {
    /// The reader has nothing reported yet; what it reports here, it forgets.
    pub(super) fn new(reader: &'r mut Reader<'t>, global: &Global) -> Self {
        Self {
            semantics: Semantics::new(reader.release, global.name_scheme),
            scheme: global.name_scheme,
            interval: global.scrape_interval,
            is_usual: global.escaping_scheme.value.is_empty() && !reader.has_unknown_globals,
            given: Vec::new(),
            reader,
        }
    }

    /// The patterns that are known.
    pub(super) fn patterns(&mut self) -> &mut RegexCache {
        &mut self.reader.patterns
    }

    /// The name of a job in which no fault is; `None` if that is not certain.
    pub(super) fn job(&mut self, node: Node<'t>) -> Option<Spanned<String>> {
        let first = self.given.len();
        let name = if self.is_usual && self.has_sound_fields(&SCRAPE_CONFIG, node) { self.of_job(first) } else { None };
        self.given.truncate(first);
        name
    }

    fn of_job(&mut self, first: usize) -> Option<Spanned<String>> {
        /// The names of metrics and the formats of pages: rare in jobs, with checks across fields.
        const RARE: [&str; 4] = [
            "scrape_protocols",
            "fallback_scrape_protocol",
            "metric_name_validation_scheme",
            "metric_name_escaping_scheme",
        ];
        let name = self.field(first, "job_name").filter(|name| !is_null_like(*name))?;
        let timeout = self.duration(first, "scrape_timeout");
        let interval = self.duration(first, "scrape_interval").unwrap_or(self.interval);
        let is_sound = timeout.is_none_or(|timeout| timeout <= interval)
            && RARE.iter().all(|key| self.field(first, key).is_none())
            && self.has_sound_targets(first)
            && self.has_sound_rules(first, RELABEL_CONFIGS)
            && self.has_sound_rules(first, METRIC_RELABEL_CONFIGS);
        is_sound.then(|| Spanned::new(name.value().to_string(), name.span()))
    }

    /// The field of a section whose fields begin there.
    fn field(&self, first: usize, key: &str) -> Option<Node<'t>> {
        self.given.get(first..)?.iter().find(|(field, _)| field.key == key).map(|(_, value)| *value)
    }

    /// A duration that is given and not 0.
    fn duration(&self, first: usize, key: &str) -> Option<Duration> {
        let duration = Duration::parse(self.field(first, key)?.value()).ok()?;
        Some(duration).filter(|duration| !duration.is_zero())
    }

    /// Whether the reader finds nothing wrong.
    fn reads(&mut self, read: impl FnOnce(&mut Reader<'t>)) -> bool {
        read(self.reader);
        self.reader.forget()
    }

    /// Whether a section has only known keys, each once, with sound values, and passes its check. Its fields are left in
    /// `given`. Those that are read by code of their own are for the caller to judge.
    fn has_sound_fields(&mut self, section: &'static Section, node: Node<'t>) -> bool {
        if node.kind() != NodeKind::Mapping || node.tag().is_some() {
            return false;
        }
        let first = self.given.len();
        for (key, value) in node.entries() {
            let known = text_of(key).and_then(|key| section.field(key));
            let Some(field) = known.filter(|field| field.availability.includes(self.reader.release)) else {
                return false;
            };
            if self.given[first..].iter().any(|(other, _)| std::ptr::eq(*other, field)) {
                return false;
            }
            self.given.push((field, value));
        }
        (first..self.given.len()).all(|index| {
            let (field, value) = self.given[index];
            self.is_sound(field.kind, field.key, value)
        }) && section.check.is_none_or(|check| self.passes(check, first))
    }

    /// The same, where nobody else looks at the fields.
    fn is_sound_section(&mut self, section: &'static Section, node: Node<'t>) -> bool {
        let first = self.given.len();
        let is_sound = self.has_sound_fields(section, node);
        self.given.truncate(first);
        is_sound
    }

    /// Whether the value of a field is sound.
    fn is_sound(&mut self, kind: Kind, key: &'static str, node: Node<'t>) -> bool {
        let is_usual = match kind {
            Kind::Any | Kind::Own => node.tag().is_none(),
            Kind::Text(_) | Kind::Secret => text_of(node).is_some(),
            Kind::Bool => plain_text(node).is_some_and(|text| matches!(text, "true" | "false")),
            Kind::Int | Kind::Int64 | Kind::Uint | Kind::Uint64 | Kind::Float => {
                plain_text(node).is_some_and(is_number)
            }
            Kind::Duration => text_of(node).is_some_and(|text| Duration::parse(text).is_ok()),
            Kind::Size => text_of(node).is_some_and(|text| parse_size(text).is_ok()),
            Kind::Url => !is_null_like(node) && text_of(node).is_some_and(|text| parse_url(text).is_ok()),
            Kind::Texts(..) => is_list(node) && node.items().all(|item| text_of(item).is_some()),
            Kind::Map(go, value) => go != INLINE_MAP && self.is_sound_map(node, key, *value),
            Kind::Labels(_, value) => self.is_sound_map(node, key, Kind::Text(value)),
            Kind::One(section) => self.is_sound_section(section, node),
            Kind::Many(_, section) | Kind::Discovery(_, section) => {
                is_list(node) && node.items().all(|item| self.is_sound_section(section, item))
            }
            Kind::Secrets => false,
        };
        is_usual
            || self.reads(|reader| {
                reader.visit(node, |reader, node| reader.check_onto(kind, key, node, &mut Left::default()));
            })
    }

    /// Whether a mapping has names that are all different, and sound values.
    fn is_sound_map(&mut self, node: Node<'t>, key: &'static str, value: Kind) -> bool {
        /// Of so many names each is compared with each.
        const MOST: usize = 16;
        if node.kind() != NodeKind::Mapping || node.tag().is_some() || node.entries().nth(MOST).is_some() {
            return false;
        }
        node.entries().enumerate().all(|(index, (name, content))| {
            let is_new = |text: &str| node.entries().take(index).all(|(other, _)| other.value() != text);
            text_of(name).is_some_and(|text| text != "<<" && is_new(text)) && self.is_sound(value, key, content)
        })
    }

    /// Whether a check of a whole section is certain to find nothing.
    fn passes(&self, check: SectionCheck, first: usize) -> bool {
        let given = self.given.get(first..).unwrap_or(&[]);
        let has_only = |known: &[&str]| given.iter().all(|(field, _)| known.contains(&field.key));
        match check {
            SectionCheck::HttpClient => self.has_usual_client(first),
            SectionCheck::Tls => has_only(&["ca_file", "insecure_skip_verify", "server_name"]),
            SectionCheck::Dns => {
                let names = self.field(first, "names");
                has_only(&["names", "refresh_interval"]) && names.is_some_and(|names| names.items().next().is_some())
            }
            SectionCheck::Kubernetes => {
                const ROLES: [&str; 6] = ["pod", "service", "endpoints", "endpointslice", "node", "ingress"];
                let role = self.field(first, "role").and_then(text_of);
                has_only(&["role", "namespaces", "attach_metadata"]) && role.is_some_and(|role| ROLES.contains(&role))
            }
            SectionCheck::Consul => {
                has_only(&["server", "services", "tags", "datacenter", "scheme", "refresh_interval", "allow_stale"])
                    && self
                        .field(first, "server")
                        .is_none_or(|server| !is_null_like(server) && !server.value().trim().is_empty())
            }
            _ => false,
        }
    }

    /// Whether the fields of the HTTP client of a job are none, or those of one usual way.
    fn has_usual_client(&self, first: usize) -> bool {
        const OTHERS: [&str; 8] = [
            "oauth2",
            "bearer_token",
            "http_headers",
            "proxy_url",
            "proxy_from_environment",
            "proxy_connect_header",
            "no_proxy",
            "authorization",
        ];
        let given = self.given.get(first..).unwrap_or(&[]);
        let has_one_of = |known: &[&str]| given.iter().any(|(field, _)| known.contains(&field.key));
        let bearer = self.field(first, "bearer_token_file");
        let basic = self.field(first, "basic_auth");
        let keys_of_basic = |section: Node<'t>| {
            let keys: Vec<&str> = section.entries().map(|(key, _)| key.value()).collect();
            keys.len() == 2 && keys.contains(&"username") && keys.iter().any(|key| key.starts_with("password"))
        };
        let has_two_ways = bearer.is_some() && basic.is_some();
        !has_two_ways && !has_one_of(&OTHERS) && basic.is_none_or(keys_of_basic)
    }

    /// Whether the targets in a job are sound, and need no rules to become so.
    fn has_sound_targets(&mut self, first: usize) -> bool {
        let has_rules = self.field(first, RELABEL_CONFIGS.key).is_some_and(|list| list.items().next().is_some());
        let files = self.field(first, "file_sd_configs");
        let groups = self.field(first, "static_configs");
        let is_sound_list = |list: Option<Node<'t>>| list.is_none_or(is_list);
        is_sound_list(files)
            && is_sound_list(groups)
            && files.into_iter().flat_map(Node::items).all(|item| self.is_sound_file_sd(item))
            && groups.into_iter().flat_map(Node::items).all(|item| self.is_sound_group(item, has_rules))
    }

    fn is_sound_group(&mut self, node: Node<'t>, has_rules: bool) -> bool {
        let first = self.given.len();
        let mut is_sound = self.has_sound_fields(&TARGET_GROUP, node);
        if let Some(labels) = self.field(first, "labels") {
            let names = plain_names(self.reader.release);
            is_sound &= labels.kind() == NodeKind::Mapping
                && labels
                    .entries()
                    .all(|(name, _)| !is_null_like(name) && text_of(name).is_some_and(|name| names.allows(name)));
        }
        if let Some(targets) = self.field(first, "targets") {
            let has_path = |target: Node<'_>| target.value().contains('/');
            is_sound &= is_list(targets) && (has_rules || !targets.items().any(has_path));
        }
        self.given.truncate(first);
        is_sound
    }

    fn is_sound_file_sd(&mut self, node: Node<'t>) -> bool {
        let first = self.given.len();
        let is_sound = self.has_sound_fields(&FILE_SD, node);
        let files = self.field(first, "files").filter(|files| is_list(*files) && files.items().next().is_some());
        self.given.truncate(first);
        let is_pattern = |file: Node<'t>| text_of(file).is_some_and(is_valid_target_file_pattern);
        is_sound && files.is_some_and(|files| files.items().all(is_pattern))
    }

    fn has_sound_rules(&mut self, first: usize, list: RuleList) -> bool {
        let Some(rules) = self.field(first, list.key) else { return true };
        is_list(rules) && rules.items().all(|rule| self.is_sound_rule(rule) || self.is_valid_rule(rule, list))
    }

    fn is_valid_rule(&mut self, node: Node<'t>, list: RuleList) -> bool {
        let semantics = self.semantics;
        self.reads(|reader| drop(reader.rule_at(list, None, node, semantics)))
    }

    /// Whether a rule has a usual form.
    fn is_sound_rule(&mut self, node: Node<'t>) -> bool {
        let first = self.given.len();
        let is_sound = self.has_sound_fields(&RELABEL_RULE, node) && self.is_usual_rule(first);
        self.given.truncate(first);
        is_sound
    }

    fn is_usual_rule(&mut self, first: usize) -> bool {
        let sources = self.field(first, "source_labels");
        if !sources.is_none_or(|sources| is_list(sources) && sources.items().all(is_usual_name)) {
            return false;
        }
        if let Some(regex) = self.field(first, "regex") {
            let syntax = self.semantics.syntax();
            let is_valid = |text: &str| is_usual(text) || self.reader.patterns.get_in(syntax, text).is_ok();
            if is_null_like(regex) || !text_of(regex).is_some_and(is_valid) {
                return false;
            }
        }
        let action = match self.field(first, "action") {
            None => Action::Replace,
            Some(action) => {
                let named = text_of(action).and_then(|name| Action::ALL.into_iter().find(|known| known.name() == name));
                let Some(action) = named.filter(|action| action.availability().includes(self.reader.release)) else {
                    return false;
                };
                action
            }
        };
        let has = |key: &str| self.field(first, key).is_some();
        let has_target = self.field(first, "target_label").is_some_and(is_usual_name);
        match action {
            Action::Keep | Action::Drop => true,
            Action::Replace => has_target,
            Action::Lowercase | Action::Uppercase => has_target && !has("replacement"),
            Action::KeepEqual | Action::DropEqual => {
                has_target && !["regex", "modulus", "separator", "replacement"].into_iter().any(has)
            }
            Action::HashMod => {
                has_target && self.field(first, "modulus").and_then(plain_text).is_some_and(|text| text != "0")
            }
            Action::LabelMap => !has("replacement") && self.scheme == NameScheme::Utf8,
            Action::LabelDrop | Action::LabelKeep => {
                !["source_labels", "target_label", "modulus", "separator", "replacement"].into_iter().any(has)
            }
        }
    }
}

/// The text of a scalar without a tag.
fn text_of(node: Node<'_>) -> Option<&str> {
    (node.kind() == NodeKind::Scalar && node.tag().is_none()).then(|| node.value())
}

/// The text of a plain scalar without a tag.
fn plain_text(node: Node<'_>) -> Option<&str> {
    text_of(node).filter(|_| node.style() == Some(ScalarStyle::Plain))
}

/// Whether a node is the name of a label in every release and scheme.
fn is_usual_name(node: Node<'_>) -> bool {
    !is_null_like(node) && text_of(node).is_some_and(|name| NameScheme::Legacy.allows(name))
}

fn is_list(node: Node<'_>) -> bool {
    node.kind() == NodeKind::Sequence && node.tag().is_none()
}

/// Whether a text may be a null, or is empty.
fn is_null_like(node: Node<'_>) -> bool {
    matches!(node.value(), "" | "~" | "null" | "Null" | "NULL")
}

/// A whole number that is small and not in base 8.
fn is_number(text: &str) -> bool {
    const LONGEST: usize = 9;
    let is_decimal = text == "0" || !text.starts_with('0');
    !text.is_empty() && text.len() <= LONGEST && is_decimal && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
