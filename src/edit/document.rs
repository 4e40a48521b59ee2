//! A config to be edited: its texts and jobs, and what an edit does to all of them.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, Severity};
use crate::options::Options;
use crate::simulate::{JobResult, select_jobs};
use crate::text::{Location, Sources};

use super::add::{Planned, Step, add_to_job};
use super::change::ConfigChange;
use super::names::{check_label, check_name, check_scheme, remarks};
use super::open::Opened;
use super::remove::remove_from_job;
use super::request::{AddLabel, EditError, LabelStage, Method, RemoveLabel, Selection};
use super::verify;
use super::what_if::{WhatIf, has_target, targets_of_files};

/// A config, or a Kubernetes manifest with configs in its ConfigMaps, that can be edited.
///
/// An edit is proved before it is given out: the new text is read again; its tree must be the old one
/// with what was intended and nothing else, all comments must stand at what they stood at, and the
/// targets must become what they were, with just the change that was asked for. What cannot be proved
/// is refused. Nothing is written: a [`ConfigChange`] has the replacements for each file.
///
/// ```
/// use promcfg::{Document, Options};
/// use promcfg::edit::{AddLabel, Selection};
/// let text = "scrape_configs:\n- job_name: node\n  static_configs:\n  - targets: ['10.0.0.1:9100']  # rack 7\n";
/// let mut document = Document::new("prometheus.yml", text, &Options::default());
/// let selection = Selection { jobs: vec!["node".into()], ..Selection::default() };
/// let label = AddLabel { name: "env".into(), value: "prod".into(), selection, ..AddLabel::default() };
/// let change = document.add_label(&label)?;
/// assert_eq!(change.files[0].after(), format!("{text}    labels:\n      env: prod\n"));
/// assert_eq!(change.summary(), "1 target gains env=\"prod\"; nothing else changes");
/// # Ok::<(), promcfg::edit::EditError>(())
/// ```
pub struct Document<'f> {
    pub(super) opened: Opened<'f>,
}

impl std::fmt::Debug for Document<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document").field("name", &self.opened.name()).finish_non_exhaustive()
    }
}

impl<'f> Document<'f> {
    /// Reads a text. Whatever is wrong with it is found in [`diagnostics`](Self::diagnostics).
    #[must_use]
    pub fn new(name: &str, text: impl Into<Arc<str>>, options: &Options<'f>) -> Self {
        Self { opened: Opened::new(name, text, options) }
    }

    /// The texts that places of diagnostics refer to.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.opened.sources
    }

    /// What is wrong with the config.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.opened.diagnostics
    }

    /// Its jobs, with those of the files it includes.
    #[must_use]
    pub fn jobs(&self) -> &[ScrapeConfig] {
        &self.opened.jobs
    }

    /// Gives targets a label, or their samples. Without a change (see [`ConfigChange::is_empty`]) all have it already.
    ///
    /// # Errors
    /// The request cannot be (an unknown job, a name no label can have), or the change is refused: it
    /// would do something else, too, or what would change is shared with other places.
    pub fn add_label(&mut self, request: &AddLabel) -> Result<ConfigChange, EditError> {
        check_label(&request.name, &request.value)?;
        if request.stage == LabelStage::Metric && request.method == Method::Static {
            let message = "labels of samples are not set in `static_configs`";
            return Err(EditError::request(message, "leave out --method, or --stage metric"));
        }
        let (mut change, jobs) = self.begin(&request.name, &request.selection, request.stage)?;
        let mut steps = Steps::default();
        for index in jobs {
            let what_if = self.what_if(index, &request.selection, request.stage);
            let step = add_to_job(&self.opened.jobs[index], request, &what_if, &self.opened.sources);
            steps.take(self, index, what_if, step, &mut change);
        }
        self.end(change, steps)
    }

    /// Takes a label from targets, or from their samples: by taking out what sets it, or by a rule.
    ///
    /// # Errors
    /// As [`add_label`](Self::add_label); and something else than a constant sets the label.
    pub fn remove_label(&mut self, request: &RemoveLabel) -> Result<ConfigChange, EditError> {
        check_name(&request.name)?;
        let (mut change, jobs) = self.begin(&request.name, &request.selection, request.stage)?;
        let mut steps = Steps::default();
        for index in jobs {
            let what_if = self.what_if(index, &request.selection, request.stage);
            let step = remove_from_job(&self.opened.jobs[index], request, &what_if, &self.opened.sources);
            steps.take(self, index, what_if, step, &mut change);
        }
        self.end(change, steps)
    }

    /// Checks what is asked for; the jobs meant, by index.
    fn begin(
        &mut self,
        name: &str,
        selection: &Selection,
        stage: LabelStage,
    ) -> Result<(ConfigChange, Vec<usize>), EditError> {
        self.readable()?;
        self.has_jobs()?;
        check_conditions(selection)?;
        let jobs = self.selected_jobs(selection)?;
        for &index in &jobs {
            let job = &self.opened.jobs[index];
            check_scheme(name, job.name_scheme, &job.job_name.value)?;
            if !job.is_valid {
                return Err(self.invalid(job).into());
            }
        }
        let change = ConfigChange {
            files: Vec::new(),
            effect: crate::effect::Effect::default(),
            stage,
            already: Vec::new(),
            example_jobs: Vec::new(),
            unfiltered: Vec::new(),
            notes: remarks(name),
        };
        Ok((change, jobs))
    }

    fn what_if(&mut self, index: usize, selection: &Selection, stage: LabelStage) -> WhatIf {
        WhatIf::of(&self.opened.jobs[index], selection, stage, &mut self.opened.sources, &self.opened.options)
    }

    fn end(&mut self, mut change: ConfigChange, steps: Steps) -> Result<ConfigChange, EditError> {
        if !steps.refusals.is_empty() {
            return Err(EditError::Refused(steps.refusals));
        }
        if steps.steps.is_empty() && change.already.is_empty() {
            return Err(EditError::Refused(steps.not_selected));
        }
        let name = |refusal: &Diagnostic| refusal.job.clone().unwrap_or_default();
        let left_out = steps.not_selected.iter().map(|refusal| format!("job {}: {}", name(refusal), refusal.message));
        change.notes.extend(left_out);
        verify::complete(self, &mut change, &steps.steps)?;
        Ok(change)
    }

    /// Refuses a text that is no YAML: what stands behind the fault is not known.
    fn readable(&self) -> Result<(), EditError> {
        match self
            .opened
            .diagnostics
            .iter()
            .find(|fault| fault.id == "invalid-yaml" || fault.id == "unsupported-format")
        {
            Some(fault) => Err(fault.clone().into()),
            None => Ok(()),
        }
    }

    fn has_jobs(&self) -> Result<(), EditError> {
        if !self.opened.jobs.is_empty() {
            return Ok(());
        }
        match self.opened.diagnostics.iter().find(|fault| fault.is_error()) {
            Some(fault) => Err(fault.clone().into()),
            None => Err(EditError::request("the config has no jobs", "")),
        }
    }

    fn invalid(&self, job: &ScrapeConfig) -> Diagnostic {
        let name = &job.job_name.value;
        let own = |fault: &&Diagnostic| {
            fault.severity == Severity::Error
                && fault.at.file == job.file
                && (fault.job.as_ref() == Some(name) || job.span.start <= fault.at.span.start)
                && fault.at.span.start < job.span.end
        };
        match self.opened.diagnostics.iter().find(own) {
            Some(fault) => fault.clone().with_note("a job that Prometheus refuses is not edited"),
            None => super::request::refused(
                "edit-unproved",
                Location::new(job.file, job.job_name.span),
                "Prometheus refuses the job, so that the effect of a change is not known",
            )
            .with_help("`promcfg lint` tells why"),
        }
    }

    /// The jobs an edit is about, by index.
    fn selected_jobs(&mut self, selection: &Selection) -> Result<Vec<usize>, EditError> {
        let named = select_jobs(&self.opened.jobs, &selection.jobs).map_err(EditError::UnknownJobError)?;
        let named: FxHashSet<*const ScrapeConfig> = named.into_iter().map(std::ptr::from_ref).collect();
        let is_named = |index: &usize| named.contains(&std::ptr::from_ref(&self.opened.jobs[*index]));
        let jobs: Vec<usize> = (0..self.opened.jobs.len()).filter(is_named).collect();
        if let Some(address) = &selection.target {
            return self.jobs_of_target(jobs, selection, address);
        }
        if selection.jobs.is_empty() && !selection.all_jobs && jobs.len() != 1 {
            let message = format!("the config has {} jobs, and none is named", jobs.len());
            return Err(EditError::request(message, "name one with --job, or take all with --all-jobs"));
        }
        Ok(jobs)
    }

    /// Of these jobs, those with the target that is meant.
    fn jobs_of_target(
        &mut self,
        jobs: Vec<usize>,
        selection: &Selection,
        address: &str,
    ) -> Result<Vec<usize>, EditError> {
        let (mut found, mut discovering) = (Vec::new(), Vec::new());
        for index in jobs {
            let job = &self.opened.jobs[index];
            let others = targets_of_files(job, &mut self.opened.sources, &self.opened.options);
            if has_target(job, &others, selection) {
                found.push(index);
            } else if job.discovery.iter().any(|sd| sd.key != "static_configs") {
                discovering.push(index);
            }
        }
        if found.is_empty() && !selection.jobs.is_empty() {
            found = discovering;
        }
        let is_chosen = selection.all_jobs || !selection.jobs.is_empty();
        match found.len() {
            0 => Err(self.unknown_target(address)),
            1 => Ok(found),
            _ if is_chosen => Ok(found),
            count => {
                let names: Vec<&str> =
                    found.iter().map(|&index| self.opened.jobs[index].job_name.value.as_str()).collect();
                let message = format!("{count} jobs have the target {address}: {}", names.join(", "));
                Err(EditError::request(message, "name one with --job, or take all of them with --all-jobs"))
            }
        }
    }

    fn unknown_target(&self, address: &str) -> EditError {
        let message = format!("no job has a target {address:?}");
        let known = self.opened.jobs.iter().flat_map(|job| &job.static_configs).flat_map(|group| &group.targets);
        match crate::text::most_similar(address, known.map(|target| target.value.as_str())) {
            Some(similar) => EditError::request(message, format!("did you mean {similar:?}?")),
            None => EditError::request(
                message,
                "name the job that discovers it with --job; a target is named as it stands in the config, such as 10.0.0.1:9100",
            ),
        }
    }
}

fn check_conditions(selection: &Selection) -> Result<(), EditError> {
    for (name, pattern) in &selection.conditions {
        if let Err(error) = crate::re2::Regex::new(pattern) {
            let message = format!("the pattern for `{name}` is no regular expression: {error}");
            return Err(EditError::request(message, "it is one as in a relabel rule: it matches the whole value"));
        }
    }
    Ok(())
}

/// A job's change that was chosen, and what it was tried on.
pub(super) struct Chosen {
    pub(super) job: usize,
    pub(super) what_if: WhatIf,
    pub(super) planned: Planned,
}

impl Chosen {
    pub(super) fn results(&self) -> (&JobResult, &JobResult) {
        (&self.planned.before, &self.planned.after)
    }
}

#[derive(Default)]
struct Steps {
    steps: Vec<Chosen>,
    refusals: Vec<Diagnostic>,
    /// Jobs of which no target is meant.
    not_selected: Vec<Diagnostic>,
}

impl Steps {
    /// Takes what was found for a job: the first change whose places are found in the text.
    fn take(
        &mut self,
        document: &mut Document<'_>,
        index: usize,
        what_if: WhatIf,
        step: Result<Step, Diagnostic>,
        change: &mut ConfigChange,
    ) {
        let name = document.opened.jobs[index].job_name.value.clone();
        let name = || name.clone();
        let workable = match step {
            Ok(Step::Already) => return change.already.push(name()),
            Ok(Step::NotSelected(refusal)) => return self.not_selected.push(refusal.with_job(name())),
            Ok(Step::Change(workable)) => workable,
            Err(refusal) => return self.refusals.push(refusal.with_job(name())),
        };
        if what_if.are_examples {
            change.example_jobs.push(name());
        }
        if what_if.without_filters {
            change.unfiltered.push(name());
        }
        let mut refusal = None;
        for planned in workable {
            match verify::can_be_placed(document, index, &planned.ops) {
                Ok(()) => {
                    let remark = refusal.map(|refusal: Diagnostic| refusal.message).or(planned.remark.clone());
                    change
                        .notes
                        .extend(remark.map(|remark| format!("job {}: {remark}; so it is done another way", name())));
                    self.steps.push(Chosen { job: index, what_if, planned });
                    return;
                }
                Err(obstacle) => refusal = refusal.or(Some(obstacle)),
            }
        }
        self.refusals.extend(refusal.map(|refusal| refusal.with_job(name())));
    }
}
