//! Compares promcfg for 2.42 with the real promtool 2.42, which Debian's package `prometheus` brings: whether a
//! config is accepted. Skipped, with the reason, where that promtool is not installed.
//!
//! Asked are the probes of the conformance data, the configs in `fixtures`, and those of the folder that
//! `PROMCFG_CORPUS` names (`../shared/corpus` when it is there).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use promcfg::files::DiskFiles;
use promcfg::text::decode_text;
use promcfg::{Config, Options, Release, Sources};
use serde_json::Value;

/// Differences that are known: a part of what promtool says, and why promcfg answers otherwise.
const REASONS: [(&str, &str); 7] = [
    ("FAILED: instance ", "a static target that is refused: for promcfg a finding about the target, no load error"),
    ("consul_sd_configs not found", "the build lacks the mechanism, the release has it"),
    ("kubernetes_sd_configs not found", "the build lacks the mechanism, the release has it"),
    ("kuma_sd_configs not found", "the build lacks the mechanism, the release has it"),
    ("linode_sd_configs not found", "the build lacks the mechanism, the release has it"),
    ("nomad_sd_configs not found", "the build lacks the mechanism, the release has it"),
    ("no such file or directory", "promtool looks for files that a config names, such as certificates and tokens"),
];

#[test]
fn promtool_2_42_agrees_about_which_configs_load() {
    if !is_installed() {
        println!("skipped: promtool 2.42 is not installed (apt-get install prometheus)");
        return;
    }
    let folder = std::env::temp_dir().join(format!("promcfg-promtool-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder can be made");
    let (mut asked, mut explained, mut differences) = (0, 0, Vec::new());
    for (name, bytes) in configs() {
        let path = folder.join("prometheus.yml");
        fs::write(&path, &bytes).expect("can be written");
        let (said, ours) = (promtool(&path), errors(&path, &bytes));
        asked += 1;
        match (said.is_some(), ours.is_empty()) {
            (false, true) | (true, false) => {}
            _ if said.as_ref().is_some_and(|said| REASONS.iter().any(|(part, _)| said.contains(part))) => {
                explained += 1;
            }
            _ => differences.push(format!("{name}: promtool says {said:?}, promcfg says {ours:?}")),
        }
    }
    let _ = fs::remove_dir_all(&folder);
    println!("promtool 2.42: {asked} configs, {explained} differences with a reason, {} without", differences.len());
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn is_installed() -> bool {
    let output = Command::new("promtool").arg("--version").output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("version 2.42."))
}

/// What promtool says of a config that it refuses.
fn promtool(path: &Path) -> Option<String> {
    let output = Command::new("promtool").args(["check", "config", "--syntax-only"]).arg(path).output();
    let output = output.expect("promtool can be run");
    (!output.status.success()).then(|| {
        let (said, more) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        format!("{said}{more}")
    })
}

/// The load errors for 2.42.
fn errors(path: &Path, bytes: &[u8]) -> Vec<String> {
    let release: Release = "2.42".parse().expect("is known");
    let mut sources = Sources::new();
    let options = Options::new(&DiskFiles).with_release(release);
    let name = path.to_string_lossy();
    let (_, diagnostics) = Config::read_decoded(&mut sources, &name, decode_text(bytes), &options);
    diagnostics.into_iter().filter(promcfg::Diagnostic::is_error).map(|error| error.message).collect()
}

fn configs() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = probes(root);
    let corpus = std::env::var_os("PROMCFG_CORPUS").map_or_else(|| root.join("../shared/corpus"), PathBuf::from);
    for folder in [root.join("fixtures"), corpus] {
        let mut files = Vec::new();
        collect(&folder, &mut files);
        files.sort();
        all.extend(files.into_iter().filter_map(|path| {
            let bytes = fs::read(&path).ok().filter(|bytes| is_config(bytes))?;
            Some((path.to_string_lossy().into_owned(), bytes))
        }));
    }
    all
}

/// Whether the text is a config rather than another file, such as rules or target groups.
fn is_config(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.lines().any(|line| line.starts_with("scrape_configs:")) && !text.contains("scrape_config_files")
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml") {
            files.push(path);
        }
    }
}

/// The probes of the conformance data.
fn probes(root: &Path) -> Vec<(String, Vec<u8>)> {
    let file = fs::File::open(root.join("fixtures/conformance/check_2_42.jsonl.gz")).expect("is there");
    let text = std::io::read_to_string(flate2::read::MultiGzDecoder::new(file)).expect("is text");
    let cases = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    cases
        .map(|case| {
            let field = |name: &str| case[name].as_str().unwrap_or("").to_string();
            (field("id"), field("text").into_bytes())
        })
        .collect()
}
