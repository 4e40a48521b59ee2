//! Parts of the text that other places share, replaced by copies, so that an edit reaches the selected jobs only.

use crate::diagnostic::{Diagnostic, ids};
use crate::effect::Effect;
use crate::input::documents;
use crate::text::{Edits, FileId, Location, Span};
use crate::yaml::{Node, NodeKind, Tree};
use crate::yaml_edit::{Repeated, expand, merged_value};

use super::change::ConfigChange;
use super::claim::Grade;
use super::objects::moved_span;
use super::open::{EditedText, Opened};
use super::request::{LabelStage, REMOVED};

/// Whether an edit is refused because it would reach a part that other places share.
pub(super) fn is_of_shared_part(refusal: &Diagnostic) -> bool {
    [ids::EDIT_THROUGH_ALIAS, ids::EDIT_SHARED_ANCHOR, ids::EDIT_MERGED_KEY].contains(&refusal.id)
}

/// The change that replaces the shared parts of refusals by copies. `None` where the layout has no place for a copy. A key
/// that comes from a merge key is copied alone, or with all that the merge key brings.
pub(super) fn expanded(opened: &mut Opened<'_>, refusals: &[Diagnostic], is_inlined: bool) -> Option<ConfigChange> {
    let first = refusals.iter().find(|refusal| is_of_shared_part(refusal))?;
    let file = first.at.file;
    let text = opened.tree(file);
    let of_file = refusals.iter().filter(|refusal| is_of_shared_part(refusal) && refusal.at.file == file);
    let (mut edits, mut notes) = (Vec::new(), Vec::new());
    for (offset, tree) in documents_of(&text) {
        let end = offset + tree.text().len();
        let is_here = |refusal: &&Diagnostic| (offset..end).contains(&(refusal.at.span.start as usize));
        let here: Vec<Diagnostic> =
            of_file.clone().filter(is_here).map(|refusal| in_document(refusal, file, offset)).collect();
        let mut repeated: Vec<Repeated<'_>> = Vec::new();
        for one in here.iter().flat_map(|refusal| repeated_by(&tree, refusal, is_inlined)) {
            if repeated.iter().all(|own| own.place() != one.place()) {
                repeated.push(one);
            }
        }
        // Copies that are in each other's way are made one after the other.
        let all = expand(&tree, &repeated).map(|(edits, _)| (edits, repeated.len()));
        let one = || repeated.iter().find_map(|one| Some((expand(&tree, &[*one])?.0, one.place())));
        let (made, count) = match (repeated.is_empty(), all) {
            (true, _) => continue,
            (false, Some((made, count))) => (made, count),
            (false, None) => {
                let (made, place) = one()?;
                repeated.retain(|own| own.place() == place);
                (made, 1)
            }
        };
        let place = |one: &Repeated<'_>| opened.sources.describe(Location::new(file, moved_span(one.span(), offset)));
        notes.extend(repeated.iter().take(count).map(|one| note(one, &place(one))));
        edits.extend(made.iter().map(|edit| (moved_span(edit.span, offset), edit.text.clone())));
    }
    if edits.is_empty() {
        return None;
    }
    change_of(opened, file, edits, notes)
}

fn change_of(
    opened: &Opened<'_>,
    file: FileId,
    edits: Vec<(Span, String)>,
    notes: Vec<String>,
) -> Option<ConfigChange> {
    let edits = Edits::new(edits)?;
    let tree = Tree::parse(edits.apply(opened.sources.text(file)));
    let files = opened.to_files(vec![EditedText { file, edits, tree }]).ok()?.files;
    Some(ConfigChange {
        files,
        grade: Grade::Proved,
        jobs: Vec::new(),
        effect: Effect::default(),
        stage: LabelStage::default(),
        fields: Vec::new(),
        other_jobs: Vec::new(),
        layout: Vec::new(),
        jobs_with_nothing_to_do: Vec::new(),
        jobs_without_filters: Vec::new(),
        notes,
    })
}

/// The documents of a text, each with the byte at which it begins.
fn documents_of(text: &Tree) -> Vec<(usize, Tree)> {
    if text.rest().is_none() {
        return vec![(0, text.clone())];
    }
    let mut all = Vec::new();
    documents(text, &mut |tree, offset| all.push((offset, tree.clone())));
    all
}

/// A refusal of a text, at its place in one of the documents.
fn in_document(refusal: &Diagnostic, file: FileId, offset: usize) -> Diagnostic {
    let mut own = refusal.clone();
    let back = |at: Location| {
        let byte = |byte: u32| (byte as usize).saturating_sub(offset);
        match at.file == file {
            true => Location::new(file, Span::new(byte(at.span.start), byte(at.span.end))),
            false => at,
        }
    };
    own.at = back(own.at);
    own.labels.iter_mut().for_each(|label| label.at = back(label.at));
    own
}

fn repeated_by<'t>(tree: &'t Tree, refusal: &Diagnostic, is_inlined: bool) -> Vec<Repeated<'t>> {
    let here = |node: &Node<'t>| node.full_span() == refusal.at.span;
    let aliases = || tree.nodes().filter(|node| node.kind() == NodeKind::Alias);
    if refusal.id == ids::EDIT_MERGED_KEY {
        let key = refusal.arguments.iter().find(|(name, _)| *name == "field").map_or("", |(_, key)| key.as_str());
        let map = tree.nodes().find(|node| here(node) && node.is_merge_key()).and_then(Node::parent);
        let all_of = is_inlined || refusal.arguments.iter().any(|(name, _)| *name == REMOVED);
        let copied = map.and_then(|map| if all_of { Some(Repeated::Merges(map)) } else { merged(map, key) });
        return copied.into_iter().collect();
    }
    if refusal.id == ids::EDIT_THROUGH_ALIAS {
        return aliases().filter(here).map(Repeated::Alias).collect();
    }
    let anchored = tree.nodes().find(|node| here(node) && node.anchor().is_some() && node.kind() != NodeKind::Alias);
    let Some(anchored) = anchored else { return Vec::new() };
    let all = || aliases().filter(move |alias| alias.resolved().id() == anchored.id());
    if refusal.arguments.iter().any(|(name, _)| *name == REMOVED) {
        let stay: Vec<Node<'t>> =
            all().filter(|alias| refusal.labels.iter().any(|label| label.at.span == alias.full_span())).collect();
        // A merge key has no place for an anchor: each mapping gets what is merged.
        return match stay.first() {
            Some(first) if stay.iter().all(|alias| mapping_of_merge(*alias).is_none()) => vec![Repeated::Moved(*first)],
            _ => stay.into_iter().map(own_copy).collect(),
        };
    }
    all().map(own_copy).collect()
}

/// A key of the sources of merge keys, as one of the mapping.
fn merged<'t>(map: Node<'t>, key: &str) -> Option<Repeated<'t>> {
    let value = merged_value(map, key)?;
    // The name of the key as the tree has it.
    let parent = value.parent()?;
    let (name, _) = parent.entries().find(|(_, own)| own.id() == value.id())?;
    Some(Repeated::Merged { map, key: name.resolved().value(), value })
}

/// A copy for the place of an alias.
fn own_copy(alias: Node<'_>) -> Repeated<'_> {
    mapping_of_merge(alias).map_or(Repeated::Alias(alias), Repeated::Merges)
}

/// The mapping that an alias is merged into.
fn mapping_of_merge(alias: Node<'_>) -> Option<Node<'_>> {
    let parent = alias.parent()?;
    let (map, value) = match parent.kind() {
        NodeKind::Sequence => (parent.parent()?, parent),
        NodeKind::Scalar | NodeKind::Mapping | NodeKind::Alias => (parent, alias),
    };
    let is_merge = |(key, own): (Node<'_>, Node<'_>)| key.is_merge_key() && own.id() == value.id();
    map.entries().any(is_merge).then_some(map)
}

fn note(repeated: &Repeated<'_>, place: &str) -> String {
    match repeated {
        Repeated::Alias(alias) => format!("{place}: the alias `*{}` is replaced by a copy", alias.value()),
        Repeated::Moved(alias) => {
            let name = alias.value();
            format!("{place}: the text of the anchor `&{name}` moves here, since the place that defined it goes")
        }
        Repeated::Merged { key, .. } => format!("{place}: `{key}` of the merge key is copied to the mapping"),
        Repeated::Merges(_) => format!("{place}: the merge key is replaced by copies of the fields that it merges"),
    }
}
