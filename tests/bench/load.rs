//! Loading a config of 20,000 jobs (14 MB): the whole command beside `promtool check config`, when
//! that is installed, and the library's reading alone. Read the ratio, not the times.

mod big_config;

use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use big_config::big_config;
use criterion::{Criterion, criterion_group, criterion_main};
use promcfg::{Config, NoFiles, Sources};

fn run(program: &str, arguments: &[&str], config: &Path) -> bool {
    let status = Command::new(program).args(arguments).arg(config).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

fn load(criterion: &mut Criterion) {
    let text = big_config(20_000);
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("prometheus.yml");
    std::fs::write(&path, &text).expect("the config can be written");
    let mut group = criterion.benchmark_group("load 14 MB");
    group.sample_size(10).measurement_time(Duration::from_secs(15));
    group.bench_function("library: text to config", |bencher| {
        bencher.iter(|| {
            let mut sources = Sources::new();
            let file = sources.add("prometheus.yml", text.as_str());
            black_box(Config::read(&mut sources, file, &NoFiles))
        });
    });
    let simulate = ["simulate", "--format", "json", "--job", "svc-1"];
    assert!(run(env!("CARGO_BIN_EXE_promcfg"), &simulate, &path), "the config is clean");
    group.bench_function("command: promcfg simulate --job svc-1", |bencher| {
        bencher.iter(|| run(env!("CARGO_BIN_EXE_promcfg"), &simulate, &path));
    });
    if run("promtool", &["--version"], Path::new("--version")) {
        group.bench_function("command: promtool check config", |bencher| {
            bencher.iter(|| run("promtool", &["check", "config"], &path));
        });
    }
    group.finish();
}

criterion_group!(benches, load);
criterion_main!(benches);
