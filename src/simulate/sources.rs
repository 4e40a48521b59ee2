//! The targets a job's config names: its static groups, and the files of its file discovery.

use std::collections::HashSet;
use std::sync::Arc;

use crate::config::{FileSd, ScrapeConfig, TargetGroup, join_to_folder_of};
use crate::diagnostic::{Diagnostic, Severity, ids};
use crate::files::{is_outside_root, is_own_refusal};
use crate::options::Options;
use crate::scrape::DiscoveredTarget;
use crate::text::{Location, Sources, Spanned};

use super::{Owner, TargetFiles};

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
/// [`known_targets`] does not hold all of them at once, and reads a file once.
///
/// The diagnostics report target files that are missing (an info) or broken (an error; Prometheus
/// skips such a file).
pub fn own_targets(owner: Owner<'_>, sources: &mut Sources, options: &Options<'_>) -> (OwnTargets, Vec<Diagnostic>) {
    let (known, diagnostics) = known_targets(owner, sources, options, &mut TargetFiles::new());
    let mut targets = OwnTargets::default();
    known.groups().for_each(|group| targets.push_group(group.iter()));
    (targets, diagnostics)
}

/// The targets of a job or an Alertmanager that the config names: where they are written. Each is made when it is asked
/// for.
#[derive(Clone, Debug)]
pub struct KnownTargets<'c> {
    statics: &'c [TargetGroup],
    files: Vec<(Arc<str>, Arc<[TargetGroup]>)>,
}

/// File discovery adds the file's path to each group, over a label of that name.
const FILE_PATH_LABEL: &str = "__meta_filepath";

/// A group of targets that a config names.
#[derive(Clone, Copy, Debug)]
pub struct KnownGroup<'k> {
    group: &'k TargetGroup,
    /// The file that file discovery found it in.
    path: Option<&'k str>,
}

impl<'c> KnownTargets<'c> {
    /// Those of `static_configs` alone.
    pub(crate) fn of_config(owner: Owner<'c>) -> Self {
        Self { statics: owner.static_configs(), files: Vec::new() }
    }
}

impl KnownTargets<'_> {
    /// Those of the target files.
    #[must_use]
    pub fn into_files(self) -> KnownTargets<'static> {
        KnownTargets { statics: &[], files: self.files }
    }

    /// The groups in the order of their sources.
    pub fn groups(&self) -> impl Iterator<Item = KnownGroup<'_>> {
        let statics = self.statics.iter().map(|group| KnownGroup { group, path: None });
        let files = self
            .files
            .iter()
            .flat_map(|(path, groups)| groups.iter().map(move |group| KnownGroup { group, path: Some(path) }));
        statics.chain(files)
    }

    /// The targets, group by group.
    pub fn iter(&self) -> impl Iterator<Item = PlacedTarget> {
        self.groups().flat_map(KnownGroup::into_targets)
    }

    /// The number of targets.
    #[must_use]
    pub fn len(&self) -> usize {
        self.groups().map(|group| group.group.targets.len()).sum()
    }

    /// Whether there is no target.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<'k> KnownGroup<'k> {
    /// Its targets.
    pub fn iter(&self) -> impl Iterator<Item = PlacedTarget> + use<'k> {
        self.into_targets()
    }

    /// The labels that its targets share, in the order written.
    pub(super) fn labels(&self) -> Vec<(&'k str, &'k str)> {
        let labels = self.group.labels.iter().map(|(name, value)| (name.value.as_str(), value.value.as_str()));
        let Some(path) = self.path else { return labels.collect() };
        labels.filter(|(name, _)| *name != FILE_PATH_LABEL).chain([(FILE_PATH_LABEL, path)]).collect()
    }

    /// The addresses of its targets.
    pub(super) fn addresses(&self) -> impl Iterator<Item = &'k Spanned<String>> + use<'k> {
        self.group.targets.iter()
    }

    /// The place of an address.
    pub(super) fn place(&self, address: &Spanned<String>) -> Location {
        Location::new(self.group.file, address.span)
    }

    /// The target with this index.
    pub(super) fn target(&self, index: usize) -> Option<PlacedTarget> {
        self.into_targets().nth(index)
    }

    fn into_targets(self) -> impl Iterator<Item = PlacedTarget> + use<'k> {
        let Self { group, path } = self;
        let mut labels = labels_of_group(group);
        if let Some(path) = path {
            labels.retain(|(name, _)| name != FILE_PATH_LABEL);
            labels.push((FILE_PATH_LABEL.to_string(), path.to_string()));
        }
        targets_with(group, labels)
    }
}

/// As [`own_targets`]: where the targets are written. A file is read and held once, however many jobs name it, by the
/// `files` of a run.
///
/// ```
/// use promcfg::files::MemoryFiles;
/// use promcfg::simulate::{Owner, TargetFiles, known_targets};
/// use promcfg::{Config, Options, Sources};
/// let job = |name: &str| format!("- job_name: {name}\n  file_sd_configs: [{{files: [t.json]}}]\n");
/// let mut sources = Sources::new();
/// let file = sources.add("prometheus.yml", format!("scrape_configs:\n{}{}", job("a"), job("b")));
/// let disk: MemoryFiles = [("t.json", r#"[{"targets":["h:1","h:2"]}]"#)].into_iter().collect();
/// let options = Options::new(&disk);
/// let (config, _) = Config::read(&mut sources, file, &options);
/// let mut files = TargetFiles::new();
/// for job in &config.scrape_configs {
///     let (targets, _) = known_targets(Owner::Job(job), &mut sources, &options, &mut files);
///     assert_eq!(targets.len(), 2);
/// }
/// assert_eq!(sources.len(), 2);
/// ```
pub fn known_targets<'c>(
    owner: Owner<'c>,
    sources: &mut Sources,
    options: &Options<'_>,
    files: &mut TargetFiles,
) -> (KnownTargets<'c>, Vec<Diagnostic>) {
    let mut known = KnownTargets { statics: owner.static_configs(), files: Vec::new() };
    let mut diagnostics = Vec::new();
    for file_sd in owner.file_sd_configs() {
        read_file_sd(owner, file_sd, sources, options, files, &mut known, &mut diagnostics);
    }
    let diagnostics = diagnostics.into_iter().map(|diagnostic| owner.mark(diagnostic)).collect();
    (known, diagnostics)
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
    targets_with(group, labels_of_group(group))
}

/// One target of a group, by its index there.
pub(crate) fn target_of_group(group: &TargetGroup, index: usize) -> Option<PlacedTarget> {
    let address = group.targets.get(index)?;
    let own = vec![("__address__".to_string(), address.value.clone())];
    let target = DiscoveredTarget { own, group: labels_of_group(group) };
    Some(PlacedTarget { target, at: Some(Location::new(group.file, address.span)) })
}

fn labels_of_group(group: &TargetGroup) -> Vec<(String, String)> {
    group.labels.iter().map(|(name, value)| (name.value.clone(), value.value.clone())).collect()
}

fn targets_with(group: &TargetGroup, labels: Vec<(String, String)>) -> impl Iterator<Item = PlacedTarget> + '_ {
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
    files: &mut TargetFiles,
    known: &mut KnownTargets<'_>,
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
            match files.read(&path, owner.release(), sources, options) {
                Ok(file) => {
                    diagnostics.extend(file.faults.iter().cloned().map(in_target_file));
                    // Prometheus skips a broken file completely.
                    if !file.is_broken() {
                        known.files.push((Arc::from(path), file.groups.clone()));
                    }
                }
                Err(error) => diagnostics.push(unreadable(at, &path, error)),
            }
        }
    }
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
