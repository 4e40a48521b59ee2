//! Fields with their default value.

use super::fields::{given, in_words, is_default};
use super::needless_source_label::{USELESS, is_needless};
use crate::analysis::{Needs, RelabelList, RuleFacts, Subjects};
use crate::config::WrittenField;
use crate::diagnostic::Safety;
use crate::lint::fix;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::re2::GroupReference;
use crate::relabel::{Action, RuleSpec};
use crate::text::Location;

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::DEFAULT_GIVEN]), check);

/// Reports all fields of a list in one finding.
fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let found: Vec<(&RuleFacts<'_>, Vec<&WrittenField>)> = list
        .rules
        .iter()
        .map(|rule| {
            (
                rule,
                given(rule)
                    .map(|(field, _)| field)
                    .filter(|field| is_redundant(rule, field))
                    .filter(|field| !sink.has_finding_in(Location::new(list.file, field.whole())))
                    .collect(),
            )
        })
        .filter(|(_, fields): &(_, Vec<_>)| !fields.is_empty())
        .collect();
    let mut all = found.iter().flat_map(|(rule, fields)| fields.iter().map(move |field| (*rule, *field)));
    let Some((rule, first)) = all.next() else { return };
    let mut names: Vec<(&str, usize)> = Vec::new();
    for field in found.iter().flat_map(|(_, fields)| fields) {
        match names.iter_mut().find(|(name, _)| *name == field.name) {
            Some((_, count)) => *count += 1,
            None => names.push((field.name, 1)),
        }
    }
    let words: Vec<String> = names
        .iter()
        .map(|(name, count)| if *count == 1 { format!("`{name}`") } else { format!("`{name}` ({count} times)") })
        .collect();
    let message = format!("already the default: {}", in_words(&words));
    let fields: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
    let mut finding = in_rule(list, rule, first.whole(), message).with_argument("fields", fields.join(" "));
    for (_, field) in all {
        finding = finding.with_label(Location::new(list.file, field.whole()), "also the default");
    }
    let edits = sink.tree(list.file).and_then(|tree| {
        let fixes = found.iter().filter_map(|(rule, fields)| fix::without_fields(tree, rule.rule, fields));
        fix::together(&fixes.collect::<Vec<_>>())
    });
    let edits = edits.filter(|edits| !edits.is_empty());
    sink.push(fix::attached(finding, "remove the fields with default values", Safety::Safe, edits));
}

fn is_redundant(rule: &RuleFacts<'_>, field: &WrittenField) -> bool {
    let spec = &rule.rule.spec;
    match field.name {
        name if is_needless(rule) && USELESS.contains(&name) => false,
        // Other lint rules report these fields.
        "regex" | "source_labels" if rule.action.is_filter() => false,
        "regex" if matches!(rule.action, Action::LabelDrop | Action::LabelKeep) => false,
        "regex" => spec.pattern() == RuleSpec::DEFAULT_PATTERN || (rule.action.has_regex() && is_as_default(rule)),
        // It shows the `;` that the pattern matches.
        "separator" if rule.sources().len() > 1 && rule.pattern.count_of(';').0 > 0 => false,
        // After a pattern, it shows which group is copied.
        "replacement" if rule.action.has_replacement() => {
            spec.pattern() == RuleSpec::DEFAULT_PATTERN && is_default(spec, "replacement")
        }
        name => is_default(spec, name),
    }
}

/// Whether the pattern has the effect of `(.*)`: it matches everything, and no group is used.
fn is_as_default(rule: &RuleFacts<'_>) -> bool {
    let is_whole = |group: &GroupReference| *group == GroupReference::Number(0);
    rule.pattern.matches_everything()
        && rule.replacement.references().iter().all(|reference| is_whole(&reference.group))
        && !rule.rule.spec.target_label.contains('$')
}
