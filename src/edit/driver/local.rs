//! Edits of single jobs of a config: of the jobs, only those meant are read, one at a time, and of the new text only their
//! items. Nothing of a job is held once its edits are proved.
//!
//! # Why the outcome is that of reading everything
//!
//! - The config is one that [`CutConfig`] cuts: no alias carries anything from one job to another. So a job read alone, with
//!   the globals, is the job that it is in the whole config, with the faults that it has there.
//! - No two jobs have the same name, and no change of a job gives it another one: this is the only thing in which
//!   Prometheus compares jobs.
//! - The new text is the old one with other items in the place of those of the changed jobs, as
//!   [`Items`](crate::yaml_edit::Items) proves. What was wrong elsewhere is wrong now, nothing new can be: a new error could
//!   only be in the new items. They are read and must have none.
//! - The target files are those of the old text: an edit that reaches one is not made here.
//!
//! Where one of these conditions is not certain, this module gives no outcome, and the whole text is read.

use std::cell::Cell;

use rustc_hash::FxHashSet;

use crate::config::{CutConfig, Global, Head, ScrapeConfig, Shape};
use crate::diagnostic::Diagnostic;
use crate::re2::RegexCache;
use crate::simulate::select_names;
use crate::text::{Edits, FileId, Sources, Span};
use crate::yaml::{Node, NodeKind, Tree};
use crate::yaml_edit::{EditedItem, Items};

use super::super::change::{ConfigChange, FileChange};
use super::super::claim::{Grade, JobChange};
use super::super::open::Opened;
use super::super::request::{EditError, Method};
use super::choose::{Chosen, Found, MOST_THOROUGH, of_job, whole_effect};
use super::command::Command;
use super::place::{ItemSite, Site};
use super::select::{check_conditions, check_scheme};
use super::trial::SharedFacts;

/// Makes the change that a command asks for. `None` where the jobs cannot be looked at one by one.
pub(super) fn run(opened: &mut Opened<'_>, command: &dyn Command) -> Option<Result<ConfigChange, EditError>> {
    let selection = command.selection();
    // Targets are looked for in all jobs.
    if !opened.is_unread() || !selection.targets.is_empty() || check_conditions(selection).is_err() {
        return None;
    }
    let (tree, sources) = (opened.tree(opened.file), opened.sources.clone());
    let globals = Global::of(opened.options.release);
    let cut = CutConfig::open(Shape::Config, &sources, opened.file, &tree, &globals, &opened.options)?;
    let jobs = Jobs::of(&cut.head, opened.file, &tree)?;
    let selected = match select_names(&jobs.names, &selection.jobs) {
        Ok(selected) => selected,
        Err(unknown) => return Some(Err(EditError::UnknownJobError(unknown))),
    };
    if selection.jobs.is_empty() && !selection.all_jobs && selected.len() != 1 {
        return None;
    }
    jobs.change(opened, command, &selected)
}

/// The jobs of a config as items of their list.
struct Jobs<'j> {
    head: &'j Head<'j>,
    items: Items<'j>,
    names: Vec<&'j str>,
    file: FileId,
    tree: &'j Tree,
}

/// What is made of the jobs so far.
#[derive(Default)]
struct Made {
    replacements: Vec<(Span, String)>,
    grade: Option<Grade>,
    jobs: Vec<JobChange>,
}

impl<'j> Jobs<'j> {
    fn of(head: &'j Head<'j>, file: FileId, tree: &'j Tree) -> Option<Self> {
        if head.includes() || head.jobs().is_empty() {
            return None;
        }
        let items = Items::of(head.list()?)?;
        let is_same = |(job, item): (&Node<'_>, &Node<'_>)| job.id() == item.id();
        if items.nodes().len() != head.jobs().len() || !head.jobs().iter().zip(items.nodes()).all(is_same) {
            return None;
        }
        let names: Vec<&str> = head.jobs().iter().map(|job| name_of(*job)).collect::<Option<_>>()?;
        let different: FxHashSet<&str> = names.iter().copied().collect();
        (different.len() == names.len()).then_some(Self { head, items, names, file, tree })
    }

    fn change(
        &self,
        opened: &mut Opened<'_>,
        command: &dyn Command,
        selected: &[usize],
    ) -> Option<Result<ConfigChange, EditError>> {
        let is_thorough = selected.len() <= MOST_THOROUGH;
        let (mut found, mut made, mut patterns) = (Found::default(), Made::default(), Patterns::default());
        let facts = SharedFacts::default();
        for &index in selected {
            let job = self.read(index, &mut patterns)?;
            if !is_editable(&job, command) {
                return None;
            }
            let item = self.items.get(index)?;
            let site = ItemSite { file: self.file, tree: self.tree, item, is_undecided: Cell::new(false) };
            let outcome = of_job(opened, Site::Item(&site), &job, command, is_thorough, &facts);
            if site.is_undecided.get() {
                return None;
            }
            let Some(chosen) = found.add(outcome, &job.job_name.value) else { continue };
            // One refusal refuses all.
            if !found.is_refused() {
                self.make(&mut made, &job, *chosen, &site, opened, &mut patterns)?;
            }
        }
        let change = match found.change(command, made.jobs.len()) {
            Ok(change) => change,
            Err(refusal) => return Some(Err(refusal)),
        };
        Some(Ok(self.with_files(change, made, opened)?))
    }

    /// The job as it is in the whole config.
    fn read(&self, index: usize, patterns: &mut Patterns) -> Option<ScrapeConfig> {
        let mut read = self.head.read(index..index + 1, patterns.take());
        patterns.give(std::mem::take(&mut read.patterns));
        read.jobs.pop()
    }

    /// Makes and proves the edits of a job. `None` where they are not proved.
    fn make(
        &self,
        made: &mut Made,
        job: &ScrapeConfig,
        chosen: Chosen,
        site: &ItemSite<'_>,
        opened: &Opened<'_>,
        patterns: &mut Patterns,
    ) -> Option<()> {
        let EditedItem { edits, tree } = site.edit(job, &chosen.ops).ok()??;
        let changed = self.read_changed(&tree, patterns)?;
        let is_as_claimed = chosen.claims().all(|claim| claim.holds(&changed));
        if !is_as_claimed || changed.job_name.value != job.job_name.value {
            return None;
        }
        made.replacements.extend(edits.iter().map(|edit| (edit.span, edit.text.clone())));
        made.grade = made.grade.max(Some(chosen.grade()));
        made.jobs.extend(chosen.describe(job, &opened.sources));
        Some(())
    }

    /// The job of a changed item, if it has no error.
    fn read_changed(&self, tree: &Tree, patterns: &mut Patterns) -> Option<ScrapeConfig> {
        let mut sources = Sources::new();
        let file = sources.add("", tree.text().clone());
        let item = tree.root()?.items().next()?;
        let mut read = self.head.read_changed(&sources, file, item, patterns.take());
        patterns.give(std::mem::take(&mut read.patterns));
        let is_refused = read.faults.iter().any(Diagnostic::is_error);
        read.jobs.pop().filter(|job| job.is_valid && !is_refused)
    }

    fn with_files(&self, change: ConfigChange, made: Made, opened: &Opened<'_>) -> Option<ConfigChange> {
        if made.jobs.is_empty() {
            return Some(change);
        }
        let edits = Edits::new(made.replacements)?;
        let file = FileChange::new(opened.name().to_string(), self.tree.text().clone(), edits);
        let file = FileChange { cuts: Some(self.items.cuts()), ..file };
        let effect = whole_effect(&made.jobs);
        Some(ConfigChange {
            files: vec![file],
            grade: made.grade.unwrap_or_default(),
            jobs: made.jobs,
            effect,
            ..change
        })
    }
}

/// The name of a job, if it is plain to see: a text, given once, by a key of the job itself.
fn name_of(job: Node<'_>) -> Option<&str> {
    let mut names = job.entries().filter(|(key, _)| key.value() == "job_name").map(|(_, name)| name);
    let name = names.next().filter(|_| names.next().is_none())?;
    let is_bare = |node: Node<'_>| node.anchor().is_none() && node.tag().is_none();
    let is_plain = name.kind() == NodeKind::Scalar
        && is_bare(name)
        && name.is_text()
        && !name.value().is_empty()
        && !job.entries().any(|(key, _)| key.is_merge_key() || key.kind() != NodeKind::Scalar || !is_bare(key));
    is_plain.then(|| name.value())
}

/// Whether the job can be edited, without its target files.
fn is_editable(job: &ScrapeConfig, command: &dyn Command) -> bool {
    let has_names = command.names().iter().all(|name| check_scheme(name, job.semantics().names(), "").is_ok());
    job.is_valid && has_names && (command.method() != Method::Static || job.file_sd_configs.is_empty())
}

/// The patterns of the jobs that are read. With many of them they are dropped: those of all jobs would take too much
/// memory.
#[derive(Default)]
struct Patterns {
    known: RegexCache,
    jobs: usize,
}

impl Patterns {
    const MOST_JOBS: usize = 200;

    fn take(&mut self) -> RegexCache {
        self.jobs += 1;
        if self.jobs.is_multiple_of(Self::MOST_JOBS) { RegexCache::new() } else { std::mem::take(&mut self.known) }
    }

    fn give(&mut self, patterns: RegexCache) {
        self.known = patterns;
    }
}
