//! The refusal of edits of jobs and targets after which targets that appear have the labels of others.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, ids};
use crate::effect::{address_of, is_kept};
use crate::re2::RegexCache;
use crate::relabel::{Action, RuleSpec};
use crate::simulate::{JobSimulator, PlacedTarget, Simulation, TargetResult, targets_of_group};
use crate::text::Location;

use super::super::open::Opened;
use super::super::ops::Expected;
use super::super::request::refused;
use super::collide::{LabelSets, number};
use super::fates::Fates;
use super::prove::place_of;
use super::trial::known_others;

const JOB: &str = "job";

/// A target that is scraped: Prometheus scrapes targets of a job with the same labels and URL once.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Scraped {
    job: String,
    url: String,
    address: String,
}

impl Scraped {
    fn of(job: &ScrapeConfig, result: &TargetResult) -> Self {
        let (job, address) = (job.job_name.value.clone(), address_of(result).to_string());
        Self { job, url: result.url.clone(), address }
    }

    fn is_same(&self, other: &Self) -> bool {
        (&self.job, &self.url) == (&other.job, &other.url)
    }
}

/// The targets that are scraped with the same labels, by a number for these.
type ByLabels = FxHashMap<u64, Vec<Scraped>>;

/// Refuses a change after which a target that appears, or whose job gets another name, has the labels of another target of
/// any job, and had not before.
pub(super) fn refuse_same_labels(
    opened: &mut Opened<'_>,
    before: &[ScrapeConfig],
    expected: &[Expected<'_>],
    fates: &Fates,
) -> Result<(), Diagnostic> {
    if opened.allowances.collisions || opened.is_target_file {
        return Ok(());
    }
    let mut search = Search { opened: &mut *opened, patterns: RegexCache::new(), names: FxHashSet::default() };
    let mut appearing = ByLabels::default();
    for own in expected {
        search.add_appearing(before, own, fates, &mut appearing);
    }
    if appearing.is_empty() {
        return Ok(());
    }
    let all = search.all(expected.iter().map(|own| &*own.job), &appearing);
    let pair = |scraped: &Vec<Scraped>| {
        let first = scraped.first()?;
        Some((first.clone(), scraped.iter().find(|other| !other.is_same(first))?.clone()))
    };
    let mut found: Vec<(u64, (Scraped, Scraped))> =
        all.iter().filter_map(|(number, scraped)| Some((*number, pair(scraped)?))).collect();
    if found.is_empty() {
        return Ok(());
    }
    let old = search.all(before.iter(), &appearing);
    found.retain(|(number, _)| old.get(number).and_then(pair).is_none());
    found.sort_by(|(_, one), (_, other)| (&one.0.job, &one.0.address).cmp(&(&other.0.job, &other.0.address)));
    match found.into_iter().next() {
        None => Ok(()),
        Some((_, (one, other))) => {
            // The place of a job that is new is not in this text.
            let has_place = |own: &&Expected<'_>| own.origin.is_some() && own.job.job_name.value == one.job;
            let place = expected.iter().find(has_place).map(|own| place_of(&own.job));
            Err(refusal(place.unwrap_or_else(|| opened.start()), &one, &other))
        }
    }
}

/// Refuses a change of a job after which two of its targets have the same labels, and had different ones.
pub(super) fn refuse_same_results(
    opened: &Opened<'_>,
    job: &ScrapeConfig,
    (old, new): (&Simulation, &Simulation),
) -> Result<(), Diagnostic> {
    let results = |simulation: &Simulation| simulation.jobs.iter().flat_map(|job| &job.targets).count();
    if opened.allowances.collisions || results(old) != results(new) {
        return Ok(());
    }
    let mut sets = LabelSets::default();
    let olds: Vec<&TargetResult> = old.jobs.iter().flat_map(|job| &job.targets).collect();
    let news: Vec<&TargetResult> = new.jobs.iter().flat_map(|job| &job.targets).collect();
    for (index, (old, new)) in olds.iter().zip(&news).enumerate() {
        sets.add(index, old, new);
    }
    match sets.collision() {
        None => Ok(()),
        Some((one, other)) => {
            let of = |index: usize| Scraped::of(job, news[index]);
            Err(refusal(place_of(job), &of(one), &of(other)))
        }
    }
}

/// Looks for targets with the same labels.
struct Search<'s, 'o> {
    opened: &'s mut Opened<'o>,
    patterns: RegexCache,
    /// The values of the label `job` of the targets that appear.
    names: FxHashSet<String>,
}

impl Search<'_, '_> {
    /// Adds the targets of a job that appear.
    fn add_appearing(&mut self, before: &[ScrapeConfig], own: &Expected<'_>, fates: &Fates, appearing: &mut ByLabels) {
        let job = &*own.job;
        let targets: Vec<PlacedTarget> = match own.origin {
            None => self.targets_of(job),
            Some(origin) if fates.keep.contains(&origin) => Vec::new(),
            Some(origin) if before[origin].job_name.value != job.job_name.value => self.targets_of(job),
            Some(origin) => fates.appear.get(&origin).into_iter().flatten().flat_map(targets_of_group).collect(),
        };
        let mut names = std::mem::take(&mut self.names);
        self.each_scraped(job, &targets, &mut |result| {
            names.insert(result.labels.get(JOB).to_string());
            appearing.entry(number(&result.labels)).or_default().push(Scraped::of(job, result));
        });
        self.names = names;
    }

    /// The targets of jobs that have the labels of those that appear.
    fn all<'j>(&mut self, jobs: impl Iterator<Item = &'j ScrapeConfig>, appearing: &ByLabels) -> ByLabels {
        let mut all = ByLabels::default();
        for job in jobs.filter(|job| job.is_valid) {
            if !(self.names.contains(&job.job_name.value) || may_set_job(job)) {
                continue;
            }
            let targets = self.targets_of(job);
            self.each_scraped(job, &targets, &mut |result| {
                let number = number(&result.labels);
                if appearing.contains_key(&number) {
                    all.entry(number).or_default().push(Scraped::of(job, result));
                }
            });
        }
        all
    }

    fn targets_of(&mut self, job: &ScrapeConfig) -> Vec<PlacedTarget> {
        let others = known_others(self.opened, job);
        job.static_configs.iter().flat_map(targets_of_group).chain(others.iter()).collect()
    }

    fn each_scraped(&mut self, job: &ScrapeConfig, targets: &[PlacedTarget], visit: &mut dyn FnMut(&TargetResult)) {
        if targets.is_empty() || !job.is_valid {
            return;
        }
        let Ok(mut simulator) = JobSimulator::with_patterns(&mut self.patterns, job, false) else { return };
        targets.iter().map(|target| simulator.simulate(target)).filter(is_kept).for_each(|result| visit(&result));
    }
}

/// Whether targets of a job may have another label `job` than its name.
fn may_set_job(job: &ScrapeConfig) -> bool {
    let mut labels = job.static_configs.iter().flat_map(|group| &group.labels);
    let may_set = |rule: &RuleSpec| match rule.action {
        Some(Action::Keep | Action::Drop | Action::KeepEqual | Action::DropEqual) => false,
        Some(Action::Replace | Action::HashMod | Action::Lowercase | Action::Uppercase) => {
            rule.target_label == JOB || rule.target_label.contains('$')
        }
        Some(Action::LabelMap | Action::LabelDrop | Action::LabelKeep) | None => true,
    };
    labels.any(|(name, _)| name.value == JOB) || job.relabel_configs.iter().any(|rule| may_set(&rule.spec))
}

fn refusal(at: Location, one: &Scraped, other: &Scraped) -> Diagnostic {
    let of = |scraped: &Scraped| match one.job == other.job {
        true => scraped.address.clone(),
        false => format!("{} of job {}", scraped.address, scraped.job),
    };
    let message = format!("the targets {} and {} would have the same labels", of(one), of(other));
    refused(ids::LABEL_COLLISION, at, message)
        .with_job(&one.job)
        .with_note("Prometheus cannot distinguish their series then, and drops samples as duplicates or out of order")
        .with_help("give the targets a label that differs, or use --force to make the edit all the same")
}
