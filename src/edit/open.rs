//! From a text to what an edit works on, and back: the sources, the jobs, the texts inside other
//! texts, and the replacements of an inner text as replacements of the file.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::config::{Config, EmbeddedText, ScrapeConfig, embedded_texts};
use crate::diagnostic::Diagnostic;
use crate::lint::{FileKind, embedded_configs, recognize};
use crate::options::Options;
use crate::text::{Edits, FileId, Location, Sources, Span};
use crate::yaml::{LiteralText, Tree};

use super::change::FileChange;
use super::request::refused;

/// A text with all that was read for it.
pub(super) struct Opened<'f> {
    pub(super) options: Options<'f>,
    pub(super) sources: Sources,
    /// The file of the text.
    pub(super) file: FileId,
    /// All jobs, with those of inner texts and of included files.
    pub(super) jobs: Vec<ScrapeConfig>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The tree of the text.
    tree: Arc<Tree>,
    /// The configs inside the text, each with its file, when it is a manifest.
    inner: Vec<(FileId, LiteralText)>,
    /// The trees of inner texts and of included files, once they are needed.
    trees: FxHashMap<FileId, Arc<Tree>>,
}

/// The proved edits of one text, and its new tree.
pub(super) struct EditedText {
    pub(super) file: FileId,
    pub(super) edits: Edits,
    pub(super) tree: Tree,
}

/// The files that change, and the new tree of the text that was opened.
pub(super) struct EditedFiles {
    pub(super) files: Vec<FileChange>,
    pub(super) tree: Tree,
}

impl<'f> Opened<'f> {
    pub(super) fn new(name: &str, text: impl Into<Arc<str>>, options: &Options<'f>) -> Self {
        Self::of_tree(name, Tree::parse(text), options)
    }

    pub(super) fn of_tree(name: &str, tree: Tree, options: &Options<'f>) -> Self {
        let mut sources = Sources::new();
        let (mut jobs, mut diagnostics, mut inner) = (Vec::new(), Vec::new(), Vec::new());
        let file;
        if recognize(&tree) == FileKind::Manifest {
            file = sources.add(name, tree.text().clone());
            for text in embedded_configs(&tree) {
                let place = text.add_to(&mut sources, file);
                let (config, faults) = Config::read(&mut sources, place, options);
                jobs.extend(config.scrape_configs);
                diagnostics.extend(faults);
                inner.push((place, text.literal));
            }
        } else {
            let (config, faults) = Config::read_parsed(&mut sources, name, &tree, options);
            (file, jobs, diagnostics) = (config.file, config.scrape_configs, faults);
        }
        jobs.shrink_to_fit();
        let (tree, trees) = (Arc::new(tree), FxHashMap::default());
        Self { options: *options, sources, file, jobs, diagnostics, tree, inner, trees }
    }

    pub(super) fn name(&self) -> &str {
        self.sources.name(self.file)
    }

    /// The start of the text, for what concerns all of it.
    pub(super) fn start(&self) -> Location {
        Location::new(self.file, Span::empty(0))
    }

    /// The tree of any of its texts.
    pub(super) fn tree(&mut self, file: FileId) -> Arc<Tree> {
        if file == self.file {
            return Arc::clone(&self.tree);
        }
        let sources = &self.sources;
        let tree = self.trees.entry(file).or_insert_with(|| Arc::new(Tree::parse(sources.text(file).clone())));
        Arc::clone(tree)
    }

    /// Edits of texts as edits of the files that they are in.
    pub(super) fn to_files(&self, texts: Vec<EditedText>) -> Result<EditedFiles, Diagnostic> {
        let (mut inner, mut files, mut main) = (Vec::new(), Vec::new(), None);
        for text in texts {
            if let Some((_, literal)) = self.inner.iter().find(|(inner, _)| *inner == text.file) {
                inner.push((literal, text));
                continue;
            }
            self.is_unchanged_on_disk(text.file)?;
            let (name, before) = (self.sources.name(text.file).to_string(), self.sources.text(text.file).clone());
            files.push(FileChange { name, before, edits: text.edits });
            if text.file == self.file {
                main = Some(text.tree);
            }
        }
        if !inner.is_empty() {
            let (file, tree) = self.around(&inner)?;
            files.insert(0, file);
            main = Some(tree);
        }
        Ok(EditedFiles { files, tree: main.unwrap_or_else(|| Tree::parse(self.tree.text().clone())) })
    }

    /// An included file is edited as it was read: it must be UTF-8, and still the same.
    fn is_unchanged_on_disk(&self, file: FileId) -> Result<(), Diagnostic> {
        if file == self.file {
            return Ok(());
        }
        let text = self.sources.text(file);
        let at = Location::new(file, Span::empty(0));
        match self.options.files.read(self.sources.name(file)) {
            Ok(bytes) if bytes == text.as_bytes() => Ok(()),
            Ok(bytes) if std::str::from_utf8(&bytes).is_err() => {
                Err(refused("edit-encoding", at, "the file is not UTF-8, so that it is not edited")
                    .with_help("save it as UTF-8"))
            }
            Ok(_) => Err(refused("edit-changed", at, "the file has changed since it was read")
                .with_help("run the command again")),
            Err(error) => Err(refused("edit-changed", at, format!("the file cannot be read any more: {error}"))),
        }
    }

    /// The change of a manifest that changes the configs in it.
    fn around(&self, inner: &[(&LiteralText, EditedText)]) -> Result<(FileChange, Tree), Diagnostic> {
        let unproved = || refused("edit-unproved", self.start(), "the change cannot be made inside the manifest");
        let mut replacements = Vec::new();
        for (literal, text) in inner {
            let outer = literal.outer_edits(&text.edits).ok_or_else(unproved)?;
            replacements.extend(outer.iter().map(|edit| (edit.span, edit.text.clone())));
        }
        let edits = Edits::new(replacements).ok_or_else(unproved)?;
        let before = self.tree.text().clone();
        let tree = Tree::parse(edits.apply(&before));
        let expected = |text: &str| {
            let changed = inner.iter().find(|(literal, _)| literal.text() == text);
            changed.map(|(_, text)| text.tree.text().to_string())
        };
        let (old, new) = (embedded_texts(&self.tree), embedded_texts(&tree));
        let is_same = old.len() == new.len()
            && old.iter().zip(&new).all(|(old, new)| {
                old.key == new.key && {
                    let text = old.literal.text();
                    expected(text).as_deref().unwrap_or(text) == new.literal.text()
                }
            });
        if !is_same || !is_same_manifest(&self.tree, &tree) {
            return Err(unproved());
        }
        Ok((FileChange { name: self.name().to_string(), before, edits }, tree))
    }
}

/// Whether both have the same nodes, except for the texts of configs.
fn is_same_manifest(old: &Tree, new: &Tree) -> bool {
    let is_config = |text: &str| text.contains("scrape_config");
    old.nodes().count() == new.nodes().count()
        && old.nodes().zip(new.nodes()).all(|(old, new)| {
            old.kind() == new.kind()
                && old.anchor() == new.anchor()
                && old.tag() == new.tag()
                && old.style() == new.style()
                && (old.value() == new.value() || (is_config(old.value()) && is_config(new.value())))
        })
}

/// The texts inside a tree that edits of the sources' files may have to be mapped from.
pub(super) fn inner_texts(tree: &Tree) -> Vec<EmbeddedText> {
    if recognize(tree) == FileKind::Manifest { embedded_configs(tree) } else { Vec::new() }
}

/// Edits of `file`, which may be one of the inner texts, as edits of the file on the disk.
pub(super) fn in_outer_file(edits: &Edits, file: FileId, sources: &Sources, inner: &[EmbeddedText]) -> Option<Edits> {
    let start = sources.outermost(Location::new(file, Span::empty(0)));
    if start.file == file {
        return Some(edits.clone());
    }
    let text = inner.iter().find(|text| {
        let mut own = Sources::new();
        let outer = own.add("", "");
        let place = text.add_to(&mut own, outer);
        own.outermost(Location::new(place, Span::empty(0))).span == start.span
    })?;
    text.literal.outer_edits(edits)
}
