//! A config that is cut into its jobs, so that a few of them can be read at a time, in any order.
//!
//! [`Head`] is read first and shared by all who read jobs; [`Tail`] collects, in the order of the jobs, what
//! concerns all of them, and reads the rest of the config at the end. The results are those of [`ReadConfig`](super::ReadConfig).
//!
//! A text with an alias is not cut: an alias can carry a place, and a fault, from one job to another, and yaml.v2
//! counts how much of a document comes from aliases.

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::options::Options;
use crate::re2::RegexCache;
use crate::text::{FileId, Location, Sources, Spanned};
use crate::yaml::{Node, NodeId, NodeKind, Tree};

use super::checks;
use super::faults;
use super::job_names::JobNames;
use super::marked_fields::MarkedField;
use super::reader::{Entries, Reader};
use super::shape::Shape;
use super::types::{Config, Global, ScrapeConfig};

/// A config that is cut into its jobs.
pub(crate) struct CutConfig<'t> {
    pub(crate) head: Head<'t>,
    pub(crate) tail: Tail<'t>,
}

/// What is read before the jobs, and the jobs as nodes.
pub(crate) struct Head<'t> {
    /// Without jobs, and without what is read after them.
    pub(crate) config: Config,
    /// The fields before the jobs that have a mark.
    pub(crate) marked_fields: Vec<MarkedField>,
    /// The jobs; an empty item is not among them.
    jobs: Vec<Node<'t>>,
    /// The list of the jobs.
    list: Option<Node<'t>>,
    includes: bool,
    reader: Reader<'t>,
}

/// Some jobs, and what was made to read them.
pub(crate) struct ReadJobs {
    pub(crate) jobs: Vec<ScrapeConfig>,
    pub(crate) faults: Vec<Diagnostic>,
    pub(crate) patterns: RegexCache,
    pub(crate) marked_fields: Vec<MarkedField>,
}

/// What is read after the jobs, and what concerns all of them.
pub(crate) struct Tail<'t> {
    reader: Reader<'t>,
    entries: Option<Entries<'t>>,
    names: JobNames,
    tree: &'t Tree,
}

/// What is left of a config whose jobs are gone.
pub(crate) struct RestOfConfig {
    pub(crate) config: Config,
    pub(crate) faults: Vec<Diagnostic>,
    /// The fields after the jobs that have a mark.
    pub(crate) marked_fields: Vec<MarkedField>,
    pub(crate) patterns: RegexCache,
    /// The names of its jobs.
    pub(super) names: JobNames,
    /// The valid patterns of `scrape_config_files`.
    pub(super) included: Vec<Spanned<String>>,
}

impl<'t> CutConfig<'t> {
    /// `None` for a text that cannot be cut.
    pub(crate) fn open(
        shape: Shape,
        sources: &'t Sources,
        file: FileId,
        tree: &'t Tree,
        globals: &Global,
        options: &Options<'_>,
    ) -> Option<Self> {
        let root = tree.root().filter(|_| tree.fault().is_none())?;
        if tree.nodes().any(|node| node.kind() == NodeKind::Alias) {
            return None;
        }
        let mut reader = Reader::new(sources, file, options.release, checks::run);
        let (config, entries, list) = match shape {
            Shape::Config => {
                let (config, entries) = reader.before_jobs(root)?;
                let list = entries.get("scrape_configs");
                (config, Some(entries), list)
            }
            Shape::ScrapeConfigs => {
                (Config { global: globals.clone(), ..Config::empty(file, options.release) }, None, Some(root))
            }
            Shape::ScrapeConfig | Shape::RelabelRules | Shape::Targets => return None,
        };
        let jobs = list.map_or_else(Vec::new, |list| reader.jobs_as_nodes(list));
        let includes = entries.as_ref().is_some_and(|entries| entries.get("scrape_config_files").is_some());
        let marked_fields = std::mem::take(&mut reader.marked_fields);
        let head = Head { config, marked_fields, jobs, list, includes, reader: reader.fork() };
        Some(Self { head, tail: Tail { reader, entries, names: JobNames::default(), tree } })
    }
}

impl<'t> Head<'t> {
    /// The jobs.
    pub(crate) fn jobs(&self) -> &[Node<'t>] {
        &self.jobs
    }

    /// The list of the jobs.
    pub(crate) fn list(&self) -> Option<Node<'t>> {
        self.list
    }

    /// Whether other files may have jobs as well.
    pub(crate) fn includes(&self) -> bool {
        self.includes
    }

    /// Whether a job may name target files.
    pub(crate) fn may_have_target_files(&self) -> bool {
        let may_name = |key: Node<'_>| key.is_merge_key() || key.value() == "file_sd_configs";
        self.jobs.iter().any(|job| job.entries().any(|(key, _)| may_name(key)))
    }

    /// The node with which a job begins; after the last job the first node after the list. Between them are all nodes
    /// of the job.
    pub(crate) fn first_node(&self, job: usize) -> Option<NodeId> {
        if let Some(job) = self.jobs.get(job) {
            return Some(job.id());
        }
        let (list, last) = (self.list?, self.jobs.last().copied().or(self.list)?);
        let end = list.full_span().end;
        let mut nodes = list.tree().nodes_from(last.id()).skip(1);
        nodes.find(|node| node.full_span().start >= end).map(Node::id)
    }

    /// Reads some jobs, with patterns that are known already.
    pub(crate) fn read(&self, jobs: Range<usize>, patterns: RegexCache) -> ReadJobs {
        let mut reader = self.reader.fork();
        reader.patterns = patterns;
        let nodes = self.jobs.get(jobs).unwrap_or(&[]);
        let jobs = nodes.iter().filter_map(|job| reader.scrape_config(*job, &self.config.global)).collect();
        let Reader { faults, patterns, marked_fields, .. } = reader;
        ReadJobs { jobs, faults: faults.into_vec(), patterns, marked_fields }
    }
}

impl Head<'_> {
    /// Reads a job that is in another text, with the defaults of this config. The patterns are among the results.
    pub(crate) fn read_changed(
        &self,
        sources: &Sources,
        file: FileId,
        job: Node<'_>,
        patterns: RegexCache,
    ) -> ReadJobs {
        let mut reader = Reader::new(sources, file, self.config.release, checks::run);
        reader.patterns = patterns;
        let jobs =
            reader.visit(job, |reader, node| reader.scrape_config(node, &self.config.global)).into_iter().collect();
        let Reader { faults, patterns, marked_fields, .. } = reader;
        ReadJobs { jobs, faults: faults.into_vec(), patterns, marked_fields }
    }
}

impl<'t> Tail<'t> {
    /// Adds the faults of jobs. To be called in the order of the jobs.
    pub(crate) fn add_faults(&mut self, faults: Vec<Diagnostic>) {
        self.reader.faults.extend(faults);
    }

    /// Adds the name of a job; one that another job has is reported. Whether the job may have it. To be called in the
    /// order of the jobs.
    pub(crate) fn takes_name(&mut self, name: &str, at: Location) -> bool {
        self.reader.takes_name(&mut self.names, name, at)
    }

    /// Reads the rest of the config.
    pub(crate) fn close(self, mut config: Config) -> RestOfConfig {
        let Self { mut reader, entries, names, tree } = self;
        let included = entries.map_or_else(Vec::new, |entries| reader.after_jobs(&entries, &mut config));
        if let Some(rest) = tree.rest() {
            let at = reader.at(rest);
            reader.report(faults::ignored_documents(at));
        }
        let Reader { faults, patterns, marked_fields, .. } = reader;
        RestOfConfig { config, faults: faults.into_vec(), marked_fields, patterns, names, included }
    }
}
