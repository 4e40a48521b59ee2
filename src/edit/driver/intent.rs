//! What a command intends for each result of a job, and whether a change does just that.

use crate::effect::differing;
use crate::simulate::{Status, TargetResult};

/// The intended fate of each result of a job, by its index before the change.
pub(in crate::edit) struct Intent<'i> {
    fate: Box<dyn Fn(usize) -> Fate + 'i>,
}

/// What is to become of a target, or of its sample.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::edit) enum Fate {
    /// It stays as it is.
    Same,
    /// The sample is dropped.
    Dropped,
    /// It becomes this result; both are kept or dropped by another rule, with other labels.
    Becomes(Box<TargetResult>),
    /// These labels get these values (absent for `None`); all else stays.
    Labels(Vec<(String, Option<String>)>),
    /// These labels get these values, and the URL follows from them; all else stays.
    Request(Vec<(String, Option<String>)>),
}

/// The first result that is not as intended.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::edit) struct Mismatch<'r> {
    /// Without its trace.
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
pub(in crate::edit) enum Deviation {
    /// There are more or fewer results.
    Number,
    Result {
        /// The index of the result before the change.
        old: usize,
        new: Box<TargetResult>,
        is_selected: bool,
        difference: Difference,
    },
}

impl<'i> Intent<'i> {
    /// What is given for each result.
    pub(in crate::edit) fn of(fate: impl Fn(usize) -> Fate + 'i) -> Self {
        Self { fate: Box::new(fate) }
    }

    /// How the result with this index deviates from what is intended.
    pub(super) fn deviation(&self, index: usize, old: &TargetResult, new: &TargetResult) -> Option<Deviation> {
        let fate = (self.fate)(index);
        let difference = difference(&fate, old, new)?;
        Some(Deviation::Result { old: index, new: Box::new(new.clone()), is_selected: fate != Fate::Same, difference })
    }
}

fn difference(fate: &Fate, old: &TargetResult, new: &TargetResult) -> Option<Difference> {
    let wanted: &[(String, Option<String>)] = match fate {
        Fate::Dropped => return (new.status != Status::Dropped).then_some(Difference::Status),
        Fate::Becomes(expected) => return difference(&Fate::Same, expected, new),
        Fate::Same => &[],
        Fate::Labels(labels) | Fate::Request(labels) => labels,
    };
    if old.status != new.status {
        return Some(Difference::Status);
    }
    let unmet = wanted.iter().find(|(name, value)| new.labels.get(name) != value.as_deref().unwrap_or(""));
    if let Some((name, _)) = unmet {
        return Some(Difference::Unmet(name.clone()));
    }
    if old.labels != new.labels {
        let is_wanted = |name: &str| wanted.iter().any(|(wanted, _)| wanted == name);
        let mut unwanted = differing(&old.labels, &new.labels);
        unwanted.retain(|(name, _, _)| !is_wanted(name));
        if !unwanted.is_empty() {
            // First those of the old result.
            unwanted.sort_by_key(|(_, before, _)| before.is_empty());
            return Some(Difference::Labels(unwanted.into_iter().map(|(name, _, _)| name.to_string()).collect()));
        }
    }
    let may_move = matches!(fate, Fate::Request(_));
    (old.url != new.url && !may_move).then_some(Difference::Url)
}

/// Whether both are the same result.
pub(super) fn is_same(one: &TargetResult, other: &TargetResult) -> bool {
    one.status == other.status
        && one.url == other.url
        && one.labels == other.labels
        && one.discovered == other.discovered
}
