//! ServiceMonitors and PodMonitors.
//!
//! Source: `checkServiceMonitor`, `checkPodMonitor`.

use super::super::generate::Fault;
use super::super::label_selector::PlacedSelector;
use super::super::objects::Object;
use super::super::value::Value;
use super::{Checks, clients, items, references, rules, tls, within};

pub(super) fn service_monitor(checks: &mut Checks<'_, '_>, object: &Object) -> Result<(), Fault> {
    let Some(spec) = object.value.get("spec") else { return Ok(()) };
    selector(spec)?;
    mechanism(checks, spec)?;
    for (index, own) in items(spec, "endpoints").iter().enumerate() {
        let mut in_endpoint = true;
        endpoint(checks, &object.id.namespace, own, &mut in_endpoint).map_err(|fault| match in_endpoint {
            true => within(format!("endpoints[{index}]"))(fault),
            false => fault,
        })?;
    }
    checks.class(spec).map_err(within("scrapeClassName"))
}

/// An endpoint of a ServiceMonitor; `is_named` becomes false where the operator does not name the endpoint.
fn endpoint(checks: &mut Checks<'_, '_>, namespace: &str, own: &Value, is_named: &mut bool) -> Result<(), Fault> {
    if checks.server.get("arbitraryFSAccessThroughSMs").and_then(|own| own.get("deny")).and_then(Value::as_bool)
        == Some(true)
    {
        file_access(own)?;
    }
    clients::validate(own)?;
    if let Some(token) = own.get("bearerTokenSecret").filter(|token| !token.text("name").is_empty()) {
        references::secret(checks, namespace, token).map_err(within("bearerTokenSecret"))?;
    }
    clients::basic_auth(checks, namespace, own).map_err(within("basicAuth"))?;
    tls::add_under(checks, namespace, own).map_err(within("tlsConfig"))?;
    clients::oauth2(checks, namespace, own).map_err(within("oauth2"))?;
    clients::authorization(checks, namespace, own).map_err(within("authorization"))?;
    checks.timeout(own.filled("interval"), own.filled("scrapeTimeout"))?;
    rules::under(checks, own, "relabelings", "relabelConfigs")?;
    rules::under(checks, own, "metricRelabelings", "metricRelabelConfigs")?;
    *is_named = false;
    clients::proxy(checks, namespace, own)
}

/// An endpoint that names a file of the Prometheus.
fn file_access(own: &Value) -> Result<(), Fault> {
    let refused = |way: &str, file: &Value| {
        let message = format!("it accesses file system via {way} which Prometheus specification prohibits");
        Err(Fault::new(message, file.at))
    };
    if let Some(file) = own.filled("bearerTokenFile") {
        return refused("bearer token file", file);
    }
    let Some(tls) = own.get("tlsConfig") else { return Ok(()) };
    match ["caFile", "certFile", "keyFile"].into_iter().find_map(|key| tls.filled(key)) {
        Some(file) => refused("tls config", file),
        None => Ok(()),
    }
}

pub(super) fn pod_monitor(checks: &mut Checks<'_, '_>, object: &Object) -> Result<(), Fault> {
    let Some(spec) = object.value.get("spec") else { return Ok(()) };
    selector(spec).map_err(within("failed to parse label selector"))?;
    mechanism(checks, spec)?;
    for (index, own) in items(spec, "podMetricsEndpoints").iter().enumerate() {
        pod_endpoint(checks, &object.id.namespace, own).map_err(within(format!("endpoint[{index}]")))?;
    }
    checks.class(spec).map_err(within("scrapeClassName"))
}

fn pod_endpoint(checks: &mut Checks<'_, '_>, namespace: &str, own: &Value) -> Result<(), Fault> {
    checks.timeout(own.filled("interval"), own.filled("scrapeTimeout"))?;
    rules::under(checks, own, "relabelings", "relabelConfigs")?;
    rules::under(checks, own, "metricRelabelings", "metricRelabelConfigs")?;
    clients::validate(own)?;
    let is_whole = |token: &&Value| !token.text("name").is_empty() && !token.text("key").is_empty();
    if let Some(token) = own.get("bearerTokenSecret").filter(is_whole) {
        references::secret(checks, namespace, token).map_err(within("bearerTokenSecret"))?;
    }
    clients::basic_auth(checks, namespace, own).map_err(within("basicAuth"))?;
    tls::add_under(checks, namespace, own).map_err(within("tlsConfig"))?;
    clients::oauth2(checks, namespace, own).map_err(within("oauth2"))?;
    clients::authorization(checks, namespace, own).map_err(within("authorization"))?;
    clients::proxy(checks, namespace, own).map_err(within("proxyConfig"))
}

fn selector(spec: &Value) -> Result<(), Fault> {
    match spec.get("selector") {
        Some(selector) => PlacedSelector::of(selector).map(drop),
        None => Ok(()),
    }
}

/// Selectors of roles are known from 2.17 on.
fn mechanism(checks: &Checks<'_, '_>, spec: &Value) -> Result<(), Fault> {
    match spec.get("selectorMechanism") {
        Some(own) if own.as_str() == Some("RoleSelector") && !checks.server.is_from(2, 17) => {
            let message = "RoleSelector selectorMechanism is only supported in Prometheus 2.17.0 and newer";
            Err(Fault::new(message, own.at))
        }
        _ => Ok(()),
    }
}
