//! Edits of a config of 20,000 jobs (14 MB), without writing it: of one job, and of all jobs. No other program makes such
//! edits; beside them stands a floor: a plain reader of YAML that only makes values of the same text. Read the ratio,
//! not the times.

mod big_config;

use std::hint::black_box;
use std::process::{Command, Stdio};
use std::time::Duration;

use big_config::big_config;
use criterion::{Criterion, criterion_group, criterion_main};
use promcfg::edit::{AddLabel, Method, Selection};
use promcfg::{Document, Options};

const JOBS: usize = 20_000;

fn label(selection: Selection, method: Method) -> AddLabel {
    AddLabel { name: "floor".into(), value: "7".into(), selection, method, ..AddLabel::default() }
}

fn edits(criterion: &mut Criterion) {
    let text = big_config(JOBS);
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("prometheus.yml");
    std::fs::write(&path, &text).expect("the config can be written");
    let mut group = criterion.benchmark_group("edit 14 MB");
    group.sample_size(10).measurement_time(Duration::from_secs(15));
    group.bench_function("floor: yaml_serde, text to values", |bencher| {
        bencher.iter(|| serde_yaml::from_str::<serde_yaml::Value>(black_box(&text)).expect("is YAML"));
    });
    let one = || Selection { jobs: vec![format!("svc-{}", JOBS / 2)], ..Selection::default() };
    let all = || Selection { all_jobs: true, ..Selection::default() };
    for (name, selection, changed) in [("one job", one(), 1), ("all jobs", all(), JOBS)] {
        for method in [Method::Auto, Method::Relabel] {
            let request = label(selection.clone(), method);
            let edit = || Document::new("prometheus.yml", text.as_str(), &Options::default()).add_label(&request);
            assert_eq!(edit().expect("can be made").jobs.len(), changed);
            group.bench_function(format!("library: {name}, {method:?}"), |bencher| bencher.iter(|| black_box(edit())));
        }
    }
    let job = format!("svc-{}", JOBS / 2);
    for selection in [&["--job", job.as_str()][..], &["--all-jobs"]] {
        let run = || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_promcfg"));
            command.arg("add-label").arg(&path).args(["floor=7", "--dry-run"]).args(selection);
            command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
        };
        assert!(run(), "the edit can be made");
        group.bench_function(format!("command: promcfg add-label {}", selection.join(" ")), |bencher| {
            bencher.iter(run);
        });
    }
    group.finish();
}

criterion_group!(benches, edits);
criterion_main!(benches);
