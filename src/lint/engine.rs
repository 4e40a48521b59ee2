//! Runs the rules over a config: facts once, then every rule on them.

use rustc_hash::FxHashSet;

use crate::analysis::{Facts, RelabelList, lists_of_config, lists_of_job};
use crate::config::{Config, MarkedField, ScrapeConfig};
use crate::diagnostic::Diagnostic;
use crate::text::Location;

use super::causes::without_effects;
use super::outcomes::{JobOutcomes, Outcomes};
use super::rule::{Check, Input, JobFacts};
use super::rules::RULES;
use super::sink::{Sink, Trees};

/// Runs all rules over one config.
pub(super) struct Engine<'a> {
    config: &'a Config,
    trees: &'a Trees<'a>,
    marked_fields: &'a [MarkedField],
    missing: &'a FxHashSet<Location>,
    findings: Vec<Diagnostic>,
}

impl<'a> Engine<'a> {
    /// `missing` has the places of paths without a file.
    pub(super) fn new(
        config: &'a Config,
        trees: &'a Trees<'a>,
        marked_fields: &'a [MarkedField],
        missing: &'a FxHashSet<Location>,
    ) -> Self {
        Self { config, trees, marked_fields, missing, findings: Vec::new() }
    }

    /// Adds other findings, so that rules do not repeat them.
    pub(super) fn push_all(&mut self, findings: Vec<Diagnostic>) {
        self.findings.extend(findings);
    }

    /// Judges the last job that was added.
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

    /// Judges the lists outside of jobs, and the config as a whole; returns all findings.
    pub(super) fn finish(mut self, facts: &mut Facts, outcomes: &Outcomes<'a>) -> Vec<Diagnostic> {
        let lists = lists_of_config(facts, self.config);
        let (config, trees, marked_fields, outcomes) = (self.config, self.trees, self.marked_fields, &*outcomes.jobs);
        let input = Input { config, trees, outcomes, marked_fields, missing: self.missing };
        for rule in RULES {
            let mut sink = Sink::new(rule.id, self.trees, &mut self.findings);
            match rule.check {
                Check::List(check) => lists.iter().for_each(|list| check(list, &mut sink)),
                Check::Job(_) => {}
                Check::Input(check) => check(&input, &mut sink),
            }
        }
        let generated = generated_rules(config);
        let is_in = |finding: &Diagnostic, place: &Location| {
            place.file == finding.at.file && place.span.contains(finding.at.span)
        };
        self.findings.retain(|finding| !generated.iter().any(|place| is_in(finding, place)));
        without_effects(config, &mut self.findings);
        self.findings
    }
}

/// The rules that no user wrote: nobody can change them in the text.
fn generated_rules(config: &Config) -> Vec<Location> {
    let of_job = |job: &'_ ScrapeConfig| {
        let rules = job.relabel_configs.iter().chain(&job.metric_relabel_configs);
        let generated = rules.filter(|rule| !rule.author.is_user());
        generated.map(|rule| Location::new(job.file, rule.span)).collect::<Vec<_>>()
    };
    config.scrape_configs.iter().flat_map(of_job).collect()
}

/// Judges a list of rules outside of a config.
pub(super) fn judge_list(
    list: Option<&RelabelList<'_>>,
    trees: &Trees<'_>,
    mut findings: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    for (rule, list) in RULES.iter().flat_map(|rule| list.map(|list| (rule, list))) {
        if let Check::List(check) = rule.check {
            check(list, &mut Sink::new(rule.id, trees, &mut findings));
        }
    }
    findings
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
