//! A canary in each place of a config, a target file and an object that holds a secret, walked by all commands in all their
//! formats: it is in no output.
//!
//! Some places are data, not reports, and stay as they are: `--stdout` and written files, `relabel`, `discover`, and the
//! labels and URLs of `simulate --format json`. Patterns of relabel rules are open as well.

use std::fs;
use std::path::Path;

use super::run;

/// What is planted; each place has another number after it.
const CANARY: &str = "qZ7canary";

/// A config in which every job is sound. Each `@` is a canary.
const CONFIG: &str = r"
global: {scrape_interval: 1m}
scrape_configs:
- job_name: labels
  static_configs:
  - targets: ['h:1', 'h:2']
    labels: {token: @, env: prod, db_password: '@', link: 'http://me:@@x/', auth: 'Bearer @'}
  - targets: ['h:3']
    labels:
      api_key: @
      secret: @
- job_name: params
  params: {token: [@], api_key: ['@', x], module: [m]}
  metrics_path: /m
  static_configs: [{targets: ['h:4'], labels: {__param_access_token: @, client_secret: @, env: prod}}]
- job_name: http
  basic_auth: {username: me, password: @}
  http_headers: {X-Auth: {secrets: [@]}, Private-Token: {values: [@]}}
  proxy_url: http://me:@@proxy:8080/
  proxy_connect_header: {Proxy-Authorization: [@]}
  tls_config: {key: @, cert: x}
  static_configs: [{targets: ['h:5'], labels: {env: prod}}]
- job_name: bearer
  authorization: {credentials: @}
  static_configs: [{targets: ['h:6'], labels: {password: @}}]
- job_name: rules
  static_configs: [{targets: ['h:7'], labels: {token: @, env: prod}}]
  relabel_configs:
  - {target_label: session_token, replacement: @}
  - {source_labels: [token], target_label: copied}
  - {source_labels: [token], target_label: __metrics_path__, replacement: /x/$1/y}
  metric_relabel_configs:
  - {target_label: api_token, replacement: @}
- job_name: files
  file_sd_configs: [{files: [t.yml, t.json]}]
- job_name: urls
  http_sd_configs: [{url: 'http://sd/x?token=@&a=b'}]
remote_write:
- url: http://me:@@host/api?api_key=@
  sigv4: {access_key: x, secret_key: @}
";

const TARGETS: [(&str, &str); 2] = [
    ("t.yml", "- {targets: ['f:1'], labels: {token: @, env: prod}}\n"),
    ("t.json", "[{\"targets\": [\"f:2\"], \"labels\": {\"password\": \"@\", \"env\": \"prod\"}}]\n"),
];

/// Faults are cited with the texts beside them.
const BROKEN: &str = r"
scrape_configs:
- job_name: a
  params: {token: [@], unknown: 1}
  static_configs:
  - {targets: ['http://h:1/m?token=@', 'http://me:@@h/'], labels: {token: @, env: 1.5}}
  - {targets: ['h:1'], labels: {token: @}, password: @}
  relabel_configs: [{target_label: token, replacement: @, action: kep}, {target_lab: token, replacement: x}]
  bearer_token: @
  authorization: {credentials: @}
";

/// Objects of prometheus-operator and a Secret.
const OBJECTS: &str = r"
apiVersion: v1
kind: Secret
metadata: {name: creds, namespace: ns}
stringData: {token: @, prometheus.yml: 'scrape_configs: [{job_name: a, basic_auth: {password: @}, static_configs: [{targets: [h], labels: {token: @}}]}]'}
---
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: p, namespace: ns}
spec: {scrapeConfigSelector: {}, serviceMonitorSelector: {}, externalLabels: {env: prod}}
---
apiVersion: monitoring.coreos.com/v1alpha1
kind: ScrapeConfig
metadata: {name: s, namespace: ns}
spec:
  staticConfigs: [{targets: ['o:1'], labels: {token: @, env: prod}}]
  params: {token: [@]}
  proxyUrl: http://me:@@proxy:80/
  relabelings: [{targetLabel: session_token, replacement: @}]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: m, namespace: ns}
spec: {selector: {}, endpoints: [{port: web, params: {api_key: [@]}, proxyUrl: 'http://me:@@proxy:80/'}]}
";

/// A text with another canary for each `@`; `@@` is one before the sign of a URL.
fn planted(text: &str, count: &mut usize) -> String {
    let mut planted = String::new();
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if c != '@' {
            planted.push(c);
            continue;
        }
        *count += 1;
        planted.push_str(&format!("{CANARY}{count}"));
        if characters.peek() == Some(&'@') {
            characters.next();
            planted.push('@');
        }
    }
    planted
}

fn plant(folder: &Path) {
    let mut count = 0;
    let mut write = |name: &str, text: &str| {
        fs::write(folder.join(name), planted(text, &mut count)).expect("the file can be written");
    };
    write("p.yml", CONFIG);
    write("broken.yml", BROKEN);
    write("o.yml", OBJECTS);
    TARGETS.iter().for_each(|(name, text)| write(name, text));
    write("cm.yml", &format!("kind: ConfigMap\ndata:\n  p.yml: |\n    {}\n", CONFIG.trim().replace('\n', "\n    ")));
    write("page.txt", "up 1\nx{password=\"@\",env=\"a\"} 1\nhttp_total{token=\"@\"} 2\n");
    assert!(count > 60, "{count}");
}

/// The arguments of a command after its config; every edit command is among them.
const EDITS: [&[&str]; 44] = [
    &["add-label", "a=b", "--all-jobs"],
    &["add-label", "a=b", "--all-jobs", "--method", "relabel"],
    &["add-label", "token=NEW", "--all-jobs", "--overwrite"],
    &["add-label", "token=NEW", "--job", "labels"],
    &["add-label", "token=NEW", "--all-jobs", "--method", "relabel", "--overwrite"],
    &["add-label", "copy", "--from", "token", "--all-jobs"],
    &["add-label", "x", "--from", "token", "--regex", "(.).*", "--all-jobs"],
    &["add-label", "session_token=NEW", "--job", "rules"],
    &["add-label", "a=b", "--all-jobs", "--stage", "metric", "--series", "page.txt"],
    &["add-label", "a=b", "--all-jobs", "--where", "token=nothing"],
    &["remove-label", "token", "--all-jobs"],
    &["remove-label", "db_password", "api_key", "secret", "password", "--all-jobs", "--force"],
    &["remove-label", "session_token", "copied", "--job", "rules"],
    &["remove-label", "api_token", "--job", "rules", "--stage", "metric"],
    &["rename-label", "token", "tok", "--all-jobs"],
    &["rename-label", "env", "token", "--all-jobs"],
    &["rename-label", "copied", "plain", "--all-jobs"],
    &["drop-label", "token", "--all-jobs"],
    &["keep-label", "env", "--all-jobs", "--force"],
    &["map-labels", "tok", "--all-jobs"],
    &["add-target", "n:1", "--job", "labels", "--label", "token=NEW"],
    &["add-target", "n:1", "--job", "labels"],
    &["add-target", "n:1", "--job", "files"],
    &["remove-target", "h:1", "--job", "labels"],
    &["move-target", "h:3", "--to", "params"],
    &["move-target", "h:1", "--to-file", "new.yml"],
    &["drop-target", "--where", "env=prod", "--all-jobs"],
    &["keep-target", "--where", "token=.+", "--all-jobs"],
    &["keep-target", "--shard", "0/2", "--all-jobs", "--force"],
    &["add-job", "n", "--preset", "static", "--target", "n:1"],
    &["remove-job", "labels", "params"],
    &["rename-job", "labels", "n"],
    &["copy-job", "labels", "n"],
    &["drop-metric", "x", "--all-jobs", "--series", "page.txt"],
    &["keep-metric", "up", "x", "--all-jobs", "--series", "page.txt"],
    &["limit", "--samples", "5", "--all-jobs"],
    &["limit", "--label-value-length", "1", "--all-jobs", "--series", "page.txt"],
    &["set", "params.token=[NEW]", "--job", "params"],
    &["set", "params.module=[n]", "--job", "params"],
    &["set", "metrics_path=/n", "--all-jobs"],
    &["set", "static_configs[0].labels.token=NEW", "--job", "labels"],
    &["unset", "params.token", "--job", "params"],
    &["unset", "params", "--all-jobs"],
    &["fmt"],
];

/// Commands that show; each is run on all files.
const SHOWS: [&[&str]; 18] = [
    &["list-targets"],
    &["list-targets", "--format", "json"],
    &["simulate"],
    &["simulate", "--trace", "--all-labels"],
    &["simulate", "--target", "h:1", "--job", "labels", "--trace"],
    &["simulate", "--stage", "metric", "--series", "page.txt", "--trace"],
    &["lint", "--show-all", "--verbose"],
    &["lint", "--format", "json"],
    &["lint", "--format", "concise"],
    &["lint", "--format", "sarif"],
    &["lint", "--format", "github"],
    &["lint", "--format", "gitlab"],
    &["lint", "--format", "junit"],
    &["lint", "--diff", "--unsafe-fixes"],
    &["render"],
    &["render", "--format", "json"],
    &["render", "--unselected"],
    &["add-endpoint", "--object", "servicemonitor/ns/m", "--port", "x", "--dry-run"],
];

/// The lines of the output of a command that show a canary, after the command.
fn shown_by(folder: &Path, command: &[&str]) -> Option<String> {
    let output = run(folder, command).replace("NEW", CANARY);
    let cut = |line: &str| line.chars().take(400).collect::<String>();
    let lines: Vec<String> = output.lines().filter(|line| line.contains(CANARY)).take(5).map(cut).collect();
    (!lines.is_empty()).then(|| format!("{command:?}\n{}", lines.join("\n")))
}

/// The configs of all kinds.
const FILES: [&str; 5] = ["p.yml", "cm.yml", "o.yml", "t.yml", "broken.yml"];

#[test]
fn no_edit_command_shows_a_secret() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    plant(folder.path());
    let mut shown = Vec::new();
    for config in FILES {
        for edit in EDITS {
            let command = |more: &[&'static str]| [&edit[..1], &[config], &edit[1..], more].concat();
            shown.extend(shown_by(folder.path(), &command(&["--dry-run"])));
            shown.extend(shown_by(folder.path(), &command(&["--dry-run", "--format", "json"])));
            if config == "p.yml" {
                shown.extend(shown_by(folder.path(), &command(&["--check"])));
                shown.extend(shown_by(folder.path(), &command(&[])));
                // Once more, when it is done.
                shown.extend(shown_by(folder.path(), &command(&[])));
                plant(folder.path());
            }
        }
    }
    assert!(shown.is_empty(), "{}", shown.join("\n"));
}

#[test]
fn no_other_command_shows_a_secret() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    plant(folder.path());
    let runs = FILES.iter().flat_map(|config| SHOWS.map(|show| [&show[..1], &[*config], &show[1..]].concat()));
    let shown: Vec<String> = runs.filter_map(|command| shown_by(folder.path(), &command)).collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
}

#[test]
fn what_is_beside_a_secret_is_shown() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    plant(folder.path());
    let shown = run(folder.path(), &["set", "p.yml", "params.module=[n]", "--job", "params", "--dry-run"]);
    let expected = [
        "-  params: {token: <secret>, api_key: <secret>, module: [m]}",
        "&api_key=<secret>&module=n&token=<secret>; nothing else changes",
        "job params: params.module is ['n'], was [m]",
    ];
    for part in expected {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    let listed = run(folder.path(), &["list-targets", "p.yml", "--job", "labels"]);
    assert!(listed.contains("env=\"prod\"") && listed.contains("token=\"<secret>\""), "{listed}");
}

#[test]
fn data_stays_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    plant(folder.path());
    for command in
        [&["simulate", "p.yml", "--format", "json"][..], &["add-label", "p.yml", "a=b", "--all-jobs", "--stdout"]]
    {
        assert!(run(folder.path(), command).contains(&format!("{CANARY}1")), "{command:?}");
    }
}
