//! The second look: whole configs, target files and targets, where Prometheus's own words count line for line.

use promcfg::config::debug_target_file;
use promcfg::simulate::{debug_config, debug_targets};
use promcfg::text::decode_text;
use promcfg::{Config, Diagnostic, Options, Sources};
use serde_json::Value;

use super::config::EmptyFolder;
use super::{build, same, text_of};

/// A config in `text` or `b64`: no error when it loads, and every line of Prometheus's message when it does not.
pub(super) fn check_config(case: &Value) -> Result<(), String> {
    let bytes = match case.get("b64").and_then(Value::as_str) {
        Some(encoded) => from_base64(encoded)?,
        None => text_of(case, "text")?.as_bytes().to_vec(),
    };
    let mut sources = Sources::new();
    let decoded = decode_text(&bytes);
    let options = Options::new(&EmptyFolder).with_release(build());
    let (_, faults) = Config::read_decoded(&mut sources, "prometheus.yml", decoded, &options);
    if case["class"][0] == "PANIC" {
        // Prometheus crashes: there is no message, and an error must be reported.
        let is_refused = faults.iter().any(Diagnostic::is_error);
        return if is_refused { Ok(()) } else { Err("Prometheus crashes, we accept it".to_string()) };
    }
    compare(case.get("error").and_then(Value::as_str), &faults)?;
    check_verdict(case)
}

/// A target file: the same groups, or the same message.
pub(super) fn check_target_file(case: &Value) -> Result<(), String> {
    let answer = debug_target_file(case, build())?;
    ["error", "groups"].into_iter().try_for_each(|member| same(member, &case[member], &answer[member]))
}

/// A config with static targets: each becomes the same.
pub(super) fn check_simulation(case: &Value) -> Result<(), String> {
    let answer = debug_targets(case, build())?;
    same("`error`", &case["error"], &answer["error"])?;
    same("`real`", &case["real"], &answer["real"])
}

/// Whether the config is loaded or refused, as asked in one question.
pub(super) fn check_verdict(case: &Value) -> Result<(), String> {
    let answer = debug_config(case, build())?;
    match (case.get("error"), answer.get("error")) {
        (None, None) | (Some(_), Some(_)) => Ok(()),
        (expected, found) => Err(format!("Prometheus says {expected:?}, the answer is {found:?}")),
    }
}

fn compare(expected: Option<&str>, faults: &[Diagnostic]) -> Result<(), String> {
    let errors: Vec<&Diagnostic> = faults.iter().filter(|fault| fault.is_error()).collect();
    let ours: Vec<&str> = errors.iter().map(|error| error.upstream.as_deref().unwrap_or(&error.message)).collect();
    let Some(expected) = expected else {
        // `Load` accepts an empty Alertmanager; the program crashes right after it, of which the data says nothing.
        let ours: Vec<&str> = ours.into_iter().filter(|message| !message.starts_with("panic: ")).collect();
        return if ours.is_empty() { Ok(()) } else { Err(format!("Prometheus accepts it, we say {ours:?}")) };
    };
    match lines_of(expected).iter().find(|line| !errors.iter().any(|error| says(error, line))) {
        None => Ok(()),
        Some(line) => Err(format!("Prometheus says {line:?}, we say {ours:?}")),
    }
}

/// The faults that a message lists, one a line. A value that is shown may have line breaks of its own.
pub(super) fn lines_of(message: &str) -> Vec<&str> {
    match message.strip_prefix("yaml: unmarshal errors:\n") {
        Some(rest) => rest.strip_prefix("  ").unwrap_or(rest).split("\n  line ").collect(),
        None => vec![message],
    }
}

/// Whether an error carries a line of Prometheus's message; a secret in it may be hidden.
pub(super) fn says(error: &Diagnostic, line: &str) -> bool {
    let Some(own) = error.upstream.as_deref() else { return false };
    let line = line.strip_prefix("line ").unwrap_or(line);
    let own = own.strip_prefix("line ").unwrap_or(own);
    match own.split_once("<secret>") {
        Some((before, after)) if own != line => {
            line.starts_with(before) && line.ends_with(after) && line.len() >= before.len() + after.len()
        }
        _ => own == line,
    }
}

/// Base 64 as the data has it: with padding.
fn from_base64(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    for four in text.as_bytes().chunks(4) {
        let mut bits = 0_u32;
        for &symbol in four {
            let value = match symbol {
                b'A'..=b'Z' => symbol - b'A',
                b'a'..=b'z' => symbol - b'a' + 26,
                b'0'..=b'9' => symbol - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                b'=' => 0,
                _ => return Err("`b64` is not base 64".to_string()),
            };
            bits = bits << 6 | u32::from(value);
        }
        let padding = four.iter().filter(|&&symbol| symbol == b'=').count();
        bytes.extend(bits.to_be_bytes()[1..4 - padding].iter());
    }
    Ok(bytes)
}
