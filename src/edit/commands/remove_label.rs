//! `remove-label`: takes out what sets the label, or drops it after all rules.

use crate::config::TargetGroup;
use crate::diagnostic::{Diagnostic, ids};
use crate::effect::address_of;
use crate::relabel::{Action, RuleSpec};
use crate::text::{Span, Spanned};

use super::super::change::ConfigChange;
use super::super::claim::{Claim, LabelChangeKind};
use super::super::document::Document;
use super::super::driver::{
    ADDRESS, Answer, Attempt, Command, Difference, Fate, Intent, JobView, Statement, groups_of_selected,
    rules_of_selected,
};
use super::super::ops::{
    ConditionalRule, NewRule, ONLY_EMPTY, Op, RuleList, conditional_rule, is_constant, quote_pattern, sets,
};
use super::super::request::{EditError, LabelStage, Method, Selection, refused};
use super::names::{check_name, literal_remark, remarks, taken_literally};

/// A label to be removed: see [`Document::remove_label`](crate::Document::remove_label).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemoveLabel {
    /// Its name.
    pub name: String,
    /// The jobs whose targets lose it; `target` and `conditions` choose among what sets it.
    pub selection: Selection,
    /// Whether what sets it is taken out ([`Method::Auto`], [`Method::Static`]) or a `labeldrop` is added.
    pub method: Method,
    /// From targets or from samples.
    pub stage: LabelStage,
}

impl Document<'_> {
    /// Takes a label from targets, or from their samples: by taking out what sets it, or by a rule.
    ///
    /// # Errors
    /// As [`add_label`](Self::add_label); and something other than a constant sets the label.
    pub fn remove_label(&mut self, request: &RemoveLabel) -> Result<ConfigChange, EditError> {
        self.remove_labels(std::slice::from_ref(request))
    }

    /// Takes several labels from targets in one change: all of them, or none.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// use promcfg::edit::RemoveLabel;
    /// let label = |name: &str| RemoveLabel { name: name.into(), ..RemoveLabel::default() };
    /// let text = "scrape_configs: [{job_name: web, static_configs: [{targets: [h], labels: {a: x, b: y, c: z}}]}]";
    /// let mut document = Document::new("p.yml", text, &Options::default());
    /// let change = document.remove_labels(&[label("a"), label("c")])?;
    /// assert_eq!(change.files[0].after(), text.replace("a: x, b: y, c: z", "b: y"));
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    ///
    /// # Errors
    /// As [`remove_label`](Self::remove_label); and a label is given twice.
    pub fn remove_labels(&mut self, requests: &[RemoveLabel]) -> Result<ConfigChange, EditError> {
        let adapted =
            |request: &RemoveLabel| Ok(RemoveLabel { method: self.method(request.method)?, ..request.clone() });
        let requests: Vec<RemoveLabel> = requests.iter().map(adapted).collect::<Result<_, EditError>>()?;
        self.run_all(&requests.iter().map(|request| request as &dyn Command).collect::<Vec<_>>())
    }
}

impl Command for RemoveLabel {
    fn check(&self) -> Result<(), EditError> {
        check_name(&self.name)
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
        let again = is_given_again(self).then(|| GIVEN_AGAIN.to_string());
        let literal = literal_remark(std::slice::from_ref(&self.name));
        remarks(&self.name).into_iter().chain(again).chain(literal).collect()
    }

    fn propose(&self, view: &JobView<'_>) -> Result<Answer, Diagnostic> {
        if !self.can_be_there(view) {
            return Ok(Answer::NothingToDo);
        }
        if let Some(refusal) = taken_literally(view, std::slice::from_ref(&self.name)) {
            return Err(refusal);
        }
        let drop =
            || vec![Op::AddRule { list: view.list(), first: false, rule: NewRule { spec: self.dropping(view).spec } }];
        let (removed, not_removed) = (setters(view, self), self.method == Method::Relabel);
        let can_drop = self.method != Method::Static;
        let removed = [removed, splits(view, self)].concat();
        let mut proposals = Vec::new();
        if !removed.is_empty() && !not_removed {
            proposals.push(removed);
        }
        if can_drop || not_removed {
            proposals.push(drop());
        }
        match proposals.is_empty() {
            true if is_in_group(view, self) => Err(also_of_others(view, self)),
            true => Err(set_otherwise(view, self)),
            false => Ok(Answer::Try(proposals)),
        }
    }

    fn intent<'i>(&'i self, view: &'i JobView<'_>) -> Intent<'i> {
        let rest = |index: usize| is_given_again(self).then(|| view.value(index, ADDRESS).to_string());
        let without = move |index: usize| Fate::Labels(vec![(self.name.clone(), rest(index))]);
        Intent::of(move |index| if view.is_kept(index) { without(index) } else { Fate::Same })
    }

    fn statements(&self, view: &JobView<'_>) -> Vec<Statement> {
        let loses = view.statement(&self.name, LabelChangeKind::Loses, Some(self.dropping(view)));
        let filled = self.filled_value(view).map(|value| LabelChangeKind::Unfilled { value });
        let unfilled =
            filled.or_else(|| self.is_only_filled(view).then_some(LabelChangeKind::Uncopied)).map(|change| {
                let claim = Claim { label: self.name.clone(), change, conditions: Vec::new(), separator: None };
                Statement { claim, rule: None, obstacle: None }
            });
        std::iter::once(loses).chain(unfilled).collect()
    }

    fn explain(&self, view: &JobView<'_>, attempt: &Attempt<'_>) -> Diagnostic {
        if self.method == Method::Relabel {
            let message = format!("a rule that drops `{}` does not have exactly the requested effect", self.name);
            let refusal = refused(ids::LABEL_NOT_REMOVABLE, view.at(), message);
            return if is_given_again(self) { refusal.with_note(GIVEN_AGAIN) } else { refusal };
        }
        not_only(view, self, attempt)
    }
}

impl RemoveLabel {
    /// Whether a selected target has the label, or one that nobody knows can have it.
    fn can_be_there(&self, view: &JobView<'_>) -> bool {
        let rest = |index: usize| if is_given_again(self) { view.value(index, ADDRESS) } else { "" };
        let is_seen = view.kept().into_iter().any(|index| view.value(index, &self.name) != rest(index));
        is_seen || (view.is_open() && view.can_have(&self.name))
    }

    /// The value of the rules that set the label where it is absent, if all that set it do so.
    fn filled_value(&self, view: &JobView<'_>) -> Option<String> {
        let rules = view.list().of(view.job).iter().map(|rule| &rule.spec).filter(|rule| sets(rule, &self.name));
        let mut values = rules.map(|rule| fills(rule, &self.name));
        let first = values.next()??;
        values.all(|value| value.as_ref() == Some(&first)).then_some(first)
    }

    /// Whether rules set the label, and only where it is absent.
    fn is_only_filled(&self, view: &JobView<'_>) -> bool {
        let rules = view.list().of(view.job).iter().map(|rule| &rule.spec).filter(|rule| sets(rule, &self.name));
        let mut rules = rules.peekable();
        rules.peek().is_some() && rules.all(|rule| needs_absence(rule, &self.name))
    }

    /// A rule that drops the label: a `labeldrop`, or for some targets an empty replacement.
    fn dropping(&self, view: &JobView<'_>) -> ConditionalRule {
        let conditions = view.conditions();
        if !conditions.is_empty() {
            return conditional_rule(&self.name, "", conditions, false);
        }
        let (action, regex) = (Some(Action::LabelDrop), Some(quote_pattern(&self.name)));
        ConditionalRule { spec: RuleSpec { action, regex, ..RuleSpec::default() }, ambiguous: None }
    }
}

/// The value of a rule that sets the label where it is absent, as `add-label` writes it.
fn fills(rule: &RuleSpec, name: &str) -> Option<String> {
    (needs_absence(rule, name) && is_constant(rule, name)).then(|| rule.replacement.replace("$$", "$"))
}

/// Whether the rule acts only where the label is absent, as far as its pattern is one that edits write.
fn needs_absence(rule: &RuleSpec, name: &str) -> bool {
    let sources = rule.source_labels.as_deref().unwrap_or(&[]);
    let Some(regex) = rule.regex.as_deref().filter(|_| sources.first().is_some_and(|first| first == name)) else {
        return false;
    };
    if sources.len() > 1 {
        regex.starts_with(&quote_pattern(&rule.separator))
    } else {
        regex.is_empty() || regex == ONLY_EMPTY
    }
}

/// The number of rules that are removed one by one to see which targets each reaches, where another rule reads the label:
/// all rules run each time. Where more set the label, a rule that drops it is added instead, which is proved like any
/// other change.
const MOST_TRIED: usize = 100;

/// What sets the label for selected targets, and for them only.
fn setters(view: &JobView<'_>, request: &RemoveLabel) -> Vec<Op> {
    let (list, name) = (view.list(), &request.name);
    let is_partial = !request.selection.targets.is_empty() || !request.selection.conditions.is_empty();
    let has_label = |group: &&TargetGroup| group.labels.iter().any(|(own, _)| own.value == *name);
    let groups: Vec<&TargetGroup> = match (request.stage, is_partial) {
        (LabelStage::Metric, _) => Vec::new(),
        (LabelStage::Target, true) => groups_of_selected(view, name),
        (LabelStage::Target, false) => view.job.static_configs.iter().filter(has_label).collect(),
    };
    let mut ops: Vec<Op> =
        groups.into_iter().map(|group| Op::RemoveGroupLabel { group: group.at(), name: name.clone() }).collect();
    if request.method != Method::Static {
        let rules = list.of(view.job);
        let all = || (0..rules.len()).filter(|rule| sets(&rules[*rule].spec, name));
        let reaching = if is_partial { rules_of_selected(view, list, name) } else { Some(all().collect()) };
        let reaching = reaching.unwrap_or_else(|| match all().nth(MOST_TRIED) {
            Some(_) => Vec::new(),
            None => all().filter(|rule| reaches_only(view, name, list, rules[*rule].span)).collect(),
        });
        let spans: Vec<Span> = reaching.into_iter().map(|rule| rules[rule].span).collect();
        if !spans.is_empty() {
            ops.push(Op::RemoveRules { list, spans });
        }
    }
    ops
}

/// A group of its own, without the label, for each selected target that shares its group with others; only where
/// the method is to edit groups.
fn splits(view: &JobView<'_>, request: &RemoveLabel) -> Vec<Op> {
    let mut ops = Vec::new();
    if request.method != Method::Static || request.stage != LabelStage::Target {
        return ops;
    }
    let mut selected = view.selected.iter();
    for group in &view.job.static_configs {
        let flags: Vec<bool> = selected.by_ref().take(group.targets.len()).copied().collect();
        let has_label = group.labels.iter().any(|(own, _)| own.value == request.name);
        if !has_label || flags.iter().all(|selected| *selected) {
            continue;
        }
        let targets = group.targets.iter().zip(flags).filter(|(_, selected)| *selected);
        ops.extend(targets.map(|(target, _)| Op::SplitGroup {
            group: group.at(),
            target: target.span,
            name: request.name.clone(),
            value: None,
        }));
    }
    ops
}

/// Whether the removal of a rule alone changes the label of selected targets only.
fn reaches_only(view: &JobView<'_>, name: &str, list: RuleList, rule: Span) -> bool {
    let changed = view.with(&[Op::RemoveRules { list, spans: vec![rule] }]);
    let (mut has_change, mut results) = (false, view.before.targets.iter().zip(view.selected));
    let is_done = view.trial.each_result(&changed, &mut |new| {
        let Some((old, selected)) = results.next() else { return false };
        let is_changed = old.labels.get(name) != new.labels.get(name);
        has_change |= is_changed;
        !is_changed || *selected
    });
    is_done && has_change
}

/// Whether Prometheus itself sets the label where no rule does.
fn is_given_again(request: &RemoveLabel) -> bool {
    request.name == "instance" && request.stage == LabelStage::Target
}

const GIVEN_AGAIN: &str = "Prometheus sets `instance` to the address of a target that has no `instance`";

fn set_otherwise(view: &JobView<'_>, request: &RemoveLabel) -> Diagnostic {
    let name = &request.name;
    let having = view.kept().into_iter().find(|&index| !view.value(index, name).is_empty());
    let (at, origin) = match having {
        Some(index) => view.origin(view.job, &view.traced(index), name),
        None => (view.at(), "discovery or a rule can set it".to_string()),
    };
    let message = format!("neither `static_configs` nor a rule for just this label sets `{name}`");
    let refusal = refused(ids::LABEL_SET_OTHERWISE, at, message).with_note(origin);
    refusal.with_help(drop_it(view, name))
}

/// Whether a group sets the label, for whichever targets.
fn is_in_group(view: &JobView<'_>, request: &RemoveLabel) -> bool {
    let has_label = |(own, _): &(Spanned<String>, Spanned<String>)| own.value == request.name;
    view.job.static_configs.iter().any(|group| group.labels.iter().any(has_label))
}

/// The refusal of a removal from groups that other targets are in as well.
fn also_of_others(view: &JobView<'_>, request: &RemoveLabel) -> Diagnostic {
    let name = &request.name;
    refused(
        ids::LABEL_NOT_REMOVABLE,
        view.at(),
        format!("targets that are not selected also get `{name}` from their group"),
    )
    .with_note("--method static removes labels of whole groups")
    .with_help("use --method relabel, or select all targets of the group")
}

/// The command that drops the label after all rules.
fn drop_it(view: &JobView<'_>, name: &str) -> String {
    format!("drop the label after all rules: {} --method relabel", view.command("remove-label", name))
}

/// Why taking out the setters is not just what is asked for.
fn not_only(view: &JobView<'_>, request: &RemoveLabel, attempt: &Attempt<'_>) -> Diagnostic {
    let (name, mismatch) = (&request.name, &attempt.mismatch);
    let address = address_of(mismatch.old);
    let drop_it = drop_it(view, name);
    let part = match &mismatch.difference {
        Difference::Unmet(_) => {
            let (at, origin) = view.origin(attempt.changed, mismatch.new, name);
            let value = mismatch.new.labels.get(name);
            let message = format!("the target {address} would still have {name}={value:?}");
            let refusal = refused(ids::LABEL_SET_OTHERWISE, at, message).with_note(origin);
            return if is_given_again(request) { refusal } else { refusal.with_help(drop_it) };
        }
        Difference::Labels(labels) if labels.contains(name) => {
            let message = format!("the target {address}, which is not selected, would also lose `{name}`");
            return refused(ids::LABEL_NOT_REMOVABLE, view.at(), message)
                .with_help("write the label in a group of each job, or edit it by hand");
        }
        Difference::Status => "the status".to_string(),
        Difference::Labels(labels) => format!("the label `{}`", labels.first().map_or("", String::as_str)),
        Difference::Url => "the URL".to_string(),
    };
    let message = format!("a rule reads `{name}`, so that {part} of the target {address} would also change");
    refused(ids::LABEL_IN_USE, view.at(), message).with_help(drop_it)
}
