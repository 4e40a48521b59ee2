//! The named arguments of findings, from which fingerprints are made: they tell findings apart without the message.

use std::collections::BTreeMap;

use promcfg::Diagnostic;

use super::document::{Document, documents};

/// Rules that need no argument, with the reason.
const WITHOUT_ARGUMENTS: [(&str, &str); 4] = [
    ("ignored-documents", "one finding per file"),
    ("malformed-ignore", "the comment itself has no name"),
    ("target-limit-exceeded", "one finding per job"),
    ("undefined-labelmap-result", "one finding per job"),
];

fn examples(document: &Document) -> impl Iterator<Item = (&str, Vec<Diagnostic>)> {
    let is_bad = |info: &str| matches!(info, "yaml" | "yaml bad");
    let blocks = document.blocks.iter().filter(move |block| block.heading != "Good" && is_bad(&block.info));
    blocks.map(|block| (block.content.as_str(), document.findings(&block.content)))
}

/// The rules about what Prometheus accepts; those about load errors have their arguments from the reader of the config.
fn judged() -> Vec<Document> {
    documents().into_iter().filter(|document| document.front.prometheus == "accepts").collect()
}

/// A message without its numbers: `relabel_configs[3]` and `remote_write[0]` differ in nothing else.
fn without_numbers(message: &str) -> String {
    message.chars().filter(|c| !c.is_ascii_digit()).collect()
}

#[test]
fn findings_with_different_messages_have_different_arguments() {
    let mut faults = Vec::new();
    for document in judged() {
        for (example, findings) in examples(&document) {
            let mut messages: BTreeMap<String, String> = BTreeMap::new();
            for finding in findings {
                let Diagnostic { id, job, arguments, message, .. } = finding;
                let key = format!("{id} {job:?} {arguments:?}");
                let plain = without_numbers(&message);
                match messages.get(&key) {
                    Some(other) if *other != plain => {
                        faults.push(format!("{key}\n  {other}\n  {message}\nin\n{example}"));
                    }
                    _ => drop(messages.insert(key, plain)),
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} pairs:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn a_rule_whose_findings_have_no_argument_is_listed_with_its_reason() {
    let mut without: Vec<String> = Vec::new();
    for document in judged() {
        let has_none = examples(&document).any(|(_, findings)| {
            findings.iter().any(|finding| finding.id == document.id().as_str() && finding.arguments.is_empty())
        });
        if has_none {
            without.push(document.id());
        }
    }
    without.sort();
    assert_eq!(without, WITHOUT_ARGUMENTS.map(|(id, _)| id));
}
