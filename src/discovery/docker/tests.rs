use super::*;
use crate::discovery::{Discovered, DiscoveryNote};
use crate::release::Release;

fn objects(containers: &str) -> DockerObjects {
    let mut objects = DockerObjects::default();
    objects.add_containers(containers).unwrap();
    objects.add_networks(r#"[{"Id": "n1", "Name": "app", "Scope": "local", "Internal": true}]"#).unwrap();
    objects
}

fn found(containers: &str, options: &DockerOptions) -> Discovered {
    objects(containers).groups(options, Release::LATEST).unwrap()
}

/// The labels of these names, of each target; `-` where a target does not have one.
fn values(found: &Discovered, names: &[&str]) -> Vec<Vec<String>> {
    let value = |target: &Vec<crate::discovery::LabelPair>, wanted: &str| {
        target.iter().find(|(name, _)| **name == *wanted).map_or("-".to_string(), |(_, value)| value.to_string())
    };
    let of_target = |target| names.iter().map(|name| value(target, name)).collect();
    found.groups[0].targets.iter().map(of_target).collect()
}

fn addresses(found: &Discovered) -> Vec<String> {
    values(found, &["__address__"]).concat()
}

fn container(id: &str, rest: &str) -> String {
    format!(r#"{{"Id": "{id}", "Names": ["/{id}"], {rest}}}"#)
}

const ON_APP: &str = r#""NetworkSettings": {"Networks": {"app": {"NetworkID": "n1", "IPAddress": "172.18.0.2"}}}"#;

#[test]
fn a_port_that_is_published_twice_gives_two_targets_with_one_address() {
    let ports = r#""Ports": [{"IP": "0.0.0.0", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"},
        {"IP": "::", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"}, {"PrivatePort": 53, "Type": "udp"}]"#;
    let found = found(&format!("[{}]", container("web", &format!("{ports}, {ON_APP}"))), &DockerOptions::default());
    assert_eq!(
        values(&found, &["__address__", "__meta_docker_port_public_ip", "__meta_docker_network_internal"]),
        [["172.18.0.2:80", "0.0.0.0", "true"], ["172.18.0.2:80", "::", "true"]],
    );
}

#[test]
fn without_a_tcp_port_the_port_of_the_config_counts_and_in_the_hosts_network_its_host() {
    let plain = container("a", ON_APP);
    let host =
        container("b", r#""HostConfig": {"NetworkMode": "host"}, "NetworkSettings": {"Networks": {"host": {}}}"#);
    let options =
        DockerOptions { port: 9100, host_networking_host: "h.internal".to_string(), ..DockerOptions::default() };
    assert_eq!(addresses(&found(&format!("[{plain}, {host}]"), &options)), ["172.18.0.2:9100", "h.internal"]);
}

#[test]
fn of_several_networks_the_first_one_by_name_counts_unless_all_are_wanted() {
    let networks = r#""NetworkSettings": {"Networks": {"b": {"IPAddress": "10.0.0.2"}, "a": null,
        "B": {"GlobalIPv6Address": "2001:DB8::0:5"}}}"#;
    let text = format!("[{}]", container("web", networks));
    assert_eq!(addresses(&found(&text, &DockerOptions::default())), ["[2001:db8::5]:80"]);
    let all = DockerOptions { match_first_network: false, ..DockerOptions::default() };
    assert_eq!(addresses(&found(&text, &all)), ["[2001:db8::5]:80", "10.0.0.2:80"]);
}

#[test]
fn a_shared_network_is_found_by_the_full_id_through_any_number_of_containers() {
    let main = container("main", ON_APP);
    let first = container("first", r#""HostConfig": {"NetworkMode": "container:main"}"#);
    let second = container(
        "second",
        r#""HostConfig": {"NetworkMode": "container:first"}, "Ports": [{"PrivatePort": 7, "Type": "tcp"}]"#,
    );
    let lost = container("lost", r#""HostConfig": {"NetworkMode": "container:/main"}"#);
    let text = format!("[{main}, {first}, {second}, {lost}]");
    let found = found(&text, &DockerOptions::default());
    assert_eq!(addresses(&found), ["172.18.0.2:80", "172.18.0.2:80", "172.18.0.2:7"]);
}

#[test]
fn containers_that_share_a_network_in_a_circle_end() {
    let one = container("one", r#""HostConfig": {"NetworkMode": "container:two"}"#);
    let two = container("two", r#""HostConfig": {"NetworkMode": "container:one"}"#);
    let own = container("own", r#""HostConfig": {"NetworkMode": "container:own"}"#);
    let found = found(&format!("[{one}, {two}, {own}]"), &DockerOptions::default());
    let circle = |container: &str| DiscoveryNote::NetworkCircle { container: container.to_string() };
    assert_eq!((addresses(&found), found.notes), (vec![], vec![circle("/one"), circle("/own")]));
}

#[test]
fn a_long_chain_of_shared_networks_is_followed_once() {
    let containers: Vec<String> = (0..20_000)
        .map(|number| {
            container(&number.to_string(), &format!(r#""HostConfig": {{"NetworkMode": "container:{}"}}"#, number + 1))
        })
        .collect();
    let text = format!("[{}, {}]", containers.join(","), container("20000", ON_APP));
    assert_eq!(addresses(&found(&text, &DockerOptions::default())).len(), 20_001);
}

#[test]
fn labels_of_images_come_with_the_next_release() {
    let text = format!("[{}]", container("web", &format!(r#""Image": "nginx:1", "ImageID": "sha256:1", {ON_APP}"#)));
    let names = ["__meta_docker_container_image", "__meta_docker_container_image_id"];
    assert_eq!(values(&found(&text, &DockerOptions::default()), &names), [["-", "-"]]);
    let next = objects(&text).groups(&DockerOptions::default(), Release::NEXT).unwrap();
    assert_eq!(values(&next, &names), [["nginx:1", "sha256:1"]]);
}

#[test]
fn only_running_containers_are_read_from_inspected_ones() {
    let mut objects = DockerObjects::default();
    let text = r#"[
        {"Id": "1", "Name": "/up", "State": {"Running": true}, "NetworkSettings": {"Networks": {"a": {"IPAddress": "10.0.0.1"}},
            "Ports": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}], "53/udp": null, "443": null}}},
        {"Id": "2", "Name": "/down", "State": {"Running": false}, "NetworkSettings": {"Networks": {"a": {"IPAddress": "10.0.0.2"}}}}
    ]"#;
    assert_eq!(objects.add_inspected(text).unwrap(), 1);
    let found = objects.groups(&DockerOptions::default(), Release::LATEST).unwrap();
    let public = ["__address__", "__meta_docker_port_public", "__meta_docker_port_public_ip"];
    assert_eq!(values(&found, &public), [["10.0.0.1:443", "-", "-"], ["10.0.0.1:80", "8080", "127.0.0.1"]]);
}

#[test]
fn a_malformed_address_makes_the_answer_unreadable() {
    let text =
        r#"[{"Id": "1", "Names": ["/web"], "NetworkSettings": {"Networks": {"app": {"IPAddress": "172.18.0.256"}}}}]"#;
    let error = DockerObjects::default().add_containers(text).unwrap_err();
    let expected = "line 1: object \"/web\": expected an IP address for `[0].NetworkSettings.Networks.app.IPAddress`, found another string";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn keys_of_labels_that_become_one_name_are_reported() {
    let text = format!("[{}]", container("web", &format!(r#""Labels": {{"a.b": "1", "a_b": "2"}}, {ON_APP}"#)));
    let found = found(&text, &DockerOptions::default());
    assert_eq!(&*found.undetermined[0].label, "__meta_docker_container_label_a_b");
    assert_eq!(values(&found, &["__meta_docker_container_label_a_b"]), [["1"]]);
}

#[test]
fn few_objects_that_make_too_many_targets_are_refused() {
    let ports: Vec<String> = (1..=600).map(|port| format!(r#"{{"PrivatePort": {port}, "Type": "tcp"}}"#)).collect();
    let networks: Vec<String> = (0..600).map(|number| format!(r#""n{number}": {{"IPAddress": "10.0.0.1"}}"#)).collect();
    let rest =
        format!(r#""Ports": [{}], "NetworkSettings": {{"Networks": {{{}}}}}"#, ports.join(","), networks.join(","));
    let all = DockerOptions { match_first_network: false, ..DockerOptions::default() };
    let refused = objects(&format!("[{}]", container("web", &rest))).groups(&all, Release::LATEST);
    assert_eq!(
        refused.unwrap_err().to_string(),
        "the targets have more than 1000000 labels, which is the most that is computed"
    );
}
