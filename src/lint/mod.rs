//! Judges whole files: every load error, and every target Prometheus would refuse.

mod documents;
mod recognise;

pub use documents::{RuleDocument, rule, rules};
pub use recognise::{FileKind, embedded_configs, recognise};

use crate::config::{Config, Files, ScrapeConfig, TargetFormat, read_target_groups};
use crate::diagnostic::Diagnostic;
use crate::re2::Patterns;
use crate::simulate::{JobSimulator, targets_of_job};
use crate::text::Sources;
use crate::yaml::Tree;

/// Lints a config: what keeps Prometheus from loading it, and what it refuses after loading. Jobs
/// with a load error are not simulated; all others are, so that one fault hides no other.
///
/// Findings come in the order of the text, those in other files (of `scrape_config_files` and
/// `file_sd_configs`) after them.
///
/// ```
/// use promcfg::{NoFiles, Sources, Tree, lint_config};
/// let mut sources = Sources::new();
/// let tree = Tree::parse("scrape_configs:\n- job_nam: a\n");
/// let findings = lint_config(&mut sources, "p.yml", &tree, &NoFiles);
/// assert_eq!(findings[0].id, "unknown-field");
/// ```
#[must_use]
pub fn lint_config(sources: &mut Sources, name: &str, tree: &Tree, files: &dyn Files) -> Vec<Diagnostic> {
    let (config, findings) = Config::read_parsed(sources, name, tree, files);
    in_order(with_targets(&config, findings, sources, files))
}

/// Lints the configs in the ConfigMaps of a Kubernetes manifest, as [`lint_config`] does; places are
/// those of the manifest.
///
/// ```
/// use promcfg::{NoFiles, Sources, Tree, concise_line, lint_manifest};
/// let mut sources = Sources::new();
/// let tree = Tree::parse("kind: ConfigMap\ndata:\n  p.yml: |\n    scrape_configs:\n    - job_nam: a\n");
/// let findings = lint_manifest(&mut sources, "cm.yml", &tree, &NoFiles);
/// assert!(concise_line(&sources, &findings[0]).starts_with("cm.yml:5:7: error: "));
/// ```
#[must_use]
pub fn lint_manifest(sources: &mut Sources, name: &str, tree: &Tree, files: &dyn Files) -> Vec<Diagnostic> {
    let outer = sources.add(name, tree.text().clone());
    let mut all = Vec::new();
    for text in embedded_configs(tree) {
        let inner = text.add_to(sources, outer);
        let (config, findings) = Config::read(sources, inner, files);
        all.extend(with_targets(&config, findings, sources, files));
    }
    in_order(all)
}

/// What is to be said of a config and its targets.
fn with_targets(
    config: &Config,
    mut findings: Vec<Diagnostic>,
    sources: &mut Sources,
    files: &dyn Files,
) -> Vec<Diagnostic> {
    let mut patterns = Patterns::new();
    for job in config.scrape_configs.iter().filter(|job| job.is_valid) {
        findings.extend(lint_targets_of(job, &mut patterns, sources, files));
    }
    findings
}

/// What is to be said of a job's targets.
fn lint_targets_of(
    job: &ScrapeConfig,
    patterns: &mut Patterns,
    sources: &mut Sources,
    files: &dyn Files,
) -> Vec<Diagnostic> {
    let (targets, mut findings) = targets_of_job(job, sources, files);
    // That a file is not there is for those to know who simulate: it may be made elsewhere.
    findings.retain(|finding| finding.id != "missing-target-file");
    if targets.is_empty() {
        return findings;
    }
    if let Ok(mut simulator) = JobSimulator::with_patterns(patterns, job, false) {
        for target in &targets {
            simulator.simulate(target);
        }
        findings.extend(simulator.diagnostics());
    }
    findings
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
