//! A source label in a rule that sets a constant for every value: `source_labels: [__address__]` of a copied example.

use crate::analysis::{Needs, RelabelList, RuleFacts, Subjects};
use crate::diagnostic::Safety;
use crate::lint::fix;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::Action;

pub(super) const CHECK: Check =
    Check::List(Needs::one_rule(&[Subjects::REPLACE, Subjects::CONSTANT_REPLACEMENT, Subjects::SOURCES_GIVEN]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| is_needless(rule)) {
        let Some(field) = rule.rule.field("source_labels") else { continue };
        let target = &rule.rule.spec.target_label;
        let message = format!("`source_labels` has no effect: `{target}` gets the same value for every source");
        let finding = in_rule(list, rule, field.whole(), message)
            .with_argument("target_label", target.as_str())
            .with_argument("source_labels", rule.sources().join(","))
            .with_note(
                "the pattern matches every value, even that of a missing label, and the replacement refers to no group",
            )
            .with_help("remove `source_labels`");
        let fields: Vec<_> = USELESS.iter().filter_map(|name| rule.rule.field(name)).collect();
        let edits = sink.tree(list.file).and_then(|tree| fix::without_fields(tree, rule.rule, &fields));
        sink.push(fix::attached(finding, "remove the source labels", Safety::Safe, edits));
    }
}

/// The fields that have no effect in such a rule.
pub(super) const USELESS: [&str; 3] = ["source_labels", "separator", "regex"];

/// Whether the source labels of a rule have no effect.
pub(super) fn is_needless(rule: &RuleFacts<'_>) -> bool {
    sets_constant(rule) && rule.rule.field("source_labels").is_some()
}

/// Whether the rule has the same effect without its source labels.
fn sets_constant(rule: &RuleFacts<'_>) -> bool {
    rule.action == Action::Replace
        && !rule.sources().is_empty()
        && rule.pattern.matches_everything()
        && rule.pattern.matches_empty() == Some(true)
        && rule.constant().is_some_and(|value| !value.is_empty())
        && !rule.rule.spec.target_label.contains('$')
}
