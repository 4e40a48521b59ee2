//! The metadata of an object, which the API server checks alike for every kind.

use super::super::value::{Entry, Value};
use super::path::Path;
use super::record::{Record, place_in};
use crate::text::{Location, go_quote};

/// The longest name of an object.
const LONGEST_NAME: usize = 253;

/// The longest label value, and the longest name in a label key.
const LONGEST_PART: usize = 63;

/// Lists the faults of the metadata of a stored object.
pub(super) fn check(object: &Value, record: &mut Record) {
    let metadata = object.entry("metadata");
    let path = Path::Root.key("metadata");
    let name = metadata.and_then(|metadata| metadata.value.filled("name"));
    if name.is_none() && metadata.is_none_or(|metadata| metadata.value.filled("generateName").is_none()) {
        let at = metadata.map_or_else(|| place_in(object, None), |entry| entry.key_at);
        record.error(&path.key("name"), at, || "Required value: name or generateName is required".to_string());
    }
    let Some(metadata) = metadata else { return };
    if let Some((name, text)) = name.and_then(|name| Some((name, name.as_str()?))) {
        check_name(text, name.at, &path.key("name"), record);
    }
    for entry in metadata.value.entry("labels").map_or(&[][..], |labels| labels.value.entries()) {
        check_label(entry, &path.key("labels"), record);
    }
}

fn check_name(name: &str, at: Location, path: &Path<'_>, record: &mut Record) {
    if name.len() > LONGEST_NAME {
        let message = || format!("Invalid value: {}: must be no more than {LONGEST_NAME} bytes", go_quote(name));
        record.error(path, at, message);
    }
    if !is_subdomain(name) {
        let message = || {
            format!(
                "Invalid value: {}: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, \
                 '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for \
                 validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
                go_quote(name)
            )
        };
        record.error(path, at, message);
    }
}

fn check_label(entry: &Entry, path: &Path<'_>, record: &mut Record) {
    let name = match entry.key.rsplit_once('/') {
        Some((prefix, name)) => is_subdomain(prefix).then_some(name),
        None => Some(entry.key.as_str()),
    };
    if !name.is_some_and(|name| !name.is_empty() && name.len() <= LONGEST_PART && is_word(name)) {
        let message = || {
            format!(
                "Invalid value: {}: name part must consist of alphanumeric characters, '-', '_' or '.', and must start \
                 and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for \
                 validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
                go_quote(&entry.key)
            )
        };
        record.error(path, entry.key_at, message);
    }
    let Some(value) = entry.value.as_str() else { return };
    if value.len() > LONGEST_PART {
        let message = || format!("Invalid value: {}: must be no more than {LONGEST_PART} bytes", go_quote(value));
        record.error(path, entry.value.at, message);
    }
    if !value.is_empty() && !is_word(value) {
        let message = || {
            format!(
                "Invalid value: {}: a valid label must be an empty string or consist of alphanumeric characters, '-', \
                 '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or \
                 '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
                go_quote(value)
            )
        };
        record.error(path, entry.value.at, message);
    }
}

/// Whether a text is letters, digits and `-`, `_`, `.`, these three neither first nor last.
fn is_word(text: &str) -> bool {
    let is_end = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    is_end(bytes.first()) && is_end(bytes.last()) && bytes.iter().all(is_inner)
}

/// Whether a text is a subdomain of RFC 1123 in lower case.
fn is_subdomain(text: &str) -> bool {
    let is_label = |label: &str| {
        let is_end = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        let bytes = label.as_bytes();
        let is_inner = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
        is_end(bytes.first()) && is_end(bytes.last()) && bytes.iter().all(is_inner)
    };
    text.split('.').all(is_label)
}
