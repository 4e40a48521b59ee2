//! Labels of a pod's node, namespace or owner that `attach_metadata` does not enable.

use crate::analysis::{Absence, META, Needs, RelabelList, Subjects};
use crate::diagnostic::Diagnostic;
use crate::lint::consequence::with_consequence;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::Action;

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::META_READ.or(Subjects::LABELMAP)]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    if !list.stage.is_of_targets() || !list.sources.is_known() {
        return;
    }
    for rule in &list.rules {
        for (name, span) in rule.placed_reads() {
            let is_unset = || list.absence_at(rule.index, name) == Some(Absence::Unset);
            if let Some(switch) = list.sources.missing_switch(name).filter(|_| is_unset()) {
                let finding =
                    in_rule(list, rule, span, format!("targets have no label `{name}` without `attach_metadata`"))
                        .with_argument("label", name);
                sink.push(explained(list, with_consequence(list, rule, finding), switch));
            }
        }
        let is_map = rule.action == Action::LabelMap && rule.pattern.prefix().starts_with(META);
        let may_match = || list.sources.may_match(&rule.pattern) || list.may_begin_in(0..rule.index, META);
        if let Some(regex) = rule.rule.field("regex").filter(|_| is_map && !may_match())
            && let Some(switch) = list.sources.missing_switch_for(&rule.pattern)
        {
            let message =
                format!("targets have no label that matches `{}` without `attach_metadata`", rule.pattern.text());
            let finding = in_rule(list, rule, regex.value, message).with_argument("regex", rule.pattern.text());
            sink.push(explained(list, finding, switch));
        }
    }
}

fn explained(list: &RelabelList<'_>, finding: Diagnostic, switch: &str) -> Diagnostic {
    let mut roles: Vec<&str> =
        list.sources.roles.iter().map(|role| role.role).filter(|role| !role.is_empty()).collect();
    roles.dedup();
    let of = match switch {
        "node" => "their node",
        "namespace" => "their namespace",
        _ => "the controllers of their pod",
    };
    finding
        .with_note(format!(
            "targets of role `{}` have labels of {of} only if `attach_metadata` enables them",
            roles.join("`, `")
        ))
        .with_help(format!("add `attach_metadata: {{{switch}: true}}` to `kubernetes_sd_configs`"))
}
