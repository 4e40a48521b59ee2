//! What a run of `promcfg lint` found, in the forms that programs read.

mod fingerprint;
mod github;
mod gitlab;
mod json;
mod junit;
mod omitted;
mod path;
mod sarif;

pub use github::write_github;
pub use gitlab::write_gitlab;
pub use json::{write_concise, write_json};
pub use junit::write_junit;
pub use omitted::Omitted;
pub use sarif::write_sarif;

use std::borrow::Cow;

use crate::diagnostic::Diagnostic;
use crate::secrets::masked_diagnostic;
use crate::text::{Location, Position, Sources};

use super::{escape_text, sentences};

/// What was found in which files.
///
/// ```
/// use promcfg::{Diagnostic, Severity, Sources};
/// use promcfg::report::{Finding, LintReport, write_github};
/// use promcfg::text::{Location, Span};
/// let mut sources = Sources::new();
/// let file = sources.add("a.yml", "x: 1\n");
/// let diagnostic = Diagnostic::new(promcfg::diagnostic::ids::UNKNOWN_FIELD, Severity::Error, Location::new(file, Span::new(0, 1)), "unknown key");
/// let finding = Finding { sources: &sources, diagnostic: &diagnostic, is_failure: true };
/// let report = LintReport::new(vec![finding], vec!["a.yml"]);
/// let mut out = Vec::new();
/// write_github(&mut out, &report)?;
/// assert_eq!(
///     String::from_utf8_lossy(&out),
///     "::error file=a.yml,line=1,endLine=1,col=1,endColumn=2,title=unknown-field::unknown key\n"
/// );
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct LintReport<'a> {
    /// The findings, in the order they are shown: those of a file together, by their places.
    pub findings: Vec<Finding<'a>>,
    /// The names of all files that were linted, also of those without findings.
    pub files: Vec<&'a str>,
    /// What is left out of `findings`: the rest of those that a rule has in one file beyond a bound.
    pub omitted: Vec<Omitted<'a>>,
}

impl<'a> LintReport<'a> {
    /// A report of `findings` (sorted as they are to be shown) in `files`. Of the findings that a rule has in
    /// one file the first thousand are kept, the others are counted in [`omitted`](Self::omitted).
    #[must_use]
    pub fn new(findings: Vec<Finding<'a>>, files: Vec<&'a str>) -> Self {
        let (findings, omitted) = omitted::bounded(findings);
        Self { findings, files, omitted }
    }
}

/// A diagnostic, with the texts that its places are in.
#[derive(Clone, Copy, Debug)]
pub struct Finding<'a> {
    /// The texts.
    pub sources: &'a Sources,
    /// What is said.
    pub diagnostic: &'a Diagnostic,
    /// Whether it makes the run fail.
    pub is_failure: bool,
}

impl<'a> Finding<'a> {
    /// The place in the file that a person sees.
    fn at(&self) -> Location {
        self.sources.outermost(self.diagnostic.at)
    }

    /// The name of that file.
    fn file(&self) -> &'a str {
        self.sources.name(self.at().file)
    }

    fn start(&self) -> Position {
        self.sources.position(self.diagnostic.at)
    }

    fn end(&self) -> Position {
        self.sources.end_position(self.diagnostic.at)
    }

    /// The last line that has a part of the place.
    fn last_line(&self) -> usize {
        let (start, end) = (self.start(), self.end());
        if end.column == 1 && end.line > start.line { end.line - 1 } else { end.line }
    }

    /// The diagnostic without the secrets that it cites.
    fn masked(&self) -> Cow<'a, Diagnostic> {
        masked_diagnostic(self.sources, self.diagnostic)
    }

    /// What is wrong, with the job it is about, on one line.
    fn headline(&self) -> String {
        self.masked().headline()
    }

    /// All that is said in words: what is wrong, why, what to do, Prometheus's own message; one line each.
    fn words(&self) -> String {
        let diagnostic = self.masked();
        let mut words = diagnostic.headline();
        for (name, text) in sentences(&diagnostic) {
            words.push_str(&format!("\n{name}: {}", escape_text(text)));
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Severity, ids};
    use crate::text::Span;

    /// Findings with the texts they are in, to make a report of.
    pub(super) struct Kept {
        sources: Vec<Sources>,
        pub(super) diagnostics: Vec<Diagnostic>,
        pub(super) failures: Vec<bool>,
    }

    /// Findings (a text, where in it, a message), all in files of that name.
    pub(super) fn report_of(name: &str, findings: &[(&str, usize, &str)]) -> Kept {
        let mut kept = Kept { sources: Vec::new(), diagnostics: Vec::new(), failures: Vec::new() };
        for &(text, offset, message) in findings {
            let mut sources = Sources::new();
            let file = sources.add(name, text);
            let at = Location::new(file, Span::new(offset, offset + 1));
            kept.diagnostics.push(Diagnostic::new(ids::UNKNOWN_FIELD, Severity::Error, at, message));
            kept.sources.push(sources);
            kept.failures.push(true);
        }
        kept
    }

    impl Kept {
        pub(super) fn report(&self) -> LintReport<'_> {
            let both = self.sources.iter().zip(&self.diagnostics).zip(&self.failures);
            let findings =
                both.map(|((sources, diagnostic), &is_failure)| Finding { sources, diagnostic, is_failure }).collect();
            LintReport::new(findings, Vec::new())
        }
    }
}
