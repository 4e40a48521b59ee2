//! What edits of the list of jobs write, and which jobs they expect.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::ScrapeConfig;
use crate::text::{FileId, Location, Span};
use crate::yaml::Ownership;

use super::super::open::Opened;
use super::super::ops::{Expected, JobOp, WrittenText, WrittenTexts, staying};
use super::prove::{has_same_results, with_globals_of};

/// How the targets and labels that move are written. A group that loses all of its targets leaves its comments to the
/// first of them.
pub(super) fn written_texts(opened: &mut Opened<'_>, jobs: &[ScrapeConfig], ops: &[&JobOp]) -> WrittenTexts {
    let mut owners: FxHashMap<FileId, Ownership> = FxHashMap::default();
    let mut texts = WrittenTexts::default();
    for at in ops.iter().flat_map(|op| op.origins()) {
        let tree = opened.tree(at.file);
        let ownership = owners.entry(at.file).or_insert_with(|| tree.ownership());
        texts.extend(WrittenText::of(&tree, ownership, at.span).map(|text| (at, text)));
    }
    let emptied: Vec<(Location, Location)> = ops.iter().filter_map(|op| op.emptied_group(jobs)).collect();
    let mut stay: FxHashSet<Location> = FxHashSet::default();
    for file in owners.keys().copied() {
        let of_file = emptied.iter().filter(|(at, _)| at.file == file && may_stay(ops, *at));
        let spans: Vec<Span> = of_file.map(|(at, _)| at.span).collect();
        stay.extend(staying(&opened.tree(file), &spans).into_iter().map(|span| Location::new(file, span)));
    }
    // A group that stays keeps its comments.
    for (at, target) in emptied.into_iter().filter(|(at, _)| !stay.contains(at)) {
        if let (Some(written), Some(ownership)) = (texts.get_mut(&target), owners.get(&at.file)) {
            written.add_comments_of(&opened.tree(at.file), ownership, at.span);
        }
    }
    texts
}

fn may_stay(ops: &[&JobOp], emptied: Location) -> bool {
    ops.iter().any(|op| matches!(op, JobOp::RemoveTargets { group, may_stay: true, .. } if *group == emptied))
}

/// Whether a job has the results of the expected one, and its name.
pub(super) fn is_expected(expected: &Expected<'_>, found: &ScrapeConfig) -> bool {
    expected.job.job_name.value == found.job_name.value
        && (!expected.job.is_valid || (found.is_valid && is_same_job(expected, found)))
}

/// A new job gets from `global` what it does not say itself.
fn is_same_job(expected: &Expected<'_>, found: &ScrapeConfig) -> bool {
    match expected.origin {
        // Groups without targets have no results: they can stay, and they can go.
        Some(_) => has_same_results(&without_empty_groups(&expected.job), &without_empty_groups(found)),
        None => has_same_results(&with_globals_of(&expected.job, found), found),
    }
}

fn without_empty_groups(job: &ScrapeConfig) -> Cow<'_, ScrapeConfig> {
    let mut job = Cow::Borrowed(job);
    if job.static_configs.iter().any(|group| group.targets.is_empty()) {
        job.to_mut().static_configs.retain(|group| !group.targets.is_empty());
    }
    job
}
