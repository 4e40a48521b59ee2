//! Labels of targets: which are shown, and how.

use std::borrow::Cow;

use crate::relabel::Labels;
use crate::simulate::{Owner, Status, TargetResult};

use super::look::{Look, width_of};
use super::shorten;

/// The labels that are attached to samples; with `all` also those that begin with `__`.
pub(super) fn shown_labels(labels: &Labels, all: bool) -> Labels {
    labels.iter().filter(|(name, _)| all || !name.starts_with("__")).collect()
}

/// The scrape interval and timeout of a kept target that are not those of its job.
pub(super) fn changed_durations<'t>(
    owner: Owner<'_>,
    target: &'t TargetResult,
) -> impl Iterator<Item = (&'static str, &'t str)> {
    let is_of_job = owner.job().is_some() && target.status == Status::Kept;
    let defaults = owner.defaults();
    let names = ["__scrape_interval__", "__scrape_timeout__"].into_iter().filter(move |_| is_of_job);
    names.map(|name| (name, target.labels.get(name))).filter(move |(name, value)| defaults.get(name) != *value)
}

/// A name or a message, shortened.
pub(super) fn short(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 200;
    shorten(text, LONGEST)
}

/// `name="value"` with its width.
pub(super) fn label_part(name: &str, value: &str, look: Look) -> (usize, String) {
    const LONGEST_VALUE: usize = 300;
    let (name, value) = (short(name), format!("\"{}\"", shorten(value, LONGEST_VALUE)));
    (width_of(&name) + 1 + width_of(&value), format!("{}={value}", look.name(&name)))
}
