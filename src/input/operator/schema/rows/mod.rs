//! The rows: what the schemas of the six kinds say of every field.
//!
//! Groups of fields, and objects that are in many places, are written once. In each group, the rows are sorted by name.

mod choices;
mod client;
mod cloud;
mod metadata;
mod monitor;
mod probe;
mod registry;
mod relabel;
mod remote;
mod scrape_config;
mod selector;
mod server;
mod server_parts;
mod status;
mod values;

pub(super) use monitor::{ENDPOINT, POD_ENDPOINT};
pub(super) use relabel::RELABEL_RULE;
pub(super) use selector::{LABEL_SELECTOR, NAMESPACE_SELECTOR};

use self::metadata::METADATA;
use self::status::{SERVER_STATUS, STATUS};
use super::super::kind::Kind;
use super::shape::{Object, object, text};

/// The fields of an object of that kind.
pub(super) fn of(kind: Kind) -> &'static Object {
    match kind {
        Kind::ServiceMonitor => &SERVICE_MONITOR,
        Kind::PodMonitor => &POD_MONITOR,
        Kind::Probe => &PROBE,
        Kind::ScrapeConfig => &SCRAPE_CONFIG,
        Kind::Prometheus => &PROMETHEUS,
        Kind::PrometheusAgent => &PROMETHEUS_AGENT,
    }
}

macro_rules! kinds {
    ($($name:ident: $spec:path, $status:ident;)*) => {
        $(static $name: Object = Object::new(&[&[
            text("apiVersion"),
            text("kind"),
            object("metadata", &METADATA),
            object("spec", &$spec),
            object("status", &$status),
        ]])
        .required(&["spec"]);)*
    };
}

kinds! {
    SERVICE_MONITOR: monitor::SERVICE_MONITOR_SPEC, STATUS;
    POD_MONITOR: monitor::POD_MONITOR_SPEC, STATUS;
    PROBE: probe::PROBE_SPEC, STATUS;
    SCRAPE_CONFIG: scrape_config::SCRAPE_CONFIG_SPEC, STATUS;
    PROMETHEUS: server::PROMETHEUS_SPEC, SERVER_STATUS;
    PROMETHEUS_AGENT: server::PROMETHEUS_AGENT_SPEC, SERVER_STATUS;
}
