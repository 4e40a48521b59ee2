//! Targets that a user gives in place of a job's own.

use promcfg::config::{ScrapeConfig, TargetFormat, read_target_groups};
use promcfg::input::{Format, Input};
use promcfg::scrape::DiscoveredTarget;
use promcfg::simulate::{
    ApiTarget, PlacedTarget, SampleFormat, read_api_targets, read_target_line, sample_format, targets_of_group,
};
use promcfg::{Diagnostic, Release, Sources};

use super::args::SimulateArguments;
use super::input::{self, Lines};
use super::status::Failure;

/// Where the targets come from.
pub(crate) enum Samples {
    /// One made by hand.
    One(PlacedTarget),
    /// Lines of JSON, read one by one.
    Lines(Lines),
    /// Target groups.
    Groups(Vec<PlacedTarget>),
    /// A saved response, whose targets name their jobs.
    Api(Vec<ApiTarget>),
}

/// The targets given, if any; faults of a file of groups are added to `diagnostics`.
pub(crate) fn open(
    arguments: &SimulateArguments,
    sources: &mut Sources,
    release: Release,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Option<Samples>, Failure> {
    if let Some(address) = &arguments.target {
        return Ok(Some(Samples::One(made_by_hand(address, &arguments.labels))));
    }
    let Some(path) = &arguments.targets else { return Ok(None) };
    let mut lines = Lines::open(path, "target file")?;
    if lines.first_line_is(|line| sample_format(line) == SampleFormat::Lines)? {
        return Ok(Some(Samples::Lines(lines)));
    }
    let text = lines.rest()?;
    let name = input::shown_name(path);
    Ok(Some(match sample_format(&text) {
        SampleFormat::Api => {
            let failed =
                |fault: promcfg::simulate::TargetInputError| Failure::new(format!("{name}: {fault}")).with_help(FORMS);
            Samples::Api(read_api_targets(&text).map_err(failed)?)
        }
        form => {
            refuse_other_files(name, &text)?;
            let form = if form == SampleFormat::JsonGroups { TargetFormat::Json } else { TargetFormat::Yaml };
            let (groups, faults) = read_target_groups(sources, name, text.as_bytes(), form, release);
            let is_broken = faults.iter().any(Diagnostic::is_error);
            diagnostics.extend(faults);
            let groups = if is_broken { Vec::new() } else { groups };
            Samples::Groups(groups.iter().flat_map(targets_of_group).collect())
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

const FORMS: &str =
    "targets are a saved /api/v1/targets response, lines of JSON, or target groups as in file_sd_configs";

fn made_by_hand(address: &str, labels: &[(String, String)]) -> PlacedTarget {
    let mut target = DiscoveredTarget::from_address(address);
    for (name, value) in labels {
        target.own.retain(|(other, _)| other != name);
        target.own.push((name.clone(), value.clone()));
    }
    target.into()
}

impl Samples {
    /// Gives each target of `job` to `take`, one after the other.
    pub(crate) fn each(
        &mut self,
        job: &ScrapeConfig,
        take: &mut dyn FnMut(&PlacedTarget) -> Result<(), super::status::Stop>,
    ) -> Result<(), super::status::Stop> {
        match self {
            Self::One(target) => take(target),
            Self::Groups(targets) => targets.iter().try_for_each(take),
            Self::Api(targets) => {
                let own = targets.iter().filter(|target| target.job == job.job_name.value);
                own.map(|target| PlacedTarget::from(target.for_job(job))).try_for_each(|target| take(&target))
            }
            Self::Lines(lines) => {
                while let Some((number, line)) = lines.next_line()? {
                    if line.trim().is_empty() {
                        continue;
                    }
                    match read_target_line(line) {
                        Ok(target) => take(&target.into())?,
                        Err(fault) => return Err(bad_line(lines.name(), number, &fault).into()),
                    }
                }
                Ok(())
            }
        }
    }
}

fn bad_line(name: &str, number: usize, fault: &promcfg::simulate::TargetInputError) -> Failure {
    Failure::new(format!("{name}: line {number}: {fault}"))
        .with_note("a line is {\"target\":{…},\"labels\":{…}}, or a map of the target's own labels")
}
