//! A list of rules, compiled.

use std::sync::Arc;

use super::check::check_fields;
use super::pattern::{Expansion, Pattern};
use super::{Action, LabelBuilder, Labels, LimitError, NameScheme, RuleError, RuleSpec, Step, Verdict};
use crate::re2::{RegexCache, Template};

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

/// What the rules do, ready to run.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) rules: Vec<Rule>,
    pub(super) scheme: NameScheme,
    /// The label names the rules give, each once.
    pub(super) names: Vec<String>,
    /// Number of rules that are about label names.
    pub(super) memo_count: usize,
}

/// The place of a name in [`Plan::names`].
pub(super) type NameIndex = u32;

#[derive(Debug)]
pub(super) struct Rule {
    pub(super) action: Action,
    pub(super) source: Vec<NameIndex>,
    pub(super) separator: Box<str>,
    pub(super) operation: Operation,
}

#[derive(Debug)]
pub(super) enum Operation {
    /// keep, drop: whether the set stays when the pattern matches.
    Filter { pattern: Pattern, keep: bool },
    /// keepequal, dropequal: whether the set stays when the values are equal.
    Compare { target: NameIndex, keep: bool },
    /// replace.
    Replace { pattern: Pattern, target: Target, replacement: Expansion },
    /// hashmod.
    Hash { target: NameIndex, modulus: u64 },
    /// lowercase, uppercase.
    Case { target: NameIndex, upper: bool },
    /// labelmap.
    Map { memo: usize, pattern: Pattern, replacement: Expansion, template: Template },
    /// labeldrop, labelkeep: whether a label stays when its name matches.
    Select { memo: usize, pattern: Pattern, keep: bool },
}

/// The target label of a replace.
#[derive(Debug)]
pub(super) enum Target {
    Fixed(NameIndex),
    /// The expansion never is a valid name.
    Never,
    Expanded(Expansion),
}

impl Chain {
    /// Checks and compiles rules.
    ///
    /// # Errors
    /// The first rule Prometheus refuses, by index, and why. RegexCache are compiled before all other checks,
    /// as in Prometheus.
    pub fn new(rules: &[RuleSpec], scheme: NameScheme) -> Result<Self, (usize, RuleError)> {
        Self::with_patterns(&mut RegexCache::new(), rules, scheme)
    }

    /// As [`new`](Self::new), with patterns that are compiled once however many chains have them.
    ///
    /// # Errors
    /// The first rule Prometheus refuses, by index, and why.
    pub fn with_patterns<'r>(
        patterns: &mut RegexCache,
        rules: impl IntoIterator<Item = &'r RuleSpec, IntoIter: Clone>,
        scheme: NameScheme,
    ) -> Result<Self, (usize, RuleError)> {
        let rules = rules.into_iter();
        let mut compiled = Vec::new();
        for (index, rule) in rules.clone().enumerate() {
            let regex = patterns.get(rule.pattern()).map_err(|error| (index, RuleError::Regex(error)))?;
            compiled.push(Pattern::new(regex));
        }
        let mut plan = Plan { rules: Vec::with_capacity(compiled.len()), scheme, names: Vec::new(), memo_count: 0 };
        for (index, (rule, pattern)) in rules.zip(compiled).enumerate() {
            check_fields(rule, scheme).map_err(|fault| (index, fault))?;
            let action = rule.action.ok_or((index, RuleError::EmptyAction))?;
            plan.add(rule, action, pattern);
        }
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
        super::run::run(self, set)
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
        super::run::run_traced(self, set, steps)
    }
}

impl Plan {
    fn add(&mut self, rule: &RuleSpec, action: Action, pattern: Pattern) {
        let source_labels = if action.has_source_labels() { rule.source_labels.as_deref() } else { None };
        let source = source_labels.unwrap_or(&[]).iter().map(|name| self.name(name)).collect();
        let operation = self.operation(rule, action, pattern);
        self.rules.push(Rule { action, source, separator: rule.separator.as_str().into(), operation });
    }

    fn operation(&mut self, rule: &RuleSpec, action: Action, pattern: Pattern) -> Operation {
        match action {
            Action::Keep | Action::Drop => Operation::Filter { pattern, keep: action == Action::Keep },
            Action::KeepEqual | Action::DropEqual => {
                Operation::Compare { target: self.name(&rule.target_label), keep: action == Action::KeepEqual }
            }
            Action::Replace => {
                let target = self.target(&pattern, &rule.target_label);
                let replacement = pattern.expansion(&rule.replacement);
                Operation::Replace { pattern, target, replacement }
            }
            Action::HashMod => Operation::Hash { target: self.name(&rule.target_label), modulus: rule.modulus },
            Action::Lowercase | Action::Uppercase => {
                Operation::Case { target: self.name(&rule.target_label), upper: action == Action::Uppercase }
            }
            Action::LabelMap => {
                let replacement = pattern.expansion(&rule.replacement);
                let template = Template::parse(&rule.replacement);
                Operation::Map { memo: self.memo(), pattern, replacement, template }
            }
            Action::LabelDrop | Action::LabelKeep => {
                Operation::Select { memo: self.memo(), pattern, keep: action == Action::LabelKeep }
            }
        }
    }

    fn target(&mut self, pattern: &Pattern, target_label: &str) -> Target {
        match pattern.expansion(target_label) {
            Expansion::Constant(name) if self.scheme.allows(&name) => Target::Fixed(self.name(&name)),
            Expansion::Constant(_) => Target::Never,
            expansion => Target::Expanded(expansion),
        }
    }

    fn name(&mut self, name: &str) -> NameIndex {
        let index = self.names.iter().position(|known| known == name).unwrap_or_else(|| {
            self.names.push(name.to_string());
            self.names.len() - 1
        });
        index as NameIndex
    }

    fn memo(&mut self) -> usize {
        self.memo_count += 1;
        self.memo_count - 1
    }
}
