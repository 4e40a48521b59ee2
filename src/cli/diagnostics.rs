//! Diagnostics on the terminal: a headline, the lines of the file as miette draws them, and the sentences.

mod excerpt;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeStyles};
use promcfg::diagnostic::Safety;
use promcfg::report::{Look, escape_text, masked_diagnostic, printable_file, sentences, shown_path};
use promcfg::text::{FileId, Location};
use promcfg::{Diagnostic, Severity, Sources};

use self::excerpt::{Excerpts, Mark, Page};
use super::wrap::{width_of, wrap};

/// The diagnostics as text for people.
pub(crate) fn draw<'d>(sources: &Sources, diagnostics: impl IntoIterator<Item = &'d Diagnostic>, look: Look) -> String {
    let mut drawer = Drawer::new(look);
    diagnostics.into_iter().map(|diagnostic| drawer.draw(sources, diagnostic, Extras::default())).collect()
}

/// What a list of findings says of one of them beside the diagnostic.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Extras<'e> {
    /// Which fixes are marked.
    pub(crate) marks: Marks,
    /// The lines of findings like it that are not drawn.
    pub(crate) more: &'e [usize],
}

/// The fixes that the headline of a finding mentions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Marks {
    #[default]
    None,
    /// `[*]` for a safe fix.
    Safe,
    /// `[*]` for a safe fix, `[unsafe fix]` for an unsafe one.
    All,
}

impl Marks {
    /// The mark of a diagnostic.
    fn of(self, diagnostic: &Diagnostic) -> &'static str {
        match (self, diagnostic.fix.as_ref().map(|fix| fix.safety)) {
            (Self::Safe | Self::All, Some(Safety::Safe)) => "[*]",
            (Self::All, Some(_)) => "[unsafe fix]",
            _ => "",
        }
    }
}

/// Draws diagnostics one after the other.
pub(crate) struct Drawer {
    look: Look,
    handler: GraphicalReportHandler,
    /// How a frame begins.
    corner: String,
    texts: PrintableTexts,
}

impl Drawer {
    pub(crate) fn new(look: Look) -> Self {
        let theme = match (look.color, look.unicode) {
            (true, true) => GraphicalTheme::unicode(),
            (true, false) => GraphicalTheme { styles: ThemeStyles::ansi(), ..GraphicalTheme::ascii() },
            (false, true) => GraphicalTheme::unicode_nocolor(),
            (false, false) => GraphicalTheme { styles: ThemeStyles::none(), ..GraphicalTheme::ascii() },
        };
        let corner = format!("{}{}", theme.characters.ltop, theme.characters.hbar);
        let handler = GraphicalReportHandler::new_themed(theme).with_links(false).with_context_lines(1);
        Self { look, handler, corner, texts: PrintableTexts::default() }
    }

    /// A diagnostic, with an empty line after it.
    pub(crate) fn draw(&mut self, sources: &Sources, diagnostic: &Diagnostic, extras: Extras<'_>) -> String {
        let marks = extras.marks.of(diagnostic);
        let diagnostic = &*masked_diagnostic(sources, diagnostic);
        let mut text = self.headline(diagnostic, marks);
        let at = sources.outermost(diagnostic.at);
        let mut marks = vec![Mark { at, message: None }];
        let mut elsewhere = Vec::new();
        for label in diagnostic.labels.iter().filter(|label| !label.message.is_empty()) {
            let other = sources.outermost(label.at);
            if other.span == at.span && other.file == at.file {
                marks[0].message = Some(&label.message);
            } else if other.file == at.file && marks.len() <= MOST_LABELS {
                marks.push(Mark { at: other, message: Some(&label.message) });
            } else {
                elsewhere.push((label.message.as_str(), label.at));
            }
        }
        let drawn = self.excerpts(sources, at.file, &marks);
        match drawn {
            Some((drawn, hidden)) => {
                text.push_str(&drawn);
                let hidden = hidden.into_iter().map(|index| &marks[index]);
                elsewhere.extend(hidden.filter_map(|mark| Some((mark.message?, mark.at))));
            }
            None => text.push_str(&format!("  --> {}\n", place(sources, diagnostic.at))),
        }
        let rest = elsewhere.split_off(elsewhere.len().min(MOST_LABELS));
        for (label, at) in elsewhere {
            self.sentence(&mut text, &self.look.dim("see"), &format!("{}: {}", place(sources, at), escape_text(label)));
        }
        if !rest.is_empty() {
            let lines: Vec<usize> = rest.iter().map(|(_, at)| sources.position(*at).line).collect();
            self.sentence(&mut text, &self.look.dim("see"), &self.more("more places", &lines));
        }
        for (name, sentence) in sentences(diagnostic) {
            let heading = format!("{name}:");
            let heading = if name == "help" { self.look.name(&heading) } else { self.look.dim(&heading) };
            self.sentence(&mut text, &heading, &escape_text(sentence));
        }
        if !extras.more.is_empty() {
            self.sentence(&mut text, "and", &self.more("more", extras.more));
        }
        text.push('\n');
        text
    }

    /// `error[id][*]: message`.
    fn headline(&self, diagnostic: &Diagnostic, mark: &str) -> String {
        let look = self.look;
        let kind = format!("{}[{}]", diagnostic.severity, diagnostic.id);
        let first = kind.len() + mark.len() + 2;
        let kind = match diagnostic.severity {
            Severity::Error => look.bad(&kind),
            Severity::Warning => look.warn(&kind),
            _ => look.name(&kind),
        };
        let lines = wrap(&diagnostic.headline(), look.width, first, HANG);
        let lines: Vec<String> = lines.iter().map(|line| look.strong(line)).collect();
        let gap = if lines[0].is_empty() { "" } else { " " };
        format!("{kind}{}:{gap}{}\n", look.good(mark), lines.join(&format!("\n{:HANG$}", "")))
    }

    /// A sentence under a diagnostic, after its heading.
    fn sentence(&self, text: &mut String, heading: &str, sentence: &str) {
        let heading_width = width_of(&without_colors(heading));
        let indent = if heading_width > WIDEST_HANG { 2 * HANG } else { HANG + heading_width + 1 };
        let lines = wrap(sentence, self.look.width, HANG + heading_width + 1, indent);
        let gap = if lines[0].is_empty() { "" } else { " " };
        text.push_str(&format!("{:HANG$}{heading}{gap}{}\n", "", lines.join(&format!("\n{:indent$}", ""))));
    }

    /// `14 more: lines 3, 9, 12, …`.
    fn more(&self, noun: &str, lines: &[usize]) -> String {
        const MOST: usize = 12;
        let listed: Vec<String> = lines.iter().take(MOST).map(ToString::to_string).collect();
        let line = if lines.len() == 1 { "line" } else { "lines" };
        let rest = if lines.len() > MOST { format!(", {}", self.ellipsis()) } else { String::new() };
        format!("{} {noun}: {line} {}{rest}", lines.len(), listed.join(", "))
    }

    fn ellipsis(&self) -> &'static str {
        if self.look.unicode { "…" } else { "..." }
    }

    /// The lines around the marks; with them the indices of the marks that could not be shown. Nothing of a blank file.
    fn excerpts(&mut self, sources: &Sources, file: FileId, marks: &[Mark<'_>]) -> Option<(String, Vec<usize>)> {
        let text = self.texts.of(sources, file).filter(|text| !text.trim().is_empty())?;
        let page = Page { width: self.look.width, ellipsis: self.ellipsis() };
        let (excerpts, labels) = Excerpts::of(sources, file, &text, marks, page);
        let hidden = labels.iter().enumerate().filter(|(_, label)| label.is_none()).map(|(index, _)| index).collect();
        let report = Report { labels: labels.into_iter().flatten().collect(), excerpts };
        let mut drawn = String::new();
        self.handler.render_report(&mut drawn, &report).ok()?;
        // Before the first frame there is a headline without words.
        let frame = drawn.find(&self.corner)?;
        let start = drawn[..frame].rfind('\n').map_or(0, |end| end + 1);
        Some((drawn[start..].to_string(), hidden))
    }
}

/// So many other places are shown one by one.
const MOST_LABELS: usize = 4;
/// Columns that further lines are indented by.
const HANG: usize = 2;
/// Under a wider heading than this, further lines do not begin where the first one begins.
const WIDEST_HANG: usize = 8;

fn place(sources: &Sources, at: Location) -> String {
    let position = sources.position(at);
    let name = sources.name(sources.outermost(at).file);
    format!("{}:{}:{}", shown_path(name), position.line, position.column)
}

/// A heading without the codes that color it.
fn without_colors(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// Each file's text as it may be shown, made when it is first needed.
#[derive(Default)]
struct PrintableTexts {
    texts: HashMap<(*const Sources, FileId), Option<Arc<str>>>,
}

impl PrintableTexts {
    /// Nothing for a file that is not recognized.
    fn of(&mut self, sources: &Sources, file: FileId) -> Option<Arc<str>> {
        let key = (std::ptr::from_ref(sources), file);
        let text = self.texts.entry(key).or_insert_with(|| printable_file(sources, file).map(Arc::from));
        text.clone()
    }
}

/// Lines of a file with labels: the part of a diagnostic that miette draws.
#[derive(Debug)]
struct Report {
    labels: Vec<LabeledSpan>,
    excerpts: Excerpts,
}

impl fmt::Display for Report {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Report {}

impl miette::Diagnostic for Report {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpts)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
