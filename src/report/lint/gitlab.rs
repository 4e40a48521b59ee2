//! Findings as a report of GitLab's Code Quality.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::diagnostic::Severity;
use crate::report::write_document;

use super::fingerprint::{fingerprints, omitted_fingerprint};
use super::path::tidy_path;
use super::{Finding, LintReport, Omitted};

/// A list of issues: GitLab shows those that a merge request brings or fixes. A rule and file of which findings
/// are omitted has an issue of its own.
///
/// # Errors
/// Those of writing.
///
/// ```
/// let mut out = Vec::new();
/// promcfg::report::write_gitlab(&mut out, &promcfg::report::LintReport::default())?;
/// assert_eq!(out, b"[]\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write_gitlab(out: &mut dyn Write, report: &LintReport<'_>) -> io::Result<()> {
    let issues = report.findings.iter().zip(fingerprints(report));
    let issues = issues.map(|(finding, fingerprint)| issue(finding, &fingerprint));
    let issues: Vec<Value> = issues.chain(report.omitted.iter().map(omitted_issue)).collect();
    write_document(out, &Value::from(issues))
}

fn omitted_issue(omitted: &Omitted<'_>) -> Value {
    json!({
        "description": omitted.sentence(),
        "check_name": omitted.rule,
        "fingerprint": omitted_fingerprint(omitted),
        "severity": "info",
        "location": { "path": tidy_path(omitted.file), "lines": { "begin": 1, "end": 1 } },
    })
}

fn issue(finding: &Finding<'_>, fingerprint: &str) -> Value {
    let severity = match finding.diagnostic.severity {
        Severity::Error => "critical",
        Severity::Warning => "major",
        Severity::Info => "info",
    };
    json!({
        "description": finding.headline(),
        "check_name": finding.diagnostic.id,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {
            "path": tidy_path(finding.file()),
            "lines": { "begin": finding.start().line, "end": finding.last_line() },
        },
    })
}
