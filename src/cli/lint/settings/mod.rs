//! The settings of a repository, `promcfg.toml`: which findings are wanted in which files, and how
//! bad they are. Finding the file is done in `find_settings.rs`; nothing here reads a file.

mod fields;
mod globs;
pub(crate) mod read;
mod schema;

pub(crate) use schema::schema;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use promcfg::{Release, Severity};

use globs::Globs;

/// The name of the file of settings.
pub(crate) const FILE_NAME: &str = "promcfg.toml";

/// The content of a settings file.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// The folder it lies in: its patterns are relative to it.
    folder: PathBuf,
    layer: Layer,
    fail_on: Option<Severity>,
    exclude: Globs,
    overrides: Vec<Override>,
}

/// Settings for some files only.
#[derive(Debug, Default)]
pub(crate) struct Override {
    files: Globs,
    layer: Layer,
}

/// Settings that go on top of others: the rules that are left, and how bad their findings are.
#[derive(Debug, Default)]
pub(crate) struct Layer {
    /// Only these rules; none named: those that were wanted before.
    pub(crate) select: Vec<String>,
    /// Not these rules.
    pub(crate) ignore: Vec<String>,
    severity: Vec<(String, Severity)>,
    /// The release that the files are for.
    release: Option<Release>,
}

impl Layer {
    pub(crate) fn new(select: Vec<String>, ignore: Vec<String>, release: Option<Release>) -> Self {
        Self { select, ignore, severity: Vec::new(), release }
    }
}

/// The settings of the command line: they override every settings file.
#[derive(Debug)]
pub(crate) struct CommandLine {
    pub(crate) layer: Layer,
    pub(crate) fail_on: Option<Severity>,
}

/// The settings that hold for one file.
#[derive(Debug)]
pub(crate) struct FileSettings {
    settings: Option<Rc<Settings>>,
    /// Those of the settings' overrides that are for this file.
    overrides: Vec<usize>,
    command_line: Rc<CommandLine>,
    /// Whether nothing is wanted of this file.
    pub(crate) is_excluded: bool,
}

impl FileSettings {
    pub(crate) fn new(settings: Option<Rc<Settings>>, file: &Path, command_line: Rc<CommandLine>) -> Self {
        let Some(found) = &settings else {
            return Self { settings, overrides: Vec::new(), command_line, is_excluded: false };
        };
        let path = file.strip_prefix(&found.folder).unwrap_or(file);
        let is_excluded = found.exclude.matches(path);
        let overrides =
            (0..found.overrides.len()).filter(|&index| found.overrides[index].files.matches(path)).collect();
        Self { settings, overrides, command_line, is_excluded }
    }

    /// From the ground up.
    fn layers(&self) -> impl Iterator<Item = &Layer> {
        let settings = self.settings.as_deref();
        let overrides = settings.map_or(&[][..], |settings| &settings.overrides);
        let overrides = self.overrides.iter().filter_map(|&index| overrides.get(index)).map(|one| &one.layer);
        settings.map(|settings| &settings.layer).into_iter().chain(overrides).chain([&self.command_line.layer])
    }

    /// Whether findings of that rule are wanted.
    pub(crate) fn is_wanted(&self, id: &str) -> bool {
        let is = |ids: &[String]| ids.iter().any(|known| known == id);
        self.layers().fold(true, |is_wanted, layer| {
            (if layer.select.is_empty() { is_wanted } else { is(&layer.select) }) && !is(&layer.ignore)
        })
    }

    /// How bad a finding of that rule is.
    pub(crate) fn severity(&self, id: &str, own: Severity) -> Severity {
        let set = self.layers().flat_map(|layer| &layer.severity).filter(|(known, _)| known == id).last();
        set.map_or(own, |(_, severity)| *severity)
    }

    /// The release that the file is for.
    pub(crate) fn release(&self) -> Release {
        self.named_release().unwrap_or_default()
    }

    /// The release that the command line or the settings name.
    pub(crate) fn named_release(&self) -> Option<Release> {
        self.layers().filter_map(|layer| layer.release).last()
    }

    /// Whether a finding that bad makes the run fail.
    pub(crate) fn is_failure(&self, severity: Severity) -> bool {
        let of_file = self.settings.as_ref().and_then(|settings| settings.fail_on);
        severity >= self.command_line.fail_on.or(of_file).unwrap_or(Severity::Warning)
    }
}
