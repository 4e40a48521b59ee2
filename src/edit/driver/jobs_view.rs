//! What a command on the jobs of a config sees of them.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{Config, ScrapeConfig, Sd, TargetGroup};
use crate::diagnostic::{Diagnostic, ids};
use crate::input::operator::{Kind, no_targets};
use crate::options::Options;
use crate::release::Release;
use crate::simulate::UnknownJobError;
use crate::text::{FileId, Location, Sources, Spanned, most_similar};
use crate::yaml::{Node, Tree};

use super::super::new_files::TargetFile;
use super::super::open::Opened;
use super::super::ops::{Nodes, keeps_name, path_label};
use super::super::request::{EditError, Selection, refused};
use super::prove::{has_same_results, place_of, with_globals_of};
use super::select::{has_jobs, invalid, named_jobs};

/// The jobs of a config before the change. Those whose target files are edited have the groups of these among their own.
#[derive(Clone, Copy)]
pub(in crate::edit) struct JobsView<'v> {
    pub(super) opened: &'v Opened<'v>,
    /// The target file that the command asked for.
    pub(in crate::edit) target_file: Option<&'v TargetFile>,
}

/// The jobs that have a group, with the group as each has it.
pub(in crate::edit) type Readers<'v> = FxHashMap<Location, Vec<(usize, &'v TargetGroup)>>;

/// A target as it is written.
#[derive(Clone, Copy)]
pub(in crate::edit) struct FoundTarget<'v> {
    /// The index of its job.
    pub(in crate::edit) job: usize,
    pub(in crate::edit) group: &'v TargetGroup,
    /// Its index in the group.
    pub(in crate::edit) index: usize,
}

impl FoundTarget<'_> {
    pub(in crate::edit) fn address(&self) -> &str {
        &self.group.targets[self.index].value
    }

    pub(in crate::edit) fn at(&self) -> Location {
        Location::new(self.group.file, self.group.targets[self.index].span)
    }
}

impl<'v> JobsView<'v> {
    pub(in crate::edit) fn jobs(self) -> &'v [ScrapeConfig] {
        &self.opened.jobs
    }

    pub(in crate::edit) fn name(self, job: usize) -> &'v str {
        &self.opened.jobs[job].job_name.value
    }

    /// The first job with this name.
    pub(in crate::edit) fn job_with_name(self, name: &str) -> Option<usize> {
        self.jobs().iter().position(|job| job.job_name.value == name)
    }

    /// The error that no job has a name.
    pub(in crate::edit) fn unknown_job(self, name: &str) -> EditError {
        if let Err(error) = has_jobs(self.opened) {
            return error;
        }
        if let Some(refusal) = self.opened.objects.as_ref().and_then(|objects| objects.refusal_of(name)) {
            return refusal.into();
        }
        let known = self.jobs().iter().map(|job| job.job_name.value.clone()).collect();
        EditError::UnknownJobError(UnknownJobError { name: name.to_string(), known })
    }

    /// The jobs with these names, or that match these patterns.
    pub(in crate::edit) fn named(self, patterns: &[String]) -> Result<Vec<usize>, EditError> {
        has_jobs(self.opened)?;
        named_jobs(self.opened, patterns)
    }

    /// The jobs of a selection, which selects them by name or has one job to select.
    pub(in crate::edit) fn selected(self, selection: &Selection) -> Result<Vec<usize>, EditError> {
        self.check_target_file(selection)?;
        let jobs = self.named(&selection.jobs)?;
        if selection.jobs.is_empty() && !selection.all_jobs && jobs.len() != 1 {
            let message = format!("the config has {} jobs and no job is selected", jobs.len());
            return Err(EditError::request(message, "select one with --job"));
        }
        Ok(jobs)
    }

    /// A target file has no jobs to select.
    pub(in crate::edit) fn check_target_file(self, selection: &Selection) -> Result<(), EditError> {
        self.opened.check_target_file(&selection.jobs, &[])
    }

    /// Refuses a job that Prometheus refuses.
    pub(in crate::edit) fn check_valid(self, job: usize) -> Result<(), EditError> {
        match &self.opened.jobs[job] {
            job if job.is_valid => Ok(()),
            job => Err(invalid(self.opened, job).into()),
        }
    }

    /// The kind of object that a job is generated of.
    fn kind_of(self, job: usize) -> Option<Kind> {
        let objects = self.opened.objects.as_ref()?;
        objects.kind_of(&self.opened.sources, &self.opened.jobs[job])
    }

    /// A refusal of a job.
    pub(in crate::edit) fn refuse(self, job: usize, message: &str, help: &str) -> EditError {
        let own = &self.opened.jobs[job];
        refused(ids::EDIT_LAYOUT, place_of(own), message).with_help(help).with_job(&own.job_name.value).into()
    }

    /// Whether all targets of a job are in one list, with the same labels.
    pub(in crate::edit) fn has_one_list_of_targets(self, job: usize) -> bool {
        self.kind_of(job) == Some(Kind::Probe)
    }

    /// Refuses a job whose targets are not written in its object.
    pub(in crate::edit) fn check_can_have_targets(self, job: usize) -> Result<(), EditError> {
        let Some(kind) = self.kind_of(job) else { return Ok(()) };
        let own = &self.opened.jobs[job];
        let has_list = own.discovery.iter().any(Sd::is_static);
        let can_have = match kind {
            Kind::ServiceMonitor | Kind::PodMonitor | Kind::Prometheus | Kind::PrometheusAgent => false,
            Kind::Probe => has_list,
            Kind::ScrapeConfig => has_list || own.file_sd_configs.is_empty(),
        };
        if can_have {
            return Ok(());
        }
        let (message, help) = no_targets(kind);
        Err(self.refuse(job, &message, &help))
    }

    /// Refuses jobs of which none can have targets of its own.
    pub(in crate::edit) fn check_some_have_targets(self, jobs: &[usize]) -> Result<(), EditError> {
        let mut refusals = jobs.iter().map(|job| self.check_can_have_targets(*job));
        match refusals.find(Result::is_ok) {
            None if !jobs.is_empty() => self.check_can_have_targets(jobs[0]),
            Some(_) | None => Ok(()),
        }
    }

    /// Refuses another name for a job whose name the operator makes.
    pub(in crate::edit) fn check_own_name(self, job: usize) -> Result<(), EditError> {
        let Some(kind) = self.kind_of(job) else { return Ok(()) };
        let (parts, help) = match kind {
            Kind::Probe | Kind::ScrapeConfig => (
                "the kind, the namespace and the name of the object",
                "`set jobName=NAME --job JOB` sets the label `job` of its series",
            ),
            _ => (
                "the kind, the namespace and the name of the object, and of the index of the endpoint",
                "`set jobLabel=LABEL --job JOB` says which label of the objects becomes the label `job`; \
                 `add-label job=NAME --overwrite --job JOB` sets it",
            ),
        };
        Err(self.refuse(job, &format!("the operator makes the name of the job of {parts}"), help))
    }

    /// Refuses a copy of a job that is generated of an object.
    pub(in crate::edit) fn check_own_copy(self, job: usize) -> Result<(), EditError> {
        let (message, help) = match self.kind_of(job) {
            None => return Ok(()),
            Some(Kind::Probe | Kind::ScrapeConfig) => (
                "the job is all of its object, so a copy of the job is a copy of the object",
                "copy the object, and give the copy another `metadata.name`",
            ),
            Some(_) => (
                "a copy of the endpoint would scrape the same targets once more, with the same labels",
                "add-endpoint adds an endpoint for another port",
            ),
        };
        Err(self.refuse(job, message, help))
    }

    /// The file that a new job goes to: that of the job after which it is to be, the config, or the one in a manifest.
    pub(in crate::edit) fn file_of_new_job(self, after: Option<usize>) -> Result<FileId, EditError> {
        if let Some(after) = after {
            return Ok(self.opened.jobs[after].file);
        }
        match self.opened.inner_files().as_slice() {
            [] if self.opened.objects.is_some() => {
                let message =
                    format!("the operator makes the jobs of {}: each is one of an object", self.opened.name());
                Err(refused(ids::UNSUPPORTED_FORMAT, self.opened.start(), message)
                    .with_help(
                        "add-endpoint adds an endpoint to a ServiceMonitor or PodMonitor; write other objects by hand",
                    )
                    .into())
            }
            [] => Ok(self.opened.file),
            [file] => Ok(*file),
            files => {
                let message = format!("{} has {} configs", self.opened.name(), files.len());
                Err(EditError::request(message, "name a job of one of them with --after JOB"))
            }
        }
    }

    /// The job after which a new one is to be.
    pub(in crate::edit) fn job_before_new(self, name: &str) -> Result<usize, EditError> {
        let mut named = (0..self.jobs().len()).filter(|job| self.name(*job) == name);
        let job = named.next().ok_or_else(|| self.unknown_job(name))?;
        match named.next() {
            None => Ok(job),
            Some(_) => Err(EditError::declined(
                format!("{} has several jobs {name}", self.opened.name()),
                "name a job with --after whose name is unique",
            )),
        }
    }

    /// The release that the config is for.
    pub(in crate::edit) fn release(self) -> Release {
        self.opened.options.release
    }

    /// The job of a config that has only this job.
    ///
    /// # Errors
    /// Why Prometheus refuses it.
    pub(in crate::edit) fn read_job(self, text: &str) -> Result<ScrapeConfig, Option<Diagnostic>> {
        let mut sources = Sources::new();
        let file = sources.add("", text);
        let options = Options::default().with_release(self.opened.options.release);
        let (config, faults) = Config::read(&mut sources, file, &options);
        let mut jobs = config.scrape_configs;
        match faults.into_iter().find(Diagnostic::is_error) {
            Some(fault) => Err(Some(fault)),
            None => jobs.pop().ok_or(None),
        }
    }

    /// Whether a job of the config is the one that was to be added, the only one of a text, but for the globals and the
    /// labels of its targets.
    pub(in crate::edit) fn is_added_job(self, job: usize, typed: &ScrapeConfig, text: &str) -> bool {
        let own = with_name_of(&self.opened.jobs[job], typed);
        let is_written = |key: &str| text.lines().any(|line| line.trim_start().starts_with(key));
        if is_written("scrape_interval:") && typed.scrape_interval != own.scrape_interval {
            return false;
        }
        let tree = Tree::parse(text);
        let nodes = Nodes { file: typed.file, tree: &tree, shared: None };
        has_results_of(&own, typed)
            && self.with_node(job, |own| nodes.job(typed).is_ok_and(|new| has_same_discovery(own, new)))
    }

    /// Whether a job of the config is the copy of another one.
    pub(in crate::edit) fn is_copy(self, job: usize, of: usize, copy: &ScrapeConfig) -> bool {
        has_results_of(&self.opened.jobs[job], copy)
            && self.with_node(job, |own| self.with_node(of, |of| has_same_discovery(own, of)))
    }

    /// Whether something is true of the node of a job.
    fn with_node(self, job: usize, test: impl Fn(Node<'_>) -> bool) -> bool {
        let job = &self.opened.jobs[job];
        let tree = Tree::parse(self.opened.sources.text(job.file).clone());
        let nodes = Nodes { file: job.file, tree: &tree, shared: None };
        nodes.item_of_job(job).is_ok_and(test)
    }

    /// The refusal of a name that a job has.
    pub(in crate::edit) fn name_taken(self, job: usize) -> EditError {
        let own = &self.opened.jobs[job];
        let message = format!("a job {} exists", own.job_name.value);
        refused(ids::DUPLICATE_JOB_NAME, place_of(own), message)
            .with_note("Prometheus refuses a config with two jobs of one name")
            .with_help("choose another name")
            .into()
    }

    /// Whether a part that several selected jobs share is to change.
    pub(in crate::edit) fn changes_shared(self) -> bool {
        self.opened.changes_shared()
    }

    /// Whether the text is a target file.
    pub(in crate::edit) fn is_target_file(self) -> bool {
        self.opened.is_target_file
    }

    pub(in crate::edit) fn file_name(self, file: FileId) -> &'v str {
        self.opened.sources.name(file)
    }

    /// Why the target files of a job cannot be edited.
    pub(in crate::edit) fn unreadable_targets(self, job: usize) -> Option<Diagnostic> {
        self.opened.unreadable_targets(job)
    }

    /// Whether a job has target files that can be edited.
    pub(in crate::edit) fn reads_target_files(self, job: usize) -> bool {
        self.opened.unfolded.as_ref().is_some_and(|unfolded| unfolded.folded.iter().any(|(own, _)| *own == job))
    }

    /// The jobs that have each group.
    pub(in crate::edit) fn readers(self) -> Readers<'v> {
        let mut readers = Readers::default();
        for (index, job) in self.jobs().iter().enumerate() {
            for group in &job.static_configs {
                readers.entry(group.at()).or_default().push((index, group));
            }
        }
        readers
    }

    /// The jobs that get a new group of `file`, which is the file of this job or one of its target files.
    pub(in crate::edit) fn readers_of_file(self, job: usize, file: FileId) -> Vec<usize> {
        let jobs = self.jobs();
        let reads = |index: usize| jobs[index].static_configs.iter().any(|group| group.file == file);
        (0..jobs.len()).filter(|&index| index == job || (jobs[job].file != file && reads(index))).collect()
    }

    /// The label that file discovery gives to the groups of a target file.
    pub(in crate::edit) fn path_label(self, job: usize, file: FileId) -> Option<(Spanned<String>, Spanned<String>)> {
        path_label(&self.jobs()[job], file)
    }

    /// The written targets of some jobs.
    pub(in crate::edit) fn targets(self, jobs: &[usize]) -> impl Iterator<Item = FoundTarget<'v>> {
        let groups =
            jobs.iter().flat_map(move |&job| self.jobs()[job].static_configs.iter().map(move |own| (job, own)));
        groups.flat_map(|(job, group)| (0..group.targets.len()).map(move |index| FoundTarget { job, group, index }))
    }

    /// The error that no job has a target.
    pub(in crate::edit) fn unknown_target(self, address: &str, jobs: &[usize]) -> EditError {
        let known: FxHashSet<&str> =
            self.targets(jobs).map(|own| own.group.targets[own.index].value.as_str()).collect();
        let mut known: Vec<&str> = known.into_iter().collect();
        known.sort_unstable();
        let help = match most_similar(address, known) {
            Some(similar) => format!("did you mean {similar:?}?"),
            None => "write the address as in the file, such as 10.0.0.1:9100; `promcfg list-targets` lists the targets"
                .to_string(),
        };
        EditError::UnknownTarget { address: address.to_string(), help }
    }
}

/// Whether two jobs ask their mechanisms for the same.
fn has_same_discovery(one: Node<'_>, other: Node<'_>) -> bool {
    fn sections(job: Node<'_>) -> Vec<(Node<'_>, Node<'_>)> {
        let is_section = |key: &Node<'_>| key.value().ends_with("_sd_configs");
        job.resolved().entries().filter(|(key, _)| is_section(key)).collect()
    }
    let (one, other) = (sections(one), sections(other));
    let is_in_other = |(key, value): &(Node<'_>, Node<'_>)| {
        other.iter().any(|(own, of_own)| own.value() == key.value() && is_same_value(*value, *of_own))
    };
    one.len() == other.len() && one.iter().all(is_in_other)
}

/// Whether two nodes have the same content; the order of entries does not count.
fn is_same_value(one: Node<'_>, other: Node<'_>) -> bool {
    let (one, other) = (one.resolved(), other.resolved());
    let counts = |node: Node<'_>| (node.kind(), node.items().count(), node.entries().count());
    let is_in_other = |(key, value): (Node<'_>, Node<'_>)| {
        other.entries().any(|(own, of_own)| own.value() == key.value() && is_same_value(value, of_own))
    };
    counts(one) == counts(other)
        && one.value() == other.value()
        && one.items().zip(other.items()).all(|(one, other)| is_same_value(one, other))
        && one.entries().all(is_in_other)
}

/// Whether a job of the config has the results of one that is alone in its text.
fn has_results_of(own: &ScrapeConfig, typed: &ScrapeConfig) -> bool {
    let keys = |job: &ScrapeConfig| job.discovery.iter().map(|sd| sd.key.clone()).collect::<Vec<_>>();
    has_same_results(&with_globals_of(typed, own), own) && keys(typed) == keys(own)
}

/// A job as it was before it got another name, if it keeps the name of `typed` as its label.
fn with_name_of<'j>(own: &'j ScrapeConfig, typed: &ScrapeConfig) -> Cow<'j, ScrapeConfig> {
    let name = &typed.job_name.value;
    if own.job_name.value == *name || !keeps_name(own, name) {
        return Cow::Borrowed(own);
    }
    let mut before = own.clone();
    before.job_name.value.clone_from(name);
    before.relabel_configs.remove(0);
    Cow::Owned(before)
}
