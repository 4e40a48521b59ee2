//! The results of `promcfg simulate` as text, JSON and lines of JSON.

use std::io::Write;

use promcfg::report::{
    Finding, LintReport, Omitted, escape_text, finding_json, job_json, owner_json, target_json, write_document,
    write_example_note, write_job, write_line, write_totals,
};
use promcfg::simulate::JobSimulator;
use serde_json::{Value, json};

use super::configs::Entry;
use super::run::Run;
use crate::cli::args::Format;
use crate::cli::status::Stop;

pub(super) fn write(run: &mut Run<'_>, entries: &[Entry<'_>]) -> Result<(), Stop> {
    match run.arguments.format {
        Format::Human => human(run, entries)?,
        Format::Json => as_json(run, entries)?,
        Format::Ndjson => as_lines(run, entries)?,
    }
    run.show_notes(entries);
    run.terminal.show(&run.sources, &run.diagnostics);
    Ok(())
}

fn human(run: &mut Run<'_>, entries: &[Entry<'_>]) -> Result<(), Stop> {
    let mut output = run.terminal.text();
    let (look, is_choosy) = (run.terminal.stdout, run.samples.is_some() || !run.filter.is_open());
    let mut heading = None;
    let mut has_examples = false;
    for (index, entry) in entries.iter().enumerate() {
        let (result, shares) = run.result(index, *entry)?;
        if entries.len() == 1 {
            run.check_labels(entries)?;
        }
        // Of many jobs, those are shown that have what is asked for.
        if is_choosy && entries.len() > 1 && result.targets.is_empty() {
            continue;
        }
        if let Some(config) = entry.config.filter(|config| heading != Some(*config)) {
            writeln!(output, "{}\n", look.strong(&format!("config {}", escape_text(config))))?;
            heading = Some(config);
        }
        has_examples |= !result.examples.is_empty();
        write_job(&mut output, &run.view(*entry, &result, shares), look)?;
    }
    run.check_labels(entries)?;
    if has_examples && !run.terminal.quiet {
        write_example_note(&mut output, look)?;
    }
    if !run.terminal.quiet {
        write_totals(&mut output, run.totals, look)?;
    }
    Ok(output.flush()?)
}

fn as_json(run: &mut Run<'_>, entries: &[Entry<'_>]) -> Result<(), Stop> {
    let (mut jobs, mut alertmanagers): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    for (index, entry) in entries.iter().enumerate() {
        let (mut result, shares) = run.result(index, *entry)?;
        if !run.arguments.trace {
            result.examples.iter_mut().for_each(|example| example.trace.clear());
        }
        let list = if entry.owner.job().is_some() { &mut jobs } else { &mut alertmanagers };
        list.push(job_json(&run.view(*entry, &result, shares)));
    }
    run.check_labels(entries)?;
    let mut document = json!({ "version": 1, "jobs": jobs, "alertmanagers": alertmanagers });
    add_diagnostics(&mut document, run);
    let mut output = run.terminal.output();
    write_document(&mut output, &document)?;
    Ok(output.flush()?)
}

/// Adds `diagnostics`; and `omitted`, if there are too many of a kind to have all of them.
pub(super) fn add_diagnostics(document: &mut Value, run: &Run<'_>) {
    let finding = |diagnostic| Finding { sources: &run.sources, diagnostic, is_failure: false };
    let report = LintReport::new(run.diagnostics.iter().map(finding).collect(), Vec::new());
    let diagnostics = report.findings.iter().map(|finding| finding_json(finding.sources, finding.diagnostic));
    document["diagnostics"] = diagnostics.collect();
    if !report.omitted.is_empty() {
        document["omitted"] = report.omitted.iter().map(Omitted::to_json).collect();
    }
}

/// One target a line, as soon as it is known. Examples are no targets, and have no lines.
fn as_lines(run: &mut Run<'_>, entries: &[Entry<'_>]) -> Result<(), Stop> {
    let mut output = run.terminal.output();
    let all_labels = run.arguments.all_labels;
    for (index, entry) in entries.iter().enumerate() {
        let outline = JobSimulator::outline_of(entry.owner);
        run.shown_targets(index, *entry, &mut |sources, target| {
            let mut view = promcfg::report::JobView::new(entry.owner, &outline, sources);
            (view.config, view.all_labels) = (entry.config, all_labels);
            let mut line = owner_json(&view);
            if let Value::Object(members) = target_json(&view, &target) {
                line.extend(members);
            }
            write_line(&mut output, &Value::Object(line))?;
            Ok(())
        })?;
    }
    run.check_labels(entries)?;
    Ok(output.flush()?)
}
