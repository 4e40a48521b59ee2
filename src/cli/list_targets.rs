//! `promcfg list-targets`: the targets that are written in a config and in its target files.

use std::borrow::Cow;
use std::io::Write;

use promcfg::re2::RegexCache;
use promcfg::report::{TargetSecrets, escape_text, masked_value, write_document};
use promcfg::simulate::{
    JobSimulator, Owner, Status as Outcome, TargetFiles, TargetResult, known_targets, select_jobs,
};
use promcfg::text::decode_text;
use promcfg::{Diagnostic, Document, NoFiles, Options, Sources};
use serde_json::{Map, Value, json};

use super::args::{GlobalOptions, ListFormat, ListTargetsArguments};
use super::disk::Disk;
use super::input;
use super::lint::find_settings::release_for;
use super::simulate::unknown_job;
use super::status::{Failure, Status, Stop};
use super::terminal::Terminal;

/// A target in the list.
struct Row {
    job: String,
    address: String,
    place: String,
    line: usize,
    /// The values that are not shown.
    secrets: TargetSecrets,
    result: TargetResult,
}

pub(crate) fn run(
    arguments: &ListTargetsArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let name = input::shown_name(&arguments.config);
    let options = Options::new(&Disk).with_release(release_for(name, global.prometheus)?);
    let contained = Options::new(&NoFiles).with_release(options.release);
    let text = decode_text(&input::read_bytes(&arguments.config, "config")?).text;
    let document = Document::new(name, text, &options);
    let errors: Vec<Diagnostic> = document.diagnostics().iter().filter(|fault| fault.is_error()).cloned().collect();
    let (mut sources, mut diagnostics) = (document.sources().clone(), errors);
    let is_refused = !diagnostics.is_empty();
    if document.jobs().is_empty() && !is_refused {
        return Err(Failure::new(format!("{name} has no jobs")).with_help("add one with `promcfg add-job`").into());
    }
    let jobs = select_jobs(document.jobs(), &arguments.jobs).map_err(|unknown| unknown_job(&unknown, name))?;
    let (mut rows, mut unseen, mut files, mut patterns) =
        (Vec::new(), Vec::new(), TargetFiles::new(), RegexCache::new());
    for job in jobs {
        // The target files of an object are in a container.
        let is_generated = document.is_generated(job);
        let options = if is_generated { contained } else { options };
        let (known, faults) = known_targets(Owner::Job(job), &mut sources, &options, &mut files);
        diagnostics.extend(faults.into_iter().filter(|_| !is_generated));
        if job.discovery.iter().any(|sd| !sd.is_static() && (is_generated || !sd.is_known())) {
            unseen.push(job.job_name.value.clone());
        }
        let Ok(mut simulator) = JobSimulator::with_patterns(&mut patterns, job, false) else { continue };
        for placed in known.iter() {
            let result = simulator.simulate(&placed);
            rows.push(row(&job.job_name.value, &sources, result));
        }
    }
    match arguments.format {
        ListFormat::Human => lines(&rows, terminal)?,
        ListFormat::Json => document_of(&rows, &unseen, terminal)?,
    }
    if !unseen.is_empty() {
        let word = if unseen.len() == 1 { "job" } else { "jobs" };
        terminal.note(&format!("{word} {}: targets that exist only at discovery are not listed", unseen.join(", ")));
    }
    terminal.show(&sources, &diagnostics);
    Ok(if is_refused { Status::Found } else { Status::Fine })
}

fn row(job: &str, sources: &Sources, result: TargetResult) -> Row {
    let at = result.at.map(|at| sources.outermost(at));
    Row {
        job: job.to_string(),
        address: masked_value(result.discovered.get("__address__")).into_owned(),
        place: at.map_or_else(String::new, |at| sources.name(at.file).to_string()),
        line: result.at.map_or(0, |at| sources.position(at).line),
        secrets: TargetSecrets::of(result.discovered.iter(), result.labels.iter()),
        result,
    }
}

/// Where a target is scraped, or why it is not.
fn outcome(row: &Row) -> String {
    let result = &row.result;
    match (result.status, &result.dropped_by, &result.error) {
        (Outcome::Kept, _, _) => row.secrets.text(&result.url).into_owned(),
        (_, Some(by), _) => format!("dropped by {}[{}]", by.list, by.rule),
        (_, None, Some(error)) => format!("refused: {}", row.secrets.text(error)),
        (_, None, None) => "not known".to_string(),
    }
}

/// The labels that the series of a target get, without those that name it.
fn labels(row: &Row) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
    let labels = row.result.labels.iter().filter(|(name, _)| !name.starts_with("__"));
    labels.map(|(name, value)| (name, row.secrets.label(name, value)))
}

fn lines(rows: &[Row], terminal: &Terminal) -> Result<(), Stop> {
    let mut output = terminal.text();
    let width =
        |text: fn(&Row) -> &str| rows.iter().map(|row| escape_text(text(row)).chars().count()).max().unwrap_or(0);
    let (of_job, of_address) = (width(|row| &row.job), width(|row| &row.address));
    for row in rows {
        let labels: Vec<String> = labels(row)
            .filter(|(name, value)| !(*name == "job" && *value == row.job))
            .map(|(name, value)| format!("{}={value:?}", escape_text(name)))
            .collect();
        let (job, address) = (escape_text(&row.job), escape_text(&row.address));
        let (url, labels) = (outcome(row), labels.join(" "));
        let line = format!("{job:of_job$}  {address:of_address$}  {}  {labels}", escape_text(&url));
        // A target file has no jobs.
        writeln!(output, "{}", line.trim())?;
    }
    Ok(output.flush()?)
}

fn document_of(rows: &[Row], unseen: &[String], terminal: &Terminal) -> Result<(), Stop> {
    let targets: Vec<Value> = rows
        .iter()
        .map(|row| {
            let labels: Map<String, Value> =
                labels(row).map(|(name, value)| (name.to_string(), Value::from(value))).collect();
            let status = serde_json::to_value(row.result.status).unwrap_or_default();
            let mut target = json!({
                "address": row.address, "status": status, "labels": labels, "file": row.place, "line": row.line,
            });
            if let Value::Object(members) = &mut target {
                if !row.job.is_empty() {
                    members.insert("job".to_string(), Value::from(row.job.as_str()));
                }
                match row.result.status {
                    Outcome::Kept => drop(members.insert("url".to_string(), Value::from(outcome(row)))),
                    _ => drop(members.insert("reason".to_string(), Value::from(outcome(row)))),
                }
            }
            target
        })
        .collect();
    let mut document = json!({ "version": 1, "targets": targets });
    if let (false, Value::Object(members)) = (unseen.is_empty(), &mut document) {
        members.insert("jobs_with_discovery".to_string(), json!(unseen));
    }
    let mut output = terminal.output();
    write_document(&mut output, &document)?;
    Ok(output.flush()?)
}
