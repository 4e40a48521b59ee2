//! Fixes of findings: applied in rounds until there is none left, each round proved.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::input::Input;
use crate::lint::lint_input;
use crate::options::Options;
use crate::text::{Edits, Sources, Span};

use super::super::change::FileChange;
use super::super::driver::{Claim, SharedFacts, Trial, has_same_jobs, no_new_errors};
use super::super::open::{Opened, in_outer_file};
use super::super::overlay::Overlay;
use super::super::request::{LabelStage, Selection};

/// So often is a text linted and fixed again: a fix may make place for another one. What is left is still a finding.
const MAX_ROUNDS: usize = 100;

/// What came of the fixes of a config: see [`fix_config`].
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct FixOutcome {
    /// The files that change.
    pub files: Vec<FileChange>,
    /// The findings that were fixed, by rule, each with its fix.
    pub made: Vec<(&'static str, String)>,
    /// Fixes that were not made, with the reason: what they do could not be proved.
    pub refused: Vec<(&'static str, String)>,
}

/// Applies the fixes of what is found in a config, or in the configs of a manifest, in rounds until
/// none is left. `is_wanted` chooses: it gets the name of the file and the finding.
///
/// Each round is proved: the new text loads if the old one did, and after Safe fixes every target of
/// every job, and what becomes of its samples, is as before. What cannot be proved is not made. Nothing
/// is written.
///
/// ```
/// use promcfg::Options;
/// use promcfg::edit::fix_config;
/// let outcome = fix_config("p.yml", "scrape_configs: []\n", &Options::default(), &|_, _| true);
/// assert!(outcome.files.is_empty());
/// ```
#[must_use]
pub fn fix_config(
    name: &str,
    text: impl Into<Arc<str>>,
    options: &Options<'_>,
    is_wanted: &dyn Fn(&str, &Diagnostic) -> bool,
) -> FixOutcome {
    let mut rounds = Rounds { name, text: text.into(), options: *options, outcome: FixOutcome::default() };
    for safety in [Safety::Safe, Safety::Unsafe] {
        for _ in 0..MAX_ROUNDS {
            let batch = rounds.batch(safety, is_wanted);
            if batch.is_empty() || !rounds.make(batch, safety) {
                break;
            }
        }
    }
    rounds.outcome
}

struct Rounds<'r> {
    name: &'r str,
    text: Arc<str>,
    options: Options<'r>,
    outcome: FixOutcome,
}

/// A fix that may be made, as a change of a file.
struct Candidate {
    rule: &'static str,
    /// What it does, in which job. After a refusal, what has the same title is not tried again.
    title: String,
    file: String,
    edits: Edits,
}

impl Rounds<'_> {
    fn overlay(&self) -> Overlay<'_> {
        Overlay { files: self.options.files, changed: &self.outcome.files }
    }

    /// The text, with these changes made.
    fn text_with(&self, files: &[FileChange]) -> Arc<str> {
        let changed = files.iter().find(|file| file.name == self.name);
        changed.map_or_else(|| self.text.clone(), |file| file.after().into())
    }

    /// The fixes of what is found now that do not touch each other.
    fn batch(&self, safety: Safety, is_wanted: &dyn Fn(&str, &Diagnostic) -> bool) -> Vec<Candidate> {
        let input = Input::parse(self.name, self.text_with(&self.outcome.files));
        let mut sources = Sources::new();
        let findings = lint_input(&mut sources, &input, &self.options.with_files(&self.overlay()));
        let inner = input.parts();
        let (mut batch, mut taken) = (Vec::new(), Taken::default());
        for finding in &findings {
            let Some(fix) = finding.fix.as_ref().filter(|fix| fix.safety == safety) else { continue };
            let file = sources.name(sources.outermost(finding.at).file).to_string();
            if !is_wanted(&file, finding) {
                continue;
            }
            let Some(edits) = in_outer_file(&fix.edits, finding.at.file, &sources, &inner) else { continue };
            let candidate = Candidate { rule: finding.id.as_str(), title: title(finding, fix), file, edits };
            let is_refused = self.outcome.refused.contains(&(candidate.rule, candidate.title.clone()));
            if !is_refused && taken.take(&candidate) {
                batch.push(candidate);
            }
        }
        batch
    }

    /// Makes the fixes, all at once if that is proved, else part of them. Whether any was made; those
    /// after it are found again, at their new places.
    fn make(&mut self, mut batch: Vec<Candidate>, safety: Safety) -> bool {
        if let Some(files) = self.proved(&batch, safety) {
            self.outcome.files = files;
            self.outcome.made.extend(batch.into_iter().map(|candidate| (candidate.rule, candidate.title)));
            return true;
        }
        if batch.len() < 2 {
            self.outcome.refused.extend(batch.into_iter().map(|candidate| (candidate.rule, candidate.title)));
            return false;
        }
        let rest = batch.split_off(batch.len() / 2);
        self.make(batch, safety) || self.make(rest, safety)
    }

    /// The files with these fixes made, if nothing speaks against them.
    fn proved(&self, fixes: &[Candidate], safety: Safety) -> Option<Vec<FileChange>> {
        let files = self.with_fixes(fixes)?;
        let errors = self.errors_of_objects(&self.outcome.files);
        if self.errors_of_objects(&files).iter().any(|error| !errors.contains(error)) {
            return None;
        }
        let (now, then) = (self.overlay(), Overlay { files: self.options.files, changed: &files });
        let mut before = Opened::new(self.name, self.text_with(&self.outcome.files), &self.options.with_files(&now));
        let mut after = Opened::new(self.name, self.text_with(&files), &self.options.with_files(&then));
        before.read_all();
        after.read_all();
        no_new_errors(&before, &after).ok()?;
        (safety == Safety::Unsafe || has_same_results(&mut before, &after)).then_some(files)
    }

    /// What the API server, the operator and Prometheus refuse of the objects of prometheus-operator in the text.
    fn errors_of_objects(&self, files: &[FileChange]) -> Vec<String> {
        let input = Input::parse(self.name, self.text_with(files));
        if !input.has_operator_objects() {
            return Vec::new();
        }
        let findings = lint_input(&mut Sources::new(), &input, &self.options);
        findings.into_iter().filter(Diagnostic::is_error).map(|finding| finding.message).collect()
    }

    /// The changes of all files with these fixes added.
    fn with_fixes(&self, fixes: &[Candidate]) -> Option<Vec<FileChange>> {
        let mut files = self.outcome.files.clone();
        let mut names: Vec<&str> = fixes.iter().map(|candidate| candidate.file.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let of_file = fixes.iter().filter(|candidate| candidate.file == name);
            let all = of_file.flat_map(|candidate| candidate.edits.iter().map(|edit| (edit.span, edit.text.clone())));
            let edits = Edits::new(all.collect())?;
            match files.iter_mut().find(|file| file.name == name) {
                Some(file) => file.edits = file.edits.then(&edits, file.before.len()),
                None => files.push(FileChange::new(name.to_string(), self.read(name)?, edits)),
            }
        }
        Some(files)
    }

    fn read(&self, name: &str) -> Option<Arc<str>> {
        if name == self.name {
            return Some(self.text.clone());
        }
        String::from_utf8(self.options.files.read(name).ok()?).ok().map(Arc::from)
    }
}

fn title(finding: &Diagnostic, fix: &Fix) -> String {
    let job = finding.job.as_ref().map_or(String::new(), |job| format!("job {job}: "));
    format!("{job}{}", fix.title)
}

/// The bytes that the fixes of a batch replace, by file: starts with their ends.
#[derive(Default)]
struct Taken {
    spans: FxHashMap<String, BTreeMap<u32, u32>>,
}

impl Taken {
    /// Takes the places of a fix, unless it touches one that was taken before.
    fn take(&mut self, candidate: &Candidate) -> bool {
        let of_file = self.spans.entry(candidate.file.clone()).or_default();
        let is_free = |span: Span| of_file.range(..=span.end).next_back().is_none_or(|(_, end)| *end < span.start);
        let free = candidate.edits.iter().all(|edit| is_free(edit.span));
        if free {
            of_file.extend(candidate.edits.iter().map(|edit| (edit.span.start, edit.span.end)));
        }
        free
    }
}

/// Whether the targets of all jobs, and what becomes of their samples, are the same.
fn has_same_results(before: &mut Opened<'_>, after: &Opened<'_>) -> bool {
    if !has_same_jobs(before, after) {
        return false;
    }
    let (olds, facts) = (std::mem::take(&mut before.jobs), SharedFacts::default());
    let is_same = olds.iter().zip(&after.jobs).all(|(old, new)| has_same_result(before, after, old, new, &facts));
    before.jobs = olds;
    is_same
}

fn has_same_result(
    before: &mut Opened<'_>,
    after: &Opened<'_>,
    old: &ScrapeConfig,
    new: &ScrapeConfig,
    facts: &SharedFacts,
) -> bool {
    let is_untouched =
        before.sources.text(old.file).get(old.span.range()) == after.sources.text(new.file).get(new.span.range());
    if !old.is_valid || is_untouched {
        return true;
    }
    [LabelStage::Target, LabelStage::Metric].into_iter().all(|stage| {
        let trial = Trial::of(before, old, &Selection::default(), stage, facts);
        Claim { trial: &trial, expected: old }.holds(new)
    })
}
