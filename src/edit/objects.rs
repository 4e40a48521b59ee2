//! The objects of prometheus-operator in a text: the jobs that the operator generates of them, the places in the objects
//! where the rules of these jobs are written, and what stays of the generated text.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{RelabelRule, RuleAuthor, ScrapeConfig};
use crate::diagnostic::{Diagnostic, Severity, ids};
use crate::files::NoFiles;
use crate::input::documents;
use crate::input::operator::{Kind, Object, OperatorObjects, Rejected, RenderOptions, Rendering, Stage, Value, render};
use crate::lint::release_of;
use crate::options::Options;
use crate::text::{FileId, Location, Sources, Span};
use crate::yaml::{Node, Tree};

use super::request::refused;

/// The objects of a text, and what is generated of them.
pub(super) struct Objects {
    /// The documents of the text that are valid, by their starts.
    documents: Vec<Document>,
    /// The generated configs, one for each Prometheus.
    generated: Vec<(FileId, Arc<str>)>,
    /// The parts of objects of which jobs are made, by their places in the text.
    makers: FxHashMap<Span, Kind>,
}

struct Document {
    offset: usize,
    tree: Tree,
}

/// The part of an object of which a job is made, in its document.
#[derive(Clone, Copy)]
pub(super) struct Maker<'t> {
    pub(super) kind: Kind,
    /// An endpoint, or the `spec` of a Probe or ScrapeConfig.
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
    /// Reads the objects of a text, and the jobs that are generated of them: those of each Prometheus, or, without one, those
    /// of a Prometheus with the defaults. Objects that it does not pick have jobs as well.
    pub(super) fn read(tree: &Tree, sources: &mut Sources, file: FileId, options: &Options<'_>) -> ReadObjects {
        let mut own = Self { documents: Vec::new(), generated: Vec::new(), makers: FxHashMap::default() };
        documents(tree, &mut |tree, offset| {
            if tree.fault().is_none() {
                own.documents.push(Document { offset, tree: tree.clone() });
            }
        });
        let mut objects = OperatorObjects::default();
        objects.add(tree, file);
        own.makers = objects.iter().flat_map(makers_of).collect();
        let mut read = ReadObjects { objects: own, jobs: Vec::new(), faults: Vec::new() };
        let wanted = RenderOptions { only: None, unselected: true, leave_out_missing: true };
        for rendering in render(&objects, &wanted) {
            let options = options.with_files(&NoFiles);
            let release = release_of(&objects, &rendering.prometheus);
            read.add(rendering, sources, &release.map_or(options, |release| options.with_release(release)));
        }
        read
    }

    /// Whether a text is one of the generated configs.
    pub(super) fn has_generated(&self, file: FileId) -> bool {
        self.generated.iter().any(|(own, _)| *own == file)
    }

    /// Whether several configs are generated: a part of an object makes a job of each.
    pub(super) fn has_several(&self) -> bool {
        self.generated.len() > 1
    }

    /// The part of an object of which a generated job is made.
    pub(super) fn maker(&self, sources: &Sources, job: &ScrapeConfig) -> Option<Maker<'_>> {
        let at = sources.outermost(Location::new(job.file, job.span)).span;
        let kind = *self.makers.get(&at)?;
        let after = self.documents.partition_point(|document| document.offset <= at.start as usize);
        let Document { offset, tree } = self.documents.get(after.checked_sub(1)?)?;
        let local = Span::new((at.start as usize).checked_sub(*offset)?, (at.end as usize).checked_sub(*offset)?);
        let node = tree.nodes_at(local.start).find(|node| node.full_span() == local)?;
        Some(Maker { kind, node, document: tree, offset: *offset })
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
        let indices: FxHashSet<usize> = chosen.iter().map(|(index, _)| *index).collect();
        for (index, (old, new)) in old.iter().zip(new).enumerate() {
            let (Some(before), Some(after)) = (self.text_of(old), after.text_of(new)) else { continue };
            if before != after && !indices.contains(&index) {
                let message = format!("the change would also change job {}", old.job_name.value);
                return Err(refused(ids::EDIT_UNPROVED, place(old), message).with_help("select this job as well"));
            }
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
        let rest = |objects: &Self, jobs: &[ScrapeConfig]| -> Vec<String> {
            objects.generated.iter().map(|(file, text)| without_jobs(*file, text, jobs)).collect()
        };
        if rest(self, old) == rest(after, new) {
            return Ok(());
        }
        let at = old.first().map_or(Location::new(FileId(0), Span::empty(0)), place);
        Err(refused(ids::EDIT_UNPROVED, at, "the change would also change other parts of the generated config"))
    }

    /// The generated text of a job.
    fn text_of(&self, job: &ScrapeConfig) -> Option<&str> {
        let (_, text) = self.generated.iter().find(|(file, _)| *file == job.file)?;
        Some(job.span.of(text))
    }
}

impl ReadObjects {
    fn add(&mut self, mut rendering: Rendering, sources: &mut Sources, options: &Options<'_>) {
        // The targets of every shard are scraped.
        rendering.config = rendering.config.map(|config| config.of_all_shards());
        let refused = rendering.rejected.iter().chain(&rendering.error).map(fault_of);
        for fault in refused {
            if !self.faults.contains(&fault) {
                self.faults.push(fault);
            }
        }
        let Some((config, faults)) = rendering.read(sources, options) else { return };
        let Some(text) = rendering.config.as_ref().map(|config| Arc::from(config.text())) else { return };
        let Some(file) = config.scrape_configs.first().map(|job| job.file) else { return };
        self.objects.generated.push((file, text));
        self.faults.extend(faults);
        let makers = &self.objects.makers;
        let is_made =
            |job: &ScrapeConfig| makers.contains_key(&sources.outermost(Location::new(job.file, job.span)).span);
        self.jobs.extend(config.scrape_configs.into_iter().filter(is_made));
    }
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
fn makers_of(object: &Object) -> Vec<(Span, Kind)> {
    let kind = object.id.kind;
    let spec = object.value.get("spec");
    let endpoints = |key: &str| spec.and_then(|spec| spec.get(key)).map_or(&[][..], Value::items);
    let made: Vec<&Value> = match kind {
        Kind::ServiceMonitor => endpoints("endpoints").iter().collect(),
        Kind::PodMonitor => endpoints("podMetricsEndpoints").iter().collect(),
        Kind::Probe | Kind::ScrapeConfig => spec.into_iter().collect(),
        Kind::Prometheus | Kind::PrometheusAgent => Vec::new(),
    };
    made.into_iter().map(|value| (value.at.span, kind)).collect()
}

fn has_same_rules(one: &[RelabelRule], other: &[RelabelRule]) -> bool {
    let is_same = |(one, other): (&RelabelRule, &RelabelRule)| one.spec == other.spec && one.author == other.author;
    one.len() == other.len() && one.iter().zip(other).all(is_same)
}

/// A generated text without its jobs.
fn without_jobs(file: FileId, text: &str, jobs: &[ScrapeConfig]) -> String {
    let mut spans: Vec<Span> = jobs.iter().filter(|job| job.file == file).map(|job| job.span).collect();
    spans.sort_by_key(|span| span.start);
    let (mut rest, mut at) = (String::new(), 0);
    for span in spans {
        rest.push_str(text.get(at..span.start as usize).unwrap_or(""));
        at = span.end as usize;
    }
    rest.push_str(text.get(at..).unwrap_or(""));
    rest
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
