//! A text that a pattern matches, made from the pattern.

use super::tree::{Node, Tree};

/// Bytes of the longest text that is made.
const MAX_BYTES: usize = 256;

/// A text that may match: every optional part is taken `optional` times. Conditions such as `\b` are
/// not looked at; who asks tries the text.
pub(super) fn example(tree: &Tree, optional: u32) -> Option<String> {
    let mut texts: Vec<Option<String>> = Vec::with_capacity(tree.nodes.len());
    for node in &tree.nodes {
        let of = |id: u32| texts.get(id as usize).and_then(Option::as_deref);
        let text = match node {
            Node::Empty | Node::Look(_) => Some(String::new()),
            Node::Char(c) => Some(c.to_string()),
            Node::Class(class) => plainest(tree.class(*class)).map(String::from),
            Node::Concat(start, end) => tree.span(*start, *end).iter().map(|&id| of(id)).collect(),
            Node::Alternate(start, end) => tree.span(*start, *end).iter().find_map(|&id| of(id)).map(str::to_string),
            Node::Repeat { sub, min, max, .. } => {
                let count = max.map_or(optional, |max| max.min(optional)).max(*min) as usize;
                if count == 0 { Some(String::new()) } else { repeated(of(*sub), count) }
            }
            Node::Capture { sub, .. } => of(*sub).map(str::to_string),
        };
        texts.push(text.filter(|text| text.len() <= MAX_BYTES));
    }
    texts.get_mut(tree.root as usize).and_then(Option::take)
}

fn repeated(text: Option<&str>, count: usize) -> Option<String> {
    text.filter(|text| text.len().saturating_mul(count) <= MAX_BYTES).map(|text| text.repeat(count))
}

/// The character of a class that is easiest to read.
fn plainest(ranges: &[(char, char)]) -> Option<char> {
    let holds = |c: char| ranges.iter().any(|&(first, last)| first <= c && c <= last);
    ['a', 'A', '1', '0', '-', '_', ' '].into_iter().find(|&c| holds(c)).or_else(|| ranges.first().map(|range| range.0))
}
