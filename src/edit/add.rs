//! `add_label` for one job: which changes have the effect that is asked for.

use crate::config::{ScrapeConfig, TargetGroup};
use crate::diagnostic::Diagnostic;
use crate::effect::{address_of, is_kept};
use crate::relabel::{Action, RuleSpec};
use crate::simulate::{JobResult, TargetResult};
use crate::text::{Location, Sources};

use super::ops::{NewRule, Op, RuleList};
use super::request::{AddLabel, LabelStage, Method, Selection, refused};
use super::what_if::{ADDRESS, INSTANCE, WhatIf, has_unknown, is_address_instance, is_intended, pairs};

/// What is to be done to a job.
#[derive(Debug)]
pub(super) enum Step {
    /// Nothing: it is so already.
    Already,
    /// Nothing: none of its targets is meant. What to say when no other job has one.
    NotSelected(Box<Diagnostic>),
    /// One of these changes, the best first.
    Change(Vec<Planned>),
}

/// A change of a job that was tried.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) ops: Vec<Op>,
    pub(super) before: JobResult,
    pub(super) after: JobResult,
    /// Why a simpler change was passed over.
    pub(super) remark: Option<String>,
}

/// Finds the changes of a job.
pub(super) fn add_to_job(
    job: &ScrapeConfig,
    request: &AddLabel,
    what_if: &WhatIf,
    sources: &Sources,
) -> Result<Step, Diagnostic> {
    let at = Location::new(job.file, job.job_name.span);
    let before = simulated(what_if, job)?;
    let selected = what_if.selected(job, &before, &request.selection);
    let kept: Vec<usize> =
        (0..selected.len()).filter(|&index| selected[index] && is_kept(&before.targets[index])).collect();
    if kept.is_empty() {
        let is_of_itself = request.selection.conditions.iter().any(|(name, _)| *name == request.name);
        return match without_targets(job, &before, &selected, &request.selection) {
            Step::NotSelected(_) if is_of_itself && request.overwrite => Ok(Step::Already),
            step => Ok(step),
        };
    }
    let value_of = |index: usize| before.targets[index].labels.get(&request.name);
    if kept.iter().all(|&index| value_of(index) == request.value) {
        return Ok(Step::Already);
    }
    let other = kept.iter().copied().find(|&index| !value_of(index).is_empty() && value_of(index) != request.value);
    if let Some(index) = other.filter(|_| !request.overwrite) {
        return Err(has_other_value(job, request, &before, index, sources));
    }
    let (mut why, mut works) = (None, Vec::new());
    for ops in candidates(job, request, &before, &selected) {
        let mut changed = job.clone();
        ops.iter().for_each(|op| op.try_on(&mut changed));
        let Some(after) = what_if.simulate(&changed) else { continue };
        if is_intended(&before, &after, &selected, &request.name, Some(&request.value)) {
            works.push(Planned { ops, before: before.clone(), after, remark: why.clone() });
        } else if why.is_none() {
            why = Some(ineffective(&changed, &pairs(&before, &after, &selected), request));
        }
    }
    match (works.is_empty(), why) {
        (false, _) => Ok(Step::Change(works)),
        (true, Some(why)) => {
            let message = format!("`{}` cannot be added this way with just the effect that is asked for", request.name);
            Err(refused("label-not-effective", at, message).with_note(why))
        }
        (true, None) => Err(not_static(job, request, at)),
    }
}

/// No target is meant, or none that is meant is scraped.
fn without_targets(job: &ScrapeConfig, before: &JobResult, flags: &[bool], selection: &Selection) -> Step {
    let at = Location::new(job.file, job.job_name.span);
    let Some((target, _)) = before.targets.iter().zip(flags).find(|(_, flag)| **flag) else {
        let mut refusal = refused("label-without-targets", at, "no target of the job is meant");
        for (name, pattern) in &selection.conditions {
            refusal = refusal.with_note(format!("of none is `{name}`, as it is behind all rules, {pattern:?}"));
        }
        return Step::NotSelected(Box::new(refusal.with_help(SEE_TARGETS)));
    };
    let address = address_of(target);
    let why = match (&target.dropped_by, &target.error) {
        (Some(by), _) => format!("the target {address} is dropped by {}[{}]", by.list, by.rule),
        (None, Some(error)) => format!("Prometheus refuses the target {address}: {error}"),
        (None, None) => format!("the target {address} is not scraped"),
    };
    let refusal = refused("label-without-targets", at, "no target that is meant is scraped");
    Step::NotSelected(Box::new(refusal.with_note(why).with_help(SEE_TARGETS)))
}

const SEE_TARGETS: &str = "see what the targets become: promcfg simulate CONFIG --job NAME --all-labels";

/// The job before the change.
pub(super) fn simulated(what_if: &WhatIf, job: &ScrapeConfig) -> Result<JobResult, Diagnostic> {
    what_if.simulate(job).filter(|result| !has_unknown(result)).ok_or_else(|| {
        let at = Location::new(job.file, job.job_name.span);
        refused("edit-unproved", at, "the job cannot be simulated, so that the effect of a change is not known")
            .with_help("`promcfg simulate` tells why")
    })
}

fn not_static(job: &ScrapeConfig, request: &AddLabel, at: Location) -> Diagnostic {
    let refusal = if job.static_configs.is_empty() {
        refused("label-not-static", at, "the job has no targets in `static_configs`")
    } else {
        refused(
            "label-not-static",
            at,
            "not all targets that are meant stand in `static_configs`, in groups of their own",
        )
    };
    match request.selection.target {
        Some(_) => refusal.with_help("use --method relabel"),
        None => refusal.with_help("use --method relabel, or name one target of `static_configs` with --target"),
    }
}

/// The changes to be tried, the best first.
fn candidates(job: &ScrapeConfig, request: &AddLabel, before: &JobResult, selected: &[bool]) -> Vec<Vec<Op>> {
    let list = match request.stage {
        LabelStage::Target => RuleList::Target,
        LabelStage::Metric => RuleList::Metric,
    };
    let rule = NewRule { spec: rule(request, before, selected) };
    let new_rule = [false, true].map(|first| vec![Op::AddRule { list, first, rule: rule.clone() }]);
    let new_value = new_value(job, request, list).map(|op| vec![op]).into_iter();
    let statics = || if list == RuleList::Target { static_ops(job, request, selected) } else { None };
    let split = || split_op(job, request).map(|op| vec![op]);
    match request.method {
        Method::Relabel => new_value.chain(new_rule).collect(),
        Method::Static => statics().or_else(split).into_iter().collect(),
        Method::Auto => new_value.chain(statics()).chain(new_rule).collect(),
    }
}

/// Another value for the last rule that gives the label one, if all targets are meant.
fn new_value(job: &ScrapeConfig, request: &AddLabel, list: RuleList) -> Option<Op> {
    let is_all = request.selection.target.is_none() && request.selection.conditions.is_empty();
    let rule = list.of(job).iter().rfind(|rule| rule.spec.target_label == request.name);
    let rule = rule.filter(|rule| request.overwrite && is_all && is_constant(&rule.spec, &request.name))?;
    Some(Op::SetReplacement { list, rule: rule.span, replacement: escaped(&request.value) })
}

/// A rule that gives the label a value that stands in it, whatever it looks at.
pub(super) fn is_constant(rule: &RuleSpec, name: &str) -> bool {
    let unescaped = rule.replacement.replace("$$", "");
    rule.action == Some(Action::Replace)
        && rule.target_label == name
        && !rule.replacement.is_empty()
        && !unescaped.contains('$')
}

/// A value as a replacement that gives it.
fn escaped(value: &str) -> String {
    value.replace('$', "$$")
}

/// A label for each group, if all targets meant stand in groups of their own.
fn static_ops(job: &ScrapeConfig, request: &AddLabel, selected: &[bool]) -> Option<Vec<Op>> {
    let is_all = request.selection.target.is_none() && request.selection.conditions.is_empty();
    let count: usize = job.static_configs.iter().map(|group| group.targets.len()).sum();
    let only_static = job.discovery.iter().all(|sd| sd.key == "static_configs");
    if count == 0 || (is_all && !only_static) || selected.iter().skip(count).any(|&selected| selected) {
        return None;
    }
    let (mut ops, mut at) = (Vec::new(), 0);
    for group in job.static_configs.iter().filter(|group| !group.targets.is_empty()) {
        let flags = &selected[at..at + group.targets.len()];
        at += group.targets.len();
        if flags.iter().all(|&selected| !selected) {
            continue;
        }
        if flags.iter().any(|&selected| !selected) {
            return None;
        }
        if !has_label(group, &request.name, &request.value) {
            ops.push(Op::SetGroupLabel { group: group.span, name: request.name.clone(), value: request.value.clone() });
        }
    }
    (!ops.is_empty()).then_some(ops)
}

fn has_label(group: &TargetGroup, name: &str, value: &str) -> bool {
    group.labels.iter().any(|(own, of_own)| own.value == name && of_own.value == value)
}

/// A group of its own for the target meant.
fn split_op(job: &ScrapeConfig, request: &AddLabel) -> Option<Op> {
    let address = request.selection.target.as_ref().filter(|_| request.selection.conditions.is_empty())?;
    let mut places = job.static_configs.iter().flat_map(|group| {
        group.targets.iter().filter(|target| target.value == *address).map(move |target| (group, target))
    });
    let (group, target) = places.next().filter(|_| places.clone().next().is_none())?;
    let (name, value) = (request.name.clone(), request.value.clone());
    Some(Op::SplitGroup { group: group.span, target: target.span, name, value })
}

/// The rule that sets the label.
fn rule(request: &AddLabel, before: &JobResult, selected: &[bool]) -> RuleSpec {
    let conditions = conditions(&request.selection, request.stage, before, selected);
    conditional_rule(&request.name, &escaped(&request.value), conditions)
}

/// What a rule looks at to find the targets meant: labels with their patterns.
pub(super) fn conditions(
    selection: &Selection,
    stage: LabelStage,
    before: &JobResult,
    flags: &[bool],
) -> Vec<(String, String)> {
    let mut conditions: Vec<(String, String)> = Vec::new();
    if let Some(address) = &selection.target {
        // Rules on samples do not see the address, but what became of it.
        let is_its = |(target, &selection): (&TargetResult, &bool)| {
            (selection && is_kept(target)).then(|| target.labels.get(INSTANCE).to_string())
        };
        let instance = before.targets.iter().zip(flags).find_map(is_its);
        conditions.push(match stage {
            LabelStage::Target => (ADDRESS.to_string(), quote_pattern(address)),
            LabelStage::Metric => (INSTANCE.to_string(), quote_pattern(&instance.unwrap_or_default())),
        });
    }
    // Rules on targets see no `instance` where nothing but the address gives one.
    let of_targets = || before.targets.iter().zip(flags).filter(|(_, selection)| **selection);
    let by_address = stage == LabelStage::Target && of_targets().all(|(target, _)| is_address_instance(target));
    conditions.extend(selection.conditions.iter().map(|(name, pattern)| {
        let name = if by_address && name == INSTANCE { ADDRESS } else { name };
        (name.to_string(), pattern.clone())
    }));
    conditions
}

/// A rule that sets a label where others match their patterns.
pub(super) fn conditional_rule(name: &str, replacement: &str, conditions: Vec<(String, String)>) -> RuleSpec {
    let (sources, patterns): (Vec<String>, Vec<String>) = conditions.into_iter().unzip();
    let regex = match patterns.as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        several => Some(several.iter().map(|pattern| format!("(?:{pattern})")).collect::<Vec<_>>().join(";")),
    };
    RuleSpec {
        source_labels: (!sources.is_empty()).then_some(sources),
        regex,
        target_label: name.to_string(),
        replacement: replacement.to_string(),
        ..RuleSpec::default()
    }
}

/// A pattern that matches only this text.
pub(super) fn quote_pattern(text: &str) -> String {
    let is_special = |c: char| r"\.+*?()|[]{}^$".contains(c);
    text.chars().flat_map(|c| is_special(c).then_some('\\').into_iter().chain([c])).collect()
}

fn has_other_value(
    job: &ScrapeConfig,
    request: &AddLabel,
    before: &JobResult,
    index: usize,
    sources: &Sources,
) -> Diagnostic {
    let target = &before.targets[index];
    let message = format!(
        "the target {} has {}={:?} already",
        address_of(target),
        request.name,
        target.labels.get(&request.name)
    );
    let (at, origin) = origin(job, target, &request.name, request.stage, sources);
    refused("label-has-other-value", at, message)
        .with_note(origin)
        .with_help("use --overwrite to give it the new value all the same")
}

/// Where a label of a target comes from, in words.
pub(super) fn origin(
    job: &ScrapeConfig,
    target: &TargetResult,
    name: &str,
    stage: LabelStage,
    sources: &Sources,
) -> (Location, String) {
    let here = Location::new(job.file, job.job_name.span);
    let list = if stage == LabelStage::Target { RuleList::Target } else { RuleList::Metric };
    let step = target.trace.iter().rev().find(|step| step.changes.iter().any(|change| change.label == name));
    if let Some(step) = step {
        let at = list.of(job).get(step.rule).map_or(here, |rule| Location::new(job.file, rule.span));
        return (at, format!("it is set by {}[{}]", list.key(), step.rule));
    }
    if stage == LabelStage::Metric {
        return (here, "it comes with the sample, or from its target".to_string());
    }
    if let Some(label) = group_label(job, target.at, name) {
        return (label, "it is set by a label of its group".to_string());
    }
    let origin = match target.at {
        Some(at) if at.file != job.file => format!("it comes with the target, from {}", sources.describe(at)),
        _ if name == "job" => "it is the name of the job".to_string(),
        _ if name == "instance" => "it is the address of the target, as nothing else sets it".to_string(),
        _ => "it comes with the target".to_string(),
    };
    (here, origin)
}

fn group_label(job: &ScrapeConfig, target: Option<Location>, name: &str) -> Option<Location> {
    let target = target?;
    let is_its =
        |group: &&TargetGroup| group.file == target.file && group.targets.iter().any(|own| own.span == target.span);
    let group = job.static_configs.iter().find(is_its)?;
    group
        .labels
        .iter()
        .find(|(own, _)| own.value == name)
        .map(|(own, value)| Location::new(group.file, own.span.to(value.span)))
}

/// What goes wrong with a change, in words.
fn ineffective(job: &ScrapeConfig, pairs: &[(&TargetResult, &TargetResult, bool)], request: &AddLabel) -> String {
    let name = &request.name;
    let list = if request.stage == LabelStage::Target { RuleList::Target } else { RuleList::Metric };
    for &(old, new, selected) in pairs {
        let address = address_of(old);
        if old.status != new.status {
            return match &new.dropped_by {
                Some(by) => format!("the target {address} would then be dropped by {}[{}]", by.list, by.rule),
                None if is_kept(old) => format!("the target {address} would then not be scraped any more"),
                None => format!("the target {address} would then be scraped"),
            };
        }
        if selected && is_kept(old) && new.labels.get(name) != request.value {
            let step = new.trace.iter().rev().find(|step| step.changes.iter().any(|change| change.label == *name));
            return match step.and_then(|step| list.of(job).get(step.rule).map(|rule| (step, rule))) {
                Some((step, rule)) if !rule.span.is_empty() => {
                    format!("{}[{}] would change it again, on the target {address}", list.key(), step.rule)
                }
                _ => format!("the new rule would not match on the target {address}"),
            };
        }
        if !(selected && is_kept(old)) && new.labels.get(name) != old.labels.get(name) {
            return format!("the target {address} would get it, too");
        }
        let other = old.labels.iter().find(|&(other, value)| other != name && new.labels.get(other) != value);
        if old.url != new.url || other.is_some() {
            let what = other.map_or("the URL".to_string(), |(other, _)| format!("the label `{other}`"));
            return format!("{what} of the target {address} would change, too: a rule reads `{name}`");
        }
    }
    "the simulation does not show just the effect that is asked for".to_string()
}
