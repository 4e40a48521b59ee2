//! Whole configs: whether Prometheus loads them, and what it complains of if not.

use std::io;

use promcfg::simulate::debug_config;
use promcfg::text::decode_text;
use promcfg::{Config, Diagnostic, Files, Options, Severity, Sources};
use serde_json::Value;

use super::second::{check_verdict, lines_of, says};
use super::{build, same, text_of};

/// No error for a config that loads; for one that does not, every line of the message, in an error with the id of its
/// fault.
pub(super) fn check(case: &Value) -> Result<(), String> {
    check_verdict(case)?;
    let answer = debug_config(case, build())?;
    same("`target_error`", &case["target_error"], &answer["target_error"])?;
    let mut sources = Sources::new();
    let decoded = decode_text(text_of(case, "text")?.as_bytes());
    let (_, diagnostics) = Config::read_decoded(
        &mut sources,
        "prometheus.yml",
        decoded,
        &Options::new(&EmptyFolder).with_release(build()),
    );
    let errors: Vec<&Diagnostic> = diagnostics.iter().filter(|each| each.severity == Severity::Error).collect();
    match case.get("error").and_then(Value::as_str) {
        None if errors.is_empty() => Ok(()),
        None => Err(format!(
            "Prometheus takes it, we say {:?}",
            errors.iter().map(|error| &error.message).collect::<Vec<_>>()
        )),
        Some(expected) => {
            let ids = ids_for(expected)?;
            // The data has blanks at the end of messages removed, and lists one zone of Scaleway less.
            let is_about = |error: &Diagnostic, line: &str| {
                let has_blanks = error.upstream.as_deref().is_some_and(|own| own.trim_end() == line);
                // A message about an included file begins with its path, which is that of the data's folder.
                let of_file =
                    line.strip_prefix('"').and_then(|line| line.split_once("\": ")).map(|(_, message)| message);
                let says_so = says(error, line) || of_file.is_some_and(|message| says(error, message));
                ids.contains(&error.id.as_str()) && (says_so || has_blanks || continues(error, line))
            };
            let is_said = |line: &&str| errors.iter().any(|error| is_about(error, line));
            let Some(missing) = lines_of(expected).into_iter().find(|line| !is_said(line)) else { return Ok(()) };
            let ours: Vec<_> = errors.iter().map(|error| (error.id, error.upstream.as_deref())).collect();
            Err(format!("Prometheus says {missing:?}, which is {ids:?}; we say {ours:?}"))
        }
    }
}

/// Whether an error names more choices than the message.
fn continues(error: &Diagnostic, expected: &str) -> bool {
    let more = error.upstream.as_deref().and_then(|message| message.strip_prefix(expected));
    more.is_some_and(|more| more.starts_with(", "))
}

/// The rules that tell of a message's faults: of each of the lines that it may have.
fn ids_for(message: &str) -> Result<Vec<&'static str>, String> {
    static ROWS: &str = include_str!("../../fixtures/conformance/faults.tsv");
    let rows = || ROWS.lines().filter(|row| !row.starts_with('#')).filter_map(|row| row.split_once('\t'));
    let id_of = |line: &str| rows().find(|(pattern, _)| fits(pattern, line)).map(|(_, id)| id);
    let lines: Vec<&str> = match message.strip_prefix("yaml: unmarshal errors:") {
        Some(rest) => rest.trim().lines().collect(),
        None => vec![message],
    };
    let ids: Option<Vec<&str>> = lines.into_iter().map(id_of).collect();
    ids.ok_or_else(|| format!("no row of faults.tsv fits {message:?}"))
}

/// Whether a message fits a pattern, in which `*` is any text.
fn fits(pattern: &str, message: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = message.strip_prefix(parts.next().unwrap_or("")) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// The folder the data was made in: nothing but itself is there.
pub(super) struct EmptyFolder;

impl Files for EmptyFolder {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let kind = if path == "." { io::ErrorKind::IsADirectory } else { io::ErrorKind::NotFound };
        Err(kind.into())
    }

    fn glob(&self, pattern: &str) -> io::Result<Vec<String>> {
        Ok(if pattern == "." { vec![".".to_string()] } else { Vec::new() })
    }
}
