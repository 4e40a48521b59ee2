//! Aliases and merged keys that give way to copies of what they repeat: the text means the same afterwards, and the copies
//! can be edited alone.

use crate::text::{Edits, Span, content_end};
use crate::yaml::{Node, NodeId, NodeKind, Tree};

use super::copies::{Copy, Form, column_of_owner, is_in_lines};
use super::emit::scalar;
use super::meaning::{brought, is_same_meaning};
use super::place::{column, place_behind};
use super::style::Style;

/// What is to be replaced by a copy.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Repeated<'t> {
    /// An alias.
    Alias(Node<'t>),
    /// An alias that gets what it repeats with its anchor: the aliases after it repeat the copy from now on.
    Moved(Node<'t>),
    /// A key that a mapping has from a merge key, with the value it has there: it becomes a key of the mapping.
    Merged { map: Node<'t>, key: &'t str, value: Node<'t> },
    /// A mapping: all that its merge keys bring becomes its own.
    Merges(Node<'t>),
}

impl<'t> Repeated<'t> {
    /// Where it is written.
    pub(crate) fn place(&self) -> (NodeId, &'t str) {
        match self {
            Self::Alias(alias) | Self::Moved(alias) => (alias.id(), ""),
            Self::Merged { map, key, .. } => (map.id(), key),
            Self::Merges(map) => (map.id(), "<<"),
        }
    }

    /// Its bytes.
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Alias(alias) | Self::Moved(alias) => alias.full_span(),
            Self::Merged { map, .. } | Self::Merges(map) => map.full_span(),
        }
    }
}

/// The edits, with the new tree. `None` where the layout has no place for a copy, or the text would mean something else.
pub(crate) fn expand(tree: &Tree, repeated: &[Repeated<'_>]) -> Option<(Edits, Tree)> {
    // The lines after a block scalar can become part of it: then it gets quotes.
    expand_in(tree, repeated, false).or_else(|| expand_in(tree, repeated, true))
}

fn expand_in(tree: &Tree, repeated: &[Repeated<'_>], quotes_end: bool) -> Option<(Edits, Tree)> {
    let mut replacements = Vec::new();
    let form = Form { with_anchors: false, quotes_end };
    for one in repeated {
        match one {
            Repeated::Alias(alias) => replacements.extend(in_place_of(*alias, form)?),
            Repeated::Moved(alias) => replacements.extend(in_place_of(*alias, Form { with_anchors: true, ..form })?),
            Repeated::Merged { map, key, value } => replacements.push(as_entry(*map, key, *value, form)?),
            Repeated::Merges(map) => replacements.extend(in_place_of_merges(*map, form)?),
        }
    }
    let edits = Edits::new(replacements)?;
    let new = Tree::parse(edits.apply(tree.text()));
    let is_same = new.fault().is_none() && is_same_meaning(tree.root()?, new.root()?);
    is_same.then_some((edits, new))
}

/// The copy in the place of an alias.
fn in_place_of(alias: Node<'_>, form: Form) -> Option<Vec<(Span, String)>> {
    let (text, source): (&str, Node<'_>) = (alias.tree().text(), alias.resolved());
    let parent = alias.parent()?;
    let span = alias.full_span();
    let is_key = parent.entries().any(|(key, _)| key.id() == alias.id());
    if parent.is_flow() || is_key {
        return Some(vec![(span, form.in_brackets(source, 0)?)]);
    }
    let (end, rest) = (line_end(text), content_end(text, span.end as usize));
    let owner = column_of_owner(alias)?;
    let is_item = parent.kind() == NodeKind::Sequence;
    let to = if is_item { column(text, span.start as usize) } else { owner + step(source) };
    let Copy { head, mut lines } = form.copy(source, owner, to)?;
    let joined = |lines: &[String]| lines.iter().map(|line| format!("{end}{line}")).collect::<String>();
    if is_item && is_in_lines(source) && head.is_empty() {
        let first = lines.iter().position(|line| !line.trim_start().starts_with('#'))?;
        lines.drain(..first);
        return Some(put(span, lines.first()?.trim_start().to_string(), rest, joined(lines.get(1..)?)));
    }
    // No blank is left after the colon.
    let start = match head.is_empty() {
        true => text[..span.start as usize].trim_end_matches([' ', '\t']).len(),
        false => span.start as usize,
    };
    Some(put(Span::new(start, span.end as usize), head, rest, joined(&lines)))
}

/// A text in the place of a span, and lines at the end of its line.
fn put(span: Span, text: String, end: usize, lines: String) -> Vec<(Span, String)> {
    if span.end as usize == end {
        return vec![(span, format!("{text}{lines}"))];
    }
    vec![(span, text), (Span::empty(end), lines)]
}

/// A key with the copy as its value, at the end of a mapping.
fn as_entry(map: Node<'_>, key: &str, value: Node<'_>, form: Form) -> Option<(Span, String)> {
    let text: &str = map.tree().text();
    let first = map.entries().next()?.0;
    if map.is_flow() {
        let last = map.entries().last()?.1;
        let written = form.in_brackets(value.resolved(), 0)?;
        return Some((Span::empty(last.full_span().end as usize), format!(", {}: {written}", scalar(key))));
    }
    let at = column(text, first.full_span().start as usize);
    let (indent, end) = (" ".repeat(at), line_end(text));
    let place = place_behind(map.entries().last()?.1, at).ok()?;
    let entry = format!("{indent}{}", entry_lines(&scalar(key), value.resolved(), at, form)?.join(end));
    let entry = if place.needs_line_end { format!("{end}{entry}") } else { format!("{entry}{end}") };
    Some((Span::empty(place.at), entry))
}

/// A key in a column with a copy as its value: the rest of its line, and the lines below.
fn entry_lines(key: &str, source: Node<'_>, at: usize, form: Form) -> Option<Vec<String>> {
    let Copy { head, lines } = form.copy(source, at, at + step(source))?;
    let first = if head.is_empty() { format!("{key}:") } else { format!("{key}: {head}") };
    Some(std::iter::once(first).chain(lines).collect())
}

/// Copies of all that the merge keys of a mapping bring, in the place of these.
fn in_place_of_merges(map: Node<'_>, form: Form) -> Option<Vec<(Span, String)>> {
    let text: &str = map.tree().text();
    let end = line_end(text);
    let mut replacements = Vec::new();
    for (merge, value) in map.entries().filter(|(key, _)| key.is_merge_key()) {
        let (span, pairs) = (merge.full_span().to(value.full_span()), brought(map, merge, value)?);
        let at = column(text, merge.full_span().start as usize);
        if map.is_flow() {
            let entry = |(key, value): &(Node<'_>, Node<'_>)| {
                Some(format!("{}: {}", form.in_brackets(key.resolved(), 0)?, form.in_brackets(*value, 0)?))
            };
            let entries = pairs.iter().map(entry).collect::<Option<Vec<_>>>()?;
            if entries.is_empty() {
                return None;
            }
            replacements.push((span, entries.join(", ")));
            continue;
        }
        let mut lines = Vec::new();
        for (key, value) in &pairs {
            let own = entry_lines(&form.in_brackets(key.resolved(), 0)?, *value, at, form)?;
            let mut own = own.into_iter();
            lines.push(format!("{}{}", " ".repeat(at), own.next()?));
            lines.extend(own);
        }
        let first = lines.first()?.trim_start_matches(' ').to_string();
        let more: String = lines.get(1..)?.iter().map(|line| format!("{end}{line}")).collect();
        replacements.extend(put(span, first, content_end(text, span.end as usize), more));
    }
    Some(replacements)
}

/// How far the lines of a collection are indented below its key.
fn step(source: Node<'_>) -> usize {
    let text = source.tree().text();
    let own = column(text, source.span().start as usize);
    let is_value = source.parent().is_some_and(|parent| parent.kind() == NodeKind::Mapping);
    let below = column_of_owner(source).filter(|_| is_value).and_then(|key| own.checked_sub(key));
    below.filter(|step| *step > 0 || source.kind() == NodeKind::Sequence).unwrap_or(2)
}

fn line_end(text: &str) -> &'static str {
    Style::line_end_of(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml_edit::meaning::merged_value;

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
        assert_eq!(expanded("a: &x\n- 1\nb: {c: *x}\n").as_deref(), Some("a: &x\n- 1\nb: {c: [1]}\n"));
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
