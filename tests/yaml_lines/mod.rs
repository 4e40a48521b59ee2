//! A text that is read by lines has the tree, the fault and the comments that the exact engine alone gives
//! it: real configs, the texts of the conformance data, mutants of them, and documents that are made anew.
//! The real configs stand outside the repository (`PROMCFG_CORPUS`). `YAML_MUTANTS=100000` tries more.

pub(crate) mod mutants;

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mutants::{Numbers, document, mutant};
use promcfg::yaml::debug_lines;
use serde_json::Value;

/// Longer texts are mutated less often.
const USUAL_LENGTH: usize = 4_000;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn corpus() -> PathBuf {
    std::env::var_os("PROMCFG_CORPUS").map_or_else(|| root().join("../shared/corpus"), PathBuf::from)
}

pub(crate) fn mutants_wanted() -> usize {
    std::env::var("YAML_MUTANTS").ok().and_then(|number| number.parse().ok()).unwrap_or(6_000)
}

/// The files of a folder and the folders in it, by name.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("can be listed").path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        if path.is_dir() { files(&path) } else { fs::read(&path).map(|bytes| vec![(path, bytes)]).unwrap_or_default() }
    };
    paths.into_iter().flat_map(read).filter(|(path, _)| path.extension().is_none_or(|name| name != "gz")).collect()
}

/// The texts of the conformance data.
fn cases() -> Vec<Vec<u8>> {
    let folder = root().join("fixtures/conformance");
    let mut texts = Vec::new();
    for suite in ["yaml", "config", "config_bytes", "differences_yaml", "differences_config"] {
        let file = File::open(folder.join(format!("{suite}.jsonl.gz"))).expect("the data can be read");
        for line in BufReader::new(flate2::read::MultiGzDecoder::new(file)).lines() {
            let case: Value = serde_json::from_str(&line.expect("can be read")).expect("is JSON");
            let text = case["text"].as_str().map(|text| text.as_bytes().to_vec());
            texts.extend(text.or_else(|| STANDARD.decode(case["b64"].as_str()?).ok()));
        }
    }
    assert!(texts.len() > 10_000, "the conformance data has texts");
    texts
}

/// What is different, in words, with the text.
fn difference(bytes: &[u8]) -> Option<String> {
    let report = debug_lines(bytes);
    let difference = report["difference"].as_str()?;
    Some(format!("{difference}\nin {:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(3_000)])))
}

fn assert_none_differs(texts: impl Iterator<Item = Vec<u8>>) {
    let differences: Vec<String> = texts.filter_map(|text| difference(&text)).take(3).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
}

#[test]
fn real_configs_and_the_conformance_data_are_read_by_lines_as_exactly() {
    let real = files(&corpus()).into_iter().chain(files(&root().join("fixtures"))).map(|(_, bytes)| bytes);
    assert_none_differs(real.chain(cases()));
}

#[test]
fn mutants_are_read_by_lines_as_exactly() {
    let mut originals: Vec<Vec<u8>> = files(&root().join("fixtures")).into_iter().map(|(_, bytes)| bytes).collect();
    originals
        .extend(files(&corpus()).into_iter().map(|(_, bytes)| bytes).filter(|bytes| bytes.len() < 4 * USUAL_LENGTH));
    originals.extend(cases());
    let mut numbers = Numbers::new(1);
    let mut one = || {
        let original = &originals[numbers.below(originals.len())];
        mutant(&original[..original.len().min(4 * USUAL_LENGTH)], &mut numbers)
    };
    assert_none_differs((0..mutants_wanted()).map(|_| one()));
}

#[test]
fn documents_made_anew_are_read_by_lines_as_exactly() {
    assert_none_differs((0..2 * mutants_wanted() as u64).map(|seed| document(&mut Numbers::new(seed))));
}

#[test]
fn usual_configs_are_read_by_lines_nearly_to_the_last_byte() {
    let example = fs::read(root().join("fixtures/example/prometheus.yml")).unwrap_or_default();
    let texts = [
        "# comment\nglobal:\n  scrape_interval: 15s\nscrape_configs:\n- job_name: a # one\n  static_configs:\n  - targets: ['b:1', c]\n    labels: {d: e}\n",
        "a: 1\r\nb:\r\n  - 'c'\r\n  - d: \"e\\\\d\"\r\n",
        "a: 1\nb: [\n  c, # d\n  {e: f}\n]\ng:\n- h\n- - i\n  - j\n",
        "a: &x\n  b: 1\nc:\n  <<: *x\n  d: [*x, e]\nf: |\n  text\n\n    more\ng: >-\n  folded\n  text\nh: &y z\n",
        "- &x\n  a: 1\n- *x\n- &y [b]\n- |-\n  text\n",
        "[\n  {\"targets\": [\"a:1\"], \"labels\": {\"b\": \"c\"}}\n]\n",
    ];
    for text in texts.map(str::as_bytes).into_iter().chain([example.as_slice()]) {
        let report = debug_lines(text);
        let exactly = report["bytes"].as_u64().unwrap_or(0) - report["by_lines"].as_u64().unwrap_or(0);
        assert_eq!(exactly, 0, "{report} of {}", String::from_utf8_lossy(text));
    }
}
