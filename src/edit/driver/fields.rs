//! Edits of fields by their paths: of the config as a whole, or of jobs.
//!
//! 1. **place**: each operation must find its place in the text; no other part of the text may use it;
//! 1. **prove**: the new tree must be the old one with just these operations, and each comment at its place or gone with the
//!    field that it belongs to. The new files are read as a whole: they must have no new error and the same jobs, each field
//!    must have its value, and nothing else of any job may differ but what follows from the field by inheritance;
//! 1. **effect**: the targets of all jobs that differ are simulated before and after. Jobs whose targets only discovery
//!    knows get the field as well; of these, the change of the field is all that is said.

use std::cell::RefCell;

use crate::config::{Duration, FieldPath, FieldRoot, ScrapeConfig, Step};
use crate::diagnostic::{Diagnostic, ids};
use crate::effect::{Effect, compare};
use crate::re2::RegexCache;
use crate::simulate::{JobResult, JobSimulator, Simulation, targets_of_group};
use crate::text::{Edits, FileId, Location, Span};
use crate::yaml::{Node, NodeKind, Tree};
use crate::yaml_edit::{Plan, prove};

use super::super::change::{ConfigChange, FieldChange};
use super::super::claim::{Grade, JobChange};
use super::super::open::{EditedFiles, EditedText, Opened, is_blank};
use super::super::ops::{FieldOp, FieldWay, Nodes, Shared, node_at, shown_value};
use super::super::overlay::Overlay;
use super::super::request::{EditError, Selection, refused};
use super::choose::whole_effect;
use super::place::changes_shared;
use super::prove::{has_same_results, new_fault, no_new_errors};
use super::same_labels::refuse_same_results;
use super::select::{has_jobs, is_readable, named_jobs};
use super::trial::known_others;
use super::unproved::explain;

/// What is to be done to fields.
pub(in crate::edit) struct FieldsRequest<'r> {
    pub(in crate::edit) ops: Vec<FieldOp>,
    /// The jobs; `None` where the paths begin at the top.
    pub(in crate::edit) jobs: Option<&'r Selection>,
    /// Whether a value that is inherited anyway is removed rather than written.
    pub(in crate::edit) minimal: bool,
}

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
        Some(_) => jobs.iter().map(|job| job_base(opened, *job)).collect::<Result<Vec<_>, Diagnostic>>()?,
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

fn job_base(opened: &mut Opened<'_>, index: usize) -> Result<Base, Diagnostic> {
    let (file, tree) = (opened.jobs[index].file, opened.tree(opened.jobs[index].file));
    let shared = RefCell::<Shared>::default();
    let nodes = Nodes { file, tree: &tree, shared: changes_shared(opened).then_some(&shared) };
    let node = nodes.job(&opened.jobs[index])?;
    Ok(Base { file, job: Some(index), way: way_to(node) })
}

/// The numbers of the children that lead to a node.
pub(super) fn way_to(node: Node<'_>) -> Vec<usize> {
    let mut way = Vec::new();
    let mut node = node;
    while let Some(parent) = node.parent() {
        way.extend(children(parent).position(|child| child.id() == node.id()));
        node = parent;
    }
    way.reverse();
    way
}

fn children<'t>(node: Node<'t>) -> impl Iterator<Item = Node<'t>> {
    node.items().chain(node.entries().map(|(_, value)| value))
}

impl Base {
    fn node<'t>(&self, tree: &'t Tree) -> Option<Node<'t>> {
        node_on(tree, &self.way)
    }
}

/// The node at the end of a way.
pub(super) fn node_on<'t>(tree: &'t Tree, way: &[usize]) -> Option<Node<'t>> {
    way.iter().try_fold(tree.root()?, |node, number| children(node).nth(*number))
}

/// The operations on a base; with `minimal`, what is inherited anyway is not written.
fn ops_of(opened: &mut Opened<'_>, base: &Base, request: &FieldsRequest<'_>) -> Vec<FieldOp> {
    let minimal = |opened: &mut Opened<'_>, op: &FieldOp| match op {
        FieldOp::Set { path, value } if request.minimal => {
            let is_inherited =
                inherited(opened, base, path).is_some_and(|(own, _)| path.is_same_value(&own, &value.to_string()));
            is_inherited.then(|| FieldOp::Unset { path: path.clone() })
        }
        FieldOp::Set { .. } | FieldOp::Unset { .. } => None,
    };
    request.ops.iter().map(|op| minimal(opened, op).unwrap_or_else(|| op.clone())).collect()
}

/// The value that the field has where it is not given, and where it comes from.
fn inherited(opened: &mut Opened<'_>, base: &Base, path: &FieldPath) -> Option<(String, &'static str)> {
    let default = || Some((path.default().to_string(), "the default")).filter(|(value, _)| !value.is_empty());
    let (Some(job), Some(key)) = (base.job, path.inherited_key()) else { return default() };
    let file = if opened.is_inner(base.file) { base.file } else { opened.file };
    let tree = opened.tree(file);
    let global = |key: &str| {
        let steps = [Step::Key("global".to_string()), Step::Key(key.to_string())];
        let node = node_at(tree.root()?, &steps).filter(|node| node.kind() == NodeKind::Scalar && !node.is_null())?;
        Some(node.value().to_string())
    };
    let of_global = global(key).map(|value| (value, "global")).or_else(|| {
        let path = FieldPath::parse(&format!("global.{key}"), FieldRoot::Config, opened.options.release).ok()?;
        let default = if key == "scrape_timeout" { "10s" } else { path.default() };
        Some((default.to_string(), "the default")).filter(|(value, _)| !value.is_empty())
    })?;
    // The timeout of a job that scrapes more often is its interval.
    let interval = opened.jobs[job].scrape_interval;
    let is_cut = key == "scrape_timeout" && Duration::parse(&of_global.0).is_ok_and(|timeout| timeout > interval);
    if is_cut { None } else { Some(of_global) }
}

fn changed(opened: &mut Opened<'_>, bases: &[Base], request: &FieldsRequest<'_>) -> Result<ConfigChange, Diagnostic> {
    let ops: Vec<Vec<FieldOp>> = bases.iter().map(|base| ops_of(opened, base, request)).collect();
    let mut change = ConfigChange::of_fields();
    for (base, ops) in bases.iter().zip(&ops) {
        describe_fields(opened, base, ops, &mut change);
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

fn jobs_of(bases: &[Base]) -> Vec<usize> {
    bases.iter().filter_map(|base| base.job).collect()
}

/// What is said of the fields of a base.
fn describe_fields(opened: &mut Opened<'_>, base: &Base, ops: &[FieldOp], change: &mut ConfigChange) {
    let tree = opened.tree(base.file);
    let root = base.node(&tree);
    let job = base.job.map(|job| opened.jobs[job].job_name.value.clone());
    let open: Vec<&FieldOp> = ops.iter().filter(|op| !op.is_done_in(root)).collect();
    if open.is_empty() {
        change.jobs_with_nothing_to_do.push(job.unwrap_or_default());
        return;
    }
    for op in open {
        let path = op.path();
        let shown = |text: String| if path.is_secret() { "<secret>".to_string() } else { text };
        let before = root.and_then(|root| node_at(root, path.steps())).map(|node| shown(in_one_line(node)));
        let after = match op {
            FieldOp::Set { value, .. } => Some(shown(shown_value(value))),
            FieldOp::Unset { .. } => None,
        };
        let inherited = inherited(opened, base, path).map(|(value, from)| (shown(value), from));
        let at = Location::new(base.file, root.map_or(Span::empty(0), Node::full_span));
        let file = opened.sources.name(opened.sources.outermost(at).file).to_string();
        change.fields.push(FieldChange {
            job: job.clone(),
            file,
            path: path.text().to_string(),
            before,
            after,
            inherited,
        });
    }
}

/// A value as it is written; several lines are only named.
pub(super) fn in_one_line(node: Node<'_>) -> String {
    const LONGEST: usize = 60;
    let written = node.span().of(node.tree().text());
    match node.kind() {
        NodeKind::Scalar if node.value().len() <= LONGEST && !node.value().contains('\n') => node.value().to_string(),
        _ if written.len() <= LONGEST && !written.contains(['\n', '\r']) && node.is_flow() => written.to_string(),
        NodeKind::Sequence => "another list".to_string(),
        NodeKind::Mapping => "another mapping".to_string(),
        NodeKind::Scalar | NodeKind::Alias => "another text".to_string(),
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
            let Some((edits, new)) = make(tree, file, &of_number, changes_shared(opened))? else { continue };
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
    let try_at = |at_end: bool| {
        let (mut plan, shared) = (Plan::new(tree), RefCell::<Shared>::default());
        let nodes = Nodes { file, tree, shared: changes_shared.then_some(&shared) };
        let mut is_done = true;
        for (way, op) in ops {
            let Some(root) = node_on(tree, way) else { continue };
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
        nodes.used_only_by(&[])?;
        nodes.keeps_anchors(&plan)?;
        match is_done {
            true => Ok(None),
            false => prove(&plan).map(Some).map_err(|unproved| explain(unproved, file)),
        }
    };
    try_at(false).or_else(|refusal| try_at(true).map_err(|_| refusal))
}

/// The first field of a text that has nothing but comments: after these.
fn begin<P: FieldWay>(tree: &Tree, op: &FieldOp<P>) -> Option<(Edits, Tree)> {
    let text = tree.text();
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut new = if text.is_empty() || text.ends_with('\n') { String::new() } else { line_end.to_string() };
    for line in op.first_lines()? {
        new.push_str(&line);
        new.push_str(line_end);
    }
    let edits = Edits::new(vec![(Span::empty(text.len()), new)])?;
    let tree = Tree::parse(edits.apply(text));
    Some((edits, tree))
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
        return unproved("the changed text has other jobs");
    }
    let mut changed: Vec<Vec<&FieldPath>> = vec![Vec::new(); before.jobs.len()];
    for (base, ops) in bases.iter().zip(ops) {
        let file = base.job.map_or(base.file, |job| after.jobs[job].file);
        let tree = after.tree(file);
        if !ops.iter().all(|op| base.node(&tree).is_some_and(|root| op.is_done(root))) {
            return unproved("a field does not have the requested value in the changed text");
        }
        for path in ops.iter().map(FieldOp::path) {
            match base.job {
                Some(job) => changed[job].push(path),
                None => changed.iter_mut().for_each(|paths| paths.push(path)),
            }
        }
    }
    let jobs = before.jobs.iter().zip(&after.jobs).zip(&changed);
    let is_same = |((old, new), paths): ((&ScrapeConfig, &ScrapeConfig), &Vec<&FieldPath>)| {
        let mut expected = old.clone();
        paths.iter().for_each(|path| follow(&mut expected, new, path));
        !old.is_valid || !new.is_valid || has_same_results(&expected, new)
    };
    match jobs.into_iter().all(is_same) {
        true => Ok(()),
        false => unproved("the changed text would also change something else of a job"),
    }
}

/// Takes over from `new` what can follow from a change of this field.
fn follow(job: &mut ScrapeConfig, new: &ScrapeConfig, path: &FieldPath) {
    let is_own = |key: &str, job: &ScrapeConfig| job.field(key).is_some();
    let (of_global, key) = match path.first_key() {
        "global" => match path.steps() {
            [_, Step::Key(key), ..] => (true, key.as_str()),
            _ => (true, ""),
        },
        "scrape_configs" => {
            *job = new.clone();
            return;
        }
        key => (false, key),
    };
    // A job that has the field itself does not inherit it.
    if of_global && is_own(key, job) && !matches!(key, "scrape_interval" | "scrape_timeout") {
        return;
    }
    match key {
        "job_name" => job.job_name.clone_from(&new.job_name),
        "scrape_interval" | "scrape_timeout" => {
            (job.scrape_interval, job.scrape_timeout) = (new.scrape_interval, new.scrape_timeout);
        }
        "honor_labels" => job.honor_labels = new.honor_labels,
        "metrics_path" => job.metrics_path.clone_from(&new.metrics_path),
        "scheme" => job.scheme.clone_from(&new.scheme),
        "params" => job.params.clone_from(&new.params),
        "target_limit" => job.target_limit = new.target_limit,
        "sample_limit" => job.sample_limit = new.sample_limit,
        "label_limit" => job.label_limit = new.label_limit,
        "label_name_length_limit" => job.label_name_length_limit = new.label_name_length_limit,
        "label_value_length_limit" => job.label_value_length_limit = new.label_value_length_limit,
        "metric_name_validation_scheme" => job.name_scheme = new.name_scheme,
        "static_configs" => job.static_configs.clone_from(&new.static_configs),
        "relabel_configs" => job.relabel_configs.clone_from(&new.relabel_configs),
        "metric_relabel_configs" => job.metric_relabel_configs.clone_from(&new.metric_relabel_configs),
        "" => *job = new.clone(),
        _ => {}
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

/// The results of the known targets of a job, and their number.
fn results_of(opened: &mut Opened<'_>, job: &ScrapeConfig, patterns: &mut RegexCache) -> (Option<Simulation>, usize) {
    let others = known_others(opened, job);
    let known = job.static_configs.iter().map(|group| group.targets.len()).sum::<usize>() + others.len();
    let mut result: JobResult = JobSimulator::outline(job);
    let Ok(mut simulator) = JobSimulator::with_patterns(patterns, job, false) else { return (None, known) };
    let placed = job.static_configs.iter().flat_map(targets_of_group).chain(others.iter());
    result.targets.extend(placed.map(|placed| simulator.simulate(&placed)));
    (Some(Simulation { jobs: vec![result], ..Simulation::default() }), known)
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
