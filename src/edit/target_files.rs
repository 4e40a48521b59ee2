//! Target files as part of the jobs that read them, so that their groups are edited like `static_configs`.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{TargetGroup, join_to_folder_of};
use crate::diagnostic::{Diagnostic, ids};
use crate::text::Location;

use super::change::FileChange;
use super::open::Opened;
use super::request::{EditError, LabelStage, Method, refused};
use super::target_groups::{ReadGroups, Unfolded, has_same_targets, read_file, unlisted};

impl Opened<'_> {
    /// The method for a text: target files have labels of groups only.
    pub(super) fn method(&self, method: Method) -> Result<Method, EditError> {
        match method {
            _ if !self.is_target_file => Ok(method),
            Method::Auto | Method::Static => Ok(Method::Static),
            Method::Relabel => {
                Err(EditError::request("a target file has no relabel rules", "name the config that reads the file"))
            }
        }
    }

    /// Refuses what a target file cannot have.
    pub(super) fn check_target_file(&self, jobs: &[String], stages: &[LabelStage]) -> Result<(), EditError> {
        if !self.is_target_file {
            return Ok(());
        }
        if !jobs.is_empty() {
            let message = format!("--job does not apply to {}: a target file has no jobs", self.name());
            return Err(EditError::request(message, "remove --job, or name the config of the job"));
        }
        if stages.first() == Some(&LabelStage::Metric) {
            let message = "a target file has labels of targets, not of samples";
            return Err(EditError::request(message, "remove --stage metric, or name the config"));
        }
        Ok(())
    }

    /// Why a target file cannot be edited at all.
    pub(super) fn broken_target_file(&self) -> Option<Diagnostic> {
        if !self.is_target_file {
            return None;
        }
        if let Some(fault) = self.diagnostics.iter().find(|fault| fault.is_error()) {
            return Some(fault.clone().with_note("promcfg does not edit a target file that Prometheus refuses"));
        }
        let has_targets = self.jobs.iter().flat_map(|job| &job.static_configs).any(|group| !group.targets.is_empty());
        (!has_targets).then(|| refused(ids::LABEL_WITHOUT_TARGETS, self.start(), "the target file has no targets"))
    }

    /// Makes the groups of target files part of their jobs if the method edits them there.
    pub(super) fn prepare(&mut self, method: Method) {
        if self.is_unread() {
            self.wanted_method = Some(method);
            return;
        }
        match (method, self.unfolded.take()) {
            (Method::Static, None) => self.unfold(),
            (Method::Static, unfolded) => self.unfolded = unfolded,
            (Method::Auto | Method::Relabel, None) => {}
            (Method::Auto | Method::Relabel, Some(unfolded)) => {
                unfolded.folded.into_iter().for_each(|(index, job)| self.jobs[index] = job);
            }
        }
    }

    /// Why the groups of the job's target files cannot be edited.
    pub(super) fn unreadable_targets(&self, job: usize) -> Option<Diagnostic> {
        self.unfolded.as_ref()?.refusals.get(&job).cloned()
    }

    fn unfold(&mut self) {
        let mut unfolded = Unfolded::default();
        let mut files: FxHashMap<String, ReadGroups> = FxHashMap::default();
        for index in 0..self.jobs.len() {
            // The target files of an object are in a container.
            if self.jobs[index].file_sd_configs.is_empty() || self.is_generated(self.jobs[index].file) {
                continue;
            }
            match self.groups_of_files(index, &mut files) {
                Ok(groups) => {
                    let job = &mut self.jobs[index];
                    unfolded.folded.push((index, job.clone()));
                    job.static_configs.extend(groups);
                    job.file_sd_configs.clear();
                    job.discovery.retain(|sd| sd.key != "file_sd_configs");
                }
                Err(refusal) => drop(unfolded.refusals.insert(index, refusal)),
            }
        }
        self.unfolded = Some(unfolded);
    }

    /// The groups that file discovery gives a job; each file is read once.
    fn groups_of_files(&mut self, index: usize, files: &mut FxHashMap<String, ReadGroups>) -> ReadGroups {
        let mut all = Vec::new();
        let (file, release) = (self.jobs[index].file, self.jobs[index].release);
        for file_sd in self.jobs[index].file_sd_configs.clone() {
            let mut seen = FxHashSet::default();
            for pattern in &file_sd.files {
                let at = Location::new(file, pattern.span);
                let joined = join_to_folder_of(self.sources.name(file), &pattern.value);
                let paths = self.options.files.glob(&joined);
                let paths = paths.map_err(|error| unlisted(at, &format!("cannot list {joined:?}: {error}")))?;
                if paths.is_empty() {
                    return Err(unlisted(at, &format!("no file matches {joined:?}")));
                }
                for path in paths.into_iter().filter(|path| seen.insert(path.clone())) {
                    let read = files.entry(path.clone());
                    let groups =
                        read.or_insert_with(|| read_file(&mut self.sources, &self.options, &path, at, release));
                    all.extend(groups.clone()?);
                }
            }
        }
        Ok(all)
    }

    /// Refuses a change of target files that changes targets of jobs which are not selected.
    pub(super) fn other_readers_stay(
        &self,
        after: &Opened<'_>,
        selected: &[usize],
        changes: &[FileChange],
    ) -> Result<(), Diagnostic> {
        let Some(unfolded) = &self.unfolded else { return Ok(()) };
        let is_changed = |group: &TargetGroup| changes.iter().any(|file| file.name == self.sources.name(group.file));
        let readers = unfolded.folded.iter().map(|(index, _)| *index).filter(|index| !selected.contains(index));
        for index in readers {
            let job = &self.jobs[index];
            let shared = job.static_configs.iter().find(|group| group.file != job.file && is_changed(group));
            let Some(shared) = shared.filter(|_| job.is_valid) else { continue };
            if !has_same_targets(job, &after.jobs[index]) {
                let name = &job.job_name.value;
                let file = self.sources.name(shared.file);
                let message = format!("the job {name}, which is not selected, also reads {file}");
                return Err(refused(ids::LABEL_NOT_STATIC, Location::new(job.file, job.job_name.span), message)
                    .with_note("the labels of a target file are those of the targets of every job that reads it")
                    .with_help("select this job as well, or use --method relabel"));
            }
        }
        Ok(())
    }
}
