//! A list of rules, compiled.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::check::check_fields;
use super::pattern::Pattern;
use super::plan::Plan;
use super::run::{run, run_traced};
use super::{LabelBuilder, Labels, LimitError, RuleError, RuleSpec, Semantics, Step, Verdict};
use crate::re2::RegexCache;

/// A rule of a list that Prometheus refuses.
///
/// ```
/// use promcfg::Chain;
/// use promcfg::relabel::{NameScheme, RuleSpec};
/// let error = Chain::new(&[RuleSpec::default()], NameScheme::Utf8).unwrap_err();
/// assert_eq!(error.to_string(), "rule 0: relabel configuration for replace action requires 'target_label' value");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("rule {rule}: {error}")]
#[non_exhaustive]
pub struct ChainError {
    /// Index of the rule, from 0.
    pub rule: usize,
    /// Why, in Prometheus's words.
    #[source]
    pub error: RuleError,
}

impl ChainError {
    fn new(rule: usize, error: RuleError) -> Self {
        Self { rule, error }
    }
}

/// A list of relabel rules, checked and compiled once, to be run on many label sets.
/// Clones share everything, threads too: each uses a [`LabelBuilder`] of its own.
///
/// ```
/// use promcfg::{Chain, Labels};
/// use promcfg::relabel::{NameScheme, RuleSpec};
/// let rule = RuleSpec {
///     source_labels: Some(vec!["__address__".to_string()]),
///     regex: Some("([^:]+):\\d+".to_string()),
///     target_label: "host".to_string(),
///     ..RuleSpec::default()
/// };
/// let chain = Chain::new(&[rule], NameScheme::Utf8).unwrap();
/// let labels: Labels = [("__address__", "db-1:9104")].into_iter().collect();
/// let relabeled = chain.apply(&labels).unwrap().unwrap();
/// assert_eq!(relabeled.get("host"), "db-1");
/// ```
#[derive(Clone, Debug)]
pub struct Chain {
    pub(super) plan: Arc<Plan>,
}

impl Chain {
    /// Checks and compiles rules, as the newest release does, or that of a [`Semantics`].
    ///
    /// # Errors
    /// The first rule that Prometheus refuses. Patterns are compiled before all other checks,
    /// as in Prometheus.
    pub fn new(rules: &[RuleSpec], semantics: impl Into<Semantics>) -> Result<Self, ChainError> {
        Self::with_patterns(&mut RegexCache::new(), rules, semantics)
    }

    /// As [`new`](Self::new), with patterns that are compiled once however many chains have them.
    ///
    /// # Errors
    /// The first rule that Prometheus refuses.
    pub fn with_patterns<'r>(
        patterns: &mut RegexCache,
        rules: impl IntoIterator<Item = &'r RuleSpec, IntoIter: Clone>,
        semantics: impl Into<Semantics>,
    ) -> Result<Self, ChainError> {
        let semantics = semantics.into();
        let rules = rules.into_iter();
        let mut compiled = Vec::new();
        for (index, rule) in rules.clone().enumerate() {
            let regex = patterns
                .get_in(semantics.syntax, rule.pattern())
                .map_err(|error| ChainError::new(index, RuleError::Regex(error)))?;
            compiled.push(Pattern::new(regex));
        }
        let mut plan = Plan {
            rules: Vec::with_capacity(compiled.len()),
            semantics,
            names: Vec::new(),
            indexes: FxHashMap::default(),
            memo_count: 0,
        };
        for (index, (rule, pattern)) in rules.zip(compiled).enumerate() {
            check_fields(rule, semantics).map_err(|error| ChainError::new(index, error))?;
            let action = rule.action.ok_or(ChainError::new(index, RuleError::EmptyAction))?;
            plan.add(rule, action, pattern);
        }
        plan.indexes = FxHashMap::default();
        Ok(Self { plan: Arc::new(plan) })
    }

    /// Number of rules.
    #[must_use]
    pub fn len(&self) -> usize {
        self.plan.rules.len()
    }

    /// Whether there is no rule.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.plan.rules.is_empty()
    }

    /// The labels after all rules; `None` when a rule dropped the set. The labels are the base, as those of a
    /// sample are; for many sets use [`run`](Self::run).
    ///
    /// # Errors
    /// [`LimitError`] when a rule is legal, but more than is computed here.
    pub fn apply(&self, labels: &Labels) -> Result<Option<Labels>, LimitError> {
        let mut set = LabelBuilder::from_base(labels);
        match self.run(&mut set)? {
            Verdict::Kept => Ok(Some(set.to_labels())),
            Verdict::Dropped { .. } => Ok(None),
        }
    }

    /// Runs the rules on a set, up to the first one that drops it.
    ///
    /// # Errors
    /// [`LimitError`] when a rule is legal, but more than is computed here. The set is then as the rules before
    /// left it, or in between.
    pub fn run(&self, set: &mut LabelBuilder) -> Result<Verdict, LimitError> {
        run(&self.plan, set)
    }

    /// As [`run`](Self::run), and appends to `steps` what every rule did, the one that dropped the set included.
    ///
    /// ```
    /// use promcfg::Chain;
    /// use promcfg::relabel::{Action, LabelBuilder, NameScheme, RuleSpec, Verdict};
    /// let rule = RuleSpec {
    ///     source_labels: Some(vec!["env".to_string()]),
    ///     regex: Some("prod".to_string()),
    ///     action: Some(Action::Keep),
    ///     ..RuleSpec::default()
    /// };
    /// let chain = Chain::new(&[rule], NameScheme::Utf8).unwrap();
    /// let mut set = LabelBuilder::new();
    /// set.load_added([("env", "test")]);
    /// let mut steps = Vec::new();
    /// assert_eq!(chain.run_traced(&mut set, &mut steps), Ok(Verdict::Dropped { rule: 0 }));
    /// assert_eq!((steps[0].input.as_deref(), steps[0].matched, steps[0].dropped), (Some("test"), false, true));
    /// ```
    ///
    /// # Errors
    /// As [`run`](Self::run); the steps before the rule are there then.
    pub fn run_traced(&self, set: &mut LabelBuilder, steps: &mut Vec<Step>) -> Result<Verdict, LimitError> {
        run_traced(&self.plan, set, steps)
    }
}
