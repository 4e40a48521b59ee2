//! Judges whole files: every load error, every target Prometheus would refuse, and what Prometheus
//! takes without a word though it cannot be meant.
//!
//! `engine` runs the `rules`, one file a rule, over the facts of `analyse`; `rules/mod.rs` says how a rule
//! is written. `report` fills in what every finding has, `suppress` takes away what comments ignore.

mod documents;
mod engine;
mod fix;
mod recognise;
mod report;
mod rules;
mod suppress;

pub use documents::{RuleDocument, rule, rules};
pub use recognise::{FileKind, embedded_configs, recognise};

use crate::analyse::Facts;
use crate::config::{Config, Files, ReadConfig, ScrapeConfig, TargetFormat, read_target_groups};
use crate::diagnostic::Diagnostic;
use crate::re2::Patterns;
use crate::simulate::{JobSimulator, targets_of_job};
use crate::text::{FileId, Sources};
use crate::yaml::Tree;

use self::engine::Engine;

/// Lints a config: what keeps Prometheus from loading it, what it refuses after loading, and what cannot
/// be meant. Of a job with a load error nothing else is told; all others are judged, so that one fault
/// hides no other. What a comment `# promcfg: ignore[rule]` ignores is left out.
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
    let first = sources.len();
    let file = sources.add(name, tree.text().clone());
    let findings = lint_text(sources, file, tree, files);
    in_order(suppress::suppress(sources, first, &[(file, tree)], findings))
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
    let first = sources.len();
    let outer = sources.add(name, tree.text().clone());
    let mut findings = Vec::new();
    for text in embedded_configs(tree) {
        let inner = text.add_to(sources, outer);
        let tree = Tree::parse(sources.text(inner).clone());
        findings.extend(lint_text(sources, inner, &tree, files));
    }
    in_order(suppress::suppress(sources, first, &[(outer, tree)], findings))
}

/// All that is to be said of a config, what comments ignore included.
fn lint_text(sources: &mut Sources, file: FileId, tree: &Tree, files: &dyn Files) -> Vec<Diagnostic> {
    let ReadConfig { config, faults: mut findings, included, patterns } =
        Config::read_whole(sources, file, tree, files);
    let mut trees = vec![(file, tree)];
    trees.extend(included.iter().map(|(file, tree)| (*file, tree)));
    let mut facts = Facts::new(patterns);
    let mut engine = Engine::new(&config, &trees);
    for job in config.scrape_configs.iter().filter(|job| job.is_valid) {
        findings.extend(lint_targets_of(job, &mut facts.patterns, sources, files));
        if engine::is_judged(job) {
            engine.judge_job(&mut facts, job);
        }
    }
    findings.extend(engine.finish(&mut facts));
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
    let first = sources.len();
    let findings = read_target_groups(sources, name, bytes, format).1;
    in_order(suppress::suppress(sources, first, &[], findings))
}

fn in_order(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    findings.sort_by(|one, other| (one.at, one.id, &one.message).cmp(&(other.at, other.id, &other.message)));
    findings.dedup_by(|one, other| one.at == other.at && one.id == other.id && one.message == other.message);
    findings
}
