//! `--target`: the targets that addresses name.

use std::collections::{BTreeSet, HashMap};

use promcfg::scrape::DiscoveredTarget;
use promcfg::simulate::{NamedBy, Origin, PlacedTarget, named_by, strongest};
use promcfg::text::most_similar;

use super::run::{Next, Run};
use super::source::Entry;
use crate::cli::samples::{Chosen, Samples};
use crate::cli::status::{Failure, Stop};

/// A target that some address names.
struct Candidate {
    entry: usize,
    target: PlacedTarget,
}

/// The number of addresses that are kept to find a near one, for a hint.
const MOST_ADDRESSES: usize = 10_000;

/// The targets that the addresses name, in all selected jobs; for an address that names none, one made by hand.
pub(super) fn choose(run: &mut Run<'_>, entries: &[Entry<'_>]) -> Result<Samples, Stop> {
    let addresses = &run.arguments.named;
    let numbers: HashMap<&str, usize> =
        addresses.iter().enumerate().map(|(number, address)| (address.as_str(), number)).collect();
    let mut candidates: Vec<Candidate> = Vec::new();
    // For each address the candidates that it names, and how.
    let mut ways: Vec<Vec<(usize, NamedBy)>> = vec![Vec::new(); addresses.len()];
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut budget = run.budget.clone();
    for (index, entry) in entries.iter().enumerate() {
        run.every_target(index, *entry, false, &mut |_, given, result| {
            let (discovered, labels) = (&result.discovered, &result.labels);
            let names = [discovered.get("__address__"), labels.get("instance"), labels.get("__address__")];
            let mut named: Vec<usize> = names.iter().filter_map(|name| numbers.get(name).copied()).collect();
            named.sort_unstable();
            named.dedup();
            let of = candidates.len();
            let mut is_named = false;
            for number in named {
                if let Some(by) = named_by(&result, &addresses[number]) {
                    ways[number].push((of, by));
                    is_named = true;
                }
            }
            if is_named {
                let (fits, target) = (budget.hold(result.memory()), given.target.clone());
                // Whoever is left out has no way of being named.
                if !fits {
                    ways.iter_mut().for_each(|ways| ways.retain(|(candidate, _)| *candidate < of));
                }
                return Ok(Next::after(fits, || candidates.push(Candidate { entry: index, target })));
            }
            if known.len() < MOST_ADDRESSES {
                known.insert(result.discovered.get("__address__").to_string());
            }
            Ok(Next::More)
        })?;
    }
    let mut chosen: Vec<Option<NamedBy>> = vec![None; candidates.len()];
    let mut by_hand = Vec::new();
    for address in addresses {
        let named = numbers.get(address.as_str()).and_then(|number| ways.get(*number)).map_or(&[][..], Vec::as_slice);
        match strongest(named.iter().map(|(_, by)| Some(*by))) {
            Some((by, places)) => {
                for index in places.into_iter().map(|place| named[place].0) {
                    chosen[index] = Some(chosen[index].map_or(by, |other| other.min(by)));
                }
            }
            None => by_hand.push(made_by_hand(entries, address, &known)?),
        }
    }
    let named = candidates.into_iter().zip(chosen).filter_map(|(candidate, by)| {
        let Candidate { entry, target } = candidate;
        Some(Chosen { entry, target, origin: Origin::Known, named_by: Some(by?) })
    });
    let mut all: Vec<Chosen> = named.chain(by_hand).collect();
    for choice in &mut all {
        give_labels(&mut choice.target.target, &run.arguments.labels);
    }
    Ok(Samples::of_chosen(all))
}

/// A target made by hand belongs to the one job that is selected.
fn made_by_hand(entries: &[Entry<'_>], address: &str, known: &BTreeSet<String>) -> Result<Chosen, Failure> {
    if let [_] = entries {
        let target = PlacedTarget::from(DiscoveredTarget::from_address(address));
        return Ok(Chosen { entry: 0, target, origin: Origin::ByHand, named_by: None });
    }
    let failure = Failure::new(format!("no job has the target {address:?}"));
    let failure = match most_similar(address, known.iter().map(String::as_str)) {
        Some(similar) => failure.with_note(format!("the most similar address is {similar:?}")),
        None => failure,
    };
    Err(failure.with_help("to simulate it as a target made by hand, select its job with --job NAME"))
}

/// Labels that are given by hand count more than all others.
fn give_labels(target: &mut DiscoveredTarget, labels: &[(String, String)]) {
    for (name, value) in labels {
        target.own.retain(|(other, _)| other != name);
        target.own.push((name.clone(), value.clone()));
    }
}
