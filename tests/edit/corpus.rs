//! Every job of real configs gets a label and loses it again: the text is the old one then.
//! The configs stand outside the repository (`PROMCFG_CORPUS`); without them the test has nothing to do.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use promcfg::edit::{AddLabel, EditError, Method, RemoveLabel, Selection};
use promcfg::{Document, Options};
use serde_yaml::Value;

const NAME: &str = "promcfg_test";
const VALUE: &str = "it's: on";

/// How often each thing happened, by method and in words.
type Counts = BTreeMap<String, usize>;

pub(crate) fn corpus() -> PathBuf {
    std::env::var_os("PROMCFG_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"), PathBuf::from)
}

pub(crate) fn texts(folder: &Path) -> Vec<(String, String)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("can be listed").path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let text = String::from_utf8(std::fs::read(&path).ok()?).ok()?;
        Some((path.file_name()?.to_string_lossy().into_owned(), text))
    };
    paths.into_iter().filter_map(read).collect()
}

#[test]
fn a_label_added_to_a_real_job_and_removed_again_leaves_the_text_as_it_was() {
    let mut counts = Counts::new();
    let mut faults = Vec::new();
    for folder in ["prometheus", "configmap"] {
        for (name, text) in texts(&corpus().join(folder)) {
            let names: Vec<String> = Document::new(&name, text.as_str(), &Options::default())
                .jobs()
                .iter()
                .map(|job| job.job_name.value.clone())
                .collect();
            for (index, job) in names.iter().enumerate() {
                for method in [Method::Relabel, Method::Static] {
                    let outcome = round_trip(&name, &text, &names, index, method);
                    let outcome = outcome.unwrap_or_else(|fault| {
                        faults.push(format!("{name}, job {job}, {method:?}: {fault}"));
                        "FAULT".to_string()
                    });
                    *counts.entry(format!("{method:?}: {outcome}")).or_default() += 1;
                }
            }
        }
    }
    counts.iter().for_each(|(what, count)| println!("{count:5} {what}"));
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// Adds a label to a job and removes it again: what happened, or what is wrong.
pub(crate) fn round_trip(
    name: &str,
    text: &str,
    jobs: &[String],
    index: usize,
    method: Method,
) -> Result<String, String> {
    let selection = || Selection { jobs: vec![jobs[index].clone()], ..Selection::default() };
    let request =
        AddLabel { name: NAME.into(), value: VALUE.into(), selection: selection(), method, ..AddLabel::default() };
    let change = match Document::new(name, text, &Options::default()).add_label(&request) {
        Ok(change) => change,
        Err(EditError::Refused(refusals)) => return Ok(format!("refused, {}", refusals[0].id)),
        Err(error) => return Ok(format!("not possible, {error}")),
    };
    let [file] = change.files.as_slice() else { return Err(format!("changes {} files", change.files.len())) };
    let added = file.after();
    only_adds_lines(text, &added)?;
    if jobs.iter().filter(|other| *other == &jobs[index]).count() == 1 {
        is_as_another_reader_expects(text, &added, &jobs[index], method)?;
    }
    let again = Document::new(name, added.as_str(), &Options::default()).add_label(&request);
    match again {
        Ok(again) if again.is_empty() => {}
        Ok(again) => return Err(format!("a second run changes it again: {}", again.files[0].after())),
        Err(error) => return Err(format!("a second run is refused: {error}\n{added}")),
    }
    let removal = RemoveLabel { name: NAME.into(), selection: selection(), ..RemoveLabel::default() };
    let change = Document::new(name, added.as_str(), &Options::default()).remove_label(&removal);
    let change = change.map_err(|error| format!("cannot be removed: {error}\n{added}"))?;
    let removed = change.files.first().ok_or("nothing is removed")?.after();
    if removed == text {
        return Ok("and back".to_string());
    }
    if removed.replace(": []", ":") == text.replace(": []", ":") || without_nulls(&removed) == without_nulls(text) {
        return Ok("and back, a null list as []".to_string());
    }
    Err(format!("the text is not as it was:\n{removed}"))
}

pub(crate) fn without_nulls(text: &str) -> String {
    // In a mapping in brackets an empty list goes with its key: it cannot be told from one that was added.
    let text = text.replace(", relabel_configs: []", "").replace(", labels: {}", "");
    text.replace(" null", "").replace(" ~", "").replace(" []", "").replace(" {}", "")
}

/// The lines of `old` are all in `new`, in order; one of them may differ (a collection in brackets).
pub(crate) fn only_adds_lines(old: &str, new: &str) -> Result<(), String> {
    let mut left = new.split_inclusive('\n').peekable();
    for line in old.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        loop {
            let Some(other) = left.next() else { return Err(format!("this line is gone: {bare}\n{new}")) };
            let other = other.trim_end_matches(['\n', '\r']);
            let is_filled = bare.contains(['[', '{']) || bare.contains("labels:") || bare.contains("configs:");
            if other == bare || (is_filled && is_grown(bare, other)) {
                break;
            }
        }
    }
    Ok(())
}

/// Whether `new` is `old` with something put in.
pub(crate) fn is_grown(old: &str, new: &str) -> bool {
    let mut left = new.chars();
    new.len() > old.len() && old.chars().all(|wanted| left.any(|found| found == wanted))
}

/// Compares with what another YAML reader makes of both texts. Where that one cannot read the old
/// text, it has nothing to say.
fn is_as_another_reader_expects(old: &str, new: &str, job: &str, method: Method) -> Result<(), String> {
    let Some(old) = configs(old) else { return Ok(()) };
    let new = configs(new).ok_or("another reader cannot read the new text")?;
    // Where discovery may set the label, the rule sets it only where it is absent.
    let expected = |fills: bool| -> Vec<Value> {
        old.iter().map(|config| with_label(config.clone(), job, method, fills)).collect()
    };
    if expected(false) == new || expected(true) == new {
        return Ok(());
    }
    Err(format!("another reader finds something else:\n{}", serde_yaml::to_string(&new).unwrap_or_default()))
}

/// The config, or those in the texts of a manifest, with all else of it.
pub(crate) fn configs(text: &str) -> Option<Vec<Value>> {
    use serde::Deserialize;
    let mut values = Vec::new();
    for document in serde_yaml::Deserializer::from_str(text.trim_start_matches('\u{feff}')) {
        let value = Value::deserialize(document).ok()?;
        values.extend(inner(&value));
        values.push(value);
    }
    // Texts of a manifest change: their values are those of `inner`.
    values.iter_mut().for_each(strip_texts);
    Some(values)
}

fn inner(value: &Value) -> Vec<Value> {
    match value {
        Value::String(text) if text.contains("scrape_configs") => serde_yaml::from_str(text).into_iter().collect(),
        Value::Mapping(entries) => entries.values().flat_map(inner).collect(),
        Value::Sequence(items) => items.iter().flat_map(inner).collect(),
        _ => Vec::new(),
    }
}

fn strip_texts(value: &mut Value) {
    match value {
        Value::String(text) if text.contains("scrape_configs") && text.contains('\n') => text.clear(),
        Value::Mapping(entries) => entries.values_mut().for_each(strip_texts),
        Value::Sequence(items) => items.iter_mut().for_each(strip_texts),
        _ => {}
    }
}

/// The jobs of a config, of a list of jobs, or of a text that is one.
pub(crate) fn jobs_of(config: &mut Value) -> Box<dyn Iterator<Item = &mut Value> + '_> {
    if config.get("job_name").is_some() {
        return Box::new(std::iter::once(config));
    }
    let jobs = if config.is_sequence() { Some(config) } else { config.get_mut("scrape_configs") };
    Box::new(jobs.and_then(Value::as_sequence_mut).into_iter().flatten())
}

fn with_label(mut config: Value, name: &str, method: Method, fills: bool) -> Value {
    for job in jobs_of(&mut config).filter(|job| job.get("job_name").and_then(Value::as_str) == Some(name)) {
        let Some(job) = job.as_mapping_mut() else { continue };
        if method == Method::Relabel {
            let absent = [("source_labels", Value::Sequence(vec![NAME.into()])), ("regex", "".into())];
            let always = [("target_label", NAME.into()), ("replacement", VALUE.into())];
            let fields = absent.into_iter().filter(|_| fills).chain(always);
            let rule = Value::Mapping(fields.map(|(key, value)| (key.into(), value)).collect());
            match job.get_mut("relabel_configs") {
                Some(Value::Sequence(rules)) => rules.push(rule),
                _ => drop(job.insert("relabel_configs".into(), Value::Sequence(vec![rule]))),
            }
            continue;
        }
        let groups = job.get_mut("static_configs").and_then(Value::as_sequence_mut).into_iter().flatten();
        for group in groups.filter_map(Value::as_mapping_mut) {
            if group.get("targets").and_then(Value::as_sequence).is_none_or(Vec::is_empty) {
                continue;
            }
            match group.get_mut("labels") {
                Some(Value::Mapping(labels)) => drop(labels.insert(NAME.into(), VALUE.into())),
                _ => {
                    let labels = Value::Mapping([(NAME.into(), VALUE.into())].into_iter().collect());
                    drop(group.insert("labels".into(), labels));
                }
            }
        }
    }
    config
}
