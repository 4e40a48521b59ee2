//! A whole config at work.

use crate::config::{Config, Files};
use crate::re2::Patterns;
use crate::text::Sources;

use super::{JobSimulator, Simulation, UnknownJob, select_jobs, targets_of_job};

/// What is to be simulated, and how much is to be told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SimulateOptions {
    /// Names or patterns of the jobs meant; all jobs when empty.
    pub jobs: Vec<String>,
    /// Whether each target tells what every rule did.
    pub traces: bool,
}

/// Simulates the jobs of `config` on the targets the config names (`static_configs` and the files
/// of `file_sd_configs`, read through `files` and added to `sources`). Jobs with a load error are
/// listed without targets.
///
/// # Errors
/// A job asked for that is not there.
///
/// ```
/// use promcfg::{Config, NoFiles, SimulateOptions, Sources, simulate};
/// let mut sources = Sources::new();
/// let file = sources.add("prometheus.yml", "scrape_configs: [{job_name: web, static_configs: [{targets: ['h:1']}]}]");
/// let (config, diagnostics) = Config::read(&mut sources, file, &NoFiles);
/// assert!(diagnostics.is_empty());
/// let simulation = simulate(&config, &mut sources, &NoFiles, &SimulateOptions::default())?;
/// assert_eq!(simulation.jobs[0].targets[0].url, "http://h:1/metrics");
/// # Ok::<(), promcfg::UnknownJob>(())
/// ```
pub fn simulate(
    config: &Config,
    sources: &mut Sources,
    files: &dyn Files,
    options: &SimulateOptions,
) -> Result<Simulation, UnknownJob> {
    let mut simulation = Simulation::default();
    let mut patterns = Patterns::new();
    for job in select_jobs(&config.scrape_configs, &options.jobs)? {
        let mut result = JobSimulator::outline(job);
        let simulator =
            if job.is_valid { JobSimulator::with_patterns(&mut patterns, job, options.traces).ok() } else { None };
        if let Some(mut simulator) = simulator {
            let (targets, diagnostics) = targets_of_job(job, sources, files);
            simulation.diagnostics.extend(diagnostics);
            result.targets = targets.iter().map(|placed| simulator.simulate(placed)).collect();
            simulation.diagnostics.extend(simulator.diagnostics());
        }
        simulation.jobs.push(result);
    }
    Ok(simulation)
}
