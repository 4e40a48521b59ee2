//! The simulation of a whole config.

use crate::config::Config;
use crate::options::Options;
use crate::re2::RegexCache;
use crate::text::Sources;

use super::{JobSimulator, Owner, Simulation, TargetFiles, UnknownJobError, known_targets, select_jobs};

/// Which jobs are simulated, and in how much detail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SimulateOptions {
    /// Names or patterns of the selected jobs; all jobs when empty.
    pub jobs: Vec<String>,
    /// Whether each result has a trace of every rule.
    pub traces: bool,
}

/// Simulates the jobs of `config` on the targets the config names (`static_configs` and the files
/// of `file_sd_configs`, read through `files` and added to `sources`). Jobs with a load error are
/// listed without targets. Targets whose results exceed `options.max_memory` are left out, and counted in their job.
///
/// # Errors
/// A selected job does not exist.
///
/// ```
/// use promcfg::{Config, Options, Sources, simulate};
/// use promcfg::simulate::SimulateOptions;
/// let mut sources = Sources::new();
/// let file = sources.add("prometheus.yml", "scrape_configs: [{job_name: web, static_configs: [{targets: ['h:1']}]}]");
/// let (config, diagnostics) = Config::read(&mut sources, file, &Options::default());
/// assert!(diagnostics.is_empty());
/// let simulation = simulate(&config, &mut sources, &Options::default(), &SimulateOptions::default())?;
/// assert_eq!(simulation.jobs[0].targets[0].url, "http://h:1/metrics");
/// # Ok::<(), promcfg::simulate::UnknownJobError>(())
/// ```
pub fn simulate(
    config: &Config,
    sources: &mut Sources,
    options: &Options<'_>,
    request: &SimulateOptions,
) -> Result<Simulation, UnknownJobError> {
    let mut simulation = Simulation::default();
    let (mut patterns, mut files, mut budget) = (RegexCache::new(), TargetFiles::new(), options.budget());
    for job in select_jobs(&config.scrape_configs, &request.jobs)? {
        let mut result = JobSimulator::outline(job);
        let simulator =
            if job.is_valid { JobSimulator::with_patterns(&mut patterns, job, request.traces).ok() } else { None };
        if let Some(mut simulator) = simulator {
            let (targets, diagnostics) = known_targets(Owner::Job(job), sources, options, &mut files);
            simulation.diagnostics.extend(diagnostics);
            for placed in targets.iter() {
                if !budget.is_spent() {
                    let target = simulator.simulate(&placed);
                    if budget.hold(target.memory()) {
                        result.targets.push(target);
                        continue;
                    }
                }
                result.left_out += 1;
            }
            simulator.leave_out(result.left_out);
            simulation.diagnostics.extend(simulator.diagnostics());
        }
        simulation.jobs.push(result);
    }
    Ok(simulation)
}
