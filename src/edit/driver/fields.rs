//! Edits of fields by their paths: of the config as a whole, or of jobs.
//!
//! 1. **place**: each operation must find its place in the text; no other part of the text may use it;
//! 1. **prove**: the new tree must be the old one with just these operations, and each comment at its place or gone with the
//!    field that it belongs to. The new files are read as a whole: they must have no new error and the same jobs, each field
//!    must have its value, and nothing else of any job may differ but what follows from the field by inheritance;
//! 1. **effect**: the targets of all jobs that differ are simulated before and after. Jobs whose targets only discovery
//!    knows get the field as well; of these, the change of the field is all that is said.

use std::cell::RefCell;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{Duration, FieldPath, ScrapeConfig};
use crate::diagnostic::{Diagnostic, ids};
use crate::effect::{Effect, compare};
use crate::re2::RegexCache;
use crate::text::{Edits, FileId, Location, Span};
use crate::yaml::{Node, NodeId, Tree};
use crate::yaml_edit::{Plan, prove};

use super::super::change::ConfigChange;
use super::super::claim::{Grade, JobChange};
use super::super::open::{EditedFiles, EditedText, Opened, is_blank};
use super::super::ops::{FieldOp, FieldWay, Nodes, Shared};
use super::super::overlay::Overlay;
use super::super::request::{EditError, refused};
use super::choose::whole_effect;
use super::field_parts::{FieldsRequest, OfJob, deciding, follow, inherited, join_deciding, minimal_ops, results_of};
use super::fields_local;
use super::prove::{has_same_results, new_fault, no_new_errors, place_of};
use super::same_labels::refuse_same_results;
use super::select::{has_jobs, is_readable, named_jobs};
use super::unproved::explain;

/// A mapping that fields are below of.
#[derive(Clone, Debug)]
struct Base {
    file: FileId,
    /// The index of the job, if it is one.
    job: Option<usize>,
    /// The way from the root of the tree: the number of the child at each level.
    way: Vec<usize>,
}

/// Makes the change, without writing it.
pub(in crate::edit) fn run_on_fields(
    opened: &mut Opened<'_>,
    request: &FieldsRequest<'_>,
) -> Result<ConfigChange, EditError> {
    if opened.is_target_file {
        let message = format!("{} is a target file, which has no fields of a config", opened.name());
        return Err(EditError::request(message, "name the config that reads it"));
    }
    if let Some(outcome) = fields_local::run(opened, request) {
        return outcome;
    }
    opened.leave_out_objects();
    opened.read_all();
    is_readable(opened)?;
    let jobs = match request.jobs {
        None => Vec::new(),
        Some(selection) => {
            has_jobs(opened)?;
            named_jobs(opened, &selection.jobs)?
        }
    };
    let bases = match request.jobs {
        None => config_bases(opened)?,
        Some(_) => job_bases(opened, &jobs)?,
    };
    Ok(changed(opened, &bases, request)?)
}

/// The configs of a text: it is one, or has some inside.
fn config_bases(opened: &mut Opened<'_>) -> Result<Vec<Base>, EditError> {
    let files = opened.config_texts();
    if files.is_empty() {
        let message = format!("{} has no top level of a config", opened.name());
        return Err(EditError::request(message, "change fields of jobs with --job NAME or --all-jobs"));
    }
    Ok(files.into_iter().map(|file| Base { file, job: None, way: Vec::new() }).collect())
}

fn job_bases(opened: &mut Opened<'_>, jobs: &[usize]) -> Result<Vec<Base>, Diagnostic> {
    let files: Vec<FileId> = jobs.iter().map(|job| opened.jobs[*job].file).collect();
    let mut bases = Vec::with_capacity(jobs.len());
    let mut at = 0;
    for of_file in files.chunk_by(FileId::eq) {
        let file = files[at];
        let tree = opened.tree(file);
        let shared = RefCell::<Shared>::default();
        let nodes = Nodes { file, tree: &tree, shared: opened.changes_shared().then_some(&shared) };
        let mut places = Places::of(&tree);
        for job in &jobs[at..at + of_file.len()] {
            let node = nodes.job(&opened.jobs[*job])?;
            bases.push(Base { file, job: Some(*job), way: places.way_to(node) });
        }
        at += of_file.len();
    }
    Ok(bases)
}

/// The nodes of a tree by the numbers of children. Lists of children are made once.
struct Places<'t> {
    tree: &'t Tree,
    children: FxHashMap<NodeId, Vec<Node<'t>>>,
}

impl<'t> Places<'t> {
    fn of(tree: &'t Tree) -> Self {
        Self { tree, children: FxHashMap::default() }
    }

    fn children(&mut self, node: Node<'t>) -> &[Node<'t>] {
        let all = || node.items().chain(node.entries().map(|(_, value)| value)).collect();
        self.children.entry(node.id()).or_insert_with(all)
    }

    /// The numbers of the children that lead to a node.
    fn way_to(&mut self, node: Node<'t>) -> Vec<usize> {
        let mut way = Vec::new();
        let mut node = node;
        while let Some(parent) = node.parent() {
            way.extend(self.children(parent).binary_search_by_key(&node.id(), |child| child.id()));
            node = parent;
        }
        way.reverse();
        way
    }

    fn node(&mut self, way: &[usize]) -> Option<Node<'t>> {
        let root = self.tree.root()?;
        way.iter().try_fold(root, |node, number| self.children(node).get(*number).copied())
    }
}

/// The numbers of the children that lead to a node.
pub(super) fn way_to(node: Node<'_>) -> Vec<usize> {
    Places::of(node.tree()).way_to(node)
}

/// The node at the end of a way.
pub(super) fn node_on<'t>(tree: &'t Tree, way: &[usize]) -> Option<Node<'t>> {
    Places::of(tree).node(way)
}

/// The operations on a base; with `minimal`, what is inherited anyway is not written.
fn ops_of(opened: &mut Opened<'_>, base: &Base, request: &FieldsRequest<'_>) -> Vec<FieldOp> {
    let (tree, interval) = around(opened, base);
    minimal_ops(request, &|path| inherited(&tree, opened.options.release, interval, path))
}

/// The tree with what a base inherits, and the interval of its job.
fn around(opened: &mut Opened<'_>, base: &Base) -> (Arc<Tree>, Option<Duration>) {
    let file = if opened.is_inner(base.file) { base.file } else { opened.file };
    (opened.tree(file), base.job.map(|job| opened.jobs[job].scrape_interval))
}

fn changed(opened: &mut Opened<'_>, bases: &[Base], request: &FieldsRequest<'_>) -> Result<ConfigChange, Diagnostic> {
    let ops: Vec<Vec<FieldOp>> = bases.iter().map(|base| ops_of(opened, base, request)).collect();
    let mut change = ConfigChange::of_fields();
    let pairs: Vec<(&Base, &Vec<FieldOp>)> = bases.iter().zip(&ops).collect();
    for of_file in by_file(&pairs) {
        let tree = opened.tree(of_file[0].0.file);
        let mut places = Places::of(&tree);
        of_file.iter().for_each(|(base, ops)| describe_fields(opened, &mut places, base, ops, &mut change));
    }
    let texts = edit_texts(opened, bases, &ops)?;
    if texts.is_empty() {
        return Ok(change);
    }
    let EditedFiles { files, tree } = opened.to_files(texts)?;
    let overlay = Overlay { files: opened.options.files, changed: &files };
    let mut after = opened.with_tree(tree, &overlay);
    if let Some(fault) = new_fault(opened, &after) {
        return Err(would_be_refused(opened, fault));
    }
    no_new_errors(opened, &after)?;
    is_as_requested(opened, &mut after, bases, &ops)?;
    change.jobs = job_changes(opened, &mut after, &jobs_of(bases))?;
    change.notes.extend(changed_intervals(opened, &after, bases));
    let of_jobs = bases.iter().zip(&ops).filter_map(|(base, ops)| Some((base.job?, ops)));
    for (job, ops) in of_jobs {
        let name = &opened.jobs[job].job_name.value;
        let known = change.jobs.iter().find(|own| own.job == *name).map_or(0, |own| own.known);
        change.notes.extend(deciding(&opened.jobs[job], known, ops.iter().map(|op| op.path().steps())));
    }
    join_deciding(&mut change.notes);
    change.effect = whole_effect(&change.jobs);
    change.files = files;
    Ok(change)
}

/// The refusal of a change after which Prometheus refuses the text: at the job that it is about.
fn would_be_refused(opened: &Opened<'_>, fault: &Diagnostic) -> Diagnostic {
    let job = opened.jobs.iter().find(|job| fault.is_in_job(&job.job_name.value));
    let at = job.map_or_else(|| opened.start(), |job| Location::new(job.file, job.job_name.span));
    let message = format!("Prometheus would refuse the new text: {}", fault.message);
    let refusal =
        Diagnostic { job: fault.job.clone(), help: fault.help.clone(), ..refused(ids::EDIT_UNPROVED, at, message) };
    fault.notes.iter().fold(refusal, |refusal, note| refusal.with_note(note.clone()))
}

/// Bases that are next to each other and in one file.
fn by_file<'b, 'p>(
    pairs: &'p [(&'b Base, &'b Vec<FieldOp>)],
) -> impl Iterator<Item = &'p [(&'b Base, &'b Vec<FieldOp>)]> {
    pairs.chunk_by(|(one, _), (other, _)| one.file == other.file)
}

fn jobs_of(bases: &[Base]) -> Vec<usize> {
    bases.iter().filter_map(|base| base.job).collect()
}

/// What is said of the fields of a base.
fn describe_fields(
    opened: &mut Opened<'_>,
    places: &mut Places<'_>,
    base: &Base,
    ops: &[FieldOp],
    change: &mut ConfigChange,
) {
    let root = places.node(&base.way);
    let (tree, interval) = around(opened, base);
    let at = Location::new(base.file, root.map_or(Span::empty(0), Node::full_span));
    let of_job = OfJob {
        job: base.job.map(|job| opened.jobs[job].job_name.value.clone()),
        file: opened.sources.name(opened.sources.outermost(at).file).to_string(),
    };
    let release = opened.options.release;
    change.notes.extend(root.into_iter().flat_map(|root| of_job.lost_comments(root, ops)));
    match of_job.described(root, ops, &|path| inherited(&tree, release, interval, path)) {
        fields if fields.is_empty() => change.jobs_with_nothing_to_do.push(of_job.job.unwrap_or_default()),
        fields => change.fields.extend(fields),
    }
}

/// The edits of all texts, proved: operation by operation, each on the result of the one before.
fn edit_texts(opened: &mut Opened<'_>, bases: &[Base], ops: &[Vec<FieldOp>]) -> Result<Vec<EditedText>, Diagnostic> {
    let mut files: Vec<FileId> = bases.iter().map(|base| base.file).collect();
    files.sort_unstable();
    files.dedup();
    let mut texts = Vec::new();
    for file in files {
        let first = opened.tree(file);
        let mut done: Option<(Edits, Tree)> = None;
        let of_file: Vec<(&Base, &Vec<FieldOp>)> =
            bases.iter().zip(ops).filter(|(base, _)| base.file == file).collect();
        for number in 0..ops.first().map_or(0, Vec::len) {
            let tree = done.as_ref().map_or(&*first, |(_, tree)| tree);
            let of_number: Vec<(&[usize], &FieldOp)> =
                of_file.iter().filter_map(|(base, ops)| Some((base.way.as_slice(), ops.get(number)?))).collect();
            let Some((edits, new)) = make(tree, file, &of_number, opened.changes_shared())? else { continue };
            let edits = match &done {
                Some((before, _)) => before.then(&edits, first.text().len()),
                None => edits,
            };
            done = Some((edits, new));
        }
        texts.extend(done.map(|(edits, tree)| EditedText { file, edits, tree }));
    }
    Ok(texts)
}

/// One operation on each of some mappings of a text; a key that would part a comment from its place goes to the end.
pub(super) fn make<P: FieldWay>(
    tree: &Tree,
    file: FileId,
    ops: &[(&[usize], &FieldOp<P>)],
    changes_shared: bool,
) -> Result<Option<(Edits, Tree)>, Diagnostic> {
    if is_blank(tree) {
        return Ok(ops.iter().find_map(|(_, op)| begin(tree, op)));
    }
    if let [([], op)] = ops
        && let Some(ended) = end(tree, op)
    {
        return Ok(Some(ended));
    }
    let try_at = |at_end: bool| {
        let (mut plan, mut places) = (Plan::new(tree), Places::of(tree));
        let shared = RefCell::<Shared>::default();
        let nodes = Nodes { file, tree, shared: changes_shared.then_some(&shared) };
        let mut is_done = true;
        for (way, op) in ops {
            let Some(root) = places.node(way) else { continue };
            if !op.is_done(root) {
                is_done = false;
                nodes.note_shared_around(root);
                // Jobs that share a part ask for the same change of it.
                if changes_shared {
                    let mut own = Plan::new(tree);
                    op.note_down(&mut own, nodes, root, at_end)?;
                    if own.is_in(&plan) {
                        continue;
                    }
                }
                op.note_down(&mut plan, nodes, root, at_end)?;
            }
        }
        // Of fields, not all that can follow from them is compared: each user must be reached by its path.
        nodes.used_only_by(&[], false)?;
        nodes.keeps_anchors(&plan)?;
        match is_done {
            true => Ok(None),
            false => prove(&plan).map(Some).map_err(|unproved| explain(unproved, file)),
        }
    };
    try_at(false).or_else(|refusal| try_at(true).map_err(|_| refusal))
}

/// The first field of a text that has nothing but comments: after these. The text ends with a line end if it did before.
fn begin<P: FieldWay>(tree: &Tree, op: &FieldOp<P>) -> Option<(Edits, Tree)> {
    let text = tree.text();
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let lines = op.first_lines()?.join(line_end);
    let new = match text.is_empty() || text.ends_with('\n') {
        true => format!("{lines}{line_end}"),
        false => format!("{line_end}{lines}"),
    };
    let edits = Edits::new(vec![(Span::empty(text.len()), new)])?;
    let tree = Tree::parse(edits.apply(text));
    Some((edits, tree))
}

/// The text without its only field, if just comments are left: as it was before that.
fn end<P: FieldWay>(tree: &Tree, op: &FieldOp<P>) -> Option<(Edits, Tree)> {
    let (text, lines): (&str, Span) = (tree.text(), op.last_lines(tree)?);
    let rest = &text[..lines.start as usize];
    let is_ended = lines.end as usize == text.len() && !text.ends_with('\n');
    let start = if is_ended {
        rest.strip_suffix('\n').map_or(rest, |rest| rest.strip_suffix('\r').unwrap_or(rest)).len()
    } else {
        rest.len()
    };
    let edits = Edits::new(vec![(Span::new(start, lines.end as usize), String::new())])?;
    let tree = Tree::parse(edits.apply(text));
    is_blank(&tree).then_some((edits, tree))
}

/// Whether each field has its value in the new texts, and nothing else of any job differs.
fn is_as_requested(
    before: &Opened<'_>,
    after: &mut Opened<'_>,
    bases: &[Base],
    ops: &[Vec<FieldOp>],
) -> Result<(), Diagnostic> {
    let unproved = |message: &str| Err(refused(ids::EDIT_UNPROVED, before.start(), message));
    if before.jobs.len() != after.jobs.len() {
        let message = "the change would add or remove jobs";
        let help = "`promcfg remove-job`, `add-job` and `copy-job` change the list of jobs";
        return Err(refused(ids::EDIT_LAYOUT, before.start(), message).with_help(help));
    }
    let mut changed: Vec<Vec<&FieldPath>> = vec![Vec::new(); before.jobs.len()];
    let pairs: Vec<(&Base, &Vec<FieldOp>)> = bases.iter().zip(ops).collect();
    for of_file in by_file(&pairs) {
        let base = of_file[0].0;
        let tree = after.tree(base.job.map_or(base.file, |job| after.jobs[job].file));
        let mut places = Places::of(&tree);
        let is_done = |(base, ops): &(&Base, &Vec<FieldOp>)| match places.node(&base.way) {
            Some(root) => ops.iter().all(|op| op.is_done_after(root)),
            None => base.way.is_empty() && ops.iter().all(|op| op.is_done_in(None)),
        };
        if !of_file.iter().all(is_done) {
            let brought = of_file.iter().find_map(|(base, ops)| {
                let root = places.node(&base.way)?;
                Some((base, ops.iter().find_map(|op| op.brought_back(root))?))
            });
            if let Some((base, field)) = brought {
                let at = base.job.map_or_else(|| before.start(), |job| place_of(&before.jobs[job]));
                let message = format!("without `{field}`, the value that the merge key `<<` brings would apply");
                return Err(refused(ids::EDIT_LAYOUT, at, message).with_help(format!(
                    "set `{field}` to another value, or remove it where the merge key brings it from"
                )));
            }
            return unproved("a field does not have the requested value in the changed text");
        }
    }
    for (base, ops) in bases.iter().zip(ops) {
        for path in ops.iter().map(FieldOp::path) {
            match base.job {
                Some(job) => changed[job].push(path),
                None => changed.iter_mut().for_each(|paths| paths.push(path)),
            }
        }
    }
    let jobs = before.jobs.iter().zip(&after.jobs).zip(&changed);
    let is_same = |((old, new), paths): ((&ScrapeConfig, &ScrapeConfig), &Vec<&FieldPath>)| {
        if paths.is_empty() {
            return !old.is_valid || !new.is_valid || has_same_results(old, new);
        }
        let mut expected = old.clone();
        paths.iter().for_each(|path| follow(&mut expected, new, path));
        !old.is_valid || !new.is_valid || has_same_results(&expected, new)
    };
    match jobs.into_iter().all(is_same) {
        true => Ok(()),
        false => unproved("the changed text would also change something else of a job"),
    }
}

/// What becomes of the jobs that differ, and of those whose fields were asked for.
pub(super) fn job_changes(
    before: &mut Opened<'_>,
    after: &mut Opened<'_>,
    asked: &[usize],
) -> Result<Vec<JobChange>, Diagnostic> {
    let olds = std::mem::take(&mut before.jobs);
    let news = std::mem::take(&mut after.jobs);
    let asked: FxHashSet<usize> = asked.iter().copied().collect();
    let mut patterns = RegexCache::new();
    let (mut changes, mut outcome) = (Vec::new(), Ok(()));
    for (index, (old, new)) in olds.iter().zip(&news).enumerate() {
        let is_same = has_same_results(old, new) && old.file_sd_configs.len() == new.file_sd_configs.len();
        if is_same && !asked.contains(&index) {
            continue;
        }
        let results = [results_of(before, old, &mut patterns), results_of(after, new, &mut patterns)];
        let [(old_results, known), (new_results, _)] = results;
        let effect = match (old_results, new_results) {
            (Some(results), Some(new_results)) => {
                outcome = outcome.and_then(|()| refuse_same_results(before, old, (&results, &new_results)));
                compare(&results, &new_results)
            }
            (None, _) | (_, None) => Effect::default(),
        };
        let at = Location::new(old.file, old.job_name.span);
        changes.push(JobChange {
            job: old.job_name.value.clone(),
            file: before.sources.name(before.sources.outermost(at).file).to_string(),
            grade: Grade::Proved,
            known,
            effect,
            ..JobChange::default()
        });
    }
    (before.jobs, after.jobs) = (olds, news);
    outcome.map(|()| changes)
}

/// The jobs whose interval or timeout changes, because they inherit it.
fn changed_intervals(before: &Opened<'_>, after: &Opened<'_>, bases: &[Base]) -> Vec<String> {
    if bases.iter().any(|base| base.job.is_some()) {
        return Vec::new();
    }
    const MOST_NAMES: usize = 5;
    let differing = |of: fn(&ScrapeConfig) -> Duration| -> Vec<String> {
        let jobs = before.jobs.iter().zip(&after.jobs).filter(|(old, new)| of(old) != of(new));
        jobs.map(|(old, _)| old.job_name.value.clone()).collect()
    };
    let words = |key: &str, jobs: Vec<String>| {
        let named: Vec<&str> = jobs.iter().take(MOST_NAMES).map(String::as_str).collect();
        let more = jobs.len().saturating_sub(MOST_NAMES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let word = if jobs.len() == 1 { "job" } else { "jobs" };
        (!jobs.is_empty()).then(|| format!("the {key} changes in {} {word}: {}{more}", jobs.len(), named.join(", ")))
    };
    let intervals = words("scrape_interval", differing(|job| job.scrape_interval));
    let timeouts = words("scrape_timeout", differing(|job| job.scrape_timeout));
    intervals.into_iter().chain(timeouts).collect()
}
