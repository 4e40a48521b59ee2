//! The targets of a job, on which a change is tried in memory.

use std::borrow::Cow;
use std::cell::{RefCell, RefMut};
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::analysis::Facts;
use crate::budget::Budget;
use crate::config::{RelabelRule, ScrapeConfig, Sd};
use crate::effect::is_kept;
use crate::files::NoFiles;
use crate::re2::{RegexCache, Syntax};
use crate::relabel::{Action, RuleSpec};
use crate::scrape::DiscoveredTarget;
use crate::simulate::{
    JobResult, JobSimulator, KnownTargets, Owner, PlacedTarget, Status, TargetResult, example_targets_with,
    known_targets, targets_of_group,
};
use crate::text::Span;

use super::super::open::Opened;
use super::super::request::{LabelStage, Selection};
use super::runner::Runner;
use super::samples::Samples;

/// Targets of a job to try a change on. None is held: each is made when it is simulated.
#[derive(Debug)]
pub(in crate::edit) struct Trial {
    others: Others,
    /// Targets that discovery might find; they only illustrate.
    examples: Vec<PlacedTarget>,
    /// Samples, when they are what the change is about.
    samples: Option<Samples>,
    /// Whether other targets exist, or can exist, than those that are known.
    pub(in crate::edit) is_open: bool,
    /// Whether each source of targets has some that are known.
    pub(in crate::edit) is_sampled: bool,
    /// The rules that drop which are skipped, because with them nothing that is known is kept. Rules that a change adds
    /// are never skipped.
    skipped: Vec<RuleSpec>,
    max_memory: u64,
    /// Facts about the patterns of the job, which are compiled once.
    facts: Rc<RefCell<Facts>>,
}

/// Facts about patterns, for the trials of all jobs: those with the same patterns share them.
#[derive(Default)]
pub(in crate::edit) struct SharedFacts {
    of_syntax: RefCell<Option<(Syntax, Rc<RefCell<Facts>>)>>,
}

impl SharedFacts {
    /// With so many patterns they are made anew for the next job: those of many jobs would take too much memory.
    const MOST: usize = 500;

    fn of(&self, syntax: Syntax) -> Rc<RefCell<Facts>> {
        let mut known = self.of_syntax.borrow_mut();
        match known.as_ref().filter(|(own, facts)| *own == syntax && facts.borrow().len() < Self::MOST) {
            Some((_, facts)) => Rc::clone(facts),
            None => {
                let facts = Rc::new(RefCell::new(Facts::new(RegexCache::new(), syntax)));
                *known = Some((syntax, Rc::clone(&facts)));
                facts
            }
        }
    }

    /// The patterns that are known, for the reader of the next job.
    pub(super) fn take_patterns(&self) -> RegexCache {
        let known = self.of_syntax.borrow();
        known.as_ref().map(|(_, facts)| std::mem::take(&mut facts.borrow_mut().patterns)).unwrap_or_default()
    }

    /// The patterns of a job that was read, for those who look at it.
    pub(super) fn give_patterns(&self, patterns: RegexCache) {
        if let Some((_, facts)) = self.of_syntax.borrow().as_ref() {
            facts.borrow_mut().patterns = patterns;
        }
    }
}

/// The targets that are known besides the static ones.
#[derive(Clone, Debug)]
pub(super) enum Others {
    /// Those that the user gave.
    Given(Arc<Vec<PlacedTarget>>),
    /// Those of the target files.
    InFiles(KnownTargets<'static>),
}

impl Others {
    pub(super) fn iter(&self) -> Box<dyn Iterator<Item = PlacedTarget> + '_> {
        match self {
            Self::Given(targets) => Box::new(targets.iter().cloned()),
            Self::InFiles(targets) => Box::new(targets.iter()),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Given(targets) => targets.len(),
            Self::InFiles(targets) => targets.len(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What becomes of the targets of a job, or of their samples, without traces.
#[derive(Debug)]
pub(in crate::edit) struct Before {
    pub(in crate::edit) result: JobResult,
    /// Whether each result has an `instance` only because its address becomes one.
    pub(super) from_address: Vec<bool>,
    /// Where the results of each target begin, and where those of the last one end.
    starts: Vec<usize>,
    /// How many of the results are those of known targets: the first ones.
    pub(super) known: usize,
}

impl Before {
    /// The indices of the results of a target.
    pub(super) fn results_of(&self, target: usize) -> std::ops::Range<usize> {
        let at = |index: usize| self.starts.get(index).copied().unwrap_or(0);
        at(target)..at(target + 1)
    }
}

/// Why it is not known what becomes of the targets.
#[derive(Debug)]
pub(super) enum Obstacle {
    /// A rule is beyond a bound.
    Unknown,
    /// The results of so many targets would take more memory than is allowed.
    LeftOut(usize),
}

/// A rule that does nothing.
fn nothing() -> RuleSpec {
    RuleSpec { action: Some(Action::LabelDrop), regex: Some(String::new()), ..RuleSpec::default() }
}

/// The lists whose rules that drop are skipped where nothing is kept with them: first those of targets, so that their
/// samples are seen as the job filters them.
fn skippable(job: &ScrapeConfig, stage: LabelStage) -> Vec<Vec<&RelabelRule>> {
    let targets = || job.relabel_configs.iter();
    match stage {
        LabelStage::Target => vec![targets().collect()],
        LabelStage::Metric => vec![targets().collect(), targets().chain(&job.metric_relabel_configs).collect()],
    }
}

/// The rules that drop, among these.
fn filters_of(rules: &[&RelabelRule]) -> Vec<RuleSpec> {
    let filters = rules.iter().filter(|rule| rule.spec.action.is_some_and(Action::is_filter));
    filters.map(|rule| rule.spec.clone()).collect()
}

impl Trial {
    pub(in crate::edit) fn of(
        opened: &mut Opened<'_>,
        job: &ScrapeConfig,
        selection: &Selection,
        stage: LabelStage,
        facts: &SharedFacts,
    ) -> Self {
        let mut trial = Self::with_filters(opened, job, selection, stage, facts);
        for lists in skippable(job, stage) {
            if trial.has_kept(job) {
                break;
            }
            trial.skipped = filters_of(&lists);
        }
        trial
    }

    /// The trial of a job, and what becomes of its targets as it is. For a command that `is_about_dropped` targets, known ones
    /// are tried with all rules.
    pub(super) fn simulated(
        opened: &mut Opened<'_>,
        job: &ScrapeConfig,
        selection: &Selection,
        stage: LabelStage,
        is_about_dropped: bool,
        facts: &SharedFacts,
    ) -> (Self, Result<Before, Obstacle>) {
        let mut trial = Self::with_filters(opened, job, selection, stage, facts);
        let mut before = trial.before(job);
        for lists in skippable(job, stage) {
            let has_kept = match &before {
                Ok(before) if is_about_dropped && before.known > 0 => true,
                Ok(before) => before.result.targets.iter().any(is_kept),
                Err(_) => trial.has_kept(job),
            };
            if has_kept {
                break;
            }
            trial.skipped = filters_of(&lists);
            before = trial.before(job);
        }
        (trial, before)
    }

    /// Whether rules that drop are skipped: they keep nothing that is known.
    pub(in crate::edit) fn is_without_filters(&self) -> bool {
        !self.skipped.is_empty()
    }

    /// The trial of a job, with all of its rules.
    fn with_filters(
        opened: &mut Opened<'_>,
        job: &ScrapeConfig,
        selection: &Selection,
        stage: LabelStage,
        facts: &SharedFacts,
    ) -> Self {
        let others = known_others(opened, job);
        let (given, facts) = (&opened.given, facts.of(job.semantics().syntax()));
        let is_given = matches!(others, Others::Given(_));
        let has_known = |sd: &Sd| sd.is_static() || is_given || (sd.is_known() && !others.is_empty());
        let mut examples = Vec::new();
        if !job.discovery.iter().all(has_known) {
            examples = examples_of(&mut facts.borrow_mut().patterns, job, selection, stage);
            if !has_target(job, &others, selection) {
                examples.iter_mut().for_each(|example| set_address(example, selection));
            }
        }
        let has_static = job.static_configs.iter().any(|group| !group.targets.is_empty());
        if others.is_empty() && examples.is_empty() && !has_static {
            let address = selection.targets.first().map_or("10.0.0.1:9100", String::as_str);
            examples.push(PlacedTarget { target: DiscoveredTarget::from_address(address), at: None });
        }
        let is_of_samples = stage == LabelStage::Metric;
        let samples = is_of_samples.then(|| Samples::of(job, &selection.conditions, given.samples()));
        let is_sampled = job.discovery.iter().all(has_known)
            && (has_static || !others.is_empty())
            && (!is_of_samples || !given.samples().is_empty());
        let is_open = is_of_samples || !job.discovery.iter().all(Sd::is_static);
        let max_memory = opened.options.max_memory;
        Self { others, examples, samples, is_open, is_sampled, skipped: Vec::new(), max_memory, facts }
    }

    /// Whether the samples are those that the user gave.
    pub(super) fn has_given_samples(&self) -> bool {
        self.samples.as_ref().is_some_and(Samples::is_given)
    }

    fn has_kept(&self, job: &ScrapeConfig) -> bool {
        let Some(mut runner) = self.runner(job, false) else { return false };
        self.targets(job).any(|placed| runner.results(&placed).iter().any(is_kept))
    }

    /// The targets of a variant of the job: its own static ones, the others that are known, and examples.
    pub(in crate::edit) fn targets<'t>(&'t self, job: &'t ScrapeConfig) -> impl Iterator<Item = PlacedTarget> + 't {
        job.static_configs.iter().flat_map(targets_of_group).chain(self.not_static())
    }

    /// The targets that all variants of the job have: the others that are known, and examples.
    pub(super) fn not_static(&self) -> impl Iterator<Item = PlacedTarget> {
        self.others.iter().chain(self.examples.iter().cloned())
    }

    /// A job as it is simulated.
    pub(in crate::edit) fn variant<'j>(&self, job: &'j ScrapeConfig) -> Cow<'j, ScrapeConfig> {
        if self.skipped.is_empty() {
            return Cow::Borrowed(job);
        }
        let (mut job, mut skipped) = (job.clone(), self.skipped.iter().collect::<Vec<_>>());
        let rules = job.relabel_configs.iter_mut().chain(&mut job.metric_relabel_configs);
        for rule in rules.filter(|rule| rule.spec.action.is_some_and(Action::is_filter)) {
            if let Some(place) = skipped.iter().position(|spec| **spec == rule.spec) {
                skipped.remove(place);
                rule.spec = nothing();
            }
        }
        Cow::Owned(job)
    }

    /// Facts about the patterns of the job and its variants.
    pub(super) fn facts(&self) -> RefMut<'_, Facts> {
        self.facts.borrow_mut()
    }

    /// Simulates targets of a job that is a [`variant`](Self::variant).
    pub(super) fn runner<'r>(&'r self, variant: &'r ScrapeConfig, traces: bool) -> Option<Runner<'r>> {
        Runner::new(&mut self.facts().patterns, variant, self.samples.as_ref(), traces)
    }

    /// What becomes of the job as it is.
    fn before(&self, job: &ScrapeConfig) -> Result<Before, Obstacle> {
        let variant = self.variant(job);
        // Only the trace says who has set an `instance`, where a rule can.
        let mut lists = variant.relabel_configs.iter().chain(&variant.metric_relabel_configs);
        let traces = lists.any(|rule| may_touch_instance(&rule.spec));
        let mut runner = self.runner(&variant, traces).ok_or(Obstacle::Unknown)?;
        let (known, mut budget) = (self.known_targets(job), Budget::new(self.max_memory));
        let result = JobSimulator::outline(job);
        let mut before = Before { result, from_address: Vec::new(), starts: vec![0], known: 0 };
        let results = &mut before.result.targets;
        for (index, placed) in self.targets(job).enumerate() {
            for mut result in runner.results(&placed) {
                if result.status == Status::Unknown {
                    return Err(Obstacle::Unknown);
                }
                before.from_address.push(is_address_instance(&result));
                result.trace = Vec::new();
                if !budget.hold(result.memory()) {
                    return Err(Obstacle::LeftOut(self.targets(job).count() - index));
                }
                results.push(result);
            }
            before.starts.push(results.len());
            before.known = if index < known { results.len() } else { before.known };
        }
        results.shrink_to_fit();
        Ok(before)
    }

    /// Gives each result of a variant of the job to `visit`, until it returns `false`. Whether all were given.
    pub(in crate::edit) fn each_result(
        &self,
        job: &ScrapeConfig,
        visit: &mut dyn FnMut(&TargetResult) -> bool,
    ) -> bool {
        let variant = self.variant(job);
        let Some(mut runner) = self.runner(&variant, false) else { return false };
        self.targets(job).all(|placed| runner.results(&placed).iter().all(&mut *visit))
    }

    /// A result of a job with its trace, by its index among all of them.
    pub(super) fn traced(&self, job: &ScrapeConfig, index: usize) -> Option<TargetResult> {
        let variant = self.variant(job);
        let mut runner = self.runner(&variant, true)?;
        self.targets(job).flat_map(|placed| runner.results(&placed)).nth(index)
    }

    /// How many targets are known.
    pub(super) fn known_targets(&self, job: &ScrapeConfig) -> usize {
        job.static_configs.iter().map(|group| group.targets.len()).sum::<usize>() + self.others.len()
    }
}

/// Whether a rule can set or remove `instance`, as far as its names say.
fn may_touch_instance(rule: &RuleSpec) -> bool {
    match rule.action {
        Some(Action::Keep | Action::Drop | Action::KeepEqual | Action::DropEqual) => false,
        Some(Action::Replace | Action::HashMod | Action::Lowercase | Action::Uppercase) => {
            rule.target_label == INSTANCE || rule.target_label.contains('$')
        }
        Some(Action::LabelMap | Action::LabelDrop | Action::LabelKeep) | None => true,
    }
}

/// Whether the target has an `instance` only because its address becomes one, after all rules.
fn is_address_instance(target: &TargetResult) -> bool {
    let mut changes = target.trace.iter().flat_map(|step| &step.changes).rev();
    match changes.find(|change| change.label == INSTANCE) {
        Some(last) => last.after.as_deref().unwrap_or("").is_empty(),
        None => target.discovered.get(INSTANCE).is_empty(),
    }
}

pub(in crate::edit) const INSTANCE: &str = "instance";
pub(in crate::edit) const ADDRESS: &str = "__address__";

/// The targets that are known besides the static ones: those that the user gave, else those of the target files.
pub(super) fn known_others(opened: &mut Opened<'_>, job: &ScrapeConfig) -> Others {
    if let Some(given) = opened.given.targets_of(&job.job_name.value) {
        return Others::Given(given);
    }
    // The target files of an object are in a container.
    let options = match opened.is_generated(job.file) {
        true => opened.options.with_files(&NoFiles),
        false => opened.options,
    };
    let (sources, files) = (&mut opened.sources, &mut opened.target_files);
    let (known, _) = known_targets(Owner::Job(job), sources, &options, files);
    Others::InFiles(known.into_files())
}

/// Whether a selected target is a static one, or among `others`.
fn has_target(job: &ScrapeConfig, others: &Others, selection: &Selection) -> bool {
    if selection.targets.is_empty() {
        return true;
    }
    let wanted: FxHashSet<&String> = selection.targets.iter().collect();
    let is_selected = |address: &String| wanted.contains(address);
    let is_static = job.static_configs.iter().flat_map(|group| &group.targets).any(|own| is_selected(&own.value));
    is_static || others.iter().any(|placed| address_in(&placed).is_some_and(is_selected))
}

/// Targets of the mechanisms, one of each also such that it fits the conditions.
fn examples_of(
    patterns: &mut RegexCache,
    job: &ScrapeConfig,
    selection: &Selection,
    stage: LabelStage,
) -> Vec<PlacedTarget> {
    let mut examples = example_targets_with(patterns, job);
    if stage == LabelStage::Target && !selection.conditions.is_empty() {
        let mut choosy = job.clone();
        let has_instance = job.relabel_configs.iter().any(|rule| rule.spec.target_label == INSTANCE);
        choosy.relabel_configs.extend(selection.conditions.iter().map(|(name, pattern)| {
            let name = if name == INSTANCE && !has_instance { ADDRESS } else { name };
            let spec = RuleSpec {
                source_labels: Some(vec![name.to_string()]),
                regex: Some(pattern.clone()),
                action: Some(Action::Keep),
                ..RuleSpec::default()
            };
            RelabelRule::new(spec, Span::empty(0))
        }));
        examples.extend(example_targets_with(patterns, &choosy));
    }
    examples
}

pub(super) fn address_in(placed: &PlacedTarget) -> Option<&String> {
    placed.target.own.iter().find(|(name, _)| name == ADDRESS).map(|(_, address)| address)
}

fn set_address(placed: &mut PlacedTarget, selection: &Selection) {
    for (name, value) in &mut placed.target.own {
        if let (true, Some(target)) = (name == ADDRESS, selection.targets.first()) {
            value.clone_from(target);
        }
    }
}
