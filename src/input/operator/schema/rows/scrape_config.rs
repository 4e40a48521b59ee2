//! ScrapeConfigs, and the discovery that Prometheus does itself.

use super::super::checks;
use super::super::shape::{
    List, Object, Pattern, Shape, Text, Whole, choice, filled, flag, list, map, matching, object, objects, whole,
};
use super::choices::{DNS_TYPES, ESCAPING_SCHEMES, KUBERNETES_ROLES, NAME_SCHEMES, SCHEMES};
use super::client::{CREDENTIALS, PROXY, TLS, TRANSPORT};
use super::cloud::{
    AZURE_SD, DIGITAL_OCEAN_SD, EC2_SD, GCE_SD, HETZNER_SD, IONOS_SD, LIGHTSAIL_SD, LINODE_SD, OPENSTACK_SD,
    OVHCLOUD_SD, SCALEWAY_SD,
};
use super::monitor::{HISTOGRAMS, LIMITS};
use super::registry::{CONSUL_SD, DOCKER_SD, DOCKER_SWARM_SD, EUREKA_SD, KUMA_SD, NOMAD_SD, PUPPETDB_SD};
use super::relabel::SOME_RELABEL_RULES;
use super::selector::ATTACH_METADATA;
use super::values::{
    SOME_FILLED_TEXTS, SOME_UNIQUE_FILLED_TEXTS, SOME_UNIQUE_PROTOCOLS, TEXT, TEXT_LIST, UNIQUE_TEXTS,
};

/// The spec of a ScrapeConfig.
pub(super) static SCRAPE_CONFIG_SPEC: Object = Object::new(&[
    &[
        objects("azureSDConfigs", &AZURE_SD),
        matching("bodySizeLimit", Pattern::Size),
        objects("consulSDConfigs", &CONSUL_SD),
        objects("digitalOceanSDConfigs", &DIGITAL_OCEAN_SD),
        objects("dnsSDConfigs", &DNS_SD),
        objects("dockerSDConfigs", &DOCKER_SD),
        objects("dockerSwarmSDConfigs", &DOCKER_SWARM_SD),
        objects("ec2SDConfigs", &EC2_SD),
        flag("enableCompression"),
        flag("enableHTTP2"),
        objects("eurekaSDConfigs", &EUREKA_SD),
        objects("fileSDConfigs", &FILE_SD),
        objects("gceSDConfigs", &GCE_SD),
        objects("hetznerSDConfigs", &HETZNER_SD),
        flag("honorLabels"),
        flag("honorTimestamps"),
        objects("httpSDConfigs", &HTTP_SD),
        objects("ionosSDConfigs", &IONOS_SD),
        filled("jobName"),
        objects("kubernetesSDConfigs", &KUBERNETES_SD),
        objects("kumaSDConfigs", &KUMA_SD),
        objects("lightSailSDConfigs", &LIGHTSAIL_SD),
        objects("linodeSDConfigs", &LINODE_SD),
        list("metricRelabelings", &SOME_RELABEL_RULES),
        filled("metricsPath"),
        choice("nameEscapingScheme", ESCAPING_SCHEMES),
        choice("nameValidationScheme", NAME_SCHEMES),
        objects("nomadSDConfigs", &NOMAD_SD),
        objects("openstackSDConfigs", &OPENSTACK_SD),
        objects("ovhcloudSDConfigs", &OVHCLOUD_SD),
        map("params", &TEXT_LIST),
        objects("puppetDBSDConfigs", &PUPPETDB_SD),
        list("relabelings", &SOME_RELABEL_RULES),
        objects("scalewaySDConfigs", &SCALEWAY_SD),
        choice("scheme", SCHEMES),
        filled("scrapeClass"),
        matching("scrapeInterval", Pattern::Duration),
        list("scrapeProtocols", &SOME_UNIQUE_PROTOCOLS),
        matching("scrapeTimeout", Pattern::Duration),
        objects("staticConfigs", &STATIC_CONFIG),
        object("tlsConfig", &TLS),
        flag("trackTimestampsStaleness"),
    ],
    LIMITS,
    HISTOGRAMS,
    PROXY,
    CREDENTIALS,
])
.checked(checks::one_login);

/// Targets from DNS.
pub(super) static DNS_SD: Object = Object::new(&[&[
    list("names", &SOME_FILLED_TEXTS),
    whole("port", Whole::INT32.from(0).to(65535)),
    matching("refreshInterval", Pattern::Duration),
    choice("type", DNS_TYPES),
]])
.required(&["names"]);

/// Targets from files.
pub(super) static FILE_SD: Object =
    Object::new(&[&[list("files", &SOME_UNIQUE_FILES), matching("refreshInterval", Pattern::Duration)]])
        .required(&["files"]);

/// Targets from a URL.
pub(super) static HTTP_SD: Object = Object::new(&[
    &[matching("refreshInterval", Pattern::Duration), matching("url", Pattern::WebUrl)],
    PROXY,
    TRANSPORT,
    CREDENTIALS,
])
.required(&["url"]);

/// Targets from the Kubernetes API.
pub(super) static KUBERNETES_SD: Object = Object::new(&[
    &[
        filled("apiServer"),
        object("attachMetadata", &ATTACH_METADATA),
        object("namespaces", &KUBERNETES_NAMESPACES),
        choice("role", KUBERNETES_ROLES),
        list("selectors", &KUBERNETES_SELECTORS),
    ],
    PROXY,
    TRANSPORT,
    CREDENTIALS,
])
.required(&["role"]);

/// The namespaces to look in.
pub(super) static KUBERNETES_NAMESPACES: Object = Object::new(&[&[list("names", &UNIQUE_TEXTS), flag("ownNamespace")]]);

/// The objects of a role to look at.
pub(super) static KUBERNETES_SELECTOR: Object =
    Object::new(&[&[filled("field"), filled("label"), choice("role", KUBERNETES_ROLES)]]).required(&["role"]);

/// A list of targets with their labels.
pub(super) static STATIC_CONFIG: Object =
    Object::new(&[&[map("labels", &TEXT), list("targets", &SOME_UNIQUE_FILLED_TEXTS)]]).required(&["targets"]);

pub(super) static SOME_UNIQUE_FILES: List =
    List::of(Shape::Text(Text::ANY.matching(Pattern::TargetFile))).unique().filled();

pub(super) static KUBERNETES_SELECTORS: List = List::of(Shape::Object(&KUBERNETES_SELECTOR)).by(&["role"]);
