//! A lint rule, and what it judges.

use rustc_hash::FxHashSet;

use crate::analysis::RelabelList;
use crate::config::{Config, MarkedField, ScrapeConfig};
use crate::diagnostic::Id;
use crate::text::{FileId, Location, Span};

use super::outcomes::{JobOutcomes, Outcome};
use super::sink::{Sink, Trees};

/// A rule: its id, which is the name of its document, and how it judges.
pub(crate) struct Rule {
    pub(super) id: Id,
    pub(super) check: Check,
}

/// What a rule judges. Nothing that has a load error comes to it.
pub(crate) enum Check {
    /// One list of relabel rules, of any stage.
    List(fn(&RelabelList<'_>, &mut Sink<'_>)),
    /// One job with its two lists.
    Job(fn(&JobFacts<'_>, &mut Sink<'_>)),
    /// A config with all its jobs and texts.
    Input(fn(&Input<'_>, &mut Sink<'_>)),
}

/// A job and the facts about its lists.
pub(crate) struct JobFacts<'a> {
    pub(crate) job: &'a ScrapeConfig,
    /// What became of the targets that are known.
    pub(crate) targets: &'a [Outcome],
    pub(crate) target: &'a RelabelList<'a>,
    pub(crate) metric: &'a RelabelList<'a>,
}

/// A config, its jobs with a load error among them.
pub(crate) struct Input<'a> {
    pub(crate) config: &'a Config,
    /// Its own text and those of `scrape_config_files`.
    pub(crate) trees: &'a Trees<'a>,
    /// The jobs without a load error, each with what became of its targets.
    pub(crate) outcomes: &'a [JobOutcomes<'a>],
    pub(super) marked_fields: &'a [MarkedField],
    /// The places of paths without a file.
    pub(super) missing: &'a FxHashSet<Location>,
}

impl<'a> Input<'a> {
    /// The jobs without a load error.
    pub(crate) fn jobs(&self) -> impl Iterator<Item = &'a ScrapeConfig> {
        self.config.scrape_configs.iter().filter(|job| is_judged(job))
    }

    /// Whether a path at that place names no file.
    pub(crate) fn is_missing(&self, file: FileId, path: Span) -> bool {
        self.missing.contains(&Location::new(file, path))
    }

    /// The secret fields, those that name files, and the deprecated ones, but for those in jobs with a load error.
    pub(crate) fn marked_fields(&self) -> impl Iterator<Item = &'a MarkedField> {
        let refused = self.config.scrape_configs.iter().filter(|job| !is_judged(job));
        let mut refused: Vec<Location> = refused.map(|job| Location::new(job.file, job.span)).collect();
        refused.sort_unstable();
        self.marked_fields.iter().filter(move |marked_fields| {
            let at = Location::new(marked_fields.file, marked_fields.field.key);
            let before = refused.partition_point(|job| *job <= at);
            let around = before.checked_sub(1).and_then(|last| refused.get(last));
            !around.is_some_and(|job| job.file == at.file && job.span.contains(at.span))
        })
    }
}

/// Whether a job is judged at all.
pub(super) fn is_judged(job: &ScrapeConfig) -> bool {
    job.is_valid && job.is_text
}
