mod advice;
mod answers;
mod facts;
mod hostile;

use super::super::kind::Kind;
use super::super::value::{Data, Value};
use super::{Admitted, admit};
use crate::text::{Location, Sources};
use crate::yaml::Tree;

/// The value of a text.
fn value(text: &str) -> Value {
    let tree = Tree::parse(text);
    let file = Sources::new().add("object.yml", text);
    Value::of_node(tree.root().expect("has a root"), file, 0).expect("is JSON")
}

/// What becomes of an object of that spec.
fn admitted(kind: Kind, spec: &str) -> Admitted {
    admit(kind, value(&of_spec(kind, spec)))
}

/// An object of that spec.
fn of_spec(kind: Kind, spec: &str) -> String {
    format!("{{apiVersion: {}, kind: {}, metadata: {{name: web}}, spec: {spec}}}", kind.api_version(), kind.name())
}

/// The errors of an object of that spec.
fn errors(kind: Kind, spec: &str) -> Vec<String> {
    admitted(kind, spec).errors.iter().map(ToString::to_string).collect()
}

/// The keys that it loses.
fn pruned(kind: Kind, spec: &str) -> Vec<String> {
    admitted(kind, spec).pruned.into_iter().map(|pruned| pruned.path).collect()
}

/// The text at a place.
fn at(text: &str, at: Location) -> &str {
    &text[at.span.start as usize..at.span.end as usize]
}

#[test]
fn a_sound_object_gets_defaults_and_loses_nothing() {
    let spec = "{selector: {}, endpoints: [{port: web, relabelings: [{sourceLabels: [a], targetLabel: b}], \
                basicAuth: {username: {key: u}}}]}";
    let admitted = admitted(Kind::ServiceMonitor, spec);
    assert!(admitted.pruned.is_empty() && admitted.errors.is_empty());
    let endpoint = &admitted.value.at_path(&["spec", "endpoints"]).expect("is kept").items()[0];
    assert_eq!(endpoint.get("relabelings").expect("is kept").items()[0].text("action"), "replace");
    let name = endpoint.at_path(&["basicAuth", "username"]).and_then(|key| key.entry("name")).expect("is filled in");
    assert_eq!(name.value.data, Data::Text(String::new()));
}

#[test]
fn a_number_is_filled_in_as_a_number() {
    let server = admitted(Kind::Prometheus, "{}").value;
    let spec = server.get("spec").expect("is kept");
    assert_eq!(spec.get("shards").and_then(Value::as_int), Some(1));
    assert_eq!((spec.text("scrapeInterval"), spec.text("portName")), ("30s", "web"));
}

#[test]
fn a_null_is_dropped_or_replaced_by_the_default() {
    let spec = "{selector: {matchLabels: {a: null, b: c}}, endpoints: [{port: null, relabelings: [{action: null, regex: null}]}]}";
    let admitted = admitted(Kind::ServiceMonitor, spec);
    assert!(admitted.pruned.is_empty() && admitted.errors.is_empty());
    let spec = admitted.value.get("spec").expect("is kept");
    assert_eq!(spec.at_path(&["selector", "matchLabels"]).expect("is kept").entries().len(), 1);
    let endpoint = &spec.get("endpoints").expect("is kept").items()[0];
    assert!(endpoint.entry("port").is_none());
    let rule = &endpoint.get("relabelings").expect("is kept").items()[0];
    assert_eq!((rule.text("action"), rule.entry("regex")), ("replace", None));
}

#[test]
fn a_null_in_a_list_is_an_error() {
    assert_eq!(
        errors(Kind::ServiceMonitor, "{selector: {}, endpoints: [null]}"),
        ["spec.endpoints[0]: Invalid value: \"null\": spec.endpoints[0] in body must be of type object: \"null\""]
    );
}

#[test]
fn unknown_keys_are_dropped_at_every_level_but_not_where_nobody_looks() {
    let spec = "{selector: {matchLabel: {a: b}}, endpoint: [], endpoints: [{relabelings: [{target_label: a}]}]}";
    assert_eq!(
        pruned(Kind::ServiceMonitor, spec),
        ["spec.selector.matchLabel", "spec.endpoint", "spec.endpoints[0].relabelings[0].target_label"]
    );
    assert!(pruned(Kind::Prometheus, "{containers: [{name: a, anything: [{b: c}]}]}").is_empty());
    assert!(pruned(Kind::ServiceMonitor, "{selector: [{a: b}], endpoints: []}").is_empty());
}

#[test]
fn a_file_is_known_in_the_tls_of_a_service_monitor_only() {
    let tls = "tlsConfig: {caFile: /ca}";
    assert!(pruned(Kind::ServiceMonitor, &format!("{{selector: {{}}, endpoints: [{{{tls}}}]}}")).is_empty());
    assert_eq!(pruned(Kind::ScrapeConfig, &format!("{{{tls}}}")), ["spec.tlsConfig.caFile"]);
}

#[test]
fn what_is_required_must_be_there() {
    assert_eq!(errors(Kind::ServiceMonitor, "{}"), ["spec.endpoints: Required value", "spec.selector: Required value"]);
    assert!(errors(Kind::PodMonitor, "{selector: {}}").is_empty());
    let text = "{metadata: {name: a}}";
    let admitted = admit(Kind::Probe, value(text));
    assert_eq!(admitted.errors[0].to_string(), "spec: Required value");
    assert_eq!(at(text, admitted.errors[0].at), "metadata");
}

#[test]
fn types_are_those_of_json() {
    let spec = "{selector: {}, endpoints: [{port: 8080, targetPort: true, honorLabels: 'yes', params: {a: b}, \
                relabelings: [{modulus: 1.5, sourceLabels: a}]}]}";
    let of = |path: &str, wanted: &str, given: &str| {
        let path = format!("spec.endpoints[0].{path}");
        format!("{path}: Invalid value: {path} in body must be of type {wanted}: \"{given}\"")
    };
    assert_eq!(
        errors(Kind::ServiceMonitor, spec),
        [
            of("port", "string", "integer"),
            of("targetPort", "integer,string", "boolean"),
            of("honorLabels", "boolean", "string"),
            of("params.a", "array", "string"),
            of("relabelings[0].modulus", "integer", "number"),
            of("relabelings[0].sourceLabels", "array", "string"),
        ]
    );
    assert!(
        errors(Kind::ServiceMonitor, "{selector: {}, endpoints: [{targetPort: 8080}, {targetPort: web}]}").is_empty()
    );
}

#[test]
fn values_are_checked_against_choices_patterns_and_limits() {
    let spec =
        "{bodySizeLimit: '10', sampleLimit: -1, selector: {}, podMetricsEndpoints: [{portNumber: 70000, scheme: ftp}]}";
    assert_eq!(
        errors(Kind::PodMonitor, spec),
        [
            "spec.bodySizeLimit: Invalid value: \"10\": should match '(^0|([0-9]*[.])?[0-9]+((K|M|G|T|E|P)i?)?B)$'",
            "spec.sampleLimit: Invalid value: -1: should be greater than or equal to 0",
            "spec.podMetricsEndpoints[0].portNumber: Invalid value: 70000: should be less than or equal to 65535",
            "spec.podMetricsEndpoints[0].scheme: Unsupported value: \"ftp\": supported values: \"http\", \"https\", \"HTTP\", \"HTTPS\"",
        ]
    );
    assert!(errors(Kind::PodMonitor, "{bodySizeLimit: 10MB, sampleLimit: 0, selector: {}}").is_empty());
}

#[test]
fn an_empty_interval_passes_and_an_empty_url_does_not() {
    assert!(errors(Kind::ServiceMonitor, "{selector: {}, endpoints: [{interval: ''}]}").is_empty());
    assert_eq!(
        errors(Kind::Probe, "{prober: {url: ''}}"),
        ["spec.prober.url: Invalid value: should be at least 1 chars long"]
    );
}

#[test]
fn lists_may_need_an_item_and_may_not_repeat_one() {
    assert_eq!(
        errors(Kind::ScrapeConfig, "{relabelings: [], staticConfigs: [{targets: [a, b, a, a, b]}]}"),
        [
            "spec.relabelings: Invalid value: should have at least 1 items",
            "spec.staticConfigs[0].targets[2]: Duplicate value: \"a\"",
            "spec.staticConfigs[0].targets[4]: Duplicate value: \"b\"",
        ]
    );
    assert_eq!(
        errors(Kind::Prometheus, "{scrapeClasses: [{name: a}, {name: b}, {name: a, default: true}]}"),
        ["spec.scrapeClasses[2]: Duplicate value: {\"name\":\"a\"}"]
    );
}

#[test]
fn checks_across_fields_follow_the_fields() {
    assert_eq!(
        errors(Kind::ScrapeConfig, "{basicAuth: {}, oauth2: null, authorization: {}}"),
        ["spec: Invalid value: at most one of basicAuth, authorization, or oauth2 can be configured"]
    );
    assert!(errors(Kind::ScrapeConfig, "{basicAuth: {}, oauth2: null}").is_empty());
    assert_eq!(
        errors(Kind::PrometheusAgent, "{mode: DaemonSet, shards: 2, probeSelector: {}}"),
        [
            "spec: Invalid value: shards cannot be greater than 1 when mode is DaemonSet",
            "spec: Invalid value: probeSelector cannot be set when mode is DaemonSet",
        ]
    );
    assert!(errors(Kind::PrometheusAgent, "{mode: DaemonSet, shards: 1, podMonitorSelector: {}}").is_empty());
    let zones = |shards: u8| {
        format!("{{shards: {shards}, shardingStrategy: {{mode: Topology, topology: {{values: [a, b]}}}}}}")
    };
    assert_eq!(errors(Kind::Prometheus, &zones(1)).len(), 1);
    assert!(errors(Kind::Prometheus, &zones(2)).is_empty());
    assert_eq!(
        errors(Kind::Prometheus, "{shardingStrategy: {topology: {values: []}}}"),
        ["spec.shardingStrategy: Invalid value: topology can only be defined when mode is set to 'Topology'"]
    );
}

#[test]
fn a_kind_is_served_in_one_version() {
    let of = |version: &str| {
        let text = format!("{{apiVersion: {version}, kind: ScrapeConfig, metadata: {{name: a}}, spec: {{}}}}");
        admit(Kind::ScrapeConfig, value(&text)).errors.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert!(of("monitoring.coreos.com/v1alpha1").is_empty());
    assert_eq!(
        of("monitoring.coreos.com/v1"),
        ["apiVersion: no matches for kind \"ScrapeConfig\" in version \"monitoring.coreos.com/v1\""]
    );
}

#[test]
fn the_name_of_an_object_is_a_subdomain() {
    let of = |metadata: &str| {
        let object = value(&format!("{{metadata: {metadata}, spec: {{selector: {{}}}}}}"));
        admit(Kind::PodMonitor, object).errors.into_iter().map(|error| error.path).collect::<Vec<_>>()
    };
    assert!(of("{name: a.b-c}").is_empty() && of("{generateName: a-}").is_empty());
    for bad in ["{}", "null", "{name: ''}", "{name: A}", "{name: a_b}", "{name: a..b}", "{name: -a}"] {
        assert_eq!(of(bad), ["metadata.name"], "{bad}");
    }
    assert_eq!(of("{name: a, labels: {a/b: 'x', c: -}}"), ["metadata.labels"]);
    assert_eq!(of("{name: a, labels: {'a b': x}}"), ["metadata.labels"]);
    assert!(of("{name: a, labels: {a.b/c_d: X.1, e: ''}}").is_empty());
}

#[test]
fn an_error_with_a_remedy_has_it() {
    let of = |kind, spec: &str| {
        let error = admitted(kind, spec).errors.into_iter().next().expect("is refused");
        error.help.unwrap_or_default()
    };
    let endpoint = |fields: &str| of(Kind::ServiceMonitor, &format!("{{selector: {{}}, endpoints: [{{{fields}}}]}}"));
    assert_eq!(endpoint("port: 8080"), "`port` is the name of a port; write `targetPort: 8080`");
    assert_eq!(endpoint("port: [a]"), "");
    assert_eq!(endpoint("path: 1"), "put the value in quotes");
    assert_eq!(endpoint("interval: 30"), "write a text with a unit, such as `30s`");
    assert_eq!(endpoint("interval: '30'"), "add a unit, such as `30s`");
    assert_eq!(endpoint("interval: 1m 30s"), "write a number with a unit, such as `30s`");
    assert_eq!(endpoint("honorLabels: 'true'"), "write `true` without quotes");
    assert_eq!(endpoint("params: {a: b}"), "write a list");
    assert_eq!(endpoint("relabelings: [{action: KEEP}]"), "did you mean `keep`?");
    assert_eq!(endpoint("relabelings: [{modulus: '8'}]"), "write the number without quotes");
    assert_eq!(endpoint("proxyUrl: proxy"), "");
    assert_eq!(
        of(Kind::PodMonitor, "{selector: {}, podMetricsEndpoints: [{port: 80}]}"),
        "`port` is the name of a port; write `portNumber: 80`"
    );
    assert_eq!(of(Kind::ScrapeConfig, "{kubernetesSDConfigs: [{role: pod}]}"), "did you mean `Pod`?");
}

#[test]
fn errors_are_at_their_values_and_missing_ones_at_the_name_of_the_object() {
    let text =
        of_spec(Kind::ServiceMonitor, "{selector: {matchExpressions: [{operator: In}]}, endpoints: [{port: 80}]}");
    let errors = admit(Kind::ServiceMonitor, value(&text)).errors;
    let places: Vec<&str> = errors.iter().map(|error| at(&text, error.at)).collect();
    assert_eq!(places, ["operator", "80"]);
    let text = of_spec(Kind::ServiceMonitor, "{selector: {}}");
    let errors = admit(Kind::ServiceMonitor, value(&text)).errors;
    assert_eq!(at(&text, errors[0].at), "spec");
}
