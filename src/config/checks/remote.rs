//! Remote write and remote read, and the ways to sign their requests.

use crate::config::faults;
use crate::release::Release;
use crate::yaml::Node;

use super::clouds::is_uuid;
use super::{Checker, Nested, client};

/// Headers that remote endpoints and tracing set themselves, in lower case.
pub(super) const RESERVED_HEADERS: [&str; 16] = [
    "host",
    "content-encoding",
    "content-length",
    "content-type",
    "user-agent",
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "www-authenticate",
    "accept-encoding",
    "x-prometheus-remote-write-version",
    "x-prometheus-remote-read-version",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-content-sha256",
];

pub(in crate::config) fn check_write(checker: &mut Checker<'_, '_>) {
    const PROTOCOLS: [&str; 2] = ["prometheus.WriteRequest", "io.prometheus.write.v2.Request"];
    check_url(checker, "url for remote_write is empty");
    let protocol = checker.text_or("protobuf_message", PROTOCOLS[0]);
    if !PROTOCOLS.contains(&protocol.as_str()) {
        let upstream = format!(
            "invalid protobuf_message value: unknown type for remote write protobuf message {protocol}, supported: {}",
            PROTOCOLS.join(", ")
        );
        checker.unknown("protobuf_message", &PROTOCOLS, upstream);
    }
    check_headers(checker, authorization_words(checker.release()));
    client::check(checker);
    if checker.release().checks_queue_limits() {
        check_queue(checker);
    }
    check_methods(checker);
}

pub(in crate::config) fn check_read(checker: &mut Checker<'_, '_>) {
    check_url(checker, "url for remote_read is empty");
    check_headers(checker, authorization_words(checker.release()));
    client::check(checker);
    for name in checker.names_in("required_matchers") {
        let is_refused = name.resolved().read_string().is_ok_and(|text| !checker.reader.plain_names().allows(&text));
        if is_refused && !name.is_null() {
            checker.reader.report_name(name.full_span(), name.value());
        }
    }
}

/// Prometheus's words about the header `Authorization`, which name the ways to sign a request that it has.
fn authorization_words(release: Release) -> &'static str {
    match (release.has_google_iam(), release.has_azuread()) {
        (true, _) => {
            "authorization header must be changed via the basic_auth, authorization, oauth2, sigv4, azuread or google_iam parameter"
        }
        (_, true) => {
            "authorization header must be changed via the basic_auth, authorization, oauth2, sigv4, or azuread parameter"
        }
        _ => "authorization header must be changed via the basic_auth, authorization, oauth2, or sigv4 parameter",
    }
}

/// A URL must be given; it may be empty.
fn check_url(checker: &mut Checker<'_, '_>, upstream: &str) {
    if checker.entries.get("url").is_none_or(|url| url.resolved().is_null()) {
        checker.missing("url", upstream);
    }
}

/// Headers that must not be set; `authorization` is Prometheus's message about that one.
pub(super) fn check_headers(checker: &mut Checker<'_, '_>, authorization: &str) {
    for name in checker.names_in("headers") {
        let folded = name.value().to_lowercase();
        let upstream = if folded == "authorization" {
            authorization.to_string()
        } else if RESERVED_HEADERS.contains(&folded.as_str()) {
            format!("{} is a reserved header. It must not be changed", name.value())
        } else {
            continue;
        };
        let at = checker.at(name.full_span());
        checker.report(faults::reserved_header(at, name.value(), upstream));
    }
}

fn check_queue(checker: &mut Checker<'_, '_>) {
    let Some(node) = checker.entries.get("queue_config").map(Node::resolved) else { return };
    let queue = Nested { node, content: checker.entries.content("queue_config") };
    // Null sets everything to 0.
    let is_null = node.reads_as_zero() == Ok(true);
    let number = |key: &str, default: i64| match queue.get(key) {
        Some(value) => value.read_i64().unwrap_or(default),
        None if is_null => 0,
        None => default,
    };
    let (max_shards, min_shards) = (number("max_shards", 50), number("min_shards", 1));
    let mut faulty = Vec::new();
    for (key, value) in [
        ("max_shards", max_shards),
        ("min_shards", min_shards),
        ("max_samples_per_send", number("max_samples_per_send", 2000)),
        ("capacity", number("capacity", 10_000)),
    ] {
        if value <= 0 {
            faulty.push((
                key,
                format!("`{key}` must be more than 0"),
                format!("remote write queue {key} must be positive"),
            ));
        }
    }
    if min_shards > max_shards {
        let upstream = "remote write queue min_shards must not be greater than max_shards".to_string();
        faulty.push((
            "min_shards",
            format!("`min_shards` ({min_shards}) is more than `max_shards` ({max_shards})"),
            upstream,
        ));
    }
    let backoff = |key: &str, default: &str| {
        let text = queue.get(key).map_or_else(|| default.to_string(), |_| queue.text(key));
        crate::config::Duration::parse(&text).unwrap_or_default()
    };
    if backoff("max_backoff", "5s") < backoff("min_backoff", "30ms") {
        let upstream = "remote write queue max_backoff must not be less than min_backoff".to_string();
        faulty.push(("max_backoff", "`max_backoff` is less than `min_backoff`".to_string(), upstream));
    }
    for (key, words, upstream) in faulty {
        let at = checker.at(queue.get(key).map_or_else(|| checker.span_of("queue_config"), Node::full_span));
        checker.report(faults::invalid_value(at, key, words, upstream));
    }
}

/// At most one authentication method.
fn check_methods(checker: &mut Checker<'_, '_>) {
    let names = ["basic_auth", "authorization", "oauth2", "sigv4", "azuread", "google_iam"];
    let bearer = checker.set_of(&["bearer_token", "bearer_token_file"]);
    let is_used = |name: &&str| checker.is_given(name) || (*name == "authorization" && !bearer.is_empty());
    let used: Vec<&str> = names.into_iter().filter(is_used).collect();
    let has_own = used.iter().any(|name| matches!(*name, "sigv4" | "azuread" | "google_iam"));
    if used.len() > 1 && has_own {
        let keys: Vec<&str> = used
            .iter()
            .map(|&name| if name == "authorization" && !checker.is_given(name) { bearer[0] } else { name })
            .collect();
        let release = checker.release();
        let upstream = match (release.has_google_iam(), release.has_azuread()) {
            (true, _) => format!(
                "at most one of basic_auth, authorization, oauth2, sigv4, azuread or google_iam must be configured. Currently configured: [{}]",
                used.join(" ")
            ),
            (_, true) => {
                "at most one of basic_auth, authorization, oauth2, sigv4, & azuread must be configured".to_string()
            }
            _ => "at most one of basic_auth, authorization, oauth2, & sigv4 must be configured".to_string(),
        };
        checker.conflict(&keys, upstream);
    }
}

pub(in crate::config) fn check_sigv4(checker: &mut Checker<'_, '_>) {
    let (access, secret) = (checker.is_set("access_key"), checker.is_set("secret_key"));
    if access != secret {
        let missing = if access { "secret_key" } else { "access_key" };
        let upstream =
            "must provide a AWS SigV4 Access key and Secret Key if credentials are specified in the SigV4 config";
        checker.missing(missing, upstream);
    }
    if checker.is_set("external_id") && !checker.is_set("role_arn") {
        checker.missing("role_arn", "external_id can only be used with role_arn");
    }
}

pub(in crate::config) fn check_azuread(checker: &mut Checker<'_, '_>) {
    const CLOUDS: [&str; 3] = ["AzurePublic", "AzureChina", "AzureGovernment"];
    const METHODS: [&str; 5] = ["managed_identity", "workload_identity", "oauth", "certificate", "sdk"];
    if !CLOUDS.contains(&checker.text_or("cloud", CLOUDS[0]).as_str()) {
        checker.unknown("cloud", &CLOUDS, "must provide a cloud in the Azure AD config");
    }
    let given: Vec<&str> = METHODS.into_iter().filter(|key| checker.is_given(key)).collect();
    if given.is_empty() {
        let upstream = "must provide an Azure Managed Identity, Azure Workload Identity, Azure OAuth, Azure Certificate or Azure SDK in the Azure AD config";
        checker.missing("managed_identity", upstream);
    } else if given.len() > 1 {
        checker.conflict(&given, "cannot provide multiple authentication methods in the Azure AD config");
    }
    if let Some(identity) = checker.nested("managed_identity")
        && identity.is_set("client_id")
    {
        uuid(checker, identity, "client_id", "Managed Identity");
    }
    for (key, name, needed, uuids) in [
        ("workload_identity", "Workload Identity", &["client_id", "tenant_id"][..], &["client_id", "tenant_id"][..]),
        ("oauth", "OAuth", &["client_id", "client_secret", "tenant_id"], &["client_id"]),
        ("certificate", "Certificate", &["client_id", "tenant_id", "certificate_path"], &["client_id"]),
    ] {
        if let Some(section) = checker.nested(key) {
            check_identity(checker, key, section, name, needed, uuids);
        }
    }
    let scope = checker.text("scope");
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_:/.- \t\n\r\x0c".contains(&byte);
    if !scope.is_empty() && !scope.bytes().all(is_allowed) {
        let words = "invalid character in `scope`";
        checker.invalid("scope", words, "the provided scope contains invalid characters");
    }
}

fn check_identity(
    checker: &mut Checker<'_, '_>,
    key: &str,
    section: Nested<'_, '_>,
    name: &str,
    needed: &[&str],
    uuids: &[&str],
) {
    for field in needed {
        if !section.is_set(field) {
            let at = checker.at(checker.span_of(key));
            let upstream = format!("must provide an Azure {name} {field} in the Azure AD config");
            checker.report(faults::missing_field(at, &format!("the `{key}` section"), field, upstream));
        } else if uuids.contains(field) {
            uuid(checker, section, field, name);
        }
    }
}

fn uuid(checker: &mut Checker<'_, '_>, section: Nested<'_, '_>, field: &str, name: &str) {
    if !is_uuid(&section.text(field)) {
        let at = checker.at(section.span_of(field));
        let upstream = format!("the provided Azure {name} {field} is invalid");
        checker.report(faults::invalid_value(at, field, format!("`{field}` must be a UUID"), upstream));
    }
}
