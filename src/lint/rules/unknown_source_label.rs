//! A source label that no target has.

use std::borrow::Cow;

use crate::analysis::{Absence, Needs, RelabelList, RuleFacts, Subjects, is_meta_name};
use crate::lint::consequence::with_consequence;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::text::most_similar;

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::PLAIN_READ]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    if !list.stage.is_of_targets() {
        return;
    }
    for rule in &list.rules {
        let reads = rule.placed_reads().filter(|(name, _)| !name.starts_with("__") && *name != "instance");
        for (name, span) in
            reads.filter(|(name, _)| !name.is_empty() && !is_meta_name(name) && !rule.may_be_default(name))
        {
            if list.absence_at(rule.index, name) != Some(Absence::Unset) {
                continue;
            }
            let finding = in_rule(list, rule, span, format!("no target has a label `{name}`"));
            let finding = finding.with_argument("label", name).with_note(
                "targets have only labels of service discovery and of earlier rules; \
                 labels of metrics exist only after the scrape",
            );
            sink.push(with_consequence(list, rule, finding).with_help(match similar(list, rule.index, name) {
                Some(similar) => format!("did you mean `{similar}`?"),
                None => format!("move the rule to `metric_relabel_configs` if `{name}` is a label of metrics"),
            }));
        }
    }
}

/// The most similar label of a target group or of an earlier rule, of the nearest ones: it is only a hint, and each
/// finding searches again.
fn similar(list: &RelabelList<'_>, index: usize, name: &str) -> Option<String> {
    const NEAREST: usize = 50;
    let mut known: Vec<Cow<'_, str>> = list.sources.names_of_groups().take(NEAREST).map(Cow::Borrowed).collect();
    known.extend(list.before(index).take(NEAREST).filter_map(RuleFacts::target));
    most_similar(name, known.iter().map(AsRef::as_ref)).map(str::to_string)
}
