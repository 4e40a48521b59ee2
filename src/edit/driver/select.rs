//! Which jobs, and which results of them, an edit is about.

use rustc_hash::FxHashSet;

use crate::config::{ScrapeConfig, Sd};
use crate::diagnostic::{Diagnostic, Severity, ids};
use crate::re2::{Regex, RegexCache};
use crate::relabel::{Chain, LabelBuilder, Labels, NameScheme, RuleSpec, Verdict};
use crate::simulate::{self, JobResult, JobSimulator, NamedBy, named_by, strongest, targets_of_group};
use crate::text::{Location, most_similar};

use super::super::open::Opened;
use super::super::request::{EditError, LabelStage, Selection, refused};
use super::command::Command;
use super::trial::{ADDRESS, INSTANCE, has_target, known_others};

/// The jobs that a command is about, by index. All of them can be edited.
pub(super) fn select_jobs(opened: &mut Opened<'_>, command: &dyn Command) -> Result<Vec<usize>, EditError> {
    is_readable(opened)?;
    has_jobs(opened)?;
    check_conditions(command.selection())?;
    let jobs = selected_jobs(opened, command.selection())?;
    for &index in &jobs {
        let job = &opened.jobs[index];
        for name in command.names() {
            check_scheme(name, job.semantics().names(), &job.job_name.value)?;
        }
        if !job.is_valid {
            return Err(invalid(opened, job).into());
        }
    }
    Ok(jobs)
}

/// Refuses a text that is not YAML (the part after the fault is not known) and a format that is not read.
fn is_readable(opened: &Opened<'_>) -> Result<(), EditError> {
    match opened.diagnostics.iter().find(|fault| fault.id == ids::INVALID_YAML || fault.id == ids::UNSUPPORTED_FORMAT) {
        Some(fault) => Err(fault.clone().into()),
        None => Ok(()),
    }
}

fn has_jobs(opened: &Opened<'_>) -> Result<(), EditError> {
    if !opened.jobs.is_empty() {
        return Ok(());
    }
    match opened.diagnostics.iter().find(|fault| fault.is_error()) {
        Some(fault) => Err(fault.clone().into()),
        None => Err(EditError::request("the config has no jobs", "")),
    }
}

pub(super) fn check_conditions(selection: &Selection) -> Result<(), EditError> {
    for (name, pattern) in &selection.conditions {
        if let Err(error) = Regex::new(pattern) {
            let message = format!("the pattern for `{name}` is not a regular expression: {error}");
            return Err(EditError::request(
                message,
                "the pattern follows the syntax of relabel rules and matches the whole value",
            ));
        }
    }
    Ok(())
}

/// Refuses a name that is invalid in a job of that scheme.
pub(super) fn check_scheme(name: &str, scheme: NameScheme, job: &str) -> Result<(), EditError> {
    if scheme.allows(name) {
        return Ok(());
    }
    let message = format!("{name:?} is not a valid label name in job {job}, whose name validation scheme is `legacy`");
    Err(EditError::request(message, "use only letters, digits and `_`, and do not begin with a digit"))
}

fn invalid(opened: &Opened<'_>, job: &ScrapeConfig) -> Diagnostic {
    let name = &job.job_name.value;
    let own = |fault: &&Diagnostic| {
        fault.severity == Severity::Error
            && fault.at.file == job.file
            && (fault.is_in_job(name) || job.span.start <= fault.at.span.start)
            && fault.at.span.start < job.span.end
    };
    match opened.diagnostics.iter().find(own) {
        Some(fault) => fault.clone().with_note("promcfg does not edit a job that Prometheus refuses"),
        None => refused(
            ids::EDIT_UNPROVED,
            Location::new(job.file, job.job_name.span),
            "Prometheus refuses the job, so that the effect of a change is unknown",
        )
        .with_help("`promcfg lint` reports why"),
    }
}

fn selected_jobs(opened: &mut Opened<'_>, selection: &Selection) -> Result<Vec<usize>, EditError> {
    let named = simulate::select_jobs(&opened.jobs, &selection.jobs).map_err(EditError::UnknownJobError)?;
    let named: FxHashSet<*const ScrapeConfig> = named.into_iter().map(std::ptr::from_ref).collect();
    let is_named = |index: &usize| named.contains(&std::ptr::from_ref(&opened.jobs[*index]));
    let jobs: Vec<usize> = (0..opened.jobs.len()).filter(is_named).collect();
    if !selection.targets.is_empty() {
        return jobs_of_targets(opened, &jobs, selection);
    }
    if selection.jobs.is_empty() && !selection.all_jobs && jobs.len() != 1 {
        let message = format!("the config has {} jobs and no job is selected", jobs.len());
        return Err(EditError::request(message, "select one with --job, or all with --all-jobs"));
    }
    Ok(jobs)
}

/// Of these jobs, those with the selected targets.
fn jobs_of_targets(opened: &mut Opened<'_>, jobs: &[usize], selection: &Selection) -> Result<Vec<usize>, EditError> {
    let mut all = Vec::new();
    for address in &selection.targets {
        all.extend(jobs_of_target(opened, jobs, selection, address)?);
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

fn jobs_of_target(
    opened: &mut Opened<'_>,
    jobs: &[usize],
    selection: &Selection,
    address: &str,
) -> Result<Vec<usize>, EditError> {
    let only = Selection { targets: vec![address.to_string()], ..Selection::default() };
    let (mut found, mut discovering) = (Vec::new(), Vec::new());
    let all = std::mem::take(&mut opened.jobs);
    for &index in jobs {
        let job = &all[index];
        let others = known_others(opened, job);
        if has_target(job, &others, &only) {
            found.push(index);
        } else if !job.discovery.iter().all(Sd::is_static) {
            discovering.push(index);
        }
    }
    opened.jobs = all;
    if found.is_empty() {
        found = jobs_with_result(opened, jobs, address);
    }
    if found.is_empty() && !selection.jobs.is_empty() {
        found = discovering;
    }
    let is_chosen = selection.all_jobs || !selection.jobs.is_empty();
    match found.len() {
        0 => Err(unknown_target(opened, address)),
        1 => Ok(found),
        _ if is_chosen => Ok(found),
        count => {
            let names: Vec<&str> = found.iter().map(|&index| opened.jobs[index].job_name.value.as_str()).collect();
            let message = format!("{count} jobs have the target {address}: {}", names.join(", "));
            Err(EditError::request(message, "select one with --job, or all of them with --all-jobs"))
        }
    }
}

/// The jobs of which a known target has this `instance`, or this address after relabeling.
fn jobs_with_result(opened: &mut Opened<'_>, jobs: &[usize], wanted: &str) -> Vec<usize> {
    let (all, mut patterns) = (std::mem::take(&mut opened.jobs), RegexCache::new());
    let mut has_it = |index: &usize| {
        let job = &all[*index];
        let others = known_others(opened, job);
        if job.static_configs.is_empty() && others.is_empty() {
            return false;
        }
        let Ok(mut simulator) = JobSimulator::with_patterns(&mut patterns, job, false) else { return false };
        let statics = job.static_configs.iter().flat_map(targets_of_group);
        statics.chain(others.iter()).any(|placed| named_by(&simulator.simulate(&placed), wanted).is_some())
    };
    let found = jobs.iter().copied().filter(&mut has_it).collect();
    opened.jobs = all;
    found
}

fn unknown_target(opened: &Opened<'_>, address: &str) -> EditError {
    let unknown = |help: String| EditError::UnknownTarget { address: address.to_string(), help };
    let known = opened.jobs.iter().flat_map(|job| &job.static_configs).flat_map(|group| &group.targets);
    match most_similar(address, known.map(|target| target.value.as_str())) {
        Some(similar) => unknown(format!("did you mean {similar:?}?")),
        None if opened.is_target_file => unknown("write the address as in the file, such as 10.0.0.1:9100".to_string()),
        None => unknown(
            "select the job that discovers it with --job; write the address as in the config, such as 10.0.0.1:9100"
                .to_string(),
        ),
    }
}

/// Which results of a job are selected, and how their targets are named. The first `known` results are those of
/// known targets; an example is only selected by what it is after relabeling, as rules see it.
pub(super) fn selected_results(
    job: &ScrapeConfig,
    result: &JobResult,
    stage: LabelStage,
    selection: &Selection,
    known: usize,
) -> (Vec<bool>, Option<NamedBy>) {
    let patterns: Vec<(&str, Regex)> = selection
        .conditions
        .iter()
        .filter_map(|(name, pattern)| Regex::new(pattern).ok().map(|regex| (name.as_str(), regex)))
        .collect();
    let rules: Vec<RuleSpec> = job.relabel_configs.iter().map(|rule| rule.spec.clone()).collect();
    let chain = (!patterns.is_empty()).then(|| Chain::new(&rules, job.semantics()).ok()).flatten();
    let (mut flags, naming) = named_results(result, selection, known);
    let mut set = LabelBuilder::new();
    for (target, flag) in result.targets.iter().zip(&mut flags) {
        let end: Option<Labels> = match stage {
            _ if patterns.is_empty() => None,
            LabelStage::Metric => Some(target.labels.clone()),
            LabelStage::Target => chain.as_ref().and_then(|chain| labels_at_end(chain, &mut set, &target.discovered)),
        };
        let fits = |(name, regex): &(&str, Regex)| {
            end.as_ref().is_some_and(|labels| regex.is_match(value_after_rules(labels, name)) == Ok(true))
        };
        *flag = *flag && patterns.iter().all(fits);
    }
    (flags, naming)
}

/// The labels of a target after all rules; `None` if it is dropped.
fn labels_at_end(chain: &Chain, set: &mut LabelBuilder, discovered: &Labels) -> Option<Labels> {
    set.load_added(discovered);
    match chain.run(set) {
        Ok(Verdict::Kept) => Some(set.to_labels()),
        Ok(Verdict::Dropped { .. }) | Err(_) => None,
    }
}

/// The results of the targets that are named, in the first way of naming that finds one.
fn named_results(result: &JobResult, selection: &Selection, known: usize) -> (Vec<bool>, Option<NamedBy>) {
    if selection.targets.is_empty() {
        return (vec![true; result.targets.len()], None);
    }
    let mut flags = vec![false; result.targets.len()];
    let mut least_direct = None;
    for wanted in &selection.targets {
        let ways = result.targets.iter().enumerate().map(|(index, target)| {
            let way = named_by(target, wanted)?;
            let is_after = target.labels.get(ADDRESS) == wanted || way == NamedBy::Instance;
            (index < known || is_after).then_some(way)
        });
        let Some((way, indices)) = strongest(ways) else { continue };
        indices.into_iter().for_each(|index| flags[index] = true);
        least_direct = least_direct.max(Some(way));
    }
    (flags, least_direct)
}

/// A label after all rules; Prometheus sets `instance` to the address of a target that has no `instance`.
fn value_after_rules<'l>(labels: &'l Labels, name: &str) -> &'l str {
    match labels.get(name) {
        "" if name == INSTANCE => labels.get(ADDRESS),
        value => value,
    }
}
