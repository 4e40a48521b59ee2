//! Each preset: its job has no findings, and the targets that its mechanism finds in objects become what they should.

use promcfg::edit::Preset;
use serde_json::{Value, json};

use super::run::Fixture;

/// A config with a job of the preset, made by the command.
fn config(preset: Preset) -> Fixture {
    let fixture = Fixture::of_text("p.yml", "scrape_configs: []\n");
    let outcome = fixture.run("add-job", &["new", "--preset", preset.name()]);
    assert_eq!(outcome.status, 0, "{preset}: {}", outcome.shown());
    fixture.write("targets/a.json", r#"[{"targets": ["f:1"], "labels": {"team": "x"}}]"#);
    fixture.write("targets/b.yml", "- targets: [f:2]\n");
    fixture
}

#[test]
fn the_job_of_each_preset_has_no_findings() {
    for preset in Preset::ALL {
        let fixture = config(preset);
        let outcome = fixture.run("lint", &["--format", "concise"]);
        assert_eq!((outcome.status, outcome.stdout.as_str()), (0, ""), "{preset}: {}", outcome.shown());
    }
}

#[test]
fn each_comment_of_a_preset_is_written() {
    for preset in Preset::ALL {
        let text = config(preset).text();
        for line in preset.template().lines().filter(|line| line.trim_start().starts_with('#')) {
            assert!(text.contains(line.trim()), "{preset}: {line}");
        }
        assert!(!preset.summary().is_empty());
    }
}

/// The URLs and the labels, but `job`, of the targets that are scraped, each as one text.
fn targets(preset: Preset, objects: Option<&str>) -> Vec<String> {
    let fixture = config(preset);
    let mut words = vec!["--format", "json"];
    if let Some(objects) = objects {
        fixture.write("objects.json", objects);
        words.extend(["--targets", "objects.json"]);
    }
    let outcome = fixture.run("simulate", &words);
    assert_eq!(outcome.status, 0, "{preset}: {}", outcome.shown());
    let json: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let all = json["jobs"][0]["targets"].as_array().unwrap();
    let kept = all.iter().filter(|target| target["status"] == "kept");
    let shown = |target: &Value| {
        let labels = target["labels"].as_object().unwrap();
        let labels = labels.iter().filter(|(name, _)| *name != "job" && !name.starts_with("__"));
        let labels: Vec<String> = labels.map(|(name, value)| format!("{name}={}", value.as_str().unwrap())).collect();
        format!("{} {}", target["url"].as_str().unwrap(), labels.join(" "))
    };
    kept.map(shown).collect()
}

#[test]
fn targets_in_the_config_are_scraped_as_the_preset_says() {
    for (preset, expected) in [
        (Preset::Static, vec!["http://localhost:9100/metrics instance=localhost:9100"]),
        (Preset::FileSd, vec!["http://f:1/metrics instance=f:1 team=x", "http://f:2/metrics instance=f:2"]),
        (
            Preset::Blackbox,
            vec![
                "http://blackbox-exporter:9115/probe?module=http_2xx&target=https%3A%2F%2Fexample.com instance=https://example.com",
            ],
        ),
        (
            Preset::Snmp,
            vec![
                "http://snmp-exporter:9116/snmp?auth=public_v2&module=if_mib&target=switch.example.com instance=switch.example.com",
            ],
        ),
        (
            Preset::Federation,
            vec![
                "http://prometheus:9090/federate?match%5B%5D=%7B__name__%3D~%22.%2B%3A.%2B%22%7D instance=prometheus:9090",
            ],
        ),
        (Preset::Pushgateway, vec!["http://pushgateway:9091/metrics instance=pushgateway:9091"]),
    ] {
        assert_eq!(targets(preset, None), expected, "{preset}");
    }
}

fn pod(name: &str, phase: &str, annotations: &Value, containers: &Value) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "namespace": "shop", "uid": name, "annotations": annotations},
        "spec": {"nodeName": "n1", "containers": containers},
        "status": {"phase": phase, "podIP": "10.1.0.7", "hostIP": "10.0.0.1"},
    })
}

fn list(items: &[Value]) -> String {
    json!({"apiVersion": "v1", "kind": "List", "items": items}).to_string()
}

#[test]
fn pods_are_found_by_their_annotations() {
    let one = json!([{"name": "app", "ports": [{"containerPort": 8080}]}]);
    let two = json!([{"name": "app", "ports": [{"containerPort": 8080}, {"containerPort": 9102}]}]);
    let all = json!({"prometheus.io/scrape": "true", "prometheus.io/scheme": "https", "prometheus.io/path": "/m", "prometheus.io/port": "9102"});
    let objects = list(&[
        pod("plain", "Running", &json!({"prometheus.io/scrape": "true"}), &one),
        pod("all", "Running", &all, &two),
        pod("ended", "Succeeded", &json!({"prometheus.io/scrape": "true"}), &one),
        pod("other", "Running", &json!({}), &one),
    ]);
    let all = "https://10.1.0.7:9102/m instance=10.1.0.7:9102 namespace=shop node=n1 pod=all";
    let plain = "http://10.1.0.7:8080/metrics instance=10.1.0.7:8080 namespace=shop node=n1 pod=plain";
    let mut found = targets(Preset::KubernetesPods, Some(&objects));
    found.sort();
    // Both ports of the pod give the same target, which Prometheus scrapes once.
    assert_eq!(found, [plain, all, all]);
}

#[test]
fn endpoints_are_found_by_the_annotations_of_their_service() {
    let service = |name: &str, annotations: Value| {
        json!({
            "apiVersion": "v1", "kind": "Service",
            "metadata": {"name": name, "namespace": "shop", "annotations": annotations},
            "spec": {"ports": [{"name": "http", "port": 80}]},
        })
    };
    let slice = |name: &str| {
        json!({
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
            "metadata": {"name": format!("{name}-x"), "namespace": "shop", "labels": {"kubernetes.io/service-name": name}},
            "endpoints": [{"addresses": ["10.1.0.7"], "conditions": {"ready": true}, "nodeName": "n1",
                "targetRef": {"kind": "Pod", "name": "cart", "namespace": "shop"}}],
            "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}],
        })
    };
    let containers = json!([{"name": "app", "ports": [{"containerPort": 8080}, {"containerPort": 5005}]}]);
    let objects = list(&[
        service("cart", json!({"prometheus.io/scrape": "true"})),
        service("other", json!({})),
        slice("cart"),
        slice("other"),
        pod("cart", "Running", &json!({}), &containers),
    ]);
    let expected = "http://10.1.0.7:8080/metrics instance=10.1.0.7:8080 namespace=shop node=n1 pod=cart service=cart";
    assert_eq!(targets(Preset::KubernetesEndpoints, Some(&objects)), [expected]);
}

#[test]
fn kubelets_are_scraped_at_their_nodes() {
    let node = json!({
        "apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1"},
        "status": {"addresses": [{"type": "InternalIP", "address": "10.0.0.1"}], "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}}},
    });
    let objects = list(&[node]);
    let of = |preset| targets(preset, Some(&objects));
    assert_eq!(of(Preset::KubernetesNodes), ["https://10.0.0.1:10250/metrics instance=n1 node=n1"]);
    assert_eq!(of(Preset::Cadvisor), ["https://10.0.0.1:10250/metrics/cadvisor instance=n1 node=n1"]);
}

#[test]
fn services_of_consul_are_found_by_their_tag() {
    let service = |name: &str, tags: Value, port: u16| {
        json!({
            "Node": {"Node": "c1", "Address": "10.0.0.9", "Datacenter": "dc1", "ID": "i"},
            "Service": {"ID": name, "Service": name, "Tags": tags, "Address": "", "Port": port},
            "Checks": [],
        })
    };
    let objects =
        json!([service("web", json!(["a", "metrics"]), 8080), service("db", json!(["metrics-old"]), 5432)]).to_string();
    let expected = "http://10.0.0.9:8080/metrics datacenter=dc1 instance=10.0.0.9:8080 node=c1 service=web";
    assert_eq!(targets(Preset::Consul, Some(&objects)), [expected]);
}

#[test]
fn running_instances_of_ec2_are_found_by_their_tag() {
    let instance = |id: &str, state: &str, tags: Value| {
        json!({
            "InstanceId": id, "PrivateIpAddress": "10.0.0.4", "State": {"Name": state}, "VpcId": "v", "SubnetId": "s",
            "Placement": {"AvailabilityZone": "eu-west-1a"}, "Tags": tags,
        })
    };
    let tag = json!([{"Key": "prometheus", "Value": "true"}, {"Key": "Name", "Value": "db-1"}]);
    let instances = [
        instance("i-1", "running", tag.clone()),
        instance("i-2", "stopped", tag),
        instance("i-3", "running", json!([])),
    ];
    let objects = json!({"Reservations": [{"OwnerId": "o", "Instances": instances}]}).to_string();
    let expected =
        "http://10.0.0.4:9100/metrics availability_zone=eu-west-1a instance=10.0.0.4:9100 instance_id=i-1 name=db-1";
    assert_eq!(targets(Preset::Ec2, Some(&objects)), [expected]);
}

#[test]
fn containers_of_docker_are_found_by_their_labels() {
    let container = |name: &str, labels: Value, address: &str| {
        json!({
            "Id": name, "Names": [format!("/{name}")], "Image": "i", "Labels": labels,
            "Ports": [{"PrivatePort": 80, "Type": "tcp"}, {"PrivatePort": 9102, "Type": "tcp"}],
            "NetworkSettings": {"Networks": {"app": {"NetworkID": "net", "IPAddress": address}}},
        })
    };
    let labels = json!({"prometheus.io/scrape": "true", "prometheus.io/port": "9102"});
    let containers =
        json!([container("web", labels, "172.18.0.2"), container("other", json!({}), "172.18.0.3")]).to_string();
    let fixture = config(Preset::Docker);
    fixture.write("n.json", r#"[{"Id": "net", "Name": "app", "Scope": "local", "Driver": "bridge", "IPAM": {}, "Created": "2026-01-01T00:00:00Z", "Containers": {}}]"#);
    fixture.write("c.json", &containers);
    let outcome = fixture
        .run("simulate", &["--targets", "c.json", "--targets", "n.json", "--format", "ndjson", "--status", "kept"]);
    let lines: Vec<Value> = outcome.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let shown =
        |line: &Value| format!("{} {}", line["url"].as_str().unwrap(), line["labels"]["container"].as_str().unwrap());
    let found: Vec<String> = lines.iter().map(shown).collect();
    // Both ports of the container give the same target, which Prometheus scrapes once.
    assert_eq!(found, ["http://172.18.0.2:9102/metrics web"; 2], "{}", outcome.shown());
}

#[test]
fn tasks_of_swarm_are_found_by_the_labels_of_their_service() {
    let fixture = config(Preset::Swarm);
    let service = |id: &str, labels: Value| json!({"ID": id, "Spec": {"Name": format!("name-{id}"), "Labels": labels, "Mode": {"Replicated": {"Replicas": 1}}}, "Endpoint": {"Ports": [{"Protocol": "tcp", "TargetPort": 80, "PublishedPort": 80, "PublishMode": "ingress"}]}});
    let task = |id: &str, service: &str, state: &str, address: &str| {
        json!({"ID": id, "ServiceID": service, "NodeID": "n1", "Slot": 1, "DesiredState": state, "Status": {"State": state},
            "Spec": {"ContainerSpec": {"Image": "i"}},
            "NetworksAttachments": [{"Network": {"ID": "net", "Spec": {"Name": "app"}}, "Addresses": [address]}]})
    };
    let labels = json!({"prometheus.io/scrape": "true", "prometheus.io/port": "9102"});
    fixture.write("s.json", &json!([service("s1", labels), service("s2", json!({}))]).to_string());
    fixture.write(
        "t.json",
        &json!([
            task("t1", "s1", "running", "10.0.1.3/24"),
            task("t2", "s1", "shutdown", "10.0.1.4/24"),
            task("t3", "s2", "running", "10.0.1.5/24"),
        ])
        .to_string(),
    );
    fixture.write("n.json", r#"[{"ID": "n1", "Spec": {"Role": "worker", "Availability": "active"}, "Description": {"Hostname": "w1", "Platform": {"Architecture": "x86_64", "OS": "linux"}, "Engine": {"EngineVersion": "27"}}, "Status": {"State": "ready", "Addr": "10.0.0.1"}}]"#);
    fixture.write(
        "w.json",
        r#"[{"Id": "net", "Name": "app", "Scope": "swarm", "Driver": "overlay", "IPAM": {}, "Ingress": false, "Labels": null}]"#,
    );
    let files = ["s.json", "t.json", "n.json", "w.json"].map(|file| ["--targets", file]).concat();
    let words = [&files[..], &["--format", "ndjson", "--status", "kept"]].concat();
    let outcome = fixture.run("simulate", &words);
    let lines: Vec<Value> = outcome.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let shown = |line: &Value| {
        format!(
            "{} {} {}",
            line["url"].as_str().unwrap(),
            line["labels"]["service"].as_str().unwrap(),
            line["labels"]["node"].as_str().unwrap()
        )
    };
    let found: Vec<String> = lines.iter().map(shown).collect();
    assert_eq!(found, ["http://10.0.1.3:9102/metrics name-s1 w1"], "{}", outcome.shown());
}
