//! Edits of targets, each compared with what another YAML reader makes of both texts.

use std::collections::BTreeMap;

use promcfg::edit::{AddTarget, ConfigChange, EditError, MoveTarget, RemoveTarget, Selection};
use promcfg::{Document, Options};
use serde_yaml::Value;

use super::corpus::{configs, corpus, is_grown, jobs_of, texts, without_nulls};

/// A target as another reader sees it: the labels of its group in order, and its address.
type Seen = (BTreeMap<String, String>, String);

/// The targets of each job of all configs, and the configs without them.
type SeenConfigs = (BTreeMap<String, Vec<Seen>>, Vec<Value>);

fn seen(text: &str) -> Option<SeenConfigs> {
    let (mut targets, mut rest) = (BTreeMap::<String, Vec<Seen>>::new(), configs(text)?);
    for config in &mut rest {
        for job in jobs_of(config).filter_map(Value::as_mapping_mut) {
            let name = job.get("job_name").and_then(Value::as_str).unwrap_or("").to_string();
            let groups = job.remove("static_configs");
            let of_job = targets.entry(name).or_default();
            for group in groups.iter().filter_map(Value::as_sequence).flatten() {
                let labels = group.get("labels").and_then(Value::as_mapping).into_iter().flatten();
                let text = |value: &Value| value.as_str().map_or_else(|| format!("{value:?}"), str::to_string);
                let labels: BTreeMap<String, String> = labels.map(|(name, value)| (text(name), text(value))).collect();
                let addresses = group.get("targets").and_then(Value::as_sequence).into_iter().flatten();
                of_job.extend(addresses.map(|address| (labels.clone(), text(address))));
            }
            of_job.sort();
        }
    }
    Some((targets, rest))
}

/// Whether another reader finds the targets changed just like this, and nothing else.
fn is_as_intended(old: &str, new: &str, change: impl Fn(&mut BTreeMap<String, Vec<Seen>>)) -> Result<(), String> {
    let Some((mut expected, rest)) = seen(old) else { return Ok(()) };
    let (found, rest_of_new) = seen(new).ok_or_else(|| format!("another reader cannot read the new text:\n{new}"))?;
    change(&mut expected);
    expected.values_mut().for_each(|targets| targets.sort());
    if expected != found {
        return Err(format!("another reader finds other targets: {found:?} instead of {expected:?}\n{new}"));
    }
    match rest == rest_of_new {
        true => Ok(()),
        false => Err(format!("another reader finds other changes:\n{new}")),
    }
}

fn selection(job: &str, targets: &[&str]) -> Selection {
    let targets = targets.iter().map(|target| (*target).to_string()).collect();
    Selection { jobs: vec![job.to_string()], targets, ..Selection::default() }
}

/// The outcome of a refusal; an error of the request is one where it is not expected.
fn refusal(error: EditError) -> Result<String, String> {
    match error {
        EditError::Refused(refusals) => Ok(format!("refused, {}", refusals[0].id)),
        EditError::Request { message, .. } | EditError::Declined { message, .. } => {
            let is_expected = ["several target files", "no file matches", "cannot list", "a URL", "several jobs"];
            match is_expected.iter().find(|words| message.contains(*words)) {
                Some(words) => Ok(format!("not possible, {words}")),
                None => Err(message),
            }
        }
        other => Err(other.to_string()),
    }
}

fn one_file(change: &ConfigChange) -> Result<String, String> {
    match change.files.as_slice() {
        [file] => Ok(file.after()),
        files => Err(format!("{} files change", files.len())),
    }
}

/// Adds a target with some labels, and removes it again.
pub(super) fn added(name: &str, text: &str, job: &str, labels: &[(&str, &str)]) -> Result<String, String> {
    const ADDRESS: &str = "new.example:9999";
    let labels: Vec<(String, String)> =
        labels.iter().map(|(name, value)| ((*name).to_string(), (*value).to_string())).collect();
    let request = AddTarget { targets: vec![ADDRESS.into()], labels: labels.clone(), selection: selection(job, &[]) };
    let change = match Document::new(name, text, &Options::default()).add_target(&request) {
        Ok(change) => change,
        Err(error) => return refusal(error),
    };
    let added = one_file(&change)?;
    only_adds(text, &added)?;
    let seen = (labels.into_iter().collect(), ADDRESS.to_string());
    is_as_intended(text, &added, |targets| {
        // Some configs are in texts that the other reader does not look into.
        targets.get_mut(job).into_iter().for_each(|targets| targets.push(seen.clone()));
    })?;
    match Document::new(name, added.as_str(), &Options::default()).add_target(&request) {
        Ok(again) if again.is_empty() => {}
        other => return Err(format!("a second run: {other:?}\n{added}")),
    }
    let removed = remove(name, &added, job, ADDRESS)?.ok_or_else(|| format!("cannot be removed:\n{added}"))?;
    if removed == text {
        return Ok("and back".to_string());
    }
    let plain = |text: &str| without_nulls(text).replace(", static_configs:", "").replace("static_configs:", "");
    match plain(&removed).split_whitespace().eq(plain(text).split_whitespace()) {
        true => Ok("and back, without the empty list".to_string()),
        // A comment above the new list, or below the new group, belongs to it.
        false if without_comments(&removed) == without_comments(text) => Ok("and back, without a comment".to_string()),
        false => Err(format!("the text is not as it was:\n{removed}")),
    }
}

/// Whether `new` is `old` with something put in.
fn only_adds(old: &str, new: &str) -> Result<(), String> {
    if is_grown(old, new) { Ok(()) } else { Err(format!("more than that has changed:\n{new}")) }
}

fn without_comments(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with('#') && !line.trim().is_empty()).collect()
}

/// Removes a target: the new text, or nothing if that is refused.
fn remove(name: &str, text: &str, job: &str, address: &str) -> Result<Option<String>, String> {
    let request = RemoveTarget { selection: selection(job, &[address]), ..RemoveTarget::default() };
    match Document::new(name, text, &Options::default()).remove_target(&request) {
        Ok(change) => {
            let after = one_file(&change)?;
            match Document::new(name, after.as_str(), &Options::default()).remove_target(&request) {
                Err(EditError::UnknownTarget { .. } | EditError::Request { .. }) => Ok(Some(after)),
                other => Err(format!("a second run: {other:?}\n{after}")),
            }
        }
        Err(EditError::Refused(_)) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

/// Removes a target of a job.
pub(super) fn removed(name: &str, text: &str, job: &str, address: &str) -> Result<String, String> {
    let Some(after) = remove(name, text, job, address)? else {
        let request = RemoveTarget { selection: selection(job, &[address]), ..RemoveTarget::default() };
        let error = Document::new(name, text, &Options::default()).remove_target(&request);
        return error.map_or_else(refusal, |_| Err("done in a second try".to_string()));
    };
    // A list that has comments is emptied rather than removed.
    let without = |(at, _): (usize, &str)| format!("{}{}", &after[..at], &after[at + " []".len()..]);
    if !after.match_indices(" []").map(without).any(|rest| is_grown(&rest, text)) {
        only_adds(&after, text)?;
    }
    is_as_intended(text, &after, |targets| {
        targets.entry(job.to_string()).or_default().retain(|(_, own)| own != address);
    })?;
    Ok("removed".to_string())
}

/// Moves a target from a job to another one.
pub(super) fn moved(name: &str, text: &str, [from, to]: [&str; 2], address: &str) -> Result<String, String> {
    let request = MoveTarget { to: to.to_string(), file: None, selection: selection(from, &[address]) };
    let change = match Document::new(name, text, &Options::default()).move_target(&request) {
        Ok(change) => change,
        Err(error) => return refusal(error),
    };
    let after = one_file(&change)?;
    is_as_intended(text, &after, |targets| {
        let of_job = targets.entry(from.to_string()).or_default();
        let (mut moved, left): (Vec<Seen>, Vec<Seen>) = of_job.drain(..).partition(|(_, own)| own == address);
        *of_job = left;
        moved.dedup();
        let there = targets.entry(to.to_string()).or_default();
        moved.retain(|target| !there.contains(target));
        there.extend(moved);
    })?;
    let comments = |text: &str| text.matches('#').count();
    let is_kept = comments(&after) >= comments(text) || change.files[0].before.contains(address);
    if !is_kept {
        return Err(format!("a comment is lost:\n{after}"));
    }
    match Document::new(name, after.as_str(), &Options::default()).move_target(&request) {
        Ok(again) if again.is_empty() => Ok("moved".to_string()),
        other => Err(format!("a second run: {other:?}\n{after}")),
    }
}

/// The jobs of a text, each with the addresses in its groups; jobs that share a name are left out.
pub(super) fn jobs(name: &str, text: &str) -> Vec<(String, Vec<String>)> {
    let document = Document::new(name, text, &Options::default());
    let names: Vec<&str> = document.jobs().iter().map(|job| job.job_name.value.as_str()).collect();
    let is_alone = |name: &str| names.iter().filter(|own| **own == name).count() == 1;
    let alone = document.jobs().iter().filter(|job| is_alone(&job.job_name.value));
    let addresses = |job: &promcfg::config::ScrapeConfig| {
        let targets = job.static_configs.iter().flat_map(|group| &group.targets);
        targets.map(|target| target.value.clone()).collect()
    };
    alone.map(|job| (job.job_name.value.clone(), addresses(job))).collect()
}

#[test]
fn targets_of_real_jobs_are_added_removed_and_moved_and_nothing_else_changes() {
    let (mut counts, mut faults) = (BTreeMap::<String, usize>::new(), Vec::new());
    for folder in ["prometheus", "configmap"] {
        for (name, text) in texts(&corpus().join(folder)) {
            let jobs = jobs(&name, &text);
            for (index, (job, addresses)) in jobs.iter().enumerate() {
                let mut outcomes = vec![
                    ("add", added(&name, &text, job, &[])),
                    ("add with label", added(&name, &text, job, &[("promcfg_test", "it's: on")])),
                ];
                if let Some(address) = addresses.first() {
                    outcomes.push(("remove", removed(&name, &text, job, address)));
                    let (to, _) = &jobs[(index + 1) % jobs.len()];
                    if to != job {
                        outcomes.push(("move", moved(&name, &text, [job, to], address)));
                    }
                }
                for (what, outcome) in outcomes {
                    let outcome = outcome.unwrap_or_else(|fault| {
                        faults.push(format!("{name}, job {job}, {what}: {fault}"));
                        "FAULT".to_string()
                    });
                    *counts.entry(format!("{what}: {outcome}")).or_default() += 1;
                }
            }
        }
    }
    counts.iter().for_each(|(what, count)| println!("{count:5} {what}"));
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
