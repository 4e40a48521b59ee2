//! The jobs of a config, a few at a time: each chunk is read, simulated, judged and dropped, in any order and on any
//! thread; the batches are joined in the order of the text. So a config of any number of jobs takes the memory of its
//! text, its tree and a short record a job.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::analysis::Facts;
use crate::budget::Budget;
use crate::config::{Head, ReadJobs, ScrapeConfig, Tail};
use crate::diagnostic::Diagnostic;
use crate::re2::RegexCache;
use crate::simulate::TargetFiles;
use crate::text::{FileId, Location, Sources};
use crate::yaml::Tree;

use super::batch::{Batch, Judge, Material, TargetSource};
use super::placeholders::in_jobs;
use super::rule::Nodes;

/// The number of patterns that are kept for the next chunk.
const MOST_PATTERNS: usize = 2_000;

/// The chunks of a config, and what all of them need.
pub(super) struct Chunks<'a, 't> {
    pub(super) head: &'a Head<'t>,
    pub(super) tree: &'t Tree,
    pub(super) file: FileId,
    pub(super) judge: Judge<'a>,
    chunks: Vec<Range<usize>>,
}

/// Some jobs that were read.
struct Read {
    chunk: usize,
    jobs: ReadJobs,
}

/// What was found in a chunk.
struct Judged<'t> {
    /// The name of each job, with its place.
    names: Vec<(Box<str>, Location)>,
    faults: Vec<Diagnostic>,
    batch: Batch<'t>,
    budget: Budget,
}

/// What was found in the chunks so far, in order.
pub(super) struct Joined<'t> {
    pub(super) tail: Tail<'t>,
    pub(super) batch: Batch<'t>,
    /// What the results of all targets take.
    pub(super) budget: Budget,
    /// The number of chunks that are joined.
    count: usize,
    /// Chunks after others that are not judged yet.
    waiting: BTreeMap<usize, Judged<'t>>,
}

/// Judges a chunk: which one, which of its jobs have the name of another job, what is left of the budget.
type JudgeAgain<'w, 't> = dyn FnMut(usize, &[usize], Budget) -> Judged<'t> + 'w;

impl<'a, 't> Chunks<'a, 't> {
    pub(super) fn new(head: &'a Head<'t>, tree: &'t Tree, file: FileId, judge: Judge<'a>) -> Self {
        let chunks = head.chunks(judge.options);
        Self { head, tree, file, judge, chunks }
    }

    /// Judges all jobs, whose targets are in the config alone.
    pub(super) fn judge_in_parallel(&self, sources: &Sources, tail: Tail<'t>) -> Joined<'t> {
        let joined = Mutex::new(self.nothing(tail));
        self.in_parallel(&|chunk, facts| {
            let mut judge = |chunk: usize, refused: &[usize], budget: Budget| {
                let read = self.read(chunk, facts);
                self.judge(read, refused, facts, &mut TargetSource::Config(sources), budget)
            };
            let judged = judge(chunk, &[], self.judge.options.budget());
            joined.lock().unwrap_or_else(PoisonError::into_inner).add(chunk, judged, &mut judge);
        });
        joined.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Judges all jobs; those with target files one after the other, as the files are added to the texts in the order of
    /// the jobs.
    pub(super) fn judge_in_order(&self, sources: &mut Sources, tail: Tail<'t>) -> Joined<'t> {
        let mut judged = self.judge_without_files(sources);
        let (mut facts, mut files) = (self.facts(), TargetFiles::new());
        let mut joined = self.nothing(tail);
        for chunk in 0..self.chunks.len() {
            match judged.get_mut(chunk).and_then(Option::take) {
                Some(judged) => joined.add(chunk, judged, &mut |chunk: usize, refused: &[usize], budget: Budget| {
                    let read = self.read(chunk, &mut facts);
                    self.judge(read, refused, &mut facts, &mut TargetSource::Config(sources), budget)
                }),
                None => {
                    let read = self.read(chunk, &mut facts);
                    let refused = joined.refused(&names_of(&read.jobs));
                    let mut targets = TargetSource::Files(sources, &mut files);
                    let judged = self.judge(read, &refused, &mut facts, &mut targets, joined.budget.clone());
                    joined.join(judged);
                }
            }
        }
        joined
    }

    /// Judges the chunks whose targets are in the config alone, as if there were no others.
    fn judge_without_files(&self, sources: &Sources) -> Vec<Option<Judged<'t>>> {
        let judged: Vec<Mutex<Option<Judged<'t>>>> = self.chunks.iter().map(|_| Mutex::new(None)).collect();
        self.in_parallel(&|chunk, facts| {
            if self.chunks.get(chunk).is_none_or(|jobs| self.head.may_name_target_files(jobs.clone())) {
                return;
            }
            let read = self.read(chunk, facts);
            let budget = self.judge.options.budget();
            let found = self.judge(read, &[], facts, &mut TargetSource::Config(sources), budget);
            if let Some(place) = judged.get(chunk) {
                *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
            }
        });
        judged.into_iter().map(|judged| judged.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
    }

    /// Does something with each chunk, on the threads of the caller. Each thread has facts of its own.
    fn in_parallel(&self, work: &(dyn Fn(usize, &mut Facts) + Sync)) {
        let next = AtomicUsize::new(0);
        let work = |_: usize| {
            let mut facts = self.facts();
            loop {
                let chunk = next.fetch_add(1, Ordering::Relaxed);
                if chunk >= self.chunks.len() {
                    break;
                }
                work(chunk, &mut facts);
            }
        };
        let executor = self.judge.options.executor;
        match executor.width().min(self.chunks.len()) {
            0 | 1 => work(0),
            workers => executor.run(workers, &work),
        }
    }

    fn nothing(&self, tail: Tail<'t>) -> Joined<'t> {
        let budget = self.judge.options.budget();
        Joined { tail, batch: Batch::empty(), budget, count: 0, waiting: BTreeMap::new() }
    }

    fn facts(&self) -> Facts {
        Facts::new(RegexCache::new(), self.head.config.semantics().syntax())
    }

    fn read(&self, chunk: usize, facts: &mut Facts) -> Read {
        if facts.len() > MOST_PATTERNS {
            *facts = self.facts();
        }
        let range = self.chunks.get(chunk).cloned().unwrap_or_default();
        let mut jobs = self.head.read(range, std::mem::take(&mut facts.patterns));
        facts.patterns = std::mem::take(&mut jobs.patterns);
        Read { chunk, jobs }
    }

    /// The nodes of a job. A text that is cut has no alias.
    fn nodes_of(&self, index: usize) -> Option<Nodes<'t>> {
        let job = self.head.jobs().get(index)?;
        Some(Nodes::of_item(self.tree, job.id(), self.head.first_node(index + 1), job.full_span()))
    }

    fn judge(
        &self,
        read: Read,
        refused: &[usize],
        facts: &mut Facts,
        targets: &mut TargetSource<'_>,
        mut budget: Budget,
    ) -> Judged<'t> {
        let range = self.chunks.get(read.chunk).cloned().unwrap_or_default();
        let names = names_of(&read.jobs);
        let ReadJobs { mut jobs, faults, marked_fields, .. } = read.jobs;
        for job in refused {
            if let Some(job) = jobs.get_mut(*job) {
                job.is_valid = false;
            }
        }
        let nodes = range.clone().filter_map(|index| Some((self.file, self.nodes_of(index)?))).collect();
        let material = Material {
            jobs: &jobs,
            faults: &faults,
            marked_fields: &marked_fields,
            nodes,
            placeholders: in_jobs(self.file, self.head.jobs().get(range).unwrap_or(&[])),
        };
        let batch = self.judge.batch(facts, material, targets, &mut budget);
        Judged { names, faults, batch, budget }
    }
}

fn names_of(read: &ReadJobs) -> Vec<(Box<str>, Location)> {
    let name = |job: &ScrapeConfig| (job.job_name.value.as_str().into(), Location::new(job.file, job.job_name.span));
    read.jobs.iter().map(name).collect()
}

impl<'t> Joined<'t> {
    /// Adds a chunk, or keeps it until those before it are there. What its jobs share with those before them is
    /// known only then: a chunk with a name or results beyond the budget is judged again.
    fn add(&mut self, chunk: usize, judged: Judged<'t>, judge: &mut JudgeAgain<'_, 't>) {
        self.waiting.insert(chunk, judged);
        while let Some(mut judged) = self.waiting.remove(&self.count) {
            let refused = self.refused(&judged.names);
            let mut budget = self.budget.clone();
            let held = usize::try_from(judged.budget.held()).unwrap_or(usize::MAX);
            let fits = !judged.budget.is_spent() && budget.hold(held);
            judged.budget = budget;
            if !fits || !refused.is_empty() {
                judged = judge(self.count, &refused, self.budget.clone());
            }
            self.join(judged);
        }
    }

    /// Which jobs of a chunk have the name of a job before them.
    fn refused(&mut self, names: &[(Box<str>, Location)]) -> Vec<usize> {
        let names = names.iter().enumerate();
        names.filter(|(_, (name, at))| !self.tail.takes_name(name, *at)).map(|(job, _)| job).collect()
    }

    fn join(&mut self, judged: Judged<'t>) {
        self.tail.add_faults(judged.faults);
        self.batch.append(judged.batch);
        self.budget = judged.budget;
        self.count += 1;
    }
}

#[cfg(all(test, feature = "cli"))]
mod tests {
    use crate::diagnostic::Diagnostic;
    use crate::files::MemoryFiles;
    use crate::lint::lint_config;
    use crate::options::{Executor, Options};
    use crate::text::Sources;
    use crate::yaml::Tree;

    /// Jobs that have something in common with others: names, URLs, series, placeholders, too many findings of a kind.
    const JOBS: [&str; 12] = [
        "job_name: a\n  static_configs: [{targets: ['h:1', 'i:1']}]\n",
        "job_name: a\n  static_configs: [{targets: ['h:2']}]\n  relabel_configs: [{source_labels: [nosuch], target_label: x}]\n",
        "job_name: b\n  metrics_path: /metrics\n  static_configs: [{targets: ['h:1']}]\n  basic_auth: {username: u, password: s3cr3t-word}\n",
        "job_name: c\n  static_configs: [{targets: ['${HOST}:1', 'http://u:pw12@h/x']}]\n",
        "job_name: d\n  static_configs: [{targets: ['h:3', 'h:4'], labels: {instance: x}}]\n",
        "job_name: e\n  static_configs: [{targets: ['h:5']}]\n  relabel_configs: [{source_labels: [__address__], regex: 'a.b', action: keep}]\n",
        "job_name: f\n  nosuch: 1\n  static_configs: [{targets: ['${HOST}:1']}]\n",
        "job_name: g\n  scrape_interval: 10m\n  static_configs: [{targets: ['h:6'], labels: {a-b: x}}]\n  bearer_token: abcdef123456\n",
        "job_name: h\n  params: {token: [abcdef12]}\n  static_configs: [{targets: [h, h, h]}]\n  tls_config: {ca_file: nosuch.pem}\n",
        "job_name: i\n  static_configs: [{targets: ['h:1']}]\n  metric_relabel_configs: [{source_labels: [x], regex: '(.*)', separator: ';', target_label: y}]\n",
        "job_name: j\n  dns_sd_configs: [{names: [x.org], refresh_interval: nosuch}]\n",
        "job_name: k\n  kubernetes_sd_configs: [{role: pod}]\n  relabel_configs: [{source_labels: [__meta_kubernetes_pods], regex: '', target_label: '', action: drop}]\n",
    ];

    /// So many tasks at a time; the last one is started first.
    struct Threads(usize);

    impl Executor for Threads {
        fn width(&self) -> usize {
            self.0
        }

        fn run(&self, tasks: usize, task: &(dyn Fn(usize) + Sync)) {
            rayon::scope(|scope| (0..tasks).rev().for_each(|index| scope.spawn(move |_| task(index))));
        }
    }

    /// A config with jobs in an order of its own.
    fn config(seed: usize, count: usize) -> String {
        let job = |at: usize| {
            let (kind, name) = ((at * (2 * seed + 1) + seed) % JOBS.len(), at / JOBS.len());
            let job = JOBS[kind].replacen(
                '\n',
                &format!("{}\n", if name % 3 == 0 { String::new() } else { name.to_string() }),
                1,
            );
            format!("- {job}")
        };
        let (head, tail) = (
            "global: {scrape_interval: 10m, evaluation_interval: 10m, external_labels: {x: '$X'}}\nrule_files: ['${RULES}', nosuch.yml]\nscrape_configs:\n",
            "alerting: {alert_relabel_configs: [{regex: '(x)', action: labeldrop}], alertmanagers: [{basic_auth: {username: u, password: geheim12}, static_configs: [{targets: ['${HOST}:9']}]}]}\nremote_write: [{url: 'https://u:p4ss@h', write_relabel_configs: [{target_label: a-b, replacement: x}]}]\n",
        );
        let jobs: String = (0..count).map(job).collect();
        if seed.is_multiple_of(2) { format!("{head}{jobs}{tail}") } else { format!("{tail}{head}{jobs}") }
    }

    fn lint(text: &str, options: &Options<'_>) -> Vec<Diagnostic> {
        lint_config(&mut Sources::new(), "p.yml", &Tree::parse(text), options)
    }

    #[test]
    fn findings_depend_neither_on_the_executor_nor_on_the_size_of_chunks() {
        let files: MemoryFiles = [("t.json", r#"[{"targets":["f:1","f:1"]}]"#), ("p.yml", "")].into_iter().collect();
        let options = Options::new(&files);
        for seed in [0, 1, 5, 8] {
            let text = config(seed, 40);
            let with_files = text.replace(
                "dns_sd_configs: [{names: [x.org], refresh_interval: nosuch}]",
                "file_sd_configs: [{files: [t.json]}]",
            );
            for text in [text, with_files] {
                // An alias keeps the text from being cut.
                let whole = lint(&format!("{text}tracing: &t {{endpoint: x}}\nstorage: *t\n"), &options);
                let whole: Vec<&Diagnostic> =
                    whole.iter().filter(|found| (found.at.span.start as usize) < text.len()).collect();
                for together in [1, 2, 7, 1000] {
                    for width in [1, 3] {
                        let threads = Threads(width);
                        let options = options.with_jobs_together(together).with_executor(&threads);
                        let found = lint(&text, &options);
                        assert_eq!(found.iter().collect::<Vec<_>>(), whole, "{seed}: {together} jobs, {width} threads");
                    }
                }
            }
        }
    }

    #[test]
    fn the_memory_of_results_is_bounded_for_all_chunks_together() {
        let text = config(2, 60);
        for limit in [0, 3_000, 20_000, 60_000] {
            let options = Options::default().with_max_memory(limit);
            let whole = lint(&text, &options.with_jobs_together(1000));
            for together in [1, 2, 7] {
                let options = options.with_jobs_together(together).with_executor(&Threads(3));
                assert_eq!(lint(&text, &options), whole, "{limit}: {together} jobs");
            }
        }
    }

    #[test]
    fn findings_beyond_the_most_that_are_kept_are_counted_in_chunks_as_well() {
        let job = |at: usize| {
            format!(
                "- job_name: j{at}\n  nosuch: 1\n- job_name: k{at}\n  static_configs: [{{targets: ['h:1'], labels: {{a-b: x}}}}]\n  relabel_configs: [{{source_labels: [nosuch], target_label: x}}]\n"
            )
        };
        let text = format!("scrape_configs:\n{}", (0..1300).map(job).collect::<String>());
        let whole = lint(&text, &Options::default().with_jobs_together(10_000));
        assert!(whole.iter().any(|finding| finding.omitted > 0));
        assert_eq!(lint(&text, &Options::default().with_jobs_together(7).with_executor(&Threads(3))), whole);
    }
}
