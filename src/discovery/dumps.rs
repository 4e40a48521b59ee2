//! Objects of all mechanisms, read from texts of any kind.

use super::found::{Discovered, DiscoveryError, DiscoveryNote};
use super::recognize::{DumpKind, Part, is_kubernetes, parts};
use super::{
    ConsulObjects, DiscoveryOptions, DnsRecords, DockerObjects, DumpError, Ec2Objects, HttpBody, KubernetesContext,
    KubernetesObjects, KubernetesOptions, ObjectScope, SwarmObjects,
};
use crate::release::Release;

/// What a text had of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DumpPart {
    /// The kind.
    pub kind: DumpKind,
    /// How many objects.
    pub count: usize,
}

/// The objects that were read from dumps, by mechanism.
///
/// ```
/// use promcfg::Release;
/// use promcfg::discovery::{DiscoveryOptions, DumpKind, Dumps, Ec2Options};
/// let mut dumps = Dumps::default();
/// let text = r#"{"Reservations": [{"Instances": [{"InstanceId": "i-1", "PrivateIpAddress": "10.0.0.4"}]}]}"#;
/// let parts = dumps.add("instances.json", text)?;
/// assert_eq!((parts[0].kind, parts[0].count), (DumpKind::Instances, 1));
/// let options = DiscoveryOptions::Ec2(Ec2Options::new("eu-west-1"));
/// let found = dumps.groups(&options, Release::LATEST).expect("the dump is of EC2").unwrap();
/// assert_eq!(found.groups[0].targets.len(), 1);
/// assert!(!dumps.holds("consul_sd_configs"));
/// # Ok::<(), promcfg::discovery::DumpError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Dumps {
    /// Of Consul.
    pub consul: ConsulObjects,
    /// Of DNS servers.
    pub dns: DnsRecords,
    /// Of Docker.
    pub docker: DockerObjects,
    /// Of a swarm.
    pub swarm: SwarmObjects,
    /// Of EC2.
    pub ec2: Ec2Objects,
    /// Of a server of HTTP discovery.
    pub http: HttpBody,
    /// Of Kubernetes.
    pub kubernetes: KubernetesObjects,
    /// The namespace that Prometheus runs in, for `own_namespace`.
    pub own_namespace: Option<String>,
}

impl Dumps {
    /// Adds all objects of a text that are recognized. `name` is that of its file: it names the text in errors, and the
    /// service of an empty answer in a file `health-<service>.json`. Nothing comes back for a text that is not
    /// recognized.
    ///
    /// # Errors
    /// An object with a value of a wrong type, or a kind that nothing can be made of. What was before it is kept.
    pub fn add(&mut self, name: &str, text: &str) -> Result<Vec<DumpPart>, DumpError> {
        self.add_text(name, text).map_err(|error| error.of_source(name))
    }

    fn add_text(&mut self, name: &str, text: &str) -> Result<Vec<DumpPart>, DumpError> {
        let mut added: Vec<DumpPart> = Vec::new();
        let mut push = |kind: DumpKind, count: usize| match added.iter_mut().find(|part| part.kind == kind) {
            Some(part) => part.count += count,
            None => added.push(DumpPart { kind, count }),
        };
        if is_kubernetes(text) {
            push(DumpKind::Kubernetes, self.add_kubernetes(text)?);
            return Ok(added);
        }
        let Some(parts) = parts(text) else {
            if DnsRecords::recognizes(text) {
                push(DumpKind::DnsRecords, self.dns.add(text));
            }
            return Ok(added);
        };
        if parts.is_empty() && text.split_whitespace().collect::<Vec<_>>().concat() == "[]" {
            if let Some(service) = service_of_file(name) {
                push(DumpKind::ConsulHealth, self.consul.add_health_of(service, text)?);
            }
            return Ok(added);
        }
        let mut lines = Lines { text, at: 0, before: 0 };
        for part in &parts {
            let before = lines.before(part.text);
            push(part.kind, self.add_part(part).map_err(|error| error.of_item(part.index.unwrap_or(0), before))?);
        }
        Ok(added)
    }

    fn add_kubernetes(&mut self, text: &str) -> Result<usize, DumpError> {
        let (objects, errors) = KubernetesObjects::read(text);
        let count = objects.len();
        self.kubernetes.extend(objects);
        match errors.into_iter().next() {
            None => Ok(count),
            Some(error) => Err(DumpError::new(error.message).at_line(error.line)),
        }
    }

    fn add_part(&mut self, part: &Part<'_>) -> Result<usize, DumpError> {
        let whole = part.text;
        let list = || format!("[{whole}]");
        match part.kind {
            DumpKind::Containers => self.docker.add_containers(&list()),
            DumpKind::InspectedContainers => self.docker.add_inspected(&list()),
            DumpKind::ContainerSummary => Err(DumpError::new(
                "the output of `docker ps` has no networks: use the output of `docker inspect $(docker ps -q)`",
            )),
            DumpKind::Networks => {
                self.swarm.add_networks(&list())?;
                self.docker.add_networks(&list())
            }
            DumpKind::SwarmServices => self.swarm.add_services(&list()),
            DumpKind::SwarmTasks => self.swarm.add_tasks(&list()),
            DumpKind::SwarmNodes => self.swarm.add_nodes(&list()),
            DumpKind::Instances => self.ec2.add_instances(whole),
            DumpKind::InstanceList => self.ec2.add_instance_list(&list()),
            DumpKind::Reservation => self.ec2.add_instances(&format!("{{\"Reservations\":[{whole}]}}")),
            DumpKind::Zones => self.ec2.add_zones(whole),
            DumpKind::ConsulCatalog => self.consul.add_catalog(whole),
            DumpKind::ConsulHealth => self.consul.add_health(&list()),
            DumpKind::ConsulAgent => self.consul.add_agent(whole).map(|()| 1),
            DumpKind::TargetGroups => self.http.add(whole),
            DumpKind::DnsRecords => Ok(self.dns.add(whole)),
            DumpKind::Kubernetes => self.add_kubernetes(whole),
        }
    }

    /// Whether there are objects of a mechanism, by its key.
    #[must_use]
    pub fn holds(&self, mechanism: &str) -> bool {
        match mechanism {
            "consul_sd_configs" => !self.consul.is_empty(),
            "dns_sd_configs" => !self.dns.is_empty(),
            "docker_sd_configs" => self.docker.has_containers(),
            "dockerswarm_sd_configs" => !self.swarm.is_empty(),
            "ec2_sd_configs" | "aws_sd_configs" => !self.ec2.is_empty(),
            "http_sd_configs" => !self.http.is_empty(),
            "kubernetes_sd_configs" => !self.kubernetes.is_empty(),
            _ => false,
        }
    }

    /// The target groups that Prometheus would make of them for an item of a discovery section; `None` where there are
    /// no objects of its mechanism. The filters of the item are applied, as far as it is certain how.
    #[must_use]
    pub fn groups(&self, options: &DiscoveryOptions, release: Release) -> Option<Result<Discovered, DiscoveryError>> {
        if !self.holds(options.key()) {
            return None;
        }
        Some(match options.clone().for_objects(ObjectScope::Dump) {
            DiscoveryOptions::Consul(options) => self.consul.groups(&options, release),
            DiscoveryOptions::Dns(options) => self.dns.groups(&options, release),
            DiscoveryOptions::Docker(options) => self.docker.groups(&options, release),
            DiscoveryOptions::Swarm(options) => self.swarm.groups(&options, release),
            DiscoveryOptions::Ec2(options) => self.ec2.groups(&options, release),
            DiscoveryOptions::Http(options) => self.http.groups(&options, release),
            DiscoveryOptions::Kubernetes(options) => self.kubernetes_groups(&options, release),
        })
    }

    fn kubernetes_groups(&self, options: &KubernetesOptions, release: Release) -> Result<Discovered, DiscoveryError> {
        let context = KubernetesContext { own_namespace: self.own_namespace.as_deref(), release };
        let found = self.kubernetes.discover(options, context)?;
        let refusal = found.api_error.map(|message| DiscoveryNote::RefusedSelector { message });
        let notes = refusal.into_iter().collect();
        Ok(Discovered { groups: found.groups, undetermined: found.undetermined, notes })
    }
}

/// The service in the name of a file `health-<service>.json`.
fn service_of_file(name: &str) -> Option<&str> {
    let file = name.rsplit(['/', '\\']).next()?;
    file.strip_prefix("health-")?.strip_suffix(".json").filter(|service| !service.is_empty())
}

/// Counts the lines before the parts of a text, which come in its order.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    before: usize,
}

impl Lines<'_> {
    fn before(&mut self, part: &str) -> usize {
        let offset = (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize).min(self.text.len());
        if let Some(between) = self.text.as_bytes().get(self.at..offset) {
            self.before += between.iter().filter(|byte| **byte == b'\n').count();
            self.at = offset;
        }
        self.before
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discovery::{ConsulOptions, DockerOptions, Filter, KubernetesRole, SwarmOptions, SwarmRole};

    const INSPECTED: &str = r#"{"Id": "1", "Name": "/web", "State": {"Running": true}, "Config": {"Labels": {"a": "1"}},
        "HostConfig": {"NetworkMode": "app"}, "NetworkSettings": {"Ports": {"80/tcp": null},
        "Networks": {"app": {"NetworkID": "n", "IPAddress": "172.18.0.2"}}}}"#;
    const NETWORK: &str = r#"{"Id": "n", "Name": "app", "Scope": "local", "IPAM": {}, "Driver": "bridge"}"#;

    fn parts_of(dumps: &mut Dumps, name: &str, text: &str) -> Vec<(DumpKind, usize)> {
        dumps.add(name, text).unwrap().into_iter().map(|part| (part.kind, part.count)).collect()
    }

    #[test]
    fn one_list_can_have_containers_and_their_networks() {
        let mut dumps = Dumps::default();
        let added = parts_of(&mut dumps, "d.json", &format!("[{INSPECTED},\n{NETWORK}]"));
        assert_eq!(added, [(DumpKind::InspectedContainers, 1), (DumpKind::Networks, 1)]);
        let options = DiscoveryOptions::Docker(DockerOptions::default());
        let found = dumps.groups(&options, Release::LATEST).unwrap().unwrap();
        let target = &found.groups[0].targets[0];
        assert!(target.contains(&("__address__".into(), "172.18.0.2:80".into())));
        assert!(target.contains(&("__meta_docker_network_name".into(), "app".into())));
        assert_eq!(found.notes, []);
        assert!(!dumps.holds("dockerswarm_sd_configs"));
    }

    #[test]
    fn filters_are_applied_where_it_is_certain_how_and_noted_elsewhere() {
        let mut dumps = Dumps::default();
        dumps.add("d.json", &format!("[{INSPECTED}, {NETWORK}]")).unwrap();
        let count = |filters: Vec<Filter>| {
            let options = DockerOptions { filters, ..DockerOptions::default() };
            let found = dumps.groups(&DiscoveryOptions::Docker(options), Release::LATEST).unwrap().unwrap();
            (found.groups[0].targets.len(), found.notes)
        };
        assert_eq!(count(vec![Filter::new("label", ["a"])]), (1, vec![]));
        assert_eq!(count(vec![Filter::new("label", ["a=2"])]), (0, vec![]));
        let note = DiscoveryNote::UnappliedFilter { field: "filters", names: vec!["name".to_string()] };
        assert_eq!(count(vec![Filter::new("name", ["x"])]), (1, vec![note]));
    }

    #[test]
    fn an_error_has_the_line_and_the_object() {
        let text =
            format!("[{INSPECTED},\n\n{{\"Id\": \"2\", \"Name\": \"/db\", \"Config\": 7, \"NetworkSettings\": {{}}}}]");
        let error = Dumps::default().add("d.json", &text).unwrap_err();
        assert_eq!(error.to_string(), "d.json:5: object \"/db\": expected an object for `[1].Config`, found a number");
        let summary = Dumps::default().add("ps.json", r#"{"ID": "1", "Names": "a", "Image": "i"}"#).unwrap_err();
        assert!(summary.to_string().ends_with("use the output of `docker inspect $(docker ps -q)`"));
    }

    #[test]
    fn a_folder_of_answers_of_consul_is_one_dump() {
        let mut dumps = Dumps::default();
        let entry = r#"[{"Node": {"Node": "n", "Address": "10.0.0.1", "Datacenter": "dc1"},
            "Service": {"ID": "w1", "Service": "web", "Port": 80}, "Checks": []}]"#;
        assert_eq!(parts_of(&mut dumps, "services.json", r#"{"web": [], "db": []}"#), [(DumpKind::ConsulCatalog, 2)]);
        assert_eq!(parts_of(&mut dumps, "c/health-web.json", entry), [(DumpKind::ConsulHealth, 1)]);
        assert_eq!(parts_of(&mut dumps, "c/health-db.json", "[\n]\n"), [(DumpKind::ConsulHealth, 0)]);
        let options = DiscoveryOptions::Consul(ConsulOptions::default());
        let found = dumps.groups(&options, Release::LATEST).unwrap().unwrap();
        let shown: Vec<_> = found.groups.iter().map(|group| (&*group.source, group.targets.len())).collect();
        assert_eq!(shown, [("db", 0), ("web", 1)]);
        assert_eq!(found.notes, [DiscoveryNote::AssumedDatacenter { datacenter: "dc1".to_string() }]);
    }

    #[test]
    fn what_is_missing_is_noted() {
        let mut dumps = Dumps::default();
        dumps.add("tasks.json", r#"[{"ID": "t", "Spec": {}, "DesiredState": "running"}]"#).unwrap();
        let options = DiscoveryOptions::Swarm(SwarmOptions::new(SwarmRole::Tasks));
        let found = dumps.groups(&options, Release::LATEST).unwrap().unwrap();
        let notes: Vec<String> = found.notes.iter().map(ToString::to_string).collect();
        assert_eq!(
            notes,
            [
                "the dump has no services: the targets have no service labels and no ports of services",
                "the dump has no nodes: the targets have no node labels, and published ports no address",
                "the dump has no networks: the targets have no network labels",
            ]
        );
    }

    #[test]
    fn texts_that_are_something_else_add_nothing() {
        let mut dumps = Dumps::default();
        for text in ["", "[]", "{}", "scrape_configs: []", "["] {
            assert_eq!(parts_of(&mut dumps, "x.json", text), [], "{text}");
        }
        assert_eq!(dumps, Dumps::default());
    }

    #[test]
    fn objects_of_kubernetes_are_read_from_json_and_yaml() {
        let pod = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "d"}, "status": {"podIP": "10.0.0.1"}}"#;
        let yaml = "apiVersion: v1\nkind: Pod\nmetadata: {name: b, namespace: d}\nstatus: {podIP: 10.0.0.2}\n";
        let mut dumps = Dumps::default();
        for text in [&format!("{pod}\n{pod}"), &format!("[{pod}]"), yaml] {
            let added = parts_of(&mut dumps, "pods", text);
            assert!(matches!(added.as_slice(), [(DumpKind::Kubernetes, 1..)]), "{text}: {added:?}");
        }
        let mut options = KubernetesOptions::new(KubernetesRole::Pod);
        let groups = |options: &KubernetesOptions| {
            dumps.groups(&DiscoveryOptions::Kubernetes(options.clone()), Release::LATEST).unwrap()
        };
        let found = groups(&options).unwrap();
        assert!(found.groups.iter().any(|group| &*group.source == "pod/d/b"));
        options.own_namespace = true;
        assert!(matches!(groups(&options), Err(DiscoveryError::Kubernetes(_))));
        let wrong = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": 7}}"#;
        assert!(dumps.add("pods.json", wrong).unwrap_err().to_string().starts_with("pods.json:1: "));
    }
}
