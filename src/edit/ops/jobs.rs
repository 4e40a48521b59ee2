//! Operations on the list of jobs, and on the targets of jobs.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{RelabelRule, ScrapeConfig, TargetGroup};
use crate::diagnostic::{Diagnostic, ids};
use crate::text::{Edits, FileId, Location, Span, Spanned};
use crate::yaml::{Node, NodeKind, Tree};
use crate::yaml_edit::Plan;

use super::super::request::refused;
use super::super::target_groups::FILE_PATH_LABEL;
use super::leaving::{self, Leaving};
use super::new::{JobLabel, NewGroup, NewJob, NewLabel, NewTarget, unwritten};
use super::new_file;
use super::nodes::Nodes;
use super::targets::{self, GroupToWrite, WrittenTexts};
use super::{file_entry, items};

/// A change of what a config scrapes. Jobs are named by their indices before the change.
#[derive(Clone, Debug)]
pub(in crate::edit) enum JobOp {
    /// The job is gone, with the comments that belong to it.
    Remove { job: usize },
    /// Targets are gone from their group, with their comments; a group without targets goes with them, and a list without
    /// groups, unless an empty list may stay in their place. The job is one of those that have the group.
    RemoveTargets { job: usize, group: Location, targets: FxHashSet<Span>, may_stay: bool },
    /// Targets more, at the end of a group. The job is one of those that have the group.
    AddTargets { job: usize, group: Location, targets: Vec<NewTarget> },
    /// A group more, at the end of the groups that the file has for the job.
    AddGroup { job: usize, file: FileId, targets: Vec<NewTarget>, labels: Vec<NewLabel> },
    /// The text of a new target file of the job; so many of the job's groups come after those in it.
    FillFile { job: usize, file: FileId, name: String, after: usize, groups: Vec<NewGroup> },
    /// The job reads a target file more.
    AddFileEntry { job: usize, path: String },
    /// A job more, after another one or at the end of the list of the file.
    Add { file: FileId, after: Option<usize>, job: Box<NewJob> },
    /// The job has another name.
    Rename { job: usize, name: String, label: JobLabel },
    /// A job more after this one: the same with another name.
    Copy { job: usize, name: String },
}

/// A job after the changes.
pub(in crate::edit) struct Expected<'j> {
    /// Its index before the changes.
    pub(in crate::edit) origin: Option<usize>,
    pub(in crate::edit) job: Cow<'j, ScrapeConfig>,
}

impl JobOp {
    /// The jobs after the changes, as they are to be.
    pub(in crate::edit) fn try_all<'j>(ops: &[Self], jobs: &'j [ScrapeConfig]) -> Vec<Expected<'j>> {
        let expected = |(index, job)| Expected { origin: Some(index), job: Cow::Borrowed(job) };
        let mut all: Vec<Expected<'j>> = jobs.iter().enumerate().map(expected).collect();
        let mut gone: FxHashSet<usize> = FxHashSet::default();
        change_groups(ops, &mut all);
        for op in ops {
            match op {
                Self::Remove { job } => drop(gone.insert(*job)),
                // In one pass over all groups, before.
                Self::RemoveTargets { .. } | Self::AddTargets { .. } => {}
                // The groups of the file are those of the job.
                Self::AddFileEntry { .. } => {}
                Self::FillFile { job, file, name, after, groups } => {
                    for own in all.iter_mut().filter(|own| own.origin == Some(*job)) {
                        let own = &mut own.job.to_mut().static_configs;
                        let at = own.len().saturating_sub(*after);
                        own.splice(at..at, groups.iter().map(|group| group.typed(*file, Some(name))));
                    }
                }
                Self::AddGroup { job, file, targets, labels } => {
                    let group = new_group(*file, targets, labels);
                    each_reader(&mut all, *job, *file, |own| {
                        let mut group = group.clone();
                        group.labels.extend(path_label(own, *file));
                        own.static_configs.insert(end_of(own, *file), group);
                    });
                }
                Self::Add { file, after, job } => {
                    let last = match after {
                        Some(after) => all.iter().position(|own| own.origin == Some(*after)),
                        None => all.iter().rposition(|own| own.job.file == *file),
                    };
                    let typed = ScrapeConfig { file: *file, ..job.typed.clone() };
                    all.insert(last.map_or(0, |last| last + 1), Expected { origin: None, job: Cow::Owned(typed) });
                }
                Self::Rename { job, name, label } => {
                    for own in all.iter_mut().filter(|own| own.origin == Some(*job)) {
                        let old = own.job.job_name.value.clone();
                        let own = own.job.to_mut();
                        own.job_name.value.clone_from(name);
                        match label {
                            JobLabel::Follows => {}
                            JobLabel::IsKept => {
                                let rule = RelabelRule::new(items::keeping_rule(&old, name).spec, Span::empty(0));
                                own.relabel_configs.insert(0, rule);
                            }
                            JobLabel::WasKept => drop(own.relabel_configs.remove(0)),
                        }
                    }
                }
                Self::Copy { job, name } => {
                    let Some(place) = all.iter().position(|own| own.origin == Some(*job)) else { continue };
                    let mut copy = all[place].job.clone().into_owned();
                    copy.job_name.value.clone_from(name);
                    all.insert(place + 1, Expected { origin: None, job: Cow::Owned(copy) });
                }
            }
        }
        all.retain(|expected| expected.origin.is_none_or(|origin| !gone.contains(&origin)));
        all
    }

    /// The file that it changes.
    pub(in crate::edit) fn file(&self, jobs: &[ScrapeConfig]) -> FileId {
        match self {
            Self::Remove { job } => jobs[*job].file,
            Self::RemoveTargets { group, .. } | Self::AddTargets { group, .. } => group.file,
            Self::AddGroup { file, .. } | Self::Add { file, .. } | Self::FillFile { file, .. } => *file,
            Self::AddFileEntry { job, .. } => jobs[*job].file,
            Self::Rename { job, .. } | Self::Copy { job, .. } => jobs[*job].file,
        }
    }

    /// The group that loses all of its targets, and the first of these.
    pub(in crate::edit) fn emptied_group(&self, jobs: &[ScrapeConfig]) -> Option<(Location, Location)> {
        let Self::RemoveTargets { job, group, targets, .. } = self else { return None };
        let own = jobs.get(*job)?.static_configs.iter().find(|own| own.at() == *group)?;
        let first = own.targets.first().filter(|_| own.targets.iter().all(|target| targets.contains(&target.span)))?;
        Some((*group, Location::new(group.file, first.span)))
    }

    /// The targets and labels that it writes as they are written elsewhere.
    pub(in crate::edit) fn origins(&self) -> Vec<Location> {
        match self {
            Self::Remove { .. }
            | Self::RemoveTargets { .. }
            | Self::Add { .. }
            | Self::AddFileEntry { .. }
            | Self::Rename { .. }
            | Self::Copy { .. } => Vec::new(),
            Self::FillFile { groups, .. } => {
                groups.iter().flat_map(|group| &group.targets).filter_map(|target| target.from).collect()
            }
            Self::AddTargets { targets, .. } => targets.iter().filter_map(|target| target.from).collect(),
            Self::AddGroup { targets, labels, .. } => {
                let of_labels = labels.iter().filter_map(|label| label.from);
                targets.iter().filter_map(|target| target.from).chain(of_labels).collect()
            }
        }
    }

    /// The text of a file without nodes that could be changed, with what it gets: a job at the end of a config that has
    /// only comments, or the groups of a new target file. Whether it reads as requested is left to the caller.
    ///
    /// # Errors
    /// The file has no place for a comment that moves.
    pub(in crate::edit) fn new_text(
        ops: &[&Self],
        tree: &Tree,
        written: &WrittenTexts,
    ) -> Result<Option<(Edits, Tree)>, Diagnostic> {
        if tree.root().is_some_and(|root| root.kind() != NodeKind::Scalar || !root.full_span().is_empty()) {
            return Ok(None);
        }
        match ops {
            [Self::Add { job, .. }] => Ok(items::text_with_job(tree.text(), job)),
            [Self::FillFile { name, groups, .. }] => new_file::text_of_file(name, groups, written),
            _ => Ok(None),
        }
    }

    /// Notes the changes of one file down as operations on its tree.
    ///
    /// # Errors
    /// A job or a target has no place of its own, or another place uses a part of it.
    pub(in crate::edit) fn note_down_all<'t>(
        ops: &[&Self],
        plan: &mut Plan<'t>,
        nodes: Nodes<'t>,
        jobs: &[ScrapeConfig],
        written: &WrittenTexts,
    ) -> Result<(), Diagnostic> {
        let (mut removed, mut leaving) = (Vec::new(), Vec::new());
        for op in ops {
            match op {
                Self::Remove { job } => removed.push(nodes.written_job(&jobs[*job])?),
                Self::RemoveTargets { job, group, targets, may_stay } => {
                    leaving.push(Leaving { job: &jobs[*job], group: *group, targets, may_stay: *may_stay });
                }
                // Those without a node yet: see `new_text`.
                Self::FillFile { .. } => {}
                Self::AddTargets { .. }
                | Self::AddGroup { .. }
                | Self::Add { .. }
                | Self::AddFileEntry { .. }
                | Self::Rename { .. }
                | Self::Copy { .. } => {}
            }
        }
        for added in added_together(ops) {
            // Jobs that share a part ask for the same change of it.
            if nodes.shared.is_some() {
                let mut own = Plan::new(nodes.tree);
                Self::note_down(&added, &mut own, nodes, jobs, written)?;
                if own.is_in(plan) {
                    continue;
                }
            }
            Self::note_down(&added, plan, nodes, jobs, written)?;
        }
        let leaving = add_file_entries(ops, plan, nodes, jobs, leaving)?;
        leaving::remove_targets(plan, nodes, &leaving)?;
        remove_jobs(plan, nodes, removed)
    }

    /// Notes changes down that are one: groups of a list, or a change by itself.
    fn note_down<'t>(
        ops: &[&Self],
        plan: &mut Plan<'t>,
        nodes: Nodes<'t>,
        jobs: &[ScrapeConfig],
        written: &WrittenTexts,
    ) -> Result<(), Diagnostic> {
        let Some(first) = ops.first() else { return Ok(()) };
        match first {
            Self::Remove { .. } | Self::RemoveTargets { .. } | Self::FillFile { .. } | Self::AddFileEntry { .. } => {
                Ok(())
            }
            Self::AddTargets { job, group, targets } => {
                targets::add_to_group(plan, nodes, &jobs[*job], *group, targets, written)
            }
            Self::AddGroup { job, .. } => {
                let groups: Vec<GroupToWrite<'_>> = ops.iter().filter_map(|op| op.new_group()).collect();
                targets::add_groups(plan, nodes, &jobs[*job], &groups, written)
            }
            Self::Add { after, job, .. } => items::add_job(plan, nodes, job, after.map(|after| &jobs[after])),
            Self::Rename { job, name, label } => items::rename_job(plan, nodes, &jobs[*job], name, *label),
            Self::Copy { job, name } => items::copy_job(plan, nodes, &jobs[*job], name),
        }
    }

    /// The group that it adds.
    pub(super) fn new_group(&self) -> Option<GroupToWrite<'_>> {
        match self {
            Self::AddGroup { targets, labels, .. } => Some((targets, labels)),
            Self::Remove { .. }
            | Self::RemoveTargets { .. }
            | Self::AddTargets { .. }
            | Self::Add { .. }
            | Self::FillFile { .. }
            | Self::AddFileEntry { .. }
            | Self::Rename { .. }
            | Self::Copy { .. } => None,
        }
    }

    /// The group of a target file that it changes.
    pub(in crate::edit) fn group(&self) -> Option<Location> {
        match self {
            Self::RemoveTargets { group, .. } | Self::AddTargets { group, .. } => Some(*group),
            Self::Remove { .. }
            | Self::AddGroup { .. }
            | Self::Add { .. }
            | Self::FillFile { .. }
            | Self::AddFileEntry { .. }
            | Self::Rename { .. }
            | Self::Copy { .. } => None,
        }
    }
}

/// The changes that add something, those of one list of groups together. A new group goes to the end of a list, where also
/// a target of its last group can go: that comes first.
fn added_together<'o>(ops: &[&'o JobOp]) -> Vec<Vec<&'o JobOp>> {
    let is_of_group = |op: &&JobOp| matches!(op, JobOp::AddTargets { .. });
    let mut all: Vec<Vec<&'o JobOp>> = ops.iter().copied().filter(is_of_group).map(|op| vec![op]).collect();
    for op in ops.iter().copied().filter(|op| !is_of_group(op)) {
        let is_same_list = |other: &Vec<&JobOp>| match (other.first(), op) {
            (Some(JobOp::AddGroup { job, file, .. }), JobOp::AddGroup { job: own, file: of_own, .. }) => {
                (job, file) == (own, of_own)
            }
            (_, _) => false,
        };
        match all.iter_mut().find(|other| is_same_list(other)) {
            Some(other) => other.push(op),
            None => all.push(vec![op]),
        }
    }
    all
}

/// Adds target files to jobs. `static_configs` that lose all targets give way to them, or leave them their comments; what
/// is still to be removed is given back.
fn add_file_entries<'t, 'o>(
    ops: &[&'o JobOp],
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    jobs: &[ScrapeConfig],
    mut leaving: Vec<Leaving<'o>>,
) -> Result<Vec<Leaving<'o>>, Diagnostic> {
    for op in ops {
        let JobOp::AddFileEntry { job, path } = op else { continue };
        let own = &jobs[*job];
        let loses_all = leaving::loses_all(own, &leaving);
        if file_entry::add_file_entry(plan, nodes, own, path, loses_all)? {
            leaving.retain(|other| other.job.span != own.span);
        }
    }
    for own in leaving.iter().filter(|own| !own.may_stay && own.job.file == nodes.file) {
        let is_first = leaving.iter().find(|other| other.job.span == own.job.span);
        if is_first.is_some_and(|first| first.group == own.group) && leaving::loses_all(own.job, &leaving) {
            file_entry::carry_comments(plan, nodes, own.job)?;
        }
    }
    Ok(leaving)
}

/// A group as it is to be read from `file`.
fn new_group(file: FileId, targets: &[NewTarget], labels: &[NewLabel]) -> TargetGroup {
    let labels = labels.iter().map(|label| (unwritten(&label.name), unwritten(&label.value)));
    let targets = targets.iter().map(NewTarget::typed).collect();
    TargetGroup { file, span: Span::empty(0), targets, labels: labels.collect() }
}

/// The label that file discovery gives to the groups of a target file of a job.
pub(in crate::edit) fn path_label(job: &ScrapeConfig, file: FileId) -> Option<(Spanned<String>, Spanned<String>)> {
    let group = job.static_configs.iter().find(|group| group.file == file)?;
    group.labels.iter().find(|(name, _)| name.value == FILE_PATH_LABEL && name.span.is_empty()).cloned()
}

/// Where a new group of `file` is among the groups of a job.
fn end_of(job: &ScrapeConfig, file: FileId) -> usize {
    let last = job.static_configs.iter().rposition(|group| group.file == file);
    let is_own = |group: &TargetGroup| group.file == job.file;
    last.map_or_else(|| job.static_configs.iter().take_while(|group| is_own(group)).count(), |last| last + 1)
}

/// Adds targets to groups, and removes them, in all jobs that have the group.
fn change_groups(ops: &[JobOp], jobs: &mut [Expected<'_>]) {
    let (mut gone, mut added) = (FxHashMap::default(), FxHashMap::<Location, Vec<&NewTarget>>::default());
    for op in ops {
        match op {
            JobOp::RemoveTargets { group, targets, .. } => drop(gone.insert(*group, targets)),
            JobOp::AddTargets { group, targets, .. } => added.entry(*group).or_default().extend(targets),
            JobOp::Remove { .. }
            | JobOp::AddGroup { .. }
            | JobOp::Add { .. }
            | JobOp::FillFile { .. }
            | JobOp::AddFileEntry { .. }
            | JobOp::Rename { .. }
            | JobOp::Copy { .. } => {}
        }
    }
    let is_changed = |group: &TargetGroup| gone.contains_key(&group.at()) || added.contains_key(&group.at());
    for job in jobs.iter_mut().filter(|own| own.job.static_configs.iter().any(is_changed)) {
        job.job.to_mut().static_configs.retain_mut(|group| {
            let (gone, added) = (gone.get(&group.at()), added.get(&group.at()));
            if let Some(gone) = gone {
                group.targets.retain(|target| !gone.contains(&target.span));
            }
            group.targets.extend(added.into_iter().flatten().map(|target| target.typed()));
            gone.is_none() || !group.targets.is_empty()
        });
    }
}

/// Changes all jobs with groups of a target file, or the job that the file has.
fn each_reader(jobs: &mut [Expected<'_>], job: usize, file: FileId, change: impl Fn(&mut ScrapeConfig)) {
    if let Some(own) = jobs.get_mut(job).filter(|own| own.job.file == file) {
        return change(own.job.to_mut());
    }
    for (index, own) in jobs.iter_mut().enumerate() {
        if index == job || (own.job.static_configs.iter().any(|group| group.file == file)) {
            change(own.job.to_mut());
        }
    }
}

fn remove_jobs<'t>(plan: &mut Plan<'t>, nodes: Nodes<'t>, mut removed: Vec<Node<'t>>) -> Result<(), Diagnostic> {
    removed.sort_by_key(|node| node.id());
    let Some(first) = removed.first() else { return Ok(()) };
    let Some(list) = first.parent().filter(|parent| parent.kind() == NodeKind::Sequence) else {
        let at = Location::new(nodes.file, first.full_span());
        return Err(refused(ids::EDIT_LAYOUT, at, "the file is the job itself, not a list of jobs")
            .with_help("delete the file"));
    };
    let removed: Vec<_> = removed.iter().map(|node| node.id()).collect();
    plan.remove_elements(list, &removed).map_err(|obstacle| nodes.obstacle(&obstacle))
}
