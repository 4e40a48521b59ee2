//! Judges whole files: every load error, every target Prometheus would refuse, and what Prometheus
//! takes without a word though it cannot be meant.
//!
//! `engine` runs the `rules`, one file a rule, over the facts of `analyse`; `rules/mod.rs` says how a rule
//! is written. `report` fills in what every finding has, `suppress` takes away what comments ignore.

mod consequence;
mod documents;
mod engine;
mod expansion;
mod fix;
mod outcomes;
mod placeholder;
mod recognize;
mod rule;
mod rules;
mod sink;
mod suppress;

pub use documents::{RuleDocument, rule_document, rule_documents};
pub use recognize::{FileKind, embedded_configs, recognize};

use crate::analysis::Facts;
use crate::config::{Config, ReadConfig, ScrapeConfig, TargetFormat, read_target_groups};
use crate::diagnostic::Diagnostic;
use crate::options::Options;
use crate::re2::RegexCache;
use crate::simulate::{JobSimulator, targets_of_job};
use crate::text::{FileId, Sources};
use crate::yaml::Tree;

use self::engine::Engine;
use self::outcomes::Outcomes;

/// Lints a config: what keeps Prometheus from loading it, what it refuses after loading, and what cannot
/// be meant. Of a job with a load error nothing else is told; all others are judged, so that one fault
/// hides no other. What a comment `# promcfg: ignore[rule]` ignores is left out.
///
/// Findings come in the order of the text, those in other files (of `scrape_config_files` and
/// `file_sd_configs`) after them.
///
/// ```
/// use promcfg::{Options, Sources};
/// use promcfg::lint::lint_config;
/// use promcfg::yaml::Tree;
/// let mut sources = Sources::new();
/// let tree = Tree::parse("scrape_configs:\n- job_nam: a\n");
/// let findings = lint_config(&mut sources, "p.yml", &tree, &Options::default());
/// assert_eq!(findings[0].id, "unknown-field");
/// ```
#[must_use]
pub fn lint_config(sources: &mut Sources, name: &str, tree: &Tree, options: &Options<'_>) -> Vec<Diagnostic> {
    let first = sources.len();
    let file = sources.add(name, tree.text().clone());
    let findings = lint_text(sources, file, tree, options);
    in_order(suppress::suppress(sources, first, &[(file, tree)], findings))
}

/// Lints the configs in the ConfigMaps of a Kubernetes manifest, as [`lint_config`] does; places are
/// those of the manifest.
///
/// ```
/// use promcfg::{Options, Sources};
/// use promcfg::lint::lint_manifest;
/// use promcfg::report::concise_line;
/// use promcfg::yaml::Tree;
/// let mut sources = Sources::new();
/// let tree = Tree::parse("kind: ConfigMap\ndata:\n  p.yml: |\n    scrape_configs:\n    - job_nam: a\n");
/// let findings = lint_manifest(&mut sources, "cm.yml", &tree, &Options::default());
/// assert!(concise_line(&sources, &findings[0]).starts_with("cm.yml:5:7: error: "));
/// ```
#[must_use]
pub fn lint_manifest(sources: &mut Sources, name: &str, tree: &Tree, options: &Options<'_>) -> Vec<Diagnostic> {
    let first = sources.len();
    let outer = sources.add(name, tree.text().clone());
    let mut findings = Vec::new();
    for text in embedded_configs(tree) {
        let inner = text.add_to(sources, outer);
        let tree = Tree::parse(sources.text(inner).clone());
        findings.extend(lint_text(sources, inner, &tree, options));
    }
    in_order(suppress::suppress(sources, first, &[(outer, tree)], findings))
}

/// All that is to be said of a config, what comments ignore included.
fn lint_text(sources: &mut Sources, file: FileId, tree: &Tree, options: &Options<'_>) -> Vec<Diagnostic> {
    let ReadConfig { config, faults, included, patterns, marked_fields } =
        Config::read_whole(sources, file, tree, options);
    let mut trees = vec![(file, tree)];
    trees.extend(included.iter().map(|(file, tree)| (*file, tree)));
    let mut facts = Facts::new(patterns);
    let mut engine = Engine::new(&config, &trees, &marked_fields);
    engine.push_all(faults);
    let mut outcomes = Outcomes::default();
    for job in config.scrape_configs.iter().filter(|job| job.is_valid) {
        outcomes.add_job(job);
        engine.push_all(lint_targets_of(job, &mut facts.patterns, sources, options, &mut outcomes));
        if rule::is_judged(job) {
            engine.judge_job(&mut facts, &outcomes);
        }
    }
    engine.finish(&mut facts, &outcomes)
}

/// What is to be said of a job's targets.
fn lint_targets_of(
    job: &ScrapeConfig,
    patterns: &mut RegexCache,
    sources: &mut Sources,
    options: &Options<'_>,
    outcomes: &mut Outcomes<'_>,
) -> Vec<Diagnostic> {
    let (targets, mut findings) = targets_of_job(job, sources, options);
    // That a file is not there is for those to know who simulate: it may be made elsewhere.
    findings.retain(|finding| finding.id != "missing-target-file");
    if targets.is_empty() {
        return findings;
    }
    if let Ok(mut simulator) = JobSimulator::with_patterns(patterns, job, false) {
        for target in &targets {
            outcomes.add(simulator.simulate(target));
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
