//! `kubernetes_sd_configs` of the jobs of monitors.

use super::super::document::Out;
use super::super::objects::Object;
use super::super::value::Value;
use super::Server;

/// The one entry of a monitor's job.
pub(super) fn of_monitor(server: &Server<'_>, object: &Object, role: &str) -> Out {
    let mut entry = Out::map().with("role", Out::text(role));
    entry.put_some("namespaces", namespaces(server, object));
    Out::list(vec![entry.because(object.value.at)])
}

/// The namespaces in which targets are looked for; all of them if there is no such key.
fn namespaces(server: &Server<'_>, object: &Object) -> Option<Out> {
    let own = || Out::map().with("names", Out::texts([object.id.namespace.clone()]));
    let selector = object.value.at_path(&["spec", "namespaceSelector"]);
    let Some(selector) = selector.filter(|_| !server.is_true("ignoreNamespaceSelectors")) else { return Some(own()) };
    if selector.get("any").and_then(Value::as_bool) == Some(true) {
        return None;
    }
    match selector.get("matchNames").filter(|names| !names.items().is_empty()) {
        Some(names) => Some(Out::map().with("names", Out::copied(names))),
        None => Some(own()),
    }
}
