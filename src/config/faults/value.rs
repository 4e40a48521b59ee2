//! Faults of keys and of the types of values.

use crate::config::duration::DurationError;
use crate::config::schema::{Section, sections_with};
use crate::diagnostic::{Diagnostic, Severity, ids};
use crate::release::Release;
use crate::text::{Location, Placeholder, most_similar};
use crate::yaml::{Node, NodeKind, ScalarStyle};

use super::space::MissingSpace;
use super::{error, quoted};

/// Keys that Prometheus once had, or that people bring from elsewhere, and what is written today.
const FORMER_KEYS: [(&str, &str, &str); 11] = [
    ("target_groups", "static_configs", "it was renamed before Prometheus 1.0"),
    ("api_servers", "api_server", "the list became a single `api_server` in Prometheus 1.x"),
    ("in_cluster", "role", "without `api_server`, Prometheus uses the cluster it runs in"),
    ("scrape_classic_histograms", "always_scrape_classic_histograms", "it was renamed in Prometheus 3.0"),
    ("ca", "tls_config", "TLS settings belong in a section of their own"),
    ("ca_file", "tls_config", "TLS settings belong in a section of their own"),
    ("cert_file", "tls_config", "TLS settings belong in a section of their own"),
    ("key_file", "tls_config", "TLS settings belong in a section of their own"),
    ("insecure_skip_verify", "tls_config", "TLS settings belong in a section of their own"),
    ("username", "basic_auth", "user name and password belong in a section of their own"),
    ("password", "basic_auth", "user name and password belong in a section of their own"),
];

/// Fields of VictoriaMetrics, a section that has them there, and the remedy for Prometheus.
const FIELDS_OF_VICTORIAMETRICS: [(&str, &str, &str); 12] = [
    ("if", "source_labels", "name the labels in `source_labels`, and match their values with `regex`"),
    ("match", "source_labels", "match `__name__` in `source_labels` with a `regex`"),
    ("max_scrape_size", "job_name", "write `body_size_limit`"),
    ("disable_compression", "job_name", "write `enable_compression: false`"),
    ("headers", "job_name", "write `http_headers`"),
    ("proxy_headers", "job_name", "write `proxy_connect_header`"),
    ("series_limit", "job_name", "write `sample_limit`, which limits the samples of each scrape"),
    ("stream_parse", "job_name", "remove the field"),
    ("scrape_align_interval", "job_name", "remove the field"),
    ("scrape_offset", "job_name", "remove the field"),
    ("no_stale_markers", "job_name", "remove the field"),
    ("disable_keepalive", "job_name", "remove the field"),
];

/// Adds since when Prometheus knows a field or a value, or until when it did, if this release does not.
pub(in crate::config) fn explain_absence(fault: Diagnostic, absence: Option<String>, release: Release) -> Diagnostic {
    match absence {
        Some(absence) => fault.with_note(format!("{absence}; the config is for {}", release.minor_name())),
        None => fault,
    }
}

pub(in crate::config) fn unknown_field(
    at: Location,
    key: &str,
    section: &Section,
    release: Release,
    upstream: String,
) -> Diagnostic {
    let fault = error(ids::UNKNOWN_FIELD, at, format!("unknown field `{key}` in {}", section.name))
        .with_argument("section", section.name)
        .with_argument("field", key)
        .with_upstream(upstream);
    let keys = || section.fields_of(release).map(|field| field.key);
    if let Some(known) = keys().find(|known| known.eq_ignore_ascii_case(key)) {
        return fault.with_note("field names are case-sensitive").with_help(format!("write `{known}`"));
    }
    let former = FORMER_KEYS.iter().find(|(old, new, _)| *old == key && keys().any(|known| known == *new));
    if let Some((_, new, note)) = former {
        return fault.with_note(*note).with_help(format!("write `{new}`"));
    }
    let of_victoriametrics =
        FIELDS_OF_VICTORIAMETRICS.iter().find(|(own, sibling, _)| *own == key && keys().any(|known| known == *sibling));
    if let Some((_, _, help)) = of_victoriametrics {
        let note = format!("`{key}` is a field of VictoriaMetrics; Prometheus does not have it");
        return fault.with_note(note).with_help(*help);
    }
    if section.field(key).is_some() {
        return fault;
    }
    if let Some(missing) = MissingSpace::in_key(key, at.span.start as usize) {
        return missing.explain(fault);
    }
    if Placeholder::find(key).is_some() {
        return fault.with_note(PLACEHOLDER);
    }
    let places = sections_with(key, release);
    match most_similar(key, keys()) {
        Some(known) if places.is_empty() => fault.with_help(format!("did you mean `{known}`?")),
        Some(known) => fault.with_help(format!("did you mean `{known}`? `{key}` belongs in {}", places[0])),
        None if places.is_empty() => {
            fault.with_note("Prometheus refuses the whole file for one unknown field").with_help("remove the field")
        }
        None => {
            let places: Vec<&str> = places.into_iter().take(3).collect();
            fault
                .with_note("the indentation may be wrong")
                .with_help(format!("`{key}` belongs in {}", places.join(", or in ")))
        }
    }
}

const PLACEHOLDER: &str = "the text looks like a placeholder that was not replaced; Prometheus does not replace it";

pub(in crate::config) fn duplicate_field(at: Location, first: Location, key: &str, upstream: String) -> Diagnostic {
    error(ids::DUPLICATE_FIELD, at, format!("duplicate field `{key}`"))
        .with_argument("field", key)
        .with_label(first, "first given here")
        .with_note("Prometheus refuses a mapping that has the same field twice")
        .with_help("remove one of them, or merge their values")
        .with_upstream(upstream)
}

pub(in crate::config) fn duplicate_key(
    at: Location,
    first: Location,
    name: &str,
    field: &str,
    upstream: String,
) -> Diagnostic {
    error(ids::DUPLICATE_FIELD, at, format!("duplicate key `{name}` in `{field}`"))
        .with_argument("field", field)
        .with_argument("key", name)
        .with_label(first, "first given here")
        .with_note("Prometheus also counts keys that a merge key (`<<`) brings in")
        .with_help("remove one of them")
        .with_upstream(upstream)
}

/// `what` is a key, or a description that begins with an article.
pub(in crate::config) fn wrong_type(
    at: Location,
    node: Node<'_>,
    what: &str,
    wanted: &str,
    upstream: String,
) -> Diagnostic {
    let subject = if what.contains(' ') { what.to_string() } else { format!("`{what}`") };
    let expected = if what == wanted { "a mapping" } else { wanted };
    let fault = error(ids::WRONG_TYPE, at, format!("expected {expected} for {subject}, found {}", kind_of(node)))
        .with_argument("field", what)
        .with_argument("expected", expected)
        .with_argument("found", kind_of(node))
        .with_upstream(upstream);
    if let Some(missing) = MissingSpace::in_value(node, expected) {
        return missing.explain(fault);
    }
    match (node.kind(), wanted) {
        (NodeKind::Scalar, "a list of label names") => {
            fault.with_help("write the names in brackets: `[job, instance]`")
        }
        (NodeKind::Mapping, "a list of target groups") if !has_keys_of_group(node) => {
            fault.with_help("write a list of groups with `targets` and `labels`")
        }
        (NodeKind::Mapping, wanted) if wanted.starts_with("a list of") => fault
            .with_help("write a `-` before the first key of each item, and align the other keys of the item with it"),
        (NodeKind::Scalar, "a list of strings") => fault.with_help("write it as a list, in brackets: `[...]`"),
        (NodeKind::Scalar, _) if is_quoted(node) && (wanted.contains("number") || wanted.contains("`true`")) => {
            fault.with_note("a value in quotes is a string").with_help("remove the quotes")
        }
        _ => fault,
    }
}

/// Whether the mapping is a target group, or begins as one.
fn has_keys_of_group(node: Node<'_>) -> bool {
    node.resolved().entries().any(|(key, _)| matches!(key.value(), "targets" | "labels"))
}

fn is_quoted(node: Node<'_>) -> bool {
    matches!(node.style(), Some(ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted))
}

fn kind_of(node: Node<'_>) -> &'static str {
    match node.resolved().kind() {
        NodeKind::Mapping => "a mapping",
        NodeKind::Sequence => "a list",
        NodeKind::Scalar | NodeKind::Alias if is_quoted(node) => "a quoted string",
        NodeKind::Scalar | NodeKind::Alias => "a single value",
    }
}

pub(in crate::config) fn invalid_duration(
    at: Location,
    key: &str,
    text: &str,
    fault: &DurationError,
    release: Release,
) -> Diagnostic {
    let diagnostic = error(ids::INVALID_DURATION, at, format!("invalid duration {} for `{key}`", quoted(text)))
        .with_argument("field", key)
        .with_argument("value", text)
        .with_upstream(fault.in_words_of(release).to_string());
    if Placeholder::find(text).is_some() {
        return diagnostic.with_note(PLACEHOLDER).with_help("replace the placeholder before Prometheus reads the file");
    }
    match fault {
        DurationError::Empty => {
            diagnostic.with_help("write a duration such as `30s`, or remove the field to use the default")
        }
        DurationError::OutOfRange => diagnostic.with_note("the longest duration is 292 years"),
        DurationError::UnknownUnit { unit, .. } if unit.starts_with('.') => diagnostic
            .with_note("a duration consists of whole numbers with units")
            .with_help("write `1m30s` instead of `1.5m`"),
        DurationError::UnknownUnit { unit, .. } if unit.trim() != unit => {
            diagnostic.with_help("remove the spaces: `1m30s`")
        }
        DurationError::UnknownUnit { .. } => diagnostic.with_note("the units are y, w, d, h, m, s and ms"),
        DurationError::Invalid(_) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            diagnostic.with_note("a number needs a unit").with_help(format!("for seconds, write `{text}s`"))
        }
        DurationError::Invalid(_) => diagnostic
            .with_note("the units are y, w, d, h, m, s and ms, in this order, each at most once, as in `1h30m`"),
    }
}

pub(in crate::config) fn invalid_size(at: Location, key: &str, text: &str, upstream: String) -> Diagnostic {
    error(ids::INVALID_SIZE, at, format!("invalid size {} for `{key}`", quoted(text)))
        .with_argument("field", key)
        .with_argument("value", text)
        .with_note("a size is a number with a unit in capitals: B, KB, MB, GB, TB, PB or EB (also KiB, MiB, …)")
        .with_upstream(upstream)
}

/// Prometheus accepts the bytes; promcfg does not simulate them.
pub(in crate::config) fn binary_value(at: Location, key: &str) -> Diagnostic {
    Diagnostic::new(ids::BINARY_VALUE, Severity::Warning, at, format!("the value of `{key}` is not UTF-8"))
        .with_argument("field", key)
        .with_note("Prometheus accepts it; promcfg does not simulate targets that depend on it")
        .with_help("write the value as text")
}

/// `section` begins with an article.
pub(in crate::config) fn missing_field(at: Location, section: &str, key: &str, upstream: String) -> Diagnostic {
    error(ids::MISSING_FIELD, at, format!("missing `{key}` in {section}"))
        .with_argument("section", section)
        .with_argument("field", key)
        .with_help(format!("add `{key}: …`"))
        .with_upstream(upstream)
}

/// A missing field that the item before has.
pub(in crate::config) fn split_item(fault: Diagnostic, key: &str) -> Diagnostic {
    fault
        .with_note(format!("each `-` begins another item; the item before has `{key}`, and no field of this one"))
        .with_help(format!("add `{key}: …`, or remove the `-` to make it one item"))
}

pub(in crate::config) fn conflicting_fields(places: &[(&str, Location)], upstream: String) -> Diagnostic {
    let names: Vec<String> = places.iter().map(|(key, _)| format!("`{key}`")).collect();
    let at =
        places.last().map_or_else(|| Location::new(crate::text::FileId(0), crate::text::Span::empty(0)), |(_, at)| *at);
    let mut fault = error(ids::CONFLICTING_FIELDS, at, format!("{} cannot be used together", names.join(" and ")))
        .with_argument("fields", names.join(" "))
        .with_help("keep one of them")
        .with_upstream(upstream);
    for (key, other) in places.iter().rev().skip(1) {
        fault = fault.with_label(*other, format!("`{key}` is given here"));
    }
    fault
}

pub(in crate::config) fn unknown_value(
    at: Location,
    key: &str,
    value: &str,
    known: &[&str],
    upstream: String,
) -> Diagnostic {
    let fault = error(ids::UNKNOWN_VALUE, at, format!("unknown value {} for `{key}`", quoted(value)))
        .with_argument("field", key)
        .with_argument("value", value)
        .with_upstream(upstream);
    if (key, value) == ("api_version", "v1") {
        return fault.with_help("write `v2`");
    }
    if let Some(same) = known.iter().find(|known| known.eq_ignore_ascii_case(value.trim())) {
        return fault.with_note("upper and lower case matter").with_help(format!("write `{same}`"));
    }
    match most_similar(value, known.iter().copied()) {
        Some(similar) => fault.with_help(format!("did you mean `{similar}`?")),
        None => fault.with_help(format!("write one of these: {}", known.join(", "))),
    }
}

/// `words` is the whole message.
pub(in crate::config) fn invalid_value(
    at: Location,
    field: &str,
    words: impl Into<String>,
    upstream: impl Into<String>,
) -> Diagnostic {
    error(ids::INVALID_VALUE, at, words).with_argument("field", field).with_upstream(upstream)
}

pub(in crate::config) fn invalid_url(at: Location, key: &str, message: &str, upstream: String) -> Diagnostic {
    let why = message.rsplit_once("\": ").map_or(message, |(_, why)| why);
    error(ids::INVALID_URL, at, format!("invalid URL for `{key}`: {why}"))
        .with_argument("field", key)
        .with_help("write a URL such as `http://host:port/path`")
        .with_upstream(upstream)
}

pub(in crate::config) fn reserved_header(at: Location, name: &str, upstream: String) -> Diagnostic {
    error(ids::RESERVED_HEADER, at, format!("reserved header `{name}`"))
        .with_argument("header", name)
        .with_note("Prometheus sets this header itself")
        .with_help("remove it; for authentication, use a section such as `basic_auth`")
        .with_upstream(upstream)
}
