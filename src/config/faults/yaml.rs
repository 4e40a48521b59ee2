//! Faults of the text itself.

use crate::config::schema::is_key_of_any_section;
use crate::diagnostic::{Diagnostic, Severity, ids};
use crate::text::{FileId, Location, Span, line_start};
use crate::yaml::{Cause, Damage, SyntaxError};

use super::error;
use super::help;
use super::space::MissingSpace;

/// A broken place of a text that is not valid YAML, and that Prometheus reads.
pub(crate) fn syntax(file: FileId, text: &str, damage: &Damage) -> Diagnostic {
    let diagnostic = syntax_for("Prometheus", file, text, damage);
    if damage.is_first { diagnostic.with_upstream(damage.error.to_string()) } else { diagnostic }
}

/// The same of a text that another program reads: `kubectl` reads manifests.
pub(crate) fn syntax_for(reader: &str, file: FileId, text: &str, damage: &Damage) -> Diagnostic {
    let (fault, at) = (&damage.error, Location::new(file, damage.span));
    let words = words_of(damage).unwrap_or_else(|| help::in_words(text, fault));
    let mut diagnostic =
        error(ids::INVALID_YAML, at, format!("invalid YAML: {words}")).with_argument("error", fault.message.as_str());
    if let Some((span, reason)) = label_of(reader, text, damage) {
        diagnostic = diagnostic.with_label(Location::new(file, span), reason);
    }
    let line = line_at(text, fault.span);
    if line.contains("{{") || line.contains("{%") {
        return diagnostic
            .with_note(format!("the line looks like a template; {reader} does not render templates"))
            .with_help("render the template first, and lint the result");
    }
    let may_lack_space = matches!(damage.cause, Cause::Other | Cause::MissingColon | Cause::Indentation { .. });
    if may_lack_space
        && is_of_space(fault)
        && let Some(missing) = MissingSpace::near(text, fault.span.start as usize)
    {
        return missing.explain(diagnostic);
    }
    match remedy_of(text, damage) {
        Some((note, help)) => diagnostic.with_note(note).with_help(help),
        None => diagnostic,
    }
}

fn line_at(text: &str, span: Span) -> &str {
    let start = line_start(text, (span.start as usize).min(text.len()));
    text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("")
}

/// The number of the line of a place, from 1.
fn line_number(text: &str, span: Span) -> usize {
    text.get(..span.start as usize)
        .map_or(1, |before| before.lines().count().max(1) + usize::from(before.ends_with('\n')))
}

/// The fault in words, where its cause is known.
fn words_of(damage: &Damage) -> Option<String> {
    Some(match damage.cause {
        Cause::Tab => "tab in the indentation".to_string(),
        Cause::MissingColon => "missing `:` after this key".to_string(),
        Cause::OpenQuote => "missing closing quote".to_string(),
        Cause::OpenBracket { closing } => format!("missing `{closing}`"),
        Cause::OpenBrackets { ref closing } => format!("missing `{closing}`"),
        Cause::MissingDash { .. } => "missing `-` before the first entry of this item".to_string(),
        Cause::Conflict => "unresolved merge conflict".to_string(),
        Cause::Indentation { .. } => "wrong indentation".to_string(),
        _ => return None,
    })
}

/// The place where the reader notices the fault, or that of the construct around it.
fn label_of(reader: &str, text: &str, damage: &Damage) -> Option<(Span, String)> {
    let fault = &damage.error;
    match damage.cause {
        Cause::OpenQuote | Cause::OpenBracket { .. } | Cause::OpenBrackets { .. } | Cause::MissingColon => {
            let is_elsewhere = line_at(text, fault.span) != line_at(text, damage.span) && !fault.span.is_empty();
            (is_elsewhere && damage.is_first).then(|| (fault.span, format!("{reader} notices it here")))
        }
        Cause::Tab | Cause::Conflict | Cause::Indentation { .. } | Cause::MissingDash { .. } => None,
        _ => fault.context.map(|context| (context, "while reading this part".to_string())),
    }
}

/// The reason and the remedy.
fn remedy_of(text: &str, damage: &Damage) -> Option<(String, String)> {
    let owned = |(note, help): (&str, &str)| Some((note.to_string(), help.to_string()));
    match damage.cause {
        Cause::Tab => owned(("a tab cannot indent in YAML", "replace the tab with spaces")),
        Cause::MissingColon => {
            let key = damage.span.of(text);
            let written = if is_key_of_any_section(key) { key } else { "key" };
            let value = if has_block_below(text, damage.span) { "" } else { " value" };
            Some((
                "a line of a mapping is `key: value`, with a space after the colon".to_string(),
                format!("write `{written}:{value}`, or indent the line more if it continues the value before it"),
            ))
        }
        Cause::OpenQuote => Some((
            format!("the quoted text that begins here is not closed in line {}", line_number(text, damage.span)),
            format!("close the quote with `{}`", damage.span.of(text)),
        )),
        Cause::OpenBracket { closing } => Some((
            "the bracket that is opened here is not closed before the next entry".to_string(),
            format!("close it with `{closing}`"),
        )),
        Cause::OpenBrackets { ref closing } => Some((
            format!("{} brackets are not closed before the next entry; this is the last one", closing.len()),
            format!("close them with `{closing}`"),
        )),
        Cause::MissingDash { column } => Some((
            "the lines belong to an item of the list that goes on below, and each item begins with `- `".to_string(),
            format!("write `- ` in column {}", column + 1),
        )),
        Cause::Conflict => owned((
            "the lines between `<<<<<<<` and `>>>>>>>` are two versions of one part",
            "resolve the conflict: keep one version, and remove the lines with the marks",
        )),
        Cause::Indentation { .. } if begins_with_unusual_blank(text, damage.span) => owned((
            "the line begins with a blank that is not a space, such as a no-break space",
            "replace it with a space",
        )),
        Cause::Indentation { column, neighbors } => Some((
            format!("the line begins in column {}, and the entries before it in column {}", column + 1, neighbors + 1),
            format!("begin the line in column {}, or in the column of another entry that it belongs to", neighbors + 1),
        )),
        _ => help::for_fault(text, &damage.error).and_then(owned),
    }
}

fn begins_with_unusual_blank(text: &str, place: Span) -> bool {
    text.get(place.start as usize..).is_some_and(|rest| rest.starts_with(|c: char| c.is_whitespace() && !c.is_ascii()))
}

/// Whether a missing space may be the cause.
fn is_of_space(fault: &SyntaxError) -> bool {
    matches!(
        fault.message.as_str(),
        "mapping values are not allowed in this context"
            | "could not find expected ':'"
            | "did not find expected key"
            | "did not find expected '-' indicator"
            | "did not find expected ',' or ']'"
            | "did not find expected ',' or '}'"
    )
}

/// Whether a value of several lines is below a key that is alone in its line.
fn has_block_below(text: &str, key: Span) -> bool {
    let (start, end) = (line_start(text, key.start as usize), key.end as usize);
    let mut lines = text.get(end..).unwrap_or("").lines();
    let is_alone = lines.next().is_some_and(|rest| rest.trim().is_empty());
    let next = lines.find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')).unwrap_or("");
    let (column, next_column) = (key.start as usize - start, next.len() - next.trim_start().len());
    is_alone && (next_column > column || next_column == column && next.trim_start().starts_with("- "))
}

/// A fault that makes yaml.v2 stop decoding.
pub(in crate::config) fn broken_yaml(at: Location, message: &str) -> Diagnostic {
    error(ids::INVALID_YAML, at, format!("invalid YAML: {message}"))
        .with_argument("error", message)
        .with_upstream(format!("yaml: {message}"))
}

/// Text after the first document.
pub(in crate::config) fn ignored_documents(at: Location) -> Diagnostic {
    Diagnostic::new(ids::IGNORED_DOCUMENTS, Severity::Warning, at, "Prometheus ignores everything from here on")
        .with_note("it reads only the first document of a file")
        .with_help("move the content to the first document, or remove it")
}
