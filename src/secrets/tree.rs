//! The secrets that a tree shows: below keys with escapes, through aliases and merge keys, in scalars over several lines,
//! and in texts inside the text.

use std::ops::Range;

use rustc_hash::FxHashSet;

use crate::input::operator::is_object;
use crate::input::{Input, documents};
use crate::text::Span;
use crate::yaml::{Node, NodeId, NodeKind, ScalarStyle, Tree};

use super::keys::{KeyKind, Keys};
use super::narrowed::narrowed;
use super::{credentials, exact, lines, range_of, ranges_of_values};

/// What is secret in a text.
#[derive(Default)]
pub(super) struct Found {
    pub(super) ranges: Vec<Range<usize>>,
    /// Those of the documents and texts that are read to their ends: there a value ends where its range does.
    pub(super) exact: Vec<Range<usize>>,
    /// The values as they are read.
    pub(super) values: Vec<String>,
    /// What the lines of texts inside the text show.
    pub(super) inner_lines: Vec<Range<usize>>,
    /// Whether a document could not be read to its end.
    pub(super) is_broken: bool,
    /// In objects of prometheus-operator, the names of Secrets and of their keys, and the names of labels in selectors:
    /// whatever key they are below, they are no secrets themselves.
    pub(super) references: Vec<Range<usize>>,
}

/// The secrets of all documents, and of the configs inside them.
pub(super) fn secrets_of(input: &Input) -> Found {
    let mut found = of_documents(input.tree());
    if input.has_operator_objects() && !found.is_broken {
        found.references = references_of(input.tree());
        let Found { references, ranges, .. } = &mut found;
        ranges.retain(|range| !references.iter().any(|own| own.start <= range.start && range.end <= own.end));
    }
    for part in input.parts() {
        let Some(map) = part.inner_map() else { continue };
        let inner = of_documents(&Tree::parse(part.text()));
        let outer = |range: Range<usize>| range_of(map.outer_span(Span::new(range.start, range.end)), 0);
        let mut lines = lines::secret_values(part.text(), &mut Keys::default());
        if !inner.is_broken {
            lines = narrowed(part.text(), lines, exact(part.text(), inner.ranges.clone()));
            found.exact.extend(inner.ranges.iter().cloned().map(outer));
        }
        lines.extend(ranges_of_values(part.text()));
        if inner.is_broken {
            let hidden = lines.iter().filter_map(|range| part.text().get(range.clone()));
            found.values.extend(hidden.map(ToString::to_string));
        }
        found.inner_lines.extend(lines.into_iter().map(outer));
        found.ranges.extend(inner.ranges.into_iter().map(outer));
        found.values.extend(inner.values);
    }
    found
}

/// The references of all documents.
fn references_of(tree: &Tree) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    documents(tree, &mut |tree, offset| {
        let is_object = tree.root().is_some_and(is_object);
        let spans = tree.nodes().filter(|_| is_object).filter_map(reference);
        found.extend(spans.map(|span| range_of(span, offset)));
    });
    found
}

/// The span of a mapping that names a key of a Secret, or of the name of a label in a condition of a selector.
fn reference(node: Node<'_>) -> Option<Span> {
    const OPERATORS: [&str; 4] = ["In", "NotIn", "Exists", "DoesNotExist"];
    let value = |key: &str| node.entries().find(|(own, _)| own.value() == key).map(|(_, value)| value);
    let is_plain = |node: Node<'_>| node.kind() == NodeKind::Scalar && node.anchor().is_none();
    let key = value("key").filter(|key| is_plain(*key))?;
    if value("operator").is_some_and(|operator| OPERATORS.contains(&operator.value())) {
        return Some(key.full_span());
    }
    let is_known = |(key, value): (Node<'_>, Node<'_>)| {
        ["name", "key", "optional"].contains(&key.value()) && is_plain(value) && key.anchor().is_none()
    };
    (has_key(node, "name") && node.anchor().is_none() && node.entries().all(is_known)).then(|| node.full_span())
}

fn has_key(node: Node<'_>, key: &str) -> bool {
    node.entries().any(|(own, _)| own.value() == key)
}

/// The secrets of a text that is one document without texts in it; `None` if it cannot be read.
pub(super) fn of_tree(text: &str, names: &mut Keys) -> Option<Found> {
    let tree = Tree::parse(text);
    let found = of_documents_with(&tree, names);
    (!found.is_broken && tree.rest().is_none()).then_some(found)
}

fn of_documents(tree: &Tree) -> Found {
    of_documents_with(tree, &mut Keys::default())
}

fn of_documents_with(tree: &Tree, names: &mut Keys) -> Found {
    let mut found = Found::default();
    documents(tree, &mut |tree, offset| {
        found.is_broken |= tree.fault().is_some();
        let mut walk = Walk { offset, keys: names.remembered(), seen: FxHashSet::default(), found: &mut found };
        tree.nodes().for_each(|node| walk.look_at(node));
        *names = walk.keys;
    });
    if !found.is_broken {
        found.exact = found.ranges.clone();
    }
    found
}

struct Walk<'f> {
    /// The bytes before the document.
    offset: usize,
    keys: Keys,
    /// Nodes that are marked with all that is in them.
    seen: FxHashSet<NodeId>,
    found: &'f mut Found,
}

impl Walk<'_> {
    fn look_at(&mut self, node: Node<'_>) {
        match node.kind() {
            NodeKind::Mapping => {
                node.entries().for_each(|(key, value)| self.look_at_entry(key, value));
                self.look_at_variable(node);
                self.look_at_rule(node);
            }
            NodeKind::Scalar => self.look_at_text(node),
            NodeKind::Sequence | NodeKind::Alias => {}
        }
    }

    fn look_at_entry(&mut self, key: Node<'_>, value: Node<'_>) {
        let name = key.resolved();
        if name.kind() != NodeKind::Scalar {
            return;
        }
        let of_value = value.resolved();
        match self.keys.kind_of(name.value()) {
            KeyKind::Secret if is_empty(of_value) => {}
            KeyKind::Secret => self.mark(value),
            KeyKind::Likely => {
                let is_plain = of_value.items().all(|item| item.resolved().kind() == NodeKind::Scalar);
                let is_text = match of_value.kind() {
                    NodeKind::Scalar => !says_nothing(of_value),
                    NodeKind::Sequence => is_plain && !is_empty(of_value),
                    NodeKind::Mapping | NodeKind::Alias => false,
                };
                if is_text {
                    self.mark(value);
                }
            }
            KeyKind::Section => self.look_at_section(value),
            KeyKind::Sections => match of_value.kind() {
                NodeKind::Mapping => {
                    of_value.entries().for_each(|(name, section)| self.look_at_named_section(name, section));
                }
                NodeKind::Scalar | NodeKind::Sequence | NodeKind::Alias => self.mark_unless_mapping(value),
            },
            KeyKind::Known | KeyKind::Other => {}
        }
    }

    /// A variable of a container: `{name: DB_PASSWORD, value: hunter2}`.
    fn look_at_variable(&mut self, node: Node<'_>) {
        let member = |wanted: &str| node.entries().find(|(key, _)| key.resolved().value() == wanted);
        let (Some((_, name)), Some((_, value))) = (member("name"), member("value")) else { return };
        let is_text = |node: Node<'_>| node.resolved().kind() == NodeKind::Scalar;
        let is_secret = self.is_secret_name(name.resolved().value());
        if is_text(name) && is_text(value) && is_secret && !says_nothing(value.resolved()) {
            self.mark(value);
        }
    }

    /// A relabel rule that gives a label with the name of a secret its value: `{target_label: token, replacement: hunter2}`.
    fn look_at_rule(&mut self, node: Node<'_>) {
        let member = |wanted: &[&str]| node.entries().find(|(key, _)| wanted.contains(&key.resolved().value()));
        let label = member(&["target_label", "targetLabel"]);
        let (Some((_, label)), Some((_, value))) = (label, member(&["replacement"])) else { return };
        let of_value = value.resolved();
        let is_text = of_value.kind() == NodeKind::Scalar && !says_nothing(of_value) && !of_value.value().contains('$');
        let label = label.resolved();
        if is_text && label.kind() == NodeKind::Scalar && self.is_secret_name(label.value()) {
            self.mark(value);
        }
    }

    fn is_secret_name(&mut self, name: &str) -> bool {
        matches!(self.keys.kind_of(name), KeyKind::Secret | KeyKind::Likely)
    }

    /// A section with secrets: what it cannot have may be one.
    fn look_at_section(&mut self, value: Node<'_>) {
        self.mark_unless_mapping(value);
        for (key, inner) in value.resolved().entries() {
            let name = key.resolved();
            let is_other = self.keys.kind_of(name.value()) == KeyKind::Other && !key.is_merge_key();
            if name.kind() != NodeKind::Scalar || !is_other {
                continue;
            }
            if inner.resolved().kind() != NodeKind::Mapping && !says_nothing(inner.resolved()) {
                self.mark(inner);
            }
            // `{me:hunter2}`: a pair without a blank is a key.
            if name.value().contains([':', '=', ' ']) {
                self.mark(key);
            }
        }
    }

    /// A section under a free name, such as a header: where the name is one of a secret, so are its plain values.
    fn look_at_named_section(&mut self, name: Node<'_>, section: Node<'_>) {
        self.mark_unless_mapping(section);
        let name = name.resolved();
        let is_open = name.kind() != NodeKind::Scalar
            || matches!(self.keys.kind_of(name.value()), KeyKind::Known | KeyKind::Other | KeyKind::Sections);
        if is_open {
            return;
        }
        let values = section.resolved().entries().filter(|(key, _)| key.resolved().value() == "values");
        values.for_each(|(_, value)| self.mark(value));
    }

    fn mark_unless_mapping(&mut self, value: Node<'_>) {
        let of_value = value.resolved();
        if of_value.kind() != NodeKind::Mapping && !says_nothing(of_value) {
            self.mark(value);
        }
    }

    /// Marks a node, and all that it leads to.
    fn mark(&mut self, node: Node<'_>) {
        // An anchor that leads to a secret is none itself.
        self.found.ranges.push(range_of(node.full_span(), self.offset));
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            if !self.seen.insert(node.id()) {
                continue;
            }
            self.found.ranges.push(range_of(node.span(), self.offset));
            match node.kind() {
                NodeKind::Scalar => self.found.values.push(node.value().to_string()),
                NodeKind::Alias => open.extend(Some(node.resolved()).filter(|target| target.id() != node.id())),
                NodeKind::Sequence => open.extend(node.items()),
                NodeKind::Mapping => open.extend(node.entries().flat_map(<[Node<'_>; 2]>::from)),
            }
        }
    }

    /// A text that is written in another way than it reads: credentials in it are seen only here. In literal blocks they
    /// are seen in the lines.
    fn look_at_text(&mut self, node: Node<'_>) {
        const LONGEST: usize = 4096;
        let is_as_written = node.raw_text_span().is_some() || node.style() == Some(ScalarStyle::Literal);
        if !is_as_written && node.value().len() <= LONGEST && !credentials::find(node.value()).is_empty() {
            self.mark(node);
        }
    }
}

/// Whether a value is null or empty.
fn is_empty(node: Node<'_>) -> bool {
    match node.kind() {
        NodeKind::Scalar => matches!(node.value(), "" | "~" | "null"),
        NodeKind::Sequence => node.items().next().is_none(),
        NodeKind::Mapping => node.entries().next().is_none(),
        NodeKind::Alias => false,
    }
}

/// Whether a value is null, a truth value or empty.
fn says_nothing(node: Node<'_>) -> bool {
    node.kind() == NodeKind::Scalar && matches!(node.value(), "" | "~" | "null" | "true" | "false")
}
