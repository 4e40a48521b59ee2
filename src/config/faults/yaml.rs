//! Faults of the text itself.

use crate::diagnostic::{Diagnostic, Severity, ids};
use crate::text::{FileId, Location};
use crate::yaml::SyntaxError;

use super::error;
use super::space::MissingSpace;

/// A text that is not valid YAML.
pub(in crate::config) fn syntax(file: FileId, text: &str, fault: &SyntaxError) -> Diagnostic {
    let at = Location::new(file, fault.span);
    let mut diagnostic = error(ids::INVALID_YAML, at, in_words(fault))
        .with_argument("error", fault.message.as_str())
        .with_upstream(fault.to_string());
    if let Some(context) = fault.context {
        diagnostic = diagnostic.with_label(Location::new(file, context), "while reading this part");
    }
    let line_start =
        text.get(..fault.span.start as usize).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let line = text.get(line_start..).and_then(|rest| rest.lines().next()).unwrap_or("");
    if line.contains("{{") || line.contains("{%") {
        return diagnostic
            .with_note("the line looks like a template; Prometheus does not render templates")
            .with_help("render the template first, and lint the result");
    }
    if is_of_space(fault)
        && let Some(missing) = MissingSpace::near(text, fault.span.start as usize)
    {
        return missing.explain(diagnostic);
    }
    match help_for(text, fault) {
        Some((note, help)) => diagnostic.with_note(note).with_help(help),
        None => diagnostic,
    }
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

fn in_words(fault: &SyntaxError) -> String {
    let words = match fault.message.as_str() {
        "mapping values are not allowed in this context" => "unexpected `:`",
        "found character that cannot start any token" => "a value cannot begin with this character",
        "could not find expected ':'" => "missing `:` after this key",
        "did not find expected key" => "expected a key",
        "did not find expected '-' indicator" => "expected a list item (`- …`)",
        "did not find expected ',' or ']'" => "expected `,` or `]`",
        "did not find expected ',' or '}'" => "expected `,` or `}`",
        "found unexpected end of stream" => "missing closing quote",
        "found unknown escape character" => "unknown escape in double quotes",
        "control characters are not allowed" => "control characters are not allowed",
        "block sequence entries are not allowed in this context" => "unexpected list item (`- …`)",
        "found a tab character that violates indentation" => "tab in the indentation",
        other => other,
    };
    format!("invalid YAML: {words}")
}

/// The reason and the remedy of the most frequent faults.
fn help_for(text: &str, fault: &SyntaxError) -> Option<(&'static str, &'static str)> {
    let at = fault.span.of(text);
    match fault.message.as_str() {
        "mapping values are not allowed in this context" => Some((
            "the line already has a key, or is indented more than the lines around it",
            "put quotes around a value that contains `: `, or fix the indentation",
        )),
        "found character that cannot start any token" if at.starts_with('\t') => {
            Some(("YAML does not allow tabs in the indentation", "replace the tab with spaces"))
        }
        "found character that cannot start any token" => {
            Some(("`@`, `` ` `` and `%` are reserved in YAML", "put the value in single quotes"))
        }
        "could not find expected ':'" => Some((
            "a line of a mapping is `key: value`, with a space after the colon",
            "add the `:`, or fix the indentation if the line continues the value before it",
        )),
        "did not find expected key" | "did not find expected '-' indicator" => Some((
            "the indentation differs from the lines of the same mapping or list",
            "give all keys of a mapping, and all `-` of a list, the same indentation",
        )),
        "found unknown escape character" => Some((
            "in double quotes a backslash begins a YAML escape",
            "use single quotes: a backslash has no special meaning in them",
        )),
        "found unexpected end of stream" => {
            Some(("the quoted text continues to the end of the file", "close the quote"))
        }
        "found a tab character that violates indentation" => {
            Some(("YAML does not allow tabs in the indentation", "replace the tab with spaces"))
        }
        _ => None,
    }
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
