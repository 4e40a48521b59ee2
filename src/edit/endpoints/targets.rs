//! The jobs that the operator generates of manifests, and the targets that they find in them.

use std::collections::BTreeMap;

use super::texts::Texts;
use crate::config::{Config, RuleAuthor, ScrapeConfig};
use crate::input::operator::{RenderOptions, render};
use crate::options::Options;
use crate::re2::RegexCache;
use crate::simulate::{DiscoverySettings, JobResult, JobSimulator, Owner, Status, targets_of_group};
use crate::text::Sources;

/// The jobs of all Prometheuses.
pub(super) struct Jobs {
    sources: Sources,
    /// Each with its targets that are scraped.
    pub(super) jobs: Vec<JobResult>,
    /// The text of each job.
    pub(super) texts: BTreeMap<String, String>,
}

impl Jobs {
    /// The file of the object that a job is made of.
    pub(super) fn file_of(&self, job: &JobResult) -> String {
        self.sources.name(self.sources.outermost(job.at).file).to_string()
    }
}

/// Simulates all jobs.
pub(super) fn simulate_all(texts: &Texts, options: &Options<'_>) -> Jobs {
    let mut jobs = Jobs { sources: texts.sources.clone(), jobs: Vec::new(), texts: BTreeMap::new() };
    let renderings = render(&texts.objects, &RenderOptions { leave_out_missing: true, ..RenderOptions::default() });
    let is_one = renderings.len() == 1;
    let mut patterns = RegexCache::new();
    for rendering in &renderings {
        let Some((config, _)) = rendering.read(&mut jobs.sources, options) else { continue };
        let id = &rendering.prometheus;
        let prefix = if is_one { String::new() } else { format!("{}/{} ", id.namespace, id.name) };
        let text = rendering.config.as_ref().map_or("", |config| config.text());
        let Config { scrape_configs, .. } = config;
        for mut job in scrape_configs {
            let name = format!("{prefix}{}", job.job_name.value);
            jobs.texts.insert(name.clone(), job.span.of(text).to_string());
            job.relabel_configs.retain(|rule| rule.author != RuleAuthor::Sharding);
            let mut result = JobSimulator::outline(&job);
            result.targets = kept_targets(&job, texts, &mut patterns);
            result.job = name;
            jobs.jobs.push(result);
        }
    }
    jobs
}

fn kept_targets(job: &ScrapeConfig, texts: &Texts, patterns: &mut RegexCache) -> Vec<crate::simulate::TargetResult> {
    let mut kept = Vec::new();
    if !job.is_valid {
        return kept;
    }
    let Ok(mut simulator) = JobSimulator::with_patterns(patterns, job, false) else { return kept };
    let known = job.static_configs.iter().flat_map(targets_of_group);
    kept.extend(known.map(|target| simulator.simulate(&target)).filter(|target| target.status == Status::Kept));
    let found = texts.saved.discover(Owner::Job(job), &DiscoverySettings::default());
    for (target, _) in found.targets() {
        let placeholders = found.placeholders(&target.target);
        let result = match &placeholders[..] {
            [] => simulator.simulate(&target),
            placeholders => simulator.simulate_unknown(&target, placeholders),
        };
        if result.status == Status::Kept {
            kept.push(result);
        }
    }
    kept
}
