//! Which objects a Prometheus picks, and what is said of the others.

use crate::input::operator::{Assumption, OperatorObjects, Reason, RenderOptions, Rendering, render};
use crate::text::Sources;
use crate::yaml::Tree;

fn rendering(spec: &str, rest: &str) -> (String, Rendering) {
    let head = "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: p, namespace: own}\nspec: ";
    let text = format!("{head}{spec}\n{rest}");
    let mut objects = OperatorObjects::default();
    objects.add(&Tree::parse(text.as_str()), Sources::new().add("a.yml", text.as_str()));
    let rendering = render(&objects, &RenderOptions::default()).remove(0);
    (text, rendering)
}

fn monitor(namespace: &str, labels: &str) -> String {
    format!(
        "---\napiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {{name: m, namespace: {namespace}, labels: {labels}}}\nspec: {{selector: {{}}, podMetricsEndpoints: [{{}}]}}\n"
    )
}

/// Why the monitor is not picked, with the text at the place.
fn reason(spec: &str, rest: &str) -> Option<(Reason, String)> {
    let (text, rendering) = rendering(spec, rest);
    let other = rendering.not_selected.into_iter().next()?;
    Some((other.reason, text[other.at.span.range()].to_string()))
}

#[test]
fn without_a_selector_nothing_is_picked_and_an_empty_one_picks_all() {
    let picks_all = "{podMonitorSelector: {}}";
    assert_eq!(reason(picks_all, &monitor("own", "{a: b}")), None);
    let none = Reason::NoSelector { selector: "podMonitorSelector" };
    assert_eq!(reason("{probeSelector: {}}", &monitor("own", "{a: b}")), Some((none.clone(), "m".to_string())));
    assert_eq!(reason("{probeSelector: {}, podMonitorSelector: null}", &monitor("own", "{}")).unwrap().0, none);
}

#[test]
fn the_first_label_that_differs_is_named_with_what_is_wanted_and_found() {
    let labels = |spec: &str, labels: &str| match reason(spec, &monitor("own", labels)) {
        Some((Reason::Labels { difference, .. }, at)) => {
            (difference.label, difference.wanted, difference.found.unwrap_or_default(), at)
        }
        other => panic!("{other:?}"),
    };
    let text = |parts: (String, String, String, String)| format!("{} {} {} {}", parts.0, parts.1, parts.2, parts.3);
    let spec = "{podMonitorSelector: {matchLabels: {release: prom, app: x}}}";
    assert_eq!(text(labels(spec, "{app: x, release: kps}")), "release prom kps kps");
    assert_eq!(text(labels(spec, "{app: x}")), "release prom  m");
    let several = "{podMonitorSelector: {matchExpressions: [{key: a, operator: In, values: [v, z]}]}}";
    assert_eq!(text(labels(several, "{a: x}")), "a one of v, z x x");
    let absent = "{podMonitorSelector: {matchExpressions: [{key: a, operator: DoesNotExist}]}}";
    assert_eq!(text(labels(absent, "{a: x}")), "a absent x x");
    let other = "{podMonitorSelector: {matchExpressions: [{key: a, operator: NotIn, values: [x]}]}}";
    assert_eq!(text(labels(other, "{a: x}")), "a not x x x");
    assert_eq!(reason(other, &monitor("own", "{}")), None);
}

#[test]
fn without_a_selector_only_the_own_namespace_is_looked_at() {
    let field = "podMonitorNamespaceSelector";
    let other = reason("{podMonitorSelector: {}}", &monitor("x", "{}"));
    assert_eq!(other.unwrap().0, Reason::Namespace { selector: field, difference: None });
    assert_eq!(reason("{podMonitorSelector: {}, podMonitorNamespaceSelector: {}}", &monitor("x", "{}")), None);
    let by_name =
        "{podMonitorSelector: {}, podMonitorNamespaceSelector: {matchLabels: {kubernetes.io/metadata.name: x}}}";
    assert_eq!(reason(by_name, &monitor("x", "{}")), None);
    let Some((Reason::Namespace { difference: Some(difference), .. }, _)) = reason(by_name, &monitor("z", "{}")) else {
        panic!("is selected")
    };
    assert_eq!((difference.wanted.as_str(), difference.found.as_deref()), ("x", Some("z")));
}

#[test]
fn a_namespace_without_its_object_is_taken_as_selected() {
    let spec = "{podMonitorSelector: {}, podMonitorNamespaceSelector: {matchLabels: {team: a}}}";
    let (_, assumed) = rendering(spec, &monitor("x", "{}"));
    let namespace = Assumption::Namespace { namespace: "x".to_string(), selector: "podMonitorNamespaceSelector" };
    assert_eq!((assumed.not_selected.len(), assumed.assumed), (0, vec![namespace]));
    let object =
        |team: &str| format!("---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: x, labels: {{team: {team}}}}}\n");
    let (_, known) = rendering(spec, &format!("{}{}", monitor("x", "{}"), object("a")));
    assert_eq!((known.not_selected.len(), known.assumed.len()), (0, 0));
    let (_, other) = rendering(spec, &format!("{}{}", monitor("x", "{}"), object("b")));
    assert!(matches!(&other.not_selected[0].reason, Reason::Namespace { difference: Some(difference), .. }
        if difference.found.as_deref() == Some("b")));
}

#[test]
fn a_prometheus_without_any_selector_is_left_to_others() {
    let (_, rendering) = rendering("{replicas: 1}", &monitor("own", "{}"));
    assert!(rendering.unmanaged && rendering.config.is_none() && rendering.error.is_none());
}

#[test]
fn a_selector_that_is_not_valid_stops_everybody() {
    let spec = "{podMonitorSelector: {matchExpressions: [{key: a, operator: in, values: [b]}]}}";
    let (text, rendering) = rendering(spec, &monitor("own", "{}"));
    let error = rendering.error.unwrap();
    assert_eq!(error.error, "selecting PodMonitors failed: \"in\" is not a valid label selector operator");
    assert_eq!(&text[error.at.span.range()], "{key: a, operator: in, values: [b]}");
}
