//! The configs that an input has, and the jobs and Alertmanagers of them that are simulated.

use promcfg::input::{Input, Part};
use promcfg::report::shown_path;
use promcfg::simulate::{Owner, UnknownJobError, select_jobs};
use promcfg::text::{Location, Span};
use promcfg::{Config, Diagnostic, Options, Sources};

use crate::cli::args::SimulateArguments;
use crate::cli::input;
use crate::cli::status::Failure;

/// A config in the input.
pub(super) struct InnerConfig {
    /// Its name, if there are several.
    name: Option<String>,
    config: Config,
    pub(super) faults: Vec<Diagnostic>,
}

/// A job or an Alertmanager to simulate.
#[derive(Clone, Copy)]
pub(super) struct Entry<'c> {
    pub(super) owner: Owner<'c>,
    /// The name of its config, if there are several.
    pub(super) config: Option<&'c str>,
}

/// Reads the configs that an input is or has.
pub(super) fn read(
    sources: &mut Sources,
    name: &str,
    bytes: &[u8],
    options: &Options<'_>,
) -> Result<Vec<InnerConfig>, Failure> {
    let input = Input::decode(name, bytes);
    let outer = sources.add(name, input.tree().text().clone());
    if let Some(failure) = input::unsupported(&input, outer) {
        return Err(failure);
    }
    let parts: Vec<Part> = input.parts().into_iter().filter(|part| part.shape().has_jobs()).collect();
    if parts.is_empty() {
        let what = input.format().describe();
        return Err(Failure::new(format!("{} is {what}, and has no scrape configs", input.name()))
            .with_help("name the config; give target groups with --targets"));
    }
    let mut configs = Vec::new();
    for part in &parts {
        let file = part.add_to(sources, outer);
        let (config, faults) = input.config(part, sources, file, options);
        let key = part.key().unwrap_or(name);
        let is_repeated = parts.iter().filter(|other| other.key() == part.key()).count() > 1;
        let line = sources.position(Location::new(file, Span::empty(0))).line;
        let shown = if is_repeated { format!("{key} (line {line})") } else { key.to_string() };
        configs.push(InnerConfig { name: (parts.len() > 1).then_some(shown), config, faults });
    }
    Ok(configs)
}

/// The selected jobs of each config, and its Alertmanagers, if they are asked for. A name is unknown when no config
/// has such a job.
pub(super) fn entries<'c>(
    configs: &'c [InnerConfig],
    arguments: &SimulateArguments,
    file: &str,
) -> Result<Vec<Entry<'c>>, Failure> {
    let mut unknown: Vec<UnknownJobError> = Vec::new();
    let mut entries = Vec::new();
    for inner in configs {
        let jobs = &inner.config.scrape_configs;
        let mut known: Vec<String> = Vec::new();
        for pattern in &arguments.jobs {
            match select_jobs(jobs, std::slice::from_ref(pattern)) {
                Ok(_) => known.push(pattern.clone()),
                Err(error) => unknown.push(error),
            }
        }
        let is_none = known.is_empty() && !arguments.jobs.is_empty();
        let selected = if is_none { Vec::new() } else { select_jobs(jobs, &known).unwrap_or_default() };
        let alertmanagers = inner.config.alertmanagers.iter().filter(|_| arguments.alertmanagers);
        let owners = selected.into_iter().map(Owner::Job).chain(alertmanagers.map(Owner::Alertmanager));
        entries.extend(owners.map(|owner| Entry { owner, config: inner.name.as_deref() }));
    }
    for pattern in &arguments.jobs {
        let failed: Vec<&UnknownJobError> = unknown.iter().filter(|error| error.name == *pattern).collect();
        if failed.len() == configs.len() {
            let known = failed.iter().flat_map(|error| error.known.iter().cloned()).collect();
            let mut all = failed[0].clone();
            all.known = known;
            return Err(super::unknown_job(&all, &shown_path(file)));
        }
    }
    Ok(entries)
}
