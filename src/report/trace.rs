//! What each rule read, matched and changed, step by step.

use std::io::{self, Write};

use crate::config::RelabelRule;
use crate::relabel::{Action, Change, Labels, RuleSpec, Step};
use crate::secrets::{TargetSecrets, masked_value};
use crate::simulate::TargetResult;

use super::labels::{label_part, short};
use super::look::{Look, width_of};
use super::shorten;
use super::view::JobView;

/// The longest value that is shown whole.
const LONGEST_VALUE: usize = 200;

/// Writes the labels a target came with (where traces are asked for), and what every rule made of them.
pub(super) fn write_trace(
    out: &mut dyn Write,
    view: &JobView<'_>,
    target: &TargetResult,
    secrets: &TargetSecrets,
    look: Look,
) -> io::Result<()> {
    if view.has_traces {
        // The heading of the job has the defaults.
        let defaults = if target.is_example() { Labels::new() } else { view.owner.defaults() };
        let own = target.discovered.iter().filter(|(name, value)| defaults.find(name) != Some(value));
        let parts: Vec<_> = own.map(|(name, value)| label_part(name, &secrets.label(name, value), look)).collect();
        writeln!(out, "      {}", look.dim("discovered"))?;
        writeln!(out, "{}", look.flow(&parts, 8, 2))?;
    }
    let line_of = |rule: usize| view.result.rules.get(rule).map_or(0, |&at| view.sources.position(at).line);
    write_steps(out, &target.trace, view.owner.rules(), line_of, secrets, look)?;
    if target.dropped_by.is_none() {
        writeln!(out, "      {}", look.dim("labels"))?;
    }
    Ok(())
}

/// Writes what each of `rules` did; `line_of` gives a rule's line.
pub(super) fn write_steps(
    out: &mut dyn Write,
    steps: &[Step],
    rules: &[RelabelRule],
    line_of: impl Fn(usize) -> usize,
    secrets: &TargetSecrets,
    look: Look,
) -> io::Result<()> {
    let default = RuleSpec::default();
    let heading = |step: &Step| format!("[{}] line {} {}", step.rule, line_of(step.rule), step.action);
    let width = steps.iter().map(|step| heading(step).len()).max().unwrap_or(0);
    for step in steps {
        let spec = rules.get(step.rule).map_or(&default, |rule| &rule.spec);
        write_step(out, spec, step, &format!("{:width$}", heading(step)), secrets, look)?;
    }
    Ok(())
}

fn write_step(
    out: &mut dyn Write,
    spec: &RuleSpec,
    step: &Step,
    heading: &str,
    secrets: &TargetSecrets,
    look: Look,
) -> io::Result<()> {
    writeln!(out, "      {}  {}", look.strong(heading), story(spec, step, secrets, look))?;
    let indent = " ".repeat(6 + heading.len() + 2);
    let longest = step.changes.iter().map(|change| width_of(&short(&change.label))).max().unwrap_or(0);
    for change in &step.changes {
        writeln!(out, "{indent}{}", change_line(change, longest, secrets, look))?;
    }
    for label in &step.collisions {
        let warning = format!("{} is copied from several labels: Prometheus uses any of them", short(label));
        writeln!(out, "{indent}{}", look.warn(&warning))?;
    }
    if step.dropped {
        writeln!(out, "{indent}{}", look.bad("the target is dropped"))?;
    }
    Ok(())
}

/// What the rule read and whether it matched.
fn story(spec: &RuleSpec, step: &Step, secrets: &TargetSecrets, look: Look) -> String {
    let pattern = format!("\"{}\"", shorten(&masked_value(spec.pattern()), LONGEST_VALUE));
    if step.action.is_about_names() {
        let verb = if step.matched { "names match" } else { "no name matches" };
        return format!("{verb} {pattern}");
    }
    let read = reading(spec, step, secrets);
    match step.action {
        Action::KeepEqual | Action::DropEqual => {
            let verb = if step.matched { "is the same as" } else { "differs from" };
            format!("{read} {verb} {}", look.name(&short(&spec.target_label)))
        }
        Action::HashMod => format!("{read} hashed modulo {}", spec.modulus),
        Action::Lowercase | Action::Uppercase => read,
        _ if step.matched => format!("{read} {} {pattern}{}", look.good("matches"), groups(step, secrets)),
        _ => format!("{read} {} {pattern}", look.warn("does not match")),
    }
}

/// A value in short, credentials hidden: a trace explains a result.
fn shown(value: &str, secrets: &TargetSecrets) -> String {
    shorten(&secrets.text(value), LONGEST_VALUE).into_owned()
}

/// `a, b = "x;y"`.
fn reading(spec: &RuleSpec, step: &Step, secrets: &TargetSecrets) -> String {
    let (value, labels) = (step.input.as_deref().unwrap_or(""), spec.source_labels.as_deref().unwrap_or(&[]));
    let value = match labels {
        [name] => shorten(&secrets.label(name, value), LONGEST_VALUE).into_owned(),
        _ => shown(value, secrets),
    };
    match labels {
        [] => format!("(no source labels) = \"{value}\""),
        labels => format!("{} = \"{value}\"", short(&labels.join(", "))),
    }
}

/// `, $1 = "x"`: what the groups captured, the whole match aside.
fn groups(step: &Step, secrets: &TargetSecrets) -> String {
    let mut text = String::new();
    for (index, group) in step.groups.iter().enumerate().skip(1) {
        match group {
            Some(value) => text.push_str(&format!(", ${index} = \"{}\"", shown(value, secrets))),
            None => text.push_str(&format!(", ${index} took no part")),
        }
    }
    text
}

fn change_line(change: &Change, width: usize, secrets: &TargetSecrets, look: Look) -> String {
    let name = short(&change.label);
    let padding = " ".repeat(width.saturating_sub(width_of(&name)));
    let name = format!("{}{padding}", look.name(&name));
    let quoted = |value: &str| format!("\"{}\"", shorten(&secrets.label(&change.label, value), LONGEST_VALUE));
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => {
            format!("{name}  {} {} {}", quoted(before), look.arrow(), look.good(&quoted(after)))
        }
        (None, Some(after)) => format!("{name}  {} {}", look.arrow(), look.good(&quoted(after))),
        (Some(before), None) => format!("{name}  {} {} {}", quoted(before), look.arrow(), look.bad("removed")),
        (None, None) => format!("{name}  stays absent"),
    }
}
