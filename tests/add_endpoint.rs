//! `add-endpoint`: endpoints of a monitor and ports of its Service, in one edit of several manifests.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// The files of the workers.
const FILES: [&str; 3] = ["deployment.yml", "service.yml", "servicemonitor.yml"];

/// The manifests of the workers; each text is changed first.
fn workers(change: impl Fn(&str, String) -> String) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for name in FILES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/operator/workers").join(name);
        let text = fs::read_to_string(path).expect("the fixture can be read");
        fs::write(folder.path().join(name), change(name, text)).expect("can be written");
    }
    folder
}

/// A sixth and a seventh port in the Deployment.
fn with_more_workers(name: &str, text: String) -> String {
    if name != "deployment.yml" {
        return text;
    }
    text + "        - name: metrics-6\n          containerPort: 9096\n        - name: metrics-7\n          containerPort: 9097\n"
}

fn run(folder: &TempDir, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(assert_cmd::cargo::cargo_bin!("promcfg"))
        .arg("add-endpoint")
        .args(arguments)
        .current_dir(folder.path())
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .env("COLUMNS", "200")
        .output()
        .expect("the tool runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is text");
    (output.status.code().expect("it ends by itself"), text(output.stdout), text(output.stderr))
}

fn text(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect("can be read")
}

const OBJECT: [&str; 2] = ["--object", "servicemonitor/app/app-django"];

#[test]
fn what_is_missing_is_added_to_both_objects_as_the_neighbors_are_written() {
    let folder = workers(with_more_workers);
    let before = FILES.map(|name| text(&folder, name));
    let arguments = [&["."], &OBJECT[..], &["--port", "metrics-{1..7}"]].concat();
    let (status, stdout, stderr) = run(&folder, &arguments);
    assert_eq!(status, 0, "{stdout}{stderr}");
    let ports =
        |number: u32| format!("  - name: metrics-{number}\n    port: 909{number}\n    targetPort: metrics-{number}\n");
    let endpoint = |number: u32| format!("  - port: metrics-{number}\n    path: /metrics\n    interval: 15s\n");
    assert_eq!(text(&folder, "deployment.yml"), before[0]);
    assert_eq!(text(&folder, "service.yml"), format!("{}{}{}", before[1], ports(6), ports(7)));
    assert_eq!(text(&folder, "servicemonitor.yml"), format!("{}{}{}", before[2], endpoint(6), endpoint(7)));
    assert!(stdout.contains("2 targets"), "{stdout}");
    let (status, stdout, _) = run(&folder, &arguments);
    let nothing =
        "nothing to do: ServiceMonitor/app/app-django has all of these endpoints, and its Service the ports\n";
    assert_eq!((status, stdout.as_str()), (0, nothing));
}

#[test]
fn only_the_port_of_the_service_is_added_where_the_endpoint_exists() {
    let gone = "  - name: metrics-3\n    port: 9093\n    targetPort: metrics-3\n";
    let folder = workers(|name, text| if name == "service.yml" { text.replace(gone, "") } else { text });
    let (status, _, stderr) = run(&folder, &[&["."], &OBJECT[..], &["--port", "metrics-3"]].concat());
    assert_eq!(status, 0, "{stderr}");
    assert!(text(&folder, "service.yml").ends_with(gone));
    assert!(!text(&folder, "servicemonitor.yml").contains("metrics-6"));
}

#[test]
fn a_port_that_no_container_declares_needs_a_number_and_has_no_target_of_its_own_without_it() {
    let folder = workers(|_, text| text);
    let (status, _, stderr) = run(&folder, &[&["."], &OBJECT[..], &["--port", "admin"]].concat());
    assert_eq!(status, 2);
    assert!(stderr.contains("the number of port \"admin\" is not known"), "{stderr}");
    let (status, stdout, stderr) =
        run(&folder, &[&["."], &OBJECT[..], &["--port", "admin", "--port-number", "9000"]].concat());
    assert_eq!(status, 0, "{stdout}{stderr}");
    assert!(text(&folder, "service.yml").ends_with("  - name: admin\n    port: 9000\n    targetPort: 9000\n"));
}

#[test]
fn nothing_is_written_where_the_edit_is_refused_or_only_shown() {
    let folder = workers(with_more_workers);
    let before = FILES.map(|name| text(&folder, name));
    let port = ["--port", "metrics-6"];
    for option in ["--dry-run", "--check"] {
        let (status, stdout, _) = run(&folder, &[&["."], &OBJECT[..], &port, &[option]].concat());
        assert_eq!(status, i32::from(option == "--check"), "{stdout}");
        assert!(stdout.contains("service.yml") && stdout.contains("servicemonitor.yml"), "{stdout}");
    }
    let (status, _, stderr) = run(&folder, &[&["servicemonitor.yml"], &OBJECT[..], &port].concat());
    assert_eq!(status, 2);
    assert!(stderr.contains("has no Service that") || stderr.contains("the input has no Service"), "{stderr}");
    let (status, _, stderr) = run(
        &folder,
        &[&["servicemonitor.yml", "service.yml"], &OBJECT[..], &port, &["--port-number", "9096"]].concat(),
    );
    assert_eq!(status, 1);
    assert!(stderr.contains("the input does not show that the new endpoints have targets"), "{stderr}");
    let (status, _, stderr) =
        run(&folder, &[&["."][..], &["--object", "servicemonitor/app/app-djang"], &port].concat());
    assert_eq!(status, 2);
    assert!(stderr.contains("did you mean ServiceMonitor/app/app-django?"), "{stderr}");
    assert_eq!(FILES.map(|name| text(&folder, name)), before);
}

#[test]
fn json_has_the_files_and_the_jobs() {
    let folder = workers(with_more_workers);
    let (status, stdout, _) =
        run(&folder, &[&["."], &OBJECT[..], &["--port", "metrics-6", "--format", "json"]].concat());
    let document: Value = serde_json::from_str(&stdout).expect("is JSON");
    assert_eq!((status, &document["grade"], &document["written"]), (0, &"shown".into(), &true.into()));
    assert_eq!(document["jobs"][0]["job"], "serviceMonitor/app/app-django/5");
    assert_eq!(document["files"].as_array().map(Vec::len), Some(2));
}

#[test]
fn several_objects_in_one_file_with_comments_are_edited_in_place() {
    let folder = workers(with_more_workers);
    let all = FILES.map(|name| format!("---\n# {name}\n{}", text(&folder, name))).concat() + "# the end\n";
    FILES.iter().for_each(|name| fs::remove_file(folder.path().join(name)).expect("can be removed"));
    fs::write(folder.path().join("all.yml"), &all).expect("can be written");
    let (status, stdout, stderr) = run(&folder, &[&["all.yml"], &OBJECT[..], &["--port", "metrics-6"]].concat());
    assert_eq!(status, 0, "{stdout}{stderr}");
    let port = "    targetPort: metrics-5\n  - name: metrics-6\n    port: 9096\n    targetPort: metrics-6\n";
    let endpoint = "  - port: metrics-6\n    path: /metrics\n    interval: 15s\n# the end\n";
    let expected = all.replace("    targetPort: metrics-5\n", port).replace("# the end\n", "");
    assert_eq!(text(&folder, "all.yml"), format!("{expected}{endpoint}"));
}
