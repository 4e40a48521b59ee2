//! The whole command on configs of several shapes, beside `promtool check config`, when that is installed. Read the
//! ratio, not the times.

#[allow(dead_code)]
mod shapes;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};

fn run(program: &str, arguments: &[&str], config: &Path) -> bool {
    let status = Command::new(program).args(arguments).arg(config).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

fn lint(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let has_promtool = run("promtool", &["--version"], Path::new("--version"));
    for (name, text) in [
        ("flow style", shapes::flow_style(20_000)),
        ("comments", shapes::comments(20_000)),
        ("long chains", shapes::long_chains(1_000)),
        ("many groups", shapes::many_groups(2_000)),
        ("metric rules", shapes::metric_rules(2_000)),
        ("no two lists alike", shapes::distinct_rules(5_000)),
    ] {
        let path = folder.path().join("prometheus.yml");
        std::fs::write(&path, &text).expect("the config can be written");
        let mut group = criterion.benchmark_group(format!("lint {name}, {} KB", text.len() / 1000));
        group.sample_size(10).measurement_time(Duration::from_secs(5));
        let arguments = ["lint", "--format", "json", "--fail-on", "error"];
        assert!(run(env!("CARGO_BIN_EXE_promcfg"), &arguments, &path), "{name} has no error");
        group.bench_function("promcfg", |bencher| {
            bencher.iter(|| run(env!("CARGO_BIN_EXE_promcfg"), &arguments, &path));
        });
        if has_promtool {
            group.bench_function("promtool", |bencher| {
                bencher.iter(|| run("promtool", &["check", "config"], &path));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, lint);
criterion_main!(benches);
