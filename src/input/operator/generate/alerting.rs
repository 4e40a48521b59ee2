//! `alerting`: Alertmanagers, and the rules for alerts.
//!
//! Source: `appendAlertingConfig`, `generateAlertmanagerConfig`.

use crate::config::RuleAuthor;

use super::super::document::Out;
use super::super::value::{Data, Value};
use super::additional::Files;
use super::common::{self, auth, proxy, rules, tls};
use super::discovery::{self, Role};
use super::{Fault, Server, global, remote};

/// `alerting`, if the server or one of its Secrets says something about it.
pub(super) fn alerting(server: &Server<'_>, files: &Files) -> Result<Option<Out>, Fault> {
    let own = server.get("alerting");
    if own.is_none() && files.alert_relabel_configs.is_none() && files.alertmanagers.is_none() {
        return Ok(None);
    }
    let mut alertmanagers: Vec<Out> = own
        .map_or(&[][..], |own| common::items(own, "alertmanagers"))
        .iter()
        .map(|own| alertmanager(server, own))
        .collect();
    if let Some(text) = &files.alertmanagers {
        let more = text.maps().map_err(|fault| Fault {
            message: "generating alerting configuration failed: unmarshalling additional alertmanager configs failed"
                .to_string(),
            ..fault
        })?;
        alertmanagers.extend(more);
    }
    let mut list: Vec<Out> = replica_rule(server).into_iter().collect();
    if let Some(text) = &files.alert_relabel_configs {
        let words =
            "generating alerting configuration failed: unmarshalling additional alerting relabel configs failed";
        let more =
            text.maps().map_err(|fault| Fault { message: format!("{words}: {}", fault.message), at: fault.at })?;
        list.extend(more);
    }
    let out = Out::map().with("alert_relabel_configs", Out::list(list)).with("alertmanagers", Out::list(alertmanagers));
    Ok(Some(match own {
        Some(own) => out.because(own.at),
        None => out,
    }))
}

/// Drops the label of the replica, so that the alerts of all replicas are the same.
fn replica_rule(server: &Server<'_>) -> Option<Out> {
    let given = server.get(global::REPLICA_LABEL_KEY);
    let name = given.and_then(Value::as_str).unwrap_or(global::REPLICA_LABEL);
    let rule =
        Out::map().with("action", Out::text("labeldrop")).with("regex", Out::text(quoted(name))).by(RuleAuthor::Fixed);
    (!name.is_empty()).then(|| match given {
        Some(given) => rule.because(given.at),
        None => rule,
    })
}

/// A pattern that matches a text only.
fn quoted(text: &str) -> String {
    let mut pattern = String::new();
    for character in text.chars() {
        if r"\.+*?()|[]{}^$".contains(character) {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

fn alertmanager(server: &Server<'_>, own: &Value) -> Out {
    let namespace = &server.id.namespace;
    let role = Role::of_services(server, None);
    let mut out = Out::map();
    out.put_some("scheme", common::scheme(own));
    out.put_some("path_prefix", own.get("pathPrefix").map(Out::copied));
    out.put_some("timeout", own.get("timeout").map(Out::copied));
    out.put_some("enable_http2", common::enable_http2(server, own, "enableHttp2"));
    out.put_some("tls_config", own.get("tlsConfig").map(|own| tls::config(server, namespace, own)));
    proxy::put(server, &mut out, own);
    let its_namespace = own.get("namespace").and_then(Value::as_str).unwrap_or(namespace);
    out.put("kubernetes_sd_configs", Out::list(vec![discovery::entry(server, its_namespace, None, role)]));
    out.put_some("bearer_token_file", own.filled("bearerTokenFile").map(Out::copied));
    out.put_some("basic_auth", own.get("basicAuth").filter(|_| server.is_from(2, 26)).map(auth::basic_auth));
    out.put_some("authorization", own.get("authorization").and_then(|own| auth::authorization(server, own)));
    let signature = own.get("sigv4").filter(|_| server.is_from(2, 48));
    out.put_some("sigv4", signature.map(|own| remote::sigv4(server, own)));
    out.put_some("api_version", api_version(server, own));
    let mut list: Vec<Out> = Vec::new();
    let name = own.get("name").map_or_else(|| Out::text(""), Out::copied);
    list.push(rules::keep(["__meta_kubernetes_service_name"], name).because(super::at(own, "name")));
    list.extend(port(own, role));
    list.extend(rules::of_user(own, "relabelings"));
    out.put("relabel_configs", Out::list(list));
    if server.is_from(2, 51) && !common::items(own, "alertRelabelings").is_empty() {
        out.put("alert_relabel_configs", Out::list(rules::of_user(own, "alertRelabelings").collect()));
    }
    out.because(own.at)
}

/// The version of the API; Prometheus 3 knows no `v1`.
fn api_version(server: &Server<'_>, own: &Value) -> Option<Out> {
    let own = own.get("apiVersion")?;
    let name = own.as_str()?.to_ascii_lowercase();
    let is_known = match name.as_str() {
        "v1" => !server.is_from(3, 0),
        "v2" => true,
        _ => false,
    };
    (is_known && server.is_from(2, 11)).then(|| Out::text(name).because(own.at))
}

/// The rule that keeps the port of an Alertmanager, by its name or number.
fn port(own: &Value, role: Role) -> Option<Out> {
    let port = own.get("port")?;
    let (label, regex) = match &port.data {
        Data::Text(name) if !name.is_empty() => {
            let label = match role {
                Role::EndpointSlice => "__meta_kubernetes_endpointslice_port_name",
                Role::Endpoints | Role::Pod | Role::Ingress => "__meta_kubernetes_endpoint_port_name",
            };
            (label, Out::copied(port))
        }
        Data::Int(number) if *number != 0 => {
            ("__meta_kubernetes_pod_container_port_number", Out::text(number.to_string()).written(port.at))
        }
        _ => return None,
    };
    Some(rules::keep([label], regex).because(port.at))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_name_in_a_pattern_matches_itself() {
        assert_eq!(quoted("prometheus_replica"), "prometheus_replica");
        assert_eq!(quoted("a.b(c)"), "a\\.b\\(c\\)");
    }
}
