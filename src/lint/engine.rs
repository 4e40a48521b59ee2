//! Runs the rules over a config: facts once, then every rule on them.

use crate::analysis::{Facts, RelabelList, lists_of_config, lists_of_job};
use crate::config::{Config, MarkedField, ScrapeConfig};
use crate::diagnostic::Diagnostic;
use crate::text::Location;

use super::outcomes::{JobOutcomes, Outcome, Outcomes};
use super::rules::RULES;
use super::sink::{Sink, Trees};

/// A rule: its id, which is the name of its document, and how it judges.
pub(crate) struct Rule {
    pub(super) id: &'static str,
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
    marked_fields: &'a [MarkedField],
}

impl<'a> Input<'a> {
    /// The jobs without a load error.
    pub(crate) fn jobs(&self) -> impl Iterator<Item = &'a ScrapeConfig> {
        self.config.scrape_configs.iter().filter(|job| is_judged(job))
    }

    /// The secret and the deprecated fields, but for those in jobs with a load error.
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

/// All rules at work on one config.
pub(super) struct Engine<'a> {
    config: &'a Config,
    trees: &'a Trees<'a>,
    marked_fields: &'a [MarkedField],
    findings: Vec<Diagnostic>,
}

impl<'a> Engine<'a> {
    pub(super) fn new(config: &'a Config, trees: &'a Trees<'a>, marked_fields: &'a [MarkedField]) -> Self {
        Self { config, trees, marked_fields, findings: Vec::new() }
    }

    /// Takes what others have found, so that rules need not say it again.
    pub(super) fn push_all(&mut self, findings: Vec<Diagnostic>) {
        self.findings.extend(findings);
    }

    /// Judges the last job that was looked at.
    pub(super) fn judge_job(&mut self, facts: &mut Facts, outcomes: &Outcomes<'a>) {
        let Some(JobOutcomes { job, targets }) = outcomes.jobs.last() else { return };
        let Some([target, metric]) = lists_of_job(facts, job) else { return };
        let job = JobFacts { job, targets, target: &target, metric: &metric };
        for rule in RULES {
            let mut sink = Sink::new(rule.id, self.trees, &mut self.findings);
            match rule.check {
                Check::List(check) => {
                    for list in [&target, &metric].into_iter().filter(|list| !list.rules.is_empty()) {
                        check(list, &mut sink);
                    }
                }
                Check::Job(check) => check(&job, &mut sink),
                Check::Input(_) => {}
            }
        }
    }

    /// Judges what belongs to no job, and the config as a whole; gives all that was found.
    pub(super) fn finish(mut self, facts: &mut Facts, outcomes: &Outcomes<'a>) -> Vec<Diagnostic> {
        let lists = lists_of_config(facts, self.config);
        let (config, trees, marked_fields, outcomes) = (self.config, self.trees, self.marked_fields, &*outcomes.jobs);
        let input = Input { config, trees, outcomes, marked_fields };
        for rule in RULES {
            let mut sink = Sink::new(rule.id, self.trees, &mut self.findings);
            match rule.check {
                Check::List(check) => lists.iter().for_each(|list| check(list, &mut sink)),
                Check::Job(_) => {}
                Check::Input(check) => check(&input, &mut sink),
            }
        }
        self.findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::documents;

    #[test]
    fn every_rule_has_a_document_and_they_are_in_order() {
        for rule in RULES {
            assert!(documents::rule_document(rule.id).is_some(), "{}", rule.id);
        }
        assert!(RULES.is_sorted_by_key(|rule| rule.id));
    }
}
