//! How long a target takes: in memory beside the plain peer, from line to line, and in a run of the program on one
//! thread. First the medians are printed with their ratios.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

#[path = "../peer/relabel.rs"]
mod peer;
mod pods;
mod ratio;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::hint::black_box;
use std::ops::Range;
use std::process::{Command, Stdio};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use peer::{Peer, PeerSet};
use pods::Target;
use promcfg::config::read_rules;
use promcfg::relabel::{LabelBuilder, LineRelabeler, NameScheme, Relabeler, RuleSpec, Verdict};
use promcfg::{Chain, Sources};
use ratio::print_ratio;

const TARGETS: usize = 10_000;

fn specs(text: &str) -> Vec<RuleSpec> {
    let mut sources = Sources::new();
    let file = sources.add("rules.yml", text);
    let (rules, faults) = read_rules(&mut sources, file, NameScheme::Utf8);
    assert!(faults.is_empty(), "{faults:?}");
    rules.into_iter().map(|rule| rule.spec).collect()
}

/// All names and values in one text, as whatever reads them has them: strings scattered over the memory would
/// measure the memory.
struct Flat {
    text: String,
    targets: Vec<Vec<[Range<usize>; 2]>>,
}

impl Flat {
    fn new(targets: &[Target]) -> Self {
        let mut text = String::new();
        let mut add = |part: &str| {
            text.push_str(part);
            text.len() - part.len()..text.len()
        };
        let targets = targets.iter().map(|target| target.iter().map(|(name, value)| [add(name), add(value)]).collect());
        let targets = targets.collect();
        Self { text, targets }
    }

    fn targets(&self) -> Vec<Vec<(&str, &str)>> {
        let pair = |[name, value]: &[Range<usize>; 2]| (&self.text[name.clone()], &self.text[value.clone()]);
        self.targets.iter().map(|target| target.iter().map(pair).collect()).collect()
    }
}

/// Sorted names and values of what is kept, one after the other in one text.
fn run_chain(chain: &Chain, targets: &[Vec<(&str, &str)>], as_base: bool, set: &mut LabelBuilder, out: &mut String) {
    for target in targets {
        out.clear();
        load(set, target, as_base);
        if chain.run(set).unwrap() == Verdict::Kept {
            for (name, value) in set.iter() {
                out.push_str(name);
                out.push_str(value);
            }
        }
        black_box(&out);
    }
}

/// The same in the way for many sets of the same names.
fn run_relabeler(relabeler: &mut Relabeler, targets: &[Vec<(&str, &str)>], out: &mut String) {
    for target in targets {
        out.clear();
        if let Some(labels) = relabeler.relabel(target).unwrap() {
            labels.for_each(|(name, value)| {
                out.push_str(name);
                out.push_str(value);
            });
        }
        black_box(&out);
    }
}

/// Targets are added to an empty base; the labels of a sample are the base.
fn load(set: &mut LabelBuilder, labels: &[(&str, &str)], as_base: bool) {
    if as_base {
        set.load_base(labels.iter().copied());
    } else {
        set.load_added(labels.iter().copied());
    }
}

fn run_peer(peer: &Peer, targets: &[Vec<(&str, &str)>], as_base: bool) {
    for target in targets {
        let labels = target.iter().copied();
        let mut set = if as_base { PeerSet::from_base(labels) } else { PeerSet::from_added(labels) };
        if peer.run(&mut set).is_none() {
            black_box(set.result());
        }
    }
}

fn in_memory(criterion: &mut Criterion) {
    let flat = Flat::new(&pods::targets(TARGETS));
    let targets = flat.targets();
    for (name, rules, as_base) in [("pods", pods::RULES, false), ("general", pods::GENERAL_RULES, true)] {
        let specs = specs(rules);
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Elements(TARGETS as u64));
        let chain = Chain::new(&specs, NameScheme::Utf8).unwrap();
        let (mut set, mut out) = (LabelBuilder::new(), String::new());
        group.bench_function("chain", |bencher| {
            bencher.iter(|| run_chain(&chain, &targets, as_base, &mut set, &mut out));
        });
        let mut relabeler = if as_base { Relabeler::of_samples(&chain) } else { Relabeler::of_targets(&chain) };
        group.bench_function("relabeler", |bencher| {
            bencher.iter(|| run_relabeler(&mut relabeler, &targets, &mut out));
        });
        let peer = Peer::new(&specs, NameScheme::Utf8);
        let run_peer_once = || run_peer(&peer, &targets, as_base);
        print_ratio(name, TARGETS, || run_relabeler(&mut relabeler, &targets, &mut out), "peer", run_peer_once);
        group.sample_size(10).bench_function("peer", |bencher| bencher.iter(|| run_peer(&peer, &targets, as_base)));
        group.finish();
    }
}

/// Targets as lines of JSON: as a compact encoder writes them, in the order of the names.
fn sorted_lines() -> Vec<String> {
    let line = |target: Target| {
        let map = target.into_iter().map(|(name, value)| (name, value.into())).collect();
        serde_json::Value::Object(map).to_string()
    };
    pods::targets(TARGETS).into_iter().map(line).collect()
}

/// The same as discovery gives them, with spaces as other encoders write them.
fn given_lines() -> Vec<String> {
    let pair = |(name, value): &(String, String)| format!("{name:?}: {value:?}");
    let line = |target: &Target| format!("{{{}}}", target.iter().map(pair).collect::<Vec<_>>().join(", "));
    pods::targets(TARGETS).iter().map(line).collect()
}

/// What no reading of JSON goes below without knowing what comes: each line into a map of texts.
fn read_lines(lines: &[String]) {
    for line in lines {
        black_box(serde_json::from_str::<BTreeMap<Cow<'_, str>, Cow<'_, str>>>(line).unwrap());
    }
}

fn relabel_lines(relabeler: &mut LineRelabeler, lines: &[String], out: &mut Vec<u8>) {
    for line in lines {
        out.clear();
        relabeler.relabel_into(line.as_bytes(), out).unwrap();
        black_box(&out);
    }
}

fn lines(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("lines");
    group.throughput(Throughput::Elements(TARGETS as u64));
    for (form, lines) in [("sorted", sorted_lines()), ("given", given_lines())] {
        for (rules_name, rules) in [("pods", pods::RULES), ("general", pods::GENERAL_RULES)] {
            let chain = Chain::new(&specs(rules), NameScheme::Utf8).unwrap();
            let (mut relabeler, mut out) = (LineRelabeler::new(&chain), Vec::new());
            let name = format!("{form} lines, {rules_name}");
            let floor = || read_lines(&lines);
            print_ratio(&name, TARGETS, || relabel_lines(&mut relabeler, &lines, &mut out), "serde_json alone", floor);
            group.bench_function(&name, |bencher| bencher.iter(|| relabel_lines(&mut relabeler, &lines, &mut out)));
        }
        group.bench_function(format!("floor: serde_json, {form} lines"), |bencher| bencher.iter(|| read_lines(&lines)));
    }
    group.finish();
}

/// The program from file to file, on one thread.
fn end_to_end(criterion: &mut Criterion) {
    const TIMES: usize = 10;
    let folder = tempfile::tempdir().unwrap();
    let (rules, input) = (folder.path().join("rules.yml"), folder.path().join("in.ndjson"));
    fs::write(&rules, pods::RULES).unwrap();
    let lines = given_lines();
    fs::write(&input, format!("{}\n", lines.join("\n")).repeat(TIMES)).unwrap();
    let run = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_promcfg"));
        command.arg("relabel").arg("--rules").arg(&rules).arg(&input).env("RAYON_NUM_THREADS", "1");
        let output = File::create(folder.path().join("out.ndjson")).unwrap();
        assert!(command.stdout(output).stderr(Stdio::null()).status().unwrap().success());
    };
    let floor = || (0..TIMES).for_each(|_| read_lines(&lines));
    print_ratio("the program, one thread, pods", TARGETS * TIMES, run, "serde_json alone", floor);
    let mut group = criterion.benchmark_group("end to end");
    group.throughput(Throughput::Elements((TARGETS * TIMES) as u64)).sample_size(10);
    group.bench_function("promcfg relabel, one thread", |bencher| bencher.iter(run));
    group.finish();
}

criterion_group!(benches, in_memory, lines, end_to_end);
criterion_main!(benches);
