//! Orchestrators, registries and directories.

use crate::config::faults;
use crate::config::schema::{Choice, choice};
use crate::text::go_quote;

use super::{Checker, client};

pub(in crate::config) fn check_consul(checker: &mut Checker<'_, '_>) {
    if checker.text_or("server", "localhost:8500").trim().is_empty() {
        checker.missing("server", "consul SD configuration requires a server address");
    }
    let user = checker.set_of(&["username", "password"]);
    if !user.is_empty() && checker.is_given("basic_auth") {
        let keys: Vec<&str> = std::iter::once("basic_auth").chain(user).collect();
        let upstream = "at most one of consul SD configuration username and password and basic auth can be configured";
        checker.conflict(&keys, upstream);
    }
    check_consul_user(checker, &checker.set_of(&["username", "password"]));
    let others: Vec<&str> = ["authorization", "oauth2"].into_iter().filter(|key| checker.is_given(key)).collect();
    if checker.is_set("token") && !others.is_empty() {
        let keys: Vec<&str> = std::iter::once("token").chain(others).collect();
        checker.conflict(&keys, "at most one of consul SD token, authorization, or oauth2 can be configured");
    }
    client::check(checker);
}

/// User name and password become a `basic_auth` section, which goes with no other method.
fn check_consul_user(checker: &mut Checker<'_, '_>, user: &[&str]) {
    if user.is_empty() || checker.is_given("basic_auth") {
        return;
    }
    let given = |key: &&str| checker.is_given(key);
    let bearer = checker.set_of(&["bearer_token", "bearer_token_file"]);
    let methods: Vec<&str> = ["authorization", "oauth2"].into_iter().filter(given).collect();
    for (others, upstream) in [
        (bearer, "at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured"),
        (methods, "at most one of basic_auth, oauth2 & authorization must be configured"),
    ] {
        if !others.is_empty() {
            let keys: Vec<&str> = user.iter().copied().chain(others).collect();
            checker.conflict(&keys, upstream);
        }
    }
}

pub(in crate::config) fn check_dns(checker: &mut Checker<'_, '_>) {
    const TYPES: [Choice; 5] =
        [choice("SRV"), choice("A"), choice("AAAA"), choice("MX").since(2, 38), choice("NS").since(2, 49)];
    checker.require_list("names", "DNS-SD config must contain at least one SRV record name");
    let kind = checker.text_or("type", "SRV");
    let folded = kind.to_uppercase();
    match folded.as_str() {
        "SRV" => {}
        _ if checker.known(&TYPES).contains(&folded.as_str()) => {
            if checker.number("port", 0) == 0 {
                let upstream = "a port is required in DNS-SD configs for all record types except SRV";
                checker.missing("port", upstream);
            }
        }
        _ => checker.unknown_choice("type", &TYPES, format!("invalid DNS-SD records type {kind}")),
    }
}

pub(in crate::config) fn check_docker(checker: &mut Checker<'_, '_>) {
    if checker.require("host", "host missing") {
        checker.url("host", str::to_string);
    }
    client::check(checker);
}

pub(in crate::config) fn check_dockerswarm(checker: &mut Checker<'_, '_>) {
    const ROLES: [&str; 3] = ["tasks", "services", "nodes"];
    if checker.require("host", "host missing") {
        checker.url("host", str::to_string);
    }
    let role = checker.text("role");
    if role.is_empty() {
        checker.missing("role", "role missing (one of: tasks, services, nodes)");
    } else if !ROLES.contains(&role.as_str()) {
        checker.unknown("role", &ROLES, format!("invalid role {role}, expected tasks, services, or nodes"));
    }
    client::check(checker);
}

pub(in crate::config) fn check_eureka(checker: &mut Checker<'_, '_>) {
    if checker.require("server", "eureka_sd: empty or null eureka server")
        && let Some(url) = checker.url("server", str::to_string)
        && (url.scheme.is_empty() || url.host.is_empty())
    {
        let upstream = "eureka_sd: invalid eureka server URL";
        checker.invalid("server", "`server` must be a URL such as `http://eureka:8761/eureka`", upstream);
    }
    client::check(checker);
}

/// A URL of HTTP or HTTPS with a host.
fn check_http_url(checker: &mut Checker<'_, '_>) {
    if !checker.require("url", "URL is missing") {
        return;
    }
    let Some(url) = checker.url("url", str::to_string) else { return };
    if !matches!(url.scheme.as_str(), "http" | "https") {
        checker.invalid("url", "`url` must begin with `http://` or `https://`", "URL scheme must be 'http' or 'https'");
    } else if url.host.is_empty() {
        checker.invalid("url", "missing host in `url`", "host is missing in URL");
    }
}

pub(in crate::config) fn check_http(checker: &mut Checker<'_, '_>) {
    check_http_url(checker);
    client::check_later(checker);
}

pub(in crate::config) fn check_puppetdb(checker: &mut Checker<'_, '_>) {
    check_http_url(checker);
    checker.require("query", "query missing");
    client::check_later(checker);
}

pub(in crate::config) fn check_kuma(checker: &mut Checker<'_, '_>) {
    if checker.require("server", "kuma SD server must not be empty: ")
        && let Some(url) = checker.url("server", str::to_string)
        && (url.scheme.is_empty() || url.host.is_empty())
    {
        let upstream = format!("kuma SD server must not be empty and have a scheme: {}", checker.text("server"));
        checker.invalid("server", "`server` must be a URL with a scheme and a host", upstream);
    }
    client::check(checker);
}

pub(in crate::config) fn check_marathon(checker: &mut Checker<'_, '_>) {
    const TOKENS: [&str; 2] = ["auth_token", "auth_token_file"];
    checker.require_list("servers", "marathon_sd: must contain at least one Marathon server");
    checker.at_most_one(&TOKENS, "marathon_sd: at most one of auth_token & auth_token_file must be configured");
    let tokens = checker.set_of(&TOKENS);
    if !tokens.is_empty() {
        let bearer = checker.set_of(&["bearer_token", "bearer_token_file"]);
        let given = |key: &'static str| if checker.is_given(key) { vec![key] } else { Vec::new() };
        let others = [
            (
                given("basic_auth"),
                "marathon_sd: at most one of basic_auth, auth_token & auth_token_file must be configured",
            ),
            (
                bearer,
                "marathon_sd: at most one of bearer_token, bearer_token_file, auth_token & auth_token_file must be configured",
            ),
            (
                given("authorization"),
                "marathon_sd: at most one of auth_token, auth_token_file & authorization must be configured",
            ),
        ];
        for (keys, upstream) in others.into_iter().filter(|(keys, _)| !keys.is_empty()) {
            let keys: Vec<&str> = tokens.iter().copied().chain(keys).collect();
            checker.conflict(&keys, upstream);
        }
    }
    client::check(checker);
}

pub(in crate::config) fn check_nerve(checker: &mut Checker<'_, '_>) {
    check_zookeeper(checker, "nerve");
}

pub(in crate::config) fn check_serverset(checker: &mut Checker<'_, '_>) {
    check_zookeeper(checker, "serverset");
}

fn check_zookeeper(checker: &mut Checker<'_, '_>, name: &str) {
    checker.require_list("servers", &format!("{name} SD config must contain at least one Zookeeper server"));
    checker.require_list("paths", &format!("{name} SD config must contain at least one path"));
    for path in checker.list("paths").into_iter().filter(|path| !path.value.starts_with('/')) {
        let at = checker.at(path.span);
        let upstream = format!("{name} SD config paths must begin with '/': {}", path.value);
        checker.report(faults::invalid_value(
            at,
            "paths",
            format!("the path {} does not begin with `/`", go_quote(&path.value)),
            upstream,
        ));
    }
}

pub(in crate::config) fn check_nomad(checker: &mut Checker<'_, '_>) {
    if checker.text_or("server", "http://localhost:4646").trim().is_empty() {
        checker.missing("server", "nomad SD configuration requires a server address");
    }
    client::check(checker);
}

pub(in crate::config) fn check_triton(checker: &mut Checker<'_, '_>) {
    const ROLES: [&str; 2] = ["container", "cn"];
    if !ROLES.contains(&checker.text_or("role", "container").as_str()) {
        checker.unknown("role", &ROLES, "triton SD configuration requires role to be 'container' or 'cn'");
    }
    checker.require("account", "triton SD configuration requires an account");
    checker.require("dns_suffix", "triton SD configuration requires a dns_suffix");
    checker.require("endpoint", "triton SD configuration requires an endpoint");
    let is_zero = checker.entries.duration("refresh_interval").is_zero();
    if checker.entries.get("refresh_interval").is_some() && is_zero && !checker.is_refused("refresh_interval") {
        let upstream = "triton SD configuration requires RefreshInterval to be a positive integer";
        checker.invalid("refresh_interval", "`refresh_interval` must be more than 0", upstream);
    }
}

pub(in crate::config) fn check_uyuni(checker: &mut Checker<'_, '_>) {
    if checker.require("server", "Uyuni SD configuration requires server host") {
        checker.url("server", |message| format!("Uyuni Server URL is not valid: {message}"));
    }
    checker.require("username", "Uyuni SD configuration requires a username");
    checker.require("password", "Uyuni SD configuration requires a password");
    client::check_later(checker);
}
