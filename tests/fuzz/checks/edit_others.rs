//! The commands besides those that set labels. The line: the command, two words (`␣` is a blank in them), and letters:
//! `a` for all jobs, `m` for samples or for values that need not be written, `k` to keep the label of a job.
//!
//! An edit is refused or proved; made again it changes nothing, or is refused.

use promcfg::edit::{
    AddJob, AddTarget, ConfigChange, CopiedValue, CopyJob, CopyLabel, EditError, FilterLabels, FilterMetrics,
    JobOptions, LabelFilter, LimitJob, MapLabels, MetricFilter, MoveTarget, Preset, RemoveJob, RemoveTarget, RenameJob,
    Selection, SetFields,
};
use promcfg::{Document, Options};

use super::{Asked, outcome};

type Edit = dyn Fn(&mut Document<'_>) -> Result<ConfigChange, EditError>;

pub(super) fn check(command: &str, asked: &Asked<'_>, text: &str) {
    let (one, other) = (asked.name.replace('␣', " "), asked.value.replace('␣', " "));
    let Some((edit, jobs)) = edit_of(command, asked, one, other) else { return };
    let mut document = Document::new("p.yml", text, &Options::default());
    let errors = document.diagnostics().iter().filter(|one| one.is_error()).count();
    let before = document.jobs().len();
    let Some((after, now)) = outcome(&mut document, errors, &*edit) else { return };
    match jobs {
        Jobs::Stay => assert_eq!(before, now, "jobs of {after:?}"),
        Jobs::OneMore => assert_eq!(before + 1, now, "jobs of {after:?}"),
        Jobs::Fewer => assert!(now < before, "jobs of {after:?}"),
        Jobs::Any => {}
    }
    if let Ok(again) = edit(&mut Document::new("p.yml", &*after, &Options::default())) {
        assert!(again.is_empty(), "made again, it changes {after:?}");
    }
}

/// What becomes of the number of jobs.
enum Jobs {
    Stay,
    OneMore,
    Fewer,
    Any,
}

// The method as a value has one lifetime, and the closure all.
#[allow(clippy::redundant_closure_for_method_calls)]
fn edit_of(command: &str, asked: &Asked<'_>, one: String, other: String) -> Option<(Box<Edit>, Jobs)> {
    let has = |letter: char| asked.letters.contains(letter);
    let (is_all, is_minimal, stage) = (has('a'), has('m'), asked.stage());
    let selection = asked.selection();
    let of_targets = || Selection { targets: vec![one.clone()], ..selection.clone() };
    let edit: (Box<Edit>, Jobs) = match command {
        "set" | "unset" => {
            let is_top = ["global", "rule_files", "scrape_configs", "alerting"].iter().any(|key| one.starts_with(key));
            let jobs = (!is_top).then(|| Selection { all_jobs: true, ..Selection::default() });
            let (set, unset) =
                if command == "set" { (vec![(one.clone(), other)], vec![]) } else { (vec![], vec![one.clone()]) };
            let request = SetFields { set, unset, jobs, minimal: is_minimal };
            let number = if one.starts_with("scrape_config") { Jobs::Any } else { Jobs::Stay };
            (Box::new(move |document| document.set_fields(&request)), number)
        }
        "limit" => {
            let request = LimitJob {
                selection: Selection { all_jobs: is_all, ..Selection::default() },
                samples: one.parse().ok(),
                targets: other.parse().ok(),
                force: is_minimal,
                ..LimitJob::default()
            };
            (Box::new(move |document| document.limit_job(&request)), Jobs::Stay)
        }
        "fmt" => (Box::new(|document| document.format()), Jobs::Stay),
        "drop-metric" | "keep-metric" => {
            let filter = if command == "drop-metric" { MetricFilter::Drop } else { MetricFilter::Keep };
            let patterns = [one, other].into_iter().filter(|pattern| !pattern.is_empty()).collect();
            let request = FilterMetrics { filter, patterns, selection };
            (Box::new(move |document| document.filter_metrics(&request)), Jobs::Stay)
        }
        "drop-label" | "keep-label" => {
            let filter = if command == "drop-label" { LabelFilter::Drop } else { LabelFilter::Keep };
            let request = FilterLabels { filter, names: vec![one], selection, stage };
            (Box::new(move |document| document.filter_labels(&request)), Jobs::Stay)
        }
        "map-labels" => {
            let request = MapLabels { prefix: one, to: other, selection, overwrite: has('o') };
            (Box::new(move |document| document.map_labels(&request)), Jobs::Stay)
        }
        "copy" => {
            let value = CopiedValue { from: vec![other], ..CopiedValue::default() };
            let request = CopyLabel { name: one, value, selection, stage, method: asked.method(), overwrite: has('o') };
            (Box::new(move |document| document.copy_label(&request)), Jobs::Stay)
        }
        "add-target" => {
            let labels = if other.is_empty() { Vec::new() } else { vec![("env".to_string(), other)] };
            let request = AddTarget { targets: vec![one], labels, selection };
            (Box::new(move |document| document.add_target(&request)), Jobs::Stay)
        }
        "remove-target" => {
            let request = RemoveTarget { labels: Vec::new(), selection: of_targets() };
            (Box::new(move |document| document.remove_target(&request)), Jobs::Stay)
        }
        "move-target" => {
            let request = MoveTarget { selection: of_targets(), to: other, file: None };
            (Box::new(move |document| document.move_target(&request)), Jobs::Stay)
        }
        "add-job" => {
            let request = AddJob {
                name: one,
                preset: other.parse::<Preset>().ok()?,
                targets: Vec::new(),
                options: JobOptions::default(),
                after: None,
            };
            (Box::new(move |document| document.add_job(&request)), Jobs::OneMore)
        }
        "remove-job" => {
            let request = RemoveJob { jobs: vec![one] };
            (Box::new(move |document| document.remove_job(&request)), Jobs::Fewer)
        }
        "rename-job" => {
            let request = RenameJob { old: one, new: other, keep_label: has('k') };
            (Box::new(move |document| document.rename_job(&request)), Jobs::Stay)
        }
        "copy-job" => {
            let request = CopyJob { old: one, new: other };
            (Box::new(move |document| document.copy_job(&request)), Jobs::OneMore)
        }
        _ => return None,
    };
    Some(edit)
}
