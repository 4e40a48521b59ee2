//! A label name that must be quoted in queries.

use crate::config::{RelabelRule, ScrapeConfig, TargetGroup};
use crate::diagnostic::Diagnostic;
use crate::lint::rule::{Check, Input, Parts};
use crate::lint::sink::{Sink, in_file, in_job};
use crate::relabel::{Action, NameScheme};
use crate::text::{Span, Spanned};

pub(super) const CHECK: Check =
    Check::Parts(Parts { job: Some(check_job), input: Some(check_lists_outside_of_jobs), ..Parts::NONE });

fn check_job(job: &ScrapeConfig, sink: &mut Sink<'_>) {
    of_groups(&job.static_configs, &mut |span, name, value| {
        let finding = explained(in_job(job, span, message(name)), name);
        // YAML reads `{env:prod}` as a key without a value.
        sink.push(match name.split_once(':').filter(|_| value.is_empty()) {
            Some((key, _)) => finding.with_help(format!("write a space after `{key}:`")),
            None => finding,
        });
    });
    of_rules_of_job(job, sink);
}

fn check_lists_outside_of_jobs(input: &Input<'_>, sink: &mut Sink<'_>) {
    let config = input.config;
    let of_alertmanagers = config.alertmanagers.iter().flat_map(|alertmanager| &alertmanager.alert_relabel_configs);
    let of_writes = config.remote_write.iter().flat_map(|endpoint| &endpoint.write_relabel_configs);
    for rule in config.alert_relabel_configs.iter().chain(of_alertmanagers).chain(of_writes) {
        if let Some((span, name)) = set_by(rule) {
            sink.push(explained(in_file(config.file, span, message(name)), name));
        }
    }
}

fn of_rules_of_job(job: &ScrapeConfig, sink: &mut Sink<'_>) {
    let lists = [("relabel_configs", &job.relabel_configs), ("metric_relabel_configs", &job.metric_relabel_configs)];
    for (key, rules) in lists {
        for (index, rule) in rules.iter().enumerate() {
            if let Some((span, name)) = set_by(rule) {
                let message = format!("{key}[{index}]: {}", message(name));
                sink.push(explained(in_job(job, span, message), name));
            }
        }
    }
}

fn of_groups(groups: &[TargetGroup], found: &mut dyn FnMut(Span, &str, &str)) {
    for (name, label) in groups.iter().flat_map(|group| &group.labels) {
        let Spanned { value, span } = name;
        if is_quoted(value) {
            found(*span, value, &label.value);
        }
    }
}

/// The label that a rule certainly sets, if its name must be quoted.
fn set_by(rule: &RelabelRule) -> Option<(Span, &str)> {
    let name = rule.spec.target_label.as_str();
    let is_template = rule.spec.action == Some(Action::Replace) && name.contains('$');
    let is_set =
        rule.spec.action.is_some_and(Action::has_target_label) && !rule.spec.action.is_some_and(Action::is_filter);
    let field = rule.field("target_label").filter(|_| rule.is_valid && is_set && !is_template)?;
    is_quoted(name).then_some((field.value, name))
}

fn is_quoted(name: &str) -> bool {
    !name.is_empty() && !NameScheme::Legacy.allows(name)
}

fn message(name: &str) -> String {
    format!("the label name `{name}` must be quoted in queries")
}

fn explained(finding: Diagnostic, name: &str) -> Diagnostic {
    let word = |c: char| if c == '_' || c.is_ascii_alphanumeric() { c } else { '_' };
    let mut plain: String = name.chars().map(word).collect();
    if plain.starts_with(|first: char| first.is_ascii_digit()) {
        plain.insert(0, '_');
    }
    finding
        .with_argument("label", name)
        .with_note("only Prometheus 3.0 and later accept names with other characters than letters, digits and `_`")
        .with_help(format!("write `{plain}`, or query it as `{{\"{name}\"=\"…\"}}`"))
}
