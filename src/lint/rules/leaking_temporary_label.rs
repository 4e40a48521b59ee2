//! A label for use in relabel rules that stays on the series.

use crate::analysis::{Needs, Presence, RelabelList, Stage, Subjects, is_internal};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, subject};

pub(super) const CHECK: Check = Check::List(
    Needs::one_rule(&[Subjects::TARGET_GIVEN, Subjects::INTERNAL_TARGET.or(Subjects::TEMPORARY_TARGET)]),
    check,
);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let is_of_targets = list.stage.is_of_targets();
    for rule in &list.rules {
        let Some(field) = rule.rule.field("target_label") else { continue };
        let Some(name) = rule.target().filter(|name| rule.may_write(name)) else { continue };
        let is_hidden = name.starts_with("__");
        let is_known = name == "__name__" || is_internal(Stage::Target, &name);
        let is_read = || list.is_read_behind(rule.index, &name);
        let is_used = || is_called_temporary(&name) || is_read();
        let is_temporary = match is_hidden {
            true => !is_of_targets && !is_known && is_used(),
            false => is_called_temporary(&name) && is_read(),
        };
        let is_last = || !list.about(&name).is_target_in(rule.index + 1..list.rules.len());
        let stays = || list.presence_at(list.rules.len(), &name) != Presence::Never;
        if !is_temporary || !is_last() || !stays() {
            continue;
        }
        let things = subject(list.stage);
        let finding = in_rule(list, rule, field.value, format!("the temporary label `{name}` stays on the {things}"));
        let finding = finding.with_argument("label", name.as_ref());
        sink.push(if is_of_targets {
            let hidden = format!("__{}", name.trim_start_matches('_'));
            finding
                .with_note("after relabeling, Prometheus removes only labels that begin with `__`")
                .with_help(format!("rename it to `{hidden}`, here and in the rules that read it"))
        } else {
            finding
                .with_note(format!("Prometheus removes no labels after `{}`", list.key))
                .with_help(format!("add a rule at the end: `{{regex: {name}, action: labeldrop}}`"))
        });
    }
}

/// Whether the name marks a temporary label.
fn is_called_temporary(name: &str) -> bool {
    let name = name.trim_start_matches('_').to_ascii_lowercase();
    ["tmp", "temp"]
        .iter()
        .any(|word| name.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('_')))
}
