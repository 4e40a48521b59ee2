//! Runs the rules over a config: facts once, then every rule on them.

use rustc_hash::FxHashSet;

use crate::analysis::{Facts, NotAnalyzed, RelabelList, TooLargeList, lists_of_config, lists_of_job};
use crate::config::{Config, MarkedField, ScrapeConfig};
use crate::diagnostic::{Diagnostic, Severity, ids};
use crate::text::Location;

use super::causes::{Places, without_effects};
use super::documents::rule_document;
use super::outcomes::{JobOutcomes, Outcomes};
use super::rule::{Check, Input, JobFacts};
use super::rules::RULES;
use super::sink::{Findings, Sink, Trees};

/// Runs all rules over one config.
pub(super) struct Engine<'a> {
    config: &'a Config,
    trees: &'a Trees<'a>,
    marked_fields: &'a [MarkedField],
    missing: &'a FxHashSet<Location>,
    findings: Findings,
}

impl<'a> Engine<'a> {
    /// `missing` has the places of paths without a file.
    pub(super) fn new(
        config: &'a Config,
        trees: &'a Trees<'a>,
        marked_fields: &'a [MarkedField],
        missing: &'a FxHashSet<Location>,
    ) -> Self {
        Self { config, trees, marked_fields, missing, findings: Findings::default() }
    }

    /// Adds other findings, so that rules do not repeat them.
    pub(super) fn push_all(&mut self, findings: Vec<Diagnostic>) {
        findings.into_iter().for_each(|finding| self.findings.push(finding));
    }

    /// Judges the last job that was added.
    pub(super) fn judge_job(&mut self, facts: &mut Facts, outcomes: &Outcomes<'a>) {
        let Some(JobOutcomes { job, targets, .. }) = outcomes.jobs.last() else { return };
        let [target, metric] = match lists_of_job(facts, job) {
            Ok(lists) => lists,
            Err(NotAnalyzed::TooLarge(list)) => return self.findings.push(unchecked(&list)),
            Err(NotAnalyzed::Invalid) => return,
        };
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
        let mut lists = Vec::new();
        for list in lists_of_config(facts, self.config) {
            match list {
                Ok(list) => lists.push(list),
                Err(list) => self.findings.push(unchecked(&list)),
            }
        }
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
        let generated = Places::new(generated_rules(config));
        let mut findings = self.findings.into_all();
        findings.retain(|finding| generated.around(finding.at).is_none());
        without_effects(config, &mut findings);
        findings
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
    list: Result<RelabelList<'_>, NotAnalyzed>,
    trees: &Trees<'_>,
    faults: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let mut findings = Findings::default();
    faults.into_iter().for_each(|fault| findings.push(fault));
    match list {
        Ok(list) => {
            for rule in RULES {
                if let Check::List(check) = rule.check {
                    check(&list, &mut Sink::new(rule.id, trees, &mut findings));
                }
            }
        }
        Err(NotAnalyzed::TooLarge(list)) => findings.push(unchecked(&list)),
        Err(NotAnalyzed::Invalid) => {}
    }
    findings.into_all()
}

/// That no rule judged a list, because it is too large.
fn unchecked(list: &TooLargeList) -> Diagnostic {
    let message = format!("`{}` has {}, so that no lint rule was applied to it", list.key, list.excess);
    let severity = rule_document(ids::UNCHECKED_PART).map_or(Severity::Warning, |document| document.severity);
    let mut finding = Diagnostic::new(ids::UNCHECKED_PART, severity, list.at, message)
        .with_argument("part", list.key)
        .with_help("divide the list, or write fewer rules with longer patterns");
    finding.job.clone_from(&list.job);
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{documents, lint_config};
    use crate::options::Options;
    use crate::text::Sources;
    use crate::yaml::Tree;

    /// What is found in a job with these rules.
    fn found(rules: impl Iterator<Item = String>) -> Vec<Diagnostic> {
        let head = "scrape_configs:\n- job_name: a\n  static_configs: [{targets: ['h:1']}]\n  relabel_configs:\n";
        let rules: String = rules.map(|rule| format!("  - {rule}\n")).collect();
        lint_config(&mut Sources::new(), "p.yml", &Tree::parse(format!("{head}{rules}")), &Options::default())
    }

    #[test]
    fn a_list_of_many_rules_is_judged() {
        let findings = found((0..1500).map(|i| format!("{{source_labels: [nosuch], target_label: l{i}}}")));
        assert!(findings.iter().all(|finding| finding.id == ids::UNKNOWN_SOURCE_LABEL));
        assert_eq!(findings.iter().map(|finding| 1 + finding.omitted).sum::<usize>(), 1500);
    }

    #[test]
    fn a_list_that_is_too_large_is_reported() {
        let findings = found((0..2001).map(|i| format!("{{regex: 'a{i}.*', action: labeldrop}}")));
        let messages: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "`relabel_configs` has 4004001 pairs of a rule and a rule for labels of any name, more than 4000000, so that no lint rule was applied to it"
            ]
        );
        assert_eq!((findings[0].id, findings[0].job.as_deref()), (ids::UNCHECKED_PART, Some("a")));
    }

    #[test]
    fn every_rule_has_a_document_and_they_are_in_order() {
        for rule in RULES {
            assert!(documents::rule_document(rule.id).is_some(), "{}", rule.id);
        }
        assert!(RULES.is_sorted_by_key(|rule| rule.id));
    }
}
