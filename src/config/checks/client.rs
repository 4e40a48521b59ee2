//! The HTTP client: authentication, TLS, proxies, headers.

use crate::config::faults;
use crate::text::go_quote;
use crate::yaml::Node;

use super::{Checker, Nested};

const BEARER: [&str; 2] = ["bearer_token", "bearer_token_file"];
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// Headers that Prometheus sets itself, in canonical spelling.
const RESERVED_HEADERS: [&str; 18] = [
    "Authorization",
    "Host",
    "Content-Encoding",
    "Content-Length",
    "Content-Type",
    "User-Agent",
    "Connection",
    "Keep-Alive",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "Www-Authenticate",
    "Accept-Encoding",
    "X-Prometheus-Remote-Write-Version",
    "X-Prometheus-Remote-Read-Version",
    "X-Prometheus-Scrape-Timeout-Seconds",
    "X-Amz-Date",
    "X-Amz-Security-Token",
    "X-Amz-Content-Sha256",
];

/// Checks the HTTP client fields of a section that has them inline.
pub(in crate::config) fn check(checker: &mut Checker<'_, '_>) {
    if !checker.entries.keys().any(|(key, _)| is_checked(key)) {
        return;
    }
    check_bearer(checker);
    if let Some(basic_auth) = checker.nested("basic_auth") {
        check_basic_auth(checker, basic_auth);
    }
    if let Some(authorization) = checker.nested("authorization") {
        check_authorization(checker, authorization);
    }
    check_methods(checker);
    if let Some(oauth2) = checker.nested("oauth2") {
        check_oauth2(checker, oauth2);
    }
    check_proxy(checker);
    check_headers(checker);
}

/// Whether a field is looked at here.
fn is_checked(key: &str) -> bool {
    let is_of_authentication = matches!(key, "basic_auth" | "authorization" | "oauth2");
    is_of_authentication
        || key.starts_with("bearer_token")
        || key.starts_with("proxy_")
        || matches!(key, "no_proxy" | "http_headers")
}

/// The same for mechanisms whose fields were not checked from the beginning.
pub(in crate::config) fn check_later(checker: &mut Checker<'_, '_>) {
    if checker.release().checks_discovery_clients() {
        check(checker);
    }
}

fn check_bearer(checker: &mut Checker<'_, '_>) {
    checker.at_most_one(&BEARER, "at most one of bearer_token & bearer_token_file must be configured");
    let bearer = checker.set_of(&BEARER);
    if bearer.is_empty() {
        return;
    }
    let others: Vec<&str> = ["basic_auth", "oauth2"].into_iter().filter(|key| checker.is_given(key)).collect();
    if !others.is_empty() {
        let keys: Vec<&str> = others.into_iter().chain(bearer.iter().copied()).collect();
        checker
            .conflict(&keys, "at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured");
    }
    if checker.is_given("authorization") {
        let keys: Vec<&str> = std::iter::once("authorization").chain(bearer).collect();
        checker.conflict(&keys, "authorization is not compatible with bearer_token & bearer_token_file");
    }
}

fn check_basic_auth(checker: &mut Checker<'_, '_>, basic_auth: Nested<'_, '_>) {
    at_most_one_in(
        checker,
        basic_auth,
        &["username", "username_file", "username_ref"],
        if checker.release().has_secret_references() {
            "at most one of basic_auth username, username_file & username_ref must be configured"
        } else {
            "at most one of basic_auth username & username_file must be configured"
        },
    );
    at_most_one_in(
        checker,
        basic_auth,
        &["password", "password_file", "password_ref"],
        if checker.release().has_secret_references() {
            "at most one of basic_auth password, password_file & password_ref must be configured"
        } else {
            "at most one of basic_auth password & password_file must be configured"
        },
    );
}

fn check_authorization(checker: &mut Checker<'_, '_>, authorization: Nested<'_, '_>) {
    at_most_one_in(
        checker,
        authorization,
        &["credentials", "credentials_file", "credentials_ref"],
        "at most one of authorization credentials & credentials_file must be configured",
    );
    if authorization.text("type").trim().to_lowercase() == "basic" {
        let at = checker.at(authorization.span_of("type"));
        let upstream = "authorization type cannot be set to \"basic\", use \"basic_auth\" instead".to_string();
        checker.report(
            faults::invalid_value(
                at,
                "type",
                "invalid value \"basic\" for `type` in an `authorization` section",
                upstream,
            )
            .with_help("write a `basic_auth` section instead"),
        );
    }
}

/// At most one authentication method.
fn check_methods(checker: &mut Checker<'_, '_>) {
    let methods = ["basic_auth", "oauth2", "authorization"];
    let given: Vec<&str> = methods.into_iter().filter(|key| checker.is_given(key)).collect();
    if given.len() > 1 {
        checker.conflict(&given, "at most one of basic_auth, oauth2 & authorization must be configured");
    }
}

fn check_oauth2(checker: &mut Checker<'_, '_>, oauth2: Nested<'_, '_>) {
    for key in ["client_id", "token_url"] {
        let is_refused = oauth2.get(key).is_some_and(|node| node.read_string().is_err());
        if !oauth2.is_set(key) && !is_refused {
            let at = checker.at(oauth2.get(key).map_or_else(|| checker.span_of("oauth2"), Node::full_span));
            let upstream = format!("oauth2 {key} must be configured");
            checker.report(faults::missing_field(at, "an `oauth2` section", key, upstream));
        }
    }
    if oauth2.text("grant_type") != JWT_BEARER {
        check_oauth2_secret(checker, oauth2);
        return;
    }
    at_most_one_in(
        checker,
        oauth2,
        &["client_certificate_key", "client_certificate_key_file", "client_certificate_key_ref"],
        "at most one of oauth2 client_certificate_key, client_certificate_key_file & client_certificate_key_ref must be configured using grant-type=urn:ietf:params:oauth:grant-type:jwt-bearer",
    );
    const ALGORITHMS: [&str; 3] = ["RS256", "RS384", "RS512"];
    let algorithm = oauth2.text("signature_algorithm");
    if !algorithm.is_empty() && !ALGORITHMS.contains(&algorithm.as_str()) {
        let at = checker.at(oauth2.span_of("signature_algorithm"));
        let upstream = "valid signature algorithms are RS256, RS384 and RS512".to_string();
        checker.report(faults::unknown_value(at, "signature_algorithm", &algorithm, &ALGORITHMS, upstream));
    }
}

fn check_oauth2_secret(checker: &mut Checker<'_, '_>, oauth2: Nested<'_, '_>) {
    let release = checker.release();
    if release.needs_oauth2_secret() && !oauth2.is_set("client_secret") && !oauth2.is_set("client_secret_file") {
        let at = checker.at(checker.span_of("oauth2"));
        let upstream = "either oauth2 client_secret or client_secret_file must be configured".to_string();
        checker.report(faults::missing_field(at, "an `oauth2` section", "client_secret", upstream));
    }
    let upstream = if release.has_oauth2_grants() {
        "at most one of oauth2 client_secret, client_secret_file & client_secret_ref must be configured using grant-type=client_credentials"
    } else if release.has_secret_references() {
        "at most one of oauth2 client_secret, client_secret_file & client_secret_ref must be configured"
    } else {
        "at most one of oauth2 client_secret & client_secret_file must be configured"
    };
    at_most_one_in(checker, oauth2, &["client_secret", "client_secret_file", "client_secret_ref"], upstream);
}

fn at_most_one_in(checker: &mut Checker<'_, '_>, section: Nested<'_, '_>, keys: &[&str], upstream: &str) {
    let places: Vec<_> =
        keys.iter().filter(|key| section.is_set(key)).map(|key| (*key, checker.at(section.span_of(key)))).collect();
    if places.len() > 1 {
        checker.report(faults::conflicting_fields(&places, upstream.to_string()));
    }
}

/// How a proxy is requested; also inside `oauth2`.
pub(in crate::config) fn check_oauth2_proxy(checker: &mut Checker<'_, '_>) {
    check_proxy(checker);
}

fn check_proxy(checker: &mut Checker<'_, '_>) {
    const FROM_ENVIRONMENT: &str = "proxy_from_environment";
    let from_environment = checker.entries.boolean(FROM_ENVIRONMENT).unwrap_or(false);
    let has_proxy = checker.is_set("proxy_url");
    let has_header = !checker.names_in("proxy_connect_header").is_empty();
    if has_header && !from_environment && !has_proxy {
        let upstream = if checker.release().has_environment_proxies() {
            "if proxy_connect_header is configured, proxy_url or proxy_from_environment must also be configured"
        } else {
            "if proxy_connect_header is configured proxy_url must also be configured"
        };
        checker.missing("proxy_url", upstream);
    }
    if from_environment && has_proxy {
        checker.conflict(
            &[FROM_ENVIRONMENT, "proxy_url"],
            "if proxy_from_environment is configured, proxy_url must not be configured",
        );
    }
    if from_environment && checker.is_set("no_proxy") {
        checker.conflict(
            &[FROM_ENVIRONMENT, "no_proxy"],
            "if proxy_from_environment is configured, no_proxy must not be configured",
        );
    }
    if checker.is_set("no_proxy") && !checker.is_given("proxy_url") && !from_environment {
        checker.missing("proxy_url", "if no_proxy is configured, proxy_url must also be configured");
    }
}

fn check_headers(checker: &mut Checker<'_, '_>) {
    for name in checker.names_in("http_headers") {
        let canonical = canonical_header(name.value());
        if RESERVED_HEADERS.contains(&canonical.as_str()) {
            let at = checker.at(name.full_span());
            let upstream = format!("setting header {} is not allowed", go_quote(&canonical));
            checker.report(faults::reserved_header(at, name.value(), upstream));
        }
    }
}

/// Go's `http.CanonicalHeaderKey`: a capital at the start and after each `-`; a name that is no
/// header name stays as it is.
fn canonical_header(name: &str) -> String {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if !name.bytes().all(is_token) {
        return name.to_string();
    }
    let mut at_start = true;
    let mut canonical = String::with_capacity(name.len());
    for character in name.chars() {
        canonical.push(if at_start { character.to_ascii_uppercase() } else { character.to_ascii_lowercase() });
        at_start = character == '-';
    }
    canonical
}

/// Certificates and versions of TLS.
pub(in crate::config) fn check_tls(checker: &mut Checker<'_, '_>) {
    const CERTIFICATE: [&str; 3] = ["cert", "cert_file", "cert_ref"];
    const KEY: [&str; 3] = ["key", "key_file", "key_ref"];
    checker.at_most_one(&["ca", "ca_file", "ca_ref"], "at most one of ca, ca_file & ca_ref must be configured");
    checker.at_most_one(&CERTIFICATE, "at most one of cert, cert_file & cert_ref must be configured");
    checker.at_most_one(&KEY, "at most one of key and key_file must be configured");
    let has_certificate = !checker.set_of(&CERTIFICATE).is_empty();
    let has_key = !checker.set_of(&KEY).is_empty();
    if has_certificate && !has_key {
        let upstream = if checker.release().has_inline_certificates() {
            "exactly one of key or key_file must be configured when a client certificate is configured".to_string()
        } else {
            format!("client cert file {} specified without client key file", go_quote(&checker.text("cert_file")))
        };
        checker.missing("key_file", upstream);
    }
    if has_key && !has_certificate {
        let upstream = if checker.release().has_inline_certificates() {
            "exactly one of cert or cert_file must be configured when a client key is configured".to_string()
        } else {
            format!("client key file {} specified without client cert file", go_quote(&checker.text("key_file")))
        };
        checker.missing("cert_file", upstream);
    }
    for key in ["min_version", "max_version"] {
        const VERSIONS: [&str; 4] = ["TLS10", "TLS11", "TLS12", "TLS13"];
        if checker.is_given(key) && !VERSIONS.contains(&checker.text(key).as_str()) {
            let upstream = format!("unknown TLS version: {}", checker.text(key));
            checker.unknown(key, &VERSIONS, upstream);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::canonical_header;

    #[test]
    fn header_names_are_spelled_as_go_spells_them() {
        assert_eq!(canonical_header("x-AMZ-date"), "X-Amz-Date");
        assert_eq!(canonical_header("a b"), "a b");
    }
}
