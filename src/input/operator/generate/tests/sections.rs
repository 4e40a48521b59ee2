//! The sections of generated configs: Prometheus reads all that the operator writes, and each part has its place.

use crate::diagnostic::Severity;
use crate::input::operator::{Assumption, OperatorObjects, RenderOptions, Rendering, render};
use crate::options::Options;
use crate::text::{Location, Sources, Span};
use crate::yaml::Tree;

fn rendered(manifest: &str, how: &RenderOptions) -> (Sources, Rendering) {
    let mut sources = Sources::new();
    let file = sources.add("a.yml", manifest);
    let mut objects = OperatorObjects::default();
    objects.add(&Tree::parse(manifest), file);
    let rendering = render(&objects, how).remove(0);
    (sources, rendering)
}

/// The text without quotes, which depend on how scalars are written.
fn unquoted(text: &str) -> String {
    text.replace(['\'', '"'], "")
}

/// The config of a manifest, without quotes; Prometheus takes it.
fn config(manifest: &str) -> String {
    let (mut sources, rendering) = rendered(manifest, &RenderOptions::default());
    let refused: Vec<String> = rendering.error.iter().chain(&rendering.rejected).map(|one| one.error.clone()).collect();
    assert_eq!((refused, rendering.pruned.len()), (Vec::new(), 0), "{:?}", rendering.pruned);
    let (_, diagnostics) = rendering.read(&mut sources, &Options::default()).unwrap();
    let errors: Vec<&str> = diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .map(|found| found.message.as_str())
        .collect();
    let text = rendering.config.unwrap().text().to_string();
    assert!(errors.is_empty(), "{errors:?}\n{text}");
    unquoted(&text)
}

const CLIENT: &str = "followRedirects: true, enableHTTP2: false, proxyUrl: 'http://p', noProxy: x, proxyConnectHeader: {H: [{name: s, key: k}]}, tlsConfig: {ca: {secret: {name: t, key: ca}}, serverName: shop}";
const BASIC: &str = "basicAuth: {username: {name: s, key: u}, password: {name: s, key: p}}";
const OAUTH: &str = "oauth2: {clientId: {secret: {name: s, key: i}}, clientSecret: {name: s, key: c}, tokenUrl: 'http://t', scopes: [a], endpointParams: {a: b}}";
const BEARER: &str = "authorization: {credentials: {name: s, key: t}}";

#[test]
fn prometheus_knows_every_field_of_every_mechanism() {
    let secret = |name: &str| format!("{name}: {{name: s, key: k}}");
    let (access, secret_key) = (secret("accessKey"), secret("secretKey"));
    let mechanisms = [
        "staticConfigs: [{targets: ['a:1'], labels: {b: c, a: d}}, {targets: [e]}]".to_string(),
        "fileSDConfigs: [{files: [a.json], refreshInterval: 1m}]".to_string(),
        format!("httpSDConfigs: [{{url: 'http://h', refreshInterval: 1m, {CLIENT}, {BASIC}}}]"),
        format!(
            "kubernetesSDConfigs: [{{role: EndpointSlice, apiServer: 'https://k', namespaces: {{names: [a], ownNamespace: false}}, selectors: [{{role: Pod, label: a=b, field: c=d}}], attachMetadata: {{node: true}}, {CLIENT}, {OAUTH}}}, {{role: Node, attachMetadata: {{node: true}}}}, {{role: Pod, attachMetadata: {{}}}}]"
        ),
        format!(
            "consulSDConfigs: [{{server: 'c:1', pathPrefix: p, tokenRef: {{name: s, key: t}}, datacenter: d, namespace: shop, partition: x, scheme: HTTPS, services: [a], tags: [b], tagSeparator: ',', nodeMeta: {{b: c, a: d}}, filter: f, healthFilter: g, allowStale: true, refreshInterval: 1m, {CLIENT}}}]"
        ),
        "dnsSDConfigs: [{names: [a], type: A, port: 1, refreshInterval: 1m}, {names: [b]}]".to_string(),
        format!(
            "ec2SDConfigs: [{{region: r, {access}, {secret_key}, roleARN: a, refreshInterval: 1m, port: 1, filters: [{{name: b, values: [x]}}, {{name: a, values: [z]}}], {CLIENT}}}]"
        ),
        "azureSDConfigs: [{environment: AzurePublicCloud, authenticationMethod: OAuth, subscriptionID: s, tenantID: t, clientID: c, clientSecret: {name: s, key: k}, resourceGroup: g, refreshInterval: 1m, port: 1}]".to_string(),
        "gceSDConfigs: [{project: p, zone: z, filter: f, refreshInterval: 1m, port: 1, tagSeparator: ','}]".to_string(),
        format!(
            "openstackSDConfigs: [{{role: Instance, region: r, identityEndpoint: 'http://i', username: u, {}, domainName: d, projectName: p, applicationCredentialName: shop, {}, allTenants: true, refreshInterval: 1m, port: 1, availability: public, tlsConfig: {{serverName: shop}}}}]",
            secret("password"),
            secret("applicationCredentialSecret")
        ),
        format!("digitalOceanSDConfigs: [{{{BEARER}, {CLIENT}, port: 1, refreshInterval: 1m}}]"),
        format!("kumaSDConfigs: [{{server: 'http://k', clientID: c, fetchTimeout: 1m, refreshInterval: 1m, {CLIENT}}}]"),
        format!("eurekaSDConfigs: [{{server: 'http://e', refreshInterval: 1m, {CLIENT}}}]"),
        format!(
            "dockerSDConfigs: [{{host: 'http://d', filters: [{{name: a, values: [b]}}], port: 1, hostNetworkingHost: h, matchFirstNetwork: true, refreshInterval: 1m, {CLIENT}}}]"
        ),
        format!(
            "linodeSDConfigs: [{{{BEARER}, region: r, port: 1, tagSeparator: ',', refreshInterval: 1m, {CLIENT}}}]"
        ),
        format!("hetznerSDConfigs: [{{role: Hcloud, {BEARER}, port: 1, labelSelector: a, refreshInterval: 1m, {CLIENT}}}]"),
        format!(
            "nomadSDConfigs: [{{server: 'http://n', allowStale: true, namespace: shop, region: r, tagSeparator: ',', refreshInterval: 1m, {CLIENT}}}]"
        ),
        format!(
            "dockerSwarmSDConfigs: [{{host: 'http://d', role: Tasks, port: 1, filters: [{{name: a, values: [b]}}], refreshInterval: 1m, {CLIENT}}}]"
        ),
        format!(
            "puppetDBSDConfigs: [{{url: 'http://p', query: q, includeParameters: true, port: 1, refreshInterval: 1m, {CLIENT}}}]"
        ),
        format!(
            "lightSailSDConfigs: [{{region: r, {access}, {secret_key}, roleARN: a, endpoint: e, port: 1, refreshInterval: 1m, {CLIENT}}}]"
        ),
        format!(
            "ovhcloudSDConfigs: [{{applicationKey: a, {}, {}, service: DedicatedServer, endpoint: ovh-eu, refreshInterval: 1m}}]",
            secret("applicationSecret"),
            secret("consumerKey")
        ),
        format!(
            "scalewaySDConfigs: [{{accessKey: SCWABCDEFGHIJKLMNOPQ, {secret_key}, projectID: 11111111-1111-1111-1111-111111111111, role: Baremetal, port: 1, apiURL: 'http://a', zone: fr-par-1, nameFilter: shop, tagsFilter: [t], refreshInterval: 1m, {CLIENT}}}]"
        ),
        format!("ionosSDConfigs: [{{{BEARER}, datacenterID: d, port: 1, refreshInterval: 1m, {CLIENT}}}]"),
    ];
    let head = "apiVersion: monitoring.coreos.com/v1alpha1\nkind: ScrapeConfig\nmetadata: {name: all, namespace: shop}\nspec:\n";
    let lists: String = mechanisms.iter().map(|mechanism| format!("  {mechanism}\n")).collect();
    let text = config(&format!("{head}{lists}"));
    for expected in [
        "  - role: endpointslice\n",
        "    scheme: https\n",
        "  - labels: {}\n",
        "      node: null\n",
        "    service: dedicated_server\n",
        "    - name: a\n      values:\n      - z\n    - name: b\n",
        "    health_filter: g\n",
        "    token: <secret>\n",
        "      ca_file: /etc/prometheus/certs/0_shop_t_ca\n",
        "    proxy_connect_header:\n      H:\n      - <secret>\n",
    ] {
        let in_any_order = expected.replace("  - labels: {}\n", "    labels: {}\n").replace("  - role", "    role");
        assert!(text.contains(expected) || text.contains(&in_any_order), "{expected}\nin\n{text}");
    }
}

#[test]
fn old_versions_get_only_what_they_know() {
    let text = "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: p}\nspec: {version: v2.40.0, scrapeConfigSelector: {}, runtime: {goGC: 50}, remoteWrite: [{url: 'http://w', messageVersion: V2.0, sendNativeHistograms: true, roundRobinDNS: true}]}\n---\napiVersion: monitoring.coreos.com/v1alpha1\nkind: ScrapeConfig\nmetadata: {name: a}\nspec: {ec2SDConfigs: [{region: r, followRedirects: true}], dnsSDConfigs: [{names: [a], type: NS, port: 1}]}\n";
    let (_, rendering) = rendered(text, &RenderOptions::default());
    let text = rendering.config.unwrap().text().to_string();
    for unknown in ["runtime", "protobuf_message", "round_robin_dns", "follow_redirects", "type: NS", "retention"] {
        assert!(!text.contains(unknown), "{unknown} in\n{text}");
    }
    assert!(text.contains("send_native_histograms: true"), "{text}");
}

#[test]
fn prometheus_knows_every_other_section() {
    let text = config(&format!(
        "apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {{name: p, namespace: shop}}
spec:
  serviceMonitorSelector: {{}}
  ruleSelector: {{}}
  replicaExternalLabelName: re.plica
  retention: 2d
  retentionSize: 5GB
  exemplars: {{maxSize: 5}}
  tsdb: {{outOfOrderTimeWindow: 1h, staleSeriesCompactionThreshold: '0.5', chunkEncoding: {{floats: Xor2}}}}
  runtime: {{goGC: 50}}
  otlp: {{promoteAllResourceAttributes: true, ignoreResourceAttributes: [b], translationStrategy: NoTranslation, labelNameUnderscoreSanitization: false}}
  tracingConfig: {{endpoint: 'e:1', clientType: GRPC, samplingFraction: 500m, insecure: true, headers: {{b: c, a: d}}, compression: Gzip, timeout: 5s}}
  alerting:
    alertmanagers:
    - {{name: a, namespace: m, port: web, scheme: HTTPS, pathPrefix: /x, timeout: 5s, apiVersion: V2, relabelings: [{{targetLabel: x, replacement: z}}], alertRelabelings: [{{action: labeldrop, regex: z}}], {BASIC}}}
    - {{name: b, port: 9093, sigv4: {{region: r, accessKey: {{name: s, key: a}}, secretKey: {{name: s, key: b}}, roleArn: a, externalId: e}}}}
  remoteRead:
  - {{url: 'http://r', name: r, remoteTimeout: 5s, readRecent: true, requiredMatchers: {{b: c, a: d}}, filterExternalLabels: true, headers: {{A: b}}, {BASIC}}}
  remoteWrite:
  - url: http://w
    name: w
    messageVersion: V2.0
    headers: {{B: c, A: d}}
    sendExemplars: true
    writeRelabelConfigs: [{{sourceLabels: [a], action: Drop, regex: b}}]
    queueConfig: {{capacity: 1, minShards: 2, maxShards: 3, maxSamplesPerSend: 4, batchSendDeadline: 5s, maxRetries: 6, minBackoff: 7s, maxBackoff: 8s, retryOnRateLimit: true, sampleAgeLimit: 9s}}
    metadataConfig: {{send: true, sendInterval: 1m, maxSamplesPerSend: 5}}
    azureAd: {{cloud: AzurePublic, oauth: {{clientId: 11111111-1111-1111-1111-111111111111, clientSecret: {{name: s, key: k}}, tenantId: 22222222-2222-2222-2222-222222222222}}, scope: s}}
  - {{url: 'http://v', bearerToken: hidden, roundRobinDNS: true, enableHTTP2: false}}
"
    ));
    for expected in [
        "alert_relabel_configs:\n  - action: labeldrop\n    regex: re\\.plica\n",
        "    retention:\n      time: 2d\n      size: 5GB\n",
        "  sampling_fraction: 0.5\n",
        "  protobuf_message: io.prometheus.write.v2.Request\n",
        "    - action: keep\n      source_labels:\n      - __meta_kubernetes_pod_container_port_number\n      regex: 9093\n",
        "  bearer_token: <secret>\n",
        "rule_files: []\n",
        "      floats: xor2\n",
    ] {
        assert!(text.contains(expected), "{expected}\nin\n{text}");
    }
    assert!(!text.contains("hidden") && !text.contains("max_retries"), "{text}");
}

const ADDITIONAL: &str = "\
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: p, namespace: shop}
spec:
  podMonitorSelector: {}
  shards: 2
  additionalScrapeConfigs: {name: more, key: jobs.yml}
---
apiVersion: v1
kind: Secret
metadata: {name: more, namespace: shop}
stringData:
  jobs.yml: |
    - job_name: a
      relabel_configs:
      - {target_label: team, replacement: web}
      scheme: https
    - job_name: b
      relabel_configs:
      - {action: hashmod, source_labels: [x], modulus: 3, target_label: z}
";

#[test]
fn jobs_of_a_secret_have_their_places_in_it_and_are_shared_unless_they_hash() {
    let (mut sources, rendering) = rendered(ADDITIONAL, &RenderOptions::default());
    let generated = rendering.config.unwrap();
    let plain = unquoted(generated.text());
    assert_eq!(plain.matches("regex: $(SHARD);|.+;.+").count(), 1, "{plain}");
    assert!(plain.contains("- job_name: a\n  scheme: https\n  relabel_configs:\n  - target_label: team\n"), "{plain}");
    let file = generated.add_to(&mut sources, "prometheus.yml");
    let start = generated.text().find("web").unwrap();
    let place = Location::new(file, Span::new(start, start + 3));
    let outer = sources.outermost(place);
    let at = ADDITIONAL.find("web").unwrap();
    assert_eq!((outer.span, sources.is_written(place)), (Span::new(at, at + 3), true));
}

#[test]
fn a_secret_in_base64_is_one_place() {
    let manifest = ADDITIONAL
        .replace(&ADDITIONAL[ADDITIONAL.find("stringData").unwrap()..], "data:\n  jobs.yml: LSBqb2JfbmFtZTogYQo=\n");
    let (mut sources, rendering) = rendered(&manifest, &RenderOptions::default());
    let generated = rendering.config.unwrap();
    let file = generated.add_to(&mut sources, "prometheus.yml");
    let start = generated.text().find("job_name: a").unwrap() + "job_name: ".len();
    let place = Location::new(file, Span::new(start, start + 1));
    let at = manifest.find("LSBq").unwrap();
    assert_eq!(sources.outermost(place).span, Span::new(at, at + "LSBqb2JfbmFtZTogYQo=".len()));
    assert!(!sources.is_written(place));
}

#[test]
fn what_is_wrong_with_a_secret_stops_the_whole_config() {
    let error = |manifest: &str| {
        let (_, rendering) = rendered(manifest, &RenderOptions::default());
        let error = rendering.error.unwrap();
        (error.error, manifest[error.at.span.range()].lines().next().unwrap_or("").to_string())
    };
    let without = &ADDITIONAL[..ADDITIONAL.find("---").unwrap()];
    let reference = "{name: more, key: jobs.yml}".to_string();
    let load = "loading additional scrape configs from Secret failed: ";
    assert_eq!(error(without), (format!("{load}secrets \"more\" not found"), reference));
    let other_key = ADDITIONAL.replace("key: jobs.yml", "key: x");
    assert_eq!(error(&other_key).0, format!("{load}key x could not be found in secret more"));
    let map = ADDITIONAL.replace("    - job_name: a\n", "    scrape_configs:\n    - job_name: a\n");
    let unread = "generating config failed: generate additional scrape configs: unmarshalling additional scrape configs failed: ";
    let words = "yaml: unmarshal errors:\n  line 1: cannot unmarshal !!map into []yaml.MapSlice";
    assert_eq!(error(&map), (format!("{unread}{words}"), "scrape_configs:".to_string()));
    let list = ADDITIONAL.replace("      relabel_configs:\n      - {target", "      relabel_configs: {target");
    assert!(error(&list).0.ends_with("error parsing relabel configs"), "{:?}", error(&list));
}

#[test]
fn what_is_not_in_the_input_can_be_left_out() {
    let without = &ADDITIONAL[..ADDITIONAL.find("---").unwrap()];
    let how = RenderOptions { leave_out_missing: true, ..RenderOptions::default() };
    let (_, rendering) = rendered(without, &how);
    assert!(rendering.config.is_some() && rendering.error.is_none());
    let left_out = Assumption::LeftOut { field: "additionalScrapeConfigs", name: "more".to_string() };
    assert_eq!(rendering.assumed, [left_out]);
    let optional = without.replace("key: jobs.yml", "key: jobs.yml, optional: true");
    assert!(rendered(&optional, &RenderOptions::default()).1.config.is_some());
}

#[test]
fn an_agent_has_the_jobs_of_its_secret_after_those_of_pods_and_no_alerting() {
    let manifest = format!(
        "{}---\napiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {{name: pods, namespace: shop}}\nspec: {{selector: {{}}, podMetricsEndpoints: [{{port: web}}]}}\n---\napiVersion: monitoring.coreos.com/v1\nkind: Probe\nmetadata: {{name: probe, namespace: shop}}\nspec: {{prober: {{url: b}}, targets: {{staticConfig: {{static: [x]}}}}}}\n",
        ADDITIONAL
            .replace("/v1\nkind: Prometheus\n", "/v1alpha1\nkind: PrometheusAgent\n")
            .replace("  shards: 2\n", "  probeSelector: {}\n")
    );
    let text = config(&manifest);
    let names: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("- job_name: ")).collect();
    assert_eq!(names, ["podMonitor/shop/pods/0", "a", "b", "probe/shop/probe"]);
    assert!(!text.contains("alerting") && !text.contains("evaluation_interval") && !text.contains("storage"), "{text}");
}

#[test]
fn secrets_in_a_secret_and_passwords_in_urls_are_not_shown() {
    let manifest = ADDITIONAL.replace(
        "      scheme: https\n",
        "      basic_auth: {username: me, password: hidden}\n      proxy_url: http://me:hidden@p\n      static_configs: [{targets: [a], labels: {token: shown}}]\n",
    );
    let manifest = manifest
        .replace("spec:\n", "spec:\n  remoteWrite: [{url: 'http://me:hidden@w', proxyUrl: 'http://me:hidden@p'}]\n");
    let text = config(&manifest);
    assert!(!text.contains("hidden") && text.contains("token: shown") && text.contains("username: me"), "{text}");
    assert_eq!(text.matches("http://me:xxxxx@").count(), 3, "{text}");
}
