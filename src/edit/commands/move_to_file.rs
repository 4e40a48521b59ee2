//! `move-target --to-file`: targets that go from the config to a target file of their job.

use rustc_hash::FxHashSet;

use crate::config::TargetGroup;
use crate::text::Location;

use super::super::change::ConfigChange;
use super::super::document::Document;
use super::super::driver::{FoundTarget, JobsCommand, JobsView, Proposal, Readers};
use super::super::ops::{JobOp, NewGroup, NewLabel, NewTarget};
use super::super::request::{EditError, Selection};
use super::add_target::{Place, add, has_labels, written_labels};
use super::addresses::expand_all;
use super::remove_target::{find, in_one_job, remove};

/// Targets to be moved to a file: see [`Document::move_target_to_file`](crate::Document::move_target_to_file).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MoveTargetToFile {
    /// The path of the file, relative to the folder of the config; YAML or JSON by its ending.
    pub file: String,
    /// The targets by their addresses, as they are written, and their job: without one, the job that has them.
    pub selection: Selection,
}

impl Document<'_> {
    /// Moves targets of `static_configs` to a target file that their job reads. A file that does not exist is made, and
    /// `file_sd_configs` gets it. No label of a target changes.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// use promcfg::edit::{MoveTargetToFile, Selection};
    /// let text = "scrape_configs:\n- job_name: a\n  static_configs: [{targets: [h:1, h:2], labels: {env: x}}]\n";
    /// let mut document = Document::new("p.yml", text, &Options::default());
    /// let selection = Selection { targets: vec!["h:2".into()], ..Selection::default() };
    /// let change = document.move_target_to_file(&MoveTargetToFile { file: "t/a.json".into(), selection })?;
    /// let entry = "- job_name: a\n  file_sd_configs:\n  - files: [t/a.json]\n";
    /// let after = text.replace("h:1, h:2", "h:1").replace("- job_name: a\n", entry);
    /// assert_eq!(change.files[0].after(), after);
    /// assert_eq!(change.files[1].name, "t/a.json");
    /// assert_eq!(change.files[1].after(), "[\n  {\"targets\": [\"h:2\"], \"labels\": {\"env\": \"x\"}}\n]\n");
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    ///
    /// # Errors
    /// Another job reads the file, it exists and the job does not read it, a rule would make other labels, or as
    /// [`remove_target`](Self::remove_target).
    pub fn move_target_to_file(&mut self, request: &MoveTargetToFile) -> Result<ConfigChange, EditError> {
        self.run_on_jobs(request)
    }
}

impl JobsCommand for MoveTargetToFile {
    fn check(&self) -> Result<(), EditError> {
        expand_all(&self.selection.targets).map(|_| ())
    }

    fn is_about_targets(&self) -> bool {
        true
    }

    fn target_file(&self, view: &JobsView<'_>) -> Result<Option<(usize, String)>, EditError> {
        if view.is_target_file() {
            let message = "the targets are in a target file already";
            return Err(EditError::request(message, "name the config that reads it"));
        }
        let found = self.find(*view)?;
        Ok(found.first().map(|own| (own.job, self.file.clone())))
    }

    fn propose(&self, view: &JobsView<'_>) -> Result<Proposal, EditError> {
        let (mut proposal, found) = (Proposal::default(), self.find(*view)?);
        let (Some(first), Some(file)) = (found.first(), view.target_file) else { return Ok(proposal) };
        let job = first.job;
        view.check_valid(job)?;
        let own_file = view.jobs()[job].file;
        let is_elsewhere = |own: &&FoundTarget<'_>| own.group.file != own_file && own.group.file != file.file;
        if let Some(other) = found.iter().find(is_elsewhere) {
            let message = format!("the target {} is in {} already", other.address(), view.file_name(other.group.file));
            return Err(EditError::declined(message, "move targets between files by hand"));
        }
        let found: Vec<FoundTarget<'_>> = found.into_iter().filter(|own| own.group.file == own_file).collect();
        if found.is_empty() {
            proposal.nothing_to_do.push(view.name(job).to_string());
            return Ok(proposal);
        }
        let readers = view.readers();
        refuse_other_readers(*view, &readers, &found)?;
        remove(*view, &readers, &found, false, &mut proposal)?;
        let groups = groups_of(&found);
        let count: usize = groups.iter().map(|group| group.targets.len()).sum();
        let targets = if count == 1 { "1 target moves".to_string() } else { format!("{count} targets move") };
        proposal.moved = Some(format!("{targets} to {}, and no label changes", view.file_name(file.file)));
        proposal.fates.stays = true;
        match file.new {
            Some(after) => {
                let path = view.file_name(file.file).to_string();
                let appearing = groups.iter().map(|group| group.typed(file.file, Some(&path)));
                proposal.fates.appear.entry(job).or_default().extend(appearing);
                proposal.ops.push(JobOp::FillFile { job, file: file.file, name: path, after, groups });
            }
            None => {
                for NewGroup { targets, labels } in groups {
                    let pairs: Vec<(String, String)> =
                        labels.iter().map(|label| (label.name.clone(), label.value.clone())).collect();
                    let is_place = |group: &&TargetGroup| group.file == file.file && has_labels(group, &pairs);
                    let place = view.jobs()[job].static_configs.iter().find(is_place);
                    let place = place.map_or(Place::NewGroup(file.file), |group| Place::Group(group.at()));
                    add(*view, &readers, job, (place, targets, labels), &mut proposal);
                }
            }
        }
        if file.needs_entry {
            proposal.ops.push(JobOp::AddFileEntry { job, path: file.path.clone() });
        }
        Ok(proposal)
    }
}

impl MoveTargetToFile {
    /// The targets, all of one job.
    fn find<'v>(&self, view: JobsView<'v>) -> Result<Vec<FoundTarget<'v>>, EditError> {
        let addresses = expand_all(&self.selection.targets)?;
        let jobs = view.named(&self.selection.jobs)?;
        let found = find(view, &jobs, &addresses, &[])?;
        in_one_job(view, &found)?;
        match found.iter().find(|own| own.job != found[0].job) {
            None => Ok(found),
            Some(other) => Err(EditError::declined(
                format!("the targets are in the jobs {} and {}", view.name(found[0].job), view.name(other.job)),
                "move the targets of one job at a time",
            )),
        }
    }
}

/// Refuses to change a group that another job shares: that job would lose its targets.
fn refuse_other_readers(view: JobsView<'_>, readers: &Readers<'_>, found: &[FoundTarget<'_>]) -> Result<(), EditError> {
    for own in found.iter().filter(|_| view.changes_shared()) {
        let mut all = readers.get(&own.group.at()).into_iter().flatten();
        if let Some((other, _)) = all.find(|(job, _)| *job != own.job) {
            let (job, other) = (view.name(own.job), view.name(*other));
            let message = format!("jobs {job} and {other} share the group of the target {}", own.address());
            return Err(EditError::request(message, "use --through-anchor expand to edit a copy"));
        }
    }
    Ok(())
}

/// Groups with the labels of the old ones, each once.
fn groups_of(found: &[FoundTarget<'_>]) -> Vec<NewGroup> {
    let (mut groups, mut seen) = (Vec::<NewGroup>::new(), FxHashSet::default());
    for own in found.iter().filter(|own| seen.insert(own.at())) {
        let labels: Vec<NewLabel> = written_labels(own.group)
            .map(|(name, value)| NewLabel {
                name: name.value.clone(),
                value: value.value.clone(),
                from: Some(Location::new(own.group.file, value.span)),
            })
            .collect();
        let is_same = |group: &NewGroup| {
            let pair = |label: &NewLabel| (label.name.clone(), label.value.clone());
            group.labels.len() == labels.len()
                && group.labels.iter().all(|label| labels.iter().any(|own| pair(own) == pair(label)))
        };
        let target = NewTarget { address: own.address().to_string(), from: Some(own.at()) };
        match groups.iter_mut().find(|group| is_same(group)) {
            Some(group) => group.targets.push(target),
            None => groups.push(NewGroup { targets: vec![target], labels }),
        }
    }
    groups
}
