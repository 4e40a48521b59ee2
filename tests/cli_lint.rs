//! Real runs of `promcfg lint` as a repository, an editor or a forge makes them.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with files, and runs of the tool in it.
struct Folder {
    folder: TempDir,
}

/// How a run ended, and what it printed.
#[derive(Debug, PartialEq, Eq)]
struct Run {
    status: i32,
    stdout: String,
    stderr: String,
}

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let folder = Self { folder };
        // The search for settings ends here, whatever lies above.
        fs::create_dir(folder.folder.path().join(".git")).expect("the folder can be made");
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("has a parent")).expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.run_as(arguments, "", &[])
    }

    fn run_as(&self, arguments: &[&str], input: &str, environment: &[(&str, &str)]) -> Run {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("promcfg"));
        command.arg("lint").args(arguments).current_dir(self.folder.path()).env_clear().env("LC_ALL", "C.UTF-8");
        command.envs(environment.iter().copied());
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = pipes.spawn().expect("the tool starts");
        let mut stdin = child.stdin.take().expect("stdin is a pipe");
        // The tool may end without reading its input.
        let _closed = stdin.write_all(input.as_bytes());
        drop(stdin);
        let output = child.wait_with_output().expect("the tool ends");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is text");
        let status = output.status.code().expect("it ends by itself");
        Run { status, stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// A config with a dozen findings: of every severity, in jobs and outside of them, with a second
/// place, over several lines, beside a secret, twice the same in one file.
const DOZEN: &str = r#"global:
  scrape_interval: 15
scrape_configs:
  - job_name: größe <&"'>
    basic_auth: {username: me, password: hunter2, usernam: you}
    relabel_configs:
      - {source_labels: [env], regex: '(?!dev).*', action: keep}
      - {source_labels: [env], action: kep}
      - {source_labels: [env], action: kep}
  - job_name: web
    scrape_timout: 5s
    static_configs:
      - targets: ['10.0.0.1:9100', '10.0.0.1:9100']
      - targets: [http://10.0.0.2]
  - job_name: web
    params: [a,
      b]
  - metrics_path: 100%
    relabel_configs:
      - action: hashmod
        source_labels: [__address__]
        target_label: shard
remote_write:
  - url: 'http://me:hunter2@:99999/'
---
next: document
"#;

#[test]
fn every_form_tells_the_same_dozen_findings() {
    let folder = Folder::new(&[("conf/a b.yml", DOZEN), ("conf/clean.yml", "scrape_configs: []\n")]);
    for format in ["human", "concise", "json", "github", "gitlab", "junit"] {
        let run = folder.run(&["conf", "--format", format]);
        assert_eq!((run.status, run.stderr.as_str()), (1, ""), "{format}");
        assert!(!run.stdout.contains("hunter2"), "{format} shows a secret");
        insta::assert_snapshot!(format, run.stdout);
    }
}

#[test]
fn sarif_tells_the_dozen_findings_and_the_rules_behind_them() {
    let folder = Folder::new(&[("conf/a b.yml", DOZEN), ("conf/clean.yml", "scrape_configs: []\n")]);
    let run = folder.run(&["conf", "--format", "sarif"]);
    assert_eq!((run.status, run.stderr.as_str()), (1, ""));
    assert!(!run.stdout.contains("hunter2"), "a secret is shown");
    let mut log: Value = serde_json::from_str(&run.stdout).expect("is JSON");
    for result in log["runs"][0]["results"].as_array().expect("is a list") {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("is a number")).expect("is small");
        assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
        let region = &result["locations"][0]["physicalLocation"]["region"];
        for name in ["startLine", "startColumn", "endLine", "endColumn"] {
            assert!(region[name].as_u64() >= Some(1), "{result}");
        }
    }
    let driver = &mut log["runs"][0]["tool"]["driver"];
    for name in ["version", "semanticVersion"] {
        assert_eq!(driver[name].take(), env!("CARGO_PKG_VERSION"));
    }
    for rule in driver["rules"].as_array_mut().expect("is a list") {
        let (id, help) = (rule["id"].clone(), rule["help"].take());
        let title = format!("# {}\n", id.as_str().expect("is a text"));
        assert!(help["markdown"].as_str().expect("is a text").starts_with(&title), "{id}");
        assert_eq!(help["markdown"], help["text"]);
    }
    insta::assert_json_snapshot!("sarif", log);
}

const UNKNOWN: &str = "scrape_configs:\n- job_name: a\n  scrape_timout: 5s\n---\nx: 1\n";

/// The lines of a run in the concise form, and its status.
fn concise(folder: &Folder, arguments: &[&str]) -> (i32, Vec<String>) {
    let run = folder.run(&[arguments, &["--format", "concise"]].concat());
    assert_eq!(run.stderr, "", "{arguments:?}");
    let place_and_rule = |line: &str| {
        let (place, rest) = line.split_once(": ").expect("has a place");
        let severity = rest.split(':').next().expect("has a severity");
        let rule = rest.rsplit('[').next().expect("has a rule").trim_end_matches(']');
        format!("{place} {severity} {rule}")
    };
    (run.status, run.stdout.lines().map(place_and_rule).collect())
}

#[test]
fn settings_say_which_findings_are_wanted_in_which_files_and_how_bad_they_are() {
    let settings = "\
ignore = ['ignored-documents']

[severity]
unknown-field = 'warning'

[[overrides]]
files = ['staging/']
select = ['ignored-documents']
severity = { ignored-documents = 'info' }
";
    let files = [("promcfg.toml", settings), ("prod/p.yml", UNKNOWN), ("staging/a/p.yml", UNKNOWN)];
    let folder = Folder::new(&files);
    let (prod, staging) = ("prod/p.yml:3:3 warning unknown-field", "staging/a/p.yml:4:1 info ignored-documents");
    assert_eq!(concise(&folder, &[]), (1, vec![prod.to_string(), staging.to_string()]));
    assert_eq!(concise(&folder, &["staging"]), (0, vec![staging.to_string()]));
    // The command line goes on top.
    let ignored = "prod/p.yml:4:1 warning ignored-documents";
    let selected = concise(&folder, &["prod", "--select", "ignored-documents"]);
    assert_eq!(selected, (1, vec![ignored.to_string()]));
    assert_eq!(concise(&folder, &["prod", "--ignore", "unknown-field"]), (0, vec![]));
    assert_eq!(concise(&folder, &["staging", "--fail-on", "info"]).0, 1);
    assert_eq!(concise(&folder, &["prod", "--fail-on", "error"]).0, 0);
}

#[test]
fn the_nearest_settings_on_the_way_up_to_the_repository_hold_for_a_file() {
    let folder = Folder::new(&[
        ("promcfg.toml", "fail-on = 'error'\n"),
        ("near/promcfg.toml", "ignore = ['unknown-field']\n"),
        ("near/a/p.yml", UNKNOWN),
        ("far/p.yml", UNKNOWN),
        ("other/.git", "gitdir: elsewhere\n"),
        ("other/a/p.yml", UNKNOWN),
    ]);
    let found = |path: &str| concise(&folder, &[path]);
    let near = vec!["near/a/p.yml:4:1 warning ignored-documents".to_string()];
    assert_eq!(found("near/a/p.yml"), (1, near));
    // In `far` only errors fail.
    let far = concise(&folder, &["far/p.yml", "--ignore", "unknown-field"]);
    assert_eq!(far, (0, vec!["far/p.yml:4:1 warning ignored-documents".to_string()]));
    // `other` is a repository of its own: the settings above it are not for it.
    assert_eq!(concise(&folder, &["other", "--ignore", "unknown-field"]).0, 1);
    // Each finding is judged by the settings of its own file.
    assert_eq!(concise(&folder, &["far", "near", "--ignore", "unknown-field"]).0, 1);
    assert_eq!(concise(&folder, &["far", "--ignore", "unknown-field"]).0, 0);
    // Standard input is judged by the name it is given.
    let stdin = ["-", "--stdin-filename", "near/x.yml", "--format", "concise"];
    assert_eq!(folder.run_as(&stdin, UNKNOWN, &[]).stdout.lines().count(), 1);
    assert_eq!(folder.run_as(&["-", "--format", "concise"], UNKNOWN, &[]).stdout.lines().count(), 2);
}

#[test]
fn what_is_excluded_is_not_linted_even_when_it_is_named() {
    let folder = Folder::new(&[
        ("promcfg.toml", "exclude = ['vendor/', '*.gen.yml', '/top/p.yml']\n"),
        ("a/vendor/p.yml", UNKNOWN),
        ("a/p.gen.yml", UNKNOWN),
        ("top/p.yml", UNKNOWN),
        ("a/top/p.yml", UNKNOWN),
        ("main.yml", "scrape_config_files: [top/*.yml]\n"),
    ]);
    let all = concise(&folder, &["--select", "unknown-field"]);
    assert_eq!(all, (1, vec!["a/top/p.yml:3:3 error unknown-field".to_string()]));
    let run = folder.run(&["a/vendor/p.yml", "./a/../top/p.yml"]);
    let note = "note: promcfg.toml excludes 2 files; no file was linted\n";
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (0, "", note));
    let excluded = ["-", "--stdin-filename", "a/p.gen.yml"];
    assert_eq!(folder.run_as(&excluded, UNKNOWN, &[]).status, 0);
}

#[test]
fn every_fault_of_the_settings_is_told_with_its_place() {
    let settings = "\
selct = ['invalid-regex']
ignore = ['invalid-regx', 7]
fail-on = 'warn'
exclude = ['a', '[b']
severity = { nonsense = 'error', unknown-field = 'critical' }

[[overrides]]
fail-on = 'error'

[[overrides]]
files = 'a'
select = 'invalid-regex'
";
    let folder = Folder::new(&[("promcfg.toml", settings), ("conf/p.yml", UNKNOWN), ("good/promcfg.toml", "")]);
    folder.write("good/p.yml", UNKNOWN);
    let run = folder.run(&["--format", "concise"]);
    assert_eq!(run.status, 2);
    insta::assert_snapshot!("settings_faults", run.stderr);
    // What the settings hold for is not linted; all else is.
    assert!(run.stdout.lines().all(|line| line.starts_with("good/p.yml")) && !run.stdout.is_empty());
    folder.write("promcfg.toml", "select = [\nignore = []\n\n[severity\n");
    insta::assert_snapshot!("settings_no_toml", folder.run(&["conf/p.yml"]).stderr);
}

#[test]
fn rules_are_selected_by_lists_and_patterns() {
    let folder = Folder::new(&[("p.yml", DOZEN)]);
    let ids = |arguments: &[&str]| {
        let (_, lines) = concise(&folder, arguments);
        let mut ids: Vec<String> = lines.iter().filter_map(|line| Some(line.rsplit_once(' ')?.1.to_string())).collect();
        ids.dedup();
        ids.sort();
        ids.dedup();
        ids
    };
    assert_eq!(ids(&["--select", "unknown-field,ignored-documents"]), ["ignored-documents", "unknown-field"]);
    let invalid = ids(&["--select", "invalid-*"]);
    assert!(invalid.len() > 2 && invalid.iter().all(|id| id.starts_with("invalid-")), "{invalid:?}");
    let others = ids(&["--ignore", "invalid-*, *-field"]);
    assert!(!others.is_empty() && others.iter().all(|id| !id.starts_with("invalid-") && !id.ends_with("-field")));
    assert_eq!(ids(&["--select", "invalid-*", "--ignore", "invalid-*"]), Vec::<String>::new());
    assert_eq!(ids(&["--select", "*"]), ids(&[]));
    let failed = |list: &str| {
        let run = folder.run(&["--select", list]);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""));
        run.stderr
    };
    assert_eq!(
        failed("invald-*"),
        "error: the pattern \"invald-*\" matches no rule\n  help: the nearest rule is invalid-action\n"
    );
    assert_eq!(
        failed("unknown-field,invalid-regx"),
        "error: unknown rule \"invalid-regx\"\n  help: did you mean invalid-regex?\n"
    );
    assert_eq!(failed("invalid"), "error: unknown rule \"invalid\"\n  help: did you mean the pattern 'invalid-*'?\n");
}

#[test]
fn settings_have_patterns_of_rules() {
    let settings = "select = ['unknown-*', 'ignored-*']\n[severity]\nignored-documents = 'error'\n'*' = 'info'\n";
    let folder = Folder::new(&[("promcfg.toml", settings), ("p.yml", UNKNOWN)]);
    let found = ["p.yml:3:3 info unknown-field", "p.yml:4:1 error ignored-documents"];
    assert_eq!(concise(&folder, &["p.yml"]), (1, found.map(ToString::to_string).to_vec()));
    folder.write("promcfg.toml", "ignore = ['ignored-*,unknown-*']\n");
    assert_eq!(concise(&folder, &["p.yml"]), (0, vec![]));
    folder.write("promcfg.toml", "ignore = ['ignord-doc*']\n");
    let error = "error: promcfg.toml:1:11: the pattern \"ignord-doc*\" matches no rule\n  help: the nearest rule is ignored-documents\n";
    assert_eq!(folder.run(&["p.yml"]).stderr, error);
}

#[test]
fn statistics_count_the_findings_of_each_rule() {
    let rule = "    - {source_labels: [__address__], regex: ^(.+):9100$, replacement: $1_x, target_label: host}\n";
    let config = format!(
        "scrape_configs:\n- job_name: a\n  scrape_timout: 5s\n  static_configs: [{{targets: ['h:9100']}}]\n- job_name: b\n  static_configs: [{{targets: ['h:9100']}}]\n  relabel_configs:\n{rule}{}",
        rule.replace("host", "name")
    );
    let folder = Folder::new(&[("p.yml", &config)]);
    let run = folder.run(&["--statistics", "p.yml"]);
    let table = "\
count  rule              severity  fixable
    2  misread-group     warning   2 unsafe
    1  redundant-anchor  info      1
    1  unknown-field     error     -
";
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (1, table, ""));
    assert_eq!(folder.run(&["--statistics", "--exit-zero", "p.yml", "--format", "concise"]).stdout, table);
    let json = folder.run(&["--statistics", "--output-format", "json", "p.yml"]).stdout;
    let json: Value = serde_json::from_str(&json).expect("is JSON");
    let fixable = serde_json::json!({ "safe": 0, "unsafe": 2 });
    let first = serde_json::json!({ "rule": "misread-group", "severity": "warning", "count": 2, "fixable": fixable });
    assert_eq!((&json["version"], &json["files"], &json["statistics"][0]), (&1.into(), &1.into(), &first));
    assert_eq!(json["statistics"].as_array().map(Vec::len), Some(3));
    let run = folder.run(&["--statistics", "--format", "sarif", "p.yml"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("use --statistics with --format human, concise or json"), "{}", run.stderr);
    let field = |index: usize| format!("x{index}: 1\n");
    folder.write("q.yml", &format!("scrape_configs: []\n{}", (0..1500).map(field).collect::<String>()));
    let all = "count  rule           severity  fixable\n 1500  unknown-field  error     -\n";
    assert_eq!(folder.run(&["--statistics", "q.yml"]).stdout, all);
}

#[test]
fn exit_zero_hides_findings_but_not_failures() {
    let folder = Folder::new(&[("p.yml", UNKNOWN)]);
    let zero = folder.run(&["--exit-zero", "p.yml"]);
    assert_eq!((zero.status, zero.stdout), (0, folder.run(&["p.yml"]).stdout));
    assert_eq!(folder.run(&["--exit-zero", "p.yml", "none.yml"]).status, 2);
    assert_eq!(folder.run(&["--exit-zero", "--select", "nonsense"]).status, 2);
}

#[test]
fn an_empty_config_is_reported_when_it_is_named() {
    let folder = Folder::new(&[
        ("e.yml", ""),
        ("c.yml", "# later\n"),
        ("overlay/patch.yml", "\n"),
        ("overlay/prometheus.yml", ""),
    ]);
    let found = |path: &str| concise(&folder, &[path]).1;
    assert_eq!(found("e.yml"), ["e.yml:1:1 info empty-config"]);
    assert_eq!(found("c.yml"), ["c.yml:1:1 info empty-config"]);
    assert_eq!(found("overlay"), ["overlay/prometheus.yml:1:1 info empty-config"]);
    assert_eq!(
        folder.run_as(&["-", "--format", "concise"], "", &[]).stdout,
        "<stdin>:1:1: info: the config is empty [empty-config]\n"
    );
}

#[test]
fn the_schema_of_the_settings_is_the_one_that_is_shipped() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/promcfg.schema.json");
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("promcfg"));
    let output = command.args(["debug", "settings-schema"]).output().expect("the tool runs");
    let actual = String::from_utf8(output.stdout).expect("is text");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &actual).expect("can be written");
    }
    let shipped = fs::read_to_string(&path).expect("can be read");
    assert!(shipped == actual, "run `UPDATE=1 cargo test --test tests cli_lint`");
}

#[test]
fn the_result_does_not_depend_on_the_number_of_threads() {
    let folder = Folder::new(&[
        // Both read the same fragments; one is a fragment itself.
        ("a.yml", "global: {scrape_interval: 5s}\nscrape_config_files: [jobs/*.yml, z.yml]\n"),
        ("m.yml", "scrape_config_files: [jobs/1*.yml]\nscrape_configs: [{job_name: m, scrape_timout: 1s}]\n"),
        ("z.yml", "scrape_configs: [{job_name: z, scrape_timeout: 7s}]\n# scrape_config_files\n"),
        ("t.json", "[{\"targets\":[\"h:1\"],\"lables\":{}}]"),
    ]);
    for index in 0..40 {
        // Too long for the interval of `a.yml`; fine with the default one.
        let job = format!("scrape_configs: [{{job_name: j{index}, scrape_timeout: 8s}}]\n");
        folder.write(&format!("jobs/{index}.yml"), &job);
        let targets = "file_sd_configs: [{files: [../t.json]}]";
        let config = format!("scrape_configs:\n- job_name: p\n  {targets}\n- job_nam: x\n");
        folder.write(&format!("other/p{index}.yml"), &config);
    }
    for format in ["human", "json", "gitlab", "junit"] {
        let one = folder.run_as(&["--format", format], "", &[("RAYON_NUM_THREADS", "1")]);
        assert_eq!(one.status, 1);
        for threads in ["2", "7"] {
            let many = folder.run_as(&["--format", format], "", &[("RAYON_NUM_THREADS", threads)]);
            assert_eq!(one, many, "{format} with {threads} threads");
        }
    }
    let found = concise(&folder, &[]).1;
    let timeouts = found.iter().filter(|line| line.ends_with("error invalid-scrape-timeout")).count();
    assert_eq!(timeouts, 41, "fragments are read with the globals of the config that includes them: {found:#?}");
    assert_eq!(found.iter().filter(|line| line.starts_with("t.json:")).count(), 1);
}

#[test]
fn repeated_findings_of_severity_info_are_drawn_once_and_only_for_people() {
    let rule = |index: usize| format!("  - {{source_labels: [x{index}], target_label: y{index}}}\n");
    let rules: String = (0..15).map(rule).collect();
    let config =
        format!("scrape_configs:\n- job_name: a\n  static_configs: [{{targets: [h:1]}}]\n  relabel_configs:\n{rules}");
    let folder = Folder::new(&[("p.yml", &config)]);
    let drawn = |arguments: &[&str]| folder.run(arguments).stdout.matches("info[unknown-source-label]").count();
    assert_eq!((drawn(&["p.yml"]), drawn(&["p.yml", "--show-all"])), (1, 15));
    let text = folder.run(&["p.yml"]).stdout;
    assert!(text.contains("\n  and 14 more: lines 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, ...\n"), "{text}");
    assert!(text.ends_with("\n1 file: 15 infos\n"), "{text}");
    assert_eq!(concise(&folder, &["p.yml"]).1.len(), 15);
}

#[test]
fn the_findings_of_a_rule_in_a_file_have_a_bound_and_all_are_counted() {
    let field = |index: usize| format!("x{index}: 1\n");
    let config = format!("scrape_configs: []\n{}", (0..10_500).map(field).collect::<String>());
    let folder = Folder::new(&[("p.yml", &config)]);
    let text = folder.run(&["p.yml"]).stdout;
    let end = "note: p.yml: 9500 more findings of `unknown-field` are not shown\n1 file: 10500 errors\n";
    assert!(text.ends_with(end), "{}", &text[text.len() - 200..]);
    let json: Value = serde_json::from_str(&folder.run(&["p.yml", "--format", "json"]).stdout).expect("is JSON");
    assert_eq!(json["findings"].as_array().map(Vec::len), Some(1000));
    let omitted = serde_json::json!([{ "rule": "unknown-field", "file": "p.yml", "count": 9500 }]);
    assert_eq!(json["omitted"], omitted);
}
