//! `promcfg lint --fix`: what is mended, what is left, and what is written.

use std::fs;
use std::process::{Command, Stdio};

use tempfile::TempDir;

const CONFIG: &str = "\
scrape_configs:
  - job_name: web   # the shop
    static_configs:
      - targets: ['10.0.0.1:9100', '10.0.0.2:9100']
    relabel_configs:
      # without the port
      - source_labels: [__address__]
        regex: ^(.+):9100$
        replacement: $1_x
        target_label: host
        separator: ;
      - {source_labels: [host], regex: 'x', action: drop, replacement: $1}
";

const SAFELY_FIXED: &str = "\
scrape_configs:
  - job_name: web   # the shop
    static_configs:
      - targets: ['10.0.0.1:9100', '10.0.0.2:9100']
    relabel_configs:
      # without the port
      - source_labels: [__address__]
        regex: (.+):9100
        replacement: $1_x
        target_label: host
      - {source_labels: [host], regex: 'x', action: drop}
";

struct Folder(TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        for (name, text) in files {
            fs::write(folder.path().join(name), text).expect("the file can be written");
        }
        Self(folder)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.0.path().join(name)).expect("the file can be read")
    }

    /// Status, stdout and stderr.
    fn lint(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = Command::new(assert_cmd::cargo::cargo_bin!("promcfg"))
            .arg("lint")
            .args(arguments)
            .current_dir(self.0.path())
            .env_clear()
            .stdin(Stdio::null())
            .output()
            .expect("the tool runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is text");
        (output.status.code().expect("it ends by itself"), text(output.stdout), text(output.stderr))
    }
}

#[test]
fn safe_fixes_are_written_and_what_is_left_is_told() {
    let folder = Folder::with(&[("p.yml", CONFIG)]);
    let (status, out, err) = folder.lint(&["--fix", "--format", "concise", "p.yml"]);
    assert_eq!(folder.text("p.yml"), SAFELY_FIXED);
    assert_eq!(err, "note: 2 fixes made in 1 file: 1 redundant-anchor, 1 redundant-default\n");
    assert_eq!(
        out,
        "p.yml:9:22: warning: job web: relabel_configs[0]: `$1_x` refers to a group named `1_x`, which does not exist, so the rule removes `host` [misread-group]\n"
    );
    assert_eq!(status, 1);
    let (_, _, err) = folder.lint(&["--fix", "--format", "concise", "p.yml"]);
    assert_eq!((folder.text("p.yml").as_str(), err.as_str()), (SAFELY_FIXED, ""), "a second run changes nothing");
}

#[test]
fn unsafe_fixes_are_made_only_when_asked_for() {
    let folder = Folder::with(&[("p.yml", CONFIG)]);
    let (status, out, _) = folder.lint(&["--fix", "--unsafe-fixes", "p.yml", "--quiet"]);
    assert_eq!((status, out.as_str()), (0, ""));
    assert_eq!(folder.text("p.yml"), SAFELY_FIXED.replace("$1_x", "${1}_x"));
}

#[test]
fn unsafe_fixes_alone_are_marked_and_nothing_is_written() {
    let folder = Folder::with(&[("p.yml", CONFIG)]);
    let (status, without, _) = folder.lint(&["p.yml"]);
    assert_eq!(status, 1);
    assert!(
        without.contains("warning[misread-group]: ") && without.contains("info[redundant-anchor][*]: "),
        "{without}"
    );
    assert!(without.ends_with("2 fixable with --fix, 1 more with --fix --unsafe-fixes\n"), "{without}");
    let (status, with, err) = folder.lint(&["--unsafe-fixes", "p.yml"]);
    assert_eq!((status, err.as_str(), folder.text("p.yml").as_str()), (1, "", CONFIG));
    assert!(
        with.contains("warning[misread-group][unsafe fix]: ") && with.contains("info[redundant-anchor][*]: "),
        "{with}"
    );
    let (_, concise, _) = folder.lint(&["--unsafe-fixes", "--format", "concise", "p.yml"]);
    let marked: Vec<&str> = concise.lines().filter(|line| line.ends_with(" [misread-group] (unsafe fix)")).collect();
    assert_eq!((marked.len(), concise.matches("unsafe").count()), (1, 1), "{concise}");
    // A difference that only the unsafe fix makes.
    let (status, diff, _) = folder.lint(&["--diff", "--unsafe-fixes", "p.yml"]);
    assert!(status == 1 && diff.contains("+        replacement: ${1}_x\n"), "{diff}");
    assert_eq!(folder.text("p.yml"), CONFIG);
}

#[test]
fn check_lists_the_files_that_would_change_and_nothing_else() {
    let folder = Folder::with(&[("a.yml", CONFIG), ("b.yml", "scrape_configs: []\n"), ("c.yml", CONFIG)]);
    for arguments in [&["--fix", "--check", "."][..], &["--check", "."], &["--check", "--quiet", "."]] {
        let outcome = folder.lint(arguments);
        assert_eq!(outcome, (1, "a.yml\nc.yml\n".to_string(), String::new()), "{arguments:?}");
    }
    assert_eq!(folder.text("a.yml"), CONFIG);
    folder.lint(&["--fix", "."]);
    assert_eq!(folder.lint(&["--check", "."]), (0, String::new(), String::new()));
    assert_eq!(folder.lint(&["--check", "--unsafe-fixes", "a.yml"]).1, "a.yml\n");
    assert_eq!(folder.lint(&["--check", "--unsafe-fixes", "--exit-zero", "a.yml"]).0, 0);
}

#[test]
fn quiet_prints_no_diff() {
    let folder = Folder::with(&[("p.yml", CONFIG)]);
    assert_eq!(folder.lint(&["--diff", "--quiet", "p.yml"]), (1, String::new(), String::new()));
}

#[test]
fn a_diff_shows_what_would_change_and_writes_nothing() {
    let folder = Folder::with(&[("p.yml", CONFIG)]);
    let (status, out, err) = folder.lint(&["--diff", "p.yml"]);
    assert_eq!((status, folder.text("p.yml").as_str()), (1, CONFIG));
    assert_eq!(err, "note: 2 fixes would be made in 1 file: 1 redundant-anchor, 1 redundant-default\n");
    assert_eq!(
        out,
        "--- p.yml\n+++ p.yml\n@@ -5,8 +5,7 @@\n     relabel_configs:\n       # without the port\n       - source_labels: [__address__]\n-        regex: ^(.+):9100$\n+        regex: (.+):9100\n         replacement: $1_x\n         target_label: host\n-        separator: ;\n-      - {source_labels: [host], regex: 'x', action: drop, replacement: $1}\n+      - {source_labels: [host], regex: 'x', action: drop}\n"
    );
    folder.lint(&["--fix", "p.yml"]);
    assert_eq!(folder.lint(&["--diff", "p.yml"]), (0, String::new(), String::new()));
}

#[test]
fn rules_that_are_not_wanted_are_not_fixed() {
    let folder = Folder::with(&[("p.yml", CONFIG)]);
    folder.lint(&["--fix", "--ignore", "redundant-default", "p.yml"]);
    assert!(folder.text("p.yml").contains("separator: ;") && !folder.text("p.yml").contains('^'));
    let ignored = CONFIG.replace("regex: ^(.+):9100$", "regex: ^(.+):9100$  # promcfg: ignore[redundant-anchor] ours");
    let folder = Folder::with(&[("p.yml", &ignored)]);
    folder.lint(&["--fix", "p.yml"]);
    assert!(folder.text("p.yml").contains("^(.+):9100$  # promcfg") && !folder.text("p.yml").contains("separator"));
}

#[test]
fn a_config_in_a_configmap_is_fixed_in_its_manifest() {
    let indented = |text: &str| text.replace('\n', "\n    ").trim_end().to_string();
    let manifest =
        |text: &str| format!("kind: ConfigMap\ndata:\n  prometheus.yml: |\n    {}\n  other: 1\n", indented(text));
    let folder = Folder::with(&[("cm.yml", &manifest(CONFIG))]);
    folder.lint(&["--fix", "cm.yml"]);
    assert_eq!(folder.text("cm.yml"), manifest(SAFELY_FIXED));
}

#[test]
fn an_included_file_is_fixed_once() {
    let main = "global: {scrape_interval: 15s}\nscrape_config_files: [jobs.yml]\n";
    let folder = Folder::with(&[("main.yml", main), ("jobs.yml", CONFIG)]);
    let (_, _, err) = folder.lint(&["--fix", "."]);
    assert_eq!((folder.text("main.yml").as_str(), folder.text("jobs.yml").as_str()), (main, SAFELY_FIXED));
    assert_eq!(err, "note: 2 fixes made in 1 file: 1 redundant-anchor, 1 redundant-default\n");
}

#[test]
fn standard_input_is_not_fixed() {
    let folder = Folder::with(&[]);
    let (status, out, err) = folder.lint(&["--fix", "-"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert_eq!(
        err,
        "error: cannot write fixes to standard input\n  help: show the fixes with --diff, or name the file\n"
    );
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_replaced_does_not_keep_the_others_from_being_fixed() {
    let folder = Folder::with(&[("a.yml", CONFIG), ("b.yml", CONFIG), ("c.yml", CONFIG)]);
    fs::hard_link(folder.0.path().join("b.yml"), folder.0.path().join("b.txt")).expect("a link can be made");
    let (status, out, err) = folder.lint(&["--fix", "--format", "concise", "."]);
    assert_eq!(status, 2);
    assert_eq!(
        [folder.text("a.yml"), folder.text("b.yml"), folder.text("c.yml")],
        [SAFELY_FIXED, CONFIG, SAFELY_FIXED]
    );
    assert_eq!(
        err,
        "error: cannot replace b.yml: it has more than one hard link\n  note: the old content would remain under the other name\n  help: show the fixes with --diff\nnote: 4 fixes made in 2 files: 2 redundant-anchor, 2 redundant-default\n"
    );
    assert!(out.contains("b.yml:8:16: info:") && out.contains("a.yml:9:22: warning:"), "{out}");
}
