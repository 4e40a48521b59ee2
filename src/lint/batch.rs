//! The judgment of some jobs of a config: what is found in them, and what has to be known of them when they are gone.
//!
//! The batches of a config are judged one by one or in parallel, and joined in its order by [`Batch::append`]; the
//! result is the same as that of one batch with all jobs.

use std::cell::RefCell;

use crate::analysis::{Facts, NotAnalyzed, lists_of_job};
use crate::budget::Budget;
use crate::config::{Duration, MarkedField, RelabelRule, ScrapeConfig};
use crate::diagnostic::{Diagnostic, Id};
use crate::options::Options;
use crate::re2::RegexCache;
use crate::relabel::Action;
use crate::simulate::{JobSimulator, KnownTargets, Owner, Status, TargetFiles, known_targets};
use crate::text::{FileId, Location, Sources};

use super::causes::Places;
use super::missing_files::missing_files;
use super::outcomes::{JobOutcomes, JobTargets, LossOfAll, Outcome, Outcomes};
use super::placeholders::FoundPlaceholder;
use super::rule::{Check, Fields, JobFacts, Nodes, Parts, is_judged, judge_list};
use super::rules::RULES;
use super::sink::{Findings, Sink, Trees};
use super::unchecked::unchecked;

/// Jobs that differ in one of these fields may get different content from the same URL.
const PURPOSE: [&str; 7] =
    ["http_headers", "authorization", "basic_auth", "oauth2", "bearer_token", "bearer_token_file", "proxy_url"];

/// The judgment of some jobs.
pub(super) struct Batch<'t> {
    /// What is found of their targets, and by the rules that judge lists and jobs.
    pub(super) findings: Findings,
    /// What the rules find that judge a config in parts, by the place of the rule among them.
    pub(super) of_parts: Vec<OfParts>,
    pub(super) outcomes: Vec<JobOutcomes>,
    /// The places of relabel rules that have a finding.
    pub(super) rules_with_findings: Vec<Location>,
    /// The places of relabel rules that no user wrote.
    pub(super) generated_rules: Vec<Location>,
    pub(super) placeholders: Vec<FoundPlaceholder<'t>>,
    pub(super) is_interval_used: bool,
}

/// What a rule finds that judges a config in parts.
#[derive(Default)]
pub(super) struct OfParts {
    pub(super) jobs: Findings,
    pub(super) fields: Findings,
    pub(super) nodes: Findings,
}

/// What is judged together.
pub(super) struct Material<'j, 't> {
    pub(super) jobs: &'j [ScrapeConfig],
    /// The load errors of the jobs, and what else was found when they were read.
    pub(super) faults: &'j [Diagnostic],
    pub(super) marked_fields: &'j [MarkedField],
    pub(super) nodes: Vec<(FileId, Nodes<'t>)>,
    pub(super) placeholders: Vec<FoundPlaceholder<'t>>,
}

/// Where the targets of jobs are.
pub(super) enum TargetSource<'s> {
    /// In the config alone.
    Config(&'s Sources),
    /// Also in files, which are added to the texts.
    Files(&'s mut Sources, &'s mut TargetFiles),
}

impl TargetSource<'_> {
    fn sources(&self) -> &Sources {
        match self {
            Self::Config(sources) => sources,
            Self::Files(sources, _) => sources,
        }
    }

    fn known_targets<'c>(
        &mut self,
        job: &'c ScrapeConfig,
        options: &Options<'_>,
    ) -> (KnownTargets<'c>, Vec<Diagnostic>) {
        match self {
            Self::Config(_) => (KnownTargets::of_config(Owner::Job(job)), Vec::new()),
            Self::Files(sources, files) => known_targets(Owner::Job(job), sources, options, files),
        }
    }
}

/// What all batches of a config share.
#[derive(Clone, Copy)]
pub(super) struct Judge<'a> {
    pub(super) trees: &'a Trees<'a>,
    pub(super) options: &'a Options<'a>,
    /// The interval of `global`.
    pub(super) interval: Duration,
}

impl<'t> Batch<'t> {
    /// Of no jobs.
    pub(super) fn empty() -> Self {
        Self {
            findings: Findings::default(),
            of_parts: parts().map(|_| OfParts::default()).collect(),
            outcomes: Vec::new(),
            rules_with_findings: Vec::new(),
            generated_rules: Vec::new(),
            placeholders: Vec::new(),
            is_interval_used: false,
        }
    }

    /// Adds the batch of the jobs after its own.
    pub(super) fn append(&mut self, other: Self) {
        self.findings.append(other.findings);
        for (own, other) in self.of_parts.iter_mut().zip(other.of_parts) {
            own.jobs.append(other.jobs);
            own.fields.append(other.fields);
            own.nodes.append(other.nodes);
        }
        self.outcomes.extend(other.outcomes);
        self.rules_with_findings.extend(other.rules_with_findings);
        self.generated_rules.extend(other.generated_rules);
        self.placeholders.extend(other.placeholders);
        self.is_interval_used |= other.is_interval_used;
    }

    /// All that was found.
    fn all_findings(&self) -> impl Iterator<Item = &Diagnostic> {
        let of_parts = self.of_parts.iter().flat_map(|part| [&part.jobs, &part.fields, &part.nodes]);
        of_parts.chain([&self.findings]).flat_map(Findings::as_slice)
    }
}

/// The rules that judge a config in parts.
pub(super) fn parts() -> impl Iterator<Item = (Id, Parts)> {
    RULES.iter().filter_map(|rule| match rule.check {
        Check::Parts(parts) => Some((rule.id, parts)),
        Check::List(..) | Check::Job(_) | Check::Input(_) => None,
    })
}

impl Judge<'_> {
    /// Judges some jobs. `budget` is what is left for the results of their targets; what they take is counted there.
    pub(super) fn batch<'t>(
        &self,
        facts: &mut Facts,
        material: Material<'_, 't>,
        targets: &mut TargetSource<'_>,
        budget: &mut Budget,
    ) -> Batch<'t> {
        let Material { jobs, faults, marked_fields, nodes, placeholders } = material;
        let mut batch = Batch { placeholders, ..Batch::empty() };
        faults.iter().for_each(|fault| batch.findings.note(fault));
        let mut outcomes = Outcomes::new(std::mem::replace(budget, Budget::new(0)));
        let mut judged = Vec::new();
        for job in jobs.iter().filter(|job| job.is_valid) {
            let of_job = self.targets_of(job, &mut facts.patterns, targets, &mut outcomes, &mut batch.findings);
            if is_judged(job) {
                self.judge_job(facts, job, &of_job, &mut batch.findings);
                batch.is_interval_used |= job.scrape_interval == self.interval;
            }
            judged.push((job, of_job));
        }
        *budget = outcomes.budget;
        let known = judged.into_iter().filter(|(_, targets)| !targets.targets.is_empty());
        batch.outcomes = known.map(|(job, targets)| outcomes_of(job, targets, &batch.findings)).collect();
        self.judge_parts(jobs, marked_fields, &nodes, targets.sources(), &mut batch);
        note_rules(jobs, &mut batch);
        batch
    }

    /// Simulates the targets of a job, and adds what is found about them.
    fn targets_of(
        &self,
        job: &ScrapeConfig,
        patterns: &mut RegexCache,
        targets: &mut TargetSource<'_>,
        outcomes: &mut Outcomes,
        findings: &mut Findings,
    ) -> JobTargets {
        let mut of_job = JobTargets::default();
        let (targets, found) = targets.known_targets(job, self.options);
        // Only the simulator reports missing target files: another program may create them later.
        let found = found.into_iter().filter(|finding| finding.id != "missing-target-file");
        found.for_each(|finding| findings.push(finding));
        if targets.is_empty() {
            return of_job;
        }
        let set = std::mem::take(&mut outcomes.set);
        if let Ok(mut simulator) = JobSimulator::with_set(patterns, Owner::Job(job), false, set) {
            for group in targets.groups() {
                simulator.outcomes(group, &mut |outcome| {
                    let fits = match outcome {
                        Some(outcome) => outcomes.add(&mut of_job, outcome),
                        None => !outcomes.is_full(),
                    };
                    of_job.left_out += usize::from(!fits);
                    fits
                });
            }
            simulator.leave_out(of_job.left_out);
            simulator.diagnostics().into_iter().for_each(|finding| findings.push(finding));
            outcomes.set = simulator.into_set();
        }
        of_job
    }

    /// Applies the rules about lists and jobs.
    fn judge_job(&self, facts: &mut Facts, job: &ScrapeConfig, targets: &JobTargets, findings: &mut Findings) {
        let [target, metric] = match lists_of_job(facts, job) {
            Ok(lists) => lists,
            Err(NotAnalyzed::TooLarge(list)) => return findings.push(unchecked(&list)),
            Err(NotAnalyzed::Invalid) => return,
        };
        let job = JobFacts {
            job,
            targets: &targets.targets,
            target: &target,
            metric: &metric,
            trees: self.trees,
            items: RefCell::default(),
        };
        for rule in RULES {
            let mut sink = Sink::new(rule.id, self.trees, findings);
            match rule.check {
                Check::List(needs, check) => {
                    for list in [&target, &metric].into_iter().filter(|list| !list.rules.is_empty()) {
                        judge_list(needs, check, list, &mut sink);
                    }
                }
                Check::Job(check) => check(&job, &mut sink),
                Check::Input(_) | Check::Parts(_) => {}
            }
        }
    }

    /// Applies the rules that judge a config in parts.
    fn judge_parts(
        &self,
        jobs: &[ScrapeConfig],
        marked_fields: &[MarkedField],
        nodes: &[(FileId, Nodes<'_>)],
        sources: &Sources,
        batch: &mut Batch<'_>,
    ) {
        let missing = missing_files(marked_fields, sources, self.options.files);
        let fields = Fields::of(jobs, marked_fields, self.trees, &missing);
        for ((id, parts), found) in parts().zip(&mut batch.of_parts) {
            if let Some(check) = parts.job {
                let mut sink = Sink::new(id, self.trees, &mut found.jobs);
                jobs.iter().filter(|job| is_judged(job)).for_each(|job| check(job, &mut sink));
            }
            if let Some(check) = parts.fields {
                check(&fields, &mut Sink::new(id, self.trees, &mut found.fields));
            }
            if let Some(check) = parts.nodes {
                let mut sink = Sink::new(id, self.trees, &mut found.nodes);
                nodes.iter().for_each(|(file, nodes)| check(*file, *nodes, &mut sink));
            }
        }
    }
}

/// What has to be known of a job, after the rules about lists and jobs.
fn outcomes_of(job: &ScrapeConfig, JobTargets { targets, left_out }: JobTargets, findings: &Findings) -> JobOutcomes {
    let has_finding = |rule: &RelabelRule| findings.has_severe_in(Location::new(job.file, rule.span));
    let may_be_why = |rule: &&RelabelRule| !matches!(&*rule.spec.target_label, "__scheme__" | "__metrics_path__");
    let is_kept = targets.iter().any(Outcome::is_kept);
    let is_dropped = left_out == 0 && targets.iter().all(|target| target.status == Status::Dropped);
    let rule = targets.first().and_then(|first| first.dropped_by).filter(|_| is_dropped);
    let loss = rule.and_then(|rule| {
        let written = job.relabel_configs.get(rule).filter(|_| job.has_only_static_targets())?;
        let is_explained = is_of_shard(job, rule) || has_finding(written);
        let is_of_one_rule = targets.iter().all(|target| target.dropped_by == Some(rule));
        (!is_explained).then_some(LossOfAll { rule, at: Location::new(job.file, written.span), is_of_one_rule })
    });
    JobOutcomes {
        name: job.job_name.value.as_str().into(),
        is_text: job.is_text,
        has_purpose: PURPOSE.iter().any(|key| job.field(key).is_some()),
        has_findings: is_kept && job.relabel_configs.iter().filter(may_be_why).any(has_finding),
        targets,
        loss,
    }
}

/// Whether the rule selects by a hash: another server may scrape the targets.
fn is_of_shard(job: &ScrapeConfig, rule: usize) -> bool {
    let (before, rest) = job.relabel_configs.split_at(rule);
    let Some(filter) = rest.first() else { return false };
    let hashes = before.iter().filter(|rule| rule.spec.action == Some(Action::HashMod));
    hashes.map(|rule| &rule.spec.target_label).any(|hash| {
        *hash == filter.spec.target_label || filter.spec.source_labels.iter().flatten().any(|source| source == hash)
    })
}

/// Notes the places of relabel rules: those with findings, and those that no user wrote.
fn note_rules(jobs: &[ScrapeConfig], batch: &mut Batch<'_>) {
    for job in jobs {
        let rules = job.relabel_configs.iter().chain(&job.metric_relabel_configs);
        let generated = rules.filter(|rule| !rule.author.is_user());
        batch.generated_rules.extend(generated.map(|rule| Location::new(job.file, rule.span)));
    }
    if batch.all_findings().next().is_some() || batch.outcomes.iter().any(|job| job.loss.is_some()) {
        let rules = Places::of_jobs(jobs);
        let found: Vec<Location> = batch.all_findings().filter_map(|finding| rules.around(finding.at)).collect();
        let losses = batch.outcomes.iter().filter_map(|job| Some(job.loss?.at));
        batch.rules_with_findings = found.into_iter().chain(losses).collect();
        batch.rules_with_findings.sort_unstable();
        batch.rules_with_findings.dedup();
    }
}
