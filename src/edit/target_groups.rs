//! What target files have: as a job whose groups can be edited, and as groups for the jobs that read them.

use std::hash::{DefaultHasher, Hash, Hasher};

use rustc_hash::FxHashMap;

use crate::config::{Config, ScrapeConfig, TargetFormat, TargetGroup};
use crate::config::{read_groups_of, read_target_file, read_target_groups};
use crate::diagnostic::{Diagnostic, ids};
use crate::effect::{address_of, is_kept};
use crate::options::Options;
use crate::release::Release;
use crate::simulate::{JobSimulator, PlacedTarget, targets_of_group};
use crate::text::{FileId, Location, Sources, Span, Spanned};
use crate::yaml::{Node, Tree};

use super::request::refused;

/// The label that file discovery adds to each group, over one of that name.
pub(super) const FILE_PATH_LABEL: &str = "__meta_filepath";

/// The jobs with the groups of their target files among their own.
#[derive(Default)]
pub(super) struct Unfolded {
    /// The jobs as they are in the config.
    pub(super) folded: Vec<(usize, ScrapeConfig)>,
    /// Why the target files of a job cannot be edited.
    pub(super) refusals: FxHashMap<usize, Diagnostic>,
}

/// What a target file has, or why its groups cannot be edited.
pub(super) type ReadGroups = Result<Vec<TargetGroup>, Diagnostic>;

/// A job of the groups of a target file; the rules of the jobs that read the file are not known.
pub(super) fn job_of_target_file(
    sources: &Sources,
    file: FileId,
    tree: &Tree,
    release: Release,
) -> (ScrapeConfig, Vec<Diagnostic>) {
    let (name, text) = (sources.name(file), sources.text(file));
    let (groups, faults) = if is_json(name) {
        let mut scratch = Sources::new();
        let (groups, faults) = read_target_groups(&mut scratch, name, text.as_bytes(), TargetFormat::Json, release);
        let groups = groups.into_iter().map(|group| TargetGroup { file, ..group }).collect();
        let here =
            |fault: Diagnostic| Diagnostic { at: Location::new(file, fault.at.span), labels: Vec::new(), ..fault };
        (groups, faults.into_iter().map(here).collect())
    } else {
        read_groups_of(sources, file, tree, release)
    };
    let faults = if faults.is_empty() { faults_of_tree(tree, file) } else { faults };
    let span = tree.root().map_or(Span::empty(0), Node::full_span);
    let is_valid = !faults.iter().any(Diagnostic::is_error);
    let job_name = Spanned::new(String::new(), Span::empty(span.start as usize));
    (ScrapeConfig { file, span, job_name, static_configs: groups, is_valid, ..empty_job(release) }, faults)
}

/// JSON that cannot be read as YAML has no tree to be edited in.
fn faults_of_tree(tree: &Tree, file: FileId) -> Vec<Diagnostic> {
    let refusal = |fault: &crate::yaml::SyntaxError| {
        refused(ids::EDIT_LAYOUT, Location::new(file, fault.span), "promcfg cannot edit this JSON escape")
            .with_note("the text is edited as YAML, which does not have all escapes of JSON")
            .with_help("write the character itself")
    };
    tree.fault().map(refusal).into_iter().collect()
}

/// Whether the text is a list of target groups in JSON, by the ending of the name and by what it has. An escape that
/// YAML does not have keeps the format from being recognized.
pub(super) fn is_json_target_file(name: &str, text: &str) -> bool {
    let mut scratch = Sources::new();
    let read = |sources| read_target_groups(sources, name, text.as_bytes(), TargetFormat::Json, Release::LATEST);
    is_json(name) && text.trim_start().starts_with('[') && {
        let (groups, faults) = read(&mut scratch);
        !faults.iter().any(Diagnostic::is_error) && (!groups.is_empty() || text.trim_end().ends_with(']'))
    }
}

/// Whether a file is named as JSON.
pub(super) fn is_json(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("json"))
}

/// A job with nothing but the defaults.
fn empty_job(release: Release) -> ScrapeConfig {
    let mut sources = Sources::new();
    let file = sources.add("", "scrape_configs: [{job_name: targets, static_configs: []}]");
    let (config, _) = Config::read(&mut sources, file, &Options::default().with_release(release));
    let mut jobs = config.scrape_configs;
    jobs.swap_remove(0)
}

/// The groups of a target file that can be edited, as file discovery gives them.
pub(super) fn read_file(
    sources: &mut Sources,
    options: &Options<'_>,
    path: &str,
    at: Location,
    release: Release,
) -> Result<Vec<TargetGroup>, Diagnostic> {
    let bytes = options.files.read(path);
    let bytes = bytes.map_err(|error| unlisted(at, &format!("cannot read the target file {path:?}: {error}")))?;
    let (mut groups, faults) = read_target_file(sources, path, &bytes, release);
    if let Some(fault) = faults.into_iter().find(Diagnostic::is_error) {
        return Err(
            fault.with_note("Prometheus gets no targets from a broken target file, and promcfg does not edit it")
        );
    }
    for group in &mut groups {
        group.labels.retain(|(name, _)| name.value != FILE_PATH_LABEL);
        let unwritten = |text: &str| Spanned::new(text.to_string(), Span::empty(0));
        group.labels.push((unwritten(FILE_PATH_LABEL), unwritten(path)));
    }
    Ok(groups)
}

/// The refusal when the groups of a job are not known.
pub(super) fn unlisted(at: Location, message: &str) -> Diagnostic {
    refused(ids::LABEL_NOT_STATIC, at, message)
        .with_note("--method static sets the label in the target files of the job")
        .with_help("use --method relabel, or run the command where the target files are")
}

/// Whether the same targets are scraped of both. Of each target only a number is held.
pub(super) fn has_same_targets(one: &ScrapeConfig, other: &ScrapeConfig) -> bool {
    match (digests(one), digests(other)) {
        (Some(before), Some(after)) => before == after,
        (_, _) => false,
    }
}

/// A number for each target that is scraped: the same for the same address, public labels and URL. In ascending order.
fn digests(job: &ScrapeConfig) -> Option<Vec<u64>> {
    let mut simulator = JobSimulator::new(job, false).ok()?;
    let digest = |placed: PlacedTarget| {
        let result = simulator.simulate(&placed);
        is_kept(&result).then(|| {
            let mut hasher = DefaultHasher::new();
            (address_of(&result), &result.url).hash(&mut hasher);
            let is_public = |(name, value): &(&str, &str)| !name.starts_with("__") && !value.is_empty();
            result.labels.iter().filter(is_public).for_each(|label| label.hash(&mut hasher));
            hasher.finish()
        })
    };
    let mut digests: Vec<u64> = job.static_configs.iter().flat_map(targets_of_group).filter_map(digest).collect();
    digests.sort_unstable();
    Some(digests)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(groups: &str, rules: &str) -> ScrapeConfig {
        let text = format!("scrape_configs: [{{job_name: a, static_configs: [{groups}], relabel_configs: [{rules}]}}]");
        let mut sources = Sources::new();
        let file = sources.add("p.yml", text);
        let (config, faults) = Config::read(&mut sources, file, &Options::default());
        assert!(faults.is_empty(), "{faults:?}");
        config.scrape_configs[0].clone()
    }

    #[test]
    fn jobs_scrape_the_same_targets_in_any_order_and_whatever_is_dropped() {
        let is_same = |one: &str, other: &str, rules: &str| has_same_targets(&job(one, rules), &job(other, rules));
        let drop = "{source_labels: [x], regex: 'd', action: drop}";
        assert!(is_same("{targets: [h, k]}", "{targets: [k]}, {targets: [h]}", ""));
        assert!(is_same("{targets: [h]}", "{targets: [h], labels: {__x: y}}", ""));
        assert!(is_same("{targets: [h]}", "{targets: [h]}, {targets: [k], labels: {x: d}}", drop));
        assert!(!is_same("{targets: [h]}", "{targets: [h], labels: {x: y}}", ""));
        assert!(!is_same("{targets: [h]}", "{targets: [h], labels: {x: d}}", drop));
        assert!(!is_same("{targets: [h]}", "{targets: [h, h]}", ""));
        assert!(!is_same("{targets: [h]}", "{targets: [h], labels: {__metrics_path__: /x}}", ""));
    }
}
