//! The configs that an input has, and the jobs and Alertmanagers of them that are simulated.

use promcfg::config::ScrapeConfig;
use promcfg::input::{Input, Part};
use promcfg::report::shown_path;
use promcfg::simulate::{JobPatterns, Owner, UnknownJobError, select_jobs, select_names};
use promcfg::text::{FileId, Location, Span};
use promcfg::{Config, Diagnostic, Options, Sources};
use rustc_hash::{FxHashMap, FxHashSet};

use super::source::{Entry, Stream};
use crate::cli::args::SimulateArguments;
use crate::cli::input;
use crate::cli::status::Failure;

/// A config in the input.
pub(super) struct InnerConfig {
    /// Its name, if there are several.
    name: Option<String>,
    pub(super) config: Config,
    pub(super) faults: Vec<Diagnostic>,
    /// Whether parts of it, or of the manifest around it, are not valid YAML.
    pub(super) is_partial: bool,
}

impl InnerConfig {
    /// A config that is generated of objects.
    pub(super) fn generated(name: Option<String>, config: Config, faults: Vec<Diagnostic>, is_partial: bool) -> Self {
        Self { name, config, faults, is_partial }
    }

    /// The names of its jobs.
    pub(super) fn job_names(&self) -> impl Iterator<Item = &str> {
        self.config.scrape_configs.iter().map(|job| job.job_name.value.as_str())
    }
}

/// An input, with the configs that it is or has.
pub(super) struct Opened {
    input: Input,
    outer: FileId,
    parts: Vec<Part>,
}

/// Takes an input apart.
pub(super) fn open(sources: &mut Sources, name: &str, bytes: Vec<u8>) -> Result<Opened, Failure> {
    let input = Input::decode_owned(name, bytes);
    let outer = sources.add(name, input.tree().text().clone());
    if let Some(failure) = input::unsupported(&input, outer) {
        return Err(failure);
    }
    let parts: Vec<Part> = input.parts().into_iter().filter(|part| part.shape().has_jobs()).collect();
    if parts.is_empty() && input.broken_places(outer).is_empty() {
        let what = input.format().describe();
        return Err(Failure::new(format!("{} is {what}, and has no scrape configs", input.name()))
            .with_help("name the config; give target groups with --targets"));
    }
    Ok(Opened { input, outer, parts })
}

impl Opened {
    /// The broken places of a manifest, if they are all that it has.
    pub(super) fn only_broken_places(&self) -> Vec<Diagnostic> {
        if self.parts.is_empty() { self.input.broken_places(self.outer) } else { Vec::new() }
    }

    /// The selected jobs one after the other; `None` if all has to be read first.
    pub(super) fn stream<'s>(
        &'s self,
        sources: &'s Sources,
        options: &'s Options<'s>,
        arguments: &SimulateArguments,
        file: &str,
    ) -> Result<Option<Stream<'s>>, Failure> {
        let [part] = self.parts.as_slice() else { return Ok(None) };
        let Some(jobs) = self.input.job_stream(part, sources, self.outer, options) else { return Ok(None) };
        let selected = select_names(jobs.names(), &arguments.jobs);
        let selected = selected.map_err(|unknown| super::unknown_job(&unknown, &shown_path(file)))?;
        Ok(Some(Stream::new(jobs, &selected, options)))
    }

    /// Reads all configs.
    pub(super) fn read(
        &self,
        sources: &mut Sources,
        options: &Options<'_>,
        arguments: &SimulateArguments,
    ) -> Vec<InnerConfig> {
        let Self { input, outer, parts } = self;
        let mut configs = Vec::new();
        let mut broken_places = input.broken_places(*outer);
        let patterns = JobPatterns::new(&arguments.jobs);
        for part in parts {
            let file = part.add_to(sources, *outer);
            let wants = |name: &str| patterns.may_select(name);
            let (config, mut faults) = input.config_with(part, sources, file, options, &wants);
            let is_partial = config.is_partial() || !broken_places.is_empty();
            faults.splice(0..0, broken_places.drain(..));
            let key = part.key().unwrap_or(input.name());
            let is_repeated = parts.iter().filter(|other| other.key() == part.key()).count() > 1;
            let line = || sources.position(Location::new(file, Span::empty(0))).line;
            let shown = if is_repeated { format!("{key} (line {})", line()) } else { key.to_string() };
            configs.push(InnerConfig { name: (parts.len() > 1).then_some(shown), config, faults, is_partial });
        }
        configs
    }
}

/// The selected jobs of each config, and its Alertmanagers, if they are asked for. A name is unknown when no config
/// has such a job.
pub(super) fn entries<'c>(
    configs: &'c [InnerConfig],
    patterns: &[String],
    has_alertmanagers: bool,
    file: &str,
) -> Result<Vec<Entry<'c>>, Failure> {
    // In how many configs each pattern fits no job.
    let mut failures: FxHashMap<&str, usize> = FxHashMap::default();
    let mut entries = Vec::new();
    for inner in configs {
        let (known, unknown) = known_patterns(&inner.config.scrape_configs, patterns);
        unknown.into_iter().for_each(|pattern| *failures.entry(pattern).or_default() += 1);
        let is_none = known.is_empty() && !patterns.is_empty();
        let jobs = &inner.config.scrape_configs;
        let selected = if is_none { Vec::new() } else { select_jobs(jobs, &known).unwrap_or_default() };
        let alertmanagers = inner.config.alertmanagers.iter().filter(|_| has_alertmanagers);
        let owners = selected.into_iter().map(Owner::Job).chain(alertmanagers.map(Owner::Alertmanager));
        entries.extend(owners.map(|owner| Entry { owner, config: inner.name.as_deref() }));
    }
    let is_unknown = |pattern: &&String| failures.get(pattern.as_str()).is_some_and(|count| *count >= configs.len());
    // A job may be in a part that could not be read.
    let is_whole = configs.iter().all(|inner| !inner.is_partial);
    if let Some(pattern) = patterns.iter().find(is_unknown).filter(|_| is_whole) {
        let names = configs.iter().flat_map(|inner| inner.config.job_names());
        let known = names.map(str::to_string).collect();
        return Err(super::unknown_job(&UnknownJobError { name: pattern.clone(), known }, &shown_path(file)));
    }
    Ok(entries)
}

/// The patterns that fit jobs of a config, and those that fit none.
fn known_patterns<'p>(jobs: &[ScrapeConfig], patterns: &'p [String]) -> (Vec<String>, Vec<&'p str>) {
    let names: FxHashSet<&str> = jobs.iter().map(|job| job.job_name.value.as_str()).collect();
    let (mut known, mut unknown) = (Vec::new(), FxHashSet::default());
    for pattern in patterns {
        let fits = |pattern: &String| select_jobs(jobs, std::slice::from_ref(pattern)).is_ok();
        if names.contains(pattern.as_str()) || (pattern.contains(['*', '?']) && fits(pattern)) {
            known.push(pattern.clone());
        } else {
            unknown.insert(pattern.as_str());
        }
    }
    (known, unknown.into_iter().collect())
}
