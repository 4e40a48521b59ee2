//! `remove-target`: targets taken out of their groups.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::TargetGroup;
use crate::text::{Location, Span};

use super::super::change::ConfigChange;
use super::super::document::Document;
use super::super::driver::{FoundTarget, JobsCommand, JobsView, Proposal, Readers};
use super::super::ops::JobOp;
use super::super::request::{EditError, Selection};
use super::add_target::written_labels;
use super::addresses::expand_all;

/// Targets to be removed: see [`Document::remove_target`](crate::Document::remove_target).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemoveTarget {
    /// Only targets whose group has these labels.
    pub labels: Vec<(String, String)>,
    /// The targets by their addresses, as they are written; `host{1..3}:9100`, `{a,b}:80` and `host:5001-5005` name several.
    /// And the jobs: without one, the job that has the targets.
    pub selection: Selection,
}

impl Document<'_> {
    /// Removes targets from `static_configs` and target files, each with its comments. A group without targets goes with
    /// its comments, and so does the list when no group is left. The last targets of a list leave `[]` where they are
    /// written in brackets, so that targets that are added again are where they were.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// use promcfg::edit::{RemoveTarget, Selection};
    /// let text = "scrape_configs:\n- job_name: node\n  static_configs:\n  - targets:\n    - a:9100 # old\n    - b:9100\n";
    /// let mut document = Document::new("p.yml", text, &Options::default());
    /// let selection = Selection { targets: vec!["a:9100".into()], ..Selection::default() };
    /// let change = document.remove_target(&RemoveTarget { selection, ..RemoveTarget::default() })?;
    /// assert_eq!(change.files[0].after(), text.replace("    - a:9100 # old\n", ""));
    /// assert_eq!(change.summary(), "1 target is lost (a:9100); nothing else changes");
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    ///
    /// # Errors
    /// No job, or more than one that is not selected, has a target; or its text is shared by an anchor.
    pub fn remove_target(&mut self, request: &RemoveTarget) -> Result<ConfigChange, EditError> {
        self.run_on_jobs(request)
    }
}

impl JobsCommand for RemoveTarget {
    fn check(&self) -> Result<(), EditError> {
        expand_all(&self.selection.targets).map(|_| ())
    }

    fn is_about_targets(&self) -> bool {
        true
    }

    fn propose(&self, view: &JobsView<'_>) -> Result<Proposal, EditError> {
        let addresses = expand_all(&self.selection.targets)?;
        view.check_target_file(&self.selection)?;
        let jobs = view.named(&self.selection.jobs).map_err(|error| match error {
            // A config without jobs has none of the targets.
            EditError::Request { .. } if view.jobs().is_empty() && self.selection.jobs.is_empty() => {
                view.unknown_target(&addresses[0], &[])
            }
            error => error,
        })?;
        view.check_some_have_targets(&jobs)?;
        let found = find(*view, &jobs, &addresses, &self.labels)?;
        let is_chosen = self.selection.all_jobs || !self.selection.jobs.is_empty();
        if !is_chosen {
            in_one_job(*view, &found)?;
        }
        let mut proposal = Proposal { selected: found.iter().map(|own| own.job).collect(), ..Proposal::default() };
        remove(*view, &view.readers(), &found, true, &mut proposal)?;
        Ok(proposal)
    }
}

/// The targets with these addresses, in groups with these labels.
///
/// # Errors
/// An address is not found.
pub(super) fn find<'v>(
    view: JobsView<'v>,
    jobs: &[usize],
    addresses: &[String],
    labels: &[(String, String)],
) -> Result<Vec<FoundTarget<'v>>, EditError> {
    let wanted: FxHashSet<&str> = addresses.iter().map(String::as_str).collect();
    let has_labels = |group: &TargetGroup| {
        let has = |(name, value): &(String, String)| {
            written_labels(group).any(|(own, of_own)| own.value == *name && of_own.value == *value)
        };
        labels.iter().all(has)
    };
    let found = view.targets(jobs).filter(|own| wanted.contains(own.address()) && has_labels(own.group));
    let found: Vec<FoundTarget<'v>> = found.collect();
    let known: FxHashSet<&str> = found.iter().map(FoundTarget::address).collect();
    match addresses.iter().find(|address| !known.contains(address.as_str())) {
        Some(address) => Err(view.unknown_target(address, jobs)),
        None => Ok(found),
    }
}

/// Refuses targets of several jobs, unless these have them from one target file.
pub(super) fn in_one_job(view: JobsView<'_>, found: &[FoundTarget<'_>]) -> Result<(), EditError> {
    let mut seen: FxHashMap<&str, &FoundTarget<'_>> = FxHashMap::default();
    for own in found {
        let first = *seen.entry(own.address()).or_insert(own);
        if first.job != own.job && first.at() != own.at() {
            let (one, other) = (view.name(first.job), view.name(own.job));
            let message = format!("several jobs have the target {}, such as {one} and {other}", own.address());
            return Err(EditError::request(message, "select one with --job, or all of them with --all-jobs"));
        }
    }
    Ok(())
}

/// Removes targets from their groups, in all jobs that have the group. Empty lists may stay in their place.
pub(super) fn remove(
    view: JobsView<'_>,
    readers: &Readers<'_>,
    found: &[FoundTarget<'_>],
    may_stay: bool,
    proposal: &mut Proposal,
) -> Result<(), EditError> {
    let mut groups: Vec<(Vec<usize>, Location, FxHashSet<Span>)> = Vec::new();
    let mut places: FxHashMap<Location, usize> = FxHashMap::default();
    for own in found {
        view.check_valid(own.job)?;
        let at = own.group.at();
        let place = *places.entry(at).or_insert_with(|| {
            groups.push((vec![own.job], at, FxHashSet::default()));
            groups.len() - 1
        });
        let (jobs, _, targets) = &mut groups[place];
        targets.insert(own.at().span);
        // Jobs that share the group by an alias each say what becomes of it; a target file is one for all.
        let is_of_config = at.file == view.jobs()[own.job].file;
        if is_of_config && jobs.last() != Some(&own.job) {
            jobs.push(own.job);
        }
    }
    for (jobs, at, targets) in groups {
        for (index, group) in readers.get(&at).into_iter().flatten() {
            let gone = group.targets.iter().filter(|own| targets.contains(&own.span)).cloned().collect();
            let gone = TargetGroup { targets: gone, ..(*group).clone() };
            proposal.fates.vanish.entry(*index).or_default().push(gone);
        }
        let of_job = |job| JobOp::RemoveTargets { job, group: at, targets: targets.clone(), may_stay };
        proposal.ops.extend(jobs.into_iter().map(of_job));
    }
    Ok(())
}
