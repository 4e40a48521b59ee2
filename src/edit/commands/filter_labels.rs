//! `drop-label` and `keep-label`: a rule that drops labels by their names, or all others.

use crate::analysis::{Stage, is_internal};
use crate::diagnostic::{Diagnostic, ids};
use crate::effect::address_of;
use crate::re2::Regex;
use crate::relabel::{Action, RuleSpec};
use crate::text::Span;

use super::super::change::ConfigChange;
use super::super::claim::{Claim, LabelChangeKind};
use super::super::document::Document;
use super::super::driver::{Answer, Attempt, Command, Difference, Fate, INSTANCE, Intent, JobView, Statement};
use super::super::ops::{Alternatives, NewRule, Op, RuleField, quote_pattern, selects_names};
use super::super::request::{EditError, LabelStage, Method, Selection, refused};
use super::names::{literal_remark, taken_literally};

/// What is done with the labels that are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LabelFilter {
    /// They are dropped.
    #[default]
    Drop,
    /// They are kept, and all others are dropped but those that Prometheus needs.
    Keep,
}

/// Labels to be dropped or kept: see [`Document::filter_labels`](crate::Document::filter_labels).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilterLabels {
    /// What is done with them.
    pub filter: LabelFilter,
    /// Their names.
    pub names: Vec<String>,
    /// The jobs.
    pub selection: Selection,
    /// Labels of targets or of samples.
    pub stage: LabelStage,
}

impl Document<'_> {
    /// Drops labels by their names, or all others, by a rule after all others. A rule that does nothing but this is
    /// extended.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// use promcfg::edit::{FilterLabels, LabelFilter};
    /// let text = "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: [h]\n    labels: {a: x, b: y, c: z}\n";
    /// let request = |names: &[&str]| FilterLabels {
    ///     filter: LabelFilter::Keep,
    ///     names: names.iter().map(ToString::to_string).collect(),
    ///     ..FilterLabels::default()
    /// };
    /// let change = Document::new("p.yml", text, &Options::default()).filter_labels(&request(&["a"]))?;
    /// let rule = "  relabel_configs:\n  - regex: __.*|instance|job|a\n    action: labelkeep\n";
    /// assert_eq!(change.files[0].after(), format!("{text}{rule}"));
    /// let change = Document::new("p.yml", change.files[0].after(), &Options::default()).filter_labels(&request(&["c"]))?;
    /// assert_eq!(change.files[0].after(), format!("{text}{rule}").replace("job|a", "job|a|c"));
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    ///
    /// # Errors
    /// Prometheus needs a label that is to be dropped, or the change is refused.
    pub fn filter_labels(&mut self, request: &FilterLabels) -> Result<ConfigChange, EditError> {
        self.method(Method::Relabel)?;
        self.run(request)
    }
}

/// Labels of samples without which series become one.
const OF_SAMPLES: [&str; 5] = ["__name__", INSTANCE, "job", "le", "quantile"];

/// What is always kept, as patterns: labels that begin with `__` are gone after relabeling.
fn guarded(stage: LabelStage) -> &'static [&'static str] {
    match stage {
        LabelStage::Target => &["__.*", INSTANCE, "job"],
        LabelStage::Metric => &OF_SAMPLES,
    }
}

/// Why Prometheus needs a label.
fn need(stage: LabelStage, name: &str) -> Option<&'static str> {
    match name {
        INSTANCE | "job" => Some("series of several targets become the same series without it"),
        "__name__" if stage == LabelStage::Metric => Some("a sample is not stored without it"),
        "le" if stage == LabelStage::Metric => Some("the buckets of a histogram become the same series without it"),
        "quantile" if stage == LabelStage::Metric => {
            Some("the quantiles of a summary become the same series without it")
        }
        _ if stage == LabelStage::Target && is_internal(Stage::Target, name) => {
            Some("Prometheus makes the request of it")
        }
        _ => None,
    }
}

/// A rule of the job that selects labels by their names, with the pattern that it gets.
struct OwnRule {
    span: Span,
    extended: Option<String>,
}

impl Command for FilterLabels {
    fn check(&self) -> Result<(), EditError> {
        if self.names.is_empty() || self.names.iter().any(String::is_empty) {
            return Err(EditError::request("no label is given", "give the name of at least one label"));
        }
        if self.filter == LabelFilter::Keep {
            return Ok(());
        }
        if let Some((name, why)) = self.names.iter().find_map(|name| Some((name, need(self.stage, name)?))) {
            let help = match name.as_str() {
                "job" | INSTANCE => "give it another value with `promcfg add-label --overwrite`",
                _ => "leave it out",
            };
            return Err(EditError::declined(format!("`{name}` cannot be dropped: {why}"), help));
        }
        match self.names.iter().find(|name| name.starts_with("__") && self.stage == LabelStage::Target) {
            Some(name) => Err(EditError::declined(
                format!("Prometheus itself drops `{name}`, and all labels that begin with `__`, after relabeling"),
                "leave it out",
            )),
            None => Ok(()),
        }
    }

    fn selection(&self) -> &Selection {
        &self.selection
    }

    fn stages(&self) -> Vec<LabelStage> {
        vec![self.stage]
    }

    fn names(&self) -> Vec<&str> {
        Vec::new()
    }

    fn notes(&self) -> Vec<String> {
        literal_remark(&self.names).into_iter().collect()
    }

    fn remarks(&self, view: &JobView<'_>) -> Vec<String> {
        let (job, things) = (&view.job.job_name.value, view.things());
        let is_kept = self.filter == LabelFilter::Keep && self.own_rules(view).is_empty();
        let missing =
            self.names.iter().filter(|name| is_kept && need(self.stage, name).is_none() && !view.can_have(name));
        missing.map(|name| format!("job {job}: no {things} has a label `{name}`")).collect()
    }

    fn propose(&self, view: &JobView<'_>) -> Result<Answer, Diagnostic> {
        let own = self.own_rules(view);
        let add = || vec![Op::AddRule { list: view.list(), first: false, rule: NewRule { spec: self.rule() } }];
        let extend = |rule: &OwnRule| {
            let text = rule.extended.clone()?;
            Some(Op::SetRuleField { list: view.list(), rule: rule.span, field: RuleField::Regex, text })
        };
        let literal = taken_literally(view, &self.names);
        match self.filter {
            LabelFilter::Drop if !self.names.iter().any(|name| has(view, name)) => Ok(Answer::NothingToDo),
            LabelFilter::Keep if !own.is_empty() && own.iter().all(|rule| rule.extended.is_none()) => {
                Ok(Answer::NothingToDo)
            }
            _ if literal.is_some() => literal.map_or(Ok(Answer::NothingToDo), Err),
            LabelFilter::Drop => {
                let extended = own.last().and_then(extend).map(|op| vec![op]);
                Ok(Answer::Try(extended.into_iter().chain([add()]).collect()))
            }
            LabelFilter::Keep if own.is_empty() => Ok(Answer::Try(vec![add()])),
            LabelFilter::Keep => Ok(Answer::Try(vec![own.iter().filter_map(extend).collect()])),
        }
    }

    fn intent<'i>(&'i self, view: &'i JobView<'_>) -> Intent<'i> {
        match self.filter {
            LabelFilter::Drop => {
                let without = || self.names.iter().map(|name| (name.clone(), None)).collect();
                Intent::of(move |index| if view.is_kept(index) { Fate::Labels(without()) } else { Fate::Same })
            }
            LabelFilter::Keep if self.own_rules(view).is_empty() => Intent::of(move |index| {
                if !view.is_kept(index) {
                    return Fate::Same;
                }
                let labels = view.before.targets[index].labels.iter().map(|(name, _)| name);
                Fate::Labels(labels.filter(|name| !self.keeps(name)).map(|name| (name.to_string(), None)).collect())
            }),
            LabelFilter::Keep => {
                let values = self.values_without(view);
                Intent::of(move |index| match values.get(index).filter(|_| view.is_kept(index)) {
                    Some(values) => Fate::Labels(self.names.iter().cloned().zip(values.iter().cloned()).collect()),
                    None => Fate::Same,
                })
            }
        }
    }

    fn statements(&self, view: &JobView<'_>) -> Vec<Statement> {
        let names = self.names.clone();
        let change = match self.filter {
            LabelFilter::Drop => LabelChangeKind::NamesLost { labels: names },
            LabelFilter::Keep if self.own_rules(view).is_empty() => LabelChangeKind::OthersLost { kept: names },
            LabelFilter::Keep => LabelChangeKind::NamesKept { labels: names },
        };
        let claim = Claim { label: self.names.join(", "), change, conditions: Vec::new(), separator: None };
        vec![Statement { claim, rule: Some(self.rule()), obstacle: None }]
    }

    fn explain(&self, view: &JobView<'_>, attempt: &Attempt<'_>) -> Diagnostic {
        let address = address_of(attempt.mismatch.old);
        let note = match &attempt.mismatch.difference {
            Difference::Status => format!("the target {address} would be kept or dropped differently"),
            Difference::Unmet(label) => {
                format!(
                    "the label `{label}` of the target {address} would not be as asked for, because another rule acts on it"
                )
            }
            Difference::Labels(labels) => {
                format!("the labels {} of the target {address} would also change", labels.join(", "))
            }
            Difference::Url => format!("the URL of the target {address} would also change"),
        };
        let message = "a rule on the names of labels does not have exactly the requested effect";
        refused(ids::LABEL_NOT_EFFECTIVE, view.at(), message).with_note(note)
    }
}

impl FilterLabels {
    fn action(&self) -> Action {
        match self.filter {
            LabelFilter::Drop => Action::LabelDrop,
            LabelFilter::Keep => Action::LabelKeep,
        }
    }

    /// The names as patterns.
    fn patterns(&self) -> Alternatives {
        let quoted: Vec<String> = self.names.iter().map(|name| quote_pattern(name)).collect();
        Alternatives::of_patterns(quoted.iter().map(String::as_str))
    }

    /// The rule that is added.
    fn rule(&self) -> RuleSpec {
        let guarded = match self.filter {
            LabelFilter::Drop => &[][..],
            LabelFilter::Keep => guarded(self.stage),
        };
        let guarded = Alternatives::of_patterns(guarded.iter().copied());
        let regex = Some(guarded.with(&self.patterns().without(&guarded)).join());
        RuleSpec { regex, action: Some(self.action()), ..RuleSpec::default() }
    }

    /// Whether a label stays beside those that are dropped.
    fn keeps(&self, name: &str) -> bool {
        let is_needed = match self.stage {
            LabelStage::Target => name.starts_with("__") || matches!(name, INSTANCE | "job"),
            LabelStage::Metric => OF_SAMPLES.contains(&name),
        };
        is_needed || self.names.iter().any(|own| own == name)
    }

    /// The rules of the form that is written here.
    fn own_rules(&self, view: &JobView<'_>) -> Vec<OwnRule> {
        let own = |rule: &crate::config::RelabelRule| {
            let regex = rule.spec.regex.as_deref().filter(|_| selects_names(&rule.spec, self.action()))?;
            let (known, pattern) = (Alternatives::of_regex(regex)?, Regex::new(regex).ok()?);
            let missing: Vec<String> = self
                .names
                .iter()
                .filter(|name| pattern.is_match(name) != Ok(true))
                .map(|name| quote_pattern(name))
                .collect();
            let more = Alternatives::of_patterns(missing.iter().map(String::as_str));
            let extended = (!missing.is_empty()).then(|| known.with(&more).join());
            Some(OwnRule { span: rule.span, extended })
        };
        view.list().of(view.job).iter().filter_map(own).collect()
    }

    /// The values of the labels on each result without the rules that drop them.
    fn values_without(&self, view: &JobView<'_>) -> Vec<Vec<Option<String>>> {
        let spans = self.own_rules(view).into_iter().map(|rule| rule.span).collect();
        let without = view.with(&[Op::RemoveRules { list: view.list(), spans }]);
        let mut values = Vec::new();
        view.trial.each_result(&without, &mut |result| {
            let value = |name: &String| Some(result.labels.get(name).to_string()).filter(|value| !value.is_empty());
            values.push(self.names.iter().map(value).collect());
            true
        });
        values
    }
}

/// Whether a selected target has the label, or one that nobody knows can have it.
fn has(view: &JobView<'_>, name: &str) -> bool {
    view.kept().into_iter().any(|index| !view.value(index, name).is_empty()) || (view.is_open() && view.can_have(name))
}
