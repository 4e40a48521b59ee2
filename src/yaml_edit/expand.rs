//! Aliases and merged keys that give way to copies of what they repeat: the text means the same afterwards, and the copies
//! can be edited alone.

use rustc_hash::FxHashSet;

use crate::text::{Edits, Span, content_end};
use crate::yaml::{Node, NodeId, NodeKind, ScalarStyle, Tree};

use super::emit::scalar;
use super::place::{column, last_leaf, place_behind};
use super::style::Style;

/// What is to be replaced by a copy.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Repeated<'t> {
    /// An alias.
    Alias(Node<'t>),
    /// A key that a mapping has from a merge key, with the value it has there: it becomes a key of the mapping.
    Merged { map: Node<'t>, key: &'t str, value: Node<'t> },
}

impl<'t> Repeated<'t> {
    /// Where it is written.
    pub(crate) fn place(&self) -> (NodeId, &'t str) {
        match self {
            Self::Alias(alias) => (alias.id(), ""),
            Self::Merged { map, key, .. } => (map.id(), key),
        }
    }

    /// Its bytes.
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Alias(alias) => alias.full_span(),
            Self::Merged { map, .. } => map.full_span(),
        }
    }
}

/// The edits, with the new tree. `None` where the layout has no place for a copy, or the text would mean something else.
pub(crate) fn expand(tree: &Tree, repeated: &[Repeated<'_>]) -> Option<(Edits, Tree)> {
    let mut replacements = Vec::new();
    for one in repeated {
        match one {
            Repeated::Alias(alias) => replacements.extend(in_place_of(*alias)?),
            Repeated::Merged { map, key, value } => replacements.push(as_entry(*map, key, *value)?),
        }
    }
    let edits = Edits::new(replacements)?;
    let new = Tree::parse(edits.apply(tree.text()));
    let is_same = new.fault().is_none() && is_same_meaning(tree.root()?, new.root()?);
    is_same.then_some((edits, new))
}

/// The copy in the place of an alias.
fn in_place_of(alias: Node<'_>) -> Option<Vec<(Span, String)>> {
    let (text, source): (&str, Node<'_>) = (alias.tree().text(), alias.resolved());
    let parent = alias.parent()?;
    let span = alias.full_span();
    if !is_in_lines(source) {
        let key = column_of_owner(alias)?;
        return Some(vec![(span, copied(source, key + 2)?.join(line_end(text)))]);
    }
    if parent.is_flow() {
        return None;
    }
    let end = line_end(text);
    let rest = content_end(text, span.end as usize);
    if parent.kind() == NodeKind::Sequence {
        let at = column(text, span.start as usize);
        let lines = copied(source, at)?;
        let mut lines = lines.into_iter().skip_while(|line| line.trim_start().starts_with('#'));
        let first = lines.next()?.trim_start().to_string();
        let more: String = lines.map(|line| format!("{end}{line}")).collect();
        return Some(put(span, first, rest, more));
    }
    let key = column_of_owner(alias)?;
    let more: String = copied(source, key + step(source))?.iter().map(|line| format!("{end}{line}")).collect();
    let before = &text[..span.start as usize];
    let start = before.trim_end_matches([' ', '\t']).len();
    Some(put(Span::new(start, span.end as usize), String::new(), rest, more))
}

/// A text in the place of a span, and lines at the end of its line.
fn put(span: Span, text: String, end: usize, lines: String) -> Vec<(Span, String)> {
    if span.end as usize == end {
        return vec![(span, format!("{text}{lines}"))];
    }
    vec![(span, text), (Span::empty(end), lines)]
}

/// A key with the copy as its value, at the end of a mapping.
fn as_entry(map: Node<'_>, key: &str, value: Node<'_>) -> Option<(Span, String)> {
    let (text, source): (&str, Node<'_>) = (map.tree().text(), value.resolved());
    let first = map.entries().next()?.0;
    if map.is_flow() {
        let last = map.entries().last()?.1;
        let written = if is_in_lines(source) { return None } else { copied(source, 0)?.concat() };
        return Some((Span::empty(last.full_span().end as usize), format!(", {}: {written}", scalar(key))));
    }
    let at = column(text, first.full_span().start as usize);
    let (indent, end) = (" ".repeat(at), line_end(text));
    let place = place_behind(map, at).ok()?;
    let lines = match is_in_lines(source) {
        true => copied(source, at + step(source))?.iter().map(|line| format!("{end}{line}")).collect(),
        false => format!(" {}", copied(source, at + 2)?.join(end)),
    };
    let entry = format!("{indent}{}:{lines}", scalar(key));
    let entry = if place.needs_line_end { format!("{end}{entry}") } else { format!("{entry}{end}") };
    Some((Span::empty(place.at), entry))
}

/// Whether the node is written in lines below its key or dash.
fn is_in_lines(node: Node<'_>) -> bool {
    matches!(node.kind(), NodeKind::Sequence | NodeKind::Mapping) && !node.is_flow()
}

/// The column of the key or the item that the node belongs to.
fn column_of_owner(node: Node<'_>) -> Option<usize> {
    let parent = node.parent()?;
    let key = parent.entries().find(|(_, value)| value.id() == node.id()).map_or(node, |(key, _)| key);
    Some(column(node.tree().text(), key.full_span().start as usize))
}

/// How far the lines of a collection are indented below its key.
fn step(source: Node<'_>) -> usize {
    let text = source.tree().text();
    let own = column(text, source.span().start as usize);
    let is_value = source.parent().is_some_and(|parent| parent.kind() == NodeKind::Mapping);
    let below = column_of_owner(source).filter(|_| is_value).and_then(|key| own.checked_sub(key));
    below.filter(|step| *step > 0 || source.kind() == NodeKind::Sequence).unwrap_or(2)
}

/// The lines of a node, the first one of which begins in a column. Comments between and after them are copied as well.
fn copied(source: Node<'_>, to: usize) -> Option<Vec<String>> {
    let text: &str = source.tree().text();
    if source.tag().is_some() {
        return None;
    }
    let (start, leaf) = (source.span().start as usize, last_leaf(source));
    let is_block = |node: Node<'_>| matches!(node.style(), Some(ScalarStyle::Literal | ScalarStyle::Folded));
    if is_block(source) || (is_block(leaf) && leaf.span().of(text).contains('+')) {
        return None;
    }
    let mut end = leaf.full_span().end as usize;
    end = start + text[start..end].trim_end_matches([' ', '\t', '\r', '\n']).len();
    if is_in_lines(source) {
        let rest = &text[end..content_end(text, end)];
        if rest.trim_start_matches([' ', '\t']).starts_with('#') {
            end += rest.trim_end().len();
        }
    }
    let from = column(text, start);
    // Comments between the anchor and the first item.
    let above = Span::new(source.full_span().start as usize, start).of(text).split('\n').skip(1).map(str::trim);
    let above: Vec<&str> = above.filter(|line| line.starts_with('#') && is_in_lines(source)).collect();
    let above = above.into_iter().map(|line| format!("{}{line}", " ".repeat(to)));
    let mut lines = text[start..end].split('\n').map(|line| line.trim_end_matches('\r'));
    let is_nested = is_in_lines(source);
    let first = format!("{}{}", " ".repeat(if is_nested { to } else { 0 }), lines.next()?);
    let moved = |line: &str| {
        let blanks = line.len() - line.trim_start_matches(' ').len();
        if blanks == line.len() {
            return String::new();
        }
        let indent = if is_nested { (blanks + to).saturating_sub(from) } else { blanks.max(to) };
        format!("{}{}", " ".repeat(indent), &line[blanks..])
    };
    Some(above.chain([first]).chain(lines.map(moved)).collect())
}

fn line_end(text: &str) -> &'static str {
    Style::line_end_of(text)
}

/// Whether both trees mean the same, with aliases and merge keys followed. The new one may have a key of a merged mapping
/// as a key of its own.
fn is_same_meaning(old: Node<'_>, new: Node<'_>) -> bool {
    let (mut open, mut seen) = (vec![(old, new)], FxHashSet::<(NodeId, NodeId)>::default());
    while let Some((old, new)) = open.pop() {
        let (old, new) = (old.resolved(), new.resolved());
        if !seen.insert((old.id(), new.id())) {
            continue;
        }
        if old.kind() != new.kind()
            || old.tag() != new.tag()
            || (old.kind() == NodeKind::Scalar && !is_same_scalar(old, new))
        {
            return false;
        }
        let (mut items, mut others) = (old.items(), new.items());
        loop {
            match (items.next(), others.next()) {
                (Some(one), Some(other)) => open.push((one, other)),
                (None, None) => break,
                _ => return false,
            }
        }
        let mut own = old.entries().peekable();
        for (key, value) in new.entries() {
            let merged = || merged_value(old, key.value());
            match own.next_if(|(name, _)| name.resolved().value() == key.resolved().value()) {
                Some((name, of_name)) => open.extend([(name, key), (of_name, value)]),
                None => match merged() {
                    Some(merged) => open.push((merged, value)),
                    None => return false,
                },
            }
        }
        if own.next().is_some() {
            return false;
        }
    }
    true
}

fn is_same_scalar(old: Node<'_>, new: Node<'_>) -> bool {
    old.value() == new.value() && old.style() == new.style()
}

/// The value of a key that a mapping has only by its merge keys: the first source counts.
pub(crate) fn merged_value<'t>(map: Node<'t>, key: &str) -> Option<Node<'t>> {
    let merges = map.entries().filter(|(key, _)| key.is_merge_key()).map(|(_, merged)| merged.resolved());
    let sources = merges.flat_map(|merged| {
        let items: Vec<Node<'t>> = merged.items().map(Node::resolved).collect();
        items.into_iter().chain([merged])
    });
    let mut found = sources.filter_map(|source| {
        let own = source.entries().find(|(name, _)| !name.is_merge_key() && name.value() == key);
        own.map(|(_, value)| value)
    });
    found.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(text: &str) -> Option<String> {
        let tree = Tree::parse(text);
        let aliases = tree.nodes().filter(|node| node.kind() == NodeKind::Alias);
        let aliases: Vec<Repeated<'_>> = aliases.map(Repeated::Alias).collect();
        expand(&tree, &aliases).map(|(edits, _)| edits.apply(text))
    }

    #[test]
    fn an_alias_becomes_a_copy_in_the_indentation_of_its_place() {
        let text = "a:\n  r: &x\n    - k: 1   # one\n      # two\n      l: |\n        text\n    - m\nb:\n    s: *x   # why\n    t: 2\n";
        let expected = "a:\n  r: &x\n    - k: 1   # one\n      # two\n      l: |\n        text\n    - m\nb:\n    s:   # why\n      - k: 1   # one\n        # two\n        l: |\n          text\n      - m\n    t: 2\n";
        assert_eq!(expanded(text).as_deref(), Some(expected));
    }

    #[test]
    fn items_flow_collections_and_scalars_are_copied_in_their_line() {
        assert_eq!(
            expanded("a:\n- &x\n  k: 1\n  l: 2\n- *x\n- end\n").as_deref(),
            Some("a:\n- &x\n  k: 1\n  l: 2\n- k: 1\n  l: 2\n- end\n")
        );
        assert_eq!(expanded("a: &x [1, 2]\nb: {c: *x}\n").as_deref(), Some("a: &x [1, 2]\nb: {c: [1, 2]}\n"));
        assert_eq!(expanded("a: &x 'it''s'\nb: *x\n").as_deref(), Some("a: &x 'it''s'\nb: 'it''s'\n"));
        assert_eq!(expanded("a: &x\n- 1\nb: {c: *x}\n"), None);
    }

    #[test]
    fn a_merged_key_becomes_one_of_the_mapping() {
        let text = "base: &x\n  r:\n    - 1\n  s: 2\njobs:\n  - <<: *x\n    name: a\n";
        let tree = Tree::parse(text);
        let map = tree.nodes().find(|node| node.entries().any(|(key, _)| key.is_merge_key())).expect("has a merge key");
        let value = merged_value(map, "r").expect("is merged");
        let (edits, _) = expand(&tree, &[Repeated::Merged { map, key: "r", value }]).expect("has a place");
        assert_eq!(edits.apply(text), format!("{text}    r:\n      - 1\n"));
        let (other, _) =
            expand(&tree, &[Repeated::Merged { map, key: "s", value }]).map_or((true, ()), |_| (false, ()));
        assert!(other, "another value than the merged one is refused");
    }
}
