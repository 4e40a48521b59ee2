//! Single cases, each of which once showed a secret.

use std::fs;

use super::{MARKER, PART, outputs, run, shown};

const RUNS: [&[&str]; 5] = [
    &["lint", "p.yml"],
    &["lint", "p.yml", "--format", "json"],
    &["lint", "cm.yml"],
    &["add-label", "p.yml", "a=b", "--all-jobs", "--method", "relabel", "--dry-run", "--format", "json"],
    &["lint", "p.yml", "--diff", "--unsafe-fixes"],
];

/// A config of one job with these lines in it; `S` is the marker.
fn job(lines: &str) -> String {
    let lines = lines.replace('S', MARKER).replace('\n', "\n  ");
    format!("scrape_configs:\n- job_name: a\n  {lines}\n  static_configs: [{{targets: ['h:1']}}]\n  unknown: 1\n")
}

fn is_hidden(lines: &str) {
    let config = job(lines);
    assert!(!shown("p.yml", &config).contains(PART), "{config}\n{}", shown("p.yml", &config));
    for output in outputs(&config, &RUNS) {
        assert!(!output.contains(PART), "{config}\n{output}");
    }
}

#[test]
fn a_number_tag_shows_no_secret() {
    is_hidden("basic_auth: {password: !!int S}");
}

#[test]
fn an_alias_without_its_anchor_shows_no_secret() {
    is_hidden("basic_auth: {password: *S}");
    is_hidden("bearer_token: *S\nscheme: [");
}

#[test]
fn a_text_in_the_place_of_a_section_shows_no_secret() {
    is_hidden("basic_auth: me:S");
    is_hidden("basic_auth: [me, S]");
    is_hidden("basic_auth: {me:S}");
    is_hidden("basic_auth:\n  me:S");
    is_hidden("authorization: Bearer S");
    is_hidden("authorization: S # mine");
    is_hidden("http_headers: {Authorization: S}");
    is_hidden("oauth2: &x S");
    is_hidden("tls_config: >-\n  S\n  S");
}

#[test]
fn misspelt_keys_show_no_secret() {
    is_hidden("basic_auth: {username: me, pasword: S}");
    is_hidden("basic_auth: {username: me, pw: S}");
    is_hidden("basic_auth:\n  username: me\n  word: S\nscheme: [");
    is_hidden("authorization: {credential: S}");
    is_hidden("basic_auht:\n  passwd: S");
    is_hidden("secretkey: S");
    is_hidden("my_api_key: S");
    is_hidden("password = S");
    is_hidden("password=S");
    is_hidden("basic_auth:\n  password:S");
}

#[test]
fn keys_without_their_colon_show_no_secret() {
    is_hidden("bearer_token S");
    is_hidden("basic_auth:\n  username: me\n  password S");
    is_hidden("basic_auth:\n  username: me\n  password -> S and more");
    is_hidden("bearer_token\u{ff1a}S");
    is_hidden("bearer_token; S");
    is_hidden("ec2_sd_configs:\n  - region: x\n    secret_key S\nscheme: [");
    is_hidden("!bearer_token S");
    is_hidden("*bearer_token: S");
    is_hidden("`bearer_token`: S");
    is_hidden("bearer_token\u{200b}: S");
    is_hidden("bearer\u{200b}_token: S");
}

#[test]
fn headers_with_credentials_show_none() {
    for name in ["Authorization", "X-Vault-Token", "Private-Token", "Cookie", "Proxy-Authorization"] {
        is_hidden(&format!("http_headers: {{{name}: {{values: [S]}}}}"));
        is_hidden(&format!("http_headers: {{{name}: S}}"));
    }
    let config = format!("remote_write:\n- url: http://h\n  headers:\n    Cookie: session={MARKER}\n  unknown: 1\n");
    assert!(!shown("p.yml", &config).contains(PART), "{config}");
}

#[test]
fn queries_and_urls_with_wrong_slashes_show_no_secret() {
    for url in [
        "https://h/x?token=S",
        "https://h/x?a=b&api_key=S#f",
        "https://h/x?sig=S&a=b",
        "//me:S@h/",
        "http:/me:S@h",
        "http:\\\\me:S@h",
    ] {
        is_hidden(&format!("proxy_url: '{url}'"));
        is_hidden(&format!("file_sd_configs: []\nx: 1\nmetrics_path: ['{url}']"));
        let config = format!(
            "scrape_configs:\n- job_name: a\n  static_configs: [{{targets: ['{}']}}]\n",
            url.replace('S', MARKER)
        );
        assert!(!shown("p.yml", &config).contains(PART), "{config}\n{}", shown("p.yml", &config));
    }
}

#[test]
fn keys_in_other_forms_show_no_secret() {
    is_hidden("basic_auth: {\"pass\\u0077ord\": S}");
    is_hidden("basic_auth: {\"pass\\u0077ord\": S}\nscheme: [");
    is_hidden("x: &k password\nbasic_auth:\n  *k : S");
    is_hidden("x: &k password\nbasic_auth:\n  *k : S\nscheme: [");
    is_hidden("basic_auth:\n  ? !!str password\n  : S");
}

#[test]
fn every_anchor_that_a_secret_is_reached_through_is_hidden() {
    is_hidden("x: &a S\ny: &b [*a]\nproxy_connect_header: {A: *b}");
    is_hidden("x: &a {A: [S]}\nproxy_connect_header:\n  <<: *a");
    is_hidden("x: &a {password: S}\nbasic_auth:\n  <<: *a\n  user: x");
    is_hidden("x: &a\n  - S\n  - x\nhttp_headers: {X: {secrets: *a}}");
}

#[test]
fn passwords_in_urls_are_hidden_wherever_the_url_is() {
    for url in [
        "http://me:S@h:80/x",
        "http://me:S/x@h",
        "http://me:a?S@h",
        "http://me:a#S@h",
        "http://me:a S@h",
        "http://me:%zzS@h",
        "http://me:S@h:port",
    ] {
        is_hidden(&format!("proxy_url: '{url}'"));
        is_hidden(&format!("proxy_url: {url}"));
        is_hidden(&format!("consul_sd_configs: [{{server: '{url}'}}]"));
        is_hidden(&format!("# was {url}\nmetrics_path: [x"));
        is_hidden(&format!("oauth2: {{client_id: x, token_url: '{url}', client_secret: y}}"));
    }
    is_hidden("proxy_url: \"http://me\\u003aS@h\"");
    is_hidden("proxy_url: http://me:S");
}

#[test]
fn remote_urls_and_alertmanagers_show_no_password() {
    for section in ["remote_write", "remote_read"] {
        let config = format!("{section}:\n- url: http://me:{MARKER}@h:port/x\n  unknown: 1\n");
        assert!(!shown("p.yml", &config).contains(PART), "{config}");
    }
    let alerting = format!(
        "alerting:\n  alertmanagers:\n  - static_configs: [{{targets: ['http://me:{MARKER}@h:80', 'me:{MARKER}@h']}}]\n"
    );
    for output in outputs(&alerting, &[&["lint", "p.yml"], &["lint", "p.yml", "--format", "json"]]) {
        assert!(!output.contains(PART), "{output}");
    }
}

#[test]
fn findings_about_targets_show_no_password() {
    let config =
        format!("scrape_configs:\n- job_name: a\n  static_configs: [{{targets: ['http://me:{MARKER}@h:80/x']}}]\n");
    assert!(!shown("p.yml", &config).contains(PART));
    for output in outputs(&config, &[&["lint", "p.yml"], &["lint", "p.yml", "--format", "json"]]) {
        assert!(!output.contains(PART), "{output}");
    }
}

#[test]
fn old_secrets_in_comments_are_hidden() {
    is_hidden("scheme: http # password: S\n# token: S\n#   bearer_token = S");
    is_hidden("# key: |\n#   S\n#   S");
}

#[test]
fn what_has_the_form_of_credentials_is_hidden_under_any_key() {
    is_hidden("http_headers: {X-Auth: {values: ['Bearer S']}}");
    is_hidden("metrics_path: Basic S1234567");
    is_hidden("params: {t: ['ghp_S0123456789abcdef']}");
    is_hidden("x: |\n  -----BEGIN RSA PRIVATE KEY-----\n  S\n  -----END RSA PRIVATE KEY-----");
}

#[test]
fn results_stay_verbatim() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let config = "scrape_configs:\n- job_name: a\n  params: {token: [abc]}\n  static_configs:\n  - targets: ['h:1']\n    labels: {uid: 0f8fad5b-d9cb-469f-a165-70867728950e, t: 'Bearer abc123', u: 'http://me:pw@h'}\n";
    fs::write(folder.path().join("p.yml"), config).expect("the file can be written");
    let shown = run(folder.path(), &["simulate", "p.yml", "--format", "json"]);
    for text in ["0f8fad5b-d9cb-469f-a165-70867728950e", "Bearer abc123", "http://me:pw@h", "token=abc"] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    let traced = run(folder.path(), &["simulate", "p.yml", "--trace"]);
    assert!(traced.contains("0f8fad5b-d9cb-469f-a165-70867728950e"), "{traced}");
}

#[test]
fn traces_hide_what_has_the_form_of_credentials() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let config = format!(
        "scrape_configs:\n- job_name: a\n  relabel_configs:\n  - {{source_labels: [u], target_label: v}}\n  - {{regex: u|v, action: labeldrop}}\n  static_configs:\n  - targets: ['h:1']\n    labels: {{u: 'http://me:{MARKER}@h'}}\n"
    );
    fs::write(folder.path().join("p.yml"), config).expect("the file can be written");
    let shown = run(folder.path(), &["simulate", "p.yml", "--trace"]);
    assert!(!shown.contains(PART), "{shown}");
    let json: serde_json::Value =
        serde_json::from_str(&run(folder.path(), &["simulate", "p.yml", "--trace", "--format", "json"]))
            .expect("is JSON");
    let trace = json["jobs"][0]["targets"][0]["trace"].to_string();
    assert!(!trace.contains(PART) && trace.contains("<secret>"), "{trace}");
}

#[test]
fn the_new_text_is_written_as_it_is_and_a_masked_diff_says_so() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let config = job("basic_auth: {username: me, password: S}").replace("  unknown: 1\n", "");
    fs::write(folder.path().join("p.yml"), &config).expect("the file can be written");
    let add = ["add-label", "p.yml", "a=b", "--all-jobs"];
    let printed = run(folder.path(), &[&add[..], &["--stdout"]].concat());
    assert!(printed.contains(&format!("password: {MARKER}}}")), "{printed}");
    let diff = run(folder.path(), &[&add[..], &["--dry-run"]].concat());
    assert!(diff.starts_with("secrets are hidden: this diff is not a patch\n--- p.yml\n"), "{diff}");
    let json: serde_json::Value =
        serde_json::from_str(&run(folder.path(), &[&add[..], &["--dry-run", "--format", "json"]].concat()))
            .expect("is JSON");
    assert_eq!(json["files"][0]["masked"], true, "{json}");
    run(folder.path(), &add);
    let written = fs::read_to_string(folder.path().join("p.yml")).expect("can be read");
    assert!(written.contains(&format!("password: {MARKER}}}")), "{written}");
}
