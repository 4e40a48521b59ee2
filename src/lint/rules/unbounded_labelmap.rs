//! A `labelmap` of all labels of pods, including those that change with each rollout.

use crate::analysis::{Needs, RuleFacts, Subjects};
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_rule};
use crate::re2::Captures;
use crate::relabel::Action;

pub(super) const CHECK: Check = Check::Job(check);

/// A label of the pods of a deployment, whose value changes with the deployment.
const CHANGING: &str = "__meta_kubernetes_pod_label_pod_template_hash";
/// A label that no pod has.
const ANY: &str = "__meta_kubernetes_pod_label_a_name_that_nobody_uses";

fn check(job: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let list = job.target;
    if !list.has(Needs::one_rule(&[Subjects::LABELMAP])) {
        return;
    }
    let of_pods = |name: &str| list.sources.discovery_labels().flatten().any(|label| label.covers(name));
    if !of_pods(CHANGING) {
        return;
    }
    for rule in list.rules.iter().filter(|rule| rule.action == Action::LabelMap) {
        let any = new_name(rule, ANY);
        let Some(name) = new_name(rule, CHANGING).filter(|name| any.is_some_and(|any| any != *name)) else { continue };
        let is_removed = list.about(&name).is_removed_in(rule.index + 1..list.rules.len())
            || job.metric.about(&name).is_removed_in(0..job.metric.rules.len());
        if let Some(regex) = rule.rule.field("regex").filter(|_| !is_removed && !name.starts_with("__")) {
            let message = format!("`labelmap` copies all labels of pods, including `{name}`");
            sink.push(
                in_rule(list, rule, regex.value, message)
                    .with_argument("regex", rule.pattern.text())
                    .with_note("its value changes with each rollout, which starts new series for all pods")
                    .with_help(format!(
                        "select the labels to copy, such as `__meta_kubernetes_pod_label_(app|team)`, \
                         or add a rule after this one: `{{regex: {name}, action: labeldrop}}`"
                    )),
            );
        }
    }
}

/// The name to which a label is copied.
fn new_name(rule: &RuleFacts<'_>, name: &str) -> Option<String> {
    let (regex, mut captures, mut made) = (rule.pattern.regex(), Captures::new(), String::new());
    let is_match = regex.captures(name, &mut captures).ok()?;
    rule.replacement.expand(regex, name, &captures, &mut made);
    (is_match && !made.is_empty()).then_some(made)
}
