//! A discovery item that was written as two.

use super::discovery_items::{is_split, items};
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_job};
use crate::text::Location;

pub(super) const CHECK: Check = Check::Job(check);

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let job = facts.job;
    for sd in job.discovery.iter().filter(|sd| !sd.is_known()) {
        let items = items(facts, sd);
        let Some((first, second)) = items.windows(2).map(|pair| (pair[0], pair[1])).find(|pair| is_split(*pair)) else {
            continue;
        };
        let Some((key, _)) = second.entries().next() else { continue };
        let message = format!("`{}` discovers twice: this item and the one before have no field in common", sd.key);
        sink.push(
            in_job(job, key.full_span(), message)
                .with_argument("field", sd.key.as_str())
                .with_label(Location::new(job.file, first.full_span()), "the item before")
                .with_note("each `-` begins another discovery, which has the default for each field that it lacks")
                .with_help("write the fields of both as one item"),
        );
    }
}
