//! The bounds of a run: what is beyond them is left out, counted and reported, and takes no memory.

use std::fs;
use std::io;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use promcfg::edit::{AddLabel, EditError, Grade};
use promcfg::exposition::{Page, PageFormat, PageSample, diagnostics};
use promcfg::files::MemoryFiles;
use promcfg::lint::lint_config;
use promcfg::simulate::{SimulateOptions, Status};
use promcfg::yaml::Tree;
use promcfg::{Config, Document, Files, Options, Sources, simulate};
use serde_json::Value;
use tempfile::TempDir;

/// Targets with a label that 13 rules double: 8 MB for each target.
fn doubling(targets: usize) -> String {
    let addresses: Vec<String> = (0..targets).map(|number| format!("h{number}:1")).collect();
    let groups = format!("[{{targets: [{}], labels: {{x: {}}}}}]", addresses.join(", "), "y".repeat(1000));
    let double = "  - {source_labels: [x, x], separator: '', target_label: x}\n".repeat(13);
    format!("scrape_configs:\n- job_name: a\n  static_configs: {groups}\n  relabel_configs:\n{double}")
}

fn targets(count: usize) -> String {
    let addresses: Vec<String> = (0..count).map(|number| format!("h{number}:1")).collect();
    format!("scrape_configs:\n- job_name: a\n  static_configs:\n  - targets: [{}]\n", addresses.join(", "))
}

struct Folder(TempDir);

impl Folder {
    fn new(config: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        fs::write(folder.path().join("p.yml"), config).expect("the file can be written");
        Self(folder)
    }

    /// A run of `promcfg COMMAND p.yml …` with at most these KiB of memory: status, stdout, stderr.
    fn run_within(&self, memory: usize, arguments: &str) -> (i32, String, String) {
        let tool = assert_cmd::cargo::cargo_bin!("promcfg");
        let (command, rest) = arguments.split_once(' ').unwrap_or((arguments, ""));
        let line = format!("ulimit -v {memory}; exec '{}' {command} p.yml {rest}", tool.display());
        let output = Command::new("sh")
            .args(["-c", &line])
            .current_dir(self.0.path())
            .env("LC_ALL", "C.UTF-8")
            .env("COLUMNS", "200")
            .env("RAYON_NUM_THREADS", "2")
            .output()
            .expect("the tool starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is text");
        let status = output.status.code().unwrap_or(-1);
        (status, text(output.stdout), text(output.stderr))
    }

    fn run(&self, arguments: &str) -> (i32, String, String) {
        self.run_within(4 << 20, arguments)
    }
}

#[test]
fn results_that_do_not_fit_are_left_out_and_their_number_is_said() {
    let folder = Folder::new(&targets(1000));
    let (status, stdout, stderr) = folder.run("simulate --max-memory 100KiB");
    let said = stdout.lines().find(|line| line.contains("left out")).unwrap();
    let left_out: usize = said.split(' ').find_map(|word| word.parse().ok()).unwrap();
    assert_eq!(said, format!("  too large to simulate, {left_out} targets left out"));
    let kept = stdout.lines().filter(|line| line.contains("http://h")).count();
    assert_eq!((status, kept + left_out), (2, 1000), "{stderr}");
    assert!((50..200).contains(&kept), "{kept}");
    assert!(stderr.contains(&format!("]: job a: too large to simulate, {left_out} targets left out\n")), "{stderr}");
    assert!(stderr.contains("allow more with --max-memory SIZE"), "{stderr}");
}

#[test]
fn a_job_of_which_nothing_fits_is_not_called_one_without_targets() {
    let folder = Folder::new(&targets(2));
    let (_, stdout, _) = folder.run("simulate --max-memory 10");
    let lines: Vec<&str> = stdout.lines().take(2).collect();
    assert_eq!(lines, ["a  p.yml:2  no target simulated", "  too large to simulate, 2 targets left out"]);
}

#[test]
fn json_has_the_number_of_what_is_left_out() {
    let folder = Folder::new(&targets(1000));
    let (status, stdout, _) = folder.run("simulate --format json --max-memory 100KiB");
    let document: Value = serde_json::from_str(&stdout).unwrap();
    let shown = document["jobs"][0]["targets"].as_array().unwrap().len();
    assert_eq!(status, 2);
    assert_eq!(document["jobs"][0]["left_out"], Value::from(1000 - shown));
    assert_eq!(document["left_out"], Value::from(1000 - shown));
    assert_eq!(document["jobs"][0]["counts"]["kept"], Value::from(shown));
    assert!(stdout.len() < 120 << 10, "{}", stdout.len());
    assert!(document["diagnostics"][0]["message"].as_str().unwrap().starts_with("too large to simulate, "));
    // With all of them nothing is left out, and nothing is said of it.
    let (status, stdout, _) = folder.run("simulate --format json");
    let document: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((status, document["left_out"].is_null(), document["jobs"][0]["left_out"].is_null()), (0, true, true));
}

#[test]
fn lines_of_json_are_all_printed_whatever_the_memory() {
    let (status, stdout, stderr) = Folder::new(&targets(1000)).run("simulate --format ndjson --max-memory 1");
    assert_eq!((status, stdout.lines().count(), stderr.as_str()), (0, 1000, ""));
}

#[test]
fn targets_that_are_not_shown_take_no_memory() {
    let folder = Folder::new(&targets(1000));
    let (status, stdout, _) = folder.run("simulate --max-memory 100KiB --status dropped");
    assert_eq!(status, 0);
    assert!(stdout.contains("1000 targets: 1000 kept; 0 selected"), "{stdout}");
    let (status, stdout, _) = folder.run("simulate --max-memory 100KiB --limit 10");
    assert_eq!(status, 0);
    assert!(stdout.contains("990 more targets are left out"), "{stdout}");
}

/// 300 targets would take 2.4 GB: with a budget of 64 MiB the whole run has to do with 700 MB of addresses.
#[cfg(target_os = "linux")]
#[test]
fn a_run_stays_within_its_memory() {
    const MEMORY: usize = 700 << 10;
    let folder = Folder::new(&doubling(300));
    for (command, expected) in [
        ("simulate --max-memory 64MiB", 2),
        ("simulate --max-memory 64MiB --trace", 2),
        ("simulate --max-memory 64MiB --format json", 2),
        ("lint --max-memory 64MiB", 1),
        ("add-label env=x --max-memory 64MiB", 1),
    ] {
        let (status, _, stderr) = folder.run_within(MEMORY, command);
        let end: String = stderr.chars().rev().take(300).collect::<Vec<_>>().into_iter().rev().collect();
        assert_eq!(status, expected, "{command}: {end}");
        let is_said = stderr.contains("left out") || command.starts_with("lint");
        assert!(is_said, "{command}: {end}");
    }
}

#[test]
fn lint_reports_targets_that_it_does_not_simulate() {
    let tree = Tree::parse(targets(1000));
    let found = |max_memory: u64| -> Vec<String> {
        let options = Options::default().with_max_memory(max_memory);
        let findings = lint_config(&mut Sources::new(), "p.yml", &tree, &options);
        findings.iter().map(|finding| format!("{}: {}", finding.id, finding.message)).collect()
    };
    assert_eq!(found(1 << 30), Vec::<String>::new());
    let few = found(100 << 10);
    assert_eq!(few.len(), 1, "{few:?}");
    assert!(few[0].starts_with("too-large-to-simulate: too large to simulate, "), "{few:?}");
}

#[test]
fn a_job_that_is_not_simulated_as_a_whole_does_not_drop_all_its_targets() {
    let all = |max_memory: u64| {
        let text = targets(1000) + "  relabel_configs: [{source_labels: [__address__], regex: 'h.*', action: drop}]\n";
        let options = Options::default().with_max_memory(max_memory);
        let findings = lint_config(&mut Sources::new(), "p.yml", &Tree::parse(text), &options);
        findings.iter().map(|finding| finding.id.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(all(1 << 30), ["dropped-targets"]);
    assert_eq!(all(100 << 10), ["too-large-to-simulate"]);
}

#[test]
fn an_edit_of_targets_that_cannot_be_simulated_is_refused() {
    let add = AddLabel { name: "env".into(), value: "x".into(), ..AddLabel::default() };
    let change = |max_memory: u64| {
        let options = Options::default().with_max_memory(max_memory);
        Document::new("p.yml", targets(1000), &options).add_label(&add)
    };
    assert_eq!(change(1 << 30).unwrap().grade, Grade::Proved);
    let Err(EditError::Refused(refusals)) = change(100 << 10) else { panic!("is not refused") };
    let message = &refusals[0].message;
    assert!(message.starts_with("too large to simulate, "), "{message}");
    assert!(message.ends_with(" targets left out, so that the effect of a change is unknown"), "{message}");
    assert_eq!(refusals[0].help.as_deref(), Some("allow more with --max-memory SIZE"));
}

/// Files in memory that count how often one is read.
struct Counting {
    files: MemoryFiles,
    reads: AtomicUsize,
}

impl Files for Counting {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.files.read(path)
    }

    fn glob(&self, pattern: &str) -> io::Result<Vec<String>> {
        self.files.glob(pattern)
    }
}

#[test]
fn a_target_file_that_many_jobs_name_is_read_and_held_once() {
    let jobs: Vec<String> =
        (0..100).map(|job| format!("- job_name: j{job}\n  file_sd_configs: [{{files: [t.json]}}]\n")).collect();
    let text = format!("scrape_configs:\n{}", jobs.concat());
    let disk = || Counting {
        files: [("t.json", r#"[{"targets":["h:1","h:2"]}]"#)].into_iter().collect(),
        reads: AtomicUsize::new(0),
    };
    let files = disk();
    let (mut sources, options) = (Sources::new(), Options::new(&files));
    let file = sources.add("p.yml", text.as_str());
    let (config, _) = Config::read(&mut sources, file, &options);
    let simulation = simulate(&config, &mut sources, &options, &SimulateOptions::default()).unwrap();
    let count: usize = simulation.jobs.iter().map(|job| job.targets.len()).sum();
    assert_eq!((count, files.reads.load(Ordering::Relaxed), sources.len()), (200, 1, 2));

    let files = disk();
    let mut sources = Sources::new();
    let findings = lint_config(&mut sources, "p.yml", &Tree::parse(text.as_str()), &Options::new(&files));
    assert!(findings.iter().all(|finding| finding.id == "duplicate-scrape" || finding.id == "colliding-targets"));
    assert_eq!((files.reads.load(Ordering::Relaxed), sources.len()), (1, 2));

    let files = disk();
    let add = AddLabel {
        name: "env".into(),
        value: "x".into(),
        selection: promcfg::edit::Selection { all_jobs: true, ..Default::default() },
        ..AddLabel::default()
    };
    let change = Document::new("p.yml", text, &Options::new(&files)).add_label(&add).unwrap();
    assert_eq!(
        change.summary().lines().last(),
        Some("among 200 known targets: 200 targets gain env=\"x\"; nothing else changes")
    );
    assert_eq!(files.reads.load(Ordering::Relaxed), 1);
}

#[test]
fn the_account_of_a_result_is_near_what_it_takes() {
    let mut sources = Sources::new();
    let file = sources.add("p.yml", doubling(2));
    let (config, _) = Config::read(&mut sources, file, &Options::default());
    let memory = |traces: bool| {
        let request = SimulateOptions { traces, ..SimulateOptions::default() };
        let simulation = simulate(&config, &mut sources.clone(), &Options::default(), &request).unwrap();
        simulation.jobs[0].targets[0].memory()
    };
    // The label has 8,192,000 bytes.
    assert!((8_192_000..8_300_000).contains(&memory(false)), "{}", memory(false));
    // With a trace it would be more than a trace may be.
    assert_eq!(memory(true), memory(false));
}

#[test]
fn a_trace_has_a_bound() {
    let groups = format!("{}.*{}", "(".repeat(200), ")".repeat(200));
    let text = format!(
        "scrape_configs:\n- job_name: a\n  static_configs: [{{targets: [h], labels: {{x: {}}}}}]\n  relabel_configs:\n  - {{source_labels: [x], regex: '{groups}', target_label: y}}\n",
        "y".repeat(1 << 20)
    );
    let mut sources = Sources::new();
    let file = sources.add("p.yml", text);
    let (config, _) = Config::read(&mut sources, file, &Options::default());
    for (traces, message) in [(false, None), (true, Some("too large to trace, 1 target without a trace"))] {
        let request = SimulateOptions { traces, ..SimulateOptions::default() };
        let simulation = simulate(&config, &mut sources, &Options::default(), &request).unwrap();
        let target = &simulation.jobs[0].targets[0];
        assert_eq!((target.status, target.labels.get("y").len(), target.trace.len()), (Status::Kept, 1 << 20, 0));
        assert_eq!(simulation.diagnostics.first().map(|diagnostic| diagnostic.message.as_str()), message);
    }
}

#[test]
fn refused_targets_are_reported_up_to_a_bound_and_counted_beyond() {
    let text = targets(1500) + "  relabel_configs: [{target_label: __scrape_interval__, replacement: x}]\n";
    let mut sources = Sources::new();
    let file = sources.add("p.yml", text);
    let (config, _) = Config::read(&mut sources, file, &Options::default());
    let simulation = simulate(&config, &mut sources, &Options::default(), &SimulateOptions::default()).unwrap();
    assert_eq!((simulation.diagnostics.len(), simulation.diagnostics[999].omitted), (1000, 500));
}

#[test]
fn labels_that_are_too_large_are_not_copied() {
    let text = format!(
        "scrape_configs:\n- job_name: a\n  static_configs: [{{targets: [h], labels: {{x: {}}}}}]\n",
        "y".repeat(17 << 20)
    );
    let mut sources = Sources::new();
    let file = sources.add("p.yml", text);
    let (config, _) = Config::read(&mut sources, file, &Options::default());
    let simulation = simulate(&config, &mut sources, &Options::default(), &SimulateOptions::default()).unwrap();
    let target = &simulation.jobs[0].targets[0];
    assert_eq!((target.status, target.error.as_deref()), (Status::Unknown, Some("the labels exceed 16 MiB in rule 0")));
    assert_eq!((target.discovered.len(), target.discovered.get("__address__")), (1, "h"));
}

#[test]
fn series_that_do_not_fit_are_left_out_and_lines_of_json_are_all_printed() {
    let folder = Folder::new(&targets(100));
    let page: String = (0..100).map(|number| format!("m{{x=\"{number}\"}} 1\n")).collect();
    fs::write(folder.0.path().join("page"), page).unwrap();
    let (status, stdout, _) = folder.run("simulate --stage metric --series page --format ndjson --max-memory 200KiB");
    assert_eq!((status, stdout.lines().count()), (0, 10_000));
    let (status, stdout, _) = folder.run("simulate --stage metric --series page --format json --max-memory 200KiB");
    let document: Value = serde_json::from_str(&stdout).unwrap();
    let shown = document["jobs"][0]["series"].as_array().unwrap().len();
    assert_eq!((status, &document["jobs"][0]["left_out"]), (2, &Value::from(10_000 - shown)));
    let (status, stdout, _) = folder.run("simulate --stage metric --series page --max-memory 200KiB");
    assert!(stdout.contains("series left out"), "{stdout}");
    assert_eq!(status, 2);
}

#[test]
fn targets_and_series_that_are_given_to_an_edit_count_as_well() {
    let folder = Folder::new(&targets(2));
    let page: String = (0..1000).map(|number| format!("m{{x=\"{number}\"}} 1\n")).collect();
    let lines: String = (0..1000).map(|number| format!("{{\"__address__\":\"g{number}:1\"}}\n")).collect();
    fs::write(folder.0.path().join("page"), page).unwrap();
    fs::write(folder.0.path().join("lines"), lines).unwrap();
    for (arguments, what) in [("--targets lines", "targets"), ("--stage metric --series page", "series")] {
        let (status, _, stderr) = folder.run(&format!("add-label env=x --max-memory 100KiB {arguments}"));
        let message = format!("error: the given {what} take more memory than 100 KiB\n");
        assert_eq!((status, stderr.starts_with(&message)), (2, true), "{stderr}");
    }
}

/// The samples of a page, and the faults that are reported of it, with the number of those that are not.
fn read_page(page: &str, format: PageFormat) -> (usize, usize, usize) {
    let mut sample = PageSample::default();
    let mut reader = Page::new(page, format);
    let mut samples = 0;
    while let Some(read) = reader.read(&mut sample) {
        samples += usize::from(read.is_ok());
    }
    let mut sources = Sources::new();
    let file = sources.add("page", page);
    let found = diagnostics(&sources, file, page, format);
    assert!(
        found.iter().all(|found| found.message.len() < 1000 && found.upstream.iter().all(|text| text.len() < 2000))
    );
    (samples, found.len(), found.iter().map(|found| found.omitted).sum())
}

#[test]
fn large_pages_are_read_and_their_faults_are_bounded() {
    // Without optimization a twentieth of it.
    const MILLION: usize = if cfg!(debug_assertions) { 50_000 } else { 1_000_000 };
    let both = [PageFormat::Text, PageFormat::OpenMetrics];
    let long = "x".repeat(100 * MILLION);
    assert_eq!(read_page(&format!("a{{b=\"{long}\"}} 1\n"), PageFormat::Text), (1, 0, 0));
    assert_eq!(read_page(&format!("# {long}\na{{b=\"c{long}\n"), PageFormat::Text), (0, 1, 0));
    drop(long);
    let name = "n".repeat(10 * MILLION);
    let names = format!("{{\"{name}\",\"{name}\"=\"1\"}} 1\n");
    let labels: String = (0..MILLION).map(|number| format!("l{number}=\"1\",")).collect();
    let labels = format!("a{{{labels}}} 1\n");
    for format in both {
        for page in [&names, &labels] {
            assert_eq!(read_page(&format!("{page}# EOF\n"), format), (1, 0, 0));
        }
    }
    assert_eq!(read_page(&("# x\n".repeat(MILLION) + "a 1\n"), PageFormat::Text), (1, 0, 0));
    for format in both {
        let faults = "a x\n".repeat(MILLION) + "# EOF\n";
        assert_eq!(read_page(&faults, format), (0, 1000, MILLION - 1000));
    }
    // A quote that stays open is read once, whatever the number of lines in it.
    assert_eq!(read_page(&("a{b=\"c\n".repeat(MILLION) + "\n"), PageFormat::Text), (0, 1000, MILLION - 1000));
}
