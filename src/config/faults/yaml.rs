//! Faults of the text itself.

use crate::config::schema::is_key_of_any_section;
use crate::diagnostic::{Diagnostic, Severity, ids};
use crate::text::{FileId, Location, Span, line_start};
use crate::yaml::{Cause, Damage, SyntaxError};

use super::error;
use super::space::MissingSpace;

/// A broken place of a text that is not valid YAML.
pub(crate) fn syntax(file: FileId, text: &str, damage: &Damage) -> Diagnostic {
    let (fault, at) = (&damage.error, Location::new(file, damage.span));
    let words = words_of(damage).unwrap_or_else(|| in_words(fault));
    let mut diagnostic =
        error(ids::INVALID_YAML, at, format!("invalid YAML: {words}")).with_argument("error", fault.message.as_str());
    if damage.is_first {
        diagnostic = diagnostic.with_upstream(fault.to_string());
    }
    if let Some((span, reason)) = label_of(text, damage) {
        diagnostic = diagnostic.with_label(Location::new(file, span), reason);
    }
    let line = line_at(text, fault.span);
    if line.contains("{{") || line.contains("{%") {
        return diagnostic
            .with_note("the line looks like a template; Prometheus does not render templates")
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
        Cause::Conflict => "unresolved merge conflict".to_string(),
        Cause::Indentation { .. } => "wrong indentation".to_string(),
        _ => return None,
    })
}

/// The place where Prometheus notices the fault, or that of the construct around it.
fn label_of(text: &str, damage: &Damage) -> Option<(Span, &'static str)> {
    let fault = &damage.error;
    match damage.cause {
        Cause::OpenQuote | Cause::OpenBracket { .. } | Cause::MissingColon => {
            let is_elsewhere = line_at(text, fault.span) != line_at(text, damage.span) && !fault.span.is_empty();
            (is_elsewhere && damage.is_first).then_some((fault.span, "Prometheus notices it here"))
        }
        Cause::Tab | Cause::Conflict | Cause::Indentation { .. } => None,
        _ => fault.context.map(|context| (context, "while reading this part")),
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
            Some((
                "a line of a mapping is `key: value`, with a space after the colon".to_string(),
                format!("write `{written}: value`, or indent the line more if it continues the value before it"),
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
        Cause::Conflict => owned((
            "the lines between `<<<<<<<` and `>>>>>>>` are two versions of one part",
            "resolve the conflict: keep one version, and remove the lines with the marks",
        )),
        Cause::Indentation { column, neighbors } => Some((
            format!("the line begins in column {}, and the entries before it in column {}", column + 1, neighbors + 1),
            format!("begin the line in column {}, or in the column of another entry that it belongs to", neighbors + 1),
        )),
        _ => help_for(text, &damage.error).and_then(owned),
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
    match fault.message.as_str() {
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
    }
    .to_string()
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
