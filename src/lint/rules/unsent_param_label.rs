//! A label `module` of probed targets that no rule makes a parameter.

use crate::analysis::{PARAM, ProbeRules};
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_job};
use crate::text::go_quote;

pub(super) const CHECK: Check = Check::Job(check);

/// Parameters of probing exporters whose names have no other meaning in a group of targets.
const PARAMS: [&str; 3] = ["module", "auth_module", "snmp_module"];

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let (job, list) = (facts.job, facts.target);
    let is_probe = ProbeRules::of(list).is_some() || matches!(job.metrics_path.as_str(), "/probe" | "/snmp");
    if !is_probe {
        return;
    }
    for (label, value) in job.static_configs.iter().flat_map(|group| &group.labels) {
        let name = label.value.as_str();
        let given = job.params.iter().find(|(param, _)| param == name).and_then(|(_, values)| values.first());
        let is_same = given.is_some_and(|given| *given == value.value);
        let is_read = || list.rules.iter().any(|rule| rule.reads(name) || rule.may_write(&format!("{PARAM}{name}")));
        let is_param = PARAMS.contains(&name) || name == "auth" && job.metrics_path == "/snmp";
        if !is_param || value.value.is_empty() || is_same || is_read() {
            continue;
        }
        let note = match given {
            Some(given) => format!("Prometheus sends the value in `params`, {}", go_quote(given)),
            None => "without the parameter, the exporter uses its default".to_string(),
        };
        let message = format!("the label `{name}` is not sent to the exporter: only `{PARAM}{name}` is");
        sink.push(
            in_job(job, label.span, message)
                .with_argument("label", name)
                .with_argument("value", value.value.as_str())
                .with_note(note)
                .with_help(format!("name the label `{PARAM}{name}`, or add the rule `{{source_labels: [{name}], target_label: {PARAM}{name}}}`")),
        );
    }
}
