//! `remove_label` for one job: what sets the label, and whether taking it out has just that effect.

use crate::config::ScrapeConfig;
use crate::diagnostic::Diagnostic;
use crate::effect::{address_of, is_kept};
use crate::relabel::{Action, RuleSpec};
use crate::simulate::{JobResult, JobSimulator};
use crate::text::{Location, Sources, Span};

use super::add::{Planned, Step, conditional_rule, conditions, is_constant, origin, quote_pattern, simulated};
use super::ops::{NewRule, Op, RuleList};
use super::request::{LabelStage, Method, RemoveLabel, refused};
use super::what_if::{WhatIf, is_intended, pairs};

/// Finds the change of a job.
pub(super) fn remove_from_job(
    job: &ScrapeConfig,
    request: &RemoveLabel,
    what_if: &WhatIf,
    sources: &Sources,
) -> Result<Step, Diagnostic> {
    let before = simulated(what_if, job)?;
    let selected = what_if.selected(job, &before, &request.selection);
    let has_it = |index: usize| selected[index] && !before.targets[index].labels.get(&request.name).is_empty();
    let is_there = (0..selected.len()).any(|index| is_kept(&before.targets[index]) && has_it(index));
    if request.method == Method::Relabel {
        return if is_there { by_rule(job, request, what_if, before, &selected) } else { Ok(Step::Already) };
    }
    let others = other_setters(job, request);
    let ops = setters(job, request, what_if, &before, &selected);
    if ops.is_empty() && !is_there && others.is_empty() {
        return Ok(Step::Already);
    }
    if !others.is_empty() {
        return Err(set_otherwise(job, request, &others));
    }
    let mut changed = job.clone();
    ops.iter().for_each(|op| op.try_on(&mut changed));
    let at = Location::new(job.file, job.job_name.span);
    let after = what_if.simulate(&changed).ok_or_else(|| unclear(request, at))?;
    if is_intended(&before, &after, &selected, &request.name, None) && !ops.is_empty() {
        return Ok(Step::Change(vec![Planned { ops, before, after, remark: None }]));
    }
    Err(not_only(&changed, request, &before, &after, &selected, sources))
}

fn unclear(request: &RemoveLabel, at: Location) -> Diagnostic {
    refused("edit-unproved", at, format!("what becomes of `{}` cannot be simulated", request.name))
}

fn list_of(stage: LabelStage) -> RuleList {
    match stage {
        LabelStage::Target => RuleList::Target,
        LabelStage::Metric => RuleList::Metric,
    }
}

/// Rules that give the label values which they find elsewhere.
fn other_setters(job: &ScrapeConfig, request: &RemoveLabel) -> Vec<usize> {
    let sets = |rule: &RuleSpec| {
        rule.target_label == request.name
            && !rule.replacement.is_empty()
            && !is_constant(rule, &request.name)
            && !rule.action.is_some_and(Action::is_filter)
    };
    let rules = list_of(request.stage).of(job).iter().enumerate();
    rules.filter(|(_, rule)| sets(&rule.spec)).map(|(index, _)| index).collect()
}

/// What sets the label for targets that are meant, and for them only.
fn setters(
    job: &ScrapeConfig,
    request: &RemoveLabel,
    what_if: &WhatIf,
    before: &JobResult,
    selected: &[bool],
) -> Vec<Op> {
    let mut ops = Vec::new();
    if request.stage == LabelStage::Target {
        let groups = job.static_configs.iter();
        let groups = groups.filter(|group| group.labels.iter().any(|(own, _)| own.value == request.name));
        ops.extend(groups.map(|group| Op::RemoveGroupLabel { group: group.span, name: request.name.clone() }));
    }
    let list = list_of(request.stage);
    if request.method != Method::Static {
        let rules = list.of(job).iter().filter(|rule| is_constant(&rule.spec, &request.name));
        ops.extend(rules.map(|rule| Op::RemoveRules { list, spans: vec![rule.span] }));
    }
    if request.selection.target.is_some() || !request.selection.conditions.is_empty() {
        let bare = ScrapeConfig { static_configs: Vec::new(), ..job.clone() };
        let statics = what_if.without_others();
        ops.retain(|op| match op {
            Op::RemoveGroupLabel { group, .. } => alone(*group, job, &bare, before, selected)
                .is_some_and(|(job, before, selected)| reaches_only(op, &job, request, &statics, &before, selected)),
            _ => reaches_only(op, job, request, what_if, before, selected),
        });
    }
    let (rules, mut ops): (Vec<Op>, Vec<Op>) = ops.into_iter().partition(|op| matches!(op, Op::RemoveRules { .. }));
    let spans: Vec<_> = rules
        .into_iter()
        .flat_map(|op| match op {
            Op::RemoveRules { spans, .. } => spans,
            _ => Vec::new(),
        })
        .collect();
    if !spans.is_empty() {
        ops.push(Op::RemoveRules { list, spans });
    }
    ops
}

/// Whether a change alone changes the label of targets that are meant, and of no others.
fn reaches_only(
    op: &Op,
    job: &ScrapeConfig,
    request: &RemoveLabel,
    what_if: &WhatIf,
    before: &JobResult,
    selected: &[bool],
) -> bool {
    let mut changed = job.clone();
    op.try_on(&mut changed);
    let Some(after) = what_if.simulate(&changed) else { return false };
    let pairs = pairs(before, &after, selected);
    let changes: Vec<bool> = pairs
        .iter()
        .filter(|(old, new, _)| old.labels.get(&request.name) != new.labels.get(&request.name))
        .map(|(_, _, selected)| *selected)
        .collect();
    !changes.is_empty() && changes.iter().all(|&selected| selected)
}

/// The job with one of its groups only, as a change of that group reaches no other one; `None` when no target of it is meant.
fn alone<'m>(
    group: Span,
    job: &ScrapeConfig,
    bare: &ScrapeConfig,
    before: &JobResult,
    selected: &'m [bool],
) -> Option<(ScrapeConfig, JobResult, &'m [bool])> {
    let index = job.static_configs.iter().position(|own| own.span == group)?;
    let start: usize = job.static_configs[..index].iter().map(|group| group.targets.len()).sum();
    let own = start..start + job.static_configs[index].targets.len();
    if !selected[own.clone()].contains(&true) {
        return None;
    }
    let job = ScrapeConfig { static_configs: vec![job.static_configs[index].clone()], ..bare.clone() };
    let before = JobResult { targets: before.targets[own.clone()].to_vec(), ..JobSimulator::outline(&job) };
    Some((job, before, &selected[own]))
}

/// Takes the label away behind all rules: by a `labeldrop`, or from some targets by an empty replacement.
fn by_rule(
    job: &ScrapeConfig,
    request: &RemoveLabel,
    what_if: &WhatIf,
    before: JobResult,
    selected: &[bool],
) -> Result<Step, Diagnostic> {
    let at = Location::new(job.file, job.job_name.span);
    let conditions = conditions(&request.selection, request.stage, &before, selected);
    let spec = match conditions.is_empty() {
        true => RuleSpec {
            action: Some(Action::LabelDrop),
            regex: Some(quote_pattern(&request.name)),
            ..RuleSpec::default()
        },
        false => conditional_rule(&request.name, "", conditions),
    };
    let op = Op::AddRule { list: list_of(request.stage), first: false, rule: NewRule { spec } };
    let mut changed = job.clone();
    op.try_on(&mut changed);
    let after = what_if.simulate(&changed).ok_or_else(|| unclear(request, at))?;
    if is_intended(&before, &after, selected, &request.name, None) {
        return Ok(Step::Change(vec![Planned { ops: vec![op], before, after, remark: None }]));
    }
    let message = format!("a rule that drops `{}` does not have just that effect", request.name);
    let refusal = refused("label-not-removable", at, message);
    Err(if is_given_again(request) { refusal.with_note(GIVEN_AGAIN) } else { refusal })
}

/// Whether Prometheus itself sets the label where no rule does.
fn is_given_again(request: &RemoveLabel) -> bool {
    request.name == "instance" && request.stage == LabelStage::Target
}

const GIVEN_AGAIN: &str = "Prometheus gives a target without `instance` its address as one";

fn set_otherwise(job: &ScrapeConfig, request: &RemoveLabel, others: &[usize]) -> Diagnostic {
    let list = list_of(request.stage);
    let place = |index: usize| Location::new(job.file, list.of(job)[index].span);
    let is = if others.len() == 1 { "a rule takes" } else { "rules take" };
    let message = format!("{is} the value of `{}` from elsewhere", request.name);
    let mut refusal = refused("label-set-otherwise", place(others[0]), message);
    for &index in &others[1..] {
        refusal = refusal.with_label(place(index), "and this one");
    }
    refusal.with_help(format!(
        "take them out by hand, or drop the label behind them: promcfg remove-label CONFIG {} --method relabel",
        request.name
    ))
}

/// Why taking out the setters is not just what is asked for.
fn not_only(
    changed: &ScrapeConfig,
    request: &RemoveLabel,
    before: &JobResult,
    after: &JobResult,
    selected: &[bool],
    sources: &Sources,
) -> Diagnostic {
    let name = &request.name;
    let here = Location::new(changed.file, changed.job_name.span);
    for (old, new, selected) in pairs(before, after, selected) {
        let address = address_of(old);
        if selected && is_kept(new) && !new.labels.get(name).is_empty() {
            let (at, origin) = origin(changed, new, name, request.stage, sources);
            let message = format!("the target {address} would still have {name}={:?}", new.labels.get(name));
            let refusal = refused("label-set-otherwise", at, message).with_note(origin);
            if is_given_again(request) {
                return refusal;
            }
            return refusal
                .with_help(format!("drop it behind all rules: promcfg remove-label CONFIG {name} --method relabel"));
        }
        if !selected && old.labels.get(name) != new.labels.get(name) {
            let message = format!("the target {address}, which is not meant, would lose `{name}`, too");
            return refused("label-not-removable", here, message)
                .with_help("write the label out in a group for each, or edit it by hand");
        }
        let other = old.labels.iter().find(|&(other, value)| other != name && new.labels.get(other) != value);
        if old.status != new.status || old.url != new.url || other.is_some() {
            let what = match other {
                _ if old.status != new.status => "whether it is scraped".to_string(),
                Some((other, _)) => format!("its label `{other}`"),
                None => "its URL".to_string(),
            };
            let message = format!("a rule reads `{name}`: of the target {address}, {what} would change, too");
            return refused("label-in-use", here, message)
                .with_help(format!("drop it behind all rules: promcfg remove-label CONFIG {name} --method relabel"));
        }
    }
    refused("label-not-removable", here, format!("the targets meant have `{name}` from something that others share"))
        .with_help("edit it by hand")
}
