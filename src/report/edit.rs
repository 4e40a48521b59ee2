//! An edit as JSON: the files, the effect on each job, the refusals.

use serde_json::{Map, Value, json};

use crate::diagnostic::Diagnostic;
use crate::edit::{Claim, ConfigChange, FieldChange, FileChange, Grade, JobChange, LabelChangeKind};
use crate::effect::{ChangeKind, EffectGroup, LabelChange};
use crate::options::{Executor, InOrder};
use crate::secrets::{masked_diagnostic, masked_label, masked_value};
use crate::text::{Sources, short_name};

use super::diff::diff_in_parts;
use super::look::Look;

/// What came of an edit of some configs.
#[derive(Clone, Debug, Default)]
pub struct EditReport<'r> {
    /// Whether the files were written.
    pub written: bool,
    /// The files that change.
    pub files: Vec<&'r FileChange>,
    /// The configs that were read and do not change.
    pub unchanged: Vec<&'r str>,
    /// The changes of the configs.
    pub changes: Vec<&'r ConfigChange>,
    /// The lines of the script that the changes come from, if they come from one.
    pub lines: Vec<EditLine<'r>>,
    /// What is worth knowing besides.
    pub notes: Vec<&'r str>,
    /// The refusals, each with the texts it refers to.
    pub refused: Vec<(&'r Sources, &'r Diagnostic)>,
    /// Why the command could not be carried out: a message, and what to do.
    pub failure: Option<(&'r str, Option<&'r str>)>,
}

/// A line of a script of edits, and what came of it.
#[derive(Clone, Debug, Default)]
pub struct EditLine<'r> {
    /// Its number, from 1.
    pub line: usize,
    /// The command, if the line names one.
    pub command: Option<&'r str>,
    /// What became of it.
    pub outcome: EditLineOutcome,
    /// The files that it changes.
    pub files: Vec<&'r str>,
    /// How certain its effect is, where it changes something.
    pub grade: Option<Grade>,
    /// Its effect in words.
    pub summary: Vec<&'r str>,
}

/// What became of a line of a script of edits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum EditLineOutcome {
    /// It changes something.
    #[default]
    Changed,
    /// All is as asked for already.
    Unchanged,
    /// It is refused.
    Refused,
    /// The command cannot be carried out.
    Failed,
}

/// An edit in the shape that `--format json` prints. What is not known is left out; secrets in diffs are hidden.
///
/// ```
/// use promcfg::{Document, Options};
/// use promcfg::edit::AddLabel;
/// use promcfg::report::{EditReport, edit_json};
/// let text = "scrape_configs: [{job_name: a, static_configs: [{targets: ['h:1']}]}]";
/// let add = AddLabel { name: "env".into(), value: "x".into(), ..AddLabel::default() };
/// let change = Document::new("p.yml", text, &Options::default()).add_label(&add)?;
/// let report = EditReport { files: change.files.iter().collect(), changes: vec![&change], ..EditReport::default() };
/// let json = edit_json(&report);
/// assert_eq!((&json["grade"], &json["written"]), (&"proved".into(), &false.into()));
/// let effect = serde_json::json!({"kind": "gains", "count": 1, "label": "env", "after": "x", "example": {"__address__": "h:1"}});
/// assert_eq!(json["jobs"][0]["effects"][0], effect);
/// # Ok::<(), promcfg::edit::EditError>(())
/// ```
#[must_use]
pub fn edit_json(report: &EditReport<'_>) -> Value {
    edit_json_with(report, &InOrder)
}

/// As [`edit_json`], with the search for secrets on an executor. The document does not depend on it.
///
/// ```
/// use promcfg::InOrder;
/// use promcfg::report::{EditReport, edit_json, edit_json_with};
/// let report = EditReport { notes: vec!["a note"], ..EditReport::default() };
/// assert_eq!(edit_json_with(&report, &InOrder), edit_json(&report));
/// ```
#[must_use]
pub fn edit_json_with(report: &EditReport<'_>, executor: &dyn Executor) -> Value {
    let changing = || report.changes.iter().filter(|change| !change.is_empty());
    let grade: Option<Grade> = changing().map(|change| change.grade).max();
    let jobs: Vec<Value> = changing().flat_map(|change| &change.jobs).map(job_json).collect();
    let layout: Vec<&str> = changing().flat_map(|change| &change.layout).map(String::as_str).collect();
    let fields: Vec<Value> = changing().flat_map(|change| &change.fields).map(field_json).collect();
    let changed = report.files.iter().map(|file| {
        let diff = diff_in_parts(file, Look::default(), executor);
        if diff.is_masked {
            json!({ "file": file.name, "changed": true, "diff": diff.text, "masked": true })
        } else {
            json!({ "file": file.name, "changed": true, "diff": diff.text })
        }
    });
    let unchanged = report.unchanged.iter().map(|name| json!({ "file": name, "changed": false }));
    let refused = report.refused.iter().map(|(sources, refusal)| refusal_json(sources, refusal));
    let failed = report.failure.iter().map(|(message, help)| {
        object([("message", Some(json!(masked_value(message)))), ("help", help.map(|help| json!(masked_value(help))))])
    });
    let lines: Vec<Value> = report.lines.iter().map(line_json).collect();
    let notes: Vec<_> = report.notes.iter().map(|note| masked_value(note)).collect();
    object([
        ("version", Some(Value::from(1))),
        ("grade", grade.map(|grade| Value::from(grade.name()))),
        ("written", Some(Value::from(report.written))),
        ("files", Some(changed.chain(unchanged).collect())),
        ("jobs", Some(Value::from(jobs))),
        ("layout", (!layout.is_empty()).then_some(Value::from(layout))),
        ("fields", (!fields.is_empty()).then_some(Value::from(fields))),
        ("lines", (!lines.is_empty()).then_some(Value::from(lines))),
        ("refused", Some(refused.chain(failed).collect())),
        ("notes", (!notes.is_empty()).then(|| json!(notes))),
    ])
}

fn line_json(line: &EditLine<'_>) -> Value {
    let outcome = match line.outcome {
        EditLineOutcome::Changed => "changed",
        EditLineOutcome::Unchanged => "unchanged",
        EditLineOutcome::Refused => "refused",
        EditLineOutcome::Failed => "failed",
    };
    let summary: Vec<Value> = line.summary.iter().map(|words| Value::from(masked_value(words))).collect();
    object([
        ("line", Some(Value::from(line.line))),
        ("command", line.command.map(Value::from)),
        ("outcome", Some(Value::from(outcome))),
        ("files", (!line.files.is_empty()).then(|| json!(line.files))),
        ("grade", line.grade.map(|grade| Value::from(grade.name()))),
        ("summary", (!summary.is_empty()).then_some(Value::from(summary))),
    ])
}

fn field_json(change: &FieldChange) -> Value {
    let text = |text: &Option<String>| text.as_deref().map(|text| Value::from(masked_value(text)));
    let inherited = change.inherited.as_ref().map(|(value, _)| Some(value.clone()));
    object([
        ("job", change.job.as_deref().map(Value::from)),
        ("file", Some(Value::from(change.file.as_str()))),
        ("path", Some(Value::from(change.path.as_str()))),
        ("before", text(&change.before)),
        ("after", text(&change.after)),
        ("inherited", inherited.and_then(|value| text(&value))),
    ])
}

/// An object of the members that are known.
fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let known = members.into_iter().filter_map(|(name, value)| Some((name.to_string(), value?)));
    Value::Object(known.collect::<Map<String, Value>>())
}

fn job_json(change: &JobChange) -> Value {
    let claims: Vec<Value> = change.claims.iter().map(|claim| Value::from(masked_value(&claim.to_string()))).collect();
    object([
        ("job", Some(&change.job).filter(|job| !job.is_empty()).map(|job| Value::from(job.as_str()))),
        ("file", Some(Value::from(change.file.as_str()))),
        ("grade", Some(Value::from(change.grade.name()))),
        ("known", Some(Value::from(change.known))),
        ("effects", Some(Value::from(effects(change)))),
        ("claims", Some(claims).filter(|claims| !claims.is_empty()).map(Value::from)),
        ("reason", change.reason.as_deref().map(|reason| Value::from(masked_value(reason)))),
        ("series", change.series.map(|series| json!({ "before": series.before, "after": series.after }))),
    ])
}

/// An entry for each label that changes, and for each other change; where no target is known, for each label that the
/// statements about all targets are about.
fn effects(change: &JobChange) -> Vec<Value> {
    match change.effect.groups.as_slice() {
        [] => change.claims.iter().map(of_claim).collect(),
        groups => groups.iter().flat_map(of_group).collect(),
    }
}

fn of_claim(claim: &Claim) -> Value {
    let (kind, after) = match &claim.change {
        LabelChangeKind::Gains { value, .. } => ("gains", Some(value.as_str())),
        LabelChangeKind::Dropped
        | LabelChangeKind::OthersDropped
        | LabelChangeKind::TargetsDropped { .. }
        | LabelChangeKind::OtherTargetsDropped { .. }
        | LabelChangeKind::OtherShardsDropped { .. }
        | LabelChangeKind::ShardChanged { .. } => ("lost", None),
        LabelChangeKind::NoLongerDropped | LabelChangeKind::TargetsKept { .. } => ("gained", None),
        LabelChangeKind::NamesLost { .. } | LabelChangeKind::OthersLost { .. } => ("loses", None),
        LabelChangeKind::NamesKept { .. } | LabelChangeKind::Mapped { .. } => ("gains", None),
        LabelChangeKind::Copied { .. } => ("gains", None),
        LabelChangeKind::Loses | LabelChangeKind::Unfilled { .. } | LabelChangeKind::Uncopied => ("loses", None),
        LabelChangeKind::Renamed { to } => ("renamed", Some(to.as_str())),
    };
    object([
        ("kind", Some(Value::from(kind))),
        ("count", Some(Value::from(0))),
        ("label", Some(Value::from(claim.label.as_str()))),
        ("after", after.map(|after| Value::from(masked_label(&claim.label, after)))),
    ])
}

fn of_group(group: &EffectGroup) -> Vec<Value> {
    let entry = |kind: &str, label: Option<&str>, before: Option<&str>, after: Option<&str>| {
        let example = Some(&group.example).filter(|example| !example.is_empty());
        object([
            ("kind", Some(Value::from(kind))),
            ("count", Some(Value::from(group.count))),
            ("label", label.map(Value::from)),
            ("before", before.map(Value::from)),
            ("after", after.map(Value::from)),
            ("example", example.map(|address| json!({ "__address__": short_name(&masked_value(address)) }))),
        ])
    };
    match &group.happening {
        ChangeKind::JobGained => vec![entry("job_gained", None, None, None)],
        ChangeKind::JobLost => vec![entry("job_lost", None, None, None)],
        ChangeKind::Gained => vec![entry("gained", None, None, None)],
        ChangeKind::Lost { .. } => vec![entry("lost", None, None, None)],
        ChangeKind::Moved { from } => {
            vec![entry("moved", None, Some(from.as_str()), group.jobs.first().map(String::as_str))]
        }
        ChangeKind::Changed { labels, url } => {
            let of_label = |change: &LabelChange| {
                let kind = match (&change.before, &change.after) {
                    (None, _) => "gains",
                    (Some(_), None) => "loses",
                    (Some(_), Some(_)) => "changes",
                };
                let shown = |value: &Option<String>| {
                    value.as_deref().map(|value| group.secrets.label(&change.name, value).into_owned())
                };
                let (before, after) = (shown(&change.before), shown(&change.after));
                entry(kind, Some(&change.name), before.as_deref(), after.as_deref())
            };
            let url = url
                .iter()
                .map(|(before, after)| (group.secrets.text(before), group.secrets.text(after)))
                .map(|(before, after)| entry("url", None, Some(&*before), Some(&*after)));
            labels.iter().map(of_label).chain(url).collect()
        }
    }
}

fn refusal_json(sources: &Sources, refusal: &Diagnostic) -> Value {
    let refusal = &*masked_diagnostic(sources, refusal);
    let help = refusal.help.as_deref().map(Value::from);
    object([
        ("rule", Some(Value::from(refusal.id.as_str()))),
        ("message", Some(Value::from(refusal.message.as_str()))),
        ("notes", Some(&refusal.notes).filter(|notes| !notes.is_empty()).map(|notes| Value::from(notes.clone()))),
        ("help", help),
        ("file", Some(Value::from(sources.name(sources.outermost(refusal.at).file)))),
        ("line", Some(Value::from(sources.position(refusal.at).line))),
        ("job", refusal.job.as_deref().map(Value::from)),
    ])
}
