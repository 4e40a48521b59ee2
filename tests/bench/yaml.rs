//! Reading a YAML text of 14 MB: promcfg's finished tree beside the bare events of libyaml-safer (a
//! port of libyaml to Rust), and a config of ordinary size. Read the ratio, not the times.

mod big_config;

use std::hint::black_box;
use std::time::Duration;

use big_config::big_config;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use libyaml_safer::{EventData, Parser};
use promcfg::yaml::Tree;

fn libyaml_events(text: &str) -> usize {
    let mut input = text.as_bytes();
    let mut parser = Parser::new();
    parser.set_input_string(&mut input);
    let mut events = 0;
    loop {
        let event = parser.parse().expect("the text is valid YAML");
        events += 1;
        if matches!(event.data, EventData::StreamEnd) {
            return events;
        }
    }
}

fn yaml(criterion: &mut Criterion) {
    for (name, jobs) in [("14 MB", 20_000), ("70 kB", 100)] {
        let text = big_config(jobs);
        let tree = Tree::parse(text.as_str());
        assert!(tree.fault().is_none() && !tree.is_empty(), "the text is valid YAML");
        let mut group = criterion.benchmark_group(format!("yaml {name}"));
        group.sample_size(10).measurement_time(Duration::from_secs(5));
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function("promcfg: text to tree", |bencher| bencher.iter(|| black_box(Tree::parse(text.as_str()))));
        group.bench_function("libyaml-safer: events", |bencher| bencher.iter(|| black_box(libyaml_events(&text))));
        group.finish();
    }
}

criterion_group!(benches, yaml);
criterion_main!(benches);
