//! Fields, metrics and the layout of real configs: each job of each is edited, and another YAML reader compares.

use std::collections::BTreeMap;

use promcfg::{Document, Options};

use super::corpus::{corpus, texts};
use super::fields::set_and_back;
use super::format::format_twice;
use super::metrics::filtered;

#[test]
fn fields_metrics_and_layout_of_real_configs_change_as_asked_and_nothing_else() {
    let (mut counts, mut faults) = (BTreeMap::<String, usize>::new(), Vec::new());
    let mut note = |kind: &str, place: &str, outcome: Result<String, String>| {
        let outcome = outcome.unwrap_or_else(|fault| {
            faults.push(format!("{place}: {kind}: {fault}"));
            "FAULT".to_string()
        });
        let outcome = if outcome.starts_with("not possible") { "not possible".to_string() } else { outcome };
        *counts.entry(format!("{kind}: {outcome}")).or_default() += 1;
    };
    for folder in ["prometheus", "configmap"] {
        for (name, text) in texts(&corpus().join(folder)) {
            let document = Document::new(&name, text.as_str(), &Options::default());
            let mut names: Vec<String> = document.jobs().iter().map(|job| job.job_name.value.clone()).collect();
            note("fmt", &name, format_twice(&name, &text));
            let all = names.len();
            names.sort();
            names.dedup();
            // Jobs with the same name in several configs of a file are selected together.
            if names.len() != all {
                continue;
            }
            // Of many jobs the first ones are enough.
            for job in names.iter().take(3) {
                let place = format!("{name}, job {job}");
                note("set", &place, set_and_back(&name, &text, job));
                note("drop-metric, keep-metric", &place, filtered(&name, &text, job));
            }
        }
    }
    counts.iter().for_each(|(what, count)| println!("{count:5} {what}"));
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
