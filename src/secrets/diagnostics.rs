//! Diagnostics as they may be shown.

use std::borrow::Cow;

use crate::diagnostic::{Diagnostic, ids};
use crate::text::{FileId, Sources};

use super::keys::is_known;
use super::words::quoted_parts;
use super::{Secrets, masked_value};

/// A diagnostic whose texts cite no secret: of the files that its places are in, and none that has the form of
/// credentials. Of a file that is not recognized ([`Secrets::is_recognized`]) they cite nothing at all, so that only the
/// place and the reason are left.
///
/// ```
/// use promcfg::{Diagnostic, Severity, Sources, diagnostic::ids};
/// use promcfg::report::masked_diagnostic;
/// use promcfg::text::{Location, Span};
/// let mut sources = Sources::new();
/// let file = sources.add("p.yml", "scrape_configs: [{basic_auth: me:hunter2}]");
/// let diagnostic = Diagnostic::new(ids::WRONG_TYPE, Severity::Error, Location::new(file, Span::new(30, 40)), "found `me:hunter2`");
/// assert_eq!(masked_diagnostic(&sources, &diagnostic).message, "found `<secret>:<secret>`");
/// ```
#[must_use]
pub fn masked_diagnostic<'d>(sources: &Sources, diagnostic: &'d Diagnostic) -> Cow<'d, Diagnostic> {
    let mut mask = Mask { secrets: Vec::new(), is_hidden: false };
    mask.add(sources, diagnostic.at.file);
    diagnostic.labels.iter().for_each(|label| mask.add(sources, label.at.file));
    // Which program a file is of is said in promcfg's own words.
    mask.is_hidden &= diagnostic.id != ids::UNSUPPORTED_FORMAT;
    let mut shown = Cow::Borrowed(diagnostic);
    mask.replace(&mut shown, |diagnostic| &diagnostic.message, |diagnostic| &mut diagnostic.message, false);
    for index in 0..diagnostic.notes.len() {
        mask.replace(&mut shown, |shown| &shown.notes[index], |shown| &mut shown.notes[index], false);
    }
    for index in 0..diagnostic.labels.len() {
        mask.replace(&mut shown, |shown| &shown.labels[index].message, |shown| &mut shown.labels[index].message, false);
    }
    for index in 0..diagnostic.arguments.len() {
        // These are promcfg's own words.
        let is_own = matches!(shown.arguments[index].0, "expected" | "found" | "section" | "list");
        if !is_own {
            mask.replace(&mut shown, |shown| &shown.arguments[index].1, |shown| &mut shown.arguments[index].1, true);
        }
    }
    mask_options(&mask, &mut shown);
    shown
}

/// About a page, the help and Prometheus's message have words of the page in quotes only; but for the names of labels in
/// braces.
fn words_of_page(text: Option<String>) -> Option<String> {
    text.map(|text| without_citations(&text)).filter(|text| !text.contains('{'))
}

/// What may be absent: the job, the help, Prometheus's own message, the title of the fix.
fn mask_options(mask: &Mask<'_>, shown: &mut Cow<'_, Diagnostic>) {
    if mask.is_hidden {
        let hidden = shown.job.is_some() || shown.help.is_some() || shown.upstream.is_some() || shown.fix.is_some();
        if hidden {
            let diagnostic = shown.to_mut();
            let (help, upstream) = (diagnostic.help.take(), diagnostic.upstream.take());
            if diagnostic.id == ids::INVALID_YAML {
                // Which rule of YAML a text breaks says nothing of its content, citations aside.
                diagnostic.upstream = upstream.map(|upstream| mask.changed(&upstream, false).unwrap_or(upstream));
            } else if diagnostic.id == ids::INVALID_EXPOSITION {
                (diagnostic.help, diagnostic.upstream) = (words_of_page(help), words_of_page(upstream));
            }
            (diagnostic.job, diagnostic.fix) = (None, None);
        }
        return;
    }
    if let Some(job) = shown.job.as_deref().and_then(|job| mask.changed(job, true)) {
        shown.to_mut().job = Some(job);
    }
    if let Some(help) = shown.help.as_deref().and_then(|help| mask.changed(help, false)) {
        shown.to_mut().help = Some(help);
    }
    if let Some(upstream) = shown.upstream.as_deref().and_then(|upstream| mask.changed(upstream, false)) {
        shown.to_mut().upstream = Some(upstream);
    }
    let title = shown.fix.as_ref().and_then(|fix| mask.changed(&fix.title, false));
    if let Some(title) = title
        && let Some(fix) = &mut shown.to_mut().fix
    {
        fix.title = title;
    }
}

/// What is hidden from the texts of a diagnostic.
struct Mask<'s> {
    secrets: Vec<&'s Secrets>,
    /// Whether a file is not recognized.
    is_hidden: bool,
}

impl<'s> Mask<'s> {
    fn add(&mut self, sources: &'s Sources, file: FileId) {
        for file in [file, sources.outer_of(file)] {
            let secrets = Secrets::of(sources, file);
            if !self.secrets.iter().any(|known| std::ptr::eq(*known, secrets)) {
                self.secrets.push(secrets);
            }
        }
        self.is_hidden |= !Secrets::of(sources, sources.outer_of(file)).is_recognized();
    }

    fn replace(
        &self,
        shown: &mut Cow<'_, Diagnostic>,
        get: impl Fn(&Diagnostic) -> &String,
        get_mut: impl Fn(&mut Diagnostic) -> &mut String,
        is_citation: bool,
    ) {
        if let Some(text) = self.changed(get(shown), is_citation) {
            *get_mut(shown.to_mut()) = text;
        }
    }

    /// A text without secrets; nothing when it has none.
    fn changed(&self, text: &str, is_citation: bool) -> Option<String> {
        let mut shown: Cow<'_, str> = masked_value(text);
        for secrets in &self.secrets {
            if let Cow::Owned(masked) = secrets.words.masked(&shown, is_citation) {
                shown = Cow::Owned(masked);
            }
        }
        if self.is_hidden {
            let cut = if is_citation { citation(&shown).to_string() } else { without_citations(&shown) };
            shown = Cow::Owned(cut);
        }
        (*shown != *text).then(|| shown.into_owned())
    }
}

/// In the place of a citation.
const CUT: &str = "…";

/// The series `up` and parts of a page, which promcfg's own sentences have in backticks.
const PARTS_OF_PAGES: [&str; 8] = ["up", "# EOF", "# HELP", "# TYPE", "# UNIT", "=", ",", "}"];

/// What is left of a citation: the names of fields, and parts of pages.
fn citation(text: &str) -> &str {
    if is_known(text) || PARTS_OF_PAGES.contains(&text) { text } else { CUT }
}

/// A sentence about a file that may be anything, with its citations cut, but for names of fields.
///
/// ```
/// use promcfg::report::without_citations;
/// assert_eq!(without_citations("line 1: invalid number \"x:0:0:root\" for `regex`"), "line 1: invalid number \"…\" for `regex`");
/// ```
#[must_use]
pub fn without_citations(sentence: &str) -> String {
    let mut shown = String::with_capacity(sentence.len());
    let mut end = 0;
    for part in quoted_parts(sentence) {
        shown.push_str(&sentence[end..part.start]);
        shown.push_str(citation(&sentence[part.clone()]));
        end = part.end;
    }
    shown.push_str(&sentence[end..]);
    shown
}
