//! A label with a default is removed from targets that lack an optional label.

use super::fields::in_words;
use super::filters::is_looked_at_before;
use crate::analysis::{Needs, Presence, RelabelList, RuleFacts, Stage, Subjects};
use crate::diagnostic::{Diagnostic, Safety};
use crate::lint::fix;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::{Action, Labels};
use crate::scrape::{check_target, default_labels};
use crate::text::go_quote;

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::REPLACE, Subjects::INTERNAL_TARGET]), check);

const DEFAULTS: [&str; 5] =
    ["__address__", "__scheme__", "__metrics_path__", "__scrape_interval__", "__scrape_timeout__"];

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    if list.stage != Stage::Target {
        return;
    }
    for rule in list.rules.iter().filter(|rule| rule.action == Action::Replace) {
        let Some(target) = rule.target().filter(|target| DEFAULTS.contains(&target.as_ref())) else { continue };
        let is_set_again = list.may_be_written_behind(rule.index, &target);
        if is_set_again || list.presence_at(rule.index, &target) != Presence::Always || is_looked_at_before(list, rule)
        {
            continue;
        }
        sink.extend(
            without_optional(list, rule)
                .and_then(|(absent, value)| finding(list, rule, &target, &absent, &value, sink)),
        );
    }
}

/// The labels that may be missing, and the value that the rule writes then.
fn without_optional<'r>(list: &RelabelList<'_>, rule: &'r RuleFacts<'_>) -> Option<(Vec<&'r str>, String)> {
    let mut absent = Vec::new();
    let mut values = Vec::new();
    for name in rule.sources() {
        match list.presence_at(rule.index, name) {
            // A label that most targets of a mechanism have may exist on all targets of this job.
            Presence::Sometimes if list.sources.is_of_users(name) => {
                absent.push(name.as_str());
                values.push("");
            }
            Presence::Always => values.push(list.example_value(name).unwrap_or("x")),
            Presence::Sometimes | Presence::Never | Presence::Unknown => return None,
        }
    }
    let input = values.join(&rule.rule.spec.separator);
    let output = rule.expanded(&rule.replacement, &input)?;
    (!absent.is_empty()).then_some((absent, output))
}

fn finding(
    list: &RelabelList<'_>,
    rule: &RuleFacts<'_>,
    target: &str,
    absent: &[&str],
    value: &str,
    sink: &Sink<'_>,
) -> Option<Diagnostic> {
    let is_without_host = target == "__address__" && (value.starts_with(':') || value.starts_with("[]"));
    if !value.is_empty() && !is_without_host {
        return None;
    }
    let job = list.job?;
    let mut labels: Labels = default_labels(job).into_iter().collect();
    labels.set("__address__", "10.0.0.1:9100");
    labels.set(target, value);
    let consequence = match check_target(job, labels) {
        Err(fault) => format!("Prometheus refuses such a target: `{fault}`"),
        Ok(scraped) => format!("Prometheus scrapes such a target at `{}`", scraped.url),
    };
    let names: Vec<String> = absent.iter().map(|name| format!("`{name}`")).collect();
    let place = rule.rule.field("regex").or_else(|| rule.rule.field("target_label"))?;
    let absent_names = in_words(&names);
    let message = match value {
        "" => format!("the rule removes `{target}` from targets without {absent_names}"),
        value => format!("the rule sets `{target}` to {} for targets without {absent_names}", go_quote(value)),
    };
    let finding = in_rule(list, rule, place.value, message)
        .with_argument("label", target)
        .with_argument("missing", absent.join(","))
        .with_note(consequence)
        .with_help("write `regex: (.+)` to change only targets with the label");
    let tree = sink.tree(list.file)?;
    let edits = match rule.rule.field("regex") {
        None => fix::with_field(tree, rule.rule, "regex", "(.+)"),
        Some(_) => None,
    };
    Some(fix::attached(finding, "skip targets without the label", Safety::Unsafe, edits))
}
