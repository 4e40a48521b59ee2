//! Reading YAML texts: promcfg's finished tree beside the bare events of libyaml-safer (a port of libyaml to
//! Rust), for the big config of about 14 MB, one of ordinary size, and texts of other shapes. Read the ratio, not the
//! times.

mod big_config;
mod shapes;

use std::hint::black_box;
use std::sync::Arc;
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
    let big = big_config(20_000);
    let texts = [
        ("70 kB", big_config(100)),
        ("CRLF", big.replace('\n', "\r\n")),
        ("14 MB", big),
        ("flow style", shapes::flow_style(20_000)),
        ("flow style on lines", shapes::flow_lines(20_000)),
        ("comments", shapes::comments(20_000)),
        ("long chains", shapes::long_chains(1_000)),
        ("many groups", shapes::many_groups(2_000)),
        ("block scalars", shapes::block_scalars(20_000)),
        ("anchors", shapes::anchors(20_000)),
        ("metric rules", shapes::metric_rules(5_000)),
        ("no two lists alike", shapes::distinct_rules(10_000)),
    ];
    for (name, text) in texts {
        let text: Arc<str> = text.into();
        let tree = Tree::parse(Arc::clone(&text));
        assert!(tree.fault().is_none() && !tree.is_empty(), "the text is valid YAML");
        let mut group = criterion.benchmark_group(format!("yaml {name}"));
        group.sample_size(10).measurement_time(Duration::from_secs(5));
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function("promcfg: text to tree", |bencher| {
            bencher.iter(|| black_box(Tree::parse(Arc::clone(&text))));
        });
        group.bench_function("libyaml-safer: events", |bencher| bencher.iter(|| black_box(libyaml_events(&text))));
        group.finish();
    }
}

criterion_group!(benches, yaml);
criterion_main!(benches);
