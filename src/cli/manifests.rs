//! The manifests that a user names: files, folders, patterns and standard input, with the objects of
//! prometheus-operator and of the cluster in them.

use std::sync::Arc;

use promcfg::input::operator::{NamedRelease, ObjectId, OperatorObjects};
use promcfg::input::{Format, Input};
use promcfg::report::escape_text;
use promcfg::simulate::ClusterObjects;
use promcfg::text::{FileId, decode_text};
use promcfg::yaml::Tree;
use promcfg::{Diagnostic, Sources};

use super::input;
use super::samples::{Found, find};
use super::status::Failure;

/// Manifests, and the objects in them.
#[derive(Clone, Default)]
pub(crate) struct Manifests {
    /// The texts, in the order of the names.
    pub(crate) files: Vec<FileId>,
    /// The objects of the operator.
    pub(crate) objects: OperatorObjects,
    /// The objects in which targets are looked for.
    pub(crate) cluster: ClusterObjects,
    /// The files that are not valid YAML and no manifests, such as templates.
    pub(crate) skipped: Vec<String>,
    /// The places that are not valid YAML.
    pub(crate) broken: Vec<Diagnostic>,
}

impl Manifests {
    /// Reads all files.
    ///
    /// # Errors
    /// A file that the user named cannot be read, or a folder cannot be listed.
    pub(crate) fn read(paths: &[String], sources: &mut Sources) -> Result<Self, Failure> {
        let mut manifests = Self::default();
        for file in find(paths, "manifests")? {
            if file.is_named || is_manifest(&file.path) {
                manifests.read_file(&file, sources)?;
            }
        }
        Ok(manifests)
    }

    /// The objects of one text, if it has objects of the operator.
    pub(crate) fn of_bytes(name: &str, bytes: &[u8], sources: &mut Sources) -> Option<Self> {
        if !has_group(bytes) {
            return None;
        }
        let mut manifests = Self::default();
        manifests.add(name, decode_text(bytes).text, sources);
        (!manifests.objects.is_empty()).then_some(manifests)
    }

    fn read_file(&mut self, file: &Found, sources: &mut Sources) -> Result<(), Failure> {
        let bytes = read(file)?;
        self.add(input::shown_name(&file.path), decode_text(&bytes).text, sources);
        Ok(())
    }

    fn add(&mut self, name: &str, text: String, sources: &mut Sources) {
        let tree = Tree::parse(text);
        let file = sources.add(name, tree.text().clone());
        self.files.push(file);
        self.objects.add(&tree, file);
        let is_valid = self.cluster.add(&tree, file);
        if !is_valid {
            let input = Input::of_tree(name, tree);
            match input.format() {
                // A template, most often; other files of a folder are no manifests.
                Format::Neighbor(_) | Format::Unknown => self.skipped.push(name.to_string()),
                _ => self.broken.extend(input.broken_places(file)),
            }
        }
    }
}

/// The texts of the manifests, by their names.
///
/// # Errors
/// A file that the user named cannot be read or is not UTF-8, or a folder cannot be listed.
pub(crate) fn manifest_texts(paths: &[String]) -> Result<Vec<(String, Arc<str>)>, Failure> {
    let mut texts = Vec::new();
    for file in find(paths, "manifests")? {
        if !file.is_named && !is_manifest(&file.path) {
            continue;
        }
        let name = input::shown_name(&file.path);
        match (String::from_utf8(read(&file)?), file.is_named) {
            (Ok(text), _) => texts.push((name.to_string(), Arc::from(text))),
            (Err(_), true) => return Err(Failure::new(format!("cannot edit {name}: it is not UTF-8"))),
            (Err(_), false) => {}
        }
    }
    Ok(texts)
}

fn read(file: &Found) -> Result<Vec<u8>, Failure> {
    const PURPOSE: &str = "manifest";
    match file.is_named {
        true => input::read_bytes(&file.path, PURPOSE),
        false => input::read_found_bytes(&file.path, PURPOSE),
    }
}

/// That the object of a Prometheus says which release reads its config.
pub(crate) fn release_note(server: &ObjectId, NamedRelease { release, field, .. }: NamedRelease) -> String {
    let server = escape_text(&server.to_string()).into_owned();
    format!("{server} runs Prometheus {release}, by its `spec.{field}`; --prometheus VERSION names another release")
}

/// Whether a text may have objects of the operator.
fn has_group(bytes: &[u8]) -> bool {
    const GROUP: &[u8] = b"monitoring.coreos.com";
    // UTF-16 has a zero after each letter.
    bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || memchr::memmem::find(bytes, GROUP).is_some()
}

/// Whether a file in a folder may be a manifest, by its name.
fn is_manifest(path: &str) -> bool {
    [".yml", ".yaml", ".json"].iter().any(|ending| path.ends_with(ending))
}
