//! The targets a job's config names: its static groups, and the files of its file discovery.

use std::collections::HashSet;

use crate::config::{FileSd, ScrapeConfig, TargetGroup, join_to_folder_of, read_target_file};
use crate::diagnostic::{Diagnostic, Severity, ids};
use crate::files::{is_outside_root, is_own_refusal};
use crate::options::Options;
use crate::scrape::DiscoveredTarget;
use crate::text::{Location, Sources};

use super::Owner;

/// A target and the place where it is written, if it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlacedTarget {
    /// The target.
    pub target: DiscoveredTarget,
    /// Its place.
    pub at: Option<Location>,
}

impl From<DiscoveredTarget> for PlacedTarget {
    fn from(target: DiscoveredTarget) -> Self {
        Self { target, at: None }
    }
}

/// The targets that a config names, in their groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OwnTargets {
    /// The targets, those of a group one after the other.
    pub targets: Vec<PlacedTarget>,
    /// The index after the last target of each group.
    ends: Vec<usize>,
}

impl OwnTargets {
    /// The targets, group by group.
    pub fn groups(&self) -> impl Iterator<Item = &[PlacedTarget]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| self.targets.get(start..end).unwrap_or(&[]))
    }

    fn push_group(&mut self, targets: impl Iterator<Item = PlacedTarget>) {
        self.targets.extend(targets);
        self.ends.push(self.targets.len());
    }
}

/// The targets of a job or an Alertmanager that the config names: those of `static_configs`, then those of the files
/// of `file_sd_configs`. Files that are read are added to `sources`. Targets of other mechanisms are not known here.
///
/// The diagnostics report target files that are missing (an info) or broken (an error; Prometheus
/// skips such a file).
pub fn own_targets(owner: Owner<'_>, sources: &mut Sources, options: &Options<'_>) -> (OwnTargets, Vec<Diagnostic>) {
    let mut targets = OwnTargets::default();
    owner.static_configs().iter().for_each(|group| targets.push_group(targets_of_group(group)));
    let mut diagnostics = Vec::new();
    for file_sd in owner.file_sd_configs() {
        read_file_sd(owner, file_sd, sources, options, &mut targets, &mut diagnostics);
    }
    let diagnostics = diagnostics.into_iter().map(|diagnostic| owner.mark(diagnostic)).collect();
    (targets, diagnostics)
}

/// The targets of `job` that its config names, as [`own_targets`] finds them.
pub fn targets_of_job(
    job: &ScrapeConfig,
    sources: &mut Sources,
    options: &Options<'_>,
) -> (Vec<PlacedTarget>, Vec<Diagnostic>) {
    let (own, diagnostics) = own_targets(Owner::Job(job), sources, options);
    (own.targets, diagnostics)
}

/// The targets of one group, each with its place.
pub fn targets_of_group(group: &TargetGroup) -> impl Iterator<Item = PlacedTarget> + '_ {
    let labels: Vec<(String, String)> =
        group.labels.iter().map(|(name, value)| (name.value.clone(), value.value.clone())).collect();
    group.targets.iter().map(move |address| PlacedTarget {
        target: DiscoveredTarget {
            own: vec![("__address__".to_string(), address.value.clone())],
            group: labels.clone(),
        },
        at: Some(Location::new(group.file, address.span)),
    })
}

fn read_file_sd(
    owner: Owner<'_>,
    file_sd: &FileSd,
    sources: &mut Sources,
    options: &Options<'_>,
    targets: &mut OwnTargets,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut seen = HashSet::new();
    for pattern in &file_sd.files {
        let at = Location::new(owner.file(), pattern.span);
        let joined = join_to_folder_of(sources.name(owner.file()), &pattern.value);
        let paths = match options.files.glob(&joined) {
            Ok(paths) => paths,
            Err(error) => {
                diagnostics.push(unlistable(at, &joined, &error));
                continue;
            }
        };
        if paths.is_empty() {
            diagnostics.push(nothing_matches(at, &joined));
        }
        for path in paths.into_iter().filter(|path| seen.insert(path.clone())) {
            match options.files.read(&path) {
                Ok(bytes) => {
                    let (groups, faults) = read_target_file(sources, &path, &bytes, owner.release());
                    // Prometheus skips a broken file completely.
                    let is_broken = faults.iter().any(Diagnostic::is_error);
                    diagnostics.extend(faults.into_iter().map(in_target_file));
                    let groups = if is_broken { Vec::new() } else { groups };
                    groups.iter().for_each(|group| targets.push_group(targets_of_file_group(group, &path)));
                }
                Err(error) => diagnostics.push(unreadable(at, &path, &error)),
            }
        }
    }
}

/// File discovery adds the file's path to each group, over a label of that name.
fn targets_of_file_group<'g>(group: &'g TargetGroup, path: &'g str) -> impl Iterator<Item = PlacedTarget> + 'g {
    const FILE_PATH_LABEL: &str = "__meta_filepath";
    targets_of_group(group).map(move |mut placed| {
        placed.target.group.retain(|(name, _)| name != FILE_PATH_LABEL);
        placed.target.group.push((FILE_PATH_LABEL.to_string(), path.to_string()));
        placed
    })
}

/// What an error in a target file means.
fn in_target_file(fault: Diagnostic) -> Diagnostic {
    if fault.is_error() {
        fault.with_note("Prometheus logs this error and gets no targets from the file")
    } else {
        fault
    }
}

fn nothing_matches(at: Location, pattern: &str) -> Diagnostic {
    Diagnostic::new(ids::MISSING_TARGET_FILE, Severity::Info, at, format!("no file matches {pattern:?}"))
        .with_argument("pattern", pattern)
        .with_note("Prometheus has no targets from this pattern until such a file appears")
        .with_help("if the file only exists in production, provide its targets with `--targets FILE --job NAME`")
}

fn unlistable(at: Location, pattern: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(
        ids::UNREADABLE_TARGET_FILE,
        Severity::Error,
        at,
        format!("cannot list the files that match {pattern:?}: {error}"),
    )
    .with_argument("path", pattern)
    .with_note("Prometheus logs such an error and gets no targets from these files")
}

fn unreadable(at: Location, path: &str, error: &std::io::Error) -> Diagnostic {
    // Outside the root, nothing is said of the file.
    let severity = if is_outside_root(error) { Severity::Info } else { Severity::Error };
    let message = format!("cannot read the target file {path:?}: {error}");
    let unreadable = Diagnostic::new(ids::UNREADABLE_TARGET_FILE, severity, at, message).with_argument("path", path);
    if is_own_refusal(error) {
        return unreadable.with_note("the targets in the file are not known");
    }
    unreadable
        .with_note("Prometheus logs such an error and gets no targets from the file")
        .with_help("check the path and the permissions of the file")
}
