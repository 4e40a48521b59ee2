//! Targets that a user gives in place of a job's own.

use promcfg::config::{ScrapeConfig, TargetFormat, TargetGroup, read_target_groups};
use promcfg::input::{Format, Input};
use promcfg::simulate::{
    ApiTarget, NamedBy, Origin, Owner, PlacedTarget, SampleFormat, TargetInputError, read_api_targets,
    read_checked_targets, read_target_line, sample_format, targets_of_group,
};
use promcfg::{Diagnostic, Release, Sources};

use super::input::{self, Lines};
use super::status::{Failure, Stop};

/// Where the targets come from.
pub(crate) enum Samples {
    /// Lines of JSON, read one by one.
    Lines(Lines),
    /// Target groups.
    Groups(Vec<TargetGroup>),
    /// Saved targets, which name their jobs.
    Saved {
        targets: Vec<ApiTarget>,
        /// Whether all of them are of one job, which their labels do not name for certain.
        is_of_one_job: bool,
    },
    /// Those that addresses name.
    Chosen(Vec<Chosen>),
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

/// The targets in a file, if one is given; faults of a file of groups are added to `diagnostics`.
pub(crate) fn open(
    path: Option<&str>,
    sources: &mut Sources,
    release: Release,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Option<Samples>, Failure> {
    let Some(path) = path else { return Ok(None) };
    let mut lines = Lines::open(path, "target file")?;
    if lines.first_line_is(|line| sample_format(line) == SampleFormat::Lines)? {
        return Ok(Some(Samples::Lines(lines)));
    }
    let text = lines.rest()?;
    let name = input::shown_name(path);
    let failed = |fault: TargetInputError| Failure::new(format!("{name}: {fault}")).with_help(FORMS);
    Ok(Some(match sample_format(&text) {
        SampleFormat::Api => Samples::Saved { targets: read_api_targets(&text).map_err(failed)?, is_of_one_job: false },
        SampleFormat::Checked => {
            Samples::Saved { targets: read_checked_targets(&text).map_err(failed)?, is_of_one_job: true }
        }
        form => {
            refuse_other_files(name, &text)?;
            let form = if form == SampleFormat::JsonGroups { TargetFormat::Json } else { TargetFormat::Yaml };
            let (groups, faults) = read_target_groups(sources, name, text.as_bytes(), form, release);
            let is_broken = faults.iter().any(Diagnostic::is_error);
            diagnostics.extend(faults);
            let groups = if is_broken { Vec::new() } else { groups };
            Samples::Groups(groups)
        }
    }))
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
        match (self, &jobs[..]) {
            (Self::Saved { targets, is_of_one_job: true }, [job]) => {
                targets.iter_mut().for_each(|target| target.job.clone_from(&job.job_name.value));
                Ok(())
            }
            (Self::Saved { .. } | Self::Chosen(_), _) | (Self::Lines(_) | Self::Groups(_), [_]) => Ok(()),
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
            (Self::Saved { targets, .. }, Some(job)) => {
                let own = targets.iter().filter(|target| target.job == job.job_name.value);
                let mut own = own.map(|target| PlacedTarget::from(target.for_job(job)));
                own.try_for_each(|target| take(&Given::of_config(&target)))
            }
            (Self::Saved { .. }, None) => Ok(()),
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

fn bad_line(name: &str, number: usize, fault: &TargetInputError) -> Failure {
    Failure::new(format!("{name}: line {number}: {fault}"))
        .with_note("a line is {\"target\":{…},\"labels\":{…}}, or a map of the target's own labels")
}
