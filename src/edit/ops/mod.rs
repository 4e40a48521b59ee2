//! The changes of a job: as they are tried on the typed config, and as operations on the tree.

mod alternatives;
mod condition;
mod copied;
mod fields;
mod file_entry;
mod groups;
mod in_object;
mod items;
mod jobs;
mod leaving;
mod new;
mod new_file;
mod nodes;
mod rule;
mod rules;
mod targets;
mod targets_in_object;
mod tried;

use crate::config::ScrapeConfig;
use crate::diagnostic::Diagnostic;
use crate::text::{FileId, Location, Span};
use crate::yaml_edit::Plan;

pub(super) use alternatives::{Alternatives, Compared, METRIC_NAME, filters_names, is_filter_of_names, selects_names};
pub(super) use condition::{Condition, ConditionalRule, conditional_rule};
pub(super) use copied::{CopyForm, copying_rule, rule_copying_instance};
pub(super) use fields::{FieldOp, FieldWay, keys, node_at, shown_value};
pub(super) use in_object::{note_down as note_down_in_object, rule_in_words};
pub(super) use items::keeps_name;
pub(super) use jobs::{Expected, JobOp, path_label};
pub(super) use leaving::staying;
pub(super) use new::{JobLabel, NewGroup, NewJob, NewLabel, NewTarget};
pub(super) use nodes::{Nodes, Shared};
pub(super) use rule::{
    NewRule, ONLY_EMPTY, RuleField, RuleList, escaped, is_constant, is_generated, one_of, quote_pattern, renamed, sets,
    with_pattern_for_empty,
};

pub(super) use targets::{WrittenText, WrittenTexts};
pub(super) use targets_in_object::{add_groups_in_object, add_targets_in_object, remove_targets_in_object};

use rule::Spelling;
use tried::Tried;

/// The operations chosen for a job.
pub(super) type OfJob<'o> = (&'o ScrapeConfig, &'o [Op]);

/// A change of a job.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::edit) enum Op {
    /// A rule more, at the start or at the end of its list.
    AddRule { list: RuleList, first: bool, rule: NewRule },
    /// Rules more, one after the other at the end of their list.
    AddRules { list: RuleList, rules: Vec<NewRule> },
    /// Another text for a field of the rule at that place.
    SetRuleField { list: RuleList, rule: Span, field: RuleField, text: String },
    /// The rule at that place reads another label.
    RenameSource { list: RuleList, rule: Span, from: String, to: String },
    /// The rules at these places are gone.
    RemoveRules { list: RuleList, spans: Vec<Span> },
    /// A label more, or another value of it, for a group of `static_configs` or of a target file.
    SetGroupLabel { group: Location, name: String, value: String },
    /// A label less.
    RemoveGroupLabel { group: Location, name: String },
    /// Another name of a label, with the same value.
    RenameGroupLabel { group: Location, name: String, to: String },
    /// A target goes to a group of its own, with the labels of its old one; this label has another value there, or is
    /// gone.
    SplitGroup { group: Location, target: Span, name: String, value: Option<String> },
}

impl Op {
    /// Makes the changes, in their order, on the typed job.
    pub(in crate::edit) fn try_all(ops: &[Self], job: &mut ScrapeConfig) {
        let mut tried = Tried::new(job);
        ops.iter().for_each(|op| tried.apply(op));
    }

    /// The file that it changes: that of the job, or one of its target files.
    pub(in crate::edit) fn file(&self, job: &ScrapeConfig) -> FileId {
        self.group().map_or(job.file, |group| group.file)
    }

    /// The group that it changes, if it changes one.
    pub(in crate::edit) fn group(&self) -> Option<Location> {
        match self {
            Self::AddRule { .. }
            | Self::AddRules { .. }
            | Self::SetRuleField { .. }
            | Self::RenameSource { .. }
            | Self::RemoveRules { .. } => None,
            Self::SetGroupLabel { group, .. }
            | Self::RemoveGroupLabel { group, .. }
            | Self::RenameGroupLabel { group, .. }
            | Self::SplitGroup { group, .. } => Some(*group),
        }
    }

    /// Notes the change down as operations on the tree of its file.
    pub(in crate::edit) fn note_down<'t>(
        &self,
        plan: &mut Plan<'t>,
        nodes: Nodes<'t>,
        job: &ScrapeConfig,
    ) -> Result<(), Diagnostic> {
        match self {
            Self::AddRule { list, first, rule } => {
                rules::add_rule(plan, nodes, nodes.job(job)?, list.key(), *first, rule.written(Spelling::Config))
            }
            Self::AddRules { list, rules } => {
                let written = rules.iter().map(|rule| rule.written(Spelling::Config)).collect();
                rules::add_rules(plan, nodes, nodes.job(job)?, list.key(), written)
            }
            Self::SetRuleField { list, rule, field, text } => {
                rules::set_field(plan, nodes, nodes.job(job)?, list.key(), *rule, (field.key(), text))
            }
            Self::RenameSource { list, rule, from, to } => {
                rules::rename_source(plan, nodes, nodes.job(job)?, list.key(), *rule, ("source_labels", from, to))
            }
            Self::RemoveRules { list, spans } => rules::remove_rules(plan, nodes, nodes.job(job)?, list.key(), spans),
            Self::SetGroupLabel { group, name, value } => {
                let group = groups::group_of(nodes, job, group.span)?;
                groups::set_group_label(plan, nodes, group, name, value)
            }
            Self::RemoveGroupLabel { group, name } => {
                let group = groups::group_of(nodes, job, group.span)?;
                groups::remove_group_label(plan, nodes, group, name)
            }
            Self::RenameGroupLabel { group, name, to } => {
                let group = groups::group_of(nodes, job, group.span)?;
                groups::rename_group_label(plan, nodes, group, name, to)
            }
            Self::SplitGroup { group, target, name, value } => {
                groups::split_group(plan, nodes, job, *group, *target, (name, value.as_deref()))
            }
        }
    }
}
