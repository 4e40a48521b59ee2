//! The results of `promcfg simulate` as text, JSON and lines of JSON.

use std::io::Write;

use promcfg::report::{
    self, Finding, JobView, LintReport, Omitted, escape_text, finding_json, job_json, lost_json, lost_object_json,
    owner_json, target_json, write_example_note, write_job, write_line, write_lost_objects, write_totals,
};
use promcfg::simulate::JobSimulator;
use serde_json::Value;

use super::document::{List, Member, Members, with_list};
use super::run::{Next, Run};
use super::source::Source;
use crate::cli::args::Format;
use crate::cli::status::Stop;

pub(super) fn write(run: &mut Run<'_>, source: &mut dyn Source) -> Result<(), Stop> {
    match run.arguments.format {
        Format::Human => human(run, source)?,
        Format::Json => as_json(run, source)?,
        Format::Ndjson => as_lines(run, source)?,
    }
    run.show_notes();
    run.terminal.show(&run.sources, &run.diagnostics);
    Ok(())
}

fn human(run: &mut Run<'_>, source: &mut dyn Source) -> Result<(), Stop> {
    let mut output = run.terminal.text();
    let (look, is_choosy) = (run.terminal.stdout, run.samples.is_some() || !run.filter.is_open());
    let mut heading: Option<String> = None;
    let mut has_examples = false;
    let count = source.count();
    source.each(&mut |index, entry| {
        let (result, shares, hidden) = run.result(index, entry)?;
        if count == 1 {
            run.check_labels()?;
        }
        // Of many jobs, those are shown that have what is asked for.
        let is_found =
            run.discovery.as_ref().is_some_and(|discovery| run.arguments.object.is_none() || discovery.lost.is_some());
        let is_empty = result.targets.is_empty() && result.left_out == 0 && !is_found;
        if is_choosy && count > 1 && is_empty {
            return Ok(());
        }
        if let Some(config) = entry.config.filter(|config| heading.as_deref() != Some(*config)) {
            writeln!(output, "{}\n", look.strong(&format!("config {}", escape_text(config))))?;
            heading = Some(config.to_string());
        }
        has_examples |= !result.examples.is_empty();
        let mut view = run.view(entry, &result, shares);
        view.hidden = &hidden;
        write_job(&mut output, &view, look)?;
        run.budget.release();
        Ok(())
    })?;
    write_lost_objects(&mut output, &run.sources, &run.lost_objects, look)?;
    run.add_diagnostics_of(source);
    run.check_labels()?;
    if has_examples && !run.terminal.quiet {
        write_example_note(&mut output, &run.missing.commands(run.arguments), look)?;
    }
    if run.is_partial {
        writeln!(output, "{}", partial_line(run.has_unknown_globals))?;
    }
    if !run.terminal.quiet {
        write_totals(&mut output, run.totals, look)?;
    }
    Ok(output.flush()?)
}

fn as_json(run: &mut Run<'_>, source: &mut dyn Source) -> Result<(), Stop> {
    let (mut jobs, mut alertmanagers): (Vec<Members>, Vec<Members>) = (Vec::new(), Vec::new());
    source.each(&mut |index, entry| {
        let (outline, all_labels) = (JobSimulator::outline_of(entry.owner), run.arguments.all_labels);
        let (mut list, mut budget) = (List::default(), std::mem::take(&mut run.budget));
        let shares = run.shown_targets(index, entry, false, &mut |sources, target| {
            let mut view = JobView::new(entry.owner, &outline, sources);
            view.all_labels = all_labels;
            let item = List::item(&target_json(&view, &target));
            Ok(Next::after(budget.hold(item.len()), || list.push(&item)))
        })?;
        run.budget = budget;
        let mut result = run.without_targets(entry, shares);
        if !run.arguments.trace {
            result.examples.iter_mut().for_each(|example| example.trace.clear());
        }
        let all = if entry.owner.job().is_some() { &mut jobs } else { &mut alertmanagers };
        all.push(with_list(job_json(&run.view(entry, &result, shares)), "targets", list));
        Ok(())
    })?;
    run.add_diagnostics_of(source);
    run.check_labels()?;
    let lists = [("jobs", jobs), ("alertmanagers", alertmanagers)];
    let mut document: Members = lists.map(|(name, objects)| (name.to_string(), Member::Objects(objects))).into();
    if run.manifests.is_some() {
        let lost = run.lost_objects.iter().map(|lost| lost_object_json(&run.sources, lost)).collect();
        document.insert("without_jobs".to_string(), Member::Value(lost));
    }
    write_document(run, document)
}

/// That a result is not whole.
fn partial_line(has_unknown_globals: bool) -> String {
    let globals =
        if has_unknown_globals { "; the values of `global` are not known, and defaults are shown" } else { "" };
    format!("partial result: parts of the config are not valid YAML and are left out{globals}")
}

/// Writes a document with what all documents have.
pub(super) fn write_document(run: &Run<'_>, mut document: Members) -> Result<(), Stop> {
    document.insert("version".to_string(), Member::Value(Value::from(1)));
    if run.is_partial {
        document.insert("partial".to_string(), Member::Value(Value::from(true)));
    }
    if run.left_out > 0 {
        document.insert("left_out".to_string(), Member::Value(Value::from(run.left_out)));
    }
    add_diagnostics(&mut document, run);
    let mut output = run.terminal.output();
    report::write_document(&mut output, &document)?;
    Ok(output.flush()?)
}

/// Adds `diagnostics`; and `omitted`, if there are too many of a kind to have all of them.
fn add_diagnostics(document: &mut Members, run: &Run<'_>) {
    let finding = |diagnostic| Finding { sources: &run.sources, diagnostic, is_failure: false };
    let report = LintReport::new(run.diagnostics.iter().map(finding).collect(), Vec::new());
    let diagnostics = report.findings.iter().map(|finding| finding_json(finding.sources, finding.diagnostic));
    document.insert("diagnostics".to_string(), Member::Value(diagnostics.collect()));
    if !report.omitted.is_empty() {
        let omitted = report.omitted.iter().map(Omitted::to_json).collect();
        document.insert("omitted".to_string(), Member::Value(omitted));
    }
}

/// One target a line, as soon as it is known, and a line for each generated job or object that lost all. Examples are no
/// targets, and have no lines.
fn as_lines(run: &mut Run<'_>, source: &mut dyn Source) -> Result<(), Stop> {
    let mut output = run.terminal.output();
    let all_labels = run.arguments.all_labels;
    source.each(&mut |index, entry| {
        let outline = JobSimulator::outline_of(entry.owner);
        run.shown_targets(index, entry, false, &mut |sources, target| {
            let mut view = JobView::new(entry.owner, &outline, sources);
            (view.config, view.all_labels) = (entry.config, all_labels);
            let mut line = owner_json(&view);
            if let Value::Object(members) = target_json(&view, &target) {
                line.extend(members);
            }
            write_line(&mut output, &Value::Object(line))?;
            Ok(Next::More)
        })?;
        if let Some(lost) = &run.lost {
            let mut view = JobView::new(entry.owner, &outline, &run.sources);
            (view.config, view.is_generated) = (entry.config, true);
            let mut line = owner_json(&view);
            line.insert("lost".to_string(), lost_json(&run.sources, lost));
            write_line(&mut output, &Value::Object(line))?;
        }
        Ok(())
    })?;
    for lost in &run.lost_objects {
        write_line(&mut output, &lost_object_json(&run.sources, lost))?;
    }
    run.add_diagnostics_of(source);
    run.check_labels()?;
    Ok(output.flush()?)
}
