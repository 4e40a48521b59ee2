use super::*;

const NODES: &str = r#"[{"ID": "n1", "Spec": {"Role": "worker", "Availability": "drain", "Labels": {"zone": "b"}},
    "Description": {"Hostname": "w", "Platform": {"Architecture": "x86_64", "OS": "linux"}, "Engine": {"EngineVersion": "27"}},
    "Status": {"State": "down", "Addr": "fd00::7"}}]"#;

const SERVICES: &str = r#"[{"ID": "s1",
    "Spec": {"Name": "web", "Labels": {"l": "1"}, "Mode": {"Replicated": {"Replicas": 1}}},
    "Endpoint": {
        "Ports": [{"Protocol": "tcp", "TargetPort": 80, "PublishedPort": 8080, "PublishMode": "ingress"}, {"Protocol": "udp", "PublishedPort": 53}],
        "VirtualIPs": [{"NetworkID": "net", "Addr": "10.0.0.5/24"}, {"NetworkID": "x", "Addr": "2001:DB8::5/64"}]
    }
}]"#;

const NETWORKS: &str = r#"[{"Id": "net", "Name": "ingress", "Scope": "swarm", "Ingress": true, "Labels": null}]"#;

fn objects(tasks: &str) -> SwarmObjects {
    let mut objects = SwarmObjects::default();
    objects.add_nodes(NODES).unwrap();
    objects.add_services(SERVICES).unwrap();
    objects.add_networks(NETWORKS).unwrap();
    objects.add_tasks(tasks).unwrap();
    objects
}

fn found(objects: &SwarmObjects, role: SwarmRole) -> Discovered {
    objects.groups(&SwarmOptions::new(role), Release::LATEST).unwrap()
}

/// The labels of these names, of each target; `-` where a target does not have one.
fn values(found: &Discovered, names: &[&str]) -> Vec<Vec<String>> {
    let value = |target: &Vec<LabelPair>, wanted: &str| {
        let name = if wanted == "__address__" { wanted.to_string() } else { name(wanted) };
        target.iter().find(|(own, _)| **own == *name).map_or("-".to_string(), |(_, value)| value.to_string())
    };
    let of_target = |target| names.iter().map(|name| value(target, name)).collect();
    found.groups[0].targets.iter().map(of_target).collect()
}

#[test]
fn each_tcp_port_of_a_service_is_a_target_on_each_of_its_addresses() {
    let found = found(&objects("[]"), SwarmRole::Services);
    assert_eq!(
        values(
            &found,
            &[
                "__address__",
                "network_name",
                "service_mode",
                "service_endpoint_port_name",
                "service_task_container_image"
            ]
        ),
        [["10.0.0.5:8080", "ingress", "replicated", "", "-"], ["[2001:db8::5]:8080", "-", "replicated", "", "-"]],
    );
}

#[test]
fn a_service_without_virtual_addresses_has_no_targets_and_one_without_an_address_is_refused() {
    let mut objects = SwarmObjects::default();
    objects
        .add_services(r#"[{"ID": "s", "Spec": {"Name": "dns"}, "Endpoint": {"Ports": [{"Protocol": "tcp"}]}}]"#)
        .unwrap();
    assert_eq!(found(&objects, SwarmRole::Services).groups[0].targets.len(), 0);
    objects
        .add_services(r#"[{"ID": "t", "Spec": {"Name": "web"}, "Endpoint": {"VirtualIPs": [{"Addr": ""}]}}]"#)
        .unwrap();
    let refused = objects.groups(&SwarmOptions::new(SwarmRole::Services), Release::LATEST);
    assert_eq!(refused, Err(DiscoveryError::ServiceAddress { service: "web".to_string() }));
    let error = objects.add_services(r#"[{"Endpoint": {"VirtualIPs": [{"Addr": "10.0.0.5"}]}}]"#).unwrap_err();
    assert!(error.to_string().contains("expected an IP address with the length of its prefix"), "{error}");
}

#[test]
fn drained_and_lost_nodes_are_targets() {
    let found = found(&objects("[]"), SwarmRole::Nodes);
    assert_eq!(
        values(
            &found,
            &[
                "__address__",
                "node_status",
                "node_availability",
                "node_engine_version",
                "node_label_zone",
                "node_manager_leader"
            ]
        ),
        [["[fd00::7]:80", "down", "drain", "27", "b", "-"]],
    );
}

#[test]
fn a_task_has_the_published_ports_of_its_node_and_those_of_its_service_on_each_of_its_addresses() {
    let tasks = r#"[{"ID": "t", "ServiceID": "s1", "NodeID": "n1", "Slot": 2, "DesiredState": "running",
        "Status": {"State": "running", "ContainerStatus": {"ContainerID": "c"}, "PortStatus": {"Ports": [
            {"Protocol": "tcp", "PublishedPort": 9000, "PublishMode": "host"}]}},
        "Spec": {"ContainerSpec": {"Labels": {"a.b": "1"}}},
        "NetworksAttachments": [{"Network": {"ID": "net"}, "Addresses": ["10.0.0.9/24"]}]}]"#;
    let found = found(&objects(tasks), SwarmRole::Tasks);
    let names = [
        "__address__",
        "task_port_publish_mode",
        "network_name",
        "service_name",
        "node_hostname",
        "container_label_a_b",
        "task_label_a_b",
    ];
    assert_eq!(
        values(&found, &names),
        [
            ["[fd00::7]:9000", "host", "-", "web", "w", "1", "-"],
            ["10.0.0.9:8080", "ingress", "ingress", "web", "w", "1", "-"],
        ],
    );
    let old = objects(tasks).groups(&SwarmOptions::new(SwarmRole::Tasks), "2.33".parse().unwrap()).unwrap();
    assert_eq!(values(&old, &["container_label_a_b", "task_label_a_b"]), [["-", "1"], ["-", "1"]]);
}

#[test]
fn a_task_of_an_unknown_service_and_node_has_neither_their_labels_nor_an_address() {
    let tasks = r#"[{"ID": "t", "ServiceID": "unknown", "NodeID": "unknown",
        "Status": {"PortStatus": {"Ports": [{"Protocol": "tcp", "PublishedPort": 9000}]}},
        "NetworksAttachments": [{"Network": {"ID": "unknown"}, "Addresses": ["10.0.0.9/24"]}]}]"#;
    let found = found(&objects(tasks), SwarmRole::Tasks);
    let names = ["__address__", "task_slot", "service_id", "node_id", "task_port_publish_mode"];
    assert_eq!(values(&found, &names), [[":9000", "0", "-", "-", ""], ["10.0.0.9:80", "0", "-", "-", "-"]]);
    let empty = r#"[{"ID": "t", "NetworksAttachments": [{"Addresses": [""]}]}]"#;
    let refused = objects(empty).groups(&SwarmOptions::new(SwarmRole::Tasks), Release::LATEST);
    assert_eq!(refused, Err(DiscoveryError::TaskAddress { task: "t".to_string() }));
}

#[test]
fn of_a_dump_only_tasks_of_the_wanted_state_are_targets() {
    let task = |id: &str, state: &str| {
        format!(
            r#"{{"ID": "{id}", "DesiredState": "{state}", "NetworksAttachments": [{{"Addresses": ["10.0.0.9/24"]}}]}}"#
        )
    };
    let objects = objects(&format!("[{}, {}]", task("a", "running"), task("b", "shutdown")));
    let mut options = SwarmOptions::new(SwarmRole::Tasks);
    options.filters = vec![Filter::new("desired-state", ["running"]), Filter::new("service", ["web"])];
    let count = |options: &SwarmOptions| objects.groups(options, Release::LATEST).unwrap().groups[0].targets.len();
    assert_eq!(count(&options), 2);
    options.scope = ObjectScope::Dump;
    assert_eq!(count(&options), 1);
    let notes = objects.groups(&options, Release::LATEST).unwrap().notes;
    assert_eq!(notes, [DiscoveryNote::UnappliedFilter { field: "filters", names: vec!["service".to_string()] }]);
}
