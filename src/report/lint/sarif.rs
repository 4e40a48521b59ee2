//! Findings as SARIF 2.1.0, the form that code scanning reads.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::diagnostic::{Fix, Severity};
use crate::lint::{RuleDocument, rule_document};
use crate::report::{escape_text, write_document};
use crate::secrets::Secrets;
use crate::text::{Location, Sources};

use super::fingerprint::fingerprints;
use super::path::path_uri;
use super::{Finding, LintReport, Omitted};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// A log of one run: the rules that found something, with their documents, and the findings, with
/// their fixes. Columns count characters. Each rule and file of which findings are omitted is a notification.
///
/// # Errors
/// Those of writing.
///
/// ```
/// let mut out = Vec::new();
/// promcfg::report::write_sarif(&mut out, &promcfg::report::LintReport::default())?;
/// let log: serde_json::Value = serde_json::from_slice(&out)?;
/// assert_eq!((&log["version"], &log["runs"][0]["results"]), (&"2.1.0".into(), &serde_json::json!([])));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write_sarif(out: &mut dyn Write, report: &LintReport<'_>) -> io::Result<()> {
    let mut ids: Vec<&str> = report.findings.iter().map(|finding| finding.diagnostic.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let results: Vec<Value> = report
        .findings
        .iter()
        .zip(fingerprints(report))
        .map(|(finding, fingerprint)| result(finding, &ids, &fingerprint))
        .collect();
    let driver = json!({
        "name": "promcfg",
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": ids.iter().map(|id| descriptor(id)).collect::<Vec<Value>>(),
    });
    let mut run = json!({ "tool": { "driver": driver }, "columnKind": "unicodeCodePoints", "results": results });
    if !report.omitted.is_empty() {
        let notifications: Vec<Value> = report.omitted.iter().map(notification).collect();
        run["invocations"] = json!([{ "executionSuccessful": true, "toolExecutionNotifications": notifications }]);
    }
    write_document(out, &json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] }))
}

/// That findings are omitted.
fn notification(omitted: &Omitted<'_>) -> Value {
    json!({
        "level": "note",
        "message": { "text": omitted.sentence() },
        "associatedRule": { "id": omitted.rule },
        "locations": [{ "physicalLocation": { "artifactLocation": artifact(omitted.file) } }],
        "properties": { "omitted": omitted.count },
    })
}

/// A rule, as its document tells of it.
fn descriptor(id: &str) -> Value {
    let Some(document) = rule_document(id) else { return json!({ "id": id }) };
    let summary = json!({ "text": document.summary });
    json!({
        "id": id,
        "shortDescription": summary,
        "fullDescription": { "text": why(document) },
        "help": { "text": document.text, "markdown": document.text },
        "defaultConfiguration": { "level": level(document.severity) },
    })
}

/// The section "Why" of a document; its summary when there is none.
fn why(document: &RuleDocument) -> &str {
    let section = document.text.split_once("\n## Why\n").map(|(_, rest)| rest.split("\n## ").next().unwrap_or(rest));
    section.map(str::trim).filter(|section| !section.is_empty()).unwrap_or(document.summary)
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(finding: &Finding<'_>, ids: &[&str], fingerprint: &str) -> Value {
    let diagnostic = &*finding.masked();
    let mut result = Map::new();
    let mut set = |name: &str, value: Value| result.insert(name.to_string(), value);
    set("ruleId", diagnostic.id.as_str().into());
    set("ruleIndex", ids.partition_point(|id| *id < diagnostic.id.as_str()).into());
    set("level", level(diagnostic.severity).into());
    set("message", json!({ "text": finding.words() }));
    set("locations", json!([{ "physicalLocation": physical(finding.sources, diagnostic.at) }]));
    set("partialFingerprints", json!({ "promcfg/v1": fingerprint }));
    if !diagnostic.labels.is_empty() {
        let related = diagnostic.labels.iter().enumerate().map(|(index, label)| {
            json!({
                "id": index + 1,
                "physicalLocation": physical(finding.sources, label.at),
                "message": { "text": escape_text(&label.message) },
            })
        });
        set("relatedLocations", related.collect());
    }
    if let Some(fix) = diagnostic.fix.as_ref().and_then(|fix| fix_json(finding, fix)) {
        set("fixes", json!([fix]));
    }
    Value::Object(result)
}

fn physical(sources: &Sources, at: Location) -> Value {
    let file = sources.outermost(at).file;
    json!({ "artifactLocation": artifact(sources.name(file)), "region": region(sources, at) })
}

/// A file: one with a relative name is meant from the folder the tool was run in.
fn artifact(name: &str) -> Value {
    let uri = path_uri(name);
    if uri.starts_with("file:") { json!({ "uri": uri }) } else { json!({ "uri": uri, "uriBaseId": "%SRCROOT%" }) }
}

fn region(sources: &Sources, at: Location) -> Value {
    let (start, end) = (sources.position(at), sources.end_position(at));
    json!({ "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column })
}

/// The longest text of a fix, in bytes.
const LONGEST_INSERTION: usize = 10_000;

/// A fix as replacements; nothing when it touches a secret or writes one, inserts a very long text, or cannot be written
/// as replacements in the outer file of a text that is inside another one.
fn fix_json(finding: &Finding<'_>, fix: &Fix) -> Option<Value> {
    let (sources, file) = (finding.sources, finding.diagnostic.at.file);
    let text = sources.text(file);
    let secrets = Secrets::of(sources, file);
    let is_inner = sources.outermost(finding.diagnostic.at).file != file;
    let mut replacements = Vec::new();
    for edit in fix.edits.iter() {
        let touched = edit.span.start as usize..(edit.span.end as usize).max(edit.span.start as usize + 1);
        let spans_lines = edit.text.contains(['\n', '\r']) || edit.span.of(text).contains(['\n', '\r']);
        let is_long = edit.text.len() > LONGEST_INSERTION;
        if is_long || secrets.overlaps(&touched) || secrets.is_cited_in(&edit.text) || (is_inner && spans_lines) {
            return None;
        }
        let region = region(sources, Location::new(file, edit.span));
        replacements.push(json!({ "deletedRegion": region, "insertedContent": { "text": edit.text } }));
    }
    let changes = json!([{ "artifactLocation": artifact(finding.file()), "replacements": replacements }]);
    (!replacements.is_empty())
        .then(|| json!({ "description": { "text": escape_text(&fix.title) }, "artifactChanges": changes }))
}

#[cfg(test)]
mod tests {
    use super::super::tests::report_of;
    use super::*;
    use crate::diagnostic::Safety;
    use crate::text::{Edits, Span};

    fn log(text: &str, edit: (Span, &str)) -> Value {
        let mut report = report_of("a b.yml", &[(text, 0, "is wrong")]);
        let edits = Edits::new(vec![(edit.0, edit.1.to_string())]).expect("is one edit");
        report.diagnostics[0].fix = Some(Fix::new("mend it", Safety::Safe, edits));
        let mut out = Vec::new();
        write_sarif(&mut out, &report.report()).expect("writing works");
        serde_json::from_slice(&out).expect("is JSON")
    }

    #[test]
    fn a_fix_is_told_as_replacements_in_code_points() {
        let log = log("größe: 1\nregex: 2\n", (Span::new(0, 7), "size"));
        assert_eq!(
            log["runs"][0]["results"][0]["fixes"],
            json!([{
                "description": { "text": "mend it" },
                "artifactChanges": [{
                    "artifactLocation": { "uri": "a%20b.yml", "uriBaseId": "%SRCROOT%" },
                    "replacements": [{
                        "deletedRegion": { "startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 6 },
                        "insertedContent": { "text": "size" },
                    }],
                }],
            }])
        );
    }

    #[test]
    fn a_fix_with_a_very_long_text_is_left_out() {
        let log = log("x: 1\n", (Span::new(3, 4), &"2".repeat(10_001)));
        assert_eq!(log["runs"][0]["results"][0].get("fixes"), None);
    }

    #[test]
    fn a_fix_that_touches_a_secret_is_not_told() {
        let log = log("password: hunter2\n", (Span::new(10, 17), "hunter3"));
        assert_eq!(log["runs"][0]["results"][0].get("fixes"), None);
    }
}
