//! The result of an edit: texts, and what they do.

use std::sync::Arc;

use crate::effect::Effect;
use crate::text::Edits;

use super::claim::{Claim, Grade, JobChange, LabelChangeKind};
use super::request::LabelStage;

/// A proved change of a config and of the files it includes.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ConfigChange {
    /// The files that change; none when all is as asked for already.
    pub files: Vec<FileChange>,
    /// How certain the effect is, in the least certain job.
    pub grade: Grade,
    /// What is said of each job that changes, in the order of the config.
    pub jobs: Vec<JobChange>,
    /// What becomes of the known targets of all jobs, or of their samples.
    pub effect: Effect,
    /// Which of the two the effect is about.
    pub stage: LabelStage,
    /// Jobs where nothing has to be done.
    pub jobs_with_nothing_to_do: Vec<String>,
    /// Jobs whose `keep` and `drop` rules leave none of the targets that are known: the effect is that
    /// without those rules.
    pub jobs_without_filters: Vec<String>,
    /// The fields that change, where they are what the change is about.
    pub fields: Vec<FieldChange>,
    /// What becomes of jobs that are not selected, in words: they read a target file that changes.
    pub other_jobs: Vec<String>,
    /// What changes of the layout alone, in words: the config means the same.
    pub layout: Vec<String>,
    /// What is worth knowing all the same.
    pub notes: Vec<String>,
}

/// What becomes of a field of a config or of a job. Secrets are not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldChange {
    /// The job; `None` for a field of the config.
    pub job: Option<String>,
    /// The file it is in.
    pub file: String,
    /// Its path, such as `global.scrape_interval`; below the job, if there is one.
    pub path: String,
    /// The value that was written.
    pub before: Option<String>,
    /// The value that is written now.
    pub after: Option<String>,
    /// The value where none is written, and what gives it: `global` or the default.
    pub inherited: Option<(String, &'static str)>,
}

impl std::fmt::Display for FieldChange {
    /// Such as `job node: scrape_interval is 15s, was 1m (global)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(job) = &self.job {
            write!(f, "job {job}: ")?;
        }
        let unwritten = || match &self.inherited {
            Some((value, from)) => format!("{value} ({from})"),
            None => "not given".to_string(),
        };
        let words = |written: &Option<String>| written.clone().unwrap_or_else(unwritten);
        write!(f, "{} is {}, was {}", self.path, words(&self.after), words(&self.before))
    }
}

/// What becomes of the text of a file.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FileChange {
    /// Its name, as it was given or found.
    pub name: String,
    /// Its text.
    pub before: Arc<str>,
    /// What is to be replaced.
    pub edits: Edits,
    /// Where the jobs of the text begin, and where the last one ends, if each job can be read without the rest of the text.
    pub(crate) cuts: Option<Arc<[u32]>>,
}

impl ConfigChange {
    /// A change of fields, of which nothing is known yet.
    pub(super) fn of_fields() -> Self {
        Self::nothing()
    }

    /// No change: what was to be removed is not there.
    ///
    /// ```
    /// use promcfg::edit::ConfigChange;
    /// assert!(ConfigChange::nothing_to_do().is_empty());
    /// ```
    #[must_use]
    pub fn nothing_to_do() -> Self {
        Self { jobs_with_nothing_to_do: vec![String::new()], ..Self::nothing() }
    }

    fn nothing() -> Self {
        Self {
            files: Vec::new(),
            grade: Grade::Proved,
            jobs: Vec::new(),
            effect: Effect::default(),
            stage: LabelStage::Target,
            jobs_with_nothing_to_do: Vec::new(),
            jobs_without_filters: Vec::new(),
            fields: Vec::new(),
            other_jobs: Vec::new(),
            layout: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Whether nothing has to be done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The effect in words: what is proved of all targets of jobs with discovery, and what becomes of the targets
    /// that are known, such as `3 targets gain env="prod"; nothing else changes`.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// use promcfg::edit::{AddLabel, Grade};
    /// let add = AddLabel { name: "env".into(), value: "x".into(), ..AddLabel::default() };
    /// let text = "scrape_configs: [{job_name: a, static_configs: [{targets: [h]}]}]";
    /// let change = Document::new("p.yml", text, &Options::default()).add_label(&add)?;
    /// assert_eq!((change.grade, change.summary()), (Grade::Proved, "1 target gains env=\"x\"; nothing else changes".to_string()));
    ///
    /// let text = "scrape_configs: [{job_name: a, kubernetes_sd_configs: [{role: pod}]}]";
    /// let change = Document::new("p.yml", text, &Options::default()).add_label(&add)?;
    /// assert_eq!(change.summary(), "job a: every target gains env=\"x\"; nothing else changes (proved from the rules)");
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    #[must_use]
    pub fn summary(&self) -> String {
        let things = match self.stage {
            LabelStage::Target => "target",
            LabelStage::Metric => "sample",
        };
        if !self.layout.is_empty() {
            let end = if self.jobs.is_empty() { "; the config means the same" } else { "" };
            return format!("{}{end}", self.layout.join(", "));
        }
        if !self.fields.is_empty() {
            return of_fields(&self.fields, &self.effect);
        }
        let mut lines = claimed(&self.jobs, things);
        let has_claims = !lines.is_empty();
        let is_unseen = self.jobs.iter().all(|job| job.known == 0);
        lines.extend(self.jobs.iter().filter_map(of_series));
        let is_of_examples =
            self.effect.is_none() && !self.jobs.is_empty() && self.jobs.iter().all(is_of_whole_samples);
        if !(is_unseen && has_claims || is_of_examples) {
            let effect = match self.stage {
                LabelStage::Target => self.effect.to_string(),
                LabelStage::Metric => self.effect.of_samples(),
            };
            let known: usize = self.jobs.iter().map(|job| job.known).sum();
            lines.push(if has_claims {
                format!("among {known} known {}: {effect}", plural("target", known))
            } else {
                effect
            });
        }
        lines.extend(self.other_jobs.iter().cloned());
        lines.join("\n")
    }
}

/// The fields in words; those with the same change in several jobs are one line. Then what becomes of targets.
fn of_fields(fields: &[FieldChange], effect: &Effect) -> String {
    let mut told: Vec<(String, Vec<&str>)> = Vec::new();
    for field in fields {
        let words = FieldChange { job: None, ..field.clone() }.to_string();
        let job = field.job.as_deref();
        match told.iter_mut().find(|(other, jobs)| *other == words && !jobs.is_empty() && job.is_some()) {
            Some((_, jobs)) => jobs.extend(job),
            None => told.push((words, job.into_iter().collect())),
        }
    }
    let line = |(words, jobs): (String, Vec<&str>)| match jobs.is_empty() {
        true => words,
        false => format!("{}: {words}", in_jobs(&jobs)),
    };
    let mut lines: Vec<String> = told.into_iter().map(line).collect();
    if !effect.is_none() {
        lines.push(effect.to_string());
    }
    lines.join("\n")
}

/// Whether the change drops or keeps whole samples.
fn is_of_whole_samples(job: &JobChange) -> bool {
    let is_whole = |claim: &Claim| {
        matches!(
            claim.change,
            LabelChangeKind::Dropped | LabelChangeKind::OthersDropped | LabelChangeKind::NoLongerDropped
        )
    };
    !job.claims.is_empty() && job.claims.iter().all(is_whole)
}

/// How many of the given series go, and how many stay.
fn of_series(job: &JobChange) -> Option<String> {
    let series = job.series?;
    let (before, after) = (series.before, series.after);
    Some(match before.checked_sub(after) {
        Some(less) => {
            format!("job {}: of {before} series that a target stores, {less} are dropped and {after} stay", job.job)
        }
        None => format!("job {}: a target stores {after} series, {} more than before", job.job, after - before),
    })
}

fn plural(word: &str, count: usize) -> String {
    format!("{word}{}", if count == 1 { "" } else { "s" })
}

/// A line for each statement about all targets, with the jobs that it holds for.
fn claimed(jobs: &[JobChange], things: &str) -> Vec<String> {
    let mut told: Vec<(String, Vec<&str>)> = Vec::new();
    for job in jobs {
        let claimed = |claim: &Claim| format!("{}; nothing else changes (proved from the rules)", claim.about(things));
        let mut all: Vec<String> = job.claims.iter().map(claimed).collect();
        match (job.grade, &job.reason) {
            (Grade::Shown, Some(reason)) => all.push(format!("shown on the known {things}s only: {reason}")),
            (Grade::Unproved, Some(reason)) => all.push(format!("the effect is not proved: {reason}")),
            (Grade::Proved, _) | (_, None) => {}
        }
        for words in all {
            match told.iter_mut().find(|(other, _)| *other == words) {
                Some((_, names)) => names.push(&job.job),
                None => told.push((words, vec![&job.job])),
            }
        }
    }
    told.into_iter().map(|(words, names)| format!("{}: {words}", in_jobs(&names))).collect()
}

/// So many jobs are named; of the others only the number.
const MOST_NAMES: usize = 10;

fn in_jobs(names: &[&str]) -> String {
    let shown: Vec<&str> = names.iter().take(MOST_NAMES).copied().collect();
    let more = names.len().saturating_sub(MOST_NAMES);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{} {}{rest}", plural("job", names.len()), shown.join(", "))
}

impl FileChange {
    pub(super) fn new(name: String, before: Arc<str>, edits: Edits) -> Self {
        Self { name, before, edits, cuts: None }
    }

    /// Adds a change of what this one makes of the text.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// use promcfg::edit::AddLabel;
    /// let add = |name: &str| AddLabel { name: name.into(), value: "x".into(), ..AddLabel::default() };
    /// let text = "scrape_configs: [{job_name: a, static_configs: [{targets: [h]}]}]";
    /// let mut first = Document::new("p.yml", text, &Options::default()).add_label(&add("env"))?;
    /// let next = Document::new("p.yml", first.files[0].after(), &Options::default()).add_label(&add("team"))?;
    /// first.files[0].then(&next.files[0]);
    /// assert_eq!(first.files[0].after(), next.files[0].after());
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    pub fn then(&mut self, next: &Self) {
        self.edits = self.edits.then(&next.edits, self.before.len());
        self.cuts = self.cuts.take().filter(|_| next.cuts.is_some());
    }

    /// Drops the text and its replacements, but keeps the fact that the file changes. This saves memory for callers that
    /// keep many changes and have the texts elsewhere.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// use promcfg::edit::AddLabel;
    /// let add = AddLabel { name: "env".into(), value: "x".into(), ..AddLabel::default() };
    /// let text = "scrape_configs: [{job_name: a, static_configs: [{targets: [h]}]}]";
    /// let mut change = Document::new("p.yml", text, &Options::default()).add_label(&add)?;
    /// change.files[0].forget_text();
    /// assert_eq!((change.files[0].name.as_str(), change.files[0].after()), ("p.yml", String::new()));
    /// assert!(!change.is_empty());
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    pub fn forget_text(&mut self) {
        (self.before, self.edits, self.cuts) = (Arc::from(""), Edits::default(), None);
    }

    /// The text with the change made.
    #[must_use]
    pub fn after(&self) -> String {
        self.edits.apply(&self.before)
    }
}
