//! Relabel rules: those of users in Prometheus's keys, and those that the operator adds.
//!
//! Source: `generateRelabelConfig`, the package `namespacelabeler`, `generateAddressShardingRelabelingRules`.

use crate::config::RuleAuthor;

use super::super::super::document::Out;
use super::super::super::objects::Object;
use super::super::super::value::{Data, Value};
use super::super::Server;
use super::class::Class;

/// The keys of a rule in an object, with Prometheus's, in the order in which the operator writes them.
const KEYS: [(&str, &str); 7] = [
    ("sourceLabels", "source_labels"),
    ("separator", "separator"),
    ("targetLabel", "target_label"),
    ("regex", "regex"),
    ("modulus", "modulus"),
    ("replacement", "replacement"),
    ("action", "action"),
];

/// A rule of an object or of a class, at its place.
pub(in super::super) fn written(rule: &Value, author: RuleAuthor) -> Out {
    let mut out = Out::map();
    for (own, key) in KEYS {
        let Some(entry) = rule.entry(own) else { continue };
        let value = &entry.value;
        let is_given = match (&value.data, own) {
            // These are kept when they are empty.
            (Data::Text(_), "separator" | "replacement") => true,
            (Data::Text(text), _) => !text.is_empty(),
            (Data::Int(number), _) => *number != 0,
            (Data::List(items), _) => !items.is_empty(),
            (Data::Null | Data::Bool(_) | Data::Float(_) | Data::Map(_), _) => false,
        };
        let action =
            value.as_str().filter(|text| own == "action" && text.bytes().any(|byte| byte.is_ascii_uppercase()));
        let given = match action {
            Some(text) => Out::text(text.to_ascii_lowercase()).written(value.at).keyed(entry.key_at),
            None => Out::entry(rule, entry),
        };
        out.put_some(key, Some(given).filter(|_| is_given));
    }
    out.written(rule.at).by(author)
}

/// The rules of a list that a user wrote.
pub(in super::super) fn of_user(own: &Value, key: &str) -> impl Iterator<Item = Out> {
    super::items(own, key).iter().map(|rule| written(rule, RuleAuthor::User))
}

/// The rules of a scrape class.
pub(in super::super) fn of_class(class: Class<'_>, key: &str) -> impl Iterator<Item = Out> {
    class.items(key).iter().map(|rule| written(rule, RuleAuthor::Class))
}

/// `metric_relabel_configs`: the rules of the class, of the object, and the enforced one; nothing if there is none.
pub(in super::super) fn metric(
    server: &Server<'_>,
    object: &Object,
    class: Class<'_>,
    own: &Value,
    key: &str,
) -> Option<Out> {
    let mut list: Vec<Out> = of_class(class, "metricRelabelings").collect();
    list.extend(of_user(own, key));
    list.extend(enforced(server, object));
    let out = Some(Out::list(list)).filter(|list| !list.is_empty())?;
    Some(match own.get(key) {
        Some(own) => out.because(own.at),
        None => out,
    })
}

/// The rule that sets the label that the server enforces to the namespace of the object.
pub(in super::super) fn enforced(server: &Server<'_>, object: &Object) -> Option<Out> {
    let label =
        server.get("enforcedNamespaceLabel").filter(|label| label.as_str().is_some_and(|text| !text.is_empty()))?;
    let is_excluded = super::items(server.spec?, "excludedFromEnforcement").iter().any(|entry| excludes(entry, object));
    let rule =
        Out::map().with("target_label", Out::copied(label)).with("replacement", Out::text(&*object.id.namespace));
    (!is_excluded).then(|| rule.because(label.at).by(RuleAuthor::Enforced))
}

/// Whether an entry of `excludedFromEnforcement` names the object; without a name it names the whole namespace.
fn excludes(entry: &Value, object: &Object) -> bool {
    let group = entry.filled("group").and_then(Value::as_str).unwrap_or("monitoring.coreos.com");
    let name = entry.text("name");
    group == "monitoring.coreos.com"
        && entry.text("resource") == object.id.kind.resource()
        && entry.text("namespace") == object.id.namespace
        && (name.is_empty() || name == object.id.name)
}

/// Keeps the targets of which the labels are as the regex wants them.
pub(in super::super) fn keep<const N: usize>(sources: [impl Into<String>; N], regex: Out) -> Out {
    filter("keep", sources, regex)
}

/// Drops the targets of which the labels are as the regex says.
pub(in super::super) fn drop<const N: usize>(sources: [impl Into<String>; N], regex: Out) -> Out {
    filter("drop", sources, regex)
}

fn filter<const N: usize>(action: &str, sources: [impl Into<String>; N], regex: Out) -> Out {
    Out::map()
        .with("action", Out::text(action))
        .with("source_labels", Out::texts(sources))
        .with("regex", regex)
        .by(RuleAuthor::Fixed)
}

/// Copies a label.
pub(in super::super) fn copy(source: &str, target: &str) -> Out {
    Out::map().with("source_labels", Out::texts([source])).with("target_label", Out::text(target)).by(RuleAuthor::Fixed)
}

/// Copies a label if it is not empty.
pub(in super::super) fn copy_filled(source: String, target: Out) -> Out {
    Out::map()
        .with("source_labels", Out::texts([source]))
        .with("target_label", target)
        .with("regex", Out::text("(.+)"))
        .with("replacement", Out::text("${1}"))
        .by(RuleAuthor::Fixed)
}

/// Sets a label.
pub(in super::super) fn set(target: &str, value: Out) -> Out {
    Out::map().with("target_label", Out::text(target)).with("replacement", value).by(RuleAuthor::Fixed)
}

/// The first rule of each job, which keeps its name.
pub(in super::super) fn first() -> Out {
    copy("job", "__tmp_prometheus_job_name")
}

/// The rules that share the targets among the servers, by that label and `__tmp_hash`.
///
/// The rules of the operator's feature gates for topologies and retention of shards, which are off by default, are left
/// out.
pub(in super::super) fn sharding(server: &Server<'_>, source: &str) -> Vec<Out> {
    let hash = "__tmp_hash";
    let rules = [
        Out::map()
            .with("source_labels", Out::texts([source, hash]))
            .with("target_label", Out::text(hash))
            .with("regex", Out::text("(.+);"))
            .with("replacement", Out::text("$1"))
            .with("action", Out::text("replace")),
        Out::map()
            .with("source_labels", Out::texts([hash]))
            .with("target_label", Out::text(hash))
            .with("modulus", Out::int(server.shards()))
            .with("action", Out::text("hashmod")),
        Out::map()
            .with("source_labels", Out::texts([hash, "__tmp_disable_sharding"]))
            .with("regex", Out::text("$(SHARD);|.+;.+"))
            .with("action", Out::text("keep")),
    ];
    let shards = server.get("shards").map(|shards| shards.at);
    let placed = rules.into_iter().map(|rule| match shards {
        Some(at) => rule.because(at),
        None => rule,
    });
    placed.map(|rule| rule.by(RuleAuthor::Sharding)).collect()
}

/// A name as part of a label name: each character that a label name cannot have becomes `_`.
pub(in super::super) fn sanitized(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' }).collect()
}
