//! The faults of yaml.v2 in words, and their remedies, where only its message says the cause.

use crate::text::line_start;
use crate::yaml::SyntaxError;

/// The fault in words.
pub(super) fn in_words(text: &str, fault: &SyntaxError) -> String {
    let at = fault.span.of(text);
    match fault.message.as_str() {
        "mapping values are not allowed in this context" => "unexpected `:`",
        "found character that cannot start any token" => "a value cannot begin with this character",
        "could not find expected ':'" => "missing `:` after this key",
        "did not find expected key" => "expected a key",
        "did not find expected '-' indicator" => "expected a list item (`- …`)",
        "did not find expected ',' or ']'" => "expected `,` or `]`",
        "did not find expected ',' or '}'" => "expected `,` or `}`",
        "did not find expected node content" if is_sign(at) => return format!("unexpected `{at}`"),
        "did not find expected node content" => "expected a value",
        "did not find expected alphabetic or numeric character" => {
            return format!("missing name after `{}`", anchor_sign(text, fault));
        }
        "did not find expected comment or line break" => "text in the first line of a block text",
        "did not find expected <document start>" => "unexpected content after the end of the document",
        "found unexpected end of stream" | "found unexpected document indicator" => "missing closing quote",
        "found unknown escape character" => "unknown escape in double quotes",
        "control characters are not allowed" => "control characters are not allowed",
        "block sequence entries are not allowed in this context" => "unexpected list item (`- …`)",
        "found a tab character that violates indentation"
        | "found a tab character where an indentation space is expected" => "tab in the indentation",
        other => other,
    }
    .to_string()
}

/// The reason and the remedy.
pub(super) fn for_fault(text: &str, fault: &SyntaxError) -> Option<(&'static str, &'static str)> {
    let at = fault.span.of(text);
    Some(match fault.message.as_str() {
        "mapping values are not allowed in this context" => (
            "the line already has a key, or is indented more than the lines around it",
            "put quotes around a value that contains `: `, or fix the indentation",
        ),
        "found character that cannot start any token" if at.starts_with('\t') => {
            ("YAML does not allow tabs in the indentation", "replace the tab with spaces")
        }
        "found character that cannot start any token" => {
            ("`@`, `` ` `` and `%` are reserved in YAML", "put the value in single quotes")
        }
        "could not find expected ':'" => (
            "a line of a mapping is `key: value`, with a space after the colon",
            "add the `:`, or fix the indentation if the line continues the value before it",
        ),
        "did not find expected key" | "did not find expected '-' indicator" => (
            "the indentation differs from the lines of the same mapping or list",
            "give all keys of a mapping, and all `-` of a list, the same indentation",
        ),
        "did not find expected ',' or ']'" => {
            ("a list in brackets is `[item, item]`", "write a comma between two items, and close the list with `]`")
        }
        "did not find expected ',' or '}'" => (
            "a mapping in braces is `{key: value, key: value}`",
            "write a comma between two entries, and close the mapping with `}`",
        ),
        "did not find expected node content" => unexpected_sign(at),
        "did not find expected alphabetic or numeric character" => {
            ("`&` begins an anchor, and `*` an alias", "put the value in single quotes, or remove the sign")
        }
        _ => return for_rare_fault(fault.message.as_str()),
    })
}

fn for_rare_fault(message: &str) -> Option<(&'static str, &'static str)> {
    Some(match message {
        "found unknown escape character" => (
            "in double quotes a backslash begins a YAML escape",
            "use single quotes: a backslash has no special meaning in them",
        ),
        "did not find expected hexdecimal number" | "found invalid Unicode character escape code" => (
            "in double quotes `\\x`, `\\u` and `\\U` are followed by the number of a character",
            "use single quotes: a backslash has no special meaning in them",
        ),
        "found unexpected end of stream" => ("the quoted text continues to the end of the file", "close the quote"),
        "found unexpected document indicator" => ("the quoted text continues to `---` or `...`", "close the quote"),
        "found a tab character that violates indentation"
        | "found a tab character where an indentation space is expected" => {
            ("YAML does not allow tabs in the indentation", "replace the tab with spaces")
        }
        "block sequence entries are not allowed in this context" => (
            "the first item of a list begins on a line of its own",
            "write the `-` on the next line, or put quotes around a value that begins with `- `",
        ),
        "mapping keys are not allowed in this context" => {
            ("`? ` begins a key of several lines", "put quotes around a value that begins with `? `")
        }
        "did not find expected comment or line break" => (
            "a value that begins with `|` or `>` is a text on the lines below",
            "move the text to the next line, or put the value in quotes",
        ),
        "did not find expected <document start>" => (
            "the document ends before this line, so that it begins another one",
            "give the line the indentation of the document, or write `---` before another document",
        ),
        "did not find expected tag URI"
        | "did not find expected whitespace or line break"
        | "found undefined tag handle"
        | "did not find the expected '>'" => ("`!` begins a tag", "put the value in single quotes"),
        "control characters are not allowed" => ("a text file has no such character", "remove the character"),
        "found unknown directive name" | "could not find expected directive name" => {
            ("a line that begins with `%` is a directive", "put quotes around the text, or remove the line")
        }
        message if message.starts_with("unknown anchor") => {
            ("an alias refers to an anchor before it in the same document", "define the anchor, or correct the name")
        }
        _ => return None,
    })
}

fn is_sign(at: &str) -> bool {
    matches!(at, "," | "]" | "}")
}

fn unexpected_sign(at: &str) -> (&'static str, &'static str) {
    match at {
        "," => ("each comma is between two values", "remove the comma, or write a value before it"),
        "]" | "}" => {
            ("it closes a bracket that is not open", "remove it, or put quotes around a value that begins with it")
        }
        _ => ("a value is missing before this place", "write the value, or remove the sign before it"),
    }
}

/// `&` or `*`, whichever is directly before a fault.
fn anchor_sign(text: &str, fault: &SyntaxError) -> char {
    let end = fault.span.start as usize;
    let before = text.get(line_start(text, end)..end).unwrap_or("");
    before.chars().rev().find(|sign| matches!(sign, '&' | '*')).unwrap_or('*')
}
