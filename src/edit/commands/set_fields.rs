//! `set` and `unset`: fields by their paths.

use crate::config::{FieldPath, FieldRoot};

use super::super::change::ConfigChange;
use super::super::document::Document;
use super::super::driver::{FieldsRequest, ObjectFieldsRequest};
use super::super::ops::FieldOp;
use super::super::request::{EditError, Selection};

/// Fields that get values, and fields that are removed: see [`Document::set_fields`](crate::Document::set_fields).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetFields {
    /// Paths with their values, as texts: lists and mappings in brackets.
    pub set: Vec<(String, String)>,
    /// Paths of fields to be removed.
    pub unset: Vec<String>,
    /// The jobs that the paths are below of; without it they begin at the top of the config.
    pub jobs: Option<Selection>,
    /// Whether a value that would be inherited anyway is removed rather than written.
    pub minimal: bool,
}

impl Document<'_> {
    /// Sets and removes fields by their paths: `global.scrape_interval`, or below jobs `relabel_configs[0].regex`. A value
    /// must be one that the field can have; a key that is not there yet goes to its usual place, with the sections above it.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// use promcfg::edit::SetFields;
    /// let text = "global:\n  scrape_interval: 1m # often enough\nscrape_configs: []\n";
    /// let set = SetFields { set: vec![("global.scrape_interval".into(), "30s".into())], ..SetFields::default() };
    /// let change = Document::new("p.yml", text, &Options::default()).set_fields(&set)?;
    /// assert_eq!(change.files[0].after(), text.replace("1m", "30s"));
    /// assert_eq!(change.summary(), "global.scrape_interval is 30s, was 1m");
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    ///
    /// # Errors
    /// No field has the path, the value is not one of the field, or is a secret; or the change is refused: Prometheus would
    /// refuse the new text, or another part of the text uses the place.
    pub fn set_fields(&mut self, request: &SetFields) -> Result<ConfigChange, EditError> {
        if self.is_target_file() {
            let message = "the file is a target file, which has no fields of a config";
            return Err(EditError::request(message, "name the config that reads it"));
        }
        if self.has_objects() {
            check_given(request)?;
            let SetFields { set, unset, minimal, .. } = request;
            let fields = ObjectFieldsRequest { set, unset, minimal: *minimal };
            if let Some(outcome) = self.run_on_object_fields(&fields, request.jobs.as_ref()) {
                return outcome;
            }
        }
        let root = if request.jobs.is_some() { FieldRoot::Job } else { FieldRoot::Config };
        let release = self.release();
        let path = |text: &String| FieldPath::parse(text, root, release).map_err(EditError::of_field);
        let mut ops = Vec::new();
        for (text, value) in &request.set {
            let path = path(text)?;
            let value = path.value(value, release).map_err(EditError::of_field)?;
            ops.push(FieldOp::Set { path, value });
        }
        for text in &request.unset {
            ops.push(FieldOp::Unset { path: path(text)? });
        }
        check(&ops, request)?;
        self.run_on_fields(&FieldsRequest { ops, jobs: request.jobs.as_ref(), minimal: request.minimal })
    }
}

/// Refuses a request without a field or without a job.
fn check_given(request: &SetFields) -> Result<(), EditError> {
    if request.set.is_empty() && request.unset.is_empty() {
        return Err(EditError::request("no field is given", "give at least one, such as global.scrape_interval=30s"));
    }
    let is_selected = request.jobs.as_ref().is_none_or(|jobs| jobs.all_jobs || !jobs.jobs.is_empty());
    match is_selected {
        true => Ok(()),
        false => Err(EditError::request("no job is selected", "select one with --job, or all with --all-jobs")),
    }
}

fn check(ops: &[FieldOp], request: &SetFields) -> Result<(), EditError> {
    if ops.is_empty() {
        return check_given(request);
    }
    let paths: Vec<&str> = ops.iter().map(|op| op.path().text()).collect();
    if let Some((_, path)) = paths.iter().enumerate().find(|(index, path)| paths[..*index].contains(path)) {
        return Err(EditError::request(format!("`{path}` is given twice"), "give each field once"));
    }
    check_given(request)?;
    let names_job = request.jobs.is_some() && paths.contains(&"job_name");
    if names_job {
        let message = "`job_name` is the name by which the job is selected";
        return Err(EditError::declined(message, "give the job another name with `promcfg rename-job CONFIG OLD NEW`"));
    }
    Ok(())
}
