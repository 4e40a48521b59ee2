//! All configs of a run, edited in memory one after the other: all of them, or none.

use std::mem::ManuallyDrop;
use std::sync::Arc;

use promcfg::diagnostic::ids;
use promcfg::edit::{ConfigChange, EditError, FileChange, Grade, OtherManifests, Selection};
use promcfg::report::shown_path;
use promcfg::text::decode_text;
use promcfg::{Diagnostic, Document, Options, Sources};

use super::configs::ConfigFile;
use super::known::Known;
use super::pending::Pending;
use super::surroundings::others_of;
use crate::cli::input;
use crate::cli::simulate::unknown_job;
use crate::cli::status::{Failure, Status};
use crate::cli::threads::Threads;

/// An edit of one config, for what it has of the selection.
pub(super) type Edit<'e> = dyn Fn(&mut Document<'_>, &Selection) -> Result<ConfigChange, EditError> + 'e;

/// What came of the configs.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) edited: Vec<Edited>,
    pub(super) refused: Vec<Refused>,
    pub(super) pending: Pending,
    /// What is said of configs that lack something of the selection, and of given targets.
    pub(super) notes: Vec<String>,
    /// Configs without a selected target.
    unselected: Vec<Refused>,
    /// Manifests of which nothing is edited in this way; their objects qualify those of others.
    unconcerned: Vec<Refused>,
    /// Jobs and targets that a config lacks.
    lacking: Vec<Lacking>,
    /// How many configs were asked.
    asked: usize,
    /// The bytes that the results of a config may take.
    max_memory: u64,
    /// Whether other edits follow, so that memory is given back.
    is_of_several: bool,
    /// Whether the other configs are edited where one cannot be: nothing is written then.
    goes_on: bool,
    /// Why configs cannot be edited, of a batch that goes on.
    pub(super) failures: Vec<Failure>,
    /// What the edit removes: where it is not there, nothing is to be done.
    removes: Option<Removed>,
}

/// What an edit removes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Removed {
    Jobs,
    Targets,
}

/// A config that is edited, or has nothing to do.
#[derive(Debug)]
pub(super) struct Edited {
    pub(super) name: String,
    /// Its text before.
    pub(super) text: Arc<str>,
    pub(super) change: ConfigChange,
}

/// The refusals of a config.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) name: String,
    pub(super) sources: Sources,
    pub(super) refusals: Vec<Diagnostic>,
}

/// Something of the selection that a config does not have.
#[derive(Debug)]
struct Lacking {
    name: String,
    what: Wanted,
    failure: Failure,
}

/// A part of the selection.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wanted {
    Job(String),
    Target(String),
}

impl Wanted {
    fn is_to_be_removed(&self, removes: Option<Removed>) -> bool {
        match self {
            Self::Job(_) => removes == Some(Removed::Jobs),
            Self::Target(_) => removes == Some(Removed::Targets),
        }
    }
}

impl Batch {
    /// One of an edit that removes something.
    pub(super) fn removing(self, removes: Option<Removed>) -> Self {
        Self { removes, ..self }
    }

    /// Edits the configs in memory.
    ///
    /// # Errors
    /// A config cannot be read, what is asked for cannot be, or no config has a job or a target of the selection.
    pub(super) fn run(
        self,
        configs: &[ConfigFile],
        selection: &Selection,
        known: &Known,
        max_memory: u64,
        edit: &Edit<'_>,
    ) -> Result<Self, Failure> {
        let mut batch = Self { max_memory, ..self };
        let is_one = configs.len() == 1;
        let others = others_of(configs, &known.given.targets.targets, &batch.pending);
        for config in configs {
            if config.is_found && batch.pending.was_read(&config.path) {
                continue;
            }
            match batch.edit(config, selection, (known, &others), edit, is_one) {
                Err(failure) if batch.goes_on && !is_one => batch.failures.push(failure),
                outcome => outcome?,
            }
        }
        batch.judge_lacking()?;
        batch.judge_unselected();
        Ok(batch)
    }

    /// One that edits the other configs where one cannot be edited.
    pub(super) fn going_on() -> Self {
        Self { goes_on: true, ..Self::default() }
    }

    pub(super) fn goes_on(&self) -> bool {
        self.goes_on
    }

    /// The status of its refusals: 2 where a config cannot be read.
    pub(super) fn refused_status(&self) -> Option<Status> {
        let of_refused = self.refused.iter().flat_map(|config| &config.refusals).map(status_of_refusal);
        of_refused.chain(self.failures.iter().map(Failure::status)).max()
    }

    /// Adds a change of files that was made on the pending ones.
    pub(super) fn add(&mut self, name: &str, mut change: ConfigChange) {
        change.files.iter().for_each(|file| self.pending.add(file));
        change.files.iter_mut().for_each(FileChange::forget_text);
        self.edited.push(Edited { name: name.to_string(), text: Arc::from(""), change });
    }

    /// Adds refusals: nothing is changed then.
    pub(super) fn refuse(&mut self, name: &str, sources: Sources, refusals: Vec<Diagnostic>) {
        self.refused.push(Refused { name: name.to_string(), sources, refusals });
    }

    /// One that begins with the files as this one leaves them.
    pub(super) fn next(&mut self) -> Self {
        let pending = std::mem::take(&mut self.pending);
        Self { pending: pending.begin_again(), is_of_several: true, ..Self::default() }
    }

    /// The names of the files that change, and how certain the effect is.
    pub(super) fn outline(&self) -> (Vec<String>, Option<Grade>) {
        let changes = || self.edited.iter().map(|edited| &edited.change).filter(|change| !change.is_empty());
        let mut files: Vec<String> = Vec::new();
        for file in changes().flat_map(|change| &change.files) {
            if !files.contains(&file.name) {
                files.push(file.name.clone());
            }
        }
        (files, changes().map(|change| change.grade).max())
    }

    /// Says of its notes which line of a script they are about.
    pub(super) fn name_line(&mut self, line: usize) {
        let of_edits = self.edited.iter_mut().flat_map(|edited| &mut edited.change.notes);
        of_edits.chain(&mut self.notes).for_each(|note| *note = format!("line {line}: {note}"));
    }

    /// Forgets the texts of the edits: what all of them make of the files is known.
    pub(super) fn forget_texts(&mut self) {
        for edited in &mut self.edited {
            edited.text = Arc::from("");
            edited.change.files.iter_mut().for_each(FileChange::forget_text);
        }
    }

    /// This one with what came of the next one.
    pub(super) fn with(mut self, next: Self) -> Self {
        self.edited.extend(next.edited);
        self.notes.extend(next.notes);
        self.asked += next.asked;
        (self.refused, self.pending) = (next.refused, next.pending);
        self
    }

    /// Whether one config was asked.
    pub(super) fn is_of_one(&self) -> bool {
        self.asked == 1
    }

    fn edit(
        &mut self,
        config: &ConfigFile,
        selection: &Selection,
        (known, others): (&Known, &OtherManifests),
        edit: &Edit<'_>,
        is_one: bool,
    ) -> Result<(), Failure> {
        let name = input::shown_name(&config.path);
        let text = match self.pending.text_of(&config.path) {
            Some(text) => text,
            None if config.is_found => utf8(name, input::read_found_bytes(&config.path, "config")?)?,
            None => utf8(name, input::read_bytes(&config.path, "config")?)?,
        };
        let text: Arc<str> = text.into();
        let options = Options::new(&self.pending)
            .with_release(config.release)
            .with_max_memory(self.max_memory)
            .with_executor(&Threads);
        // Mostly the process ends with the command: taking a large config apart first would be work for nothing.
        let mut document = ManuallyDrop::new(Document::among(name, Arc::clone(&text), &options, others));
        // Objects without jobs are those of servers, which have fields.
        let has_nothing = || {
            !document.has_jobs() && !document.has_objects() && !document.diagnostics().iter().any(Diagnostic::is_error)
        };
        if config.is_found && has_nothing() {
            return Ok(());
        }
        self.notes.extend(known.give(&mut document, selection, &options)?);
        let (mut outcome, mut lacking) = edit_what_is_there(&mut document, name, selection, edit);
        if let Ok(Some(change)) = &outcome
            && let Some(notes) = known.give_to_new(&mut document, name, change, &options)?
        {
            self.notes.extend(notes);
            (outcome, lacking) = edit_what_is_there(&mut document, name, selection, edit);
        }
        let sources = if outcome.is_err() { document.sources().clone() } else { Default::default() };
        let refused = |refusals| Refused { name: name.to_string(), sources, refusals };
        let has_objects = document.has_objects();
        if self.is_of_several {
            drop(ManuallyDrop::into_inner(document));
        }
        self.asked += 1;
        let is_gone = lacking.iter().all(|lacking| lacking.what.is_to_be_removed(self.removes));
        self.lacking.extend(lacking);
        match outcome {
            Ok(None) if is_gone => {
                self.edited.push(Edited { name: name.to_string(), text, change: ConfigChange::nothing_to_do() });
            }
            Ok(None) => {}
            Ok(Some(change)) => {
                change.files.iter().for_each(|file| self.pending.add(file));
                self.edited.push(Edited { name: name.to_string(), text, change });
            }
            // In a folder, commands that do not edit objects skip them.
            Err(EditError::Refused(refusals)) if config.is_found && has_objects && is_unsupported(&refusals) => {}
            // Their objects are of use for the other files.
            Err(EditError::Refused(refusals))
                if !is_one && is_unsupported(&refusals) && (has_objects || others.has(name)) =>
            {
                self.asked -= 1;
                self.unconcerned.push(refused(refusals));
            }
            Err(EditError::Refused(refusals)) if is_unselected(&refusals) && !is_one => {
                self.unselected.push(refused(refusals));
            }
            Err(EditError::Refused(refusals)) => self.refused.push(refused(refusals)),
            Err(error) => return Err(in_config(failure_of(error, name), name, is_one)),
        }
        Ok(())
    }

    /// What one config lacks is said; what all of them lack is an error, unless it was to be removed.
    fn judge_lacking(&mut self) -> Result<(), Failure> {
        let mut gone: Vec<&Wanted> = Vec::new();
        let mut notes: Vec<String> = Vec::new();
        for lacking in &self.lacking {
            if self.lacking.iter().filter(|other| other.what == lacking.what).count() != self.asked {
                continue;
            }
            let failure = lacking.failure.clone();
            if lacking.what.is_to_be_removed(self.removes) {
                if !gone.contains(&&lacking.what) {
                    gone.push(&lacking.what);
                    let more = failure.help.iter().chain(&failure.notes).cloned().collect::<Vec<_>>().join("; ");
                    notes.push(if more.is_empty() { failure.message } else { format!("{} ({more})", failure.message) });
                }
                continue;
            }
            return Err(match self.asked {
                1 => failure,
                asked => failure.with_note(format!("none of the {asked} configs has it")),
            });
        }
        let words = |lacking: &Lacking| match &lacking.what {
            Wanted::Job(job) => format!("{}: no job {job:?}", shown_path(&lacking.name)),
            Wanted::Target(address) => format!("{}: no target {address:?}", shown_path(&lacking.name)),
        };
        notes.extend(self.lacking.iter().filter(|lacking| !gone.contains(&&lacking.what)).map(words));
        self.notes.extend(notes);
        Ok(())
    }

    /// A config without selected targets is said; if all are such, they are refused.
    fn judge_unselected(&mut self) {
        let unselected = std::mem::take(&mut self.unselected);
        let unconcerned = std::mem::take(&mut self.unconcerned);
        if self.edited.is_empty() && self.refused.is_empty() && unselected.is_empty() {
            self.refused = unconcerned;
            return;
        }
        if self.edited.is_empty() && self.refused.is_empty() {
            self.refused = unselected;
        } else {
            let words = |config: &Refused| format!("{}: no selected target", shown_path(&config.name));
            self.notes.extend(unselected.iter().map(words));
        }
    }
}

/// 1 where the edit is refused, 2 where the text cannot be read as a config.
pub(super) fn status_of_refusal(refusal: &Diagnostic) -> Status {
    let is_unreadable = refusal.id == ids::UNSUPPORTED_FORMAT || refusal.id == ids::INVALID_YAML;
    if is_unreadable { Status::CouldNot } else { Status::Found }
}

fn is_unselected(refusals: &[Diagnostic]) -> bool {
    refusals.iter().all(|refusal| refusal.id == ids::LABEL_WITHOUT_TARGETS)
}

fn is_unsupported(refusals: &[Diagnostic]) -> bool {
    refusals.iter().all(|refusal| refusal.id == ids::UNSUPPORTED_FORMAT)
}

/// Edits a config for the jobs and targets of the selection that it has; nothing where it has none of them.
fn edit_what_is_there(
    document: &mut Document<'_>,
    name: &str,
    selection: &Selection,
    edit: &Edit<'_>,
) -> (Result<Option<ConfigChange>, EditError>, Vec<Lacking>) {
    let (mut selection, mut lacking) = (selection.clone(), Vec::new());
    loop {
        let error = match edit(document, &selection) {
            Ok(change) => return (Ok(Some(change)), lacking),
            Err(error) => error,
        };
        let (what, left) = match &error {
            EditError::UnknownJobError(unknown) => {
                let count = selection.jobs.len();
                selection.jobs.retain(|job| *job != unknown.name);
                // A job that is not of the selection is one that the command cannot do without.
                let left = if selection.jobs.len() < count { selection.jobs.len() } else { 0 };
                (Wanted::Job(unknown.name.clone()), left)
            }
            EditError::UnknownTarget { address, .. } => {
                selection.targets.retain(|target| target != address);
                (Wanted::Target(address.clone()), selection.targets.len())
            }
            _ => return (Err(error), lacking),
        };
        lacking.push(Lacking { name: name.to_string(), what, failure: failure_of(error, name) });
        if left == 0 {
            return (Ok(None), lacking);
        }
    }
}

pub(super) fn failure_of(error: EditError, name: &str) -> Failure {
    match error {
        EditError::UnknownJobError(unknown) => unknown_job(&unknown, name),
        EditError::UnknownTarget { address, help } => {
            Failure::new(format!("no job has a target {address:?}")).with_help(help)
        }
        EditError::Request { message, help } => {
            let failure = Failure::new(message);
            help.map_or(failure.clone(), |help| failure.with_help(help))
        }
        EditError::Declined { message, help } => {
            let failure = Failure::of_refusal(message);
            help.map_or(failure.clone(), |help| failure.with_help(help))
        }
        other => Failure::new(other.to_string()),
    }
}

/// Says in which of several configs something is wrong.
fn in_config(failure: Failure, name: &str, is_one: bool) -> Failure {
    if is_one || failure.message.contains(name) {
        return failure;
    }
    Failure { message: format!("{name}: {}", failure.message), ..failure }
}

fn utf8(name: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return Ok(text),
        Err(error) => error.into_bytes(),
    };
    let failure = Failure::new(format!("cannot edit {name}: it is not UTF-8"));
    Err(match decode_text(&bytes).fault {
        None => failure.with_note("the file is UTF-16").with_help("convert it first: iconv -f UTF-16 -t UTF-8"),
        Some(fault) => failure.with_note(format!("{} at byte {}", fault.message, fault.offset)),
    })
}
