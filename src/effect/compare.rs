//! Which targets are gained, lost, moved or changed.

use std::cmp::Ordering;
use std::collections::{BTreeMap, VecDeque};

use crate::relabel::Labels;
use crate::secrets::TargetSecrets;
use crate::simulate::{JobResult, Simulation, Status, TargetResult};

/// The effect of a change on the targets, equal changes together.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Effect {
    /// The changes, in the order of the jobs; empty when there is none.
    pub groups: Vec<EffectGroup>,
    /// The number of unchanged targets.
    pub unchanged: usize,
}

/// The same change of some targets.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EffectGroup {
    /// The change.
    pub happening: ChangeKind,
    /// The jobs of these targets.
    pub jobs: Vec<String>,
    /// The number of targets (or jobs).
    pub count: usize,
    /// The address of the first of them.
    pub example: String,
    /// The values of the first of them that are shown as secrets.
    pub(crate) secrets: TargetSecrets,
}

/// A change of a target or a job.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ChangeKind {
    /// The job is new.
    JobGained,
    /// The job is gone.
    JobLost,
    /// A target is scraped that was not.
    Gained,
    /// A target is not scraped any more; by which rule, if one drops it.
    Lost {
        /// Index of the rule in `relabel_configs`.
        rule: Option<usize>,
    },
    /// The target went to another job.
    Moved {
        /// The job it was in.
        from: String,
    },
    /// The target is scraped as before, but differently.
    Changed {
        /// Its labels that changed, by name.
        labels: Vec<LabelChange>,
        /// Its URL before and after, if that changed.
        url: Option<(String, String)>,
    },
}

/// A label of a target before and after; `None` is an absent label.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct LabelChange {
    /// Its name.
    pub name: String,
    /// Its value before.
    pub before: Option<String>,
    /// Its value after.
    pub after: Option<String>,
    /// The rule that set, changed or removed it last, by its index in `relabel_configs`; `None` when
    /// it comes with the target, or when the simulation kept no traces.
    pub rule: Option<usize>,
}

impl Effect {
    /// Whether nothing changes.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.groups.is_empty()
    }
}

/// Compares two simulations. Targets are matched within a job by what was discovered of them, those
/// that are left by their address.
///
/// ```
/// use promcfg::Simulation;
/// use promcfg::effect::compare;
/// assert!(compare(&Simulation::default(), &Simulation::default()).is_none());
/// ```
#[must_use]
pub fn compare(before: &Simulation, after: &Simulation) -> Effect {
    let mut comparison = Comparison::default();
    let mut olds: BTreeMap<&str, &JobResult> = before.jobs.iter().map(|job| (job.job.as_str(), job)).collect();
    for job in &after.jobs {
        match olds.remove(job.job.as_str()) {
            Some(old) => comparison.job(old, job),
            None => comparison.new_job(job),
        }
    }
    for job in before.jobs.iter().filter(|job| olds.contains_key(job.job.as_str())) {
        comparison.groups.tell(ChangeKind::JobLost, &job.job, "");
        comparison
            .lost
            .extend(job.targets.iter().filter(|target| is_kept(target)).map(|target| (job.job.as_str(), target, None)));
    }
    comparison.end()
}

pub(crate) fn is_kept(target: &TargetResult) -> bool {
    target.status == Status::Kept
}

/// All labels of a target before and after relabeling.
fn named(target: &TargetResult) -> impl Iterator<Item = (&str, &str)> {
    target.discovered.iter().chain(target.labels.iter())
}

/// Its address, as it was discovered.
pub(crate) fn address_of(target: &TargetResult) -> &str {
    target.discovered.get("__address__")
}

/// Of targets with the same address, the one of which the fewest discovered labels are different; the
/// first of several. Only so many are looked at.
fn take_nearest<'s>(olds: &mut VecDeque<&'s TargetResult>, new: &TargetResult) -> Option<&'s TargetResult> {
    const MOST: usize = 16;
    if olds.len() < 2 {
        return olds.pop_front();
    }
    let distance = |old: &TargetResult| {
        let changed =
            |one: &Labels, other: &Labels| one.iter().filter(|(name, value)| other.get(name) != *value).count();
        changed(&old.discovered, &new.discovered) + changed(&new.discovered, &old.discovered)
    };
    let (nearest, _) = olds.iter().take(MOST).enumerate().min_by_key(|(_, old)| distance(old))?;
    olds.remove(nearest)
}

/// Changes, equal ones together.
#[derive(Default)]
struct Groups {
    effect: Effect,
    index: BTreeMap<ChangeKind, usize>,
}

impl Groups {
    fn changes(&mut self, job: &str, old: &TargetResult, new: &TargetResult) {
        let labels = label_changes(old, new);
        let url = (old.url != new.url).then(|| (old.url.clone(), new.url.clone()));
        if labels.is_empty() && url.is_none() {
            self.effect.unchanged += 1;
        } else {
            let secrets = || TargetSecrets::of(old.discovered.iter(), named(old).chain(named(new)));
            self.tell_of(ChangeKind::Changed { labels, url }, job, address_of(new), secrets);
        }
    }

    fn tell(&mut self, happening: ChangeKind, job: &str, example: &str) {
        self.tell_of(happening, job, example, TargetSecrets::default);
    }

    fn tell_of(&mut self, happening: ChangeKind, job: &str, example: &str, secrets: impl FnOnce() -> TargetSecrets) {
        let group = self.group(happening, example, secrets);
        group.count += 1;
        if group.jobs.last().is_none_or(|last| last != job) {
            group.jobs.push(job.to_string());
        }
    }

    /// The group of a change; a new one has this example, with these secrets.
    fn group(
        &mut self,
        happening: ChangeKind,
        example: &str,
        secrets: impl FnOnce() -> TargetSecrets,
    ) -> &mut EffectGroup {
        let count = self.effect.groups.len();
        let index = *self.index.entry(happening.clone()).or_insert(count);
        if index == count {
            let example = example.to_string();
            let secrets = secrets();
            self.effect.groups.push(EffectGroup { happening, jobs: Vec::new(), count: 0, example, secrets });
        }
        &mut self.effect.groups[index]
    }
}

/// The effect on targets that are compared with themselves, one after the other: no result is held.
#[derive(Default)]
pub(crate) struct PairedEffect {
    groups: Groups,
}

impl PairedEffect {
    /// A target of a job before and after. Whether it is scraped, its labels and its URL count.
    pub(crate) fn add(&mut self, job: &str, old: &TargetResult, new: &TargetResult) {
        match (is_kept(old), is_kept(new)) {
            (true, true) => self.groups.changes(job, old, new),
            (true, false) => {
                let rule = new.dropped_by.as_ref().map(|by| by.rule);
                self.groups.tell(ChangeKind::Lost { rule }, job, address_of(old));
            }
            (false, true) => self.groups.tell(ChangeKind::Gained, job, address_of(new)),
            (false, false) => self.groups.effect.unchanged += 1,
        }
    }

    /// A job that appears or vanishes.
    pub(crate) fn of_job(&mut self, job: &str, change: ChangeKind) {
        self.groups.tell(change, job, "");
    }

    /// A target of such a job, which appears or vanishes with it.
    pub(crate) fn of_target(&mut self, job: &str, target: &TargetResult, change: &ChangeKind) {
        self.groups.tell(change.clone(), job, address_of(target));
    }

    /// The effect on the targets of other jobs.
    pub(crate) fn add_effect(&mut self, effect: &Effect) {
        self.groups.effect.unchanged += effect.unchanged;
        for other in &effect.groups {
            let secrets = || other.secrets.clone();
            let group = self.groups.group(other.happening.clone(), &other.example, secrets);
            group.count += other.count;
            group.jobs.extend(other.jobs.iter().cloned());
        }
    }

    /// The effect on all of them.
    pub(crate) fn end(self) -> Effect {
        self.groups.effect
    }
}

#[derive(Default)]
struct Comparison<'s> {
    groups: Groups,
    gained: Vec<(&'s str, &'s TargetResult)>,
    lost: Vec<(&'s str, &'s TargetResult, Option<usize>)>,
}

impl<'s> Comparison<'s> {
    fn job(&mut self, old: &'s JobResult, new: &'s JobResult) {
        let mut same: BTreeMap<&Labels, VecDeque<usize>> = BTreeMap::new();
        for (index, target) in old.targets.iter().enumerate() {
            same.entry(&target.discovered).or_default().push_back(index);
        }
        let mut unmatched = Vec::new();
        for target in &new.targets {
            match same.get_mut(&target.discovered).and_then(VecDeque::pop_front) {
                Some(index) => self.pair(&new.job, Some(&old.targets[index]), target),
                None => unmatched.push(target),
            }
        }
        let mut rest: Vec<usize> = same.into_values().flatten().collect();
        rest.sort_unstable();
        let mut left: BTreeMap<&str, VecDeque<&'s TargetResult>> = BTreeMap::new();
        for target in rest.into_iter().map(|index| &old.targets[index]) {
            left.entry(address_of(target)).or_default().push_back(target);
        }
        for target in unmatched {
            let old = left.get_mut(address_of(target)).and_then(|olds| take_nearest(olds, target));
            self.pair(&new.job, old, target);
        }
        for target in left.into_values().flatten().filter(|target| is_kept(target)) {
            self.lost.push((&old.job, target, None));
        }
    }

    fn new_job(&mut self, job: &'s JobResult) {
        self.groups.tell(ChangeKind::JobGained, &job.job, "");
        self.gained
            .extend(job.targets.iter().filter(|target| is_kept(target)).map(|target| (job.job.as_str(), target)));
    }

    fn pair(&mut self, job: &'s str, old: Option<&'s TargetResult>, new: &'s TargetResult) {
        let old_kept = old.filter(|old| is_kept(old));
        match (old_kept, is_kept(new)) {
            (Some(old), true) => self.groups.changes(job, old, new),
            (Some(old), false) => self.lost.push((job, old, new.dropped_by.as_ref().map(|by| by.rule))),
            (None, true) => self.gained.push((job, new)),
            (None, false) => self.groups.effect.unchanged += 1,
        }
    }

    /// What is lost in one job and gained in another has moved.
    fn end(mut self) -> Effect {
        let mut lost: BTreeMap<&str, VecDeque<(&str, Option<usize>)>> = BTreeMap::new();
        for (job, target, rule) in std::mem::take(&mut self.lost) {
            lost.entry(address_of(target)).or_default().push_back((job, rule));
        }
        for (job, target) in std::mem::take(&mut self.gained) {
            let address = address_of(target);
            let from = lost.get_mut(address).and_then(|lost| {
                let elsewhere = lost.iter().position(|(from, _)| *from != job)?;
                lost.remove(elsewhere)
            });
            match from {
                Some((from, _)) => self.groups.tell(ChangeKind::Moved { from: from.to_string() }, job, address),
                None => self.groups.tell(ChangeKind::Gained, job, address),
            }
        }
        for (address, rest) in lost {
            for (job, rule) in rest {
                self.groups.tell(ChangeKind::Lost { rule }, job, address);
            }
        }
        self.groups.effect
    }
}

/// The labels that differ, in the order of their names: each with its values in both sets, `""` where it is absent.
pub(crate) fn differing<'l>(old: &'l Labels, new: &'l Labels) -> Vec<(&'l str, &'l str, &'l str)> {
    let (mut olds, mut news) = (old.iter().peekable(), new.iter().peekable());
    let mut differing = Vec::new();
    loop {
        let order = match (olds.peek(), news.peek()) {
            (None, None) => return differing,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((old, _)), Some((new, _))) => old.cmp(new),
        };
        let own = if order == Ordering::Greater { None } else { olds.next() };
        let other = if order == Ordering::Less { None } else { news.next() };
        match (own, other) {
            (Some((name, before)), Some((_, after))) if before != after => differing.push((name, before, after)),
            (Some((name, before)), None) => differing.push((name, before, "")),
            (None, Some((name, after))) => differing.push((name, "", after)),
            (Some(_), Some(_)) | (None, None) => {}
        }
    }
}

/// The public labels that differ; of the inner ones those that steer the scrape are in the URL.
fn label_changes(old: &TargetResult, new: &TargetResult) -> Vec<LabelChange> {
    let change = |(name, before, after): (&str, &str, &str)| {
        let teller = if after.is_empty() { old } else { new };
        let rule = teller.trace.iter().rev().find(|step| step.changes.iter().any(|change| change.label == name));
        let value = |value: &str| Some(value.to_string()).filter(|value| !value.is_empty());
        LabelChange {
            rule: rule.map(|step| step.rule),
            before: value(before),
            after: value(after),
            name: name.to_string(),
        }
    };
    let changes = differing(&old.labels, &new.labels).into_iter().filter(|(name, _, _)| !name.starts_with("__"));
    changes.map(change).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::options::Options;
    use crate::simulate::{SimulateOptions, simulate};
    use crate::text::Sources;

    fn simulation(jobs: &str) -> Simulation {
        let mut sources = Sources::new();
        let file = sources.add("p.yml", format!("scrape_configs:\n{jobs}"));
        let (config, diagnostics) = Config::read(&mut sources, file, &Options::default());
        assert_eq!(diagnostics, []);
        simulate(&config, &mut sources, &Options::default(), &SimulateOptions { traces: true, ..Default::default() })
            .unwrap()
    }

    fn effect(before: &str, after: &str) -> Vec<String> {
        compare(&simulation(before), &simulation(after)).to_string().lines().map(str::to_string).collect()
    }

    #[test]
    fn labels_that_differ_are_those_of_one_set_or_with_another_value() {
        let labels = |pairs: &[(&str, &str)]| pairs.iter().copied().collect::<Labels>();
        let old = labels(&[("a", "1"), ("c", "1"), ("d", "1"), ("e", "1")]);
        let new = labels(&[("b", "2"), ("c", "1"), ("d", "2"), ("f", "2")]);
        let expected = [("a", "1", ""), ("b", "", "2"), ("d", "1", "2"), ("e", "1", ""), ("f", "", "2")];
        assert_eq!(differing(&old, &new), expected);
        assert_eq!(differing(&old, &old), []);
    }

    const WEB: &str = "- job_name: web\n  static_configs: [{targets: [a:1, b:1]}]\n";

    #[test]
    fn nothing_changed_is_nothing() {
        assert_eq!(effect(WEB, WEB), ["nothing changes"]);
    }

    #[test]
    fn equal_changes_are_told_once() {
        let labeled = "- job_name: web\n  static_configs: [{targets: [a:1, b:1], labels: {env: prod}}]\n";
        assert_eq!(effect(WEB, labeled), ["2 targets gain env=\"prod\"; nothing else changes"]);
        assert_eq!(effect(labeled, WEB), ["2 targets lose env=\"prod\"; nothing else changes"]);
    }

    #[test]
    fn of_two_targets_with_one_address_each_is_compared_with_itself() {
        let groups = |labels: [&str; 2]| {
            let [one, two] = labels.map(|labels| format!("{{targets: [a:1], labels: {{{labels}}}}}"));
            format!("- job_name: web\n  static_configs: [{one}, {two}]\n")
        };
        let (plain, labeled) = (groups(["note: n", ""]), groups(["note: n, env: prod", "env: prod"]));
        assert_eq!(effect(&plain, &labeled), ["2 targets gain env=\"prod\"; nothing else changes"]);
        assert_eq!(effect(&labeled, &plain), ["2 targets lose env=\"prod\"; nothing else changes"]);
        let turned = groups(["env: prod", "note: n, env: prod"]);
        assert_eq!(effect(&plain, &turned), ["2 targets gain env=\"prod\"; nothing else changes"]);
    }

    #[test]
    fn a_dropped_target_is_lost_to_its_rule() {
        let dropping =
            format!("{WEB}  relabel_configs: [{{source_labels: [__address__], regex: 'a:1', action: drop}}]\n");
        assert_eq!(
            effect(WEB, &dropping),
            ["1 target is lost, dropped by relabel_configs[0] (a:1); nothing else changes"]
        );
        assert_eq!(effect(&dropping, WEB), ["1 target is gained (a:1); nothing else changes"]);
    }

    #[test]
    fn a_target_in_another_job_has_moved() {
        let parted = "- job_name: web\n  static_configs: [{targets: [a:1]}]\n- job_name: db\n  static_configs: [{targets: [b:1]}]\n";
        assert_eq!(effect(WEB, parted), ["1 job is gained: db", "1 target moves from job web to job db (b:1)"]);
    }

    #[test]
    fn a_target_lost_beside_one_gained_at_the_same_address_is_told() {
        let keeping = |kept: &str| {
            format!(
                "- job_name: web\n  static_configs: [{{targets: [a:1], labels: {{x: '1'}}}}, {{targets: [a:1], labels: {{x: '2'}}}}]\n  relabel_configs: [{{source_labels: [x], regex: '{kept}', action: keep}}]\n"
            )
        };
        assert_eq!(
            effect(&keeping("1"), &keeping("2")),
            ["1 target is gained (a:1)", "1 target is lost, dropped by relabel_configs[0] (a:1)"]
        );
    }

    #[test]
    fn a_changed_url_and_a_changed_label_name_both_values() {
        let other = "- job_name: web\n  metrics_path: /x\n  static_configs: [{targets: [a:1]}]\n  relabel_configs: [{target_label: instance, replacement: i}]\n";
        let plain = "- job_name: web\n  static_configs: [{targets: [a:1]}]\n";
        assert_eq!(
            effect(plain, other),
            [
                "1 target changes instance from \"a:1\" to \"i\" by relabel_configs[0], its URL from http://a:1/metrics to http://a:1/x; nothing else changes"
            ]
        );
    }
}
