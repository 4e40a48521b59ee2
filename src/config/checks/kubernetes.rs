//! Kubernetes: roles, selectors, and which fields go together.

use crate::config::faults;
use crate::config::schema::{Choice, choice};
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
        tls.node.entries().any(|(key, _)| {
            let key = key.value();
            tls.is_set(key) && tls.text(key) != "false"
        })
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
        let selector = Nested { node: item.resolved() };
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

fn check_field_selector(checker: &mut Checker<'_, '_>, selector: Nested<'_>) {
    let text = selector.text("field");
    if let Some(term) = unescaped_split(&text).into_iter().find(|term| !term.is_empty() && !term.contains('=')) {
        let at = checker.at(span_of(selector.get("field"), selector));
        let words = format!("invalid field selector {}", go_quote(term));
        let upstream = format!("invalid selector: '{text}'; can't understand '{term}'");
        checker.report(
            faults::invalid_value(at, "field", words, upstream)
                .with_argument("value", text.as_str())
                .with_note("a field selector is `name=value` or `name!=value`"),
        );
    }
}

/// The terms of a field selector: commas with a backslash before them do not part them.
fn unescaped_split(text: &str) -> Vec<&str> {
    let mut terms = Vec::new();
    let (mut start, mut is_escaped) = (0, false);
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b',' => {
                terms.push(&text[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    terms.push(&text[start..]);
    terms
}

fn check_label_selector(checker: &mut Checker<'_, '_>, selector: Nested<'_>) {
    let text = selector.text("label");
    if !is_label_selector(&text) {
        let at = checker.at(span_of(selector.get("label"), selector));
        let words = format!("invalid label selector {}", go_quote(&text));
        checker.report(
            faults::invalid_value(at, "label", words, "unable to parse requirement:")
                .with_argument("value", text.as_str())
                .with_help("write a selector such as `app=web,tier in (a, b),!canary`"),
        );
    }
}

fn span_of(node: Option<Node<'_>>, selector: Nested<'_>) -> Span {
    node.map_or_else(|| selector.span(), Node::full_span)
}

/// Whether Kubernetes reads a text as a label selector.
///
/// Source: `labels.Parse` of k8s.io/apimachinery.
fn is_label_selector(text: &str) -> bool {
    let mut tokens = Tokens { rest: text };
    if tokens.peek().is_none() {
        return true;
    }
    loop {
        if !is_requirement(&mut tokens) {
            return false;
        }
        match tokens.next() {
            None => return true,
            Some(",") if tokens.peek().is_some() => {}
            _ => return false,
        }
    }
}

fn is_requirement(tokens: &mut Tokens<'_>) -> bool {
    if tokens.peek() == Some("!") {
        tokens.next();
        return tokens.next().is_some_and(is_label_key);
    }
    if !tokens.next().is_some_and(is_label_key) {
        return false;
    }
    match tokens.peek() {
        None | Some(",") => true,
        Some("in" | "notin") => {
            tokens.next();
            is_value_list(tokens)
        }
        Some("=" | "==" | "!=") => {
            tokens.next();
            // The value may be empty.
            match tokens.peek() {
                None | Some(",") => true,
                Some(_) => tokens.next().is_some_and(is_label_value),
            }
        }
        Some("<" | ">") => {
            tokens.next();
            tokens.next().is_some_and(|number| number.parse::<i64>().is_ok())
        }
        Some(_) => false,
    }
}

fn is_value_list(tokens: &mut Tokens<'_>) -> bool {
    if tokens.next() != Some("(") {
        return false;
    }
    loop {
        match tokens.next() {
            Some(")") => return true,
            Some(",") => {}
            Some(value) if is_label_value(value) => match tokens.next() {
                Some(")") => return true,
                Some(",") => {}
                _ => return false,
            },
            _ => return false,
        }
    }
}

/// An optional DNS prefix and a `/`, then a name of at most 63 letters, digits, `-`, `_` and `.`.
fn is_label_key(text: &str) -> bool {
    match text.split_once('/') {
        Some((prefix, name)) => {
            let is_dns = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
            !prefix.is_empty() && prefix.len() <= 253 && prefix.bytes().all(is_dns) && is_name(name)
        }
        None => is_name(text),
    }
}

fn is_label_value(text: &str) -> bool {
    text.is_empty() || is_name(text)
}

fn is_name(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let is_edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    bytes.len() <= 63 && is_edge(bytes.first()) && is_edge(bytes.last()) && bytes.iter().all(|&byte| is_inner(byte))
}

struct Tokens<'t> {
    rest: &'t str,
}

impl<'t> Tokens<'t> {
    fn peek(&self) -> Option<&'t str> {
        Tokens { rest: self.rest }.next()
    }

    fn next(&mut self) -> Option<&'t str> {
        let text = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
        let is_sign = |character: char| matches!(character, '=' | '!' | '(' | ')' | ',' | '<' | '>');
        let first = text.chars().next()?;
        let length = if text.starts_with("==") || text.starts_with("!=") {
            2
        } else if is_sign(first) {
            1
        } else {
            text.find(|character: char| is_sign(character) || character.is_ascii_whitespace()).unwrap_or(text.len())
        };
        let (token, rest) = text.split_at(length);
        self.rest = rest;
        Some(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn label_selectors_are_those_of_kubernetes() {
        for text in
            ["", "a", "!a", "a=b", "a==b,c!=d", "x in (a, b),y notin (c)", "app.kubernetes.io/name=x", "a=", "n>5"]
        {
            assert!(is_label_selector(text), "{text:?}");
        }
        for text in ["a in", "a in (", "a b", "=b", "a,", "-a", "a=b c", "a in ()x", "x in b"] {
            assert!(!is_label_selector(text), "{text:?}");
        }
    }

    #[test]
    fn terms_of_field_selectors_are_parted_by_commas() {
        assert_eq!(unescaped_split("a=b,c=d\\,e"), ["a=b", "c=d\\,e"]);
    }
}
