//! Findings as one JSON document, and as lines.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::report::{concise_line, finding_json};

use super::LintReport;

/// `{"version":1,"findings":[…],"files":N}`; a finding has the shape of [`finding_json`].
///
/// # Errors
/// Those of writing.
///
/// ```
/// let mut out = Vec::new();
/// promcfg::report::write_json(&mut out, &promcfg::report::LintReport::default())?;
/// assert_eq!(String::from_utf8_lossy(&out), "{\n  \"files\": 0,\n  \"findings\": [],\n  \"version\": 1\n}\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write_json(out: &mut dyn Write, report: &LintReport<'_>) -> io::Result<()> {
    let findings: Vec<Value> =
        report.findings.iter().map(|finding| finding_json(finding.sources, finding.diagnostic)).collect();
    let document = json!({ "version": 1, "findings": findings, "files": report.files.len() });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// A line a finding, as [`concise_line`] gives it.
///
/// # Errors
/// Those of writing.
///
/// ```
/// let mut out = Vec::new();
/// promcfg::report::write_concise(&mut out, &promcfg::report::LintReport::default())?;
/// assert!(out.is_empty());
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write_concise(out: &mut dyn Write, report: &LintReport<'_>) -> io::Result<()> {
    report
        .findings
        .iter()
        .try_for_each(|finding| writeln!(out, "{}", concise_line(finding.sources, finding.diagnostic)))
}
