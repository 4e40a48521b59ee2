//! The objects of prometheus-operator in a text: the jobs that the operator generates of them, the places in the objects
//! where the rules of these jobs are written, and what stays of the generated text.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{RelabelRule, RuleAuthor, ScrapeConfig};
use crate::diagnostic::{Diagnostic, Severity, ids};
use crate::files::NoFiles;
use crate::input::documents;
use crate::input::operator::{
    Kind, Object, ObjectId, OperatorObjects, Rejected, RenderOptions, Rendering, Stage, Value, render,
};
use crate::options::Options;
use crate::text::{FileId, Location, Sources, Span, matches_wildcards};
use crate::yaml::{Node, Tree};

use super::object_proof::{Differences, Other, Parts};
use super::request::refused;
use super::surroundings::OtherManifests;

/// The objects of a text, and what is generated of them.
pub(super) struct Objects {
    file: FileId,
    /// The documents of the text that are valid, by their starts.
    documents: Vec<Document>,
    /// The generated configs, one for each Prometheus.
    generated: Vec<Generated>,
    /// The parts of objects of which jobs are made, by their places in the text.
    makers: FxHashMap<Span, Made>,
    /// The servers in the text, each with the place of its `spec`.
    servers: Vec<(ObjectId, Span)>,
    /// The objects of which no job is made, and why.
    rejected: Vec<(ObjectId, Diagnostic)>,
    /// Why nothing is generated for a server.
    stopped: Vec<Diagnostic>,
}

pub(super) struct Document {
    pub(super) offset: usize,
    pub(super) tree: Tree,
}

/// A generated config.
struct Generated {
    server: ObjectId,
    file: FileId,
    text: Arc<str>,
}

/// What a job is made of.
struct Made {
    kind: Kind,
    object: ObjectId,
}

/// The part of an object of which a job is made, in its document.
#[derive(Clone, Copy)]
pub(super) struct Maker<'t> {
    pub(super) kind: Kind,
    /// An endpoint, or the `spec` of a Probe, ScrapeConfig or server.
    pub(super) node: Node<'t>,
    pub(super) document: &'t Tree,
    /// Where the document begins in the text.
    pub(super) offset: usize,
}

/// What is read of a text with objects.
pub(super) struct ReadObjects {
    pub(super) objects: Objects,
    pub(super) jobs: Vec<ScrapeConfig>,
    pub(super) faults: Vec<Diagnostic>,
}

impl Objects {
    /// Reads the objects of a text, and the jobs that are generated of them: those of each Prometheus that selects them, here
    /// or in other manifests, or, without one, those of a Prometheus with the defaults. Objects that no Prometheus selects
    /// have jobs of all.
    pub(super) fn read(
        tree: &Tree,
        sources: &mut Sources,
        file: FileId,
        options: &Options<'_>,
        others: &OtherManifests,
    ) -> ReadObjects {
        let mut objects = OperatorObjects::default();
        objects.add(tree, file);
        let mut own = Self::of(tree, file, &objects);
        let ids: Vec<ObjectId> = objects.ids().filter(|id| !id.kind.is_server()).cloned().collect();
        let name = sources.name(file).to_string();
        let objects = others.add_to(objects, &name, sources);
        let wanted = RenderOptions { unselected: true, leave_out_missing: true, ..RenderOptions::default() };
        let renderings = render(&objects, &wanted);
        let misses: Vec<FxHashSet<ObjectId>> = renderings
            .iter()
            .map(|rendering| rendering.not_selected.iter().map(|other| other.object.clone()).collect())
            .collect();
        let is_picked = |id: &&ObjectId| misses.iter().any(|missed| !missed.contains(id));
        let picked: FxHashSet<ObjectId> = ids.iter().filter(is_picked).cloned().collect();
        own.generated.reserve(renderings.len());
        let mut read = ReadObjects { objects: own, jobs: Vec::new(), faults: Vec::new() };
        for (rendering, missed) in renderings.into_iter().zip(&misses) {
            let options = options.with_files(&NoFiles);
            let options = options.for_server(rendering.release.map(|named| named.release));
            let is_left_out = |id: &ObjectId| picked.contains(id) && missed.contains(id);
            read.add(rendering, sources, &options, &is_left_out);
        }
        read
    }

    fn of(tree: &Tree, file: FileId, objects: &OperatorObjects) -> Self {
        let mut read = Vec::new();
        documents(tree, &mut |tree, offset| {
            if tree.fault().is_none() {
                read.push(Document { offset, tree: tree.clone() });
            }
        });
        let servers = objects.iter().filter(|object| object.id.kind.is_server());
        let spec = |object: &Object| Some((object.id.clone(), object.value.get("spec")?.at.span));
        Self {
            file,
            documents: read,
            generated: Vec::new(),
            makers: objects.iter().flat_map(makers_of).collect(),
            servers: servers.filter_map(spec).collect(),
            rejected: Vec::new(),
            stopped: Vec::new(),
        }
    }

    /// Whether a text is one of the generated configs.
    pub(super) fn has_generated(&self, file: FileId) -> bool {
        self.generated.iter().any(|own| own.file == file)
    }

    /// Whether several configs are generated: a part of an object can make a job of each.
    pub(super) fn has_several(&self) -> bool {
        self.generated.len() > 1
    }

    /// The documents of the text.
    pub(super) fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The part of an object of which a generated job is made.
    pub(super) fn maker(&self, sources: &Sources, job: &ScrapeConfig) -> Option<Maker<'_>> {
        let at = self.place_of_maker(sources, job)?;
        let kind = self.makers.get(&at)?.kind;
        let (node, Document { offset, tree }) = self.node(at)?;
        Some(Maker { kind, node, document: tree, offset: *offset })
    }

    /// The place of the part of an object of which a generated job is made.
    pub(super) fn place_of_maker(&self, sources: &Sources, job: &ScrapeConfig) -> Option<Span> {
        let at = sources.outermost(Location::new(job.file, job.span));
        Some(at.span).filter(|_| at.file == self.file)
    }

    /// The kind of object of which a generated job is made.
    pub(super) fn kind_of(&self, sources: &Sources, job: &ScrapeConfig) -> Option<Kind> {
        Some(self.makers.get(&self.place_of_maker(sources, job)?)?.kind)
    }

    /// The object of which a generated job is made.
    pub(super) fn object_of(&self, sources: &Sources, job: &ScrapeConfig) -> Option<&ObjectId> {
        Some(&self.makers.get(&self.place_of_maker(sources, job)?)?.object)
    }

    /// The servers that the text has.
    pub(super) fn servers(&self) -> impl Iterator<Item = (&ObjectId, Maker<'_>)> {
        self.servers.iter().filter_map(|(id, spec)| {
            let (node, Document { offset, tree }) = self.node(*spec)?;
            Some((id, Maker { kind: id.kind, node, document: tree, offset: *offset }))
        })
    }

    /// The text that is generated for a server.
    pub(super) fn generated_for(&self, server: &ObjectId) -> Option<FileId> {
        self.generated.iter().find(|own| own.server == *server).map(|own| own.file)
    }

    /// The node with these bytes of the text, and its document.
    fn node(&self, at: Span) -> Option<(Node<'_>, &Document)> {
        let after = self.documents.partition_point(|document| document.offset <= at.start as usize);
        let document = self.documents.get(after.checked_sub(1)?)?;
        let Document { offset, tree } = document;
        let local = Span::new((at.start as usize).checked_sub(*offset)?, (at.end as usize).checked_sub(*offset)?);
        let node = tree.nodes_at(local.start).find(|node| node.full_span() == local)?;
        Some((node, document))
    }

    /// Why the operator makes no job of this name, or of a name that matches this pattern.
    pub(super) fn refusal_of(&self, name: &str) -> Option<Diagnostic> {
        let is_of = |(id, _): &&(ObjectId, Diagnostic)| {
            let kind = id.kind.name();
            let (first, rest) = kind.split_at(1);
            let base = format!("{}{rest}/{}/{}", first.to_lowercase(), id.namespace, id.name);
            name == base
                || name.strip_prefix(&base).is_some_and(|rest| rest.starts_with('/'))
                || (name.contains(['*', '?'])
                    && [base.clone(), format!("{base}/0")].iter().any(|job| matches_wildcards(name, job)))
        };
        match self.rejected.iter().find(is_of) {
            Some((id, fault)) => Some(fault.clone().with_note(format!("{id} has no jobs as long as it is refused"))),
            None => self.stopped.first().filter(|_| self.generated.is_empty()).cloned(),
        }
    }

    /// Proves that the generated configs differ in nothing but this.
    ///
    /// # Errors
    /// What else differs.
    pub(super) fn differ_only(&self, after: &Self, differences: &Differences) -> Result<(), Other> {
        for old in &self.generated {
            let new = after.generated.iter().find(|new| new.server == old.server).ok_or(Other::Rest)?;
            differences.are_all_of(&Tree::parse(Arc::clone(&old.text)), &Tree::parse(Arc::clone(&new.text)))?;
        }
        if self.generated.len() == after.generated.len() { Ok(()) } else { Err(Other::Rest) }
    }

    /// Proves that of the generated configs only these jobs have changed, and that their rules are the expected ones.
    ///
    /// # Errors
    /// Another job has changed, or the operator makes other rules of the new text.
    pub(super) fn only_changed(
        &self,
        (old, new): (&[ScrapeConfig], &[ScrapeConfig]),
        after: &Self,
        chosen: &[(usize, &ScrapeConfig)],
    ) -> Result<(), Diagnostic> {
        let place = |job: &ScrapeConfig| Location::new(job.file, job.job_name.span);
        let names = chosen.iter().filter_map(|(index, _)| old.get(*index)).map(|job| job.job_name.value.clone());
        let differences = Differences::of_jobs(names.map(|name| (name, Parts::All)));
        let others = self.differ_only(after, &differences);
        if let Err(Other::Job(name)) = &others {
            let message = format!("the change would also change job {name}");
            let at = old.iter().find(|job| job.job_name.value == *name).or(old.first()).map_or(self.start(), place);
            return Err(refused(ids::EDIT_UNPROVED, at, message).with_help("select this job as well"));
        }
        for (index, expected) in chosen {
            let (Some(old), Some(new)) = (old.get(*index), new.get(*index)) else { continue };
            let lists = |job: &ScrapeConfig| [job.relabel_configs.clone(), job.metric_relabel_configs.clone()];
            if lists(expected).iter().zip(&lists(new)).all(|(expected, new)| has_same_rules(expected, new)) {
                continue;
            }
            let message = format!("the operator would make other rules of job {}", old.job_name.value);
            let refusal = refused(ids::EDIT_UNPROVED, place(old), message);
            let enforced = |job: &ScrapeConfig| {
                job.relabel_configs.iter().filter(|rule| rule.author == RuleAuthor::Enforced).count()
            };
            return Err(if enforced(new) > enforced(expected) {
                refusal.with_note(
                    "only with a rule of its own the object also gets the label that `enforcedNamespaceLabel` names",
                )
            } else {
                refusal
            });
        }
        let at = old.first().map_or(self.start(), place);
        others.map_err(|_| {
            refused(ids::EDIT_UNPROVED, at, "the change would also change other parts of the generated config")
        })
    }

    fn start(&self) -> Location {
        Location::new(self.file, Span::empty(0))
    }
}

impl ReadObjects {
    fn add(
        &mut self,
        mut rendering: Rendering,
        sources: &mut Sources,
        options: &Options<'_>,
        is_left_out: &dyn Fn(&ObjectId) -> bool,
    ) {
        // The targets of every shard are scraped.
        rendering.config = rendering.config.map(|config| config.of_all_shards());
        for rejected in &rendering.rejected {
            let fault = self.note(rejected);
            self.objects.rejected.push((rejected.object.clone(), fault));
        }
        if let Some(error) = &rendering.error {
            let fault = self.note(error);
            self.objects.stopped.push(fault);
        }
        let Some((config, faults)) = rendering.read(sources, options) else { return };
        let Some(text) = rendering.config.as_ref().map(|config| Arc::from(config.text())) else { return };
        let Some(file) = sources.files().last() else { return };
        self.objects.generated.push(Generated { server: rendering.prometheus, file, text });
        self.faults.extend(faults);
        let is_made =
            |job: &ScrapeConfig| self.objects.object_of(sources, job).is_some_and(|object| !is_left_out(object));
        self.jobs.extend(
            config.scrape_configs.into_iter().filter(is_made).map(|job| without_written_by_operator(job, sources)),
        );
    }

    fn note(&mut self, rejected: &Rejected) -> Diagnostic {
        let fault = fault_of(rejected);
        if !self.faults.contains(&fault) {
            self.faults.push(fault.clone());
        }
        fault
    }
}

/// A job in which the names of labels of groups that the operator adds have no place.
fn without_written_by_operator(mut job: ScrapeConfig, sources: &Sources) -> ScrapeConfig {
    for group in &mut job.static_configs {
        for (name, value) in &mut group.labels {
            if !sources.is_written(Location::new(group.file, value.span)) {
                name.span = Span::empty(name.span.start as usize);
            }
        }
    }
    job
}

fn fault_of(rejected: &Rejected) -> Diagnostic {
    let Rejected { object, by, error, help, at } = rejected;
    let (id, who) = match by {
        Stage::ApiServer => (ids::REFUSED_OBJECT, "the API server"),
        Stage::Operator => (ids::SKIPPED_OBJECT, "the operator"),
    };
    let message = format!("{who} refuses {object}: {error}");
    let fault = Diagnostic::new(id, Severity::Error, *at, message);
    match help {
        Some(help) => fault.with_help(help.clone()),
        None => fault,
    }
}

/// The parts of an object of which jobs are made.
fn makers_of(object: &Object) -> Vec<(Span, Made)> {
    let kind = object.id.kind;
    let spec = object.value.get("spec");
    let endpoints = |key: &str| spec.and_then(|spec| spec.get(key)).map_or(&[][..], Value::items);
    let made: Vec<&Value> = match kind {
        Kind::ServiceMonitor => endpoints("endpoints").iter().collect(),
        Kind::PodMonitor => endpoints("podMetricsEndpoints").iter().collect(),
        Kind::Probe | Kind::ScrapeConfig => spec.into_iter().collect(),
        Kind::Prometheus | Kind::PrometheusAgent => Vec::new(),
    };
    made.into_iter().map(|value| (value.at.span, Made { kind, object: object.id.clone() })).collect()
}

fn has_same_rules(one: &[RelabelRule], other: &[RelabelRule]) -> bool {
    let is_same = |(one, other): (&RelabelRule, &RelabelRule)| one.spec == other.spec && one.author == other.author;
    one.len() == other.len() && one.iter().zip(other).all(is_same)
}

/// A diagnostic of a document, at its place in the text.
pub(super) fn in_text(mut diagnostic: Diagnostic, file: FileId, offset: usize) -> Diagnostic {
    let moved = |at: Location| match at.file == file {
        true => Location::new(file, moved_span(at.span, offset)),
        false => at,
    };
    diagnostic.at = moved(diagnostic.at);
    diagnostic.labels.iter_mut().for_each(|label| label.at = moved(label.at));
    diagnostic
}

pub(super) fn moved_span(span: Span, offset: usize) -> Span {
    Span::new(span.start as usize + offset, span.end as usize + offset)
}
