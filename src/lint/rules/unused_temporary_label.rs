//! A label with two underscores that no rule reads.

use crate::analysis::{INTERNAL, META, Needs, RelabelList, Stage, Subjects, is_internal};
use crate::diagnostic::Diagnostic;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::Action;
use crate::text::most_similar;

pub(super) const CHECK: Check =
    Check::List(Needs::one_rule(&[Subjects::TARGET_GIVEN, Subjects::INTERNAL_TARGET]), check);

/// Another lint rule reports this label.
const NAME: &str = "__name__";

/// A label that the Prometheus Operator sets in every job, for optional use.
const GENERATED: &str = "__tmp_prometheus_job_name";

/// Permanent labels that users often write with two underscores.
const KEPT: [&str; 2] = ["instance", "job"];

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    if !list.stage.is_of_targets() {
        return;
    }
    // `unused-hash` reports a hash that no rule reads.
    for rule in list.rules.iter().filter(|rule| rule.action != Action::HashMod) {
        let Some(field) = rule.rule.field("target_label") else { continue };
        let Some(name) = rule.target().filter(|name| rule.may_write(name)) else { continue };
        let is_other = name == NAME || name == GENERATED || is_internal(list.stage, &name);
        let is_temporary = name.starts_with("__") && !is_other && rule.action != Action::HashMod;
        let is_read = || list.is_read_behind(rule.index, &name);
        // A read that is too early, or of a wrong name, is reported at the reading rule.
        let is_read_wrongly =
            || list.is_read_too_early(rule.index, &name) || list.unset_read_behind(rule.index).is_some();
        if is_temporary && !is_read() && !is_read_wrongly() {
            let finding = in_rule(list, rule, field.value, format!("`{name}` is set, but no rule reads it"))
                .with_argument("target_label", name.as_ref());
            sink.push(explained(list.stage, &name, finding));
        }
    }
}

fn explained(stage: Stage, name: &str, finding: Diagnostic) -> Diagnostic {
    let finding = finding
        .with_note("Prometheus removes labels that start with `__` after relabeling; only later rules can read them");
    let bare = name.trim_matches('_');
    let similar = most_similar(name, INTERNAL).filter(|_| stage == Stage::Target);
    finding.with_help(match (KEPT.iter().find(|kept| **kept == bare), similar) {
        (Some(kept), _) => format!("write `{kept}`"),
        (None, Some(similar)) => format!("did you mean `{similar}`?"),
        _ if name.starts_with(META) => "give the label a name without `__meta_`, or swap source and target".to_string(),
        _ => "give the label a name without `__`, or remove the rule".to_string(),
    })
}
