//! Which settings hold for a file: those found first on the way up from its folder.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use promcfg::files::{name_of, path_of};

use super::settings::read::read;
use super::settings::{CommandLine, FILE_NAME, FileSettings, Layer, Settings};
use crate::cli::disk;
use crate::cli::input;
use crate::cli::status::Failure;
use promcfg::Release;

/// The largest file of settings, in bytes.
const LARGEST_SETTINGS: u64 = 1 << 20;

/// Finds settings, and reads each file of them once.
#[derive(Debug)]
pub(crate) struct Finder {
    command_line: Rc<CommandLine>,
    current: PathBuf,
    by_folder: HashMap<PathBuf, Found>,
    /// The problem with files of settings that were met, and not reported yet.
    failures: Vec<Failure>,
}

/// What was found for a folder.
#[derive(Debug, Clone)]
enum Found {
    Settings(Rc<Settings>),
    Nothing,
    /// Settings that are wrong.
    Broken,
}

impl Finder {
    pub(crate) fn new(command_line: CommandLine) -> Self {
        let current = std::env::current_dir().unwrap_or_default();
        Self { command_line: Rc::new(command_line), current, by_folder: HashMap::new(), failures: Vec::new() }
    }

    /// The settings for a file; nothing when those that hold for it are wrong.
    pub(crate) fn settings_of(&mut self, name: &str) -> Option<FileSettings> {
        let file = without_dots(&self.current.join(path_of(name)));
        let settings = match self.find(file.parent().unwrap_or(&file).to_path_buf()) {
            Found::Settings(settings) => Some(settings),
            Found::Nothing => None,
            Found::Broken => return None,
        };
        Some(FileSettings::new(settings, &file, Rc::clone(&self.command_line)))
    }

    /// The problem with the files of settings met since this was last asked.
    pub(crate) fn take_failures(&mut self) -> Vec<Failure> {
        std::mem::take(&mut self.failures)
    }

    /// The search ends at the top of a repository, and at the root.
    fn find(&mut self, folder: PathBuf) -> Found {
        let mut passed = Vec::new();
        let mut next = Some(folder);
        let mut found = Found::Nothing;
        while let Some(folder) = next {
            if let Some(known) = self.by_folder.get(&folder) {
                found = known.clone();
                break;
            }
            // A file can be named by a link that is outside the root.
            if disk::within_root(&folder).is_err() {
                passed.push(folder);
                break;
            }
            let is_top = folder.join(".git").exists() || disk::root().is_some_and(|root| is_same(&folder, root));
            next = folder.parent().filter(|_| !is_top).map(Path::to_path_buf);
            // A link to nothing is reported.
            let is_there = folder.join(FILE_NAME).symlink_metadata().is_ok();
            passed.push(folder);
            if let Some(folder) = passed.last().filter(|_| is_there) {
                found = self.read_in(&folder.clone());
                break;
            }
        }
        self.by_folder.extend(passed.into_iter().map(|folder| (folder, found.clone())));
        found
    }

    fn read_in(&mut self, folder: &Path) -> Found {
        let path = folder.join(FILE_NAME);
        let name = shown_from(&self.current, folder);
        let text = input::read_found_text(&name_of(path.as_os_str()), "settings file", LARGEST_SETTINGS);
        let text = text.map_err(|failure| vec![failure]);
        match text.and_then(|text| read(&text, &name, folder)) {
            Ok(settings) => Found::Settings(Rc::new(settings)),
            Err(failures) => {
                self.failures.extend(failures);
                Found::Broken
            }
        }
    }
}

fn is_same(folder: &Path, root: &Path) -> bool {
    folder == root || folder.canonicalize().is_ok_and(|folder| folder == root)
}

/// A path without `.`, and without `..` where a folder is before it.
fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            _ => plain.push(component),
        }
    }
    plain
}

/// The settings in `folder` as seen from the current folder.
fn shown_from(current: &Path, folder: &Path) -> String {
    let path = if let Ok(below) = folder.strip_prefix(current) {
        below.join(FILE_NAME)
    } else if let Ok(above) = current.strip_prefix(folder) {
        above.components().map(|_| "..").collect::<PathBuf>().join(FILE_NAME)
    } else {
        folder.join(FILE_NAME)
    };
    name_of(path.as_os_str())
}

/// The release that the config of that name is for: the one the user named, else that of its settings.
///
/// # Errors
/// The first thing that is wrong with the settings.
pub(crate) fn release_for(name: &str, named: Option<Release>) -> Result<Release, Failure> {
    named_release_for(name, named).map(Option::unwrap_or_default)
}

/// As [`release_for`], if a release is named.
///
/// # Errors
/// The first thing that is wrong with the settings.
pub(crate) fn named_release_for(name: &str, named: Option<Release>) -> Result<Option<Release>, Failure> {
    if named.is_some() {
        return Ok(named);
    }
    let mut finder = Finder::new(CommandLine { layer: Layer::default(), fail_on: None });
    let settings = finder.settings_of(name);
    match finder.take_failures().into_iter().next() {
        Some(failure) => Err(failure),
        None => Ok(settings.and_then(|settings| settings.named_release())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_shown_from_the_current_folder() {
        let shown = |folder: &str| shown_from(Path::new("/a/b/c"), Path::new(folder));
        assert_eq!(shown("/a/b/c"), "promcfg.toml");
        assert_eq!(shown("/a/b/c/d"), "d/promcfg.toml");
        assert_eq!(shown("/a"), "../../promcfg.toml");
        assert_eq!(shown("/x"), "/x/promcfg.toml");
    }

    #[test]
    fn dots_are_taken_out_of_a_path() {
        assert_eq!(without_dots(Path::new("/a/./b/../c.yml")), Path::new("/a/c.yml"));
        assert_eq!(without_dots(Path::new("/../c.yml")), Path::new("/c.yml"));
    }
}
