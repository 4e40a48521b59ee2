//! What the items of discovery sections ask for, as plain options without places.

use rustc_hash::FxHashSet;

use crate::discovery::{
    ConsulOptions, DiscoveryOptions, DnsOptions, DnsType, DockerOptions, Ec2Options, Filter, HttpOptions,
    KubernetesOptions, KubernetesRole, KubernetesSelector, SwarmOptions, SwarmRole,
};
use crate::release::Release;
use crate::yaml::Node;

use super::reader::{Entries, Left};
use super::schema::SectionCheck;

/// The options of an item; `None` for a mechanism whose targets are not computed, and for an unknown role.
pub(super) fn options_of(check: SectionCheck, entries: &Entries<'_>, release: Release) -> Option<DiscoveryOptions> {
    Some(match check {
        SectionCheck::Consul => DiscoveryOptions::Consul(consul(entries)),
        SectionCheck::Dns => DiscoveryOptions::Dns(dns(entries)?),
        SectionCheck::Docker => DiscoveryOptions::Docker(docker(entries, release)),
        SectionCheck::Dockerswarm => DiscoveryOptions::Swarm(swarm(entries)?),
        SectionCheck::Ec2 => DiscoveryOptions::Ec2(ec2(entries)),
        SectionCheck::Aws if entries.text_or("role", "") == "ec2" => DiscoveryOptions::Ec2(ec2(entries)),
        SectionCheck::Http => DiscoveryOptions::Http(HttpOptions::new(entries.text_or("url", ""))),
        SectionCheck::Kubernetes => DiscoveryOptions::Kubernetes(kubernetes(entries)?),
        _ => return None,
    })
}

fn consul(entries: &Entries<'_>) -> ConsulOptions {
    ConsulOptions {
        services: texts(entries, "services"),
        tags: texts(entries, "tags"),
        node_meta: pairs(entries, "node_meta"),
        datacenter: entries.text_or("datacenter", ""),
        tag_separator: entries.text_or("tag_separator", ","),
        filter: entries.text_or("filter", ""),
        health_filter: entries.text_or("health_filter", ""),
        ..ConsulOptions::default()
    }
}

fn dns(entries: &Entries<'_>) -> Option<DnsOptions> {
    let mut options = DnsOptions::new(texts(entries, "names"));
    options.record_type = DnsType::named(&entries.text_or("type", "SRV"))?;
    options.port = number(entries, "port", 0);
    Some(options)
}

fn docker(entries: &Entries<'_>, release: Release) -> DockerOptions {
    let defaults = DockerOptions::default();
    DockerOptions {
        port: number(entries, "port", defaults.port),
        host_networking_host: entries.text_or("host_networking_host", &defaults.host_networking_host),
        match_first_network: flag(entries.get("match_first_network"), release.matches_first_docker_network()),
        filters: filters(entries),
        ..defaults
    }
}

fn swarm(entries: &Entries<'_>) -> Option<SwarmOptions> {
    let mut options = SwarmOptions::new(SwarmRole::named(&entries.text_or("role", ""))?);
    options.port = number(entries, "port", options.port);
    options.filters = filters(entries);
    Some(options)
}

fn ec2(entries: &Entries<'_>) -> Ec2Options {
    let mut options = Ec2Options::new(entries.text_or("region", ""));
    options.port = number(entries, "port", options.port);
    options.filters = filters(entries);
    options
}

fn kubernetes(entries: &Entries<'_>) -> Option<KubernetesOptions> {
    let mut options = KubernetesOptions::new(KubernetesRole::named(&entries.text_or("role", ""))?);
    if let Some(namespaces) = entries.content("namespaces") {
        options.own_namespace = flag(namespaces.get("own_namespace"), false);
        let names = namespaces.get("names").into_iter().flat_map(|names| names.resolved().items());
        options.namespaces = names.filter_map(text_of).collect();
    }
    for selector in entries.items("selectors").map(Node::resolved) {
        let text = |key: &str| member(selector, key).and_then(text_of).unwrap_or_default();
        let Some(role) = KubernetesRole::named(&text("role")) else { continue };
        options.selectors.push(KubernetesSelector { role, label: text("label"), field: text("field") });
    }
    if let Some(attach) = entries.content("attach_metadata") {
        let is_on = |attach: &Left<'_>, key: &str| flag(attach.get(key), false);
        options.attach.node = is_on(attach, "node");
        options.attach.namespace = is_on(attach, "namespace");
        options.attach.deployment = is_on(attach, "deployment");
        options.attach.job = is_on(attach, "job");
        options.attach.cronjob = is_on(attach, "cronjob");
    }
    Some(options)
}

fn filters(entries: &Entries<'_>) -> Vec<Filter> {
    let filter = |filter: Node<'_>| {
        let values = member(filter, "values").into_iter().flat_map(|values| values.resolved().items());
        let name = member(filter, "name").and_then(text_of).unwrap_or_default();
        Filter::new(name, values.filter_map(text_of))
    };
    entries.items("filters").map(|item| filter(item.resolved())).collect()
}

fn texts(entries: &Entries<'_>, key: &str) -> Vec<String> {
    entries.items(key).filter_map(text_of).collect()
}

/// The members of a mapping of texts; of a name that merge keys set again, the last value.
fn pairs(entries: &Entries<'_>, key: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (name, value) in entries.all(key).flat_map(|mapping| mapping.resolved().entries()) {
        if let (false, Some(name), Some(value)) = (name.is_merge_key(), text_of(name), text_of(value)) {
            pairs.push((name, value));
        }
    }
    pairs.reverse();
    let mut seen = FxHashSet::default();
    pairs.retain(|(name, _)| seen.insert(name.clone()));
    pairs.reverse();
    pairs
}

/// A number, the default when it is not given, 0 when it is null.
fn number(entries: &Entries<'_>, key: &str, default: i64) -> i64 {
    entries.get(key).map_or(default, |node| node.resolved().read_i64().unwrap_or(default))
}

/// A truth value, the default when it is not given, false when it is null.
fn flag(node: Option<Node<'_>>, default: bool) -> bool {
    let Some(node) = node.map(Node::resolved) else { return default };
    !node.is_null() && node.read_bool().unwrap_or(default)
}

fn text_of(node: Node<'_>) -> Option<String> {
    node.resolved().read_string().ok().map(std::borrow::Cow::into_owned)
}

/// A member of an item of a list; of those that merge keys bring only if it has none itself.
fn member<'t>(item: Node<'t>, key: &str) -> Option<Node<'t>> {
    let (mut open, mut seen) = (vec![item], FxHashSet::default());
    while let Some(mapping) = open.pop() {
        if !seen.insert(mapping.id()) {
            continue;
        }
        let own = mapping.entries().find(|(name, _)| !name.is_merge_key() && name.resolved().value() == key);
        if let Some((_, value)) = own {
            return Some(value);
        }
        for (_, value) in mapping.entries().filter(|(name, _)| name.is_merge_key()) {
            open.push(value.resolved());
            open.extend(value.resolved().items().map(Node::resolved));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::options::Options;
    use crate::text::Sources;

    /// What the items of the only discovery section of a job ask for.
    fn options(section: &str, release: &str) -> Vec<Option<DiscoveryOptions>> {
        let text = format!("scrape_configs:\n- job_name: a\n  {section}\n");
        let mut sources = Sources::new();
        let file = sources.add("prometheus.yml", text);
        let options = Options::default().with_release(release.parse().unwrap());
        let (config, _) = Config::read(&mut sources, file, &options);
        config.scrape_configs[0].discovery[0].options.clone()
    }

    fn only(section: &str) -> DiscoveryOptions {
        options(section, "3.14").remove(0).unwrap()
    }

    #[test]
    fn what_is_not_given_has_the_default_of_the_release() {
        let docker = |release: &str| match options("docker_sd_configs: [{host: 'unix:///d'}]", release).remove(0) {
            Some(DiscoveryOptions::Docker(options)) => options,
            other => panic!("{other:?}"),
        };
        assert_eq!(docker("3.14"), DockerOptions::default());
        assert_eq!(docker("2.53"), DockerOptions { match_first_network: false, ..DockerOptions::default() });
        assert_eq!(only("consul_sd_configs: [{}]"), DiscoveryOptions::Consul(ConsulOptions::default()));
        let dns = only("dns_sd_configs: [{names: [a, b]}]");
        assert_eq!(dns, DiscoveryOptions::Dns(DnsOptions::new(["a", "b"])));
        assert_eq!(only("ec2_sd_configs: [{region: r}]"), DiscoveryOptions::Ec2(Ec2Options::new("r")));
        assert_eq!(only("aws_sd_configs: [{role: ec2, region: r}]"), DiscoveryOptions::Ec2(Ec2Options::new("r")));
        assert_eq!(
            only("http_sd_configs: [{url: 'http://h/'}]"),
            DiscoveryOptions::Http(HttpOptions::new("http://h/"))
        );
    }

    #[test]
    fn each_item_has_what_it_gives() {
        let section = "docker_sd_configs:
  - {host: 'unix:///d', port: 9, host_networking_host: h, match_first_network: false, filters: [{name: label, values: [a, b=c]}]}
  - &other {host: 'unix:///e', port: 8}
  - <<: *other
    port: 7
  - *other";
        let ports = options(section, "3.14").into_iter().map(|options| match options {
            Some(DiscoveryOptions::Docker(options)) => {
                (options.port, options.filters.len(), options.match_first_network)
            }
            other => panic!("{other:?}"),
        });
        assert_eq!(ports.collect::<Vec<_>>(), [(9, 1, false), (8, 0, true), (7, 0, true), (8, 0, true)]);
        let consul = only(
            "consul_sd_configs: [{services: [a], tags: [b], node_meta: {k: v}, tag_separator: '', datacenter: d}]",
        );
        let DiscoveryOptions::Consul(consul) = consul else { panic!("{consul:?}") };
        assert_eq!((consul.node_meta, consul.tag_separator), (vec![("k".to_string(), "v".to_string())], String::new()));
        let dns = only("dns_sd_configs: [{names: [a], type: aaaa, port: 53}]");
        let DiscoveryOptions::Dns(dns) = dns else { panic!("{dns:?}") };
        assert_eq!((dns.record_type, dns.port), (DnsType::Aaaa, 53));
    }

    #[test]
    fn an_item_of_kubernetes_has_its_namespaces_selectors_and_metadata() {
        let options = only(
            "kubernetes_sd_configs: [{role: pod, namespaces: {own_namespace: true, names: [a, b]}, \
             selectors: [{role: pod, label: x=y, field: z=1}], attach_metadata: {node: true, cronjob: false}}]",
        );
        let DiscoveryOptions::Kubernetes(options) = options else { panic!("{options:?}") };
        assert_eq!((options.own_namespace, options.namespaces.len()), (true, 2));
        let selector = KubernetesSelector { role: KubernetesRole::Pod, label: "x=y".into(), field: "z=1".into() };
        assert_eq!(options.selectors, [selector]);
        assert!(options.attach.node && !options.attach.cronjob);
    }

    #[test]
    fn other_mechanisms_and_unknown_roles_have_none() {
        assert_eq!(options("gce_sd_configs: [{project: p, zone: z}]", "3.14"), [None]);
        assert_eq!(options("static_configs: [{targets: [a]}]", "3.14"), [None]);
        assert_eq!(options("dockerswarm_sd_configs: [{host: 'unix:///d', role: task}]", "3.14"), [None]);
        assert_eq!(options("aws_sd_configs: [{role: ecs, region: r}]", "3.14"), [None]);
    }
}
