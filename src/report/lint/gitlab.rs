//! Findings as a report of GitLab's Code Quality.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::diagnostic::Severity;

use super::fingerprint::fingerprints;
use super::path::tidy_path;
use super::{Finding, LintReport};

/// A list of issues: GitLab shows those that a merge request brings or mends.
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
    let issues: Vec<Value> = issues.map(|(finding, fingerprint)| issue(finding, &fingerprint)).collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    writeln!(out)
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
