//! Runs the rules over a config: facts once, then every rule on them.

use crate::analyse::{Facts, RelabelList, lists_of_config, lists_of_job};
use crate::config::{Config, ScrapeConfig};
use crate::diagnostic::Diagnostic;

use super::report::{Report, Trees};
use super::rules::RULES;

/// A rule: its id, which is the name of its document, and how it judges.
pub(crate) struct Rule {
    pub(super) id: &'static str,
    pub(super) check: Check,
}

/// What a rule judges. Nothing that has a load error comes to it.
#[allow(dead_code, reason = "rules of every kind are to come")]
pub(crate) enum Check {
    /// One list of relabel rules, of any stage.
    List(fn(&RelabelList<'_>, &mut Report<'_>)),
    /// One job with its two lists.
    Job(fn(&JobFacts<'_>, &mut Report<'_>)),
    /// A config with all its jobs and texts.
    Input(fn(&Input<'_>, &mut Report<'_>)),
}

/// A job and the facts about its lists.
#[allow(dead_code, reason = "for rules about jobs")]
pub(crate) struct JobFacts<'a> {
    pub(crate) config: &'a Config,
    pub(crate) job: &'a ScrapeConfig,
    pub(crate) target: &'a RelabelList<'a>,
    pub(crate) metric: &'a RelabelList<'a>,
}

/// A config, its jobs with a load error among them.
#[allow(dead_code, reason = "for rules about whole files")]
pub(crate) struct Input<'a> {
    pub(crate) config: &'a Config,
    /// Its own text and those of `scrape_config_files`.
    pub(crate) trees: &'a Trees<'a>,
}

#[allow(dead_code, reason = "for rules about whole files")]
impl<'a> Input<'a> {
    /// The jobs without a load error.
    pub(crate) fn jobs(&self) -> impl Iterator<Item = &'a ScrapeConfig> {
        self.config.scrape_configs.iter().filter(|job| is_judged(job))
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
    findings: Vec<Diagnostic>,
}

impl<'a> Engine<'a> {
    pub(super) fn new(config: &'a Config, trees: &'a Trees<'a>) -> Self {
        Self { config, trees, findings: Vec::new() }
    }

    pub(super) fn judge_job(&mut self, facts: &mut Facts, job: &'a ScrapeConfig) {
        let Some([target, metric]) = lists_of_job(facts, job) else { return };
        let job = JobFacts { config: self.config, job, target: &target, metric: &metric };
        for rule in RULES {
            let mut report = Report::new(rule.id, self.trees, &mut self.findings);
            match rule.check {
                Check::List(check) => {
                    for list in [&target, &metric].into_iter().filter(|list| !list.rules.is_empty()) {
                        check(list, &mut report);
                    }
                }
                Check::Job(check) => check(&job, &mut report),
                Check::Input(_) => {}
            }
        }
    }

    /// Judges what belongs to no job, and the config as a whole; gives all that was found.
    pub(super) fn finish(mut self, facts: &mut Facts) -> Vec<Diagnostic> {
        let lists = lists_of_config(facts, self.config);
        let input = Input { config: self.config, trees: self.trees };
        for rule in RULES {
            let mut report = Report::new(rule.id, self.trees, &mut self.findings);
            match rule.check {
                Check::List(check) => lists.iter().for_each(|list| check(list, &mut report)),
                Check::Job(_) => {}
                Check::Input(check) => check(&input, &mut report),
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
            assert!(documents::rule(rule.id).is_some(), "{}", rule.id);
        }
        assert!(RULES.is_sorted_by_key(|rule| rule.id));
    }
}
