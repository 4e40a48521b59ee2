//! Target files that an edit makes, or that it writes more to.

use crate::config::join_to_folder_of;
use crate::files::{Files, MemoryFiles, is_valid_target_file_pattern};
use crate::text::FileId;

use super::open::Opened;
use super::request::EditError;

/// The target file that targets of a job go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TargetFile {
    /// Its path, as the config has it.
    pub(super) path: String,
    pub(super) file: FileId,
    /// The pattern of the job that matches it is still to be written.
    pub(super) needs_entry: bool,
    /// It is still to be made: so many groups of the job come after those in it.
    pub(super) new: Option<usize>,
}

impl Opened<'_> {
    /// The target file of a job with this path, relative to the folder of the config.
    ///
    /// # Errors
    /// The targets in it would not be those that move: other jobs read it, or the job does not.
    pub(super) fn target_file(&mut self, job: usize, path: &str) -> Result<TargetFile, EditError> {
        check_path(path)?;
        let (own, name_of_job) = (self.jobs[job].file, self.jobs[job].job_name.value.clone());
        if self.is_generated(own) {
            let message = format!("job {name_of_job} is generated of an object, which has no target files");
            return Err(EditError::declined(message, "edit a config that is a file of its own"));
        }
        if self.is_inner(own) {
            let message =
                format!("the config of job {name_of_job} is in a manifest, and its target files are elsewhere");
            return Err(EditError::declined(message, "edit a config that is a file of its own"));
        }
        if let Some(why) = self.unreadable_targets(job) {
            let message = format!("job {name_of_job}: {}", why.message);
            return Err(EditError::request(message, "run the command where the target files are"));
        }
        let name = join_to_folder_of(self.sources.name(own), path);
        let other = (0..self.jobs.len()).find(|&other| other != job && !self.matching(other, &name).is_empty());
        if let Some(other) = other {
            let message = format!("job {} also reads {name}", self.jobs[other].job_name.value);
            return Err(EditError::declined(message, "name a file that only the job of the targets reads"));
        }
        let matching = self.matching(job, &name);
        if matching.len() > 1 {
            let message = format!("job {name_of_job} reads {name} by several patterns");
            return Err(EditError::declined(message, "remove all but one of them"));
        }
        let needs_entry = matching.is_empty();
        let known = self.sources.files().find(|file| self.sources.name(*file) == name);
        if let (Some(file), false) = (known, needs_entry) {
            return Ok(TargetFile { path: path.to_string(), file, needs_entry, new: None });
        }
        match self.options.files.read(&name) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(EditError::request(format!("cannot read the target file {name:?}: {error}"), ""));
            }
            Ok(_) => {
                let message = format!("{name} exists, and job {name_of_job} does not read it");
                let help = "name a new file, or add this one to `file_sd_configs` first";
                return Err(EditError::declined(message, help));
            }
        }
        let after = matching.first().map_or(Ok(0), |place| self.groups_after(job, *place, &name))?;
        let file = self.sources.add(&name, "");
        Ok(TargetFile { path: path.to_string(), file, needs_entry, new: Some(after) })
    }

    /// The patterns of a job that match a file: the number of the item of `file_sd_configs`, and that of the pattern.
    fn matching(&self, job: usize, name: &str) -> Vec<(usize, usize)> {
        let own = self.sources.name(self.jobs[job].file);
        let alone: MemoryFiles = [(name, "")].into_iter().collect();
        let mut places = Vec::new();
        for (item, file_sd) in self.file_sd_of(job).iter().enumerate() {
            let matches =
                |pattern: &str| alone.glob(&join_to_folder_of(own, pattern)).is_ok_and(|found| !found.is_empty());
            let number = file_sd.files.iter().position(|pattern| matches(&pattern.value));
            places.extend(number.map(|number| (item, number)));
        }
        places
    }

    /// `file_sd_configs` of a job as it is written.
    fn file_sd_of(&self, job: usize) -> &[crate::config::FileSd] {
        let folded = self.unfolded.iter().flat_map(|unfolded| &unfolded.folded);
        let mut of_job = folded.filter(|(index, _)| *index == job);
        of_job.next().map_or(&self.jobs[job].file_sd_configs, |(_, folded)| &folded.file_sd_configs)
    }

    /// How many groups of the job's target files come after those of a new file: files are read in the order of the
    /// patterns, and those of a pattern in the order of their names.
    fn groups_after(&self, job: usize, place: (usize, usize), new: &str) -> Result<usize, EditError> {
        let own = self.sources.name(self.jobs[job].file);
        let mut later: Vec<String> = Vec::new();
        for (item, file_sd) in self.file_sd_of(job).iter().enumerate() {
            for (number, pattern) in file_sd.files.iter().enumerate() {
                let joined = join_to_folder_of(own, &pattern.value);
                let found = self.options.files.glob(&joined);
                let found =
                    found.map_err(|error| EditError::request(format!("cannot list {joined:?}: {error}"), ""))?;
                let is_later =
                    |name: &String| (item, number) > place || ((item, number) == place && name.as_str() > new);
                later.extend(found.into_iter().filter(is_later));
            }
        }
        let groups = self.jobs[job].static_configs.iter().filter(|group| group.file != self.jobs[job].file);
        Ok(groups.filter(|group| later.iter().any(|name| name == self.sources.name(group.file))).count())
    }
}

/// Refuses a path that `file_sd_configs` cannot have, and a pattern.
fn check_path(path: &str) -> Result<(), EditError> {
    if path.is_empty() || path.contains(['*', '?', '[', ']', '\\']) {
        let message = format!("{path:?} is not the path of one file");
        return Err(EditError::request(message, "give a path without wildcards, such as targets/web.yml"));
    }
    match is_valid_target_file_pattern(path) {
        true => Ok(()),
        false => Err(EditError::request(
            format!("Prometheus does not read {path:?} as a target file"),
            "give it a name that ends with .yml, .yaml or .json",
        )),
    }
}
