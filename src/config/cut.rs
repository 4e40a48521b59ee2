//! A config that is cut into its jobs, so that a few of them can be read at a time, in any order.
//!
//! [`Head`] is read first and shared by all who read jobs; [`Tail`] collects, in the order of the jobs, what
//! concerns all of them, and reads the rest of the config at the end. The results are those of [`ReadConfig`](super::ReadConfig).
//!
//! A text with an alias is not cut: an alias can carry a place, and a fault, from one job to another, and yaml.v2
//! counts how much of a document comes from aliases.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

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
use super::repeats::KnownRules;
use super::shape::Shape;
use super::skim::Skimmer;
use super::types::{Config, Global, ScrapeConfig, UnreadJob};

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

/// Some jobs, of which only those that are wanted were kept.
pub(super) struct WantedJobs {
    pub(super) read: ReadJobs,
    /// The others, in the order of the text.
    pub(super) unread: Vec<UnreadJob>,
}

/// The patterns that tasks have read, for whoever goes on.
#[derive(Debug, Default)]
pub(super) struct Patterns(Mutex<Vec<RegexCache>>);

impl Patterns {
    /// The number of patterns that are kept for the next chunk.
    const MOST: usize = 2_000;

    fn take(&self) -> RegexCache {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    fn give_back(&self, patterns: RegexCache) {
        if patterns.len() < Self::MOST {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(patterns);
        }
    }
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
    /// Reads all of the config on the executor. Of a job that is not wanted by its name only the name is kept.
    pub(super) fn read(self, options: &Options<'_>, wants: &(dyn Fn(&str) -> bool + Sync)) -> RestOfConfig {
        let Self { head, mut tail } = self;
        let (mut jobs, mut unread) = (Vec::new(), Vec::with_capacity(head.jobs.len()));
        for chunk in head.read_chunks(&head.chunks(options), options, &Patterns::default(), wants) {
            tail.add_faults(chunk.read.faults);
            jobs.extend(chunk.read.jobs);
            unread.extend(chunk.unread);
        }
        tail.take_names(&mut jobs, &unread);
        let mut rest = tail.close(head.config);
        (rest.config.scrape_configs, rest.config.unread_jobs) = (jobs, unread);
        rest
    }

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
        self.may_name_target_files(0..self.jobs.len())
    }

    /// Whether one of these jobs may name target files.
    pub(crate) fn may_name_target_files(&self, jobs: Range<usize>) -> bool {
        let may_name = |key: Node<'_>| key.is_merge_key() || key.value() == "file_sd_configs";
        let mut jobs = self.jobs.get(jobs).unwrap_or(&[]).iter();
        jobs.any(|job| job.entries().any(|(key, _)| may_name(key)))
    }

    /// The jobs in chunks of about the same size, for an executor.
    pub(crate) fn chunks(&self, options: &Options<'_>) -> Vec<Range<usize>> {
        /// How much text is read at a time.
        const BYTES_TOGETHER: usize = 1 << 17;
        let most_jobs = options.most_jobs_together.unwrap_or(usize::MAX).max(1);
        let mut chunks: Vec<Range<usize>> = Vec::new();
        let mut bytes = 0;
        for (index, job) in self.jobs.iter().enumerate() {
            match chunks.last_mut().filter(|last| bytes < BYTES_TOGETHER && last.len() < most_jobs) {
                Some(last) => last.end = index + 1,
                None => {
                    bytes = 0;
                    chunks.push(index..index + 1);
                }
            }
            bytes += job.full_span().len();
        }
        chunks
    }

    /// Reads chunks of jobs on the executor; gives them in their order. Of a job that is not wanted by its name only the
    /// name is kept.
    pub(super) fn read_chunks(
        &self,
        chunks: &[Range<usize>],
        options: &Options<'_>,
        patterns: &Patterns,
        wants: &(dyn Fn(&str) -> bool + Sync),
    ) -> Vec<WantedJobs> {
        let next = AtomicUsize::new(0);
        let read: Vec<Mutex<Option<WantedJobs>>> = chunks.iter().map(|_| Mutex::new(None)).collect();
        let work = |_: usize| {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let (Some(chunk), Some(place)) = (chunks.get(index), read.get(index)) else { break };
                let mut jobs = self.read_wanted(chunk.clone(), patterns.take(), wants);
                patterns.give_back(std::mem::take(&mut jobs.read.patterns));
                *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(jobs);
            }
        };
        match options.executor.width().min(chunks.len()) {
            0 | 1 => work(0),
            workers => options.executor.run(workers, &work),
        }
        read.into_iter().filter_map(|read| read.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
    }

    /// Reads those of some jobs that are wanted by their names, and those others in which a fault may be.
    fn read_wanted(
        &self,
        jobs: Range<usize>,
        patterns: RegexCache,
        wants: &(dyn Fn(&str) -> bool + Sync),
    ) -> WantedJobs {
        let (mut reader, mut skimming) = (self.reader.fork(), self.reader.fork());
        (skimming.patterns, reader.known_rules) = (patterns, Some(KnownRules::default()));
        let mut skimmer = Skimmer::new(&mut skimming, &self.config.global);
        let (mut wanted, mut unread) = (Vec::new(), Vec::new());
        let place = |name: &Spanned<String>| Location::new(self.reader.file, name.span);
        for node in self.jobs.get(jobs).unwrap_or(&[]) {
            let is_wanted = name_of(*node).is_none_or(wants);
            let name = if is_wanted { None } else { skimmer.job(*node) };
            if let Some(name) = name {
                let at = place(&name);
                unread.push(UnreadJob { name: name.value.into(), at });
                continue;
            }
            std::mem::swap(&mut reader.patterns, skimmer.patterns());
            let job = reader.scrape_config(*node, &self.config.global);
            std::mem::swap(&mut reader.patterns, skimmer.patterns());
            let Some(job) = job else { continue };
            if wants(&job.job_name.value) {
                wanted.push(job);
            } else {
                let at = place(&job.job_name);
                unread.push(UnreadJob { name: job.job_name.value.into(), at });
            }
        }
        let Reader { faults, marked_fields, .. } = reader;
        let patterns = skimming.patterns;
        WantedJobs { read: ReadJobs { jobs: wanted, faults: faults.into_vec(), patterns, marked_fields }, unread }
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
        (reader.patterns, reader.known_rules) = (patterns, Some(KnownRules::default()));
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

    /// The same for all jobs of a config: those that were read, and the names of the others.
    pub(super) fn take_names(&mut self, jobs: &mut [ScrapeConfig], unread: &[UnreadJob]) {
        let mut others = unread.iter().peekable();
        for job in jobs {
            let at = Location::new(job.file, job.job_name.span);
            while let Some(other) = others.next_if(|other| other.at < at) {
                self.takes_name(&other.name, other.at);
            }
            job.is_valid &= self.takes_name(&job.job_name.value, at);
        }
        for other in others {
            self.takes_name(&other.name, other.at);
        }
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

/// The name of a job as it is written, if it has one.
fn name_of<'t>(job: Node<'t>) -> Option<&'t str> {
    job.entries().find(|(key, _)| key.value() == "job_name").map(|(_, name)| name.value())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::read_jobs;

    #[test]
    fn a_cut_config_reads_as_a_whole_one() {
        let job = |at: usize| {
            format!(
                "- job_name: j{}\n  static_configs: [{{targets: ['h:{at}']}}]\n  relabel_configs: [{{action: kep{at}}}]\n",
                at % 50
            )
        };
        let jobs: String = (0..60).map(job).collect();
        for text in [
            format!("global: {{scrape_interval: 7s}}\nscrape_configs:\n{jobs}-\nremote_write: [{{nosuch: 1}}]\n"),
            format!("alerting: {{nosuch: 1}}\nscrape_configs:\n{jobs}rule_files: ['[']\n---\nmore: 1\n"),
            "scrape_configs: {a: b}\n".to_string(),
            "scrape_configs:\n".to_string(),
        ] {
            let tree = Tree::parse(text.as_str());
            let mut sources = Sources::new();
            let file = sources.add("p.yml", text.as_str());
            let (globals, options) = (Global::default(), Options::default());
            let whole =
                crate::config::ReadConfig::of_shape(Shape::Config, &mut sources, file, &tree, &globals, &options);
            let (config, faults) = read_jobs(Shape::Config, &mut sources, file, &tree, &options, &|_| true);
            assert_eq!((&config, &faults), (&whole.config, &whole.faults), "{text}");
            let (config, faults) = read_jobs(Shape::Config, &mut sources, file, &tree, &options, &|name| name == "j7");
            assert_eq!(faults, whole.faults);
            let wanted = whole.config.scrape_configs.iter().filter(|job| job.job_name.value == "j7");
            assert_eq!(config.scrape_configs.iter().collect::<Vec<_>>(), wanted.collect::<Vec<_>>());
            assert_eq!(config.job_names(), whole.config.job_names());
        }
    }
}
