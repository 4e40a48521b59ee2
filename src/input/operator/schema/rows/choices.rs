//! Values that a field may have by name.

pub(super) const ACTIONS: &[&str] = &[
    "replace",
    "Replace",
    "keep",
    "Keep",
    "drop",
    "Drop",
    "hashmod",
    "HashMod",
    "labelmap",
    "LabelMap",
    "labeldrop",
    "LabelDrop",
    "labelkeep",
    "LabelKeep",
    "lowercase",
    "Lowercase",
    "uppercase",
    "Uppercase",
    "keepequal",
    "KeepEqual",
    "dropequal",
    "DropEqual",
];
pub(super) const AGENT_MODES: &[&str] = &["StatefulSet", "DaemonSet"];
pub(super) const ALERTMANAGER_VERSIONS: &[&str] = &["v1", "V1", "v2", "V2"];
pub(super) const AZURE_CLOUDS: &[&str] = &["AzureChina", "AzureGovernment", "AzurePublic"];
pub(super) const AZURE_METHODS: &[&str] = &["OAuth", "ManagedIdentity", "SDK", "WorkloadIdentity"];
pub(super) const COMPRESSIONS: &[&str] = &["gzip", "Gzip"];
pub(super) const DISCOVERY_ROLES: &[&str] = &["Endpoints", "EndpointSlice"];
pub(super) const DNS_POLICIES: &[&str] = &["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
pub(super) const DNS_TYPES: &[&str] = &["A", "AAAA", "MX", "NS", "SRV"];
pub(super) const ESCAPING_SCHEMES: &[&str] = &["AllowUTF8", "Underscores", "Dots", "Values"];
pub(super) const FLOAT_ENCODINGS: &[&str] = &["Xor", "Xor2"];
pub(super) const HETZNER_ROLES: &[&str] = &["hcloud", "Hcloud", "robot", "Robot"];
pub(super) const KUBERNETES_ROLES: &[&str] = &["Pod", "Endpoints", "Ingress", "Service", "Node", "EndpointSlice"];
pub(super) const LOG_FORMATS: &[&str] = &["", "logfmt", "json"];
pub(super) const LOG_LEVELS: &[&str] = &["", "debug", "info", "warn", "error"];
pub(super) const MESSAGE_VERSIONS: &[&str] = &["V1.0", "V2.0"];
pub(super) const NAME_SCHEMES: &[&str] = &["UTF8", "Legacy"];
pub(super) const OBJECT_GROUPS: &[&str] = &["monitoring.coreos.com"];
pub(super) const OBJECT_RESOURCES: &[&str] =
    &["prometheusrules", "servicemonitors", "podmonitors", "probes", "scrapeconfigs"];
pub(super) const OPENSTACK_ENDPOINTS: &[&str] = &["Public", "public", "Admin", "admin", "Internal", "internal"];
pub(super) const OPENSTACK_ROLES: &[&str] = &["Instance", "Hypervisor", "LoadBalancer"];
pub(super) const OVHCLOUD_SERVICES: &[&str] = &["VPS", "DedicatedServer"];
pub(super) const POD_POLICIES: &[&str] = &["OrderedReady", "Parallel"];
pub(super) const PULL_POLICIES: &[&str] = &["", "Always", "Never", "IfNotPresent"];
pub(super) const RELOAD_STRATEGIES: &[&str] = &["HTTP", "ProcessSignal"];
pub(super) const SCALEWAY_ROLES: &[&str] = &["Instance", "Baremetal"];
pub(super) const SCHEMES: &[&str] = &["http", "https", "HTTP", "HTTPS"];
pub(super) const SCRAPE_PROTOCOLS: &[&str] =
    &["PrometheusProto", "OpenMetricsText0.0.1", "OpenMetricsText1.0.0", "PrometheusText0.0.4", "PrometheusText1.0.0"];
pub(super) const SELECTOR_MECHANISMS: &[&str] = &["RelabelConfig", "RoleSelector"];
pub(super) const SHARDING_MODES: &[&str] = &["Address", "Topology"];
pub(super) const SHARD_POLICIES: &[&str] = &["Retain", "Delete"];
pub(super) const SWARM_ROLES: &[&str] = &["Services", "Tasks", "Nodes"];
pub(super) const TLS_VERSIONS: &[&str] = &["TLS10", "TLS11", "TLS12", "TLS13"];
pub(super) const TRACING_CLIENTS: &[&str] = &["http", "grpc", "HTTP", "GRPC"];
pub(super) const TRANSLATION_STRATEGIES: &[&str] = &[
    "NoUTF8EscapingWithSuffixes",
    "UnderscoreEscapingWithSuffixes",
    "NoTranslation",
    "UnderscoreEscapingWithoutSuffixes",
];
