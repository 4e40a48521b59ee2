//! 2,000 ServiceMonitors with 5,000 Services and 20,000 pods, some 16 MB of YAML: the tool renders, lints and simulates
//! them. `OPERATOR_MONITORS=200` makes it smaller; `OPERATOR_FOLDER=path` keeps the manifests.

mod manifests;

use std::path::PathBuf;
use std::process::{Command, Stdio};

use criterion::{Criterion, criterion_group, criterion_main};
use manifests::{Counts, write};

fn operator(criterion: &mut Criterion) {
    let monitors = std::env::var("OPERATOR_MONITORS").ok().and_then(|count| count.parse().ok()).unwrap_or(2_000);
    let counts = Counts { monitors, services: monitors * 5 / 2, pods: monitors * 10 };
    let temporary = tempfile::tempdir().expect("a folder can be made");
    let folder = std::env::var_os("OPERATOR_FOLDER").map_or_else(|| temporary.path().to_path_buf(), PathBuf::from);
    write(&folder, counts);
    let mut group = criterion.benchmark_group("manifests of the operator");
    group.sample_size(10);
    for command in ["render", "lint", "simulate"] {
        group.bench_function(command, |bencher| {
            bencher.iter(|| {
                let mut tool = Command::new(env!("CARGO_BIN_EXE_promcfg"));
                let status = tool.arg(command).arg(&folder).stdout(Stdio::null()).stderr(Stdio::null()).status();
                assert!(status.is_ok_and(|status| status.code().is_some_and(|code| code < 2)), "{command} fails");
            });
        });
    }
    group.finish();
}

criterion_group!(benches, operator);
criterion_main!(benches);
