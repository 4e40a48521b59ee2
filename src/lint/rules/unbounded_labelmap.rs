//! A `labelmap` of all labels of pods, those with a value for each roll-out among them.

use crate::analysis::RuleFacts;
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_rule};
use crate::re2::Captures;
use crate::relabel::Action;

pub(super) const CHECK: Check = Check::Job(check);

/// A label that a deployment gives its pods: another value each time the deployment changes.
const CHANGING: &str = "__meta_kubernetes_pod_label_pod_template_hash";
/// One that no pod has.
const ANY: &str = "__meta_kubernetes_pod_label_a_name_that_nobody_uses";

fn check(job: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let list = job.target;
    let of_pods = |name: &str| list.sources.discovery_labels().flatten().any(|label| label.covers(name));
    if !of_pods(CHANGING) {
        return;
    }
    for rule in list.rules.iter().filter(|rule| rule.action == Action::LabelMap) {
        let any = new_name(rule, ANY);
        let Some(name) = new_name(rule, CHANGING).filter(|name| any.is_some_and(|any| any != *name)) else { continue };
        let is_removed = list.behind(rule.index).chain(&job.metric.rules).any(|other| other.removes(&name));
        if let Some(regex) = rule.rule.field("regex").filter(|_| !is_removed && !name.starts_with("__")) {
            let message = format!("all labels of pods are copied, `{name}` among them");
            sink.push(
                in_rule(list, rule, regex.value, message)
                    .with_note("it has another value after each roll-out, and so all series of the pods are new ones")
                    .with_help(format!(
                        "name the labels that are wanted: `__meta_kubernetes_pod_label_(app|team)`; \
                         or remove it behind: `{{regex: {name}, action: labeldrop}}`"
                    )),
            );
        }
    }
}

/// What a label is copied to.
fn new_name(rule: &RuleFacts<'_>, name: &str) -> Option<String> {
    let (regex, mut captures, mut made) = (rule.pattern.regex(), Captures::new(), String::new());
    let is_match = regex.captures(name, &mut captures).ok()?;
    rule.replacement.expand(regex, name, &captures, &mut made);
    (is_match && !made.is_empty()).then_some(made)
}
