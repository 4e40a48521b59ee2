//! A cluster of 50,000 pods, 2,000 services and 500 nodes, some 270 MB of JSON: reading its objects, and making the groups
//! of three roles; beside them `jq length` on the same file, and serde_json, which only checks it. Read the ratios, not
//! the times. `DISCOVERY_PODS=1000` makes the cluster smaller.

mod cluster;

use std::hint::black_box;
use std::process::{Command, Stdio};

use cluster::{Size, cluster};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use promcfg::discovery::{KubernetesContext, KubernetesObjects, KubernetesOptions, KubernetesRole};

fn discovery(criterion: &mut Criterion) {
    let pods = std::env::var("DISCOVERY_PODS").ok().and_then(|count| count.parse().ok()).unwrap_or(50_000);
    let size = Size { pods, services: (pods / 25).max(1), nodes: (pods / 100).max(1) };
    let text = cluster(size);
    let (objects, errors) = KubernetesObjects::read(&text);
    assert!(errors.is_empty(), "{errors:?}");
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = folder.path().join("cluster.json");
    std::fs::write(&file, &text).expect("the cluster can be written");

    let mut group = criterion.benchmark_group("a cluster");
    group.sample_size(10).throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("objects", |bencher| bencher.iter(|| KubernetesObjects::read(black_box(&text))));
    group.bench_function("floor: serde_json checks it", |bencher| {
        bencher.iter(|| serde_json::from_str::<serde::de::IgnoredAny>(black_box(&text)).is_ok());
    });
    let jq = || Command::new("jq").arg("length").arg(&file).stdout(Stdio::null()).status();
    if jq().is_ok_and(|status| status.success()) {
        group.bench_function("peer: jq length", |bencher| bencher.iter(jq));
    }
    for role in [KubernetesRole::Pod, KubernetesRole::EndpointSlice, KubernetesRole::Service] {
        let mut options = KubernetesOptions::new(role);
        options.attach.node = true;
        options.attach.namespace = true;
        group.bench_function(format!("groups of the role {}", role.name()), |bencher| {
            bencher.iter(|| objects.discover(&options, KubernetesContext::default()).expect("is found").groups.len());
        });
    }
    group.finish();
}

criterion_group!(benches, discovery);
criterion_main!(benches);
