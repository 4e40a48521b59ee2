//! Operations on fields by their paths, in the tree of a config.

use crate::config::{FieldPath, FieldValue, Step, shown_steps};
use crate::diagnostic::{Diagnostic, ids};
use crate::input::operator::ObjectPath;
use crate::text::{Location, Span, line_start, next_line};
use crate::yaml::{Node, NodeKind, ScalarStyle, Tree};
use crate::yaml_edit::{New, Plan, Style, merged_value, scalar_like, value_from_merge};

use super::super::request::{REMOVED, refused};
use super::nodes::{Nodes, is_empty, is_named};

/// The path of a field, as operations go it.
pub(in crate::edit) trait FieldWay {
    /// As it is written.
    fn text(&self) -> &str;

    fn steps(&self) -> &[Step];

    /// The usual place of a key in the mapping in which the step of that number is: those with lower numbers come first.
    fn rank(&self, step: usize, key: &str) -> Option<usize>;
}

impl FieldWay for FieldPath {
    fn text(&self) -> &str {
        self.text()
    }

    fn steps(&self) -> &[Step] {
        self.steps()
    }

    fn rank(&self, step: usize, key: &str) -> Option<usize> {
        self.rank(step, key)
    }
}

impl FieldWay for ObjectPath {
    fn text(&self) -> &str {
        self.text()
    }

    fn steps(&self) -> &[Step] {
        self.steps()
    }

    fn rank(&self, step: usize, key: &str) -> Option<usize> {
        self.rank(step, key)
    }
}

/// The keys on the way to a field.
pub(in crate::edit) fn keys(steps: &[Step]) -> impl Iterator<Item = &str> {
    steps.iter().filter_map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::Index(_) => None,
    })
}

/// A change of a field below a mapping: the top of a config, a job, or a part of an object.
#[derive(Clone, Debug)]
pub(in crate::edit) enum FieldOp<P = FieldPath> {
    /// The field gets a value.
    Set { path: P, value: FieldValue },
    /// The field is gone, with the comments that belong to it.
    Unset { path: P },
}

impl<P: FieldWay> FieldOp<P> {
    pub(in crate::edit) fn path(&self) -> &P {
        match self {
            Self::Set { path, .. } | Self::Unset { path } => path,
        }
    }

    /// Whether the mapping is as it is to be.
    pub(in crate::edit) fn is_done(&self, root: Node<'_>) -> bool {
        match (self, node_at(root, self.path().steps())) {
            (Self::Set { value, .. }, Some(node)) => value.is_of(node),
            (Self::Set { .. }, None) => false,
            (Self::Unset { .. }, node) => node.is_none(),
        }
    }

    /// Whether the mapping is as it is to be after the change, of which it is known that just this operation was made. In
    /// the place of an item that is gone, there may be the next one.
    pub(in crate::edit) fn is_done_after(&self, root: Node<'_>) -> bool {
        let is_of_item = matches!(self.path().steps().last(), Some(Step::Index(_)));
        (is_of_item && matches!(self, Self::Unset { .. })) || self.is_done(root)
    }

    /// The field that is removed, where the mapping has it from a merge key after the change.
    pub(in crate::edit) fn brought_back(&self, root: Node<'_>) -> Option<String> {
        let Self::Unset { path } = self else { return None };
        let steps = path.steps();
        let brings = |depth: &usize| match (&steps[*depth], node_at(root, &steps[..*depth])) {
            (Step::Key(key), Some(holder)) => {
                let has_own = holder.entries().any(|(own, _)| is_named(own, key));
                !has_own && value_from_merge(holder, key).is_some()
            }
            (Step::Key(_) | Step::Index(_), _) => false,
        };
        (0..steps.len()).find(brings).map(|depth| shown_steps(&steps[..=depth]))
    }

    /// Whether a text is as it is to be, of which this may be the mapping.
    pub(in crate::edit) fn is_done_in(&self, root: Option<Node<'_>>) -> bool {
        match (self, root) {
            (_, Some(root)) => self.is_done(root),
            (Self::Set { .. }, None) => false,
            (Self::Unset { .. }, None) => true,
        }
    }

    /// The lines that give a text of nothing but comments the field. `None` where the path begins with an item of a list, or
    /// asks for another item than the first one of a new list.
    pub(in crate::edit) fn first_lines(&self) -> Option<Vec<String>> {
        let Self::Set { path, value } = self else { return None };
        match path.steps() {
            [Step::Key(key), rest @ ..] => Some(nested(rest, value)?.entry_lines(key, Style::default())),
            _ => None,
        }
    }

    /// The item of a list, or the list, that goes with the field, which is all that it has.
    pub(in crate::edit) fn goes_with(&self, root: Node<'_>) -> Option<String> {
        let Self::Unset { path } = self else { return None };
        let (steps, ways) = (path.steps(), ways_of(root, path.steps())?);
        let is_whole = |depth: &usize| is_all(ways[*depth], &steps[*depth], ways[*depth - 1].holder);
        let end = (1..steps.len()).rev().take_while(is_whole).last()?;
        let has_item =
            steps[end..].iter().any(|step| matches!(step, Step::Index(_))) || matches!(steps[end - 1], Step::Index(_));
        has_item.then(|| shown_steps(&steps[..end]))
    }

    /// The lines of the only field of a text, which this operation removes with all that is around it. `None` where more than
    /// that is in the text, or comments are in these lines.
    pub(in crate::edit) fn last_lines(&self, tree: &Tree) -> Option<Span> {
        let (Self::Unset { path }, Some(root)) = (self, tree.root()) else { return None };
        let (steps, ways) = (path.steps(), ways_of(root, path.steps())?);
        let is_whole = |depth: usize| is_all(ways[depth], &steps[depth], ways[depth - 1].holder);
        let (key, value) = root.entries().next().filter(|_| root.entries().count() == 1 && !root.is_flow())?;
        if !(1..steps.len()).all(is_whole) {
            return None;
        }
        let text: &str = tree.text();
        let (start, end) = (key.full_span().start as usize, key.full_span().to(value.full_span()).end as usize);
        let lines = Span::new(line_start(text, start), next_line(text, end.max(start)));
        (!lines.of(text).contains('#')).then_some(lines)
    }

    /// Notes the change down as an operation on the tree. A new key goes to its usual place, or, `at_end`, after all others.
    ///
    /// # Errors
    /// The field has no place of its own.
    pub(in crate::edit) fn note_down<'t>(
        &self,
        plan: &mut Plan<'t>,
        nodes: Nodes<'t>,
        root: Node<'t>,
        at_end: bool,
    ) -> Result<(), Diagnostic> {
        let way = Way { nodes, path: self.path(), at_end };
        match self {
            Self::Set { value, .. } => way.set(plan, root, value),
            Self::Unset { .. } => way.unset(plan, root),
        }
    }
}

/// The node at a path; through aliases and merge keys.
pub(in crate::edit) fn node_at<'t>(root: Node<'t>, steps: &[Step]) -> Option<Node<'t>> {
    steps.iter().try_fold(root.resolved(), |node, step| child(node, step).map(Node::resolved))
}

fn child<'t>(node: Node<'t>, step: &Step) -> Option<Node<'t>> {
    match step {
        Step::Index(index) => node.items().nth(*index),
        Step::Key(key) => {
            if let Some((_, value)) = node.entries().find(|(own, _)| is_named(*own, key)) {
                return Some(value);
            }
            merged_value(node, key)
        }
    }
}

/// The way to a field.
struct Way<'w, 't, P> {
    nodes: Nodes<'t>,
    path: &'w P,
    at_end: bool,
}

impl<'t, P: FieldWay> Way<'_, 't, P> {
    fn set(&self, plan: &mut Plan<'t>, root: Node<'t>, value: &FieldValue) -> Result<(), Diagnostic> {
        let steps = self.path.steps();
        let mut node = root;
        for (index, step) in steps.iter().enumerate() {
            let rest = || nested(&steps[index + 1..], value);
            // A null, and an empty collection in brackets, give way to what is in them from now on.
            if is_empty(node) && (node.kind() != NodeKind::Scalar || node.reads_as_zero() == Ok(true)) && index > 0 {
                let new = nested(&steps[index..], value).ok_or_else(|| self.no_item(node, 0))?;
                if node.is_flow() || node.span().is_empty() {
                    plan.fill(node, new);
                    return Ok(());
                }
                return plan.put(node, new).map_err(|obstacle| self.nodes.obstacle(&obstacle));
            }
            node = match (step, node.kind()) {
                (Step::Key(key), NodeKind::Mapping) => match self.nodes.value(node, key)? {
                    Some(value) => value,
                    None => {
                        let new = rest().ok_or_else(|| self.no_item(node, 0))?;
                        return self.add(plan, node, (index, key), new);
                    }
                },
                (Step::Index(at), NodeKind::Sequence) => match node.items().nth(*at) {
                    Some(item) => self.nodes.item(node, item.full_span())?,
                    None if *at == node.items().count() => {
                        let new = rest().ok_or_else(|| self.no_item(node, *at))?;
                        let style = plan.style(node);
                        let outcome = plan.append_item(node, new, style);
                        return outcome.map_err(|obstacle| self.nodes.obstacle(&obstacle));
                    }
                    None => return Err(self.no_item(node, *at)),
                },
                (Step::Key(_) | Step::Index(_), _) => {
                    let at = Location::new(self.nodes.file, node.full_span());
                    let message = format!("the config has another value on the way to `{}`", self.path.text());
                    return Err(refused(ids::EDIT_LAYOUT, at, message));
                }
            };
        }
        plan.put(node, new_like(value, node)).map_err(|obstacle| self.nodes.obstacle(&obstacle))
    }

    fn no_item(&self, list: Node<'t>, index: usize) -> Diagnostic {
        let count = list.items().count();
        let items = if count == 1 { "item" } else { "items" };
        let message = format!("`{}`: the list has {count} {items}, no item {index}", self.path.text());
        refused(ids::EDIT_LAYOUT, Location::new(self.nodes.file, list.full_span()), message)
            .with_help(format!("items are counted from 0; [{count}] adds one"))
    }

    /// Adds a key to a mapping: after the last one that usually comes before it.
    fn add(
        &self,
        plan: &mut Plan<'t>,
        map: Node<'t>,
        (step, key): (usize, &str),
        value: New,
    ) -> Result<(), Diagnostic> {
        let style = plan.style(map);
        let rank = |key: &str| self.path.rank(step, key);
        let outcome = match rank(key).filter(|_| !self.at_end) {
            None => plan.append_entry(map, key, value, style),
            Some(own) => {
                let ranked = map.entries().filter_map(|(key, _)| Some((rank(key.value())?, key)));
                let before = ranked.filter(|(other, _)| *other < own).max_by_key(|(other, _)| *other);
                plan.insert_entry(map, before.map(|(_, key)| key), key, value, style)
            }
        };
        outcome.map_err(|obstacle| self.nodes.obstacle(&obstacle))
    }

    fn unset(&self, plan: &mut Plan<'t>, root: Node<'t>) -> Result<(), Diagnostic> {
        let steps = self.path.steps();
        // What each step leads to, as it is written: an alias goes as such.
        let mut ways: Vec<Written<'t>> = Vec::new();
        let mut node = root;
        for (index, step) in steps.iter().enumerate() {
            let Some(written) = self.written(node, step)? else { return Ok(()) };
            ways.push(written);
            if index + 1 < steps.len() {
                node = match step {
                    Step::Key(key) => self.nodes.value(node, key)?.unwrap_or(written.child),
                    Step::Index(_) => self.nodes.item(node, written.child.resolved().full_span())?,
                };
            }
        }
        // What has only this goes with it: a mapping, the last item of a list, and a list in lines.
        let mut depth = steps.len();
        while depth > 1 && is_all(ways[depth - 1], &steps[depth - 1], ways[depth - 2].holder) {
            depth -= 1;
        }
        let Some(Written { holder, child }) = ways.get(depth - 1).copied() else { return Ok(()) };
        let outcome = match holder.kind() {
            NodeKind::Sequence => plan.remove_elements(holder, &[child.id()]),
            _ if holder.entries().count() == 1 => {
                let at = Location::new(self.nodes.file, child.full_span());
                let (message, help) = match steps.get(depth.wrapping_sub(2)) {
                    Some(Step::Index(_)) => {
                        let item = shown_steps(&steps[..depth - 1]);
                        let message = format!("`{item}` has nothing but `{}`", self.path.text());
                        (
                            message,
                            format!("`promcfg unset` with the path {item} removes the item, and later ones move up"),
                        )
                    }
                    _ => {
                        let message = format!("nothing else is left when `{}` is removed", self.path.text());
                        (message, "edit this part by hand".to_string())
                    }
                };
                return Err(refused(ids::EDIT_LAYOUT, at, message).with_help(help));
            }
            _ => match holder.entries().find(|(_, value)| value.id() == child.id()) {
                Some((key, _)) => plan.remove_element_of_map(holder, key),
                None => return Ok(()),
            },
        };
        outcome.map_err(|obstacle| self.nodes.obstacle(&obstacle))
    }

    /// What a step leads to, where it is written: below the node, or in what its merge keys bring.
    fn written(&self, node: Node<'t>, step: &Step) -> Result<Option<Written<'t>>, Diagnostic> {
        let of = |child: Node<'t>| child.parent().map(|holder| Written { holder, child });
        let key = match step {
            Step::Index(at) => return Ok(node.items().nth(*at).and_then(of)),
            Step::Key(key) => key,
        };
        if let Some((_, value)) = node.entries().find(|(own, _)| is_named(*own, key)) {
            return Ok(of(value));
        }
        // Refused, unless the mapping that brings it is to change.
        match self.nodes.value(node, key) {
            Ok(_) => Ok(merged_value(node, key).and_then(of)),
            Err(refusal) => Err(refusal.with_argument(REMOVED, key.clone())),
        }
    }
}

/// What each step leads to, where no alias and no merge key is on the way.
fn ways_of<'t>(root: Node<'t>, steps: &[Step]) -> Option<Vec<Written<'t>>> {
    let (mut node, mut ways) = (root, Vec::new());
    for step in steps {
        let child = match step {
            Step::Index(index) => node.items().nth(*index)?,
            Step::Key(key) => node.entries().find(|(own, _)| is_named(*own, key))?.1,
        };
        ways.push(Written { holder: node, child });
        node = child;
    }
    Some(ways)
}

/// Whether what a step leads to is all that is in a collection which can be left out itself.
fn is_all(written: Written<'_>, step: &Step, around: Node<'_>) -> bool {
    let holder = written.holder;
    match step {
        // The item that has the key can only go if no other item gets its number.
        Step::Key(_) if holder.entries().count() != 1 => false,
        Step::Key(_) => {
            around.kind() == NodeKind::Mapping
                || around.items().last().is_some_and(|item| item.resolved().id() == holder.id())
        }
        // A list in brackets stays as `[]`, unless all around it is in brackets.
        Step::Index(_) => holder.items().count() == 1 && (!holder.is_flow() || around.is_flow()),
    }
}

/// A node in the collection that it is written in.
#[derive(Clone, Copy)]
struct Written<'t> {
    holder: Node<'t>,
    child: Node<'t>,
}

/// A value below the rest of a path. `None` where the path asks for another item than the first one of a new list.
fn nested(steps: &[Step], value: &FieldValue) -> Option<New> {
    steps.iter().rev().try_fold(new_of(value), |inner, step| match step {
        Step::Key(key) => Some(New::Map(vec![(key.clone(), inner)])),
        Step::Index(0) => Some(match inner {
            New::Map(_) => New::List(vec![inner]),
            inner => New::Row(vec![inner]),
        }),
        Step::Index(_) => None,
    })
}

/// A value in words: a text as it is given, a list or a mapping in brackets.
pub(in crate::edit) fn shown_value(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(_) | FieldValue::Bare(_) => value.to_string(),
        FieldValue::List(_) | FieldValue::Map(_) => new_of(value).flow(),
    }
}

/// A value in the place of another one: in its quotes, if it has some, and so the items of a list.
fn new_like(value: &FieldValue, old: Node<'_>) -> New {
    let of_items = || {
        let mut styles = old.items().map(|item| quotes_of(item));
        let first = styles.next().flatten()?;
        styles.all(|style| style == Some(first)).then_some(first)
    };
    let quoted = |text: &String, style: ScalarStyle| New::Written {
        text: text.clone(),
        written: scalar_like(text, Some(style)),
    };
    match value {
        FieldValue::Bare(text) => quotes_of(old).map_or_else(|| new_of(value), |style| quoted(text, style)),
        FieldValue::List(items) => match of_items() {
            Some(style) => New::Row(
                items
                    .iter()
                    .map(|item| match item {
                        FieldValue::Text(text) => quoted(text, style),
                        FieldValue::Bare(_) | FieldValue::List(_) | FieldValue::Map(_) => new_of(item),
                    })
                    .collect(),
            ),
            None => new_of(value),
        },
        FieldValue::Text(_) | FieldValue::Map(_) => new_of(value),
    }
}

/// The quotes of a scalar that are not needed to make it a text: what was read without a fault is read with them again.
fn quotes_of(node: Node<'_>) -> Option<ScalarStyle> {
    node.style().filter(|style| matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted))
}

/// A value as it is written: lists of values in brackets, sections in lines.
fn new_of(value: &FieldValue) -> New {
    match value {
        FieldValue::Text(text) => New::text(text),
        FieldValue::Bare(text) => New::Bare(text.clone()),
        FieldValue::List(items) if items.iter().any(|item| matches!(item, FieldValue::Map(_))) => {
            New::List(items.iter().map(new_of).collect())
        }
        FieldValue::List(items) => New::Row(items.iter().map(new_of).collect()),
        // No lines can be written for an empty mapping.
        FieldValue::Map(entries) if entries.is_empty() => New::Bare("{}".to_string()),
        FieldValue::Map(entries) => New::Map(entries.iter().map(|(key, value)| (key.clone(), new_of(value))).collect()),
    }
}
