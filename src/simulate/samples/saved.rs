//! Saved targets as another config would discover them: labels that the running job put on them are worked out anew.

use rustc_hash::FxHashMap;

use crate::config::{Config, ScrapeConfig};
use crate::scrape::{DiscoveredTarget, default_value, is_added_by_jobs};

use super::ApiTarget;

/// The targets of a saved answer, job by job.
///
/// Their labels are those of the config that ran, with all that its jobs added. [`for_job`](Self::for_job) takes off
/// what the running job put there, so that the job of another config adds its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedTargets {
    jobs: FxHashMap<String, Vec<ApiTarget>>,
    /// Whether `job` of a target is known to be the name of its job: only then does a label `job` with another value
    /// come from discovery.
    are_jobs_known: bool,
    /// The jobs, as the answer has them first.
    names: Vec<String>,
    /// Targets of which it is not known which job they are of: without the labels that jobs add.
    unnamed: Vec<ApiTarget>,
    /// The job that they are given to.
    job_of_unnamed: Option<String>,
}

/// A label of saved targets that the running job seems to have put there, while the present job puts another value, or
/// none. Only the config that ran decides it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AssumedDefault {
    /// The name of the label.
    pub label: String,
    /// Its value in the saved targets.
    pub saved: String,
    /// The value that the job gives now; `None` if it gives none.
    pub present: Option<String>,
    /// The number of saved targets with this value.
    pub count: usize,
    /// The number of saved targets of the job.
    pub of: usize,
}

/// The saved targets of one job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobTargets {
    /// The targets, without the labels of the running job.
    pub targets: Vec<DiscoveredTarget>,
    /// What was assumed, by the names of the labels.
    pub assumed: Vec<AssumedDefault>,
}

impl SavedTargets {
    /// Targets that name their jobs, as those of an answer of `/api/v1/targets` do.
    #[must_use]
    pub fn new(targets: Vec<ApiTarget>) -> Self {
        let mut saved = Self { are_jobs_known: true, ..Self::default() };
        for target in targets {
            if target.job.is_empty() {
                saved.unnamed.push(target);
                continue;
            }
            if !saved.jobs.contains_key(&target.job) {
                saved.names.push(target.job.clone());
            }
            saved.jobs.entry(target.job.clone()).or_default().push(target);
        }
        saved
    }

    /// Targets that all belong to one job, with this name: the output of `promtool check service-discovery` does not
    /// name it.
    #[must_use]
    pub fn of_one_job(targets: Vec<ApiTarget>, job: &str) -> Self {
        let name = job.to_string();
        Self { jobs: [(name.clone(), targets)].into_iter().collect(), names: vec![name], ..Self::default() }
    }

    /// The number of targets of which it is not known which job they are of: those that servers before 3.3 dropped.
    #[must_use]
    pub fn unnamed(&self) -> usize {
        if self.job_of_unnamed.is_some() { 0 } else { self.unnamed.len() }
    }

    /// Says which job the targets are of that name none.
    pub fn give_unnamed_to(&mut self, job: &str) {
        if self.unnamed.is_empty() {
            return;
        }
        self.job_of_unnamed = Some(job.to_string());
        if !self.jobs.contains_key(job) {
            self.names.push(job.to_string());
        }
    }

    /// The names of the jobs with the numbers of their targets, in the order of the answer.
    pub fn jobs(&self) -> impl Iterator<Item = (&str, usize)> {
        self.names
            .iter()
            .map(|name| (name.as_str(), self.jobs.get(name).map_or(0, Vec::len) + self.unnamed_of(name).len()))
    }

    /// The targets that name no job, if they are given to this one.
    fn unnamed_of(&self, job: &str) -> &[ApiTarget] {
        if self.job_of_unnamed.as_deref() == Some(job) { &self.unnamed } else { &[] }
    }

    /// The saved targets of the job with the name of `job`. `running` is the job of that name in the config that ran.
    ///
    /// With `running`, a label with the value that this job gives came from it, any other from discovery. Without it, a
    /// label that some targets lack came from discovery, since a job gives its labels to all; a value that the job
    /// gives now is worked out anew; of the rest, the most frequent value is assumed to come from the running job.
    ///
    /// ```
    /// use promcfg::simulate::{SavedTargets, read_api_targets};
    /// use promcfg::{Config, Options, Sources};
    /// let saved = r#"{"status":"success","data":{"activeTargets":[
    ///     {"discoveredLabels":{"__address__":"h:1","__param_module":"x","job":"probe"},"scrapePool":"probe"}]}}"#;
    /// let mut sources = Sources::new();
    /// let file = sources.add("p.yml", "scrape_configs: [{job_name: probe, params: {module: [y]}}]");
    /// let (config, _) = Config::read(&mut sources, file, &Options::default());
    /// let targets = SavedTargets::new(read_api_targets(saved)?).for_job(&config.scrape_configs[0], None);
    /// assert_eq!(targets.targets[0].own, [("__address__".to_string(), "h:1".to_string())]);
    /// assert_eq!(targets.assumed[0].present.as_deref(), Some("y"));
    /// # Ok::<(), promcfg::simulate::TargetInputError>(())
    /// ```
    #[must_use]
    pub fn for_job(&self, job: &ScrapeConfig, running: Option<&ScrapeConfig>) -> JobTargets {
        let name = &job.job_name.value;
        let saved = self.jobs.get(name).map_or(&[][..], Vec::as_slice);
        let mut origins = Origins { job, running, are_jobs_known: self.are_jobs_known, defaults: FxHashMap::default() };
        if running.is_none() {
            origins.guess(saved);
        }
        let discovered = |target: &ApiTarget| {
            let own = target.discovered.iter().filter(|label| !origins.is_of_job(label)).cloned();
            DiscoveredTarget { own: own.collect(), group: Vec::new() }
        };
        let targets = saved.iter().chain(self.unnamed_of(name)).map(discovered).collect();
        JobTargets { targets, assumed: origins.assumed(saved) }
    }
}

/// Which labels came from the running job.
struct Origins<'s> {
    job: &'s ScrapeConfig,
    running: Option<&'s ScrapeConfig>,
    are_jobs_known: bool,
    /// Without the running job: the value that it seems to have given, by label.
    defaults: FxHashMap<&'s str, &'s str>,
}

impl<'s> Origins<'s> {
    fn is_of_job(&self, (name, value): &(String, String)) -> bool {
        if !is_added_by_jobs(name) {
            return false;
        }
        match self.running {
            Some(running) => default_value(running, name).is_some_and(|default| default == value.as_str()),
            None => self.defaults.get(name.as_str()).is_some_and(|default| default == value),
        }
    }

    /// Works out the labels that the running job seems to have given.
    fn guess(&mut self, saved: &'s [ApiTarget]) {
        let mut counts: FxHashMap<&str, FxHashMap<&str, usize>> = FxHashMap::default();
        for (name, value) in saved.iter().flat_map(|target| &target.discovered) {
            if is_added_by_jobs(name) && !value.is_empty() {
                *counts.entry(name).or_default().entry(value).or_default() += 1;
            }
        }
        for (name, values) in counts {
            if values.values().sum::<usize>() < saved.len() {
                continue;
            }
            let known = match name {
                "job" if self.are_jobs_known => values.keys().find(|value| **value == self.job.job_name.value),
                _ => {
                    let present = default_value(self.job, name);
                    let is_present = |value: &&&str| present.as_deref().is_some_and(|present| present == **value);
                    let most_frequent =
                        || values.iter().max_by_key(|(value, count)| (**count, std::cmp::Reverse(**value)));
                    values.keys().find(is_present).or_else(|| most_frequent().map(|(value, _)| value))
                }
            };
            if let Some(value) = known {
                self.defaults.insert(name, value);
            }
        }
    }

    /// The assumptions that make a difference.
    fn assumed(&self, saved: &[ApiTarget]) -> Vec<AssumedDefault> {
        let mut assumed: Vec<AssumedDefault> = self
            .defaults
            .iter()
            .filter_map(|(label, saved_value)| {
                let present = default_value(self.job, label);
                if present.as_deref() == Some(*saved_value) {
                    return None;
                }
                let has_it =
                    |target: &&ApiTarget| target.discovered.iter().any(|(n, v)| n == label && v == saved_value);
                Some(AssumedDefault {
                    label: (*label).to_string(),
                    saved: (*saved_value).to_string(),
                    present: present.map(std::borrow::Cow::into_owned),
                    count: saved.iter().filter(has_it).count(),
                    of: saved.len(),
                })
            })
            .collect();
        assumed.sort_by(|a, b| a.label.cmp(&b.label));
        assumed
    }
}

/// The job of the config that ran which has the name of `job`.
#[must_use]
pub fn running_job<'c>(running: &'c Config, job: &ScrapeConfig) -> Option<&'c ScrapeConfig> {
    running.scrape_configs.iter().find(|other| other.job_name.value == job.job_name.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, Sources};

    fn config(text: &str) -> Config {
        let mut sources = Sources::new();
        let file = sources.add("p.yml", text);
        let (config, faults) = Config::read(&mut sources, file, &Options::default());
        assert!(faults.is_empty(), "{faults:?}");
        config
    }

    /// Targets of the job `a`, as lines of `name=value` pairs.
    fn saved(targets: &[&str]) -> SavedTargets {
        let pair = |text: &str| {
            let (name, value) = text.split_once('=').expect("a pair");
            (name.to_string(), value.to_string())
        };
        let target = |text: &&str| ApiTarget { job: "a".to_string(), discovered: text.split(' ').map(pair).collect() };
        SavedTargets::new(targets.iter().map(target).collect())
    }

    fn own(targets: &JobTargets) -> Vec<String> {
        let label = |(name, value): &(String, String)| format!("{name}={value}");
        targets.targets.iter().map(|t| t.own.iter().map(label).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn parameters_of_the_running_job_give_way_to_those_of_the_present_one() {
        let present = config("scrape_configs: [{job_name: a, params: {module: [y]}}]");
        let saved = saved(&["__address__=h:1 __param_module=x job=a", "__address__=h:2 __param_module=x job=a"]);
        let targets = saved.for_job(&present.scrape_configs[0], None);
        assert_eq!(own(&targets), ["__address__=h:1", "__address__=h:2"]);
        let assumed = &targets.assumed[0];
        assert_eq!((assumed.label.as_str(), assumed.saved.as_str()), ("__param_module", "x"));
        assert_eq!((assumed.present.as_deref(), assumed.count, assumed.of), (Some("y"), 2, 2));
    }

    #[test]
    fn a_label_that_some_targets_lack_comes_from_discovery() {
        let present = config("scrape_configs: [{job_name: a}]");
        let saved = saved(&["__address__=h:1 __param_module=x job=a", "__address__=h:2 job=a"]);
        let targets = saved.for_job(&present.scrape_configs[0], None);
        assert_eq!(own(&targets), ["__address__=h:1 __param_module=x", "__address__=h:2"]);
        assert_eq!(targets.assumed, []);
    }

    #[test]
    fn targets_with_a_path_of_their_own_keep_it() {
        let present = config("scrape_configs: [{job_name: a}]");
        let saved = saved(&["__address__=h:1 __metrics_path__=/metrics", "__address__=h:2 __metrics_path__=/own"]);
        let targets = saved.for_job(&present.scrape_configs[0], None);
        assert_eq!(own(&targets), ["__address__=h:1", "__address__=h:2 __metrics_path__=/own"]);
        assert_eq!(targets.assumed, []);
    }

    #[test]
    fn the_most_frequent_value_is_assumed_to_be_of_the_running_job() {
        let present = config("scrape_configs: [{job_name: a, scheme: https}]");
        let saved = saved(&[
            "__address__=h:1 __metrics_path__=/b",
            "__address__=h:2 __metrics_path__=/own",
            "__address__=h:3 __metrics_path__=/b",
        ]);
        let targets = saved.for_job(&present.scrape_configs[0], None);
        assert_eq!(own(&targets), ["__address__=h:1", "__address__=h:2 __metrics_path__=/own", "__address__=h:3"]);
        assert_eq!((targets.assumed[0].saved.as_str(), targets.assumed[0].count), ("/b", 2));
    }

    #[test]
    fn a_job_label_of_discovery_stays() {
        let present = config("scrape_configs: [{job_name: a}]");
        let targets = saved(&["__address__=h:1 job=own"]).for_job(&present.scrape_configs[0], None);
        assert_eq!(own(&targets), ["__address__=h:1 job=own"]);
        assert_eq!(targets.assumed, []);
    }

    #[test]
    fn dropped_targets_without_a_job_are_of_the_job_that_they_are_given_to() {
        let present = config("scrape_configs: [{job_name: a, params: {module: [y]}}, {job_name: b}]");
        let pair = |name: &str, value: &str| (name.to_string(), value.to_string());
        let dropped = ApiTarget { job: String::new(), discovered: vec![pair("__address__", "h:2")] };
        let kept = ApiTarget {
            job: "a".to_string(),
            discovered: vec![pair("__address__", "h:1"), pair("__param_module", "x"), pair("job", "a")],
        };
        let mut saved = SavedTargets::new(vec![kept, dropped]);
        assert_eq!((saved.unnamed(), saved.jobs().collect::<Vec<_>>()), (1, vec![("a", 1)]));
        saved.give_unnamed_to("a");
        let targets = saved.for_job(&present.scrape_configs[0], None);
        assert_eq!(own(&targets), ["__address__=h:1", "__address__=h:2"]);
        assert_eq!((targets.assumed[0].count, targets.assumed[0].of), (1, 1));
        saved.give_unnamed_to("b");
        assert_eq!(own(&saved.for_job(&present.scrape_configs[1], None)), ["__address__=h:2"]);
        assert_eq!((saved.unnamed(), saved.jobs().collect::<Vec<_>>()), (0, vec![("a", 1), ("b", 1)]));
    }

    #[test]
    fn the_config_that_ran_decides_exactly() {
        let present = config("scrape_configs: [{job_name: a, params: {module: [y]}}]");
        let running = config("scrape_configs: [{job_name: a, params: {other: [z]}}]");
        let job = &present.scrape_configs[0];
        let saved = saved(&["__address__=h:1 __param_module=x __param_other=z __scheme__=http job=a"]);
        let targets = saved.for_job(job, running_job(&running, job));
        assert_eq!(own(&targets), ["__address__=h:1 __param_module=x"]);
        assert_eq!(targets.assumed, []);
    }

    #[test]
    fn of_the_output_of_promtool_the_job_label_is_that_of_the_job_that_was_asked() {
        let present = config("scrape_configs: [{job_name: b}]");
        let target = ApiTarget { job: "a".to_string(), discovered: vec![("job".to_string(), "a".to_string())] };
        let targets = SavedTargets::of_one_job(vec![target], "b").for_job(&present.scrape_configs[0], None);
        assert_eq!(own(&targets), [""]);
        assert_eq!(targets.assumed[0].present.as_deref(), Some("b"));
    }
}
