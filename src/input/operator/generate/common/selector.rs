//! Label selectors of monitors: as relabel rules, and as the selectors of Kubernetes discovery.
//!
//! Source: the loops over `matchLabels` and `matchExpressions` of each kind; `metav1.LabelSelectorAsSelector`.

use super::super::super::document::Out;
use super::super::super::value::{Entry, Value};
use super::{items, rules};

/// `matchLabels` in the order of the keys.
fn labels(selector: &Value) -> Vec<&Entry> {
    let mut labels: Vec<&Entry> = selector.get("matchLabels").map_or(&[][..], Value::entries).iter().collect();
    labels.sort_by(|one, other| one.key.cmp(&other.key));
    labels
}

/// The rules that keep the objects that a selector picks; `kind` is the part of the meta labels, such as `service`.
pub(in super::super) fn relabelings(selector: &Value, kind: &str) -> Vec<Out> {
    let present = |key: &str| format!("__meta_kubernetes_{kind}_labelpresent_{}", rules::sanitized(key));
    let both = |key: &str| [format!("__meta_kubernetes_{kind}_label_{}", rules::sanitized(key)), present(key)];
    let mut list = Vec::new();
    for Entry { key, value, .. } in labels(selector) {
        let regex = format!("({});true", value.as_str().unwrap_or(""));
        list.push(rules::keep(both(key), Out::text(regex).because(value.at)).because(value.at));
    }
    for expression in items(selector, "matchExpressions") {
        let key = expression.text("key");
        let values = || {
            let values: Vec<&str> = items(expression, "values").iter().filter_map(Value::as_str).collect();
            let at = expression.get("values").unwrap_or(expression).at;
            Out::text(format!("({});true", values.join("|"))).because(at)
        };
        let rule = match expression.text("operator") {
            "In" => rules::keep(both(key), values()),
            "NotIn" => rules::drop(both(key), values()),
            "Exists" => rules::keep([present(key)], Out::text("true")),
            "DoesNotExist" => rules::drop([present(key)], Out::text("true")),
            _ => continue,
        };
        list.push(rule.because(expression.at));
    }
    list
}

/// The text of a selector as Kubernetes writes it.
pub(in super::super) fn text(selector: &Value) -> String {
    let mut parts: Vec<(&str, String)> = Vec::new();
    for Entry { key, value, .. } in labels(selector) {
        parts.push((key, format!("{key}={}", value.as_str().unwrap_or(""))));
    }
    for expression in items(selector, "matchExpressions") {
        let key = expression.text("key");
        let mut values: Vec<&str> = items(expression, "values").iter().filter_map(Value::as_str).collect();
        values.sort_unstable();
        let values = values.join(",");
        let part = match expression.text("operator") {
            "In" => format!("{key} in ({values})"),
            "NotIn" => format!("{key} notin ({values})"),
            "Exists" => key.to_string(),
            "DoesNotExist" => format!("!{key}"),
            _ => continue,
        };
        parts.push((key, part));
    }
    parts.sort_by(|one, other| one.0.cmp(other.0));
    parts.into_iter().map(|(_, part)| part).collect::<Vec<_>>().join(",")
}
