//! A pattern that expects other separators than the joined value has.

use crate::analysis::{Needs, RelabelList, RuleFacts, Subjects};
use crate::diagnostic::Diagnostic;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, short, subject};
use crate::relabel::{Action, RuleSpec};
use crate::text::{Location, go_quote};

pub(super) const CHECK: Check =
    Check::List(Needs::one_rule(&[Subjects::MATCHING, Subjects::SEVERAL_READ.or(Subjects::SEMICOLON)]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| matches!(rule.action, Action::Keep | Action::Drop | Action::Replace)) {
        if rule.sources().is_empty() || rule.pattern.matches_nothing() {
            continue;
        }
        sink.extend(too_few(list, rule).or_else(|| too_many(list, rule)));
    }
}

/// The pattern matches fewer separators than every joined value has, so it never matches.
fn too_few(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> Option<Diagnostic> {
    let separator = only_character(&rule.rule.spec.separator)?;
    let there_are = rule.sources().len() as u64 - 1;
    if there_are == 0 {
        return None;
    }
    let most = rule.pattern.count_of(separator).1.filter(|most| *most < there_are)?;
    let regex = rule.rule.field("regex")?;
    let message = format!(
        "`{}` never matches: it has {} `{separator}`, the joined value at least {}",
        short(rule.pattern.text()),
        if most == 0 { "no".to_string() } else { format!("only {}", counted(most)) },
        counted(there_are)
    );
    Some(explained(list, rule, in_rule(list, rule, regex.value, message), false))
}

/// The pattern needs more `;` than the separators provide: it matches only if a value contains one.
fn too_many(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> Option<Diagnostic> {
    let semicolon = ';';
    let separator = rule.rule.spec.separator.as_str();
    let there_are = separator.matches(semicolon).count() as u64 * (rule.sources().len() as u64 - 1);
    // Most patterns have no `;`: the quick test comes first.
    let pattern = rule.pattern.text();
    let least = if pattern.contains([semicolon, 'x']) { rule.pattern.count_of(semicolon).0 } else { 0 };
    // The rule sets another separator, and its pattern has the default one: that is a slip, whatever the values contain.
    let is_other = rule.sources().len() > 1 && rule.rule.field("separator").is_some() && !separator.contains(semicolon);
    if least <= there_are || (!is_other && may_hold_semicolons(list, rule)) {
        return None;
    }
    let regex = rule.rule.field("regex")?;
    let has = match (rule.sources().len(), separator) {
        (1, _) => "but one source label has no separator".to_string(),
        (_, RuleSpec::DEFAULT_SEPARATOR) => format!("but the joined value has only {}", counted(there_are)),
        _ => format!("but the values are joined with {}", go_quote(separator)),
    };
    let message = format!("`{}` expects {} `;`, {has}", short(rule.pattern.text()), counted(least));
    Some(explained(list, rule, in_rule(list, rule, regex.value, message), true))
}

/// A number, as a word if it is small.
fn counted(number: u64) -> String {
    match number {
        1 => "one".to_string(),
        2 => "two".to_string(),
        3 => "three".to_string(),
        number => number.to_string(),
    }
}

fn only_character(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

/// Whether a value may contain a `;`: true for values that users choose, and for unknown labels.
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
        _ => format!("`{}` is never set", rule.rule.spec.target_label),
    };
    let finding = finding.with_note(if is_likely {
        format!("unless a value itself contains a `;`, {consequence}")
    } else {
        consequence
    });
    let joined = rule.sources().join(&rule.rule.spec.separator);
    let finding = finding
        .with_argument("source_labels", &joined)
        .with_argument("regex", rule.pattern.text())
        .with_help(format!("write a pattern for the joined value: `{joined}`"));
    match rule.rule.field("separator") {
        Some(separator) => {
            finding.with_label(Location::new(list.file, separator.value), "this separator joins the values")
        }
        None => finding,
    }
}
