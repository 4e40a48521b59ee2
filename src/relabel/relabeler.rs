//! A chain for many label sets that are in memory.

use std::fmt;

use super::chain::Chain;
use super::layout::{self, Layout, Machine, PairInput, Place, SequenceId, Sequences};
use super::run::{LimitError, Verdict};
use super::set::LabelBuilder;

/// Runs a chain on many label sets, each a list of names and values: the fastest way where nothing but the result is
/// wanted. It remembers the names of the sets before, so give it sets whose names come in the same order, as those of
/// one kind of targets do. Labels with an empty value are absent, and of a repeated name the last value counts. Use one
/// a thread.
///
/// ```
/// use promcfg::Chain;
/// use promcfg::relabel::{NameScheme, Relabeler, RuleSpec};
/// let rule = RuleSpec { target_label: "team".to_string(), replacement: "core".to_string(), ..RuleSpec::default() };
/// let chain = Chain::new(&[rule], NameScheme::Utf8).unwrap();
/// let mut relabeler = Relabeler::of_targets(&chain);
/// for job in ["node", "web"] {
///     let labels = [("job", job)];
///     let relabeled = relabeler.relabel(&labels).unwrap().expect("is kept");
///     assert!(relabeled.eq([("job", job), ("team", "core")]));
/// }
/// ```
#[derive(Debug)]
pub struct Relabeler {
    chain: Chain,
    /// Whether the labels are the base, as those of a sample are, and not added to an empty one.
    is_base: bool,
    sequences: Sequences,
    machine: Machine,
    places: Vec<Place>,
    set: LabelBuilder,
}

impl Relabeler {
    /// For label sets of targets (see [`LabelBuilder::load_added`]).
    #[must_use]
    pub fn of_targets(chain: &Chain) -> Self {
        Self::new(chain, false)
    }

    /// For label sets of samples (see [`LabelBuilder::load_base`]).
    #[must_use]
    pub fn of_samples(chain: &Chain) -> Self {
        Self::new(chain, true)
    }

    fn new(chain: &Chain, is_base: bool) -> Self {
        Self {
            chain: chain.clone(),
            is_base,
            sequences: Sequences::new(&chain.plan),
            machine: Machine::default(),
            places: Vec::new(),
            set: LabelBuilder::new(),
        }
    }

    /// The labels of a set after all rules, in byte order of their names; `None` when a rule dropped it.
    ///
    /// # Errors
    /// [`LimitError`] when a rule is legal, but more than is computed here.
    pub fn relabel<'s>(&'s mut self, labels: &'s [(&'s str, &'s str)]) -> Result<Option<Relabeled<'s>>, LimitError> {
        let Self { chain, sequences, machine, places, set, .. } = self;
        let input = PairInput(labels);
        let id = find_sequence(sequences, labels, places);
        let layout = id.and_then(|id| sequences.layout(id));
        let verdict = layout.and_then(|layout| machine.run(&chain.plan, layout, &input, places));
        if verdict.is_some_and(|verdict| verdict != Verdict::Kept) {
            return Ok(None);
        }
        if verdict.is_some() {
            let layout = id.and_then(|id| sequences.layout(id));
            return Ok(layout.map(|layout| Relabeled { labels: Labels::Registers { layout, machine, input }, at: 0 }));
        }
        sequences.learn(labels.iter().map(|(name, _)| (name.as_bytes(), *name)));
        if self.is_base {
            set.load_base(labels.iter().copied());
        } else {
            set.load_added(labels.iter().copied());
        }
        match chain.run(set)? {
            Verdict::Dropped { .. } => Ok(None),
            Verdict::Kept => {
                set.sort();
                Ok(Some(Relabeled { labels: Labels::Set(set), at: 0 }))
            }
        }
    }
}

/// The sequence of the names of a set, if it is known, and where the values are.
#[inline]
fn find_sequence(sequences: &Sequences, labels: &[(&str, &str)], places: &mut Vec<Place>) -> Option<SequenceId> {
    places.clear();
    let (mut sequence, mut bytes) = (Sequences::START, 0);
    for (source, (name, value)) in labels.iter().enumerate() {
        sequence = sequences.follow_name(sequence, name.as_bytes())?;
        bytes += value.len();
        if bytes > layout::MAX_BYTES {
            return None;
        }
        places.push(Place { source: source as u32, start: 0, end: value.len() as u32 });
    }
    Some(sequence)
}

/// Names and values after relabeling, in byte order of the names.
pub struct Relabeled<'s> {
    labels: Labels<'s>,
    at: usize,
}

enum Labels<'s> {
    Registers { layout: &'s Layout, machine: &'s Machine, input: PairInput<'s> },
    Set(&'s LabelBuilder),
}

impl<'s> Iterator for Relabeled<'s> {
    type Item = (&'s str, &'s str);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        match self.labels {
            Labels::Registers { layout, machine, input } => loop {
                let (register, place) = (self.at, machine.registers.get(self.at).copied()?);
                self.at += 1;
                if !place.is_empty() {
                    return Some((layout.name(register), value(machine, input, place)));
                }
            },
            Labels::Set(set) => {
                self.at += 1;
                set.sorted_label(self.at - 1)
            }
        }
    }
}

#[inline]
fn value<'s>(machine: &'s Machine, input: PairInput<'s>, place: Place) -> &'s str {
    let range = place.start as usize..place.end as usize;
    if place.is_made() {
        return machine.made.get(range).and_then(|made| std::str::from_utf8(made).ok()).unwrap_or("");
    }
    input.0.get(place.source as usize).and_then(|(_, value)| value.get(range)).unwrap_or("")
}

impl fmt::Debug for Relabeled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Relabeled").finish_non_exhaustive()
    }
}
