//! The way from the objects of a dump to the targets that are scraped.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::simulate::{FunnelStep, Status};

use super::labels::short;
use super::look::{Look, width_of};
use super::rules::{rule_name, step_of_operator};
use super::view::JobView;

/// The steps as JSON.
pub(super) fn funnel_json(steps: &[FunnelStep]) -> Value {
    let step = |step: &FunnelStep| json!({ "step": step.step, "count": step.count, "lost": step.lost, "example": step.example });
    steps.iter().map(step).collect()
}

/// Writes the steps that lose something, the first one, and the number of targets.
pub(super) fn write_funnel(out: &mut dyn Write, view: &JobView<'_>, look: Look) -> io::Result<()> {
    let is_told = |(index, step): &(usize, &FunnelStep)| *index == 0 || step.lost > 0 || step.step == "targets";
    let steps: Vec<&FunnelStep> = view.funnel.iter().enumerate().filter(is_told).map(|(_, step)| step).collect();
    let counts = steps.iter().map(|step| step.count.to_string().len()).max().unwrap_or(0);
    let names = steps.iter().map(|step| width_of(&name_of(view, step))).max().unwrap_or(0);
    for step in steps {
        let name = name_of(view, step);
        let lost = match (step.lost, &step.example) {
            (0, _) => String::new(),
            (lost, None) => format!("{lost} lost"),
            (1, Some(example)) => format!("1 lost: {}", short(example)),
            (lost, Some(example)) => format!("{lost} lost, such as {}", short(example)),
        };
        let padding = if lost.is_empty() { 0 } else { names.saturating_sub(width_of(&name)) + 2 };
        writeln!(out, "  {:>counts$} {name}{:padding$}{}", step.count, "", look.dim(&lost))?;
    }
    Ok(())
}

fn name_of(view: &JobView<'_>, step: &FunnelStep) -> String {
    let index = step.step.strip_prefix("relabel_configs[").and_then(|rest| rest.strip_suffix(']'));
    if let Some(index) = index.and_then(|index| index.parse().ok()) {
        return match step_of_operator(view, index) {
            Some(step) => step.to_string(),
            None => format!("kept by {}", rule_name(view, "relabel_configs", index)),
        };
    }
    match step.step.as_str() {
        noun if step.count == 1 => singular(noun).unwrap_or(noun).to_string(),
        other => short(other).into_owned(),
    }
}

/// One of the objects.
fn singular(noun: &str) -> Option<&'static str> {
    const NOUNS: [(&str, &str); 8] = [
        ("targets", "target"),
        ("objects", "object"),
        ("pods", "pod"),
        ("services", "service"),
        ("endpoints", "endpoints object"),
        ("endpointslices", "endpointslice"),
        ("nodes", "node"),
        ("ingresses", "ingress"),
    ];
    NOUNS.iter().find(|(plural, _)| *plural == noun).map(|(_, one)| *one)
}

/// Writes how many more targets have each result.
pub(super) fn write_hidden(out: &mut dyn Write, view: &JobView<'_>, look: Look) -> io::Result<()> {
    for hidden in view.hidden {
        let rule = hidden.rule.map_or_else(String::new, |rule| {
            let line = view.result.rules.get(rule).map_or(0, |&at| view.sources.position(at).line);
            format!(" by {}, line {line}", rule_name(view, "relabel_configs", rule))
        });
        let (sign, result) = match hidden.status {
            Status::Kept => (look.good(look.kept_sign()), "kept"),
            Status::Dropped => (look.bad(look.dropped_sign()), "dropped"),
            Status::Invalid => (look.bad("!"), "refused"),
            Status::Unknown => (look.warn("?"), "not simulated"),
            Status::Undecided => (look.warn("?"), "undecided"),
        };
        let verb = if hidden.count == 1 { "is" } else { "are" };
        writeln!(out, "  {sign} {} more {verb} {result}{rule}", hidden.count)?;
    }
    if !view.hidden.is_empty() {
        writeln!(out, "  {}", look.dim("show all with --all"))?;
    }
    Ok(())
}
