//! One run of the command: jobs and Alertmanagers, one after the other, and the targets of each.

use promcfg::re2::RegexCache;
use promcfg::report::{JobView, Totals, escape_text};
use promcfg::simulate::{JobResult, JobSimulator, Owner, TargetFilter, TargetResult, own_targets, simulate_examples};
use promcfg::{Diagnostic, Options, Sources};

use super::configs::Entry;
use crate::cli::args::SimulateArguments;
use crate::cli::disk::Disk;
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
}

/// How many targets a job has, and how many of them are shown.
#[derive(Clone, Copy, Default)]
pub(super) struct Shares {
    pub(super) counts: Totals,
    pub(super) selected: usize,
    pub(super) omitted: usize,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        arguments: &'a SimulateArguments,
        terminal: &'a Terminal,
        sources: Sources,
        diagnostics: Vec<Diagnostic>,
        filter: TargetFilter,
    ) -> Self {
        let (totals, patterns) = (Totals::default(), RegexCache::new());
        Self { arguments, terminal, sources, diagnostics, samples: None, filter, totals, selected: 0, patterns }
    }

    pub(super) fn status(&self) -> Status {
        let has_error = self.diagnostics.iter().any(Diagnostic::is_error);
        if has_error { Status::Found } else { Status::Fine }
    }

    /// Simulates all targets of the entry with this index. `take` gets each target with its result.
    pub(super) fn every_target(
        &mut self,
        index: usize,
        entry: Entry<'_>,
        traces: bool,
        take: &mut dyn FnMut(&Sources, &Given<'_>, TargetResult) -> Result<(), Stop>,
    ) -> Result<Vec<Diagnostic>, Stop> {
        let owner = entry.owner;
        let simulator =
            if owner.is_valid() { JobSimulator::of_owner(&mut self.patterns, owner, traces).ok() } else { None };
        let Some(mut simulator) = simulator else { return Ok(Vec::new()) };
        if let Some(samples) = self.samples.as_mut().filter(|samples| samples.are_for(owner)) {
            let sources = &self.sources;
            samples.each(index, owner, &mut |given| {
                let mut result = simulator.simulate(given.target);
                (result.origin, result.named_by) = (given.origin.clone(), given.named_by);
                take(sources, given, result)
            })?;
            return Ok(simulator.diagnostics());
        }
        let (own, diagnostics) = own_targets(owner, &mut self.sources, &Options::new(&Disk));
        self.diagnostics.extend(diagnostics);
        match owner {
            Owner::Alertmanager(_) => {
                for group in own.groups() {
                    for (target, result) in group.iter().zip(simulator.simulate_group(group)) {
                        take(&self.sources, &Given::of_config(target), result)?;
                    }
                }
            }
            _ => {
                for target in &own.targets {
                    take(&self.sources, &Given::of_config(target), simulator.simulate(target))?;
                }
            }
        }
        Ok(simulator.diagnostics())
    }

    /// Simulates the targets of an entry, and gives those to `take` that are to be shown.
    pub(super) fn shown_targets(
        &mut self,
        index: usize,
        entry: Entry<'_>,
        take: &mut dyn FnMut(&Sources, TargetResult) -> Result<(), Stop>,
    ) -> Result<Shares, Stop> {
        match entry.owner {
            Owner::Alertmanager(_) => self.totals.alertmanagers += 1,
            _ => self.totals.jobs += 1,
        }
        let mut shares = Shares::default();
        let mut filter = std::mem::take(&mut self.filter);
        let mut totals = self.totals;
        let (traces, limit) = (self.arguments.trace, self.arguments.limit);
        let outcome = self.every_target(index, entry, traces, &mut |sources, _, result| {
            totals.add(result.status);
            shares.counts.add(result.status);
            if !filter.accepts(&result) {
                return Ok(());
            }
            shares.selected += 1;
            if limit.is_some_and(|limit| shares.selected > limit) {
                shares.omitted += 1;
                return Ok(());
            }
            take(sources, result)
        });
        (self.filter, self.totals) = (filter, totals);
        self.selected += shares.selected;
        self.diagnostics.extend(outcome?);
        Ok(shares)
    }

    /// The result of an entry: the targets that are shown, and examples where targets are not known.
    pub(super) fn result(&mut self, index: usize, entry: Entry<'_>) -> Result<(JobResult, Shares), Stop> {
        let mut result = JobSimulator::outline_of(entry.owner);
        let shares = self.shown_targets(index, entry, &mut |_, target| {
            result.targets.push(target);
            Ok(())
        })?;
        let has_targets = shares.counts.targets() > 0;
        if self.samples.is_none() && self.filter.is_open() && (self.arguments.trace || !has_targets) {
            result.examples = simulate_examples(entry.owner, |sd| !has_targets || !sd.is_known());
        }
        Ok((result, shares))
    }

    pub(super) fn view<'v>(&'v self, entry: Entry<'v>, result: &'v JobResult, shares: Shares) -> JobView<'v> {
        let mut view = JobView::new(entry.owner, result, &self.sources);
        view.config = entry.config;
        view.all_labels = self.arguments.all_labels;
        view.has_traces = self.arguments.trace;
        view.has_samples = self.samples.as_ref().is_some_and(|samples| samples.are_for(entry.owner));
        view.counts = shares.counts;
        view.selected = (!self.filter.is_open()).then_some(shares.selected);
        view.omitted = shares.omitted;
        view
    }

    /// Fails when a condition is about a label that no target has.
    pub(super) fn check_labels(&self, entries: &[Entry<'_>]) -> Result<(), Failure> {
        let Some(unknown) = self.filter.unknown_label() else { return Ok(()) };
        let mut failure = Failure::new(format!("--where: {unknown}"));
        let is_discovering = |entry: &Entry<'_>| entry.owner.discovery().iter().any(|sd| !sd.is_known());
        if self.samples.is_none() && entries.iter().any(is_discovering) {
            failure =
                failure.with_note("targets that exist only at discovery are not known; give them with --targets FILE");
        }
        Err(match &unknown.similar {
            Some(similar) => failure.with_help(format!("did you mean {similar:?}?")),
            None => failure.with_help("show all labels with --trace --all-labels"),
        })
    }

    /// Notes about all targets: that none is known, and that saved ones belong to jobs that are not simulated.
    pub(super) fn show_notes(&self, entries: &[Entry<'_>]) {
        match (self.filter.is_open(), self.totals.targets(), self.selected) {
            (false, 0, _) => self.terminal.note("no target is known; give targets with --targets FILE"),
            (false, _, 0) => self.terminal.note("no target has the selected status and labels"),
            _ => {}
        }
        let Some(Samples::Saved { targets, .. }) = &self.samples else { return };
        let jobs = || entries.iter().filter_map(|entry| entry.owner.job());
        let is_stranger = |name: &str| jobs().all(|job| job.job_name.value != name);
        let mut names: Vec<&str> =
            targets.iter().map(|target| target.job.as_str()).filter(|name| is_stranger(name)).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        if count > 0 {
            let names = names.iter().map(|name| escape_text(name)).collect::<Vec<_>>().join(", ");
            self.terminal.note(&format!("{count} of the saved targets belong to other jobs: {names}"));
        }
    }
}
