//! Edits of single jobs of a config: of the jobs, only the selected ones are read, one at a time, and of the new text only
//! their items. Nothing of a job is held once its edits are proved. A few jobs at a time are done by the caller's executor.
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
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

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
    with_jobs(opened, |opened, jobs| {
        let selected = match select_names(&jobs.names, &selection.jobs) {
            Ok(selected) => selected,
            Err(unknown) => return Some(Err(EditError::UnknownJobError(unknown))),
        };
        if selection.jobs.is_empty() && !selection.all_jobs && selected.len() != 1 {
            return None;
        }
        jobs.change(opened, command, &selected)
    })
}

/// Does some jobs: by their indices, with the text, and with what jobs share.
type PartOfJobs<'p, P, S> = dyn Fn(&[usize], &mut Opened<'_>, &mut S) -> Option<P> + Sync + 'p;

/// Works with the jobs of a config that is one text. `None` where they cannot be looked at one by one.
pub(super) fn with_jobs<R>(
    opened: &mut Opened<'_>,
    work: impl FnOnce(&mut Opened<'_>, &Jobs<'_>) -> Option<R>,
) -> Option<R> {
    let (tree, sources) = (opened.tree(opened.file), opened.sources.clone());
    let globals = Global::of(opened.options.release);
    let cut = CutConfig::open(Shape::Config, &sources, opened.file, &tree, &globals, &opened.options)?;
    let jobs = Jobs::of(&cut.head, opened.file, &tree)?;
    work(opened, &jobs)
}

/// The jobs of a config as items of their list.
pub(super) struct Jobs<'j> {
    head: &'j Head<'j>,
    pub(super) items: Items<'j>,
    pub(super) names: Vec<&'j str>,
    pub(super) file: FileId,
    pub(super) tree: &'j Tree,
}

/// So many jobs are edited together, if the options do not say otherwise.
const TOGETHER: usize = 32;

/// What is made of the jobs so far.
#[derive(Default)]
struct Made {
    replacements: Vec<(Span, String)>,
    grade: Option<Grade>,
    jobs: Vec<JobChange>,
}

impl Made {
    fn join(&mut self, mut next: Self) {
        self.replacements.append(&mut next.replacements);
        self.grade = self.grade.max(next.grade);
        self.jobs.append(&mut next.jobs);
    }
}

/// What comes of a few jobs.
#[derive(Default)]
struct Part {
    found: Found,
    made: Made,
    /// Whether the edits of a job are not proved; no job before it in this part is refused.
    is_unproved: bool,
}

/// What is done to each of the jobs.
struct Task<'t, 'j> {
    jobs: &'t Jobs<'j>,
    command: &'t dyn Command,
    is_thorough: bool,
}

impl Task<'_, '_> {
    /// What comes of some jobs. `None` where one of them cannot be looked at alone.
    fn part(&self, jobs: &[usize], opened: &mut Opened<'_>, facts: &mut Facts) -> Option<Part> {
        let mut part = Part::default();
        for &index in jobs {
            facts.next_job();
            let job = self.jobs.read(index, facts)?;
            if !is_editable(&job, self.command) {
                return None;
            }
            let item = self.jobs.items.get(index)?;
            let site = ItemSite { file: self.jobs.file, tree: self.jobs.tree, item, is_undecided: Cell::new(false) };
            let outcome = of_job(opened, Site::Item(&site), &job, self.command, self.is_thorough, &facts.shared);
            if site.is_undecided.get() {
                return None;
            }
            let Some(chosen) = part.found.add(outcome, &job.job_name.value) else { continue };
            if !part.found.is_refused() && !part.is_unproved {
                part.is_unproved = self.make(&mut part.made, &job, *chosen, opened, facts).is_none();
            }
        }
        Some(part)
    }

    /// Makes and proves the edits of a job. `None` where they are not proved.
    fn make(
        &self,
        made: &mut Made,
        job: &ScrapeConfig,
        mut chosen: Chosen,
        opened: &Opened<'_>,
        facts: &Facts,
    ) -> Option<()> {
        let EditedItem { edits, tree } = chosen.edited.take()?;
        let changed = self.jobs.read_changed(&tree, facts)?;
        let is_as_claimed = chosen.claims().all(|claim| claim.holds(&changed));
        if !is_as_claimed || changed.job_name.value != job.job_name.value {
            return None;
        }
        made.replacements.extend(edits.iter().map(|edit| (edit.span, edit.text.clone())));
        made.grade = made.grade.max(Some(chosen.grade()));
        made.jobs.extend(chosen.describe(job, &opened.sources));
        Some(())
    }
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

    /// The change of the selected jobs: a few of them at a time, in any order and on any thread.
    fn change(
        &self,
        opened: &mut Opened<'_>,
        command: &dyn Command,
        selected: &[usize],
    ) -> Option<Result<ConfigChange, EditError>> {
        let (mut found, mut made) = (Found::default(), Made::default());
        for part in self.parts(opened, command, selected)? {
            // One refusal refuses all: what is after it is not made.
            if !found.is_refused() {
                if part.is_unproved {
                    return None;
                }
                made.join(part.made);
            }
            found.join(part.found);
        }
        let change = match found.change(command, made.jobs.len()) {
            Ok(change) => change,
            Err(refusal) => return Some(Err(refusal)),
        };
        Some(Ok(self.with_files(change, made, opened)?))
    }

    /// What comes of the selected jobs, in their order.
    fn parts(&self, opened: &mut Opened<'_>, command: &dyn Command, selected: &[usize]) -> Option<Vec<Part>> {
        let task = Task { jobs: self, command, is_thorough: selected.len() <= MOST_THOROUGH };
        self.in_chunks(opened, selected, Facts::default, &|chunk, opened, facts| task.part(chunk, opened, facts))
    }

    /// Does a few jobs at a time, on the executor: the results, in the order of the jobs. `None` where one of them has none.
    pub(super) fn in_chunks<P: Send, S>(
        &self,
        opened: &mut Opened<'_>,
        selected: &[usize],
        shared_by_jobs: fn() -> S,
        part: &PartOfJobs<'_, P, S>,
    ) -> Option<Vec<P>> {
        let together = opened.options.most_jobs_together.unwrap_or(TOGETHER).max(1);
        let chunks: Vec<&[usize]> = selected.chunks(together).collect();
        // Target files are added to the texts in the order of the jobs.
        let (in_order, apart): (Vec<usize>, Vec<usize>) =
            (0..chunks.len()).partition(|chunk| chunks[*chunk].iter().any(|job| self.may_have_target_files(*job)));
        let parts: Vec<Mutex<Option<P>>> = chunks.iter().map(|_| Mutex::new(None)).collect();
        let (next, is_undecided) = (AtomicUsize::new(0), AtomicBool::new(false));
        let work = |chunk: usize, opened: &mut Opened<'_>, state: &mut S| match part(chunks[chunk], opened, state) {
            Some(part) => *parts[chunk].lock().unwrap_or_else(PoisonError::into_inner) = Some(part),
            None => is_undecided.store(true, Ordering::Relaxed),
        };
        let shared = &*opened;
        let work_apart = |_: usize| {
            let (mut own, mut state) = (shared.fork(), shared_by_jobs());
            while let Some(chunk) = apart.get(next.fetch_add(1, Ordering::Relaxed)) {
                if is_undecided.load(Ordering::Relaxed) {
                    break;
                }
                work(*chunk, &mut own, &mut state);
            }
        };
        match shared.options.executor.width().min(apart.len()) {
            0 => {}
            1 => work_apart(0),
            workers => shared.options.executor.run(workers, &work_apart),
        }
        let mut state = shared_by_jobs();
        in_order.into_iter().for_each(|chunk| work(chunk, opened, &mut state));
        parts.into_iter().map(|part| part.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
    }

    fn may_have_target_files(&self, job: usize) -> bool {
        let may_name = |key: Node<'_>| key.is_merge_key() || key.value() == "file_sd_configs";
        self.head.jobs().get(job).is_none_or(|job| job.entries().any(|(key, _)| may_name(key)))
    }

    /// The job as it is in the whole config.
    fn read(&self, index: usize, facts: &Facts) -> Option<ScrapeConfig> {
        let mut patterns = facts.shared.take_patterns();
        let job = self.read_with(index, &mut patterns);
        facts.shared.give_patterns(patterns);
        job
    }

    /// The same, with patterns that are known already.
    pub(super) fn read_with(&self, index: usize, patterns: &mut RegexCache) -> Option<ScrapeConfig> {
        let mut read = self.head.read(index..index + 1, std::mem::take(patterns));
        *patterns = std::mem::take(&mut read.patterns);
        read.jobs.pop()
    }

    /// The job of a changed item, if it has no error.
    fn read_changed(&self, tree: &Tree, facts: &Facts) -> Option<ScrapeConfig> {
        let mut patterns = facts.shared.take_patterns();
        let jobs = self.read_items(tree, &mut patterns);
        facts.shared.give_patterns(patterns);
        jobs?.pop()
    }

    /// The jobs of a list of changed items, if they have no error.
    pub(super) fn read_items(&self, tree: &Tree, patterns: &mut RegexCache) -> Option<Vec<ScrapeConfig>> {
        let mut sources = Sources::new();
        let file = sources.add("", tree.text().clone());
        let mut jobs = Vec::new();
        for item in tree.root()?.items() {
            let mut read = self.head.read_changed(&sources, file, item, std::mem::take(patterns));
            *patterns = std::mem::take(&mut read.patterns);
            let is_refused = read.faults.iter().any(Diagnostic::is_error);
            jobs.push(read.jobs.pop().filter(|job| job.is_valid && !is_refused)?);
        }
        Some(jobs)
    }

    fn with_files(&self, change: ConfigChange, made: Made, opened: &Opened<'_>) -> Option<ConfigChange> {
        if made.jobs.is_empty() {
            return Some(change);
        }
        let edits = Edits::new(made.replacements)?;
        let file = self.file_change(edits, opened);
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

impl Jobs<'_> {
    /// The change of the file.
    pub(super) fn file_change(&self, edits: Edits, opened: &Opened<'_>) -> FileChange {
        let file = FileChange::new(opened.name().to_string(), self.tree.text().clone(), edits);
        FileChange { cuts: Some(self.items.cuts()), ..file }
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

/// Facts about the patterns of the jobs that are read. After some jobs they are dropped: those of all jobs would take too
/// much memory.
#[derive(Default)]
struct Facts {
    shared: SharedFacts,
    jobs: usize,
}

impl Facts {
    const MOST_JOBS: usize = 200;

    fn next_job(&mut self) {
        self.jobs += 1;
        if self.jobs.is_multiple_of(Self::MOST_JOBS) {
            self.shared = SharedFacts::default();
        }
    }
}
