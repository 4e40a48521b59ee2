//! Loading a config of 20,000 jobs (14 MB): the whole command beside `promtool check config`, when
//! that is installed, and the library's reading alone. Read the ratio, not the times.

mod big_config;

use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use big_config::big_config;
use criterion::{Criterion, criterion_group, criterion_main};
use promcfg::{Config, Options, Sources};

fn run(program: &str, arguments: &[&str], config: &Path) -> bool {
    let status = Command::new(program)
        .args(arguments)
        .args(Some(config).filter(|config| *config != Path::new("")))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

/// The config stands before other arguments of an edit.
fn with_config<'a>(arguments: &[&'a str], config: &'a Path) -> Vec<&'a str> {
    let mut words = arguments.to_vec();
    words.insert(1, config.to_str().expect("is text"));
    words
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
            black_box(Config::read(&mut sources, file, &Options::default()))
        });
    });
    let simulate = ["simulate", "--format", "json", "--job", "svc-1"];
    assert!(run(env!("CARGO_BIN_EXE_promcfg"), &simulate, &path), "the config is clean");
    group.bench_function("command: promcfg simulate --job svc-1", |bencher| {
        bencher.iter(|| run(env!("CARGO_BIN_EXE_promcfg"), &simulate, &path));
    });
    for arguments in [
        &["lint", "--format", "json", "--fail-on", "error"][..],
        &["add-label", "--dry-run", "--job", "svc-9999", "--method", "relabel", "rack=r7"],
        &["add-label", "--dry-run", "--all-jobs", "--method", "relabel", "rack=r7"],
    ] {
        let words = with_config(arguments, &path);
        group.bench_function(format!("command: promcfg {}", arguments.join(" ")), |bencher| {
            bencher.iter(|| run(env!("CARGO_BIN_EXE_promcfg"), &words, Path::new("")));
        });
    }
    if run("promtool", &["--version"], Path::new("--version")) {
        group.bench_function("command: promtool check config", |bencher| {
            bencher.iter(|| run("promtool", &["check", "config"], &path));
        });
    }
    group.finish();
}

criterion_group!(benches, load);
criterion_main!(benches);
