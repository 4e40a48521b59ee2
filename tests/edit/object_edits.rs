//! Edits of objects of prometheus-operator, each made and taken back: another YAML reader compares the documents.

use promcfg::edit::{AddTarget, ConfigChange, EditError, RemoveJob, RemoveTarget, Selection, SetFields};
use promcfg::{Document, Options};
use serde::Deserialize;
use serde_yaml::Value;

/// The documents of a text that have something.
pub(super) fn documents(text: &str) -> Result<Vec<Value>, String> {
    let documents = serde_yaml::Deserializer::from_str(text).map(Value::deserialize);
    let documents: Vec<Value> =
        documents.collect::<Result<_, _>>().map_err(|error| format!("not readable: {error}"))?;
    Ok(documents.into_iter().filter(|document| !document.is_null()).collect())
}

/// The names of the jobs of a text.
pub(super) fn jobs_of(name: &str, text: &str) -> Vec<String> {
    let document = Document::new(name, text, &Options::default());
    document.jobs().iter().filter(|job| document.is_generated(job)).map(|job| job.job_name.value.clone()).collect()
}

/// The object of a job, and the index of its endpoint.
struct Place {
    kind: &'static str,
    list: Option<&'static str>,
    namespace: String,
    name: String,
    index: usize,
}

impl Place {
    fn of(job: &str) -> Option<Self> {
        let parts: Vec<&str> = job.split('/').collect();
        let [kind, namespace, name, rest @ ..] = parts.as_slice() else { return None };
        let (kind, list) = match *kind {
            "serviceMonitor" => ("ServiceMonitor", Some("endpoints")),
            "podMonitor" => ("PodMonitor", Some("podMetricsEndpoints")),
            "probe" => ("Probe", None),
            "scrapeConfig" => ("ScrapeConfig", None),
            _ => return None,
        };
        let index = rest.first().and_then(|index| index.parse().ok()).unwrap_or(0);
        Some(Self { kind, list, namespace: (*namespace).to_string(), name: (*name).to_string(), index })
    }

    fn is_of(&self, object: &Value) -> bool {
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => serde_yaml::to_string(other).unwrap_or_default().trim().to_string(),
        };
        let metadata = &object["metadata"];
        let namespace = Some(text(&metadata["namespace"])).filter(|text| !text.is_empty());
        object["kind"] == self.kind
            && text(&metadata["name"]) == self.name
            && namespace.unwrap_or_else(|| "default".to_string()) == self.namespace
    }

    /// Changes the object in documents.
    fn change(&self, documents: &mut [Value], change: &mut dyn FnMut(&mut Value)) {
        for document in documents {
            if self.is_of(document) {
                change(document);
            }
            let items = document.get_mut("items").and_then(Value::as_sequence_mut);
            for item in items.into_iter().flatten().filter(|item| self.is_of(item)) {
                change(item);
            }
        }
    }

    /// Takes the endpoint out, or the object.
    fn remove(&self, documents: &mut Vec<Value>) {
        let mut is_last = true;
        if let Some(list) = self.list {
            self.change(documents, &mut |object| {
                let endpoints = object["spec"][list].as_sequence_mut().expect("is a list");
                is_last = endpoints.len() == 1;
                if !is_last {
                    endpoints.remove(self.index);
                }
            });
        }
        if is_last {
            documents.retain(|document| !self.is_of(document));
            for document in documents.iter_mut() {
                let items = document.get_mut("items").and_then(Value::as_sequence_mut);
                items.into_iter().for_each(|items| items.retain(|item| !self.is_of(item)));
            }
            documents.retain(|document| {
                let items = document.get("items").and_then(Value::as_sequence);
                items.is_none_or(|items| !items.is_empty())
            });
        }
    }
}

fn selected(job: &str) -> Selection {
    Selection { jobs: vec![job.to_string()], ..Selection::default() }
}

/// What an edit gives: the text, or in words why there is none.
fn made(outcome: Result<ConfigChange, EditError>) -> Result<Result<String, String>, String> {
    match outcome {
        Ok(change) => match change.files.as_slice() {
            [file] => Ok(Ok(file.after())),
            files => Err(format!("changes {} files", files.len())),
        },
        Err(EditError::Refused(refusals)) => {
            Ok(Err(format!("refused, {}: {}", refusals[0].id, reason(&refusals[0].message))))
        }
        Err(error) => Ok(Err(format!("not possible: {}", reason(&error.to_string())))),
    }
}

/// A message without names.
fn reason(message: &str) -> String {
    let is_name = |word: &&str| word.contains(['/', '"', '`', '&', ':']) || word.chars().any(|c| c.is_ascii_digit());
    message.split_whitespace().filter(|word| !is_name(word)).take(12).collect::<Vec<_>>().join(" ")
}

/// Sets a field of the endpoint or `spec`, and takes it out again.
pub(super) fn set_and_back(name: &str, text: &str, job: &str) -> Result<String, String> {
    let Some(place) = Place::of(job) else { return Ok("no object".to_string()) };
    let own = if place.kind == "ScrapeConfig" { "enableHTTP2" } else { "enableHttp2" };
    let put = |object: &mut Value| match place.list {
        Some(list) => object["spec"][list][place.index][own] = Value::Bool(false),
        None => object["spec"][own] = Value::Bool(false),
    };
    field_and_back(name, text, job, &place, ("enable_http2", "false"), &put)
}

/// Sets a limit of the object, and takes it out again.
pub(super) fn limit_and_back(name: &str, text: &str, job: &str) -> Result<String, String> {
    let Some(place) = Place::of(job) else { return Ok("no object".to_string()) };
    let put = |object: &mut Value| object["spec"]["labelLimit"] = Value::from(1234);
    field_and_back(name, text, job, &place, ("label_limit", "1234"), &put)
}

fn field_and_back(
    name: &str,
    text: &str,
    job: &str,
    place: &Place,
    (field, value): (&str, &str),
    put: &dyn Fn(&mut Value),
) -> Result<String, String> {
    let jobs = Some(selected(job));
    let set = SetFields { set: vec![(field.into(), value.into())], jobs: jobs.clone(), ..SetFields::default() };
    let run = |text: &str, request: &SetFields| Document::new(name, text, &Options::default()).set_fields(request);
    let outcome = run(text, &set);
    if outcome.as_ref().is_ok_and(ConfigChange::is_empty) {
        return Ok("nothing to do".to_string());
    }
    let after = match made(outcome)? {
        Ok(after) => after,
        Err(words) => return Ok(words),
    };
    let (before, mut expected) = (documents(text)?, documents(text)?);
    place.change(&mut expected, &mut |object| put(object));
    if documents(&after)? != expected {
        return Err(format!("another reader finds other documents:\n{after}"));
    }
    if !run(&after, &set).is_ok_and(|again| again.is_empty()) {
        return Err("a second run does something".to_string());
    }
    let unset = SetFields { unset: vec![field.into()], jobs, ..SetFields::default() };
    let had_it = before == expected || before.len() != expected.len();
    match made(run(&after, &unset))? {
        Ok(back) if back == text => Ok("set, and back".to_string()),
        // A value that was there is not restored.
        Ok(back) if had_it || text.contains(if field == "label_limit" { "labelLimit" } else { "nableH" }) => {
            drop(back);
            Ok("set, and removed".to_string())
        }
        Ok(back) => Err(format!("unset does not give the old text:\n{back}")),
        Err(words) => Err(format!("cannot be unset: {words}\n{after}")),
    }
}

/// Adds a target to a job, and takes it out again.
pub(super) fn target_and_back(name: &str, text: &str, job: &str) -> Result<String, String> {
    const ADDRESS: &str = "promcfg.example:9";
    let Some(place) = Place::of(job) else { return Ok("no object".to_string()) };
    let labels = first_labels(&place, &documents(text)?);
    let add = AddTarget { targets: vec![ADDRESS.into()], labels, selection: selected(job) };
    let after = match made(Document::new(name, text, &Options::default()).add_target(&add))? {
        Ok(after) => after,
        Err(words) => return Ok(words),
    };
    let mut expected = documents(text)?;
    place.change(&mut expected, &mut |object| {
        let list = match place.kind {
            "Probe" => &mut object["spec"]["targets"]["staticConfig"]["static"],
            _ if object["spec"]["staticConfigs"].as_sequence().is_none_or(Vec::is_empty) => {
                object["spec"]["staticConfigs"] = serde_yaml::from_str("[{targets: []}]").expect("is YAML");
                &mut object["spec"]["staticConfigs"][0]["targets"]
            }
            _ => &mut object["spec"]["staticConfigs"][0]["targets"],
        };
        match list.as_sequence_mut() {
            Some(list) => list.push(ADDRESS.into()),
            None => *list = Value::Sequence(vec![ADDRESS.into()]),
        }
    });
    if documents(&after)? != expected {
        return Err(format!("another reader finds other documents:\n{after}"));
    }
    if !Document::new(name, &*after, &Options::default()).add_target(&add).is_ok_and(|again| again.is_empty()) {
        return Err("a second run does something".to_string());
    }
    let remove = RemoveTarget {
        selection: Selection { targets: vec![ADDRESS.into()], ..selected(job) },
        ..RemoveTarget::default()
    };
    match made(Document::new(name, &*after, &Options::default()).remove_target(&remove))? {
        Ok(back) if back == text => Ok("added, and back".to_string()),
        Ok(back) if documents(&back)? == documents(text)? => Ok("added, and removed".to_string()),
        Ok(back) if !text.contains("staticConfigs") && !text.contains("static:") => {
            drop(back);
            Ok("added to a new list, and removed".to_string())
        }
        Ok(back) => Err(format!("removal does not give the old documents:\n{back}")),
        Err(words) => Err(format!("cannot be removed: {words}\n{after}")),
    }
}

/// The labels of the first group of an object.
fn first_labels(place: &Place, documents: &[Value]) -> Vec<(String, String)> {
    let mut labels = Vec::new();
    let mut own = documents.to_vec();
    place.change(&mut own, &mut |object| {
        let group = match place.kind {
            "Probe" => &object["spec"]["targets"]["staticConfig"],
            _ => &object["spec"]["staticConfigs"][0],
        };
        if let Some(written) = group["labels"].as_mapping() {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
            labels = written.iter().map(|(name, value)| (text(name), text(value))).collect();
        }
    });
    labels
}

/// Removes a job.
pub(super) fn removed(name: &str, text: &str, job: &str) -> Result<String, String> {
    let Some(place) = Place::of(job) else { return Ok("no object".to_string()) };
    let remove = RemoveJob { jobs: vec![job.to_string()] };
    let after = match made(Document::new(name, text, &Options::default()).remove_job(&remove))? {
        Ok(after) => after,
        Err(words) => return Ok(words),
    };
    let mut expected = documents(text)?;
    place.remove(&mut expected);
    if documents(&after)? != expected {
        return Err(format!("another reader finds other documents:\n{after}"));
    }
    let left = jobs_of(name, &after);
    let before = jobs_of(name, text);
    match left.len() < before.len() {
        true => Ok("removed".to_string()),
        false => Err(format!("{} jobs are left of {}", left.len(), before.len())),
    }
}

/// All edits of a job of a text.
pub(super) fn all_of(name: &str, text: &str, job: &str) -> Vec<(&'static str, Result<String, String>)> {
    vec![
        ("set", set_and_back(name, text, job)),
        ("limit", limit_and_back(name, text, job)),
        ("add-target", target_and_back(name, text, job)),
        ("remove-job", removed(name, text, job)),
    ]
}
