//! `promcfg simulate --stage metric`: what becomes of scraped series.

use std::io::Write;

use promcfg::config::ScrapeConfig;
use promcfg::diagnostic::ids;
use promcfg::exposition::{ContentTypeError, Page, PageFormat, diagnostics};
use promcfg::report::{escape_text, series_json, write_line, write_series};
use promcfg::simulate::{JobSimulator, ScrapeCheck, SeriesReader, SeriesResult, SeriesSimulator, Status as Outcome};
use promcfg::text::Location;
use promcfg::{Budget, Diagnostic, Labels, Severity, Sources};
use serde_json::{Value, json};

use super::document::{List, Member, Members, with_list};
use super::output::write_document;
use super::run::{Next, Run, Shares};
use super::source::Entry;
use crate::cli::args::Format;
use crate::cli::input;
use crate::cli::safe::SafeLines;
use crate::cli::status::{Failure, Stop};

/// A job and the series that are read for it.
struct Scrape<'j> {
    index: usize,
    entry: Entry<'j>,
    job: &'j ScrapeConfig,
    /// The series; nothing if the scrape fails.
    text: &'j [u8],
    /// The format of the page.
    format: Option<PageFormat>,
}

/// Relabels the series for the jobs; of a config that cannot be read (`has_jobs` is false), they are not read.
pub(super) fn run(run: &mut Run<'_>, entries: &[Entry<'_>], has_jobs: bool) -> Result<(), Stop> {
    let path = run.arguments.series.as_deref().unwrap_or("-");
    let text = if has_jobs { input::read_series(path)? } else { Vec::new() };
    let jobs = entries.iter().enumerate().filter_map(|(index, entry)| Some((index, *entry, entry.owner.job()?)));
    let scrapes = scrapes(run, path, &text, jobs.collect())?;
    match run.arguments.format {
        Format::Human => human(run, &scrapes)?,
        Format::Json => return as_json(run, &scrapes),
        Format::Ndjson => as_lines(run, &scrapes)?,
    }
    run.check_labels()?;
    run.terminal.show(&run.sources, &run.diagnostics);
    Ok(())
}

/// The series of each job. The faults of a page are reported once in each format; Prometheus stores nothing of it.
fn scrapes<'j>(
    run: &mut Run<'_>,
    path: &str,
    text: &'j [u8],
    jobs: Vec<(usize, Entry<'j>, &'j ScrapeConfig)>,
) -> Result<Vec<Scrape<'j>>, Failure> {
    let is_page = SeriesReader::new(text).page_format().is_some();
    let mut failing: Vec<(PageFormat, bool)> = Vec::new();
    let mut scrapes = Vec::with_capacity(jobs.len());
    for (index, entry, job) in jobs {
        let format = match is_page {
            true => page_format(run.arguments.content_type.as_deref(), job, text),
            false => Ok(PageFormat::Text),
        };
        let (format, fails) = match format {
            // Prometheus reads no format in an empty page.
            _ if text.is_empty() => (None, false),
            Err(error) => {
                run.diagnostics.push(no_format(job, &error));
                (None, true)
            }
            Ok(format) => match failing.iter().find(|(known, _)| *known == format) {
                Some((_, fails)) => (Some(format), *fails),
                None => {
                    let fails = reports_faults(run, path, text, format)?;
                    failing.push((format, fails));
                    (Some(format), fails)
                }
            },
        };
        let text = if fails { &[][..] } else { text };
        scrapes.push(Scrape { index, entry, job, text, format });
    }
    Ok(scrapes)
}

/// The format of a page of a job: by the content type, with the fallback of the job; without one by the fallback, or by the
/// content.
fn page_format(content_type: Option<&str>, job: &ScrapeConfig, text: &[u8]) -> Result<PageFormat, ContentTypeError> {
    let fallback = job.fallback_scrape_protocol.as_str();
    match content_type {
        Some(content_type) => PageFormat::with_fallback(content_type, fallback),
        None => Ok(PageFormat::of_protocol(fallback).unwrap_or_else(|| PageFormat::of_content(text))),
    }
}

fn no_format(job: &ScrapeConfig, error: &ContentTypeError) -> Diagnostic {
    let at = Location::new(job.file, job.job_name.span);
    let diagnostic = Diagnostic::new(ids::INVALID_EXPOSITION, Severity::Error, at, error.to_string())
        .with_job(job.job_name.value.as_str())
        .with_argument("content_type", error.content_type.clone());
    match error.upstream() {
        Some(upstream) => diagnostic
            .with_note("the scrape of such a page fails: up is 0, and nothing of the page is stored")
            .with_help("serve text/plain or application/openmetrics-text, or set `fallback_scrape_protocol`")
            .with_upstream(upstream),
        None => diagnostic.with_help("give the page in the text format or in OpenMetrics"),
    }
}

/// Whether something is wrong with a text, and reports it.
fn reports_faults(run: &mut Run<'_>, path: &str, text: &[u8], format: PageFormat) -> Result<bool, Failure> {
    let mut reader = SeriesReader::in_format(text, Some(format));
    let is_page = reader.page_format().is_some();
    let Some(fault) = reader.find_map(Result::err) else { return Ok(false) };
    let name = input::shown_name(path);
    if !is_page {
        return Err(input::no_series(name, text, &fault));
    }
    let file = run.sources.add(name, String::from_utf8_lossy(text).into_owned());
    let mut found = diagnostics(&run.sources, file, text, format);
    let has_series = || Page::new(text, format).any(|read| read.is_ok());
    if let Some(first) = found.first_mut().filter(|_| !has_series()) {
        first.notes.push("no line is a series: series are a /metrics page, or lines of JSON".to_string());
    }
    run.diagnostics.extend(found);
    Ok(true)
}

fn human(run: &mut Run<'_>, scrapes: &[Scrape<'_>]) -> Result<(), Stop> {
    let (mut output, look) = (run.terminal.output(), run.terminal.stdout);
    for scrape in scrapes {
        let (mut results, mut budget) = (Vec::new(), run.budget.clone());
        let left_out = simulate(run, scrape, &mut |_, result| {
            Ok(Next::after(budget.hold(result.memory()), || results.push(result)))
        })?;
        let outline = JobSimulator::outline(scrape.job);
        let view = run.view(scrape.entry, &outline, Shares::default());
        let mut text = SafeLines::new(&mut output);
        write_series(&mut text, &view, &results, run.arguments.trace, look)?;
        text.flush()?;
        if left_out > 0 {
            writeln!(output, "  {}\n", look.warn(&format!("too large to simulate, {left_out} series left out")))?;
        }
    }
    Ok(output.flush()?)
}

fn as_json(run: &mut Run<'_>, scrapes: &[Scrape<'_>]) -> Result<(), Stop> {
    let mut objects: Vec<Members> = Vec::new();
    let mut budget = run.budget.clone();
    for scrape in scrapes {
        let job = scrape.job;
        let mut list = List::default();
        let left_out = simulate(run, scrape, &mut |sources, result| {
            let item = List::item(&series_json(sources, job, &result));
            Ok(Next::after(budget.hold(item.len()), || list.push(&item)))
        })?;
        let mut object = with_list(json!({ "job": job.job_name.value }), "series", list);
        if left_out > 0 {
            object.insert("left_out".to_string(), Member::Value(Value::from(left_out)));
        }
        objects.push(object);
    }
    run.check_labels()?;
    write_document(run, [("jobs".to_string(), Member::Objects(objects))].into())?;
    run.terminal.show(&run.sources, &run.diagnostics);
    Ok(())
}

fn as_lines(run: &mut Run<'_>, scrapes: &[Scrape<'_>]) -> Result<(), Stop> {
    let mut output = run.terminal.output();
    for scrape in scrapes {
        let job = scrape.job;
        simulate(run, scrape, &mut |sources, result| {
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
    scrape: &Scrape<'_>,
    take: &mut dyn FnMut(&Sources, SeriesResult) -> Result<Next, Stop>,
) -> Result<usize, Stop> {
    let job = scrape.job;
    let targets = kept_targets(run, scrape.index, scrape.entry)?;
    let simulator = if job.is_valid { SeriesSimulator::new(job, run.arguments.trace).ok() } else { None };
    let Some(mut simulator) = simulator else { return Ok(0) };
    let (mut next, mut left_out, mut lacks_target) = (Next::More, 0, false);
    let reader = SeriesReader::in_format(scrape.text, scrape.format);
    let checks = match reader.page_format() {
        Some(_) => checked(&mut simulator, reader.clone(), &targets),
        None => Vec::new(),
    };
    for (place, series) in reader.flatten().enumerate() {
        let own = series.target.as_ref().map(std::slice::from_ref);
        lacks_target |= own.is_none() && targets.is_empty();
        for (index, target) in own.unwrap_or(&targets).iter().enumerate() {
            if checks.get(index).is_some_and(|check| !check.has_result(place)) {
                continue;
            }
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

/// The checks of the scrapes of a page from all targets: Prometheus stores nothing of a scrape that fails.
fn checked(simulator: &mut SeriesSimulator<'_>, page: SeriesReader<'_>, targets: &[Labels]) -> Vec<ScrapeCheck> {
    let mut checks = vec![ScrapeCheck::default(); targets.len()];
    for series in page.flatten() {
        for (check, target) in checks.iter_mut().zip(targets) {
            simulator.check(check, &series, target);
        }
    }
    for check in &mut checks {
        simulator.conclude(check);
    }
    checks
}

/// The final labels of the targets of a job that are scraped.
fn kept_targets(run: &mut Run<'_>, index: usize, entry: Entry<'_>) -> Result<Vec<Labels>, Stop> {
    let mut targets: Vec<Labels> = Vec::new();
    let mut budget: Budget = run.budget.clone();
    run.shown_targets(index, entry, false, &mut |_, target| {
        if target.status != Outcome::Kept {
            return Ok(Next::More);
        }
        let bytes = target.labels.memory() + size_of::<Labels>();
        Ok(Next::after(budget.hold(bytes), || targets.push(target.labels)))
    })?;
    Ok(targets)
}
