//! `add-label`: by labels of `static_configs` where that is possible, else by a rule.

use rustc_hash::FxHashMap;

use crate::config::{ScrapeConfig, Sd, TargetGroup};
use crate::diagnostic::{Diagnostic, ids};
use crate::effect::address_of;
use crate::text::{Location, Span};

use super::super::change::ConfigChange;
use super::super::claim::LabelChangeKind;
use super::super::document::Document;
use super::super::driver::{Answer, Attempt, Command, Fate, Intent, JobView, Statement};
use super::super::ops::{
    Condition, ConditionalRule, NewRule, Op, RuleField, RuleList, conditional_rule, escaped, is_constant,
};
use super::super::request::{EditError, LabelStage, Method, Selection, refused};
use super::ineffective::why_ineffective;
use super::names::{check_label, remarks};

/// A label to be added: see [`Document::add_label`](crate::Document::add_label).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddLabel {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The targets that get it.
    pub selection: Selection,
    /// How.
    pub method: Method,
    /// To targets or to samples.
    pub stage: LabelStage,
    /// Whether another value gives way.
    pub overwrite: bool,
}

impl Document<'_> {
    /// Gives targets a label, or their samples. Without a change (see [`ConfigChange::is_empty`]) all have it already.
    ///
    /// # Errors
    /// The request cannot be (an unknown job, a name that labels cannot have), or the change is refused: it
    /// would do more than was asked for, or would change something that other places share.
    pub fn add_label(&mut self, request: &AddLabel) -> Result<ConfigChange, EditError> {
        self.add_labels(std::slice::from_ref(request))
    }

    /// Gives targets several labels in one change: all of them, or none.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// use promcfg::edit::AddLabel;
    /// let label = |name: &str| AddLabel { name: name.into(), value: "x".into(), ..AddLabel::default() };
    /// let text = "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: [h]\n";
    /// let mut document = Document::new("p.yml", text, &Options::default());
    /// let change = document.add_labels(&[label("env"), label("team")])?;
    /// assert_eq!(change.files[0].after(), format!("{text}    labels:\n      env: x\n      team: x\n"));
    /// assert_eq!(change.summary(), "1 target gains env=\"x\", gains team=\"x\"; nothing else changes");
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    ///
    /// # Errors
    /// As [`add_label`](Self::add_label); and a label is given twice.
    pub fn add_labels(&mut self, requests: &[AddLabel]) -> Result<ConfigChange, EditError> {
        let adapted = |request: &AddLabel| Ok(AddLabel { method: self.method(request.method)?, ..request.clone() });
        let requests: Vec<AddLabel> = requests.iter().map(adapted).collect::<Result<_, EditError>>()?;
        self.run_all(&requests.iter().map(|request| request as &dyn Command).collect::<Vec<_>>())
    }
}

impl Command for AddLabel {
    fn check(&self) -> Result<(), EditError> {
        check_label(&self.name, &self.value)?;
        if self.stage == LabelStage::Metric && self.method == Method::Static {
            let message = "`static_configs` sets labels of targets, not of samples";
            return Err(EditError::request(message, "remove --method or --stage metric"));
        }
        Ok(())
    }

    fn selection(&self) -> &Selection {
        &self.selection
    }

    fn stages(&self) -> Vec<LabelStage> {
        vec![self.stage]
    }

    fn names(&self) -> Vec<&str> {
        vec![&self.name]
    }

    fn method(&self) -> Method {
        self.method
    }

    fn notes(&self) -> Vec<String> {
        remarks(&self.name)
    }

    fn propose(&self, view: &JobView<'_>) -> Result<Answer, Diagnostic> {
        let kept = view.kept();
        if kept.is_empty() && !view.is_open() {
            // The label that selects the targets may have got its new value.
            let selects_itself = self.selection.conditions.iter().any(|(name, _)| *name == self.name);
            let is_done = self.overwrite && selects_itself && !view.selected.contains(&true);
            return Ok(if is_done {
                Answer::NothingToDo
            } else {
                Answer::NotSelected(Box::new(view.without_targets()))
            });
        }
        let has_value = |index: &usize| view.value(*index, &self.name) == self.value;
        if kept.iter().all(has_value) && self.is_done(view) {
            return Ok(Answer::NothingToDo);
        }
        let has_other = |index: &usize| !["", &self.value].contains(&view.value(*index, &self.name));
        let others: Vec<usize> = kept.iter().copied().filter(has_other).collect();
        // Where the label only fills what is empty, others keep theirs; but somebody has to gain it.
        let is_refused = !self.overwrite && (!self.fills(view) || others.len() == kept.len());
        if let Some(&index) = others.first().filter(|_| is_refused) {
            return Err(has_other_value(view, self, index));
        }
        let candidates = candidates(view, self);
        if candidates.is_empty() { Err(not_static(view, self)) } else { Ok(Answer::Try(candidates)) }
    }

    fn intent<'i>(&'i self, view: &'i JobView<'_>) -> Intent<'i> {
        let label = || Fate::Labels(vec![(self.name.clone(), Some(self.value.clone()))]);
        let fills = self.fills(view);
        let gains = move |index: usize| view.is_kept(index) && (!fills || view.value(index, &self.name).is_empty());
        Intent::of(move |index| if gains(index) { label() } else { Fate::Same })
    }

    fn statements(&self, view: &JobView<'_>) -> Vec<Statement> {
        let change = LabelChangeKind::Gains { value: self.value.clone(), only_if_absent: self.fills(view) };
        vec![view.statement(&self.name, change, Some(self.rule(view, view.conditions())))]
    }

    fn explain(&self, view: &JobView<'_>, attempt: &Attempt<'_>) -> Diagnostic {
        let message = format!("adding `{}` this way does not have exactly the requested effect", self.name);
        refused(ids::LABEL_NOT_EFFECTIVE, view.at(), message).with_note(why_ineffective(view, &self.name, attempt))
    }
}

impl AddLabel {
    /// Whether the label is set only where it is absent: other targets can have another one from discovery, from a
    /// rule, or from what is scraped.
    fn fills(&self, view: &JobView<'_>) -> bool {
        !self.overwrite && view.is_open() && view.can_have(&self.name)
    }

    /// Whether no target can lack the label with its value, where all that are known have it: a rule sees to it.
    fn is_done(&self, view: &JobView<'_>) -> bool {
        let change = LabelChangeKind::Gains { value: self.value.clone(), only_if_absent: false };
        let always = view.statement(&self.name, change, None);
        !view.is_open() || view.holds(&always) || self.statements(view).iter().any(|statement| view.holds(statement))
    }

    fn rule(&self, view: &JobView<'_>, conditions: Vec<Condition>) -> ConditionalRule {
        conditional_rule(&self.name, &escaped(&self.value), conditions, self.fills(view))
    }
}

fn not_static(view: &JobView<'_>, request: &AddLabel) -> Diagnostic {
    let refusal = if view.job.static_configs.is_empty() {
        refused(ids::LABEL_NOT_STATIC, view.at(), "the job has no targets in `static_configs`")
    } else {
        refused(
            ids::LABEL_NOT_STATIC,
            view.at(),
            "the selected targets are not exactly the targets of some `static_configs` groups",
        )
    };
    match request.selection.targets.as_slice() {
        [_, ..] => refusal.with_help("use --method relabel"),
        [] => refusal.with_help("use --method relabel, or name one target of `static_configs` with --target"),
    }
}

/// The changes to be tried, the best first.
fn candidates(view: &JobView<'_>, request: &AddLabel) -> Vec<Vec<Op>> {
    let (job, list) = (view.job, view.list());
    let add = |first: bool, conditions: Vec<Condition>| {
        vec![Op::AddRule { list, first, rule: NewRule { spec: request.rule(view, conditions).spec } }]
    };
    let before = view.conditions_before().map(|conditions| add(true, conditions));
    let new_rule = std::iter::once(add(false, view.conditions())).chain(before);
    let new_value = new_value(job, request, list).map(|op| vec![op]).into_iter();
    let statics = || if list == RuleList::Target { static_ops(job, request, view.selected) } else { None };
    let split = || split_ops(job, request);
    match request.method {
        Method::Relabel => new_value.chain(new_rule).collect(),
        Method::Static => statics().or_else(split).into_iter().collect(),
        Method::Auto => new_value.chain(statics()).chain(new_rule).collect(),
    }
}

/// Another value for the last rule that gives the label one, if all targets are selected.
fn new_value(job: &ScrapeConfig, request: &AddLabel, list: RuleList) -> Option<Op> {
    let is_all = request.selection.targets.is_empty() && request.selection.conditions.is_empty();
    let rule = list.of(job).iter().rfind(|rule| rule.spec.target_label == request.name);
    let rule = rule.filter(|rule| request.overwrite && is_all && is_constant(&rule.spec, &request.name))?;
    let (field, text) = (RuleField::Replacement, escaped(&request.value));
    Some(Op::SetRuleField { list, rule: rule.span, field, text })
}

/// A label for each group, if all selected targets are in groups of their own.
fn static_ops(job: &ScrapeConfig, request: &AddLabel, selected: &[bool]) -> Option<Vec<Op>> {
    let is_all = request.selection.targets.is_empty() && request.selection.conditions.is_empty();
    let count: usize = job.static_configs.iter().map(|group| group.targets.len()).sum();
    let only_static = job.discovery.iter().all(Sd::is_static);
    if count == 0 || (is_all && !only_static) || selected.iter().skip(count).any(|&selected| selected) {
        return None;
    }
    let (mut ops, mut at) = (Vec::new(), 0);
    for group in job.static_configs.iter().filter(|group| !group.targets.is_empty()) {
        let flags = &selected[at..at + group.targets.len()];
        at += group.targets.len();
        if flags.iter().all(|&selected| !selected) {
            continue;
        }
        if flags.iter().any(|&selected| !selected) {
            return None;
        }
        if !has_label(group, &request.name, &request.value) {
            ops.push(Op::SetGroupLabel { group: group.at(), name: request.name.clone(), value: request.value.clone() });
        }
    }
    (!ops.is_empty()).then_some(ops)
}

fn has_label(group: &TargetGroup, name: &str, value: &str) -> bool {
    group.labels.iter().any(|(own, of_own)| own.value == name && of_own.value == value)
}

/// A group of its own for each selected target.
fn split_ops(job: &ScrapeConfig, request: &AddLabel) -> Option<Vec<Op>> {
    let is_by_name = !request.selection.targets.is_empty() && request.selection.conditions.is_empty();
    let wanted = request.selection.targets.iter().filter(|_| is_by_name);
    let mut places: FxHashMap<&str, Vec<(Location, Span)>> =
        wanted.clone().map(|address| (address.as_str(), Vec::new())).collect();
    for group in &job.static_configs {
        for target in &group.targets {
            if let Some(places) = places.get_mut(target.value.as_str()) {
                places.push((group.at(), target.span));
            }
        }
    }
    let split = |address: &String| {
        let [(group, target)] = *places.get(address.as_str())?.as_slice() else { return None };
        let (name, value) = (request.name.clone(), Some(request.value.clone()));
        Some(Op::SplitGroup { group, target, name, value })
    };
    let ops: Option<Vec<Op>> = wanted.map(split).collect();
    ops.filter(|ops| !ops.is_empty())
}

fn has_other_value(view: &JobView<'_>, request: &AddLabel, index: usize) -> Diagnostic {
    let (target, name) = (&view.before.targets[index], &request.name);
    let message = format!("the target {} already has {name}={:?}", address_of(target), view.value(index, name));
    let (at, origin) = view.origin(view.job, &view.traced(index), name);
    refused(ids::LABEL_HAS_OTHER_VALUE, at, message).with_note(origin).with_help("use --overwrite to replace the value")
}
