//! Diagnostics as JSON.

use serde_json::{Map, Value, json};

use crate::diagnostic::Diagnostic;
use crate::secrets::masked_diagnostic;
use crate::text::Sources;

/// A diagnostic in the shape `promcfg lint --format json` has for a finding. Lines and columns count
/// from 1, columns in characters. Its texts are those of [`masked_diagnostic`].
///
/// ```
/// use promcfg::{Diagnostic, Severity, Sources};
/// use promcfg::report::finding_json;
/// use promcfg::text::{Location, Span};
/// let mut sources = Sources::new();
/// let file = sources.add("a.yml", "x: 1\n");
/// let diagnostic = Diagnostic::new(promcfg::diagnostic::ids::UNKNOWN_FIELD, Severity::Error, Location::new(file, Span::new(0, 1)), "unknown key");
/// let finding = finding_json(&sources, &diagnostic);
/// assert_eq!((&finding["line"], &finding["column"]), (&1.into(), &1.into()));
/// ```
#[must_use]
pub fn finding_json(sources: &Sources, diagnostic: &Diagnostic) -> Value {
    let diagnostic = &*masked_diagnostic(sources, diagnostic);
    let (start, end) = (sources.position(diagnostic.at), sources.end_position(diagnostic.at));
    let fix = diagnostic.fix.as_ref().map(|fix| json!({ "title": fix.title, "safety": fix.safety }));
    let arguments: Map<String, Value> =
        diagnostic.arguments.iter().map(|(name, value)| ((*name).to_string(), value.as_str().into())).collect();
    json!({
        "rule": diagnostic.id,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "file": sources.name(sources.outermost(diagnostic.at).file),
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "job": diagnostic.job,
        "arguments": arguments,
        "notes": diagnostic.notes,
        "help": diagnostic.help,
        "upstream": diagnostic.upstream,
        "fix": fix,
    })
}
