//! Jobs added, renamed and copied, each compared with what another YAML reader makes of both texts.

use std::collections::BTreeMap;
use std::sync::Mutex;

use promcfg::edit::{AddJob, ConfigChange, CopyJob, EditError, JobOptions, Preset, RemoveJob, RenameJob};
use promcfg::{Document, Options};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_yaml::Value;

use super::corpus::{configs, corpus, is_grown, jobs_of, texts, without_nulls};
use super::run::Fixture;
use super::target_edits::jobs;
use super::wild::Writer;

const NEW: &str = "promcfg: new";

/// The outcome of a refusal.
fn refusal(error: EditError) -> Result<String, String> {
    match error {
        EditError::Refused(refusals) => Ok(format!("refused, {}", refusals[0].id)),
        EditError::Request { message, .. } if message.contains(" configs") => Ok("several configs".to_string()),
        other => Err(other.to_string()),
    }
}

fn one_file(change: &ConfigChange) -> Result<String, String> {
    match change.files.as_slice() {
        [file] => Ok(file.after()),
        files => Err(format!("{} files change", files.len())),
    }
}

/// Whether another reader finds the jobs changed just like this, and nothing else.
fn is_as_intended(old: &str, new: &str, change: impl Fn(&mut Vec<Value>)) -> Result<(), String> {
    let Some(mut expected) = configs(old) else { return Ok(()) };
    let found = configs(new).ok_or_else(|| format!("another reader cannot read the new text:\n{new}"))?;
    for config in &mut expected {
        match config {
            Value::Sequence(jobs) => change(jobs),
            Value::Mapping(entries) => {
                if let Some(Value::Sequence(jobs)) = entries.get_mut("scrape_configs") {
                    change(jobs);
                }
            }
            _ => {}
        }
    }
    match expected == found {
        true => Ok(()),
        false => Err(format!("another reader finds something else:\n{new}")),
    }
}

fn named(job: &Value, name: &str) -> bool {
    job.get("job_name").and_then(Value::as_str) == Some(name)
}

fn with_name(job: &Value, name: &str) -> Value {
    let mut job = job.clone();
    if let Some(entries) = job.as_mapping_mut() {
        // The order of the entries does not count.
        entries.insert("job_name".into(), name.into());
    }
    job
}

/// Runs an edit twice: the second run must have nothing to do.
fn twice(
    name: &str,
    text: &str,
    edit: impl Fn(&mut Document<'_>) -> Result<ConfigChange, EditError>,
) -> Result<Result<String, String>, String> {
    let change = match edit(&mut Document::new(name, text, &Options::default())) {
        Ok(change) => change,
        Err(error) => return Ok(Err(refusal(error)?)),
    };
    let after = one_file(&change)?;
    match edit(&mut Document::new(name, after.as_str(), &Options::default())) {
        Ok(again) if again.is_empty() => Ok(Ok(after)),
        other => Err(format!("a second run: {other:?}\n{after}")),
    }
}

/// Adds a job and removes it again.
fn added(name: &str, text: &str, preset: Preset) -> Result<String, String> {
    let options = JobOptions::default();
    let request = AddJob { name: NEW.to_string(), preset, targets: Vec::new(), options, after: None };
    let after = match twice(name, text, |document| document.add_job(&request))? {
        Ok(after) => after,
        Err(outcome) => return Ok(outcome),
    };
    let job: Value = serde_yaml::from_str(&preset.template().replace("NAME", &format!("{NEW:?}"))).unwrap();
    let is_listed = configs(text).into_iter().flatten().any(|mut config| {
        config.get("scrape_configs").is_some_and(Value::is_sequence) && jobs_of(&mut config).next().is_some()
    });
    if is_listed {
        // Of several documents Prometheus reads the first.
        let is_done = std::cell::Cell::new(false);
        is_as_intended(text, &after, |jobs| {
            if !is_done.replace(true) {
                jobs.push(job.clone());
            }
        })?;
    }
    let mut document = Document::new(name, after.as_str(), &Options::default());
    let change = document.remove_job(&RemoveJob { jobs: vec![NEW.to_string()] });
    let back = one_file(&change.map_err(|error| format!("cannot be removed: {error}\n{after}"))?)?;
    let with_content = |text: &str| -> Vec<String> {
        let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
        lines.filter(|line| *line != "scrape_configs: []").map(without_nulls).collect()
    };
    match (back == text, with_content(&back) == with_content(text), comments(&back) < comments(text)) {
        (true, _, _) => Ok("and back".to_string()),
        // A job leaves the list that it came with, and an empty line before the text that goes on right below it.
        (_, true, _) => Ok("and back, with an empty list or line".to_string()),
        // A comment below the list belongs to its last job.
        (_, _, true) => Ok("and back, without a comment".to_string()),
        (_, _, false) => Err(format!("the text is not as it was:\n{back}")),
    }
}

fn comments(text: &str) -> usize {
    text.matches('#').count()
}

/// Copies a job.
fn copied(name: &str, text: &str, job: &str) -> Result<String, String> {
    let request = CopyJob { old: job.to_string(), new: NEW.to_string() };
    let after = match twice(name, text, |document| document.copy_job(&request))? {
        Ok(after) => after,
        Err(outcome) => return Ok(outcome),
    };
    if !is_grown(text, &after) {
        return Err(format!("more than that has changed:\n{after}"));
    }
    is_as_intended(text, &after, |jobs| {
        if let Some(index) = jobs.iter().position(|own| named(own, job)) {
            jobs.insert(index + 1, with_name(&jobs[index], NEW));
        }
    })?;
    Ok("copied".to_string())
}

/// Renames a job, and back.
fn renamed(name: &str, text: &str, job: &str, keep_label: bool) -> Result<String, String> {
    let request = |old: &str, new: &str| RenameJob { old: old.to_string(), new: new.to_string(), keep_label };
    let after = match twice(name, text, |document| document.rename_job(&request(job, NEW)))? {
        Ok(after) => after,
        Err(outcome) => return Ok(outcome),
    };
    is_as_intended(text, &after, |jobs| {
        for own in jobs.iter_mut().filter(|own| named(own, job)) {
            *own = with_name(own, NEW);
            let rule = [("source_labels", Value::Sequence(vec!["job".into()])), ("regex", NEW.into())];
            let rule = rule
                .into_iter()
                .chain([("target_label", "job".into()), ("replacement", job.replace('$', "$$").into())]);
            let rule: Value = Value::Mapping(rule.map(|(key, value)| (key.into(), value)).collect());
            let Some(entries) = own.as_mapping_mut().filter(|_| keep_label) else { continue };
            match entries.get_mut("relabel_configs") {
                Some(Value::Sequence(rules)) => rules.insert(0, rule),
                _ => drop(entries.insert("relabel_configs".into(), Value::Sequence(vec![rule]))),
            }
        }
    })?;
    if keep_label {
        return Ok("renamed".to_string());
    }
    let mut document = Document::new(name, after.as_str(), &Options::default());
    let change = document.rename_job(&request(NEW, job)).map_err(|error| error.to_string())?;
    let back = one_file(&change)?;
    let unquoted = |text: &str| text.replace(['\'', '"'], "");
    match (back == text, unquoted(&back) == unquoted(text)) {
        (true, _) => Ok("renamed and back".to_string()),
        (false, true) => Ok("renamed and back, with other quotes".to_string()),
        (false, false) => Err(format!("the text is not as it was:\n{back}")),
    }
}

/// All that is done with the jobs of a text.
fn outcomes(name: &str, text: &str, preset: Preset) -> Vec<(&'static str, Result<String, String>)> {
    let mut outcomes = vec![("add", added(name, text, preset))];
    for (job, _) in jobs(name, text) {
        outcomes.push(("copy", copied(name, text, &job)));
        outcomes.push(("rename", renamed(name, text, &job, false)));
        outcomes.push(("rename, label kept", renamed(name, text, &job, true)));
    }
    outcomes
}

#[test]
fn real_jobs_are_added_copied_and_renamed_and_nothing_else_changes() {
    let (mut counts, mut faults) = (BTreeMap::<String, usize>::new(), Vec::new());
    for folder in ["prometheus", "configmap"] {
        for (index, (name, text)) in texts(&corpus().join(folder)).into_iter().enumerate() {
            for (what, outcome) in outcomes(&name, &text, Preset::ALL[index % Preset::ALL.len()]) {
                let outcome = outcome.unwrap_or_else(|fault| {
                    faults.push(format!("{name}, {what}: {fault}"));
                    "FAULT".to_string()
                });
                *counts.entry(format!("{what}: {outcome}")).or_default() += 1;
            }
        }
    }
    counts.iter().for_each(|(what, count)| println!("{count:5} {what}"));
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn whatever_the_style_jobs_are_added_copied_and_renamed_and_nothing_else_changes() {
    let counts: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(300);
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(choices in vec(any::<u8>(), 0..160), preset in 0..Preset::ALL.len())| {
        let text = Writer::text(&choices);
        for (what, outcome) in outcomes("wild.yml", &text, Preset::ALL[preset]) {
            let outcome = outcome.map_err(|fault| TestCaseError::fail(format!("{what}: {fault}\n{text}")))?;
            *counts.lock().unwrap().entry(format!("{what}: {outcome}")).or_default() += 1;
        }
    });
    let counts = counts.into_inner().unwrap();
    println!("{counts:#?}");
    for what in ["add", "copy", "rename", "rename, label kept"] {
        let of_kind = || counts.iter().filter(|(outcome, _)| outcome.starts_with(&format!("{what}: ")));
        let all: usize = of_kind().map(|(_, count)| count).sum();
        let done: usize = of_kind().filter(|(outcome, _)| !outcome.contains("refused")).map(|(_, count)| count).sum();
        assert!(done * 10 >= all * 7, "{what}: {done} of {all} were made: {counts:#?}");
    }
}

#[test]
fn a_copy_is_removed_exactly_whatever_lines_part_the_jobs() {
    for gap in ["", "\n", "\n\n", "  \n", "\n# of the next job\n", "  # of the first job\n\n"] {
        for rest in ["", "rule_files: []\n", "\nrule_files: []\n", "\n# other things\nrule_files: []\n"] {
            let first = "- job_name: a\n  static_configs:\n  - targets: [a]\n";
            let last = "- job_name: b\n  static_configs:\n  - targets: [b]\n";
            let text = format!("scrape_configs:\n{first}{gap}{last}\n- job_name: c\n{rest}");
            let fixture = Fixture::of_text("p.yml", &text);
            for job in ["a", "b", "c"] {
                let outcome = fixture.run("copy-job", &[job, "new"]);
                assert_eq!(outcome.status, 0, "{gap:?} {rest:?}: {}", outcome.shown());
                let outcome = fixture.run("remove-job", &["new"]);
                assert_eq!(
                    (outcome.status, fixture.text()),
                    (0, text.clone()),
                    "{gap:?} {rest:?}: {}",
                    outcome.shown()
                );
            }
        }
    }
}
