//! `--target`: the targets that addresses name.

use std::collections::BTreeSet;

use promcfg::scrape::DiscoveredTarget;
use promcfg::simulate::{NamedBy, Origin, PlacedTarget, named_by, strongest};
use promcfg::text::most_similar;

use super::configs::Entry;
use super::run::Run;
use crate::cli::samples::{Chosen, Samples};
use crate::cli::status::{Failure, Stop};

/// A target that some address names, and how each address does.
struct Candidate {
    entry: usize,
    target: PlacedTarget,
    ways: Vec<Option<NamedBy>>,
}

/// The number of addresses that are kept to find a near one.
const MOST_ADDRESSES: usize = 10_000;

/// The targets that the addresses name, in all selected jobs; for an address that names none, one made by hand.
pub(super) fn choose(run: &mut Run<'_>, entries: &[Entry<'_>]) -> Result<Samples, Stop> {
    let addresses = &run.arguments.named;
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for (index, entry) in entries.iter().enumerate() {
        run.every_target(index, *entry, false, &mut |_, given, result| {
            let ways: Vec<Option<NamedBy>> = addresses.iter().map(|address| named_by(&result, address)).collect();
            if ways.iter().any(Option::is_some) {
                candidates.push(Candidate { entry: index, target: given.target.clone(), ways });
            } else if known.len() < MOST_ADDRESSES {
                known.insert(result.discovered.get("__address__").to_string());
            }
            Ok(())
        })?;
    }
    let mut chosen: Vec<Option<NamedBy>> = vec![None; candidates.len()];
    let mut by_hand = Vec::new();
    for (number, address) in addresses.iter().enumerate() {
        match strongest(candidates.iter().map(|candidate| candidate.ways.get(number).copied().flatten())) {
            Some((by, indices)) => {
                for index in indices {
                    chosen[index] = Some(chosen[index].map_or(by, |other| other.min(by)));
                }
            }
            None => by_hand.push(made_by_hand(entries, address, &known)?),
        }
    }
    let named = candidates.into_iter().zip(chosen).filter_map(|(candidate, by)| {
        let Candidate { entry, target, .. } = candidate;
        Some(Chosen { entry, target, origin: Origin::Known, named_by: Some(by?) })
    });
    let mut all: Vec<Chosen> = named.chain(by_hand).collect();
    for choice in &mut all {
        give_labels(&mut choice.target.target, &run.arguments.labels);
    }
    Ok(Samples::Chosen(all))
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
