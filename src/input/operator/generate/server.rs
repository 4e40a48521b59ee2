//! The Prometheus for which a config is generated.

use super::super::kind::Kind;
use super::super::objects::{ObjectId, OperatorObjects};
use super::super::value::Value;
use super::super::version::{DEFAULT, Version};
use super::Fault;
use crate::release::Release;

/// A Prometheus or PrometheusAgent, as the other parts ask for it.
pub(in crate::input::operator) struct Server<'o> {
    pub(in crate::input::operator) id: ObjectId,
    /// Its `spec`; `None` for the one that is assumed where the input has none.
    pub(in crate::input::operator) spec: Option<&'o Value>,
    pub(in crate::input::operator) version: Version,
    /// ConfigMaps and Secrets.
    pub(in crate::input::operator) objects: &'o OperatorObjects,
}

impl<'o> Server<'o> {
    pub(in crate::input::operator) fn new(
        id: &ObjectId,
        object: Option<&'o Value>,
        objects: &'o OperatorObjects,
    ) -> Result<Self, Fault> {
        let spec = object.and_then(|object| object.get("spec"));
        let version = match spec {
            Some(spec) => Version::of_spec(spec).map_err(|message| Fault::new(message, spec.at))?,
            None => DEFAULT,
        };
        Ok(Self { id: id.clone(), spec, version, objects })
    }

    /// The same with the version of a release, if one is given.
    pub(in crate::input::operator) fn with_release(self, release: Option<Release>) -> Self {
        Self { version: release.map_or(self.version, Version::of_release), ..self }
    }

    /// A member of the `spec`.
    pub(in crate::input::operator) fn get(&self, key: &str) -> Option<&'o Value> {
        self.spec.and_then(|spec| spec.get(key))
    }

    pub(in crate::input::operator) fn is_true(&self, key: &str) -> bool {
        self.get(key).and_then(Value::as_bool).unwrap_or(false)
    }

    /// Whether its version is that minor release or a later one.
    pub(in crate::input::operator) fn is_from(&self, major: u64, minor: u64) -> bool {
        self.version.is_from(major, minor)
    }

    /// Whether it is an agent on each node, which scrapes the pods of its node.
    pub(in crate::input::operator) fn is_daemon_set(&self) -> bool {
        self.id.kind == Kind::PrometheusAgent
            && self.get("mode").and_then(Value::as_str).is_some_and(|mode| mode == "DaemonSet")
    }

    /// How many servers share the targets.
    pub(in crate::input::operator) fn shards(&self) -> i64 {
        self.get("shards").and_then(Value::as_int).unwrap_or(1).max(1)
    }

    /// The kinds in the order of their jobs.
    pub(super) fn order_of_kinds(&self) -> &'static [Kind] {
        match self.id.kind {
            Kind::PrometheusAgent if self.is_daemon_set() => &[Kind::PodMonitor],
            Kind::PrometheusAgent => &[Kind::PodMonitor, Kind::ServiceMonitor, Kind::Probe, Kind::ScrapeConfig],
            _ => &[Kind::ServiceMonitor, Kind::PodMonitor, Kind::Probe, Kind::ScrapeConfig],
        }
    }
}
