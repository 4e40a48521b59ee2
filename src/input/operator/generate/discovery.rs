//! `kubernetes_sd_configs` of the jobs of monitors.
//!
//! Source: `generateK8SSDConfig`, `generateRoleSelectorConfig`.

use super::super::document::Out;
use super::super::kind::Kind;
use super::super::objects::Object;
use super::super::value::Value;
use super::Server;
use super::common::class::Class;
use super::common::{auth, proxy, selector, tls};

/// What a monitor finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Endpoints,
    EndpointSlice,
    Pod,
    Ingress,
}

impl Role {
    /// How an object, else the server, finds the endpoints of services. A cluster is assumed that has slices.
    pub(super) fn of_services(server: &Server<'_>, own: Option<&Value>) -> Self {
        let role = own.or(server.get("serviceDiscoveryRole")).and_then(Value::as_str);
        if role == Some("EndpointSlice") && server.is_from(2, 21) { Self::EndpointSlice } else { Self::Endpoints }
    }

    /// Its name in a config.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Endpoints => "endpoints",
            Self::EndpointSlice => "endpointslice",
            Self::Pod => "pod",
            Self::Ingress => "ingress",
        }
    }

    /// The version from which metadata of nodes can be attached.
    fn attaches_from(self) -> (u64, u64) {
        match self {
            Self::Pod => (2, 35),
            Self::Endpoints | Self::EndpointSlice | Self::Ingress => (2, 37),
        }
    }
}

/// Whether an object asks for its selector as relabel rules, not as a selector of discovery.
pub(super) fn selects_by_rules(spec: &Value) -> bool {
    spec.filled("selectorMechanism").is_none_or(|mechanism| mechanism.as_str() == Some("RelabelConfig"))
}

/// The one entry of the job of a monitor.
pub(super) fn of_monitor(server: &Server<'_>, object: &Object, spec: &Value, role: Role, class: Class<'_>) -> Out {
    let mut entry = entry(server, &object.id.namespace, spec.get("namespaceSelector"), role);
    let attached = spec.get("attachMetadata").or(class.get("attachMetadata"));
    let (major, minor) = role.attaches_from();
    if let Some(attached) = attached.filter(|_| server.is_from(major, minor)) {
        let node = attached.get("node").map_or_else(|| Out::bool(false), Out::copied);
        entry.put("attach_metadata", Out::map().with("node", node).because(attached.at));
    }
    let mut selectors = Vec::new();
    if server.is_daemon_set() {
        let field = Out::text("spec.nodeName=$(NODE_NAME)");
        selectors.push(Out::map().with("role", Out::text("pod")).with("field", field));
    }
    if !selects_by_rules(spec)
        && let Some(own) = spec.get("selector")
    {
        let label = selector::text(own);
        let mut add = |role: &str| {
            let entry = Out::map().with("role", Out::text(role)).with("label", Out::text(&*label).because(own.at));
            selectors.push(entry.because(own.at));
        };
        add(role.name());
        if object.id.kind == Kind::ServiceMonitor {
            add("service");
        }
    }
    if !selectors.is_empty() {
        entry.put("selectors", Out::list(selectors));
    }
    Out::list(vec![entry])
}

/// An entry without selectors and attached metadata.
pub(super) fn entry(server: &Server<'_>, namespace: &str, selector: Option<&Value>, role: Role) -> Out {
    let mut entry = Out::map().with("role", Out::text(role.name()));
    entry.put_some("namespaces", namespaces(server, namespace, selector));
    if let Some(api_server) = server.get("apiserverConfig") {
        put_api_server(server, &mut entry, namespace, api_server);
    }
    entry
}

fn put_api_server(server: &Server<'_>, entry: &mut Out, namespace: &str, own: &Value) {
    entry.put("api_server", own.get("host").map_or_else(|| Out::text(""), Out::copied));
    entry.put_some("basic_auth", own.get("basicAuth").map(auth::basic_auth));
    entry.put_some("bearer_token", own.filled("bearerToken").map(|token| Out::secret().because(token.at)));
    entry.put_some("bearer_token_file", own.filled("bearerTokenFile").map(Out::copied));
    entry.put_some("authorization", own.get("authorization").and_then(|own| auth::authorization(server, own)));
    entry.put_some("tls_config", own.get("tlsConfig").map(|own| tls::config(server, namespace, own)));
    proxy::put(server, entry, own);
}

/// The namespaces in which targets are looked for; without the key, all of them.
fn namespaces(server: &Server<'_>, namespace: &str, selector: Option<&Value>) -> Option<Out> {
    let own = || Out::map().with("names", Out::texts([namespace]));
    let Some(selector) = selector.filter(|_| !server.is_true("ignoreNamespaceSelectors")) else { return Some(own()) };
    if selector.get("any").and_then(Value::as_bool) == Some(true) {
        return None;
    }
    Some(match selector.get("matchNames").filter(|names| !names.items().is_empty()) {
        Some(names) => Out::map().with("names", Out::copied(names)).because(selector.at),
        None => own().because(selector.at),
    })
}
