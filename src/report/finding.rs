//! Diagnostics as JSON, and the lines of a text around a place.

use std::ops::Range;

use serde_json::{Value, json};

use crate::diagnostic::{Diagnostic, Severity};
use crate::text::{Location, Sources, floor_boundary};

use super::Secrets;
use super::escape::{escape_text, is_dangerous};

/// A diagnostic in the shape `promcfg lint --format json` has for a finding. Lines and columns count
/// from 1, columns in characters.
///
/// ```
/// use promcfg::{Diagnostic, Severity, Sources};
/// use promcfg::report::finding_json;
/// use promcfg::text::{Location, Span};
/// let mut sources = Sources::new();
/// let file = sources.add("a.yml", "x: 1\n");
/// let diagnostic = Diagnostic::new(promcfg::diagnostic::ids::UNKNOWN_FIELD, Severity::Error, Location::new(file, Span::new(0, 1)), "unknown key");
/// let finding = finding_json(&sources, &diagnostic);
/// assert_eq!((&finding["line"], &finding["column"]), (&1.into(), &1.into()));
/// ```
#[must_use]
pub fn finding_json(sources: &Sources, diagnostic: &Diagnostic) -> Value {
    let (start, end) = (sources.position(diagnostic.at), sources.end_position(diagnostic.at));
    let fix = diagnostic.fix.as_ref().map(|fix| json!({ "title": fix.title, "safety": fix.safety }));
    json!({
        "rule": diagnostic.id,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "file": sources.name(sources.outermost(diagnostic.at).file),
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "job": diagnostic.job,
        "notes": diagnostic.notes,
        "help": diagnostic.help,
        "upstream": diagnostic.upstream,
        "fix": fix,
    })
}

/// A diagnostic on one line: `file:line:column: severity: message [id]`.
///
/// ```
/// use promcfg::{Diagnostic, Severity, Sources};
/// use promcfg::report::concise_line;
/// use promcfg::text::{Location, Span};
/// let mut sources = Sources::new();
/// let file = sources.add("a.yml", "x: 1\n");
/// let diagnostic = Diagnostic::new(promcfg::diagnostic::ids::UNKNOWN_FIELD, Severity::Error, Location::new(file, Span::new(0, 1)), "unknown key");
/// assert_eq!(concise_line(&sources, &diagnostic), "a.yml:1:1: error: unknown key [unknown-field]");
/// ```
#[must_use]
pub fn concise_line(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let position = sources.position(diagnostic.at);
    let file = escape_text(sources.name(sources.outermost(diagnostic.at).file));
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    let job = diagnostic.job.as_deref().filter(|job| !job.is_empty());
    let job = job.map_or_else(String::new, |job| format!("job {}: ", escape_text(job)));
    let message = escape_text(&diagnostic.message);
    format!("{file}:{}:{}: {severity}: {job}{message} [{}]", position.line, position.column, diagnostic.id)
}

/// A part of a file around a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceExcerpt {
    /// Its bytes in the file.
    pub range: Range<usize>,
    /// Number of its first line, from 1.
    pub line: usize,
}

/// A text that may be shown: every byte of a secret is a `*`, every byte of a character that a
/// terminal would obey is a `?`. Offsets and line ends stay as they are.
///
/// ```
/// assert_eq!(promcfg::report::printable("password: hunter2\nx: \u{1b}[31m\n"), "password: *******\nx: ?[31m\n");
/// ```
#[must_use]
pub fn printable(text: &str) -> String {
    let secrets = Secrets::find(text);
    let mut shown = if secrets.is_empty() { text.to_string() } else { secrets.starred(text, 0..text.len()) };
    let is_unsafe = |character: char| is_dangerous(character) && !matches!(character, '\n' | '\r' | '\t');
    if shown.contains(is_unsafe) {
        let mut safe = String::with_capacity(shown.len());
        for character in shown.chars() {
            if is_unsafe(character) {
                safe.extend(std::iter::repeat_n('?', character.len_utf8()));
            } else {
                safe.push(character);
            }
        }
        shown = safe;
    }
    shown
}

/// The longest line that is shown whole, in bytes.
const LONGEST_LINE: usize = 400;
/// How much of a longer line is shown around the place.
const AROUND: usize = 80;

/// The lines around a place (in its outermost file), `context` lines before and after; of lines that
/// are very long only the part around the place. Every byte of a secret is a `*`.
#[must_use]
pub fn excerpt(sources: &Sources, at: Location, context: usize) -> SourceExcerpt {
    let (text, lines) = (sources.text(at.file), sources.lines(at.file));
    let first = lines.line_of(at.span.start as usize);
    let last = lines.line_of((at.span.end.max(at.span.start + 1) - 1) as usize).max(first);
    let before =
        (1..=context).take_while(|count| first > *count && is_short(&lines.line_range(text, first - count))).count();
    let after = (1..=context)
        .take_while(|count| last + count <= lines.line_count() && is_short(&lines.line_range(text, last + count)))
        .count();
    let (own_start, own_end) = (lines.line_range(text, first).start, lines.line_range(text, last).end);
    let (line, range) = if own_end - own_start <= LONGEST_LINE * (1 + last - first) {
        let line = first - before;
        (line, lines.line_range(text, line).start..lines.line_range(text, last + after).end)
    } else {
        let start = floor_boundary(text, (at.span.start as usize).saturating_sub(AROUND).max(own_start));
        let end = (at.span.end as usize).min(at.span.start as usize + AROUND) + AROUND;
        (first, start..floor_boundary(text, end.min(own_end)))
    };
    SourceExcerpt { range, line }
}

fn is_short(line: &Range<usize>) -> bool {
    line.len() <= LONGEST_LINE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn shown(text: &str, span: Span, context: usize) -> (usize, String) {
        let mut sources = Sources::new();
        let file = sources.add("a.yml", text);
        let excerpt = excerpt(&sources, Location::new(file, span), context);
        (excerpt.line, text[excerpt.range].to_string())
    }

    #[test]
    fn lines_around_a_place_are_shown() {
        assert_eq!(shown("a: 1\nb: 2\nc: 3\nd: 4\n", Span::new(10, 11), 1), (2, "b: 2\nc: 3\nd: 4".to_string()));
        assert_eq!(shown("a: 1\n", Span::new(0, 1), 2).0, 1);
    }

    #[test]
    fn of_a_very_long_line_only_a_part_is_shown() {
        let text = format!("a: {}x{}\n", "é".repeat(1000), "b".repeat(1000));
        let (line, excerpt) = shown(&text, Span::new(2003, 2004), 2);
        assert_eq!(line, 1);
        assert!(excerpt.contains('x') && excerpt.len() < 400, "{excerpt}");
    }
}
