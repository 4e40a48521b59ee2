//! Diagnostics as plain text.

use std::fmt;

use crate::diagnostic::{Diagnostic, Id, ids};
use crate::secrets::masked_diagnostic;
use crate::text::{Location, Sources};

use super::{escape_text, shown_path};

impl Diagnostic {
    /// What is wrong, with the job it is about, on one line. It may cite a secret: show the headline of
    /// [`masked_diagnostic`].
    ///
    /// ```
    /// # use promcfg::{Diagnostic, Severity, Sources};
    /// # use promcfg::text::{Location, Span};
    /// # let at = Location::new(Sources::new().add("a.yml", "x: 1\n"), Span::new(0, 1));
    /// # let id = promcfg::diagnostic::ids::UNKNOWN_FIELD;
    /// let diagnostic = Diagnostic::new(id, Severity::Error, at, "unknown key `x`").with_job("web");
    /// assert_eq!(diagnostic.headline(), "job web: unknown key `x`");
    /// ```
    #[must_use]
    pub fn headline(&self) -> String {
        let message = escape_text(&self.message);
        match self.job.as_deref() {
            Some(job) if !job.is_empty() => format!("job {}: {message}", escape_text(job)),
            _ => message.into_owned(),
        }
    }

    /// The diagnostic as text: `file:line:column: severity: message [id]`. With `{:#}` other places,
    /// notes, help and Prometheus's own message follow, a line each. No secret is cited.
    ///
    /// ```
    /// use promcfg::{Diagnostic, Severity, Sources};
    /// use promcfg::text::{Location, Span};
    /// let mut sources = Sources::new();
    /// let at = Location::new(sources.add("a.yml", "regex: 1\n"), Span::new(0, 1));
    /// let id = promcfg::diagnostic::ids::UNKNOWN_FIELD;
    /// let diagnostic = Diagnostic::new(id, Severity::Error, at, "unknown key").with_help("remove it");
    /// assert_eq!(diagnostic.display(&sources).to_string(), "a.yml:1:1: error: unknown key [unknown-field]");
    /// let all = format!("{:#}", diagnostic.display(&sources));
    /// assert_eq!(all, "a.yml:1:1: error: unknown key [unknown-field]\n  help: remove it");
    /// ```
    pub fn display<'a>(&'a self, sources: &'a Sources) -> impl fmt::Display + 'a {
        DisplayDiagnostic { diagnostic: self, sources }
    }
}

struct DisplayDiagnostic<'a> {
    diagnostic: &'a Diagnostic,
    sources: &'a Sources,
}

impl DisplayDiagnostic<'_> {
    /// `file:line:column`.
    fn place(&self, at: Location) -> String {
        let position = self.sources.position(at);
        let file = shown_path(self.sources.name(self.sources.outermost(at).file));
        format!("{file}:{}:{}", position.line, position.column)
    }
}

impl fmt::Display for DisplayDiagnostic<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let diagnostic = &*masked_diagnostic(self.sources, self.diagnostic);
        let (place, severity) = (self.place(diagnostic.at), diagnostic.severity);
        write!(f, "{place}: {severity}: {} [{}]", diagnostic.headline(), diagnostic.id)?;
        if f.alternate() {
            for label in &diagnostic.labels {
                write!(f, "\n  {}: {}", self.place(label.at), escape_text(&label.message))?;
            }
            for (name, text) in sentences(diagnostic) {
                write!(f, "\n  {name}: {}", escape_text(text))?;
            }
        }
        Ok(())
    }
}

/// What is said beyond the message, each with its name: `note`, `help`, or the program whose message it
/// is, such as `Prometheus says`. As
/// [`headline`](Diagnostic::headline), of a masked diagnostic.
///
/// ```
/// # use promcfg::{Diagnostic, Severity, Sources};
/// # use promcfg::text::{Location, Span};
/// # let at = Location::new(Sources::new().add("a.yml", "x: 1\n"), Span::new(0, 1));
/// # let id = promcfg::diagnostic::ids::UNKNOWN_FIELD;
/// let diagnostic = Diagnostic::new(id, Severity::Error, at, "unknown key").with_help("remove it");
/// assert_eq!(promcfg::report::sentences(&diagnostic).next(), Some(("help", "remove it")));
/// ```
pub fn sentences(diagnostic: &Diagnostic) -> impl Iterator<Item = (&'static str, &str)> {
    let notes = diagnostic.notes.iter().map(|note| ("note", note.as_str()));
    let help = diagnostic.help.iter().map(|help| ("help", help.as_str()));
    let upstream = diagnostic.upstream.iter().map(|upstream| (speaker(diagnostic.id), upstream.as_str()));
    notes.chain(help).chain(upstream)
}

/// The program that words the message of a load error in its own way.
fn speaker(id: Id) -> &'static str {
    if id == ids::REFUSED_OBJECT {
        "the API server says"
    } else if [ids::SKIPPED_OBJECT, ids::UNGENERATED_CONFIG].contains(&id) {
        "the operator says"
    } else {
        "Prometheus says"
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::{Diagnostic, Severity, ids};
    use crate::text::{Location, Sources, Span};

    #[test]
    fn the_long_form_has_other_places_notes_help_and_upstream_one_line_each() {
        let mut sources = Sources::new();
        let file = sources.add("a\u{1b}.yml", "a: 1\nregex: 2\n");
        let at = |start: usize| Location::new(file, Span::new(start, start + 1));
        let diagnostic = Diagnostic::new(ids::DUPLICATE_JOB_NAME, Severity::Warning, at(5), "twice\nthe same")
            .with_job("größe")
            .with_label(at(0), "the first one")
            .with_note("only one is used")
            .with_help("rename one")
            .with_upstream("found two");
        let first = "a\\u{1b}.yml:2:1: warning: job größe: twice\\nthe same [duplicate-job-name]";
        assert_eq!(diagnostic.display(&sources).to_string(), first);
        assert_eq!(
            format!("{:#}", diagnostic.display(&sources)),
            format!(
                "{first}\n  a\\u{{1b}}.yml:1:1: the first one\n  note: only one is used\n  help: rename one\n  Prometheus says: found two"
            )
        );
    }
}
