//! Findings as one JSON document, and as lines.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::report::{finding_json, shown_path, write_document};

use super::{LintReport, Omitted};

/// `{"version":1,"findings":[…],"files":N,"omitted":[{"rule","file","count"}]}`; a finding has the shape of
/// [`finding_json`].
///
/// # Errors
/// Those of writing.
///
/// ```
/// let mut out = Vec::new();
/// promcfg::report::write_json(&mut out, &promcfg::report::LintReport::default())?;
/// assert_eq!(String::from_utf8_lossy(&out), "{\n  \"files\": 0,\n  \"findings\": [],\n  \"omitted\": [],\n  \"version\": 1\n}\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write_json(out: &mut dyn Write, report: &LintReport<'_>) -> io::Result<()> {
    let findings: Vec<Value> =
        report.findings.iter().map(|finding| finding_json(finding.sources, finding.diagnostic)).collect();
    let omitted: Vec<Value> = report.omitted.iter().map(Omitted::to_json).collect();
    let document = json!({ "version": 1, "findings": findings, "files": report.files.len(), "omitted": omitted });
    write_document(out, &document)
}

/// A line a finding, as [`Diagnostic::display`](crate::Diagnostic::display) gives it; then a line for each rule and
/// file of which findings are omitted.
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
    for finding in &report.findings {
        writeln!(out, "{}", finding.diagnostic.display(finding.sources))?;
    }
    for omitted in &report.omitted {
        writeln!(out, "{}: note: {} [{}]", shown_path(omitted.file), omitted.sentence(), omitted.rule)?;
    }
    Ok(())
}
