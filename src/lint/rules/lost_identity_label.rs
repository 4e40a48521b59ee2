//! A label is taken from samples that keeps series apart.

use super::fields::in_words;
use super::losses::{is_lost, kept_with, removals};
use crate::analyse::{RelabelList, RuleFacts, Stage};
use crate::lint::engine::{Check, Rule};
use crate::lint::report::{Report, in_rule};
use crate::relabel::Action;

pub(super) const RULE: Rule = Rule { id: "lost-identity-label", check: Check::List(check) };

/// Labels, and what comes of their loss.
const LABELS: [(&str, &str); 4] = [
    ("le", "the buckets of a histogram become one series"),
    ("quantile", "the quantiles of a summary become one series"),
    ("job", "series of several jobs may become one"),
    ("instance", "series of several targets may become one"),
];

fn check(list: &RelabelList<'_>, report: &mut Report<'_>) {
    if !matches!(list.stage, Stage::Metric | Stage::Write) {
        return;
    }
    for rule in removals(list) {
        if list.stage == Stage::Metric && is_lost(list, rule, "__name__") {
            continue;
        }
        let lost: Vec<&(&str, &str)> = LABELS.iter().filter(|(name, _)| is_told(list, rule, name)).collect();
        if lost.is_empty() {
            continue;
        }
        let field = rule.rule.field("regex").or_else(|| rule.rule.field("action"));
        let at = field.map_or(rule.rule.span, |field| field.value);
        let names: Vec<String> = lost.iter().map(|(name, _)| format!("`{name}`")).collect();
        let mut finding = in_rule(list, rule, at, format!("takes {} from all series", in_words(&names)));
        for (name, consequence) in &lost {
            finding = finding.with_note(format!("without `{name}` {consequence}"));
        }
        report.push(match rule.action {
            Action::LabelKeep => {
                let names: Vec<&str> = lost.iter().map(|(name, _)| *name).collect();
                finding.with_help(format!("keep them, too: `{}`", kept_with(rule, &names.join("|"))))
            }
            _ => finding.with_help("narrow the pattern, or drop whole series with `action: drop` on `__name__`"),
        });
    }
}

/// Of samples from one target alone, `job` and `instance` may well be dropped; a labeldrop that names
/// them is meant so.
fn is_told(list: &RelabelList<'_>, rule: &RuleFacts<'_>, name: &str) -> bool {
    if !is_lost(list, rule, name) {
        return false;
    }
    let is_of_series = matches!(name, "le" | "quantile");
    let is_named = rule.pattern.texts().is_some_and(|all| all.iter().any(|text| **text == *name));
    is_of_series || rule.action == Action::LabelKeep || !is_named
}
