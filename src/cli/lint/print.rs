//! Findings in the requested format.

use std::collections::HashMap;
use std::io::{self, Write};

use promcfg::Severity;
use promcfg::diagnostic::{Id, Safety};
use promcfg::report::{
    Finding, LintReport, shown_path, write_concise, write_github, write_gitlab, write_json, write_junit, write_sarif,
};

use crate::cli::args::{LintArguments, LintFormat};
use crate::cli::diagnostics::{Drawer, Extras, Marks};
use crate::cli::status::Stop;
use crate::cli::terminal::Terminal;

pub(super) fn print(report: &LintReport<'_>, arguments: &LintArguments, terminal: &Terminal) -> Result<(), Stop> {
    let write: fn(&mut dyn Write, &LintReport<'_>) -> io::Result<()> = match arguments.format {
        LintFormat::Human | LintFormat::Concise => return print_text(report, arguments, terminal),
        LintFormat::Json => write_json,
        LintFormat::Sarif => write_sarif,
        LintFormat::Github => write_github,
        LintFormat::Gitlab => write_gitlab,
        LintFormat::Junit => write_junit,
    };
    let mut output = terminal.output();
    write(&mut output, report)?;
    output.flush()?;
    Ok(())
}

/// The formats that people read.
fn print_text(report: &LintReport<'_>, arguments: &LintArguments, terminal: &Terminal) -> Result<(), Stop> {
    let mut output = terminal.text();
    if arguments.format == LintFormat::Human {
        write_human(&mut output, report, arguments, terminal)?;
        if !terminal.quiet && !report.files.is_empty() {
            writeln!(output, "{}", summary(report))?;
            if let Some(fixable) = fixable(report, arguments) {
                writeln!(output, "{fixable}")?;
            }
        }
    } else if arguments.unsafe_fixes {
        write_marked_concise(&mut output, report)?;
    } else {
        write_concise(&mut output, report)?;
    }
    output.flush()?;
    Ok(())
}

/// The findings with the lines they are about. Of the findings of severity info that a rule has in one file
/// only the first is drawn, unless all are to be shown.
fn write_human(
    out: &mut dyn Write,
    report: &LintReport<'_>,
    arguments: &LintArguments,
    terminal: &Terminal,
) -> Result<(), io::Error> {
    let show_all = arguments.show_all;
    let marks = if arguments.unsafe_fixes { Marks::All } else { Marks::Safe };
    let mut drawer = Drawer::new(terminal.stdout);
    let mut repeated = if show_all { HashMap::new() } else { repeated(report) };
    for finding in &report.findings {
        let is_repeated = !show_all && finding.diagnostic.severity == Severity::Info;
        let lines = if is_repeated {
            // The first one has all the lines; those after it are among them.
            let Some(lines) = repeated.remove(&kind(finding)) else { continue };
            lines
        } else {
            Vec::new()
        };
        let extras = Extras { marks, more: lines.get(1..).unwrap_or(&[]) };
        out.write_all(drawer.draw(finding.sources, finding.diagnostic, extras).as_bytes())?;
    }
    for omitted in &report.omitted {
        writeln!(out, "note: {}: {}", shown_path(omitted.file), omitted.sentence())?;
    }
    Ok(())
}

/// One line per finding; those with an unsafe fix say so at the end.
fn write_marked_concise(out: &mut dyn Write, report: &LintReport<'_>) -> io::Result<()> {
    let mut rest = report.clone();
    for finding in rest.findings.drain(..) {
        let is_risky = finding.diagnostic.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Unsafe);
        let mark = if is_risky { " (unsafe fix)" } else { "" };
        writeln!(out, "{}{mark}", finding.diagnostic.display(finding.sources))?;
    }
    write_concise(out, &rest)
}

/// The lines of the findings of severity info, by rule and file.
fn repeated<'a>(report: &LintReport<'a>) -> HashMap<(Id, &'a str), Vec<usize>> {
    let mut lines: HashMap<(Id, &str), Vec<usize>> = HashMap::new();
    for finding in report.findings.iter().filter(|finding| finding.diagnostic.severity == Severity::Info) {
        lines.entry(kind(finding)).or_default().push(finding.sources.position(finding.diagnostic.at).line);
    }
    lines
}

fn kind<'a>(finding: &Finding<'a>) -> (Id, &'a str) {
    let diagnostic = finding.diagnostic;
    (diagnostic.id, finding.sources.name(finding.sources.outermost(diagnostic.at).file))
}

/// `2 files: 3 errors, 1 warning, 1 info`: omitted findings are counted.
fn summary(report: &LintReport<'_>) -> String {
    let counted = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let of = |severity: Severity| {
        let shown = report.findings.iter().filter(|finding| finding.diagnostic.severity == severity).count();
        let omitted = report.omitted.iter().filter(|omitted| omitted.severity == severity);
        shown + omitted.map(|omitted| omitted.count).sum::<usize>()
    };
    let parts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Info]
        .into_iter()
        .map(|severity| (of(severity), severity.as_str()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| counted(count, noun))
        .collect();
    let found = if parts.is_empty() { "nothing found".to_string() } else { parts.join(", ") };
    format!("{}: {found}", counted(report.files.len(), "file"))
}

/// `3 fixable with --fix, 1 more with --fix --unsafe-fixes`: what is left to be fixed by other options.
fn fixable(report: &LintReport<'_>, arguments: &LintArguments) -> Option<String> {
    let with = |wanted: Safety| {
        let fixes = report.findings.iter().filter_map(|finding| finding.diagnostic.fix.as_ref());
        fixes.filter(|fix| fix.safety == wanted).count()
    };
    let safe = if arguments.fix { 0 } else { with(Safety::Safe) };
    let risky = if arguments.fix && arguments.unsafe_fixes { 0 } else { with(Safety::Unsafe) };
    match (safe, risky) {
        (0, 0) => None,
        (safe, 0) => Some(format!("{safe} fixable with --fix")),
        (0, risky) => Some(format!("{risky} fixable with --fix --unsafe-fixes")),
        (safe, risky) => Some(format!("{safe} fixable with --fix, {risky} more with --fix --unsafe-fixes")),
    }
}
