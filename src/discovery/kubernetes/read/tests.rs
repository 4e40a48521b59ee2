use super::super::objects::{KubernetesKind, KubernetesObjects};
use super::super::values::{PortReference, Text};

fn read(text: &str) -> KubernetesObjects {
    let (objects, errors) = KubernetesObjects::read(text);
    assert_eq!(errors, []);
    objects
}

fn error(text: &str) -> String {
    let (objects, errors) = KubernetesObjects::read(text);
    assert!(objects.is_empty(), "{objects:?}");
    errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ")
}

/// Each text as JSON, and as YAML that is no JSON.
fn both(json: &str) -> [KubernetesObjects; 2] {
    [read(json), read(&format!("# in YAML\n{json}"))]
}

#[test]
fn lists_objects_and_documents_are_read_alike() {
    let pod = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "d"}, "spec": {"nodeName": "n"}}"#;
    let bare = r#"{"metadata": {"name": "p", "namespace": "d"}, "spec": {"nodeName": "n"}}"#;
    let expected = read(pod);
    assert_eq!(&*expected.pods[0].spec.node_name, "n");
    for text in [
        format!(r#"{{"apiVersion": "v1", "kind": "List", "items": [{pod}]}}"#),
        format!(r#"{{"apiVersion": "v1", "items": [{pod}], "kind": "List"}}"#),
        format!(r#"{{"kind": "PodList", "apiVersion": "v1", "items": [{bare}]}}"#),
        format!(r#"{{"apiVersion": "v1", "items": [{bare}], "kind": "PodList"}}"#),
        format!("[{pod}]"),
        r#"{"spec": {"nodeName": "n"}, "metadata": {"namespace": "d", "name": "p"}, "kind": "Pod"}"#.to_string(),
    ] {
        for objects in both(&text) {
            assert_eq!(objects, expected, "{text}");
        }
    }
    assert_eq!(read(&format!("{pod}\n{pod}")).pods.len(), 2);
    assert_eq!(read(&format!("---\n{pod}\n---\n# nothing\n---\n{pod}")).pods.len(), 2);
}

#[test]
fn other_versions_and_kinds_are_skipped_and_counted() {
    let [json, yaml] = both(
        r#"{"kind": "List", "items": [
            {"apiVersion": "networking.k8s.io/v1beta1", "kind": "Ingress", "metadata": {"name": "a"}},
            {"apiVersion": "v1", "data": {"a": "Yg=="}, "kind": "Secret", "metadata": 7},
            {"apiVersion": "v1", "kind": "Secret"}, {"spec": {}}, null]}"#,
    );
    assert_eq!(json, yaml);
    assert!(json.is_empty());
    assert_eq!(json.skipped().collect::<Vec<_>>(), [("", 1), ("Ingress", 1), ("Secret", 2)]);
}

#[test]
fn null_is_an_absent_value_and_the_last_of_repeated_keys_counts() {
    for objects in both(
        r#"{"kind": "Service", "metadata": {"name": null, "labels": {"b": "1", "a": null, "b": "2"}, "annotations": null},
            "spec": {"type": "A", "type": "B", "unknown": [{}], "ports": [null, {"port": 1, "targetPort": null}]}}"#,
    ) {
        let service = &objects.services[0];
        let labels: Vec<(&str, &str)> = service.meta.labels.iter().map(|(name, text)| (&**name, &**text)).collect();
        assert_eq!(labels, [("a", ""), ("b", "2")]);
        assert_eq!(&*service.spec.kind, "B");
        assert_eq!(service.spec.ports.iter().map(|port| port.number).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(service.spec.ports[1].target, None);
    }
}

#[test]
fn absent_values_differ_from_empty_ones_where_that_counts() {
    for objects in both(
        r#"{"kind": "EndpointSlice", "endpoints": [{"conditions": {"ready": false}, "hostname": ""}],
            "ports": [{"name": "", "port": 0}, {}]}"#,
    ) {
        let slice = &objects.slices[0];
        assert_eq!((slice.endpoints[0].conditions.ready, slice.endpoints[0].conditions.serving), (Some(false), None));
        assert_eq!((&slice.endpoints[0].hostname, &slice.endpoints[0].zone), (&Some(Text::default()), &None));
        assert_eq!((slice.ports[0].number, slice.ports[1].number), (Some(0), None));
    }
}

#[test]
fn a_value_of_another_type_is_refused_with_its_object_and_field() {
    let pod =
        |rest: &str| format!("{{\"kind\": \"Pod\", \"metadata\": {{\"name\": \"p\", \"namespace\": \"d\"}}, {rest}}}");
    let port = pod(r#""spec": {"containers": [{}, {"ports": [{"containerPort": "hunter2"}]}]}"#);
    let words =
        "Pod d/p: spec.containers[1].ports[0].containerPort: expected a whole number of 32 bits, found a string";
    assert_eq!((error(&port).as_str(), error(&format!("# in YAML\n{port}")).as_str()), (words, words));
    let (_, errors) = KubernetesObjects::read(&format!("# in YAML\n{port}"));
    assert_eq!(errors[0].to_string(), format!("{words} (line 2, column 119)"));
    assert_eq!(
        error(&pod(r#""spec": {"containers": {"a": 1}}"#)),
        "Pod d/p: spec.containers: expected a list, found an object"
    );
    assert_eq!(
        error(r#"{"kind": "PodList", "items": [{"metadata": {"name": "p", "labels": {"a": 1}}}]}"#),
        "Pod: metadata.labels.a: expected a string, found a number"
    );
    assert_eq!(error(r#"{"kind": "List", "items": 1}"#), "List: expected a list, found a number");
    assert_eq!(error("[1]"), "expected an object, found a number");
    assert_eq!(error("a text"), "expected an object, found a string");
}

#[test]
fn a_broken_document_leaves_the_others_and_broken_json_is_reported_as_such() {
    let (objects, errors) =
        KubernetesObjects::read("kind: Pod\n---\nkind: [\n---\nkind: Pod\nspec: 1\n---\nkind: Node\n");
    assert_eq!((objects.pods.len(), objects.nodes.len(), errors.len()), (1, 1, 2));
    assert_eq!(errors[0].line, 4);
    assert_eq!(errors[1].to_string(), "Pod: spec: expected an object, found a number (line 6, column 7)");
    assert!(error(r#"{"kind": "Pod", "#).starts_with("invalid JSON: EOF while parsing"));
    // Brackets that are YAML, not JSON.
    assert_eq!(read("{kind: Pod, metadata: {name: a}}").pods.len(), 1);
}

#[test]
fn scalars_of_yaml_are_those_of_its_version_1_1() {
    let objects = read(
        "kind: Service\nmetadata: {name: &n s, labels: {on: '1', 010: x, n: *n}}\nspec:\n  publishNotReadyAddresses: yes\n  \
         ports: [&p {port: 0x50, targetPort: web}, {<<: *p, port: 81.0}, {port: 1, <<: *p}]\n",
    );
    let service = &objects.services[0];
    let labels: Vec<(&str, &str)> = service.meta.labels.iter().map(|(name, text)| (&**name, &**text)).collect();
    assert_eq!(labels, [("8", "x"), ("false", "s"), ("true", "1")]);
    assert!(service.spec.publishes_not_ready);
    assert_eq!(service.spec.ports.iter().map(|port| port.number).collect::<Vec<_>>(), [80, 81, 80]);
    assert!(service.spec.ports.iter().all(|port| port.target == Some(PortReference::Name("web".into()))));
    assert_eq!(
        error("kind: Pod\nmetadata: {labels: {a: no}}\n"),
        "Pod: metadata.labels.a: expected a string, found a truth value"
    );
}

#[test]
fn aliases_that_multiply_are_refused() {
    let mut text = "a0: &a0 {ports: [{containerPort: 1}, {containerPort: 1}]}\n".to_string();
    for level in 1..30 {
        let below = level - 1;
        text += &format!("a{level}: &a{level} {{<<: [*a{below}, *a{below}]}}\n");
    }
    text += "kind: Pod\nspec: {containers: [*a29]}\n";
    assert!(error(&text).contains("excessive aliasing"), "{}", error(&text));
    assert!(error("kind: Pod\nmetadata: &a {<<: *a}\n").contains("excessive aliasing"));
}

#[test]
fn everything_of_kinds_is_counted() {
    let text: String = KubernetesKind::all().map(|kind| format!("---\nkind: {}\n", kind.name())).collect();
    let objects = read(&text);
    assert!(KubernetesKind::all().all(|kind| objects.count(kind) == 1));
    assert_eq!(objects.len(), KubernetesKind::all().count());
}
