//! What an edit says of all targets holds for each: for random chains and targets, and for the chains of real
//! configs, by simulating the old and the new config.
//!
//! `PROMCFG_CLAIM_PAIRS=200000 cargo test --release --test tests -- edit::claims` tries more, with other ones by
//! `PROMCFG_CLAIM_SEED`.

mod check;
mod grades;
pub(super) mod random;

use std::collections::BTreeMap;

use promcfg::edit::{
    AddLabel, ConfigChange, CopiedValue, CopyLabel, EditError, FilterLabels, Grade, LabelFilter, LabelStage,
    LetterCase, MapLabels, RemoveLabel, RenameLabel, Selection,
};
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

/// A random label to be copied.
fn copied(random: &mut Random, name: String, selection: Selection, stage: LabelStage) -> CopyLabel {
    const SOURCES: [&str; 8] =
        ["namespace", "team", "job", "instance", "__address__", "__meta_kubernetes_namespace", "env", "__name__"];
    let name = if random.one_in(8) { "__address__".to_string() } else { name };
    let from: Vec<&str> = (0..1 + random.below(2)).map(|_| random.one_of(&SOURCES)).collect();
    let mut value = CopiedValue::of(from);
    if random.one_in(2) {
        value.regex = Some(
            random.one_of(&["(.+)", "(.*)", "^s(.*)$", "(a|core)", "([^:]*):.*", "(.*);(.*)", "(te)?(am)?"]).into(),
        );
        value.replacement = random.one_of(&["$1", "x-$1", "core"]).into();
    }
    if random.one_in(4) {
        value.separator = random.one_of(&["/", ".", "@"]).into();
    }
    if random.one_in(6) && value.regex.is_none() {
        value.case = Some(if random.one_in(2) { LetterCase::Upper } else { LetterCase::Lower });
    }
    CopyLabel { name, value, selection, stage, overwrite: random.one_in(3), ..CopyLabel::default() }
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
    match random.below(9) {
        0 => ("remove-label", document.remove_label(&RemoveLabel { name, selection, stage, ..RemoveLabel::default() })),
        1 => {
            let selection = Selection::default();
            let new = random.one_of(&["group", "zone", "env"]).to_string();
            ("rename-label", document.rename_label(&RenameLabel { old: name, new, selection, stage }))
        }
        6 | 7 => {
            let filter = if random.one_in(2) { LabelFilter::Keep } else { LabelFilter::Drop };
            let names =
                (0..1 + random.below(2)).map(|_| random.one_of(&["team", "env", "zone", "pod"]).to_string()).collect();
            let selection = Selection::default();
            ("filter-labels", document.filter_labels(&FilterLabels { filter, names, selection, stage }))
        }
        8 => {
            let prefix =
                random.one_of(&["__meta_kubernetes_pod_label_", "__meta_kubernetes_pod_", "__meta_ec2_tag_", "te"]);
            let to = random.one_of(&["", "k8s_", "te"]).to_string();
            let (prefix, overwrite) = (prefix.to_string(), random.one_in(2));
            ("map-labels", document.map_labels(&MapLabels { prefix, to, overwrite, ..MapLabels::default() }))
        }
        2 | 3 => {
            let request = copied(random, name, selection, stage);
            ("copy-label", document.copy_label(&request))
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
