//! `promcfg rules` and `promcfg explain-rule`: the documents of the rules.

use std::io::Write;

use promcfg::lint::{RuleDocument, rule_document, rule_documents};
use serde_json::{Value, json};

use super::args::{ExplainRuleArguments, RulesArguments, RulesFormat};
use super::rule_names::{is_pattern, rules_of_list, unknown_rule};
use super::status::{Failure, Status, Stop};
use super::terminal::Terminal;

pub(crate) fn list(arguments: &RulesArguments, terminal: &Terminal) -> Result<Status, Stop> {
    let mut output = terminal.output();
    match arguments.format {
        RulesFormat::Human => {
            let width = rule_documents().iter().map(|rule| rule.id.as_str().len()).max().unwrap_or(0);
            for rule in rule_documents() {
                let severity = format!("{:?}", rule.severity).to_lowercase();
                let padding = " ".repeat(width - rule.id.as_str().len());
                writeln!(
                    output,
                    "{}{padding}  {severity:7}  {}",
                    terminal.stdout.name(rule.id.as_str()),
                    rule.summary
                )?;
            }
        }
        RulesFormat::Json => {
            let members = rule_documents().iter().map(|rule| {
                json!({ "id": rule.id, "severity": rule.severity, "rejected": rule.is_rejected, "since": rule.since, "summary": rule.summary })
            });
            let rules: Vec<Value> = members.collect();
            serde_json::to_writer_pretty(&mut output, &json!({ "version": 1, "rules": rules }))
                .map_err(std::io::Error::from)?;
            writeln!(output)?;
        }
    }
    output.flush()?;
    Ok(Status::Fine)
}

pub(crate) fn explain(arguments: &ExplainRuleArguments, terminal: &Terminal) -> Result<Status, Stop> {
    let rule = only_rule(&arguments.rule)?;
    let mut output = terminal.output();
    output.write_all(rule.text.as_bytes())?;
    output.flush()?;
    Ok(Status::Fine)
}

/// The rule with this id, or the one that this pattern matches.
fn only_rule(name: &str) -> Result<&'static RuleDocument, Failure> {
    if let Some(rule) = rule_document(name) {
        return Ok(rule);
    }
    let ids = if is_pattern(name) { rules_of_list(name)? } else { Vec::new() };
    match ids.as_slice() {
        [id] => rule_document(id).ok_or_else(|| unknown_rule(name)),
        [] => Err(unknown_rule(name)),
        ids => Err(Failure::new(format!("the pattern {name:?} matches {} rules", ids.len()))
            .with_note(format!("the rules are {}", ids.join(", ")))
            .with_help("name one of them")),
    }
}
