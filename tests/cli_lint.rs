//! Real runs of `promcfg lint` as a repository, an editor or a forge makes them.

#![cfg(feature = "cli")]

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
