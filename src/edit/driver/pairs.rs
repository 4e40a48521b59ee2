//! The targets of two variants of a job side by side.

use std::ops::ControlFlow;

use crate::config::{ScrapeConfig, TargetGroup};
use crate::simulate::{PlacedTarget, target_of_group};

use super::trial::Trial;

/// A target of `old` and the same one of `new`.
pub(super) struct Pair {
    /// The index of the target among those of `old`.
    pub(super) index: usize,
    pub(super) old: PlacedTarget,
    pub(super) new: PlacedTarget,
}

/// Gives each target of `new` to `visit` together with the same one of `old`, until it breaks: in the order of `new`,
/// one pair at a time. `None` when one has more targets than the other. `is_one_text` says that
/// both are variants of the job of one text, so that a target of both is at the same place.
pub(super) fn each_pair<B>(
    trial: &Trial,
    old: &ScrapeConfig,
    new: &ScrapeConfig,
    is_one_text: bool,
    visit: &mut dyn FnMut(Pair) -> ControlFlow<B>,
) -> Option<ControlFlow<B>> {
    let (olds, news) = (Statics::of(old), Statics::of(new));
    let partners = news.partners(&olds, is_one_text)?;
    let count = news.places.len();
    for place in 0..count {
        let index = partners.as_ref().map_or(place, |partners| partners[place]);
        let (Some(old), Some(new)) = (olds.target(index), news.target(place)) else { return None };
        if let ControlFlow::Break(end) = visit(Pair { index, old, new }) {
            return Some(ControlFlow::Break(end));
        }
    }
    for (number, target) in trial.not_static().enumerate() {
        let pair = Pair { index: count + number, old: target.clone(), new: target };
        if let ControlFlow::Break(end) = visit(pair) {
            return Some(ControlFlow::Break(end));
        }
    }
    Some(ControlFlow::Continue(()))
}

/// The static targets of a job: each as its group and its index in there.
struct Statics<'j> {
    places: Vec<(&'j TargetGroup, usize)>,
}

impl<'j> Statics<'j> {
    fn of(job: &'j ScrapeConfig) -> Self {
        let groups = job.static_configs.iter();
        Self { places: groups.flat_map(|group| (0..group.targets.len()).map(move |index| (group, index))).collect() }
    }

    fn target(&self, place: usize) -> Option<PlacedTarget> {
        let (group, index) = self.places.get(place)?;
        target_of_group(group, *index)
    }

    fn address(&self, place: usize) -> &'j str {
        let (group, index) = self.places[place];
        group.targets.get(index).map_or("", |target| target.value.as_str())
    }

    fn start(&self, place: usize) -> u32 {
        let (group, index) = self.places[place];
        group.targets.get(index).map_or(0, |target| target.span.start)
    }

    /// The same target among `others` for each; nothing where they are in the same order. A change can move targets to
    /// groups of their own: they keep their order among those with the same address.
    fn partners(&self, others: &Self, is_one_text: bool) -> Option<Option<Vec<usize>>> {
        let count = self.places.len();
        if count != others.places.len() {
            return None;
        }
        let is_same = |place: usize| {
            self.address(place) == others.address(place) && (!is_one_text || self.start(place) == others.start(place))
        };
        if (0..count).all(is_same) {
            return Some(None);
        }
        let (own, other) = (self.in_order(), others.in_order());
        let mut partners = vec![0; count];
        own.into_iter().zip(other).for_each(|(place, partner)| partners[place] = partner);
        Some(Some(partners))
    }

    /// The places by their addresses, and by where they are written.
    fn in_order(&self) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.places.len()).collect();
        places.sort_by_key(|&place| (self.address(place), self.start(place)));
        places
    }
}
