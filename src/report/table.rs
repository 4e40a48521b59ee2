//! The results of a simulation for people: a table a job.

use std::io::{self, Write};

use crate::config::RelabelRule;
use crate::simulate::{JobResult, Status, TargetResult};

use super::labels::{label_part, shown_labels};
use super::look::{Look, width_of};
use super::trace::write_trace;
use super::view::JobView;
use super::{escape_text, shorten};

/// How many targets became what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Jobs.
    pub jobs: usize,
    /// Targets that are scraped.
    pub kept: usize,
    /// Targets that a rule dropped.
    pub dropped: usize,
    /// Targets that Prometheus refuses.
    pub invalid: usize,
    /// Targets that could not be simulated.
    pub unknown: usize,
}

impl Totals {
    /// Counts one target.
    pub fn add(&mut self, status: Status) {
        match status {
            Status::Kept => self.kept += 1,
            Status::Dropped => self.dropped += 1,
            Status::Invalid => self.invalid += 1,
            Status::Unknown => self.unknown += 1,
        }
    }

    fn of(result: &JobResult) -> Self {
        let mut totals = Self { jobs: 1, ..Self::default() };
        result.targets.iter().for_each(|target| totals.add(target.status));
        totals
    }

    /// The counts in words: `3 targets: 2 kept, 1 dropped`.
    #[must_use]
    pub fn in_words(self) -> String {
        let all = self.kept + self.dropped + self.invalid + self.unknown;
        let parts = [
            (self.kept, "kept"),
            (self.dropped, "dropped"),
            (self.invalid, "refused"),
            (self.unknown, "not simulated"),
        ];
        let parts: Vec<String> =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
        let noun = if all == 1 { "target" } else { "targets" };
        if parts.is_empty() { format!("no {noun}") } else { format!("{all} {noun}: {}", parts.join(", ")) }
    }
}

/// The widest address that other rows are aligned to.
const WIDEST_ADDRESS: usize = 40;

/// Writes a job with its targets: each with its URL and labels, or the rule that dropped it; and what
/// every rule did, where a trace was taken.
///
/// # Errors
/// Those of the writer.
pub fn write_job(out: &mut dyn Write, view: &JobView<'_>, look: Look) -> io::Result<()> {
    let position = view.sources.position(view.result.at);
    let file = view.sources.name(view.sources.outermost(view.result.at).file);
    let name = if view.result.job.is_empty() { "(no name)".into() } else { escape_text(&view.result.job) };
    let place = look.dim(&format!("{}:{}", escape_text(file), position.line));
    writeln!(out, "{}  {place}  {}", look.strong(&name), Totals::of(view.result).in_words())?;
    write_unknown_sources(out, view, look)?;
    let width = view.result.targets.iter().map(|target| width_of(&address(target))).max().unwrap_or(0);
    for target in &view.result.targets {
        write_target(out, view, target, width.min(WIDEST_ADDRESS), look)?;
    }
    writeln!(out)
}

/// Tells where a job's targets come from, if not from a file.
fn write_unknown_sources(out: &mut dyn Write, view: &JobView<'_>, look: Look) -> io::Result<()> {
    if !view.job.is_valid {
        return writeln!(out, "  {}", look.bad("not simulated: Prometheus refuses this job"));
    }
    let is_known = |source: &&String| matches!(source.as_str(), "static_configs" | "file_sd_configs");
    let unknown: Vec<&str> =
        view.result.sources.iter().filter(|source| !is_known(source)).map(String::as_str).collect();
    if view.has_samples || unknown.is_empty() {
        return Ok(());
    }
    let list = unknown.join(", ");
    writeln!(out, "  {}", look.dim(&format!("{list}: targets are found at run time; give samples with --targets FILE")))
}

fn write_target(
    out: &mut dyn Write,
    view: &JobView<'_>,
    target: &TargetResult,
    width: usize,
    look: Look,
) -> io::Result<()> {
    let address = address(target);
    let padding = " ".repeat(width.saturating_sub(width_of(&address)));
    let (sign, end) = match target.status {
        Status::Kept => (look.good(look.kept_sign()), look.name(&escape_text(&target.url))),
        Status::Dropped => (look.bad(look.dropped_sign()), dropped(view, target)),
        Status::Invalid => (look.bad("!"), look.bad(&format!("refused: {}", error(target)))),
        Status::Unknown => (look.warn("?"), look.warn(&format!("not simulated: {}", error(target)))),
    };
    writeln!(out, "  {sign} {address}{padding}  {end}")?;
    if let Some(error) = &target.scrape_error {
        writeln!(out, "      {}", look.bad(&format!("every scrape fails: {}", escape_text(&error.to_string()))))?;
    }
    if !target.trace.is_empty() {
        write_trace(out, view, target, look)?;
    }
    if target.status == Status::Kept {
        let labels = shown_labels(&target.labels, view.all_labels);
        let parts: Vec<_> = labels.iter().map(|(name, value)| label_part(name, value, look)).collect();
        let indent = if target.trace.is_empty() { 6 } else { 8 };
        writeln!(out, "{}", look.flow(&parts, indent, 2))?;
    }
    Ok(())
}

fn dropped(view: &JobView<'_>, target: &TargetResult) -> String {
    let Some(by) = &target.dropped_by else { return "dropped".to_string() };
    let line = view.sources.position(by.at).line;
    let why = view.job.relabel_configs.get(by.rule).map_or_else(String::new, |rule| reason(rule, target));
    format!("dropped by {}[{}], line {line}{why}", by.list, by.rule)
}

/// What the rule that dropped a target asks for: `: drop, env matches "canary"`.
fn reason(rule: &RelabelRule, target: &TargetResult) -> String {
    use crate::relabel::Action;
    let spec = &rule.spec;
    let labels = spec.source_labels.as_deref().unwrap_or(&[]);
    let subject = if labels.is_empty() { "nothing".to_string() } else { labels.join(", ") };
    let subject = escape_text(&subject).into_owned();
    let value = target.trace.last().and_then(|step| step.input.as_deref());
    let value = value.map_or_else(String::new, |value| format!(" = \"{}\"", shorten(value, 80)));
    let (pattern, label) = (shorten(spec.pattern(), 80), escape_text(&spec.target_label));
    match spec.action {
        Some(Action::Keep) => format!(": keep, {subject}{value} does not match \"{pattern}\""),
        Some(Action::Drop) => format!(": drop, {subject}{value} matches \"{pattern}\""),
        Some(Action::KeepEqual) => format!(": keepequal, {subject}{value} differs from {label}"),
        Some(Action::DropEqual) => format!(": dropequal, {subject}{value} is the same as {label}"),
        _ => String::new(),
    }
}

fn error(target: &TargetResult) -> String {
    escape_text(target.error.as_deref().unwrap_or("no reason is known")).into_owned()
}

fn address(target: &TargetResult) -> String {
    const LONGEST: usize = 200;
    match target.discovered.get("__address__") {
        "" => "(no address)".to_string(),
        address => shorten(address, LONGEST).into_owned(),
    }
}

/// Writes the counts of all jobs.
///
/// # Errors
/// Those of the writer.
pub fn write_totals(out: &mut dyn Write, totals: Totals, look: Look) -> io::Result<()> {
    let noun = if totals.jobs == 1 { "job" } else { "jobs" };
    writeln!(out, "{}{}{}", look.strong(&format!("{} {noun}", totals.jobs)), look.dot(), totals.in_words())
}
