//! What becomes of targets and samples in a config: what a safe fix must not change.

use promcfg::config::ScrapeConfig;
use promcfg::scrape::SampleRelabeler;
use promcfg::simulate::{JobSimulator, Status, example_targets, targets_of_job};
use promcfg::{Config, Labels, Options, Sources};

/// What becomes of the targets of every valid job, those that stand there and those made up for the job
/// of the original, and of samples made up for the rules of the original.
pub(crate) fn results(text: &str, original: &str) -> Vec<String> {
    let mut sources = Sources::new();
    let file = sources.add("p.yml", text);
    let (config, _) = Config::read(&mut sources, file, &Options::default());
    let file = sources.add("original.yml", original);
    let (original, _) = Config::read(&mut sources, file, &Options::default());
    let mut results = Vec::new();
    for (job, original) in config.scrape_configs.iter().zip(&original.scrape_configs) {
        let Ok(mut simulator) = JobSimulator::new(job, false) else { continue };
        let mut targets = targets_of_job(job, &mut sources, &Options::default()).0;
        targets.extend(example_targets(original));
        for target in &targets {
            let result = simulator.simulate(target);
            assert_ne!(result.status, Status::Unknown);
            results.push(format!("{:?} {:?} {} {:?}", result.status, result.labels, result.url, result.error));
        }
        let Ok(mut relabeler) = SampleRelabeler::new(job) else { continue };
        let target: Labels = [("job", job.job_name.value.as_str()), ("instance", "h:1")].into_iter().collect();
        for sample in samples(original) {
            results.push(format!("{:?}", relabeler.relabel(&sample, &target, None)));
        }
    }
    results
}

/// Samples whose labels the metric rules look at: with values that match, and with others.
fn samples(job: &ScrapeConfig) -> Vec<Vec<(String, String)>> {
    let mut samples = Vec::new();
    for rule in &job.metric_relabel_configs {
        let spec = &rule.spec;
        let example =
            promcfg::re2::Regex::new(spec.pattern()).ok().and_then(|regex| regex.example()).unwrap_or_default();
        let names = spec.source_labels.clone().unwrap_or_else(|| vec![example.clone()]);
        for value in [example.as_str(), "x", "Xa1", ""] {
            let parts: Vec<&str> =
                if names.len() > 1 { value.split(spec.separator.as_str()).collect() } else { vec![value] };
            let mut sample: Vec<(String, String)> = vec![("__name__".to_string(), "metric".to_string())];
            for (index, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
                sample.retain(|(own, _)| own != name);
                sample.push((name.clone(), parts.get(index).copied().unwrap_or("").to_string()));
            }
            samples.push(sample);
        }
    }
    samples
}
