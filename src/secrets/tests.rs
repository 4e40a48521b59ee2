//! Secrets of whole texts.

use super::*;
use crate::config::secret_keys;

#[test]
fn the_values_of_a_kubernetes_secret_are_secret_in_base64_as_well() {
    let value = "c2NyYXBlX2NvbmZpZ3M6IFtdCg==";
    for text in [
        format!("kind: Secret\ndata:\n  p.yml: {value}\n"),
        format!("kind: Secret\ndata:\n  p.yml: \"{value}\"\n"),
        format!("kind: Secret\ndata:\n  p.yml: >-\n    {value}\n    {value}\n"),
        format!("{{\"kind\":\"Secret\",\"data\":{{\"p.yml\":\"{value}\"}}}}"),
        format!("{{kind: 'Secret', data: {{a: {value}, b: {value}}}}}\r\n"),
        format!("metadata: {{}}\ndata: {{p.yml: {value}}}\n"),
        format!("kind: ConfigMap\nbinaryData: {{p.yml: {value}}}\n"),
    ] {
        assert!(!Secrets::find(&text).starred(&text, 0..text.len()).contains(value), "{text}");
    }
    for last in ["Cg==", "b=", "MTIz", "12"] {
        let text = format!("kind: Secret\ndata:\n  p.yml: |\n    {value}\n    {last}\n  key: {last}\n");
        let shown = Secrets::find(&text).starred(&text, 0..text.len());
        assert!(!shown.contains(last) && shown.contains("  key: *"), "{shown}");
    }
    let path = "metadata: {}\ndata:\n  p.yml: |\n    files: [/etc/prometheus/secrets/tls/ca]\n";
    assert!(Secrets::find(path).is_empty());
}

/// The whole text as its lines would be shown.
fn shown(text: &str) -> String {
    let secrets = Secrets::find(text);
    let index = crate::text::LineIndex::new(text);
    let lines = (1..=index.line_count()).map(|line| secrets.masked(text, index.line_range(text, line)));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_value_after_a_secret_key_is_masked_however_it_is_written() {
    assert_eq!(shown("password: hunter2 # mine"), "password: <secret>");
    assert_eq!(shown("- password:hunter2"), "- password:<secret>");
    assert_eq!(shown("\"password\" : 'hunter2'"), "\"password\" : <secret>");
    assert_eq!(shown("{user: me, credentials: hunter2}"), "{user: me, credentials: <secret>}");
    assert_eq!(shown("? password\n: hunter2\n"), "? password\n: <secret>\n");
}

#[test]
fn what_only_resembles_a_secret_key_is_shown() {
    assert_eq!(
        shown("password_file: /a\nkey_file: b\nmy_key: c\nkeys: d"),
        "password_file: /a\nkey_file: b\nmy_key: c\nkeys: d"
    );
    assert_eq!(shown("job_name: password"), "job_name: password");
}

#[test]
fn block_scalars_are_masked_to_their_end() {
    assert_eq!(
        shown("tls_config:\n  key: |\n    line one\n\n    line two: x\n  cert_file: a\n"),
        "tls_config:\n  key: <secret>\n    <secret>\n\n    <secret>\n  cert_file: a\n"
    );
}

#[test]
fn a_block_that_is_indented_wrongly_is_masked_too() {
    assert_eq!(
        shown(
            "  key: |\n-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4\nMIIE\n-----END RSA PRIVATE KEY-----\nglobal:\n"
        ),
        "  key: <secret>\n<secret>\n<secret>\n<secret>\n<secret>\nglobal:\n"
    );
    assert_eq!(
        shown("  credentials: >\n  abc\n  def\n  type: x"),
        "  credentials: <secret>\n  <secret>\n  <secret>\n  type: x"
    );
}

#[test]
fn quoted_values_are_masked_over_lines_to_the_closing_quote() {
    assert_eq!(
        shown("a:\n  token: \"one\ntwo: three\nfour\"\nb: 1"),
        "a:\n  token: <secret>\n<secret>\n<secret>\nb: 1"
    );
    assert_eq!(shown("token: \"never\nclosed: x"), "token: <secret>\n<secret>");
}

#[test]
fn lists_and_maps_of_secrets_are_masked() {
    assert_eq!(
        shown("h:\n  secrets:\n  - one\n  - two\n  files: []"),
        "h:\n  secrets:\n  <secret>\n  <secret>\n  files: []"
    );
    assert_eq!(shown("secrets: [one,\n two]\nx: 1"), "secrets: <secret>\n <secret>\nx: 1");
    assert_eq!(shown("proxy_connect_header:\n  A: [x]\nurl: y"), "proxy_connect_header:\n  <secret>\nurl: y");
}

#[test]
fn a_secret_behind_an_alias_is_masked_where_it_is_anchored() {
    assert_eq!(shown("x: &pw hunter2\ny: 1\npassword: *pw\n"), "x: &pw <secret>\ny: 1\npassword: <secret>\n");
}

#[test]
fn every_secret_field_of_every_section_is_known() {
    let mut keys = secret_keys().to_vec();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "application_credential_secret",
            "application_secret",
            "auth_token",
            "bearer_token",
            "certificate_password",
            "client_certificate_key",
            "client_secret",
            "consumer_key",
            "credentials",
            "key",
            "key_passphrase",
            "password",
            "private_key",
            "proxy_connect_header",
            "secret_key",
            "secrets",
            "service_account_key",
            "token",
        ]
    );
}

#[test]
fn a_password_inside_a_url_is_masked() {
    assert_eq!(shown("proxy_url: http://me:hunter2@h:80/x"), "proxy_url: http://me:<secret>@h:80/x");
    assert_eq!(shown("url: http://h:80/x"), "url: http://h:80/x");
}

#[test]
fn the_names_of_secrets_in_objects_of_the_operator_are_shown() {
    let monitor = "apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: web}\nspec:\n  selector:\n    matchExpressions:\n    \
        - key: confluent-platform\n      operator: Exists\n  podMetricsEndpoints:\n  - port: http\n    basicAuth:\n      username: {name: s, key: user}\n      \
        password:\n        name: s\n        key: password\n    authorization:\n      credentials: {name: t, key: token, optional: true}\n";
    assert!(Secrets::find(monitor).is_empty(), "{}", shown(monitor));
    // What is not a reference is hidden.
    for (line, plain) in [
        ("    bearerToken: hunter2\n", "hunter2"),
        ("    basicAuth: {password: hunter2}\n", "hunter2"),
        ("    basicAuth: {password: {name: s, value: hunter2}}\n", "hunter2"),
        ("    tlsConfig: {key: hunter2}\n", "hunter2"),
        ("    proxyUrl: http://me:hunter2@h/\n", "hunter2"),
    ] {
        let text = format!("{}{line}", monitor.split_at(monitor.find("    basicAuth").unwrap()).0);
        assert!(!shown(&text).contains(plain), "{}", shown(&text));
    }
    // A text that is not valid, and one of another kind, are hidden as before.
    for text in [monitor.replace("{name: web}", "{name: web"), monitor.replace("monitoring.coreos.com", "example.com")]
    {
        assert!(!Secrets::find(&text).is_empty(), "{text}");
    }
}
