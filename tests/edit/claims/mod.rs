//! What an edit says of all targets holds for each: for random chains and targets, and for the chains of real
//! configs, by simulating the old and the new config.
//!
//! `PROMCFG_CLAIM_PAIRS=200000 cargo test --release --test tests -- edit::claims` tries more, with other ones by
//! `PROMCFG_CLAIM_SEED`.

mod check;
mod grades;
mod random;

use std::collections::BTreeMap;

use promcfg::edit::{AddLabel, ConfigChange, EditError, Grade, LabelStage, RemoveLabel, RenameLabel, Selection};
use promcfg::{Document, Options};

use check::check_targets;
use random::{Random, chain};

/// A number from the environment.
fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Targets tried on each change.
const TARGETS: usize = 40;

#[test]
fn what_an_edit_says_of_all_targets_holds_for_random_chains_and_targets() {
    let pairs = number("PROMCFG_CLAIM_PAIRS", 20_000);
    let mut random = Random::new(number("PROMCFG_CLAIM_SEED", 7) as u64);
    let (mut tried, mut counts) = (0, BTreeMap::<String, usize>::new());
    while tried < pairs {
        let text = chain(&mut random);
        let (kind, outcome) = edited(&mut random, &text);
        let word = match &outcome {
            Ok(change) if change.is_empty() => "nothing to do".to_string(),
            Ok(change) => change.grade.to_string(),
            Err(EditError::Refused(refusals)) => format!("refused, {}", refusals[0].id),
            Err(error) => format!("not possible, {error}"),
        };
        *counts.entry(format!("{kind}: {word}")).or_default() += 1;
        let Ok(change) = outcome else { continue };
        if change.grade == Grade::Proved && !change.is_empty() {
            tried += check_targets(&text, &change, &mut random, TARGETS);
        }
    }
    counts.iter().for_each(|(what, count)| println!("{count:6} {what}"));
    println!("{tried} pairs");
}

/// A random edit of the one job of a text.
fn edited(random: &mut Random, text: &str) -> (&'static str, Result<ConfigChange, EditError>) {
    let mut document = Document::new("p.yml", text, &Options::default());
    let name = random.one_of(&["team", "env", "namespace", "zone", "instance", "pod"]).to_string();
    let value = random.one_of(&["core", "a;b", "$x", "shop"]).to_string();
    let stage = if random.one_in(3) { LabelStage::Metric } else { LabelStage::Target };
    let mut selection = Selection::default();
    for _ in 0..random.below(3) {
        let label = random.one_of(&[
            "namespace",
            "team",
            "job",
            "instance",
            "__address__",
            "__meta_kubernetes_namespace",
            "env",
        ]);
        let pattern = random.one_of(&[
            "shop",
            "core",
            "s.*",
            "(shop|core)",
            "10.*",
            ".+",
            "a;b",
            "",
            "[a-s].*p",
            "10\\.0\\.0\\.1:80",
        ]);
        selection.conditions.push((label.to_string(), pattern.to_string()));
    }
    if random.one_in(6) {
        selection.targets.push(random.one_of(&["10.0.0.1:80", "shop", "10.0.0.2:9102"]).to_string());
        selection.jobs.push("a".to_string());
    }
    match random.below(4) {
        0 => ("remove-label", document.remove_label(&RemoveLabel { name, selection, stage, ..RemoveLabel::default() })),
        1 => {
            let selection = Selection::default();
            let new = random.one_of(&["group", "zone", "env"]).to_string();
            ("rename-label", document.rename_label(&RenameLabel { old: name, new, selection, stage }))
        }
        _ => {
            let overwrite = random.one_in(3);
            (
                "add-label",
                document.add_label(&AddLabel { name, value, selection, stage, overwrite, ..AddLabel::default() }),
            )
        }
    }
}
