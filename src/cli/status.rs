//! How a run ends: exit statuses, and what keeps a command from doing its work.

use std::io;
use std::process::ExitCode;

use promcfg::report::bounded_sentence;

/// The exit status of a run; the worse one wins when several are combined with `max`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// 0: fine.
    Fine = 0,
    /// 1: an error in the config, an invalid target, a finding.
    Found = 1,
    /// 2: it could not be done.
    CouldNot = 2,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

/// Why a command stops before its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Nobody reads the output any more: not an error.
    ClosedPipe,
    /// It cannot be done, or is refused; [`Failure::status`] has the exit status.
    Failed(Failure),
}

/// The message for a command that fails. Long words and sentences are cut when it is made; it is escaped when it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The problem, lower case, no full stop.
    pub(crate) message: String,
    /// Why.
    pub(crate) notes: Vec<String>,
    /// What to do.
    pub(crate) help: Option<String>,
    /// Whether the request is understood, and not carried out.
    pub(crate) is_refusal: bool,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: bounded_sentence(message.into()), notes: Vec::new(), help: None, is_refusal: false }
    }

    /// Of a request that is understood, and not carried out.
    pub(crate) fn of_refusal(message: impl Into<String>) -> Self {
        Self { is_refusal: true, ..Self::new(message) }
    }

    /// 1 for a refusal, else 2.
    pub(crate) fn status(&self) -> Status {
        if self.is_refusal { Status::Found } else { Status::CouldNot }
    }

    pub(crate) fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(bounded_sentence(note.into()));
        self
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(bounded_sentence(help.into()));
        self
    }

    /// Says what to do, if nothing is said yet.
    pub(crate) fn or_help(self, help: impl Into<String>) -> Self {
        if self.help.is_some() { self } else { self.with_help(help) }
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// An error of writing the output. Errors of reading are turned into a [`Failure`] where they
/// happen, with the name of the file.
impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::ClosedPipe
        } else {
            Self::Failed(Failure::new(format!("cannot write the output: {error}")))
        }
    }
}
