//! Judges whole files: every load error, every target that Prometheus would refuse, and mistakes that
//! Prometheus accepts silently.
//!
//! `engine` runs the `rules`, one file a rule, over the facts of `analysis`; `rules/mod.rs` says how a rule
//! is written. `sink` fills in the common parts of a finding, `causes` removes what follows from another finding,
//! `suppress` removes ignored findings, `groups` joins the places of minor ones.

mod causes;
mod consequence;
mod documents;
mod engine;
mod expansion;
mod extents;
mod fix;
mod groups;
mod missing_files;
mod outcomes;
mod rule;
mod rules;
mod sink;
mod suppress;

pub use documents::{RuleDocument, rule_document, rule_documents};

use crate::analysis::{Facts, list_of_rules};
use crate::config::{
    Global, ReadConfig, ScrapeConfig, Shape, TargetFormat, read_groups_of, read_rules, read_target_groups,
};
use crate::diagnostic::Diagnostic;
use crate::input::{Format, Input, Part};
use crate::options::Options;
use crate::re2::RegexCache;
use crate::relabel::{NameScheme, Semantics};
use crate::simulate::{JobSimulator, Owner, TargetFiles, known_targets};
use crate::text::{FileId, Sources};
use crate::yaml::Tree;

use self::engine::Engine;
use self::groups::grouped;
use self::outcomes::Outcomes;

/// Lints a config: load errors, targets that Prometheus refuses, and mistakes that Prometheus accepts silently. A job
/// with a load error gets no other findings; the other jobs do, so that one fault hides no other. Findings that a
/// comment `# promcfg: ignore[rule]` suppresses are left out.
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
    let read = ReadConfig::of_shape(Shape::Config, sources, file, tree, &Global::of(options.release), options);
    let findings = lint_read(sources, file, tree, read, options);
    in_order(grouped(suppress::suppress(sources, first, &[(file, tree)], findings)))
}

/// Lints all that an input is made of: a config, a list of scrape configs or rules, target groups, the configs
/// in Kubernetes objects; places are those of the input. A format that is not read gets one diagnostic.
///
/// ```
/// use promcfg::input::Input;
/// use promcfg::lint::lint_input;
/// use promcfg::{Options, Sources};
/// let mut sources = Sources::new();
/// let input = Input::parse("cm.yml", "kind: ConfigMap\ndata:\n  p.yml: |\n    scrape_configs:\n    - job_nam: a\n");
/// let findings = lint_input(&mut sources, &input, &Options::default());
/// assert!(findings[0].display(&sources).to_string().starts_with("cm.yml:5:7: error: "));
/// ```
#[must_use]
pub fn lint_input(sources: &mut Sources, input: &Input, options: &Options<'_>) -> Vec<Diagnostic> {
    let first = sources.len();
    if *input.format() == Format::Targets {
        let findings = lint_groups(sources, input, options);
        return in_order(suppress::suppress(sources, first, &[], findings));
    }
    let outer = sources.add(input.name(), input.tree().text().clone());
    if let Some(refusal) = input.refusal(outer) {
        return vec![refusal];
    }
    let mut findings = input.unreadable(outer);
    for part in input.parts() {
        let file = part.add_to(sources, outer);
        if part.is_whole() {
            findings.extend(lint_part(sources, file, input.tree(), &part, options));
        } else {
            let tree = Tree::parse(sources.text(file).clone());
            findings.extend(lint_part(sources, file, &tree, &part, options));
        }
    }
    in_order(grouped(suppress::suppress(sources, first, &[(outer, input.tree())], findings)))
}

/// A file of target groups.
fn lint_groups(sources: &mut Sources, input: &Input, options: &Options<'_>) -> Vec<Diagnostic> {
    let is_json = input.name().to_ascii_lowercase().ends_with(".json");
    let format = if is_json { TargetFormat::Json } else { TargetFormat::Yaml };
    read_target_groups(sources, input.name(), input.bytes(), format, options.release).1
}

fn lint_part(sources: &mut Sources, file: FileId, tree: &Tree, part: &Part, options: &Options<'_>) -> Vec<Diagnostic> {
    match part.shape() {
        Shape::Targets => read_groups_of(sources, file, tree, options.release).1,
        Shape::RelabelRules => lint_rules(sources, file, tree, options),
        Shape::Config | Shape::ScrapeConfigs | Shape::ScrapeConfig => {
            let read = part.read(sources, file, tree, &Global::of(options.release), options);
            lint_read(sources, file, tree, read, options)
        }
    }
}

/// A list of relabel rules outside of a config: any label may exist.
fn lint_rules(sources: &mut Sources, file: FileId, tree: &Tree, options: &Options<'_>) -> Vec<Diagnostic> {
    let semantics = Semantics::new(options.release, NameScheme::default());
    let (rules, faults) = read_rules(sources, file, semantics);
    let mut facts = Facts::new(RegexCache::new(), semantics.syntax());
    let trees = [(file, tree)];
    let list = list_of_rules(&mut facts, file, &rules);
    engine::judge_list(list, &trees, faults)
}

/// All findings of a config, including those that comments ignore.
fn lint_read(
    sources: &mut Sources,
    file: FileId,
    tree: &Tree,
    read: ReadConfig,
    options: &Options<'_>,
) -> Vec<Diagnostic> {
    let ReadConfig { config, faults, included, patterns, marked_fields } = read;
    let mut trees = vec![(file, tree)];
    trees.extend(included.iter().map(|(file, tree)| (*file, tree)));
    let mut facts = Facts::new(patterns, config.semantics().syntax());
    let missing = missing_files::missing_files(&marked_fields, sources, options.files);
    let mut engine = Engine::new(&config, &trees, &marked_fields, &missing);
    engine.push_all(faults);
    let (mut outcomes, mut files) = (Outcomes::new(options.budget()), TargetFiles::new());
    for job in config.scrape_configs.iter().filter(|job| job.is_valid) {
        outcomes.add_job(job);
        engine.push_all(lint_targets_of(job, &mut facts.patterns, sources, options, (&mut files, &mut outcomes)));
        if rule::is_judged(job) {
            engine.judge_job(&mut facts, &outcomes);
        }
    }
    engine.finish(&mut facts, &outcomes)
}

/// The findings about the targets of a job.
fn lint_targets_of(
    job: &ScrapeConfig,
    patterns: &mut RegexCache,
    sources: &mut Sources,
    options: &Options<'_>,
    (files, outcomes): (&mut TargetFiles, &mut Outcomes<'_>),
) -> Vec<Diagnostic> {
    let (targets, mut findings) = known_targets(Owner::Job(job), sources, options, files);
    // Only the simulator reports missing target files: another program may create them later.
    findings.retain(|finding| finding.id != "missing-target-file");
    if targets.is_empty() {
        return findings;
    }
    if let Ok(mut simulator) = JobSimulator::with_patterns(patterns, job, false) {
        let mut left_out = 0;
        for target in targets.iter() {
            let fits = !outcomes.is_full() && outcomes.add(simulator.simulate(&target));
            left_out += usize::from(!fits);
        }
        simulator.leave_out(left_out);
        outcomes.leave_out(left_out);
        findings.extend(simulator.diagnostics());
    }
    findings
}

fn in_order(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    findings.sort_by(|one, other| (one.at, one.id, &one.message).cmp(&(other.at, other.id, &other.message)));
    findings.dedup_by(|one, other| {
        let is_same = one.at == other.at && one.id == other.id && one.message == other.message;
        other.omitted += if is_same { one.omitted } else { 0 };
        is_same
    });
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RuleAuthor;

    #[test]
    fn rules_that_no_user_wrote_have_no_findings() {
        let text = "scrape_configs:\n- job_name: a\n  static_configs: [{targets: ['h:1'], labels: {x: y}}]\n  relabel_configs:\n  - {regex: '^x$', action: labeldrop}\n";
        for (author, count) in [(RuleAuthor::User, 1), (RuleAuthor::Fixed, 0)] {
            let (mut sources, tree, options) = (Sources::new(), Tree::parse(text), Options::default());
            let file = sources.add("p.yml", text);
            let globals = Global::default();
            let mut read = ReadConfig::of_shape(Shape::Config, &mut sources, file, &tree, &globals, &options);
            read.config.scrape_configs[0].relabel_configs[0].author = author;
            assert_eq!(lint_read(&mut sources, file, &tree, read, &options).len(), count, "{author:?}");
        }
    }
}
