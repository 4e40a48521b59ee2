//! Faults of scrape configs, target groups and `global`.

use crate::diagnostic::{Diagnostic, ids};
use crate::release::{NameSchemeWords, Release};
use crate::text::Location;

use super::{error, quoted};

pub(in crate::config) fn missing_job_name(at: Location) -> Diagnostic {
    error(ids::MISSING_JOB_NAME, at, "missing `job_name` in a scrape config")
        .with_note("every scrape config needs a name; it becomes the label `job` of its targets")
        .with_help("add `job_name: …`")
        .with_upstream("job_name is empty")
}

pub(in crate::config) fn duplicate_job(at: Location, first: Location, name: &str) -> Diagnostic {
    error(ids::DUPLICATE_JOB_NAME, at, format!("duplicate job name {}", quoted(name)))
        .with_argument("job_name", name)
        .with_label(first, "first used here")
        .with_note("Prometheus refuses the whole file")
        .with_help("rename one of the jobs; a relabel rule can set the same label `job` for both")
        .with_upstream(format!("found multiple scrape configs with job name {}", quoted(name)))
}

/// `list` in Prometheus's words: `remote write`.
pub(in crate::config) fn duplicate_endpoint(at: Location, first: Location, list: &str, name: &str) -> Diagnostic {
    error(ids::DUPLICATE_ENDPOINT_NAME, at, format!("duplicate {list} name {}", quoted(name)))
        .with_argument("list", list)
        .with_argument("name", name)
        .with_label(first, "first used here")
        .with_note("Prometheus refuses the whole file")
        .with_help("rename one of the endpoints")
        .with_upstream(format!("found multiple {list} configs with job name {}", quoted(name)))
}

/// `upstream` names the list in Prometheus's words.
pub(in crate::config) fn null_entry(at: Location, list: &str, upstream: impl Into<String>) -> Diagnostic {
    error(ids::EMPTY_ENTRY, at, format!("empty item in `{list}`"))
        .with_argument("list", list)
        .with_note("a `-` without a value is an item with the value null")
        .with_help("remove the `-`, or write the item")
        .with_upstream(upstream)
}

/// An empty item of a file of target groups.
pub(in crate::config) fn null_group(at: Location, index: usize) -> Diagnostic {
    let upstream = format!("nil target group item found (index {index})");
    let fault = null_entry(at, "target groups", upstream);
    Diagnostic { message: "empty item in the list of target groups".to_string(), ..fault }
}

/// The rules for an exporter that probes the targets, for a help.
pub(crate) const PROBE_RULES: &str = "copy the address to the parameter, and replace it with the exporter: \
     `{source_labels: [__address__], target_label: __param_target}`, \
     `{source_labels: [__param_target], target_label: instance}`, \
     `{target_label: __address__, replacement: <exporter>:<port>}`";

/// `is_of_probes`: whether an exporter seems to probe the target.
pub(in crate::config) fn invalid_hostname(at: Location, address: &str, is_of_probes: bool) -> Diagnostic {
    let fault = error(ids::INVALID_HOSTNAME, at, format!("invalid target address {}", quoted(address)))
        .with_argument("target", address)
        .with_note("a target is `host:port`, without scheme and path")
        .with_upstream(format!("{} is not a valid hostname", quoted(address)));
    match address.split_once("://") {
        _ if is_of_probes => fault
            .with_note("an exporter that probes targets gets each of them as the URL parameter `target`")
            .with_help(PROBE_RULES),
        Some((scheme, rest)) => {
            let (host, path) = rest.split_once('/').map_or((rest, ""), |(host, path)| (host, path));
            let path = if path.is_empty() { String::new() } else { format!(" and `metrics_path: /{path}`") };
            fault.with_help(format!("write `{host}` here, and `scheme: {scheme}`{path} in the scrape config"))
        }
        None => fault.with_help("write `host:port` here, and the path as `metrics_path` of the scrape config"),
    }
}

pub(in crate::config) fn invalid_label_name(at: Location, name: &str, release: Release) -> Diagnostic {
    let fault = error(ids::INVALID_LABEL_NAME, at, format!("invalid label name {}", quoted(name)))
        .with_argument("label", name)
        .with_upstream(format!("{} is not a valid label name", quoted(name)));
    if name.is_empty() {
        fault.with_note("a label name cannot be empty").with_help("write a name, or remove the label")
    } else {
        fault.with_note(super::legacy_names(release)).with_help("rename the label")
    }
}

pub(in crate::config) fn missing_files(at: Location) -> Diagnostic {
    error(ids::MISSING_FIELD, at, "missing `files` in an item of `file_sd_configs`")
        .with_argument("section", "an item of `file_sd_configs`")
        .with_argument("field", "files")
        .with_help("add `files: ['targets/*.yml']`")
        .with_upstream("file service discovery config must contain at least one path name")
}

pub(in crate::config) fn invalid_path_pattern(at: Location, pattern: &str, upstream: String) -> Diagnostic {
    let fault = error(ids::INVALID_PATH_PATTERN, at, format!("invalid path pattern {}", quoted(pattern)))
        .with_argument("pattern", pattern)
        .with_upstream(upstream);
    if pattern.split_once('*').is_some_and(|(_, after)| after.contains('/')) {
        fault
            .with_note("only the last element of the path can contain `*`")
            .with_help("write one pattern for each folder")
    } else {
        fault
            .with_note("the name of a target file ends in .json, .yml or .yaml")
            .with_help("end the pattern in one of them, for example `targets/*.yml`")
    }
}

pub(in crate::config) fn timeout_beyond_interval(
    at: Location,
    timeout: &str,
    interval: &str,
    upstream: String,
) -> Diagnostic {
    error(
        ids::INVALID_SCRAPE_TIMEOUT,
        at,
        format!("the scrape timeout of {timeout} is longer than the scrape interval of {interval}"),
    )
    .with_argument("timeout", timeout)
    .with_argument("interval", interval)
    .with_note("a scrape must end before the next one begins")
    .with_help("lower `scrape_timeout` or raise `scrape_interval`")
    .with_upstream(upstream)
}

pub(in crate::config) fn empty_protocols(at: Location, owner: &str) -> Diagnostic {
    error(ids::INVALID_SCRAPE_PROTOCOL, at, "empty list for `scrape_protocols`")
        .with_argument("field", "scrape_protocols")
        .with_help("list a protocol, or remove the field to use the default")
        .with_upstream(format!("scrape_protocols cannot be empty for {owner}"))
}

pub(in crate::config) fn protocol_fault(at: Location, protocol: &str, known: &[&str], upstream: String) -> Diagnostic {
    let message = if upstream.starts_with("duplicated") {
        format!("duplicate scrape protocol {}", quoted(protocol))
    } else {
        format!("unknown scrape protocol {}", quoted(protocol))
    };
    error(ids::INVALID_SCRAPE_PROTOCOL, at, message)
        .with_argument("protocol", protocol)
        .with_note(format!("the protocols are {}; upper and lower case matter", in_words(known)))
        .with_upstream(upstream)
}

/// `a, b and c`.
fn in_words(names: &[&str]) -> String {
    match names.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => names.join(", "),
    }
}

/// `owner` in Prometheus's words: `global`.
pub(in crate::config) fn invalid_name_scheme(at: Location, scheme: &str, owner: &str, release: Release) -> Diagnostic {
    let choice = format!("must be either 'legacy' or 'utf8', got {scheme}");
    let upstream = match release.name_scheme_words() {
        NameSchemeWords::Method => format!("unknown name validation method specified, {choice}"),
        NameSchemeWords::ByOwner => format!("unknown {owner} name validation method specified, {choice}"),
        NameSchemeWords::Unrecognized => format!("unrecognized ValidationScheme: {}", quoted(scheme)),
    };
    error(ids::INVALID_NAME_SCHEME, at, format!("unknown name validation scheme {}", quoted(scheme)))
        .with_argument("value", scheme)
        .with_help("write `utf8` or `legacy`")
        .with_upstream(upstream)
}

/// The scheme `utf8` in a release that has it behind a feature flag.
pub(in crate::config) fn utf8_scheme_without_flag(at: Location) -> Diagnostic {
    error(ids::INVALID_NAME_SCHEME, at, "`utf8` needs the feature flag `utf8-names` before Prometheus 3.0")
        .with_help("remove the key, or start Prometheus with `--enable-feature=utf8-names`")
        .with_upstream("utf8 name validation requested but feature not enabled via --enable-feature=utf8-names")
}

pub(in crate::config) fn invalid_escaping_scheme(at: Location, scheme: &str, upstream: String) -> Diagnostic {
    error(ids::INVALID_ESCAPING_SCHEME, at, format!("unknown name escaping scheme {}", quoted(scheme)))
        .with_argument("value", scheme)
        .with_help("write `allow-utf-8`, `underscores`, `dots` or `values`")
        .with_upstream(upstream)
}

pub(in crate::config) fn utf8_names_under_legacy(at: Location) -> Diagnostic {
    error(ids::INVALID_ESCAPING_SCHEME, at, "`allow-utf-8` cannot be used with `metric_name_validation_scheme: legacy`")
        .with_argument("value", "allow-utf-8")
        .with_note("legacy names consist of ASCII letters, digits, `_` and `:`")
        .with_help("choose `underscores`, `dots` or `values`, or set `metric_name_validation_scheme: utf8`")
        .with_upstream("utf8 metric names requested but validation scheme is not set to UTF8")
}
