//! How long a target takes: in memory beside the plain peer, and from line to line.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

#[path = "../peer/relabel.rs"]
mod peer;
mod pods;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::ops::Range;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use peer::{Peer, PeerSet};
use pods::Target;
use promcfg::config::read_rules;
use promcfg::relabel::{LabelBuilder, LineRelabeler, NameScheme, Relabeler, RuleSpec, Verdict};
use promcfg::{Chain, Sources};

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
        for (name, value) in relabeler.relabel(target).unwrap().into_iter().flatten() {
            out.push_str(name);
            out.push_str(value);
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
        group.sample_size(10).bench_function("peer", |bencher| bencher.iter(|| run_peer(&peer, &targets, as_base)));
        group.finish();
    }
}

fn lines(criterion: &mut Criterion) {
    let lines: Vec<String> = pods::targets(TARGETS)
        .into_iter()
        .map(|target| {
            let map = target.into_iter().map(|(name, value)| (name, value.into())).collect();
            serde_json::Value::Object(map).to_string()
        })
        .collect();
    let chain = Chain::new(&specs(pods::RULES), NameScheme::Utf8).unwrap();
    let mut relabeler = LineRelabeler::new(&chain);
    let mut out = Vec::new();
    let mut group = criterion.benchmark_group("lines");
    group.throughput(Throughput::Elements(TARGETS as u64));
    group.bench_function("chain", |bencher| {
        bencher.iter(|| {
            for line in &lines {
                out.clear();
                relabeler.relabel_into(line.as_bytes(), &mut out).unwrap();
                black_box(&out);
            }
        });
    });
    // What no reading of JSON goes below without knowing what comes: each line into a map of texts.
    group.bench_function("floor: serde_json", |bencher| {
        bencher.iter(|| {
            for line in &lines {
                black_box(serde_json::from_str::<BTreeMap<Cow<'_, str>, Cow<'_, str>>>(line).unwrap());
            }
        });
    });
    group.finish();
}

criterion_group!(benches, in_memory, lines);
criterion_main!(benches);
