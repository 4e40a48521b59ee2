//! Different metrics that are renamed to the same name.

use rustc_hash::FxHashMap;

use crate::analysis::{Needs, RelabelList, RuleFacts, Stage, Subjects};
use crate::diagnostic::Diagnostic;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::text::Location;

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::NAME_TARGET, Subjects::NAME_READ]), check);

const NAME: &str = "__name__";

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    if list.stage.is_of_targets() || list.stage == Stage::Alert {
        return;
    }
    let renames: Vec<(&RuleFacts<'_>, String)> =
        list.rules.iter().filter_map(|rule| Some((rule, new_name(rule)?))).collect();
    // For each new name the first rename, and the first one of other metrics.
    let mut firsts: FxHashMap<&str, (&RuleFacts<'_>, Option<&RuleFacts<'_>>)> = FxHashMap::default();
    for (rule, name) in &renames {
        let differs = |other: &RuleFacts<'_>| other.pattern.texts() != rule.pattern.texts();
        let (earliest, second) = firsts.entry(name).or_insert((rule, None));
        let first = if differs(earliest) {
            second.get_or_insert(rule);
            Some(*earliest)
        } else {
            *second
        };
        let Some(replacement) = rule.rule.field("replacement") else { continue };
        if let Some(other) = first {
            let message = format!("`{}[{}]` already renames other metrics to `{name}`", list.key, other.index);
            let at = Location::new(list.file, other.rule.span);
            let finding =
                in_rule(list, rule, replacement.value, message).with_label(at, "this rule sets the same name");
            sink.push(explained(finding, rule, name));
        } else if let Some([one, other, ..]) = rule.pattern.texts() {
            let message = format!("`{one}` and `{other}` are both renamed to `{name}`");
            sink.push(explained(in_rule(list, rule, replacement.value, message), rule, name));
        }
    }
}

fn explained(finding: Diagnostic, rule: &RuleFacts<'_>, name: &str) -> Diagnostic {
    finding
        .with_argument("metric", name)
        .with_argument("regex", rule.pattern.text())
        .with_note("if one target exposes both, Prometheus rejects series with the same labels as duplicates")
        .with_help("give each metric its own name, or copy the original name to a label first")
}

/// The new name of the metrics that a rule selects by their names alone.
fn new_name(rule: &RuleFacts<'_>) -> Option<String> {
    let is_by_name = rule.sources() == [NAME] && rule.target().is_some_and(|name| name == NAME);
    rule.constant().filter(|name| is_by_name && !name.is_empty() && rule.pattern.texts().is_some())
}
