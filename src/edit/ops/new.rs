//! Jobs, targets and labels that are to be written.

use crate::config::{ScrapeConfig, TargetGroup};
use crate::text::{FileId, Location, Span, Spanned};
use crate::yaml_edit::{New, Template};

use super::super::target_groups::FILE_PATH_LABEL;

/// A job to be written.
#[derive(Clone, Debug)]
pub(in crate::edit) struct NewJob {
    pub(in crate::edit) name: String,
    /// The job in YAML.
    pub(in crate::edit) template: String,
    /// The targets in the place of those of the template, if there are any.
    pub(in crate::edit) targets: Vec<String>,
    /// As it is to be read.
    pub(in crate::edit) typed: ScrapeConfig,
}

/// What becomes of the label `job` of the targets of a job that gets another name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::edit) enum JobLabel {
    /// It is the new name.
    Follows,
    /// A new rule before all others keeps the old name.
    IsKept,
    /// The first rule has kept the name that the job gets now: it goes.
    WasKept,
}

/// A target to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::edit) struct NewTarget {
    pub(in crate::edit) address: String,
    /// Where it is written now, if it moves: its comments move with it.
    pub(in crate::edit) from: Option<Location>,
}

/// A group to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::edit) struct NewGroup {
    pub(in crate::edit) targets: Vec<NewTarget>,
    pub(in crate::edit) labels: Vec<NewLabel>,
}

/// A label of a group to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::edit) struct NewLabel {
    pub(in crate::edit) name: String,
    pub(in crate::edit) value: String,
    /// Where the value is written now, if its group moves.
    pub(in crate::edit) from: Option<Location>,
}

impl NewJob {
    /// A config that has only this job.
    pub(in crate::edit) fn alone(template: &str, name: &str, targets: &[String]) -> Option<String> {
        let targets = New::Row(targets.iter().map(New::text).collect());
        let mut values = vec![("job_name", New::text(name))];
        if !matches!(&targets, New::Row(all) if all.is_empty()) {
            values.push(("targets", targets));
        }
        Template::of(template).as_item_of("scrape_configs", &values)
    }
}

impl NewGroup {
    /// As it is to be read from a file; file discovery adds the path of a target file.
    pub(in crate::edit) fn typed(&self, file: FileId, path: Option<&str>) -> TargetGroup {
        let labels = self.labels.iter().map(|label| (unwritten(&label.name), unwritten(&label.value)));
        let path = path.map(|path| (unwritten(FILE_PATH_LABEL), unwritten(path)));
        let targets = self.targets.iter().map(NewTarget::typed).collect();
        TargetGroup { file, span: Span::empty(0), targets, labels: labels.chain(path).collect() }
    }
}

impl NewTarget {
    pub(super) fn typed(&self) -> Spanned<String> {
        unwritten(&self.address)
    }
}

pub(super) fn unwritten(text: &str) -> Spanned<String> {
    Spanned::new(text.to_string(), Span::empty(0))
}
