//! The text that everything a pattern matches begins with.

use super::tree::{Look, Node, NodeId, Tree};

/// Bytes of the longest prefix that is looked for.
const MAX_BYTES: usize = 256;

/// What a node's texts begin with, and whether that is all there is to them.
#[derive(Clone, Default)]
struct Start {
    text: String,
    is_all: bool,
}

/// The longest text that is easily seen to begin every match; empty when there is none.
pub(super) fn prefix(tree: &Tree) -> String {
    if !begins_at_start(tree) {
        return String::new();
    }
    let mut starts: Vec<Start> = Vec::with_capacity(tree.nodes.len());
    for node in &tree.nodes {
        let start = start_of(tree, node, &starts);
        starts.push(start);
    }
    starts.get_mut(tree.root as usize).map(|start| std::mem::take(&mut start.text)).unwrap_or_default()
}

/// Whether a match must begin where the text does: not so when the pattern escapes its anchors.
fn begins_at_start(tree: &Tree) -> bool {
    let mut id = tree.root;
    loop {
        match *tree.node(id) {
            Node::Look(Look::TextStart) => return true,
            Node::Concat(start, end) => match tree.span(start, end).first() {
                Some(&first) => id = first,
                None => return false,
            },
            _ => return false,
        }
    }
}

fn start_of(tree: &Tree, node: &Node, starts: &[Start]) -> Start {
    let of = |id: NodeId| starts.get(id as usize).cloned().unwrap_or_default();
    let all = |text: String| Start { text, is_all: true };
    match *node {
        Node::Empty | Node::Look(_) => all(String::new()),
        Node::Char(c) => all(c.to_string()),
        Node::Class(index) => match *tree.class(index) {
            [(first, last)] if first == last => all(first.to_string()),
            _ => Start::default(),
        },
        Node::Concat(start, end) => in_turn(tree.span(start, end).iter().map(|&id| of(id))),
        Node::Alternate(start, end) => tree
            .span(start, end)
            .iter()
            .map(|&id| of(id))
            .reduce(|one, other| in_common(one, &other))
            .unwrap_or_default(),
        Node::Repeat { sub, min: 1.., max, .. } => {
            let sub = of(sub);
            Start { is_all: sub.is_all && max == Some(1), ..sub }
        }
        Node::Repeat { .. } => Start::default(),
        Node::Capture { sub, .. } => of(sub),
    }
}

fn in_turn(parts: impl Iterator<Item = Start>) -> Start {
    let mut whole = Start { text: String::new(), is_all: true };
    for part in parts {
        whole.text.push_str(&part.text);
        whole.is_all = part.is_all && whole.text.len() <= MAX_BYTES;
        if !whole.is_all {
            break;
        }
    }
    whole
}

fn in_common(mut one: Start, other: &Start) -> Start {
    let same = one.text.chars().zip(other.text.chars()).take_while(|(a, b)| a == b);
    let length: usize = same.map(|(c, _)| c.len_utf8()).sum();
    one.is_all = one.is_all && other.is_all && one.text == other.text;
    one.text.truncate(length);
    one
}

#[cfg(test)]
mod tests {
    use crate::re2::Regex;

    #[test]
    fn what_every_match_begins_with_is_found() {
        for (pattern, prefix) in [
            ("__meta_(.+)", "__meta_"),
            ("(__meta_a_|__meta_b_)(.*)", "__meta_"),
            ("^abc", "abc"),
            ("a{2}b", "a"),
            ("ab?c", "a"),
            ("(?i)ab", ""),
            ("zz)|(?:a", ""),
            ("a|b", ""),
            (".*", ""),
            ("\\.x", ".x"),
        ] {
            assert_eq!(Regex::new(pattern).unwrap().prefix(), prefix, "{pattern}");
        }
    }
}
