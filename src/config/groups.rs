//! Target groups: `static_configs` and the contents of target files in YAML.

use crate::text::Spanned;
use crate::yaml::{Node, NodeKind};

use super::reader::{Entries, Left, List, Reader};
use super::schema::TARGET_GROUP;
use super::types::TargetGroup;

impl<'t> Reader<'t> {
    /// Reads the groups of `static_configs`.
    pub(super) fn static_configs(&mut self, node: Node<'t>) -> Vec<TargetGroup> {
        let list = List::of_discovery("static_configs", "a list of target groups", "[]*targetgroup.Group");
        self.items(&list, node, Self::target_group)
    }

    /// Reads one group.
    pub(super) fn target_group(&mut self, node: Node<'t>) -> Option<TargetGroup> {
        let entries = self.section(&TARGET_GROUP, node)?;
        let labels = label_pairs(&entries, "labels");
        for key in entries.content("labels").map_or(&[][..], Left::keys) {
            let (name, is_null) = (key.resolved().read_string(), key.resolved().is_null());
            if let Ok(name) = name
                && !is_null
                && !self.plain_names().allows(&name)
            {
                self.report_name(key.span(), &name);
            }
        }
        Some(TargetGroup {
            file: self.file,
            span: node.full_span(),
            targets: entries.texts("targets"),
            labels: labels.into_iter().map(|(pair, _)| pair).collect(),
        })
    }
}

type LabelPair = (Spanned<String>, Spanned<String>);

/// The labels of a mapping as written, merge keys followed, each with the node of its name.
pub(super) fn label_pairs<'t>(entries: &Entries<'t>, key: &str) -> Vec<(LabelPair, Node<'t>)> {
    let mut pairs = Vec::new();
    for mapping in entries.all(key) {
        collect_pairs(mapping.resolved(), &mut pairs);
    }
    pairs
}

fn collect_pairs<'t>(mapping: Node<'t>, pairs: &mut Vec<(LabelPair, Node<'t>)>) {
    let mut open = vec![mapping];
    // What is refused elsewhere (an alias inside itself) must not keep us busy here.
    let mut budget = 100_000_usize;
    while let Some(mapping) = open.pop() {
        for (name, value) in mapping.entries() {
            if budget == 0 {
                return;
            }
            budget -= 1;
            if name.is_merge_key() {
                let merged = value.resolved();
                match merged.kind() {
                    NodeKind::Sequence => open.extend(merged.items().map(Node::resolved)),
                    _ => open.push(merged),
                }
            } else if let (Ok(text), Ok(value_text)) = (name.resolved().read_string(), value.resolved().read_string()) {
                let pair =
                    (Spanned::new(text.into_owned(), name.span()), Spanned::new(value_text.into_owned(), value.span()));
                pairs.push((pair, name.resolved()));
            }
        }
    }
}
