//! Proves edits of the list of jobs of one config: of the new text, only the items that change are read, with those next to them.
//! Why that is enough is said in `local`, and in `yaml_edit::runs`.
//!
//! Where it is not certain, or where the edits are refused, this module gives no outcome, and the whole text is read.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::ScrapeConfig;
use crate::re2::RegexCache;
use crate::yaml_edit::{EditedRun, Plan};

use super::super::change::FileChange;
use super::super::open::Opened;
use super::super::ops::{Expected, JobOp, Nodes};
use super::jobs_expected::{is_expected, written_texts};
use super::local::{Jobs, with_jobs};

/// The change of the file, proved. `None` where its jobs cannot be looked at one by one.
pub(super) fn change(
    opened: &mut Opened<'_>,
    jobs: &[ScrapeConfig],
    ops: &[JobOp],
    expected: &[Expected<'_>],
) -> Option<FileChange> {
    let names: FxHashSet<&str> = expected.iter().map(|own| own.job.job_name.value.as_str()).collect();
    if names.len() != expected.len() || ops.iter().any(|op| op.file(jobs) != opened.file) {
        return None;
    }
    let ops: Vec<&JobOp> = ops.iter().collect();
    let written = written_texts(opened, jobs, &ops);
    with_jobs(opened, |opened, own| {
        let items = own.items.nodes();
        let is_item =
            |(job, item): (&ScrapeConfig, &crate::yaml::Node<'_>)| job.file == own.file && job.span == item.full_span();
        if items.len() != jobs.len() || !jobs.iter().zip(items).all(is_item) {
            return None;
        }
        let mut plan = Plan::new(own.tree);
        let nodes = Nodes { file: own.file, tree: own.tree, shared: None };
        JobOp::note_down_all(&ops, &mut plan, nodes, jobs, &written).ok()?;
        let (edits, runs) = own.items.prove_runs(&plan)?;
        are_expected(own, &runs, jobs.len(), expected)?;
        Some(own.file_change(edits, opened))
    })
}

/// Whether the jobs that are in the text of the runs now are those that are expected there, and no others change.
fn are_expected(own: &Jobs<'_>, runs: &[EditedRun], count: usize, expected: &[Expected<'_>]) -> Option<()> {
    let place_of = |(place, own): (usize, &Expected<'_>)| own.origin.map(|origin| (origin, place));
    let places: FxHashMap<usize, usize> = expected.iter().enumerate().filter_map(place_of).collect();
    let (mut patterns, mut next) = (RegexCache::new(), 0);
    let is_as_before = |places: std::ops::Range<usize>| {
        let is_same = |own: &Expected<'_>| own.origin.is_some() && matches!(own.job, std::borrow::Cow::Borrowed(_));
        expected.get(places).is_some_and(|all| all.iter().all(is_same))
    };
    for run in runs {
        let first = *places.get(&run.items.start)?;
        if !is_as_before(next..first) {
            return None;
        }
        let found = own.read_items(&run.tree, &mut patterns)?;
        next = match run.items.end < count {
            // The item after a run is in no run, or is the first one of the next: it stays.
            true => *places.get(&run.items.end)?,
            false => expected.len(),
        };
        let of_run = expected.get(first..next).filter(|all| all.len() == found.len())?;
        if !of_run.iter().zip(&found).all(|(expected, found)| is_expected(expected, found)) {
            return None;
        }
    }
    is_as_before(next..expected.len()).then_some(())
}
