//! Texts without end: all that is printed is short, whatever the format, and so is what is held for it.

use std::process::Command;

use serde_json::Value;

use super::{Folder, LINT_FORMATS, program, words};

/// The most that a command may print about one file with few kinds of findings.
const MOST_PRINTED: usize = 4 << 20;

/// A job with a name of a million characters, and 9,000 findings in it.
fn long_job() -> String {
    let mut text = format!("scrape_configs:\n- job_name: {}\n  relabel_configs:\n", "j".repeat(1_000_000));
    text.push_str(&"  - {action: kep}\n".repeat(9_000));
    text
}

#[test]
fn a_job_name_of_a_million_characters_in_nine_thousand_findings_needs_little_memory_in_every_format() {
    let folder = Folder::new().with("p.yml", long_job());
    for format in LINT_FORMATS {
        let command = format!(
            "ulimit -v 1500000; exec '{}' lint --show-all --format {format} p.yml",
            program().to_str().expect("is a path")
        );
        let output = Command::new("sh").args(["-c", &command]).current_dir(folder.path()).output().expect("runs");
        let (stdout, stderr) = words(&output);
        assert_eq!(output.status.code(), Some(1), "{format}: {stderr:.2000}");
        assert!(stdout.len() < MOST_PRINTED, "{format}: {}", stdout.len());
        let shown = format!("{}… 1,000,000 characters", "j".repeat(200));
        let escaped = shown.replace('…', "\\u2026");
        assert!(stdout.contains(&shown) || stdout.contains(&escaped) || format == "human", "{format}");
        let count = "8000 more findings of `invalid-action` are not shown";
        assert!(stdout.contains(count) || stdout.contains("\"count\": 8000"), "{format}");
    }
}

/// Configs with a long text where a message shows it, and the text that is looked for in the message.
fn long_texts() -> Vec<(&'static str, String)> {
    let long = "v".repeat(300_000);
    let job = |text: &str| format!("scrape_configs:\n- job_name: a\n{text}");
    vec![
        ("unknown field", job(&format!("  {long}: 1\n"))),
        ("value", job(&format!("  scrape_interval: {long}\n"))),
        ("list", job(&format!("  honor_labels: {long}\n  scrape_protocols: [{long}]\n"))),
        ("target", job(&format!("  static_configs: [{{targets: ['{long}/x'], labels: {{{long}: x}}}}]\n"))),
        ("address", job(&format!("  static_configs: [{{targets: ['{long}:1', '{long}:1']}}]\n"))),
        (
            "pattern",
            job(&format!("  relabel_configs: [{{action: keep, regex: '({long}', source_labels: [{long}]}}]\n")),
        ),
        (
            "names",
            job(&format!("  relabel_configs: [{{source_labels: [__meta_{long}], target_label: __tmp_{long}}}]\n")),
        ),
        ("file", job(&format!("  file_sd_configs: [{{files: ['{long}']}}]\n"))),
        ("included", format!("scrape_config_files: ['{long}', '{long}/*x/y']\n")),
        ("yaml", format!("scrape_configs: *{long}\n")),
        ("tag", format!("scrape_configs: !{long} x\n")),
        ("proxy", job(&format!("  proxy_url: 'http://[{long}'\n"))),
        ("ignore", job(&format!("  # promcfg: ignore[{long}] x\n"))),
        ("line", format!("scrape_configs: [{{job_name: a, x: 1, y: {long}}}]\n")),
    ]
}

#[test]
fn a_long_text_is_shown_with_its_length_in_every_format() {
    for (place, text) in long_texts() {
        let folder = Folder::new().with("p.yml", text);
        for format in LINT_FORMATS {
            let output = folder.run(&[b"lint", b"--show-all", b"--format", format.as_bytes(), b"p.yml"]);
            let (stdout, stderr) = words(&output);
            assert!(matches!(output.status.code(), Some(0 | 1)), "{place} {format} {stderr:.1000}");
            let printed = stdout.len() + stderr.len();
            assert!(printed < 100_000, "{place} {format}: {printed} bytes");
        }
        for arguments in [
            &[&b"simulate"[..], b"--trace", b"p.yml"][..],
            &[b"add-label", b"p.yml", b"a=b", b"--dry-run"],
            &[b"add-label", b"p.yml", b"a=b", b"--dry-run", b"--format", b"json"],
            &[b"lint", b"--diff", b"--unsafe-fixes", b"p.yml"],
        ] {
            let (stdout, stderr) = words(&folder.run(arguments));
            let printed = stdout.len() + stderr.len();
            // An edit as JSON has the address of one example as it is: it is a result.
            let most = if arguments.contains(&&b"json"[..]) { 400_000 } else { 100_000 };
            assert!(printed < most, "{place} {arguments:?}: {printed} bytes");
        }
    }
}

#[test]
fn long_names_of_files_and_arguments_are_shown_with_their_length() {
    let folder = Folder::new().with("p.yml", "scrape_configs: [{job_name: a}]\n");
    let long = "n".repeat(100_000);
    for arguments in [
        &["lint", &long][..],
        &["lint", "p.yml", "--select", &long],
        &["simulate", "p.yml", "--job", &long],
        &["simulate", "p.yml", "--target", &long],
        &["add-label", "p.yml", &format!("a={long}"), "--dry-run"],
        &["add-label", "p.yml", "a=b", "--job", &long],
        &["explain-rule", &long],
        &[&long],
    ] {
        let bytes: Vec<&[u8]> = arguments.iter().map(|argument| argument.as_bytes()).collect();
        let (stdout, stderr) = words(&folder.run(&bytes));
        let printed = stdout.len() + stderr.len();
        assert!(printed < 60_000, "{:?}: {printed} bytes", &arguments[..arguments.len().min(1)]);
    }
    let (_, stderr) = words(&folder.run(&[b"simulate", b"p.yml", b"--job", long.as_bytes()]));
    assert!(stderr.starts_with(&format!("error: unknown job \"{}… 100,000 characters\" in p.yml\n", "n".repeat(500))));
}

#[test]
fn a_thousand_findings_of_a_rule_in_a_file_are_shown_and_the_others_counted() {
    let targets: String = (0..2_500).map(|number| format!("'h{number}/x', ")).collect();
    let invalid = format!("scrape_configs: [{{job_name: a, static_configs: [{{targets: [{targets}]}}]}}]\n");
    let unknown: String = (0..2_500).map(|number| format!("x{number}: 1\n")).collect();
    for (rule, text) in [("invalid-hostname", invalid), ("unknown-field", unknown)] {
        let folder = Folder::new().with("p.yml", format!("{text}global: {{}}\n"));
        for format in LINT_FORMATS {
            let output = folder.run(&[b"lint", b"--format", format.as_bytes(), b"p.yml"]);
            let (stdout, _) = words(&output);
            assert_eq!(output.status.code(), Some(1), "{format}");
            let sentence = format!("1500 more findings of `{rule}` are not shown");
            assert!(stdout.contains(&sentence) || format == "json", "{format}: {stdout:.300}");
        }
        let report: Value =
            serde_json::from_slice(&folder.run(&[b"lint", b"--format", b"json", b"p.yml"]).stdout).expect("is JSON");
        let findings = report["findings"].as_array().expect("is a list");
        assert_eq!(findings.iter().filter(|finding| finding["rule"] == rule).count(), 1_000);
        assert_eq!(report["omitted"], serde_json::json!([{ "rule": rule, "file": "p.yml", "count": 1_500 }]));
        let simulated = folder.run(&[b"simulate", b"--format", b"json", b"p.yml"]);
        let result: Value = serde_json::from_slice(&simulated.stdout).expect("is JSON");
        assert_eq!(result["omitted"], report["omitted"]);
        assert_eq!(simulated.status.code(), Some(1));
    }
}
