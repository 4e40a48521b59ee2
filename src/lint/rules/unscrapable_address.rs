//! An address that can never be scraped.

use std::collections::BTreeSet;

use super::address_faults::{AddressFault, address_without_host};
use super::computed_addresses::{
    ADDRESS, last_writers, of_address_with_port, of_joined_labels, of_ports_alone, possible,
};
use crate::analysis::RuleFacts;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::outcomes::{Outcome, ScrapeFailure};
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_file, in_rule};
use crate::re2::TemplatePiece;
use crate::relabel::Labels;
use crate::scrape::{check_target, default_labels, scrape_error};
use crate::text::{Location, Placeholder, go_quote};

pub(super) const CHECK: Check = Check::Job(check);

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let mut reported = BTreeSet::new();
    for target in facts.targets.iter().filter(|target| target.is_kept()) {
        if !target.has_new_address {
            check_target_as_written(facts, target, sink);
        } else if let Some(failure) = &target.failure {
            check_relabeled(facts, target, failure, &mut reported, sink);
        }
    }
    for rule in last_writers(facts.target).filter(|rule| begins_with_port(rule)) {
        check_own_machine(facts, rule, sink);
    }
    if !facts.job.has_only_static_targets() {
        for rule in last_writers(facts.target).filter(|rule| !reported.contains(&rule.index)) {
            check_rule(facts, rule, sink);
        }
    }
}

/// A target whose address no rule changes.
fn check_target_as_written(facts: &JobFacts<'_>, target: &Outcome, sink: &mut Sink<'_>) {
    let at = target.at;
    let finding = |message: &str| in_file(at.file, at.span, message).with_job(facts.job.job_name.value.as_str());
    if let Some(ScrapeFailure { address, error }) = target.failure.as_deref() {
        // `leftover-placeholder` reports a placeholder in a text of the config.
        let is_reported = sink.tree(at.file).is_some() && Placeholder::find(address).is_some();
        if let Some(fault) = AddressFault::of(error, address).filter(|_| !is_reported) {
            let severity = fault.severity;
            let finding = finding(&fault.message);
            sink.push_as(severity, fault.explain(finding, address));
        }
    } else if let Some(address) = address_without_host(&target.url) {
        let message = format!("{} has no host: Prometheus connects to its own machine", go_quote(address));
        let finding = finding(&message).with_argument("address", address);
        sink.push_as(Severity::Info, finding.with_help(format!("write {}", go_quote(&format!("localhost{address}")))));
    }
}

/// A target whose address a rule changes: the rule is reported once.
fn check_relabeled(
    facts: &JobFacts<'_>,
    target: &Outcome,
    failure: &ScrapeFailure,
    reported: &mut BTreeSet<usize>,
    sink: &mut Sink<'_>,
) {
    let ScrapeFailure { address, error } = failure;
    let writers: Vec<&RuleFacts<'_>> = facts.target.rules.iter().filter(|rule| rule.may_write(ADDRESS)).collect();
    let is_its_constant = |rule: &&&RuleFacts<'_>| rule.constant().is_some_and(|constant| constant == *address);
    let Some(rule) = writers.iter().find(is_its_constant).or(writers.last()) else { return };
    let is_new = reported.insert(rule.index);
    let Some(fault) = AddressFault::of(error, address).filter(|_| is_new) else { return };
    let severity = fault.severity;
    if let Some(finding) = finding_in_rule(facts, rule, &fault.message, sink) {
        let finding = finding.with_label(target.at, "for example, this target");
        sink.push_as(severity, fault.explain(finding, address));
    }
}

/// Whether all addresses of a rule begin with the colon of the port.
fn begins_with_port(rule: &RuleFacts<'_>) -> bool {
    let text = rule.replacement.text();
    text.len() > 1 && text.starts_with(':') && !text[1..].contains(':')
}

/// A rule that leaves nothing of an address but the port.
fn check_own_machine(facts: &JobFacts<'_>, rule: &RuleFacts<'_>, sink: &mut Sink<'_>) {
    let text = rule.replacement.text();
    let message = format!("{} has no host: Prometheus connects to its own machine", go_quote(text));
    if let Some(finding) = finding_in_rule(facts, rule, &message, sink) {
        let finding = finding.with_argument("address", text);
        sink.push_as(Severity::Info, finding.with_help("write the host, or a group with the host, before the port"));
    }
}

/// A rule about targets that are not known, whose address is faulty whatever its groups match.
fn check_rule(facts: &JobFacts<'_>, rule: &RuleFacts<'_>, sink: &mut Sink<'_>) {
    let mut labels: Labels = default_labels(facts.job).into_iter().collect();
    let mut failure_of = |address: String| {
        labels.set(ADDRESS, address.as_str());
        let is_refused = check_target(facts.job, labels.clone()).is_err();
        let error = scrape_error(facts.job, &labels).filter(|_| !is_refused)?;
        Some(ScrapeFailure { address, error })
    };
    let failures: Option<Vec<_>> = possible(rule).into_iter().map(&mut failure_of).collect();
    let proved = failures.and_then(|failures| failures.into_iter().next());
    let list = facts.target;
    let made = [of_ports_alone(rule), of_joined_labels(list, rule), of_address_with_port(list, rule)];
    let Some(failure) = proved.or_else(|| made.into_iter().flatten().find_map(failure_of)) else { return };
    let ScrapeFailure { address, error } = &failure;
    let Some(fault) = AddressFault::of(error, address) else { return };
    let severity = fault.severity;
    if let Some(finding) = finding_in_rule(facts, rule, &fault.message, sink) {
        sink.push_as(severity, fault.explain(finding, address));
    }
}

/// A finding at the replacement of a rule; `None` if another rule reports its text.
fn finding_in_rule(facts: &JobFacts<'_>, rule: &RuleFacts<'_>, message: &str, sink: &Sink<'_>) -> Option<Diagnostic> {
    let list = facts.target;
    let has_other = sink.has_finding_in(Location::new(list.file, rule.rule.span));
    let is_placeholder = rule.replacement.pieces().any(|piece| match piece {
        TemplatePiece::Text(text) => Placeholder::find(text).is_some(),
        TemplatePiece::Group(_) => false,
    });
    let span = rule.rule.field("replacement").map_or(rule.rule.span, |field| field.value);
    (!has_other && !is_placeholder).then(|| in_rule(list, rule, span, message))
}
