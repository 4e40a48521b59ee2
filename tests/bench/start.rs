//! Small files, where the start of the program counts: a config of 2.6 KB, and a folder of 500 of them. Beside each is
//! its floor in the same run: a process that only prints its version, and the texts read and parsed without a process.

mod big_config;
mod ratio;

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};

use big_config::big_config;
use criterion::{Criterion, criterion_group, criterion_main};
use promcfg::input::Input;
use ratio::print_ratio;

const FILES: usize = 500;

fn run(program: &str, arguments: &[&str], folder: &Path) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn start(criterion: &mut Criterion) {
    let program = env!("CARGO_BIN_EXE_promcfg");
    let text = big_config(4);
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(folder.path().join("small.yml"), &text).expect("the config can be written");
    let many = folder.path().join("many");
    fs::create_dir(&many).expect("a folder can be made");
    for number in 0..FILES {
        fs::write(many.join(format!("{number}.yml")), &text).expect("the config can be written");
    }
    let lint = ["lint", "--fail-on", "error", "small.yml"];
    assert!(run(program, &lint, folder.path()), "the config is clean");
    let mut group = criterion.benchmark_group("a config of 2.6 KB");
    group.bench_function("promcfg lint", |bencher| bencher.iter(|| run(program, &lint, folder.path())));
    let simulate = ["simulate", "small.yml"];
    group.bench_function("promcfg simulate", |bencher| bencher.iter(|| run(program, &simulate, folder.path())));
    group.bench_function("floor: promcfg --version", |bencher| {
        bencher.iter(|| run(program, &["--version"], folder.path()));
    });
    if run("promtool", &["--version"], folder.path()) {
        let promtool = || {
            let _succeeds = run("promtool", &["check", "config", "small.yml"], folder.path());
        };
        print_ratio(
            "a config of 2.6 KB",
            1,
            || {
                let _succeeds = run(program, &lint, folder.path());
            },
            "promtool",
            promtool,
        );
        group.sample_size(10).bench_function("peer: promtool check config", |bencher| bencher.iter(promtool));
    }
    group.finish();
    let mut group = criterion.benchmark_group("500 files");
    group.sample_size(20);
    let lint_many = || {
        let _succeeds = run(program, &["lint", "--fail-on", "error", "many"], folder.path());
    };
    let read_and_parse = || {
        for number in 0..FILES {
            let bytes = fs::read(many.join(format!("{number}.yml"))).expect("the config can be read");
            black_box(Input::decode("p.yml", &bytes));
        }
    };
    print_ratio("500 files", 1, lint_many, "reading and parsing alone", read_and_parse);
    group.bench_function("promcfg lint", |bencher| bencher.iter(lint_many));
    group.bench_function("floor: read and parse", |bencher| bencher.iter(read_and_parse));
    group.finish();
}

criterion_group!(benches, start);
criterion_main!(benches);
