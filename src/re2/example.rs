//! Texts that a pattern matches, for examples.

use super::tree::{Node, Tree};

/// Longer texts are no examples.
const MAX_BYTES: usize = 256;

/// Which text is made: one of many that the pattern may match.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice<'c> {
    /// How often something optional is repeated.
    pub(super) optional: u32,
    /// Which alternative and which character is taken, from 0.
    pub(super) variant: usize,
    /// What groups capture.
    pub(super) groups: &'c [(usize, &'c str)],
}

/// A text that is likely to match: looks are not obeyed, so that the caller must try it.
pub(super) fn example(tree: &Tree, choice: Choice<'_>) -> Option<String> {
    let mut texts: Vec<Option<String>> = Vec::with_capacity(tree.nodes.len());
    for node in &tree.nodes {
        let of = |id: u32| texts.get(id as usize).and_then(Option::as_deref);
        let text = match node {
            Node::Empty | Node::Look(_) => Some(String::new()),
            Node::Char(c) => Some(c.to_string()),
            Node::Class(class) => plain(tree.class(*class), choice.variant).map(String::from),
            Node::Concat(start, end) => tree.span(*start, *end).iter().map(|&id| of(id)).collect(),
            Node::Alternate(start, end) => {
                let nodes = tree.span(*start, *end);
                let first = choice.variant % nodes.len().max(1);
                nodes.iter().cycle().skip(first).take(nodes.len()).find_map(|&id| of(id)).map(str::to_string)
            }
            Node::Repeat { sub, min, max, .. } => {
                let optional = choice.optional;
                let count = max.map_or(optional, |max| max.min(optional)).max(*min) as usize;
                if count == 0 { Some(String::new()) } else { repeated(of(*sub), count) }
            }
            Node::Capture { group, sub } => {
                let wanted = choice.groups.iter().find(|(wanted, _)| *wanted == *group as usize);
                wanted.map_or_else(|| of(*sub).map(str::to_string), |(_, text)| Some((*text).to_string()))
            }
        };
        texts.push(text.filter(|text| text.len() <= MAX_BYTES));
    }
    texts.get_mut(tree.root as usize).and_then(Option::take)
}

fn repeated(text: Option<&str>, count: usize) -> Option<String> {
    text.filter(|text| text.len().saturating_mul(count) <= MAX_BYTES).map(|text| text.repeat(count))
}

/// The character of a class that is easiest to read, or with a variant another one.
fn plain(ranges: &[(char, char)], variant: usize) -> Option<char> {
    const EASY: [char; 7] = ['a', 'A', '1', '0', '-', '_', ' '];
    let holds = |c: &char| ranges.iter().any(|(first, last)| first <= c && c <= last);
    let easy = EASY.into_iter().filter(holds);
    // A class of few characters is often an alternative of several.
    let others = ranges.iter().take(4).flat_map(|&(first, last)| (first..=last).take(4)).filter(|c| !EASY.contains(c));
    let characters: Vec<char> = easy.chain(others).collect();
    characters.get(variant % characters.len().max(1)).copied()
}
