//! From a text to what an edit works on, and back: the sources, the jobs, the texts inside other
//! texts, and the replacements of an inner text as replacements of the file.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::config::{Global, ReadConfig, ScrapeConfig, is_key_of_config};
use crate::diagnostic::{Diagnostic, ids};
use crate::files::Files;
use crate::input::{Format, Input, Part, Shape, is_list_without_items};
use crate::options::Options;
use crate::simulate::TargetFiles;
use crate::text::{Edits, FileId, Location, Sources, Span};
use crate::yaml::{Node, NodeKind, Tree};
use crate::yaml_edit::Plan;

use super::change::FileChange;
use super::given::{Allowances, Given, ThroughAnchor};
use super::objects::Objects;
use super::request::{Method, refused};
use super::surroundings::OtherManifests;
use super::target_groups::{Unfolded, is_json, is_json_target_file, job_of_target_file};

/// A text with all that was read for it.
pub(super) struct Opened<'f> {
    pub(super) options: Options<'f>,
    pub(super) sources: Sources,
    /// The file of the text.
    pub(super) file: FileId,
    /// All jobs, with those of inner texts and of included files.
    pub(super) jobs: Vec<ScrapeConfig>,
    /// Whether the jobs and diagnostics are those of one config that is not read yet: [`read_all`](Self::read_all) does
    /// so. What is asked of single jobs needs only these.
    is_unread: bool,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Whether the text is not a config, but a list of target groups: its one job has these groups.
    pub(super) is_target_file: bool,
    /// The jobs with the groups of their target files, once they are to be edited.
    pub(super) unfolded: Option<Unfolded>,
    /// What the jobs are to be prepared for, once they are read.
    pub(super) wanted_method: Option<Method>,
    /// Targets and series that the user gave.
    pub(super) given: Given,
    pub(super) allowances: Allowances,
    /// The target files of the jobs.
    pub(super) target_files: TargetFiles,
    /// The tree of the text.
    tree: Arc<Tree>,
    /// The configs inside the text, each with its file, when it is a manifest.
    inner: Vec<(FileId, Part)>,
    /// The objects of prometheus-operator in the text; their jobs are among the others.
    pub(super) objects: Option<Objects>,
    /// Other manifests, which qualify the objects.
    others: OtherManifests,
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

/// What a text lists that is known from before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KnownList {
    None,
    Targets,
    Jobs,
}

impl<'f> Opened<'f> {
    pub(super) fn new(name: &str, text: impl Into<Arc<str>>, options: &Options<'f>) -> Self {
        Self::of_tree(name, Tree::parse(text), options)
    }

    /// As [`new`](Self::new), beside other manifests.
    pub(super) fn among(name: &str, text: impl Into<Arc<str>>, options: &Options<'f>, others: &OtherManifests) -> Self {
        Self::of_tree_as(name, Tree::parse(text), options, KnownList::None, others)
    }

    pub(super) fn of_tree(name: &str, tree: Tree, options: &Options<'f>) -> Self {
        Self::of_tree_as(name, tree, options, KnownList::None, &OtherManifests::default())
    }

    /// As [`of_tree`](Self::of_tree), for a list of which it may be known what it lists.
    fn of_tree_as(name: &str, tree: Tree, options: &Options<'f>, known: KnownList, others: &OtherManifests) -> Self {
        let input = Input::of_tree(name, tree);
        let mut sources = Sources::new();
        let file = sources.add(name, input.tree().text().clone());
        let (mut jobs, mut diagnostics, mut inner) = (Vec::new(), Vec::new(), Vec::new());
        let is_unknown = *input.format() == Format::Unknown;
        let is_of_targets =
            *input.format() == Format::Targets || (is_unknown && is_json_target_file(name, input.tree().text()));
        // What a list without items was before decides.
        let is_target_file = match (known, is_list_without_items(input.tree())) {
            (KnownList::Jobs, true) => false,
            (KnownList::Targets, true) => true,
            (KnownList::None, _) | (_, false) => is_of_targets,
        };
        let refusal = input
            .refusal(file)
            .or_else(|| not_a_config(&input, file))
            .or_else(|| foreign_objects(&input, file))
            .filter(|_| !is_target_file);
        let broken_places = input.broken_places(file);
        let is_closed = refusal.is_some() || is_target_file || !broken_places.is_empty();
        let mut parts = if is_closed { Vec::new() } else { input.parts() };
        diagnostics.extend(refusal);
        diagnostics.extend(broken_places);
        let is_config = matches!(parts.as_slice(), [part] if part.is_whole() && part.shape() == Shape::Config);
        let is_unread = is_config && is_alone(input.tree());
        if is_unread {
            parts.clear();
        }
        for part in parts.into_iter().filter(|part| part.shape().has_jobs()) {
            let place = part.add_to(&mut sources, file);
            let (config, faults) = input.config(&part, &mut sources, place, options);
            // Nothing is edited in a text that is not valid YAML.
            let broken_files = config.broken_files;
            let is_sound = |job: &ScrapeConfig| !broken_files.contains(&place) && !broken_files.contains(&job.file);
            jobs.extend(config.scrape_configs.into_iter().filter(is_sound));
            diagnostics.extend(faults);
            if !part.is_whole() {
                inner.push((place, part));
            }
        }
        if is_target_file {
            let (job, faults) = job_of_target_file(&sources, file, input.tree(), options.release);
            jobs.push(job);
            diagnostics.extend(faults);
        }
        let mut objects = None;
        if input.has_operator_objects() && !is_closed {
            let read = Objects::read(input.tree(), &mut sources, file, options, others);
            jobs.extend(read.jobs);
            diagnostics.extend(read.faults);
            objects = Some(read.objects);
        }
        jobs.shrink_to_fit();
        let (tree, trees) = (Arc::new(input.into_tree()), FxHashMap::default());
        let (given, allowances, unfolded) = (Given::default(), Allowances::default(), None);
        Self {
            options: *options,
            sources,
            file,
            jobs,
            is_unread,
            diagnostics,
            is_target_file,
            unfolded,
            wanted_method: None,
            given,
            allowances,
            target_files: TargetFiles::new(),
            tree,
            inner,
            objects,
            others: others.clone(),
            trees,
        }
    }

    /// The same for another text and other files.
    pub(super) fn with_tree<'n>(&self, tree: Tree, files: &'n dyn Files) -> Opened<'n>
    where
        'f: 'n,
    {
        let mut other = self.like(tree, files);
        other.read_all();
        if self.unfolded.is_some() {
            other.prepare(Method::Static);
        }
        other
    }

    /// The same for another thread, with jobs that are still to be read.
    pub(super) fn fork(&self) -> Self {
        Self {
            options: self.options,
            sources: self.sources.clone(),
            file: self.file,
            jobs: Vec::new(),
            is_unread: true,
            diagnostics: Vec::new(),
            is_target_file: self.is_target_file,
            unfolded: None,
            wanted_method: None,
            given: self.given.clone(),
            allowances: self.allowances,
            target_files: TargetFiles::new(),
            tree: Arc::clone(&self.tree),
            inner: Vec::new(),
            objects: None,
            others: self.others.clone(),
            trees: FxHashMap::default(),
        }
    }

    /// Whether parts that several places share may be changed.
    pub(super) fn changes_shared(&self) -> bool {
        self.allowances.through_anchor == ThroughAnchor::Change
    }

    /// Takes a list without items as one of jobs, rather than of target groups. Whether it is such a list.
    pub(super) fn takes_list_of_jobs(&mut self) -> bool {
        let is_such = self.is_target_file && is_list_without_items(&self.tree);
        if is_such {
            self.is_target_file = false;
            self.jobs.clear();
        }
        is_such
    }

    /// The plan for changes of a text. A list without items is one in YAML, unless the file is named as JSON.
    pub(super) fn plan<'t>(&self, file: FileId, tree: &'t Tree) -> Plan<'t> {
        let is_json = is_json(self.sources.name(file));
        if is_list_without_items(tree) && !is_json { Plan::of_yaml(tree) } else { Plan::new(tree) }
    }

    /// The configs inside the text, when it is a manifest.
    pub(super) fn inner_files(&self) -> Vec<FileId> {
        self.inner.iter().map(|(file, _)| *file).collect()
    }

    /// Whether jobs are still to be read.
    pub(super) fn is_unread(&self) -> bool {
        self.is_unread
    }

    /// Whether the first item of `scrape_configs` is a mapping, and so a job, perhaps with mistakes.
    pub(super) fn has_plain_job(&self) -> bool {
        let root = self.tree.root();
        let mut lists = root.into_iter().flat_map(Node::entries).filter(|(key, _)| key.value() == "scrape_configs");
        let first = lists.next().and_then(|(_, list)| list.items().next());
        first.is_some_and(|job| job.kind() == NodeKind::Mapping) && lists.next().is_none()
    }

    /// Reads all jobs, if they are not read yet.
    pub(super) fn read_all(&mut self) {
        if !std::mem::take(&mut self.is_unread) {
            return;
        }
        let (jobs, diagnostics) = self.read();
        (self.jobs, self.diagnostics) = (jobs, diagnostics);
        if let Some(method) = self.wanted_method.take() {
            self.prepare(method);
        }
    }

    /// The jobs and diagnostics of a config that is not read yet. It has no other files.
    pub(super) fn read(&self) -> (Vec<ScrapeConfig>, Vec<Diagnostic>) {
        let (mut sources, globals) = (self.sources.clone(), Global::of(self.options.release));
        let tree = &self.tree;
        let read = ReadConfig::of_shape(Shape::Config, &mut sources, self.file, tree, &globals, &self.options);
        let mut jobs = read.config.scrape_configs;
        jobs.shrink_to_fit();
        (jobs, read.faults)
    }

    /// The same for another text and other files; its jobs may be unread.
    pub(super) fn with_text<'n>(&self, text: Arc<str>, files: &'n dyn Files) -> Opened<'n>
    where
        'f: 'n,
    {
        let mut other = self.like(Tree::parse(text), files);
        if self.unfolded.is_some() {
            other.prepare(Method::Static);
        }
        other
    }

    fn like<'n>(&self, tree: Tree, files: &'n dyn Files) -> Opened<'n>
    where
        'f: 'n,
    {
        let mut other = {
            let options = self.options.with_files(files);
            let is_list = self.tree.root().is_some_and(|root| root.kind() == NodeKind::Sequence);
            let known = match (self.is_target_file, is_list) {
                (true, _) => KnownList::Targets,
                (false, true) => KnownList::Jobs,
                (false, false) => KnownList::None,
            };
            Opened::of_tree_as(self.name(), tree, &options, known, &self.others)
        };
        (other.given, other.allowances) = (self.given.clone(), self.allowances);
        if self.objects.is_none() {
            other.leave_out_objects();
        }
        other
    }

    /// Whether the operator generates the jobs of a text of objects in the text that was opened.
    pub(super) fn is_generated(&self, file: FileId) -> bool {
        self.objects.as_ref().is_some_and(|objects| objects.has_generated(file))
    }

    /// Leaves out the jobs of objects of prometheus-operator: what is edited is in another text of the manifest.
    pub(super) fn leave_out_objects(&mut self) {
        if let Some(objects) = self.objects.take() {
            self.jobs.retain(|job| !objects.has_generated(job.file));
        }
    }

    /// Whether the text is inside of the one that was opened.
    pub(super) fn is_inner(&self, file: FileId) -> bool {
        self.inner.iter().any(|(inner, _)| *inner == file)
    }

    /// The texts that are read as configs: the one that was opened, or those in it.
    pub(super) fn own_texts(&self) -> Vec<FileId> {
        match self.inner.is_empty() {
            true => vec![self.file],
            false => self.inner.iter().map(|(file, _)| *file).collect(),
        }
    }

    /// The texts that are whole configs: the one that was opened, or those in it.
    pub(super) fn config_texts(&self) -> Vec<FileId> {
        let inner = self.inner.iter().filter(|(_, part)| part.shape() == Shape::Config).map(|(file, _)| *file);
        let is_config = |root: Node<'_>| {
            root.kind() == NodeKind::Mapping && root.entries().any(|(key, _)| is_key_of_config(key.value()))
        };
        let own = self.tree.root().filter(|root| self.inner.is_empty() && is_config(*root)).map(|_| self.file);
        let has_none = self.inner.is_empty() && self.objects.is_none() && !self.is_target_file;
        let blank = (has_none && is_blank(&self.tree)).then_some(self.file);
        inner.chain(own).chain(blank).collect()
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
            files.push(FileChange::new(name, before, text.edits));
            if text.file == self.file {
                main = Some(text.tree);
            }
        }
        if !inner.is_empty() && main.is_some() {
            let message = "jobs of objects and jobs of a config in the same manifest cannot be edited at once";
            return Err(refused(ids::EDIT_LAYOUT, self.start(), message).with_help("select some of them with --job"));
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
                Err(refused(ids::EDIT_ENCODING, at, "the file is not UTF-8 and cannot be edited")
                    .with_help("save it as UTF-8"))
            }
            Ok(_) => Err(refused(ids::EDIT_CHANGED, at, "the file has changed since it was read")
                .with_help("run the command again")),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && text.is_empty() => Ok(()),
            Err(error) => Err(refused(ids::EDIT_CHANGED, at, format!("the file can no longer be read: {error}"))),
        }
    }

    /// The change of a manifest that changes the configs in it.
    fn around(&self, inner: &[(&Part, EditedText)]) -> Result<(FileChange, Tree), Diagnostic> {
        let unproved = || refused(ids::EDIT_UNPROVED, self.start(), "the change cannot be made inside the manifest");
        let no_place = |part: &Part| {
            let (Some(key), Some((how, at))) = (part.key(), part.why_no_place()) else { return unproved() };
            let message = format!("the config `{key}` cannot be changed like this: it is {how}");
            let how_to = if part.is_encoded() {
                "write it in one line, or in lines of one length".to_string()
            } else {
                format!("write it as a literal block, `{key}: |`")
            };
            let help = format!("{how_to}, or select only jobs of other configs with --job");
            refused(ids::EDIT_LAYOUT, Location::new(self.file, at), message).with_help(help)
        };
        let mut replacements = Vec::new();
        for (part, text) in inner {
            let outer = part.raise(&text.edits).map_err(|_| no_place(part))?;
            replacements.extend(outer.iter().map(|edit| (edit.span, edit.text.clone())));
        }
        let edits = Edits::new(replacements).ok_or_else(unproved)?;
        let before = self.tree.text().clone();
        let new = Input::parse(self.name(), edits.apply(&before));
        let (parts, new_parts) = (Input::of_tree(self.name(), (*self.tree).clone()).parts(), new.parts());
        let is_same = parts.len() == new_parts.len()
            && parts
                .iter()
                .zip(&new_parts)
                .all(|(old, new)| old.key() == new.key() && expected(old, inner) == new.text());
        if !is_same || !is_same_manifest(&self.tree, new.tree(), &edits) {
            return Err(unproved());
        }
        Ok((FileChange::new(self.name().to_string(), before, edits), new.into_tree()))
    }
}

/// The refusal of a text that is neither a mapping nor a list.
fn not_a_config(input: &Input, file: FileId) -> Option<Diagnostic> {
    let root = input.tree().root().filter(|root| root.kind() == NodeKind::Scalar && !is_blank(root.tree()))?;
    let is_read =
        input.tree().fault().is_none() && *input.format() == Format::Unknown && root.reads_as_zero() != Ok(true);
    let message = "the file is not a Prometheus config or target file";
    is_read.then(|| {
        refused(ids::UNSUPPORTED_FORMAT, Location::new(file, root.full_span()), message)
            .with_help("a config has `scrape_configs` or another section of prometheus.yml at its top")
    })
}

/// The refusal of objects of another operator: only their rules are read, by other commands.
fn foreign_objects(input: &Input, file: FileId) -> Option<Diagnostic> {
    let is_broken = input.tree().fault().is_some();
    if is_broken || *input.format() != Format::Manifest || input.has_operator_objects() || !input.parts().is_empty() {
        return None;
    }
    let unread = input.unread_objects();
    let (kind, _) = unread.first()?;
    let article = if kind.starts_with(['A', 'E', 'I', 'O']) { "an" } else { "a" };
    let message = match unread.as_slice() {
        [(kind, 1)] => format!("the file is {article} {kind}, which promcfg does not edit"),
        several => {
            let kinds: Vec<&str> = several.iter().map(|(kind, _)| kind.as_str()).collect();
            format!("the file has objects that promcfg does not edit: {}", kinds.join(", "))
        }
    };
    let at = Location::new(file, Span::empty(0));
    Some(refused(ids::UNSUPPORTED_FORMAT, at, message).with_help(
        "promcfg edits configs, target files, and the objects ServiceMonitor, PodMonitor, Probe, ScrapeConfig, Prometheus and PrometheusAgent",
    ))
}

/// Whether a config is read from its text alone, of which nothing is left out: it names no files with jobs.
fn is_alone(tree: &Tree) -> bool {
    let may_name =
        |key: Node<'_>| key.kind() != NodeKind::Scalar || key.is_merge_key() || key.value() == "scrape_config_files";
    let root = tree.root().filter(|_| tree.fault().is_none() && tree.rest().is_none());
    root.is_some_and(|root| root.kind() == NodeKind::Mapping && !root.entries().any(|(key, _)| may_name(key)))
}

/// The text that a part must have afterwards.
fn expected<'t>(part: &'t Part, changed: &'t [(&Part, EditedText)]) -> &'t str {
    let of_part = changed.iter().find(|(other, _)| other.key() == part.key() && other.text() == part.text());
    of_part.map_or(part.text(), |(_, text)| text.tree.text())
}

/// Whether both have the same nodes, except for the scalars that the edits are in.
fn is_same_manifest(old: &Tree, new: &Tree, edits: &Edits) -> bool {
    // A literal block that ends with a line end is edited after it.
    let end = |span: Span| {
        let rest = old.text().get(span.end as usize..).unwrap_or("");
        span.end as usize + rest.len() - rest.trim_start().len()
    };
    let is_edited =
        |span: Span| edits.iter().any(|edit| span.start <= edit.span.end && edit.span.start as usize <= end(span));
    old.nodes().count() == new.nodes().count()
        && old.nodes().zip(new.nodes()).all(|(old, new)| {
            old.kind() == new.kind()
                && old.anchor() == new.anchor()
                && old.tag() == new.tag()
                && (old.value() == new.value() && old.style() == new.style() || is_edited(old.span()))
        })
}

/// Edits of `file`, which may be one of the parts, as edits of the file on the disk.
pub(super) fn in_outer_file(edits: &Edits, file: FileId, sources: &Sources, parts: &[Part]) -> Option<Edits> {
    let start = sources.outermost(Location::new(file, Span::empty(0)));
    if start.file == file {
        return Some(edits.clone());
    }
    let part = parts.iter().filter(|part| !part.is_whole()).find(|part| {
        let mut own = Sources::new();
        let outer = own.add("", "");
        let place = part.add_to(&mut own, outer);
        own.outermost(Location::new(place, Span::empty(0))).span == start.span
    })?;
    part.raise(edits).ok()
}

/// Whether a text has nothing but comments.
pub(super) fn is_blank(tree: &Tree) -> bool {
    let is_nothing = |root: Node<'_>| root.kind() == NodeKind::Scalar && root.full_span().is_empty();
    tree.fault().is_none() && tree.root().is_none_or(is_nothing)
}
