//! Targets that were saved from a running Prometheus.

use promcfg::config::{Config, ScrapeConfig};
use promcfg::report::escape_text;
use promcfg::simulate::{ApiTarget, AssumedDefault, PlacedTarget, SavedTargets, running_job};

/// Saved targets, and the config that ran when they were saved.
pub(crate) struct Saved {
    targets: SavedTargets,
    running: Option<Config>,
    /// What could not be decided without that config, job by job.
    notes: Vec<String>,
}

impl Saved {
    /// Targets of a response, which name their jobs.
    pub(super) fn new(targets: Vec<ApiTarget>, running: Option<Config>) -> Self {
        Self { targets: SavedTargets::new(targets), running, notes: Vec::new() }
    }

    /// Targets of one job, which do not name it.
    pub(super) fn of_one_job(targets: Vec<ApiTarget>, job: &str) -> Self {
        Self { targets: SavedTargets::of_one_job(targets, job), running: None, notes: Vec::new() }
    }

    /// Gives the targets that name no job to the selected one; with several, reports them.
    pub(super) fn give_unnamed_to(&mut self, jobs: &[&ScrapeConfig]) {
        if let [job] = jobs {
            self.targets.give_unnamed_to(&job.job_name.value);
        }
        let count = self.targets.unnamed();
        if count > 0 {
            let what = if count == 1 { "target names no job and is" } else { "targets name no job and are" };
            self.notes.push(format!(
                "{count} saved {what} left out: servers before 3.3 do not save the job of dropped targets; --job NAME gives it"
            ));
        }
    }

    /// The names of the jobs that have saved targets, with their numbers.
    pub(super) fn jobs(&self) -> impl Iterator<Item = (&str, usize)> {
        self.targets.jobs()
    }

    /// What was assumed about the labels of the targets so far.
    pub(super) fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The saved targets of a job.
    pub(super) fn of_job(&mut self, job: &ScrapeConfig) -> Vec<PlacedTarget> {
        let running = self.running.as_ref().and_then(|running| running_job(running, job));
        let found = self.targets.for_job(job, running);
        let is_missing = self.running.is_some() && running.is_none() && !found.targets.is_empty();
        let mut notes = Vec::new();
        if is_missing {
            let name = escape_text(&job.job_name.value);
            notes.push(format!("the running config has no job {name:?}: the labels of the running job are assumed"));
        }
        notes.extend(found.assumed.iter().map(|assumed| note_of(job, assumed, self.running.is_some())));
        // The targets of a job may be asked for twice.
        notes.retain(|note| !self.notes.contains(note));
        self.notes.extend(notes);
        found.targets.into_iter().map(PlacedTarget::from).collect()
    }
}

/// What is assumed of a label of saved targets.
fn note_of(job: &ScrapeConfig, assumed: &AssumedDefault, has_running: bool) -> String {
    let AssumedDefault { label, saved, present, count, of, .. } = assumed;
    let share = if count == of { format!("all {of} saved targets") } else { format!("{count} of {of} saved targets") };
    let now = match present {
        Some(present) => format!("the config now gives {present:?}"),
        None => "the config no longer gives it".to_string(),
    };
    let help = if has_running { "" } else { "; --running FILE, the config that ran, decides it" };
    let name = &job.job_name.value;
    format!("job {name:?}: {share} have {label}={saved:?}, assumed to come from the running job; {now}{help}")
}
