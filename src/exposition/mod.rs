//! The pages that targets are scraped from: the Prometheus text format and OpenMetrics, as `model/textparse` of Prometheus
//! 3.14 reads them.
//!
//! Knows the text of a page only, not what becomes of its samples. A page is read once from the start to the end, in memory
//! that does not grow with it; names and values are parts of its text where they have no escapes.

mod classes;
mod debug;
mod fault;
mod format;
mod lexer;
mod media_type;
mod page;
mod sample;
#[cfg(test)]
mod tests;
mod token;
mod usual;
mod values;

use crate::diagnostic::{Bounded, Diagnostic, ids};
use crate::text::{FileId, Location, Sources, Span, floor_boundary};

pub use debug::debug_page;
pub use fault::PageFault;
pub use format::{ContentTypeError, PageFormat};
pub use page::Page;
pub use sample::PageSample;

/// Every fault of a page, in the order of its lines.
///
/// ```
/// use promcfg::exposition::{PageFormat, faults};
/// let page = "a x\nb 1\nc{\n";
/// let lines: Vec<usize> = faults(page, PageFormat::Text).iter().map(|fault| fault.line()).collect();
/// assert_eq!(lines, [1, 3]);
/// ```
#[must_use]
pub fn faults(page: &(impl AsRef<[u8]> + ?Sized), format: PageFormat) -> Vec<PageFault> {
    Page::new(page, format).filter_map(Result::err).collect()
}

/// Every fault of a page as a diagnostic, in a bounded number; the first one has Prometheus's message. The page is `file`,
/// whose text has U+FFFD in place of bytes that are not UTF-8.
///
/// ```
/// use promcfg::Sources;
/// use promcfg::exposition::{PageFormat, diagnostics};
/// let mut sources = Sources::new();
/// let page = "# TYPE up gauge\nup x\n";
/// let file = sources.add("page.txt", page);
/// let found = diagnostics(&sources, file, page, PageFormat::Text);
/// assert_eq!(found[0].display(&sources).to_string(), "page.txt:2:4: error: invalid number \"x\" [invalid-exposition]");
/// ```
#[must_use]
pub fn diagnostics(
    sources: &Sources,
    file: FileId,
    page: &(impl AsRef<[u8]> + ?Sized),
    format: PageFormat,
) -> Vec<Diagnostic> {
    let (page, text) = (page.as_ref(), sources.text(file));
    let mut found = Bounded::default();
    let mut shown = Shown::default();
    for (index, fault) in Page::new(page, format).filter_map(Result::err).enumerate() {
        if !found.counts(ids::INVALID_EXPOSITION, file) {
            let mut diagnostic = fault.diagnostic(file, page, index == 0);
            if page != text.as_bytes() {
                diagnostic.at = Location::new(file, shown.span(page, text, fault.span(page)));
            }
            found.push(diagnostic);
        }
    }
    found.into_vec()
}

/// A place of a page whose bytes are not all UTF-8, and its place in the text that is shown.
#[derive(Default)]
struct Shown {
    place: usize,
    shown: usize,
}

impl Shown {
    /// A span of a page in its text. Spans are asked for in ascending order, up to the line that they are in.
    fn span(&mut self, page: &[u8], text: &str, span: Span) -> Span {
        let span = span.range();
        let line = page.get(..span.start).unwrap_or_default();
        let line = memchr::memrchr(b'\n', line).map_or(0, |end| end + 1);
        let length =
            |from: usize, to: usize| String::from_utf8_lossy(page.get(from.min(to)..to).unwrap_or_default()).len();
        if line > self.place {
            *self = Self { place: line, shown: self.shown + length(self.place, line) };
        } else if line < self.place {
            *self = Self { place: line, shown: length(0, line) };
        }
        let place = |place: usize| floor_boundary(text, (self.shown + length(line, place)).min(text.len()));
        Span::new(place(span.start), place(span.end))
    }
}

/// Whether a text is a page and nothing else: its first line that is neither blank nor a plain comment is `# HELP` or
/// `# TYPE` with a metric, or a sample with braces; or it is a sample, and such a line follows. Only names and numbers could
/// be the lines of any file.
pub(crate) fn is_page(text: &str) -> bool {
    const MOST_LINES: usize = 1000;
    let is_metadata = |line: &str| {
        let words = line.strip_prefix('#').map(str::trim_start).unwrap_or_default();
        words.starts_with("HELP ") || words.starts_with("TYPE ")
    };
    let is_content = |line: &&str| !line.trim().is_empty() && (!line.starts_with('#') || is_metadata(line));
    let is_read = |line: &str| Page::new(line, PageFormat::Text).all(|read| read.is_ok());
    let mut lines = text.lines().filter(is_content).take(MOST_LINES);
    let is_own = |line: &str| (is_metadata(line) || line.contains('{')) && is_read(line);
    lines.next().is_some_and(|first| is_read(first) && (is_own(first) || lines.any(is_own)))
}
