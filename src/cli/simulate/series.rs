//! `promcfg simulate --stage metric`: what becomes of scraped series.

use std::io::Write;

use promcfg::Labels;

use promcfg::config::ScrapeConfig;
use promcfg::report::{series_json, write_document, write_line, write_series};
use promcfg::simulate::{JobSimulator, Series, SeriesResult, SeriesSimulator, Status as Outcome, read_series};
use serde_json::{Value, json};

use super::configs::Entry;
use super::output::add_diagnostics;
use super::run::{Run, Shares};
use crate::cli::args::Format;
use crate::cli::input;
use crate::cli::safe::SafeLines;
use crate::cli::status::{Failure, Stop};

pub(super) fn run(run: &mut Run<'_>, entries: &[Entry<'_>]) -> Result<(), Stop> {
    let path = run.arguments.series.as_deref().unwrap_or("-");
    let text = input::read_text(path, "series")?;
    let series = read_series(&text).map_err(|fault| {
        Failure::new(format!("{}: {fault}", input::shown_name(path)))
            .with_note("series are a /metrics page, or lines of {\"sample\":{…},\"target\":{…},\"report\":false}")
    })?;
    let mut output = run.terminal.output();
    let mut values: Vec<Value> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let Some(job) = entry.owner.job() else { continue };
        let results = simulate(run, index, *entry, job, &series)?;
        match run.arguments.format {
            Format::Human => {
                let outline = JobSimulator::outline(job);
                let view = run.view(*entry, &outline, Shares::default());
                let mut text = SafeLines::new(&mut output);
                write_series(&mut text, &view, &results, run.arguments.trace, run.terminal.stdout)?;
                text.flush()?;
            }
            Format::Json => {
                let series: Vec<Value> = results.iter().map(|result| series_json(&run.sources, job, result)).collect();
                values.push(json!({ "job": job.job_name.value, "series": series }));
            }
            Format::Ndjson => {
                for result in &results {
                    let mut line = series_json(&run.sources, job, result);
                    if let Value::Object(members) = &mut line {
                        members.insert("job".to_string(), Value::from(job.job_name.value.as_str()));
                    }
                    write_line(&mut output, &line)?;
                }
            }
        }
    }
    run.check_labels(entries)?;
    if run.arguments.format == Format::Json {
        let mut document = json!({ "version": 1, "jobs": values });
        add_diagnostics(&mut document, run);
        write_document(&mut output, &document)?;
    }
    output.flush()?;
    run.terminal.show(&run.sources, &run.diagnostics);
    Ok(())
}

/// The series of a job: each of the target it names, or of every kept target.
fn simulate(
    run: &mut Run<'_>,
    index: usize,
    entry: Entry<'_>,
    job: &ScrapeConfig,
    series: &[Series],
) -> Result<Vec<SeriesResult>, Stop> {
    let mut targets: Vec<Labels> = Vec::new();
    run.shown_targets(index, entry, &mut |_, target| {
        if target.status == Outcome::Kept {
            targets.push(target.labels);
        }
        Ok(())
    })?;
    let simulator = if job.is_valid { SeriesSimulator::new(job, run.arguments.trace).ok() } else { None };
    let Some(mut simulator) = simulator else { return Ok(Vec::new()) };
    let mut results = Vec::new();
    for each in series {
        match &each.target {
            Some(target) => results.push(simulator.simulate(each, target)),
            None => results.extend(targets.iter().map(|target| simulator.simulate(each, target))),
        }
    }
    if targets.is_empty() && series.iter().any(|each| each.target.is_none()) {
        let job = promcfg::report::escape_text(&job.job_name.value);
        run.terminal.note(&format!("job {job} has no kept target to scrape; give one with --target ADDRESS"));
    }
    run.diagnostics.extend(simulator.diagnostics());
    Ok(results)
}
