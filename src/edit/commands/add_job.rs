//! `add-job`: a job of a known kind.

use super::super::change::ConfigChange;
use super::super::document::Document;
use super::super::driver::{JobsCommand, JobsView, Proposal};
use super::super::ops::{JobOp, NewJob, keeps_name};
use super::super::presets::{JobOptions, Preset};
use super::super::request::EditError;
use super::addresses::{check_address, expand_all, no_url};
use super::names::check_label;

/// A job to be added: see [`Document::add_job`](crate::Document::add_job).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddJob {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub preset: Preset,
    /// Its targets, in the place of the example of the preset; `host{1..3}:9100`, `{a,b}:80` and `host:5001-5005` name
    /// several.
    pub targets: Vec<String>,
    /// What else it gets.
    pub options: JobOptions,
    /// The job after which it is written; without one, it is the last one.
    pub after: Option<String>,
}

impl Document<'_> {
    /// Adds a job at the end of `scrape_configs` or after another job, written as the other jobs are. If the config has just
    /// this job already, nothing changes.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// use promcfg::edit::{AddJob, JobOptions, Preset};
    /// let text = "scrape_configs:\n- job_name: a\n  static_configs:\n  - targets: [h:1]\n";
    /// let request = AddJob { name: "node".into(), preset: Preset::Static, targets: vec!["n{1..2}:9100".into()], options: JobOptions::default(), after: None };
    /// let change = Document::new("p.yml", text, &Options::default()).add_job(&request)?;
    /// let added = "- job_name: node\n  static_configs:\n  - targets: [n1:9100, n2:9100]\n";
    /// assert_eq!(change.files[0].after(), format!("{text}{added}"));
    /// assert_eq!(change.summary(), "1 job is gained: node\n2 targets are gained (n1:9100)");
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    ///
    /// # Errors
    /// Another job has the name, the preset has no use for an option, Prometheus refuses one of the values, or the text
    /// has no list of jobs of its own.
    pub fn add_job(&mut self, request: &AddJob) -> Result<ConfigChange, EditError> {
        self.run_on_jobs(request)
    }
}

impl JobsCommand for AddJob {
    fn check(&self) -> Result<(), EditError> {
        check_job_name(&self.name)?;
        self.options.labels.iter().try_for_each(|(name, value)| check_label(name, value))?;
        if self.targets.is_empty() {
            return Ok(());
        }
        if !self.preset.has_targets() {
            let message = format!("the targets of the preset {} are not in the config", self.preset);
            return Err(EditError::request(message, "leave out the targets"));
        }
        let addresses = expand_all(&self.targets)?;
        addresses.iter().try_for_each(|address| check_address(address))?;
        // The addresses of probes are parameters of a request to the exporter.
        let is_probe = matches!(self.preset, Preset::Blackbox | Preset::Snmp);
        match addresses.iter().find(|address| address.contains('/') && !is_probe) {
            Some(url) => Err(no_url(url)),
            None => Ok(()),
        }
    }

    fn is_about_targets(&self) -> bool {
        false
    }

    fn propose(&self, view: &JobsView<'_>) -> Result<Proposal, EditError> {
        let targets = if self.targets.is_empty() { Vec::new() } else { expand_all(&self.targets)? };
        let template = self.preset.job(&self.options, view.release())?;
        let unreadable = || EditError::request(format!("no job can have the name {:?}", self.name), "");
        let text = NewJob::alone(&template, &self.name, &targets).ok_or_else(unreadable)?;
        let typed = view.read_job(&text).map_err(|fault| match fault {
            Some(fault) => EditError::request(
                format!("Prometheus refuses the job: {}", fault.message),
                fault.help.unwrap_or_default(),
            ),
            None => unreadable(),
        })?;
        let after = self.after.as_deref().map(|after| view.job_before_new(after)).transpose()?;
        let mut proposal = Proposal::default();
        if let Some(job) = view.job_with_name(&self.name) {
            if !view.is_added_job(job, &typed, &text) {
                return Err(view.name_taken(job));
            }
            proposal.nothing_to_do.push(self.name.clone());
            return Ok(proposal);
        }
        let is_renamed =
            |job: &usize| keeps_name(&view.jobs()[*job], &self.name) && view.is_added_job(*job, &typed, &text);
        if let Some(job) = (0..view.jobs().len()).find(is_renamed) {
            let (name, now) = (&self.name, view.name(job));
            proposal.notes.push(format!("the job {name} is the job {now}, which keeps the label job={name:?}"));
            proposal.nothing_to_do.push(name.clone());
            return Ok(proposal);
        }
        let file = view.file_of_new_job(after)?;
        if let Some((option, text)) = self.preset.to_replace()
            && !self.options.own.iter().any(|(own, _)| *own == option)
        {
            let (what, name) = (option.in_words(), option.name());
            proposal.notes.push(format!("{text} is an example of {what}; replace it, or give --{name}"));
        }
        if self.preset.has_targets() && targets.is_empty() {
            proposal.notes.push("the target is an example; replace it, or give --target ADDRESS".to_string());
        }
        let job = NewJob { name: self.name.clone(), template, targets, typed };
        proposal.ops.push(JobOp::Add { file, after, job: Box::new(job) });
        Ok(proposal)
    }
}

/// Refuses what cannot be the name of a job.
pub(super) fn check_job_name(name: &str) -> Result<(), EditError> {
    if name.is_empty() {
        return Err(EditError::request("the name of the job is empty", "give it a name"));
    }
    match name.contains(char::is_control) {
        true => Err(EditError::request(format!("the name {name:?} has a control character"), "")),
        false => Ok(()),
    }
}
