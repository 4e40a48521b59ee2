//! Configs written in all styles that YAML allows: targets are added, removed and moved, and nothing else changes.

use std::collections::BTreeMap;
use std::sync::Mutex;

use proptest::collection::vec;
use proptest::prelude::*;

use super::target_edits::{added, jobs, moved, removed};
use super::wild::Writer;

#[test]
fn whatever_the_style_targets_are_added_removed_and_moved_and_nothing_else_changes() {
    let outcomes: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(300);
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(choices in vec(any::<u8>(), 0..160), with_label in any::<bool>())| {
        let text = Writer::text(&choices);
        let jobs = jobs("wild.yml", &text);
        let labels: &[(&str, &str)] = if with_label { &[("env", "prod")] } else { &[] };
        for (index, (job, addresses)) in jobs.iter().enumerate() {
            let mut all = vec![("add", added("wild.yml", &text, job, labels))];
            for address in addresses {
                all.push(("remove", removed("wild.yml", &text, job, address)));
                let (to, _) = &jobs[(index + 1) % jobs.len()];
                if to != job {
                    all.push(("move", moved("wild.yml", &text, [job, to], address)));
                }
            }
            for (what, outcome) in all {
                let outcome = outcome.map_err(|fault| TestCaseError::fail(format!("{what} {job}: {fault}\n{text}")))?;
                *outcomes.lock().unwrap().entry(format!("{what}: {outcome}")).or_default() += 1;
            }
        }
    });
    let outcomes = outcomes.into_inner().unwrap();
    println!("{outcomes:#?}");
    for what in ["add", "remove", "move"] {
        let of_kind = || outcomes.iter().filter(|(outcome, _)| outcome.starts_with(&format!("{what}: ")));
        let all: usize = of_kind().map(|(_, count)| count).sum();
        let done: usize = of_kind().filter(|(outcome, _)| !outcome.contains("refused")).map(|(_, count)| count).sum();
        assert!(done * 10 >= all * 8, "{what}: {done} of {all} were made: {outcomes:#?}");
    }
}
