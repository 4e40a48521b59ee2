//! What is said of a job or an object without targets.

use std::fmt;

use crate::config::RuleAuthor;
use crate::input::operator::{ObjectId, Stage};
use crate::text::Location;

/// Why an object, or one of its jobs, has no target.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lost {
    /// The object of the operator.
    pub object: ObjectId,
    /// Where the mistake most likely is: in this object, a Service, a workload, or a relabel rule.
    pub at: Location,
    /// The first step that loses all targets.
    pub reason: LostReason,
}

/// The kinds of objects in which targets are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClusterNoun {
    /// Services.
    Service,
    /// Pods, and the objects that make pods.
    Pod,
    /// Ingresses.
    Ingress,
}

/// The name of an object of Kubernetes.
///
/// ```
/// use promcfg::simulate::ObjectName;
/// assert_eq!(ObjectName::new("Service", "shop", "web").to_string(), "Service shop/web");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName {
    /// Its kind, such as `Deployment`.
    pub kind: &'static str,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

impl ObjectName {
    /// The name of an object.
    #[must_use]
    pub fn new(kind: &'static str, namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self { kind, namespace: namespace.into(), name: name.into() }
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.name.is_empty() { "(no name)" } else { &self.name };
        write!(f, "{} {}/{name}", self.kind, self.namespace)
    }
}

/// How the labels of an object differ from a requirement of a selector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The requirement: `app: web`.
    pub wanted: String,
    /// What the object has.
    pub found: Found,
}

/// What an object has in the place of a label that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Found {
    /// The label with another value: `app: wbe`.
    Value(String),
    /// The value under another name: `app.kubernetes.io/name: web`.
    OtherName(String),
    /// No such label; its name.
    Nothing(String),
}

/// Why a Prometheus does not pick an object.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unselected {
    /// It has no selector for the kind.
    NoSelector,
    /// The namespace of the object is not selected.
    Namespace,
    /// The labels of the object are others; the first difference, if there is one.
    Labels(Option<Difference>),
}

/// Why a Service has no port of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PortFault {
    /// The name is the number of a port, which has this name, or none.
    IsNumber(Option<String>),
    /// A container of the workload declares it. The similar port of the Service, if there is one.
    OnlyInContainer(ObjectName, Option<String>),
    /// The Service has a port with a similar name.
    Similar(String),
    /// The Service has one port, without a name.
    Unnamed,
    /// It has other ports: their names.
    Others(Vec<String>),
}

/// The step on the way from an object to its targets that loses all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LostReason {
    /// The object is refused.
    Refused {
        /// By whom.
        by: Stage,
        /// What they say.
        error: String,
    },
    /// No Prometheus of the input picks the object.
    NotSelected {
        /// The Prometheus.
        server: ObjectId,
        /// Why it does not.
        why: Unselected,
    },
    /// The input has no such objects at all.
    Absent {
        /// Which.
        noun: ClusterNoun,
        /// The Service that selects them, if it is not the monitor.
        service: Option<ObjectName>,
    },
    /// No object has the labels that are selected.
    Labels {
        /// Which objects.
        noun: ClusterNoun,
        /// The selector.
        wanted: String,
        /// The nearest object, and how it differs.
        nearest: Option<(ObjectName, Difference)>,
    },
    /// The objects are in other namespaces.
    Namespace {
        /// One of them.
        found: ObjectName,
        /// The namespaces in which targets are looked for.
        watched: Vec<String>,
    },
    /// The Service has no selector, and no Endpoints.
    NoSelector {
        /// The Service.
        service: ObjectName,
    },
    /// The Service is a name of DNS only.
    ExternalName {
        /// The Service.
        service: ObjectName,
    },
    /// The Service was read from a cluster, and its Endpoints are not given.
    NoEndpoints {
        /// The Service.
        service: ObjectName,
    },
    /// No pod has the labels that the Service selects.
    Pods {
        /// The Service.
        service: ObjectName,
        /// Its selector.
        wanted: String,
        /// The nearest pod or workload, and how it differs.
        nearest: Option<(ObjectName, Difference)>,
    },
    /// The pods that the Service selects are in another namespace.
    PodsElsewhere {
        /// The Service.
        service: ObjectName,
        /// One of their workloads.
        owner: ObjectName,
    },
    /// The workload has no replicas.
    NoReplicas {
        /// The workload.
        owner: ObjectName,
    },
    /// The Service has no port of the name.
    ServicePort {
        /// The name.
        port: String,
        /// The Service.
        service: ObjectName,
        /// What it has.
        why: PortFault,
    },
    /// The Service sends the port to a port that no container declares.
    TargetPort {
        /// The Service.
        service: ObjectName,
        /// The port of the Service.
        port: String,
        /// The name of the container's port.
        target: String,
        /// The pod or workload.
        owner: ObjectName,
        /// A port that it declares, with a similar name.
        similar: Option<String>,
    },
    /// No container declares the port that the monitor asks for.
    ContainerPort {
        /// The field of the endpoint: `port`, `portNumber`, `targetPort`.
        field: &'static str,
        /// The name or number.
        port: String,
        /// The pod or workload.
        owner: ObjectName,
        /// What it has.
        why: PortFault,
    },
    /// The pods have ended.
    Phase {
        /// The pod.
        owner: ObjectName,
        /// Its phase.
        phase: String,
    },
    /// The pods have no address yet.
    NoAddress {
        /// The pod.
        owner: ObjectName,
    },
    /// No endpoint scrapes a port, while others scrape its siblings.
    NoEndpoint {
        /// The port.
        port: String,
        /// The pod or workload that declares it.
        owner: ObjectName,
    },
    /// The Ingress has no rules.
    NoPaths {
        /// The Ingress.
        ingress: ObjectName,
    },
    /// A relabel rule drops all targets.
    Rule {
        /// Who wrote it.
        author: RuleAuthor,
        /// Its place in the object: `relabelings[0]`; of a rule of the operator its place in the generated list.
        rule: String,
        /// How many targets it drops.
        targets: usize,
    },
    /// Discovery makes no target of the objects.
    Discovery {
        /// The last one on the way.
        source: String,
        /// Why, as the rest of a sentence about it.
        reason: &'static str,
    },
}

impl LostReason {
    /// The name of the step in output.
    ///
    /// ```
    /// use promcfg::simulate::{LostReason, ObjectName};
    /// let reason = LostReason::NoReplicas { owner: ObjectName::new("Deployment", "shop", "web") };
    /// assert_eq!(reason.step(), "replicas");
    /// ```
    #[must_use]
    pub fn step(&self) -> &'static str {
        match self {
            Self::Refused { by: Stage::ApiServer, .. } => "api-server",
            Self::Refused { by: Stage::Operator, .. } => "operator",
            Self::NotSelected { .. } => "selected",
            Self::Absent { .. } => "input",
            Self::Labels { .. } => "labels",
            Self::Namespace { .. } => "namespace",
            Self::NoSelector { .. } | Self::ExternalName { .. } => "selector",
            Self::NoEndpoints { .. } => "endpoints",
            Self::Pods { .. } | Self::PodsElsewhere { .. } => "pods",
            Self::NoReplicas { .. } => "replicas",
            Self::ServicePort { .. } => "port",
            Self::TargetPort { .. } => "target-port",
            Self::ContainerPort { .. } => "container-port",
            Self::Phase { .. } => "phase",
            Self::NoAddress { .. } => "address",
            Self::NoEndpoint { .. } => "endpoint",
            Self::NoPaths { .. } => "paths",
            Self::Rule { .. } => "rule",
            Self::Discovery { .. } => "discovery",
        }
    }
}
