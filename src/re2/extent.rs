//! What is certain of all the texts a pattern matches: whether they are all texts there are, or none,
//! and how often a character is in them.

use super::tree::{Look, Node, NodeId, Tree};

/// Which texts a node matches for sure.
#[derive(Clone, Copy, Default)]
struct Cover {
    /// The empty one.
    empty: bool,
    /// All of one character.
    single: bool,
    /// All but the empty one.
    non_empty: bool,
}

/// Whether the pattern matches every text. `false` where that is not easily seen.
pub(super) fn matches_everything(tree: &Tree) -> bool {
    let edges = Edges::of(tree);
    let mut covers: Vec<Cover> = Vec::with_capacity(tree.nodes.len());
    for (index, node) in tree.nodes.iter().enumerate() {
        let of = |id: NodeId| covers.get(id as usize).copied().unwrap_or_default();
        let cover = match *node {
            Node::Empty => Cover { empty: true, ..Cover::default() },
            Node::Look(look) => Cover { empty: edges.always_holds(look, index), ..Cover::default() },
            Node::Char(_) => Cover::default(),
            Node::Class(class) => Cover { single: *tree.class(class) == [('\0', char::MAX)], ..Cover::default() },
            Node::Concat(start, end) => in_turn(tree.span(start, end).iter().map(|&id| of(id))),
            Node::Alternate(start, end) => {
                tree.span(start, end).iter().map(|&id| of(id)).fold(Cover::default(), either)
            }
            Node::Repeat { sub, min, max, .. } => repeated(of(sub), min, max),
            Node::Capture { sub, .. } => of(sub),
        };
        covers.push(cover);
    }
    covers.get(tree.root as usize).is_some_and(|cover| cover.empty && cover.non_empty)
}

fn either(one: Cover, other: Cover) -> Cover {
    Cover {
        empty: one.empty || other.empty,
        single: one.single || other.single,
        non_empty: one.non_empty || other.non_empty,
    }
}

/// Of parts that may be empty, one is to take the whole text.
fn in_turn(parts: impl Iterator<Item = Cover>) -> Cover {
    parts.reduce(then).unwrap_or(Cover { empty: true, ..Cover::default() })
}

fn then(one: Cover, other: Cover) -> Cover {
    let is_all = |cover: Cover| cover.empty && cover.non_empty;
    Cover {
        empty: one.empty && other.empty,
        single: (one.single && other.empty) || (one.empty && other.single),
        non_empty: (one.non_empty && other.empty)
            || (one.empty && other.non_empty)
            || (one.single && is_all(other))
            || (is_all(one) && other.single),
    }
}

fn repeated(sub: Cover, min: u32, max: Option<u32>) -> Cover {
    if max == Some(0) {
        return Cover { empty: true, ..Cover::default() };
    }
    let is_once = min <= 1 || sub.empty;
    Cover {
        empty: min == 0 || sub.empty,
        single: is_once && sub.single,
        non_empty: is_once && (sub.non_empty || (sub.single && max.is_none())),
    }
}

/// Which nodes are at the edges of the pattern, nothing but conditions before or after them.
struct Edges {
    leading: Vec<bool>,
    trailing: Vec<bool>,
}

impl Edges {
    fn of(tree: &Tree) -> Self {
        let mut edges = Self { leading: vec![false; tree.nodes.len()], trailing: vec![false; tree.nodes.len()] };
        edges.set(tree.root, true, true);
        for (index, node) in tree.nodes.iter().enumerate().rev() {
            let (leading, trailing) = (edges.leading[index], edges.trailing[index]);
            match *node {
                Node::Capture { sub, .. } => edges.set(sub, leading, trailing),
                Node::Alternate(start, end) => {
                    tree.span(start, end).iter().for_each(|&id| edges.set(id, leading, trailing));
                }
                Node::Concat(start, end) => {
                    let children = tree.span(start, end);
                    let is_condition = |id: &NodeId| matches!(tree.node(*id), Node::Look(_) | Node::Empty);
                    let first = children.iter().position(|id| !is_condition(id)).unwrap_or(children.len());
                    let last = children.iter().rposition(|id| !is_condition(id)).unwrap_or(0);
                    for (at, &id) in children.iter().enumerate() {
                        edges.set(id, leading && at <= first, trailing && at >= last);
                    }
                }
                _ => {}
            }
        }
        edges
    }

    fn set(&mut self, id: NodeId, leading: bool, trailing: bool) {
        if let (Some(start), Some(end)) = (self.leading.get_mut(id as usize), self.trailing.get_mut(id as usize)) {
            (*start, *end) = (leading, trailing);
        }
    }

    fn always_holds(&self, look: Look, index: usize) -> bool {
        match look {
            Look::TextStart | Look::LineStart => self.leading[index],
            Look::TextEnd | Look::LineEnd => self.trailing[index],
            Look::WordBoundary | Look::NotWordBoundary => false,
        }
    }
}

/// What is known of a node's way to fail.
#[derive(Clone, Copy)]
struct Needs {
    /// The least number of characters it matches.
    least: u64,
    /// Whether it always passes the start of the text, the end of the text.
    start: bool,
    end: bool,
    never: bool,
}

const NOTHING: Needs = Needs { least: 0, start: false, end: false, never: false };

/// Whether the pattern matches no text at all: `a^`, `$1`. `false` where that is not easily seen.
pub(super) fn matches_nothing(tree: &Tree) -> bool {
    let mut needs: Vec<Needs> = Vec::with_capacity(tree.nodes.len());
    for node in &tree.nodes {
        let of = |id: NodeId| needs.get(id as usize).copied().unwrap_or(NOTHING);
        let need = match *node {
            Node::Empty => NOTHING,
            Node::Look(look) => Needs { start: look == Look::TextStart, end: look == Look::TextEnd, ..NOTHING },
            Node::Char(_) => Needs { least: 1, ..NOTHING },
            Node::Class(class) => Needs { least: 1, never: tree.class(class).is_empty(), ..NOTHING },
            Node::Concat(start, end) => tree.span(start, end).iter().fold(NOTHING, |before, &id| {
                let next = of(id);
                Needs {
                    least: before.least.saturating_add(next.least),
                    start: before.start || next.start,
                    end: before.end || next.end,
                    never: before.never
                        || next.never
                        || (before.end && next.least > 0)
                        || (next.start && before.least > 0),
                }
            }),
            Node::Alternate(start, end) => {
                let mut ways = tree.span(start, end).iter().map(|&id| of(id)).filter(|need| !need.never);
                let none = Needs { never: true, ..NOTHING };
                ways.next().map_or(none, |first| {
                    ways.fold(first, |one, other| Needs {
                        least: one.least.min(other.least),
                        start: one.start && other.start,
                        end: one.end && other.end,
                        never: false,
                    })
                })
            }
            Node::Repeat { min: 0, .. } => NOTHING,
            Node::Repeat { sub, min, .. } => {
                let sub = of(sub);
                Needs { least: sub.least.saturating_mul(u64::from(min)), ..sub }
            }
            Node::Capture { sub, .. } => of(sub),
        };
        needs.push(need);
    }
    needs.get(tree.root as usize).is_some_and(|need| need.never)
}

/// Whether a match has at least one character; `false` also where this is not easily seen.
pub(super) fn needs_text(tree: &Tree) -> bool {
    let mut needs: Vec<bool> = Vec::with_capacity(tree.nodes.len());
    for node in &tree.nodes {
        let of = |id: NodeId| needs.get(id as usize).copied().unwrap_or(false);
        let need = match *node {
            Node::Empty | Node::Look(_) => false,
            Node::Char(_) | Node::Class(_) => true,
            Node::Concat(start, end) => tree.span(start, end).iter().any(|&id| of(id)),
            Node::Alternate(start, end) => tree.span(start, end).iter().all(|&id| of(id)),
            Node::Repeat { sub, min, .. } => min > 0 && of(sub),
            Node::Capture { sub, .. } => of(sub),
        };
        needs.push(need);
    }
    needs.get(tree.root as usize).copied().unwrap_or(false)
}

/// How often a character is in a text that the pattern matches: at least, and at most (`None`: no limit).
pub(super) fn count_of(tree: &Tree, c: char) -> (u64, Option<u64>) {
    let mut counts: Vec<(u64, Option<u64>)> = Vec::with_capacity(tree.nodes.len());
    for node in &tree.nodes {
        let of = |id: NodeId| counts.get(id as usize).copied().unwrap_or((0, None));
        let sum = |one: (u64, Option<u64>), other: (u64, Option<u64>)| {
            let most = one.1.zip(other.1).map(|(one, other)| one.saturating_add(other));
            (one.0.saturating_add(other.0), most)
        };
        let count = match *node {
            Node::Empty | Node::Look(_) => (0, Some(0)),
            Node::Char(own) => (u64::from(own == c), Some(u64::from(own == c))),
            Node::Class(class) => {
                let ranges = tree.class(class);
                let holds = ranges.iter().any(|&(first, last)| first <= c && c <= last);
                (u64::from(*ranges == [(c, c)]), Some(u64::from(holds)))
            }
            Node::Concat(start, end) => tree.span(start, end).iter().map(|&id| of(id)).fold((0, Some(0)), sum),
            Node::Alternate(start, end) => {
                let ways = tree.span(start, end).iter().map(|&id| of(id));
                let widest = |one: (u64, Option<u64>), other: (u64, Option<u64>)| {
                    (one.0.min(other.0), one.1.zip(other.1).map(|(one, other)| one.max(other)))
                };
                ways.reduce(widest).unwrap_or((0, Some(0)))
            }
            Node::Repeat { sub, min, max, .. } => {
                let (least, most) = of(sub);
                let most = match (most, max) {
                    (Some(0), _) => Some(0),
                    (Some(most), Some(max)) => Some(most.saturating_mul(u64::from(max))),
                    _ => None,
                };
                (least.saturating_mul(u64::from(min)), most)
            }
            Node::Capture { sub, .. } => of(sub),
        };
        counts.push(count);
    }
    let (least, most) = counts.get(tree.root as usize).copied().unwrap_or((0, None));
    (least, most.filter(|_| is_anchored(tree)))
}

/// Whether a match is the whole text: not so when the pattern escapes its anchors.
fn is_anchored(tree: &Tree) -> bool {
    let Node::Concat(start, end) = *tree.node(tree.root) else { return false };
    let is = |id: Option<&NodeId>, wanted: Look| {
        id.is_some_and(|&id| matches!(*tree.node(id), Node::Look(look) if look == wanted))
    };
    let children = tree.span(start, end);
    is(children.first(), Look::TextStart) && is(children.last(), Look::TextEnd)
}

#[cfg(test)]
mod tests {
    use crate::re2::Regex;

    #[track_caller]
    fn regex(pattern: &str) -> Regex {
        Regex::new(pattern).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn patterns_that_match_everything_are_known_in_many_spellings() {
        for pattern in [
            ".*",
            "(.*)",
            "(.|\\n)*",
            "[\\s\\S]*",
            "^.*$",
            "(^.*$)",
            "(.+)?",
            ".?.*",
            "|.+",
            "()|.+",
            "foo|.*",
            ".*.*",
            "(?:.*)+",
            ".*|",
            ".{0,}",
            "(?P<all>.*)",
            "(.*?)",
            "\\n?.*",
        ] {
            assert!(regex(pattern).matches_everything(), "{pattern}");
        }
        for pattern in [
            ".+", "(.+)", "", "a*", ".", ".{2,}", "[^a]*", "(?-s).*", "a.*", ".*;.*", ".*\\b", "(?:..)*", "a?^.*", ".?",
        ] {
            assert!(!regex(pattern).matches_everything(), "{pattern}");
        }
    }

    #[test]
    fn patterns_that_match_nothing_are_known() {
        for pattern in ["a^", "$1", "$(SHARD)", "(x$)y|z^", "[^\\x00-\\x{10FFFF}]", "a(^b)+", "${X}"] {
            assert!(regex(pattern).matches_nothing(), "{pattern}");
            assert_eq!(regex(pattern).example(), None, "{pattern}");
        }
        for pattern in ["", "^a$", "(a$|b)", "a?^", "$b?", "a(^b)*", "x)|(?:$y", "$(SHARD)|a"] {
            assert!(!regex(pattern).matches_nothing(), "{pattern}");
        }
    }

    #[test]
    fn characters_are_counted_at_least_and_at_most() {
        for (pattern, least, most) in [
            ("a;b", 1, Some(1)),
            ("a|b;c", 0, Some(1)),
            ("(.*);(\\d+)", 1, None),
            ("[^:]+", 0, None),
            ("[^;]+", 0, Some(0)),
            (";{2,3}", 2, Some(3)),
            ("\\d+(;\\d+)?", 0, Some(1)),
            ("[,;]", 0, Some(1)),
            ("\\x3b", 1, Some(1)),
            ("a)|(?:b;", 0, None),
        ] {
            assert_eq!(regex(pattern).count_of(';'), (least, most), "{pattern}");
        }
    }
}
