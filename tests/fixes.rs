//! Every fix of every finding in real configs: the text can still be read, what was found is gone, and a
//! safe fix changes no result. The configs stand outside the repository (`PROMCFG_CORPUS`); without them
//! the test has nothing to do.

use std::path::{Path, PathBuf};

use promcfg::diagnostic::Safety;
use promcfg::input::Input;
use promcfg::lint::lint_config;
use promcfg::yaml::Tree;
use promcfg::{Diagnostic, Options, Sources};

use crate::results::results;

fn corpus() -> PathBuf {
    std::env::var_os("PROMCFG_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"), PathBuf::from)
}

/// The configs: files, and what stands in manifests.
fn configs() -> Vec<(String, String)> {
    let mut configs = Vec::new();
    for folder in ["prometheus", "configmap"] {
        let Ok(entries) = std::fs::read_dir(corpus().join(folder)) else { continue };
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("can be listed").path()).collect();
        paths.sort();
        for path in paths {
            let Ok(text) = String::from_utf8(std::fs::read(&path).expect("can be read")) else { continue };
            let name = path.file_name().expect("has a name").to_string_lossy().into_owned();
            if folder == "prometheus" {
                configs.push((name, text));
                continue;
            }
            for inner in Input::parse("cm.yml", text.as_str()).parts().iter().filter(|part| !part.is_whole()) {
                configs.push((name.clone(), inner.text().to_string()));
            }
        }
    }
    configs
}

fn findings(text: &str) -> Vec<Diagnostic> {
    lint_config(&mut Sources::new(), "p.yml", &Tree::parse(text), &Options::default())
}

#[test]
fn every_fix_of_real_configs_does_what_it_says() {
    let mut faults = Vec::new();
    for (name, text) in configs() {
        let found = findings(&text);
        let before = results(&text, &text);
        for finding in &found {
            let Some(fix) = &finding.fix else { continue };
            let fixed = fix.edits.apply(&text);
            let left = findings(&fixed);
            let is_same = |other: &&Diagnostic| other.id == finding.id && other.message == finding.message;
            let count = |all: &[Diagnostic]| all.iter().filter(is_same).count();
            if Tree::parse(fixed.as_str()).fault().is_some() || count(&left) >= count(&found) {
                faults.push(format!("{name}: {}: {} stays: {}", finding.id, finding.message, fix.title));
            }
            if fix.safety == Safety::Safe && results(&fixed, &text) != before {
                faults.push(format!("{name}: {}: {} changes a result", finding.id, finding.message));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
