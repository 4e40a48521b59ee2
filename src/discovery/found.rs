//! What discovery finds in given objects: target groups, and what is to be said about them.

use std::fmt;

use super::filter::Filter;
use super::{DiscoveredGroup, DiscoveryRole, KubernetesError, LabelPair, Undetermined};
use crate::release::Release;

/// The target groups that a mechanism makes of given objects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Discovered {
    /// The groups, in the order of the objects.
    pub groups: Vec<DiscoveredGroup>,
    /// The labels whose value Prometheus does not decide.
    pub undetermined: Vec<Undetermined>,
    /// What is not known from the objects, or was assumed.
    pub notes: Vec<DiscoveryNote>,
}

impl Discovered {
    /// Without the labels that a release does not have.
    pub(super) fn of_release(mut self, role: Option<&DiscoveryRole>, release: Release) -> Self {
        let labels = role.map_or(&[][..], |role| &role.labels);
        let absent: Vec<_> = labels.iter().filter(|label| !label.availability().includes(release)).collect();
        if absent.is_empty() {
            return self;
        }
        let has = |name: &str| !absent.iter().any(|label| label.covers(name));
        for group in &mut self.groups {
            group.labels.retain(|(name, _)| has(name));
            for target in &mut group.targets {
                target.retain(|(name, _)| has(name));
            }
        }
        self.undetermined.retain(|label| has(&label.label));
        self
    }
}

/// Why no target group can be made: Prometheus would refuse the answers of the server as a whole, and keep the targets
/// that it had, unless the error says otherwise.
///
/// ```
/// use promcfg::discovery::{SwarmObjects, SwarmOptions, SwarmRole};
/// let mut objects = SwarmObjects::default();
/// objects.add_services(r#"[{"Spec": {"Name": "web"}, "Endpoint": {"VirtualIPs": [{"NetworkID": "n"}]}}]"#)?;
/// let error = objects.groups(&SwarmOptions::new(SwarmRole::Services), promcfg::Release::LATEST).unwrap_err();
/// assert_eq!(error.to_string(), "service `web` has a virtual IP address without an address");
/// # Ok::<(), promcfg::discovery::DumpError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DiscoveryError {
    /// A virtual IP address of a Swarm service without an address.
    #[error("service `{service}` has a virtual IP address without an address")]
    ServiceAddress {
        /// The name of the service.
        service: String,
    },
    /// A network of a Swarm task without an address.
    #[error("task `{task}` has an empty address in a network")]
    TaskAddress {
        /// The id of the task.
        task: String,
    },
    /// A label name in a body of HTTP discovery.
    #[error("invalid label name `{name}`")]
    LabelName {
        /// The name.
        name: String,
    },
    /// Of Kubernetes.
    #[error(transparent)]
    Kubernetes(#[from] KubernetesError),
    /// Prometheus would make them; here they are too many.
    #[error("the targets have more than {limit} labels, which is the most that is computed")]
    TooManyLabels {
        /// The most labels.
        limit: usize,
    },
}

/// The targets of one group. Few objects can stand for very many targets: each port of a service on each address of
/// each task is one.
#[derive(Default)]
pub(super) struct Targets {
    targets: Vec<Vec<LabelPair>>,
    labels: usize,
}

impl Targets {
    /// The most labels of all targets together.
    const LIMIT: usize = if cfg!(test) { 1_000_000 } else { 10_000_000 };

    pub(super) fn push(&mut self, target: Vec<LabelPair>) -> Result<(), DiscoveryError> {
        self.count(&target)?;
        self.targets.push(target);
        Ok(())
    }

    /// Counts a target that is kept elsewhere.
    pub(super) fn count(&mut self, target: &[LabelPair]) -> Result<(), DiscoveryError> {
        self.labels += target.len();
        if self.labels > Self::LIMIT {
            return Err(DiscoveryError::TooManyLabels { limit: Self::LIMIT });
        }
        Ok(())
    }

    pub(super) fn into_group(self, source: &str) -> DiscoveredGroup {
        DiscoveredGroup { targets: self.targets, ..DiscoveredGroup::new(source) }
    }
}

/// Where the objects come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ObjectScope {
    /// They are the answer of the server to the query of this very job: it has applied the job's filters.
    #[default]
    Answer,
    /// They are all that a server has. Filters are applied here as far as it is certain what the server would do, and
    /// the others are noted.
    Dump,
}

/// What the objects do not say: something is assumed, or the result is incomplete.
///
/// ```
/// use promcfg::discovery::DiscoveryNote;
/// let note = DiscoveryNote::UnappliedFilter { field: "filters", names: vec!["name".to_string()] };
/// assert_eq!(note.to_string(), "the filter `name` of `filters` is not applied: only the server can apply it");
/// assert_eq!(note.help(), "make the dump with the same filter");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DiscoveryNote {
    /// Filters that Prometheus sends to the server, and that are not applied here.
    UnappliedFilter {
        /// The field of the config, such as `filters`.
        field: &'static str,
        /// The names of the filters; empty where the field is one expression.
        names: Vec<String>,
    },
    /// Objects of a kind that the mechanism asks for are missing in the dump.
    MissingObjects {
        /// The kind, in the plural, such as `networks`.
        kind: &'static str,
        /// What follows, such as `targets have no network labels`.
        consequence: &'static str,
    },
    /// The answers about the health of these services are missing, so that their targets are.
    MissingHealth {
        /// The names of the services.
        services: Vec<String>,
    },
    /// The datacenter is that of the nodes, because the dump does not have the agent's own.
    AssumedDatacenter {
        /// The datacenter.
        datacenter: String,
    },
    /// Neither the config nor the dump says which datacenter, or which region, it is.
    Unknown {
        /// The field of the config that would say it, such as `region`.
        field: &'static str,
        /// The label that has no value.
        label: &'static str,
    },
    /// The dump has no answer for a name, so that Prometheus would keep what it had.
    UnansweredName {
        /// The name, as the config has it.
        name: String,
        /// The type of the records, such as `SRV`.
        record_type: &'static str,
    },
    /// A name was found with a domain of the resolver's search list after it.
    CompletedName {
        /// The name, as the config has it.
        name: String,
        /// The name with the domain.
        full_name: String,
    },
    /// Records without a name, for a config with several names.
    NamelessRecords {
        /// How many records.
        count: usize,
    },
    /// Several bodies are read as if they were one.
    JoinedBodies {
        /// How many bodies.
        count: usize,
    },
    /// The API server of Kubernetes refuses a selector, and with it every list.
    RefusedSelector {
        /// What it says.
        message: String,
    },
    /// Containers that share networks in a circle: Prometheus would never finish.
    NetworkCircle {
        /// The name of a container in it.
        container: String,
    },
}

impl DiscoveryNote {
    /// What to do about it; empty where nothing can be done.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::UnappliedFilter { names, .. } => {
                format!("make the dump with the same filter{}", if names.len() > 1 { "s" } else { "" })
            }
            Self::MissingObjects { kind, .. } => format!("add the {kind} to the dump"),
            Self::MissingHealth { services } => {
                let name = services.first().map_or("", String::as_str);
                format!("add the answer of /v1/health/service/{name} to the dump")
            }
            Self::AssumedDatacenter { .. } => "add the answer of /v1/agent/self to the dump".to_string(),
            Self::Unknown { field, .. } => format!("set `{field}` in the config"),
            Self::UnansweredName { name, record_type } => {
                format!("add the output of `dig +noall +answer {record_type} {name}` to the dump")
            }
            Self::NamelessRecords { .. } => {
                "make the dump with `dig +noall +answer`, which shows the names".to_string()
            }
            Self::JoinedBodies { .. } => "give the body of one URL".to_string(),
            Self::CompletedName { .. } | Self::NetworkCircle { .. } | Self::RefusedSelector { .. } => String::new(),
        }
    }
}

impl fmt::Display for DiscoveryNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnappliedFilter { field, names } if names.is_empty() => {
                write!(f, "`{field}` is not applied: only the server can apply it")
            }
            Self::UnappliedFilter { field, names } => {
                let (plural, verb) = if names.len() > 1 { ("s", "are") } else { ("", "is") };
                let them = if names.len() > 1 { "them" } else { "it" };
                let names = names.join("`, `");
                write!(
                    f,
                    "the filter{plural} `{names}` of `{field}` {verb} not applied: only the server can apply {them}"
                )
            }
            Self::MissingObjects { kind, consequence } => write!(f, "the dump has no {kind}: {consequence}"),
            Self::MissingHealth { services } => {
                write!(f, "the dump has no targets of the service{}", if services.len() > 1 { "s" } else { "" })?;
                write!(f, " `{}`", services.iter().take(5).map(String::as_str).collect::<Vec<_>>().join("`, `"))?;
                if services.len() > 5 { write!(f, " and {} more", services.len() - 5) } else { Ok(()) }
            }
            Self::AssumedDatacenter { datacenter } => {
                write!(f, "the datacenter is assumed to be `{datacenter}`, that of the nodes")
            }
            Self::Unknown { field, label } => {
                write!(f, "neither the config nor the dump has the {field}: `{label}` is empty")
            }
            Self::UnansweredName { name, record_type } => {
                write!(f, "the dump has no {record_type} records of `{name}`")
            }
            Self::CompletedName { name, full_name } => {
                write!(f, "`{name}` is assumed to be `{full_name}`, by the search list of the resolver")
            }
            Self::NamelessRecords { count } => {
                write!(f, "{count} records without a name are skipped, because the config has several names")
            }
            Self::JoinedBodies { count } => write!(f, "{count} bodies are read as one"),
            Self::RefusedSelector { message } => write!(f, "the API server refuses the selector: {message}"),
            Self::NetworkCircle { container } => {
                write!(
                    f,
                    "container `{container}` shares its network in a circle, in which Prometheus would never finish"
                )
            }
        }
    }
}

/// A note about filters that are not applied, if there are any.
pub(super) fn note_filters(field: &'static str, unapplied: &[&Filter], notes: &mut Vec<DiscoveryNote>) {
    if !unapplied.is_empty() {
        let mut names: Vec<String> = unapplied.iter().map(|filter| filter.name.clone()).collect();
        names.dedup();
        notes.push(DiscoveryNote::UnappliedFilter { field, names });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_note_says_what_is_the_matter_and_what_to_do() {
        let services = |count: usize| (0..count).map(|number| format!("s{number}")).collect();
        for (note, text, help) in [
            (
                DiscoveryNote::UnappliedFilter { field: "filter", names: Vec::new() },
                "`filter` is not applied: only the server can apply it",
                "make the dump with the same filter",
            ),
            (
                DiscoveryNote::UnappliedFilter { field: "filters", names: vec!["name".into(), "since".into()] },
                "the filters `name`, `since` of `filters` are not applied: only the server can apply them",
                "make the dump with the same filters",
            ),
            (
                DiscoveryNote::MissingHealth { services: services(7) },
                "the dump has no targets of the services `s0`, `s1`, `s2`, `s3`, `s4` and 2 more",
                "add the answer of /v1/health/service/s0 to the dump",
            ),
            (
                DiscoveryNote::MissingHealth { services: services(1) },
                "the dump has no targets of the service `s0`",
                "add the answer of /v1/health/service/s0 to the dump",
            ),
            (
                DiscoveryNote::UnansweredName { name: "a.example".into(), record_type: "SRV" },
                "the dump has no SRV records of `a.example`",
                "add the output of `dig +noall +answer SRV a.example` to the dump",
            ),
        ] {
            assert_eq!((note.to_string().as_str(), note.help().as_str()), (text, help));
        }
    }
}
