//! A config with every secret field at once, in random forms, through the tool.

use proptest::prelude::*;

use super::{MARKER, PART, outputs};

/// A config with every secret field of the schema. `@` stands for a secret, `#!` for a place where a
/// fault may be put.
const CONFIG: &str = r"
global: {scrape_interval: 1m}
scrape_configs:
- job_name: http
  #!
  basic_auth: {username: me, password: @}
  authorization:
    #!
    credentials: @
  oauth2:
    client_id: x
    client_secret: @
    client_certificate_key: @
    token_url: http://me:@@host/
    tls_config: {key: @, cert: x}
  bearer_token: @
  proxy_url: http://me:@@proxy:8080/
  proxy_connect_header: {A: [@], B: [@, @]}
  http_headers:
    X: {secrets: [@], files: [], values: []}
  tls_config:
    key: @
- job_name: discovery
  #!
  azure_sd_configs: [{subscription_id: x, client_secret: @}]
  consul_sd_configs: [{server: x, token: @, password: @}]
  ec2_sd_configs: [{secret_key: @}]
  marathon_sd_configs: [{servers: [x], auth_token: @}]
  oci_sd_configs: [{region: x, key_passphrase: @}]
  openstack_sd_configs: [{role: instance, region: x, password: @, application_credential_secret: @}]
  outscale_sd_configs: [{access_key: x, secret_key: @}]
  ovhcloud_sd_configs: [{application_key: x, application_secret: @, consumer_key: @, service: vps}]
  scaleway_sd_configs: [{role: instance, project_id: x, access_key: y, secret_key: @}]
  stackit_sd_configs: [{service_account_key: @, private_key: @}]
  uyuni_sd_configs: [{server: x, username: x, password: @}]
remote_write:
- url: http://me:@@host/
  #!
  sigv4: {access_key: x, secret_key: @}
  azuread: {oauth: {client_id: x, client_secret: @}, certificate: {certificate_password: @}}
";

/// The ways a secret is written; `%` is its text.
const FORMS: [&str; 6] = ["%", "'%'", "\"%\"", "!!str %", "[%]", "{a: %}"];
/// Faults of many kinds.
const FAULTS: [&str; 7] =
    ["", "unknown_key: 1", "scheme: [", "scheme: a: b", "\tx", "scheme: {a: b}", "scheme: x\n  scheme: y"];

/// The commands and formats that a config is shown by.
const RUNS: [&[&str]; 24] = [
    &["add-label", "p.yml", "a=b", "--all-jobs", "--dry-run"],
    &["add-label", "p.yml", "a=b", "--all-jobs", "--method", "relabel", "--dry-run"],
    &["add-label", "p.yml", "a=b", "--all-jobs", "--dry-run", "--format", "json"],
    &["add-label", "cm.yml", "a=b", "--all-jobs", "--stage", "metric", "--dry-run"],
    &["remove-label", "p.yml", "env", "--all-jobs", "--dry-run"],
    &["rename-label", "p.yml", "env", "stage", "--all-jobs", "--dry-run"],
    &["simulate", "cm.yml", "--trace", "--all-labels"],
    &["lint", "cm.yml"],
    &["lint", "cm.yml", "--format", "json"],
    &["simulate", "p.yml", "--trace", "--all-labels"],
    &["simulate", "p.yml", "--format", "json", "--trace"],
    &["simulate", "p.yml", "--format", "ndjson"],
    &["simulate", "p.yml", "--target", "h:1", "--job", "http"],
    &["simulate", "p.yml", "--stage", "metric", "--series", "p.yml"],
    &["simulate", "p.yml", "--targets", "p.yml"],
    &["lint", "p.yml", "--show-all", "--unsafe-fixes", "--verbose"],
    &["lint", "p.yml", "--format", "concise"],
    &["lint", "p.yml", "--format", "json"],
    &["lint", "p.yml", "--format", "sarif"],
    &["lint", "p.yml", "--format", "github"],
    &["lint", "p.yml", "--format", "gitlab"],
    &["lint", "p.yml", "--format", "junit"],
    &["lint", "p.yml", "--diff", "--unsafe-fixes"],
    &["relabel", "--rules", "p.yml", "--job", "http"],
];

fn written(form: &str, in_url: bool) -> String {
    if in_url { MARKER.to_string() } else { form.replace('%', MARKER) }
}

/// The config with each secret written in the form chosen, and a fault at the place chosen.
fn planted(form: &str, fault: &str, place: usize) -> String {
    let mut config = String::new();
    let mut places = 0;
    for line in CONFIG.lines() {
        if line.trim() == "#!" {
            if places == place {
                config += &format!("{}\n", line.replace("#!", fault));
            }
            places += 1;
            continue;
        }
        let is_url = line.contains("@@");
        let line = if is_url { line.replace("@@", "\u{0}@") } else { line.replace('@', "\u{0}") };
        config += &line.replace('\u{0}', &written(form, is_url));
        config.push('\n');
    }
    config
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_planted_secret_is_in_no_output(
        form in prop::sample::select(&FORMS[..]),
        fault in prop::sample::select(&FAULTS[..]),
        place in 0_usize..4,
    ) {
        let config = planted(form, fault, place);
        prop_assert!(config.contains(MARKER));
        for output in outputs(&config, &RUNS) {
            prop_assert!(!output.contains(PART), "{}\n---\n{}", output, config);
        }
    }
}

#[test]
fn a_secret_over_several_lines_is_hidden_as_a_whole() {
    let config = format!(
        "scrape_configs:\n- job_name: a\n  unknown: 1\n  bearer_token: |\n    first {MARKER}\n    second {MARKER}\n  other: 2\n  basic_auth:\n    password: >-\n      {MARKER}\n      {MARKER}\n    usernam: x\n  tls_config:\n    key: \"{MARKER}\n      {MARKER}\"\n    kay: 1\n"
    );
    for output in outputs(&config, &RUNS) {
        assert!(!output.contains(PART), "{output}");
    }
}
