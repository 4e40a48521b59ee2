//! Judges whole files: every load error, every target that Prometheus would refuse, and mistakes that
//! Prometheus accepts silently.
//!
//! `engine` runs the `rules`, one file a rule, over the facts of `analysis`; `rules/mod.rs` says how a rule
//! is written. `sink` fills in the common parts of a finding, `causes` removes what follows from another finding,
//! `suppress` removes ignored findings, `groups` joins the places of minor ones.

mod batch;
mod causes;
mod consequence;
mod documents;
mod engine;
mod expansion;
mod extents;
mod fix;
mod groups;
mod missing_files;
mod objects;
mod outcomes;
mod placeholders;
mod rule;
mod rules;
mod sink;
mod stream;
mod suppress;
mod unchecked;

pub(crate) use rules::AddressDoubt;

pub use documents::{RuleDocument, rule_document, rule_documents};
pub use objects::{lint_objects, object_faults, stage_diagnostics, why_not_selected};

use crate::analysis::{Facts, list_of_rules};
use crate::budget::Budget;
use crate::config::{
    CutConfig, Global, MarkedField, ReadConfig, Shape, TargetFormat, read_groups_of, read_rules, read_target_groups,
};
use crate::diagnostic::{Diagnostic, ids};
use crate::input::{Format, Input, Part};
use crate::options::Options;
use crate::re2::RegexCache;
use crate::relabel::{NameScheme, Semantics};
use crate::simulate::TargetFiles;
use crate::text::{FileId, Sources};
use crate::yaml::{Node, Recovered, Tree};

use self::batch::{Batch, Judge, Material, TargetSource};
use self::groups::grouped;
use self::placeholders::{around_jobs, in_tree};
use self::rule::Nodes;
use self::sink::Trees;
use self::stream::Chunks;
use self::suppress::Documents;

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
    let findings = lint_jobs(sources, file, tree, Shape::Config, options);
    finish(sources, first, &[(file, tree)], Documents::First, findings)
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
    if input.has_operator_objects() {
        return lint_objects(sources, &[input], &[], options);
    }
    let first = sources.len();
    if *input.format() == Format::Targets {
        let findings = lint_groups(sources, input, options);
        return in_order(suppress::suppress(sources, first, &[], Documents::First, findings));
    }
    let outer = sources.add(input.name(), input.tree().text().clone());
    if let Some(refusal) = input.refusal(outer) {
        return vec![refusal];
    }
    let findings = lint_parts(sources, outer, input, options);
    finish(sources, first, &[(outer, input.tree())], Documents::First, findings)
}

/// The findings of texts from `first` on, in order, without those that comments ignore.
fn finish(
    sources: &Sources,
    first: usize,
    trees: &Trees<'_>,
    documents: Documents,
    findings: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    in_order(grouped(suppress::suppress(sources, first, trees, documents, findings)))
}

/// All findings of the configs in an input, which is the text `outer`.
fn lint_parts(sources: &mut Sources, outer: FileId, input: &Input, options: &Options<'_>) -> Vec<Diagnostic> {
    let mut findings = input.unreadable(outer);
    findings.extend(input.broken_places(outer));
    if *input.format() == Format::Manifest {
        findings.extend(objects::foreign::judge(sources, outer, input.tree(), options));
    }
    for part in input.parts() {
        let file = part.add_to(sources, outer);
        if part.is_whole() {
            findings.extend(lint_part(sources, file, input.tree(), &part, options));
        } else {
            let tree = Tree::parse(sources.text(file).clone());
            findings.extend(lint_part(sources, file, &tree, &part, options));
        }
    }
    findings
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
        shape @ (Shape::Config | Shape::ScrapeConfigs | Shape::ScrapeConfig) => {
            lint_jobs(sources, file, tree, shape, options)
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

/// All findings of a text with jobs, including those that comments ignore.
fn lint_jobs(sources: &mut Sources, file: FileId, tree: &Tree, shape: Shape, options: &Options<'_>) -> Vec<Diagnostic> {
    let globals = Global::of(options.release);
    // Readers share the texts there are so far; files are added to `sources`.
    let known = sources.clone();
    match CutConfig::open(shape, &known, file, tree, &globals, options) {
        // Files with jobs come before target files.
        Some(cut) if !(cut.head.includes() && cut.head.may_have_target_files()) => {
            lint_cut(sources, (&known, file, tree), cut, options)
        }
        _ => {
            let read = ReadConfig::of_shape(shape, sources, file, tree, &globals, options);
            lint_read(sources, file, tree, read, options)
        }
    }
}

/// The findings of a config that is cut into its jobs. `known` are the texts without those that are read on the way.
fn lint_cut<'t>(
    sources: &mut Sources,
    (known, file, tree): (&'t Sources, FileId, &'t Tree),
    cut: CutConfig<'t>,
    options: &Options<'_>,
) -> Vec<Diagnostic> {
    let CutConfig { head, tail } = cut;
    let trees = [(file, tree)];
    let judge = Judge { trees: &trees, options, interval: head.config.global.scrape_interval };
    let (first, end) = (head.first_node(0), head.first_node(head.jobs().len()));
    let [before, after] = around_jobs(file, tree, head.list());
    let beside_jobs = |marked_fields: &[MarkedField], nodes, placeholders| {
        let material = Material { jobs: &[], faults: &[], marked_fields, nodes: vec![(file, nodes)], placeholders };
        let mut facts = Facts::new(RegexCache::new(), head.config.semantics().syntax());
        judge.batch(&mut facts, material, &mut TargetSource::Config(known), &mut options.budget())
    };
    let mut batch = beside_jobs(&head.marked_fields, Nodes::range(tree, tree.root().map(Node::id), first), before);
    let chunks = Chunks::new(&head, tree, file, judge);
    let judged = if head.may_have_target_files() {
        chunks.judge_in_order(sources, tail)
    } else {
        chunks.judge_in_parallel(known, tail)
    };
    batch.append(judged.batch);
    let rest = judged.tail.close(head.config.clone());
    batch.append(beside_jobs(&rest.marked_fields, Nodes::range(tree, end, None), after));
    let read = ReadConfig::of_rest(rest, sources, options);
    lint_rest(sources, (file, tree), read, Some((batch, judged.budget)), options)
}

/// All findings of a text that is not cut.
fn lint_read(
    sources: &mut Sources,
    file: FileId,
    tree: &Tree,
    mut read: ReadConfig,
    options: &Options<'_>,
) -> Vec<Diagnostic> {
    let recovered = read.recovered.take();
    let tree = recovered.as_ref().map_or(tree, Recovered::tree);
    lint_rest(sources, (file, tree), read, None, options)
}

/// Judges the jobs of what was read, and then all that is not a job. `before` has what was found before in the text,
/// with what is left of the budget; then the jobs are those of other texts.
fn lint_rest(
    sources: &mut Sources,
    text: (FileId, &Tree),
    read: ReadConfig,
    before: Option<(Batch<'_>, Budget)>,
    options: &Options<'_>,
) -> Vec<Diagnostic> {
    let ReadConfig { config, faults, included, patterns, marked_fields, .. } = read;
    let mut trees = vec![text];
    trees.extend(included.iter().map(|(file, tree)| (*file, tree)));
    let not_judged = if before.is_some() { &trees[1..] } else { &trees[..] };
    let (mut batch, mut budget) = before.unwrap_or_else(|| (Batch::empty(), options.budget()));
    let mut facts = Facts::new(patterns, config.semantics().syntax());
    let material = Material {
        jobs: &config.scrape_configs,
        faults: &faults,
        marked_fields: &marked_fields,
        nodes: not_judged.iter().map(|(file, tree)| (*file, Nodes::all(tree))).collect(),
        placeholders: not_judged.iter().flat_map(|(file, tree)| in_tree(*file, tree)).collect(),
    };
    let judge = Judge { trees: &trees, options, interval: config.global.scrape_interval };
    let mut targets = TargetSource::Files(sources, &mut TargetFiles::new());
    batch.append(judge.batch(&mut facts, material, &mut targets, &mut budget));
    let mut findings = engine::finish(&config, &trees, &mut facts, batch, faults);
    if config.has_unknown_globals {
        // Whether such names are allowed is a setting of `global`.
        findings.retain(|finding| finding.id != ids::QUOTED_LABEL_NAME);
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
