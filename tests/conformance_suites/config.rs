//! Whole configs: whether Prometheus loads them, and what it complains of if not.

use std::io;

use promcfg::{Config, Diagnostic, Files, Severity, Sources, decode_text};
use serde_json::Value;

use super::text_of;

/// No error for a config that loads; for one that does not, an error about the same fault.
pub(super) fn check(case: &Value) -> Result<(), String> {
    let mut sources = Sources::new();
    let decoded = decode_text(text_of(case, "text")?.as_bytes());
    let (_, diagnostics) = Config::read_decoded(&mut sources, "prometheus.yml", decoded, &EmptyFolder);
    let errors: Vec<&Diagnostic> = diagnostics.iter().filter(|each| each.severity == Severity::Error).collect();
    let upstream: Vec<&str> = errors.iter().filter_map(|error| error.upstream.as_deref()).collect();
    match case.get("error").and_then(Value::as_str) {
        None if errors.is_empty() => Ok(()),
        None => Err(format!("Prometheus takes it, we say {upstream:?}")),
        Some(expected) if upstream.iter().any(|message| expected.contains(message)) => Ok(()),
        Some(expected) => Err(format!("Prometheus says {expected:?}, we say {upstream:?}")),
    }
}

/// The folder the data was made in: nothing but itself is there.
struct EmptyFolder;

impl Files for EmptyFolder {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let kind = if path == "." { io::ErrorKind::IsADirectory } else { io::ErrorKind::NotFound };
        Err(kind.into())
    }

    fn glob(&self, pattern: &str) -> io::Result<Vec<String>> {
        Ok(if pattern == "." { vec![".".to_string()] } else { Vec::new() })
    }
}
