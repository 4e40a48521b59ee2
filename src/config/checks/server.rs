//! The server itself: storage, tracing, OTLP.

use crate::config::size::{parse_size, show_size};
use crate::text::format_float;
use crate::text::go_quote;

use super::Checker;
use super::remote::check_headers;

pub(in crate::config) fn check_chunk_encoding(checker: &mut Checker<'_, '_>) {
    let floats = checker.text("floats");
    if !matches!(floats.as_str(), "" | "xor" | "xor2") {
        let upstream = format!(
            "'storage.tsdb.chunk_encoding.floats' must be 'xor' or 'xor2', or the field must be omitted entirely, got {}",
            go_quote(&floats)
        );
        checker.unknown("floats", &["xor", "xor2"], upstream);
    }
    // `xor2` also needs a feature flag before the next release; with it the config loads.
}

pub(in crate::config) fn check_retention(checker: &mut Checker<'_, '_>) {
    if let Ok(size) = parse_size(&checker.text_or("size", "0"))
        && size < 0
    {
        let upstream =
            format!("'storage.tsdb.retention.size' must be greater than or equal to 0, got {}", show_size(size));
        checker.invalid("size", "the retention `size` must be 0 or more", upstream);
    }
    let percentage = checker.entries.get("percentage").and_then(|node| node.resolved().read_f64().ok()).unwrap_or(0.0);
    if !(0.0..=100.0).contains(&percentage) && !percentage.is_nan() {
        let upstream = format!(
            "'storage.tsdb.retention.percentage' must be in the range [0, 100], got {}",
            format_float(percentage)
        );
        checker.invalid("percentage", "the retention `percentage` must be from 0 to 100", upstream);
    }
}

pub(in crate::config) fn check_tracing(checker: &mut Checker<'_, '_>) {
    const TYPES: [&str; 2] = ["grpc", "http"];
    let client_type = checker.text_or("client_type", "grpc");
    let is_null = checker.entries.get("client_type").is_some_and(|node| node.resolved().is_null());
    if !TYPES.contains(&client_type.as_str()) && !is_null {
        let upstream = format!("expected tracing client type to be to be http or grpc, but got {client_type}");
        checker.unknown("client_type", &TYPES, upstream);
    }
    check_headers(checker, "custom authorization header configuration is not yet supported");
    checker.require("endpoint", "tracing endpoint must be set");
    let compression = checker.text("compression");
    if !matches!(compression.as_str(), "" | "gzip") {
        let upstream = format!("invalid compression type {compression} provided, valid options: gzip");
        checker.unknown("compression", &["gzip"], upstream);
    }
}

pub(in crate::config) fn check_otlp(checker: &mut Checker<'_, '_>) {
    const PROMOTE: &str = "promote_resource_attributes";
    const PROMOTE_ALL: &str = "promote_all_resource_attributes";
    const IGNORE: &str = "ignore_resource_attributes";
    let promotes_all = checker.entries.boolean(PROMOTE_ALL) == Some(true);
    if promotes_all && !checker.list(PROMOTE).is_empty() {
        let upstream =
            "'promote_all_resource_attributes' and 'promote_resource_attributes' cannot be configured simultaneously";
        checker.conflict(&[PROMOTE_ALL, PROMOTE], upstream);
    }
    if !promotes_all && !checker.list(IGNORE).is_empty() {
        let upstream =
            "'ignore_resource_attributes' cannot be configured unless 'promote_all_resource_attributes' is true";
        checker.missing(PROMOTE_ALL, upstream);
    }
    check_attributes(checker, PROMOTE, "promoted");
    check_attributes(checker, IGNORE, "ignored");
}

/// No attribute is empty or repeated, blanks around it aside.
fn check_attributes(checker: &mut Checker<'_, '_>, key: &str, adjective: &str) {
    let mut seen: Vec<String> = Vec::new();
    let mut faults = Vec::new();
    for attribute in checker.list(key) {
        let name = attribute.value.trim().to_string();
        if name.is_empty() {
            faults.push(format!("empty {adjective} OTel resource attribute"));
        } else if seen.contains(&name) {
            faults.push(format!("duplicated {adjective} OTel resource attribute {}", go_quote(&name)));
        } else {
            seen.push(name);
        }
    }
    if !faults.is_empty() {
        let upstream = format!("invalid '{key}': {}", faults.join("\n"));
        checker.invalid(key, format!("empty or duplicate item in `{key}`"), upstream);
    }
}
