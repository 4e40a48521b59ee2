//! Findings in the requested format.

use std::io::Write;

use promcfg::Severity;
use promcfg::report::{LintReport, write_concise, write_github, write_gitlab, write_json, write_junit, write_sarif};

use crate::cli::args::LintFormat;
use crate::cli::diagnostics;
use crate::cli::status::Stop;
use crate::cli::terminal::Terminal;

pub(super) fn print(report: &LintReport<'_>, format: LintFormat, terminal: &Terminal) -> Result<(), Stop> {
    let mut output = terminal.output();
    match format {
        LintFormat::Human => {
            let findings = report.findings.iter().map(|finding| (finding.sources, finding.diagnostic));
            output.write_all(diagnostics::draw_all(findings, terminal.stdout).as_bytes())?;
            if !terminal.quiet && !report.files.is_empty() {
                writeln!(output, "{}", summary(report))?;
            }
        }
        LintFormat::Concise => write_concise(&mut output, report)?,
        LintFormat::Json => write_json(&mut output, report)?,
        LintFormat::Sarif => write_sarif(&mut output, report)?,
        LintFormat::Github => write_github(&mut output, report)?,
        LintFormat::Gitlab => write_gitlab(&mut output, report)?,
        LintFormat::Junit => write_junit(&mut output, report)?,
    }
    output.flush()?;
    Ok(())
}

/// `2 files: 3 errors, 1 warning`.
fn summary(report: &LintReport<'_>) -> String {
    let counted = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let of =
        |severity: Severity| report.findings.iter().filter(|finding| finding.diagnostic.severity == severity).count();
    let parts = [(of(Severity::Error), "error"), (of(Severity::Warning), "warning"), (of(Severity::Info), "info")];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, noun)| counted(*count, noun)).collect();
    let found = if parts.is_empty() { "nothing found".to_string() } else { parts.join(", ") };
    format!("{}: {found}", counted(report.files.len(), "file"))
}
