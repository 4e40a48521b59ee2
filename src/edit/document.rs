//! A config to be edited: the library's entry to all edits.

use std::sync::{Arc, OnceLock};

use crate::config::ScrapeConfig;
use crate::diagnostic::Diagnostic;
use crate::options::Options;
use crate::release::Release;
use crate::simulate::PlacedTarget;
use crate::text::{Location, Sources};

use super::change::ConfigChange;
use super::copies::with_copies;
use super::driver::{self, Command, FieldsRequest, JobsCommand, ObjectFieldsRequest, Usage};
use super::given::{Allowances, SampleLabels};
use super::open::Opened;
use super::request::{EditError, Method, Selection};
use super::sequence;
use super::surroundings::OtherManifests;

/// A config, or a Kubernetes manifest with configs in its ConfigMaps, that can be edited.
///
/// Each edit is a method, such as [`add_label`](Self::add_label). It is proved before it is returned:
/// the new text is read again; its tree must be the old one with the intended changes and nothing else,
/// all comments must stay at their place, and the targets must become what they were, with just the
/// change that was asked for. What cannot be proved is refused. Nothing is written: a [`ConfigChange`]
/// has the replacements for each file.
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
    opened: Opened<'f>,
    /// All of the config, where only single jobs are read for edits, once it is asked for.
    whole: OnceLock<(Vec<ScrapeConfig>, Vec<Diagnostic>)>,
}

impl std::fmt::Debug for Document<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document").field("name", &self.opened.name()).finish_non_exhaustive()
    }
}

impl<'f> Document<'f> {
    /// Reads a text. Its errors are in [`diagnostics`](Self::diagnostics).
    #[must_use]
    pub fn new(name: &str, text: impl Into<Arc<str>>, options: &Options<'f>) -> Self {
        Self { opened: Opened::new(name, text, options), whole: OnceLock::new() }
    }

    /// Reads a text beside other manifests: their objects select and qualify those of the text.
    #[must_use]
    pub fn among(name: &str, text: impl Into<Arc<str>>, options: &Options<'f>, others: &OtherManifests) -> Self {
        Self { opened: Opened::among(name, text, options, others), whole: OnceLock::new() }
    }

    /// The texts that places of diagnostics refer to.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.opened.sources
    }

    /// What is wrong with the config.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        match self.opened.is_unread() {
            true => &self.whole().1,
            false => &self.opened.diagnostics,
        }
    }

    /// Its jobs, with those of the files it includes.
    #[must_use]
    pub fn jobs(&self) -> &[ScrapeConfig] {
        match self.opened.is_unread() {
            true => &self.whole().0,
            false => &self.opened.jobs,
        }
    }

    /// Reads all jobs.
    #[cfg(test)]
    pub(super) fn read_all(&mut self) {
        self.opened.read_all();
    }

    /// Whether it has jobs. Not all of a large config is read for the answer.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// let has_jobs = |text: &str| Document::new("p.yml", text, &Options::default()).has_jobs();
    /// assert!(has_jobs("scrape_configs: [{job_name: a}]"));
    /// assert!(!has_jobs("global: {}"));
    /// ```
    #[must_use]
    pub fn has_jobs(&self) -> bool {
        (self.opened.is_unread() && self.opened.has_plain_job()) || !self.jobs().is_empty()
    }

    fn whole(&self) -> &(Vec<ScrapeConfig>, Vec<Diagnostic>) {
        self.whole.get_or_init(|| self.opened.read())
    }

    /// Whether it is a manifest with objects of prometheus-operator. Its jobs are those that are generated of them, and what
    /// is edited are the objects.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// use promcfg::edit::AddLabel;
    /// let monitor = "apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata:\n  name: web\n\
    ///     spec:\n  selector: {}\n  podMetricsEndpoints:\n  - port: http\n";
    /// let mut document = Document::new("web.yml", monitor, &Options::default());
    /// assert!(document.has_objects());
    /// assert_eq!(document.jobs()[0].job_name.value, "podMonitor/default/web/0");
    /// let change = document.add_label(&AddLabel { name: "env".into(), value: "x".into(), ..AddLabel::default() })?;
    /// let rule = "    relabelings:\n    - targetLabel: env\n      replacement: x\n";
    /// assert_eq!(change.files[0].after(), format!("{monitor}{rule}"));
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    #[must_use]
    pub fn has_objects(&self) -> bool {
        self.opened.objects.is_some()
    }

    /// Whether a job is generated of an object of prometheus-operator: its target files are in a container.
    #[must_use]
    pub fn is_generated(&self, job: &ScrapeConfig) -> bool {
        self.opened.is_generated(job.file)
    }

    /// Whether the text is a target file: a list of target groups, as `file_sd_configs` reads it. It has no jobs
    /// and no rules, only labels of groups.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// use promcfg::edit::AddLabel;
    /// let mut document = Document::new("targets.json", r#"[{"targets":["h:1"]}]"#, &Options::default());
    /// assert!(document.is_target_file());
    /// let change = document.add_label(&AddLabel { name: "env".into(), value: "x".into(), ..AddLabel::default() })?;
    /// assert_eq!(change.files[0].after(), r#"[{"targets":["h:1"],"labels":{"env":"x"}}]"#);
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    #[must_use]
    pub fn is_target_file(&self) -> bool {
        self.opened.is_target_file
    }

    /// The method by which labels get to the targets of this text.
    pub(super) fn method(&self, method: Method) -> Result<Method, EditError> {
        self.opened.method(method)
    }

    /// The text with all that was read for it.
    pub(super) fn opened_mut(&mut self) -> &mut Opened<'f> {
        &mut self.opened
    }

    /// The start of the text.
    pub(super) fn start(&self) -> Location {
        self.opened.start()
    }

    /// Adds targets to those of a job, as its discovery would find them. Edits are tried on them, and what they
    /// say of targets that only discovery knows is shown on them.
    pub fn add_targets(&mut self, job: &str, targets: impl IntoIterator<Item = PlacedTarget>) {
        self.opened.given.add_targets(job, targets);
    }

    /// Adds samples that each target has, for edits of metric rules.
    pub fn add_samples(&mut self, samples: impl IntoIterator<Item = SampleLabels>) {
        self.opened.given.add_samples(samples);
    }

    /// Says what edits may do that is refused otherwise.
    pub fn allow(&mut self, allowances: Allowances) {
        self.opened.allowances = allowances;
    }

    /// Makes the change of a command.
    pub(super) fn run(&mut self, command: &dyn Command) -> Result<ConfigChange, EditError> {
        self.run_all(&[command])
    }

    /// Makes the change of a command on the list of jobs.
    pub(super) fn run_on_jobs(&mut self, command: &dyn JobsCommand) -> Result<ConfigChange, EditError> {
        let change = with_copies(&mut self.opened, &|opened| driver::run_on_jobs(opened, command))?;
        Ok(if self.opened.is_target_file { self.of_target_file(change) } else { change })
    }

    /// Makes a change of fields.
    pub(super) fn run_on_fields(&mut self, request: &FieldsRequest<'_>) -> Result<ConfigChange, EditError> {
        with_copies(&mut self.opened, &|opened| driver::run_on_fields(opened, request))
    }

    /// Makes a change of fields of objects; `None` where the fields are not in objects.
    pub(super) fn run_on_object_fields(
        &mut self,
        request: &ObjectFieldsRequest<'_>,
        jobs: Option<&Selection>,
    ) -> Option<Result<ConfigChange, EditError>> {
        match driver::object_site(&mut self.opened, jobs) {
            Ok(None) => None,
            Ok(Some(site)) => {
                let edit = |opened: &mut Opened<'_>| driver::run_on_object_fields(opened, request, &site);
                Some(with_copies(&mut self.opened, &edit))
            }
            Err(error) => Some(Err(error)),
        }
    }

    /// What each of some jobs uses of its limits.
    pub(super) fn usages(&mut self, selection: &Selection, of_targets: bool) -> Result<Vec<Usage>, EditError> {
        driver::usages(&mut self.opened, selection, of_targets)
    }

    /// Whether samples are known.
    pub(super) fn has_samples(&self) -> bool {
        !self.opened.given.samples().is_empty()
    }

    /// The release that the config is for.
    pub(super) fn release(&self) -> Release {
        self.opened.options.release
    }

    /// Makes the changes of several commands as one.
    pub(super) fn run_all(&mut self, commands: &[&dyn Command]) -> Result<ConfigChange, EditError> {
        for command in commands {
            self.opened.check_target_file(&command.selection().jobs, &command.stages())?;
        }
        if let Some(refusal) = self.opened.broken_target_file() {
            return Err(refusal.into());
        }
        let outcome = with_copies(&mut self.opened, &|opened| sequence::run(opened, commands));
        match outcome {
            Ok(change) if self.opened.is_target_file => Ok(self.of_target_file(change)),
            Err(EditError::Refused(refusals)) if self.opened.is_target_file => {
                Err(EditError::Refused(refusals.into_iter().map(in_target_file).collect()))
            }
            other => other,
        }
    }

    /// Says of a change of a target file how far it is known.
    fn of_target_file(&self, mut change: ConfigChange) -> ConfigChange {
        if !change.is_empty() {
            let name = self.opened.name();
            change
                .notes
                .push(format!("{name}: the relabel rules of the jobs that read this target file are not known"));
        }
        change
    }
}

/// A refusal of a target file: it has no job, and no rules that could do what its groups cannot.
fn in_target_file(refusal: Diagnostic) -> Diagnostic {
    let is_of_config =
        |help: &String| ["--method relabel", "static_configs", " --job "].iter().any(|word| help.contains(word));
    let help = refusal.help.filter(|help| !is_of_config(help));
    let message = refusal.message.replace("`static_configs` groups", "groups").replace("`static_configs`", "the file");
    let help = help.or_else(|| Some("edit the file by hand, or name the config that reads it".to_string()));
    Diagnostic { job: None, help, message, ..refusal }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_can_be_sent_to_another_thread() {
        fn is_send<T: Send>(_: &T) {}
        is_send(&Document::new("p.yml", "scrape_configs: []\n", &Options::default()));
    }
}
