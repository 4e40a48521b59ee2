//! Edits of fields of single jobs of a config: of the jobs, only the selected ones are read, a few at a time, and of the new text
//! only their items. Why that is enough is said in `local`; one field after the other is changed in the text of the item.
//!
//! Where it is not certain, or where a job is refused, this module gives no outcome, and the whole text is read.

use crate::config::ScrapeConfig;
use crate::effect::compare;
use crate::re2::RegexCache;
use crate::simulate::select_names;
use crate::text::{Edits, Span};
use crate::yaml_edit::{EditedItem, Item, Plan};

use super::super::change::{ConfigChange, FieldChange};
use super::super::claim::{Grade, JobChange};
use super::super::open::Opened;
use super::super::ops::{FieldOp, Nodes};
use super::super::request::EditError;
use super::choose::whole_effect;
use super::field_parts::{FieldsRequest, OfJob, deciding, follow, inherited, join_deciding, minimal_ops, results_of};
use super::local::{Jobs, with_jobs};
use super::prove::has_same_results;
use super::same_labels::refuse_same_results;

/// Makes the change of jobs. `None` where they cannot be looked at one by one.
pub(super) fn run(opened: &mut Opened<'_>, request: &FieldsRequest<'_>) -> Option<Result<ConfigChange, EditError>> {
    let selection = request.jobs.filter(|_| opened.is_unread())?;
    with_jobs(opened, |opened, jobs| {
        let selected = match select_names(&jobs.names, &selection.jobs) {
            Ok(selected) => selected,
            Err(unknown) => return Some(Err(EditError::UnknownJobError(unknown))),
        };
        let task = Task { jobs, request };
        let part = |chunk: &[usize], opened: &mut Opened<'_>, patterns: &mut RegexCache| {
            // Those of many jobs would take too much memory.
            if patterns.len() > MOST_PATTERNS {
                *patterns = RegexCache::new();
            }
            chunk.iter().map(|job| task.of_job(*job, opened, patterns)).collect::<Option<Vec<_>>>()
        };
        let parts = jobs.in_chunks(opened, &selected, RegexCache::new, &part)?;
        Some(Ok(change(parts.into_iter().flatten().collect(), jobs, opened)?))
    })
}

/// With so many patterns they are made anew.
const MOST_PATTERNS: usize = 500;

/// What comes of a job.
struct Made {
    job: JobChange,
    /// The fields that change.
    fields: Vec<FieldChange>,
    replacements: Vec<(Span, String)>,
    notes: Vec<String>,
}

struct Task<'t, 'j> {
    jobs: &'t Jobs<'j>,
    request: &'t FieldsRequest<'t>,
}

impl Task<'_, '_> {
    /// `None` where the job cannot be looked at alone, or where its change is not proved.
    fn of_job(&self, index: usize, opened: &mut Opened<'_>, patterns: &mut RegexCache) -> Option<Made> {
        let job = self.jobs.read_with(index, patterns).filter(|job| job.is_valid)?;
        let item = self.jobs.items.get(index)?;
        let release = opened.options.release;
        let inherited = |path: &_| inherited(self.jobs.tree, release, Some(job.scrape_interval), path);
        let ops = minimal_ops(self.request, &inherited);
        let of_job = OfJob { job: Some(job.job_name.value.clone()), file: opened.name().to_string() };
        let fields = of_job.described(Some(item.node), &ops, &inherited);
        if fields.is_empty() {
            let job = described(opened, &of_job, &job, None, patterns)?;
            return Some(Made { job, fields, replacements: Vec::new(), notes: Vec::new() });
        }
        let edited = self.edited(item, &ops)?;
        let changed = self.jobs.read_items(&edited.tree, patterns)?.pop()?;
        let mut expected = job.clone();
        ops.iter().for_each(|op| follow(&mut expected, &changed, op.path()));
        let root = edited.node()?;
        if !ops.iter().all(|op| op.is_done_after(root)) || !has_same_results(&expected, &changed) {
            return None;
        }
        let replacements = edited.edits.iter().map(|edit| (edit.span, edit.text.clone())).collect();
        let typed = job;
        let job = described(opened, &of_job, &typed, Some(&changed), patterns)?;
        let mut notes = of_job.lost_comments(item.node, &ops);
        notes.extend(deciding(&typed, job.known, ops.iter().map(|op| op.path().steps())));
        Some(Made { job, fields, replacements, notes })
    }

    /// The edits of the item, operation by operation, each on the result of the one before.
    fn edited(&self, item: Item<'_>, ops: &[FieldOp]) -> Option<EditedItem> {
        let mut edited = item.alone()?;
        for op in ops {
            let next = {
                let root = edited.node()?;
                if op.is_done(root) {
                    continue;
                }
                let mut plan = Plan::of_part(&edited.tree, self.jobs.tree);
                let nodes = Nodes { file: self.jobs.file, tree: &edited.tree, shared: None };
                op.note_down(&mut plan, nodes, root, false).ok()?;
                item.prove_next(&edited, &plan)?
            };
            edited = next;
        }
        Some(edited)
    }
}

/// What becomes of the known targets of a job, which is another one now or still the same. `None` where that is refused.
fn described(
    opened: &mut Opened<'_>,
    of_job: &OfJob,
    old: &ScrapeConfig,
    new: Option<&ScrapeConfig>,
    patterns: &mut RegexCache,
) -> Option<JobChange> {
    let (before, known) = results_of(opened, old, patterns);
    let has_other_results = |new: &&ScrapeConfig| {
        !(has_same_results(old, new) && old.file_sd_configs.is_empty() && new.file_sd_configs.is_empty())
    };
    let after = new.filter(has_other_results).map(|new| results_of(opened, new, patterns).0);
    let effect = match (&before, &after) {
        (Some(old), None) => compare(old, old),
        (Some(results), Some(Some(new))) => {
            // A refusal is made where the whole text is read.
            refuse_same_results(opened, old, (results, new)).ok()?;
            compare(results, new)
        }
        (None, _) | (_, Some(None)) => crate::effect::Effect::default(),
    };
    Some(JobChange {
        job: old.job_name.value.clone(),
        file: of_job.file.clone(),
        grade: Grade::Proved,
        known,
        effect,
        ..JobChange::default()
    })
}

/// The change of all jobs.
fn change(made: Vec<Made>, jobs: &Jobs<'_>, opened: &Opened<'_>) -> Option<ConfigChange> {
    let mut change = ConfigChange::of_fields();
    let (mut replacements, mut all) = (Vec::new(), Vec::with_capacity(made.len()));
    for mut own in made {
        if own.fields.is_empty() {
            change.jobs_with_nothing_to_do.push(own.job.job.clone());
        }
        change.fields.append(&mut own.fields);
        change.notes.append(&mut own.notes);
        replacements.append(&mut own.replacements);
        all.push(own.job);
    }
    join_deciding(&mut change.notes);
    if replacements.is_empty() {
        return Some(change);
    }
    change.effect = whole_effect(&all);
    change.jobs = all;
    change.files = vec![jobs.file_change(Edits::new(replacements)?, opened)];
    Some(change)
}
