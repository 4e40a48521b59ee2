//! The manifests of an edit: their documents, and the places in them.

use std::sync::Arc;

use super::shape::Shape;
use super::{EditError, FileChange, refused};
use crate::diagnostic::{Diagnostic, ids};
use crate::input::documents;
use crate::input::operator::OperatorObjects;
use crate::simulate::{ClusterObjects, SavedObjects};
use crate::text::{Edits, FileId, Location, Sources, Span};
use crate::yaml::{Node, NodeKind, Tree};
use crate::yaml_edit::{New, Obstacle, Plan, Style, Unproved, prove};

/// Manifests that are read.
pub(super) struct Texts {
    pub(super) sources: Sources,
    files: Vec<TextOfFile>,
    pub(super) objects: OperatorObjects,
    pub(super) cluster: ClusterObjects,
    pub(super) saved: SavedObjects,
}

struct TextOfFile {
    name: String,
    file: FileId,
    text: Arc<str>,
}

/// An item that is missing in a list of an object: its kind, namespace and name, and the key of the list in `spec`.
pub(super) struct Addition {
    pub(super) object: (String, String, String),
    pub(super) list: &'static str,
    pub(super) shape: Shape,
}

impl Texts {
    pub(super) fn read(files: &[(String, Arc<str>)]) -> Self {
        let mut texts = Self {
            sources: Sources::new(),
            files: Vec::new(),
            objects: OperatorObjects::default(),
            cluster: ClusterObjects::default(),
            saved: SavedObjects::default(),
        };
        for (name, text) in files {
            let tree = Tree::parse(Arc::clone(text));
            let file = texts.sources.add(name.clone(), Arc::clone(text));
            texts.objects.add(&tree, file);
            texts.cluster.add(&tree, file);
            // Objects that discovery cannot read have no targets.
            let _refused = texts.saved.add(name, text);
            texts.files.push(TextOfFile { name: name.clone(), file, text: Arc::clone(text) });
        }
        texts.saved.sort_by_namespace();
        texts
    }

    /// The changes that add the items, each proved to add nothing else.
    pub(super) fn edited(&self, additions: &[Addition]) -> Result<Vec<FileChange>, EditError> {
        let mut changes = Vec::new();
        let mut is_placed = vec![false; additions.len()];
        for own in self.files.iter().filter(|_| !additions.is_empty()) {
            let mut replacements: Vec<(Span, String)> = Vec::new();
            let mut fault = None;
            documents(&Tree::parse(Arc::clone(&own.text)), &mut |tree, offset| {
                if fault.is_some() || tree.fault().is_some() {
                    return;
                }
                match edited_document(tree, own.file, offset, additions, &mut is_placed) {
                    Ok(edits) => replacements.extend(edits),
                    Err(diagnostic) => fault = Some(diagnostic),
                }
            });
            if let Some(fault) = fault {
                return Err(fault.into());
            }
            if !replacements.is_empty() {
                let overlap =
                    || refused(ids::EDIT_LAYOUT, Location::new(own.file, Span::empty(0)), "two changes overlap");
                let edits = Edits::new(replacements).ok_or_else(overlap)?;
                changes.push(FileChange::new(own.name.clone(), Arc::clone(&own.text), edits));
            }
        }
        match additions.iter().zip(&is_placed).find(|(_, is_placed)| !**is_placed) {
            None => Ok(changes),
            Some((Addition { object: (kind, namespace, name), list, .. }, _)) => Err(EditError::declined(
                format!("{kind} {namespace}/{name} has no list `{list}` that can be edited"),
                "write the list with one item by hand",
            )),
        }
    }
}

/// The replacements in the text of a file that add items to the objects of a document.
fn edited_document(
    tree: &Tree,
    file: FileId,
    offset: usize,
    additions: &[Addition],
    is_placed: &mut [bool],
) -> Result<Vec<(Span, String)>, Diagnostic> {
    let Some(root) = tree.root() else { return Ok(Vec::new()) };
    let mut plan = Plan::new(tree);
    let mut is_changed = false;
    for (index, addition) in additions.iter().enumerate() {
        let Some(place) = (if is_placed[index] { None } else { place_of(root, addition, 0) }) else { continue };
        // The items of a list are added together: it may be written for the first of them.
        let own = additions.iter().zip(is_placed.iter_mut());
        let own = own.filter(|(other, _)| other.object == addition.object && other.list == addition.list);
        let mut items = Vec::new();
        for (other, is_placed) in own {
            items.push(other.shape.item(place.list.and_then(|list| other.shape.neighbor(list))));
            *is_placed = true;
        }
        is_changed = true;
        add_items(&mut plan, tree, &place, items, addition.list)
            .map_err(|obstacle| obstacle_of(&obstacle, file, offset))?;
    }
    if !is_changed {
        return Ok(Vec::new());
    }
    let (edits, _) = prove(&plan).map_err(|unproved| {
        let (id, span, message) = match unproved {
            Unproved::Overlap => (ids::EDIT_LAYOUT, Span::empty(0), "two changes need the same place in the text"),
            Unproved::Unreadable => (ids::EDIT_UNPROVED, Span::empty(0), "the changed text is not valid YAML"),
            Unproved::OtherTree(span) => {
                (ids::EDIT_UNPROVED, span, "the change would also affect this part of the text")
            }
            Unproved::Comment(span) => {
                (ids::EDIT_COMMENT, span, "the edit would lose this comment or leave it at something else")
            }
        };
        refused(id, Location::new(file, shifted(span, offset)), message)
    })?;
    Ok(edits.iter().map(|edit| (shifted(edit.span, offset), edit.text.clone())).collect())
}

/// Adds items to a list, or writes the list with them.
fn add_items<'t>(
    plan: &mut Plan<'t>,
    tree: &'t Tree,
    place: &ListPlace<'t>,
    items: Vec<New>,
    key: &str,
) -> Result<(), Obstacle> {
    let ListPlace { spec, list } = *place;
    match list {
        Some(list) if list.items().next().is_some() => {
            let style = Style::of(tree, list);
            items.into_iter().try_for_each(|item| plan.append_item(list, item, style))
        }
        Some(list) => {
            plan.fill_with_lines(spec, list, New::List(items), Style::of(tree, spec));
            Ok(())
        }
        None => plan.append_entry(spec, key, New::List(items), Style::of(tree, spec)),
    }
}

fn obstacle_of(obstacle: &Obstacle, file: FileId, offset: usize) -> Diagnostic {
    let at = |span: Span| Location::new(file, shifted(span, offset));
    match obstacle {
        Obstacle::EndsInBlockScalar(span) => {
            refused(ids::EDIT_BLOCK_SCALAR_END, at(*span), "the text ends inside a block scalar without a line end")
        }
        Obstacle::Layout(span) => refused(ids::EDIT_LAYOUT, at(*span), "an item cannot be added to this list")
            .with_help("write the list over several lines, with an item"),
    }
}

fn shifted(span: Span, offset: usize) -> Span {
    Span::new(span.start as usize + offset, span.end as usize + offset)
}

fn member<'t>(object: Node<'t>, key: &str) -> Option<Node<'t>> {
    object.entries().find(|(name, _)| name.value() == key).map(|(_, value)| value)
}

/// Where a list is or belongs: in the `spec` of an object.
struct ListPlace<'t> {
    spec: Node<'t>,
    /// The list, or the null in its place; nothing if the key is not written.
    list: Option<Node<'t>>,
}

/// The place of the list, if the object is in the document.
fn place_of<'t>(node: Node<'t>, addition: &Addition, depth: usize) -> Option<ListPlace<'t>> {
    const DEEPEST: usize = 8;
    let kind = member(node, "kind")?.resolved().value();
    if (kind == "List" || kind.ends_with("List")) && depth < DEEPEST {
        return member(node, "items")?.items().find_map(|item| place_of(item, addition, depth + 1));
    }
    let metadata = member(node, "metadata")?.resolved();
    let text = |key: &str| member(metadata, key).map_or("", |value| value.resolved().value());
    let namespace = Some(text("namespace")).filter(|text| !text.is_empty()).unwrap_or("default");
    let (own, of_namespace, name) = &addition.object;
    if (kind, namespace, text("name")) != (own.as_str(), of_namespace.as_str(), name.as_str()) {
        return None;
    }
    let spec = member(node, "spec").filter(|spec| spec.kind() == NodeKind::Mapping)?;
    let has_merge = || spec.entries().any(|(key, _)| key.is_merge_key());
    match member(spec, addition.list) {
        None => (!has_merge()).then_some(ListPlace { spec, list: None }),
        Some(list) => {
            let is_null = list.kind() == NodeKind::Scalar && matches!(list.value(), "" | "~" | "null");
            let is_list = list.kind() == NodeKind::Sequence || is_null;
            (is_list && list.anchor().is_none()).then_some(ListPlace { spec, list: Some(list) })
        }
    }
}
