//! Targets that a user gives in place of a job's own.

mod find;
mod lines;
mod read;
mod running;
mod saved;

pub(crate) use find::{Found, find};

use promcfg::config::{ScrapeConfig, TargetGroup};
use promcfg::discovery::save_commands;
use promcfg::simulate::{
    ApiTarget, DiscoverySettings, JobObjects, NamedBy, ObjectNote, Origin, Owner, PlacedTarget, SavedObjects,
    read_target_line, targets_of_group,
};
use promcfg::text::FileId;
use promcfg::{Diagnostic, Release, Sources};

use self::lines::{JobLines, bad_line};
use self::saved::Saved;
use crate::cli::args::DiscoveryArguments;
use crate::cli::input::Lines;
use crate::cli::status::{Failure, Stop};

/// The targets that a user gives.
#[derive(Default)]
pub(crate) struct Samples {
    /// Lines of JSON of one job, read one by one.
    lines: Vec<Lines>,
    /// Lines of JSON that name their jobs.
    job_lines: JobLines,
    /// Target groups of one job, if there is a file of them.
    groups: Option<Vec<TargetGroup>>,
    /// Saved targets of one job, which they do not name for certain.
    checked: Vec<ApiTarget>,
    /// Saved targets, job by job.
    saved: Option<Saved>,
    /// Objects from which jobs discover targets.
    objects: SavedObjects,
    settings: DiscoverySettings,
    /// Why a server's list of target groups would be refused.
    refused_body: Option<Failure>,
    /// Whether all target groups are such a list.
    has_body: bool,
    /// Those that addresses name.
    chosen: Option<Vec<Chosen>>,
    /// What is said of the files.
    notes: Vec<String>,
    /// Whether a file of target groups has an error.
    is_broken: bool,
    /// A file without any text.
    blank: Option<String>,
}

/// A target that an address names.
pub(crate) struct Chosen {
    /// The index of its job among those that are simulated.
    pub(crate) entry: usize,
    pub(crate) target: PlacedTarget,
    pub(crate) origin: Origin,
    pub(crate) named_by: Option<NamedBy>,
}

/// A target, and where it comes from.
pub(crate) struct Given<'t> {
    pub(crate) target: &'t PlacedTarget,
    pub(crate) origin: Origin,
    pub(crate) named_by: Option<NamedBy>,
    /// The object that it is discovered from.
    pub(crate) object: Option<&'t str>,
}

impl<'t> Given<'t> {
    /// A target of the config, or of a file.
    pub(crate) fn of_config(target: &'t PlacedTarget) -> Self {
        Self { target, origin: Origin::Known, named_by: None, object: None }
    }

    /// A target that is discovered from an object, with the source of its group.
    pub(crate) fn of_object(target: &'t PlacedTarget, source: &'t str) -> Self {
        Self { object: JobObjects::object_of(source), ..Self::of_config(target) }
    }
}

/// What a user asks for.
#[derive(Clone, Copy)]
pub(crate) struct Request<'a> {
    /// Files, folders and patterns.
    pub(crate) targets: &'a [String],
    /// Manifests whose objects are used as well.
    pub(crate) manifests: &'a [FileId],
    /// The config that ran when targets were saved.
    pub(crate) running: Option<&'a str>,
    pub(crate) discovery: &'a DiscoveryArguments,
    pub(crate) release: Release,
}

/// The targets that are asked for, if there are any; faults of files of groups are added to `diagnostics`.
pub(crate) fn open(
    request: Request<'_>,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Option<Samples>, Failure> {
    if request.targets.is_empty() && request.manifests.is_empty() {
        return Ok(None);
    }
    let mut reader = read::Reader::new(sources, diagnostics, request.release);
    for file in find(request.targets, "target files")? {
        reader.read(&file)?;
    }
    for file in request.manifests {
        reader.read_manifest(*file)?;
    }
    let running = request.running.map(|path| running::read(path, request.release)).transpose()?;
    let mut samples = reader.finish(running)?;
    if !request.manifests.is_empty() {
        samples.objects.sort_by_namespace();
    }
    if request.targets.is_empty() && samples.is_empty() {
        return Ok(None);
    }
    let DiscoveryArguments { namespace, region } = request.discovery;
    samples.settings.own_namespace.clone_from(namespace);
    samples.settings.region.clone_from(region);
    Ok(Some(samples))
}

impl Samples {
    /// The targets that addresses name, in place of all others.
    pub(crate) fn of_chosen(chosen: Vec<Chosen>) -> Self {
        Self { chosen: Some(chosen), ..Self::default() }
    }

    /// Checks that the targets can be of these jobs: those that name no job need a single one.
    pub(crate) fn for_jobs<'c>(&mut self, jobs: impl Iterator<Item = &'c ScrapeConfig>) -> Result<(), Failure> {
        let jobs: Vec<&ScrapeConfig> = jobs.collect();
        if !self.checked.is_empty() && self.saved.is_none() {
            // With several jobs, the label `job` has to say which one it is.
            let checked = std::mem::take(&mut self.checked);
            self.saved = Some(match &jobs[..] {
                [job] => Saved::of_one_job(checked, &job.job_name.value),
                _ => Saved::new(checked, None),
            });
        }
        if let Some(saved) = &mut self.saved {
            saved.give_unnamed_to(&jobs);
        }
        let is_of_http = |job: &&ScrapeConfig| job.discovery.iter().any(|sd| sd.key == "http_sd_configs");
        if self.has_body && jobs.iter().any(is_of_http) {
            // A list of target groups is then the answer of the server.
            self.groups = None;
            if let Some(refused) = self.refused_body.take() {
                return Err(refused);
            }
        }
        match &jobs[..] {
            [_] => Ok(()),
            // The error is reported.
            _ if self.is_broken => Ok(()),
            _ if self.blank.is_some() && self.lines.is_empty() && self.groups.iter().flatten().next().is_none() => {
                let name = self.blank.as_deref().unwrap_or_default();
                Err(Failure::new(format!("the target file {name} is empty")).with_help(read::FORMS))
            }
            jobs if self.are_of_one_job() => {
                let message = format!("the given targets need one job, but {} jobs are selected", jobs.len());
                Err(Failure::new(message).with_help("select the job with --job NAME"))
            }
            _ => Ok(()),
        }
    }

    /// Whether nothing was given.
    fn is_empty(&self) -> bool {
        let has_jobs = self.saved.is_some() || !self.checked.is_empty() || self.job_lines.jobs().next().is_some();
        !(self.are_of_one_job() || has_jobs) && self.objects.is_empty()
    }

    /// Whether there are targets of one job that they do not name.
    fn are_of_one_job(&self) -> bool {
        !(self.lines.is_empty() && self.groups.is_none())
    }

    /// Whether they are in place of the owner's own targets.
    pub(crate) fn are_for(&self, owner: Owner<'_>) -> bool {
        if self.chosen.is_some() {
            return true;
        }
        let Some(job) = owner.job() else { return false };
        let name = &job.job_name.value;
        let is_saved = |saved: &Saved| self.objects.is_empty() || saved.jobs().any(|(saved, _)| saved == name);
        self.are_of_one_job() || self.job_lines.has(name) || self.saved.as_ref().is_some_and(is_saved)
    }

    /// Whether the owner discovers targets from objects, beside its own targets.
    pub(crate) fn discovers(&self, owner: Owner<'_>) -> bool {
        self.chosen.is_none() && !self.are_for(owner) && self.objects.are_for(owner)
    }

    /// Whether there are objects, but none from which the owner would discover the targets that it lacks.
    pub(crate) fn lack(&self, owner: Owner<'_>) -> bool {
        let is_given = self.chosen.is_some() || self.are_for(owner) || self.discovers(owner);
        !is_given && !self.objects.is_empty() && owner.discovery().iter().any(|sd| !sd.is_known())
    }

    /// What the owner discovers from objects.
    pub(crate) fn objects_of(&self, owner: Owner<'_>) -> Option<JobObjects> {
        self.discovers(owner).then(|| self.objects.discover(owner, &self.settings))
    }

    /// Adds which sections of discovery have targets that are not among the objects.
    pub(crate) fn note_sections(&self, owner: Owner<'_>, notes: &mut Vec<ObjectNote>) {
        for sd in owner.discovery().iter().filter(|sd| !(sd.is_known() || self.objects.know(sd))) {
            let commands = save_commands(sd.options.iter().flatten()).into_iter().map(|command| command.command);
            let commands = commands.collect::<Vec<_>>().join("; ");
            let help = if commands.is_empty() { commands } else { format!("save them with: {commands}") };
            let message = format!("the given objects are not of `{}`: its targets are missing", sd.key);
            notes.push(ObjectNote::new(message, help));
        }
    }

    /// What is said of the files, and of what was assumed so far.
    pub(crate) fn notes(&self) -> impl Iterator<Item = &str> {
        let saved = self.saved.iter().flat_map(Saved::notes);
        self.notes.iter().chain(saved).map(String::as_str)
    }

    /// The names of the jobs that targets name, with the numbers of their targets.
    pub(crate) fn jobs(&self) -> impl Iterator<Item = (&str, usize)> {
        self.saved.iter().flat_map(Saved::jobs).chain(self.job_lines.jobs())
    }

    /// Gives each target of an owner to `take`, one after the other; `index` is the owner's among those simulated.
    pub(crate) fn each(
        &mut self,
        index: usize,
        owner: Owner<'_>,
        take: &mut dyn FnMut(&Given<'_>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        if let Some(chosen) = &self.chosen {
            let mut own = chosen.iter().filter(|choice| choice.entry == index);
            return own.try_for_each(|choice| {
                let Chosen { target, origin, named_by, .. } = choice;
                take(&Given { target, origin: origin.clone(), named_by: *named_by, object: None })
            });
        }
        let Some(job) = owner.job() else { return Ok(()) };
        let mut targets = self.groups.iter().flatten().flat_map(targets_of_group);
        targets.try_for_each(|target| take(&Given::of_config(&target)))?;
        if let Some(saved) = &mut self.saved {
            saved.of_job(job).into_iter().try_for_each(|target| take(&Given::of_config(&target)))?;
        }
        self.job_lines.each(&job.job_name.value, &mut |target| take(&Given::of_config(&target)))?;
        self.lines.iter_mut().try_for_each(|lines| each_line(lines, take))
    }
}

/// What is to be said of the objects of an owner.
pub(crate) fn notes_of(owner: Owner<'_>, objects: &JobObjects) -> Vec<String> {
    let name = owner.name();
    let note = |note: &ObjectNote| {
        let help = if note.help.is_empty() { String::new() } else { format!("; {}", note.help) };
        format!("{}{help}", note.of_job(&name).message)
    };
    objects.notes.iter().map(note).collect()
}

/// Gives the target of each line to `take`.
fn each_line(lines: &mut Lines, take: &mut dyn FnMut(&Given<'_>) -> Result<(), Stop>) -> Result<(), Stop> {
    while let Some((number, line)) = lines.next_line()? {
        if line.trim().is_empty() {
            continue;
        }
        match read_target_line(line) {
            Ok(target) => take(&Given::of_config(&target.into()))?,
            Err(fault) => return Err(bad_line(lines.name(), number, &fault).into()),
        }
    }
    Ok(())
}
