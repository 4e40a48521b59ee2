//! A separator in a rule with fewer than two source labels.

use super::fields::is_default;
use crate::analysis::{Needs, RelabelList, Subjects};
use crate::diagnostic::Safety;
use crate::lint::fix;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::SEPARATOR_GIVEN]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| rule.action.has_source_labels() && rule.sources().len() < 2) {
        let given = rule.rule.field("separator").filter(|_| !is_default(&rule.rule.spec, "separator"));
        let Some(separator) = given else { continue };
        let count = if rule.sources().is_empty() { "no source label" } else { "only one source label" };
        let message = format!("`separator` has no effect: the rule has {count}");
        let finding = in_rule(list, rule, separator.whole(), message)
            .with_argument("field", "separator")
            .with_argument("source_labels", rule.sources().join(" "))
            .with_note("a separator joins the values of several labels; it does not split a value");
        let edits = sink.tree(list.file).and_then(|tree| fix::without_fields(tree, rule.rule, &[separator]));
        sink.push(fix::attached(finding, "remove `separator`", Safety::Safe, edits));
    }
}
