//! The configs that an edit is about: files that are named, and the configs in folders.

use std::collections::HashSet;

use promcfg::Release;
use promcfg::files::path_of;
use promcfg::input::{Format, Input};

use crate::cli::args::ConfigArguments;
use crate::cli::input;
use crate::cli::lint::files::{Candidate, Candidates, candidates, identity};
use crate::cli::lint::find_settings::{Finder, release_for};
use crate::cli::lint::settings::{CommandLine, Layer};
use crate::cli::status::Failure;
use crate::cli::terminal::Terminal;

/// A config to be edited.
#[derive(Debug)]
pub(super) struct ConfigFile {
    pub(super) path: String,
    /// Whether it was found in a folder, rather than named.
    pub(super) is_found: bool,
    pub(super) release: Release,
}

/// The configs of the arguments, each once; in folders those that may include others come first.
///
/// # Errors
/// A folder has no config; a file in it, or the settings for it, cannot be read.
pub(super) fn configs_of(
    arguments: &ConfigArguments,
    prometheus: Option<Release>,
    terminal: &Terminal,
) -> Result<Vec<ConfigFile>, Failure> {
    let mut configs = Vec::new();
    for path in arguments.paths() {
        if path != "-" && path_of(path).is_dir() {
            configs.extend(in_folder(path, prometheus, terminal)?);
        } else {
            let release = release_for(input::shown_name(path), prometheus)?;
            configs.push(ConfigFile { path: path.clone(), is_found: false, release });
        }
    }
    let mut seen = HashSet::new();
    configs.retain(|config| seen.insert(identity(&config.path)));
    Ok(configs)
}

fn in_folder(folder: &str, prometheus: Option<Release>, terminal: &Terminal) -> Result<Vec<ConfigFile>, Failure> {
    let layer = Layer::new(Vec::new(), Vec::new(), prometheus);
    let mut finder = Finder::new(CommandLine { layer, fail_on: None });
    let (mut configs, mut excluded) = (Vec::new(), 0);
    let Candidates { files, failures, notes } = candidates(&[folder.to_string()]);
    notes.iter().for_each(|note| terminal.note(note));
    if let Some(failure) = failures.into_iter().next() {
        return Err(failure);
    }
    for Candidate { path, .. } in files {
        let settings = finder.settings_of(&path);
        if let Some(failure) = finder.take_failures().into_iter().next() {
            return Err(failure);
        }
        let Some(settings) = settings else { continue };
        if settings.is_excluded {
            excluded += 1;
            continue;
        }
        let input = Input::decode(&path, &input::read_found_bytes(&path, "config")?);
        if is_config(input.format()) && !has_only_unread_objects(&input) {
            let includes = input.tree().text().contains("scrape_config_files");
            configs.push((!includes, ConfigFile { path, is_found: true, release: settings.release() }));
        }
    }
    if configs.is_empty() {
        let failure = Failure::new(format!("found no Prometheus config in {folder}"));
        return Err(match excluded {
            0 => failure.with_help("name the file"),
            count => failure.with_note(format!("promcfg.toml excludes {count} of the files")),
        });
    }
    if excluded > 0 {
        terminal.note(&format!("{folder}: promcfg.toml excludes {excluded} files, which are not edited"));
    }
    configs.sort_by_key(|(comes_later, _)| *comes_later);
    Ok(configs.into_iter().map(|(_, config)| config).collect())
}

/// Whether a manifest has neither a config nor an object that is edited.
fn has_only_unread_objects(input: &Input) -> bool {
    *input.format() == Format::Manifest
        && !input.has_operator_objects()
        && !input.unread_objects().is_empty()
        && input.parts().is_empty()
}

/// Whether a file in a folder is edited: target files are only edited when they are named.
fn is_config(format: &Format) -> bool {
    match format {
        Format::Config | Format::ScrapeConfigs | Format::ScrapeConfig | Format::Manifest => true,
        Format::RelabelRules | Format::Targets | Format::Neighbor(_) | Format::Unknown => false,
        _ => false,
    }
}
