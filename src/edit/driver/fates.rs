//! Which targets vanish and appear by an edit of the jobs: as intended, and in effect.

use std::hash::{DefaultHasher, Hash, Hasher};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{ScrapeConfig, Sd, TargetGroup};
use crate::diagnostic::{Diagnostic, ids};
use crate::effect::{ChangeKind, Effect, PairedEffect, address_of, is_kept};
use crate::lint::AddressDoubt;
use crate::re2::RegexCache;
use crate::scrape::scrape_error;
use crate::simulate::{JobSimulator, PlacedTarget, Status, TargetResult, targets_of_group};
use crate::text::Location;

use super::super::claim::{Grade, JobChange};
use super::super::open::Opened;
use super::super::ops::Expected;
use super::super::request::refused;
use super::prove::place_of;
use super::trial::known_others;

/// The targets that vanish and appear, by the index of their job before the change. All others of all jobs that stay must
/// have the same labels and URL, or stay dropped.
#[derive(Default)]
pub(in crate::edit) struct Fates {
    /// Those that vanish: groups with only these targets.
    pub(in crate::edit) vanish: GroupsOfJobs,
    /// Those that appear.
    pub(in crate::edit) appear: GroupsOfJobs,
    /// Jobs whose targets keep all of their labels, although the job changes.
    pub(in crate::edit) keep: Vec<usize>,
    /// The targets that vanish and appear in a job are the same ones, found in another way: no label of them changes.
    pub(in crate::edit) stays: bool,
}

/// Groups of targets, by the index of their job.
pub(in crate::edit) type GroupsOfJobs = FxHashMap<usize, Vec<TargetGroup>>;

impl Fates {
    /// Whether a target that appears vanishes elsewhere.
    fn moves(&self, appearing: &TargetResult) -> bool {
        let address = appearing.discovered.iter().find(|(name, _)| *name == "__address__").map_or("", |(_, own)| own);
        let mut gone = self.vanish.values().flatten().flat_map(|group| &group.targets);
        gone.any(|target| target.value == address)
    }

    fn of(groups: &GroupsOfJobs, job: usize) -> impl Iterator<Item = PlacedTarget> + '_ {
        groups.get(&job).into_iter().flatten().flat_map(targets_of_group)
    }
}

/// Refuses a change after which a job has other targets than intended, or one that Prometheus refuses.
pub(super) fn targets_are_as_intended(
    opened: &mut Opened<'_>,
    before: &[ScrapeConfig],
    expected: &[Expected<'_>],
    fates: &Fates,
) -> Result<(), Diagnostic> {
    let mut patterns = RegexCache::new();
    for Expected { origin, job } in expected {
        if let Some(origin) = origin.filter(|origin| fates.keep.contains(origin)) {
            keep_their_labels(opened, &before[origin], job, &mut patterns)?;
        }
    }
    for Expected { origin, job } in expected {
        let Some(origin) = origin.filter(|origin| is_changed(&before[*origin], job)) else { continue };
        let old = &before[origin];
        if !old.is_valid {
            continue;
        }
        let unproved = || refused(ids::EDIT_UNPROVED, place_of(old), "the effect of the change cannot be simulated");
        let mut simulator = JobSimulator::with_patterns(&mut patterns, old, false).map_err(|_| unproved())?;
        let mut count: FxHashMap<u64, i64> = FxHashMap::default();
        let mut add = |target: &PlacedTarget, number: i64| {
            let result = simulator.simulate(target);
            *count.entry(number_of(&result)).or_default() += number;
            result
        };
        old.static_configs.iter().flat_map(targets_of_group).for_each(|target| drop(add(&target, 1)));
        Fates::of(&fates.vanish, origin).for_each(|target| drop(add(&target, -1)));
        for target in Fates::of(&fates.appear, origin) {
            let result = add(&target, 1);
            if let Some(doubt) = doubt_about(old, &result).filter(|doubt| doubt.is_of_url && !fates.moves(&result)) {
                let refusal = refused(ids::INVALID_TARGET, place_of(old), doubt.message)
                    .with_note("Prometheus keeps such a target, and every scrape of it fails");
                return Err(doubt.help.into_iter().fold(refusal, Diagnostic::with_help));
            }
            if let (Status::Invalid, Some(error)) = (result.status, result.error) {
                let message = format!("Prometheus refuses the target {}: {error}", address_of_placed(&target));
                let refusal = refused(ids::INVALID_TARGET, place_of(old), message);
                return Err(match address_of_placed(&target).contains('/') {
                    true => refusal.with_help("write HOST:PORT, and set `scheme` and `metrics_path` in the job"),
                    false => refusal,
                });
            }
        }
        job.static_configs.iter().flat_map(targets_of_group).for_each(|target| drop(add(&target, -1)));
        let is_of_move = fates.appear.contains_key(&origin);
        if fates.stays && is_of_move && !is_found_otherwise(&mut simulator, fates, origin) {
            let message = "the targets would have other labels, because a rule reads the path of their file";
            return Err(refused(ids::EDIT_UNPROVED, place_of(old), message)
                .with_note("file discovery adds the label `__meta_filepath`"));
        }
        if count.values().any(|number| *number != 0) {
            let message = "the job would have other targets than requested";
            return Err(refused(ids::EDIT_UNPROVED, place_of(old), message));
        }
    }
    Ok(())
}

/// A doubt about the address of a target that is scraped.
fn doubt_about(job: &ScrapeConfig, result: &TargetResult) -> Option<AddressDoubt> {
    if !is_kept(result) {
        return None;
    }
    let error = scrape_error(job, &result.labels);
    AddressDoubt::of(error.as_ref(), result.labels.get("__address__"), &result.url)
}

/// Whether the targets that vanish and appear in a job are scraped with the same labels and URLs.
fn is_found_otherwise(simulator: &mut JobSimulator<'_>, fates: &Fates, job: usize) -> bool {
    let mut results = |groups: &GroupsOfJobs| {
        let public = |result: TargetResult| {
            let labels = result.labels.iter().filter(|(name, _)| !name.starts_with("__"));
            let labels: Vec<String> = labels.map(|(name, value)| format!("{name}={value:?}")).collect();
            format!("{:?} {:?} {labels:?}", result.status, result.url)
        };
        let mut all: Vec<String> = Fates::of(groups, job).map(|target| public(simulator.simulate(&target))).collect();
        all.sort_unstable();
        all
    };
    results(&fates.vanish) == results(&fates.appear)
}

/// Refuses a change of a job that changes its known targets.
fn keep_their_labels(
    opened: &mut Opened<'_>,
    old: &ScrapeConfig,
    new: &ScrapeConfig,
    patterns: &mut RegexCache,
) -> Result<(), Diagnostic> {
    let mut refusal = None;
    each_pair(opened, old, new, patterns, &mut |one, other| {
        let is_same = (one.status, &one.url, &one.labels) == (other.status, &other.url, &other.labels);
        if !is_same && refusal.is_none() {
            let message = format!("the target {} would have other labels", address_of(one));
            refusal = Some(refused(ids::EDIT_UNPROVED, place_of(old), message));
        }
    });
    refusal.map_or(Ok(()), Err)
}

/// Gives the results of each known target of a job before and after a change that leaves the targets as they are.
fn each_pair(
    opened: &mut Opened<'_>,
    old: &ScrapeConfig,
    new: &ScrapeConfig,
    patterns: &mut RegexCache,
    visit: &mut dyn FnMut(&TargetResult, &TargetResult),
) {
    let others = known_others(opened, old);
    let simulators =
        (JobSimulator::with_patterns(patterns, old, false), JobSimulator::with_patterns(patterns, new, false));
    if let (true, (Ok(mut before), Ok(mut after))) = (old.is_valid, simulators) {
        for placed in old.static_configs.iter().flat_map(targets_of_group).chain(others.iter()) {
            visit(&before.simulate(&placed), &after.simulate(&placed));
        }
    }
}

/// Whether the targets of a job that stays are other ones.
fn is_changed(old: &ScrapeConfig, new: &ScrapeConfig) -> bool {
    !std::ptr::eq(old, new) && old.static_configs != new.static_configs
}

/// A number for all that is compared of a result.
fn number_of(result: &TargetResult) -> u64 {
    let mut hasher = DefaultHasher::new();
    result.discovered.iter().for_each(|label| label.hash(&mut hasher));
    result.labels.iter().for_each(|label| label.hash(&mut hasher));
    (result.status, &result.url).hash(&mut hasher);
    hasher.finish()
}

fn address_of_placed(target: &PlacedTarget) -> &str {
    let mut own = target.target.own.iter().filter(|(name, _)| name == "__address__");
    own.next().map_or("", |(_, address)| address)
}

/// What becomes of the known targets.
#[derive(Default)]
pub(super) struct Effects {
    pub(super) jobs: Vec<JobChange>,
    pub(super) whole: Effect,
    pub(super) notes: Vec<String>,
}

/// A target that vanishes or appears in a job.
struct Happening {
    job: String,
    result: TargetResult,
}

/// What becomes of the jobs that are not the same before and after.
pub(super) fn effects(
    opened: &mut Opened<'_>,
    before: &[ScrapeConfig],
    expected: &[Expected<'_>],
    fates: &Fates,
) -> Effects {
    let (mut effects, mut patterns, mut whole) = (Effects::default(), RegexCache::new(), PairedEffect::default());
    let stays: FxHashSet<usize> = expected.iter().filter_map(|expected| expected.origin).collect();
    let lost = before.iter().enumerate().filter(|(index, _)| !stays.contains(index)).map(|(_, job)| job);
    let gained = expected.iter().filter(|expected| expected.origin.is_none()).map(|expected| &*expected.job);
    let lost = lost.map(|job| (job, ChangeKind::JobLost));
    for (job, change) in lost.chain(gained.map(|job| (job, ChangeKind::JobGained))) {
        let change = of_job(opened, job, change, &mut patterns);
        whole.add_effect(&change.effect);
        effects.jobs.push(change);
    }
    for Expected { origin, job } in expected {
        let Some(old) = origin.map(|origin| &before[origin]) else { continue };
        // The operator counts the endpoints of an object.
        if old.job_name.value != job.job_name.value && !opened.is_generated(old.file) {
            let change = of_renamed(opened, old, job, &mut patterns);
            whole.add_effect(&change.effect);
            effects.jobs.push(change);
        }
    }
    let (mut vanished, mut appeared) = (Vec::new(), Vec::new());
    for Expected { origin, job } in expected {
        let Some(origin) = origin.filter(|origin| is_changed(&before[*origin], job)) else { continue };
        let old = &before[origin];
        let mut effect = PairedEffect::default();
        if old.is_valid
            && !fates.stays
            && let Ok(mut simulator) = JobSimulator::with_patterns(&mut patterns, old, false)
        {
            for (groups, change, all) in [
                (&fates.vanish, ChangeKind::Lost { rule: None }, &mut vanished),
                (&fates.appear, ChangeKind::Gained, &mut appeared),
            ] {
                for result in Fates::of(groups, origin).map(|target| simulator.simulate(&target)) {
                    let doubt =
                        doubt_about(old, &result).filter(|_| change == ChangeKind::Gained && !fates.moves(&result));
                    effects.notes.extend(doubt.map(|doubt| in_words(&old.job_name.value, doubt)));
                    if is_kept(&result) {
                        effect.of_target(&old.job_name.value, &result, &change);
                        all.push(Happening { job: old.job_name.value.clone(), result });
                    } else if change == ChangeKind::Gained {
                        effects.notes.push(not_scraped(old, &result));
                    }
                }
            }
        }
        effects.notes.extend(without_targets(opened, old, job));
        effects.jobs.push(described(opened, job, effect.end()));
    }
    note_moves(&mut whole, vanished, &appeared);
    effects.whole = whole.end();
    effects
}

/// What vanishes in one job and appears in another has moved.
fn note_moves(whole: &mut PairedEffect, vanished: Vec<Happening>, appeared: &[Happening]) {
    let mut left: FxHashMap<String, Vec<Happening>> = FxHashMap::default();
    let mut order = Vec::new();
    for own in vanished {
        let address = address_of(&own.result).to_string();
        order.push(address.clone());
        left.entry(address).or_default().push(own);
    }
    for own in appeared {
        let elsewhere = left.get_mut(address_of(&own.result)).and_then(|left| {
            let at = left.iter().position(|other| other.job != own.job)?;
            Some(left.remove(at))
        });
        let change = elsewhere.map_or(ChangeKind::Gained, |other| ChangeKind::Moved { from: other.job });
        whole.of_target(&own.job, &own.result, &change);
    }
    for address in order {
        let Some(own) = left.get_mut(&address).filter(|left| !left.is_empty()).map(|left| left.remove(0)) else {
            continue;
        };
        whole.of_target(&own.job, &own.result, &ChangeKind::Lost { rule: None });
    }
}

fn in_words(job: &str, doubt: AddressDoubt) -> String {
    let help = doubt.help.map_or(String::new(), |help| format!(" ({help})"));
    format!("{}{}{help}", in_job(job), doubt.message)
}

fn not_scraped(job: &ScrapeConfig, result: &TargetResult) -> String {
    let (name, address) = (&job.job_name.value, address_of(result));
    match &result.dropped_by {
        Some(by) => format!("{}the target {address} is dropped by {}[{}]", in_job(name), by.list, by.rule),
        None => format!("{}the target {address} is not scraped", in_job(name)),
    }
}

/// A job, if it has a name, at the start of a note.
fn in_job(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!("job {name}: ") }
}

/// Says that a job loses all of its targets.
fn without_targets(opened: &Opened<'_>, old: &ScrapeConfig, new: &ScrapeConfig) -> Option<String> {
    let has_targets = |job: &ScrapeConfig| job.static_configs.iter().any(|group| !group.targets.is_empty());
    let finds_none = new.discovery.iter().all(Sd::is_static);
    let whose = match new.job_name.value.as_str() {
        "" => opened.name().to_string(),
        name => format!("job {name}"),
    };
    (has_targets(old) && !has_targets(new) && finds_none).then(|| format!("{whose} has no targets any more"))
}

/// A job with another name: what becomes of its known targets, or else of the job.
fn of_renamed(opened: &mut Opened<'_>, old: &ScrapeConfig, new: &ScrapeConfig, patterns: &mut RegexCache) -> JobChange {
    let (mut effect, mut has_targets) = (PairedEffect::default(), false);
    each_pair(opened, old, new, patterns, &mut |one, other| {
        has_targets |= is_kept(one) || is_kept(other);
        effect.add(&new.job_name.value, one, other);
    });
    if !has_targets {
        effect.of_job(&old.job_name.value, ChangeKind::JobLost);
        effect.of_job(&new.job_name.value, ChangeKind::JobGained);
    }
    described(opened, new, effect.end())
}

/// The job, and those of its known targets that are scraped: all vanish, or appear. Of a job that Prometheus refuses, or
/// whose rules are too large to be simulated, only the job counts.
fn of_job(opened: &mut Opened<'_>, job: &ScrapeConfig, change: ChangeKind, patterns: &mut RegexCache) -> JobChange {
    let name = &job.job_name.value;
    let of_targets = if change == ChangeKind::JobGained { ChangeKind::Gained } else { ChangeKind::Lost { rule: None } };
    let others = known_others(opened, job);
    let mut effect = PairedEffect::default();
    effect.of_job(name, change);
    if job.is_valid
        && let Ok(mut simulator) = JobSimulator::with_patterns(patterns, job, false)
    {
        for placed in job.static_configs.iter().flat_map(targets_of_group).chain(others.iter()) {
            let target = simulator.simulate(&placed);
            if is_kept(&target) {
                effect.of_target(name, &target, &of_targets);
            }
        }
    }
    described(opened, job, effect.end())
}

fn described(opened: &mut Opened<'_>, job: &ScrapeConfig, effect: Effect) -> JobChange {
    let at = place_of(job);
    let others = known_others(opened, job);
    JobChange {
        job: job.job_name.value.clone(),
        file: opened.sources.name(opened.sources.outermost(Location::new(at.file, at.span)).file).to_string(),
        grade: Grade::Proved,
        known: job.static_configs.iter().map(|group| group.targets.len()).sum::<usize>() + others.len(),
        claims: Vec::new(),
        effect,
        reason: None,
        series: None,
    }
}
