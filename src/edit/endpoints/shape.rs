//! New items of lists that look like their neighbors.

use crate::yaml::{Node, NodeKind};
use crate::yaml_edit::New;

/// An item that is to be added: the name of a port, and what is set besides.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// The key of the name: `port` of an endpoint, `name` of a port.
    key: &'static str,
    pub(super) name: String,
    /// The number of a port of a Service.
    number: Option<i64>,
    /// The number of the container's port, if a container declares it.
    container: Option<i64>,
    /// The keys that are not copied.
    left_out: &'static [&'static str],
}

impl Shape {
    pub(super) fn endpoint(port: &str) -> Self {
        let left_out = &["targetPort", "portNumber"];
        Self { key: "port", name: port.to_string(), number: None, container: None, left_out }
    }

    /// A port of a Service; `container` is the number of the container's port of the same name.
    pub(super) fn service_port(port: &str, number: i64, container: Option<i64>) -> Self {
        Self { key: "name", name: port.to_string(), number: Some(number), container, left_out: &["nodePort"] }
    }

    /// The neighbor whose shape is copied: the last one of the same family, such as `metrics-1`, else the last one.
    pub(super) fn neighbor<'t>(&self, list: Node<'t>) -> Option<Node<'t>> {
        let family = |name: &str| name.trim_end_matches(|c: char| c.is_ascii_digit()).to_string();
        let own = family(&self.name);
        let name = |item: &Node<'t>| {
            let entry = item.resolved().entries().find(|(key, _)| key.value() == self.key);
            entry.map(|(_, value)| value.value().to_string())
        };
        let items: Vec<Node<'t>> = list.items().filter(|item| item.resolved().kind() == NodeKind::Mapping).collect();
        let same = items.iter().rev().find(|item| name(item).is_some_and(|name| family(&name) == own));
        same.or(items.last()).copied()
    }

    /// The item, as its neighbor is written.
    pub(super) fn item(&self, neighbor: Option<Node<'_>>) -> New {
        let mut entries: Vec<(String, New)> = Vec::new();
        for (key, value) in neighbor.map(Node::resolved).into_iter().flat_map(Node::entries) {
            let key = key.value();
            if key == "<<" || self.left_out.contains(&key) || entries.iter().any(|(own, _)| own == key) {
                continue;
            }
            let value = value.resolved();
            let new = match (key, self.number) {
                _ if key == self.key => Some(New::text(self.name.clone())),
                ("port", Some(number)) => Some(number_of(number)),
                ("targetPort", Some(number)) => Some(self.target(value, number)),
                _ => copied(value, 0),
            };
            entries.extend(new.map(|new| (key.to_string(), new)));
        }
        if !entries.iter().any(|(key, _)| key == self.key) {
            entries.insert(0, (self.key.to_string(), New::text(self.name.clone())));
        }
        if let Some(number) = self.number {
            if !entries.iter().any(|(key, _)| key == "port") {
                entries.push(("port".to_string(), number_of(number)));
            }
            let has_target = entries.iter().any(|(key, _)| key == "targetPort");
            if !has_target && self.container.is_some_and(|container| container != number) {
                entries.push(("targetPort".to_string(), New::text(self.name.clone())));
            }
        }
        New::Map(entries)
    }

    /// The port of the container: by its name where the neighbor has a name, and a container declares it.
    fn target(&self, neighbor: Node<'_>, number: i64) -> New {
        let is_number = neighbor.value().chars().all(|c| c.is_ascii_digit());
        match self.container {
            Some(_) if !is_number => New::text(self.name.clone()),
            Some(container) => number_of(container),
            None => number_of(number),
        }
    }
}

fn number_of(number: i64) -> New {
    New::Written { text: number.to_string(), written: number.to_string() }
}

/// A value as it is written; nothing for one that cannot be written so.
fn copied(value: Node<'_>, depth: usize) -> Option<New> {
    const DEEPEST: usize = 20;
    if depth > DEEPEST {
        return None;
    }
    let copied = |value: Node<'_>| copied(value.resolved(), depth + 1);
    match value.kind() {
        NodeKind::Scalar => Some(New::copy(value)),
        NodeKind::Alias => None,
        NodeKind::Sequence => {
            let items: Vec<New> = value.items().map(copied).collect::<Option<_>>()?;
            Some(if value.is_flow() || items.is_empty() { New::Row(items) } else { New::List(items) })
        }
        NodeKind::Mapping => {
            let entry = |(key, value): (Node<'_>, Node<'_>)| Some((key.value().to_string(), copied(value)?));
            let entries: Vec<(String, New)> = value.entries().map(entry).collect::<Option<_>>()?;
            (!entries.is_empty()).then_some(New::Map(entries))
        }
    }
}
