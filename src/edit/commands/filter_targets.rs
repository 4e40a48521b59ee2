//! `drop-target` and `keep-target`: a rule that drops targets by their labels, or all others.

use crate::diagnostic::{Diagnostic, ids};
use crate::effect::is_kept;
use crate::re2::Regex;
use crate::relabel::{Action, Labels, RuleSpec};
use crate::simulate::TargetResult;
use crate::text::Span;

use super::super::change::ConfigChange;
use super::super::claim::{Claim, LabelChangeKind};
use super::super::document::Document;
use super::super::driver::{Answer, Attempt, Command, Fate, INSTANCE, Intent, JobView, Statement, check_conditions};
use super::super::ops::{Alternatives, Condition, ConditionalRule, NewRule, Op, RuleField, conditional_rule};
use super::super::request::{EditError, LabelStage, Method, Selection, refused};
use super::target_losses::{check_losses, explain_filter};

/// What is done with the targets whose labels match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TargetFilter {
    /// They are no longer scraped.
    #[default]
    Drop,
    /// They are scraped, and no others.
    Keep,
}

/// Targets to be dropped or kept by their labels: see [`Document::filter_targets`](crate::Document::filter_targets).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilterTargets {
    /// What is done with them.
    pub filter: TargetFilter,
    /// The jobs, and the conditions that the labels of the targets meet.
    pub selection: Selection,
    /// Whether the labels are those that discovery gives, before all rules.
    pub before_rules: bool,
    /// Whether all known targets of a job may be lost.
    pub may_lose_all: bool,
}

impl Document<'_> {
    /// Drops the targets whose labels match, or all others, by a rule of `relabel_configs` after all others, or before all
    /// others. A rule that does nothing but this is extended.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// use promcfg::edit::{FilterTargets, Selection};
    /// let request = |pattern: &str| FilterTargets {
    ///     selection: Selection { conditions: vec![("env".into(), pattern.into())], ..Selection::default() },
    ///     ..FilterTargets::default()
    /// };
    /// let text = "scrape_configs:\n- job_name: web\n  kubernetes_sd_configs: [{role: pod}]\n  relabel_configs:\n  \
    ///     - {regex: __meta_kubernetes_pod_label_(env), action: labelmap}\n";
    /// let rule = "  - source_labels: [env]\n    regex: dev\n    action: drop\n";
    /// let change = Document::new("p.yml", text, &Options::default()).filter_targets(&request("dev"))?;
    /// assert_eq!(change.files[0].after(), format!("{text}{rule}"));
    /// let claim = "every target whose env is \"dev\" is dropped";
    /// assert_eq!(change.summary(), format!("job web: {claim}; nothing else changes (proved from the rules)"));
    /// let change = Document::new("p.yml", change.files[0].after(), &Options::default()).filter_targets(&request("test"))?;
    /// assert_eq!(change.files[0].after(), format!("{text}{rule}").replace("dev", "dev|test"));
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    ///
    /// # Errors
    /// No condition is given, no known target would be left, or the change is refused.
    pub fn filter_targets(&mut self, request: &FilterTargets) -> Result<ConfigChange, EditError> {
        self.method(Method::Relabel)?;
        let mut selection = request.selection.clone();
        if request.before_rules {
            selection.conditions.clear();
        }
        self.run(&Filtering { request, selection })
    }
}

/// A request, with the selection of the driver: its conditions are those after all rules.
struct Filtering<'f> {
    request: &'f FilterTargets,
    selection: Selection,
}

/// A rule of the job that has the form of those that these commands write.
struct OwnRule {
    span: Span,
    /// The pattern that it needs in addition to its own; `None` where it has all alternatives.
    extended: Option<String>,
}

impl Command for Filtering<'_> {
    fn check(&self) -> Result<(), EditError> {
        if self.request.selection.conditions.is_empty() {
            return Err(EditError::request("no label is given", "give at least one --where LABEL=REGEX"));
        }
        self.request.selection.conditions.iter().try_for_each(|(name, pattern)| {
            if name.is_empty() {
                return Err(EditError::request(
                    "the label has no name",
                    "write it as LABEL=REGEX, for example env=dev",
                ));
            }
            let regex = Regex::new(pattern).map_err(|error| {
                EditError::request(
                    format!("the pattern for `{name}` is not a regular expression: {error}"),
                    "the pattern follows the syntax of relabel rules and matches the whole value",
                )
            })?;
            match regex.matches_everything() {
                true => Err(EditError::declined(
                    format!("the pattern {pattern:?} matches every target, also those without `{name}`"),
                    "give a pattern that matches only some values, such as '.+' for any value",
                )),
                false => Ok(()),
            }
        })?;
        check_conditions(&self.request.selection)
    }

    fn selection(&self) -> &Selection {
        &self.selection
    }

    fn stages(&self) -> Vec<LabelStage> {
        vec![LabelStage::Target]
    }

    fn names(&self) -> Vec<&str> {
        Vec::new()
    }

    fn is_about_dropped(&self) -> bool {
        true
    }

    fn propose(&self, view: &JobView<'_>) -> Result<Answer, Diagnostic> {
        if let Some(refusal) = self.undiscovered(view) {
            return Err(refusal);
        }
        let own = self.own_rules(view);
        let is_drop = self.request.filter == TargetFilter::Drop;
        let is_done = |rule: &OwnRule| rule.extended.is_none();
        if own.iter().any(is_done) && (is_drop || own.iter().all(is_done)) {
            return Ok(Answer::NothingToDo);
        }
        let extends_keep = !is_drop && !own.is_empty();
        let lost: Vec<usize> = (0..view.known).filter(|&index| !extends_keep && self.loses(view, index)).collect();
        if !view.is_open() && lost.is_empty() && !extends_keep {
            let is_dropped = |index: usize| self.request.before_rules && self.matches(view, index);
            return Ok(match is_drop {
                true if (0..view.known).any(is_dropped) => Answer::NothingToDo,
                true => Answer::NotSelected(Box::new(self.without_match(view))),
                false => Answer::NothingToDo,
            });
        }
        check_losses(view, &lost, self.request.may_lose_all)?;
        let first = self.request.before_rules;
        let add = || vec![Op::AddRule { list: view.list(), first, rule: NewRule { spec: self.rule(view).spec } }];
        let extend = |rule: &OwnRule| {
            let text = rule.extended.clone()?;
            Some(Op::SetRuleField { list: view.list(), rule: rule.span, field: RuleField::Regex, text })
        };
        Ok(Answer::Try(match self.request.filter {
            // Where targets are tried without the rules that drop, a rule that changes would drop more than before.
            TargetFilter::Drop if view.trial.is_without_filters() => vec![add()],
            TargetFilter::Drop => own.last().and_then(extend).map(|op| vec![op]).into_iter().chain([add()]).collect(),
            TargetFilter::Keep if own.is_empty() => vec![add()],
            TargetFilter::Keep => vec![own.iter().filter_map(extend).collect()],
        }))
    }

    fn intent<'i>(&'i self, view: &'i JobView<'_>) -> Intent<'i> {
        let own = self.own_rules(view);
        if view.trial.is_without_filters() && self.request.filter == TargetFilter::Keep && !own.is_empty() {
            // The targets are tried without the rules that keep and drop, but with those that change.
            let ends = view.labels_at_end_of(view.job, &view.before.targets);
            let patterns: Vec<Regex> =
                own.iter().filter_map(|rule| Regex::new(rule.extended.as_deref()?).ok()).collect();
            let spec = self.rule(view).spec;
            return Intent::of(move |index| {
                let target = &view.before.targets[index];
                let labels = if self.request.before_rules { Some(&target.discovered) } else { ends[index].as_ref() };
                let joined = labels.map(|labels| joined(&spec, labels)).unwrap_or_default();
                let is_kept_by = |pattern: &Regex| pattern.is_match(&joined) == Ok(true);
                if is_kept(target) && !patterns.iter().all(is_kept_by) { Fate::Dropped } else { Fate::Same }
            });
        }
        if self.request.filter == TargetFilter::Drop || own.is_empty() {
            return Intent::of(move |index| if self.loses(view, index) { Fate::Dropped } else { Fate::Same });
        }
        let kept = self.kept_without(view, &own);
        Intent::of(move |index| match kept.get(index).and_then(Option::as_ref) {
            Some(result) => Fate::Becomes(Box::new(result.clone())),
            None => Fate::Same,
        })
    }

    fn statements(&self, view: &JobView<'_>) -> Vec<Statement> {
        let discovered = self.request.before_rules;
        let change = match self.request.filter {
            TargetFilter::Drop => LabelChangeKind::TargetsDropped { discovered },
            TargetFilter::Keep if self.own_rules(view).is_empty() => {
                LabelChangeKind::OtherTargetsDropped { discovered }
            }
            TargetFilter::Keep => LabelChangeKind::TargetsKept { discovered },
        };
        let label = self.request.selection.conditions.first().map(|(name, _)| name.clone()).unwrap_or_default();
        let mut statement = view.statement(&label, change, Some(self.rule(view)));
        if discovered {
            let conditions = self.request.selection.conditions.clone();
            statement.claim = Claim { conditions, ..statement.claim };
        }
        vec![statement]
    }

    fn explain(&self, view: &JobView<'_>, attempt: &Attempt<'_>) -> Diagnostic {
        explain_filter(view, attempt)
    }
}

impl Filtering<'_> {
    fn action(&self) -> Action {
        match self.request.filter {
            TargetFilter::Drop => Action::Drop,
            TargetFilter::Keep => Action::Keep,
        }
    }

    /// The rule that is added.
    fn rule(&self, view: &JobView<'_>) -> ConditionalRule {
        let conditions = match self.request.before_rules {
            false => view.conditions(),
            true => {
                let given = self.request.selection.conditions.iter().cloned();
                given.map(|(name, pattern)| Condition::Label { name, pattern }).collect()
            }
        };
        let ConditionalRule { spec, ambiguous } = conditional_rule("", "", conditions, false);
        let defaults = RuleSpec::default();
        let spec = RuleSpec { action: Some(self.action()), replacement: defaults.replacement, ..spec };
        ConditionalRule { spec, ambiguous }
    }

    /// Whether the labels of a target match.
    fn matches(&self, view: &JobView<'_>, index: usize) -> bool {
        let Some(target) = view.before.targets.get(index).filter(|_| self.request.before_rules) else {
            return view.selected[index];
        };
        self.fits(&target.discovered)
    }

    /// Whether a target is scraped, and no longer is with the new rule.
    fn loses(&self, view: &JobView<'_>, index: usize) -> bool {
        let is_match = self.matches(view, index);
        is_kept(&view.before.targets[index]) && is_match == (self.request.filter == TargetFilter::Drop)
    }

    /// The rules of the form that is written here that read the labels which the request is about.
    fn own_rules(&self, view: &JobView<'_>) -> Vec<OwnRule> {
        let wanted = self.rule(view).spec;
        let Some(alternatives) = wanted.regex.as_deref().map(|regex| Alternatives::of_patterns([regex])) else {
            return Vec::new();
        };
        let rules = view.list().of(view.job);
        let sources = || wanted.source_labels.iter().flatten();
        let is_own = |index: &usize| {
            let spec = &rules[*index].spec;
            let is_settled = |name: &String| match self.request.before_rules {
                true => view.is_settled_before(*index, name),
                false => view.is_settled_behind(*index, name),
            };
            let is_same_form = (&spec.source_labels, &spec.separator, spec.action)
                == (&wanted.source_labels, &wanted.separator, wanted.action);
            is_same_form && rules[*index].author.is_user() && sources().all(is_settled)
        };
        let own = |index: usize| {
            let rule = &rules[index];
            let known = Alternatives::of_regex(rule.spec.regex.as_deref()?)?;
            let missing = alternatives.without(&known);
            let extended = (!missing.is_empty()).then(|| known.with(&missing).join());
            Some(OwnRule { span: rule.span, extended })
        };
        (0..rules.len()).filter(is_own).filter_map(own).collect()
    }

    /// What each result is without the rules of this form, if it is scraped then and its labels match; `None` for all
    /// others, and for those that are scraped already.
    fn kept_without(&self, view: &JobView<'_>, own: &[OwnRule]) -> Vec<Option<TargetResult>> {
        let spans = own.iter().map(|rule| rule.span).collect();
        let without = view.with(&[Op::RemoveRules { list: view.list(), spans }]);
        let mut all = Vec::new();
        view.trial.each_result(&without, &mut |result| {
            all.push(result.clone());
            true
        });
        let results: Vec<TargetResult> = all;
        let ends = view.labels_at_end_of(&without, &results);
        let kept = |(index, (result, end)): (usize, (TargetResult, Option<Labels>))| {
            let was_dropped = view.before.targets.get(index).is_some_and(|before| !is_kept(before));
            let labels = if self.request.before_rules { Some(&result.discovered) } else { end.as_ref() };
            let is_wanted = is_kept(&result) && labels.is_some_and(|labels| self.fits(labels));
            (was_dropped && is_wanted).then_some(result)
        };
        results.into_iter().zip(ends).enumerate().map(kept).collect()
    }

    /// Whether labels meet all conditions. Without an `instance`, the address becomes one after all rules.
    fn fits(&self, labels: &Labels) -> bool {
        self.request.selection.conditions.iter().all(|(name, pattern)| {
            let value = match labels.get(name) {
                "" if name == INSTANCE && !self.request.before_rules => labels.get("__address__"),
                value => value,
            };
            Regex::new(pattern).is_ok_and(|regex| regex.is_match(value) == Ok(true))
        })
    }

    /// The refusal of a label that discovery gives to no target.
    fn undiscovered(&self, view: &JobView<'_>) -> Option<Diagnostic> {
        let mut names = self.request.selection.conditions.iter().map(|(name, _)| name);
        let name = names.find(|name| self.request.before_rules && !view.can_begin_with(name))?;
        let message = format!("no target of the job has a label `{name}` before all rules");
        let refusal = refused(ids::LABEL_WITHOUT_TARGETS, view.at(), message).with_argument("label", name.as_str());
        Some(match view.can_have(name) {
            true => refusal.with_help("a rule sets it: match it after the rules, without --before-rules"),
            false => refusal.with_help(view.see_targets()),
        })
    }

    /// The refusal when no target matches, and no others can exist.
    fn without_match(&self, view: &JobView<'_>) -> Diagnostic {
        if !self.request.before_rules {
            return view.without_targets();
        }
        let message = "the job has no target whose labels before all rules match";
        refused(ids::LABEL_WITHOUT_TARGETS, view.at(), message).with_help(view.see_targets())
    }
}

/// What a rule reads of a target.
fn joined(rule: &RuleSpec, labels: &Labels) -> String {
    let values: Vec<&str> = rule.source_labels.iter().flatten().map(|name| labels.get(name)).collect();
    values.join(&rule.separator)
}
