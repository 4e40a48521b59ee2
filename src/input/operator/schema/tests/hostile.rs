use super::super::super::kind::Kind;
use super::{admit, admitted, errors, of_spec, value};

#[test]
fn very_many_unknown_keys_are_dropped_and_the_first_listed() {
    let keys: String = (0..100_000).map(|index| format!("unknown{index}: 1, ")).collect();
    let admitted = admitted(Kind::ServiceMonitor, &format!("{{{keys} selector: {{}}, endpoints: []}}"));
    assert_eq!(admitted.value.get("spec").expect("is kept").entries().len(), 2);
    assert!(admitted.pruned.len() > 1_000 && admitted.unlisted > 1_000);
    assert_eq!(admitted.pruned.len() + admitted.unlisted, 100_000);
    assert!(admitted.errors.is_empty());
}

#[test]
fn a_long_key_with_many_faults_is_not_repeated_without_end() {
    let values = "1, ".repeat(50_000);
    let spec = format!("{{selector: {{}}, endpoints: [{{params: {{{}: [{values}]}}}}]}}", "k".repeat(1_000));
    let admitted = admitted(Kind::ServiceMonitor, &spec);
    let texts: usize = admitted.errors.iter().map(|error| error.path.len() + error.message.len()).sum();
    assert!(texts < 2 << 20, "{texts}");
    assert!(!admitted.errors.is_empty() && admitted.unlisted > 40_000);
}

#[test]
fn an_error_is_never_lost_to_dropped_keys() {
    let keys: String = (0..100_000).map(|index| format!("unknown{index}: 1, ")).collect();
    assert_eq!(errors(Kind::ServiceMonitor, &format!("{{{keys} selector: {{}}}}")), ["spec.endpoints: Required value"]);
}

#[test]
fn a_large_set_is_searched_in_one_pass() {
    let targets: String = (0..100_000).map(|index| format!("a{index}, ")).collect();
    assert_eq!(
        errors(Kind::ScrapeConfig, &format!("{{staticConfigs: [{{targets: [{targets} a7]}}]}}")),
        ["spec.staticConfigs[0].targets[100000]: Duplicate value: \"a7\""]
    );
}

#[test]
fn deep_values_pass_where_nobody_looks_and_end_at_the_first_wrong_type_elsewhere() {
    let deep = format!("{}{}", "[".repeat(150), "]".repeat(150));
    assert!(errors(Kind::Prometheus, &format!("{{affinity: {{a: {deep}}}}}")).is_empty());
    let text = of_spec(Kind::ServiceMonitor, &format!("{{selector: {{}}, endpoints: [{deep}]}}"));
    assert_eq!(admit(Kind::ServiceMonitor, value(&text)).errors.len(), 1);
}
