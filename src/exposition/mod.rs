//! The pages that targets are scraped from: the Prometheus text format and OpenMetrics, as `model/textparse` of Prometheus
//! 3.14 reads them.
//!
//! Knows the text of a page only, not what becomes of its samples. A page is read once from the start to the end, in memory
//! that does not grow with it; names and values are parts of its text where they have no escapes.

mod debug;
mod fault;
mod format;
mod lexer;
mod page;
#[cfg(test)]
mod tests;
mod token;
mod values;

use crate::diagnostic::{Bounded, Diagnostic, ids};
use crate::text::{FileId, Sources};

pub use debug::debug_page;
pub use fault::PageFault;
pub use format::{ContentTypeError, PageFormat};
pub use page::{Page, PageSample};

/// Every fault of a page, in the order of its lines.
///
/// ```
/// use promcfg::exposition::{PageFormat, faults};
/// let page = "a x\nb 1\nc{\n";
/// let lines: Vec<usize> = faults(page, PageFormat::Text).iter().map(|fault| fault.line()).collect();
/// assert_eq!(lines, [1, 3]);
/// ```
#[must_use]
pub fn faults(text: &str, format: PageFormat) -> Vec<PageFault> {
    Page::new(text, format).filter_map(Result::err).collect()
}

/// Every fault of a page as a diagnostic, in a bounded number; the first one has Prometheus's message. The page is `file`.
///
/// ```
/// use promcfg::Sources;
/// use promcfg::exposition::{PageFormat, diagnostics};
/// let mut sources = Sources::new();
/// let file = sources.add("page.txt", "# TYPE up gauge\nup x\n");
/// let found = diagnostics(&sources, file, PageFormat::Text);
/// assert_eq!(found[0].display(&sources).to_string(), "page.txt:2:4: error: invalid number \"x\" [invalid-exposition]");
/// ```
#[must_use]
pub fn diagnostics(sources: &Sources, file: FileId, format: PageFormat) -> Vec<Diagnostic> {
    let text: &str = sources.text(file);
    let mut found = Bounded::default();
    for (index, fault) in Page::new(text, format).filter_map(Result::err).enumerate() {
        if !found.counts(ids::INVALID_EXPOSITION, file) {
            found.push(fault.diagnostic(file, text, index == 0));
        }
    }
    found.into_vec()
}

/// Whether a text is a page and nothing else: its first line that is neither blank nor a plain comment is `# HELP` or
/// `# TYPE` with a metric, or a sample with braces. A name and a number could be a line of any file.
pub(crate) fn is_page(text: &str) -> bool {
    let is_metadata = |line: &str| {
        let words = line.strip_prefix('#').map(str::trim_start).unwrap_or_default();
        words.starts_with("HELP ") || words.starts_with("TYPE ")
    };
    let is_content = |line: &&str| !line.trim().is_empty() && (!line.starts_with('#') || is_metadata(line));
    let Some(first) = text.lines().find(is_content) else { return false };
    let is_own = is_metadata(first) || first.contains('{');
    is_own && Page::new(first, PageFormat::Text).all(|read| read.is_ok())
}
