//! A list of rules in YAML, an empty line, then labels as `name=value` lines.

use promcfg::config::read_rules;
use promcfg::relabel::{LabelBuilder, LineRelabeler, NameScheme, RuleSpec, Verdict};
use promcfg::{Chain, Diagnostic, Labels, Sources};

pub(crate) fn check(bytes: &[u8]) {
    let Ok(input) = std::str::from_utf8(bytes) else { return };
    let (text, lines) = input.split_once("\n\n").unwrap_or((input, ""));
    let scheme = if lines.starts_with('=') { NameScheme::Legacy } else { NameScheme::Utf8 };
    let mut sources = Sources::new();
    let file = sources.add("rules.yml", text);
    let (rules, diagnostics) = read_rules(&mut sources, file, scheme);
    if diagnostics.iter().any(Diagnostic::is_error) {
        return;
    }
    let specs: Vec<RuleSpec> = rules.iter().map(|rule| rule.spec.clone()).collect();
    let chain = Chain::new(&specs, scheme).expect("rules without a fault compile");
    let labels: Labels = lines.lines().filter_map(|line| line.split_once('=')).collect();
    let Ok(result) = chain.apply(&labels) else { return };

    let mut set = LabelBuilder::new();
    for _ in 0..2 {
        set.load_base(&labels);
        let verdict = chain.run(&mut set).expect("ran before");
        assert_eq!((verdict == Verdict::Kept).then(|| set.to_labels()), result, "the same rules on the same labels");
        assert!(set.iter().map(|(name, _)| name.to_string()).is_sorted());
    }
    let mut steps = Vec::new();
    set.load_base(&labels);
    let verdict = chain.run_traced(&mut set, &mut steps).expect("ran before");
    assert_eq!((verdict == Verdict::Kept).then(|| set.to_labels()), result, "traced and not");
    replay(&labels, &steps, &set.to_labels());

    let line = serde_json::to_string(&labels).expect("labels are strings");
    let mut out = String::new();
    LineRelabeler::new(&chain).relabel(line.as_bytes(), &mut out).expect("ran before");
    let expected =
        result.map_or(String::new(), |labels| serde_json::to_string(&labels).expect("labels are strings") + "\n");
    assert_eq!(out, expected, "as a line");
}

/// The changes that the steps tell lead from the labels before to those after.
fn replay(before: &Labels, steps: &[promcfg::relabel::Step], after: &Labels) {
    let mut labels = before.clone();
    for change in steps.iter().flat_map(|step| &step.changes) {
        assert_eq!(labels.get(&change.label), change.before.as_deref().unwrap_or(""), "{change:?}");
        labels.set(change.label.as_str(), change.after.as_deref().unwrap_or(""));
    }
    assert_eq!(labels, *after, "the changes told");
}
