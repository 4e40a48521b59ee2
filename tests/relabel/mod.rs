//! What rules do to labels: examples with literal results, and the compiled chain compared with a plain peer.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod examples;

use std::cell::RefCell;

use crate::peer::{Peer, PeerSet};
use examples::EXAMPLES;
use promcfg::config::read_rules;
use promcfg::relabel::NameScheme::{self, Legacy, Utf8};
use promcfg::relabel::{Action, LabelBuilder, LineRelabeler, Relabeler, RuleSpec, Step, Verdict, check_rule};
use promcfg::{Chain, Labels, Sources};
use proptest::prelude::*;
use proptest::sample::select;

fn specs(text: &str, scheme: NameScheme) -> Vec<RuleSpec> {
    let mut sources = Sources::new();
    let file = sources.add("rules.yml", text);
    let (rules, faults) = read_rules(&mut sources, file, scheme);
    assert!(!faults.iter().any(promcfg::Diagnostic::is_error), "{text}: {faults:?}");
    rules.into_iter().map(|rule| rule.spec).collect()
}

#[test]
fn examples_give_what_prometheus_gives() {
    for (scheme, text, before, after) in EXAMPLES {
        let specs = specs(text, *scheme);
        let before: Labels = before.iter().copied().collect();
        let chain = Chain::new(&specs, *scheme).unwrap();
        let expected = after.map(|after| after.iter().copied().collect::<Labels>());
        assert_eq!(chain.apply(&before).unwrap(), expected, "{text}");
        let mut set = PeerSet::from_base(&before);
        let kept = Peer::new(&specs, *scheme).run(&mut set).is_none();
        assert_eq!(kept.then(|| set.result().into_iter().collect::<Labels>()), expected, "{text} (peer)");
    }
}

#[test]
fn hostile_patterns_run_on_a_small_stack() {
    let work = || {
        let deep = format!("{}a{}", "(".repeat(998), ")".repeat(998));
        for (pattern, value) in [(deep.as_str(), "a"), ("\\pL{1000}", &*"é".repeat(1000)), ("(.*)*(.*)*(.*)*", "x")] {
            let rule = |action| RuleSpec {
                source_labels: (action == Action::Replace).then(|| vec!["v".to_string()]),
                regex: Some(pattern.to_string()),
                target_label: if action == Action::Replace { "t".to_string() } else { String::new() },
                action: Some(action),
                ..RuleSpec::default()
            };
            let chain = Chain::new(&[rule(Action::Replace), rule(Action::LabelMap)], Utf8).unwrap();
            let labels: Labels = [("v", value)].into_iter().collect();
            let mut steps = Vec::new();
            let mut set = LabelBuilder::from_base(&labels);
            assert_eq!(chain.run_traced(&mut set, &mut steps), Ok(Verdict::Kept));
            assert!(steps[0].matched, "{pattern}");
            assert_eq!(chain.apply(&labels).unwrap().unwrap(), set.to_labels());
        }
    };
    std::thread::Builder::new().stack_size(512 << 10).spawn(work).unwrap().join().unwrap();
}

const NAMES: &[&str] = &["a", "b", "c", "aa", "ab", "__meta_a", "__meta_b", "__tmp", "Z", "_", "é", "a-b", "n1", "x"];
const VALUES: &[&str] =
    &["", "a", "b", "ab", "a;b", "b;", "1", "x-y", "A", "prod", "é", "a\nb", "\"\\", "host:80", "ßİ"];
const PATTERNS: &[&str] = &[
    "(.*)",
    ".*",
    ".+",
    "(.+)",
    "",
    "a",
    "a|b",
    "a|ab|c",
    "(a|b)",
    "a.*",
    "a(.*)",
    "(a)(.*)",
    ".*b",
    "(.*)b",
    "(.+)(b)",
    "__meta_(.+)",
    "(.*);(.*)",
    "([^;]*);?(.*)",
    "(?i)a",
    "(?i)(a|b)",
    "[ab]+",
    "(?P<x>.)(?P<y>.*)",
    "(?P<x>a)|(?P<x>.+)",
    "(a)?b?",
    "zz)|(?:a",
    "a)|(b",
    "b)|(?:",
    "(?:)*)|(.",
    "\\w+",
    "(.*):\\d+",
    ".*a.*",
    "(.+b.*)",
    ".*;.+",
    ".+a.+",
    "(?-s)(.*)",
    "^(.*)$",
    "(|a)b|.*",
    ".",
    "((.*))",
    "((a)b)",
    "x?",
    "(?U)(.*)(.*)",
];
const TEMPLATES: &[&str] = &[
    "$1",
    "${1}",
    "$0",
    "x",
    "a",
    "",
    "$2",
    "${1}_x",
    "$1_x",
    "$$",
    "$",
    "${",
    "$x",
    "${y}$x",
    "$1$2",
    "p_$1",
    "$1-$0",
    "b",
    "__meta_$1",
    "é$1",
    "${1}${1}",
    "$11",
    "$01",
];

fn owned(text: &str) -> String {
    text.to_string()
}

fn any_rule() -> impl Strategy<Value = RuleSpec> {
    let source = prop::option::of(prop::collection::vec(select(NAMES).prop_map(owned), 0..4));
    let separator = prop_oneof![3 => Just(";".to_string()), 1 => select(&["", "-", ";;", "é"][..]).prop_map(owned)];
    let regex = prop::option::weighted(0.8, select(PATTERNS).prop_map(owned));
    let target = prop_oneof![3 => select(NAMES).prop_map(owned), 2 => select(TEMPLATES).prop_map(owned)];
    let replacement = prop_oneof![1 => Just("$1".to_string()), 2 => select(TEMPLATES).prop_map(owned)];
    let modulus = select(&[0, 1, 2, 3, 10, u64::MAX][..]);
    (source, separator, regex, target, replacement, modulus, select(&Action::ALL[..])).prop_map(
        |(source_labels, separator, regex, target_label, replacement, modulus, action)| {
            let mut rule =
                RuleSpec { source_labels, separator, regex, modulus, target_label, replacement, action: Some(action) };
            // What these actions do not take would only make the rule invalid.
            if matches!(action, Action::LabelDrop | Action::LabelKeep) {
                rule = RuleSpec { regex: rule.regex, action: rule.action, ..RuleSpec::default() };
            } else if matches!(action, Action::KeepEqual | Action::DropEqual) {
                let RuleSpec { source_labels, target_label, action, .. } = rule;
                rule = RuleSpec { source_labels, target_label, action, ..RuleSpec::default() };
            } else if matches!(action, Action::Lowercase | Action::Uppercase) {
                rule.replacement = "$1".to_string();
            }
            rule
        },
    )
}

fn any_labels() -> impl Strategy<Value = Vec<(String, String)>> {
    let labels = prop::collection::vec((select(NAMES).prop_map(owned), select(VALUES).prop_map(owned)), 0..9);
    labels.prop_map(|mut labels: Vec<(String, String)>| {
        let mut seen = Vec::new();
        labels.retain(|(name, _)| {
            !seen.contains(name) && {
                seen.push(name.clone());
                true
            }
        });
        labels
    })
}

fn pairs(labels: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    labels.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}

/// The labels after the changes that the steps tell, each of which must fit what was there.
fn replayed(labels: &[(String, String)], steps: &[Step]) -> Labels {
    let mut labels: Labels = pairs(labels).collect();
    for change in steps.iter().flat_map(|step| &step.changes) {
        assert_eq!(labels.get(&change.label), change.before.as_deref().unwrap_or(""), "{change:?}");
        assert_ne!(change.before, change.after);
        labels.set(change.label.as_str(), change.after.as_deref().unwrap_or(""));
    }
    labels
}

/// Runs a chain in every way there is, and compares each with the peer.
fn agrees(
    specs: &[RuleSpec],
    scheme: NameScheme,
    labels: &[(String, String)],
    is_target: bool,
    set: &mut LabelBuilder,
) {
    let chain = Chain::new(specs, scheme).unwrap();
    let mut peer_set = if is_target { PeerSet::from_added(pairs(labels)) } else { PeerSet::from_base(pairs(labels)) };
    let verdict = match Peer::new(specs, scheme).run(&mut peer_set) {
        Some(rule) => Verdict::Dropped { rule },
        None => Verdict::Kept,
    };
    let expected = peer_set.result();
    let load =
        |set: &mut LabelBuilder| if is_target { set.load_added(pairs(labels)) } else { set.load_base(pairs(labels)) };
    let result = |set: &mut LabelBuilder| {
        set.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect::<Vec<_>>()
    };
    // Twice: the second time with what was learnt about the names.
    for _ in 0..2 {
        load(set);
        assert_eq!(chain.run(set), Ok(verdict));
        assert_eq!(result(set), expected);
        for (name, value) in &expected {
            assert_eq!(set.get(name), value);
        }
    }
    load(set);
    let mut steps = Vec::new();
    assert_eq!(chain.run_traced(set, &mut steps), Ok(verdict));
    assert_eq!(result(set), expected);
    assert_eq!(replayed(labels, &steps), expected.iter().cloned().collect());
    let last = match verdict {
        Verdict::Kept => specs.len(),
        Verdict::Dropped { rule } => rule + 1,
    };
    assert!(steps.iter().map(|step| step.rule).eq(0..last));
    assert!(steps.iter().map(|step| step.dropped).eq((0..last).map(|rule| verdict == Verdict::Dropped { rule })));
    let kept = if verdict == Verdict::Kept { &expected[..] } else { &[] };
    sets_agree(&chain, labels, kept, is_target);
    if !is_target {
        lines_agree(&chain, labels, &expected, verdict);
    }
}

/// Lines of the same names, so that what was learnt from the first ones is used for the last.
fn lines_agree(chain: &Chain, labels: &[(String, String)], expected: &[(String, String)], verdict: Verdict) {
    let object = |value: &dyn Fn(&str) -> String| {
        let labels = labels.iter().map(|(name, text)| (name.clone(), value(text).into()));
        serde_json::Value::Object(labels.collect()).to_string()
    };
    let (line, other) = (object(&str::to_string), object(&|text| format!("{text}x")));
    let mut relabeler = LineRelabeler::new(chain);
    for _ in 0..4 {
        let (mut out, mut bytes) = (String::new(), Vec::new());
        assert_eq!(relabeler.relabel(line.as_bytes(), &mut out), Ok(Some(verdict)));
        assert_eq!(relabeler.relabel_into(line.as_bytes(), &mut bytes), Ok(Some(verdict)));
        assert_eq!(out.as_bytes(), bytes);
        if verdict == Verdict::Kept {
            let read: Vec<(String, String)> = serde_json::from_str::<Pairs>(&out).unwrap().0;
            assert_eq!(read, expected);
        } else {
            assert_eq!(out, "");
        }
        relabeler.relabel_into(other.as_bytes(), &mut bytes).unwrap();
    }
}

/// Names and values in the order they are written.
struct Pairs(Vec<(String, String)>);

impl<'de> serde::Deserialize<'de> for Pairs {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Pairs;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

/// The same for sets in memory.
fn sets_agree(chain: &Chain, labels: &[(String, String)], expected: &[(String, String)], is_target: bool) {
    let labels: Vec<(&str, &str)> = pairs(labels).collect();
    let others: Vec<(&str, &str)> = labels.iter().map(|(name, _)| (*name, "x-1")).collect();
    let mut relabeler = if is_target { Relabeler::of_targets(chain) } else { Relabeler::of_samples(chain) };
    for _ in 0..4 {
        let relabeled = relabeler.relabel(&labels).unwrap().into_iter().flatten();
        assert!(relabeled.eq(expected.iter().map(|(name, value)| (name.as_str(), value.as_str()))));
        relabeler.relabel(&others).unwrap();
    }
}

thread_local! {
    /// One set for all cases, so that nothing of one may show in another.
    static SET: RefCell<LabelBuilder> = RefCell::new(LabelBuilder::new());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn the_chain_does_what_the_peer_does(
        rules in prop::collection::vec(any_rule(), 0..8),
        labels in any_labels(),
        is_target in any::<bool>(),
        is_legacy in prop::bool::weighted(0.2),
    ) {
        let scheme = if is_legacy { Legacy } else { Utf8 };
        let rules: Vec<RuleSpec> = rules.into_iter().filter(|rule| check_rule(rule, scheme).is_ok()).collect();
        SET.with_borrow_mut(|set| agrees(&rules, scheme, &labels, is_target, set));
    }

    #[test]
    fn a_chain_is_taken_exactly_when_all_its_rules_are(rules in prop::collection::vec(any_rule(), 0..5), is_legacy in any::<bool>()) {
        let scheme = if is_legacy { Legacy } else { Utf8 };
        let faulty = rules.iter().position(|rule| check_rule(rule, scheme).is_err());
        prop_assert_eq!(Chain::new(&rules, scheme).err().map(|error| error.rule), faulty);
    }
}
