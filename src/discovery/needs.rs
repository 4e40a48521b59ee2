//! The objects that a mechanism asks its server for: which kinds, what is missing without them, and the commands that
//! save them.

use super::{DiscoveryOptions, DnsOptions, KubernetesOptions, KubernetesRole, SwarmRole};

/// A kind of objects of Kubernetes that an item of `kubernetes_sd_configs` needs.
///
/// ```
/// use promcfg::discovery::{KubernetesOptions, KubernetesRole, needed_kinds};
/// let mut options = KubernetesOptions::new(KubernetesRole::Pod);
/// options.attach.node = true;
/// let kinds: Vec<_> = needed_kinds(&options).into_iter().map(|need| need.resource).collect();
/// assert_eq!(kinds, ["pods", "nodes"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NeededKind {
    /// The name of the resource, as `kubectl get` reads it.
    pub resource: &'static str,
    /// What follows if there are no such objects.
    pub consequence: &'static str,
}

/// The kinds of objects that Prometheus lists for an item of `kubernetes_sd_configs`: first the one that becomes target
/// groups.
#[must_use]
pub fn needed_kinds(options: &KubernetesOptions) -> Vec<NeededKind> {
    use KubernetesRole::{EndpointSlice, Endpoints, Ingress, Node, Pod, Service};
    let (role, attach) = (options.role, options.attach);
    let own = match role {
        Pod => ("pods", "Prometheus would find no target"),
        Service => ("services", "Prometheus would find no target"),
        Endpoints => ("endpoints", "Prometheus would find no target"),
        EndpointSlice => ("endpointslices", "Prometheus would find no target"),
        Node => ("nodes", "Prometheus would find no target"),
        Ingress => ("ingresses", "Prometheus would find no target"),
    };
    let is_of_addresses = matches!(role, Endpoints | EndpointSlice);
    let has_pods = is_of_addresses || role == Pod;
    let nodes = match role {
        Pod => "with `attach_metadata: {node: true}` Prometheus would find no pod",
        _ => "the targets have no labels of nodes",
    };
    let helpers = [
        (is_of_addresses, "services", "the targets have no labels of services"),
        (is_of_addresses, "pods", "the targets have no labels of pods, and ports that only pods have are missing"),
        (has_pods && attach.node, "nodes", nodes),
        (role != Node && attach.namespace, "namespaces", "the targets have no labels of namespaces"),
        (has_pods && attach.deployment, "replicasets", "the targets have no name of a deployment"),
        (has_pods && attach.cronjob, "jobs", "the targets have no name of a cron job"),
    ];
    let helpers = helpers.into_iter().filter(|(is_needed, ..)| *is_needed).map(|(_, kind, lost)| (kind, lost));
    let need = |(resource, consequence)| NeededKind { resource, consequence };
    std::iter::once(own).chain(helpers).map(need).collect()
}

/// A command that saves objects as `--targets` reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SaveCommand {
    /// The command, for a shell.
    pub command: String,
    /// The file or folder that it writes.
    pub file: String,
}

impl SaveCommand {
    fn new(file: &str, command: impl AsRef<str>) -> Self {
        Self { command: format!("{} > {file}", command.as_ref()), file: file.to_string() }
    }
}

/// The commands that save all objects that the items need, each once.
///
/// ```
/// use promcfg::discovery::{DiscoveryOptions, KubernetesOptions, KubernetesRole, save_commands};
/// let options = DiscoveryOptions::Kubernetes(KubernetesOptions::new(KubernetesRole::Pod));
/// let commands = save_commands([&options]);
/// assert_eq!(commands[0].command, "kubectl get pods -A -o json > cluster.json");
/// ```
pub fn save_commands<'o>(items: impl IntoIterator<Item = &'o DiscoveryOptions>) -> Vec<SaveCommand> {
    let items: Vec<&DiscoveryOptions> = items.into_iter().collect();
    let clusters: Vec<&KubernetesOptions> = items
        .iter()
        .filter_map(|item| if let DiscoveryOptions::Kubernetes(options) = item { Some(options) } else { None })
        .collect();
    let mut commands: Vec<SaveCommand> = kubectl(&clusters).into_iter().collect();
    for item in items {
        let of_item = match item {
            DiscoveryOptions::Kubernetes(_) => Vec::new(),
            DiscoveryOptions::Docker(_) => vec![
                SaveCommand::new("containers.json", "docker inspect $(docker ps -q)"),
                SaveCommand::new("networks.json", NETWORKS),
            ],
            DiscoveryOptions::Swarm(options) => swarm(options.role),
            DiscoveryOptions::Ec2(options) => vec![ec2(&options.region)],
            DiscoveryOptions::Consul(_) => consul(),
            DiscoveryOptions::Http(options) => vec![http(&options.url)],
            DiscoveryOptions::Dns(options) => vec![dns(options)],
        };
        for command in of_item {
            if !commands.contains(&command) {
                commands.push(command);
            }
        }
    }
    commands
}

const NETWORKS: &str = "docker network inspect $(docker network ls -q)";

fn kubectl(items: &[&KubernetesOptions]) -> Option<SaveCommand> {
    let first = items.first()?;
    let mut kinds: Vec<&str> = Vec::new();
    for kind in items.iter().flat_map(|options| needed_kinds(options)) {
        if !kinds.contains(&kind.resource) {
            kinds.push(kind.resource);
        }
    }
    // Objects without a namespace are listed all the same.
    let namespace = match &first.namespaces[..] {
        [name] if !first.own_namespace && is_plain(name) => Some(name),
        _ => None,
    };
    let is_shared = |options: &&&KubernetesOptions| {
        options.namespaces == first.namespaces && options.own_namespace == first.own_namespace
    };
    let scope = match namespace.filter(|_| items.iter().all(|options| is_shared(&options))) {
        Some(name) => format!("-n {name}"),
        None => "-A".to_string(),
    };
    Some(SaveCommand::new("cluster.json", format!("kubectl get {} {scope} -o json", kinds.join(","))))
}

fn swarm(role: SwarmRole) -> Vec<SaveCommand> {
    let nodes = SaveCommand::new("nodes.json", "docker node inspect $(docker node ls -q)");
    let services = SaveCommand::new("services.json", "docker service inspect $(docker service ls -q)");
    let networks = SaveCommand::new("networks.json", NETWORKS);
    let tasks = "docker inspect --type task $(docker service ls -q | xargs docker service ps -q)";
    match role {
        SwarmRole::Nodes => vec![nodes],
        SwarmRole::Services => vec![services, networks],
        SwarmRole::Tasks => vec![SaveCommand::new("tasks.json", tasks), services, nodes, networks],
    }
}

fn ec2(region: &str) -> SaveCommand {
    let region = if is_plain(region) { format!(" --region {region}") } else { String::new() };
    SaveCommand::new("instances.json", format!("aws ec2 describe-instances{region}"))
}

/// The folder gets a file for each service, whose name is in the file's name.
fn consul() -> Vec<SaveCommand> {
    let folder = "consul".to_string();
    let command = "mkdir -p consul; C=http://localhost:8500/v1; curl -s $C/agent/self > consul/self.json; \
        curl -s $C/catalog/services > consul/services.json; for s in $(jq -r 'keys[]' consul/services.json); \
        do curl -s $C/health/service/$s > consul/health-$s.json; done";
    vec![SaveCommand { command: command.to_string(), file: folder }]
}

/// A URL with a user in it is not shown.
fn http(url: &str) -> SaveCommand {
    let is_shown = !url.contains(['@', '\'', '?']) && !url.chars().any(|c| c.is_whitespace() || c.is_control());
    let url = if is_shown && !url.is_empty() { url } else { "URL" };
    SaveCommand::new("targets.json", format!("curl -s '{url}'"))
}

fn dns(options: &DnsOptions) -> SaveCommand {
    const MOST_NAMES: usize = 10;
    let queries: Vec<String> = options
        .names
        .iter()
        .filter(|name| is_plain(name))
        .take(MOST_NAMES)
        .map(|name| format!("{} {name}", options.record_type.name()))
        .collect();
    let queries = if queries.is_empty() { "SRV NAME".to_string() } else { queries.join(" ") };
    SaveCommand::new("records.txt", format!("dig +noall +answer {queries}"))
}

/// Whether a shell reads it as it is.
fn is_plain(text: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    !text.is_empty() && !text.starts_with('-') && text.chars().all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discovery::{DnsType, Ec2Options, HttpOptions, SwarmOptions};

    fn kubernetes(role: KubernetesRole) -> KubernetesOptions {
        KubernetesOptions::new(role)
    }

    fn lines(items: &[DiscoveryOptions]) -> Vec<String> {
        save_commands(items).into_iter().map(|command| command.command).collect()
    }

    #[test]
    fn one_dump_has_the_kinds_that_all_jobs_need() {
        let mut pods = kubernetes(KubernetesRole::Pod);
        pods.attach.node = true;
        let items = [pods, kubernetes(KubernetesRole::EndpointSlice), kubernetes(KubernetesRole::Node)];
        let items = items.map(DiscoveryOptions::Kubernetes);
        let expected = "kubectl get pods,nodes,endpointslices,services -A -o json > cluster.json";
        assert_eq!(lines(&items), [expected]);
    }

    #[test]
    fn each_switch_of_attach_metadata_needs_its_kind_in_the_roles_that_it_applies_to() {
        let kinds = |role: KubernetesRole| {
            let mut options = kubernetes(role);
            let attach = &mut options.attach;
            (attach.node, attach.namespace, attach.deployment, attach.job, attach.cronjob) =
                (true, true, true, true, true);
            needed_kinds(&options).iter().map(|need| need.resource).collect::<Vec<_>>().join(",")
        };
        assert_eq!(kinds(KubernetesRole::Pod), "pods,nodes,namespaces,replicasets,jobs");
        assert_eq!(kinds(KubernetesRole::Service), "services,namespaces");
        assert_eq!(kinds(KubernetesRole::Endpoints), "endpoints,services,pods,nodes,namespaces,replicasets,jobs");
        assert_eq!(kinds(KubernetesRole::Node), "nodes");
        assert_eq!(kinds(KubernetesRole::Ingress), "ingresses,namespaces");
    }

    #[test]
    fn a_single_namespace_is_asked_for_alone_if_all_jobs_have_it() {
        let mut options = kubernetes(KubernetesRole::Pod);
        options.namespaces.push("shop".to_string());
        let items = [DiscoveryOptions::Kubernetes(options.clone())];
        assert_eq!(lines(&items), ["kubectl get pods -n shop -o json > cluster.json"]);
        let items = [options, kubernetes(KubernetesRole::Service)].map(DiscoveryOptions::Kubernetes);
        assert_eq!(lines(&items), ["kubectl get pods,services -A -o json > cluster.json"]);
        let mut hostile = kubernetes(KubernetesRole::Pod);
        hostile.namespaces.push("$(reboot)".to_string());
        let items = [DiscoveryOptions::Kubernetes(hostile)];
        assert_eq!(lines(&items), ["kubectl get pods -A -o json > cluster.json"]);
    }

    #[test]
    fn values_of_the_config_are_in_the_commands_where_a_shell_reads_them_as_they_are() {
        let ec2 = |region: &str| lines(&[DiscoveryOptions::Ec2(Ec2Options::new(region))]).remove(0);
        assert_eq!(ec2("eu-west-1"), "aws ec2 describe-instances --region eu-west-1 > instances.json");
        assert_eq!(ec2("a b"), "aws ec2 describe-instances > instances.json");
        let http = |url: &str| lines(&[DiscoveryOptions::Http(HttpOptions::new(url))]).remove(0);
        assert_eq!(http("http://inventory/targets"), "curl -s 'http://inventory/targets' > targets.json");
        assert_eq!(http("http://user:secret@inventory/"), "curl -s 'URL' > targets.json");
        assert_eq!(http("http://inventory/?token=secret"), "curl -s 'URL' > targets.json");
        let mut dns = DnsOptions::new(["db.example.com", "`x`"]);
        dns.record_type = DnsType::A;
        assert_eq!(lines(&[DiscoveryOptions::Dns(dns)]), ["dig +noall +answer A db.example.com > records.txt"]);
    }

    #[test]
    fn commands_that_several_items_need_are_given_once() {
        let items =
            [SwarmRole::Services, SwarmRole::Tasks].map(|role| DiscoveryOptions::Swarm(SwarmOptions::new(role)));
        let files: Vec<String> = save_commands(&items).into_iter().map(|command| command.file).collect();
        assert_eq!(files, ["services.json", "networks.json", "tasks.json", "nodes.json"]);
    }
}
