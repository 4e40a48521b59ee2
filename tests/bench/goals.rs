//! The goals of speed in one table: the work, promcfg, a peer in the same run where one exists, their ratio, the goal.
//!
//! `cargo bench --bench goals` prints it within some minutes. `GOALS_RUNS=3` measures less often than ten times, and
//! `cargo bench --bench goals -- lint` measures only the rows with this word. promtool is a peer where it is installed.
//! Ratios can be compared, times only on a quiet machine.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

mod big_config;
mod measure;
#[path = "../peer/relabel.rs"]
mod peer;
mod pods;

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use big_config::big_config;
use libyaml_safer::{EventData, Parser};
use measure::{Command, Measure, Table, seconds};
use peer::{Peer, PeerSet};
use promcfg::config::read_rules;
use promcfg::relabel::{NameScheme, Relabeler, RuleSpec};
use promcfg::yaml::Tree;
use promcfg::{Chain, Sources};

const JOBS: usize = 20_000;
const FILES: usize = 500;
const TARGETS: usize = 10_000;
const LINES: usize = 100_000;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let mut table = Table::new();
    big(&mut table, folder.path());
    yaml(&mut table);
    relabel(&mut table);
    stream(&mut table, folder.path());
    small(&mut table, folder.path());
}

fn promcfg(folder: &Path, arguments: &[&str]) -> Command {
    Command::new(env!("CARGO_BIN_EXE_promcfg"), folder, arguments)
}

/// Prometheus's own check, if it is installed.
fn promtool(folder: &Path, files: &[&str]) -> Option<Command> {
    let is_installed = Command::new("promtool", folder, &["--version"]).succeeds();
    is_installed.then(|| Command::new("promtool", folder, &[&["check", "config"], files].concat()))
}

/// The config of 14 MB.
fn big(table: &mut Table, folder: &Path) {
    fs::write(folder.join("big.yml"), big_config(JOBS)).unwrap();
    let peer = promtool(folder, &["big.yml"]);
    let edit = |jobs: &[&str]| {
        let words = [&["add-label", "big.yml", "rack=r7", "--dry-run", "--method", "relabel"], jobs].concat();
        promcfg(folder, &words)
    };
    let lint = promcfg(folder, &["lint", "--format", "json", "--fail-on", "error", "big.yml"]);
    table.command("lint, 14 MB", &lint, peer.as_ref(), "10 times as fast");
    table.memory("lint, 14 MB", &lint, peer.as_ref(), "a tenth of the memory");
    let simulate = promcfg(folder, &["simulate", "--format", "json", "--job", "svc-1", "big.yml"]);
    table.command("simulate --job, 14 MB", &simulate, None, "100 ms");
    let one = edit(&["--job", "svc-9999"]);
    table.command("one edit, 14 MB", &one, None, "200 ms");
    table.memory("one edit, 14 MB", &one, None, "150 MB");
    let all = edit(&["--all-jobs"]);
    table.command("--all-jobs, 14 MB", &all, None, "1.5 s");
    table.memory("--all-jobs, 14 MB", &all, None, "300 MB");
    other_edits(table, folder);
}

/// The other commands that edit, on the config of 14 MB: of one job and of all jobs.
fn other_edits(table: &mut Table, folder: &Path) {
    let edit = |words: &[&str], jobs: &[&str]| promcfg(folder, &[words, &["--dry-run"], jobs].concat());
    let (one, all, none): (&[&str], &[&str], &[&str]) = (&["--job", "svc-9999"], &["--all-jobs"], &[]);
    let set = ["set", "big.yml", "scrape_timeout=7s"];
    let rows: [(&str, &[&str], &[&str], &str); 14] = [
        ("set --job", &set, one, "200 ms"),
        ("set --all-jobs", &set, all, "1.5 s"),
        ("set, all", &["set", "big.yml", "global.scrape_timeout=7s"], none, "1.5 s"),
        ("unset --all-jobs", &["unset", "big.yml", "scrape_interval"], all, "1.5 s"),
        ("limit --job", &["limit", "big.yml", "--samples", "10000"], one, "200 ms"),
        ("limit --all-jobs", &["limit", "big.yml", "--samples", "10000"], all, "1.5 s"),
        ("rename-job", &["rename-job", "big.yml", "svc-9999", "new"], none, "400 ms"),
        ("copy-job", &["copy-job", "big.yml", "svc-9999", "new"], none, "400 ms"),
        ("remove-job", &["remove-job", "big.yml", "svc-9999"], none, "400 ms"),
        ("add-target --job", &["add-target", "big.yml", "h:1"], one, "400 ms"),
        ("add-target --all-jobs", &["add-target", "big.yml", "h:1"], all, "2 s"),
        ("drop-metric --job", &["drop-metric", "big.yml", "foo_.*"], one, "200 ms"),
        ("drop-metric --all-jobs", &["drop-metric", "big.yml", "foo_.*"], all, "1.5 s"),
        ("fmt", &["fmt", "big.yml"], none, "1 s"),
    ];
    for (name, words, jobs, goal) in rows {
        table.command(&format!("{name}, 14 MB"), &edit(words, jobs), None, goal);
    }
}

fn yaml(table: &mut Table) {
    let text: Arc<str> = big_config(JOBS).into();
    let mut ours = || seconds(|| black_box(Tree::parse(Arc::clone(&text)).len()));
    let mut peer = || seconds(|| black_box(libyaml_events(&text)));
    let work = Measure::throughput(text.len());
    table.row("YAML, 14 MB, text to tree", work, &mut ours, Some(&mut peer), "4 times as fast, 300 MB/s");
}

fn libyaml_events(text: &str) -> usize {
    let mut input = text.as_bytes();
    let mut parser = Parser::new();
    parser.set_input_string(&mut input);
    let mut events = 0;
    loop {
        events += 1;
        if matches!(parser.parse().unwrap().data, EventData::StreamEnd) {
            return events;
        }
    }
}

fn specs(text: &str) -> Vec<RuleSpec> {
    let mut sources = Sources::new();
    let file = sources.add("rules.yml", text);
    let (rules, faults) = read_rules(&mut sources, file, NameScheme::Utf8);
    assert!(faults.is_empty(), "{faults:?}");
    rules.into_iter().map(|rule| rule.spec).collect()
}

/// Targets in memory, on one thread.
fn relabel(table: &mut Table) {
    let targets = pods::targets(TARGETS);
    let targets: Vec<Vec<(&str, &str)>> = targets
        .iter()
        .map(|target| target.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect())
        .collect();
    for (name, rules, goal) in [("pods", pods::RULES, "0.35 µs"), ("general rules", pods::GENERAL_RULES, "0.9 µs")] {
        let specs = specs(rules);
        let chain = Chain::new(&specs, NameScheme::Utf8).unwrap();
        let is_sample = rules == pods::GENERAL_RULES;
        let mut relabeler = if is_sample { Relabeler::of_samples(&chain) } else { Relabeler::of_targets(&chain) };
        let mut out = String::new();
        let mut ours = || {
            seconds(|| {
                for target in &targets {
                    out.clear();
                    for (name, value) in relabeler.relabel(target).unwrap().into_iter().flatten() {
                        out.push_str(name);
                        out.push_str(value);
                    }
                    black_box(&out);
                }
            })
        };
        let plain = Peer::new(&specs, NameScheme::Utf8);
        let mut peer = || {
            seconds(|| {
                for target in &targets {
                    let labels = target.iter().copied();
                    let mut set = if is_sample { PeerSet::from_base(labels) } else { PeerSet::from_added(labels) };
                    if plain.run(&mut set).is_none() {
                        black_box(set.result());
                    }
                }
            })
        };
        let work = format!("relabel in memory, {name}, a target");
        table.row(&work, Measure::each(TARGETS), &mut ours, Some(&mut peer), goal);
    }
}

/// NDJSON to NDJSON, on one thread.
fn stream(table: &mut Table, folder: &Path) {
    let line = |target: pods::Target| {
        let map = target.into_iter().map(|(name, value)| (name, value.into())).collect();
        serde_json::Value::Object(map).to_string()
    };
    let lines: Vec<String> = pods::targets(LINES).into_iter().map(line).collect();
    fs::write(folder.join("targets.ndjson"), lines.join("\n") + "\n").unwrap();
    fs::write(folder.join("rules.yml"), pods::RULES).unwrap();
    let command = promcfg(folder, &["relabel", "--rules", "rules.yml", "targets.ndjson"]).on_one_thread();
    assert!(command.succeeds(), "the targets can be relabeled");
    table.row("relabel NDJSON, pods, a target", Measure::each(LINES), &mut || command.seconds(), None, "1.0 µs");
}

/// Small files, where the start of the program counts.
fn small(table: &mut Table, folder: &Path) {
    let text = big_config(4);
    fs::write(folder.join("small.yml"), &text).unwrap();
    fs::create_dir(folder.join("many")).unwrap();
    let names: Vec<String> = (0..FILES).map(|number| format!("many/{number}.yml")).collect();
    for name in &names {
        fs::write(folder.join(name), &text).unwrap();
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let lint = |path| promcfg(folder, &["lint", "--fail-on", "error", path]);
    table.command("lint, 2.6 KB", &lint("small.yml"), promtool(folder, &["small.yml"]).as_ref(), "2 ms");
    table.command("lint, 500 files", &lint("many"), promtool(folder, &names).as_ref(), "20 ms");
}
