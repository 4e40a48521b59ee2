//! The text that everything a pattern matches begins with.

use super::tree::{Look, Node, NodeId, Tree};

/// Bytes of the longest prefix that is looked for.
pub(super) const MAX_BYTES: usize = 256;

/// The longest text that is easily seen to begin every match; empty when there is none.
pub(super) fn prefix(tree: &Tree) -> String {
    let mut text = String::new();
    if begins_at_start(tree) {
        begin(tree, tree.root, &mut text);
    }
    text
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

/// Adds what the texts of a node begin with, and says whether that is all of them. Groups are nested as deep as the parser
/// allows.
fn begin(tree: &Tree, id: NodeId, text: &mut String) -> bool {
    let mut single = |c: char| {
        text.push(c);
        true
    };
    match *tree.node(id) {
        Node::Empty | Node::Look(_) => true,
        Node::Char(c) => single(c),
        Node::Class(index) => match *tree.class(index) {
            [(first, last)] if first == last => single(first),
            _ => false,
        },
        Node::Concat(start, end) => {
            let before = text.len();
            tree.span(start, end).iter().all(|&id| begin(tree, id, text) && text.len() - before <= MAX_BYTES)
        }
        Node::Alternate(start, end) => {
            let Some((&first, others)) = tree.span(start, end).split_first() else { return false };
            let before = text.len();
            let mut is_all = begin(tree, first, text);
            for &other in others {
                if text.len() == before && !is_all {
                    break;
                }
                let end = text.len();
                is_all &= begin(tree, other, text);
                let (one, other) = text.get(before..).unwrap_or("").split_at(end - before);
                let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b);
                let length: usize = same.map(|(c, _)| c.len_utf8()).sum();
                is_all &= one == other;
                text.truncate(before + length);
            }
            is_all
        }
        Node::Repeat { sub, min: 1.., max, .. } => begin(tree, sub, text) && max == Some(1),
        Node::Repeat { .. } => false,
        Node::Capture { sub, .. } => begin(tree, sub, text),
    }
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
