//! Consul's catalog and the health of its services → the target groups of `consul_sd_configs`.
//!
//! Source: `discovery/consul/consul.go` of Prometheus 3.14.0, and `api/health.go` of Consul.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::de::{Deserializer, MapAccess};

use super::address::join_host_port;
use super::found::{Discovered, DiscoveryError, DiscoveryNote, ObjectScope, Targets};
use super::json::{DumpError, Map, objects, read};
use super::label::{of_map, pair};
use super::{DiscoveredGroup, LabelPair, Undetermined, discovery_role};
use crate::release::Release;

const PREFIX: &str = "__meta_consul_";

/// An item of `consul_sd_configs`, as far as it decides on targets.
///
/// ```
/// let options = promcfg::discovery::ConsulOptions::default();
/// assert_eq!(options.tag_separator, ",");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConsulOptions {
    /// `services`; empty for all.
    pub services: Vec<String>,
    /// `tags`, all of which an instance must have.
    pub tags: Vec<String>,
    /// `node_meta`, all of which the node of an instance must have.
    pub node_meta: Vec<(String, String)>,
    /// `datacenter`; empty for that of the agent.
    pub datacenter: String,
    /// `tag_separator`.
    pub tag_separator: String,
    /// `filter`, of the catalog.
    pub filter: String,
    /// `health_filter`.
    pub health_filter: String,
    /// Whether the objects are what the server selected by the filters.
    pub scope: ObjectScope,
}

impl Default for ConsulOptions {
    fn default() -> Self {
        Self {
            services: Vec::new(),
            tags: Vec::new(),
            node_meta: Vec::new(),
            datacenter: String::new(),
            tag_separator: ",".to_string(),
            filter: String::new(),
            health_filter: String::new(),
            scope: ObjectScope::Answer,
        }
    }
}

objects! {
    struct Entry {
        node: Node = "Node",
        service: Service = "Service",
        checks: Vec<Check> = "Checks",
    }
    struct Node {
        name: String = "Node",
        address: String = "Address",
        datacenter: String = "Datacenter",
        meta: Map<String> = "Meta",
        tagged_addresses: Map<String> = "TaggedAddresses",
    }
    struct Service {
        id: String = "ID",
        name: String = "Service",
        address: String = "Address",
        port: i64 = "Port",
        tags: Vec<String> = "Tags",
        meta: Map<String> = "Meta",
        namespace: String = "Namespace",
        partition: String = "Partition",
    }
    struct Check {
        id: String = "CheckID",
        status: String = "Status",
    }
    struct Agent {
        config: AgentConfig = "Config",
    }
}

/// The agent's datacenter must be a text, and must be there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct AgentConfig {
    datacenter: Option<String>,
}

impl super::json::Object for AgentConfig {
    fn set<'de, A: MapAccess<'de>>(&mut self, key: &str, access: &mut A) -> Result<bool, A::Error> {
        // A map of Go, whose keys agree in one case only.
        let is_it = key == "Datacenter";
        if is_it {
            super::json::field(key, access, &mut self.datacenter)?;
        }
        Ok(is_it)
    }
}

impl<'de> super::json::Read<'de> for AgentConfig {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::json::read_object(deserializer)
    }
}

/// The catalog, the health of services, and the agent's datacenter.
///
/// ```
/// use promcfg::discovery::{ConsulObjects, ConsulOptions};
/// let mut objects = ConsulObjects::default();
/// objects.add_catalog(r#"{"web": ["prod"]}"#)?;
/// objects.add_agent(r#"{"Config": {"Datacenter": "dc1"}}"#)?;
/// objects.add_health_of("web", r#"[{
///     "Node": {"Node": "n1", "Address": "10.0.0.1"}, "Service": {"ID": "web", "Port": 8080}, "Checks": []
/// }]"#)?;
/// let found = objects.groups(&ConsulOptions::default(), promcfg::Release::LATEST).unwrap();
/// assert_eq!(&*found.groups[0].source, "web");
/// assert!(found.groups[0].targets[0].contains(&("__address__".into(), "10.0.0.1:8080".into())));
/// # Ok::<(), promcfg::discovery::DumpError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsulObjects {
    catalog: Option<Map<Vec<String>>>,
    health: Map<Vec<Entry>>,
    datacenter: Option<String>,
}

impl ConsulObjects {
    /// Adds the answer of `/v1/catalog/services`; how many services it has.
    ///
    /// # Errors
    /// A text that is not JSON, or a value of a wrong type.
    pub fn add_catalog(&mut self, text: &str) -> Result<usize, DumpError> {
        let services: Map<Vec<String>> = read(text)?;
        let count = services.len();
        self.catalog.get_or_insert_default().extend(services);
        Ok(count)
    }

    /// Adds the answer of `/v1/health/service/<name>`; how many instances it has.
    ///
    /// # Errors
    /// A text that is not JSON, or a value of a wrong type.
    pub fn add_health_of(&mut self, service: &str, text: &str) -> Result<usize, DumpError> {
        let entries: Vec<Entry> = read(text)?;
        let count = entries.len();
        self.health.entry(service.to_string()).or_default().extend(entries);
        Ok(count)
    }

    /// Adds answers of `/v1/health/service/<name>` for any names, which the instances have themselves; how many
    /// instances there are.
    ///
    /// # Errors
    /// A text that is not JSON, or a value of a wrong type.
    pub fn add_health(&mut self, text: &str) -> Result<usize, DumpError> {
        let entries: Vec<Entry> = read(text)?;
        let count = entries.len();
        for entry in entries {
            match self.health.get_mut(&entry.service.name) {
                Some(known) => known.push(entry),
                None => {
                    self.health.insert(entry.service.name.clone(), vec![entry]);
                }
            }
        }
        Ok(count)
    }

    /// Adds the answer of `/v1/agent/self`, of which only the datacenter is kept.
    ///
    /// # Errors
    /// A text that is not JSON, or one without a datacenter.
    pub fn add_agent(&mut self, text: &str) -> Result<(), DumpError> {
        let agent: Agent = read(text)?;
        let datacenter = agent.config.datacenter;
        let missing = || DumpError::new("the agent has no text for `Config.Datacenter`");
        self.datacenter = Some(datacenter.ok_or_else(missing)?);
        Ok(())
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.catalog.is_none() && self.health.is_empty() && self.datacenter.is_none()
    }

    /// The target groups that Prometheus would make of them, one a service.
    ///
    /// # Errors
    /// More labels than are made here.
    pub fn groups(&self, options: &ConsulOptions, release: Release) -> Result<Discovered, DiscoveryError> {
        let mut found = Discovered::default();
        note_expressions(options, &mut found.notes);
        let datacenter = self.datacenter(options, &mut found.notes);
        let mut missing = Vec::new();
        let services = self.services(options);
        let mut labels_left = Targets::default();
        for service in &services {
            let entries = self.health.get(*service);
            if entries.is_none() && (self.is_in_catalog(service) || options.scope == ObjectScope::Dump) {
                missing.push((*service).to_string());
            }
            let mut group = DiscoveredGroup::new(*service);
            group.labels = vec![pair("__meta_consul_service", *service), pair("__meta_consul_dc", datacenter)];
            for entry in entries.into_iter().flatten().filter(|entry| entry.passes(options)) {
                let target = entry.target(options, &group.source, &mut found.undetermined);
                labels_left.count(&target)?;
                group.targets.push(target);
            }
            found.groups.push(group);
        }
        if services.is_empty() {
            // Prometheus clears what it had.
            found.groups.push(DiscoveredGroup::default());
        }
        if !missing.is_empty() {
            found.notes.push(DiscoveryNote::MissingHealth { services: missing });
        }
        Ok(found.of_release(discovery_role("consul_sd_configs", ""), release))
    }

    fn is_in_catalog(&self, service: &str) -> bool {
        self.catalog.as_ref().is_some_and(|catalog| catalog.contains_key(service))
    }

    /// The datacenter of the config, or else that of the agent. An agent answers for the nodes of its own datacenter,
    /// so that theirs is the same.
    fn datacenter<'o>(&'o self, options: &'o ConsulOptions, notes: &mut Vec<DiscoveryNote>) -> &'o str {
        if !options.datacenter.is_empty() {
            return &options.datacenter;
        }
        if let Some(datacenter) = &self.datacenter {
            return datacenter;
        }
        let of_nodes: BTreeSet<&str> =
            self.health.values().flatten().map(|entry| entry.node.datacenter.as_str()).collect();
        match of_nodes.first() {
            Some(only) if of_nodes.len() == 1 && !only.is_empty() => {
                notes.push(DiscoveryNote::AssumedDatacenter { datacenter: (*only).to_string() });
                only
            }
            _ => {
                notes.push(DiscoveryNote::Unknown { field: "datacenter", label: "__meta_consul_dc" });
                ""
            }
        }
    }

    /// The names of the services that are watched.
    fn services<'o>(&'o self, options: &'o ConsulOptions) -> Vec<&'o str> {
        if !options.services.is_empty() && options.tags.is_empty() && options.filter.is_empty() {
            // Without the catalog: a name that does not exist is watched as well.
            let mut seen = BTreeSet::new();
            return options.services.iter().map(String::as_str).filter(|name| seen.insert(*name)).collect();
        }
        let wanted: BTreeSet<&str> = options.services.iter().map(String::as_str).collect();
        let is_wanted = |name: &str| wanted.is_empty() || wanted.contains(name);
        if let Some(catalog) = &self.catalog {
            let has_all = |tags: &[String]| options.tags.iter().all(|tag| tags.contains(tag));
            let watched = catalog.iter().filter(|(name, tags)| is_wanted(name) && has_all(tags));
            return watched.map(|(name, _)| name.as_str()).collect();
        }
        // The catalog has the tags of all instances of a service.
        let has_all = |entries: &[Entry]| {
            options.tags.iter().all(|tag| entries.iter().any(|entry| entry.service.tags.contains(tag)))
        };
        let watched = self.health.iter().filter(|(name, entries)| is_wanted(name) && has_all(entries));
        watched.map(|(name, _)| name.as_str()).collect()
    }
}

/// Notes expressions that only the server can evaluate.
fn note_expressions(options: &ConsulOptions, notes: &mut Vec<DiscoveryNote>) {
    if options.scope == ObjectScope::Answer {
        return;
    }
    for (field, expression) in [("filter", &options.filter), ("health_filter", &options.health_filter)] {
        if !expression.is_empty() {
            notes.push(DiscoveryNote::UnappliedFilter { field, names: Vec::new() });
        }
    }
}

impl Entry {
    /// Whether the server selects it by the tags, in any case of letters, and by the metadata of its node.
    fn passes(&self, options: &ConsulOptions) -> bool {
        let has_tag = |tag: &String| self.service.tags.iter().any(|own| own.to_lowercase() == tag.to_lowercase());
        let has_meta = |(key, value): &(String, String)| self.node.meta.get(key) == Some(value);
        options.tags.iter().all(has_tag) && options.node_meta.iter().all(has_meta)
    }

    fn target(
        &self,
        options: &ConsulOptions,
        source: &Arc<str>,
        undetermined: &mut Vec<Undetermined>,
    ) -> Vec<LabelPair> {
        let (node, service) = (&self.node, &self.service);
        let separator = &options.tag_separator;
        let host = if service.address.is_empty() { &node.address } else { &service.address };
        let name = |part: &str| format!("{PREFIX}{part}");
        let mut labels = vec![
            pair("__address__", join_host_port(host, service.port)),
            pair(&name("address"), node.address.as_str()),
            pair(&name("node"), node.name.as_str()),
            pair(&name("tags"), format!("{separator}{}{separator}", service.tags.join(separator))),
            pair(&name("namespace"), service.namespace.as_str()),
            pair(&name("partition"), service.partition.as_str()),
            pair(&name("service_address"), service.address.as_str()),
            pair(&name("service_port"), service.port.to_string()),
            pair(&name("service_id"), service.id.as_str()),
            pair(&name("health"), health(&self.checks)),
        ];
        for (part, map) in [
            ("metadata_", &node.meta),
            ("service_metadata_", &service.meta),
            ("tagged_address_", &node.tagged_addresses),
        ] {
            labels.extend(of_map(&name(part), map, source, undetermined));
        }
        labels
    }
}

/// The worst of the states of the checks; empty as soon as one is unknown.
fn health(checks: &[Check]) -> &'static str {
    const STATES: [&str; 4] = ["passing", "warning", "critical", "maintenance"];
    let mut worst = 0;
    for check in checks {
        let is_maintenance = check.id == "_node_maintenance" || check.id.starts_with("_service_maintenance:");
        let state = if is_maintenance { Some(3) } else { STATES[..3].iter().position(|state| *state == check.status) };
        match state {
            Some(state) => worst = worst.max(state),
            None => return "",
        }
    }
    STATES[worst]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str, tags: &str, rest: &str) -> String {
        format!(
            r#"{{"Node": {{"Node": "n", "Address": "10.0.0.1", "Datacenter": "dc9", "Meta": {{"rack": "1"}}}},
                "Service": {{"ID": "{id}", "Service": "web", "Port": 80, "Tags": {tags}{rest}}}, "Checks": null}}"#
        )
    }

    fn objects(entries: &[String]) -> ConsulObjects {
        let mut objects = ConsulObjects::default();
        objects.add_catalog(r#"{"web": ["Prod", "a"], "db": [], "consul": []}"#).unwrap();
        objects.add_agent(r#"{"Config": {"Datacenter": "dc1"}}"#).unwrap();
        objects.add_health_of("web", &format!("[{}]", entries.join(","))).unwrap();
        objects
    }

    fn groups(objects: &ConsulObjects, options: &ConsulOptions) -> Vec<(String, usize)> {
        let found = objects.groups(options, Release::LATEST).unwrap();
        found.groups.iter().map(|group| (group.source.to_string(), group.targets.len())).collect()
    }

    fn shown(groups: &[(&str, usize)]) -> Vec<(String, usize)> {
        groups.iter().map(|(source, count)| ((*source).to_string(), *count)).collect()
    }

    fn options(services: &[&str], tags: &[&str]) -> ConsulOptions {
        let owned = |texts: &[&str]| texts.iter().map(ToString::to_string).collect();
        ConsulOptions { services: owned(services), tags: owned(tags), ..ConsulOptions::default() }
    }

    #[test]
    fn named_services_need_no_catalog_and_may_not_exist() {
        let objects = objects(&[entry("1", "[]", "")]);
        assert_eq!(groups(&objects, &options(&["web", "nope", "web"], &[])), shown(&[("web", 1), ("nope", 0)]));
        assert_eq!(groups(&objects, &options(&[], &[])), shown(&[("consul", 0), ("db", 0), ("web", 1)]));
        assert_eq!(groups(&objects, &options(&["nope"], &["a"])), shown(&[("", 0)]));
    }

    #[test]
    fn tags_of_services_differ_by_case_and_those_of_instances_do_not() {
        let objects = objects(&[entry("1", r#"["PROD"]"#, ""), entry("2", "[\"a\"]", ""), entry("3", "null", "")]);
        assert_eq!(groups(&objects, &options(&[], &["Prod"])), shown(&[("web", 1)]));
        assert_eq!(groups(&objects, &options(&[], &["prod"])), shown(&[("", 0)]));
        assert_eq!(groups(&objects, &options(&[], &["Prod", "a"])), shown(&[("web", 0)]));
    }

    #[test]
    fn nodes_are_selected_by_their_metadata() {
        let objects = objects(&[entry("1", "[]", "")]);
        let with = |value: &str| ConsulOptions {
            node_meta: vec![("rack".to_string(), value.to_string())],
            ..options(&["web"], &[])
        };
        assert_eq!(groups(&objects, &with("1")), shown(&[("web", 1)]));
        assert_eq!(groups(&objects, &with("2")), shown(&[("web", 0)]));
    }

    #[test]
    fn the_address_of_the_service_counts_more_than_that_of_its_node() {
        let objects = objects(&[entry("1", r#"["b,c", "a"]"#, r#", "Address": "fd00::1", "Meta": {"v.1": "x"}"#)]);
        let found = objects.groups(&options(&["web"], &[]), Release::LATEST).unwrap();
        let target = &found.groups[0].targets[0];
        for (name, value) in [
            ("__address__", "[fd00::1]:80"),
            ("__meta_consul_address", "10.0.0.1"),
            ("__meta_consul_tags", ",b,c,a,"),
            ("__meta_consul_health", "passing"),
            ("__meta_consul_metadata_rack", "1"),
            ("__meta_consul_service_metadata_v_1", "x"),
        ] {
            assert!(target.contains(&pair(name, value)), "{name}");
        }
        assert!(found.groups[0].labels.contains(&pair("__meta_consul_dc", "dc1")));
        let bare = ConsulOptions { tag_separator: String::new(), ..options(&["web"], &[]) };
        let found = objects.groups(&bare, Release::LATEST).unwrap();
        assert!(found.groups[0].targets[0].contains(&pair("__meta_consul_tags", "b,ca")));
    }

    #[test]
    fn the_worst_check_counts_and_an_unknown_state_leaves_nothing() {
        let health = |checks: &[(&str, &str)]| {
            let check = |(id, status): &(&str, &str)| Check { id: (*id).to_string(), status: (*status).to_string() };
            health(&checks.iter().map(check).collect::<Vec<_>>())
        };
        assert_eq!(health(&[]), "passing");
        assert_eq!(health(&[("a", "passing"), ("b", "warning")]), "warning");
        assert_eq!(health(&[("a", "critical"), ("b", "warning")]), "critical");
        assert_eq!(health(&[("_service_maintenance:web", "critical"), ("b", "critical")]), "maintenance");
        assert_eq!(health(&[("_node_maintenance", "odd")]), "maintenance");
        assert_eq!(health(&[("_node_maintenance", "critical"), ("b", "Passing")]), "");
        assert_eq!(health(&[("a", "maintenance")]), "");
    }

    #[test]
    fn the_datacenter_is_that_of_the_config_the_agent_or_the_nodes() {
        let mut objects = ConsulObjects::default();
        objects.add_health(&format!("[{}]", entry("1", "[]", ""))).unwrap();
        let found = objects.groups(&options(&[], &[]), Release::LATEST).unwrap();
        assert!(found.groups[0].labels.contains(&pair("__meta_consul_dc", "dc9")));
        assert_eq!(found.notes, [DiscoveryNote::AssumedDatacenter { datacenter: "dc9".to_string() }]);
        let configured = ConsulOptions { datacenter: "dc5".to_string(), ..options(&[], &[]) };
        let found = objects.groups(&configured, Release::LATEST).unwrap();
        assert!(found.groups[0].labels.contains(&pair("__meta_consul_dc", "dc5")));
        for agent in [
            "{}",
            r#"{"Config": {"Datacenter": null}}"#,
            r#"{"Config": {"Datacenter": 1}}"#,
            r#"{"Config": {"datacenter": "x"}}"#,
        ] {
            assert!(ConsulObjects::default().add_agent(agent).is_err(), "{agent}");
        }
    }
}
