//! Shared by the rules about discovery: the items of a discovery mechanism as they are written.

use std::rc::Rc;

use crate::config::Sd;
use crate::lint::rule::JobFacts;
use crate::text::Span;
use crate::yaml::{Node, NodeKind, Tree};

/// Fields that say how a client identifies itself and trusts the server.
pub(super) const CREDENTIALS: [&str; 6] =
    ["basic_auth", "authorization", "oauth2", "bearer_token", "bearer_token_file", "tls_config"];

/// The items of a mechanism that are mappings without merge keys.
pub(super) fn items<'a>(facts: &JobFacts<'a>, sd: &Sd) -> Rc<[Node<'a>]> {
    facts.items_of(sd, || facts.tree().map(|tree| items_in(tree, sd)).unwrap_or_default())
}

fn items_in<'t>(tree: &'t Tree, sd: &Sd) -> Vec<Node<'t>> {
    let key = tree.nodes_at(sd.span.start).find(|node| node.full_span() == sd.span && node.value() == sd.key);
    let list = key.and_then(|key| {
        let mut entries = key.parent()?.entries();
        entries.find(|(other, _)| other.id() == key.id()).map(|(_, list)| list.resolved())
    });
    let is_plain =
        |item: &Node<'_>| item.kind() == NodeKind::Mapping && !item.entries().any(|(key, _)| key.is_merge_key());
    list.into_iter().flat_map(Node::items).map(Node::resolved).filter(is_plain).collect()
}

/// The key and the value of a field that is not null.
pub(super) fn field<'t>(item: Node<'t>, name: &str) -> Option<(Node<'t>, Node<'t>)> {
    item.entries().find(|(key, value)| key.value() == name && !value.resolved().is_null())
}

/// The ports that items give to the targets of mechanisms without ports, each with the place of its field.
pub(super) fn ports<'a>(facts: &JobFacts<'a>) -> Vec<(&'a str, Span)> {
    let is_srv = |sd: &Sd, item| {
        let is_dns = sd.key == "dns_sd_configs";
        is_dns && field(item, "type").is_none_or(|(_, kind)| kind.resolved().value().eq_ignore_ascii_case("srv"))
    };
    let of_sd = |sd: &'_ Sd| {
        let items = items(facts, sd);
        let others = items.iter().filter(|item| !is_srv(sd, **item));
        others.filter_map(|item| field(*item, "port")).collect::<Vec<_>>()
    };
    let all = facts.job.discovery.iter().filter(|sd| !sd.is_known()).flat_map(of_sd);
    all.map(|(key, value)| (value.resolved().value(), key.full_span().to(value.full_span()))).collect()
}

/// The role of an item; empty if it has none.
pub(super) fn role<'t>(item: Node<'t>) -> &'t str {
    field(item, "role").map_or("", |(_, role)| role.resolved().value())
}

/// Whether each item has fields, and no field of the other.
pub(super) fn is_split((one, other): (Node<'_>, Node<'_>)) -> bool {
    let keys = |item: Node<'_>| item.entries().map(|(key, _)| key.value().to_string()).collect::<Vec<_>>();
    let (one, other) = (keys(one), keys(other));
    !one.is_empty() && !other.is_empty() && !one.iter().any(|key| other.contains(key))
}
