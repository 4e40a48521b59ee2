//! Parts of the text that other places share, replaced by copies, so that an edit reaches the selected jobs only.

use crate::diagnostic::{Diagnostic, ids};
use crate::effect::Effect;
use crate::text::Location;
use crate::yaml::{Node, NodeKind, Tree};
use crate::yaml_edit::{Repeated, expand, merged_value};

use super::change::ConfigChange;
use super::claim::Grade;
use super::open::{EditedText, Opened};
use super::request::LabelStage;

/// Whether an edit is refused because it would reach a part that other places share.
pub(super) fn is_of_shared_part(refusal: &Diagnostic) -> bool {
    [ids::EDIT_THROUGH_ALIAS, ids::EDIT_SHARED_ANCHOR, ids::EDIT_MERGED_KEY].contains(&refusal.id)
}

/// The change that replaces the shared parts of refusals by copies. `None` where the layout has no place for a copy.
pub(super) fn expanded(opened: &mut Opened<'_>, refusals: &[Diagnostic]) -> Option<ConfigChange> {
    let first = refusals.iter().find(|refusal| is_of_shared_part(refusal))?;
    let file = first.at.file;
    let tree = opened.tree(file);
    let mut repeated: Vec<Repeated<'_>> = Vec::new();
    for refusal in refusals.iter().filter(|refusal| is_of_shared_part(refusal) && refusal.at.file == file) {
        for one in repeated_by(&tree, refusal) {
            if repeated.iter().all(|own| own.place() != one.place()) {
                repeated.push(one);
            }
        }
    }
    if repeated.is_empty() {
        return None;
    }
    let (edits, new) = expand(&tree, &repeated)?;
    let notes =
        repeated.iter().map(|one| note(one, &opened.sources.describe(Location::new(file, one.span())))).collect();
    let text = EditedText { file, edits, tree: new };
    let files = opened.to_files(vec![text]).ok()?.files;
    Some(ConfigChange {
        files,
        grade: Grade::Proved,
        jobs: Vec::new(),
        effect: Effect::default(),
        stage: LabelStage::default(),
        fields: Vec::new(),
        layout: Vec::new(),
        jobs_with_nothing_to_do: Vec::new(),
        jobs_without_filters: Vec::new(),
        notes,
    })
}

fn repeated_by<'t>(tree: &'t Tree, refusal: &'t Diagnostic) -> Vec<Repeated<'t>> {
    let here = |node: &Node<'t>| node.full_span() == refusal.at.span;
    let aliases = || tree.nodes().filter(|node| node.kind() == NodeKind::Alias);
    if refusal.id == ids::EDIT_MERGED_KEY {
        let key = refusal.arguments.iter().find(|(name, _)| *name == "field").map_or("", |(_, key)| key.as_str());
        let map = tree.nodes().find(|node| here(node) && node.is_merge_key()).and_then(Node::parent);
        let merged = map.and_then(|map| Some(Repeated::Merged { map, key, value: merged_value(map, key)? }));
        return merged.into_iter().collect();
    }
    if refusal.id == ids::EDIT_THROUGH_ALIAS {
        return aliases().filter(here).map(Repeated::Alias).collect();
    }
    let anchored = tree.nodes().find(|node| here(node) && node.anchor().is_some());
    let of_anchor = |alias: &Node<'t>| anchored.is_some_and(|anchored| alias.resolved().id() == anchored.id());
    aliases().filter(of_anchor).map(Repeated::Alias).collect()
}

fn note(repeated: &Repeated<'_>, place: &str) -> String {
    match repeated {
        Repeated::Alias(alias) => format!("{place}: the alias `*{}` is replaced by a copy", alias.value()),
        Repeated::Merged { key, .. } => format!("{place}: `{key}` of the merge key is copied to the job"),
    }
}
