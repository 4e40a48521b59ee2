//! Messages about a place in a text, as plain data.

mod bounded;
mod id;
pub mod ids;

pub(crate) use bounded::{Bounded, Fate, MOST_OF_AN_ID, retain_counted};
pub use id::Id;
pub(crate) use ids::for_each_id;

use std::borrow::Cow;

use serde::Serialize;

use crate::text::{Edits, Location, bounded_sentence, short_argument, short_name};

/// The severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Severity {
    /// Worth knowing; it may be intended.
    Info,
    /// Very likely a mistake.
    Warning,
    /// Prometheus refuses it, or it cannot work.
    Error,
}

impl Severity {
    /// The word for it in every output and in settings.
    ///
    /// ```
    /// assert_eq!(promcfg::Severity::Info.as_str(), "info");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl std::fmt::Display for Severity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// A message about a place, with all that a person or a tool needs to act on it.
///
/// `message` says what is wrong (lower case, no full stop), `notes` why, `help` what to do.
///
/// A diagnostic is bounded however long the names and values are that it is about: its builders cut the job after 200
/// characters, a named value and a word of a sentence after 500, a sentence after 4,000 (each with its length, as in
/// [`bounded_sentence`]), and keep the first 100 other places.
///
/// ```
/// use promcfg::{Diagnostic, Severity, Sources};
/// use promcfg::text::{Location, Span};
/// let mut sources = Sources::new();
/// let file = sources.add("prometheus.yml", "scrape_configs: 1\n");
/// let at = Location::new(file, Span::new(16, 17));
/// let diagnostic = Diagnostic::new(promcfg::diagnostic::ids::WRONG_TYPE, Severity::Error, at, "expected a list of scrape configs for `scrape_configs`, found a single value")
///     .with_help("write the jobs as a list: `scrape_configs: [...]`");
/// assert_eq!(diagnostic.id, "wrong-type");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The lint rule or the load error.
    pub id: Id,
    /// The severity.
    pub severity: Severity,
    /// The primary place.
    pub at: Location,
    /// The problem.
    pub message: String,
    /// The job it is about, if it is about one.
    pub job: Option<String>,
    /// Named values that distinguish this diagnostic from others with the same id in the same job.
    ///
    /// Fingerprints are made of them, so that rewording a message changes no baseline; never a secret, an index or a line.
    pub arguments: Vec<(&'static str, String)>,
    /// Other places that matter, each with a short message.
    pub labels: Vec<Label>,
    /// Why it is wrong, one sentence each.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
    /// An edit that does it.
    pub fix: Option<Fix>,
    /// Prometheus's own message for a load error, for those who search for it.
    pub upstream: Option<String>,
    /// How many more diagnostics with the same id were found in the same file and not kept, because there are too many.
    pub omitted: usize,
}

/// A second place of a [`Diagnostic`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Label {
    /// The place.
    pub at: Location,
    /// The reason why the place matters.
    pub message: String,
}

/// Whether a fix may change what targets become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Safety {
    /// Every sample target's simulated result stays the same.
    Safe,
    /// The result may change; a person should look.
    Unsafe,
}

/// An edit that fixes the problem of a [`Diagnostic`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fix {
    /// A short description.
    pub title: String,
    /// Whether it can be applied without review.
    pub safety: Safety,
    /// Replacements in the diagnostic's file.
    pub edits: Edits,
}

impl Fix {
    /// A fix with its replacements.
    ///
    /// ```
    /// use promcfg::diagnostic::{Fix, Safety};
    /// use promcfg::text::{Edits, Span};
    /// let edits = Edits::new(vec![(Span::new(3, 5), "${1}".to_string())]).expect("are disjoint");
    /// let fix = Fix::new("write `${1}`", Safety::Unsafe, edits);
    /// assert_eq!(fix.safety, Safety::Unsafe);
    /// ```
    #[must_use]
    pub fn new(title: impl Into<String>, safety: Safety, edits: Edits) -> Self {
        Self { title: bounded_sentence(title.into()), safety, edits }
    }

    /// About the bytes that it takes.
    fn size(&self) -> usize {
        const OF_EDIT: usize = 64;
        self.title.len() + self.edits.iter().map(|edit| edit.text.len() + OF_EDIT).sum::<usize>()
    }
}

/// Ends the message of the last of the places that are kept.
const MORE_PLACES: &str = "; more places are like it";

impl Diagnostic {
    /// A diagnostic without job, arguments, labels, notes, help, fix and upstream message.
    ///
    /// ```
    /// # use promcfg::{Diagnostic, Severity, Sources};
    /// # use promcfg::text::{Location, Span};
    /// # let file = Sources::new().add("a.yml", "");
    /// let diagnostic = Diagnostic::new(promcfg::diagnostic::ids::IGNORED_DOCUMENTS, Severity::Info, Location::new(file, Span::empty(0)), "a second document");
    /// assert!(diagnostic.notes.is_empty());
    /// ```
    #[must_use]
    pub fn new(id: Id, severity: Severity, at: Location, message: impl Into<String>) -> Self {
        Self {
            id,
            severity,
            at,
            message: bounded_sentence(message.into()),
            job: None,
            arguments: Vec::new(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
            fix: None,
            upstream: None,
            omitted: 0,
        }
    }

    /// Names the job it is about.
    #[must_use]
    pub fn with_job<'j>(mut self, job: impl Into<Cow<'j, str>>) -> Self {
        self.job = Some(short_name(&job.into()).into_owned());
        self
    }

    /// Whether it is about the job of that name, however long the name is.
    ///
    /// ```
    /// # use promcfg::{Diagnostic, Severity, Sources};
    /// # use promcfg::text::{Location, Span};
    /// # let at = Location::new(Sources::new().add("a.yml", ""), Span::empty(0));
    /// # let id = promcfg::diagnostic::ids::UNKNOWN_FIELD;
    /// let name = "x".repeat(1_000_000);
    /// let diagnostic = Diagnostic::new(id, Severity::Error, at, "unknown field").with_job(&name);
    /// assert!(diagnostic.is_in_job(&name));
    /// ```
    #[must_use]
    pub fn is_in_job(&self, name: &str) -> bool {
        self.job.as_deref() == Some(&*short_name(name))
    }

    /// Adds a named value that distinguishes this diagnostic from others with the same id in the same job.
    ///
    /// Fingerprints are made of these values, so that rewording a message changes no baseline; never a secret, an index or a line.
    ///
    /// ```
    /// # use promcfg::{Diagnostic, Severity, Sources};
    /// # use promcfg::text::{Location, Span};
    /// # let file = Sources::new().add("a.yml", "");
    /// # let at = Location::new(file, Span::empty(0));
    /// let id = promcfg::diagnostic::ids::UNKNOWN_FIELD;
    /// let diagnostic = Diagnostic::new(id, Severity::Error, at, "unknown field `trget`").with_argument("field", "trget");
    /// assert_eq!(diagnostic.arguments, [("field", "trget".to_string())]);
    /// ```
    #[must_use]
    pub fn with_argument<'v>(mut self, name: &'static str, value: impl Into<Cow<'v, str>>) -> Self {
        self.arguments.push((name, short_argument(&value.into()).into_owned()));
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn with_label(mut self, at: Location, message: impl Into<String>) -> Self {
        const MOST_LABELS: usize = 100;
        match self.labels.get_mut(MOST_LABELS - 1) {
            None => self.labels.push(Label { at, message: bounded_sentence(message.into()) }),
            Some(last) if !last.message.ends_with(MORE_PLACES) => last.message.push_str(MORE_PLACES),
            Some(_) => {}
        }
        self
    }

    /// Adds a reason.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(bounded_sentence(note.into()));
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(bounded_sentence(help.into()));
        self
    }

    /// Attaches a fix.
    #[must_use]
    pub fn with_fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Adds Prometheus's own message.
    #[must_use]
    pub fn with_upstream(mut self, message: impl Into<String>) -> Self {
        self.upstream = Some(bounded_sentence(message.into()));
        self
    }

    /// Whether its severity is [`Severity::Error`].
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
