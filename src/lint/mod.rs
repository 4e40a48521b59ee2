//! Judges whole files: every load error, and every target Prometheus would refuse.

mod documents;
mod recognise;

pub use documents::{RuleDocument, rule, rules};
pub use recognise::{FileKind, recognise};

use crate::config::{Config, Files, TargetFormat, read_target_groups};
use crate::diagnostic::Diagnostic;
use crate::simulate::{SimulateOptions, simulate};
use crate::text::{Decoded, Sources};

/// Lints a config: what keeps Prometheus from loading it, and what it refuses after loading. Jobs
/// with a load error are not simulated; all others are, so that one fault hides no other.
///
/// Findings come in the order of the text, those in other files (of `scrape_config_files` and
/// `file_sd_configs`) after them.
///
/// ```
/// use promcfg::{NoFiles, Sources, decode_text, lint_config};
/// let mut sources = Sources::new();
/// let findings = lint_config(&mut sources, "p.yml", decode_text(b"scrape_configs:\n- job_nam: a\n"), &NoFiles);
/// assert_eq!(findings[0].id, "unknown-field");
/// ```
#[must_use]
pub fn lint_config(sources: &mut Sources, name: &str, decoded: Decoded, files: &dyn Files) -> Vec<Diagnostic> {
    let (config, mut findings) = Config::read_decoded(sources, name, decoded, files);
    if let Ok(simulation) = simulate(&config, sources, files, &SimulateOptions::default()) {
        // That a file is not there is for those to know who simulate: it may be made elsewhere.
        findings.extend(simulation.diagnostics.into_iter().filter(|finding| finding.id != "missing-target-file"));
    }
    in_order(findings)
}

/// Lints a file of target groups.
#[must_use]
pub fn lint_targets(sources: &mut Sources, name: &str, bytes: &[u8]) -> Vec<Diagnostic> {
    let is_json = name.to_ascii_lowercase().ends_with(".json");
    let format = if is_json { TargetFormat::Json } else { TargetFormat::Yaml };
    in_order(read_target_groups(sources, name, bytes, format).1)
}

fn in_order(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    findings.sort_by(|one, other| (one.at, one.id, &one.message).cmp(&(other.at, other.id, &other.message)));
    findings.dedup();
    findings
}
