//! Why there is no target, in words.

use super::types::{ClusterNoun, Difference, Found, LostReason, ObjectName, PortFault, Unselected};
use crate::config::RuleAuthor;
use crate::input::operator::{Kind, ObjectId, Stage};

/// The most names that a sentence lists.
const MOST_NAMES: usize = 8;

impl LostReason {
    /// The reason in one sentence, lower case, without a full stop. It may cite a secret.
    pub(crate) fn sentence(&self, object: &ObjectId) -> String {
        sentence(object, self)
    }
}

fn sentence(object: &ObjectId, reason: &LostReason) -> String {
    let kind = object.kind.name();
    match reason {
        LostReason::Refused { by: Stage::ApiServer, error } => format!("the API server refuses this {kind}: {error}"),
        LostReason::Refused { by: Stage::Operator, error } => format!("the operator skips this {kind}: {error}"),
        LostReason::NotSelected { server, why } => {
            let server = format!("{} {}/{}", server.kind.name(), server.namespace, server.name);
            not_selected(&server, object, why)
        }
        LostReason::Absent { noun, service: None } => format!("the input has no {}", objects(*noun)),
        LostReason::Absent { noun, service: Some(service) } => {
            format!("{service} selects pods, and the input has no {}", objects(*noun))
        }
        LostReason::Labels { noun, wanted, nearest } => {
            unlabeled(object_of(*noun), wanted, &format!("the {kind}"), nearest.as_ref())
        }
        LostReason::Namespace { found, watched } => {
            let namespaces = quoted(watched);
            format!("{found} has the selected labels, but the {kind} selects only in namespace {namespaces}")
        }
        LostReason::NoSelector { service } => {
            format!("{service} has no `selector`, and the input has no Endpoints of it")
        }
        LostReason::ExternalName { service } => format!("{service} is of type `ExternalName`, which has no endpoints"),
        LostReason::NoEndpoints { service } => {
            format!("{service} is from a cluster, and the input has no Endpoints or EndpointSlice of it")
        }
        LostReason::Pods { service, wanted, nearest } => {
            unlabeled("pod", wanted, &service.to_string(), nearest.as_ref())
        }
        LostReason::PodsElsewhere { service, owner } => {
            format!("{service} selects only pods of its namespace, and {owner} is in another one")
        }
        LostReason::NoReplicas { owner } => format!("{owner} has `replicas: 0`"),
        LostReason::ServicePort { port, service, why } => service_port(port, &service.to_string(), why, kind),
        LostReason::TargetPort { service, port, target, owner, similar } => {
            let first = format!(
                "port `{port}` of {service} leads to the container port `{target}`, which {owner} does not declare"
            );
            match similar {
                Some(similar) => format!("{first}: it has `{similar}`"),
                None => first,
            }
        }
        LostReason::ContainerPort { field, port, owner, why } => container_port(field, port, &owner.to_string(), why),
        LostReason::Phase { owner, phase } => format!("{owner} has ended: its phase is {phase}"),
        LostReason::NoAddress { owner } => format!("{owner} has no address"),
        LostReason::NoEndpoint { port, owner } => {
            format!("no endpoint of this {kind} scrapes port `{port}` of {owner}")
        }
        LostReason::NoPaths { ingress } => format!("{ingress} has no rules"),
        LostReason::Rule { author, rule, targets } => dropped(*author, rule, *targets),
        LostReason::Discovery { source, reason } => format!("{source} {reason}"),
    }
}

fn objects(noun: ClusterNoun) -> &'static str {
    match noun {
        ClusterNoun::Service => "Services",
        ClusterNoun::Pod => "pods or workloads",
        ClusterNoun::Ingress => "Ingresses",
    }
}

fn object_of(noun: ClusterNoun) -> &'static str {
    match noun {
        ClusterNoun::Service => "Service",
        ClusterNoun::Pod => "pod",
        ClusterNoun::Ingress => "Ingress",
    }
}

fn not_selected(server: &str, object: &ObjectId, why: &Unselected) -> String {
    let kind = object.kind.name();
    match why {
        Unselected::NoSelector => {
            format!("{server} has no `{}`, so that it selects no {kind}", selector_of(object.kind))
        }
        Unselected::Namespace => format!("{server} selects no {kind} of namespace {:?}", object.namespace),
        Unselected::Labels(None) => format!("{server} does not select the labels of this {kind}"),
        Unselected::Labels(Some(difference)) => {
            format!("{server} selects each {kind} with `{}`: this one {}", difference.wanted, has(difference))
        }
    }
}

fn selector_of(kind: Kind) -> &'static str {
    match kind {
        Kind::ServiceMonitor => "serviceMonitorSelector",
        Kind::PodMonitor => "podMonitorSelector",
        Kind::Probe => "probeSelector",
        Kind::ScrapeConfig | Kind::Prometheus | Kind::PrometheusAgent => "scrapeConfigSelector",
    }
}

fn has(difference: &Difference) -> String {
    match &difference.found {
        Found::Value(found) | Found::OtherName(found) => format!("has `{found}`"),
        Found::Nothing(name) => format!("has no label `{name}`"),
    }
}

/// That no object has the labels that someone selects.
fn unlabeled(noun: &str, wanted: &str, selects: &str, nearest: Option<&(ObjectName, Difference)>) -> String {
    let labels = if wanted.contains(", ") { "labels" } else { "label" };
    let first = format!("no {noun} has the {labels} `{wanted}`, which {selects} selects");
    let Some((name, difference)) = nearest else { return first };
    let has = has(difference);
    match &difference.found {
        Found::Value(_) | Found::OtherName(_) if wanted != difference.wanted => {
            format!("{first}: {name} {has} instead of `{}`", difference.wanted)
        }
        _ => format!("{first}: {name} {has}"),
    }
}

fn service_port(port: &str, service: &str, why: &PortFault, kind: &str) -> String {
    let first = format!("{service} has no port with the name `{port}`");
    match why {
        PortFault::IsNumber(name) => {
            let name = name.as_ref().map_or_else(|| "has no name".to_string(), |name| format!("has the name `{name}`"));
            format!("`port` of a {kind} is the name of a port, and port {port} of {service} {name}")
        }
        PortFault::OnlyInContainer(owner, None) => format!("{first}, which {owner} declares"),
        PortFault::OnlyInContainer(owner, Some(similar)) => {
            format!("{first}, which {owner} declares: it has `{similar}`")
        }
        PortFault::Similar(name) => format!("{first}: it has `{name}`"),
        PortFault::Unnamed => format!("{first}: its port has no name"),
        PortFault::Others(names) if names.is_empty() => first,
        PortFault::Others(names) => format!("{first}: it has {}", listed(names)),
    }
}

fn container_port(field: &str, port: &str, owner: &str, why: &PortFault) -> String {
    let first = format!(
        "no container of {owner} declares a port with the {}",
        match field {
            "portNumber" => format!("number {port}"),
            _ => format!("name `{port}`"),
        }
    );
    match why {
        PortFault::IsNumber(name) => {
            let advice =
                if field == "targetPort" { "a text is the name of a port" } else { "`port` is the name of a port" };
            let name = name.as_ref().map_or_else(|| "has no name".to_string(), |name| format!("has the name `{name}`"));
            format!("{advice}, and container port {port} of {owner} {name}")
        }
        PortFault::OnlyInContainer(..) => first,
        PortFault::Similar(name) => format!("{first}: it has `{name}`"),
        PortFault::Unnamed => format!("{first}: its port has no name"),
        PortFault::Others(names) if names.is_empty() => format!("{first}: it declares none"),
        PortFault::Others(names) => format!("{first}: it has {}", listed(names)),
    }
}

fn dropped(author: RuleAuthor, rule: &str, targets: usize) -> String {
    let all = if targets == 1 { "the only target".to_string() } else { format!("all {targets} targets") };
    match author {
        RuleAuthor::User => format!("`{rule}` drops {all}"),
        RuleAuthor::Class => format!("`{rule}` of the scrape class drops {all}"),
        RuleAuthor::Fixed | RuleAuthor::Enforced | RuleAuthor::Sharding => {
            format!("rule {rule} of the operator drops {all}")
        }
    }
}

fn quoted(names: &[String]) -> String {
    names.iter().take(MOST_NAMES).map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ")
}

fn listed(names: &[String]) -> String {
    let mut shown = names.iter().take(MOST_NAMES).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > MOST_NAMES {
        shown.push_str(&format!(" and {} more", names.len() - MOST_NAMES));
    }
    shown
}
