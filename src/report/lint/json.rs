//! Findings as one JSON document, and as lines.

use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use crate::report::{finding_json, shown_path, write_document};

use super::{Finding, LintReport, Omitted};

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
    write_document(out, &Document(report))
}

/// The document; each finding is made when it is written.
struct Document<'r>(&'r LintReport<'r>);

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(report) = self;
        let mut members = serializer.serialize_map(Some(4))?;
        members.serialize_entry("files", &report.files.len())?;
        members.serialize_entry("findings", &Findings(&report.findings))?;
        let omitted: Vec<Value> = report.omitted.iter().map(Omitted::to_json).collect();
        members.serialize_entry("omitted", &omitted)?;
        members.serialize_entry("version", &1)?;
        members.end()
    }
}

struct Findings<'r>(&'r [Finding<'r>]);

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|finding| finding_json(finding.sources, finding.diagnostic)))
    }
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
