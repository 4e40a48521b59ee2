//! The fields of every section, one row each.
//!
//! Source: Prometheus 3.14.0 and prometheus/common 0.70.1.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::release::{Availability, Release};

mod alerting;
mod choice;
mod client;
mod discovery;
mod kind;
mod relabel;
mod remote;
mod scrape;
mod server;
mod slot;
mod top;

pub(super) use alerting::{ALERTING, ALERTMANAGER};
pub(super) use choice::{Choice, absence_of, choice, names_of};
pub(super) use client::INLINE_MAP;
pub(super) use kind::{Field, Kind, Section, SectionCheck};
pub(super) use relabel::RELABEL_RULE;
pub(super) use remote::{REMOTE_READ, REMOTE_WRITE};
pub(super) use scrape::{FILE_SD, SCRAPE_CONFIG, SCRAPE_CONFIGS_FILE, TARGET_GROUP};
pub(super) use slot::Slot;
pub(super) use top::{CONFIG, GLOBAL};

/// Every section, each once, those inside others after them.
fn all_sections() -> &'static [&'static Section] {
    static SECTIONS: OnceLock<Vec<&'static Section>> = OnceLock::new();
    SECTIONS.get_or_init(find_sections)
}

fn find_sections() -> Vec<&'static Section> {
    let mut sections: Vec<&'static Section> = vec![
        &SCRAPE_CONFIG,
        &GLOBAL,
        &CONFIG,
        &TARGET_GROUP,
        &RELABEL_RULE,
        &ALERTING,
        &ALERTMANAGER,
        &REMOTE_WRITE,
        &REMOTE_READ,
    ];
    // Those for HTTP clients are in nearly all others: a section that was met before is not gone into again.
    let mut known: FxHashSet<*const Section> = sections.iter().map(|section| std::ptr::from_ref(*section)).collect();
    let mut next = 0;
    while let Some(section) = sections.get(next) {
        let inner = section.fields().filter_map(|field| section_of(field.kind));
        let new: Vec<&'static Section> = inner.filter(|inner| known.insert(std::ptr::from_ref(*inner))).collect();
        sections.extend(new);
        next += 1;
    }
    sections
}

/// The section a value is made of, if it is made of one.
fn section_of(kind: Kind) -> Option<&'static Section> {
    match kind {
        Kind::Map(_, value) => section_of(*value),
        Kind::One(section) | Kind::Many(_, section) | Kind::Discovery(_, section) => Some(section),
        _ => None,
    }
}

/// Whether values of the kind are never shown.
pub(super) fn is_secret(kind: Kind) -> bool {
    match kind {
        Kind::Map(_, value) => is_secret(*value),
        kind => matches!(kind, Kind::Secret | Kind::Secrets),
    }
}

/// A field of a section of the config, for completion, schemas and documents.
///
/// ```
/// let timeout = promcfg::config::config_fields().iter().find(|field| field.key == "body_size_limit").expect("is a field");
/// assert_eq!((timeout.section, timeout.wanted), ("a scrape config", "a size such as `10MB`"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigField {
    /// The name of its section in messages.
    pub section: &'static str,
    /// Its key.
    pub key: &'static str,
    /// The expected type of its value, as messages name it.
    pub wanted: &'static str,
    /// The value when it is not given; empty when it has no default or inherits one.
    pub default: &'static str,
    /// The releases of Prometheus that know it.
    pub availability: Availability,
    /// Whether its value is never shown.
    pub is_secret: bool,
    /// The replacement, such as `authorization.credentials`, if it is deprecated.
    pub successor: Option<&'static str>,
}

/// Every field of every section, whichever release has it. Source: Prometheus 2.30 to 3.14, and its main branch.
#[must_use]
pub fn config_fields() -> &'static [ConfigField] {
    static FIELDS: OnceLock<Vec<ConfigField>> = OnceLock::new();
    FIELDS.get_or_init(|| {
        let mut fields: Vec<ConfigField> = Vec::new();
        let mut known: FxHashMap<(&str, &str), Vec<usize>> = FxHashMap::default();
        for section in all_sections() {
            for field in section.fields() {
                let field = config_field(section, field);
                let alike = known.entry((field.section, field.key)).or_default();
                if !alike.iter().any(|other| fields[*other] == field) {
                    alike.push(fields.len());
                    fields.push(field);
                }
            }
        }
        fields
    })
}

fn config_field(section: &Section, field: &Field) -> ConfigField {
    ConfigField {
        section: section.name,
        key: field.key,
        wanted: field.kind.wanted(),
        default: field.default,
        availability: field.availability,
        is_secret: is_secret(field.kind),
        successor: field.successor,
    }
}

/// The names of the sections that have a key, as messages call them; the most usual one first.
pub(super) fn sections_with(key: &str, release: Release) -> Vec<&'static str> {
    static SECTIONS: OnceLock<FxHashMap<&'static str, Vec<(&'static str, Availability)>>> = OnceLock::new();
    let sections = SECTIONS.get_or_init(|| {
        let mut sections: FxHashMap<&'static str, Vec<(&'static str, Availability)>> = FxHashMap::default();
        for section in all_sections() {
            for field in section.fields() {
                let all = sections.entry(field.key).or_default();
                if !all.contains(&(section.name, field.availability)) {
                    all.push((section.name, field.availability));
                }
            }
        }
        sections
    });
    let with = sections.get(key).map_or(&[][..], Vec::as_slice);
    let mut names = Vec::new();
    for (name, _) in with.iter().filter(|(_, availability)| availability.includes(release)) {
        if !names.contains(name) {
            names.push(*name);
        }
    }
    names
}

/// Whether a key is one of a whole config, in any release.
pub(crate) fn is_key_of_config(key: &str) -> bool {
    CONFIG.fields().any(|field| field.key == key)
}

/// Whether any section of any release has a field with this key.
pub(super) fn is_key_of_any_section(key: &str) -> bool {
    static KEYS: OnceLock<FxHashSet<&'static str>> = OnceLock::new();
    KEYS.get_or_init(|| config_fields().iter().map(|field| field.key).collect()).contains(key)
}

/// The names of all fields whose values are never shown.
pub(crate) fn secret_keys() -> &'static [&'static str] {
    static KEYS: OnceLock<Vec<&'static str>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let mut keys = Vec::new();
        for field in all_sections().iter().flat_map(|section| section.fields()) {
            if is_secret(field.kind) && !keys.contains(&field.key) {
                keys.push(field.key);
            }
        }
        keys
    })
}

/// A field at its place in the config.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigPath {
    /// The keys that lead to it, joined by dots; `-` is an item of a list, `*` any name.
    pub path: String,
    /// The field.
    pub field: ConfigField,
}

/// Every field at every place where it can be, those of target groups and relabel rules aside.
///
/// ```
/// let paths = promcfg::config::config_paths();
/// let secret = paths.iter().find(|place| place.path == "scrape_configs.-.http_headers.*.secrets").expect("is a place");
/// assert!(secret.field.is_secret);
/// ```
#[must_use]
pub fn config_paths() -> Vec<ConfigPath> {
    let roots: [(&str, &'static Section); 7] = [
        ("", &CONFIG),
        ("global", &GLOBAL),
        ("scrape_configs.-", &SCRAPE_CONFIG),
        ("alerting", &ALERTING),
        ("alerting.alertmanagers.-", &ALERTMANAGER),
        ("remote_write.-", &REMOTE_WRITE),
        ("remote_read.-", &REMOTE_READ),
    ];
    let mut open: Vec<(String, &'static Section)> = roots.map(|(path, section)| (path.to_string(), section)).to_vec();
    let (mut paths, mut next) = (Vec::new(), 0);
    while let Some((path, section)) = open.get(next).cloned() {
        next += 1;
        for field in section.fields() {
            let dot = if path.is_empty() { "" } else { "." };
            let path = format!("{path}{dot}{}", field.key);
            open.extend(section_of(field.kind).map(|inner| (format!("{path}{}", steps_into(field.kind)), inner)));
            paths.push(ConfigPath { path, field: config_field(section, field) });
        }
    }
    paths
}

/// What is between a field and the keys of its section.
fn steps_into(kind: Kind) -> String {
    match kind {
        Kind::Map(_, value) => format!(".*{}", steps_into(*value)),
        Kind::Many(..) | Kind::Discovery(..) => ".-".to_string(),
        _ => String::new(),
    }
}

/// A field whose value is a section that has secrets itself, or a mapping from free names to such sections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SecretSection {
    pub(crate) key: &'static str,
    pub(crate) is_map: bool,
}

/// The fields whose values are sections with secrets.
pub(crate) fn secret_sections() -> Vec<SecretSection> {
    let has_secrets = |section: &Section| section.fields().any(|field| is_secret(field.kind));
    let mut found = Vec::new();
    for field in all_sections().iter().flat_map(|section| section.fields()) {
        let section = match field.kind {
            Kind::One(section) => Some((section, false)),
            Kind::Map(_, Kind::One(section)) => Some((*section, true)),
            _ => None,
        };
        let Some((_, is_map)) = section.filter(|(section, _)| has_secrets(section)) else { continue };
        let section = SecretSection { key: field.key, is_map };
        if !found.contains(&section) {
            found.push(section);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Duration;

    #[test]
    fn fields_have_their_defaults_and_releases() {
        let field = |section: &str, key: &str| {
            let found = config_fields().iter().find(|field| field.section == section && field.key == key);
            found.map(|field| (field.default, field.availability, field.is_secret))
        };
        assert_eq!(field("the `global` section", "scrape_interval"), Some(("1m", Availability::ALWAYS, false)));
        assert_eq!(field("a scrape config", "metrics_path"), Some(("/metrics", Availability::ALWAYS, false)));
        assert_eq!(
            field("a scrape config", "fallback_scrape_protocol"),
            Some(("", Availability::ALWAYS.since(3, 0), false))
        );
        assert_eq!(field("a `queue_config` section", "max_shards"), Some(("50", Availability::ALWAYS, false)));
        assert_eq!(field("a `basic_auth` section", "password"), Some(("", Availability::ALWAYS, true)));
    }

    #[test]
    fn deprecated_fields_name_their_successors() {
        let successor = |section: &str, key: &str| {
            let found = config_fields().iter().find(|field| field.section == section && field.key == key);
            found.and_then(|field| field.successor)
        };
        assert_eq!(successor("a scrape config", "bearer_token_file"), Some("authorization.credentials_file"));
        assert_eq!(successor("an item of `consul_sd_configs`", "username"), Some("basic_auth.username"));
        assert_eq!(successor("a `basic_auth` section", "username"), None);
    }

    /// The Go types that a row and its section have in messages.
    fn go_names(kind: Kind) -> Vec<&'static str> {
        match kind {
            Kind::Text(name) => vec![name],
            Kind::Texts(list, item) => vec![list, item],
            Kind::Labels(mapping, value) => vec![mapping, value],
            Kind::Map(mapping, value) => [vec![mapping], go_names(*value)].concat(),
            Kind::One(section) => vec![section.go],
            Kind::Many(list, section) | Kind::Discovery(list, section) => vec![list, section.go],
            Kind::Secret
            | Kind::Secrets
            | Kind::Bool
            | Kind::Int
            | Kind::Int64
            | Kind::Uint
            | Kind::Uint64
            | Kind::Float
            | Kind::Duration
            | Kind::Size
            | Kind::Url
            | Kind::Any
            | Kind::Own => Vec::new(),
        }
    }

    #[test]
    fn every_row_has_the_name_of_a_go_type() {
        const PLAIN: [&str; 2] = ["string", "interface {}"];
        let is_named = |name: &str| {
            name.split_once('.').is_some_and(|(package, of_type)| {
                let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
                is_word(package) && is_word(of_type)
            })
        };
        for section in all_sections() {
            assert!(is_named(section.go) || section.go.starts_with("struct { "), "{}: {}", section.name, section.go);
            for field in section.fields() {
                for name in go_names(field.kind).into_iter().filter(|name| !name.starts_with("struct { ")) {
                    let item = name.trim_start_matches("[]").trim_start_matches('*');
                    let item = item.strip_prefix("map[string]").unwrap_or(item);
                    assert!(PLAIN.contains(&item) || is_named(item), "{}.{}: {name}", section.name, field.key);
                }
            }
        }
    }

    #[test]
    fn the_names_of_go_types_are_those_of_the_messages_of_prometheus() {
        let of_key = |key: &str| -> Vec<&str> {
            let rows = all_sections().iter().flat_map(|section| section.fields()).filter(|field| field.key == key);
            rows.flat_map(|field| go_names(field.kind)).collect()
        };
        for (key, name) in [
            ("api_version", "config.plain"),
            ("attach_metadata", "kubernetes.AttachMetadataConfig"),
            ("authorization", "config.Authorization"),
            ("azuread", "azuread.plain"),
            ("certificate", "azuread.CertificateConfig"),
            ("chunk_encoding", "config.ChunkEncodingConfig"),
            ("claims", "map[string]interface {}"),
            ("consul_sd_configs", "[]*consul.SDConfig"),
            ("docker_sd_configs", "[]*moby.DockerSDConfig"),
            ("dockerswarm_sd_configs", "[]*moby.DockerSwarmSDConfig"),
            ("ec2_sd_configs", "[]*aws.EC2SDConfig"),
            ("ec2_sd_configs", "aws.plain"),
            ("exemplars", "config.ExemplarsConfig"),
            ("fallback_scrape_protocol", "config.ScrapeProtocol"),
            ("filters", "[]moby.Filter"),
            ("filters", "[]*aws.Filter"),
            ("google_iam", "googleiam.Config"),
            ("headers", "map[string]string"),
            ("http_headers", "config.Headers"),
            ("http_headers", "config.Header"),
            ("kuma_sd_configs", "[]*xds.SDConfig"),
            ("kuma_sd_configs", "xds.plainKumaConf"),
            ("labels", "model.LabelSet"),
            ("labels", "model.LabelValue"),
            ("managed_identity", "azuread.ManagedIdentityConfig"),
            ("metadata_config", "config.MetadataConfig"),
            ("namespaces", "kubernetes.plain"),
            ("nerve_sd_configs", "[]*zookeeper.NerveSDConfig"),
            ("oauth", "azuread.OAuthConfig"),
            ("params", "url.Values"),
            ("protobuf_message", "remote.WriteMessageType"),
            ("proxy_connect_header", "config.ProxyHeader"),
            ("queue_config", "config.QueueConfig"),
            ("runtime", "config.RuntimeConfig"),
            ("scrape_protocols", "[]config.ScrapeProtocol"),
            ("sdk", "azuread.SDKConfig"),
            ("selectors", "[]kubernetes.SelectorConfig"),
            ("serverset_sd_configs", "zookeeper.plain"),
            ("sigv4", "sigv4.plain"),
            ("storage", "config.StorageConfig"),
            ("targets", "[]string"),
            ("translation_strategy", "otlptranslator.TranslationStrategyOption"),
            ("workload_identity", "azuread.WorkloadIdentityConfig"),
        ] {
            assert!(of_key(key).contains(&name), "{key}: {name} is not in {:?}", of_key(key));
        }
    }

    #[test]
    fn defaults_of_durations_are_durations() {
        for field in all_sections().iter().flat_map(|section| section.fields()) {
            if matches!(field.kind, Kind::Duration) && !field.default.is_empty() {
                assert!(Duration::parse(field.default).is_ok(), "{}: {}", field.key, field.default);
            }
        }
    }
}
