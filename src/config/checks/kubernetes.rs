//! Kubernetes: roles, selectors, and which fields go together.

use crate::config::faults;
use crate::config::reader::Left;
use crate::config::schema::{Choice, choice};
use crate::discovery::{FieldSelector, LabelSelector};
use crate::text::{Span, go_quote};
use crate::yaml::Node;

use super::{Checker, Nested, client};

const ROLES: [Choice; 6] =
    [choice("pod"), choice("service"), choice("endpoints"), choice("endpointslice"), choice("node"), choice("ingress")];

/// The selectors that each role accepts.
const SELECTOR_ROLES: [(&str, &[Choice]); 6] = [
    ("pod", &[choice("pod"), choice("node").since(3, 11)]),
    ("service", &[choice("service")]),
    ("endpoints", &[choice("pod"), choice("service"), choice("endpoints")]),
    ("endpointslice", &[choice("pod"), choice("service"), choice("endpointslice")]),
    ("node", &[choice("node")]),
    ("ingress", &[choice("ingress")]),
];

pub(in crate::config) fn check(checker: &mut Checker<'_, '_>) {
    let missing = "role missing (one of: pod, service, endpoints, endpointslice, node, ingress)";
    checker.role(&ROLES, missing, |role| format!("unknown Kubernetes SD role {role}"));
    client::check(checker);
    check_server(checker);
    check_selectors(checker);
}

fn check_server(checker: &mut Checker<'_, '_>) {
    let has_file = checker.is_set("kubeconfig_file");
    let has_server = checker.is_given("api_server");
    if has_file && has_server {
        let upstream = "cannot use 'kubeconfig_file' and 'api_server' simultaneously";
        checker.conflict(&["kubeconfig_file", "api_server"], upstream);
    }
    let custom = custom_client_keys(checker);
    if let Some(first) = custom.first() {
        if has_file {
            let upstream = "cannot use a custom HTTP client configuration together with 'kubeconfig_file'";
            checker.conflict(&["kubeconfig_file", first], upstream);
        }
        if !has_server && !has_file {
            let upstream = "to use custom HTTP client configuration please provide the 'api_server' URL explicitly";
            checker.missing("api_server", upstream);
        }
    }
    let namespaces = checker.nested("namespaces");
    let has_own =
        namespaces.and_then(|section| section.get("own_namespace")).is_some_and(|flag| flag.read_bool() == Ok(true));
    if has_own && has_server {
        let upstream = "cannot use 'api_server' and 'namespaces.own_namespace' simultaneously";
        checker.conflict(&["api_server", "namespaces"], upstream);
    }
    if has_own && has_file {
        let upstream = "cannot use 'kubeconfig_file' and 'namespaces.own_namespace' simultaneously";
        checker.conflict(&["kubeconfig_file", "namespaces"], upstream);
    }
}

/// The HTTP client fields that differ from their defaults.
fn custom_client_keys(checker: &Checker<'_, '_>) -> Vec<&'static str> {
    let given = ["basic_auth", "authorization", "oauth2", "proxy_url", "http_headers", "proxy_connect_header"];
    let set = ["bearer_token", "bearer_token_file", "no_proxy"];
    let switched_off = ["follow_redirects", "enable_http2"];
    let is_off = |key: &str| checker.entries.get(key).is_some_and(|node| node.resolved().read_bool() == Ok(false));
    let has_tls = checker.nested("tls_config").is_some_and(|tls| {
        let mut keys = tls.content.into_iter().flat_map(Left::field_names);
        keys.any(|key| tls.is_set(key) && tls.text(key) != "false")
    });
    let mut keys: Vec<&str> = given.into_iter().filter(|key| checker.is_given(key)).collect();
    keys.extend(set.into_iter().filter(|key| checker.is_set(key)));
    keys.extend(switched_off.into_iter().filter(|key| is_off(key)));
    keys.extend(has_tls.then_some("tls_config"));
    if checker.entries.boolean("proxy_from_environment") == Some(true) {
        keys.push("proxy_from_environment");
    }
    keys
}

fn check_selectors(checker: &mut Checker<'_, '_>) {
    let role = checker.text("role");
    let allowed = SELECTOR_ROLES.iter().find(|(name, _)| *name == role).map(|(_, allowed)| *allowed);
    let mut seen: Vec<String> = Vec::new();
    for item in checker.entries.items("selectors") {
        let selector = Nested { node: item.resolved(), content: None };
        let own = selector.text("role");
        let at = checker.at(selector.span_of("role"));
        if selector.is_given("role") && !checker.known(&ROLES).contains(&own.as_str()) {
            let upstream = format!("unknown Kubernetes SD role {}", go_quote(&own));
            checker.report_choice(at, "role", &own, &ROLES, upstream);
        } else if seen.contains(&own) {
            let words = format!("duplicate selector for the role `{own}`");
            let fault = faults::invalid_value(at, "role", words, format!("duplicated selector role: {own}"));
            checker.report(fault.with_argument("value", own.as_str()));
        } else if let Some(allowed) = allowed.filter(|allowed| !checker.known(allowed).contains(&own.as_str())) {
            let upstream = format!("{role} role supports only {} selectors", checker.known(allowed).join(", "));
            checker.report_choice(at, "role", &own, allowed, upstream);
        }
        seen.push(own);
        check_field_selector(checker, selector);
        check_label_selector(checker, selector);
    }
}

fn check_field_selector(checker: &mut Checker<'_, '_>, selector: Nested<'_, '_>) {
    let text = selector.text("field");
    if let Err(fault) = FieldSelector::parse(&text) {
        let at = checker.at(span_of(selector.get("field"), selector));
        let words = format!("invalid field selector {}", go_quote(&fault.term));
        checker.report(
            faults::invalid_value(at, "field", words, fault.message)
                .with_argument("value", text.as_str())
                .with_note("a field selector is `name=value` or `name!=value`"),
        );
    }
}

fn check_label_selector(checker: &mut Checker<'_, '_>, selector: Nested<'_, '_>) {
    let text = selector.text("label");
    if let Err(message) = LabelSelector::parse(&text) {
        let at = checker.at(span_of(selector.get("label"), selector));
        let words = format!("invalid label selector {}", go_quote(&text));
        checker.report(
            faults::invalid_value(at, "label", words, message)
                .with_argument("value", text.as_str())
                .with_help("write a selector such as `app=web,tier in (a, b),!canary`"),
        );
    }
}

fn span_of(node: Option<Node<'_>>, selector: Nested<'_, '_>) -> Span {
    node.map_or_else(|| selector.span(), Node::full_span)
}
