//! `add-label --from`: a label with the value of other labels, or a part of it.

use crate::analysis::{Stage, is_internal};
use crate::diagnostic::{Diagnostic, ids};
use crate::effect::address_of;
use crate::re2::Regex;
use crate::relabel::Labels;

use super::super::change::ConfigChange;
use super::super::claim::LabelChangeKind;
use super::super::copied::{CopiedValue, WHOLE};
use super::super::document::Document;
use super::super::driver::{
    ADDRESS, Answer, Attempt, Command, Fate, INSTANCE, InstanceSource, Intent, JobView, Statement, without_label,
};
use super::super::ops::{ConditionalRule, CopyForm, NewRule, Op, copying_rule, rule_copying_instance};
use super::super::request::{EditError, LabelStage, Method, Selection, refused};
use super::ineffective::why_ineffective;
use super::names::{check_name, remarks};

/// A label to be copied from others: see [`Document::copy_label`](crate::Document::copy_label).
///
/// ```
/// use promcfg::{Document, Options};
/// use promcfg::edit::{CopiedValue, CopyLabel};
/// let text = "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: ['h:80']\n";
/// let value = CopiedValue { regex: Some("(.+):.+".into()), ..CopiedValue::of(["__address__"]) };
/// let request = CopyLabel { name: "instance".into(), value, ..CopyLabel::default() };
/// let change = Document::new("p.yml", text, &Options::default()).copy_label(&request)?;
/// assert_eq!(change.summary(), "1 target changes instance from \"h:80\" to \"h\" by relabel_configs[0]; nothing else changes");
/// # Ok::<(), promcfg::edit::EditError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CopyLabel {
    /// Its name. A label such as `__metrics_path__` decides what Prometheus requests.
    pub name: String,
    /// Its value. An `instance` that nothing has set is the address of the target.
    pub value: CopiedValue,
    /// The targets that get it.
    pub selection: Selection,
    /// How: by a rule.
    pub method: Method,
    /// To targets or to samples.
    pub stage: LabelStage,
    /// Whether another value gives way.
    pub overwrite: bool,
}

impl Document<'_> {
    /// Gives targets a label with the value of other labels, or a part of it. A target without those labels stays as
    /// it is.
    ///
    /// # Errors
    /// As [`add_label`](Self::add_label); and the pattern or the replacement is invalid, or no target has the labels.
    pub fn copy_label(&mut self, request: &CopyLabel) -> Result<ConfigChange, EditError> {
        let request = CopyLabel { method: self.method(request.method)?, ..request.clone() };
        self.run(&request)
    }
}

impl Command for CopyLabel {
    fn check(&self) -> Result<(), EditError> {
        if !self.is_request() && !self.is_metric_name() {
            check_name(&self.name)?;
        }
        if self.value.from.is_empty() || self.value.from.iter().any(String::is_empty) {
            return Err(EditError::request("the label to copy has no name", "name it with --from LABEL"));
        }
        if self.method == Method::Static {
            let message = "a value is copied by a relabel rule, and neither static_configs nor target files have rules";
            return Err(EditError::request(message, "use --method relabel on the config that has the job"));
        }
        if self.value.separator.chars().count() != 1 {
            let message = format!("the separator {:?} is not one character", self.value.separator);
            return Err(EditError::request(message, "join the labels with --regex '(.*);(.*)' --replacement '$1$2'"));
        }
        if self.value.case.is_some() && (self.value.regex.is_some() || self.value.replacement != WHOLE) {
            let message = "a rule that changes the case of letters has no pattern and no replacement";
            return Err(EditError::request(message, "copy the part first, and change its case by a second command"));
        }
        if let Some((message, help)) = self.value.fault() {
            return Err(EditError::request(message, help));
        }
        if self.value == CopiedValue::of([&self.name]) {
            let message = format!("`{}` is copied to itself", self.name);
            return Err(EditError::request(message, "name another label with --from, or give a part with --regex"));
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

    fn notes(&self) -> Vec<String> {
        if self.is_request() {
            let name = &self.name;
            return vec![format!("Prometheus refuses a target whose `{name}` becomes invalid by what is copied")];
        }
        remarks(&self.name)
    }

    fn propose(&self, view: &JobView<'_>) -> Result<Answer, Diagnostic> {
        let kept = view.kept();
        if kept.is_empty() && !view.is_open() {
            return Ok(Answer::NotSelected(Box::new(view.without_targets())));
        }
        if let Some(refusal) = self.value.from.iter().find_map(|name| without_label(view, name)) {
            return Ok(Answer::NotSelected(Box::new(refusal)));
        }
        let is_either = self.reads_instance(view) == Some(InstanceSource::Either);
        if is_either && (self.value != CopiedValue::of([INSTANCE]) || !view.conditions().is_empty()) {
            return Err(depends_on_target(view));
        }
        if self.has_rule(view) {
            return Ok(Answer::NothingToDo);
        }
        self.check_case(view)?;
        self.check_borders(view)?;
        let expected = self.expected(view);
        let is_as_copied =
            |index: usize| expected[index].as_ref().is_none_or(|value| view.value(index, &self.name) == value);
        if !view.is_open() && kept.iter().all(|&index| is_as_copied(index)) {
            return match kept.iter().any(|&index| expected[index].is_some()) {
                true => Ok(Answer::NothingToDo),
                false => Ok(Answer::NotSelected(Box::new(not_matched(view, self)))),
            };
        }
        let others: Vec<usize> =
            kept.iter().copied().filter(|&index| self.has_own(view, index) && !is_as_copied(index)).collect();
        let is_refused = !self.replaces() && (!self.fills(view) || others.len() == kept.len());
        if let Some(&index) = others.first().filter(|_| is_refused) {
            return Err(has_other_value(view, self, index));
        }
        let rule = NewRule { spec: self.rule(view, self.form(view)).spec };
        Ok(Answer::Try(vec![vec![Op::AddRule { list: view.list(), first: false, rule }]]))
    }

    fn intent<'i>(&'i self, view: &'i JobView<'_>) -> Intent<'i> {
        let (expected, fills) = (self.expected(view), self.fills(view));
        Intent::of(move |index| {
            let stays = fills && self.has_own(view, index);
            match expected.get(index).and_then(Option::as_ref).filter(|_| !stays) {
                Some(value) => self.fate(view, index, value),
                None => Fate::Same,
            }
        })
    }

    fn statements(&self, view: &JobView<'_>) -> Vec<Statement> {
        vec![self.statement(view, self.form(view))]
    }

    fn explain(&self, view: &JobView<'_>, attempt: &Attempt<'_>) -> Diagnostic {
        let names = self.value.names();
        let message = format!("copying `{names}` to `{}` does not have exactly the requested effect", self.name);
        refused(ids::LABEL_NOT_EFFECTIVE, view.at(), message).with_note(why_ineffective(view, &self.name, attempt))
    }
}

impl CopyLabel {
    /// Whether the label is one of those that Prometheus makes the request of.
    fn is_request(&self) -> bool {
        self.stage == LabelStage::Target && is_internal(Stage::Target, &self.name)
    }

    fn is_metric_name(&self) -> bool {
        self.stage == LabelStage::Metric && self.name == "__name__"
    }

    /// Whether the label is made of its own value.
    fn is_own(&self) -> bool {
        self.value.from.contains(&self.name)
    }

    /// Whether another value gives way: every target has a path, and a name is made of itself.
    fn replaces(&self) -> bool {
        self.overwrite || self.is_own() || self.is_request()
    }

    /// Whether the label is set only where it is absent.
    fn fills(&self, view: &JobView<'_>) -> bool {
        !self.replaces() && view.is_open() && view.can_have(&self.name)
    }

    /// Whether a result has the label already, from something else than its address.
    fn has_own(&self, view: &JobView<'_>, index: usize) -> bool {
        let is_given = self.name == INSTANCE && view.is_address_instance(index);
        !is_given && !view.value(index, &self.name).is_empty()
    }

    /// Where a rule reads the `instance` that is copied, if one is.
    fn reads_instance(&self, view: &JobView<'_>) -> Option<InstanceSource> {
        self.value.from.iter().any(|name| name == INSTANCE).then(|| view.instance_source())
    }

    /// The form of the rule that does what is asked for, and no more.
    fn form(&self, view: &JobView<'_>) -> CopyForm {
        let fills = self.fills(view);
        let is_new = || self.value.from.len() == 1 && !view.can_have(&self.name);
        // A text around the value would be set as well where nothing is copied.
        let has_text = self.value.regex.is_none() && self.value.case.is_none() && self.value.replacement != WHOLE;
        let can_be_absent = || self.value.from.iter().any(|name| !view.always_has(name));
        CopyForm { fills, needs_sources: fills || !is_new() || (has_text && can_be_absent()) }
    }

    /// The value as a rule reads it.
    fn read(&self, view: &JobView<'_>) -> CopiedValue {
        let mut value = self.value.clone();
        if self.reads_instance(view) == Some(InstanceSource::Address) {
            let names = value.from.iter_mut().filter(|name| *name == INSTANCE);
            names.for_each(|name| *name = ADDRESS.to_string());
        }
        value
    }

    fn rule(&self, view: &JobView<'_>, form: CopyForm) -> ConditionalRule {
        match self.reads_instance(view) {
            Some(InstanceSource::Either) => rule_copying_instance(&self.name, form.fills),
            Some(InstanceSource::Label | InstanceSource::Address) | None => {
                copying_rule(&self.name, &self.read(view), &view.conditions(), form)
            }
        }
    }

    fn statement(&self, view: &JobView<'_>, form: CopyForm) -> Statement {
        let change = LabelChangeKind::Copied { value: self.value.clone(), only_if_absent: form.fills };
        view.statement(&self.name, change, Some(self.rule(view, form)))
    }

    /// Whether a rule does this already, in one of the forms in which it may have been written.
    fn has_rule(&self, view: &JobView<'_>) -> bool {
        let fills: &[bool] = if self.replaces() { &[false] } else { &[false, true] };
        let forms =
            fills.iter().flat_map(|&fills| [false, true].map(|needs_sources| CopyForm { fills, needs_sources }));
        forms.into_iter().any(|form| view.holds(&self.statement(view, form)))
    }

    /// The value that each result gets, by its index.
    fn expected(&self, view: &JobView<'_>) -> Vec<Option<String>> {
        let copied = |_: usize, labels: &Labels| {
            self.value.value(|name| match labels.get(name) {
                "" if name == INSTANCE => labels.get(ADDRESS),
                value => value,
            })
        };
        view.at_end(copied).into_iter().map(Option::flatten).collect()
    }

    fn fate(&self, view: &JobView<'_>, index: usize, value: &str) -> Fate {
        let mut labels = vec![(self.name.clone(), Some(value.to_string()))];
        if self.name == ADDRESS && view.is_address_instance(index) {
            labels.push((INSTANCE.to_string(), Some(value.to_string())));
        }
        if self.is_request() { Fate::Request(labels) } else { Fate::Labels(labels) }
    }

    /// Refuses a change of case where the rule would do more: it has no pattern, and removes the label where nothing is
    /// copied.
    fn check_case(&self, view: &JobView<'_>) -> Result<(), Diagnostic> {
        if self.value.case.is_none() {
            return Ok(());
        }
        let refusal = |note: &str, help: &str| {
            let message =
                format!("a rule that changes the case of letters would change `{}` of other targets", self.name);
            refused(ids::LABEL_NOT_EFFECTIVE, view.at(), message).with_note(note).with_help(help)
        };
        if !view.conditions().is_empty() {
            let note = "such a rule has no pattern, and acts on all targets of the job";
            return Err(refusal(note, "select whole jobs with --job"));
        }
        if self.value.from.len() > 1 {
            let note = "such a rule has no pattern, and joins the labels also where one is missing";
            return Err(refusal(note, "copy the labels first, and change the case by a second command"));
        }
        if view.can_have(&self.name) && !self.is_own() {
            let note = "such a rule sets the label of all targets, and removes it where the copied label is missing";
            return Err(refusal(note, "give the label another name"));
        }
        Ok(())
    }
}

impl CopyLabel {
    /// Refuses a pattern that can take the value of one label for that of another where the rule joins more labels.
    fn check_borders(&self, view: &JobView<'_>) -> Result<(), Diagnostic> {
        let Some(pattern) = self.value.regex.as_deref().filter(|_| self.value.from.len() > 1) else { return Ok(()) };
        let is_joined = self.fills(view) || !view.conditions().is_empty();
        let separators = |separator| Regex::new(pattern).map_or(0, |regex| regex.count_of(separator).0);
        let found = self.value.separator.chars().next().map_or(0, separators);
        if !is_joined || found >= self.value.from.len() as u64 - 1 {
            return Ok(());
        }
        let separator = &self.value.separator;
        let message = format!("the pattern {pattern:?} does not say where the value of one label ends");
        Err(refused(ids::LABEL_NOT_EFFECTIVE, view.at(), message)
            .with_note("the rule also reads the labels that select the targets, joined to the same text")
            .with_help(format!("write {separator:?} between the parts of the pattern, such as (.+){separator}(.+)")))
    }
}

fn has_other_value(view: &JobView<'_>, request: &CopyLabel, index: usize) -> Diagnostic {
    let (target, name) = (&view.before.targets[index], &request.name);
    let message = format!("the target {} already has {name}={:?}", address_of(target), view.value(index, name));
    let (at, origin) = view.origin(view.job, &view.traced(index), name);
    refused(ids::LABEL_HAS_OTHER_VALUE, at, message).with_note(origin).with_help("use --overwrite to replace the value")
}

/// The refusal where nothing is copied to any target.
fn not_matched(view: &JobView<'_>, request: &CopyLabel) -> Diagnostic {
    let (things, names) = (view.things(), request.value.names());
    let message = match &request.value.regex {
        Some(regex) => format!("no selected {things} has a `{names}` that matches {regex:?}"),
        None => format!("no selected {things} has a label `{names}`"),
    };
    refused(ids::LABEL_WITHOUT_TARGETS, view.at(), message).with_help(view.see_targets())
}

/// The refusal where only the target decides which label becomes its `instance`.
fn depends_on_target(view: &JobView<'_>) -> Diagnostic {
    refused(ids::LABEL_NOT_EFFECTIVE, view.at(), "some targets get their `instance` only after relabeling")
        .with_note("discovery or a rule can set `instance`; the address becomes that of all other targets")
        .with_help("copy the address with --from __address__, or all of `instance`, without --regex and for whole jobs")
}
