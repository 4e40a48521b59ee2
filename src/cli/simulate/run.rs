//! One run of the command: jobs and Alertmanagers, one after the other, and the targets of each.

use std::cell::{Cell, RefCell};

use promcfg::discovery::DiscoveredGroup;
use promcfg::re2::RegexCache;
use promcfg::report::{HiddenTargets, JobView, Totals, escape_text};
use promcfg::simulate::{
    Funnel, GroupFilter, JobObjects, JobResult, JobSimulator, KnownGroup, Lost, LostTargets, ObjectNote, Owner,
    PlacedTarget, TargetFiles, TargetFilter, TargetResult, known_targets, simulate_examples,
};
use promcfg::{Budget, Diagnostic, Options, Sources};
use rustc_hash::FxHashSet;

use super::discovered::{Discovery, Selected, is_of, is_of_others, source_of};
use super::source::{Entry, Source};
use super::way::{Missing, names_of_jobs};
use crate::cli::args::SimulateArguments;
use crate::cli::disk::Disk;
use crate::cli::manifests::Manifests;
use crate::cli::samples::{Given, Samples};
use crate::cli::status::{Failure, Status, Stop};
use crate::cli::terminal::Terminal;

/// One run of the command.
pub(super) struct Run<'a> {
    pub(super) arguments: &'a SimulateArguments,
    pub(super) terminal: &'a Terminal,
    pub(super) sources: Sources,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Targets in place of those that the config has.
    pub(super) samples: Option<Samples>,
    pub(super) filter: TargetFilter,
    pub(super) totals: Totals,
    /// How many targets of all jobs pass the filter.
    selected: usize,
    patterns: RegexCache,
    files: TargetFiles,
    /// Whether an entry may have targets that exist only at discovery.
    has_discovery: bool,
    /// The names of the jobs that were simulated, if saved targets may belong to others.
    jobs_of_samples: FxHashSet<String>,
    /// The memory of the results that are held.
    pub(super) budget: Budget,
    /// Targets and series whose results do not fit.
    pub(super) left_out: usize,
    /// Whether parts of a config are not valid YAML, and were not read.
    pub(super) is_partial: bool,
    /// Whether some job has the object that is asked about.
    has_object: bool,
    /// The jobs whose targets exist only at discovery and are not given.
    pub(super) missing: Missing,
    /// What the present job discovered from objects.
    pub(super) discovery: Option<Discovery>,
    /// What is to be said of the objects of all jobs, with the names of the jobs.
    object_notes: Vec<(ObjectNote, Vec<String>)>,
    /// The manifests that the jobs are made of, if they are generated.
    pub(super) manifests: Option<&'a Manifests>,
    /// The objects from which no job is made.
    pub(super) lost_objects: Vec<Lost>,
    /// Why the present job has no targets.
    pub(super) lost: Option<Lost>,
    /// Whether `global` is in such a part.
    pub(super) has_unknown_globals: bool,
}

/// How many targets a job has, and how many of them are shown.
#[derive(Clone, Copy, Default)]
pub(super) struct Shares {
    pub(super) counts: Totals,
    pub(super) selected: usize,
    pub(super) omitted: usize,
    pub(super) left_out: usize,
}

/// Whether further results are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    More,
    /// The one that was given does not fit, and no further one.
    Full,
}

impl Next {
    /// Takes a result if it fits.
    pub(super) fn after(fits: bool, take: impl FnOnce()) -> Self {
        if fits {
            take();
            Self::More
        } else {
            Self::Full
        }
    }
}

/// What is said of targets after the last of them.
#[derive(Default)]
struct Said {
    diagnostics: Vec<Diagnostic>,
    /// Targets that were not wanted any more, and not simulated.
    left_out: usize,
    /// The objects that targets were discovered from, but for the groups.
    objects: Option<JobObjects>,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        arguments: &'a SimulateArguments,
        terminal: &'a Terminal,
        sources: Sources,
        diagnostics: Vec<Diagnostic>,
        filter: TargetFilter,
    ) -> Self {
        Self {
            arguments,
            terminal,
            sources,
            diagnostics,
            samples: None,
            filter,
            totals: Totals::default(),
            selected: 0,
            patterns: RegexCache::new(),
            files: TargetFiles::new(),
            has_discovery: false,
            jobs_of_samples: FxHashSet::default(),
            budget: Budget::default(),
            left_out: 0,
            is_partial: false,
            has_object: false,
            missing: Missing::default(),
            discovery: None,
            object_notes: Vec::new(),
            manifests: None,
            lost_objects: Vec::new(),
            lost: None,
            has_unknown_globals: false,
        }
    }

    pub(super) fn status(&self) -> Status {
        let has_error = self.diagnostics.iter().any(Diagnostic::is_error);
        if self.left_out > 0 {
            return Status::CouldNot;
        }
        if has_error { Status::Found } else { Status::Fine }
    }

    /// Simulates all targets of the entry with this index, until no more are wanted. `take` gets each target with its
    /// result.
    pub(super) fn every_target(
        &mut self,
        index: usize,
        entry: Entry<'_>,
        traces: bool,
        take: &mut dyn FnMut(&Sources, &Given<'_>, TargetResult) -> Result<Next, Stop>,
    ) -> Result<Vec<Diagnostic>, Stop> {
        let said = self.simulate_targets(index, entry, traces, &mut |_, _| false, take)?;
        self.left_out += said.left_out;
        Ok(said.diagnostics)
    }

    /// Simulates the targets of an entry, except for those of a group that `passes` takes as a whole.
    fn simulate_targets(
        &mut self,
        index: usize,
        entry: Entry<'_>,
        traces: bool,
        passes: &mut dyn FnMut(&DiscoveredGroup, &JobObjects) -> bool,
        take: &mut dyn FnMut(&Sources, &Given<'_>, TargetResult) -> Result<Next, Stop>,
    ) -> Result<Said, Stop> {
        /// The number of patterns that are kept for the next job.
        const MOST_PATTERNS: usize = 2_000;
        let owner = entry.owner;
        self.has_discovery |= entry.is_discovering();
        if self.samples.is_some() {
            self.jobs_of_samples.extend(owner.job().map(|job| job.job_name.value.clone()));
        }
        if self.patterns.len() > MOST_PATTERNS {
            self.patterns = RegexCache::new();
        }
        let simulator =
            if owner.is_valid() { JobSimulator::of_owner(&mut self.patterns, owner, traces).ok() } else { None };
        let Some(mut simulator) = simulator else { return Ok(Said::default()) };
        let objects = self.samples.as_ref().and_then(|samples| samples.objects_of(owner));
        let (mut next, mut left_out) = (Next::More, 0);
        let mut take = |sources: &Sources, given: &Given<'_>, result: &mut dyn FnMut() -> TargetResult| {
            if next == Next::More {
                next = take(sources, given, result())?;
            }
            left_out += usize::from(next == Next::Full);
            Ok::<(), Stop>(())
        };
        if let Some(samples) = self.samples.as_mut().filter(|samples| samples.are_for(owner)) {
            let sources = &self.sources;
            samples.each(index, owner, &mut |given| {
                take(sources, given, &mut || {
                    let mut result = simulator.simulate(given.target);
                    (result.origin, result.named_by) = (given.origin.clone(), given.named_by);
                    result
                })
            })?;
        } else {
            let options = Options::new(&Disk);
            let (known, diagnostics) = known_targets(owner, &mut self.sources, &options, &mut self.files);
            self.diagnostics.extend(diagnostics);
            for group in known.groups() {
                match owner {
                    Owner::Alertmanager(_) => simulate_group(&mut simulator, group, |given, result| {
                        take(&self.sources, given, &mut || result.clone())
                    })?,
                    _ => {
                        for target in group.iter() {
                            let given = Given::of_config(&target);
                            take(&self.sources, &given, &mut || simulator.simulate(&target))?;
                        }
                    }
                }
            }
            if let Some(objects) = &objects {
                for group in objects.groups() {
                    if passes(group, objects) {
                        continue;
                    }
                    for target in JobObjects::targets_of(group) {
                        let given = Given::of_object(&target, &group.source);
                        let placeholders = objects.placeholders(&target.target);
                        take(&self.sources, &given, &mut || match &placeholders[..] {
                            [] => simulator.simulate(&target),
                            placeholders => simulator.simulate_unknown(&target, placeholders),
                        })?;
                    }
                }
            }
        }
        simulator.leave_out(left_out);
        let objects = objects.map(|mut objects| {
            objects.clear_groups();
            objects
        });
        Ok(Said { diagnostics: simulator.diagnostics(), left_out, objects })
    }

    /// Simulates the targets of an entry, and gives those to `take` that are to be shown. If it is brief, targets that are
    /// not those of a generated job are only counted.
    pub(super) fn shown_targets(
        &mut self,
        index: usize,
        entry: Entry<'_>,
        is_brief: bool,
        take: &mut dyn FnMut(&Sources, TargetResult) -> Result<Next, Stop>,
    ) -> Result<Shares, Stop> {
        match entry.owner {
            Owner::Alertmanager(_) => self.totals.alertmanagers += 1,
            _ => self.totals.jobs += 1,
        }
        let mut shares = Shares::default();
        let mut filter = std::mem::take(&mut self.filter);
        let mut totals = self.totals;
        let (traces, limit) = (self.arguments.trace, self.arguments.limit);
        let (is_discovered, is_generated) = (self.discovers(entry), self.manifests.is_some());
        if entry.is_discovering() && self.samples.as_ref().is_none_or(|samples| samples.lack(entry.owner)) {
            self.missing.add(entry.owner);
        }
        let funnel = RefCell::new(Funnel::default());
        let object = self.arguments.object.as_deref().map(source_of);
        let groups = if is_brief && is_generated && object.is_none() { GroupFilter::of(entry.owner) } else { None };
        let passed = Cell::new(0);
        let mut passes = |group: &DiscoveredGroup, objects: &JobObjects| {
            let Some(rule) = groups.as_ref().and_then(|groups| groups.dropping(group, objects)) else { return false };
            funnel.borrow_mut().add_dropped(rule, group, JobObjects::object_of(&group.source));
            passed.set(passed.get() + group.targets.len());
            true
        };
        let outcome = self.simulate_targets(index, entry, traces, &mut passes, &mut |sources, given, result| {
            if is_discovered || is_generated {
                funnel.borrow_mut().add(&result, given.object);
            }
            if object.as_ref().is_some_and(|object| !is_of(object, given.object, &result.discovered)) {
                return Ok(Next::More);
            }
            let (status, is_selected) = (result.status, filter.accepts(&result));
            let is_omitted = limit.is_some_and(|limit| shares.selected >= limit);
            if is_selected && !is_omitted && take(sources, result)? == Next::Full {
                return Ok(Next::Full);
            }
            totals.add(status);
            shares.counts.add(status);
            shares.selected += usize::from(is_selected);
            shares.omitted += usize::from(is_selected && is_omitted);
            Ok(Next::More)
        });
        totals.add_dropped(passed.get());
        shares.counts.add_dropped(passed.get());
        shares.selected += passed.get();
        (self.filter, self.totals) = (filter, totals);
        let (said, funnel) = (outcome?, funnel.into_inner());
        self.selected += shares.selected;
        self.diagnostics.extend(said.diagnostics);
        self.lost = self.why_lost(entry, &shares.counts, &funnel, said.objects.as_ref());
        self.discovery = said.objects.map(|objects| Discovery::of(entry.owner, funnel, objects, object.as_deref()));
        if let Some(discovery) = &mut self.discovery {
            self.samples.iter().for_each(|samples| samples.note_sections(entry.owner, &mut discovery.notes));
            for note in &discovery.notes {
                let name = entry.owner.name();
                match self.object_notes.iter_mut().find(|(known, _)| known == note) {
                    Some((_, jobs)) => jobs.push(name),
                    None => self.object_notes.push((note.clone(), vec![name])),
                }
            }
        }
        let is_lost = self.discovery.as_ref().is_some_and(|discovery| discovery.lost.is_some());
        self.has_object |= is_lost || shares.counts.targets() > 0;
        shares.left_out = said.left_out;
        self.left_out += said.left_out;
        Ok(shares)
    }

    /// Why a generated job has no targets, if that is known.
    fn why_lost(
        &self,
        entry: Entry<'_>,
        counts: &Totals,
        funnel: &Funnel,
        objects: Option<&JobObjects>,
    ) -> Option<Lost> {
        let (manifests, job) = (self.manifests?, entry.owner.job()?);
        let is_asked = self.arguments.named.is_empty() && self.arguments.object.is_none();
        let is_known = objects.is_some() || counts.targets() > 0;
        if !is_asked || !is_known || !job.is_valid || counts.dropped < counts.targets() {
            return None;
        }
        let dropped: Vec<(usize, usize)> = funnel.dropped().collect();
        let objects = objects.map_or(&[][..], |objects| &objects.lost);
        manifests.cluster.explain(&manifests.objects, job, &LostTargets { dropped: &dropped, objects })
    }

    /// Whether only some targets with each result are shown.
    fn is_brief(&self, entry: Entry<'_>) -> bool {
        let SimulateArguments { all, limit, trace, .. } = self.arguments;
        self.discovers(entry) && !(*all || *trace) && limit.is_none() && self.filter.is_open()
    }

    /// Whether an entry discovers targets from objects.
    fn discovers(&self, entry: Entry<'_>) -> bool {
        self.samples.as_ref().is_some_and(|samples| samples.discovers(entry.owner))
    }

    /// The result of an entry: the targets that are shown, and examples where targets are not known; and the targets
    /// that are only counted.
    pub(super) fn result(
        &mut self,
        index: usize,
        entry: Entry<'_>,
    ) -> Result<(JobResult, Shares, Vec<HiddenTargets>), Stop> {
        let is_brief = self.is_brief(entry);
        let is_generated = self.manifests.is_some();
        let (mut selected, mut budget) = (Selected::new(is_brief), std::mem::take(&mut self.budget));
        let shares = self.shown_targets(index, entry, is_brief, &mut |_, target| {
            if is_brief && is_generated && is_of_others(entry.owner, &target) {
                return Ok(Next::More);
            }
            if !selected.wants(&target) {
                return Ok(Next::More);
            }
            Ok(Next::after(budget.hold(target.memory()), || selected.targets.push(target)))
        })?;
        self.budget = budget;
        let mut result = self.without_targets(entry, shares);
        result.targets = selected.targets;
        Ok((result, shares, selected.hidden))
    }

    /// The result of an entry but for its targets.
    pub(super) fn without_targets(&self, entry: Entry<'_>, shares: Shares) -> JobResult {
        let mut result = JobSimulator::outline_of(entry.owner);
        result.left_out = shares.left_out;
        let has_targets = shares.counts.targets() + shares.left_out > 0;
        if self.samples.is_none() && self.filter.is_open() && (self.arguments.trace || !has_targets) {
            result.examples = simulate_examples(entry.owner, |sd| !has_targets || !sd.is_known());
        }
        result
    }

    pub(super) fn view<'v>(&'v self, entry: Entry<'v>, result: &'v JobResult, shares: Shares) -> JobView<'v> {
        let mut view = JobView::new(entry.owner, result, &self.sources);
        view.config = entry.config;
        view.all_labels = self.arguments.all_labels;
        view.has_traces = self.arguments.trace;
        view.has_samples =
            self.discovers(entry) || self.samples.as_ref().is_some_and(|samples| samples.are_for(entry.owner));
        if let Some(discovery) = &self.discovery {
            (view.funnel, view.notes) = (&discovery.funnel, &discovery.notes);
            view.lost = discovery.lost.as_ref();
        }
        (view.is_generated, view.no_targets) = (self.manifests.is_some(), self.lost.as_ref());
        view.is_of_object = self.arguments.object.is_some();
        view.counts = shares.counts;
        view.selected = (!self.filter.is_open()).then_some(shares.selected);
        view.omitted = shares.omitted;
        view
    }

    /// Adds the diagnostics of the config, before those of its targets.
    pub(super) fn add_diagnostics_of(&mut self, source: &mut dyn Source) {
        self.diagnostics.splice(0..0, source.diagnostics());
    }

    /// Fails when a condition is about a label that no target has.
    pub(super) fn check_labels(&self) -> Result<(), Failure> {
        let Some(unknown) = self.filter.unknown_label() else { return Ok(()) };
        let mut failure = Failure::new(format!("--where: {unknown}"));
        if self.samples.is_none() && self.has_discovery {
            failure =
                failure.with_note("targets that exist only at discovery are not known; give them with --targets FILE");
        }
        Err(match &unknown.similar {
            Some(similar) => failure.with_help(format!("did you mean {similar:?}?")),
            None => failure.with_help("show all labels with --trace --all-labels"),
        })
    }

    /// Notes about all targets: that none is known, and that saved ones belong to jobs that are not simulated.
    pub(super) fn show_notes(&self) {
        match (self.filter.is_open(), self.totals.targets(), self.selected) {
            (false, 0, _) => self.terminal.note("no target is known; give targets with --targets FILE"),
            (false, _, 0) => self.terminal.note("no target has the selected status and labels"),
            _ => {}
        }
        let Some(samples) = &self.samples else { return };
        if let (Some(object), false) = (&self.arguments.object, self.has_object) {
            self.terminal.warn(
                &format!("no job finds {}", escape_text(object)),
                "check its kind, namespace and name, and whether the dump and a role of a job have it",
            );
        }
        self.missing.show(self.arguments, self.terminal);
        self.object_notes.iter().for_each(|(note, jobs)| self.show_object_note(note, jobs));
        samples.notes().for_each(|note| self.terminal.note(note));
        let known = &self.jobs_of_samples;
        let mut strangers: Vec<(&str, usize)> = samples.jobs().filter(|(name, _)| !known.contains(*name)).collect();
        strangers.sort_unstable();
        let count: usize = strangers.iter().map(|(_, count)| count).sum();
        let names = strangers.iter().map(|(name, _)| escape_text(name)).collect::<Vec<_>>().join(", ");
        if count > 0 {
            self.terminal.note(&format!("{count} of the given targets belong to other jobs: {names}"));
        }
    }
}

impl Run<'_> {
    /// Says why nothing was simulated, where no error does.
    pub(super) fn note_no_jobs(&self) {
        let is_none = self.totals.jobs == 0 && self.totals.alertmanagers == 0 && self.lost_objects.is_empty();
        if is_none && self.manifests.is_none() && !self.diagnostics.iter().any(Diagnostic::is_error) {
            self.terminal.note("the config has no jobs: `scrape_configs` is missing or empty");
        }
    }

    /// Shows a note of one or more jobs; one that can be done something about is a warning.
    fn show_object_note(&self, note: &ObjectNote, jobs: &[String]) {
        let message = format!("{}: {}", names_of_jobs(jobs), note.message);
        if note.help.is_empty() {
            self.terminal.note(&message);
        } else {
            self.terminal.warn(&message, &note.help);
        }
    }
}

/// Simulates the targets of a group as one: Prometheus uses all of them or none.
fn simulate_group(
    simulator: &mut JobSimulator<'_>,
    group: KnownGroup<'_>,
    mut take: impl FnMut(&Given<'_>, &TargetResult) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let targets: Vec<PlacedTarget> = group.iter().collect();
    let results = simulator.simulate_group(&targets);
    targets.iter().zip(&results).try_for_each(|(target, result)| take(&Given::of_config(target), result))
}
