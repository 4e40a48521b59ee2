//! What the operator refuses: one object at a time before it generates a config, and what is wrong with the Prometheus itself.
//!
//! Source: `pkg/prometheus/resource_selector.go`, `pkg/prometheus/validation/validator.go`, `pkg/prometheus/store.go`,
//! `pkg/assets/store.go`.

mod clients;
mod mechanisms;
mod monitor;
mod probe;
mod references;
mod rules;
mod scrape_config;
mod server;
#[cfg(test)]
mod tests;
mod tls;

use std::collections::BTreeSet;

use crate::config::Duration;
use crate::re2::RegexCache;
use crate::relabel::NameScheme;
use crate::text::{Location, go_quote};

use super::assumption::Assumption;
use super::generate::{Fault, Server};
use super::kind::Kind;
use super::objects::Object;
use super::value::Value;

/// The checks for one Prometheus.
pub(super) struct Checks<'c, 'o> {
    server: &'c Server<'o>,
    /// What was assumed of Secrets and ConfigMaps.
    pub(super) assumed: BTreeSet<Assumption>,
    patterns: RegexCache,
}

impl<'c, 'o> Checks<'c, 'o> {
    pub(super) fn new(server: &'c Server<'o>) -> Self {
        Self { server, assumed: BTreeSet::new(), patterns: RegexCache::new() }
    }

    /// What stops the operator before it looks at any object.
    ///
    /// # Errors
    /// A scrape class is not valid.
    pub(super) fn classes(&mut self) -> Result<(), Fault> {
        server::classes(self)
    }

    /// Checks an object as the operator does.
    ///
    /// # Errors
    /// The operator skips it.
    pub(super) fn object(&mut self, object: &Object) -> Result<(), Fault> {
        match object.id.kind {
            Kind::ServiceMonitor => monitor::service_monitor(self, object),
            Kind::PodMonitor => monitor::pod_monitor(self, object),
            Kind::Probe => probe::probe(self, object),
            Kind::ScrapeConfig => scrape_config::scrape_config(self, object),
            Kind::Prometheus | Kind::PrometheusAgent => Ok(()),
        }
    }

    /// What is wrong with the Prometheus itself.
    ///
    /// # Errors
    /// The operator generates nothing new.
    pub(super) fn server(&mut self) -> Result<(), Fault> {
        server::server(self)
    }

    /// The scrape timeout of the Prometheus is at most its interval.
    ///
    /// # Errors
    /// The operator generates nothing new.
    pub(super) fn timeout_of_server(&self) -> Result<(), Fault> {
        server::timeout(self)
    }

    /// Whether a label can have this name. The name scheme that the Prometheus asks for does not count here.
    fn allows_name(&self, name: &str) -> bool {
        self.names().allows(name)
    }

    fn names(&self) -> NameScheme {
        if self.server.is_from(3, 0) { NameScheme::Utf8 } else { NameScheme::Legacy }
    }

    /// Whether a scrape class that an object names exists.
    fn class(&self, spec: &Value) -> Result<(), Fault> {
        let Some(name) = spec.filled("scrapeClass") else { return Ok(()) };
        let text = name.as_str().unwrap_or("");
        let classes = self.server.get("scrapeClasses").map_or(&[][..], Value::items);
        if classes.iter().any(|class| class.text("name") == text) {
            return Ok(());
        }
        Err(Fault::new(format!("scrapeClass {} not found in Prometheus scrapeClasses", go_quote(text)), name.at))
    }

    /// A timeout that is set is at most the interval of the object, else that of the Prometheus.
    fn timeout(&self, interval: Option<&Value>, timeout: Option<&Value>) -> Result<(), Fault> {
        let Some(timeout) = timeout else { return Ok(()) };
        let of_server = || self.server.get("scrapeInterval").and_then(Value::as_str).unwrap_or("30s");
        let interval = interval.and_then(Value::as_str).unwrap_or_else(of_server);
        compare(interval, timeout.as_str().unwrap_or("")).map_err(|why| Fault::new(why, timeout.at))
    }
}

fn compare(interval: &str, timeout: &str) -> Result<(), String> {
    let parse = |text: &str, what: &str| {
        Duration::parse(text).map_err(|error| format!("invalid {what} {}: {error}", go_quote(text)))
    };
    let (most, own) = (parse(interval, "scrapeInterval")?, parse(timeout, "scrapeTimeout:")?);
    if own <= most {
        return Ok(());
    }
    Err(format!("scrapeTimeout {} greater than scrapeInterval {}", go_quote(timeout), go_quote(interval)))
}

/// A fault in a part that the operator names.
fn within(part: impl std::fmt::Display) -> impl FnOnce(Fault) -> Fault {
    move |fault| Fault { message: format!("{part}: {}", fault.message), at: fault.at }
}

/// The items of a list; an empty slice if the key is missing.
fn items<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).map_or(&[], Value::items)
}

/// The place of a member, else of the value.
fn at(value: &Value, key: &str) -> Location {
    value.get(key).unwrap_or(value).at
}
