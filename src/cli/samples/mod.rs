//! Targets that a user gives in place of a job's own.

mod running;

use promcfg::config::{Config, ScrapeConfig, TargetFormat, TargetGroup, read_target_groups};
use promcfg::input::{Format, Input};
use promcfg::report::escape_text;
use promcfg::simulate::{
    ApiTarget, AssumedDefault, NamedBy, Origin, Owner, PlacedTarget, SampleFormat, SavedTargets, TargetInputError,
    read_api_targets, read_checked_targets, read_target_line, running_job, sample_format, targets_of_group,
};
use promcfg::{Diagnostic, Release, Sources};

use crate::cli::input::{self, Lines};
use crate::cli::status::{Failure, Stop};

/// Where the targets come from.
pub(crate) enum Samples {
    /// Lines of JSON, read one by one.
    Lines(Lines),
    /// Target groups.
    Groups(Vec<TargetGroup>),
    /// Saved targets of one job, which they do not name for certain.
    Checked(Vec<ApiTarget>),
    /// Saved targets, job by job.
    Saved(Saved),
    /// Those that addresses name.
    Chosen(Vec<Chosen>),
}

/// Saved targets, and the config that ran when they were saved.
pub(crate) struct Saved {
    targets: SavedTargets,
    running: Option<Config>,
    /// What could not be decided without that config, job by job.
    notes: Vec<String>,
}

/// A target that an address names.
pub(crate) struct Chosen {
    /// The index of its job among those that are simulated.
    pub(crate) entry: usize,
    pub(crate) target: PlacedTarget,
    pub(crate) origin: Origin,
    pub(crate) named_by: Option<NamedBy>,
}

/// A target, and where it comes from.
pub(crate) struct Given<'t> {
    pub(crate) target: &'t PlacedTarget,
    pub(crate) origin: Origin,
    pub(crate) named_by: Option<NamedBy>,
}

impl<'t> Given<'t> {
    /// A target of the config, or of a file.
    pub(crate) fn of_config(target: &'t PlacedTarget) -> Self {
        Self { target, origin: Origin::Known, named_by: None }
    }
}

/// The targets in the file `path`, if one is given; faults of a file of groups are added to `diagnostics`. `running` is the
/// config that ran when targets were saved.
pub(crate) fn open(
    path: Option<&str>,
    running: Option<&str>,
    sources: &mut Sources,
    release: Release,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Option<Samples>, Failure> {
    let Some(path) = path else { return Ok(None) };
    let samples = read(path, sources, release, diagnostics)?;
    match (samples, running) {
        (samples, None) => Ok(Some(samples)),
        (Samples::Saved(saved), Some(running)) => {
            let running = Some(running::read(running, release)?);
            Ok(Some(Samples::Saved(Saved { running, ..saved })))
        }
        (_, Some(_)) => Err(Failure::new("--running needs targets that a running Prometheus gave")
            .with_note("other targets have no labels of a running job")
            .with_help("give a saved /api/v1/targets response as --targets, or leave out --running")),
    }
}

fn read(
    path: &str,
    sources: &mut Sources,
    release: Release,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Samples, Failure> {
    let mut lines = Lines::open(path, "target file")?;
    if lines.first_line_is(|line| sample_format(line) == SampleFormat::Lines)? {
        return Ok(Samples::Lines(lines));
    }
    let text = lines.rest()?;
    let name = input::shown_name(path);
    let failed = |fault: TargetInputError| Failure::new(format!("{name}: {fault}")).with_help(FORMS);
    Ok(match sample_format(&text) {
        SampleFormat::Api => {
            let targets = SavedTargets::new(read_api_targets(&text).map_err(failed)?);
            Samples::Saved(Saved { targets, running: None, notes: Vec::new() })
        }
        SampleFormat::Checked => Samples::Checked(read_checked_targets(&text).map_err(failed)?),
        form => {
            refuse_other_files(name, &text)?;
            let form = if form == SampleFormat::JsonGroups { TargetFormat::Json } else { TargetFormat::Yaml };
            let (groups, faults) = read_target_groups(sources, name, text.as_bytes(), form, release);
            let is_broken = faults.iter().any(Diagnostic::is_error);
            diagnostics.extend(faults);
            let groups = if is_broken { Vec::new() } else { groups };
            Samples::Groups(groups)
        }
    })
}

/// A config, or a file of another program, is distinguished from target groups with a mistake in them.
fn refuse_other_files(name: &str, text: &str) -> Result<(), Failure> {
    match Input::parse(name, text).format() {
        Format::Targets | Format::Unknown => Ok(()),
        format => Err(Failure::new(format!("{name} is {}, and holds no targets", format.describe())).with_help(FORMS)),
    }
}

const FORMS: &str = "targets are a saved /api/v1/targets response, the output of `promtool check service-discovery`, \
    lines of JSON, or target groups as in file_sd_configs";

impl Samples {
    /// Checks that the targets can be of these jobs: those that name no job need a single one.
    pub(crate) fn for_jobs<'c>(&mut self, jobs: impl Iterator<Item = &'c ScrapeConfig>) -> Result<(), Failure> {
        let jobs: Vec<&ScrapeConfig> = jobs.collect();
        if let Self::Checked(targets) = self {
            // With several jobs, the label `job` has to say which one it is.
            let saved = match &jobs[..] {
                [job] => SavedTargets::of_one_job(std::mem::take(targets), &job.job_name.value),
                _ => SavedTargets::new(std::mem::take(targets)),
            };
            *self = Self::Saved(Saved { targets: saved, running: None, notes: Vec::new() });
        }
        match (self, &jobs[..]) {
            (Self::Saved(_) | Self::Checked(_) | Self::Chosen(_), _) | (Self::Lines(_) | Self::Groups(_), [_]) => {
                Ok(())
            }
            (Self::Lines(_) | Self::Groups(_), jobs) => {
                let message = format!("the given targets need one job, but {} jobs are selected", jobs.len());
                Err(Failure::new(message).with_help("select the job with --job NAME"))
            }
        }
    }

    /// Whether they are in place of the owner's own targets.
    pub(crate) fn are_for(&self, owner: Owner<'_>) -> bool {
        matches!(self, Self::Chosen(_)) || owner.job().is_some()
    }

    /// Gives each target of an owner to `take`, one after the other; `index` is the owner's among those simulated.
    pub(crate) fn each(
        &mut self,
        index: usize,
        owner: Owner<'_>,
        take: &mut dyn FnMut(&Given<'_>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        match (self, owner.job()) {
            (Self::Groups(groups), _) => {
                let mut targets = groups.iter().flat_map(targets_of_group);
                targets.try_for_each(|target| take(&Given::of_config(&target)))
            }
            (Self::Saved(saved), Some(job)) => {
                saved.of_job(job).into_iter().try_for_each(|target| take(&Given::of_config(&target)))
            }
            (Self::Saved(_), None) | (Self::Checked(_), _) => Ok(()),
            (Self::Chosen(chosen), _) => {
                let mut own = chosen.iter().filter(|choice| choice.entry == index);
                own.try_for_each(|choice| {
                    let Chosen { target, origin, named_by, .. } = choice;
                    take(&Given { target, origin: origin.clone(), named_by: *named_by })
                })
            }
            (Self::Lines(lines), _) => {
                while let Some((number, line)) = lines.next_line()? {
                    if line.trim().is_empty() {
                        continue;
                    }
                    match read_target_line(line) {
                        Ok(target) => take(&Given::of_config(&target.into()))?,
                        Err(fault) => return Err(bad_line(lines.name(), number, &fault).into()),
                    }
                }
                Ok(())
            }
        }
    }
}

impl Saved {
    /// The names of the jobs that have saved targets, with their numbers.
    pub(crate) fn jobs(&self) -> impl Iterator<Item = (&str, usize)> {
        self.targets.jobs()
    }

    /// What was assumed about the labels of the targets so far.
    pub(crate) fn notes(&self) -> &[String] {
        &self.notes
    }

    fn of_job(&mut self, job: &ScrapeConfig) -> Vec<PlacedTarget> {
        let running = self.running.as_ref().and_then(|running| running_job(running, job));
        let found = self.targets.for_job(job, running);
        let is_missing = self.running.is_some() && running.is_none() && !found.targets.is_empty();
        if is_missing {
            let name = escape_text(&job.job_name.value);
            self.notes
                .push(format!("the running config has no job {name:?}: the labels of the running job are assumed"));
        }
        self.notes.extend(found.assumed.iter().map(|assumed| note_of(job, assumed, self.running.is_some())));
        found.targets.into_iter().map(PlacedTarget::from).collect()
    }
}

/// What is assumed of a label of saved targets.
fn note_of(job: &ScrapeConfig, assumed: &AssumedDefault, has_running: bool) -> String {
    let AssumedDefault { label, saved, present, count, of, .. } = assumed;
    let share = if count == of { format!("all {of} saved targets") } else { format!("{count} of {of} saved targets") };
    let now = match present {
        Some(present) => format!("the config now gives {present:?}"),
        None => "the config no longer gives it".to_string(),
    };
    let help = if has_running { "" } else { "; --running FILE, the config that ran, decides it" };
    let name = &job.job_name.value;
    format!("job {name:?}: {share} have {label}={saved:?}, assumed to come from the running job; {now}{help}")
}

fn bad_line(name: &str, number: usize, fault: &TargetInputError) -> Failure {
    Failure::new(format!("{name}: line {number}: {fault}"))
        .with_note("a line is {\"target\":{…},\"labels\":{…}}, or a map of the target's own labels")
}
