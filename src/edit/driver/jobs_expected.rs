//! What edits of the list of jobs write, and which jobs they expect.

use rustc_hash::FxHashMap;

use crate::config::ScrapeConfig;
use crate::text::FileId;
use crate::yaml::Ownership;

use super::super::open::Opened;
use super::super::ops::{Expected, JobOp, WrittenText, WrittenTexts};
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
    for (at, target) in ops.iter().filter_map(|op| op.emptied_group(jobs)) {
        if let (Some(written), Some(ownership)) = (texts.get_mut(&target), owners.get(&at.file)) {
            written.add_comments_of(&opened.tree(at.file), ownership, at.span);
        }
    }
    texts
}

/// Whether a job has the results of the expected one, and its name.
pub(super) fn is_expected(expected: &Expected<'_>, found: &ScrapeConfig) -> bool {
    expected.job.job_name.value == found.job_name.value
        && (!expected.job.is_valid || (found.is_valid && is_same_job(expected, found)))
}

/// A new job gets from `global` what it does not say itself.
fn is_same_job(expected: &Expected<'_>, found: &ScrapeConfig) -> bool {
    match expected.origin {
        Some(_) => has_same_results(&expected.job, found),
        None => has_same_results(&with_globals_of(&expected.job, found), found),
    }
}
