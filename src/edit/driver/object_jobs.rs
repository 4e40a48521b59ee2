//! Edits of the list of jobs and of their targets, in the objects that the jobs are made of: endpoints and objects that go, and
//! targets that are written in ScrapeConfigs and Probes.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, ids};
use crate::input::documents;
use crate::input::operator::Kind;
use crate::text::{Edits, Location, Span};
use crate::yaml::{Node, NodeId, NodeKind, Tree};
use crate::yaml_edit::{Plan, prove};

use super::super::object_proof::{Differences, Other};
use super::super::objects::{Maker, Objects, in_text, moved_span};
use super::super::open::{EditedText, Opened};
use super::super::ops::{
    Expected, JobOp, Nodes, WrittenText, WrittenTexts, add_groups_in_object, add_targets_in_object,
    remove_targets_in_object,
};
use super::super::request::refused;
use super::document_removal::removal_of;
use super::prove::place_of;
use super::unproved::explain;

/// Keeps one job of each part of an object, where several Prometheuses have it.
pub(super) fn keep_one_of_each(opened: &mut Opened<'_>) {
    let mut jobs = std::mem::take(&mut opened.jobs);
    if let Some(objects) = &opened.objects {
        let mut seen: FxHashSet<Span> = FxHashSet::default();
        jobs.retain(|job| {
            !objects.has_generated(job.file)
                || objects.place_of_maker(&opened.sources, job).is_none_or(|place| seen.insert(place))
        });
    }
    opened.jobs = jobs;
}

/// A text that has lost its last object still has other objects: it stays valid.
pub(super) fn allow_no_objects(before: &Opened<'_>, after: &mut Opened<'_>) {
    if before.objects.is_some() && after.objects.is_none() {
        after.diagnostics.retain(|fault| fault.id != ids::UNSUPPORTED_FORMAT);
    }
}

/// The expected jobs as the operator makes them: it counts the endpoints that are left, sorts labels, and leaves a Probe its
/// list of targets.
pub(super) fn adapt(opened: &Opened<'_>, jobs: &[ScrapeConfig], ops: &[JobOp], expected: &mut [Expected<'_>]) {
    let Some(objects) = &opened.objects else { return };
    let renamed = renamed(opened, jobs, ops);
    for Expected { origin, job } in expected {
        let Some(old) = origin.map(|origin| &jobs[origin]).filter(|old| objects.has_generated(old.file)) else {
            continue;
        };
        if let Some(name) = renamed.get(&old.job_name.value) {
            job.to_mut().job_name.value.clone_from(name);
        }
        if old.static_configs == job.static_configs {
            continue;
        }
        let job = job.to_mut();
        for group in &mut job.static_configs {
            group.labels.sort_by(|one, other| one.0.value.cmp(&other.0.value));
        }
        if let (Some(Kind::Probe), [group], []) =
            (objects.kind_of(&opened.sources, old), old.static_configs.as_slice(), job.static_configs.as_slice())
        {
            let mut group = group.clone();
            group.targets.clear();
            job.static_configs.push(group);
        }
    }
}

fn removed(ops: &[JobOp]) -> FxHashSet<usize> {
    let removed = ops.iter().filter_map(|op| match op {
        JobOp::Remove { job } => Some(*job),
        JobOp::RemoveTargets { .. }
        | JobOp::AddTargets { .. }
        | JobOp::AddGroup { .. }
        | JobOp::Add { .. }
        | JobOp::Rename { .. }
        | JobOp::FillFile { .. }
        | JobOp::AddFileEntry { .. }
        | JobOp::Copy { .. } => None,
    });
    removed.collect()
}

/// The names of the jobs of later endpoints, where earlier ones go.
fn renamed(opened: &Opened<'_>, jobs: &[ScrapeConfig], ops: &[JobOp]) -> FxHashMap<String, String> {
    let mut names = FxHashMap::default();
    let Some(objects) = &opened.objects else { return names };
    let index_of = |job: &ScrapeConfig| {
        let (base, index) = job.job_name.value.rsplit_once('/')?;
        Some((base.to_string(), index.parse::<usize>().ok()?))
    };
    let is_endpoint = |job: &&ScrapeConfig| {
        let kind = objects.kind_of(&opened.sources, job);
        matches!(kind, Some(Kind::ServiceMonitor | Kind::PodMonitor))
    };
    let mut gone: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for job in removed(ops).into_iter().map(|job| &jobs[job]).filter(is_endpoint) {
        if let Some((base, index)) = index_of(job) {
            gone.entry(base).or_default().push(index);
        }
    }
    for job in jobs.iter().filter(is_endpoint) {
        let Some((base, index)) = index_of(job) else { continue };
        let Some(gone) = gone.get(&base).filter(|gone| !gone.contains(&index)) else { continue };
        let before = gone.iter().filter(|other| **other < index).count();
        if before > 0 {
            names.insert(job.job_name.value.clone(), format!("{base}/{}", index - before));
        }
    }
    names
}

/// What is said of objects that go, and of jobs whose names change.
pub(super) fn notes(
    opened: &Opened<'_>,
    jobs: &[ScrapeConfig],
    ops: &[JobOp],
    expected: &[Expected<'_>],
) -> Vec<String> {
    let Some(objects) = &opened.objects else { return Vec::new() };
    let mut notes: Vec<String> = Vec::new();
    let of = |job: &ScrapeConfig| objects.object_of(&opened.sources, job);
    let mut removed: Vec<usize> = removed(ops).into_iter().collect();
    removed.sort_unstable();
    for job in removed {
        let Some(object) = of(&jobs[job]) else { continue };
        let is_left = expected.iter().any(|own| own.origin.is_some_and(|origin| of(&jobs[origin]) == Some(object)));
        let note = format!("{object} is removed: no other job is made of it");
        if !is_left && !notes.contains(&note) {
            notes.push(note);
        }
    }
    for Expected { origin, job } in expected {
        let Some(old) = origin.map(|origin| &jobs[origin]).filter(|old| objects.has_generated(old.file)) else {
            continue;
        };
        if old.job_name.value != job.job_name.value {
            notes.push(format!(
                "job {} becomes {}, because the operator counts the endpoints",
                old.job_name.value, job.job_name.value
            ));
        }
    }
    notes
}

/// Refuses a change after which the operator generates something else than intended.
pub(super) fn nothing_else_differs(
    before: &Opened<'_>,
    after: &Opened<'_>,
    jobs: &[ScrapeConfig],
    ops: &[JobOp],
    expected: &[Expected<'_>],
) -> Result<(), Diagnostic> {
    let (Some(old), Some(new)) = (&before.objects, &after.objects) else { return Ok(()) };
    // The jobs of other texts of the manifest can be part of what is generated.
    if !ops.iter().any(|op| before.is_generated(op.file(jobs))) {
        return Ok(());
    }
    let mut differences = Differences { renamed: renamed(before, jobs, ops), ..Differences::default() };
    differences.removed = removed(ops).into_iter().map(|job| jobs[job].job_name.value.clone()).collect();
    for Expected { origin, job } in expected {
        let Some(old) = origin.map(|origin| &jobs[origin]) else { continue };
        if old.static_configs != job.static_configs {
            differences.add(&old.job_name.value, &["static_configs"]);
        }
    }
    old.differ_only(new, &differences).map_err(|other| {
        let message = match other {
            Other::Job(name) => format!("the change would also change job {name}"),
            Other::Rest => "the change would also change other parts of the generated config".to_string(),
        };
        refused(ids::EDIT_UNPROVED, before.start(), message)
    })
}

/// What is to be done in a document.
#[derive(Default)]
struct InDocument<'o> {
    /// Endpoints, or objects, that go, each with the job that is made of it.
    removed: Vec<(&'o ScrapeConfig, Maker<'o>)>,
    /// Changes of targets.
    targets: Vec<(&'o JobOp, &'o ScrapeConfig, Maker<'o>)>,
}

/// The edits of the text with the objects, proved document by document.
pub(super) fn edit_text(opened: &Opened<'_>, jobs: &[ScrapeConfig], ops: &[&JobOp]) -> Result<EditedText, Diagnostic> {
    let start = || opened.start();
    let Some(objects) = &opened.objects else {
        return Err(refused(ids::EDIT_LAYOUT, start(), "the text has no objects"));
    };
    let mut of_documents: BTreeMap<usize, InDocument<'_>> = BTreeMap::new();
    for op in ops {
        let Some(index) = job_of(op) else { continue };
        let job = &jobs[index];
        let missing = || {
            refused(ids::EDIT_LAYOUT, place_of(job), "the object of the job is not written in one place of the text")
        };
        let maker = objects.maker(&opened.sources, job).ok_or_else(missing)?;
        let nodes = Nodes { file: opened.file, tree: maker.document, shared: None };
        nodes.unshared_up(maker.node).map_err(|refusal| in_text(refusal, opened.file, maker.offset))?;
        let of_document = of_documents.entry(maker.offset).or_default();
        match op {
            JobOp::Remove { .. } => of_document.removed.push((job, maker)),
            _ => of_document.targets.push((op, job, maker)),
        }
    }
    let written = written_texts(opened, objects, ops);
    let mut replacements: Vec<(Span, String)> = Vec::new();
    // What each document is to be; `None` for one that goes.
    let (mut roots, mut gone): (BTreeMap<usize, Option<String>>, Vec<usize>) = (BTreeMap::new(), Vec::new());
    for (offset, of_document) in &of_documents {
        let document = objects.documents().iter().find(|document| document.offset == *offset);
        let Some(tree) = document.map(|document| &document.tree) else { continue };
        let nodes = Nodes { file: opened.file, tree, shared: None };
        let placed = |refusal: Diagnostic| in_text(refusal, opened.file, *offset);
        let mut plan = Plan::new(tree);
        if remove_objects(&mut plan, nodes, &of_document.removed).map_err(placed)? {
            gone.push(*offset);
            roots.insert(*offset, None);
            continue;
        }
        change_targets(&mut plan, nodes, &of_document.targets, &written).map_err(placed)?;
        nodes.keeps_anchors(&plan).map_err(placed)?;
        let (edits, new) = prove(&plan).map_err(|unproved| placed(explain(unproved, opened.file)))?;
        replacements.extend(edits.iter().map(|edit| (moved_span(edit.span, *offset), edit.text.clone())));
        roots.insert(*offset, new.root().map(|root| text_of(root).to_string()));
    }
    for offset in &gone {
        let span = removal_of(opened.sources.text(opened.file), objects.documents(), *offset, &gone);
        let only =
            || refused(ids::EDIT_LAYOUT, start(), "nothing else is left in the file").with_help("delete the file");
        replacements.push((span.ok_or_else(only)?, String::new()));
    }
    let overlap = || refused(ids::EDIT_LAYOUT, start(), "two changes need the same place in the text");
    let edits = Edits::new(replacements).ok_or_else(overlap)?;
    let tree = Tree::parse(edits.apply(opened.sources.text(opened.file)));
    match has_documents(objects, &tree, &roots) {
        true => Ok(EditedText { file: opened.file, edits, tree }),
        false => {
            let message = "the changed text would have other documents than requested";
            Err(refused(ids::EDIT_UNPROVED, start(), message))
        }
    }
}

fn job_of(op: &JobOp) -> Option<usize> {
    match op {
        JobOp::Remove { job }
        | JobOp::RemoveTargets { job, .. }
        | JobOp::AddTargets { job, .. }
        | JobOp::AddGroup { job, .. }
        | JobOp::Rename { job, .. }
        | JobOp::Copy { job, .. } => Some(*job),
        JobOp::Add { .. } | JobOp::FillFile { .. } => None,
        JobOp::AddFileEntry { job, .. } => Some(*job),
    }
}

fn text_of(node: Node<'_>) -> &str {
    node.full_span().of(node.tree().text())
}

/// Whether a text has the documents of the old one, but for those that change or go.
fn has_documents(objects: &Objects, tree: &Tree, roots: &BTreeMap<usize, Option<String>>) -> bool {
    let old = objects.documents().iter().filter_map(|document| {
        let root = || document.tree.root().map(|root| text_of(root).to_string());
        roots.get(&document.offset).cloned().unwrap_or_else(root)
    });
    let mut new = Vec::new();
    documents(tree, &mut |tree, _| {
        new.extend(tree.root().filter(|_| tree.fault().is_none()).map(|root| text_of(root).to_string()));
    });
    old.map(|text| text.trim_end().to_string()).eq(new.iter().map(|text| text.trim_end().to_string()))
}

/// How the targets and labels that move are written.
fn written_texts(opened: &Opened<'_>, objects: &Objects, ops: &[&JobOp]) -> WrittenTexts {
    let mut texts = WrittenTexts::default();
    for at in ops.iter().flat_map(|op| op.origins()) {
        let outer = opened.sources.outermost(at);
        let after = objects.documents().partition_point(|document| document.offset <= outer.span.start as usize);
        let Some(document) = after.checked_sub(1).and_then(|index| objects.documents().get(index)) else { continue };
        let local = |at: u32| (at as usize).checked_sub(document.offset);
        let (Some(start), Some(end)) = (local(outer.span.start), local(outer.span.end)) else { continue };
        let written = WrittenText::of(&document.tree, &document.tree.ownership(), Span::new(start, end));
        texts.extend(written.map(|text| (at, text)));
    }
    texts
}

/// Notes down that endpoints and objects go. Whether the whole document goes.
fn remove_objects<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    removed: &[(&ScrapeConfig, Maker<'t>)],
) -> Result<bool, Diagnostic> {
    let missing = |job: &ScrapeConfig| refused(ids::EDIT_LAYOUT, place_of(job), "the object of the job is not found");
    let (mut endpoints, mut objects): (Vec<(Node<'t>, Vec<Node<'t>>)>, Vec<Node<'t>>) = (Vec::new(), Vec::new());
    for (job, maker) in removed {
        match maker.kind {
            Kind::ServiceMonitor | Kind::PodMonitor => {
                let list = maker.node.parent().filter(|list| list.kind() == NodeKind::Sequence);
                let list = list.ok_or_else(|| missing(job))?;
                match endpoints.iter_mut().find(|(other, _)| other.id() == list.id()) {
                    Some((_, gone)) => gone.push(maker.node),
                    None => endpoints.push((list, vec![maker.node])),
                }
            }
            Kind::Probe | Kind::ScrapeConfig | Kind::Prometheus | Kind::PrometheusAgent => {
                objects.push(maker.node.parent().ok_or_else(|| missing(job))?);
            }
        }
    }
    for (list, endpoints) in endpoints {
        if list.items().count() == endpoints.len() {
            let object = list.parent().and_then(Node::parent);
            objects.extend(object);
            continue;
        }
        let ids: Vec<NodeId> = endpoints.iter().map(|endpoint| endpoint.id()).collect();
        plan.remove_elements(list, &ids).map_err(|obstacle| nodes.obstacle(&obstacle))?;
    }
    let (whole, items): (Vec<Node<'t>>, Vec<Node<'t>>) =
        objects.into_iter().partition(|object| object.parent().is_none());
    if !whole.is_empty() {
        return Ok(true);
    }
    let mut lists: Vec<(Node<'t>, Vec<NodeId>)> = Vec::new();
    for item in &items {
        let Some(list) = item.parent() else { continue };
        match lists.iter_mut().find(|(other, _)| other.id() == list.id()) {
            Some((_, ids)) => ids.push(item.id()),
            None => lists.push((list, vec![item.id()])),
        }
    }
    for (list, ids) in lists {
        let is_root = list.parent().is_some_and(|parent| parent.parent().is_none());
        if list.items().count() == ids.len() && is_root {
            return Ok(true);
        }
        plan.remove_elements(list, &ids).map_err(|obstacle| nodes.obstacle(&obstacle))?;
    }
    Ok(false)
}

/// Groups, each with the targets that leave it.
type LeavingGroups<'o> = Vec<(Location, &'o FxHashSet<Span>)>;

fn change_targets<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    targets: &[(&JobOp, &ScrapeConfig, Maker<'t>)],
    written: &WrittenTexts,
) -> Result<(), Diagnostic> {
    let mut leaving: Vec<(&ScrapeConfig, Maker<'t>, LeavingGroups<'_>)> = Vec::new();
    let mut groups: Vec<(Maker<'t>, Vec<&JobOp>)> = Vec::new();
    for (op, job, maker) in targets {
        if let JobOp::RemoveTargets { group, targets, .. } = op {
            match leaving.iter_mut().find(|(_, other, _)| other.node.id() == maker.node.id()) {
                Some((_, _, groups)) => groups.push((*group, targets)),
                None => leaving.push((job, *maker, vec![(*group, targets)])),
            }
        }
        match op {
            JobOp::AddGroup { .. } if maker.kind == Kind::ScrapeConfig => {
                match groups
                    .iter_mut()
                    .find(|(other, _): &&mut (Maker<'t>, Vec<&JobOp>)| other.node.id() == maker.node.id())
                {
                    Some((_, ops)) => ops.push(*op),
                    None => groups.push((*maker, vec![*op])),
                }
            }
            _ => add_targets_in_object(op, plan, nodes, *maker, job, written)?,
        }
    }
    for (maker, ops) in groups {
        add_groups_in_object(&ops, plan, nodes, maker, written)?;
    }
    for (job, maker, groups) in leaving {
        remove_targets_in_object(&groups, plan, nodes, maker, job)?;
    }
    Ok(())
}
