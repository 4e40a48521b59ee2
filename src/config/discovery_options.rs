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
