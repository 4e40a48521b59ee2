//! `unset` takes out what `set` has written, with all that came with it, to the byte.

use super::run::Fixture;

const LAYOUTS: [(&str, &str); 9] = [
    ("p.yml", "scrape_configs:\n  - job_name: web\n    static_configs:\n      - targets: [a:1]\n"),
    ("p.yml", "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: [a:1]\n- job_name: b\n"),
    ("p.yml", "scrape_configs: [{job_name: web, static_configs: [{targets: [a]}]}]\n"),
    ("p.yml", "scrape_configs:\r\n- job_name: web\r\n  static_configs:\r\n  - targets: [a:1]\r\n"),
    ("p.yml", "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: [a:1]"),
    (
        "p.yml",
        "kind: ConfigMap\ndata:\n  p.yml: |\n    scrape_configs:\n    - job_name: web\n      static_configs:\n      - targets: [a:1]\n",
    ),
    (
        "p.json",
        "{\n  \"scrape_configs\": [\n    {\n      \"job_name\": \"web\",\n      \"static_configs\": [\n        {\n          \"targets\": [\n            \"a:1\"\n          ]\n        }\n      ]\n    }\n  ]\n}\n",
    ),
    ("p.json", "{\r\n\t\"scrape_configs\": [\r\n\t\t{\r\n\t\t\t\"job_name\": \"web\"\r\n\t\t}\r\n\t]\r\n}\r\n"),
    ("p.json", "{\"scrape_configs\":[{\"job_name\":\"web\"}]}"),
];

const OF_JOB: [&str; 14] = [
    "tls_config.insecure_skip_verify=true",
    "params.x=[1]",
    "params.\"match[]\"=[a]",
    "basic_auth.username=u",
    "oauth2.tls_config.insecure_skip_verify=true",
    "relabel_configs[0].action=drop",
    "relabel_configs[0]={action: drop}",
    "static_configs[0].labels.env=x",
    "static_configs[1].targets=[z]",
    "http_sd_configs[0].url=http://x",
    "kubernetes_sd_configs[0].role=pod",
    "metric_relabel_configs[0].regex=x",
    "http_headers.X-A.values=[a]",
    "scrape_interval=17s",
];

const OF_CONFIG: [&str; 8] = [
    "global.scrape_interval=17s",
    "global.external_labels.a=b",
    "alerting.alertmanagers[0].scheme=https",
    "alerting.alert_relabel_configs[0].action=drop",
    "storage.tsdb.out_of_order_time_window=1h",
    "remote_write[0].url=http://x",
    "tracing.endpoint=x",
    "rule_files=[a, b]",
];

/// Sets a field and removes it; the text between, or `None` where the field cannot be set.
fn undone(name: &str, text: &str, field: &str, job: &[&str]) -> Option<String> {
    let fixture = Fixture::of_text(name, text);
    let set = fixture.run("set", &[&[field], job].concat());
    if set.status != 0 || !fixture.has_changed() {
        return None;
    }
    let between = fixture.text();
    let path = field.split_once('=').unwrap().0;
    let unset = fixture.run("unset", &[&[path], job].concat());
    assert_eq!((unset.status, fixture.text()), (0, text.to_string()), "{field}\n{between}\n{}", unset.shown());
    let again = fixture.run("unset", &[&[path], job].concat());
    assert_eq!((again.status, fixture.has_changed()), (0, false), "{field}: {}", again.shown());
    Some(between)
}

#[test]
fn a_field_that_was_set_leaves_nothing_behind() {
    let mut count = 0;
    for (name, text) in LAYOUTS {
        count += OF_JOB.iter().filter(|field| undone(name, text, field, &["--job", "web"]).is_some()).count();
        count += OF_CONFIG.iter().filter(|field| undone(name, text, field, &[]).is_some()).count();
    }
    assert!(count > 150, "only {count} fields were set");
}

#[test]
fn the_first_field_of_a_text_leaves_it_as_it_was() {
    for text in ["", "# nothing\n", "# nothing\r\n", "# nothing", "---\n", "\n\n"] {
        for field in OF_CONFIG {
            undone("p.yml", text, field, &[]);
        }
    }
    assert_eq!(
        undone("p.yml", "# nothing", "global.external_labels.a=b", &[]).as_deref(),
        Some("# nothing\nglobal:\n  external_labels:\n    a: b")
    );
}

#[test]
fn new_keys_of_a_json_text_are_in_lines_like_their_neighbors() {
    let (name, text) = LAYOUTS[6];
    let between = undone(name, text, "global.scrape_interval=30s", &[]).unwrap();
    let global = "{\n  \"global\": {\n    \"scrape_interval\": \"30s\"\n  },\n";
    assert_eq!(between, text.replacen("{\n", global, 1));
    let between = undone(name, text, "tls_config.insecure_skip_verify=true", &["--job", "web"]).unwrap();
    let tls = "\"web\",\n      \"tls_config\": {\n        \"insecure_skip_verify\": true\n      },\n";
    assert_eq!(between, text.replace("\"web\",\n", tls));
    let (name, text) = LAYOUTS[8];
    let between = undone(name, text, "global.scrape_interval=30s", &[]).unwrap();
    assert_eq!(between, text.replacen('{', "{\"global\":{\"scrape_interval\":\"30s\"},", 1));
}

#[test]
fn an_item_goes_with_its_last_field_only_if_no_other_item_gets_its_number() {
    let text = "scrape_configs:\n- job_name: web\n  relabel_configs:\n  - action: drop\n  - regex: x\n";
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("unset", &["relabel_configs[0].action", "--job", "web"]);
    assert!(outcome.status == 1 && !fixture.has_changed(), "{}", outcome.shown());
    let message = outcome.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(message.contains("`relabel_configs[0]` has nothing but `relabel_configs[0].action`"), "{message}");
    assert!(message.contains("`promcfg unset` with the path relabel_configs[0] removes the item"), "{message}");
    let outcome = fixture.run("unset", &["relabel_configs[1].regex", "--job", "web"]);
    assert_eq!(fixture.text(), text.replace("  - regex: x\n", ""), "{}", outcome.shown());
    assert!(outcome.stderr.contains("`relabel_configs[1]` is removed with its last field"), "{}", outcome.shown());
}

#[test]
fn a_field_that_decides_which_targets_discovery_finds_says_so() {
    let text = "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: app, namespace: d}\nspec:\n  selector: {}\n  endpoints:\n    - port: http\n      interval: 30s\n    - port: admin\n      interval: 30s\n";
    for (words, key) in [
        (["unset", "port"], Some("port")),
        (["set", "port=web"], Some("port")),
        (["set", "relabelings[0].action=drop"], Some("relabelings")),
        (["set", "selector.matchLabels={a: b}"], Some("selector")),
        (["set", "namespaceSelector.any=true"], Some("namespaceSelector")),
        (["set", "interval=10s"], None),
        (["set", "path=/m"], None),
    ] {
        let fixture = Fixture::of_text("sm.yml", text);
        let outcome = fixture.run(words[0], &[words[1], "--all-jobs"]);
        assert_eq!(outcome.status, 0, "{words:?}: {}", outcome.shown());
        let said = outcome.stderr.contains("decides which targets are scraped");
        assert_eq!(said, key.is_some(), "{words:?}: {}", outcome.shown());
        let wanted = key.map(|key| format!("jobs serviceMonitor/d/app/0, serviceMonitor/d/app/1: `{key}` decides"));
        assert!(wanted.is_none_or(|wanted| outcome.stderr.contains(&wanted)), "{words:?}: {}", outcome.shown());
    }
    let fixture =
        Fixture::of_text("p.yml", "scrape_configs:\n- job_name: pods\n  kubernetes_sd_configs: [{role: pod}]\n");
    let outcome = fixture.run("set", &["kubernetes_sd_configs[0].role=node", "--job", "pods"]);
    assert!(outcome.stderr.contains("job pods: `kubernetes_sd_configs` decides"), "{}", outcome.shown());
}
