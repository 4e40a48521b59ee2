//! `move-target`: targets that go to another job, with their labels and comments.

use rustc_hash::FxHashSet;

use crate::config::join_to_folder_of;
use crate::text::Location;

use super::super::change::ConfigChange;
use super::super::document::Document;
use super::super::driver::{FoundTarget, JobsCommand, JobsView, Proposal, Readers};
use super::super::ops::{JobOp, NewLabel, NewTarget};
use super::super::request::{EditError, Selection};
use super::add_target::{Place, add, check_in_job, has_labels, place_for, written_labels};
use super::addresses::expand_all;
use super::remove_target::{in_one_job, remove};

/// Targets to be moved: see [`Document::move_target`](crate::Document::move_target).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MoveTarget {
    /// The name of the job that they go to.
    pub to: String,
    /// The target file of that job that they go to, by its path relative to the folder of the config. Without one: to the
    /// group that has their labels, wherever it is.
    pub file: Option<String>,
    /// The targets by their addresses, as they are written, and the jobs that they leave: without one, the job that has them.
    pub selection: Selection,
}

impl Document<'_> {
    /// Moves targets to another job: to the group there that has the labels of their group, or to a new one. Their comments
    /// go with them.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// use promcfg::edit::{MoveTarget, Selection};
    /// let text = "scrape_configs:\n- job_name: a\n  static_configs: [{targets: [h:1, h:2]}]\n- job_name: b\n  static_configs: [{targets: [h:3]}]\n";
    /// let mut document = Document::new("p.yml", text, &Options::default());
    /// let selection = Selection { targets: vec!["h:2".into()], ..Selection::default() };
    /// let change = document.move_target(&MoveTarget { to: "b".into(), selection, ..MoveTarget::default() })?;
    /// assert_eq!(change.files[0].after(), text.replace("[h:1, h:2]", "[h:1]").replace("[h:3]", "[h:3, h:2]"));
    /// assert_eq!(change.summary(), "1 target moves from job a to job b (h:2); nothing else changes");
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    ///
    /// # Errors
    /// As [`remove_target`](Self::remove_target) and [`add_target`](Self::add_target).
    pub fn move_target(&mut self, request: &MoveTarget) -> Result<ConfigChange, EditError> {
        self.run_on_jobs(request)
    }
}

impl JobsCommand for MoveTarget {
    fn check(&self) -> Result<(), EditError> {
        expand_all(&self.selection.targets).map(|_| ())
    }

    fn is_about_targets(&self) -> bool {
        true
    }

    fn propose(&self, view: &JobsView<'_>) -> Result<Proposal, EditError> {
        let addresses = expand_all(&self.selection.targets)?;
        if view.is_target_file() {
            let message = "a target file has no jobs between which targets can move";
            return Err(EditError::request(message, "name the config that reads it"));
        }
        let to = self.job(*view)?;
        view.check_valid(to)?;
        view.check_can_have_targets(to)?;
        let mut from = view.named(&self.selection.jobs)?;
        from.retain(|job| *job != to);
        let found = self.find(*view, &from, to, &addresses)?;
        let selected = found.iter().map(|own| own.job).chain([to]).collect();
        let mut proposal = Proposal { selected, ..Proposal::default() };
        if found.is_empty() {
            proposal.nothing_to_do.push(self.to.clone());
            return Ok(proposal);
        }
        if !self.selection.all_jobs && self.selection.jobs.is_empty() {
            in_one_job(*view, &found)?;
        }
        let readers = view.readers();
        refuse_shared(*view, &readers, &found, to)?;
        remove(*view, &readers, &found, true, &mut proposal)?;
        put(*view, &readers, &found, (to, self.file.as_deref()), &mut proposal)?;
        refuse_returning(*view, &found, &proposal)?;
        Ok(proposal)
    }
}

impl MoveTarget {
    /// The job that the targets go to.
    fn job(&self, view: JobsView<'_>) -> Result<usize, EditError> {
        view.named(&[])?;
        let mut named = (0..view.jobs().len()).filter(|job| view.name(*job) == self.to);
        let job = named.next().ok_or_else(|| view.unknown_job(&self.to))?;
        match named.next() {
            None => Ok(job),
            Some(_) => Err(EditError::declined(
                format!("the config has several jobs {}", self.to),
                "give each job a name of its own",
            )),
        }
    }

    /// The targets that are to leave other jobs; those that are only in the new job already are there.
    fn find<'v>(
        &self,
        view: JobsView<'v>,
        from: &[usize],
        to: usize,
        addresses: &[String],
    ) -> Result<Vec<FoundTarget<'v>>, EditError> {
        let wanted: FxHashSet<&str> = addresses.iter().map(String::as_str).collect();
        let found: Vec<FoundTarget<'v>> = view.targets(from).filter(|own| wanted.contains(own.address())).collect();
        let of_new: Vec<FoundTarget<'v>> = view.targets(&[to]).filter(|own| wanted.contains(own.address())).collect();
        let known: FxHashSet<&str> = found.iter().chain(&of_new).map(FoundTarget::address).collect();
        match addresses.iter().find(|address| !known.contains(address.as_str())) {
            Some(address) => Err(view.unknown_target(address, from)),
            None => Ok(found),
        }
    }
}

/// Refuses to take targets out of a target file that the new job also reads, or out of a group that both are to share.
fn refuse_shared(
    view: JobsView<'_>,
    readers: &Readers<'_>,
    found: &[FoundTarget<'_>],
    to: usize,
) -> Result<(), EditError> {
    let is_shared =
        |own: &&FoundTarget<'_>| readers.get(&own.group.at()).into_iter().flatten().any(|(job, _)| *job == to);
    let Some(own) = found.iter().find(is_shared) else { return Ok(()) };
    let (from, new) = (view.name(own.job), view.name(to));
    if own.group.file == view.jobs()[own.job].file {
        // Each job gets a group of its own, or the group is refused where it is written.
        if !view.changes_shared() {
            return Ok(());
        }
        let message = format!("jobs {from} and {new} share the group of the target {}", own.address());
        return Err(EditError::declined(message, "use --through-anchor expand to edit a copy"));
    }
    let file = view.file_name(own.group.file);
    let message = format!("jobs {from} and {new} have the target {} from {file}", own.address());
    Err(EditError::declined(message, "give each job a target file of its own"))
}

/// Refuses a move after which an old job has one of the targets from what it reads together with the new job.
fn refuse_returning(view: JobsView<'_>, found: &[FoundTarget<'_>], proposal: &Proposal) -> Result<(), EditError> {
    let returns = |own: &&FoundTarget<'_>| {
        let mut groups = proposal.fates.appear.get(&own.job).into_iter().flatten();
        groups.any(|group| group.targets.iter().any(|target| target.value == own.address()))
    };
    let Some(own) = found.iter().find(returns) else { return Ok(()) };
    let message = format!("job {} would still have the target {}", view.name(own.job), own.address());
    Err(EditError::declined(message, "give each job targets of its own, in `static_configs` or in a target file"))
}

/// The labels of a group, as they are and as they are to be written, and its targets that move.
type GroupToMove = (Vec<(String, String)>, Vec<NewLabel>, Vec<NewTarget>);

/// Puts the found targets into the groups of the new job that have their labels.
fn put(
    view: JobsView<'_>,
    readers: &Readers<'_>,
    found: &[FoundTarget<'_>],
    (to, path): (usize, Option<&str>),
    proposal: &mut Proposal,
) -> Result<(), EditError> {
    let mut groups: Vec<GroupToMove> = Vec::new();
    // Jobs can read one target file, and groups can share a list of targets.
    let mut seen: FxHashSet<(Location, Location)> = FxHashSet::default();
    for own in found.iter().filter(|own| seen.insert((own.group.at(), own.at()))) {
        check_in_job(view, to, own.address())?;
        let labels: Vec<(String, String)> =
            written_labels(own.group).map(|(name, value)| (name.value.clone(), value.value.clone())).collect();
        let mut there = view.jobs()[to].static_configs.iter().filter(|group| has_labels(group, &labels));
        if there.any(|group| group.targets.iter().any(|target| target.value == own.address())) {
            let to = view.name(to);
            proposal.notes.push(format!("the target {} is in job {to} already, with the same labels", own.address()));
            continue;
        }
        let target = NewTarget { address: own.address().to_string(), from: Some(own.at()) };
        match groups.iter_mut().find(|(known, _, _)| is_same_set(known, &labels)) {
            Some((_, _, targets)) if targets.iter().any(|other| other.address == target.address) => {}
            Some((_, _, targets)) => targets.push(target),
            None => {
                let new = written_labels(own.group).map(|(name, value)| NewLabel {
                    name: name.value.clone(),
                    value: value.value.clone(),
                    from: Some(Location::new(own.group.file, value.span)),
                });
                groups.push((labels, new.collect(), vec![target]));
            }
        }
    }
    for (labels, new, targets) in groups {
        let place = match path {
            Some(path) => place_in_file(view, readers, to, path, &labels)?,
            None => place_of_one(view, readers, to, &labels, &mut proposal.notes)?,
        };
        let is_emptied = |at: Location| {
            let mut removed = proposal.ops.iter();
            removed.any(|op| matches!(op, JobOp::RemoveTargets { group, .. } if *group == at))
        };
        match place {
            Place::Group(at) if is_emptied(at) => {
                let message = "targets would leave and join one group";
                return Err(EditError::declined(message, "move the targets of one job at a time"));
            }
            place => add(view, readers, to, (place, targets, new), proposal),
        }
    }
    Ok(())
}

/// Where targets with these labels go in a job: to what no other job reads.
fn place_of_one(
    view: JobsView<'_>,
    readers: &Readers<'_>,
    job: usize,
    labels: &[(String, String)],
    notes: &mut Vec<String>,
) -> Result<Place, EditError> {
    let place = place_for(view, job, labels, "choose one with --to-file PATH")?;
    let (Some(other), file) = (other_reader(view, readers, job, place), place.file()) else { return Ok(place) };
    let own = &view.jobs()[job];
    if file == own.file {
        return Ok(place);
    }
    let groups = own.static_configs.iter().filter(|group| has_labels(group, labels));
    let mut places = groups.map(|group| Place::Group(group.at()));
    let place = places.find(|place| other_reader(view, readers, job, *place).is_none());
    Ok(place.unwrap_or_else(|| {
        let (name, file) = (view.name(job), view.file_name(file));
        let note =
            format!("job {} also reads {file}, so the targets go to static_configs of job {name}", view.name(other));
        if !notes.contains(&note) {
            notes.push(note);
        }
        Place::NewGroup(own.file)
    }))
}

/// Another job that has a place.
fn other_reader(view: JobsView<'_>, readers: &Readers<'_>, job: usize, place: Place) -> Option<usize> {
    let is_other = |reader: &usize| *reader != job;
    match place {
        Place::Group(at) => readers.get(&at)?.iter().map(|(reader, _)| *reader).find(is_other),
        Place::NewGroup(file) => view.readers_of_file(job, file).into_iter().find(is_other),
    }
}

/// Where targets with these labels go in a target file of a job, which no other job reads.
fn place_in_file(
    view: JobsView<'_>,
    readers: &Readers<'_>,
    job: usize,
    path: &str,
    labels: &[(String, String)],
) -> Result<Place, EditError> {
    let own = &view.jobs()[job];
    let name = join_to_folder_of(view.file_name(own.file), path);
    let groups = || own.static_configs.iter().filter(|group| group.file != own.file);
    let mut of_file = groups().filter(|group| view.file_name(group.file) == name).peekable();
    let Some(file) = of_file.peek().map(|group| group.file) else {
        let mut names: Vec<&str> = groups().map(|group| view.file_name(group.file)).collect();
        names.dedup();
        let help = match names.is_empty() {
            true => "name a target file of that job that has groups".to_string(),
            false => format!("its target files are {}", names.join(", ")),
        };
        return Err(EditError::request(format!("job {} has no groups in {name}", own.job_name.value), help));
    };
    let group = of_file.find(|group| has_labels(group, labels));
    let place = group.map_or(Place::NewGroup(file), |group| Place::Group(group.at()));
    match other_reader(view, readers, job, place) {
        None => Ok(place),
        Some(other) => {
            let (other, name) = (view.name(other), view.name(job));
            let help = format!("name a file that only job {name} reads");
            Err(EditError::declined(format!("job {other} also reads {}", view.file_name(file)), help))
        }
    }
}

fn is_same_set(one: &[(String, String)], other: &[(String, String)]) -> bool {
    one.len() == other.len() && one.iter().all(|label| other.contains(label))
}
