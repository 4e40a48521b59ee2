//! `drop-metric` and `keep-metric`: a rule that filters samples by their names.

use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, ids};
use crate::effect::is_kept;
use crate::re2::Regex;
use crate::relabel::{Action, RuleSpec};
use crate::simulate::TargetResult;
use crate::text::Span;

use super::super::change::ConfigChange;
use super::super::claim::LabelChangeKind;
use super::super::document::Document;
use super::super::driver::{Answer, Attempt, Command, Difference, Fate, Intent, JobView, Statement};
use super::super::ops::{
    Alternatives, Compared, ConditionalRule, METRIC_NAME, NewRule, Op, RuleField, filters_names, is_filter_of_names,
    rule_in_words,
};
use super::super::request::{EditError, LabelStage, Selection, refused};
use super::metric_patterns::{MetricFilter, check_pattern, halved_histograms, remarks, unmatched};

/// Metrics to be dropped or kept: see [`Document::filter_metrics`](crate::Document::filter_metrics).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilterMetrics {
    /// What is done with them.
    pub filter: MetricFilter,
    /// Patterns of their names, each a regular expression that matches the whole name.
    pub patterns: Vec<String>,
    /// The jobs.
    pub selection: Selection,
}

impl Document<'_> {
    /// Drops the samples of some metrics, or of all others, by a rule of `metric_relabel_configs`. A rule that does
    /// nothing but this is extended by the patterns that it does not have; one that a pattern of the rule includes is not
    /// added.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// use promcfg::edit::FilterMetrics;
    /// let drop = |pattern: &str| FilterMetrics { patterns: vec![pattern.into()], ..FilterMetrics::default() };
    /// let text = "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: [h]\n";
    /// let rule = "  metric_relabel_configs:\n  - source_labels: [__name__]\n    regex: go_.*\n    action: drop\n";
    /// let change = Document::new("p.yml", text, &Options::default()).filter_metrics(&drop("go_.*"))?;
    /// assert_eq!(change.files[0].after(), format!("{text}{rule}"));
    /// let change = Document::new("p.yml", change.files[0].after(), &Options::default()).filter_metrics(&drop("jvm_.*"))?;
    /// assert_eq!(change.files[0].after(), format!("{text}{rule}").replace("go_.*", "go_.*|jvm_.*"));
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    ///
    /// # Errors
    /// A pattern is not a regular expression, or matches every name or none; or the change is refused.
    pub fn filter_metrics(&mut self, request: &FilterMetrics) -> Result<ConfigChange, EditError> {
        request.check()?;
        let alternatives = request.alternatives();
        let mut selection = request.selection.clone();
        selection.conditions.push((METRIC_NAME.to_string(), alternatives.join()));
        self.run(&Filtering { request, alternatives, selection, extended: Mutex::default() })
    }
}

impl FilterMetrics {
    fn check(&self) -> Result<(), EditError> {
        if self.patterns.is_empty() {
            return Err(EditError::request("no metric is given", "give at least one pattern, such as 'go_.*'"));
        }
        self.patterns.iter().try_for_each(|pattern| check_pattern(pattern, self.filter))
    }

    fn alternatives(&self) -> Alternatives {
        Alternatives::of_patterns(self.patterns.iter().map(String::as_str))
    }

    fn action(&self) -> Action {
        match self.filter {
            MetricFilter::Drop => Action::Drop,
            MetricFilter::Keep => Action::Keep,
        }
    }
}

/// A request with what follows from it.
struct Filtering<'f> {
    request: &'f FilterMetrics,
    alternatives: Alternatives,
    /// The jobs, and the samples that the patterns match.
    selection: Selection,
    /// The patterns that were just looked at, each with what it becomes: of a job they are asked for several times.
    extended: Mutex<FxHashMap<String, Option<Extended>>>,
}

/// What a pattern is with the alternatives that it lacks; `None` where it has all.
type Extended = Option<String>;

/// A rule of the job that has the form of those that these commands write.
struct OwnRule {
    span: Span,
    /// The pattern that it needs in addition to its own; `None` where it has all alternatives.
    extended: Option<String>,
    spec: RuleSpec,
}

impl Command for Filtering<'_> {
    fn check(&self) -> Result<(), EditError> {
        Ok(())
    }

    fn selection(&self) -> &Selection {
        &self.selection
    }

    fn stages(&self) -> Vec<LabelStage> {
        vec![LabelStage::Metric]
    }

    fn names(&self) -> Vec<&str> {
        Vec::new()
    }

    fn notes(&self) -> Vec<String> {
        remarks(&self.request.patterns, self.request.filter)
    }

    fn remarks(&self, view: &JobView<'_>) -> Vec<String> {
        let job = &view.job.job_name.value;
        let mut notes = unmatched(&self.request.patterns, view);
        notes.extend(halved_histograms(&self.request.patterns, self.request.filter, view));
        if self.request.filter == MetricFilter::Keep {
            notes.extend(self.still_dropped(view));
        }
        notes.into_iter().map(|note| format!("job {job}: {note}")).collect()
    }

    fn propose(&self, view: &JobView<'_>) -> Result<Answer, Diagnostic> {
        let own = self.own_rules(view);
        let is_done = |rule: &OwnRule| rule.extended.is_none();
        if self.request.filter == MetricFilter::Drop && self.is_dropped_already(view) {
            return Ok(Answer::NothingToDo);
        }
        if self.request.filter == MetricFilter::Keep
            && let Some(refusal) = self.dropped_whole(view)
        {
            return Err(refusal);
        }
        let add = || vec![Op::AddRule { list: view.list(), first: false, rule: NewRule { spec: self.rule() } }];
        let extend = |rule: &OwnRule| {
            let text = rule.extended.clone()?;
            Some(Op::SetRuleField { list: view.list(), rule: rule.span, field: RuleField::Regex, text })
        };
        match self.request.filter {
            MetricFilter::Drop if own.iter().any(is_done) => Ok(Answer::NothingToDo),
            MetricFilter::Drop => {
                let extended = own.last().and_then(extend).map(|op| vec![op]);
                Ok(Answer::Try(extended.into_iter().chain([add()]).collect()))
            }
            MetricFilter::Keep if own.is_empty() && self.has_unsettled_rule(view) => Err(self.is_renamed_later(view)),
            MetricFilter::Keep if own.is_empty() => Ok(Answer::Try(vec![add()])),
            MetricFilter::Keep if own.iter().all(is_done) => Ok(Answer::NothingToDo),
            MetricFilter::Keep => Ok(Answer::Try(vec![own.iter().filter_map(extend).collect()])),
        }
    }

    fn intent<'i>(&'i self, view: &'i JobView<'_>) -> Intent<'i> {
        let own = self.own_rules(view);
        match self.request.filter {
            MetricFilter::Drop => Intent::of(|index| if view.is_kept(index) { Fate::Dropped } else { Fate::Same }),
            MetricFilter::Keep if own.is_empty() => Intent::of(|index| {
                let is_other = is_kept(&view.before.targets[index]) && !view.selected[index];
                if is_other { Fate::Dropped } else { Fate::Same }
            }),
            MetricFilter::Keep => {
                let kept = self.kept_without(view, &own);
                Intent::of(move |index| match kept.get(index).and_then(Option::as_ref) {
                    Some(result) => Fate::Becomes(Box::new(result.clone())),
                    None => Fate::Same,
                })
            }
        }
    }

    fn statements(&self, view: &JobView<'_>) -> Vec<Statement> {
        let own = self.own_rules(view);
        let change = match self.request.filter {
            MetricFilter::Drop => LabelChangeKind::Dropped,
            MetricFilter::Keep if own.is_empty() => LabelChangeKind::OthersDropped,
            MetricFilter::Keep => LabelChangeKind::NoLongerDropped,
        };
        let extended = own.iter().rev().filter(|_| change != LabelChangeKind::OthersDropped).map(|rule| {
            let regex = rule.extended.clone().or_else(|| rule.spec.regex.clone());
            RuleSpec { regex, ..rule.spec.clone() }
        });
        let specs = extended.take(1).chain([self.rule()]);
        let statement = |spec: RuleSpec| {
            view.statement(METRIC_NAME, change.clone(), Some(ConditionalRule { spec, ambiguous: None }))
        };
        specs.map(statement).collect()
    }

    fn explain(&self, view: &JobView<'_>, attempt: &Attempt<'_>) -> Diagnostic {
        let name = attempt.mismatch.old.labels.get(METRIC_NAME);
        let what = match &attempt.mismatch.difference {
            Difference::Status => format!("the sample {name} would be dropped or kept against the request"),
            Difference::Unmet(label) => format!("the label `{label}` of the sample {name} would change"),
            Difference::Labels(labels) => format!("the labels {} of the sample {name} would change", labels.join(", ")),
            Difference::Url => "the URL of a target would change".to_string(),
        };
        refused(
            ids::EDIT_UNPROVED,
            view.at(),
            "a rule on the names of metrics does not have exactly the requested effect",
        )
        .with_note(what)
    }
}

impl Filtering<'_> {
    /// The rule that is added.
    fn rule(&self) -> RuleSpec {
        RuleSpec {
            source_labels: Some(vec![METRIC_NAME.to_string()]),
            regex: Some(self.alternatives.join()),
            action: Some(self.request.action()),
            ..RuleSpec::default()
        }
    }

    /// The rules of the form that is written here, after which no rule can change the name of a sample.
    fn own_rules(&self, view: &JobView<'_>) -> Vec<OwnRule> {
        let rules = view.list().of(view.job);
        let is_own = |index: &usize| {
            is_filter_of_names(&rules[*index].spec, self.request.action())
                && view.is_settled_behind(*index, METRIC_NAME)
        };
        let own = |index: usize| {
            let rule = &rules[index];
            let extended = self.extended(rule.spec.regex.as_deref()?)?;
            Some(OwnRule { span: rule.span, extended, spec: rule.spec.clone() })
        };
        (0..rules.len()).filter(is_own).filter_map(own).collect()
    }

    /// A pattern with the alternatives that it lacks; `None` where it cannot be extended.
    fn extended(&self, pattern: &str) -> Option<Extended> {
        const MOST_KNOWN: usize = 64;
        let mut known = self.extended.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(extended) = known.get(pattern) {
            return extended.clone();
        }
        drop(known);
        let extended = Alternatives::of_regex(pattern).map(|own| {
            let missing = self.alternatives.without(&own).not_in(pattern);
            (!missing.is_empty()).then(|| own.with(&missing).join())
        });
        known = self.extended.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(pattern.to_string(), extended.clone());
        extended
    }

    /// The patterns of the rules that drop, or keep, samples by nothing but their names, after which no rule can change the
    /// name of a sample; each with the index of its rule.
    fn settled<'v>(&self, view: &'v JobView<'_>, action: Action) -> Vec<(usize, Compared<'v>)> {
        let rules = view.list().of(view.job).iter().enumerate();
        let of_names = rules
            .filter(|(index, rule)| filters_names(&rule.spec, action) && view.is_settled_behind(*index, METRIC_NAME));
        of_names.filter_map(|(index, rule)| Some((index, Compared::with(rule.spec.regex.as_deref()?)))).collect()
    }

    /// Whether each pattern is one of a rule that drops, or within one.
    fn is_dropped_already(&self, view: &JobView<'_>) -> bool {
        let mut drops = self.settled(view, Action::Drop);
        self.alternatives.parts().all(|part| drops.iter_mut().any(|(_, rule)| rule.includes(part)))
    }

    /// Which rules drop samples that are to be kept: these stay dropped.
    fn still_dropped(&self, view: &JobView<'_>) -> Vec<String> {
        let still_dropped = |(index, mut rule): (usize, Compared<'_>)| {
            if !self.alternatives.parts().any(|part| rule.overlaps(part)) {
                return None;
            }
            let in_words = rule_in_words(view.job, view.list(), index);
            Some(format!("{in_words} still drops the metrics that match {:?}", rule.pattern()))
        };
        self.settled(view, Action::Drop).into_iter().filter_map(still_dropped).collect()
    }

    /// The refusal where a rule drops all that is to be kept.
    fn dropped_whole(&self, view: &JobView<'_>) -> Option<Diagnostic> {
        let mut drops = self.settled(view, Action::Drop);
        let is_whole = |rule: &mut Compared<'_>| self.alternatives.parts().all(|part| rule.includes(part));
        let (index, rule) = drops.iter_mut().find_map(|(index, rule)| is_whole(rule).then_some((*index, &*rule)))?;
        let words = rule_in_words(view.job, view.list(), index);
        let message = format!(
            "a rule drops all metrics that should be kept: none of {:?} would be stored",
            self.alternatives.join()
        );
        Some(
            refused(ids::EDIT_UNPROVED, view.at(), message)
                .with_note(format!("{words} drops the metrics that match {:?}", rule.pattern()))
                .with_help("remove the pattern from that rule first"),
        )
    }

    /// Whether the job keeps samples by their names before a rule that can rename them.
    fn has_unsettled_rule(&self, view: &JobView<'_>) -> bool {
        view.list().of(view.job).iter().any(|rule| filters_names(&rule.spec, Action::Keep))
    }

    fn is_renamed_later(&self, view: &JobView<'_>) -> Diagnostic {
        let message = "the job already keeps metrics by their names, by a rule that cannot be extended";
        refused(ids::EDIT_UNPROVED, view.at(), message)
            .with_note("a later rule can rename metrics, or the pattern of the rule cannot be extended")
            .with_help("edit the `keep` rule by hand")
    }

    /// What each result is without the rules of this form, if it is stored then and the patterns match its name; `None`
    /// for all others, and for those that are stored already.
    fn kept_without(&self, view: &JobView<'_>, own: &[OwnRule]) -> Vec<Option<TargetResult>> {
        let spans = own.iter().map(|rule| rule.span).collect();
        let without = view.with(&[Op::RemoveRules { list: view.list(), spans }]);
        let Ok(regex) = Regex::new(&self.alternatives.join()) else { return Vec::new() };
        let (mut kept, mut index) = (Vec::new(), 0);
        view.trial.each_result(&without, &mut |result| {
            let was_dropped = view.before.targets.get(index).is_some_and(|before| !is_kept(before));
            let is_wanted = is_kept(result) && regex.is_match(result.labels.get(METRIC_NAME)) == Ok(true);
            kept.push((was_dropped && is_wanted).then(|| result.clone()));
            index += 1;
            true
        });
        kept
    }
}
