//! What the operator refuses, with the place in the object.

use crate::input::operator::{Assumption, OperatorObjects, RenderOptions, render};
use crate::text::Sources;
use crate::yaml::Tree;

const SERVER: &str = "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: p}\nspec: {serviceMonitorSelector: {}, podMonitorSelector: {}, probeSelector: {}, scrapeConfigSelector: {}}\n";

/// What is said of the only object beside the Prometheus, with the text at its place.
fn refused(text: &str) -> Option<(String, String)> {
    let mut objects = OperatorObjects::default();
    objects.add(&Tree::parse(text), Sources::new().add("a.yml", text));
    let rendering = render(&objects, &RenderOptions::default()).remove(0);
    let refused = rendering.rejected.into_iter().chain(rendering.error).next()?;
    Some((refused.error, text[refused.at.span.range()].to_string()))
}

fn object(kind: &str, spec: &str, server: &str) -> String {
    let version = if kind == "ScrapeConfig" { "v1alpha1" } else { "v1" };
    format!(
        "{server}---\napiVersion: monitoring.coreos.com/{version}\nkind: {kind}\nmetadata: {{name: a}}\nspec: {spec}\n"
    )
}

fn check(kind: &str, spec: &str, message: &str, at: &str) {
    let expected = (!message.is_empty()).then(|| (message.to_string(), at.to_string()));
    assert_eq!(refused(&object(kind, spec, SERVER)), expected, "{kind} {spec}");
}

fn endpoint(own: &str, message: &str, at: &str) {
    let message = if message.is_empty() { String::new() } else { format!("endpoints[0]: {message}") };
    check("ServiceMonitor", &format!("{{selector: {{}}, endpoints: [{{{own}}}]}}"), &message, at);
}

#[test]
fn rules_have_what_their_actions_ask_for() {
    let rule = |own: &str, message: &str, at: &str| {
        let message = if message.is_empty() { String::new() } else { format!("relabelConfigs: [0]: {message}") };
        endpoint(&format!("relabelings: [{{{own}}}]"), &message, at);
    };
    rule("targetLabel: a-b, replacement: x", "", "");
    rule("targetLabel: '${1}', regex: (.+)", "", "");
    rule("action: Replace", "relabel configuration for Replace action needs targetLabel value", "{action: Replace}");
    rule(
        "action: hashmod, targetLabel: a, modulus: 0",
        "relabel configuration for hashmod requires non-zero modulus",
        "0",
    );
    rule("action: LabelMap, replacement: ''", "\"\" is invalid 'replacement' for LabelMap action", "''");
    let only = "requires only 'regex', and no other fields";
    rule("action: labeldrop, regex: a, sourceLabels: [b]", &format!("labeldrop action {only}"), "[b]");
    rule("action: labeldrop, regex: a, separator: ';', replacement: $1", "", "");
    let only = "requires only 'source_labels' and `target_label`, and no other fields";
    rule("action: KeepEqual, targetLabel: a, regex: b", &format!("KeepEqual action {only}"), "b");
    rule("action: keepequal, targetLabel: a, regex: (.*)", "", "");
    rule("action: lowercase, targetLabel: a, replacement: b", "'replacement' can not be set for lowercase action", "b");
    let regex = "invalid regex ( for relabel configuration: error parsing regexp: missing closing ): `^(?s:()$`";
    rule("targetLabel: a, regex: (", regex, "(");
}

#[test]
fn old_versions_know_fewer_actions_and_names() {
    let old = SERVER.replace("spec: {", "spec: {version: v2.35.0, ");
    let rule = |own: &str| {
        let spec = format!("{{selector: {{}}, podMetricsEndpoints: [{{relabelings: [{{{own}}}]}}]}}");
        refused(&object("PodMonitor", &spec, &old)).map(|(message, _)| message)
    };
    let since = "relabel action is only supported from Prometheus version";
    let at = "endpoint[0]: relabelConfigs: [0]:";
    assert_eq!(rule("action: Lowercase, targetLabel: a"), Some(format!("{at} Lowercase {since} 2.36.0")));
    assert_eq!(rule("action: dropequal, targetLabel: a"), Some(format!("{at} dropequal {since} 2.41.0")));
    assert_eq!(rule("targetLabel: a-b"), Some(format!("{at} \"a-b\" is invalid 'target_label' for replace action")));
    assert_eq!(rule("action: labelmap, replacement: '${1}'"), None);
}

#[test]
fn clients_authenticate_in_one_way_with_fields_that_go_together() {
    let two = "authorization and basicAuth cannot be configured at the same time";
    let basic = "{username: {name: s, key: u}, password: {name: s, key: p}}";
    endpoint(&format!("authorization: {{credentials: {{name: s, key: t}}}}, basicAuth: {basic}"), two, basic);
    let scheme = "authorization: 'authorization' type cannot be set to \"basic\", use \"basicAuth\" instead";
    endpoint("authorization: {type: ' BASIC', credentials: {name: s, key: t}}", scheme, "' BASIC'");
    let both = "tlsConfig: cannot specify both 'certFile' and 'cert'";
    endpoint("tlsConfig: {certFile: /c, cert: {secret: {name: s, key: c}}, keyFile: /k}", both, "/c");
    let lone = "tlsConfig: cannot specify client key without client cert";
    endpoint("tlsConfig: {keyFile: /k}", lone, "/k");
    let order = "tlsConfig: maxVersion must more than or equal to minVersion";
    endpoint("tlsConfig: {minVersion: TLS13, maxVersion: TLS12}", order, "TLS12");
    endpoint("noProxy: x", "if noProxy is configured, proxyUrl must also be configured", "x");
    let name = "basicAuth: failed to get basic auth username: unable to get secret \"\": secrets \"\" not found";
    endpoint("basicAuth: {username: {key: u}, password: {name: s, key: p}}", name, "{key: u}");
}

#[test]
fn timeouts_are_at_most_the_interval_of_the_object_or_the_prometheus() {
    endpoint("scrapeTimeout: 31s", "scrapeTimeout \"31s\" greater than scrapeInterval \"30s\"", "31s");
    endpoint("scrapeTimeout: 31s, interval: 1m", "", "");
    endpoint("interval: 1s", "", "");
    endpoint("scrapeTimeout: 1ms, interval: 0s", "scrapeTimeout \"1ms\" greater than scrapeInterval \"0s\"", "1ms");
}

#[test]
fn files_of_the_prometheus_can_be_denied() {
    let denied = SERVER.replace("spec: {", "spec: {arbitraryFSAccessThroughSMs: {deny: true}, ");
    let spec = "{selector: {}, endpoints: [{}, {tlsConfig: {caFile: /ca}}]}";
    let (message, at) = refused(&object("ServiceMonitor", spec, &denied)).unwrap();
    let words = "it accesses file system via tls config which Prometheus specification prohibits";
    assert_eq!((message, at.as_str()), (format!("endpoints[1]: {words}"), "/ca"));
}

#[test]
fn keys_that_a_secret_in_the_input_does_not_have_are_missing() {
    let spec = "{selector: {}, podMetricsEndpoints: [{basicAuth: {username: {name: s, key: u}, password: {name: s, key: p}}}]}";
    let secret = |data: &str| format!("---\napiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\n{data}\n");
    let text = object("PodMonitor", spec, SERVER);
    assert_eq!(refused(&text), None);
    assert_eq!(refused(&format!("{text}{}", secret("stringData: {u: x}\ndata: {p: eA==}"))), None);
    let (message, at) = refused(&format!("{text}{}", secret("stringData: {u: x}"))).unwrap();
    let words = "endpoint[0]: basicAuth: failed to get basic auth password: key \"p\" in secret \"s\" not found";
    assert_eq!((message.as_str(), at.as_str()), (words, "{name: s, key: p}"));
    let mut objects = OperatorObjects::default();
    objects.add(&Tree::parse(text.as_str()), Sources::new().add("a.yml", text.as_str()));
    let assumed = &render(&objects, &RenderOptions::default())[0].assumed;
    assert!(matches!(&assumed[..], [Assumption::Key { key, .. }, _] if key == "p"), "{assumed:?}");
}

#[test]
fn a_certificate_in_the_input_is_a_block() {
    let spec =
        "{prober: {url: b}, targets: {staticConfig: {static: [x]}}, tlsConfig: {ca: {configMap: {name: c, key: ca}}}}";
    let map = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {ca: none}\n";
    let (message, _) = refused(&format!("{}{map}", object("Probe", spec, SERVER))).unwrap();
    assert_eq!(message, "tlsConfig: failed to decode CA certificate");
}

#[test]
fn probes_have_targets_and_a_prober_without_scheme_and_path() {
    let none = "at least one of .spec.targets.staticConfig and .spec.targets.ingress is required";
    check("Probe", "{prober: {url: b}, targets: {}}", none, "{}");
    let targets = "targets: {staticConfig: {static: [x]}}";
    let form = "url specified in proberSpec is invalid, it should be of the format `hostname` or `hostname:port`";
    let url = format!("\"b:9115/probe\" {form}: invalid port: \"9115/probe\"");
    check("Probe", &format!("{{prober: {{url: 'b:9115/probe'}}, {targets}}}"), &url, "'b:9115/probe'");
    check(
        "Probe",
        &format!("{{prober: {{url: b}}, scrapeClass: x, {targets}}}"),
        "scrapeClassName: scrapeClass \"x\" not found in Prometheus scrapeClasses",
        "x",
    );
}

#[test]
fn mechanisms_have_what_they_need() {
    let own = |spec: &str, message: &str, at: &str| check("ScrapeConfig", &format!("{{{spec}}}"), message, at);
    own(
        "kubernetesSDConfigs: [{role: Pod, selectors: [{role: Service}]}]",
        "kubernetesSDConfigs: [0] : Pod role supports only pod selectors",
        "Service",
    );
    own(
        "kubernetesSDConfigs: [{role: Pod, selectors: [{role: Pod, label: 'a b'}]}]",
        "kubernetesSDConfigs: [0]: unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
        "'a b'",
    );
    own(
        "kubernetesSDConfigs: [{role: Pod, apiServer: 'http://k', namespaces: {ownNamespace: true}}]",
        "kubernetesSDConfigs: [0]: cannot use 'apiServer' and 'namespaces.ownNamespace' simultaneously",
        "true",
    );
    own("dnsSDConfigs: [{names: [a], type: A}]", "dnsSDConfigs: [0]: port required for record type \"A\"", "A");
    own("dnsSDConfigs: [{names: [a], type: SRV}]", "", "");
    own(
        "kumaSDConfigs: [{server: 'http:///x'}]",
        "kumaSDConfigs: [0]: must not be empty and have a scheme: http:///x",
        "'http:///x'",
    );
    own(
        "azureSDConfigs: [{subscriptionID: s, clientID: c}]",
        "azureSDConfigs: [0]: configuration requires a tenantID",
        "{subscriptionID: s, clientID: c}",
    );
    own("staticConfigs: [{targets: [a], labels: {'': b}}]", "staticConfigs: [0]: invalid label \"\"", "''");
}

#[test]
fn an_old_version_refuses_every_scrape_config_for_mechanisms_that_it_does_not_know() {
    let old = SERVER.replace("spec: {", "spec: {version: v2.36.0, ");
    let (message, _) = refused(&object("ScrapeConfig", "{staticConfigs: [{targets: [a]}]}", &old)).unwrap();
    let words = "OVHCloudSDConfigs: OVHCloud SD configuration is only supported for Prometheus version >= 2.40.0";
    assert_eq!(message, words);
}

#[test]
fn what_is_wrong_with_the_prometheus_stops_everybody() {
    let server = |spec: &str| refused(&SERVER.replace("spec: {", &format!("spec: {{{spec}, "))).unwrap();
    let (message, at) = server("scrapeClasses: [{name: a, default: true}, {name: b, default: true}]");
    let words = "failed to parse scrape classes: multiple default scrape classes defined";
    assert_eq!((message.as_str(), at.as_str()), (words, "true"));
    let (message, at) = server("scrapeClasses: [{name: a, relabelings: [{action: hashmod, targetLabel: x}]}]");
    let words = "failed to parse scrape classes: invalid relabelings for scrapeClass a: [0]: relabel configuration for hashmod requires non-zero modulus";
    assert_eq!((message.as_str(), at.as_str()), (words, "{action: hashmod, targetLabel: x}"));
    let (message, at) = server("scrapeTimeout: 2m");
    let words = "generating config failed: scrapeTimeout \"2m\" greater than scrapeInterval \"30s\"";
    assert_eq!((message.as_str(), at.as_str()), (words, "2m"));
    let (message, _) = server("alerting: {alertmanagers: [{name: a, port: w, relabelings: [{action: replace}]}]}");
    let words =
        "alertmanager 0: invalid relabelings: [0]: relabel configuration for replace action needs targetLabel value";
    assert_eq!(message, words);
    let (message, _) = server("remoteWrite: [{url: 'http://w', sigv4: {}, azureAd: {sdk: {}}}]");
    let only = "can't be set at the same time, at most one of them must be defined";
    assert_eq!(message, format!("remoteWrite[0]: \"azureAd\" and \"sigv4\" {only}"));
    let (message, _) = server("otlp: {ignoreResourceAttributes: [a]}");
    let words = "generating config failed: failed to generate OTLP configuration: 'ignoreResourceAttributes' can only be set when 'promoteAllResourceAttributes' is true";
    assert_eq!(message, words);
}
