//! What a text is, by its name and its keys.

use super::neighbor::Neighbor;
use super::outline::Outline;
use super::victoriametrics::own_action;
use super::{Format, template};

/// Keys at the top of a Prometheus config that no other program has.
const OWN_KEYS: [&str; 2] = ["scrape_configs", "scrape_config_files"];
/// The keys at its top.
pub(crate) const CONFIG_KEYS: [&str; 11] = [
    "global",
    "runtime",
    "alerting",
    "rule_files",
    "scrape_config_files",
    "scrape_configs",
    "storage",
    "tracing",
    "remote_write",
    "remote_read",
    "otlp",
];
/// Keys of `global` by which a config is known.
const GLOBAL_KEYS: [&str; 4] = ["scrape_interval", "evaluation_interval", "external_labels", "scrape_timeout"];
/// Names that only a Prometheus config has.
const CONFIG_NAMES: [&str; 2] = ["prometheus.yml", "prometheus.yaml"];
/// Keys of a scrape config that other lists of mappings do not have.
const JOB_KEYS: [&str; 6] =
    ["job_name", "static_configs", "relabel_configs", "metric_relabel_configs", "metrics_path", "scrape_interval"];
/// Keys of a relabel rule.
const RULE_KEYS: [&str; 7] =
    ["source_labels", "separator", "target_label", "regex", "modulus", "replacement", "action"];

/// What a text is. `is_valid` says whether it is YAML (or JSON), which a template seldom is.
pub(crate) fn classify(name: &str, text: &str, outline: &Outline<'_>, is_valid: bool) -> Format {
    let file = name.rsplit('/').next().unwrap_or(name);
    if let Some(neighbor) = template::by_name(file) {
        return Format::Neighbor(neighbor);
    }
    if !is_valid && let Some(neighbor) = template::by_statements(text).or_else(|| template::by_expressions(text)) {
        return Format::Neighbor(neighbor);
    }
    if outline.has("sops") {
        return Format::Neighbor(Neighbor::ENCRYPTED);
    }
    if let Some(format) = objects(outline) {
        return format;
    }
    if outline.is_list() {
        let format = list(outline).unwrap_or(Format::Unknown);
        // Prometheus reads a file of that name as a config, whatever it is.
        let is_misnamed = CONFIG_NAMES.contains(&file) && format == Format::Targets;
        return if is_misnamed { Format::Config } else { format };
    }
    let sections: Vec<&str> =
        OWN_KEYS.iter().filter_map(|key| outline.value(0, key)).filter(|value| !value.is_empty()).collect();
    if let Some(neighbor) = template::by_whole_values(&sections) {
        return Format::Neighbor(neighbor);
    }
    if let Some(neighbor) = neighbor(file, outline) {
        return Format::Neighbor(neighbor);
    }
    let format = mapping(file, outline);
    let is_own = matches!(format, Format::Config | Format::ScrapeConfig);
    if is_own
        && !is_for_prometheus(outline)
        && let Some(neighbor) = vmagent(outline, text)
    {
        return Format::Neighbor(neighbor);
    }
    format
}

/// Whether Prometheus reads a file of that name as a config, whatever is in it.
pub(crate) fn is_name_of_config(name: &str) -> bool {
    CONFIG_NAMES.contains(&name.rsplit('/').next().unwrap_or(name))
}

/// Whether a config has sections that vmagent refuses: its fields in it are mistakes, not the mark of another program.
fn is_for_prometheus(outline: &Outline<'_>) -> bool {
    const SECTIONS: [&str; 7] = ["rule_files", "alerting", "remote_write", "remote_read", "storage", "tracing", "otlp"];
    outline.has_any(&SECTIONS) || outline.has_path(&["global", "evaluation_interval"])
}

/// vmagent, by fields and actions that Prometheus does not have, or by its variables.
fn vmagent(outline: &Outline<'_>, text: &str) -> Option<Neighbor> {
    if let Some(neighbor) = with_own_words(outline) {
        return Some(neighbor);
    }
    memchr::memmem::find(text.as_bytes(), b"%{")?;
    let has_variable = |line: &str| {
        let rest = line.split_once("%{").map_or("", |(_, rest)| rest);
        let name = rest.split_once('}').map_or("", |(name, _)| name);
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let mut lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    lines.any(has_variable).then_some(Neighbor::VMAGENT_VARIABLES)
}

/// Kubernetes objects: one of them, a list, or several documents.
fn objects(outline: &Outline<'_>) -> Option<Format> {
    let object = |document: usize| Some((outline.value(document, "apiVersion"), outline.value(document, "kind")?));
    let objects: Vec<(Option<&str>, &str)> = (0..outline.documents()).filter_map(object).collect();
    let is_config_map = |kind: &str| matches!(kind, "ConfigMap" | "Secret" | "ConfigMapList" | "SecretList");
    let lone_data = objects.is_empty() && outline.has("data") && outline.has("metadata");
    if lone_data || objects.iter().any(|(_, kind)| is_config_map(kind)) || has_operator_objects(outline) {
        return Some(Format::Manifest);
    }
    let kinds_inside = || outline.values("kind").any(is_config_map);
    if objects.iter().any(|(_, kind)| *kind == "List" || kind.ends_with("List")) && kinds_inside() {
        return Some(Format::Manifest);
    }
    let known = |group: &&(Option<&str>, &str)| group.0.is_some();
    let is_own = |object: &&(Option<&str>, &str)| {
        object.0.is_some_and(|version| SCRAPING.iter().any(|group| version.starts_with(group)))
    };
    let first = objects.iter().find(is_own).or_else(|| objects.iter().find(known))?;
    if first.1 == "Kustomization" {
        return Some(Format::Neighbor(Neighbor::KUSTOMIZATION));
    }
    // A list is named by what is in it.
    let inner = outline
        .values("apiVersion")
        .zip(outline.values("kind"))
        .find(|(version, _)| first.1 == "List" && SCRAPING.iter().any(|group| version.starts_with(group)));
    let (group, kind) = inner.unwrap_or((first.0.unwrap_or(""), first.1));
    Some(Format::Neighbor(Neighbor::object(group, kind)))
}

/// Whether there are objects of prometheus-operator from which it generates scrape configs: in documents or in lists.
pub(crate) fn has_operator_objects(outline: &Outline<'_>) -> bool {
    (0..outline.documents()).any(|document| {
        let Some(kind) = outline.value(document, "kind") else { return false };
        let is_list = kind.ends_with("List") && outline.values("apiVersion").any(is_of_operator);
        is_list && outline.values("kind").any(|kind| OPERATOR_KINDS.contains(&kind))
            || OPERATOR_KINDS.contains(&kind) && outline.value(document, "apiVersion").is_some_and(is_of_operator)
    })
}

fn is_of_operator(version: &str) -> bool {
    version.split_once('/').is_some_and(|(group, _)| group == "monitoring.coreos.com")
}

/// Kinds of prometheus-operator from which it generates scrape configs.
const OPERATOR_KINDS: [&str; 6] =
    ["ServiceMonitor", "PodMonitor", "Probe", "ScrapeConfig", "Prometheus", "PrometheusAgent"];

/// The objects of the documents that say what is scraped and are not read: how many of each kind.
pub(crate) fn scraping_objects(outline: &Outline<'_>) -> Vec<(String, usize)> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for document in 0..outline.documents() {
        let version = outline.value(document, "apiVersion").unwrap_or("");
        let Some(kind) = outline.value(document, "kind") else { continue };
        let is_read = OPERATOR_KINDS.contains(&kind) && is_of_operator(version);
        if !SCRAPING.iter().any(|group| version.starts_with(group)) || NOT_SCRAPING.contains(&kind) || is_read {
            continue;
        }
        match counts.iter_mut().find(|(known, _)| known == kind) {
            Some((_, count)) => *count += 1,
            None => counts.push((kind.to_string(), 1)),
        }
    }
    counts
}

/// Kinds of these groups that are about alerts, or set up a program.
const NOT_SCRAPING: [&str; 7] =
    ["PrometheusRule", "Alertmanager", "AlertmanagerConfig", "ThanosRuler", "VMRule", "VMAlert", "Instrumentation"];

/// Groups of objects that say what is scraped.
const SCRAPING: [&str; 6] = [
    "monitoring.coreos.com",
    "azmonitoring.coreos.com",
    "monitoring.rhobs",
    "operator.victoriametrics.com",
    "opentelemetry.io",
    "monitoring.grafana.com",
];

/// A list at the top.
fn list(outline: &Outline<'_>) -> Option<Format> {
    let items = outline.items();
    let all = |is: &dyn Fn(&[&str]) -> bool| items.iter().all(|keys| is(keys));
    let any = |is: &dyn Fn(&[&str]) -> bool| items.iter().any(|keys| is(keys));
    let has = |keys: &[&str], wanted: &[&str]| keys.iter().any(|key| wanted.contains(key));
    if any(&|keys| has(keys, &["discoveredLabels"])) {
        return Some(Format::Neighbor(Neighbor::SERVICE_DISCOVERY));
    }
    if any(&|keys| has(keys, &["hosts", "tasks", "roles"])) && !any(&|keys| has(keys, &["job_name"])) {
        return Some(Format::Neighbor(Neighbor::ANSIBLE));
    }
    if any(&|keys| has(keys, &["job_name"])) || any(&|keys| keys.iter().any(|key| is_discovery(key))) {
        return Some(with_own_words(outline).map_or(Format::ScrapeConfigs, Format::Neighbor));
    }
    let is_rule = |keys: &[&str]| {
        has(keys, &["source_labels", "target_label"]) || (has(keys, &["action"]) && has(keys, &["regex"]))
    };
    if any(&is_rule) && all(&|keys| has(keys, &RULE_KEYS)) {
        return Some(Format::RelabelRules);
    }
    // A slip in a key is what is to be found.
    let is_group =
        |keys: &[&str]| has(keys, &["targets"]) && keys.iter().all(|key| is_near(key, &["targets", "labels"]));
    if !items.is_empty() && all(&is_group) {
        return Some(Format::Targets);
    }
    None
}

fn is_near(key: &str, known: &[&'static str]) -> bool {
    crate::text::most_similar(key, known.iter().copied()).is_some()
}

fn is_discovery(key: &str) -> bool {
    key == "static_configs" || key.ends_with("_sd_configs")
}

/// A mapping at the top that no other program has.
fn mapping(file: &str, outline: &Outline<'_>) -> Format {
    let has_global = GLOBAL_KEYS.iter().any(|key| outline.has_path(&["global", key]));
    let count = outline.top().filter(|key| CONFIG_KEYS.contains(&key.name)).count();
    let is_config = outline.has_any(&OWN_KEYS) || has_global || count >= 2;
    if is_config {
        return Format::Config;
    }
    if outline.has("job_name") || (outline.top().any(|key| is_discovery(key.name)) && outline.has_any(&JOB_KEYS)) {
        return Format::ScrapeConfig;
    }
    if CONFIG_NAMES.contains(&file) && (outline.is_empty() || count > 0 || shows_jobs(outline)) {
        return Format::Config;
    }
    // Indentation may hide that a key is at the top.
    if shows_jobs(outline) { Format::Config } else { Format::Unknown }
}

/// Whether keys of scrape configs are anywhere, one below the other.
fn shows_jobs(outline: &Outline<'_>) -> bool {
    outline.has_anywhere("scrape_configs") && outline.has_anywhere("job_name")
        || outline.has_anywhere("job_name") && outline.has_anywhere("static_configs")
}

/// vmagent, by fields or actions that only VictoriaMetrics knows.
fn with_own_words(outline: &Outline<'_>) -> Option<Neighbor> {
    if has_own_fields(outline) {
        return Some(Neighbor::VMAGENT);
    }
    outline.values("action").find_map(own_action).map(|action| action.neighbor.clone())
}

/// Fields that only VictoriaMetrics knows.
fn has_own_fields(outline: &Outline<'_>) -> bool {
    const FIELDS: [&str; 11] = [
        "stream_parse",
        "series_limit",
        "scrape_align_interval",
        "scrape_offset",
        "no_stale_markers",
        "disable_compression",
        "disable_keepalive",
        "max_scrape_size",
        "yandexcloud_sd_configs",
        "vultr_configs",
        "proxy_headers",
    ];
    outline.has_any_anywhere(&FIELDS)
        || outline.has_path(&["global", "relabel_configs"])
        || outline.has_path(&["global", "metric_relabel_configs"])
}

/// Files of other programs, each by keys that Prometheus does not have.
fn neighbor(file: &str, outline: &Outline<'_>) -> Option<Neighbor> {
    let has = |key: &str| outline.has(key);
    let path = |path: &[&str]| outline.has_path(path);
    if has("receivers") && (has("service") || has("exporters") || has("processors")) && !has("route") {
        return Some(Neighbor::COLLECTOR);
    }
    if path(&["config", "scrape_configs"])
        && (has("collector_selector") || has("allocation_strategy") || has("prometheus_cr"))
    {
        return Some(Neighbor::TARGET_ALLOCATOR);
    }
    if let Some(chart) = chart(outline) {
        return Some(Neighbor::helm_values(chart));
    }
    if has("route") && has("receivers") {
        return Some(Neighbor::ALERTMANAGER);
    }
    if has("schema_config") || has("ingester") && (has("limits_config") || has("distributor")) {
        return Some(Neighbor::LOKI);
    }
    if has("blocks_storage") || has("multitenancy_enabled") || has("compactor") && has("ingester") {
        return Some(Neighbor::MIMIR);
    }
    if has("object_storage") && has("scrape_configs") {
        return Some(Neighbor::PARCA);
    }
    if has("pyroscope_db") || has("analytics") && has("server") && path(&["scrape_configs", "profiling_config"]) {
        return Some(Neighbor::PYROSCOPE);
    }
    if path(&["scrape_configs", "profiling_config"]) {
        return Some(Neighbor::PARCA);
    }
    if is_promtail(outline) {
        return Some(Neighbor::PROMTAIL);
    }
    if path(&["metrics", "configs"])
        || path(&["metrics", "global"])
        || path(&["prometheus", "configs"])
        || path(&["logs", "configs"])
        || path(&["traces", "configs"])
        || has("integrations") && has("metrics")
    {
        return Some(Neighbor::AGENT);
    }
    let is_values = file.ends_with("values.yaml") || file.ends_with("values.yml");
    if is_values && !outline.has_any(&OWN_KEYS) {
        return Some(Neighbor::helm_values(""));
    }
    other_programs(file, outline)
}

fn other_programs(file: &str, outline: &Outline<'_>) -> Option<Neighbor> {
    let has = |key: &str| outline.has(key);
    let path = |path: &[&str]| outline.has_path(path);
    if has("services")
        && (path(&["services", "*", "image"]) || path(&["services", "*", "build"]) || file.contains("compose"))
    {
        return Some(Neighbor::COMPOSE);
    }
    if has("groups") && !outline.has_any(&CONFIG_KEYS) {
        return Some(Neighbor::RULES);
    }
    if has("rule_files") && has("tests") {
        return Some(Neighbor::RULE_TEST);
    }
    if path(&["modules", "*", "prober"]) {
        return Some(Neighbor::BLACKBOX);
    }
    if path(&["modules", "*", "walk"]) || path(&["auths", "*"]) && has("modules") {
        return Some(Neighbor::SNMP);
    }
    if has("AWSTemplateFormatVersion") {
        return Some(Neighbor::CLOUD_FORMATION);
    }
    if !has("job_name")
        && outline.top().any(|key| is_discovery(key.name))
        && outline.has_anywhere("alert_relabel_configs")
    {
        return Some(Neighbor::NOTIFIER);
    }
    if has("lowercaseOutputName") || path(&["rules", "pattern"]) && !has("scrape_configs") {
        return Some(Neighbor::JMX);
    }
    if has("tls_server_config") || has("http_server_config") {
        return Some(Neighbor::WEB);
    }
    if has("status") && path(&["data", "activeTargets"]) {
        return Some(Neighbor::API);
    }
    if has("init_config") && has("instances") {
        return Some(Neighbor::DATADOG);
    }
    if has("type") && has("config") && path(&["config", "bucket"]) {
        return Some(Neighbor::THANOS);
    }
    if has("datasources") && path(&["datasources", "url"]) || has("providers") && path(&["providers", "options"]) {
        return Some(Neighbor::GRAFANA);
    }
    if file == "Chart.yaml" || has("appVersion") && has("version") {
        return Some(Neighbor::CHART);
    }
    if has("resources") && (file.starts_with("kustomization") || has("generators")) {
        return Some(Neighbor::KUSTOMIZATION);
    }
    None
}

/// promtail has scrape configs of its own, and says where it sends what it reads.
fn is_promtail(outline: &Outline<'_>) -> bool {
    let has_jobs = outline.has("scrape_configs");
    has_jobs
        && (outline.has_any(&["clients", "client", "positions"])
            || outline.has_path(&["scrape_configs", "pipeline_stages"]))
}

/// The chart that the values are for: empty when it is not known which, `None` when they are no values.
fn chart(outline: &Outline<'_>) -> Option<&'static str> {
    let has = |key: &str| outline.has(key);
    let path = |path: &[&str]| outline.has_path(path);
    if has("kube-prometheus-stack")
        || path(&["prometheus", "prometheusSpec"])
        || path(&["*", "prometheus", "prometheusSpec"])
    {
        return Some("kube-prometheus-stack");
    }
    if has("serverFiles") || has("extraScrapeConfigs") && (has("server") || has("scrapeConfigs") || has("alertmanager"))
    {
        return Some("prometheus");
    }
    if has("scrapeConfigs") && (has("server") || has("kube-state-metrics") || has("configmapReload")) {
        return Some("prometheus");
    }
    if path(&["config", "scrape_configs"]) && (has("remoteWrite") || has("remoteWriteUrls")) {
        return Some("victoria-metrics-agent");
    }
    if path(&["server", "scrape"]) {
        return Some("victoria-metrics-single");
    }
    if has("vmagent") || has("vmsingle") {
        return Some("victoria-metrics-k8s-stack");
    }
    if has("vmselect") || has("vmstorage") {
        return Some("victoria-metrics-cluster");
    }
    if has("alloy") && (has("controller") || has("image") || has("crds")) {
        return Some("alloy");
    }
    if has("destinations") && has("cluster") && (has("clusterMetrics") || has("collectors")) {
        return Some("k8s-monitoring");
    }
    if has("thanos") && has("global") || has("additionalScrapeConfigs") {
        return Some("");
    }
    const VALUES: [&str; 14] = [
        "image",
        "imagePullSecrets",
        "nameOverride",
        "fullnameOverride",
        "replicaCount",
        "serviceAccount",
        "serviceMonitor",
        "podMonitor",
        "podAnnotations",
        "nodeSelector",
        "tolerations",
        "affinity",
        "ingress",
        "resources",
    ];
    let count = outline.top().filter(|key| VALUES.contains(&key.name)).count();
    (count >= 2 && !outline.has_any(&OWN_KEYS)).then_some("")
}
