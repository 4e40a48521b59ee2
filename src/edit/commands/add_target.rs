//! `add-target`: targets more, in the groups with their labels.

use rustc_hash::FxHashSet;

use crate::config::{ScrapeConfig, TargetGroup};
use crate::secrets::masked_label;
use crate::text::{FileId, Location, Span, Spanned};

use super::super::change::ConfigChange;
use super::super::document::Document;
use super::super::driver::{ADDRESS, Fates, JobsCommand, JobsView, Proposal, Readers};
use super::super::ops::{JobOp, NewLabel, NewTarget};
use super::super::request::{EditError, Selection};
use super::addresses::{check_address, expand_all, no_url};

/// Targets to be added: see [`Document::add_target`](crate::Document::add_target).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddTarget {
    /// Their addresses; `host{1..3}:9100`, `{a,b}:80` and `host:5001-5005` name several.
    pub targets: Vec<String>,
    /// The labels that their group gives them.
    pub labels: Vec<(String, String)>,
    /// The jobs; of a selection only these count.
    pub selection: Selection,
}

impl Document<'_> {
    /// Adds targets to jobs: to a group with just these labels, in `static_configs` or in a target file, or to a new
    /// group. A target that the job has already is left as it is.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// use promcfg::edit::AddTarget;
    /// let text = "scrape_configs:\n- job_name: node\n  static_configs:\n  - targets: [a:9100] # rack 7\n";
    /// let mut document = Document::new("p.yml", text, &Options::default());
    /// let change = document.add_target(&AddTarget { targets: vec!["b{1..2}:9100".into()], ..AddTarget::default() })?;
    /// assert_eq!(change.files[0].after(), text.replace("[a:9100]", "[a:9100, b1:9100, b2:9100]"));
    /// assert_eq!(change.summary(), "2 targets are gained (b1:9100); nothing else changes");
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    ///
    /// # Errors
    /// No job is selected, an address is one that Prometheus refuses, or the groups have no place for it: they are shared
    /// by an anchor, or several target files could have it.
    pub fn add_target(&mut self, request: &AddTarget) -> Result<ConfigChange, EditError> {
        self.run_on_jobs(request)
    }
}

/// How one of several target files is chosen.
const CHOICE: &str = "name the target file instead of the config, or give the labels of a group";

impl JobsCommand for AddTarget {
    fn check(&self) -> Result<(), EditError> {
        expand_all(&self.targets)?.iter().try_for_each(|address| check_address(address))?;
        let mut seen = FxHashSet::default();
        self.labels.iter().try_for_each(|(name, value)| {
            check_group_label(name, value)?;
            match seen.insert(name) {
                true => Ok(()),
                false => Err(EditError::request(format!("the label `{name}` is given twice"), "give each label once")),
            }
        })
    }

    fn is_about_targets(&self) -> bool {
        true
    }

    fn propose(&self, view: &JobsView<'_>) -> Result<Proposal, EditError> {
        let addresses = expand_all(&self.targets)?;
        let (mut proposal, readers) = (Proposal::default(), view.readers());
        let mut done = FxHashSet::default();
        proposal.selected = view.selected(&self.selection)?;
        for job in proposal.selected.clone() {
            view.check_valid(job)?;
            self.propose_for(*view, &readers, job, &addresses, &mut done, &mut proposal)?;
        }
        proposal.notes.extend(in_other_jobs(*view, &proposal.fates));
        Ok(proposal)
    }
}

impl AddTarget {
    fn propose_for(
        &self,
        view: JobsView<'_>,
        readers: &Readers<'_>,
        job: usize,
        addresses: &[String],
        done: &mut FxHashSet<Place>,
        proposal: &mut Proposal,
    ) -> Result<(), EditError> {
        let missing = self.missing(view, job, addresses, proposal);
        if missing.is_empty() {
            proposal.nothing_to_do.push(view.name(job).to_string());
            return Ok(());
        }
        missing.iter().try_for_each(|address| check_in_job(view, job, address))?;
        let place = place_for(view, job, &self.labels, CHOICE)?;
        let targets = missing.into_iter().map(|address| NewTarget { address, from: None }).collect();
        let labels = self.labels.iter();
        let labels =
            labels.map(|(name, value)| NewLabel { name: name.clone(), value: value.clone(), from: None }).collect();
        // Several jobs can read one target file: it gets the targets once.
        let is_own = matches!(place, Place::NewGroup(file) if file == view.jobs()[job].file);
        if is_own || done.insert(place) {
            if self.labels.is_empty() {
                note_other_labels(view, job, place, proposal);
            }
            add(view, readers, job, (place, targets, labels), proposal);
        }
        Ok(())
    }

    /// The addresses that the job does not have with these labels; without labels, that it does not have at all.
    fn missing(&self, view: JobsView<'_>, job: usize, addresses: &[String], proposal: &mut Proposal) -> Vec<String> {
        let (mut same, mut other) = (FxHashSet::default(), FxHashSet::default());
        for group in &view.jobs()[job].static_configs {
            let is_same = self.labels.is_empty() || has_labels(group, &self.labels);
            let known = if is_same { &mut same } else { &mut other };
            known.extend(group.targets.iter().map(|target| target.value.as_str()));
        }
        let missing = addresses.iter().filter(|address| !same.contains(address.as_str()));
        let missing: Vec<String> = missing.cloned().collect();
        if let Some(address) = missing.iter().find(|address| other.contains(address.as_str())) {
            let name = in_job(view, job);
            proposal.notes.push(format!("{name}the target {address} is also in a group with other labels"));
        }
        missing
    }
}

fn in_job(view: JobsView<'_>, job: usize) -> String {
    if view.is_target_file() { String::new() } else { format!("job {}: ", view.name(job)) }
}

/// Labels of groups can begin with `__`: they set the path or the parameters of the scrape.
fn check_group_label(name: &str, value: &str) -> Result<(), EditError> {
    if name.is_empty() {
        return Err(EditError::request("the label has no name", "write it as NAME=VALUE, for example env=prod"));
    }
    if name.contains(char::is_control) {
        return Err(EditError::request(format!("the label name {name:?} has a control character"), ""));
    }
    if name == ADDRESS {
        let message = format!("a label `{name}` of a group has no effect: each target has its own address");
        return Err(EditError::declined(message, "leave it out, or write the address as the target"));
    }
    if value.is_empty() {
        return Err(EditError::request(format!("the label `{name}` has no value"), "give it a value, or leave it out"));
    }
    Ok(())
}

/// Whether a group has just these labels, in any order.
pub(super) fn has_labels(group: &TargetGroup, labels: &[(String, String)]) -> bool {
    let written: Vec<(&str, &str)> = written_labels(group).map(|(name, value)| (&*name.value, &*value.value)).collect();
    let is_there = |(name, value): &(String, String)| written.contains(&(name.as_str(), value.as_str()));
    written.len() == labels.len() && labels.iter().all(is_there)
}

/// The labels of a group without those that file discovery or the operator adds.
pub(super) fn written_labels(group: &TargetGroup) -> impl Iterator<Item = &(Spanned<String>, Spanned<String>)> {
    group.labels.iter().filter(|(name, _)| !name.span.is_empty())
}

/// Where targets go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place {
    Group(Location),
    NewGroup(FileId),
}

impl Place {
    /// The file that it is in.
    pub(super) fn file(self) -> FileId {
        match self {
            Self::Group(at) => at.file,
            Self::NewGroup(file) => file,
        }
    }
}

/// The group with these labels; without one, the list of groups for a new one.
pub(super) fn place_for(
    view: JobsView<'_>,
    job: usize,
    labels: &[(String, String)],
    choice: &str,
) -> Result<Place, EditError> {
    let own = &view.jobs()[job];
    view.check_can_have_targets(job)?;
    if view.has_one_list_of_targets(job)
        && let Some(group) = own.static_configs.first()
    {
        return match labels.is_empty() || has_labels(group, labels) {
            true => Ok(Place::Group(group.at())),
            false => Err(view.refuse(
                job,
                "a Probe has one list of targets, and all of them have the same labels",
                "give no labels, or write another Probe",
            )),
        };
    }
    if let Some(group) = own.static_configs.iter().find(|group| has_labels(group, labels)) {
        return Ok(Place::Group(group.at()));
    }
    let is_own = |group: &TargetGroup| group.file == own.file;
    if own.static_configs.iter().any(is_own) || has_static_list(own) {
        return Ok(Place::NewGroup(own.file));
    }
    let mut files: Vec<FileId> = own.static_configs.iter().map(|group| group.file).collect();
    files.sort_unstable();
    files.dedup();
    match (files.as_slice(), view.unreadable_targets(job)) {
        ([file], _) => Ok(Place::NewGroup(*file)),
        ([], None) if !view.reads_target_files(job) => Ok(Place::NewGroup(own.file)),
        ([], Some(why)) => Err(EditError::request(
            format!("job {}: {}", own.job_name.value, why.message),
            "run the command where the target files are, or name the target file instead of the config",
        )),
        ([], None) => Err(EditError::declined(
            format!("the target files of job {} have no groups", own.job_name.value),
            "name the target file instead of the config",
        )),
        (files, _) => {
            let names: Vec<&str> = files.iter().map(|file| view.file_name(*file)).collect();
            let message = format!("job {} has several target files: {}", own.job_name.value, names.join(", "));
            Err(EditError::declined(message, choice))
        }
    }
}

/// Whether a job has `static_configs`, perhaps without groups.
fn has_static_list(job: &ScrapeConfig) -> bool {
    job.discovery.iter().any(|sd| sd.key == "static_configs")
}

/// Refuses an address that Prometheus refuses in this job.
pub(super) fn check_in_job(view: JobsView<'_>, job: usize, address: &str) -> Result<(), EditError> {
    let own = &view.jobs()[job];
    let has_urls = || own.static_configs.iter().flat_map(|group| &group.targets).any(|own| own.value.contains('/'));
    let can_be_url = if view.is_target_file() { has_urls() } else { !own.relabel_configs.is_empty() };
    match address.contains('/') && !can_be_url {
        true => Err(no_url(address)),
        false => Ok(()),
    }
}

/// Adds targets at a place, with what is to appear in all jobs that have it.
pub(super) fn add(
    view: JobsView<'_>,
    readers: &Readers<'_>,
    job: usize,
    (place, targets, labels): (Place, Vec<NewTarget>, Vec<NewLabel>),
    proposal: &mut Proposal,
) {
    let unwritten = |text: &str| Spanned::new(text.to_string(), Span::empty(0));
    let appearing = || targets.iter().map(|target| unwritten(&target.address)).collect::<Vec<_>>();
    let mut appear = |job: usize, group: TargetGroup| proposal.fates.appear.entry(job).or_default().push(group);
    match place {
        Place::Group(at) => {
            for (index, group) in readers.get(&at).into_iter().flatten() {
                appear(*index, TargetGroup { targets: appearing(), ..(*group).clone() });
            }
            proposal.ops.push(JobOp::AddTargets { job, group: at, targets });
        }
        Place::NewGroup(file) => {
            let of_group = labels.iter().map(|label| (unwritten(&label.name), unwritten(&label.value)));
            let of_group: Vec<_> = of_group.collect();
            for index in view.readers_of_file(job, file) {
                let path = view.path_label(index, file);
                let labels = of_group.iter().cloned().chain(path).collect();
                appear(index, TargetGroup { file, span: Span::empty(0), targets: appearing(), labels });
            }
            proposal.ops.push(JobOp::AddGroup { job, file, targets, labels });
        }
    }
}

/// Says that a new group has none of the labels that all groups of the job have.
fn note_other_labels(view: JobsView<'_>, job: usize, place: Place, proposal: &mut Proposal) {
    let groups = &view.jobs()[job].static_configs;
    let Some(first) = groups.first().filter(|_| matches!(place, Place::NewGroup(_))) else { return };
    let shown = |(name, value): &(Spanned<String>, Spanned<String>)| {
        format!("{}={}", name.value, masked_label(&name.value, &value.value))
    };
    let words: Vec<String> = written_labels(first).map(shown).collect();
    if !words.is_empty() {
        let name = in_job(view, job);
        proposal.notes.push(format!(
            "{name}a new group without labels is added; the first group has the labels {} (--label gives them to the targets)",
            words.join(", ")
        ));
    }
}

/// So many targets are named.
const MOST_NAMES: usize = 5;

/// Says which of the targets that appear other jobs have already.
fn in_other_jobs(view: JobsView<'_>, fates: &Fates) -> Vec<String> {
    let appearing: FxHashSet<&str> =
        fates.appear.values().flatten().flat_map(|group| &group.targets).map(|own| own.value.as_str()).collect();
    let others: Vec<usize> = (0..view.jobs().len()).filter(|job| !fates.appear.contains_key(job)).collect();
    let mut found: Vec<(String, &str)> = Vec::new();
    for own in view.targets(&others).filter(|own| appearing.contains(own.address())) {
        let pair = (own.address().to_string(), view.name(own.job));
        if !found.contains(&pair) && found.len() <= MOST_NAMES {
            found.push(pair);
        }
    }
    let note = |(address, job): &(String, &str)| format!("the target {address} is also in job {job}");
    let mut notes: Vec<String> = found.iter().take(MOST_NAMES).map(note).collect();
    if found.len() > MOST_NAMES {
        notes.push("more targets are also in other jobs".to_string());
    }
    notes
}
