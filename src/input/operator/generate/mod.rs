//! The config of a Prometheus, value by value as the operator generates it.
//!
//! Source: `pkg/prometheus/promcfg.go`: `GenerateServerConfiguration` and `GenerateAgentConfiguration`.

mod additional;
mod alerting;
mod common;
mod discovery;
mod global;
mod monitor;
mod pod_monitor;
mod probe;
mod remote;
mod scrape_config;
mod server;
mod service_monitor;
mod storage;
mod telemetry;
#[cfg(test)]
mod tests;

use super::document::Out;
use super::kind::Kind;
use super::objects::Object;
use super::value::Value;
use crate::text::Location;

pub(super) use additional::{Files, files};
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
///
/// # Errors
/// The operator generates nothing.
pub(super) fn generate(server: &Server<'_>, objects: &[&Object], files: &Files) -> Result<Out, Fault> {
    let mut config = Out::map().with("global", global::global(server));
    config.put_some("runtime", storage::runtime(server));
    config.put_some("rule_files", storage::rule_files(server));
    config.put("scrape_configs", Out::list(jobs(server, objects, files)?));
    config.put_some("storage", storage::storage(server));
    let is_agent = server.id.kind == Kind::PrometheusAgent;
    if !is_agent {
        config.put_some("alerting", alerting::alerting(server, files)?);
    }
    config.put_some("remote_write", remote::remote_write(server));
    if !is_agent {
        config.put_some("remote_read", remote::remote_read(server));
    }
    config.put_some("otlp", telemetry::otlp(server)?);
    config.put_some("tracing", telemetry::tracing(server));
    Ok(config)
}

/// The jobs in their order: an agent has those of its Secret after those of PodMonitors, a server at the end.
fn jobs(server: &Server<'_>, objects: &[&Object], files: &Files) -> Result<Vec<Out>, Fault> {
    let mut jobs = Vec::new();
    let is_agent = server.id.kind == Kind::PrometheusAgent;
    for kind in server.order_of_kinds() {
        for object in objects.iter().filter(|object| object.id.kind == *kind) {
            match kind {
                Kind::ServiceMonitor => service_monitor::jobs(server, object, &mut jobs),
                Kind::PodMonitor => pod_monitor::jobs(server, object, &mut jobs),
                Kind::Probe => probe::jobs(server, object, &mut jobs),
                Kind::ScrapeConfig => scrape_config::jobs(server, object, &mut jobs),
                Kind::Prometheus | Kind::PrometheusAgent => {}
            }
        }
        if is_agent && *kind == Kind::PodMonitor {
            jobs.extend(files.jobs(server)?);
        }
    }
    if !is_agent {
        jobs.extend(files.jobs(server)?);
    }
    Ok(jobs)
}

/// The place of a member, else of the value.
fn at(value: &Value, key: &str) -> Location {
    value.get(key).unwrap_or(value).at
}
