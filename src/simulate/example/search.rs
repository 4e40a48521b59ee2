//! Values of an example target that the rules keep and Prometheus accepts, found by trying.

use std::cell::Cell;
use std::collections::HashSet;

use crate::re2::RegexCache;
use crate::relabel::{Action, Chain, LabelBuilder, Labels, Step, Verdict};
use crate::scrape::{DiscoveredTarget, TargetError, scrape_error};

use super::super::Owner;
use super::rule::{Rule, parts};
use super::source_labels::SourceLabels;
use super::values;

/// How often the rules run at most.
const MOST_RUNS: usize = 400;
/// How many combinations of values are looked at for one rule, and how many of them are tried.
const MOST_COMBINATIONS: usize = 2000;
const MOST_TRIES: usize = 24;
/// The longest way of rules that compute a value from another, and how many values are wanted on all ways.
const MOST_STEPS: usize = 6;
const MOST_WANTS: usize = 1000;
/// How many values of one label are looked at.
const MOST_VALUES: usize = 14;

/// The search for an example target.
pub(super) struct Search<'c> {
    pub(super) owner: Owner<'c>,
    pub(super) labels: &'c SourceLabels,
    pub(super) rules: Vec<Rule<'c>>,
    /// How many values may still be wanted for one attempt.
    pub(super) wants: Cell<usize>,
    chain: Chain,
    set: LabelBuilder,
    defaults: Labels,
    runs: usize,
}

/// What becomes of a target.
#[derive(Clone, Debug)]
enum Fate {
    Kept,
    /// It is kept, and every scrape of it fails.
    Unscrapable,
    Refused(TargetError),
    Dropped(usize),
    Unknown,
}

/// A target that was tried.
#[derive(Clone, Debug)]
struct Attempt {
    target: DiscoveredTarget,
    discovered: Labels,
    steps: Vec<Step>,
    fate: Fate,
}

impl Attempt {
    /// How far it came: the index of the rule that drops it, more when it is refused, most when it is kept.
    fn progress(&self) -> usize {
        const REFUSED: usize = usize::MAX - 100;
        match &self.fate {
            Fate::Unknown => 0,
            Fate::Dropped(rule) => rule + 1,
            // The order of Prometheus's checks.
            Fate::Refused(error) => match error {
                TargetError::NoAddress => REFUSED,
                TargetError::InvalidScheme(_) => REFUSED + 1,
                TargetError::InvalidHostname(_) => REFUSED + 2,
                TargetError::ScrapeInterval(_) => REFUSED + 3,
                TargetError::ZeroScrapeInterval => REFUSED + 4,
                TargetError::ScrapeTimeout(_) => REFUSED + 5,
                TargetError::ZeroScrapeTimeout => REFUSED + 6,
                TargetError::TimeoutExceedsInterval { .. } => REFUSED + 7,
                TargetError::InvalidBoolean { .. } => REFUSED + 8,
            },
            Fate::Unscrapable => REFUSED + 9,
            Fate::Kept => usize::MAX,
        }
    }

    /// The value of a label when the rule begins.
    fn value_before(&self, label: &str, rule: usize) -> &str {
        let steps = self.steps.iter().filter(|step| step.rule < rule).rev();
        let change = steps.flat_map(|step| step.changes.iter().rev()).find(|change| change.label == label);
        match change {
            Some(change) => change.after.as_deref().unwrap_or(""),
            None => self.discovered.get(label),
        }
    }

    fn matches(&self, rule: usize) -> bool {
        self.steps.iter().any(|step| step.rule == rule && step.matched)
    }
}

impl<'c> Search<'c> {
    /// `None` when a rule is refused.
    pub(super) fn new(patterns: &mut RegexCache, owner: Owner<'c>, labels: &'c SourceLabels) -> Option<Self> {
        let syntax = owner.semantics().syntax();
        let specs = owner.rules().iter().map(|rule| &rule.spec);
        let chain = Chain::with_patterns(patterns, specs.clone(), owner.semantics()).ok()?;
        let rules = specs.map(|spec| Rule { spec, regex: patterns.get_in(syntax, spec.pattern()).ok() }).collect();
        let (set, defaults) = (LabelBuilder::new(), owner.defaults());
        Some(Self { owner, labels, rules, wants: Cell::new(0), chain, set, defaults, runs: MOST_RUNS })
    }

    /// A target near to `first` that is kept; else the one that comes farthest.
    pub(super) fn run(mut self, first: DiscoveredTarget) -> DiscoveredTarget {
        let mut best = self.attempt(first);
        best = self.with_matches(best);
        while !matches!(best.fate, Fate::Kept | Fate::Unknown) && self.runs > 0 {
            let better = match best.fate.clone() {
                Fate::Dropped(rule) => self.past_rule(&best, rule),
                Fate::Refused(error) => self.past_check(&best, &error),
                Fate::Unscrapable => self.scrapable(&best),
                Fate::Kept | Fate::Unknown => None,
            };
            match better {
                Some(better) => best = better,
                None => break,
            }
        }
        best.target
    }

    fn attempt(&mut self, target: DiscoveredTarget) -> Attempt {
        self.runs = self.runs.saturating_sub(1);
        let discovered = self.owner.discovered_labels(&target);
        self.set.load_added(&discovered);
        let mut steps = Vec::new();
        let fate = match self.chain.run_traced(&mut self.set, &mut steps) {
            Ok(Verdict::Dropped { rule }) => Fate::Dropped(rule),
            Ok(Verdict::Kept) => match self.owner.check(self.set.to_labels()) {
                Ok(target) => match self.owner.job().and_then(|job| scrape_error(job, &target.labels)) {
                    Some(_) => Fate::Unscrapable,
                    None => Fate::Kept,
                },
                Err(error) => Fate::Refused(error),
            },
            Err(_) => Fate::Unknown,
        };
        Attempt { target, discovered, steps, fate }
    }

    /// Chooses labels of the user's so that rules that compute something match, where that harms nothing else.
    fn with_matches(&mut self, mut best: Attempt) -> Attempt {
        for index in 0..self.rules.len() {
            let rule = &self.rules[index];
            let is_computing = matches!(rule.spec.action, Some(Action::Replace));
            let sources = rule.spec.source_labels.as_deref().unwrap_or(&[]);
            let is_of_user = sources.iter().any(|name| self.labels.of_user(name).is_some());
            // A pattern for an absent label is about targets without it.
            let is_default = rule
                .regex
                .as_ref()
                .is_none_or(|regex| regex.is_match(&vec![""; sources.len()].join(&rule.spec.separator)) == Ok(true));
            if !is_computing || !is_of_user || is_default || best.matches(index) || self.runs == 0 {
                continue;
            }
            let before = best.clone();
            let is_better = |attempt: &Attempt| {
                let keeps = (0..index).all(|earlier| !before.matches(earlier) || attempt.matches(earlier));
                attempt.matches(index) && keeps && attempt.progress() >= before.progress()
            };
            if let Some(better) = self.fitting(&best, index, true, &is_better) {
                best = better;
            }
        }
        best
    }

    /// A target that the rule which drops this one keeps.
    fn past_rule(&mut self, best: &Attempt, index: usize) -> Option<Attempt> {
        let progress = best.progress();
        let is_better = |attempt: &Attempt| attempt.progress() > progress;
        let found = match self.rules.get(index)?.spec.action {
            Some(Action::Keep) => self.fitting(best, index, true, &is_better),
            Some(Action::Drop) => self.fitting(best, index, false, &is_better),
            Some(Action::KeepEqual) => self.comparing(best, index, true, &is_better),
            Some(Action::DropEqual) => self.comparing(best, index, false, &is_better),
            _ => None,
        };
        found.or_else(|| self.at_other_address(best, index, &is_better))
    }

    /// A target with another address, where a hash decides.
    fn at_other_address(
        &mut self,
        best: &Attempt,
        index: usize,
        is_better: &dyn Fn(&Attempt) -> bool,
    ) -> Option<Attempt> {
        const MOST_ADDRESSES: usize = 100;
        let is_hashed = self.rules.iter().take(index).any(|rule| rule.spec.action == Some(Action::HashMod));
        let numbers = (2..).take(MOST_ADDRESSES.min(self.runs)).take_while(|_| is_hashed);
        let mut attempts = numbers.map(|number| {
            let mut target = best.target.clone();
            values::set(&mut target, "__address__", &values::address(number));
            self.attempt(target)
        });
        attempts.find(|attempt| is_better(attempt))
    }

    /// A target whose source labels the pattern of a rule matches, or does not match.
    fn fitting(
        &mut self,
        best: &Attempt,
        index: usize,
        is_match: bool,
        is_better: &dyn Fn(&Attempt) -> bool,
    ) -> Option<Attempt> {
        let rule = self.rules.get(index)?;
        let (spec, regex) = (rule.spec, rule.regex.clone()?);
        let sources = spec.source_labels.as_deref().unwrap_or(&[]);
        let pools: Vec<Vec<String>> =
            (0..sources.len()).map(|source| self.pool(best, index, source, is_match)).collect();
        let mut tries = 0;
        for chosen in values::combinations(&pools, MOST_COMBINATIONS) {
            let values: Vec<&str> =
                chosen.iter().zip(&pools).map(|(&at, pool)| pool.get(at).map_or("", String::as_str)).collect();
            if (regex.is_match(&values.join(&spec.separator)) == Ok(true)) != is_match {
                continue;
            }
            tries += 1;
            if tries > MOST_TRIES || self.runs == 0 {
                return None;
            }
            let changes: Vec<(&str, &str)> = sources.iter().map(String::as_str).zip(values).collect();
            if let Some(attempt) = self.changed(best, index, &changes).filter(is_better) {
                return Some(attempt);
            }
        }
        None
    }

    /// Values to try for a source label of a rule; the present one first.
    fn pool(&self, best: &Attempt, index: usize, source: usize, is_match: bool) -> Vec<String> {
        const MOST_EXAMPLES: usize = 6;
        let Some(rule) = self.rules.get(index) else { return Vec::new() };
        let sources = rule.spec.source_labels.as_deref().unwrap_or(&[]);
        let Some(name) = sources.get(source) else { return Vec::new() };
        let present = best.value_before(name, index).to_string();
        let mut pool = vec![present.clone()];
        let examples =
            |rule: &Rule<'_>| rule.regex.as_ref().map_or_else(Vec::new, |regex| regex.examples(MOST_EXAMPLES));
        let part = |rule: &Rule<'_>, text: &str, at: usize| Some(parts(rule.spec, text)?.swap_remove(at).1);
        if is_match {
            pool.extend(examples(rule).iter().filter_map(|text| part(rule, text, source)));
        }
        if let Some(label) = self.labels.of_user(name) {
            pool.extend(values::hint(name, label, &self.defaults));
        }
        // What other rules want of the label.
        let others = self.rules.iter().filter(|other| other.spec.action == Some(Action::Keep));
        for other in others.filter(|other| !std::ptr::eq(*other, rule)) {
            let at = other.spec.source_labels.iter().flatten().position(|own| own == name);
            pool.extend(at.into_iter().flat_map(|at| {
                examples(other).into_iter().filter_map(move |text| part(other, &text, at)).collect::<Vec<_>>()
            }));
        }
        if !is_match {
            pool.extend(values::PLAIN.map(str::to_string));
            pool.push(format!("{present}-2"));
        }
        let mut seen = HashSet::new();
        pool.retain(|value| seen.insert(value.clone()));
        // Fewer values of each label where there are many labels.
        let most = match sources.len() {
            0 | 1 => usize::MAX,
            2 | 3 => MOST_VALUES,
            4 | 5 => 4,
            _ => 2,
        };
        pool.truncate(most);
        pool
    }

    /// A target of which two labels are the same, or are different.
    fn comparing(
        &mut self,
        best: &Attempt,
        index: usize,
        is_same: bool,
        is_better: &dyn Fn(&Attempt) -> bool,
    ) -> Option<Attempt> {
        let spec = self.rules.get(index)?.spec;
        let sources = spec.source_labels.as_deref().unwrap_or(&[]);
        let joined: Vec<&str> = sources.iter().map(|name| best.value_before(name, index)).collect();
        let joined = joined.join(&spec.separator);
        let other = best.value_before(&spec.target_label, index);
        let mut ways: Vec<(&str, String)> = Vec::new();
        match (is_same, sources) {
            (true, _) => {
                ways.extend(
                    sources.first().filter(|_| sources.len() == 1).map(|name| (name.as_str(), other.to_string())),
                );
                ways.push((spec.target_label.as_str(), joined));
            }
            (false, sources) => {
                ways.extend(sources.first().map(|name| (name.as_str(), format!("{other}-2"))));
                ways.push((spec.target_label.as_str(), format!("{joined}-2")));
            }
        }
        let mut attempts = ways.iter().filter_map(|(name, value)| self.changed(best, index, &[(name, value.as_str())]));
        attempts.find(|attempt| is_better(attempt))
    }

    /// A target that a check of Prometheus accepts.
    fn past_check(&mut self, best: &Attempt, error: &TargetError) -> Option<Attempt> {
        let default = |name: &str| self.defaults.get(name).to_string();
        let interval = ("__scrape_interval__", default("__scrape_interval__"));
        let timeout = ("__scrape_timeout__", default("__scrape_timeout__"));
        let boolean;
        let ways: Vec<(&str, String)> = match error {
            TargetError::NoAddress | TargetError::InvalidHostname(_) => {
                vec![("__address__", values::ADDRESS.to_string())]
            }
            TargetError::InvalidScheme(_) => {
                vec![("__scheme__", default("__scheme__")), ("__address__", values::ADDRESS.to_string())]
            }
            TargetError::ScrapeInterval(_) | TargetError::ZeroScrapeInterval => vec![interval],
            TargetError::ScrapeTimeout(_) | TargetError::ZeroScrapeTimeout => vec![timeout],
            TargetError::TimeoutExceedsInterval { interval: present, .. } => {
                vec![timeout, ("__scrape_timeout__", present.clone()), interval]
            }
            TargetError::InvalidBoolean { setting, .. } => {
                boolean = format!("__{}__", setting.replace(' ', "_"));
                vec![(boolean.as_str(), "true".to_string())]
            }
        };
        let (progress, end) = (best.progress(), self.rules.len());
        let mut attempts = ways.iter().filter_map(|(name, value)| self.changed(best, end, &[(name, value.as_str())]));
        attempts.find(|attempt| attempt.progress() > progress)
    }

    /// A target that can be scraped: with another address, or only another port in it.
    fn scrapable(&mut self, best: &Attempt) -> Option<Attempt> {
        let end = self.rules.len();
        let address = best.value_before("__address__", end);
        let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
        let ways = [values::ADDRESS.to_string(), values::with_port(host)];
        let mut attempts = ways.iter().filter_map(|value| self.changed(best, end, &[("__address__", value)]));
        attempts.find(|attempt| matches!(attempt.fate, Fate::Kept))
    }

    /// The target with labels that have these values when a rule begins.
    fn changed(&mut self, best: &Attempt, index: usize, values: &[(&str, &str)]) -> Option<Attempt> {
        self.wants.set(MOST_WANTS);
        let mut target = best.target.clone();
        for (name, value) in values {
            let is_present = best.value_before(name, index) == *value;
            if !is_present && !self.want(&mut target, name, value, index, MOST_STEPS) {
                return None;
            }
        }
        (target != best.target).then(|| self.attempt(target))
    }
}
