//! `promcfg rules` and `promcfg explain-rule`: the documents of the rules.

use std::io::Write;

use promcfg::lint::{rule_document, rule_documents};
use serde_json::{Value, json};

use super::args::{ExplainRuleArguments, RulesArguments, RulesFormat};
use super::rule_names::unknown_rule;
use super::status::{Status, Stop};
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
    let rule = rule_document(&arguments.rule).ok_or_else(|| unknown_rule(&arguments.rule))?;
    let mut output = terminal.output();
    output.write_all(rule.text.as_bytes())?;
    output.flush()?;
    Ok(Status::Fine)
}
