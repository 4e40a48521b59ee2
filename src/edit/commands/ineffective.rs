//! Why a rule or a label does not do what is intended, in words.

use crate::effect::{address_of, is_kept};

use super::super::driver::{Attempt, Difference, JobView};
use super::super::ops::rule_in_words;

/// What goes wrong with a change, in words.
pub(super) fn why_ineffective(view: &JobView<'_>, name: &str, attempt: &Attempt<'_>) -> String {
    let (list, mismatch) = (view.list(), &attempt.mismatch);
    let (old, new) = (mismatch.old, mismatch.new);
    let address = address_of(old);
    match &mismatch.difference {
        Difference::Status => match &new.dropped_by {
            Some(by) => format!("the target {address} would be dropped by {}[{}]", by.list, by.rule),
            None if is_kept(old) => format!("the target {address} would no longer be scraped"),
            None => format!("the target {address} would be scraped"),
        },
        Difference::Unmet(unmet) => {
            let step = new.trace.iter().rev().find(|step| step.changes.iter().any(|change| change.label == *unmet));
            match step.and_then(|step| list.of(attempt.changed).get(step.rule).map(|rule| (step, rule))) {
                Some((step, rule)) if !rule.span.is_empty() => {
                    let rule = rule_in_words(attempt.changed, list, step.rule);
                    format!("{rule} would change the label again on the target {address}")
                }
                _ => format!("the new rule would not match on the target {address}"),
            }
        }
        Difference::Labels(labels) if labels.iter().any(|label| label == name) => {
            format!("the target {address}, which is not selected, would also get the label")
        }
        Difference::Labels(labels) => {
            let label = labels.first().map_or("", String::as_str);
            format!("the label `{label}` of the target {address} would also change, because a rule reads `{name}`")
        }
        Difference::Url => {
            format!("the URL of the target {address} would also change, because a rule reads `{name}`")
        }
    }
}
