use super::*;
use crate::simulate::{JobSimulator, Status};
use crate::{Config, Options, Sources};

fn config(text: &str) -> Config {
    let mut sources = Sources::new();
    let file = sources.add("p.yml", text);
    let (config, faults) = Config::read(&mut sources, file, &Options::default());
    assert!(faults.is_empty(), "{faults:?}");
    config
}

fn objects(text: &str) -> SavedObjects {
    let mut objects = SavedObjects::default();
    assert_eq!(objects.add("dump", text), Ok(true));
    objects
}

fn discover(config: &Config, text: &str) -> JobObjects {
    objects(text).discover(Owner::Job(&config.scrape_configs[0]), &DiscoverySettings::default())
}

fn messages(found: &JobObjects) -> Vec<&str> {
    found.notes.iter().map(|note| note.message.as_str()).collect()
}

const PODS: &str = r#"{"apiVersion": "v1", "kind": "List", "items": [
  {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "shop", "uid": "1"},
   "spec": {"nodeName": "n", "containers": [{"name": "c", "ports": [{"containerPort": 80}, {"containerPort": 81}]}]},
   "status": {"podIP": "10.0.0.1", "phase": "Running"}},
  {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "b", "namespace": "shop", "uid": "2"},
   "spec": {"containers": [{"name": "c"}]}, "status": {"phase": "Pending"}}]}"#;

#[test]
fn pods_become_targets_and_those_without_an_address_are_lost() {
    let config = config("scrape_configs: [{job_name: a, kubernetes_sd_configs: [{role: pod}]}]");
    let found = discover(&config, PODS);
    let addresses: Vec<String> = found
        .targets()
        .map(|(target, source)| {
            assert_eq!(&**source, "pod/shop/a");
            let (_, address) = target.target.own.iter().find(|(name, _)| name == "__address__").unwrap().clone();
            address
        })
        .collect();
    assert_eq!(addresses, ["10.0.0.1:80", "10.0.0.1:81"]);
    let lost: Vec<_> = found.lost.iter().map(|lost| (&*lost.source, lost.reason)).collect();
    assert_eq!(lost, [("pod/shop/b", "has no `status.podIP`")]);
    let objects = &found.found[0];
    assert_eq!((objects.noun, objects.objects), ("pods", 2));
    assert_eq!(objects.losses, [("with an IP address", 1, "pod/shop/b".to_string())]);
    assert!(messages(&found).is_empty());
}

#[test]
fn a_kind_that_the_dump_lacks_is_noted_with_the_consequence() {
    let config =
        config("scrape_configs: [{job_name: a, kubernetes_sd_configs: [{role: pod, attach_metadata: {node: true}}]}]");
    let found = discover(&config, PODS);
    let expected = "the dump has no nodes: with `attach_metadata: {node: true}` Prometheus would find no pod";
    assert_eq!(messages(&found), [expected]);
    assert_eq!(found.targets().count(), 0);
}

#[test]
fn the_own_namespace_is_asked_for() {
    let config = config(
        "scrape_configs: [{job_name: a, kubernetes_sd_configs: [{role: pod, namespaces: {own_namespace: true}}]}]",
    );
    let found = discover(&config, PODS);
    assert_eq!(found.notes[0].help, "give it with --namespace NAME");
    let settings = DiscoverySettings { own_namespace: Some("shop".to_string()), ..DiscoverySettings::default() };
    let found = objects(PODS).discover(Owner::Job(&config.scrape_configs[0]), &settings);
    assert_eq!(found.targets().count(), 2);
}

#[test]
fn keys_that_become_the_same_label_name_are_noted() {
    let config = config("scrape_configs: [{job_name: a, kubernetes_sd_configs: [{role: pod}]}]");
    let text = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "s", "uid": "1",
        "labels": {"x.y": "1", "x_y": "2"}}, "spec": {"containers": [{"name": "c"}]}, "status": {"podIP": "10.0.0.1"}}"#;
    let found = discover(&config, text);
    assert_eq!(
        messages(&found),
        ["`__meta_kubernetes_pod_label_x_y` of pod/s/a is \"1\" or \"2\": Prometheus uses any of them"]
    );
}

#[test]
fn the_targets_of_a_manifest_have_placeholders_and_rules_that_read_them_are_undecided() {
    let config = config(
        "scrape_configs:\n- job_name: a\n  kubernetes_sd_configs: [{role: pod}]\n  relabel_configs:\n  \
         - {source_labels: [__meta_kubernetes_pod_label_app], regex: web, action: keep}\n  \
         - {source_labels: [__meta_kubernetes_pod_node_name], regex: 'a.*', action: keep}\n",
    );
    let manifest = |app: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  template:\n    metadata: \
             {{labels: {{app: {app}}}}}\n    spec: {{containers: [{{name: c, ports: [{{containerPort: 80}}]}}]}}\n"
        )
    };
    let result = |app: &str| {
        let found = discover(&config, &manifest(app));
        let (target, _) = found.targets().next().unwrap();
        let placeholders = found.placeholders(&target.target);
        assert!(placeholders.contains(&"192.0.2.100") && placeholders.contains(&"<node>"), "{placeholders:?}");
        let mut simulator = JobSimulator::new(&config.scrape_configs[0], false).unwrap();
        let result = simulator.simulate_unknown(&target, &placeholders);
        (result.status, result.undecided_by.map(|by| by.rule))
    };
    assert_eq!(result("web"), (Status::Undecided, Some(1)));
    assert_eq!(result("db"), (Status::Dropped, None));
}

#[test]
fn other_texts_hold_no_objects() {
    let mut objects = SavedObjects::default();
    for text in ["", "scrape_configs: []\n", "kind: ConfigMap\nmetadata: {name: a}\ndata: {}\n", "- targets: [a]\n"] {
        assert_eq!(objects.add("dump", text), Ok(false), "{text}");
    }
    assert!(objects.is_empty());
}

#[test]
fn an_object_with_a_value_of_a_wrong_type_is_an_error_with_its_name() {
    let text =
        r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "s"}, "spec": {"nodeName": 7}}"#;
    let error = SavedObjects::default().add("dump.json", text).unwrap_err();
    assert!(
        error.message.starts_with("dump.json:1: Pod s/a: spec.nodeName: expected a string, found a number"),
        "{error}"
    );
}

#[test]
fn zones_of_ec2_are_missing_only_where_a_rule_reads_them() {
    let text = r#"{"Reservations": [{"Instances": [{"InstanceId": "i-1", "PrivateIpAddress": "10.0.0.4"}]}]}"#;
    let notes = |rules: &str| {
        let config = config(&format!(
            "scrape_configs: [{{job_name: a, ec2_sd_configs: [{{region: r}}], relabel_configs: [{rules}]}}]"
        ));
        discover(&config, text).notes.len()
    };
    assert_eq!(notes(""), 0);
    assert_eq!(notes("{source_labels: [__meta_ec2_availability_zone_id], target_label: zone}"), 1);
    assert_eq!(notes("{regex: __meta_ec2_(.+), action: labelmap}"), 1);
}

#[test]
fn an_example_pod_is_on_no_known_node_and_that_is_said() {
    let config =
        config("scrape_configs: [{job_name: a, kubernetes_sd_configs: [{role: pod, attach_metadata: {node: true}}]}]");
    let manifest = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n\
        spec: {template: {spec: {containers: [{name: c}]}}}\n";
    let found = discover(&config, manifest);
    let expected = "the node of an example pod is not known: with `attach_metadata: {node: true}` the pod is left out here, \
        while in a cluster it has a node";
    assert_eq!(messages(&found)[0], expected);
}
