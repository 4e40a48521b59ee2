//! What edits of fields are about: the operations, what is said of them, and what else of a job can follow from them.

use crate::config::{Duration, FieldPath, FieldRoot, ScrapeConfig, Sd, Step};
use crate::re2::RegexCache;
use crate::release::Release;
use crate::secrets::masked_below;
use crate::simulate::{JobResult, JobSimulator, Simulation, targets_of_group};
use crate::text::content_end;
use crate::yaml::{Node, NodeKind, Tree, comments_among};

use super::super::change::FieldChange;
use super::super::open::Opened;
use super::super::ops::{FieldOp, keys, node_at, shown_value};
use super::super::request::Selection;
use super::trial::known_others;

/// What is to be done to fields.
pub(in crate::edit) struct FieldsRequest<'r> {
    pub(in crate::edit) ops: Vec<FieldOp>,
    /// The jobs; `None` where the paths begin at the top.
    pub(in crate::edit) jobs: Option<&'r Selection>,
    /// Whether a value that is inherited anyway is removed rather than written.
    pub(in crate::edit) minimal: bool,
}

/// The operations of a request; with `minimal`, what is inherited anyway is not written.
pub(super) fn minimal_ops(
    request: &FieldsRequest<'_>,
    inherited: &dyn Fn(&FieldPath) -> Option<(String, &'static str)>,
) -> Vec<FieldOp> {
    let minimal = |op: &FieldOp| match op {
        FieldOp::Set { path, value } if request.minimal => {
            let is_inherited = inherited(path).is_some_and(|(own, _)| path.is_same_value(&own, &value.to_string()));
            is_inherited.then(|| FieldOp::Unset { path: path.clone() })
        }
        FieldOp::Set { .. } | FieldOp::Unset { .. } => None,
    };
    request.ops.iter().map(|op| minimal(op).unwrap_or_else(|| op.clone())).collect()
}

/// The value that the field has where it is not given, and where it comes from; `interval` is that of the job.
pub(super) fn inherited(
    tree: &Tree,
    release: Release,
    interval: Option<Duration>,
    path: &FieldPath,
) -> Option<(String, &'static str)> {
    let default = || Some((path.default().to_string(), "the default")).filter(|(value, _)| !value.is_empty());
    let (Some(interval), Some(key)) = (interval, path.inherited_key()) else { return default() };
    let global = |key: &str| {
        let steps = [Step::Key("global".to_string()), Step::Key(key.to_string())];
        let node = node_at(tree.root()?, &steps).filter(|node| node.kind() == NodeKind::Scalar && !node.is_null())?;
        Some(node.value().to_string())
    };
    let of_global = global(key).map(|value| (value, "global")).or_else(|| {
        let path = FieldPath::parse(&format!("global.{key}"), FieldRoot::Config, release).ok()?;
        let default = if key == "scrape_timeout" { "10s" } else { path.default() };
        Some((default.to_string(), "the default")).filter(|(value, _)| !value.is_empty())
    })?;
    // The timeout of a job that scrapes more often is its interval.
    let is_cut = key == "scrape_timeout" && Duration::parse(&of_global.0).is_ok_and(|timeout| timeout > interval);
    if is_cut { None } else { Some(of_global) }
}

/// Where fields are.
pub(super) struct OfJob {
    pub(super) job: Option<String>,
    pub(super) file: String,
}

impl OfJob {
    /// What is said of the fields that are not as they are to be.
    pub(super) fn described(
        &self,
        root: Option<Node<'_>>,
        ops: &[FieldOp],
        inherited: &dyn Fn(&FieldPath) -> Option<(String, &'static str)>,
    ) -> Vec<FieldChange> {
        let described = |op: &FieldOp| {
            let path = op.path();
            let shown = |text: String| match path.is_secret() {
                true => "<secret>".to_string(),
                false => masked_below(keys(path.steps()), &text),
            };
            let after = match op {
                FieldOp::Set { value, .. } => Some(shown(shown_value(value))),
                FieldOp::Unset { .. } => None,
            };
            FieldChange {
                job: self.job.clone(),
                file: self.file.clone(),
                path: path.text().to_string(),
                before: root.and_then(|root| node_at(root, path.steps())).map(|node| shown(in_one_line(node))),
                after,
                inherited: inherited(path).map(|(value, from)| (shown(value), from)),
            }
        };
        ops.iter().filter(|op| !op.is_done_in(root)).map(described).collect()
    }

    /// Says which item of a list goes with its last field, and how many comments go with lists and mappings that give way
    /// to others.
    pub(super) fn lost_comments(&self, root: Node<'_>, ops: &[FieldOp]) -> Vec<String> {
        let job = self.job.as_ref().map(|job| format!("job {job}: ")).unwrap_or_default();
        let note = |op: &FieldOp| {
            if let Some(collection) = op.goes_with(root) {
                return Some(format!("{job}`{collection}` is removed with its last field"));
            }
            let FieldOp::Set { path, value } = op else { return None };
            let node =
                node_at(root, path.steps()).filter(|node| node.kind() != NodeKind::Scalar && !value.is_of(*node))?;
            let words = match comments_in(node) {
                0 => return None,
                1 => "a comment in the old value".to_string(),
                count => format!("{count} comments in the old value"),
            };
            let go = if words.starts_with('a') { "goes" } else { "go" };
            Some(format!("{job}{words} of `{}` {go} with it", path.text()))
        };
        ops.iter().filter_map(note).collect()
    }
}

/// Says that a field decides which targets a job has, where only discovery knows these.
pub(super) fn deciding<'p>(
    job: &ScrapeConfig,
    known: usize,
    fields: impl Iterator<Item = &'p [Step]>,
) -> Option<String> {
    if known > 0 || job.discovery.iter().all(Sd::is_static) {
        return None;
    }
    let first = |steps: &'p [Step]| match steps.first() {
        Some(Step::Key(key)) => Some(key.as_str()),
        Some(Step::Index(_)) | None => None,
    };
    let key = fields.filter_map(first).find(|key| decides_targets(key))?;
    let job = &job.job_name.value;
    Some(format!("job {job}: `{key}{DECIDES}"))
}

const DECIDES: &str = "` decides which targets are scraped, and only discovery knows the targets";

/// Says of several jobs at once that the same field decides.
pub(super) fn join_deciding(notes: &mut Vec<String>) {
    const MOST_NAMES: usize = 5;
    let mut of_keys: Vec<(String, Vec<String>)> = Vec::new();
    notes.retain(|note| {
        let parts = note.strip_suffix(DECIDES).and_then(|rest| rest.strip_prefix("job ")?.rsplit_once(": `"));
        let Some((job, key)) = parts else { return true };
        match of_keys.iter_mut().find(|(own, _)| own == key) {
            Some((_, jobs)) => jobs.push(job.to_string()),
            None => of_keys.push((key.to_string(), vec![job.to_string()])),
        }
        false
    });
    for (key, jobs) in of_keys {
        let word = if jobs.len() == 1 { "job" } else { "jobs" };
        let more = jobs.len().saturating_sub(MOST_NAMES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let named = jobs.iter().take(MOST_NAMES).map(String::as_str).collect::<Vec<_>>().join(", ");
        notes.push(format!("{word} {named}{more}: `{key}{DECIDES}"));
    }
}

/// Whether a field of a job, or of the object that it is made of, decides which targets the job has.
fn decides_targets(key: &str) -> bool {
    const KEYS: [&str; 10] = [
        "port",
        "targetPort",
        "portNumber",
        "selector",
        "namespaceSelector",
        "filterRunning",
        "relabelings",
        "relabel_configs",
        "relabelConfigs",
        "targets",
    ];
    KEYS.contains(&key) || key.ends_with("_sd_configs") || key.ends_with("SDConfigs")
}

/// How many comments are in a list or a mapping, with that in its last line.
fn comments_in(node: Node<'_>) -> usize {
    let text: &str = node.tree().text();
    let (start, end) = (node.span().start as usize, node.full_span().end as usize);
    // Those above the first item of lines, but not the one after the key.
    let key = node.parent().and_then(|parent| parent.entries().find(|(_, own)| own.id() == node.id()));
    let start = match key {
        Some((key, _)) if !node.is_flow() => content_end(text, key.full_span().end as usize).min(start),
        Some(_) | None => start,
    };
    let nodes = || node.tree().nodes_from(node.id()).take_while(move |own| (own.span().start as usize) < end);
    let end = if node.is_flow() {
        end
    } else {
        nodes().last().map_or(end, |last| content_end(text, last.span().end as usize))
    };
    comments_among(text, nodes(), start, end).len()
}

/// A value as it is written; several lines are only named.
pub(super) fn in_one_line(node: Node<'_>) -> String {
    const LONGEST: usize = 60;
    let written = node.span().of(node.tree().text());
    match node.kind() {
        NodeKind::Scalar if node.value().len() <= LONGEST && !node.value().contains('\n') => node.value().to_string(),
        _ if written.len() <= LONGEST && !written.contains(['\n', '\r']) && node.is_flow() => written.to_string(),
        NodeKind::Sequence => "another list".to_string(),
        NodeKind::Mapping => "another mapping".to_string(),
        NodeKind::Scalar | NodeKind::Alias => "another text".to_string(),
    }
}

/// Takes over from `new` what can follow from a change of this field.
pub(super) fn follow(job: &mut ScrapeConfig, new: &ScrapeConfig, path: &FieldPath) {
    let is_own = |key: &str, job: &ScrapeConfig| job.field(key).is_some();
    let (of_global, key) = match path.first_key() {
        "global" => match path.steps() {
            [_, Step::Key(key), ..] => (true, key.as_str()),
            _ => (true, ""),
        },
        "scrape_configs" => {
            *job = new.clone();
            return;
        }
        key => (false, key),
    };
    // A job that has the field itself does not inherit it.
    if of_global && is_own(key, job) && !matches!(key, "scrape_interval" | "scrape_timeout") {
        return;
    }
    match key {
        "job_name" => job.job_name.clone_from(&new.job_name),
        "scrape_interval" | "scrape_timeout" => {
            (job.scrape_interval, job.scrape_timeout) = (new.scrape_interval, new.scrape_timeout);
        }
        "honor_labels" => job.honor_labels = new.honor_labels,
        "metrics_path" => job.metrics_path.clone_from(&new.metrics_path),
        "scheme" => job.scheme.clone_from(&new.scheme),
        "params" => job.params.clone_from(&new.params),
        "target_limit" => job.target_limit = new.target_limit,
        "sample_limit" => job.sample_limit = new.sample_limit,
        "label_limit" => job.label_limit = new.label_limit,
        "label_name_length_limit" => job.label_name_length_limit = new.label_name_length_limit,
        "label_value_length_limit" => job.label_value_length_limit = new.label_value_length_limit,
        "metric_name_validation_scheme" => job.name_scheme = new.name_scheme,
        "static_configs" => job.static_configs.clone_from(&new.static_configs),
        "relabel_configs" => job.relabel_configs.clone_from(&new.relabel_configs),
        "metric_relabel_configs" => job.metric_relabel_configs.clone_from(&new.metric_relabel_configs),
        "" => *job = new.clone(),
        _ => {}
    }
}

/// The results of the known targets of a job, and their number.
pub(super) fn results_of(
    opened: &mut Opened<'_>,
    job: &ScrapeConfig,
    patterns: &mut RegexCache,
) -> (Option<Simulation>, usize) {
    let others = known_others(opened, job);
    let known = job.static_configs.iter().map(|group| group.targets.len()).sum::<usize>() + others.len();
    let mut result: JobResult = JobSimulator::outline(job);
    let Ok(mut simulator) = JobSimulator::with_patterns(patterns, job, false) else { return (None, known) };
    let placed = job.static_configs.iter().flat_map(targets_of_group).chain(others.iter());
    result.targets.extend(placed.map(|placed| simulator.simulate(&placed)));
    (Some(Simulation { jobs: vec![result], ..Simulation::default() }), known)
}
