//! The Prometheus version: on the command line, in the settings, and who may know its numbers.

use std::fs;
use std::path::Path;

#[cfg(feature = "cli")]
use assert_cmd::Command;

/// Only `release/` compares releases: everyone else asks a predicate with a name.
#[test]
fn releases_are_compared_in_one_folder() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut faults, mut files) = (vec![root.clone()], Vec::new(), 0);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("can be listed") {
            let path = entry.expect("can be listed").path();
            if path.is_dir() {
                folders.extend((path != root.join("release")).then_some(path));
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files += 1;
                let text = fs::read_to_string(&path).expect("is text");
                let compared = text.lines().filter(|line| {
                    ["release <", "release >", "release ==", "release !=", "Release::LATEST <", "release.cmp("]
                        .iter()
                        .any(|sign| line.contains(sign) && !line.trim_start().starts_with("//"))
                });
                faults.extend(compared.map(|line| format!("{}: {line}", path.display())));
            }
        }
    }
    assert!(files > 100 && faults.is_empty(), "{}", faults.join("\n"));
}

#[cfg(feature = "cli")]
fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::cargo_bin("promcfg")
        .expect("is built")
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("can be run");
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code(), text)
}

#[cfg(feature = "cli")]
#[test]
fn the_option_wins_over_the_settings_and_an_unknown_version_is_wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("p.yml"), "scrape_configs:\n- job_name: a\n  static_configs: [{targets: [h]}]\n").unwrap();
    let url = |arguments: &[&str]| {
        let (status, text) = run(path, &[&["simulate", "p.yml", "--format", "ndjson"], arguments].concat());
        let line: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        (status, line["url"].as_str().unwrap().to_string())
    };
    assert_eq!(url(&[]), (Some(0), "http://h/metrics".to_string()));
    assert_eq!(url(&["--prometheus", "2.53"]), (Some(0), "http://h:80/metrics".to_string()));
    fs::write(path.join("promcfg.toml"), "prometheus = \"2.42\"\n").unwrap();
    assert_eq!(url(&[]).1, "http://h:80/metrics");
    assert_eq!(url(&["--prometheus", "v3.5.0"]).1, "http://h/metrics");
    let (status, text) = run(path, &["lint", "p.yml", "--prometheus", "2.99"]);
    assert_eq!(status, Some(2));
    assert!(text.contains("the nearest is 2.55"), "{text}");
    fs::write(path.join("promcfg.toml"), "prometheus = \"2.99\"\n").unwrap();
    assert_eq!(run(path, &["simulate", "p.yml"]).0, Some(2));
}

#[cfg(feature = "cli")]
#[test]
fn an_override_is_for_some_files_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    for name in ["old.yml", "new.yml"] {
        fs::write(
            path.join(name),
            "scrape_config_files: []\nscrape_configs: [{job_name: a, scrape_protocols: [PrometheusProto]}]\n",
        )
        .unwrap();
    }
    let settings = "select = [\"unknown-field\"]\n[[overrides]]\nfiles = [\"old.yml\"]\nprometheus = \"2.42\"\n";
    fs::write(path.join("promcfg.toml"), settings).unwrap();
    let (_, text) = run(path, &["lint", "--format", "concise"]);
    assert!(
        text.lines().any(|line| line.starts_with("old.yml:1:1: error: unknown field `scrape_config_files`")),
        "{text}"
    );
    assert!(!text.contains("new.yml"), "{text}");
}

#[cfg(feature = "cli")]
#[test]
fn letters_are_those_that_the_build_of_a_release_knows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let job = "scrape_configs:\n- job_name: a\n  static_configs: [{targets: [h], labels: {l: \u{16ea0}\u{10d50}\u{1057c}}}]\n";
    let rules = [
        ("class.yml", "{source_labels: [l], regex: '\\p{Todhri}', action: drop}"),
        ("lower.yml", "{source_labels: [l], target_label: l, action: lowercase}"),
        ("fold.yml", "{source_labels: [l], regex: '(?i)\u{16ebb}..', target_label: l, replacement: folded}"),
    ];
    for (name, rule) in rules {
        fs::write(path.join(name), format!("{job}  relabel_configs:\n  - {rule}\n")).unwrap();
    }
    let lint = |release: &str| run(path, &["lint", "class.yml", "--format", "concise", "--prometheus", release]);
    for refusing in ["2.42", "3.14", "next"] {
        let (status, text) = lint(refusing);
        assert_eq!(status, Some(1), "{text}");
        assert!(text.contains("invalid character class range"), "{text}");
    }
    assert_eq!(lint("3.14+go1.27").0, Some(0));
    let label = |file: &str, release: &str| {
        let (_, text) = run(path, &["simulate", file, "--format", "ndjson", "--prometheus", release]);
        let line: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        line["labels"]["l"].as_str().unwrap().to_string()
    };
    assert_eq!(label("lower.yml", "2.42"), "\u{16ea0}\u{10d50}\u{1057c}");
    assert_eq!(label("lower.yml", "3.14"), "\u{16ea0}\u{10d50}\u{105a3}");
    assert_eq!(label("lower.yml", "3.14+go1.27"), "\u{16ebb}\u{10d70}\u{105a3}");
    assert_eq!(label("fold.yml", "3.14"), "\u{16ea0}\u{10d50}\u{1057c}");
    assert_eq!(label("fold.yml", "3.14+go1.27"), "folded");
}

#[cfg(feature = "cli")]
#[test]
fn fields_and_labels_of_the_next_version_are_known_behind_next_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("write.yml"), "remote_write:\n- url: http://h/w\n  failed_request_logging: true\n").unwrap();
    let lint = |file: &str, release: &str| run(path, &["lint", file, "--format", "concise", "--prometheus", release]);
    let (status, text) = lint("write.yml", "3.14");
    assert_eq!(status, Some(1));
    assert!(text.starts_with("write.yml:3:3: error: unknown field `failed_request_logging`"), "{text}");
    assert_eq!(lint("write.yml", "next"), (Some(0), String::new()));

    let docker = "scrape_configs:\n- job_name: d\n  docker_sd_configs: [{host: 'unix:///var/run/docker.sock'}]\n  relabel_configs:\n  - {source_labels: [__meta_docker_container_image], target_label: image}\n";
    fs::write(path.join("docker.yml"), docker).unwrap();
    let (_, text) = lint("docker.yml", "3.14");
    assert!(text.contains("`__meta_docker_container_image`"), "{text}");
    let (_, text) = lint("docker.yml", "next");
    assert!(!text.contains("__meta_docker_container_image"), "{text}");

    let socket = "scrape_configs:\n- job_name: s\n  metrics_path: /m\n  static_configs: [{targets: [''], labels: {__unix_socket__: /run/x.sock}}]\n";
    fs::write(path.join("socket.yml"), socket).unwrap();
    let simulate = |release: &str| {
        let (_, text) = run(path, &["simulate", "socket.yml", "--format", "ndjson", "--prometheus", release]);
        let line: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        (line["error"].as_str().map(str::to_string), line["url"].as_str().map(str::to_string))
    };
    assert_eq!(simulate("3.14"), (Some("no address".to_string()), None));
    assert_eq!(simulate("next"), (None, Some("http://localhost/m".to_string())));
}
