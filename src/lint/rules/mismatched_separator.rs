//! A pattern that wants other separators than the joined value has.

use crate::analysis::{RelabelList, RuleFacts};
use crate::diagnostic::Diagnostic;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, short, subject};
use crate::relabel::{Action, RuleSpec};
use crate::text::{Location, go_quote};

pub(super) const CHECK: Check = Check::List(check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| matches!(rule.action, Action::Keep | Action::Drop | Action::Replace)) {
        if rule.sources().is_empty() || rule.pattern.matches_nothing() {
            continue;
        }
        sink.extend(too_few(list, rule).or_else(|| too_many(list, rule)));
    }
}

/// The pattern matches less separators than there are at least: it never matches.
fn too_few(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> Option<Diagnostic> {
    let separator = only_character(&rule.rule.spec.separator)?;
    let there_are = rule.sources().len() as u64 - 1;
    if there_are == 0 {
        return None;
    }
    let most = rule.pattern.count_of(separator).1.filter(|most| *most < there_are)?;
    let regex = rule.rule.field("regex")?;
    let message = format!(
        "never matches: the value has {} `{separator}`, and `{}` {}",
        counted(there_are, "at least"),
        short(rule.pattern.text()),
        if most == 0 { "has none".to_string() } else { format!("has {most} only") }
    );
    Some(explained(list, rule, in_rule(list, rule, regex.value, message), false))
}

/// The pattern matches more `;` than are put between the values: it matches only if a value has one.
fn too_many(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> Option<Diagnostic> {
    let semicolon = ';';
    let separator = rule.rule.spec.separator.as_str();
    let there_are = separator.matches(semicolon).count() as u64 * (rule.sources().len() as u64 - 1);
    // Most patterns have none, which is seen at once.
    let pattern = rule.pattern.text();
    let least = if pattern.contains([semicolon, 'x']) { rule.pattern.count_of(semicolon).0 } else { 0 };
    // A separator of its own, and a pattern for the usual one: what values may hold is not what is meant.
    let is_other = rule.sources().len() > 1 && rule.rule.field("separator").is_some() && !separator.contains(semicolon);
    if least <= there_are || (!is_other && may_hold_semicolons(list, rule)) {
        return None;
    }
    let regex = rule.rule.field("regex")?;
    let has = match (rule.sources().len(), separator) {
        (1, _) => "there is one source label, and nothing is joined".to_string(),
        (_, RuleSpec::DEFAULT_SEPARATOR) => format!("the value has {} only", counted(there_are, "")),
        _ => format!("the values are joined with {}", go_quote(separator)),
    };
    let message = format!("`{}` wants {} `;`, and {has}", short(rule.pattern.text()), counted(least, ""));
    Some(explained(list, rule, in_rule(list, rule, regex.value, message), true))
}

/// A number, in words where it is small.
fn counted(number: u64, before: &str) -> String {
    let number = match number {
        1 => "one".to_string(),
        2 => "two".to_string(),
        3 => "three".to_string(),
        number => number.to_string(),
    };
    if before.is_empty() { number } else { format!("{before} {number}") }
}

fn only_character(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

/// Whether a value may well have a `;`: what users write freely, and what nothing is known of.
fn may_hold_semicolons(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> bool {
    let is_free = |name: &String| {
        let is_of_prometheus = matches!(name.as_str(), "job" | "instance" | "__name__" | "le")
            || (name.starts_with("__")
                && !name.starts_with("__meta_")
                && !list.may_be_written_before(rule.index, name));
        let is_of_names = name.starts_with("__meta_")
            && !["annotation", "label", "tag", "meta", "opt"].iter().any(|part| name[7..].contains(part));
        !is_of_prometheus && !is_of_names
    };
    rule.sources().iter().any(is_free)
}

fn explained(list: &RelabelList<'_>, rule: &RuleFacts<'_>, finding: Diagnostic, is_likely: bool) -> Diagnostic {
    let subject = subject(list.stage);
    let consequence = match rule.action {
        Action::Keep => format!("every {subject} is dropped"),
        Action::Drop => format!("no {subject} is dropped"),
        _ => format!("`{}` is never written", rule.rule.spec.target_label),
    };
    let finding = finding.with_note(if is_likely {
        format!("unless a value has a `;` itself, {consequence}")
    } else {
        consequence
    });
    let joined = rule.sources().join(&rule.rule.spec.separator);
    let finding = finding.with_help(format!("write a pattern for the joined value, which is `{joined}`"));
    match rule.rule.field("separator") {
        Some(separator) => finding.with_label(Location::new(list.file, separator.value), "this joins the values"),
        None => finding,
    }
}
