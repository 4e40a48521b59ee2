//! A list of rules in YAML, an empty line, then labels as `name=value` lines.

#![no_main]

use libfuzzer_sys::fuzz_target;
use promcfg::{Chain, Labels, NameScheme, RuleSpec, Sources, read_rules};

fuzz_target!(|input: &str| {
    let (text, lines) = input.split_once("\n\n").unwrap_or((input, ""));
    let mut sources = Sources::new();
    let file = sources.add("rules.yml", text);
    let (rules, diagnostics) = read_rules(&mut sources, file, NameScheme::Utf8);
    if diagnostics.iter().any(|diagnostic| diagnostic.is_error()) {
        return;
    }
    let specs: Vec<RuleSpec> = rules.iter().map(|rule| rule.spec.clone()).collect();
    let chain = Chain::new(&specs, NameScheme::Utf8).expect("rules without a fault compile");
    let labels: Labels = lines.lines().filter_map(|line| line.split_once('=')).collect();
    let first = chain.apply(&labels);
    let second = chain.apply(&labels);
    assert_eq!(first.is_ok(), second.is_ok());
    if let (Ok(first), Ok(second)) = (first, second) {
        assert_eq!(first, second, "the same rules on the same labels");
    }
});
