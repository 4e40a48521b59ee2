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
}

impl RuleField {
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Replacement => "replacement",
            Self::TargetLabel => "target_label",
            Self::Regex => "regex",
        }
    }

    pub(super) fn set(self, rule: &mut RuleSpec, text: &str) {
        match self {
            Self::Replacement => rule.replacement = text.to_string(),
            Self::TargetLabel => rule.target_label = text.to_string(),
            Self::Regex => rule.regex = Some(text.to_string()),
        }
    }
}

/// A rule to be written.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::edit) struct NewRule {
    pub(in crate::edit) spec: RuleSpec,
}

impl NewRule {
    pub(super) fn written(&self) -> New {
        let defaults = RuleSpec::default();
        let mut entries = Vec::new();
        if let Some(labels) = &self.spec.source_labels {
            entries.push(("source_labels".to_string(), New::Row(labels.iter().map(New::text).collect())));
        }
        if self.spec.separator != defaults.separator {
            entries.push(("separator".to_string(), New::text(&self.spec.separator)));
        }
        if let Some(regex) = &self.spec.regex {
            entries.push(("regex".to_string(), New::text(regex)));
        }
        if !self.spec.target_label.is_empty() {
            entries.push(("target_label".to_string(), New::text(&self.spec.target_label)));
        }
        if self.spec.replacement != defaults.replacement {
            entries.push(("replacement".to_string(), New::text(&self.spec.replacement)));
        }
        if let Some(action) = self.spec.action.filter(|_| self.spec.action != defaults.action) {
            entries.push(("action".to_string(), New::text(action.name())));
        }
        New::Map(entries)
    }
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
