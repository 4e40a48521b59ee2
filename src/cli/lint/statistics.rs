//! `promcfg lint --statistics`: how many findings each rule has.

use std::collections::BTreeMap;
use std::io::Write;

use promcfg::Severity;
use promcfg::diagnostic::Safety;
use promcfg::report::{LintReport, write_document};
use serde_json::{Value, json};

use crate::cli::args::LintFormat;
use crate::cli::status::{Failure, Stop};
use crate::cli::terminal::Terminal;

/// Whether the format has a form for counts.
///
/// # Errors
/// It has none.
pub(super) fn check_format(format: LintFormat) -> Result<(), Failure> {
    match format {
        LintFormat::Human | LintFormat::Concise | LintFormat::Json => Ok(()),
        LintFormat::Sarif | LintFormat::Github | LintFormat::Gitlab | LintFormat::Junit => {
            Err(Failure::new("this format has no statistics")
                .with_note("it is for findings with their places")
                .with_help("use --statistics with --format human, concise or json"))
        }
    }
}

/// The findings of one rule with one severity: settings can give the findings of some files another one.
struct Row {
    rule: &'static str,
    severity: Severity,
    count: usize,
    safe: usize,
    risky: usize,
}

pub(super) fn print(report: &LintReport<'_>, format: LintFormat, terminal: &Terminal) -> Result<(), Stop> {
    let rows = rows(report);
    let mut output = terminal.output();
    match format {
        LintFormat::Json => {
            let members = rows.iter().map(|row| {
                json!({
                    "rule": row.rule,
                    "severity": row.severity,
                    "count": row.count,
                    "fixable": { "safe": row.safe, "unsafe": row.risky },
                })
            });
            let rows: Vec<Value> = members.collect();
            let document = json!({ "version": 1, "files": report.files.len(), "statistics": rows });
            write_document(&mut output, &document)?;
        }
        _ => write_table(&mut output, &rows, terminal)?,
    }
    output.flush()?;
    Ok(())
}

/// Rules with many findings first; omitted findings are counted.
fn rows(report: &LintReport<'_>) -> Vec<Row> {
    let mut rows: BTreeMap<(&'static str, Severity), Row> = BTreeMap::new();
    let mut add = |rule: &'static str, severity: Severity, count: usize, fix: Option<Safety>| {
        let row = rows.entry((rule, severity)).or_insert(Row { rule, severity, count: 0, safe: 0, risky: 0 });
        row.count += count;
        row.safe += usize::from(fix == Some(Safety::Safe));
        row.risky += usize::from(fix == Some(Safety::Unsafe));
    };
    for diagnostic in report.findings.iter().map(|finding| finding.diagnostic) {
        add(diagnostic.id.as_str(), diagnostic.severity, 1, diagnostic.fix.as_ref().map(|fix| fix.safety));
    }
    for omitted in &report.omitted {
        add(omitted.rule, omitted.severity, omitted.count, None);
    }
    let mut rows: Vec<Row> = rows.into_values().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.count));
    rows
}

/// A line a rule, under a headline.
fn write_table(output: &mut dyn Write, rows: &[Row], terminal: &Terminal) -> std::io::Result<()> {
    if rows.is_empty() {
        return if terminal.quiet { Ok(()) } else { writeln!(output, "nothing found") };
    }
    let width = rows.iter().map(|row| row.rule.len()).max().unwrap_or(0);
    let count_width = rows.iter().map(|row| row.count.to_string().len()).max().unwrap_or(0).max("count".len());
    writeln!(output, "{:>count_width$}  {:width$}  severity  fixable", "count", "rule")?;
    for row in rows {
        let fixable = match (row.safe, row.risky) {
            (0, 0) => "-".to_string(),
            (safe, 0) => safe.to_string(),
            (0, risky) => format!("{risky} unsafe"),
            (safe, risky) => format!("{safe}, {risky} unsafe"),
        };
        let padding = " ".repeat(width - row.rule.len());
        let rule = terminal.stdout.name(row.rule);
        writeln!(output, "{:>count_width$}  {rule}{padding}  {:8}  {fixable}", row.count, row.severity.as_str())?;
    }
    Ok(())
}
