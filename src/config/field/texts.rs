//! The scalars of a text that are read as strings.

use crate::yaml::{Node, NodeKind, Tree};

use super::super::schema::{CONFIG, Kind, SCRAPE_CONFIG, Slot, TARGET_GROUP};

/// The scalars of a config, of a list of jobs, or of target groups that are read as strings, each at its own place: values,
/// and names of labels, parameters and headers. Those that an alias brings elsewhere are not among them.
pub(crate) fn text_nodes(tree: &Tree, is_groups: bool) -> Vec<Node<'_>> {
    let Some(root) = tree.root() else { return Vec::new() };
    let has_key = |key: &str| root.entries().any(|(own, _)| own.value() == key);
    let slot = match root.kind() {
        NodeKind::Sequence if is_groups => Slot::Sections(&TARGET_GROUP),
        NodeKind::Sequence => Slot::Sections(&SCRAPE_CONFIG),
        _ if has_key("job_name") => Slot::Section(&SCRAPE_CONFIG),
        _ => Slot::Section(&CONFIG),
    };
    let (mut open, mut found) = (vec![(root, slot)], Vec::new());
    while let Some((node, slot)) = open.pop() {
        if node.anchor().is_some() || node.tag().is_some() {
            continue;
        }
        match (node.kind(), slot) {
            (NodeKind::Scalar, Slot::Scalar(Kind::Text(_))) => found.push(node),
            (NodeKind::Sequence, slot) => {
                let Some(item) = slot.item() else { continue };
                open.extend(node.items().map(|node| (node, item)));
            }
            (NodeKind::Mapping, Slot::Section(section)) => {
                for (key, value) in node.entries() {
                    open.extend(section.field(key.value()).map(|field| (value, Slot::of(field))));
                }
            }
            (NodeKind::Mapping, slot) => {
                let Some(value) = slot.value_of_map() else { continue };
                for (key, node) in node.entries() {
                    let is_plain = key.kind() == NodeKind::Scalar && key.anchor().is_none() && key.tag().is_none();
                    found.extend(Some(key).filter(|key| is_plain && !key.is_merge_key()));
                    open.push((node, value));
                }
            }
            (NodeKind::Scalar | NodeKind::Alias, _) => {}
        }
    }
    found
}
