//! Operations on the list of jobs: which jobs a config has.

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, ids};
use crate::text::{FileId, Location};
use crate::yaml::NodeKind;
use crate::yaml_edit::Plan;

use super::super::request::refused;
use super::nodes::Nodes;

/// A change of the list of jobs. Jobs are named by their indices before the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::edit) enum JobOp {
    /// The job is gone, with the comments that belong to it.
    Remove { job: usize },
}

impl JobOp {
    /// The jobs after the changes, as they are to be.
    pub(in crate::edit) fn try_all<'j>(ops: &[Self], jobs: &'j [ScrapeConfig]) -> Vec<&'j ScrapeConfig> {
        let mut stays = vec![true; jobs.len()];
        for op in ops {
            match op {
                Self::Remove { job } => stays[*job] = false,
            }
        }
        jobs.iter().zip(stays).filter(|(_, stays)| *stays).map(|(job, _)| job).collect()
    }

    /// The file that it changes.
    pub(in crate::edit) fn file(self, jobs: &[ScrapeConfig]) -> FileId {
        match self {
            Self::Remove { job } => jobs[job].file,
        }
    }

    /// Notes the changes of one file down as operations on its tree.
    ///
    /// # Errors
    /// A job has no place of its own, or another place uses a part of it.
    pub(in crate::edit) fn note_down_all<'t>(
        ops: &[Self],
        plan: &mut Plan<'t>,
        nodes: Nodes<'t>,
        jobs: &[ScrapeConfig],
    ) -> Result<(), Diagnostic> {
        let mut removed = Vec::new();
        for op in ops {
            match op {
                Self::Remove { job } => removed.push(nodes.item_of_job(&jobs[*job])?),
            }
        }
        removed.sort_by_key(|node| node.id());
        let Some(first) = removed.first() else { return Ok(()) };
        let Some(list) = first.parent().filter(|parent| parent.kind() == NodeKind::Sequence) else {
            let at = Location::new(nodes.file, first.full_span());
            return Err(refused(ids::EDIT_LAYOUT, at, "the file is the job itself, not a list of jobs")
                .with_help("delete the file"));
        };
        nodes.unused_elsewhere(&removed)?;
        let removed: Vec<_> = removed.iter().map(|node| node.id()).collect();
        plan.remove_elements(list, &removed).map_err(|obstacle| nodes.obstacle(&obstacle))
    }
}
