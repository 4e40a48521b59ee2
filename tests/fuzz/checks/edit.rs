//! A line with a command, then a config: an edit is refused, or is proved; made again it has nothing to do; a label
//! that was added where there was none, and removed, leaves the text as it was.
//!
//! The line: `add`, `remove` or `rename`, the name of the label, its value or new name, and letters: `m` for samples,
//! `r` and `s` for the methods, `o` to overwrite, `a` for all jobs, `w` for a condition. The other commands are in
//! `edit_others.rs`.

#[path = "edit_others.rs"]
mod others;

use promcfg::edit::{
    AddLabel, ConfigChange, EditError, FileChange, LabelStage, Method, RemoveLabel, RenameLabel, Selection,
};
use promcfg::text::decode_text;
use promcfg::{Document, Options};

pub(crate) fn check(bytes: &[u8]) {
    let decoded = decode_text(bytes);
    let Some((line, text)) = decoded.text.split_once('\n') else { return };
    let mut words = line.split(' ');
    let mut word = || words.next().unwrap_or("");
    let (command, name, value, letters) = (word(), word(), word(), word());
    let asked = Asked { name, value, letters };
    match command {
        "add" => asked.add(text),
        "remove" => drop(asked.outcome(text, &|document| document.remove_label(&asked.remove()))),
        "rename" => asked.rename(text),
        command => others::check(command, &asked, text),
    }
}

/// A key without a value may have an empty one afterwards.
fn without_empty_values(text: &str) -> String {
    text.split('\n')
        .map(|line| line.trim_end_matches(['[', ']', '{', '}', '~', ' ', '\r']))
        .collect::<Vec<_>>()
        .join("\n")
        .replace("null", "")
}

struct Asked<'a> {
    name: &'a str,
    value: &'a str,
    letters: &'a str,
}

impl Asked<'_> {
    fn selection(&self) -> Selection {
        let is_all = self.letters.contains('a');
        let condition = self.letters.contains('w').then(|| ("job".to_string(), ".+".to_string()));
        Selection { all_jobs: is_all, conditions: condition.into_iter().collect(), ..Selection::default() }
    }

    fn stage(&self) -> LabelStage {
        if self.letters.contains('m') { LabelStage::Metric } else { LabelStage::Target }
    }

    fn method(&self) -> Method {
        match (self.letters.contains('r'), self.letters.contains('s')) {
            (true, _) => Method::Relabel,
            (_, true) => Method::Static,
            _ => Method::Auto,
        }
    }

    fn remove(&self) -> RemoveLabel {
        let (name, selection, stage, method) = (self.name.to_string(), self.selection(), self.stage(), self.method());
        RemoveLabel { name, selection, stage, method }
    }

    fn add(&self, text: &str) {
        let request = AddLabel {
            name: self.name.into(),
            value: self.value.into(),
            selection: self.selection(),
            stage: self.stage(),
            method: self.method(),
            overwrite: self.letters.contains('o'),
        };
        let Some(after) = self.outcome(text, &|document| document.add_label(&request)) else { return };
        if let Ok(again) = Document::new("p.yml", &*after, &Options::default()).add_label(&request) {
            assert!(again.is_empty(), "made again, it changes {after:?}");
        }
        let remove = RemoveLabel { method: Method::Auto, ..self.remove() };
        if !text.contains(self.name)
            && !request.overwrite
            && let Ok(undone) = Document::new("p.yml", &*after, &Options::default()).remove_label(&remove)
        {
            let undone = undone.files.first().map_or(after.clone(), FileChange::after);
            assert_eq!(without_empty_values(&undone), without_empty_values(text), "added and removed");
        }
    }

    fn rename(&self, text: &str) {
        let (old, new) = (self.name.to_string(), self.value.to_string());
        let request = RenameLabel { old, new, selection: self.selection(), stage: self.stage() };
        self.outcome(text, &|document| document.rename_label(&request));
    }

    /// Makes the edit. The new text, if there is one.
    fn outcome(
        &self,
        text: &str,
        edit: &dyn Fn(&mut Document<'_>) -> Result<ConfigChange, EditError>,
    ) -> Option<String> {
        let mut document = Document::new("p.yml", text, &Options::default());
        let errors = document.diagnostics().iter().filter(|one| one.is_error()).count();
        let jobs = document.jobs().len();
        let (after, new_jobs) = outcome(&mut document, errors, edit)?;
        assert_eq!(new_jobs, jobs, "jobs of {after:?}");
        Some(after)
    }
}

/// Makes an edit of a text with so many errors. The new text, if there is one, and the number of its jobs.
fn outcome(
    document: &mut Document<'_>,
    errors: usize,
    edit: &dyn Fn(&mut Document<'_>) -> Result<ConfigChange, EditError>,
) -> Option<(String, usize)> {
    let change = match edit(document) {
        Ok(change) => change,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return None;
        }
    };
    assert!(!change.summary().is_empty());
    let after = change.files.first()?.after();
    let again = Document::new("p.yml", &*after, &Options::default());
    let left = again.diagnostics().iter().filter(|one| one.is_error()).count();
    assert!(left <= errors, "{after:?} has more faults than before");
    let jobs = again.jobs().len();
    Some((after, jobs))
}
