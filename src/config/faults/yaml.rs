//! Faults of the text itself.

use crate::diagnostic::{Diagnostic, Severity, ids};
use crate::text::{FileId, Location};
use crate::yaml::SyntaxError;

use super::error;

/// A text that is no YAML.
pub(in crate::config) fn syntax(file: FileId, text: &str, fault: &SyntaxError) -> Diagnostic {
    let at = Location::new(file, fault.span);
    let mut diagnostic = error(ids::INVALID_YAML, at, in_words(fault)).with_upstream(fault.to_string());
    if let Some(context) = fault.context {
        diagnostic = diagnostic.with_label(Location::new(file, context), "this is what it breaks");
    }
    let line_start =
        text.get(..fault.span.start as usize).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let line = text.get(line_start..).and_then(|rest| rest.lines().next()).unwrap_or("");
    if line.contains("{{") || line.contains("{%") {
        return diagnostic
            .with_note("the line looks like a template: Prometheus reads the file as it is")
            .with_help("render the template first, and lint what comes out");
    }
    match help_for(text, fault) {
        Some((note, help)) => diagnostic.with_note(note).with_help(help),
        None => diagnostic,
    }
}

fn in_words(fault: &SyntaxError) -> String {
    let words = match fault.message.as_str() {
        "mapping values are not allowed in this context" => "a `:` must not stand here",
        "found character that cannot start any token" => "a value cannot begin with this character",
        "could not find expected ':'" => "a `:` is missing after this key",
        "did not find expected key" => "a key is expected here",
        "did not find expected '-' indicator" => "an item of a list (`- …`) is expected here",
        "did not find expected ',' or ']'" => "the list in brackets needs a `,` or its `]` here",
        "did not find expected ',' or '}'" => "the mapping in braces needs a `,` or its `}` here",
        "found unexpected end of stream" => "a quote is opened and never closed",
        "found unknown escape character" => "this is no escape of a text in double quotes",
        "control characters are not allowed" => "a control character must not stand in the file",
        "block sequence entries are not allowed in this context" => "a list item (`- …`) must not stand here",
        "found a tab character that violates indentation" => "a tab must not be part of the indentation",
        other => return format!("not valid YAML: {other}"),
    };
    words.to_string()
}

/// Why it is so and what to do, for the faults people meet.
fn help_for(text: &str, fault: &SyntaxError) -> Option<(&'static str, &'static str)> {
    let at = fault.span.of(text);
    match fault.message.as_str() {
        "mapping values are not allowed in this context" => Some((
            "the line already has a key, or is indented further than its neighbours",
            "put quotes around a value that contains `: `, or mend the indentation",
        )),
        "found character that cannot start any token" if at.starts_with('\t') => {
            Some(("YAML allows no tabs for indentation", "replace the tab by blanks"))
        }
        "found character that cannot start any token" => {
            Some(("`@`, `` ` `` and `%` have a meaning of their own in YAML", "put the value in single quotes"))
        }
        "could not find expected ':'" => Some((
            "a line of a mapping is `key: value`, with a blank after the colon",
            "write the `:`, or mend the indentation if the line goes on with the value before it",
        )),
        "did not find expected key" | "did not find expected '-' indicator" => Some((
            "the indentation differs from that of the lines it belongs to",
            "give all keys of a mapping, and all `-` of a list, the same indentation",
        )),
        "found unknown escape character" => Some((
            "in double quotes a backslash begins an escape of YAML",
            "use single quotes: they leave backslashes alone",
        )),
        "found unexpected end of stream" => {
            Some(("everything up to the end of the file belongs to the quoted text", "close the quote"))
        }
        "found a tab character that violates indentation" => {
            Some(("YAML allows no tabs for indentation", "replace the tab by blanks"))
        }
        _ => None,
    }
}

/// What yaml.v2 finds while decoding and gives up on.
pub(in crate::config) fn broken_yaml(at: Location, message: &str) -> Diagnostic {
    error(ids::INVALID_YAML, at, message).with_upstream(format!("yaml: {message}"))
}

/// What follows the first document.
pub(in crate::config) fn ignored_documents(at: Location) -> Diagnostic {
    Diagnostic::new(ids::IGNORED_DOCUMENTS, Severity::Warning, at, "everything from here on is ignored")
        .with_note("Prometheus reads the first document of a file only")
        .with_help("move the content to the first document, or remove it")
}
