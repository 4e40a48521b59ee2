//! Relabel rules: those of users in Prometheus's keys, and those that the operator adds.

use crate::config::RuleAuthor;

use super::super::document::Out;
use super::super::value::{Data, Value};
use super::Server;

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

/// A rule that a user wrote, at its place.
pub(super) fn written(rule: &Value, author: RuleAuthor) -> Out {
    let mut out = Out::map();
    for (own, key) in KEYS {
        let Some(value) = rule.get(own) else { continue };
        let is_given = match (&value.data, own) {
            (Data::Text(text), "separator" | "replacement") => {
                Some(Out::copied(value)).filter(|_| !text.is_empty() || own != "regex")
            }
            (Data::Text(text), "action") => {
                Some(Out::text(text.to_lowercase()).written(value.at)).filter(|_| !text.is_empty())
            }
            (Data::Text(text), _) => Some(Out::copied(value)).filter(|_| !text.is_empty()),
            (Data::Int(number), _) => Some(Out::copied(value)).filter(|_| *number != 0),
            (Data::List(items), _) => Some(Out::copied(value)).filter(|_| !items.is_empty()),
            _ => None,
        };
        out.put_some(key, is_given);
    }
    out.written(rule.at).by(author)
}

/// The start of a rule that the operator adds.
pub(super) fn keep(sources: &[&str], regex: impl Into<String>) -> Out {
    filter("keep", sources, regex)
}

pub(super) fn filter(action: &str, sources: &[&str], regex: impl Into<String>) -> Out {
    Out::map()
        .with("action", Out::text(action))
        .with("source_labels", Out::texts(sources.iter().copied()))
        .with("regex", Out::text(regex))
        .by(RuleAuthor::Fixed)
}

/// Copies a label.
pub(super) fn copy(source: &str, target: &str) -> Out {
    Out::map().with("source_labels", Out::texts([source])).with("target_label", Out::text(target)).by(RuleAuthor::Fixed)
}

/// The rules that share the targets of a label among the servers.
pub(super) fn sharding(server: &Server<'_>, source: &str) -> Vec<Out> {
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
    rules.into_iter().map(|rule| rule.by(RuleAuthor::Sharding)).collect()
}

/// A name as part of a meta label.
pub(super) fn sanitized(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' }).collect()
}
