//! Several edits of a config as one change, each on the result of the one before.

use std::fmt;
use std::sync::Arc;

use crate::options::Options;

use super::change::ConfigChange;
use super::document::Document;
use super::overlay::Overlay;
use super::request::EditError;
use super::sequence::joined;

/// One edit: what is asked of a document.
pub type EditStep<'s> = dyn Fn(&mut Document<'_>) -> Result<ConfigChange, EditError> + 's;

/// The edit that is not made, and why.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EditStepError {
    /// Its number, from 0.
    pub step: usize,
    /// Why.
    pub error: EditError,
}

impl fmt::Display for EditStepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "edit {}: {}", self.step + 1, self.error)
    }
}

impl std::error::Error for EditStepError {}

/// Makes several edits of a config and of the files that it refers to as one change: all of them, or none. Each is proved on
/// the texts as the one before leaves them.
///
/// ```
/// use promcfg::{Document, Options};
/// use promcfg::edit::{AddLabel, AddTarget, RenameJob, Selection, edit_in_steps};
/// let text = "scrape_configs:\n- job_name: a\n  static_configs:\n  - targets: [h]\n- job_name: b\n";
/// let selection = Selection { jobs: vec!["web".into()], ..Selection::default() };
/// let rename = RenameJob { old: "a".into(), new: "web".into(), keep_label: false };
/// let target = AddTarget { targets: vec!["i".into()], selection: selection.clone(), ..AddTarget::default() };
/// let label = AddLabel { name: "env".into(), value: "x".into(), selection, ..AddLabel::default() };
/// let change = edit_in_steps("p.yml", text, &Options::default(), &[
///     &|document: &mut Document<'_>| document.rename_job(&rename),
///     &|document: &mut Document<'_>| document.add_target(&target),
///     &|document: &mut Document<'_>| document.add_label(&label),
/// ])?;
/// assert_eq!(change.files.len(), 1);
/// let job = "- job_name: web\n  static_configs:\n  - targets: [h, i]\n    labels:\n      env: x\n- job_name: b\n";
/// assert_eq!(change.files[0].after(), format!("scrape_configs:\n{job}"));
/// # Ok::<(), promcfg::edit::EditStepError>(())
/// ```
///
/// # Errors
/// The first edit that is not made.
pub fn edit_in_steps(
    name: &str,
    text: impl Into<Arc<str>>,
    options: &Options<'_>,
    steps: &[&EditStep<'_>],
) -> Result<ConfigChange, EditStepError> {
    let text: Arc<str> = text.into();
    let mut whole = ConfigChange::of_fields();
    for (number, step) in steps.iter().enumerate() {
        let overlay = Overlay { files: options.files, changed: &whole.files };
        let changed = whole.files.iter().find(|file| file.name == name).map(|file| file.after().into());
        let mut document = Document::new(name, changed.unwrap_or_else(|| text.clone()), &options.with_files(&overlay));
        let next = step(&mut document).map_err(|error| EditStepError { step: number, error })?;
        drop(document);
        whole = if number == 0 { next } else { joined(whole, next) };
    }
    Ok(whole)
}
