//! The other manifests of a run: those of `--file`, of folders, and of `--targets`. Their objects select and qualify those of
//! each file that is edited.

use std::sync::Arc;

use promcfg::edit::OtherManifests;
use promcfg::text::decode_text;

use super::configs::ConfigFile;
use super::pending::Pending;
use crate::cli::input;
use crate::cli::samples::find;

/// What the texts of objects of the operator have in them.
const GROUP: &str = "monitoring.coreos.com/";

/// The manifests of a run. What cannot be read is reported where it is edited.
/// `targets` are the files of `--targets`.
pub(super) fn others_of(configs: &[ConfigFile], targets: &[String], pending: &Pending) -> OtherManifests {
    let of_targets = texts_of_targets(targets);
    if configs.len() < 2 && of_targets.is_empty() {
        return OtherManifests::default();
    }
    let text = |config: &ConfigFile| -> Option<(String, Arc<str>)> {
        let name = input::shown_name(&config.path).to_string();
        if config.path == "-" {
            return None;
        }
        let text = match pending.text_of(&config.path) {
            Some(text) => text,
            None => decode_text(&input::read_found_bytes(&config.path, "config").ok()?).text,
        };
        Some((name, text.into()))
    };
    let texts: Vec<(String, Arc<str>)> = configs.iter().filter_map(text).chain(of_targets).collect();
    match texts.iter().any(|(_, text)| text.contains(GROUP)) {
        true => OtherManifests::new(texts),
        false => OtherManifests::default(),
    }
}

/// Whether `--targets` names manifests with objects that qualify others, rather than targets.
pub(super) fn names_manifests(targets: &[String]) -> bool {
    !texts_of_targets(targets).is_empty()
}

fn texts_of_targets(targets: &[String]) -> Vec<(String, Arc<str>)> {
    let files = find(targets, "target files").unwrap_or_default();
    let text = |path: &String| {
        let text = decode_text(&input::read_found_bytes(path, "targets").ok()?).text;
        let is_manifest = text.contains(GROUP) || text.contains("Namespace");
        is_manifest.then(|| (path.clone(), text.into()))
    };
    files.iter().filter(|file| file.path != "-").filter_map(|file| text(&file.path)).collect()
}
