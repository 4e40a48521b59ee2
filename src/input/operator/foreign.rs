//! Relabel rules in objects of the VictoriaMetrics operator: its lists are those of Prometheus, unless a rule in them has
//! something that only VictoriaMetrics knows.

use crate::config::RuleAuthor;
use crate::text::FileId;
use crate::yaml::Tree;

use super::document::{GeneratedConfig, Out};
use super::value::{Data, Value};
use crate::input::objects::each_document;

/// A list of relabel rules in an object, as Prometheus writes it.
pub(crate) struct ForeignRules {
    /// The kind, the namespace and the name of the object.
    pub(crate) object: String,
    /// The path of the list.
    pub(crate) path: String,
    /// The list.
    pub(crate) list: GeneratedConfig,
}

/// The group of the objects.
const GROUP: &str = "operator.victoriametrics.com/";

/// Keys of lists of rules.
const LISTS: [&str; 6] = [
    "relabelConfigs",
    "relabel_configs",
    "metricRelabelConfigs",
    "metric_relabel_configs",
    "inlineRelabelConfig",
    "inlineUrlRelabelConfig",
];

/// The keys of rules, as Prometheus and as the objects write them.
const KEYS: [(&str, &str); 7] = [
    ("source_labels", "sourceLabels"),
    ("separator", "separator"),
    ("target_label", "targetLabel"),
    ("regex", "regex"),
    ("modulus", "modulus"),
    ("replacement", "replacement"),
    ("action", "action"),
];

/// Actions of Prometheus.
const ACTIONS: [&str; 11] = [
    "replace",
    "keep",
    "drop",
    "hashmod",
    "labelmap",
    "labeldrop",
    "labelkeep",
    "lowercase",
    "uppercase",
    "keepequal",
    "dropequal",
];

/// How deep lists are looked for.
const MOST_DEPTH: usize = 12;

/// The lists of rules in all documents of a text that are also rules of Prometheus.
pub(crate) fn foreign_rules(tree: &Tree, file: FileId) -> Vec<ForeignRules> {
    let mut found = Vec::new();
    if memchr::memmem::find(tree.text().as_bytes(), GROUP.as_bytes()).is_none() {
        return found;
    }
    each_document(tree, &mut |document, offset| {
        let root = document.root().filter(|_| document.fault().is_none());
        let Some(Ok(value)) = root.map(|root| Value::of_node(root, file, offset)) else { return };
        let items = value.get("items").map_or(&[][..], Value::items);
        for object in std::iter::once(&value).chain(items) {
            if object.text("apiVersion").starts_with(GROUP)
                && let Some(spec) = object.get("spec")
            {
                let metadata = object.get("metadata");
                let text = |key: &str| metadata.map_or("", |metadata| metadata.text(key));
                let namespace = Some(text("namespace")).filter(|name| !name.is_empty()).unwrap_or("default");
                let name = format!("{}/{namespace}/{}", object.text("kind"), text("name"));
                add_lists(&name, spec, "spec", MOST_DEPTH, &mut found);
            }
        }
    });
    found
}

fn add_lists(object: &str, value: &Value, path: &str, depth: usize, found: &mut Vec<ForeignRules>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    for (index, item) in value.items().iter().enumerate() {
        add_lists(object, item, &format!("{path}[{index}]"), depth, found);
    }
    for entry in value.entries() {
        let path = format!("{path}.{}", entry.key);
        if !LISTS.contains(&entry.key.as_str()) {
            add_lists(object, &entry.value, &path, depth, found);
        } else if let Some(rules) = entry.value.items().iter().map(rule).collect::<Option<Vec<_>>>()
            && !rules.is_empty()
        {
            let list = Out::list(rules).written(entry.value.at).write();
            found.push(ForeignRules { object: object.to_string(), path, list });
        }
    }
}

/// A rule in the words of Prometheus; `None` if it has something that Prometheus does not know.
fn rule(rule: &Value) -> Option<Out> {
    let is_known = |key: &str| KEYS.iter().any(|(own, other)| key == *own || key == *other);
    if rule.entries().is_empty() || !rule.entries().iter().all(|entry| is_known(&entry.key)) {
        return None;
    }
    let mut out = Out::map();
    for (key, other) in KEYS {
        let Some(value) = rule.get(other).or_else(|| rule.get(key)) else { continue };
        let is_fine = match (key, &value.data) {
            ("source_labels", Data::List(items)) => items.iter().all(|item| item.as_str().is_some()),
            ("action", Data::Text(action)) => ACTIONS.contains(&action.to_ascii_lowercase().as_str()),
            ("modulus", Data::Int(_)) => true,
            ("separator" | "target_label" | "regex" | "replacement", Data::Text(_)) => true,
            _ => false,
        };
        if !is_fine {
            return None;
        }
        out.put(key, Out::copied(value));
    }
    Some(out.written(rule.at).by(RuleAuthor::User))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Sources;

    #[test]
    fn lists_with_keys_of_either_style_are_read_unless_only_victoriametrics_knows_a_rule() {
        let text = "apiVersion: operator.victoriametrics.com/v1beta1\nkind: VMServiceScrape\nmetadata: {name: a}\nspec:\n  endpoints:\n  - relabelConfigs: [{sourceLabels: [x], target_label: z}]\n    metricRelabelConfigs: [{action: graphite}]\n  - relabelConfigs: [{if: '{a=\"b\"}', action: drop}]\n";
        let file = Sources::new().add("a.yml", text);
        let found: Vec<String> = foreign_rules(&Tree::parse(text), file)
            .iter()
            .map(|rules| format!("{} {} {}", rules.object, rules.path, rules.list.text()))
            .collect();
        assert_eq!(
            found,
            ["VMServiceScrape/default/a spec.endpoints[0].relabelConfigs - source_labels:\n  - x\n  target_label: z\n"]
        );
    }
}
