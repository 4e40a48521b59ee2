//! What became of scraped series: counts for people, every one for programs.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use crate::config::ScrapeConfig;
use crate::relabel::Labels;
use crate::secrets::{TargetSecrets, masked_value};
use crate::simulate::{SeriesResult, Status};
use crate::text::Sources;

use super::json::{dropped_by_json, step_json};
use super::labels::short;
use super::look::{Look, width_of};
use super::trace::write_steps;
use super::view::JobView;
use super::{shorten, shown_path};

/// A series, in the shape `promcfg simulate --stage metric --format json` prints.
#[must_use]
pub fn series_json(sources: &Sources, job: &ScrapeConfig, result: &SeriesResult) -> Value {
    let at = |rule: usize| {
        let rule = job.metric_relabel_configs.get(rule);
        rule.map(|rule| crate::text::Location::new(job.file, rule.span))
    };
    let secrets = secrets_of(result);
    let trace: Vec<Value> = result.trace.iter().map(|step| step_json(sources, at(step.rule), step, &secrets)).collect();
    json!({
        "sample": result.sample,
        "target": result.target,
        "status": result.status,
        "labels": result.labels,
        "dropped_by": result.dropped_by.as_ref().map(|by| dropped_by_json(sources, by)),
        "error": result.error.as_deref().map(masked_value),
        "trace": trace,
    })
}

/// So many series are shown one by one without being asked for.
const FEW: usize = 20;

/// Writes what became of a job's series: the counts, by rule and by metric; each series when there
/// are few, or with `details`.
///
/// # Errors
/// Those of the writer.
pub fn write_series(
    out: &mut dyn Write,
    view: &JobView<'_>,
    results: &[SeriesResult],
    details: bool,
    look: Look,
) -> io::Result<()> {
    let of = |status: Status| results.iter().filter(|result| result.status == status).count();
    let counts = [
        (of(Status::Kept), "stored"),
        (of(Status::Dropped), "dropped"),
        (of(Status::Invalid), "refused"),
        (of(Status::Unknown), "not simulated"),
    ];
    let counts: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    let position = view.sources.position(view.result.at);
    let place =
        format!("{}:{}", shown_path(view.sources.name(view.sources.outermost(view.result.at).file)), position.line);
    let counts = if counts.is_empty() { String::new() } else { format!(": {}", counts.join(", ")) };
    writeln!(out, "{}  {}  {} series{counts}", look.strong(&short(&view.result.job)), look.dim(&place), results.len())?;
    write_rules(out, view, results, look)?;
    if details || results.len() <= FEW {
        results.iter().try_for_each(|result| write_one(out, view, result, look))?;
    } else {
        write_metrics(out, results, look)?;
    }
    writeln!(out)
}

/// How many series each rule dropped.
fn write_rules(out: &mut dyn Write, view: &JobView<'_>, results: &[SeriesResult], look: Look) -> io::Result<()> {
    let mut dropped: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for by in results.iter().filter_map(|result| result.dropped_by.as_ref()) {
        let line = view.sources.position(by.at).line;
        dropped.entry(by.rule).or_insert((line, 0)).1 += 1;
    }
    for (rule, (line, count)) in dropped {
        writeln!(out, "  {}", look.bad(&format!("metric_relabel_configs[{rule}], line {line}, drops {count}")))?;
    }
    Ok(())
}

/// A line a metric: how many of its series are stored, under which name, and how many dropped.
fn write_metrics(out: &mut dyn Write, results: &[SeriesResult], look: Look) -> io::Result<()> {
    let mut metrics: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
    for result in results {
        let name = result.sample.get("__name__");
        let fate = match result.status {
            Status::Kept if result.labels.get("__name__") == name => "stored".to_string(),
            Status::Kept => format!("stored as {}", short(result.labels.get("__name__"))),
            Status::Dropped => "dropped".to_string(),
            Status::Invalid => format!("refused: {}", short(&masked_value(result.error.as_deref().unwrap_or("")))),
            Status::Unknown | Status::Undecided => "not simulated".to_string(),
        };
        *metrics.entry(name).or_default().entry(fate).or_default() += 1;
    }
    let width = metrics.keys().map(|name| width_of(name)).max().unwrap_or(0).min(60);
    for (name, fates) in metrics {
        let name = short(name);
        let padding = " ".repeat(width.saturating_sub(width_of(&name)));
        let fates: Vec<String> = fates.iter().map(|(fate, count)| format!("{count} {fate}")).collect();
        writeln!(out, "  {}{padding}  {}", look.name(&name), fates.join(", "))?;
    }
    Ok(())
}

fn write_one(out: &mut dyn Write, view: &JobView<'_>, result: &SeriesResult, look: Look) -> io::Result<()> {
    let secrets = secrets_of(result);
    let scraped = series_text(&result.sample, &secrets);
    match result.status {
        Status::Kept => writeln!(out, "  {} {scraped}", look.good(look.kept_sign()))?,
        Status::Dropped => {
            let by = result.dropped_by.as_ref();
            let by = by.map_or_else(
                || "no label is left".to_string(),
                |by| format!("dropped by {}[{}], line {}", by.list, by.rule, view.sources.position(by.at).line),
            );
            writeln!(out, "  {} {scraped}  {by}", look.bad(look.dropped_sign()))?;
        }
        Status::Invalid | Status::Unknown | Status::Undecided => {
            let error = short(&masked_value(result.error.as_deref().unwrap_or(""))).into_owned();
            writeln!(out, "  {} {scraped}  {}", look.bad("!"), look.bad(&format!("the scrape fails: {error}")))?;
        }
    }
    if let Some(job) = view.owner.job() {
        let line_of = |rule: usize| {
            let at = job.metric_relabel_configs.get(rule).map(|rule| crate::text::Location::new(job.file, rule.span));
            at.map_or(0, |at| view.sources.position(at).line)
        };
        write_steps(out, &result.trace, &job.metric_relabel_configs, line_of, &secrets, look)?;
    }
    if result.status == Status::Kept {
        writeln!(out, "      {} {}", look.arrow(), series_text(&result.labels, &secrets))?;
    }
    Ok(())
}

/// The values of a series that are not shown.
fn secrets_of(result: &SeriesResult) -> TargetSecrets {
    TargetSecrets::of(result.sample.iter(), result.target.iter().chain(result.labels.iter()))
}

/// `name{label="value"}`.
fn series_text(labels: &Labels, secrets: &TargetSecrets) -> String {
    const LONGEST_VALUE: usize = 200;
    let parts: Vec<String> = labels
        .iter()
        .filter(|(name, _)| *name != "__name__")
        .map(|(name, value)| format!("{}=\"{}\"", short(name), shorten(&secrets.label(name, value), LONGEST_VALUE)))
        .collect();
    let name = short(labels.get("__name__"));
    if parts.is_empty() { name.into_owned() } else { format!("{name}{{{}}}", parts.join(", ")) }
}
