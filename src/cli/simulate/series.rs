//! `promcfg simulate --stage metric`: what becomes of scraped series.

use std::io::Write;

use promcfg::config::ScrapeConfig;
use promcfg::exposition::diagnostics;
use promcfg::report::{Secrets, escape_text, series_json, write_line, write_series};
use promcfg::simulate::{JobSimulator, SeriesReader, SeriesResult, SeriesSimulator, Status as Outcome};
use promcfg::{Budget, Labels, Sources};
use serde_json::{Value, json};

use super::configs::Entry;
use super::document::{List, Member, Members, with_list};
use super::output::write_document;
use super::run::{Next, Run, Shares};
use crate::cli::args::Format;
use crate::cli::input;
use crate::cli::safe::SafeLines;
use crate::cli::status::{Failure, Stop};

pub(super) fn run(run: &mut Run<'_>, entries: &[Entry<'_>]) -> Result<(), Stop> {
    let path = run.arguments.series.as_deref().unwrap_or("-");
    let text = input::read_text(path, "series")?;
    let text = without_faults(run, path, text)?;
    let jobs = entries.iter().enumerate().filter_map(|(index, entry)| Some((index, *entry, entry.owner.job()?)));
    let jobs: Vec<(usize, Entry<'_>, &ScrapeConfig)> = jobs.collect();
    match run.arguments.format {
        Format::Human => human(run, &jobs, &text)?,
        Format::Json => return as_json(run, entries, &jobs, &text),
        Format::Ndjson => as_lines(run, &jobs, &text)?,
    }
    run.check_labels(entries)?;
    run.terminal.show(&run.sources, &run.diagnostics);
    Ok(())
}

/// The text, if nothing is wrong with it. The faults of a page are reported, and Prometheus stores nothing of it: the empty
/// text is what is left.
fn without_faults(run: &mut Run<'_>, path: &str, text: String) -> Result<String, Failure> {
    let mut reader = SeriesReader::in_format(&text, run.arguments.content_type);
    let (format, fault) = (reader.page_format(), reader.by_ref().find_map(Result::err));
    let Some(fault) = fault else { return Ok(text) };
    let name = input::shown_name(path);
    match format {
        Some(format) if Secrets::find(&text).is_recognized() => {
            let file = run.sources.add(name, text);
            run.diagnostics.extend(diagnostics(&run.sources, file, format));
            Ok(String::new())
        }
        Some(_) => Err(input::refused_page(name, &text, &fault, reader.filter_map(Result::err))),
        None => Err(input::no_series(name, &text, &fault)),
    }
}

type Jobs<'j> = [(usize, Entry<'j>, &'j ScrapeConfig)];

fn human(run: &mut Run<'_>, jobs: &Jobs<'_>, text: &str) -> Result<(), Stop> {
    let (mut output, look) = (run.terminal.output(), run.terminal.stdout);
    for &(index, entry, job) in jobs {
        let (mut results, mut budget) = (Vec::new(), run.budget.clone());
        let left_out = simulate(run, (index, entry, job), text, &mut |_, result| {
            Ok(Next::after(budget.hold(result.memory()), || results.push(result)))
        })?;
        let outline = JobSimulator::outline(job);
        let view = run.view(entry, &outline, Shares::default());
        let mut text = SafeLines::new(&mut output);
        write_series(&mut text, &view, &results, run.arguments.trace, look)?;
        text.flush()?;
        if left_out > 0 {
            writeln!(output, "  {}\n", look.warn(&format!("too large to simulate, {left_out} series left out")))?;
        }
    }
    Ok(output.flush()?)
}

fn as_json(run: &mut Run<'_>, entries: &[Entry<'_>], jobs: &Jobs<'_>, text: &str) -> Result<(), Stop> {
    let mut objects: Vec<Members> = Vec::new();
    let mut budget = run.budget.clone();
    for &(index, entry, job) in jobs {
        let mut list = List::default();
        let left_out = simulate(run, (index, entry, job), text, &mut |sources, result| {
            let item = List::item(&series_json(sources, job, &result));
            Ok(Next::after(budget.hold(item.len()), || list.push(&item)))
        })?;
        let mut object = with_list(json!({ "job": job.job_name.value }), "series", list);
        if left_out > 0 {
            object.insert("left_out".to_string(), Member::Value(Value::from(left_out)));
        }
        objects.push(object);
    }
    run.check_labels(entries)?;
    write_document(run, [("jobs".to_string(), Member::Objects(objects))].into())?;
    run.terminal.show(&run.sources, &run.diagnostics);
    Ok(())
}

fn as_lines(run: &mut Run<'_>, jobs: &Jobs<'_>, text: &str) -> Result<(), Stop> {
    let mut output = run.terminal.output();
    for &(index, entry, job) in jobs {
        simulate(run, (index, entry, job), text, &mut |sources, result| {
            let mut line = series_json(sources, job, &result);
            if let Value::Object(members) = &mut line {
                members.insert("job".to_string(), Value::from(job.job_name.value.as_str()));
            }
            write_line(&mut output, &line)?;
            Ok(Next::More)
        })?;
    }
    Ok(output.flush()?)
}

/// Simulates the series of a job: each of the target it names, or of every kept target. Returns the number of those
/// that were not wanted any more.
fn simulate(
    run: &mut Run<'_>,
    (index, entry, job): (usize, Entry<'_>, &ScrapeConfig),
    text: &str,
    take: &mut dyn FnMut(&Sources, SeriesResult) -> Result<Next, Stop>,
) -> Result<usize, Stop> {
    let targets = kept_targets(run, index, entry)?;
    let simulator = if job.is_valid { SeriesSimulator::new(job, run.arguments.trace).ok() } else { None };
    let Some(mut simulator) = simulator else { return Ok(0) };
    let (mut next, mut left_out, mut lacks_target) = (Next::More, 0, false);
    for series in SeriesReader::in_format(text, run.arguments.content_type).flatten() {
        let own = series.target.as_ref().map(std::slice::from_ref);
        lacks_target |= own.is_none() && targets.is_empty();
        for target in own.unwrap_or(&targets) {
            if next == Next::More {
                next = take(&run.sources, simulator.simulate(&series, target))?;
            }
            left_out += usize::from(next == Next::Full);
        }
    }
    if lacks_target {
        let job = escape_text(&job.job_name.value);
        run.terminal.note(&format!("job {job} has no kept target to scrape; give one with --target ADDRESS"));
    }
    simulator.leave_out(left_out);
    run.left_out += left_out;
    run.diagnostics.extend(simulator.diagnostics());
    Ok(left_out)
}

/// The final labels of the targets of a job that are scraped.
fn kept_targets(run: &mut Run<'_>, index: usize, entry: Entry<'_>) -> Result<Vec<Labels>, Stop> {
    let mut targets: Vec<Labels> = Vec::new();
    let mut budget: Budget = run.budget.clone();
    run.shown_targets(index, entry, &mut |_, target| {
        if target.status != Outcome::Kept {
            return Ok(Next::More);
        }
        let bytes = target.labels.memory() + size_of::<Labels>();
        Ok(Next::after(budget.hold(bytes), || targets.push(target.labels)))
    })?;
    Ok(targets)
}
