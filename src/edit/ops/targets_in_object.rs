//! Operations on the targets that are written in objects: `staticConfigs` of a ScrapeConfig, `targets.staticConfig` of a
//! Probe.

use rustc_hash::FxHashSet;

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, ids};
use crate::input::operator::Kind;
use crate::text::{Location, Span};
use crate::yaml::{Node, NodeId};
use crate::yaml_edit::Plan;

use super::super::objects::Maker;
use super::super::request::refused;
use super::JobOp;
use super::leaving::{Emptied, remove_groups};
use super::nodes::Nodes;
use super::targets::{GroupPlace, GroupToWrite, WrittenTexts, add_groups_at, add_to_list};

const GROUPS: &str = "staticConfigs";

/// The part of an object with the targets of a job.
struct Place<'p, 't> {
    nodes: Nodes<'t>,
    maker: Maker<'t>,
    job: &'p ScrapeConfig,
}

/// Notes down that targets are added.
pub(in crate::edit) fn add_targets_in_object<'t>(
    op: &JobOp,
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    maker: Maker<'t>,
    job: &ScrapeConfig,
    written: &WrittenTexts,
) -> Result<(), Diagnostic> {
    let place = Place { nodes, maker, job };
    match op {
        JobOp::AddTargets { group, targets, .. } => {
            let (owner, key) = place.group(*group)?;
            add_to_list(plan, nodes, owner, key, targets, written)
        }
        JobOp::AddGroup { .. } => {
            let at = Location::new(job.file, job.job_name.span);
            Err(refused(ids::EDIT_LAYOUT, at, "the object has one list of targets"))
        }
        JobOp::Remove { .. }
        | JobOp::RemoveTargets { .. }
        | JobOp::Add { .. }
        | JobOp::Rename { .. }
        | JobOp::FillFile { .. }
        | JobOp::AddFileEntry { .. }
        | JobOp::Copy { .. } => Ok(()),
    }
}

/// Notes down that an object gets groups.
pub(in crate::edit) fn add_groups_in_object<'t>(
    ops: &[&JobOp],
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    maker: Maker<'t>,
    written: &WrittenTexts,
) -> Result<(), Diagnostic> {
    let new: Vec<GroupToWrite<'_>> = ops.iter().filter_map(|op| op.new_group()).collect();
    let (groups, owner) = (nodes.value(maker.node, GROUPS)?, || Ok(maker.node));
    let rules = ["relabelings", "metricRelabelings"];
    add_groups_at(plan, nodes, &GroupPlace { groups, owner: &owner, key: GROUPS, rules }, &new, written)
}

/// Notes down that targets of an object leave their groups: each group with its targets. A Probe has no groups that could go.
pub(in crate::edit) fn remove_targets_in_object<'t>(
    leaving: &[(Location, &FxHashSet<Span>)],
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    maker: Maker<'t>,
    job: &ScrapeConfig,
) -> Result<(), Diagnostic> {
    let place = Place { nodes, maker, job };
    let mut emptied: Vec<Node<'t>> = Vec::new();
    for (group, targets) in leaving {
        let (owner, key) = place.group(*group)?;
        let Some(list) = nodes.value(owner, key)? else { continue };
        let typed = job.static_configs.iter().find(|own| own.at() == *group);
        let is_gone = |index: &usize| {
            typed.and_then(|typed| typed.targets.get(*index)).is_some_and(|target| targets.contains(&target.span))
        };
        let count = list.items().count();
        let items = (0..count).filter(is_gone).filter_map(|index| list.items().nth(index));
        let items = items.map(|item| nodes.item(list, item.full_span())).collect::<Result<Vec<_>, _>>()?;
        if items.len() == count && maker.kind == Kind::ScrapeConfig {
            emptied.push(owner);
            continue;
        }
        let ids: Vec<NodeId> = items.iter().map(|item| item.id()).collect();
        plan.remove_elements(list, &ids).map_err(|obstacle| nodes.obstacle(&obstacle))?;
    }
    match nodes.value(maker.node, GROUPS)?.filter(|_| !emptied.is_empty()) {
        Some(list) => {
            // The API server refuses groups without targets.
            let emptied = Emptied { list, groups: emptied, may_stay: false };
            remove_groups(plan, nodes, &emptied, &|| Ok(Some(maker.node)))
        }
        None => Ok(()),
    }
}

impl<'t> Place<'_, 't> {
    /// The mapping that has the targets of a group, and their key.
    fn group(&self, group: Location) -> Result<(Node<'t>, &'static str), Diagnostic> {
        let missing = || {
            let at = Location::new(self.job.file, self.job.job_name.span);
            refused(ids::EDIT_LAYOUT, at, "the targets are not written in the object itself")
        };
        if self.maker.kind == Kind::Probe {
            let targets = self.nodes.value(self.maker.node, "targets")?.ok_or_else(missing)?;
            let own = self.nodes.value(targets, "staticConfig")?.ok_or_else(missing)?;
            return Ok((own, "static"));
        }
        let index = self.job.static_configs.iter().position(|own| own.at() == group).ok_or_else(missing)?;
        let groups = self.nodes.value(self.maker.node, GROUPS)?.ok_or_else(missing)?;
        let item = groups.items().nth(index).ok_or_else(missing)?;
        Ok((self.nodes.item(groups, item.resolved().full_span())?, "targets"))
    }
}
