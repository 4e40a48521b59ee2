//! `--targets`: files, folders and patterns with targets in any form.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

const TWO_JOBS: &str = "\
scrape_configs:
- job_name: web
  static_configs: [{targets: ['own:1']}]
- job_name: db
  static_configs: [{targets: ['own:2']}]
";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("is in the folder")).expect("a folder can be made");
        fs::write(path, text).expect("the file can be written");
    }
    folder
}

/// Status, stdout and stderr of a run in the folder.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(assert_cmd::cargo::cargo_bin!("promcfg"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .env("COLUMNS", "200")
        .output()
        .expect("the tool runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is text");
    (output.status.code().expect("it ends by itself"), text(output.stdout), text(output.stderr))
}

/// The URLs of the targets that are kept.
fn urls(folder: &TempDir, arguments: &[&str]) -> Vec<String> {
    let (_, stdout, stderr) = run(folder.path(), &[&["simulate", "p.yml", "--format", "ndjson"], arguments].concat());
    let url = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).expect("is JSON");
        line["url"].as_str().unwrap_or("").to_string()
    };
    assert!(!stderr.contains("error"), "{stderr}");
    stdout.lines().map(url).collect()
}

#[test]
fn targets_of_several_files_in_several_forms_are_all_used() {
    let saved = r#"{"status":"success","data":{"activeTargets":[
        {"discoveredLabels":{"__address__":"s:1"},"scrapePool":"web"}]}}"#;
    let files = [
        ("p.yml", TWO_JOBS),
        ("a.json", r#"[{"targets":["g:1"]}]"#),
        ("b.ndjson", "{\"__address__\":\"l:1\"}\n"),
        ("c.json", saved),
    ];
    let targets = ["--job", "web", "--targets", "a.json", "--targets", "b.ndjson", "--targets", "c.json"];
    let expected = ["http://g:1/metrics", "http://s:1/metrics", "http://l:1/metrics"];
    assert_eq!(urls(&folder(&files), &targets), expected);
}

#[test]
fn lines_that_name_their_jobs_need_no_selection_and_leave_other_jobs_alone() {
    let lines = "{\"job\":\"db\",\"target\":{\"__address__\":\"d:1\"},\"labels\":{\"a\":\"b\"}}\n\n\
                 {\"job\":\"gone\",\"target\":{\"__address__\":\"x:1\"}}\n";
    let folder = folder(&[("p.yml", TWO_JOBS), ("t.ndjson", lines)]);
    assert_eq!(urls(&folder, &["--targets", "t.ndjson"]), ["http://own:1/metrics", "http://d:1/metrics"]);
    let (_, _, stderr) = run(folder.path(), &["simulate", "p.yml", "--targets", "t.ndjson"]);
    assert_eq!(stderr, "note: 1 of the given targets belong to other jobs: gone\n");
}

#[test]
fn a_line_without_a_job_after_lines_with_jobs_is_refused() {
    let lines = "{\"job\":\"db\",\"target\":{\"__address__\":\"d:1\"}}\n{\"__address__\":\"x:1\"}\n";
    let folder = folder(&[("p.yml", TWO_JOBS), ("t.ndjson", lines)]);
    let (status, _, stderr) = run(folder.path(), &["simulate", "p.yml", "--targets", "t.ndjson"]);
    assert_eq!(status, 2);
    assert!(stderr.starts_with("error: t.ndjson: line 2: it names no job\n"), "{stderr}");
}

#[test]
fn a_folder_or_a_pattern_leads_to_the_files_in_it() {
    let files = [
        ("p.yml", TWO_JOBS),
        ("t/a.json", r#"[{"targets":["a:1"]}]"#),
        ("t/deep/b.yml", "- targets: ['b:1']\n"),
        ("t/.hidden.json", r#"[{"targets":["h:1"]}]"#),
        ("t/notes.md", "nothing"),
    ];
    let folder = folder(&files);
    let expected = ["http://a:1/metrics", "http://b:1/metrics"];
    assert_eq!(urls(&folder, &["--job", "web", "--targets", "t"]), expected);
    assert_eq!(urls(&folder, &["--job", "web", "--targets", "t/*.json"]), expected[..1]);
    // A file that is named twice is read once.
    assert_eq!(urls(&folder, &["--job", "web", "--targets", "t", "--targets", "t/a.json"]), expected);
}

#[test]
fn a_file_of_another_kind_is_refused_where_it_is_named_and_skipped_in_a_folder() {
    let folder = folder(&[("p.yml", TWO_JOBS), ("t/a.json", r#"[{"targets":["a:1"]}]"#), ("t/p.yml", TWO_JOBS)]);
    let (status, _, stderr) = run(folder.path(), &["simulate", "p.yml", "--job", "web", "--targets", "t"]);
    let note = "note: 1 file holds no targets and no objects of discovery: t/p.yml\n";
    assert_eq!((status, stderr.as_str()), (0, note));
    let (status, _, stderr) = run(folder.path(), &["simulate", "p.yml", "--job", "web", "--targets", "t/p.yml"]);
    assert_eq!(status, 2);
    assert!(stderr.starts_with("error: t/p.yml is a Prometheus config, and holds no targets\n"), "{stderr}");
}

#[test]
fn nothing_in_a_folder_or_for_a_pattern_is_an_error() {
    let folder = folder(&[("p.yml", TWO_JOBS), ("t/notes.md", "nothing")]);
    let message = |targets: &str| {
        let (status, _, stderr) = run(folder.path(), &["simulate", "p.yml", "--job", "web", "--targets", targets]);
        assert_eq!(status, 2);
        stderr.lines().next().unwrap_or("").to_string()
    };
    assert_eq!(message("t"), "error: the folder t has no target files");
    assert_eq!(message("u/*.json"), "error: no file matches the pattern u/*.json");
    assert_eq!(message("u"), "error: the target file u does not exist");
}

#[test]
fn files_that_gzip_made_are_decompressed() {
    let folder = folder(&[("p.yml", TWO_JOBS)]);
    let file = fs::File::create(folder.path().join("a.json.gz")).expect("a file can be made");
    let mut encoder = GzEncoder::new(file, Compression::default());
    encoder.write_all(br#"[{"targets":["a:1"]}]"#).expect("can be written");
    encoder.finish().expect("can be written");
    assert_eq!(urls(&folder, &["--job", "web", "--targets", "a.json.gz"]), ["http://a:1/metrics"]);
    fs::write(folder.path().join("b.json.gz"), [0x1f, 0x8b, 8, 0, 1, 2]).expect("can be written");
    let (status, _, stderr) = run(folder.path(), &["simulate", "p.yml", "--job", "web", "--targets", "b.json.gz"]);
    assert_eq!(status, 2);
    assert!(stderr.starts_with("error: cannot read b.json.gz: "), "{stderr}");
}

#[test]
fn an_edit_says_what_it_assumed_of_saved_targets() {
    let config = "scrape_configs:\n- job_name: probe\n  params: {module: [y]}\n  consul_sd_configs: [{}]\n";
    let saved = r#"{"status":"success","data":{"activeTargets":[
        {"discoveredLabels":{"__address__":"h:1","__param_module":"x"},"scrapePool":"probe"}]}}"#;
    let folder = folder(&[("p.yml", config), ("t.json", saved)]);
    let (status, _, stderr) =
        run(folder.path(), &["add-label", "p.yml", "a=b", "--targets", "t.json", "--job", "probe"]);
    assert_eq!(status, 0, "{stderr}");
    assert!(stderr.contains("note: job \"probe\": all 1 saved targets have __param_module=\"x\""), "{stderr}");
}

const CLUSTER: &str = "fixtures/cluster/cluster.json";
const CLUSTER_CONFIG: &str = "fixtures/cluster/prometheus.yml";

/// A run in the project's folder, which must succeed.
fn in_project(arguments: &[&str]) -> String {
    let (status, stdout, stderr) = run(Path::new(env!("CARGO_MANIFEST_DIR")), arguments);
    assert_eq!((status, stderr.as_str()), (0, ""), "{stdout}");
    stdout
}

#[test]
fn one_dump_serves_all_jobs_and_shows_the_way_to_their_targets() {
    let shown = in_project(&["simulate", CLUSTER_CONFIG, "--targets", CLUSTER]);
    let funnel = "\
  5 pods
  4 with an IP address          1 lost: pod/jobs/batch-1
  6 targets
  5 kept by relabel_configs[0]  1 lost: 10.1.0.4:9187 (pod/shop/db-0)
  2 kept by relabel_configs[1]  3 lost, such as 10.1.0.1:8080 (pod/shop/cart-7d9)
";
    assert!(shown.contains(funnel), "{shown}");
    assert!(
        shown.contains("  2 kept by relabel_configs[0]  2 lost, such as 10.1.0.1:8080 (endpointslice/shop/cart-x1)")
    );
    assert!(shown.ends_with("2 jobs, 10 targets: 4 kept, 6 dropped\n"), "{shown}");
    let json = in_project(&["simulate", CLUSTER_CONFIG, "--targets", CLUSTER, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("is JSON");
    let step = serde_json::json!({"step": "with an IP address", "count": 4, "lost": 1, "example": "pod/jobs/batch-1"});
    assert_eq!(json["jobs"][0]["funnel"][1], step);
}

#[test]
fn targets_that_discover_prints_are_simulated_equally() {
    let lines = in_project(&["discover", CLUSTER_CONFIG, "--targets", CLUSTER]);
    let simulated =
        |targets: &str| in_project(&["simulate", CLUSTER_CONFIG, "--targets", targets, "--format", "ndjson"]);
    let folder = folder(&[("t.ndjson", &lines)]);
    let path = folder.path().join("t.ndjson");
    assert_eq!(simulated(path.to_str().expect("is text")), simulated(CLUSTER));
    let groups = in_project(&["discover", CLUSTER_CONFIG, "--job", "pods", "--targets", CLUSTER, "--format", "yaml"]);
    fs::write(folder.path().join("t.yml"), groups).expect("can be written");
    let of_pods = |targets: &str| {
        let simulated =
            in_project(&["simulate", CLUSTER_CONFIG, "--job", "pods", "--targets", targets, "--format", "ndjson"]);
        let count = |status: &str| simulated.matches(&format!("\"status\":\"{status}\"")).count();
        (count("kept"), count("dropped"))
    };
    assert_eq!(of_pods(folder.path().join("t.yml").to_str().expect("is text")), (2, 4));
}

#[test]
fn anonymized_targets_have_no_name_of_the_dump_and_the_same_results() {
    let lines = in_project(&["discover", CLUSTER_CONFIG, "--targets", CLUSTER, "--anonymize"]);
    for name in ["cart", "shop", "mail", "smtp", "10.1.0.", "batch", "\"n1\"", "example/web"] {
        assert!(!lines.contains(name), "{name}: {lines}");
    }
    let folder = folder(&[("t.ndjson", &lines)]);
    let path = folder.path().join("t.ndjson");
    let shown = in_project(&["simulate", CLUSTER_CONFIG, "--targets", path.to_str().expect("is text")]);
    assert!(shown.ends_with("2 jobs, 10 targets: 4 kept, 6 dropped\n"), "{shown}");
}

#[test]
fn of_many_targets_some_with_each_result_are_shown() {
    let instance = |number: usize| {
        let env = if number.is_multiple_of(3) { "dev" } else { "prod" };
        format!(
            "{{\"InstanceId\":\"i\",\"PrivateIpAddress\":\"10.0.0.{number}\",\"Tags\":[{{\"Key\":\"env\",\"Value\":\"{env}\"}}]}}"
        )
    };
    let instances: Vec<String> = (1..40).map(instance).collect();
    let dump = format!("{{\"Reservations\":[{{\"Instances\":[{}]}}]}}", instances.join(","));
    let config = "scrape_configs:\n- job_name: ec2\n  ec2_sd_configs: [{region: r}]\n  relabel_configs:\n  \
                  - {source_labels: [__meta_ec2_tag_env], regex: prod, action: keep}\n";
    let folder = folder(&[("p.yml", config), ("i.json", &dump)]);
    let (_, brief, _) = run(folder.path(), &["simulate", "p.yml", "--targets", "i.json"]);
    let end = "  + 23 more are kept\n  - 10 more are dropped by relabel_configs[0], line 5\n  show all with --all\n";
    assert!(brief.contains(end), "{brief}");
    let (_, all, _) = run(folder.path(), &["simulate", "p.yml", "--targets", "i.json", "--all"]);
    assert_eq!((all.matches("  + 10.").count(), all.matches("  - 10.").count()), (26, 13), "{all}");
}

#[test]
fn jobs_whose_mechanism_is_not_given_are_named_with_the_commands_for_them() {
    let config = "scrape_configs:\n- job_name: a\n  ec2_sd_configs: [{region: eu-west-1}]\n- job_name: b\n  \
                  kubernetes_sd_configs: [{role: pod}]\n";
    let dump = r#"{"Reservations":[{"Instances":[{"InstanceId":"i","PrivateIpAddress":"10.0.0.1"}]}]}"#;
    let folder = folder(&[("p.yml", config), ("i.json", dump)]);
    let (status, _, stderr) = run(folder.path(), &["simulate", "p.yml", "--targets", "i.json"]);
    let expected = "warning: job \"b\": the given objects are not of `kubernetes_sd_configs`, so that targets are missing\n  \
                    help: save them, and add --targets: kubectl get pods -A -o json > cluster.json\n";
    assert_eq!((status, stderr.as_str()), (0, expected));
}
