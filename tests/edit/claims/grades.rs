//! How much is proved of edits of real jobs: the counts by grade, and refusals by reason. The configs are outside the
//! repository (`PROMCFG_CORPUS`); without them the test has nothing to do.

use std::collections::BTreeMap;

use promcfg::config::ScrapeConfig;
use promcfg::edit::{AddLabel, ConfigChange, EditError, Grade, LabelStage, RemoveLabel, Selection};
use promcfg::simulate::{JobSimulator, Status, example_targets, targets_of_group};
use promcfg::{Document, Options};

use super::super::corpus::{corpus, texts};
use super::check::check_targets;
use super::random::Random;

type Counts = BTreeMap<String, usize>;

/// Targets tried on each change.
const TARGETS: usize = 5;

#[test]
fn most_edits_of_real_jobs_are_proved_and_what_they_say_is_true() {
    let mut counts = Counts::new();
    let mut random = Random::new(11);
    let (mut tried, mut unexpected) = (0, Vec::new());
    for folder in ["prometheus", "configmap"] {
        for (name, text) in texts(&corpus().join(folder)) {
            let document = Document::new(&name, text.as_str(), &Options::default());
            let names: Vec<String> = document.jobs().iter().map(|job| job.job_name.value.clone()).collect();
            let once = |job: &&ScrapeConfig| names.iter().filter(|other| **other == job.job_name.value).count() == 1;
            for job in document.jobs().iter().filter(once) {
                for (kind, outcome) in edits(&name, &text, job) {
                    let word = word(&outcome);
                    if kind.starts_with("add plain, target")
                        && word.starts_with("refused")
                        && job.is_valid
                        && has_scraped_targets(job)
                    {
                        unexpected.push(format!("{name}, job {}: {word}", job.job_name.value));
                    }
                    *counts.entry(format!("{kind}: {word}")).or_default() += 1;
                    match outcome {
                        Ok(change) if change.grade == Grade::Proved && !change.is_empty() && folder == "prometheus" => {
                            tried += check_targets(&text, &change, &mut random, TARGETS);
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    counts.iter().for_each(|(what, count)| println!("{count:6} {what}"));
    println!("{tried} pairs");
    assert!(unexpected.is_empty(), "{} valid jobs refuse a label:\n{}", unexpected.len(), unexpected.join("\n"));
    assert!(share(&counts, "add plain, target") >= 0.9, "plain edits");
    assert!(share(&counts, "add where, target") >= 0.7, "edits with --where");
}

/// Whether Prometheus accepts some target of the job, as far as is known.
fn has_scraped_targets(job: &ScrapeConfig) -> bool {
    let Ok(mut simulator) = JobSimulator::new(job, false) else { return false };
    let mut statics = job.static_configs.iter().flat_map(targets_of_group).peekable();
    statics.peek().is_none() || statics.any(|target| simulator.simulate(&target).status != Status::Invalid)
}

/// Of the edits of a kind that are written or could be, the part that is proved.
fn share(counts: &Counts, kind: &str) -> f64 {
    let of = |what: &str| -> usize {
        let wanted = |key: &str| key.starts_with(&format!("{kind}: ")) && key.contains(what);
        counts.iter().filter(|(key, _)| wanted(key)).map(|(_, count)| count).sum()
    };
    let (proved, all) = (of(": proved"), of("") - of("nothing to do") - of("invalid"));
    if all == 0 { 1.0 } else { proved as f64 / all as f64 }
}

fn word(outcome: &Result<ConfigChange, EditError>) -> String {
    match outcome {
        Ok(change) if change.is_empty() => "nothing to do".to_string(),
        Ok(change) => change.grade.to_string(),
        Err(EditError::Refused(refusals)) => match refusals[0].id.as_str() {
            "edit-unproved" if refusals[0].message.contains("cannot be proved: ") => {
                let (_, reason) = refusals[0].message.split_once("cannot be proved: ").expect("has a reason");
                format!("refused, unproved: {}", without_names(reason))
            }
            id if id.starts_with("edit-") || id.starts_with("label-") => format!("refused, {id}"),
            id => format!("refused, invalid: {id}"),
        },
        Err(error) => format!("not possible, {}", without_names(&error.to_string())),
    }
}

/// A reason without what is in quotes and brackets.
fn without_names(text: &str) -> String {
    let parts: Vec<&str> = text.split(['`', '"', '[', ']']).collect();
    parts.iter().step_by(2).copied().collect::<Vec<_>>().join("_")
}

fn edits(name: &str, text: &str, job: &ScrapeConfig) -> Vec<(String, Result<ConfigChange, EditError>)> {
    let document = || Document::new(name, text, &Options::default());
    let selection = || Selection { jobs: vec![job.job_name.value.clone()], ..Selection::default() };
    let mut all = Vec::new();
    for (stage, word) in [(LabelStage::Target, "target"), (LabelStage::Metric, "metric")] {
        let add = |selection| AddLabel {
            name: "promcfg_test".into(),
            value: "x".into(),
            selection,
            stage,
            ..AddLabel::default()
        };
        all.push((format!("add plain, {word}"), document().add_label(&add(selection()))));
        for (label, value) in labels_at_end(job) {
            if stage == LabelStage::Metric && label.starts_with("__") {
                continue;
            }
            let conditions = vec![(label, regex_of(&value))];
            all.push((
                format!("add where, {word}"),
                document().add_label(&add(Selection { conditions, ..selection() })),
            ));
        }
        let address = job.static_configs.iter().flat_map(|group| &group.targets).next();
        if let Some(address) = address {
            let targets = vec![address.value.clone()];
            all.push((
                format!("add --target, {word}"),
                document().add_label(&add(Selection { targets, ..selection() })),
            ));
        }
    }
    let set = job.relabel_configs.iter().map(|rule| rule.spec.target_label.clone());
    let grouped = job.static_configs.iter().flat_map(|group| group.labels.iter().map(|(name, _)| name.value.clone()));
    let mut names: Vec<String> = set.chain(grouped).filter(|name| is_public(name)).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let request = RemoveLabel { name, selection: selection(), ..RemoveLabel::default() };
        all.push(("remove, target".to_string(), document().remove_label(&request)));
    }
    all
}

fn is_public(name: &str) -> bool {
    !name.is_empty() && !name.starts_with("__") && !name.contains('$')
}

/// The labels that a target of the job ends with.
fn labels_at_end(job: &ScrapeConfig) -> Vec<(String, String)> {
    let Ok(mut simulator) = JobSimulator::new(job, false) else { return Vec::new() };
    let known = job.static_configs.iter().flat_map(targets_of_group).next();
    let target = known.or_else(|| example_targets(job).into_iter().next());
    let Some(result) = target.map(|target| simulator.simulate(&target)) else { return Vec::new() };
    if result.status != Status::Kept {
        return Vec::new();
    }
    let labels = result.labels.iter().filter(|(name, _)| !name.starts_with("__") || *name == "__address__");
    labels.map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

fn regex_of(value: &str) -> String {
    value.chars().flat_map(|c| r"\.+*?()|[]{}^$".contains(c).then_some('\\').into_iter().chain([c])).collect()
}
