//! The config of a Prometheus, value by value as the operator generates it.
//!
//! Source: `pkg/prometheus/promcfg.go`: `GenerateServerConfiguration` and `GenerateAgentConfiguration`.

mod common;
mod discovery;
mod global;
mod monitor;
mod pod_monitor;
mod server;
mod service_monitor;
#[cfg(test)]
mod tests;

use super::document::Out;
use super::kind::Kind;
use super::objects::Object;
use crate::text::Location;

pub(super) use server::Server;

/// Why the operator generates nothing, or skips an object.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    /// What the operator says.
    pub(super) message: String,
    /// The place, if it is one.
    pub(super) at: Option<Location>,
}

impl Fault {
    pub(super) fn new(message: impl Into<String>, at: Location) -> Self {
        Self { message: message.into(), at: Some(at) }
    }
}

/// The config for the objects, which are sorted by kind, namespace and name.
pub(super) fn generate(server: &Server<'_>, objects: &[&Object]) -> Result<Out, Fault> {
    let mut config = Out::map().with("global", global::global(server));
    let mut jobs = Vec::new();
    for kind in server.order_of_kinds() {
        for object in objects.iter().filter(|object| object.id.kind == *kind) {
            match kind {
                Kind::ServiceMonitor => service_monitor::jobs(server, object, &mut jobs),
                Kind::PodMonitor => pod_monitor::jobs(server, object, &mut jobs),
                // The other kinds come here.
                Kind::Probe | Kind::ScrapeConfig | Kind::Prometheus | Kind::PrometheusAgent => {}
            }
        }
    }
    config.put("scrape_configs", Out::list(jobs));
    Ok(config)
}
