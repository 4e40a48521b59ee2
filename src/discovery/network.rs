//! Networks of Docker, which containers, services and tasks refer to, and their labels.
//!
//! Source: `discovery/moby/network.go` of Prometheus 3.14.0.

use rustc_hash::FxHashMap;

use super::json::{Map, objects};
use super::label::{of_map, pair};
use super::{LabelPair, Undetermined};

objects! {
    /// A network, as `/networks` and `docker network inspect` show it.
    struct Network {
        id: String = "Id",
        name: String = "Name",
        scope: String = "Scope",
        internal: bool = "Internal",
        ingress: bool = "Ingress",
        labels: Map<String> = "Labels",
    }
}

/// The labels of each network, by its id.
pub(super) struct NetworkLabels(FxHashMap<String, Vec<LabelPair>>);

impl NetworkLabels {
    /// `prefix` is that of the mechanism, such as `__meta_docker_`.
    pub(super) fn new(networks: &[Network], prefix: &str, source: &str, undetermined: &mut Vec<Undetermined>) -> Self {
        let name = |part: &str| format!("{prefix}network_{part}");
        // Of several networks with one id the last one counts.
        let last: FxHashMap<&str, &Network> = networks.iter().map(|network| (network.id.as_str(), network)).collect();
        let mut in_order: Vec<&Network> = last.into_values().collect();
        in_order.sort_by(|one, other| one.id.cmp(&other.id));
        let labels = in_order.into_iter().map(|network| {
            let mut labels = vec![
                pair(&name("id"), network.id.as_str()),
                pair(&name("name"), network.name.as_str()),
                pair(&name("scope"), network.scope.as_str()),
                pair(&name("internal"), network.internal.to_string()),
                pair(&name("ingress"), network.ingress.to_string()),
            ];
            labels.extend(of_map(&name("label_"), &network.labels, source, undetermined));
            (network.id.clone(), labels)
        });
        Self(labels.collect())
    }

    /// The labels of a network; none if it is unknown.
    pub(super) fn of(&self, id: &str) -> &[LabelPair] {
        self.0.get(id).map_or(&[], Vec::as_slice)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
