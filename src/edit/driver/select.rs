//! Which jobs, and which results of them, an edit is about.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{ScrapeConfig, Sd};
use crate::diagnostic::{Diagnostic, Severity, ids};
use crate::re2::{Regex, RegexCache, Shape};
use crate::relabel::{Chain, LabelBuilder, Labels, NameScheme, RuleSpec};
use crate::simulate::{JobResult, JobSimulator, NamedBy, names_of, select_names, targets_of_group};
use crate::text::{Location, most_similar};

use super::super::open::Opened;
use super::super::request::{EditError, LabelStage, Selection, refused};
use super::command::Command;
use super::ends::labels_at_end;
use super::trial::{ADDRESS, INSTANCE, address_in, known_others};

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
pub(in crate::edit) fn is_readable(opened: &Opened<'_>) -> Result<(), EditError> {
    match opened.diagnostics.iter().find(|fault| fault.id == ids::INVALID_YAML || fault.id == ids::UNSUPPORTED_FORMAT) {
        Some(fault) => Err(fault.clone().into()),
        None => Ok(()),
    }
}

pub(super) fn has_jobs(opened: &Opened<'_>) -> Result<(), EditError> {
    if !opened.jobs.is_empty() {
        return Ok(());
    }
    match opened.diagnostics.iter().find(|fault| fault.is_error()) {
        Some(fault) => Err(fault.clone().into()),
        None if opened.objects.is_some() => {
            let message = format!("the operator makes no job of the objects of {}", opened.name());
            Err(refused(ids::UNSUPPORTED_FORMAT, opened.start(), message)
                .with_help("edit a ServiceMonitor, PodMonitor, Probe or ScrapeConfig; `set global.…` edits a Prometheus object")
                .into())
        }
        None => Err(EditError::request("the config has no jobs", "add one with `promcfg add-job`")),
    }
}

pub(in crate::edit) fn check_conditions(selection: &Selection) -> Result<(), EditError> {
    for (name, pattern) in &selection.conditions {
        if let Err(error) = Regex::new(pattern) {
            let message = format!("the pattern for `{name}` is not a regular expression: {error}");
            return Err(EditError::request(
                message,
                "the pattern follows the syntax of relabel rules and matches the whole value",
            ));
        }
    }
    match contradiction(&selection.conditions) {
        Some((name, one, other)) => Err(EditError::request(
            format!("no `{name}` matches both {one:?} and {other:?}: a target must meet all conditions"),
            format!("give the values in one pattern: --where '{name}={one}|{other}'"),
        )),
        None => Ok(()),
    }
}

/// Two patterns for one label that have no value in common, of which one lists its values.
fn contradiction(conditions: &[(String, String)]) -> Option<(&str, &str, &str)> {
    let values = |pattern: &str| match Regex::new(pattern).as_ref().map(Regex::shape) {
        Ok(Shape::Texts { texts, .. }) => Some(texts.iter().map(ToString::to_string).collect::<Vec<_>>()),
        Ok(_) | Err(_) => None,
    };
    let has_none_of = |pattern: &str, texts: &[String]| {
        Regex::new(pattern).is_ok_and(|regex| texts.iter().all(|text| regex.is_match(text) == Ok(false)))
    };
    let pairs = conditions.iter().enumerate().flat_map(|(index, one)| {
        conditions[index + 1..].iter().filter(|other| other.0 == one.0).map(move |other| (one, other))
    });
    let mut apart = pairs.filter(|((_, one), (_, other))| {
        values(one).is_some_and(|texts| has_none_of(other, &texts))
            || values(other).is_some_and(|texts| has_none_of(one, &texts))
    });
    apart.next().map(|((name, one), (_, other))| (name.as_str(), one.as_str(), other.as_str()))
}

/// Refuses a name that is invalid in a job of that scheme.
pub(super) fn check_scheme(name: &str, scheme: NameScheme, job: &str) -> Result<(), EditError> {
    if scheme.allows(name) {
        return Ok(());
    }
    let message = format!("{name:?} is not a valid label name in job {job}, whose name validation scheme is `legacy`");
    Err(EditError::declined(message, "use only letters, digits and `_`, and do not begin with a digit"))
}

pub(super) fn invalid(opened: &Opened<'_>, job: &ScrapeConfig) -> Diagnostic {
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

/// The jobs with these names, or that match these patterns; all where none is given.
pub(super) fn named_jobs(opened: &Opened<'_>, patterns: &[String]) -> Result<Vec<usize>, EditError> {
    let names: Vec<&str> = opened.jobs.iter().map(|job| job.job_name.value.as_str()).collect();
    select_names(&names, patterns).map_err(|unknown| {
        // Of an object that is refused no job is made.
        let refusal = opened.objects.as_ref().and_then(|objects| objects.refusal_of(&unknown.name));
        refusal.map_or(EditError::UnknownJobError(unknown), EditError::from)
    })
}

fn selected_jobs(opened: &mut Opened<'_>, selection: &Selection) -> Result<Vec<usize>, EditError> {
    let jobs = named_jobs(opened, &selection.jobs)?;
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
    let mut found: FxHashMap<&str, Vec<usize>> =
        selection.targets.iter().map(|address| (address.as_str(), Vec::new())).collect();
    let mut discovering = Vec::new();
    let all = std::mem::take(&mut opened.jobs);
    for &index in jobs {
        let job = &all[index];
        let others = known_others(opened, job);
        let mut note = |address: &str| {
            if let Some(jobs) = found.get_mut(address).filter(|jobs| jobs.last() != Some(&index)) {
                jobs.push(index);
            }
        };
        job.static_configs.iter().flat_map(|group| &group.targets).for_each(|own| note(&own.value));
        others.iter().for_each(|placed| address_in(&placed).into_iter().for_each(|address| note(address)));
        if !job.discovery.iter().all(Sd::is_static) {
            discovering.push(index);
        }
    }
    opened.jobs = all;
    let missing: FxHashSet<&str> =
        found.iter().filter(|(_, jobs)| jobs.is_empty()).map(|(address, _)| *address).collect();
    if !missing.is_empty() {
        for (address, index) in jobs_with_results(opened, jobs, &missing) {
            found.entry(address).or_default().push(index);
        }
    }
    let mut all = Vec::new();
    for address in &selection.targets {
        let found = found.get(address.as_str()).map_or(&[][..], Vec::as_slice);
        let found = if found.is_empty() && !selection.jobs.is_empty() { &discovering } else { found };
        all.extend(jobs_of_target(opened, found, selection, address)?);
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// The jobs that an edit of this target changes, of those that have it.
fn jobs_of_target<'j>(
    opened: &Opened<'_>,
    found: &'j [usize],
    selection: &Selection,
    address: &str,
) -> Result<&'j [usize], EditError> {
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

/// The jobs of which a known target has one of these names as its `instance`, or as its address after relabeling.
fn jobs_with_results<'w>(
    opened: &mut Opened<'_>,
    jobs: &[usize],
    wanted: &FxHashSet<&'w str>,
) -> Vec<(&'w str, usize)> {
    let (all, mut patterns, mut found) = (std::mem::take(&mut opened.jobs), RegexCache::new(), Vec::new());
    for &index in jobs {
        let job = &all[index];
        let others = known_others(opened, job);
        if job.static_configs.is_empty() && others.is_empty() {
            continue;
        }
        let Ok(mut simulator) = JobSimulator::with_patterns(&mut patterns, job, false) else { continue };
        let mut own: FxHashSet<&'w str> = FxHashSet::default();
        for placed in job.static_configs.iter().flat_map(targets_of_group).chain(others.iter()) {
            let result = simulator.simulate(&placed);
            own.extend(names_of(&result).filter_map(|(_, name)| wanted.get(name).copied()));
        }
        found.extend(own.into_iter().map(|address| (address, index)));
    }
    opened.jobs = all;
    found
}

fn unknown_target(opened: &Opened<'_>, address: &str) -> EditError {
    let unknown = |help: String| EditError::UnknownTarget { address: address.to_string(), help };
    let has_it = |job: &&ScrapeConfig| {
        job.static_configs.iter().flat_map(|group| &group.targets).any(|target| target.value == address)
    };
    if let Some(job) = opened.jobs.iter().find(has_it) {
        return unknown(format!("job {} has it, which is not selected", job.job_name.value));
    }
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

/// The results of the targets that are named, in the first way of naming that finds one.
fn named_results(result: &JobResult, selection: &Selection, known: usize) -> (Vec<bool>, Option<NamedBy>) {
    if selection.targets.is_empty() {
        return (vec![true; result.targets.len()], None);
    }
    let mut ways: FxHashMap<&str, Vec<(NamedBy, usize, bool)>> =
        selection.targets.iter().map(|address| (address.as_str(), Vec::new())).collect();
    for (index, target) in result.targets.iter().enumerate() {
        for (way, name) in names_of(target) {
            let Some(of_name) = ways.get_mut(name) else { continue };
            // The strongest way in which a name is that of a target comes first.
            if of_name.last().is_none_or(|(_, last, _)| *last != index) {
                let is_after = target.labels.get(ADDRESS) == name || way == NamedBy::Instance;
                of_name.push((way, index, index < known || is_after));
            }
        }
    }
    let mut flags = vec![false; result.targets.len()];
    let mut least_direct = None;
    for of_name in ways.values() {
        let named = || of_name.iter().filter(|(_, _, is_selected)| *is_selected);
        let strongest = named().map(|(way, _, _)| *way).min();
        named().filter(|(way, _, _)| Some(*way) == strongest).for_each(|(_, index, _)| flags[*index] = true);
        least_direct = least_direct.max(strongest);
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
