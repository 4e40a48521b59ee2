//! Findings as workflow commands of GitHub Actions, which shows them beside the lines.

use std::io::{self, Write};

use crate::diagnostic::Severity;
use crate::report::shown_path;

use super::path::tidy_path;
use super::{Finding, LintReport};

/// A line a finding: `::error file=a.yml,line=1,…::message`; a notice for each rule and file of which findings are
/// omitted.
///
/// # Errors
/// Those of writing.
///
/// ```
/// let mut out = Vec::new();
/// promcfg::report::write_github(&mut out, &promcfg::report::LintReport::default())?;
/// assert!(out.is_empty());
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write_github(out: &mut dyn Write, report: &LintReport<'_>) -> io::Result<()> {
    report.findings.iter().try_for_each(|finding| writeln!(out, "{}", command(finding)))?;
    report.omitted.iter().try_for_each(|omitted| {
        let (file, title) = (property(&shown_path(&tidy_path(omitted.file))), property(omitted.rule));
        writeln!(out, "::notice file={file},title={title}::{}", data(&omitted.sentence()))
    })
}

fn command(finding: &Finding<'_>) -> String {
    let level = match finding.diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let (start, end) = (finding.start(), finding.end());
    // Columns are refused where a finding goes over several lines.
    let columns =
        if start.line == end.line { format!(",col={},endColumn={}", start.column, end.column) } else { String::new() };
    format!(
        "::{level} file={},line={},endLine={}{columns},title={}::{}",
        property(&shown_path(&tidy_path(finding.file()))),
        start.line,
        finding.last_line(),
        property(finding.diagnostic.id.as_str()),
        data(&finding.words()),
    )
}

/// Escapes what ends a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes what ends a command or a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::tests::report_of;
    use super::*;

    fn written(name: &str, text: &str, message: &str) -> String {
        let mut out = Vec::new();
        write_github(&mut out, &report_of(name, &[(text, 0, message)]).report()).expect("writing works");
        String::from_utf8(out).expect("is text")
    }

    #[test]
    fn a_message_cannot_begin_another_command() {
        assert_eq!(
            written("a,b:c%.yml", "regex: 1\n", "50% of `a,b`:\n::set-env name=x::y"),
            "::error file=a%2Cb%3Ac%25.yml,line=1,endLine=1,col=1,endColumn=2,title=unknown-field::\
             50%25 of `a,b`:\\n::set-env name=x::y\n"
        );
    }
}
