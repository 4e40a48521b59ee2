//! Which results are shown: by status, and by the values of labels.

use std::collections::BTreeSet;
use std::fmt;

use crate::re2::{Regex, RegexError};
use crate::text::most_similar;

use super::{Status, TargetResult};

/// Selects results by status, and by the values of labels.
///
/// ```
/// use promcfg::{Config, Options, Sources, simulate};
/// use promcfg::simulate::{SimulateOptions, Status, TargetFilter};
/// let mut sources = Sources::new();
/// let text = "scrape_configs: [{job_name: web, static_configs: [{targets: ['a:1', 'b:1']}]}]";
/// let file = sources.add("prometheus.yml", text);
/// let (config, _) = Config::read(&mut sources, file, &Options::default());
/// let simulation = simulate(&config, &mut sources, &Options::default(), &SimulateOptions::default())?;
/// let mut filter = TargetFilter::new(vec![Status::Kept], &[("instance".to_string(), "a:.*".to_string())]).unwrap();
/// let targets = &simulation.jobs[0].targets;
/// assert_eq!(targets.iter().filter(|target| filter.accepts(target)).count(), 1);
/// assert_eq!(filter.unknown_label(), None);
/// # Ok::<(), promcfg::simulate::UnknownJobError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TargetFilter {
    statuses: Vec<Status>,
    conditions: Vec<Condition>,
    /// Names of labels of the targets so far, while some condition's label is not among them.
    names: BTreeSet<String>,
}

#[derive(Clone, Debug)]
struct Condition {
    label: String,
    regex: Regex,
    /// Whether some target has the label, or a target without it fits.
    is_known: bool,
}

/// The pattern of a condition is not a regular expression.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConditionError {
    /// The label of the condition.
    pub label: String,
    /// Why.
    pub error: RegexError,
}

impl fmt::Display for ConditionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the pattern for `{}` is not a regular expression: {}", self.label, self.error)
    }
}

impl std::error::Error for ConditionError {}

/// A label that no target has.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownLabelError {
    /// Its name.
    pub name: String,
    /// The name of a label that targets have, near to it.
    pub similar: Option<String>,
}

impl fmt::Display for UnknownLabelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no target has the label {:?}", self.name)
    }
}

impl std::error::Error for UnknownLabelError {}

/// The number of names that are kept to find a near one for a hint; whether a label is known needs none of them.
const MOST_NAMES: usize = 10_000;

impl TargetFilter {
    /// A filter for targets of one of `statuses` (of any, if there are none) that fit all `conditions`: pairs of a
    /// label and a pattern for its whole value.
    ///
    /// # Errors
    /// A pattern is not a regular expression.
    pub fn new(statuses: Vec<Status>, conditions: &[(String, String)]) -> Result<Self, ConditionError> {
        let condition = |(label, pattern): &(String, String)| match Regex::new(pattern) {
            Ok(regex) => {
                let is_known = regex.is_match("") == Ok(true);
                Ok(Condition { label: label.clone(), regex, is_known })
            }
            Err(error) => Err(ConditionError { label: label.clone(), error }),
        };
        let conditions = conditions.iter().map(condition).collect::<Result<_, _>>()?;
        Ok(Self { statuses, conditions, names: BTreeSet::new() })
    }

    /// Whether every target passes.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.statuses.is_empty() && self.conditions.is_empty()
    }

    /// Whether a target passes. The label of a condition is one after all rules; of a target that is not kept, and
    /// for names that begin with `__`, also one before the rules.
    pub fn accepts(&mut self, target: &TargetResult) -> bool {
        self.learn_names(target);
        let has_status = self.statuses.is_empty() || self.statuses.contains(&target.status);
        has_status && self.conditions.iter().all(|condition| condition.fits(target))
    }

    fn learn_names(&mut self, target: &TargetResult) {
        if self.conditions.iter().all(|condition| condition.is_known) {
            return;
        }
        for condition in &mut self.conditions {
            let has = target.discovered.find(&condition.label).or_else(|| target.labels.find(&condition.label));
            condition.is_known |= has.is_some();
        }
        for (name, _) in target.discovered.iter().chain(target.labels.iter()) {
            if self.names.len() < MOST_NAMES && !self.names.contains(name) {
                self.names.insert(name.to_string());
            }
        }
    }

    /// The first label of a condition that none of the targets so far has, if there were any targets.
    #[must_use]
    pub fn unknown_label(&self) -> Option<UnknownLabelError> {
        let condition = self.conditions.iter().find(|condition| !condition.is_known)?;
        if self.names.is_empty() {
            return None;
        }
        let similar = most_similar(&condition.label, self.names.iter().map(String::as_str));
        Some(UnknownLabelError { name: condition.label.clone(), similar: similar.map(str::to_string) })
    }
}

impl Condition {
    fn fits(&self, target: &TargetResult) -> bool {
        let fits = |value: &str| self.regex.is_match(value) == Ok(true);
        let (before, after) = (target.discovered.get(&self.label), target.labels.get(&self.label));
        match target.status {
            Status::Kept if self.label.starts_with("__") => {
                // An absent label is not a second value.
                (!before.is_empty() && fits(before)) || (!after.is_empty() && fits(after)) || {
                    before.is_empty() && after.is_empty() && fits("")
                }
            }
            Status::Kept => fits(after),
            Status::Dropped | Status::Invalid | Status::Unknown | Status::Undecided => fits(before),
        }
    }
}
