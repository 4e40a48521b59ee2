//! Findings as a JUnit report: a suite a file, a test case a finding, one that passes for a clean file.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::report::shown_path;

use super::path::tidy_path;
use super::{Finding, LintReport, Omitted};

/// The findings as JUnit XML. A finding that does not make the run fail is a case that passes, and
/// says what was found.
///
/// # Errors
/// Those of writing.
///
/// ```
/// let mut out = Vec::new();
/// promcfg::report::write_junit(&mut out, &promcfg::report::LintReport { files: vec!["a.yml"], ..Default::default() })?;
/// assert!(String::from_utf8_lossy(&out).contains("<testcase name=\"lint\" classname=\"a.yml\"/>"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write_junit(out: &mut dyn Write, report: &LintReport<'_>) -> io::Result<()> {
    let suites = suites(report);
    let cases: usize = suites.iter().map(Suite::cases).sum();
    let failures: usize = suites.iter().map(Suite::failures).sum();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"promcfg lint\" tests=\"{cases}\" failures=\"{failures}\" errors=\"0\">")?;
    suites.iter().try_for_each(|suite| write_suite(out, suite))?;
    writeln!(out, "</testsuites>")
}

/// A file with its findings.
struct Suite<'r, 'a> {
    file: &'a str,
    findings: Vec<&'r Finding<'a>>,
    omitted: Vec<&'r Omitted<'a>>,
}

impl Suite<'_, '_> {
    fn cases(&self) -> usize {
        self.findings.len().max(1)
    }

    fn failures(&self) -> usize {
        self.findings.iter().filter(|finding| finding.is_failure).count()
    }
}

/// Every file that was linted or has a finding, in the order of the names.
fn suites<'r, 'a>(report: &'r LintReport<'a>) -> Vec<Suite<'r, 'a>> {
    let mut by_file: BTreeMap<&str, Vec<&Finding<'_>>> = BTreeMap::new();
    for &file in &report.files {
        by_file.entry(file).or_default();
    }
    for finding in &report.findings {
        by_file.entry(finding.file()).or_default().push(finding);
    }
    let mut omitted: BTreeMap<&str, Vec<&Omitted<'_>>> = BTreeMap::new();
    for one in &report.omitted {
        omitted.entry(one.file).or_default().push(one);
    }
    let suite = |(file, findings)| Suite { file, findings, omitted: omitted.remove(file).unwrap_or_default() };
    by_file.into_iter().map(suite).collect()
}

fn write_suite(out: &mut dyn Write, suite: &Suite<'_, '_>) -> io::Result<()> {
    let file = escape_xml(&shown_path(&tidy_path(suite.file)));
    let (cases, failures) = (suite.cases(), suite.failures());
    writeln!(
        out,
        "  <testsuite name=\"{file}\" tests=\"{cases}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\">"
    )?;
    if suite.findings.is_empty() {
        writeln!(out, "    <testcase name=\"lint\" classname=\"{file}\"/>")?;
    }
    for finding in &suite.findings {
        write_case(out, &file, finding)?;
    }
    if !suite.omitted.is_empty() {
        let line = |omitted: &&Omitted<'_>| format!("{}: {}", omitted.rule, omitted.sentence());
        let lines: Vec<String> = suite.omitted.iter().map(line).collect();
        writeln!(out, "    <system-out>{}</system-out>", escape_xml(&lines.join("\n")))?;
    }
    writeln!(out, "  </testsuite>")
}

fn write_case(out: &mut dyn Write, file: &str, finding: &Finding<'_>) -> io::Result<()> {
    let (id, start, severity) = (finding.diagnostic.id, finding.start(), finding.diagnostic.severity);
    let place = format!("{}:{}", start.line, start.column);
    let words =
        escape_xml(&format!("{}:{place}: {severity}: {}", shown_path(&tidy_path(finding.file())), finding.words()));
    let line = start.line;
    writeln!(out, "    <testcase name=\"{id} at {place}\" classname=\"{file}\" file=\"{file}\" line=\"{line}\">")?;
    if finding.is_failure {
        let message = escape_xml(&finding.headline());
        writeln!(out, "      <failure type=\"{id}\" message=\"{message}\">{words}</failure>")?;
    } else {
        writeln!(out, "      <system-out>{words}</system-out>")?;
    }
    writeln!(out, "    </testcase>")
}

/// Text for XML 1.0: what has a meaning there becomes an entity, what may not stand there (most
/// control characters, even as an entity) is written out as `\u{1b}`.
fn escape_xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push(character),
            _ if character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}') => {
                escaped.push_str(&format!("\\u{{{:x}}}", u32::from(character)));
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::tests::report_of;
    use super::*;

    #[test]
    fn no_text_can_break_the_xml() {
        assert_eq!(
            escape_xml("a<b>&\"c\"\u{1b}\u{0}\u{ffff}\u{85}"),
            "a&lt;b&gt;&amp;&quot;c&quot;\\u{1b}\\u{0}\\u{ffff}\\u{85}"
        );
    }

    #[test]
    fn a_clean_file_passes_and_so_does_a_finding_that_is_only_told() {
        let mut report = report_of("b.yml", &[("x: 1\n", 0, "is <odd>"), ("x: 1\n", 3, "is wrong")]);
        report.failures[0] = false;
        let mut view = report.report();
        view.files = vec!["b.yml", "a.yml"];
        let mut out = Vec::new();
        write_junit(&mut out, &view).expect("writing works");
        assert_eq!(
            String::from_utf8(out).expect("is text"),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites name=\"promcfg lint\" tests=\"3\" failures=\"1\" errors=\"0\">
  <testsuite name=\"a.yml\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">
    <testcase name=\"lint\" classname=\"a.yml\"/>
  </testsuite>
  <testsuite name=\"b.yml\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\">
    <testcase name=\"unknown-field at 1:1\" classname=\"b.yml\" file=\"b.yml\" line=\"1\">
      <system-out>b.yml:1:1: error: is &lt;odd&gt;</system-out>
    </testcase>
    <testcase name=\"unknown-field at 1:4\" classname=\"b.yml\" file=\"b.yml\" line=\"1\">
      <failure type=\"unknown-field\" message=\"is wrong\">b.yml:1:4: error: is wrong</failure>
    </testcase>
  </testsuite>
</testsuites>
"
        );
    }
}
