//! The result of an edit: texts, and what they do.

use std::sync::Arc;

use crate::effect::Effect;
use crate::text::Edits;

use super::request::LabelStage;

/// A proved change of a config and of the files it includes.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ConfigChange {
    /// The files that change; none when all is as asked for already.
    pub files: Vec<FileChange>,
    /// What becomes of the targets, or of their samples.
    pub effect: Effect,
    /// Which of the two the effect is about.
    pub stage: LabelStage,
    /// Jobs where nothing has to be done.
    pub jobs_with_nothing_to_do: Vec<String>,
    /// Jobs whose targets only discovery knows: the effect is that on example targets, which have the
    /// labels that the mechanism is known to set.
    pub jobs_with_examples: Vec<String>,
    /// Jobs whose `keep` and `drop` rules leave none of the targets that are known: the effect is that
    /// without those rules.
    pub jobs_without_filters: Vec<String>,
    /// What is worth knowing all the same.
    pub notes: Vec<String>,
}

/// What becomes of the text of a file.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FileChange {
    /// Its name, as it was given or found.
    pub name: String,
    /// Its text.
    pub before: Arc<str>,
    /// What is to be replaced.
    pub edits: Edits,
}

impl ConfigChange {
    /// Whether nothing has to be done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The effect in a line, such as `3 targets gain env="prod"; nothing else changes`.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// use promcfg::edit::AddLabel;
    /// let mut document = Document::new("p.yml", "scrape_configs: [{job_name: a, static_configs: [{targets: [h]}]}]", &Options::default());
    /// let change = document.add_label(&AddLabel { name: "env".into(), value: "x".into(), ..AddLabel::default() })?;
    /// assert_eq!(change.summary(), "1 target gains env=\"x\"; nothing else changes");
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    #[must_use]
    pub fn summary(&self) -> String {
        match self.stage {
            LabelStage::Target => self.effect.to_string(),
            LabelStage::Metric => self.effect.of_samples(),
        }
    }
}

impl FileChange {
    /// The text with the change made.
    #[must_use]
    pub fn after(&self) -> String {
        self.edits.apply(&self.before)
    }
}
