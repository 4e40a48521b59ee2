//! The names of relabel rules: those of generated jobs are named as they are written in the object.

use crate::config::{RelabelRule, RuleAuthor};
use crate::input::operator::Kind;
use crate::simulate::object_of_job;

use super::view::JobView;

/// The name of a rule: `relabel_configs[0]`, or `relabelings[0]` of a rule that a user wrote in an object.
pub(super) fn rule_name(view: &JobView<'_>, list: &str, index: usize) -> String {
    let rules = view.owner.rules();
    let is_written = |rule: &RelabelRule| rule.author == RuleAuthor::User;
    if !view.is_generated || list != "relabel_configs" || !rules.get(index).is_some_and(is_written) {
        return format!("{list}[{index}]");
    }
    let before = rules.iter().take(index).filter(|rule| is_written(rule)).count();
    let is_probe = object_of_job(&view.result.job).is_some_and(|(object, _)| object.kind == Kind::Probe);
    format!("{}[{before}]", if is_probe { "relabelingConfigs" } else { "relabelings" })
}

/// What is left after a rule of the operator that leaves some targets out.
pub(super) fn step_of_operator(view: &JobView<'_>, index: usize) -> Option<&'static str> {
    let rule = view.owner.rules().get(index).filter(|rule| view.is_generated && rule.author == RuleAuthor::Fixed)?;
    let label = rule.spec.source_labels.as_ref()?.first()?;
    let has = |part: &str| label.contains(part);
    if has("_service_label") || has("_pod_label") || has("_ingress_label") {
        Some("with the selected labels")
    } else if has("_port_name") || has("_port_number") {
        Some("of the port")
    } else if has("_pod_phase") {
        Some("of pods that have not ended")
    } else {
        None
    }
}
