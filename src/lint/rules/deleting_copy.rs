//! A rule that copies a label, and removes the target label if the source is missing.

use super::filters::is_looked_at_before;
use crate::analysis::{Needs, Presence, RelabelList, Stage, Subjects};
use crate::lint::consequence::value_of_empty;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, subject};
use crate::relabel::Action;

pub(super) const CHECK: Check = Check::List(
    Needs::one_rule(&[
        Subjects::REPLACE,
        Subjects::META_READ.or(Subjects::PLAIN_READ).or(Subjects::INTERNAL_READ).or(Subjects::NAME_READ),
    ]),
    check,
);

/// Labels that every sample has from its target.
const OF_EVERY_SAMPLE: [&str; 2] = ["job", "instance"];

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| rule.action == Action::Replace && rule.pattern.matches_everything()) {
        let [source] = rule.sources() else { continue };
        // `lost-default` reports the labels with defaults.
        let is_default = |target: &str| list.stage == Stage::Target && target.starts_with("__");
        let Some(target) = rule.target().filter(|target| target != source && !is_default(target)) else { continue };
        let is_removed = value_of_empty(rule).is_ok_and(|value| value.is_empty()) && rule.replacement.has_references();
        let is_touched = |name: &str| list.may_be_changed_before(rule.index, name);
        if !is_removed
            || is_touched(&target)
            || is_touched(source)
            || is_looked_at_before(list, rule)
            // A label that most targets of a mechanism have may exist on all targets of this job.
            || (target == "job" && list.stage == Stage::Target && !list.sources.is_of_users(source))
            || !may_lack(list, source)
            || !is_there(list, &target)
        {
            continue;
        }
        if let Some((_, span)) = rule.placed_sources().next() {
            let things = subject(list.stage);
            let message = match (list.stage, target.as_ref()) {
                (Stage::Target, "instance") => {
                    format!("`instance` becomes the address of every {things} without `{source}`")
                }
                _ => format!("the rule removes `{target}` from every {things} without `{source}`"),
            };
            let note = match rule.rule.field("regex") {
                Some(_) => format!("`{}` also matches the empty value of a missing label", rule.pattern.text()),
                None => "the default pattern `(.*)` also matches the empty value of a missing label".to_string(),
            };
            let help = format!("write `regex: (.+)` to keep `{target}` if `{source}` is missing");
            let finding = in_rule(list, rule, span, message)
                .with_argument("label", target.as_ref())
                .with_argument("source", source.as_str());
            sink.push(finding.with_note(note).with_help(help));
        }
    }
}

/// Whether the label is known to be optional before the first rule.
fn may_lack(list: &RelabelList<'_>, source: &str) -> bool {
    match list.sources.presence(source) {
        Presence::Sometimes => true,
        Presence::Unknown => {
            list.stage == Stage::Metric && !OF_EVERY_SAMPLE.contains(&source) && !source.starts_with("__")
        }
        Presence::Always | Presence::Never => false,
    }
}

/// Whether the label is known to exist.
fn is_there(list: &RelabelList<'_>, target: &str) -> bool {
    match list.sources.presence(target) {
        Presence::Always | Presence::Sometimes => true,
        Presence::Unknown => list.stage == Stage::Metric && OF_EVERY_SAMPLE.contains(&target),
        Presence::Never => false,
    }
}
