//! Relabel rules as they are chosen and written.

use crate::config::{RelabelRule, ScrapeConfig};
use crate::relabel::{Action, RuleSpec};
use crate::yaml_edit::New;

use super::super::request::LabelStage;

/// A list of rules of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::edit) enum RuleList {
    Target,
    Metric,
}

impl RuleList {
    pub(in crate::edit) fn of_stage(stage: LabelStage) -> Self {
        match stage {
            LabelStage::Target => Self::Target,
            LabelStage::Metric => Self::Metric,
        }
    }

    pub(in crate::edit) fn key(self) -> &'static str {
        match self {
            Self::Target => "relabel_configs",
            Self::Metric => "metric_relabel_configs",
        }
    }

    pub(in crate::edit) fn of(self, job: &ScrapeConfig) -> &[RelabelRule] {
        match self {
            Self::Target => &job.relabel_configs,
            Self::Metric => &job.metric_relabel_configs,
        }
    }

    pub(super) fn of_mut(self, job: &mut ScrapeConfig) -> &mut Vec<RelabelRule> {
        match self {
            Self::Target => &mut job.relabel_configs,
            Self::Metric => &mut job.metric_relabel_configs,
        }
    }
}

/// A field of a rule whose value is a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::edit) enum RuleField {
    Replacement,
    TargetLabel,
    Regex,
    Modulus,
}

impl RuleField {
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Replacement => "replacement",
            Self::TargetLabel => "target_label",
            Self::Regex => "regex",
            Self::Modulus => "modulus",
        }
    }

    pub(super) fn key_in_object(self) -> &'static str {
        match self {
            Self::Replacement => "replacement",
            Self::TargetLabel => "targetLabel",
            Self::Regex => "regex",
            Self::Modulus => "modulus",
        }
    }

    pub(super) fn set(self, rule: &mut RuleSpec, text: &str) {
        match self {
            Self::Replacement => rule.replacement = text.to_string(),
            Self::TargetLabel => rule.target_label = text.to_string(),
            Self::Regex => rule.regex = Some(text.to_string()),
            Self::Modulus => rule.modulus = text.parse().unwrap_or(rule.modulus),
        }
    }
}

/// A rule to be written.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::edit) struct NewRule {
    pub(in crate::edit) spec: RuleSpec,
}

/// The names under which the fields of a rule are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// Those of a config.
    Config,
    /// Those of an object of prometheus-operator; its actions may begin with capital letters.
    Object { has_capitals: bool },
}

impl Spelling {
    fn key(self, name: &'static str) -> String {
        let own = match (self, name) {
            (Self::Object { .. }, "source_labels") => "sourceLabels",
            (Self::Object { .. }, "target_label") => "targetLabel",
            (Self::Object { .. } | Self::Config, name) => name,
        };
        own.to_string()
    }

    fn action(self, action: Action) -> &'static str {
        let Self::Object { has_capitals: true } = self else { return action.name() };
        match action {
            Action::Replace => "Replace",
            Action::Keep => "Keep",
            Action::Drop => "Drop",
            Action::KeepEqual => "KeepEqual",
            Action::DropEqual => "DropEqual",
            Action::HashMod => "HashMod",
            Action::LabelMap => "LabelMap",
            Action::LabelDrop => "LabelDrop",
            Action::LabelKeep => "LabelKeep",
            Action::Lowercase => "Lowercase",
            Action::Uppercase => "Uppercase",
        }
    }
}

impl NewRule {
    pub(super) fn written(&self, spelling: Spelling) -> New {
        let defaults = RuleSpec::default();
        let mut entries = Vec::new();
        if let Some(labels) = &self.spec.source_labels {
            entries.push((spelling.key("source_labels"), New::Row(labels.iter().map(New::text).collect())));
        }
        if self.spec.separator != defaults.separator {
            entries.push((spelling.key("separator"), New::text(&self.spec.separator)));
        }
        if let Some(regex) = &self.spec.regex {
            let regex = if spelling == Spelling::Config { regex } else { empty_as_pattern(regex) };
            entries.push((spelling.key("regex"), New::text(regex)));
        }
        if self.spec.modulus != defaults.modulus {
            entries.push((spelling.key("modulus"), New::Bare(self.spec.modulus.to_string())));
        }
        if !self.spec.target_label.is_empty() {
            entries.push((spelling.key("target_label"), New::text(&self.spec.target_label)));
        }
        if self.spec.replacement != defaults.replacement {
            entries.push((spelling.key("replacement"), New::text(&self.spec.replacement)));
        }
        if let Some(action) = self.spec.action.filter(|_| self.spec.action != defaults.action) {
            entries.push((spelling.key("action"), New::text(spelling.action(action))));
        }
        New::Map(entries)
    }
}

/// Whether the operator generates the job: its first rule is one of the operator.
pub(in crate::edit) fn is_generated(job: &ScrapeConfig) -> bool {
    job.relabel_configs.first().is_some_and(|rule| !rule.author.is_user())
}

/// The pattern that matches only the empty text.
pub(in crate::edit) const ONLY_EMPTY: &str = "^$";

/// A pattern as objects have it: the operator drops an empty one, and the default would match everything.
pub(super) fn empty_as_pattern(regex: &str) -> &str {
    if regex.is_empty() { ONLY_EMPTY } else { regex }
}

/// A rule as objects have it.
pub(in crate::edit) fn with_pattern_for_empty(mut rule: RuleSpec) -> RuleSpec {
    if rule.regex.as_deref() == Some("") {
        rule.regex = Some(ONLY_EMPTY.to_string());
    }
    rule
}

/// Whether a rule does nothing but set the label.
pub(in crate::edit) fn sets(rule: &RuleSpec, name: &str) -> bool {
    let is_setter =
        matches!(rule.action, Some(Action::Replace | Action::HashMod | Action::Lowercase | Action::Uppercase));
    is_setter && rule.target_label == name
}

/// Whether a rule gives the label a fixed value.
pub(in crate::edit) fn is_constant(rule: &RuleSpec, name: &str) -> bool {
    let unescaped = rule.replacement.replace("$$", "");
    rule.action == Some(Action::Replace)
        && rule.target_label == name
        && !rule.replacement.is_empty()
        && !unescaped.contains('$')
}

/// A value as a replacement that gives it.
pub(in crate::edit) fn escaped(value: &str) -> String {
    value.replace('$', "$$")
}

/// A pattern that matches only this text.
pub(in crate::edit) fn quote_pattern(text: &str) -> String {
    let is_special = |c: char| r"\.+*?()|[]{}^$".contains(c);
    text.chars().flat_map(|c| is_special(c).then_some('\\').into_iter().chain([c])).collect()
}

/// A rule with another name for a label that it reads, writes, or names in a pattern.
pub(in crate::edit) fn renamed(rule: &RuleSpec, old: &str, new: &str) -> RuleSpec {
    let mut renamed = rule.clone();
    let sources = renamed.source_labels.iter_mut().flatten();
    sources.filter(|source| *source == old).for_each(|source| *source = new.to_string());
    if renamed.target_label == old {
        renamed.target_label = new.to_string();
    }
    let is_by_name = rule.action.is_some_and(Action::is_about_names);
    if is_by_name && rule.regex.as_ref().is_some_and(|regex| *regex == quote_pattern(old)) {
        renamed.regex = Some(quote_pattern(new));
    }
    if rule.action == Some(Action::LabelMap) && rule.replacement == old {
        renamed.replacement = escaped(new);
    }
    renamed
}

/// A pattern that matches just these texts.
pub(in crate::edit) fn one_of(mut texts: Vec<&str>) -> String {
    texts.sort_unstable();
    texts.dedup();
    texts.into_iter().map(quote_pattern).collect::<Vec<_>>().join("|")
}
