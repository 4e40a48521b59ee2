//! What a command sees of a job.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use crate::analysis::Presence;
use crate::config::{ScrapeConfig, TargetGroup};
use crate::diagnostic::{Diagnostic, ids};
use crate::effect::{address_of, is_kept};
use crate::re2::Regex;
use crate::relabel::{Chain, LabelBuilder, Labels, RuleSpec};
use crate::simulate::{JobResult, NamedBy, TargetResult};
use crate::text::{Location, Sources, most_similar};

use super::super::claim::{Claim, LabelChangeKind};
use super::super::ops::{
    Condition, ConditionalRule, Op, RuleList, is_generated, one_of, rule_in_words, with_pattern_for_empty,
};
use super::super::request::{LabelStage, Selection, refused};
use super::all_targets::{
    first_impossible, is_settled_before, is_settled_behind, is_untouched, presence_at_end, presence_at_start, prove,
};
use super::ends::labels_at_end;
use super::statement::Statement;
use super::trial::{ADDRESS, Before, INSTANCE, Trial};

/// A job at a stage, before the change.
#[derive(Clone, Copy)]
pub(in crate::edit) struct JobView<'v> {
    pub(in crate::edit) job: &'v ScrapeConfig,
    pub(in crate::edit) stage: LabelStage,
    pub(in crate::edit) selection: &'v Selection,
    pub(in crate::edit) trial: &'v Trial,
    /// Its results.
    pub(in crate::edit) before: &'v JobResult,
    /// The same with what else is known of them.
    pub(super) results: &'v Before,
    /// Which of the results are selected.
    pub(in crate::edit) selected: &'v [bool],
    /// How the selected targets are named, if they are.
    pub(in crate::edit) naming: Option<NamedBy>,
    /// How many of the results are those of known targets: the first ones.
    pub(in crate::edit) known: usize,
    pub(super) sources: &'v Sources,
    /// Which labels its results can have, as far as it was asked.
    pub(super) presences: &'v Presences,
}

/// Where a rule finds what becomes the `instance`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::edit) enum InstanceSource {
    /// In `instance`, which discovery or a rule has set.
    Label,
    /// In `__address__`.
    Address,
    /// In one of both, as the target has it.
    Either,
}

/// Whether labels can be on the results of a job, each asked once.
pub(super) type Presences = RefCell<FxHashMap<String, Presence>>;

impl JobView<'_> {
    /// Its name, for what concerns all of it.
    pub(in crate::edit) fn at(&self) -> Location {
        Location::new(self.job.file, self.job.job_name.span)
    }

    /// The rules of its stage.
    pub(in crate::edit) fn list(&self) -> RuleList {
        RuleList::of_stage(self.stage)
    }

    /// The value of a label of a result.
    pub(in crate::edit) fn value(&self, index: usize, name: &str) -> &str {
        self.before.targets[index].labels.get(name)
    }

    /// Whether a result is selected and kept.
    pub(in crate::edit) fn is_kept(&self, index: usize) -> bool {
        self.selected[index] && is_kept(&self.before.targets[index])
    }

    /// The results that are selected and kept.
    pub(in crate::edit) fn kept(&self) -> Vec<usize> {
        (0..self.selected.len()).filter(|&index| self.is_kept(index)).collect()
    }

    /// The job with operations applied.
    pub(in crate::edit) fn with(&self, ops: &[Op]) -> ScrapeConfig {
        let mut changed = self.job.clone();
        Op::try_all(ops, &mut changed);
        changed
    }

    /// What its results are: `target` or `sample`.
    pub(in crate::edit) fn things(&self) -> &'static str {
        match self.stage {
            LabelStage::Target => "target",
            LabelStage::Metric => "sample",
        }
    }

    /// Whether the user gave the samples.
    pub(in crate::edit) fn has_given_samples(&self) -> bool {
        self.trial.has_given_samples()
    }

    /// Whether no rule after this one can change the label.
    pub(in crate::edit) fn is_settled_behind(&self, rule: usize, name: &str) -> bool {
        is_settled_behind(self.trial, self.job, self.stage, rule, name)
    }

    /// Whether no rule before this one can change the label.
    pub(in crate::edit) fn is_settled_before(&self, rule: usize, name: &str) -> bool {
        is_settled_before(self.trial, self.job, self.stage, rule, name)
    }

    /// Whether no rule sets the label or reads it.
    pub(in crate::edit) fn is_untouched(&self, name: &str) -> bool {
        is_untouched(self.trial, self.job, self.stage, name)
    }

    /// Whether a target can have the label before all rules, as far as the config says.
    pub(in crate::edit) fn can_begin_with(&self, name: &str) -> bool {
        presence_at_start(self.trial, self.job, self.stage, name) != Presence::Never
    }

    /// The labels of results of a variant of the job after all rules, with `__meta_` names; `None` for targets that are
    /// dropped.
    pub(in crate::edit) fn labels_at_end_of(
        &self,
        job: &ScrapeConfig,
        results: &[TargetResult],
    ) -> Vec<Option<Labels>> {
        let variant = self.trial.variant(job);
        let rules: Vec<RuleSpec> = variant.relabel_configs.iter().map(|rule| rule.spec.clone()).collect();
        let chain = Chain::new(&rules, job.semantics()).ok();
        let mut set = LabelBuilder::new();
        let mut of_result = |result: &TargetResult| labels_at_end(chain.as_ref()?, &mut set, &result.discovered);
        results.iter().map(&mut of_result).collect()
    }

    /// Whether targets exist, or can exist, that nobody has named: those that discovery finds, and all samples.
    pub(in crate::edit) fn is_open(&self) -> bool {
        self.trial.is_open
    }

    /// Whether a target can have the label after all rules, as far as the config says.
    pub(in crate::edit) fn can_have(&self, name: &str) -> bool {
        self.presence(name) != Presence::Never
    }

    /// Whether each target has the label after all rules.
    pub(in crate::edit) fn always_has(&self, name: &str) -> bool {
        self.presence(name) == Presence::Always
    }

    fn presence(&self, name: &str) -> Presence {
        if let Some(known) = self.presences.borrow().get(name) {
            return *known;
        }
        let presence = presence_at_end(self.trial, self.job, self.stage, name);
        self.presences.borrow_mut().insert(name.to_string(), presence);
        presence
    }

    /// The conditions by which a rule after all others finds the selected targets.
    pub(in crate::edit) fn conditions(&self) -> Vec<Condition> {
        self.claimed_conditions().into_iter().map(|(name, pattern)| self.condition(name, pattern)).collect()
    }

    fn condition(&self, name: String, pattern: String) -> Condition {
        if name != INSTANCE {
            return Condition::Label { name, pattern };
        }
        match self.instance_source() {
            InstanceSource::Label => Condition::Label { name, pattern },
            InstanceSource::Address => Condition::Label { name: ADDRESS.to_string(), pattern },
            InstanceSource::Either => Condition::InstanceOrAddress { pattern },
        }
    }

    /// Where a rule after all others reads the `instance` of the selected targets: rules on targets see none where
    /// nothing but the address gives one.
    pub(in crate::edit) fn instance_source(&self) -> InstanceSource {
        let of_result = self.results.from_address.iter().zip(self.selected);
        let mut from_address = of_result.filter(|(_, selected)| **selected).map(|(from_address, _)| *from_address);
        match self.presence(INSTANCE) {
            _ if self.stage == LabelStage::Metric => InstanceSource::Label,
            Presence::Never => InstanceSource::Address,
            Presence::Always => InstanceSource::Label,
            _ if self.is_open() => InstanceSource::Either,
            _ if from_address.clone().all(|is_address| is_address) => InstanceSource::Address,
            _ if from_address.any(|is_address| is_address) => InstanceSource::Either,
            _ => InstanceSource::Label,
        }
    }

    /// Whether the `instance` of a result is its address, which Prometheus sets after all rules.
    pub(in crate::edit) fn is_address_instance(&self, index: usize) -> bool {
        self.stage == LabelStage::Target && self.results.from_address.get(index).is_some_and(|is_address| *is_address)
    }

    /// Something about the labels of each result that is selected and kept, after all rules and with `__meta_` names, by
    /// its index.
    pub(in crate::edit) fn at_end<R>(&self, look: impl Fn(usize, &Labels) -> R) -> Vec<Option<R>> {
        let variant = self.trial.variant(self.job);
        let rules: Vec<RuleSpec> = variant.relabel_configs.iter().map(|rule| rule.spec.clone()).collect();
        let chain = Chain::new(&rules, self.job.semantics()).ok();
        let mut set = LabelBuilder::new();
        let mut of_result = |index: usize| {
            let target = self.before.targets.get(index).filter(|_| self.is_kept(index))?;
            match self.stage {
                LabelStage::Metric => Some(look(index, &target.labels)),
                LabelStage::Target => {
                    labels_at_end(chain.as_ref()?, &mut set, &target.discovered).map(|labels| look(index, &labels))
                }
            }
        };
        (0..self.before.targets.len()).map(&mut of_result).collect()
    }

    /// The same for a rule before all others, where the targets are named by their addresses.
    pub(in crate::edit) fn conditions_before(&self) -> Option<Vec<Condition>> {
        let is_by_address = self.selection.conditions.is_empty() && self.stage == LabelStage::Target;
        let addresses: Vec<&str> = self.named().map(address_of).collect();
        let is_possible = is_by_address && !self.selection.targets.is_empty() && !addresses.is_empty();
        is_possible.then(|| vec![Condition::Label { name: ADDRESS.to_string(), pattern: one_of(addresses) }])
    }

    fn target_condition(&self) -> (String, String) {
        let values = |name: &str| -> Vec<&str> {
            let of_known: Vec<&str> =
                self.named().filter(|target| is_kept(target)).map(|target| target.labels.get(name)).collect();
            match of_known.is_empty() {
                true => self.selection.targets.iter().map(String::as_str).collect(),
                false => of_known,
            }
        };
        let is_set = || {
            let mut of_result = self.results.from_address.iter().zip(self.selected);
            of_result.any(|(from_address, selected)| *selected && !from_address)
        };
        // Rules on samples do not see the address, but the labels made of it.
        let name = match (self.stage, self.naming) {
            (LabelStage::Metric, _) => INSTANCE,
            (LabelStage::Target, Some(NamedBy::Instance)) if is_set() => INSTANCE,
            (LabelStage::Target, None) if !self.can_end_as(ADDRESS) => INSTANCE,
            (LabelStage::Target, _) => ADDRESS,
        };
        (name.to_string(), one_of(values(name)))
    }

    /// The results of the targets that are selected by name.
    fn named(&self) -> impl Iterator<Item = &TargetResult> {
        let selected = self.before.targets.iter().zip(self.selected);
        selected.filter(|(_, selected)| **selected).map(|(target, _)| target)
    }

    /// Whether each target selected by name can have its name as this label after all rules.
    fn can_end_as(&self, label: &str) -> bool {
        first_impossible(self.trial, self.job, self.stage, &[label], &self.selection.targets).is_none()
    }

    /// The refusal of targets that no target of the job can be.
    pub(in crate::edit) fn impossible_target(&self) -> Option<Diagnostic> {
        if self.stage == LabelStage::Metric || self.naming.is_some() {
            return None;
        }
        let labels = [ADDRESS, INSTANCE];
        let target = first_impossible(self.trial, self.job, self.stage, &labels, &self.selection.targets)?;
        let message = format!("no target of the job has the address {target} after relabeling");
        Some(
            refused(ids::LABEL_WITHOUT_TARGETS, self.at(), message)
                .with_note("the targets exist only at discovery, and the rules give each another address or `instance`")
                .with_help("give the address after relabeling, or select the target with --where LABEL=REGEX"),
        )
    }

    /// A claim about the selected targets, with the rule that makes it true, if one is needed.
    pub(in crate::edit) fn statement(
        &self,
        label: &str,
        change: LabelChangeKind,
        rule: Option<ConditionalRule>,
    ) -> Statement {
        let conditions = self.claimed_conditions();
        let is_vague = |(name, pattern): &(String, String)| {
            name == INSTANCE && self.stage == LabelStage::Target && matches_nothing_given(pattern)
        };
        let obstacle = conditions
            .iter()
            .find(|condition| is_vague(condition))
            .map(|_| "the pattern for `instance` matches a missing `instance`".to_string());
        let (rule, separator) = rule.map_or((None, None), |rule| (Some(rule.spec), rule.ambiguous));
        let rule = rule.map(|rule| if is_generated(self.job) { with_pattern_for_empty(rule) } else { rule });
        let claim = Claim { label: label.to_string(), change, conditions, separator };
        Statement { claim, rule, obstacle }
    }

    /// Whether a statement holds for all targets of the job as it is.
    pub(in crate::edit) fn holds(&self, statement: &Statement) -> bool {
        prove(self.trial, self.job, self.job, self.stage, statement).is_ok()
    }

    /// The conditions in the user's words.
    fn claimed_conditions(&self) -> Vec<(String, String)> {
        let of_target = (!self.selection.targets.is_empty()).then(|| self.target_condition());
        of_target.into_iter().chain(self.selection.conditions.iter().cloned()).collect()
    }

    /// The command that shows the targets.
    pub(in crate::edit) fn see_targets(&self) -> String {
        format!("show the targets with: {} --all-labels", self.command("simulate", ""))
    }

    /// A command about this job, ready to be run.
    pub(in crate::edit) fn command(&self, command: &str, argument: &str) -> String {
        let file = shell_word(self.sources.name(self.sources.outermost(self.at()).file));
        let job = shell_word(&self.job.job_name.value);
        match argument {
            "" => format!("promcfg {command} {file} --job {job}"),
            argument => format!("promcfg {command} {file} {} --job {job}", shell_word(argument)),
        }
    }

    /// The refusal when no target is selected, or none that is selected is scraped.
    pub(in crate::edit) fn without_targets(&self) -> Diagnostic {
        let Some(index) = self.selected.iter().position(|selected| *selected) else {
            let mut refusal = refused(ids::LABEL_WITHOUT_TARGETS, self.at(), "the job has no selected target");
            for (name, pattern) in &self.selection.conditions {
                refusal =
                    refusal.with_note(format!("after all rules no target has a `{name}` that matches {pattern:?}"));
                let values = self.before.targets.iter().map(|target| target.labels.get(name));
                if let Some(similar) =
                    most_similar(pattern, values.filter(|value| !value.is_empty() && value != pattern))
                {
                    return refusal.with_help(format!("did you mean `{similar}`?"));
                }
            }
            return refusal.with_help(self.see_targets());
        };
        let target = &self.before.targets[index];
        let address = address_of(target);
        let why = match (&target.dropped_by, &target.error) {
            (Some(by), _) => format!("the target {address} is dropped by {}[{}]", by.list, by.rule),
            (None, Some(error)) => format!("Prometheus refuses the target {address}: {error}"),
            (None, None) => format!("the target {address} is not scraped"),
        };
        refused(ids::LABEL_WITHOUT_TARGETS, self.at(), "no selected target is scraped")
            .with_note(why)
            .with_help(self.see_targets())
    }

    /// The result with this index, with its trace.
    pub(in crate::edit) fn traced(&self, index: usize) -> TargetResult {
        self.trial.traced(self.job, index).unwrap_or_else(|| self.before.targets[index].clone())
    }

    /// Where a label of a result comes from, in words; `job` is this one, with or without a change.
    pub(in crate::edit) fn origin(&self, job: &ScrapeConfig, target: &TargetResult, name: &str) -> (Location, String) {
        let (here, list) = (self.at(), self.list());
        let step = target.trace.iter().rev().find(|step| step.changes.iter().any(|change| change.label == name));
        if let Some(step) = step {
            let at = list.of(job).get(step.rule).map_or(here, |rule| Location::new(job.file, rule.span));
            return (at, format!("{} sets it", rule_in_words(job, list, step.rule)));
        }
        if self.stage == LabelStage::Metric {
            return (here, "the sample or its target brings it".to_string());
        }
        if let Some(label) = group_label(job, target.at, name) {
            return (label, "a label of its group sets it".to_string());
        }
        let origin = match target.at {
            Some(at) if at.file != job.file => format!("the target brings it, from {}", self.sources.describe(at)),
            _ if name == "job" => "the name of the job sets it".to_string(),
            _ if name == INSTANCE => "the address of the target sets it, because nothing else does".to_string(),
            _ => "the target brings it".to_string(),
        };
        (here, origin)
    }
}

/// A text as a word of a shell.
fn shell_word(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "_-./:@%+=,".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_string();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Whether a pattern matches a label that is absent.
fn matches_nothing_given(pattern: &str) -> bool {
    Regex::new(pattern).is_ok_and(|regex| regex.is_match("") != Ok(false))
}

fn group_label(job: &ScrapeConfig, target: Option<Location>, name: &str) -> Option<Location> {
    let target = target?;
    let is_its =
        |group: &&TargetGroup| group.file == target.file && group.targets.iter().any(|own| own.span == target.span);
    let group = job.static_configs.iter().find(is_its)?;
    let (own, value) = group.labels.iter().find(|(own, _)| own.value == name)?;
    Some(Location::new(group.file, own.span.to(value.span)))
}
