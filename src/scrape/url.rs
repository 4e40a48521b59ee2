//! The URL a target is scraped at, spelled as Go's `net/url` spells it.

use std::collections::BTreeMap;

use crate::config::ScrapeConfig;
use crate::relabel::Labels;
use crate::release::Release;

use super::discovered::PARAM_PREFIX;
use super::view::LabelView;

/// The scrape URL of a target of `job` with these labels after relabeling: `__scheme__`,
/// `__address__` and `__metrics_path__`, and as query the job's `params`, the first value of each
/// replaced by the label `__param_<name>` if there is one. A target with a Unix socket and without an address has the host
/// `localhost`.
///
/// Source: `Target.URL` of Prometheus 3.14 and `URL.String` of Go's `net/url`.
#[must_use]
pub fn scrape_url(job: &ScrapeConfig, labels: &Labels) -> String {
    url_with(job, labels, labels.iter())
}

/// The same, of a view of labels and, in byte order of the names, at least those that are parameters.
pub(super) fn url_with<'a>(
    job: &'a ScrapeConfig,
    labels: &impl LabelView,
    params: impl Iterator<Item = (&'a str, &'a str)>,
) -> String {
    let path = labels.value("__metrics_path__");
    let mut params = params.peekable();
    let has_query = !job.params.is_empty() || params.peek().is_some();
    let query = if has_query { encode_query(&query_values(&job.params, params)) } else { String::new() };
    let address = labels.value("__address__");
    let host = if address.is_empty() && has_socket(job.release, labels) { "localhost" } else { address };
    url_of(labels.value("__scheme__"), host, path, &query)
}

/// Whether a target is scraped over a Unix socket.
pub(super) fn has_socket(release: Release, labels: &impl LabelView) -> bool {
    release.has_unix_sockets() && !labels.value("__unix_socket__").is_empty()
}

/// The URL of this scheme, host, path and encoded query.
pub(super) fn url_of(scheme: &str, host: &str, path: &str, query: &str) -> String {
    let mut url = String::with_capacity("://?".len() + scheme.len() + host.len() + path.len() + query.len());
    if !scheme.is_empty() {
        url.push_str(scheme);
        url.push(':');
    }
    if !host.is_empty() || (!scheme.is_empty() && !path.is_empty()) {
        url.push_str("//");
    }
    escape(host, Part::Host, &mut url);
    if !path.is_empty() && !path.starts_with('/') && !host.is_empty() {
        url.push('/');
    }
    if path == "*" {
        url.push('*');
    } else {
        escape(path, Part::Path, &mut url);
    }
    if !query.is_empty() {
        url.push('?');
        url.push_str(query);
    }
    url
}

fn query_values<'a>(
    params: &'a [(String, Vec<String>)],
    labels: impl Iterator<Item = (&'a str, &'a str)>,
) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut query: BTreeMap<&str, Vec<&str>> =
        params.iter().map(|(name, values)| (name.as_str(), values.iter().map(String::as_str).collect())).collect();
    for (label, value) in labels {
        if let Some(name) = label.strip_prefix(PARAM_PREFIX) {
            let values = query.entry(name).or_default();
            match values.first_mut() {
                Some(first) => *first = value,
                None => values.push(value),
            }
        }
    }
    query
}

fn encode_query(query: &BTreeMap<&str, Vec<&str>>) -> String {
    let mut encoded = String::new();
    for (name, values) in query {
        for value in values {
            if !encoded.is_empty() {
                encoded.push('&');
            }
            escape(name, Part::Query, &mut encoded);
            encoded.push('=');
            escape(value, Part::Query, &mut encoded);
        }
    }
    encoded
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Host,
    Path,
    Query,
}

impl Part {
    /// Whether a byte is literal in this part of a URL.
    fn allows(self, byte: u8) -> bool {
        let extra: &[u8] = match self {
            Self::Host => b"!$&'()*+,;=:[]<>\"",
            Self::Path => b"$&+,/:;=@",
            Self::Query => b"",
        };
        byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') || extra.contains(&byte)
    }
}

fn escape(text: &str, part: Part, out: &mut String) {
    if text.bytes().all(|byte| part.allows(byte)) {
        out.push_str(text);
        return;
    }
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if part.allows(byte) {
            out.push(char::from(byte));
        } else if byte == b' ' && part == Part::Query {
            out.push('+');
        } else {
            out.push('%');
            out.push(char::from(DIGITS[usize::from(byte >> 4)]));
            out.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
}
