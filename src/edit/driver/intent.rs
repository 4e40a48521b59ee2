//! What a command intends for each result of a job, and whether a change does just that.

use crate::effect::address_of;
use crate::simulate::{JobResult, TargetResult};

/// The intended fate of each result of a job, in the order of the results before the change.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::edit) struct Intent {
    pub(in crate::edit) fates: Vec<Fate>,
}

/// What is to become of a target, or of its sample.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::edit) enum Fate {
    /// It stays as it is.
    Same,
    /// These labels get these values (absent for `None`); all else stays.
    Labels(Vec<(String, Option<String>)>),
}

/// The first result that is not as intended.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::edit) struct Mismatch<'r> {
    pub(in crate::edit) old: &'r TargetResult,
    pub(in crate::edit) new: &'r TargetResult,
    /// Whether the intent changes this one.
    pub(in crate::edit) is_selected: bool,
    pub(in crate::edit) difference: Difference,
}

/// What is not as intended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::edit) enum Difference {
    /// It is scraped and was not, or the other way round.
    Status,
    /// This label does not have its intended value.
    Unmet(String),
    /// These labels change and should not.
    Labels(Vec<String>),
    /// Its URL.
    Url,
}

/// How a change differs from what is intended.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::edit) enum Deviation<'r> {
    /// There are more or fewer results.
    Number,
    Result(Mismatch<'r>),
}

impl Intent {
    /// Everything stays as it is, except for what is given.
    pub(in crate::edit) fn of(count: usize, fate: impl Fn(usize) -> Fate) -> Self {
        Self { fates: (0..count).map(fate).collect() }
    }

    /// The first deviation of `after`; `None` if the change does just what is intended.
    pub(super) fn deviation<'r>(&self, before: &'r JobResult, after: &'r JobResult) -> Option<Deviation<'r>> {
        let count = before.targets.len();
        if count != after.targets.len() || count != self.fates.len() {
            return Some(Deviation::Number);
        }
        let olds = in_order(before);
        let pairs = olds.into_iter().zip(in_order(after));
        pairs.map(|((index, old), (_, new))| (&self.fates[index], old, new)).find_map(|(fate, old, new)| {
            let difference = difference(fate, old, new)?;
            let is_selected = *fate != Fate::Same;
            Some(Deviation::Result(Mismatch { old, new, is_selected, difference }))
        })
    }
}

fn difference(fate: &Fate, old: &TargetResult, new: &TargetResult) -> Option<Difference> {
    if old.status != new.status {
        return Some(Difference::Status);
    }
    let wanted: &[(String, Option<String>)] = match fate {
        Fate::Same => &[],
        Fate::Labels(labels) => labels,
    };
    let unmet = wanted.iter().find(|(name, value)| new.labels.get(name) != value.as_deref().unwrap_or(""));
    if let Some((name, _)) = unmet {
        return Some(Difference::Unmet(name.clone()));
    }
    if old.labels != new.labels {
        let is_wanted = |name: &String| wanted.iter().any(|(wanted, _)| wanted == name);
        let labels: Vec<String> = differences(old, new).into_iter().filter(|name| !is_wanted(name)).collect();
        if !labels.is_empty() {
            return Some(Difference::Labels(labels));
        }
    }
    (old.url != new.url).then_some(Difference::Url)
}

/// The labels that differ: first those of the old result.
fn differences(old: &TargetResult, new: &TargetResult) -> Vec<String> {
    let lost = old.labels.iter().filter(|&(name, value)| new.labels.get(name) != value);
    let gained = new.labels.iter().filter(|(name, _)| old.labels.get(name).is_empty());
    lost.chain(gained).map(|(name, _)| name.to_string()).collect()
}

/// The results in an order that does not depend on the group a target is in, each with its index.
fn in_order(result: &JobResult) -> Vec<(usize, &TargetResult)> {
    let mut targets: Vec<(usize, &TargetResult)> = result.targets.iter().enumerate().collect();
    let key = |&(_, target): &(usize, &TargetResult)| target.at.map(|at| at.span.start);
    targets.sort_by(|one, other| (address_of(one.1), key(one)).cmp(&(address_of(other.1), key(other))));
    targets
}

/// Whether both are the same results, whichever groups their targets are in.
pub(super) fn is_same(one: &JobResult, other: &JobResult) -> bool {
    one.targets.len() == other.targets.len()
        && in_order(one).into_iter().zip(in_order(other)).all(|((_, one), (_, other))| {
            one.status == other.status
                && one.url == other.url
                && one.labels == other.labels
                && one.discovered == other.discovered
        })
}
