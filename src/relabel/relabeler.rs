//! A chain for many label sets that are in memory.

use std::fmt;
use std::slice;

use super::chain::Chain;
use super::layout::{self, Known, Machine, Output, PairInput, SequenceId, Sequences, Walk};
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
            sequences: Sequences::new(&chain.plan, is_base),
            machine: Machine::default(),
            set: LabelBuilder::new(),
        }
    }

    /// The labels of a set after all rules, in byte order of their names; `None` when a rule dropped it.
    ///
    /// # Errors
    /// [`LimitError`] when a rule is legal, but more than is computed here.
    pub fn relabel<'s>(&'s mut self, labels: &'s [(&'s str, &'s str)]) -> Result<Option<Relabeled<'s>>, LimitError> {
        let Self { chain, sequences, machine, set, .. } = self;
        let input = PairInput(labels);
        let id = load(sequences, labels, machine);
        let known = id.map_or(Known::Nothing, |id| sequences.known(id));
        let is_new = matches!(known, Known::Nothing);
        let verdict = if let Known::Layout(layout) = known { machine.run(&chain.plan, layout, &input) } else { None };
        match verdict {
            Some(Verdict::Dropped { .. }) => return Ok(None),
            Some(Verdict::Kept) => {
                return Ok(id.and_then(|id| match sequences.known(id) {
                    Known::Layout(layout) => Some(Relabeled::of_registers(layout.outputs(), machine, labels)),
                    Known::NoLayout | Known::Nothing => None,
                }));
            }
            None if is_new => sequences.learn(labels.iter().map(|(name, _)| (name.as_bytes(), *name))),
            None => {}
        }
        if self.is_base {
            set.load_base(labels.iter().copied());
        } else {
            set.load_added(labels.iter().copied());
        }
        match chain.run(set)? {
            Verdict::Dropped { .. } => Ok(None),
            Verdict::Kept => {
                set.sort();
                Ok(Some(Relabeled { labels: Labels::Set(set, 0) }))
            }
        }
    }
}

/// Loads the values of a set; the sequence of its names, if it is known.
#[inline]
fn load(sequences: &Sequences, labels: &[(&str, &str)], machine: &mut Machine) -> Option<SequenceId> {
    let sequence = sequences.find(&mut Pairs(labels.iter()))?;
    let bytes: usize = labels.iter().map(|(_, value)| value.len()).sum();
    if bytes > layout::MAX_BYTES {
        return None;
    }
    machine.begin();
    machine.load_pairs(labels);
    Some(sequence)
}

/// The rest of a set.
struct Pairs<'l>(slice::Iter<'l, (&'l str, &'l str)>);

impl Walk for Pairs<'_> {
    #[inline]
    fn take(&mut self, name: &[u8]) -> bool {
        self.0.next().is_some_and(|(next, _)| next.as_bytes() == name)
    }

    #[inline]
    fn is_next(&self, name: &[u8]) -> bool {
        self.0.as_slice().first().is_some_and(|(next, _)| next.as_bytes() == name)
    }

    #[inline]
    fn is_done(&self) -> bool {
        self.0.as_slice().is_empty()
    }
}

/// Names and values after relabeling, in byte order of the names.
pub struct Relabeled<'s> {
    labels: Labels<'s>,
}

enum Labels<'s> {
    Registers {
        outputs: slice::Iter<'s, Output>,
        values: Values<'s>,
    },
    /// A set, and how many of its labels are done.
    Set(&'s LabelBuilder, usize),
}

/// Where the values of registers are.
struct Values<'s> {
    machine: &'s Machine,
    /// What the machine made.
    made: &'s str,
    labels: &'s [(&'s str, &'s str)],
}

impl<'s> Relabeled<'s> {
    fn of_registers(outputs: &'s [Output], machine: &'s Machine, labels: &'s [(&'s str, &'s str)]) -> Self {
        // It is made of texts.
        let made = if machine.made.is_empty() { "" } else { std::str::from_utf8(&machine.made).unwrap_or("") };
        Self { labels: Labels::Registers { outputs: outputs.iter(), values: Values { machine, made, labels } } }
    }
}

impl<'s> Values<'s> {
    /// The value of an output; empty if it has none.
    #[inline]
    fn of(&self, output: &Output) -> &'s str {
        let place = self.machine.output(output);
        let (start, end) = (place.start as usize, place.end as usize);
        if place.is_made() {
            return self.made.get(start..end).unwrap_or("");
        }
        match self.labels.get(place.source as usize) {
            Some((_, value)) if start == 0 && end == value.len() => value,
            Some((_, value)) => value.get(start..end).unwrap_or(""),
            None => "",
        }
    }
}

impl<'s> Iterator for Relabeled<'s> {
    type Item = (&'s str, &'s str);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.labels {
            Labels::Registers { outputs, values } => loop {
                let output = outputs.next()?;
                let value = values.of(output);
                if !value.is_empty() {
                    return Some((&output.name, value));
                }
            },
            Labels::Set(set, at) => {
                *at += 1;
                set.sorted_label(*at - 1)
            }
        }
    }

    fn fold<B, F: FnMut(B, Self::Item) -> B>(self, init: B, mut fold: F) -> B {
        match self.labels {
            Labels::Registers { outputs, values } => outputs.fold(init, |all, output| match values.of(output) {
                "" => all,
                value => fold(all, (&output.name, value)),
            }),
            Labels::Set(set, at) => {
                let labels = (at..).map_while(|index| set.sorted_label(index));
                labels.fold(init, fold)
            }
        }
    }
}

impl fmt::Debug for Relabeled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Relabeled").finish_non_exhaustive()
    }
}
