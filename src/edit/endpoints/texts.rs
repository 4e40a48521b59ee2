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
use crate::yaml_edit::{Obstacle, Plan, Style, Unproved, prove};

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
            Some((Addition { object: (kind, namespace, name), list, .. }, _)) => Err(EditError::request(
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
    for (addition, is_placed) in additions.iter().zip(is_placed.iter_mut()) {
        let Some(list) = (if *is_placed { None } else { list_of(root, addition, 0) }) else { continue };
        let at = |span: Span| Location::new(file, shifted(span, offset));
        let item = addition.shape.item(addition.shape.neighbor(list));
        plan.append_item(list, item, Style::of(tree, list)).map_err(|obstacle| match obstacle {
            Obstacle::EndsInBlockScalar(span) => {
                refused(ids::EDIT_BLOCK_SCALAR_END, at(span), "the text ends inside a block scalar without a line end")
            }
            Obstacle::Layout(span) => refused(ids::EDIT_LAYOUT, at(span), "an item cannot be added to this list")
                .with_help("write the list over several lines, with an item"),
        })?;
        (*is_placed, is_changed) = (true, true);
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

fn shifted(span: Span, offset: usize) -> Span {
    Span::new(span.start as usize + offset, span.end as usize + offset)
}

fn member<'t>(object: Node<'t>, key: &str) -> Option<Node<'t>> {
    object.entries().find(|(name, _)| name.value() == key).map(|(_, value)| value)
}

/// The list of the object, if the object is in the document and its list is written there.
fn list_of<'t>(node: Node<'t>, addition: &Addition, depth: usize) -> Option<Node<'t>> {
    const DEEPEST: usize = 8;
    let kind = member(node, "kind")?.resolved().value();
    if (kind == "List" || kind.ends_with("List")) && depth < DEEPEST {
        return member(node, "items")?.items().find_map(|item| list_of(item, addition, depth + 1));
    }
    let metadata = member(node, "metadata")?.resolved();
    let text = |key: &str| member(metadata, key).map_or("", |value| value.resolved().value());
    let namespace = Some(text("namespace")).filter(|text| !text.is_empty()).unwrap_or("default");
    let (own, of_namespace, name) = &addition.object;
    if (kind, namespace, text("name")) != (own.as_str(), of_namespace.as_str(), name.as_str()) {
        return None;
    }
    let list = member(member(node, "spec")?, addition.list)?;
    (list.kind() == NodeKind::Sequence && list.anchor().is_none()).then_some(list)
}
