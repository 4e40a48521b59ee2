//! Runs the rules over what is left of a config when its jobs are judged, and over lists without a config.

use crate::analysis::{Facts, NotAnalyzed, RelabelList, lists_of_config};
use crate::config::Config;
use crate::diagnostic::Diagnostic;

use super::batch::Batch;
use super::causes::{Places, without_effects};
use super::rule::{self, Check, Input};
use super::rules::RULES;
use super::sink::{Findings, Sink, Trees};
use super::unchecked::unchecked;

/// Judges the lists outside of jobs, and the config as a whole; returns all findings. `config` is without jobs, and
/// `batch` what was found in them; the rules do not repeat `faults`.
pub(super) fn finish(
    config: &Config,
    trees: &Trees<'_>,
    facts: &mut Facts,
    batch: Batch<'_>,
    faults: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let Batch { findings: of_jobs, of_parts, outcomes, mut rules_with_findings, generated_rules, placeholders, .. } =
        batch;
    let mut findings = Findings::default();
    faults.into_iter().for_each(|fault| findings.push(fault));
    findings.append(of_jobs);
    let mut lists = Vec::new();
    for list in lists_of_config(facts, config) {
        match list {
            Ok(list) => lists.push(list),
            Err(list) => findings.push(unchecked(&list)),
        }
    }
    let is_interval_used = batch.is_interval_used;
    let input = Input { config, outcomes: &outcomes, placeholders: &placeholders, is_interval_used };
    let mut of_parts = of_parts.into_iter();
    for rule in RULES {
        match rule.check {
            Check::List(needs, check) => {
                let mut sink = Sink::new(rule.id, trees, &mut findings);
                lists.iter().for_each(|list| rule::judge_list(needs, check, list, &mut sink));
            }
            Check::Job(_) => {}
            Check::Input(check) => check(&input, &mut Sink::new(rule.id, trees, &mut findings)),
            Check::Parts(parts) => {
                let found = of_parts.next().unwrap_or_default();
                [found.jobs, found.fields, found.nodes].into_iter().for_each(|found| findings.append(found));
                if let Some(check) = parts.input {
                    check(&input, &mut Sink::new(rule.id, trees, &mut findings));
                }
            }
        }
    }
    let mut findings = findings.into_all();
    if !generated_rules.is_empty() {
        let generated = Places::new(generated_rules);
        findings.retain(|finding| generated.around(finding.at).is_none());
    }
    rules_with_findings.dedup();
    without_effects(config, rules_with_findings, &mut findings);
    findings
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
                if let Check::List(needs, check) = rule.check {
                    rule::judge_list(needs, check, &list, &mut Sink::new(rule.id, trees, &mut findings));
                }
            }
        }
        Err(NotAnalyzed::TooLarge(list)) => findings.push(unchecked(&list)),
        Err(NotAnalyzed::Invalid) => {}
    }
    findings.into_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::ids;
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
