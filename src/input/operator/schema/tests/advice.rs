use super::super::advice::KeyFault;
use super::{Kind, admitted};

/// What is said of the first dropped key: its fault, the help, the effect.
fn said(kind: Kind, spec: &str) -> (KeyFault, Option<String>, Option<&'static str>) {
    let pruned = admitted(kind, spec).pruned;
    let advice = pruned[0].advice.clone().expect("is among the first");
    (advice.fault, advice.help(), advice.effect)
}

fn of_rule(rule: &str) -> (KeyFault, Option<String>, Option<&'static str>) {
    said(Kind::ServiceMonitor, &format!("{{selector: {{}}, endpoints: [{{port: a, relabelings: [{rule}]}}]}}"))
}

fn effect(rule: &str) -> &'static str {
    of_rule(rule).2.unwrap_or("")
}

#[test]
fn a_name_of_a_prometheus_config_is_translated() {
    let (fault, help, _) = of_rule("{source_labels: [a], targetLabel: b}");
    assert_eq!((fault, help.as_deref()), (KeyFault::OfPrometheus, Some("write `sourceLabels`")));
    let endpoint = |key: &str| said(Kind::ServiceMonitor, &format!("{{selector: {{}}, endpoints: [{{{key}: a}}]}}")).1;
    assert_eq!(endpoint("metrics_path").as_deref(), Some("write `path`"));
    assert_eq!(endpoint("relabel_configs").as_deref(), Some("write `relabelings`"));
    assert_eq!(endpoint("bearer_token_file").as_deref(), Some("write `bearerTokenFile`"));
    assert_eq!(said(Kind::ScrapeConfig, "{http_sd_configs: []}").1.as_deref(), Some("write `httpSDConfigs`"));
}

#[test]
fn a_name_of_victoriametrics_is_translated() {
    let (fault, help, _) = said(Kind::PodMonitor, "{selector: {}, podMetricsEndpoints: [{metricRelabelConfigs: []}]}");
    assert_eq!((fault, help.as_deref()), (KeyFault::OfVictoriaMetrics, Some("write `metricRelabelings`")));
    let (fault, help, _) = said(Kind::Probe, "{targets: {staticConfig: {relabelConfigs: []}}}");
    assert_eq!((fault, help.as_deref()), (KeyFault::OfVictoriaMetrics, Some("write `relabelingConfigs`")));
}

#[test]
fn a_name_of_another_kind_is_translated() {
    let (fault, help, _) = said(Kind::PodMonitor, "{selector: {}, endpoints: []}");
    assert_eq!((fault, help.as_deref()), (KeyFault::OfOtherKind, Some("write `podMetricsEndpoints`")));
    let (fault, help, _) = said(Kind::Probe, "{targets: {staticConfig: {relabelings: []}}}");
    assert_eq!((fault, help.as_deref()), (KeyFault::OfOtherKind, Some("write `relabelingConfigs`")));
}

#[test]
fn a_misspelt_name_has_the_nearest_one() {
    let (fault, help, _) = of_rule("{replacment: a, targetLabel: b}");
    assert_eq!((fault, help.as_deref()), (KeyFault::Misspelt, Some("did you mean `replacement`?")));
    let (fault, help, _) = said(Kind::ScrapeConfig, "{scrapeClassName: a}");
    assert_eq!((fault, help.as_deref()), (KeyFault::Misspelt, Some("did you mean `scrapeClass`?")));
    assert_eq!(of_rule("{zzz: a, targetLabel: b, sourceLabels: [a]}"), (KeyFault::Unknown, None, None));
}

#[test]
fn a_key_of_another_part_has_its_place() {
    let help = |kind, spec| {
        let (fault, help, _) = said(kind, spec);
        (fault, help.unwrap_or_default())
    };
    let moved = |to: &str| (KeyFault::Misplaced, format!("move the key to `{to}`"));
    // One level down, one level up, and beside the object.
    assert_eq!(
        help(Kind::ServiceMonitor, "{selector: {}, endpoints: [], relabelings: []}"),
        moved("spec.endpoints[].relabelings")
    );
    assert_eq!(help(Kind::ServiceMonitor, "{selector: {}, endpoints: [{sampleLimit: 1}]}"), moved("spec.sampleLimit"));
    assert_eq!(help(Kind::ServiceMonitor, "{selector: {}, endpoints: [], labels: {}}"), moved("metadata.labels"));
    // Many parts have one.
    assert_eq!(help(Kind::ServiceMonitor, "{selector: {}, endpoints: [], key: a}").0, KeyFault::Unknown);
    assert_eq!(
        help(Kind::ServiceMonitor, "{selector: {honorLabels: true}, endpoints: []}"),
        moved("spec.endpoints[].honorLabels")
    );
    assert_eq!(help(Kind::Probe, "{static: [a]}"), moved("spec.targets.staticConfig.static"));
}

#[test]
fn a_file_has_the_field_of_a_secret() {
    let (fault, help, _) = said(Kind::ScrapeConfig, "{tlsConfig: {ca_file: /ca}}");
    assert_eq!((fault, help.as_deref()), (KeyFault::NamesFile, Some("use `ca`")));
}

#[test]
fn a_rule_that_lost_its_sources_does_something_else() {
    assert_eq!(
        effect("{source_labels: [a], targetLabel: b}"),
        "the rule has no source labels, so it deletes its target label"
    );
    assert_eq!(
        effect("{source_labels: [a], targetLabel: b, regex: '(.*);(.*)'}"),
        "the rule has no source labels, so its regex never matches"
    );
    assert_eq!(
        effect("{source_labels: [a], targetLabel: b, replacement: 'x$1'}"),
        "the rule has no source labels, so it sets its target label on all targets"
    );
    assert_eq!(
        effect("{source_labels: [a], targetLabel: b, replacement: '${1}$2'}"),
        effect("{source_labels: [a], targetLabel: b}")
    );
    assert_eq!(
        effect("{source_labels: [a], action: keep, regex: x}"),
        "the rule has no source labels, so it drops everything"
    );
    assert_eq!(
        effect("{source_labels: [a], action: Drop, regex: x}"),
        "the rule has no source labels, so it drops nothing"
    );
}

#[test]
fn a_rule_that_lost_another_key_does_something_else() {
    assert_eq!(
        effect("{sourceLabels: [a], target_label: b}"),
        "the rule has no target label, so the operator skips the whole object"
    );
    assert_eq!(effect("{regexp: a, action: labeldrop}"), "the rule has no regex, so it removes all labels");
    assert_eq!(effect("{sourceLabels: [a], regexp: a, action: keep}"), "the rule has no regex, so it keeps everything");
    assert_eq!(
        effect("{sourceLabels: [a], targetLabel: b, replacment: c}"),
        "the rule has no replacement, so it writes what the first group of its regex matches"
    );
    assert_eq!(effect("{sourceLabels: [a], targetLabel: b, comment: c}"), "");
    assert_eq!(effect("{sourceLabels: [a], SourceLabels: [a], targetLabel: b}"), "");
}

#[test]
fn an_object_that_lost_a_key_selects_something_else() {
    assert_eq!(
        said(Kind::ServiceMonitor, "{selector: {match_labels: {a: b}}, endpoints: []}").2,
        Some("the selector is empty, so it selects all objects")
    );
    assert_eq!(
        said(Kind::ServiceMonitor, "{selector: {match_labels: {}, matchLabels: {a: b}}, endpoints: []}").2,
        None
    );
    assert_eq!(
        said(Kind::PodMonitor, "{selector: {}, namespaceSelector: {matchLabels: {a: b}}}").2,
        Some("the selector is empty, so only the namespace of the object is searched")
    );
    assert_eq!(
        said(Kind::ServiceMonitor, "{selector: {}, endpoints: [{por: web}]}").2,
        Some("the endpoint names no port, so all ports are scraped")
    );
    assert_eq!(said(Kind::ServiceMonitor, "{selector: {}, endpoints: [{pathh: web}]}").2, None);
}
