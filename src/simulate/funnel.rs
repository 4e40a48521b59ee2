//! The way from the objects of a dump to the targets that are scraped: how many are left after each step, and where the
//! others were lost.

use std::collections::BTreeMap;

use crate::discovery::DiscoveredGroup;
use crate::relabel::Action;

use super::{Owner, Status, TargetResult};

/// A step on the way from objects to targets.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct FunnelStep {
    /// What is left: `pods`, `with an IP address`, `targets`, `relabel_configs[0]`.
    pub step: String,
    /// How many are left after it.
    pub count: usize,
    /// How many were lost in it.
    pub lost: usize,
    /// One of those that were lost; at a step that loses none, one of those that are left.
    pub example: Option<String>,
}

/// What discovery made of the objects of one item of a section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoundObjects {
    /// What the objects are, in the plural: `pods`. Empty where objects are not counted.
    pub noun: &'static str,
    /// The number of objects.
    pub objects: usize,
    /// Losses in the order of their steps: what is left after it, how many were lost, and one of them.
    pub losses: Vec<(&'static str, usize, String)>,
}

/// Targets that a step loses.
#[derive(Clone, Debug, Default)]
struct Loss {
    count: usize,
    example: String,
}

impl Loss {
    fn add(&mut self, example: impl FnOnce() -> String) {
        if self.count == 0 {
            self.example = example();
        }
        self.count += 1;
    }
}

/// Counts what becomes of objects and targets on the way.
///
/// ```
/// use promcfg::simulate::{FoundObjects, Funnel};
/// let mut funnel = Funnel::default();
/// let mut found = FoundObjects::default();
/// (found.noun, found.objects) = ("pods", 3);
/// found.losses.push(("with an IP address", 1, "pod/shop/cart".to_string()));
/// funnel.add_objects(found);
/// let steps = funnel.object_steps();
/// assert_eq!((steps[1].step.as_str(), steps[1].count, steps[1].lost), ("with an IP address", 2, 1));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Funnel {
    found: Vec<FoundObjects>,
    targets: usize,
    first: Option<String>,
    dropped: BTreeMap<usize, Loss>,
    invalid: Loss,
    unknown: Loss,
    undecided: Loss,
}

impl Funnel {
    /// Adds what discovery made of the objects of an item.
    pub fn add_objects(&mut self, found: FoundObjects) {
        self.found.push(found);
    }

    /// Whether any objects were added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Counts a target; `object` is the object that it was made of.
    pub fn add(&mut self, result: &TargetResult, object: Option<&str>) {
        let name = || {
            let address = result.discovered.get("__address__");
            object.map_or_else(|| address.to_string(), |object| format!("{address} ({object})"))
        };
        self.targets += 1;
        if self.first.is_none() {
            self.first = Some(name());
        }
        match result.status {
            Status::Kept => {}
            Status::Dropped => {
                let rule = result.dropped_by.as_ref().map_or(0, |by| by.rule);
                self.dropped.entry(rule).or_default().add(name);
            }
            Status::Invalid => self.invalid.add(name),
            Status::Unknown => self.unknown.add(name),
            Status::Undecided => self.undecided.add(name),
        }
    }

    /// Counts the targets of a group that a rule drops, each with the object that it was made of.
    pub fn add_dropped(&mut self, rule: usize, group: &DiscoveredGroup, object: Option<&str>) {
        let Some(first) = group.targets.first() else { return };
        let name = || {
            let address = first.iter().find(|(name, _)| &**name == "__address__").map_or("", |(_, value)| &**value);
            object.map_or_else(|| address.to_string(), |object| format!("{address} ({object})"))
        };
        self.targets += group.targets.len();
        if self.first.is_none() {
            self.first = Some(name());
        }
        let loss = self.dropped.entry(rule).or_default();
        loss.add(name);
        loss.count += group.targets.len() - 1;
    }

    /// How many targets each rule drops, by the index of the rule.
    pub fn dropped(&self) -> impl Iterator<Item = (usize, usize)> {
        self.dropped.iter().map(|(rule, loss)| (*rule, loss.count))
    }

    /// The steps from the objects to those that have targets.
    #[must_use]
    pub fn object_steps(&self) -> Vec<FunnelStep> {
        let counted: Vec<&FoundObjects> = self.found.iter().filter(|found| !found.noun.is_empty()).collect();
        let Some(first) = counted.first() else { return Vec::new() };
        let noun = if counted.iter().all(|found| found.noun == first.noun) { first.noun } else { "objects" };
        let mut left: usize = counted.iter().map(|found| found.objects).sum();
        let mut steps = vec![FunnelStep { step: noun.to_string(), count: left, lost: 0, example: None }];
        let mut losses: Vec<(&str, Loss)> = Vec::new();
        for (step, count, example) in counted.iter().flat_map(|found| &found.losses) {
            match losses.iter_mut().find(|(known, _)| known == step) {
                Some((_, loss)) => loss.count += count,
                None => losses.push((step, Loss { count: *count, example: example.clone() })),
            }
        }
        for (step, loss) in losses {
            left = left.saturating_sub(loss.count);
            let example = (!loss.example.is_empty()).then_some(loss.example);
            steps.push(FunnelStep { step: step.to_string(), count: left, lost: loss.count, example });
        }
        steps
    }

    /// All steps, to the targets that are kept.
    #[must_use]
    pub fn steps(&self, owner: Owner<'_>) -> Vec<FunnelStep> {
        let mut steps = self.object_steps();
        let mut left = self.targets;
        steps.push(FunnelStep { step: "targets".to_string(), count: left, lost: 0, example: self.first.clone() });
        let mut lose = |step: String, loss: &Loss| {
            left = left.saturating_sub(loss.count);
            let example = (loss.count > 0).then(|| loss.example.clone());
            steps.push(FunnelStep { step, count: left, lost: loss.count, example });
        };
        let none = Loss::default();
        for (rule, _) in
            owner.rules().iter().enumerate().filter(|(_, rule)| rule.spec.action.is_some_and(Action::is_filter))
        {
            let loss = self.dropped.get(&rule).unwrap_or(&none);
            lose(format!("relabel_configs[{rule}]"), loss);
        }
        for (step, loss) in [("accepted", &self.invalid), ("simulated", &self.unknown), ("decided", &self.undecided)] {
            if loss.count > 0 {
                lose(step.to_string(), loss);
            }
        }
        steps
    }
}
