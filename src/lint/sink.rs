//! The findings of a rule, with their id, severity, job and list.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::analysis::{RelabelList, RuleFacts, Stage};
use crate::config::ScrapeConfig;
use crate::diagnostic::{Bounded, Diagnostic, Id, Severity};
use crate::text::{FileId, Location, Span};
use crate::yaml::Tree;

use super::documents;

/// The texts of a config: its own, and those of `scrape_config_files`.
pub(crate) type Trees<'t> = [(FileId, &'t Tree)];

/// Collects the findings of a rule. Id and severity are those of the rule's document.
pub(crate) struct Sink<'r> {
    id: Id,
    trees: &'r Trees<'r>,
    findings: &'r mut Findings,
}

/// The findings so far: of a rule in a file as many as anybody reads, the others are counted.
#[derive(Debug, Default)]
pub(super) struct Findings {
    all: Bounded,
    /// The places of those that are more severe than an info.
    severe: BTreeSet<(FileId, u32, u32)>,
    /// The number of those that were added, also of those that are only counted.
    count: usize,
}

impl Findings {
    pub(super) fn push(&mut self, finding: Diagnostic) {
        self.note(&finding);
        self.count += 1;
        self.all.push(finding);
    }

    /// Notes the place of a finding that is kept elsewhere.
    pub(super) fn note(&mut self, finding: &Diagnostic) {
        if finding.severity > Severity::Info {
            self.severe.insert((finding.at.file, finding.at.span.start, finding.at.span.end));
        }
    }

    /// Adds other findings after its own.
    pub(super) fn append(&mut self, other: Self) {
        self.all.extend(other.all.into_vec());
        self.severe.extend(other.severe);
    }

    pub(super) fn as_slice(&self) -> &[Diagnostic] {
        self.all.as_slice()
    }

    /// Whether one that is more severe than an info is in a place.
    pub(super) fn has_severe_in(&self, Location { file, span }: Location) -> bool {
        let mut near = self.severe.range((file, span.start, 0)..=(file, span.end, u32::MAX));
        near.any(|(_, start, end)| span.contains(Span { start: *start, end: *end }))
    }

    pub(super) fn into_all(self) -> Vec<Diagnostic> {
        self.all.into_vec()
    }
}

impl<'r> Sink<'r> {
    pub(super) fn new(id: Id, trees: &'r Trees<'r>, findings: &'r mut Findings) -> Self {
        Self { id, trees, findings }
    }

    /// Adds a finding, built by [`in_rule`], [`in_list`], [`in_job`] or [`in_file`].
    pub(crate) fn push(&mut self, finding: Diagnostic) {
        let severity = documents::rule_document(self.id).map_or(finding.severity, |document| document.severity);
        self.push_as(severity, finding);
    }

    /// Adds a finding whose severity differs from that of the document.
    pub(crate) fn push_as(&mut self, severity: Severity, finding: Diagnostic) {
        self.findings.push(Diagnostic { id: self.id, severity, ..finding });
    }

    /// Whether a place already has a finding that is more severe than an info.
    pub(crate) fn has_finding_in(&self, place: Location) -> bool {
        self.findings.has_severe_in(place)
    }

    /// The rule whose findings it collects.
    pub(super) fn id(&self) -> Id {
        self.id
    }

    /// The number of findings that were added so far, of all rules.
    pub(super) fn count(&self) -> usize {
        self.findings.count
    }

    /// Adds findings.
    pub(crate) fn extend(&mut self, findings: impl IntoIterator<Item = Diagnostic>) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }

    /// The tree of a file of the config.
    pub(crate) fn tree(&self, file: FileId) -> Option<&'r Tree> {
        self.trees.iter().find(|(own, _)| *own == file).map(|(_, tree)| *tree)
    }
}

fn finding(file: FileId, span: Span, message: String) -> Diagnostic {
    Diagnostic::new(Id::PENDING, Severity::Error, Location::new(file, span), message)
}

/// A finding in a rule of a list: `job web: relabel_configs[0]: …`.
pub(crate) fn in_rule(
    list: &RelabelList<'_>,
    rule: &RuleFacts<'_>,
    span: Span,
    message: impl AsRef<str>,
) -> Diagnostic {
    in_list(list, span, format!("{}[{}]: {}", list.key, rule.index, message.as_ref()))
}

/// The thing that a list relabels, in the singular.
pub(crate) fn subject(stage: Stage) -> &'static str {
    match stage {
        Stage::Target => "target",
        Stage::Metric => "sample",
        Stage::Alert => "alert",
        Stage::Alertmanager => "Alertmanager",
        Stage::Write => "series",
    }
}

/// A text, shortened for a message.
pub(crate) fn short(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// A finding about a list as a whole: `job web: …`. Its argument `list` is the list's key.
pub(crate) fn in_list(list: &RelabelList<'_>, span: Span, message: impl Into<String>) -> Diagnostic {
    let finding = finding(list.file, span, message.into()).with_argument("list", list.key);
    match list.job {
        Some(job) => finding.with_job(job.job_name.value.as_str()),
        None => finding,
    }
}

/// A finding in a job: `job web: …`.
pub(crate) fn in_job(job: &ScrapeConfig, span: Span, message: impl Into<String>) -> Diagnostic {
    finding(job.file, span, message.into()).with_job(job.job_name.value.as_str())
}

/// A finding in a file.
pub(crate) fn in_file(file: FileId, span: Span, message: impl Into<String>) -> Diagnostic {
    finding(file, span, message.into())
}
