//! Manifests of prometheus-operator whose targets are lost on the way: the step that loses them is told at its place.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

fn fixtures(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/operator").join(folder)
}

/// Status, stdout and stderr of `promcfg` in a folder.
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

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let (_, stdout, stderr) = run(folder, &[&["simulate", "--format", "json"], arguments].concat());
    serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("not JSON: {stdout}{stderr}"))
}

/// `web.yml:3: step: sentence` of all that is lost.
fn losses(document: &Value) -> Vec<String> {
    let of_jobs = document["jobs"].as_array().into_iter().flatten().filter_map(|job| job.get("lost"));
    let of_objects = document["without_jobs"].as_array().into_iter().flatten().map(|object| &object["lost"]);
    let shown = |lost: &Value| {
        let text = |key: &str| lost[key].as_str().unwrap_or_default().to_string();
        format!("{}:{}: {}: {}", text("file"), lost["line"], text("step"), text("message"))
    };
    of_jobs.chain(of_objects).map(shown).collect()
}

fn kept(document: &Value) -> u64 {
    document["jobs"].as_array().into_iter().flatten().filter_map(|job| job["counts"]["kept"].as_u64()).sum()
}

/// The names of the cases with a mistake.
fn cases() -> Vec<String> {
    let names = fs::read_dir(fixtures("lost"))
        .expect("the folder exists")
        .map(|entry| entry.expect("can be listed").file_name().into_string().expect("is text"));
    let mut names: Vec<String> = names.filter(|name| !name.ends_with(".sound.yml")).collect();
    names.sort();
    names
}

#[test]
fn each_mistake_is_told_in_one_sentence_at_its_place() {
    let mut told = String::new();
    for case in cases() {
        let losses = losses(&json(&fixtures("lost"), &[&case]));
        assert_eq!(losses.len(), 1, "{case}: {losses:?}");
        writeln!(told, "{}", losses[0]).expect("memory can be written");
    }
    insta::assert_snapshot!(told);
}

#[test]
fn the_same_manifests_without_the_mistake_have_a_target_and_nothing_is_told() {
    assert!(cases().len() >= 20);
    for case in cases() {
        let document = json(&fixtures("lost"), &[&case.replace(".yml", ".sound.yml")]);
        assert_eq!((losses(&document), kept(&document)), (Vec::new(), 1), "{case}");
    }
}

/// The manifests of the workers, with a text of one file replaced.
fn drifted(file: &str, from: &str, to: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for entry in fs::read_dir(fixtures("workers")).expect("the folder exists") {
        let path = entry.expect("can be listed").path();
        let text = fs::read_to_string(&path).expect("is text");
        let name = path.file_name().expect("has a name").to_str().expect("is text");
        let text = if name == file {
            assert!(text.contains(from), "{file}: {from}");
            text.replace(from, to)
        } else {
            text
        };
        fs::write(folder.path().join(name), text).expect("can be written");
    }
    folder
}

#[test]
fn every_worker_has_a_target() {
    let document = json(&fixtures("workers"), &["."]);
    let url = |job: &Value| {
        let kept = job["targets"].as_array().into_iter().flatten().find(|target| target["status"] == "kept");
        kept.and_then(|target| target["url"].as_str()).unwrap_or_default().to_string()
    };
    let urls: Vec<String> = document["jobs"].as_array().into_iter().flatten().map(url).collect();
    let expected: Vec<String> = (9091..=9095).map(|port| format!("http://192.0.2.100:{port}/metrics")).collect();
    assert_eq!(urls, expected);
    assert_eq!(losses(&document), Vec::<String>::new());
}

#[test]
fn a_sixth_worker_without_an_endpoint_is_told_at_its_port() {
    let sixth = "containerPort: 9095\n        - name: metrics-6\n          containerPort: 9096\n";
    let folder = drifted("deployment.yml", "containerPort: 9095\n", sixth);
    let told = "./deployment.yml:33: endpoint: no endpoint of this ServiceMonitor scrapes port `metrics-6` of Deployment app/app-django";
    assert_eq!(losses(&json(folder.path(), &["."])), [told]);
}

#[test]
fn a_port_that_the_service_lacks_is_told_at_the_service() {
    let folder = drifted("service.yml", "  - name: metrics-3\n    port: 9093\n    targetPort: metrics-3\n", "");
    let document = json(folder.path(), &["."]);
    let told = "./service.yml:12: port: Service app/app-django has no port with the name `metrics-3`, which Deployment app/app-django declares";
    assert_eq!(losses(&document), [told]);
    assert_eq!(kept(&document), 4);
}

#[test]
fn a_misspelt_port_is_told_where_it_is_misspelt() {
    let folder = drifted("servicemonitor.yml", "port: metrics-2", "port: metrcis-2");
    let told = "./servicemonitor.yml:14: port: Service app/app-django has no port with the name `metrcis-2`: it has `metrics-2`";
    assert_eq!(losses(&json(folder.path(), &["."]))[0], told);
    let folder = drifted("service.yml", "name: metrics-2", "name: metrcis-2");
    let told = "./service.yml:18: port: Service app/app-django has no port with the name `metrics-2`, which Deployment app/app-django declares: it has `metrcis-2`";
    assert_eq!(losses(&json(folder.path(), &["."])), [told]);
    let folder = drifted("deployment.yml", "name: metrics-2", "name: metrcis-2");
    let told = "./deployment.yml:25: target-port: port `metrics-2` of Service app/app-django leads to the container port `metrics-2`, which Deployment app/app-django does not declare: it has `metrcis-2`";
    assert_eq!(losses(&json(folder.path(), &["."])), [told]);
}

#[test]
fn jobs_are_selected_by_their_names_and_by_the_names_of_objects() {
    let jobs = |pattern: &str| -> Vec<String> {
        let document = json(&fixtures("workers"), &[".", "--job", pattern]);
        let name = |job: &Value| job["job"].as_str().unwrap_or_default().to_string();
        document["jobs"].as_array().into_iter().flatten().map(name).collect()
    };
    assert_eq!(jobs("serviceMonitor/app/app-django/0"), ["serviceMonitor/app/app-django/0"]);
    assert_eq!(jobs("servicemonitor/app-django").len(), 5);
    assert_eq!(jobs("ServiceMonitor/app/app-django").len(), 5);
    let (status, _, stderr) = run(&fixtures("workers"), &["simulate", ".", "--job", "servicemonitor/web"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("unknown job \"servicemonitor/web\" in ."), "{stderr}");
}

#[test]
fn files_that_are_named_one_by_one_are_one_input() {
    let names = ["service.yml", "deployment.yml", "servicemonitor.yml"];
    let (status, stdout, _) = run(&fixtures("workers"), &[&["simulate"], &names[..]].concat());
    assert_eq!(status, 0);
    assert!(stdout.ends_with("5 jobs, 30 targets: 5 kept, 25 dropped\n"), "{stdout}");
    let (status, _, stderr) = run(&fixtures("workers"), &["simulate", "service.yml", "deployment.yml"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("the files have no objects of prometheus-operator"), "{stderr}");
}
