//! Configs whose parts are shared by anchors, aliases and merge keys, alone and in Secrets and ConfigMaps: what undoes a
//! command gives the old bytes, and on copies the old meaning.

use std::collections::BTreeMap;

use base64::Engine;
use promcfg::edit::{
    AddLabel, AddTarget, Allowances, ConfigChange, CopyJob, EditError, Method, RemoveJob, RemoveLabel, RemoveTarget,
    RenameJob, RenameLabel, Selection, SetFields, ThroughAnchor,
};
use promcfg::{Document, Options};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::wild_shared::{Seen, text_of};

type Step = fn(&mut Document<'_>, &[String]) -> Result<ConfigChange, EditError>;

/// A command and what undoes it.
struct Pair {
    name: &'static str,
    make: Step,
    undo: Step,
    /// Whether it is about one job.
    is_of_one: bool,
}

fn of(jobs: &[String]) -> Selection {
    Selection { jobs: jobs.to_vec(), ..Selection::default() }
}

fn add_label(document: &mut Document<'_>, jobs: &[String], method: Method) -> Result<ConfigChange, EditError> {
    let (name, value) = ("promcfg_env".to_string(), "prod".to_string());
    document.add_label(&AddLabel { name, value, method, selection: of(jobs), ..AddLabel::default() })
}

fn remove_label(document: &mut Document<'_>, jobs: &[String]) -> Result<ConfigChange, EditError> {
    document.remove_label(&RemoveLabel {
        name: "promcfg_env".to_string(),
        selection: of(jobs),
        ..RemoveLabel::default()
    })
}

fn rename_label(document: &mut Document<'_>, jobs: &[String], old: &str, new: &str) -> Result<ConfigChange, EditError> {
    let (old, new) = (old.to_string(), new.to_string());
    document.rename_label(&RenameLabel { old, new, selection: of(jobs), ..RenameLabel::default() })
}

fn set(
    document: &mut Document<'_>,
    jobs: &[String],
    set: &[(&str, &str)],
    unset: &[&str],
) -> Result<ConfigChange, EditError> {
    let set = set.iter().map(|(path, value)| ((*path).to_string(), (*value).to_string())).collect();
    let unset = unset.iter().map(|path| (*path).to_string()).collect();
    document.set_fields(&SetFields { set, unset, jobs: Some(of(jobs)), ..SetFields::default() })
}

fn rename_job(document: &mut Document<'_>, old: &str, new: &str) -> Result<ConfigChange, EditError> {
    document.rename_job(&RenameJob { old: old.to_string(), new: new.to_string(), keep_label: false })
}

const PAIRS: [Pair; 8] = [
    Pair {
        name: "add-label by a rule",
        make: |document, jobs| add_label(document, jobs, Method::Relabel),
        undo: remove_label,
        is_of_one: false,
    },
    Pair {
        name: "add-label to groups",
        make: |document, jobs| add_label(document, jobs, Method::Static),
        undo: remove_label,
        is_of_one: false,
    },
    Pair {
        name: "rename-label",
        make: |document, jobs| rename_label(document, jobs, "zone", "promcfg_zone"),
        undo: |document, jobs| rename_label(document, jobs, "promcfg_zone", "zone"),
        is_of_one: false,
    },
    Pair {
        name: "add-target",
        make: |document, jobs| {
            let targets = vec!["new:1".to_string()];
            document.add_target(&AddTarget { targets, labels: Vec::new(), selection: of(jobs) })
        },
        undo: |document, jobs| {
            let selection = Selection { targets: vec!["new:1".to_string()], ..of(jobs) };
            document.remove_target(&RemoveTarget { selection, ..RemoveTarget::default() })
        },
        is_of_one: false,
    },
    Pair {
        name: "set",
        make: |document, jobs| set(document, jobs, &[("sample_limit", "5")], &[]),
        undo: |document, jobs| set(document, jobs, &[], &["sample_limit"]),
        is_of_one: false,
    },
    Pair {
        name: "set below",
        make: |document, jobs| set(document, jobs, &[("params.promcfg", "[x]")], &[]),
        undo: |document, jobs| set(document, jobs, &[], &["params.promcfg"]),
        is_of_one: false,
    },
    Pair {
        name: "rename-job",
        make: |document, jobs| rename_job(document, &jobs[0], "promcfg"),
        undo: |document, jobs| rename_job(document, "promcfg", &jobs[0]),
        is_of_one: true,
    },
    Pair {
        name: "copy-job",
        make: |document, jobs| document.copy_job(&CopyJob { old: jobs[0].clone(), new: "promcfg".to_string() }),
        undo: |document, _| document.remove_job(&RemoveJob { jobs: vec!["promcfg".to_string()] }),
        is_of_one: true,
    },
];

/// What a config is written in.
#[derive(Clone, Copy, Debug)]
enum Wrapping {
    Plain,
    ConfigMap,
    Secret,
    Encoded,
}

impl Wrapping {
    fn wrapped(self, text: &str) -> String {
        let manifest = |kind: &str, field: &str| {
            let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
            let lines: Vec<String> =
                text.lines().map(|line| if line.is_empty() { String::new() } else { format!("    {line}") }).collect();
            let head = ["apiVersion: v1", kind, "metadata: {name: p}", field, "  prometheus.yml: |"].join(end);
            format!("{head}{end}{}{end}", lines.join(end))
        };
        match self {
            Self::Plain => text.to_string(),
            Self::ConfigMap => manifest("kind: ConfigMap", "data:"),
            Self::Secret => manifest("kind: Secret", "stringData:"),
            Self::Encoded => {
                let encoded = base64::engine::general_purpose::STANDARD.encode(text);
                format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: p}}\ndata:\n  prometheus.yml: {encoded}\n")
            }
        }
    }

    /// The config in a manifest, as another reader has it.
    fn seen(self, text: &str) -> Option<Seen> {
        let field = match self {
            Self::Plain => return Seen::of(text),
            Self::ConfigMap | Self::Encoded => "data",
            Self::Secret => "stringData",
        };
        let manifest: serde_yaml::Value = serde_yaml::from_str(text).ok()?;
        let inner = manifest.get(field)?.get("prometheus.yml")?.as_str()?;
        match self {
            Self::Encoded => {
                let bytes = base64::engine::general_purpose::STANDARD.decode(inner).ok()?;
                Seen::of(&String::from_utf8(bytes).ok()?)
            }
            Self::Plain | Self::ConfigMap | Self::Secret => Seen::of(inner),
        }
    }
}

/// The new text; `None` if nothing changes, `Err` with the reason of a refusal.
fn made(text: &str, way: ThroughAnchor, jobs: &[String], step: Step) -> Result<Option<String>, String> {
    let mut document = Document::new("p.yml", text, &Options::default());
    document.allow(Allowances { through_anchor: way, ..Allowances::default() });
    let reason = |error: EditError| match error {
        EditError::Refused(refusals) => {
            refusals.first().map_or(String::new(), |refusal| format!("{}: {}", refusal.id, refusal.message))
        }
        other => other.to_string(),
    };
    let change = step(&mut document, jobs).map_err(reason)?;
    Ok(change.files.first().map(promcfg::edit::FileChange::after))
}

fn tried(
    text: &str,
    wrapping: Wrapping,
    pair: &Pair,
    way: ThroughAnchor,
    jobs: &[String],
) -> Result<&'static str, String> {
    let Ok(after) = made(text, way, jobs, pair.make) else { return Ok("refused") };
    let Some(after) = after else { return Ok("nothing to do") };
    let undone = match made(&after, way, jobs, pair.undo) {
        Ok(Some(undone)) => undone,
        Ok(None) => return Err(format!("undo has nothing to do\n{after}")),
        Err(reason) => return Err(format!("undo is refused: {reason}\n{after}")),
    };
    if way == ThroughAnchor::Expand {
        if wrapping.seen(&undone) != wrapping.seen(text) {
            return Err(format!("undone, the config means something else\n{after}\n--- undone\n{undone}"));
        }
        // From now on there are copies of what is edited.
        let again = made(&undone, way, jobs, pair.make);
        return match again {
            Ok(Some(again)) if again == after => Ok("done"),
            other => Err(format!("made again: {other:?}\n--- undone\n{undone}\n--- instead of\n{after}")),
        };
    }
    if undone == text { Ok("done") } else { Err(format!("{after}\n--- undone\n{undone}")) }
}

#[test]
fn what_undoes_an_edit_of_shared_parts_gives_the_old_config() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(50);
    let mut runner = TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() });
    let choices = vec(any::<u8>(), 0..200);
    let (mut outcomes, mut faults) = (BTreeMap::<String, usize>::new(), BTreeMap::<String, String>::new());
    for case in 0..cases {
        let plain = text_of(&choices.new_tree(&mut runner).expect("is a tree").current());
        let document = Document::new("p.yml", plain.as_str(), &Options::default());
        if document.diagnostics().iter().any(promcfg::Diagnostic::is_error) {
            continue;
        }
        let wrappings = [Wrapping::Plain, Wrapping::ConfigMap, Wrapping::Secret, Wrapping::Encoded];
        let wrapping = wrappings[case as usize % wrappings.len()];
        let text = wrapping.wrapped(&plain);
        let jobs: Vec<String> = document.jobs().iter().map(|job| job.job_name.value.clone()).collect();
        let selections = jobs.iter().map(|job| vec![job.clone()]).chain([jobs.clone()]);
        for selected in selections {
            for pair in PAIRS.iter().filter(|pair| !pair.is_of_one || selected.len() == 1) {
                for way in [ThroughAnchor::Refuse, ThroughAnchor::Change, ThroughAnchor::Expand] {
                    let name = format!("{way:?} {}", pair.name);
                    match tried(&text, wrapping, pair, way, &selected) {
                        Ok(outcome) => *outcomes.entry(format!("{name}: {outcome}")).or_default() += 1,
                        Err(fault) => {
                            let words = format!("{selected:?} {wrapping:?}\n{fault}\n--- of\n{text}");
                            let known = faults.entry(name).or_insert_with(|| words.clone());
                            if words.len() < known.len() {
                                *known = words;
                            }
                        }
                    }
                }
            }
        }
    }
    println!("{outcomes:#?}");
    let words: Vec<String> = faults.iter().map(|(name, fault)| format!("##### {name}: {fault}")).collect();
    assert!(words.is_empty(), "{} faults:\n{}", words.len(), words.join("\n"));
    for way in ["Change", "Expand"] {
        let is_done = |name: &String| name.starts_with(way) && name.ends_with("done");
        assert!(outcomes.keys().filter(|name| is_done(name)).count() >= PAIRS.len() - 1, "{outcomes:#?}");
    }
}
