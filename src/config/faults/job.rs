//! Faults of scrape configs, target groups and `global`.

use crate::diagnostic::{Diagnostic, ids};
use crate::text::{Location, go_quote};

use super::error;

pub(in crate::config) fn missing_job_name(at: Location) -> Diagnostic {
    error(ids::MISSING_JOB_NAME, at, "the scrape config has no `job_name`")
        .with_note("every scrape config needs a name; it becomes the label `job` of its targets")
        .with_help("add `job_name: …`")
        .with_upstream("job_name is empty")
}

pub(in crate::config) fn duplicate_job(at: Location, first: Location, name: &str) -> Diagnostic {
    error(ids::DUPLICATE_JOB_NAME, at, format!("two scrape configs have the name {}", go_quote(name)))
        .with_label(first, "the first one")
        .with_note("Prometheus refuses the whole file")
        .with_help("rename one of them; a relabel rule can set the same label `job` for both")
        .with_upstream(format!("found multiple scrape configs with job name {}", go_quote(name)))
}

/// `list` in Prometheus's words: `remote write`.
pub(in crate::config) fn duplicate_endpoint(at: Location, first: Location, list: &str, name: &str) -> Diagnostic {
    error(ids::DUPLICATE_ENDPOINT_NAME, at, format!("two {list} configs have the name {}", go_quote(name)))
        .with_label(first, "the first one")
        .with_help("rename one of them")
        .with_upstream(format!("found multiple {list} configs with job name {}", go_quote(name)))
}

/// `upstream` names the list in Prometheus's words.
pub(in crate::config) fn null_entry(at: Location, list: &str, upstream: impl Into<String>) -> Diagnostic {
    error(ids::EMPTY_ENTRY, at, format!("an item of `{list}` is empty"))
        .with_note("a `-` without anything after it is an item with the value null")
        .with_help("remove the `-`, or write the item")
        .with_upstream(upstream)
}

/// An empty item of a file of target groups.
pub(in crate::config) fn null_group(at: Location, index: usize) -> Diagnostic {
    null_entry(at, "the target groups", format!("nil target group item found (index {index})"))
}

pub(in crate::config) fn invalid_hostname(at: Location, address: &str) -> Diagnostic {
    let fault = error(ids::INVALID_HOSTNAME, at, format!("the target {} is no address", go_quote(address)))
        .with_note("a target is `host:port`; a `/` must not be in it")
        .with_upstream(format!("{} is not a valid hostname", go_quote(address)));
    match address.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_once('/').map_or((rest, ""), |(host, path)| (host, path));
            let path = if path.is_empty() { String::new() } else { format!(" and `metrics_path: /{path}`") };
            fault.with_help(format!("write `{host}`, and `scheme: {scheme}`{path} in the scrape config"))
        }
        None => fault.with_help("write `host:port` here, and the path as `metrics_path` of the scrape config"),
    }
}

pub(in crate::config) fn invalid_label_name(at: Location, name: &str) -> Diagnostic {
    let fault = error(ids::INVALID_LABEL_NAME, at, format!("{} is no label name", go_quote(name)))
        .with_upstream(format!("{} is not a valid label name", go_quote(name)));
    if name.is_empty() {
        fault.with_note("a label name must not be empty")
    } else {
        fault
            .with_note(
                "under `metric_name_validation_scheme: legacy` a name is letters, digits and `_`, no digit first",
            )
            .with_help("rename the label")
    }
}

pub(in crate::config) fn missing_files(at: Location) -> Diagnostic {
    error(ids::MISSING_FIELD, at, "an item of `file_sd_configs` names no files")
        .with_help("add `files: ['targets/*.yml']`")
        .with_upstream("file service discovery config must contain at least one path name")
}

pub(in crate::config) fn invalid_path_pattern(at: Location, pattern: &str, upstream: String) -> Diagnostic {
    let fault =
        error(ids::INVALID_PATH_PATTERN, at, format!("Prometheus does not take the pattern {}", go_quote(pattern)))
            .with_upstream(upstream);
    if pattern.split_once('*').is_some_and(|(_, after)| after.contains('/')) {
        fault.with_note("a `*` may stand in the last element of the path only").with_help("list the folders one by one")
    } else {
        fault.with_note("the name of a target file must end in .json, .yml or .yaml")
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
        format!("the scrape timeout of {timeout} is longer than the interval of {interval}"),
    )
    .with_note("a scrape must end before the next one begins")
    .with_help("lower `scrape_timeout` or raise `scrape_interval`")
    .with_upstream(upstream)
}

pub(in crate::config) fn empty_protocols(at: Location, owner: &str) -> Diagnostic {
    error(ids::INVALID_SCRAPE_PROTOCOL, at, "`scrape_protocols` is empty")
        .with_help("remove the key for the default, or list a protocol")
        .with_upstream(format!("scrape_protocols cannot be empty for {owner}"))
}

pub(in crate::config) fn protocol_fault(at: Location, protocol: &str, upstream: String) -> Diagnostic {
    let message = if upstream.starts_with("duplicated") {
        format!("the protocol {} is given twice", go_quote(protocol))
    } else {
        format!("{} is no scrape protocol", go_quote(protocol))
    };
    error(ids::INVALID_SCRAPE_PROTOCOL, at, message)
        .with_note("the protocols are PrometheusProto, PrometheusText0.0.4, PrometheusText1.0.0, OpenMetricsText0.0.1 and OpenMetricsText1.0.0, spelled exactly so")
        .with_upstream(upstream)
}

pub(in crate::config) fn invalid_name_scheme(at: Location, scheme: &str) -> Diagnostic {
    error(ids::INVALID_NAME_SCHEME, at, format!("{} is no scheme of names", go_quote(scheme)))
        .with_help("write `utf8` or `legacy`")
        .with_upstream(format!("unrecognized ValidationScheme: {}", go_quote(scheme)))
}

pub(in crate::config) fn invalid_escaping_scheme(at: Location, scheme: &str, upstream: String) -> Diagnostic {
    error(ids::INVALID_ESCAPING_SCHEME, at, format!("{} is no way of escaping names", go_quote(scheme)))
        .with_help("write `allow-utf-8`, `underscores`, `dots` or `values`")
        .with_upstream(upstream)
}

pub(in crate::config) fn utf8_names_under_legacy(at: Location) -> Diagnostic {
    error(ids::INVALID_ESCAPING_SCHEME, at, "`allow-utf-8` does not go with `metric_name_validation_scheme: legacy`")
        .with_help("choose `underscores`, `dots` or `values`, or the scheme `utf8`")
        .with_upstream("utf8 metric names requested but validation scheme is not set to UTF8")
}
