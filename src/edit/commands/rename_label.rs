//! `rename-label`: another name for a label of `static_configs`, and in the rules that set or read it.

use crate::diagnostic::{Diagnostic, ids};
use crate::effect::address_of;
use crate::relabel::RuleSpec;
use crate::text::{Location, Span};

use super::super::change::ConfigChange;
use super::super::claim::LabelChangeKind;
use super::super::document::Document;
use super::super::driver::{Answer, Attempt, Command, Difference, Fate, INSTANCE, Intent, JobView, Statement};
use super::super::ops::{Op, RuleField, RuleList, renamed};
use super::super::request::{EditError, LabelStage, Selection, refused};
use super::names::{check_name, remarks};

/// A label to be renamed: see [`Document::rename_label`](crate::Document::rename_label).
///
/// ```
/// use promcfg::{Document, Options};
/// use promcfg::edit::RenameLabel;
/// let text = "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: [h]\n    labels: {env: prod}\n";
/// let request = RenameLabel { old: "env".into(), new: "stage".into(), ..RenameLabel::default() };
/// let change = Document::new("p.yml", text, &Options::default()).rename_label(&request)?;
/// assert_eq!(change.files[0].after(), text.replace("env", "stage"));
/// # Ok::<(), promcfg::edit::EditError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RenameLabel {
    /// Its name.
    pub old: String,
    /// Its new name.
    pub new: String,
    /// The jobs; all their targets with the label.
    pub selection: Selection,
    /// The label of targets (which their samples get as well), or of samples only.
    pub stage: LabelStage,
}

impl Document<'_> {
    /// Renames a label of targets, or of samples: in the groups, and in the rules that set or read it.
    ///
    /// # Errors
    /// As [`add_label`](Self::add_label); and a target has both labels, or something that has no fixed name
    /// sets the label, such as discovery or a `labelmap`.
    pub fn rename_label(&mut self, request: &RenameLabel) -> Result<ConfigChange, EditError> {
        self.run(request)
    }
}

impl Command for RenameLabel {
    fn check(&self) -> Result<(), EditError> {
        check_name(&self.old)?;
        check_name(&self.new)?;
        if self.old == self.new {
            return Err(EditError::request(format!("both names are {:?}", self.old), "give another name as NEW"));
        }
        Ok(())
    }

    fn selection(&self) -> &Selection {
        &self.selection
    }

    fn stages(&self) -> Vec<LabelStage> {
        match self.stage {
            LabelStage::Target => vec![LabelStage::Target, LabelStage::Metric],
            LabelStage::Metric => vec![LabelStage::Metric],
        }
    }

    fn names(&self) -> Vec<&str> {
        vec![&self.new]
    }

    fn notes(&self) -> Vec<String> {
        [remarks(&self.old), remarks(&self.new)].concat()
    }

    fn propose(&self, view: &JobView<'_>) -> Result<Answer, Diagnostic> {
        let mut having = view.kept().into_iter().filter(|&index| !view.value(index, &self.old).is_empty()).peekable();
        let ops: Vec<Op> = [in_groups(view, self), in_rules(view, self)].concat();
        if having.peek().is_none() && !ops.iter().any(|op| sets_label(op, view.stage)) {
            return self.unknown(view).map_or(Ok(Answer::NothingToDo), Err);
        }
        match having.find(|&index| !view.value(index, &self.new).is_empty()) {
            Some(index) => Err(has_both(view, self, index)),
            None => Ok(Answer::Try(vec![ops])),
        }
    }

    fn intent<'i>(&'i self, view: &'i JobView<'_>) -> Intent<'i> {
        let renamed =
            |value: &str| Fate::Labels(vec![(self.old.clone(), None), (self.new.clone(), Some(value.to_string()))]);
        Intent::of(move |index| match (view.value(index, &self.old), view.value(index, &self.new)) {
            ("", _) => Fate::Same,
            (value, "") if view.is_kept(index) => renamed(value),
            (_, _) => Fate::Same,
        })
    }

    fn statements(&self, view: &JobView<'_>) -> Vec<Statement> {
        vec![view.statement(&self.old, LabelChangeKind::Renamed { to: self.new.clone() }, None)]
    }

    fn explain(&self, view: &JobView<'_>, attempt: &Attempt<'_>) -> Diagnostic {
        let (old, mismatch) = (&self.old, &attempt.mismatch);
        let address = address_of(mismatch.old);
        let whose = match view.stage {
            LabelStage::Target => format!("the target {address}"),
            LabelStage::Metric => format!("the samples of the target {address}"),
        };
        let (at, part) = match &mismatch.difference {
            Difference::Unmet(name) if name == old => return still_has(view, self, attempt, &whose),
            Difference::Unmet(name) => {
                let (at, _) = view.origin(attempt.changed, mismatch.new, name);
                (at, format!("would not have `{name}`"))
            }
            Difference::Status => (view.at(), "would be kept or dropped differently".to_string()),
            Difference::Labels(labels) => {
                let label = labels.first().map_or("", String::as_str);
                (view.origin(attempt.changed, mismatch.new, label).0, format!("would have another `{label}`"))
            }
            Difference::Url => (view.at(), "would have another URL".to_string()),
        };
        let message = format!("the rules treat `{old}` and `{}` differently: {whose} {part}", self.new);
        refused(ids::LABEL_IN_USE, at, message)
            .with_help("change the rule so that it treats both names alike, then rename the label")
    }
}

impl RenameLabel {
    /// The refusal where targets or samples that nobody has named can have the label, and nothing in the config sets it.
    fn unknown(&self, view: &JobView<'_>) -> Option<Diagnostic> {
        let is_unknown = !view.has_given_samples() && view.is_open() && view.can_have(&self.old);
        is_unknown.then(|| {
            let (old, things) = (&self.old, view.things());
            let message = format!("no rule sets `{old}`, and it is not known whether a {things} has it");
            let note = match view.stage {
                LabelStage::Metric => "--series FILE names a saved page, whose samples are known",
                LabelStage::Target => "--targets FILE names saved targets, whose labels are known",
            };
            refused(ids::EDIT_UNPROVED, view.at(), message).with_note(note).with_help(self.in_two_steps(view))
        })
    }

    /// The two commands that do the same by rules.
    fn in_two_steps(&self, view: &JobView<'_>) -> String {
        let (old, new) = (&self.old, &self.new);
        let stage = if view.stage == LabelStage::Metric { " --stage metric" } else { "" };
        let drop = match self.old.as_str() {
            "job" | INSTANCE if view.stage == LabelStage::Target => {
                format!("Prometheus gives each target a label `{old}`, which stays")
            }
            _ => format!("then drop it: {}{stage}", view.command("drop-label", old)),
        };
        format!("copy it: {} --from {old}{stage}; {drop}", view.command("add-label", new))
    }
}

/// Whether an operation is about something that gives targets, or samples, the label.
fn sets_label(op: &Op, stage: LabelStage) -> bool {
    match op {
        Op::RenameGroupLabel { .. } => true,
        Op::SetRuleField { list, field, .. } => *list == RuleList::of_stage(stage) && *field != RuleField::Regex,
        Op::AddRule { .. }
        | Op::AddRules { .. }
        | Op::RenameSource { .. }
        | Op::RemoveRules { .. }
        | Op::SetGroupLabel { .. }
        | Op::RemoveGroupLabel { .. }
        | Op::SplitGroup { .. } => false,
    }
}

fn in_groups(view: &JobView<'_>, request: &RenameLabel) -> Vec<Op> {
    if view.stage == LabelStage::Metric {
        return Vec::new();
    }
    let groups = view.job.static_configs.iter();
    let groups = groups.filter(|group| group.labels.iter().any(|(name, _)| name.value == request.old));
    let rename = |group: Location| Op::RenameGroupLabel { group, name: request.old.clone(), to: request.new.clone() };
    groups.map(|group| rename(group.at())).collect()
}

/// The labels of targets are read by both lists, those of samples by one.
fn in_rules(view: &JobView<'_>, request: &RenameLabel) -> Vec<Op> {
    let lists: &[RuleList] = match view.stage {
        LabelStage::Target => &[RuleList::Target, RuleList::Metric],
        LabelStage::Metric => &[RuleList::Metric],
    };
    let rules = lists.iter().flat_map(|list| list.of(view.job).iter().map(|rule| (*list, rule)));
    rules.flat_map(|(list, rule)| in_rule(list, rule.span, &rule.spec, request)).collect()
}

fn in_rule(list: RuleList, rule: Span, spec: &RuleSpec, request: &RenameLabel) -> Vec<Op> {
    let to = renamed(spec, &request.old, &request.new);
    let mut ops = Vec::new();
    if to.source_labels != spec.source_labels {
        ops.push(Op::RenameSource { list, rule, from: request.old.clone(), to: request.new.clone() });
    }
    let mut set = |field, text: String| ops.push(Op::SetRuleField { list, rule, field, text });
    if to.target_label != spec.target_label {
        set(RuleField::TargetLabel, to.target_label);
    }
    if let Some(regex) = to.regex.filter(|regex| spec.regex.as_ref() != Some(regex)) {
        set(RuleField::Regex, regex);
    }
    if to.replacement != spec.replacement {
        set(RuleField::Replacement, to.replacement);
    }
    ops
}

fn has_both(view: &JobView<'_>, request: &RenameLabel, index: usize) -> Diagnostic {
    let (target, new) = (&view.before.targets[index], &request.new);
    let (at, origin) = view.origin(view.job, &view.traced(index), new);
    let message = format!("the target {} already has {new}={:?}", address_of(target), view.value(index, new));
    // Prometheus itself sets these.
    let is_needed = view.stage == LabelStage::Target && matches!(new.as_str(), "job" | INSTANCE);
    let help = match is_needed {
        true => format!(
            "choose another name; `promcfg add-label {new} --from {} --overwrite` replaces its value",
            request.old
        ),
        false => format!("choose another name, or remove it first: {}", view.command("remove-label", new)),
    };
    refused(ids::LABEL_HAS_OTHER_VALUE, at, message).with_note(origin).with_help(help)
}

fn still_has(view: &JobView<'_>, request: &RenameLabel, attempt: &Attempt<'_>, whose: &str) -> Diagnostic {
    let (old, result) = (&request.old, attempt.mismatch.new);
    let (at, origin) = view.origin(attempt.changed, result, old);
    let message = format!("{whose} would still have {old}={:?}", result.labels.get(old));
    refused(ids::LABEL_SET_OTHERWISE, at, message).with_note(origin).with_help(request.in_two_steps(view))
}
