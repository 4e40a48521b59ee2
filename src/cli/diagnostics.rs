//! Diagnostics on the terminal, drawn by miette over an indexed text.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents, ThemeStyles,
};
use promcfg::report::{Look, escape_text, excerpt, printable};
use promcfg::text::{FileId, Location, Span};
use promcfg::{Diagnostic, Severity, Sources};

/// The diagnostics as text for people.
pub(crate) fn draw(sources: &Sources, diagnostics: &[Diagnostic], look: Look) -> String {
    draw_all(diagnostics.iter().map(|diagnostic| (sources, diagnostic)), look)
}

/// Diagnostics, each with the texts its places are in, as text for people.
pub(crate) fn draw_all<'d>(diagnostics: impl Iterator<Item = (&'d Sources, &'d Diagnostic)>, look: Look) -> String {
    let handler = handler(look);
    let mut texts = PrintableTexts::default();
    let mut text = String::new();
    for (sources, diagnostic) in diagnostics {
        draw_one(&handler, sources, &mut texts, diagnostic, look, &mut text);
    }
    text
}

fn handler(look: Look) -> GraphicalReportHandler {
    let theme = match (look.color, look.unicode) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme { styles: ThemeStyles::ansi(), ..GraphicalTheme::ascii() },
        (false, true) => GraphicalTheme::unicode_nocolor(),
        (false, false) => GraphicalTheme { styles: ThemeStyles::none(), ..GraphicalTheme::ascii() },
    };
    const WIDTH: usize = 100;
    let handler = GraphicalReportHandler::new_themed(theme).with_links(false).with_context_lines(1);
    handler.with_width(look.width.unwrap_or(WIDTH)).tab_width(2)
}

fn draw_one(
    handler: &GraphicalReportHandler,
    sources: &Sources,
    texts: &mut PrintableTexts,
    diagnostic: &Diagnostic,
    look: Look,
    text: &mut String,
) {
    let at = sources.outermost(diagnostic.at);
    let source = IndexedSource { sources, text: texts.of(sources, at.file), file: at.file };
    let report = Report { diagnostic, labels: labels(sources, diagnostic, at), source };
    // Writing to a string cannot fail; what a drawing cannot show is still reported below.
    let _drawn = handler.render_report(text, &report);
    for (label, place) in elsewhere(sources, diagnostic, at.file) {
        text.push_str(&format!("  {} {place}: {label}\n", look.dim("see")));
    }
    for note in &diagnostic.notes {
        text.push_str(&format!("  {} {}\n", look.dim("why:"), escape_text(note)));
    }
    if let Some(help) = &diagnostic.help {
        text.push_str(&format!("  {} {}\n", look.name("help:"), escape_text(help)));
    }
    if let Some(upstream) = &diagnostic.upstream {
        text.push_str(&format!("  {}\n", look.dim(&format!("Prometheus says: {}", escape_text(upstream)))));
    }
    text.push('\n');
}

/// The places in the diagnostic's own file.
fn labels(sources: &Sources, diagnostic: &Diagnostic, at: Location) -> Vec<LabeledSpan> {
    let mut labels = vec![LabeledSpan::new_primary_with_span(Some("here".to_string()), miette_span(at.span))];
    for label in &diagnostic.labels {
        let other = sources.outermost(label.at);
        if other.file == at.file {
            labels.push(LabeledSpan::new_with_span(Some(label.message.clone()), miette_span(other.span)));
        }
    }
    labels
}

/// The places in other files: their words, and `file:line:column`.
fn elsewhere<'d>(
    sources: &'d Sources,
    diagnostic: &'d Diagnostic,
    file: FileId,
) -> impl Iterator<Item = (&'d str, String)> {
    diagnostic.labels.iter().filter(move |label| sources.outermost(label.at).file != file).map(|label| {
        let position = sources.position(label.at);
        let name = sources.name(sources.outermost(label.at).file);
        (label.message.as_str(), format!("{}:{}:{}", escape_text(name), position.line, position.column))
    })
}

fn miette_span(span: Span) -> SourceSpan {
    (span.start as usize, span.len()).into()
}

/// Each file's text as it may be shown, made when it is first needed.
#[derive(Default)]
struct PrintableTexts {
    texts: HashMap<(*const Sources, FileId), Arc<str>>,
}

impl PrintableTexts {
    fn of(&mut self, sources: &Sources, file: FileId) -> Arc<str> {
        let key = (std::ptr::from_ref(sources), file);
        let text = self.texts.entry(key).or_insert_with(|| printable(sources.text(file)).into());
        Arc::clone(text)
    }
}

struct Report<'a> {
    diagnostic: &'a Diagnostic,
    labels: Vec<LabeledSpan>,
    source: IndexedSource<'a>,
}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.diagnostic.message)
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(job) = self.diagnostic.job.as_ref().filter(|job| !job.is_empty()) {
            write!(f, "job {}: ", escape_text(job))?;
        }
        f.write_str(&escape_text(&self.diagnostic.message))
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.diagnostic.id))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            _ => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// A file whose lines are found through its index.
struct IndexedSource<'a> {
    sources: &'a Sources,
    text: Arc<str>,
    file: FileId,
}

impl SourceCode for IndexedSource<'_> {
    fn read_span<'s>(
        &'s self,
        span: &SourceSpan,
        context_lines_before: usize,
        context_lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'s> + 's>, MietteError> {
        let at = Location::new(self.file, Span::new(span.offset(), span.offset() + span.len()));
        let position = self.sources.position(at);
        let context = context_lines_before.max(context_lines_after);
        let (range, line, column) = if context == 0 {
            (at.span.range(), position.line, position.column - 1)
        } else {
            let excerpt = excerpt(self.sources, at, context);
            (excerpt.range, excerpt.line, 0)
        };
        let data = self.text.get(range.clone()).ok_or(MietteError::OutOfBounds)?;
        let lines = data.matches('\n').count() + 1;
        let name = escape_text(self.sources.name(self.file)).into_owned();
        let span = (range.start, data.len()).into();
        Ok(Box::new(MietteSpanContents::new_named(name, data.as_bytes(), span, line - 1, column, lines)))
    }
}
