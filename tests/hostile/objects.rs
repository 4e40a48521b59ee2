//! Dumps of objects made to do harm: each is answered soon, with little memory, and nothing of a value that is refused is
//! printed.

use std::process::Command;

use super::{Folder, program, words};

/// The status, what is printed and what is reported, of a question in a bounded memory.
fn answer(question: &str, kilobytes: usize) -> (Option<i32>, String, String) {
    let folder = Folder::new().with("question.json", question);
    let program = program();
    let program = program.to_str().expect("is a path");
    let command = format!("ulimit -v {kilobytes}; exec timeout 60 '{program}' debug discovery question.json");
    let output = Command::new("sh").args(["-c", &command]).current_dir(folder.path()).output().expect("runs");
    let (stdout, stderr) = words(&output);
    (output.status.code(), stdout, stderr)
}

fn pod(labels: &str, containers: &str, statuses: &str) -> String {
    format!(
        r#"{{"kind": "Pod", "metadata": {{"name": "p", "namespace": "d", "labels": {{{labels}}}}}, "spec": {{"containers": [{containers}]}}, "status": {{"podIP": "10.0.0.1", "containerStatuses": [{statuses}]}}}}"#
    )
}

fn question(role: &str, objects: &str) -> String {
    format!(r#"{{"role": "{role}", "objects": [{objects}]}}"#)
}

fn list(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(",")
}

#[test]
fn labels_in_hundreds_of_thousands_are_read() {
    let labels = list(200_000, |index| format!(r#""app.{index}":"x""#));
    let (status, stdout, stderr) = answer(&question("pod", &pod(&labels, r#"{"name": "c"}"#, "")), 4_000_000);
    assert_eq!(status, Some(0), "{stderr:.500}");
    assert!(stdout.contains("__meta_kubernetes_pod_labelpresent_app_199999"));
}

#[test]
fn a_hundred_thousand_keys_that_become_one_name_are_one_label() {
    let key = |index: usize| (0..17).map(|bit| if index >> bit & 1 == 0 { '.' } else { '-' }).collect::<String>();
    for value in ["x", ""] {
        // Equal values, and values that differ.
        let value = |index: usize| if value.is_empty() { index.to_string() } else { value.to_string() };
        let labels = list(100_000, |index| format!(r#""{}":"{}""#, key(index), value(index)));
        let (status, stdout, stderr) = answer(&question("pod", &pod(&labels, r#"{"name": "c"}"#, "")), 1_000_000);
        assert_eq!(status, Some(0), "{stderr:.500}");
        assert_eq!(stdout.matches("__meta_kubernetes_pod_labelpresent_").count(), 1);
    }
}

#[test]
fn values_of_megabytes_are_kept_once() {
    let labels = format!(r#""a":"{}""#, "v".repeat(32 << 20));
    let containers = list(20, |index| format!(r#"{{"name": "c{index}"}}"#));
    let (status, stdout, stderr) = answer(&question("pod", &pod(&labels, &containers, "")), 1_000_000);
    assert_eq!(status, Some(0), "{stderr:.500}");
    assert!(stdout.len() < 34 << 20);
}

#[test]
fn containers_are_found_in_their_statuses_by_name() {
    let containers = list(50_000, |index| format!(r#"{{"name": "c{index}"}}"#));
    let statuses = list(50_000, |index| format!(r#"{{"name": "c{index}", "containerID": "x://{index}"}}"#));
    let (status, stdout, stderr) = answer(&question("pod", &pod("", &containers, &statuses)), 2_000_000);
    assert_eq!(status, Some(0), "{stderr:.500}");
    assert!(stdout.contains("x://49999"));
}

#[test]
fn addresses_times_ports_are_not_held_without_end() {
    let addresses = list(20_000, |_| r#"{"ip": "1.1.1.1"}"#.to_string());
    let ports = list(20_000, |index| format!(r#"{{"port": {index}}}"#));
    let endpoints = format!(
        r#"{{"kind": "Endpoints", "metadata": {{"name": "s", "namespace": "d"}}, "subsets": [{{"addresses": [{addresses}], "ports": [{ports}]}}]}}"#
    );
    let (objects, errors) = promcfg::discovery::KubernetesObjects::read(&endpoints);
    assert!(errors.is_empty());
    let options = promcfg::discovery::KubernetesOptions::new(promcfg::discovery::KubernetesRole::Endpoints);
    let mut targets = 0;
    let mut count = |group: promcfg::discovery::DiscoveredGroup| targets += group.targets.len();
    let found = objects.discover_each(&options, Default::default(), &mut count).expect("is found");
    assert_eq!(found.cut.len(), 1);
    assert!(targets < 10_000_000, "{targets}");
}

#[test]
fn deep_values_are_skipped_or_refused() {
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
    for (value, is_read) in [(deep("[", "]"), true), (deep("{\"a\":", "}"), true)] {
        let text = format!(r#"{{"kind": "Pod", "metadata": {{"name": "p"}}, "unknown": {value}}}"#);
        let (objects, errors) = promcfg::discovery::KubernetesObjects::read(&text);
        assert_eq!((objects.len() == 1, errors.is_empty()), (is_read, is_read), "{errors:?}");
    }
    let lists = format!("{}{}", r#"{"kind": "List", "items": ["#.repeat(10_000), "]}".repeat(10_000));
    let (objects, errors) = promcfg::discovery::KubernetesObjects::read(&lists);
    assert!(objects.is_empty() && errors.len() == 1, "{errors:?}");
    let (objects, errors) = promcfg::discovery::KubernetesObjects::read(&format!("# YAML\n{lists}"));
    assert!(objects.is_empty() && errors.len() == 1, "{errors:?}");
}

#[test]
fn a_value_of_a_wrong_type_is_not_shown() {
    let containers =
        r#"{"name": "c", "ports": [{"containerPort": "hunter2"}], "env": [{"name": "A", "value": "hunter2"}]}"#;
    let (status, stdout, stderr) = answer(&question("pod", &pod("", containers, "")), 1_000_000);
    assert_eq!(status, Some(2));
    assert!(stderr.contains("spec.containers[0].ports[0].containerPort"), "{stderr}");
    assert!(!stdout.contains("hunter2") && !stderr.contains("hunter2"), "{stdout}{stderr}");
}

#[test]
fn secrets_of_other_objects_are_never_held() {
    let text = r#"{"apiVersion": "v1", "kind": "List", "items": [
        {"apiVersion": "v1", "data": {"a": "hunter2"}, "kind": "Secret", "metadata": {"name": "s"}},
        {"data": {"a": "hunter2"}, "metadata": {"name": "s"}, "stringData": {"b": "hunter2"}},
        {"kind": "Pod", "spec": {"containers": [{"name": "c", "env": [{"value": "hunter2"}]}]}}]}"#;
    for text in [text.to_string(), format!("# YAML\n{text}")] {
        let (objects, errors) = promcfg::discovery::KubernetesObjects::read(&text);
        assert!(errors.is_empty(), "{errors:?}");
        assert!(!format!("{objects:?}").contains("hunter2"));
    }
}
