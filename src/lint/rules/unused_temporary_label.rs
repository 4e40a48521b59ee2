//! A label with two underscores that is set for nobody.

use crate::analysis::{INTERNAL, META, RelabelList, Stage, is_internal};
use crate::diagnostic::Diagnostic;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::Action;
use crate::text::most_similar;

pub(super) const CHECK: Check = Check::List(check);

/// What other rules tell of.
const NAME: &str = "__name__";

/// What the Prometheus operator writes into every job, for whoever wants to read it.
const GENERATED: &str = "__tmp_prometheus_job_name";

/// Labels that are kept and are often dressed like those that are not.
const KEPT: [&str; 2] = ["instance", "job"];

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    if !list.stage.is_of_targets() {
        return;
    }
    // A hash that nothing reads is the matter of `unused-hash`.
    for rule in list.rules.iter().filter(|rule| rule.action != Action::HashMod) {
        let Some(field) = rule.rule.field("target_label") else { continue };
        let Some(name) = rule.target().filter(|name| rule.may_write(name)) else { continue };
        let is_other = name == NAME || name == GENERATED || is_internal(list.stage, &name);
        // What is wrong with a hash is told in its own words.
        let is_temporary = name.starts_with("__") && !is_other && rule.action != Action::HashMod;
        let is_read = || list.behind(rule.index).any(|other| other.reads(&name));
        // What is read too early, or by a wrong name, is told where it is read.
        let is_read_wrongly =
            || list.is_read_too_early(rule.index, &name) || list.unset_read_behind(rule.index).is_some();
        if is_temporary && !is_read() && !is_read_wrongly() {
            let finding = in_rule(list, rule, field.value, format!("`{name}` is set, but nothing reads it"));
            sink.push(explained(list.stage, &name, finding));
        }
    }
}

fn explained(stage: Stage, name: &str, finding: Diagnostic) -> Diagnostic {
    let finding =
        finding.with_note("labels that begin with `__` are not part of the series; only rules behind can read them");
    let bare = name.trim_matches('_');
    let similar = most_similar(name, INTERNAL).filter(|_| stage == Stage::Target);
    finding.with_help(match (KEPT.iter().find(|kept| **kept == bare), similar) {
        (Some(kept), _) => format!("write `{kept}`"),
        (None, Some(similar)) => format!("did you mean `{similar}`?"),
        _ if name.starts_with(META) => "give the label a name without `__meta_`, or swap source and target".to_string(),
        _ => "give the label a name without `__`, or remove the rule".to_string(),
    })
}
