//! The results of a simulation for people: a table a job.

use std::io::{self, Write};

use crate::config::{RelabelRule, Sd};
use crate::relabel::Labels;
use crate::secrets::{TargetSecrets, masked_label, masked_value};
use crate::simulate::{DroppedBy, NamedBy, Origin, Status, TargetResult};

use super::funnel::{write_funnel, write_hidden};
use super::labels::{changed_durations, label_part, short, shown_labels};
use super::look::{Look, width_of};
use super::lost::write_lost;
use super::need::need;
use super::rules::rule_name;
use super::totals::Totals;
use super::trace::write_trace;
use super::view::JobView;
use super::{shorten, shown_path};

/// The longest URL that is shown whole.
const LONGEST_URL: usize = 1_000;
/// The widest address that other rows are aligned to.
const WIDEST_ADDRESS: usize = 40;

/// Writes a job with its targets: each with its URL and labels, or the rule that dropped it; and what
/// every rule did, where a trace was taken. Examples come after the targets.
///
/// # Errors
/// Those of the writer.
pub fn write_job(out: &mut dyn Write, view: &JobView<'_>, look: Look) -> io::Result<()> {
    let position = view.sources.position(view.result.at);
    let file = view.sources.name(view.sources.outermost(view.result.at).file);
    let name = if view.result.job.is_empty() { "(no name)".into() } else { short(&view.result.job) };
    let place = look.dim(&format!("{}:{}", shown_path(file), position.line));
    writeln!(out, "{}  {place}  {}", look.strong(&name), counts(view))?;
    write_source_note(out, view, look)?;
    if let Some(lost) = view.lost {
        writeln!(out, "  {} {} {}", look.bad(look.dropped_sign()), short(&lost.source), lost.reason)?;
        if !lost.need.is_empty() {
            writeln!(out, "      {}", look.warn(lost.need))?;
        }
    }
    if let Some(lost) = view.no_targets {
        write_lost(out, view.sources, lost, look)?;
    }
    if !view.is_of_object {
        write_funnel(out, view, look)?;
    }
    if view.has_traces && !view.result.targets.is_empty() {
        write_defaults(out, view, look)?;
    }
    let width = view.result.targets.iter().map(|target| width_of(&address(target))).max().unwrap_or(0);
    for target in &view.result.targets {
        write_target(out, view, target, width.min(WIDEST_ADDRESS), look)?;
    }
    write_hidden(out, view, look)?;
    if view.omitted > 0 {
        let noun = if view.omitted == 1 { "target is" } else { "targets are" };
        writeln!(out, "  {}", look.dim(&format!("{} more {noun} left out", view.omitted)))?;
    }
    if view.left_out > 0 {
        let noun = if view.left_out == 1 { "target" } else { "targets" };
        writeln!(out, "  {}", look.warn(&format!("too large to simulate, {} {noun} left out", view.left_out)))?;
    }
    for example in &view.result.examples {
        write_example(out, view, example, look)?;
    }
    writeln!(out)
}

/// `3 targets: 2 kept, 1 dropped; 1 selected`.
fn counts(view: &JobView<'_>) -> String {
    let all = view.counts.targets();
    match view.selected {
        _ if all == 0 && view.left_out > 0 => "no target simulated".to_string(),
        _ if all == 0 && !view.result.examples.is_empty() => "no known targets".to_string(),
        Some(selected) if selected < all => format!("{}; {selected} selected", view.counts.in_words()),
        _ => view.counts.in_words(),
    }
}

/// Says why there are no targets, or that there are more than the known ones.
fn write_source_note(out: &mut dyn Write, view: &JobView<'_>, look: Look) -> io::Result<()> {
    if !view.owner.is_valid() {
        let what = if view.owner.job().is_some() { "this job" } else { "this Alertmanager" };
        let why = match view.owner.is_incomplete() {
            true => format!("a part of {what} is not valid YAML"),
            false => format!("Prometheus refuses {what}"),
        };
        return writeln!(out, "  {}", look.bad(&format!("not simulated: {why}")));
    }
    let has_targets = view.counts.targets() > 0 || view.left_out > 0;
    if view.is_of_object {
        return Ok(());
    }
    if view.has_samples {
        let note = if view.no_targets.is_some() {
            return Ok(());
        } else if view.funnel.is_empty() {
            "none of the given targets belongs to it"
        } else {
            "discovery finds no target in the given objects"
        };
        return if has_targets { Ok(()) } else { writeln!(out, "  {}", look.dim(note)) };
    }
    let is_known = |sd: &&Sd| sd.is_static() || (has_targets && sd.is_known());
    let unknown: Vec<&str> =
        view.owner.discovery().iter().filter(|sd| !is_known(sd)).map(|sd| sd.key.as_str()).collect();
    let note = match (unknown.is_empty(), has_targets) {
        (true, true) => return Ok(()),
        (true, false) => "the config has no targets for it".to_string(),
        // The examples say it.
        (false, _) if !view.result.examples.is_empty() => return Ok(()),
        (false, true) => format!("{}: more targets exist only at discovery", unknown.join(", ")),
        (false, false) => format!("{}: the targets exist only at discovery", unknown.join(", ")),
    };
    writeln!(out, "  {}", look.dim(&note))
}

/// The labels that each target has, unless it has another value: they are not repeated in traces.
fn write_defaults(out: &mut dyn Write, view: &JobView<'_>, look: Look) -> io::Result<()> {
    let defaults = view.owner.defaults();
    let shown = |(name, value)| label_part(name, &masked_label(name, value), look);
    let parts: Vec<_> = defaults.iter().map(shown).collect();
    writeln!(out, "  {}", look.dim("defaults of each target"))?;
    writeln!(out, "{}", look.flow(&parts, 4, 2))
}

/// Writes an example target, and what each rule did with it.
fn write_example(out: &mut dyn Write, view: &JobView<'_>, example: &TargetResult, look: Look) -> io::Result<()> {
    if let Origin::Example { mechanism, role } = &example.origin {
        let role = if role.is_empty() { String::new() } else { format!(" (role {})", short(role)) };
        let real = match mechanism.as_str() {
            "file_sd_configs" => "the real ones are in files that do not exist here",
            _ => "the real ones exist only at discovery",
        };
        writeln!(out, "  {}", look.dim(&format!("{}{role}: example target; {real}", short(mechanism))))?;
    }
    write_target(out, view, example, 0, look)
}

/// Writes how real targets are given in place of examples: `commands` save them, and the last one simulates them.
///
/// # Errors
/// Those of the writer.
pub fn write_example_note(out: &mut dyn Write, commands: &[String], look: Look) -> io::Result<()> {
    const NOTE: &str = "Example targets show what the rules do. ";
    const FORMS: &str = "--targets also reads a saved /api/v1/targets response, the output of `promtool check \
        service-discovery`, lines of JSON, and target groups as in file_sd_configs.";
    let mut write = |text: &str| {
        let words: Vec<(usize, String)> = text.split(' ').map(|word| (width_of(word), word.to_string())).collect();
        writeln!(out, "{}", look.dim(&look.flow(&words, 0, 1)))
    };
    write(&format!("{NOTE}To simulate the real ones:"))?;
    for command in commands {
        writeln!(out, "  {}", look.strong(command))?;
    }
    let mut write = |text: &str| {
        let words: Vec<(usize, String)> = text.split(' ').map(|word| (width_of(word), word.to_string())).collect();
        writeln!(out, "{}\n", look.dim(&look.flow(&words, 0, 1)))
    };
    write(FORMS)
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
    let secrets = secrets_of(target);
    let (sign, end) = match target.status {
        Status::Kept => (look.good(look.kept_sign()), look.name(&shorten(&secrets.text(&target.url), LONGEST_URL))),
        Status::Dropped => (look.bad(look.dropped_sign()), dropped(view, target, &secrets)),
        Status::Invalid => (look.bad("!"), look.bad(&format!("refused: {}", error(target)))),
        Status::Unknown => (look.warn("?"), look.warn(&format!("not simulated: {}", error(target)))),
        Status::Undecided => (look.warn("?"), look.warn(&undecided(view, target))),
    };
    writeln!(out, "  {sign} {address}{padding}  {end}")?;
    if let Some(error) = &target.scrape_error {
        writeln!(
            out,
            "      {}",
            look.bad(&format!("every scrape fails: {}", shorten(&masked_value(&error.to_string()), LONGEST_URL)))
        )?;
    }
    if let Some(need) = need(view.owner.rules(), target).filter(|_| view.is_of_object) {
        writeln!(out, "      {}", look.warn(&need))?;
    }
    if let Some(note) = origin_note(view, target) {
        writeln!(out, "      {}", look.warn(note))?;
    }
    let has_trace = view.has_traces || !target.trace.is_empty();
    if has_trace {
        write_trace(out, view, target, &secrets, look)?;
    }
    if target.status == Status::Kept {
        let labels = labels_of(view, target);
        let shown = |(name, value)| label_part(name, &secrets.label(name, value), look);
        let parts: Vec<_> = labels.iter().map(shown).collect();
        let indent = if has_trace { 8 } else { 6 };
        writeln!(out, "{}", look.flow(&parts, indent, 2))?;
    }
    Ok(())
}

/// The values of a target that are not shown.
fn secrets_of(target: &TargetResult) -> TargetSecrets {
    TargetSecrets::of(target.discovered.iter(), target.labels.iter())
}

/// How a target was selected, where that is not obvious.
fn origin_note(view: &JobView<'_>, target: &TargetResult) -> Option<&'static str> {
    match (&target.origin, target.named_by) {
        (Origin::ByHand, _) if view.owner.job().is_some() => {
            Some("not a target of the job; simulated as a target made by hand")
        }
        (Origin::ByHand, _) => Some("not a target of the Alertmanager; simulated as a target made by hand"),
        (_, Some(NamedBy::Instance)) => Some("selected by its label `instance`"),
        (_, Some(NamedBy::FinalAddress)) => Some("selected by its address after relabeling"),
        (Origin::Known | Origin::Example { .. }, Some(NamedBy::Address) | None) => None,
    }
}

/// The labels that are shown of a kept target: also the internal ones that change how it is scraped.
fn labels_of(view: &JobView<'_>, target: &TargetResult) -> Labels {
    let mut labels = shown_labels(&target.labels, view.all_labels);
    for (name, value) in changed_durations(view.owner, target) {
        labels.set(name, value);
    }
    labels
}

fn dropped(view: &JobView<'_>, target: &TargetResult, secrets: &TargetSecrets) -> String {
    let Some(by) = &target.dropped_by else { return "dropped".to_string() };
    let line = view.sources.position(by.at).line;
    let why = view.owner.rules().get(by.rule).map_or_else(String::new, |rule| reason(rule, by, secrets));
    format!("dropped by {}, line {line}{why}", rule_name(view, by.list, by.rule))
}

/// `undecided by relabel_configs[0], line 3: it depends on …`.
fn undecided(view: &JobView<'_>, target: &TargetResult) -> String {
    let by = target.undecided_by.as_ref().map_or_else(String::new, |by| {
        format!(" by {}, line {}", rule_name(view, by.list, by.rule), view.sources.position(by.at).line)
    });
    format!("undecided{by}: {}", error(target))
}

/// What the rule that dropped a target asks for: `: drop, env = "canary" matches "canary"`.
fn reason(rule: &RelabelRule, by: &DroppedBy, secrets: &TargetSecrets) -> String {
    use crate::relabel::Action;
    const LONGEST: usize = 80;
    let spec = &rule.spec;
    let labels = spec.source_labels.as_deref().unwrap_or(&[]);
    let subject = if labels.is_empty() { "(no source labels)".to_string() } else { labels.join(", ") };
    let subject = short(&subject).into_owned();
    let valued = |value: &Option<String>, names: &[String]| {
        let shown = |value: &str| match names {
            [name] => secrets.label(name, value).into_owned(),
            _ => secrets.text(value).into_owned(),
        };
        value.as_ref().map_or_else(String::new, |value| format!(" = \"{}\"", shorten(&shown(value), LONGEST)))
    };
    let (value, other) = (valued(&by.value, labels), valued(&by.other, std::slice::from_ref(&spec.target_label)));
    let (pattern, label) = (shorten(spec.pattern(), LONGEST), short(&spec.target_label));
    match spec.action {
        Some(Action::Keep) => format!(": keep, {subject}{value} does not match \"{pattern}\""),
        Some(Action::Drop) => format!(": drop, {subject}{value} matches \"{pattern}\""),
        Some(Action::KeepEqual) => format!(": keepequal, {subject}{value} differs from {label}{other}"),
        Some(Action::DropEqual) => format!(": dropequal, {subject}{value} is the same as {label}{other}"),
        _ => String::new(),
    }
}

fn error(target: &TargetResult) -> String {
    shorten(&masked_value(target.error.as_deref().unwrap_or("no reason is known")), LONGEST_URL).into_owned()
}

fn address(target: &TargetResult) -> String {
    const LONGEST: usize = 200;
    match target.discovered.get("__address__") {
        "" => "(no address)".to_string(),
        address => shorten(&masked_value(address), LONGEST).into_owned(),
    }
}

/// Writes the counts of all jobs.
///
/// # Errors
/// Those of the writer.
pub fn write_totals(out: &mut dyn Write, totals: Totals, look: Look) -> io::Result<()> {
    let counted = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let mut owners = counted(totals.jobs, "job");
    if totals.alertmanagers > 0 {
        owners.push_str(&format!(", {}", counted(totals.alertmanagers, "Alertmanager")));
    }
    writeln!(out, "{}{}{}", look.strong(&owners), look.dot(), totals.in_words())
}
