//! Commands that add one relabel rule: in configs of all styles and in real ones, another YAML reader finds just this rule
//! more, a second run changes nothing, and the bytes before come back.

#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;

use promcfg::edit::{ConfigChange, EditError};
use promcfg::{Document, Options};
use serde_yaml::Value;

use super::corpus::{configs, corpus, jobs_of, only_adds_lines, texts, without_nulls};
use super::wild::in_all_styles;

/// An edit of a job by its name.
pub(crate) type Edit = fn(&mut Document<'_>, &str) -> Result<ConfigChange, EditError>;

/// What is tried.
pub(crate) struct Added {
    pub(crate) edit: Edit,
    /// The key of the list.
    pub(crate) list: &'static str,
    /// The rules as YAML, one of which is added.
    pub(crate) rules: &'static [&'static str],
    /// What is added to the pattern of a rule instead, where the job has one that is extended.
    pub(crate) extension: Option<&'static str>,
    /// What takes the rule out again.
    pub(crate) undo: Option<Edit>,
}

/// Whether both texts are the same but for this end of patterns, for another reader.
fn is_same_without(old: &str, new: &str, extension: &str) -> bool {
    fn strip(value: &mut Value, extension: &str) {
        match value {
            Value::String(text) => *text = text.strip_suffix(extension).unwrap_or(text).to_string(),
            Value::Mapping(entries) => entries.values_mut().for_each(|value| strip(value, extension)),
            Value::Sequence(items) => items.iter_mut().for_each(|item| strip(item, extension)),
            _ => {}
        }
    }
    let (Some(old), Some(mut new)) = (configs(old), configs(new)) else { return false };
    new.iter_mut().for_each(|config| strip(config, extension));
    old == new
}

impl Added {
    /// Tries it in configs of all styles: at least `share` tenths are edited.
    pub(crate) fn in_all_styles(&self, share: usize) {
        let outcomes = in_all_styles(|text, jobs, index| self.round("wild.yml", text, jobs, index));
        println!("{outcomes:#?}");
        let all: usize =
            outcomes.iter().filter(|(outcome, _)| *outcome != "nothing to do").map(|(_, count)| count).sum();
        let done: usize =
            outcomes.iter().filter(|(outcome, _)| outcome.starts_with("done")).map(|(_, count)| count).sum();
        assert!(done * 10 >= all * share && done > 0, "{done} of {all}");
    }

    /// Tries it in all jobs of real configs.
    pub(crate) fn in_real_configs(&self) {
        let (mut counts, mut faults) = (BTreeMap::<String, usize>::new(), Vec::new());
        for (name, text) in ["prometheus", "configmap"].iter().flat_map(|folder| texts(&corpus().join(folder))) {
            let document = Document::new(&name, text.as_str(), &Options::default());
            let jobs: Vec<String> = document.jobs().iter().map(|job| job.job_name.value.clone()).collect();
            for index in 0..jobs.len() {
                match self.round(&name, &text, &jobs, index) {
                    Ok(outcome) => *counts.entry(outcome).or_default() += 1,
                    Err(fault) => faults.push(format!("{name}, job {}: {fault}", jobs[index])),
                }
            }
        }
        counts.iter().for_each(|(what, count)| println!("{count:5} {what}"));
        assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    }

    fn round(&self, name: &str, text: &str, jobs: &[String], index: usize) -> Result<String, String> {
        let job = jobs[index].as_str();
        let run = |edit: Edit, text: &str| edit(&mut Document::new(name, text, &Options::default()), job);
        let change = match run(self.edit, text) {
            Ok(change) if change.is_empty() => return Ok("nothing to do".to_string()),
            Ok(change) => change,
            Err(EditError::Refused(refusals)) => return Ok(format!("refused, {}", refusals[0].id)),
            Err(error) => return Ok(format!("not possible, {error}")),
        };
        let [file] = change.files.as_slice() else { return Err(format!("changes {} files", change.files.len())) };
        let after = file.after();
        let is_extended = self.extension.is_some_and(|extension| is_same_without(text, &after, extension));
        if !is_extended {
            only_adds_lines(text, &after)?;
        }
        if !is_extended && jobs.iter().filter(|other| *other == job).count() == 1 {
            self.is_as_another_reader_expects(text, &after, job)?;
        }
        match run(self.edit, &after) {
            Ok(again) if again.is_empty() => {}
            Ok(again) => return Err(format!("a second run changes it again: {}", again.files[0].after())),
            Err(error) => return Err(format!("a second run is refused: {error}\n{after}")),
        }
        let Some(undo) = self.undo else { return Ok("done".to_string()) };
        let undone = run(undo, &after).map_err(|error| format!("cannot be undone: {error}\n{after}"))?;
        let undone = undone.files.first().ok_or_else(|| format!("nothing is undone\n{after}"))?.after();
        match undone == text || without_nulls(&undone) == without_nulls(text) {
            true => Ok("done, and back".to_string()),
            false => Err(format!("the text is not as it was:\n{undone}")),
        }
    }

    fn is_as_another_reader_expects(&self, old: &str, new: &str, job: &str) -> Result<(), String> {
        let Some(old) = configs(old) else { return Ok(()) };
        let new = configs(new).ok_or("another reader cannot read the new text")?;
        let expected = |rule: &&str| {
            let rule: Value = serde_yaml::from_str(rule).expect("is YAML");
            old.iter().map(|config| self.with_rule(config.clone(), job, &rule)).collect::<Vec<_>>() == new
        };
        match self.rules.iter().any(expected) {
            true => Ok(()),
            false => Err(format!(
                "another reader finds something else:\n{}",
                serde_yaml::to_string(&new).unwrap_or_default()
            )),
        }
    }

    fn with_rule(&self, mut config: Value, name: &str, rule: &Value) -> Value {
        for job in jobs_of(&mut config).filter(|job| job.get("job_name").and_then(Value::as_str) == Some(name)) {
            let Some(job) = job.as_mapping_mut() else { continue };
            match job.get_mut(self.list) {
                Some(Value::Sequence(rules)) => rules.push(rule.clone()),
                _ => drop(job.insert(self.list.into(), Value::Sequence(vec![rule.clone()]))),
            }
        }
        config
    }
}
