//! ServiceMonitors and PodMonitors.

use super::super::shape::{
    Field, Object, Pattern, Shape, Whole, choice, count, filled, flag, list, map, matching, object, objects, text,
    texts, whole,
};
use super::choices::{DISCOVERY_ROLES, SCHEMES, SCRAPE_PROTOCOLS, SELECTOR_MECHANISMS};
use super::client::{AUTHORIZATION, BASIC_AUTH, OAUTH2, SECRET_KEY, SECRET_KEY_LIST, TLS, TLS_OR_FILES};
use super::relabel::RELABEL_RULE;
use super::selector::{ATTACH_METADATA, LABEL_SELECTOR, NAMESPACE_SELECTOR};
use super::values::{TEXT_LIST, UNIQUE_PROTOCOLS};

/// Fields of the endpoints of both kinds of monitors.
pub(super) const ANY_ENDPOINT: &[Field] = &[
    object("authorization", &AUTHORIZATION),
    object("basicAuth", &BASIC_AUTH),
    object("bearerTokenSecret", &SECRET_KEY),
    flag("enableHttp2"),
    flag("filterRunning"),
    flag("followRedirects"),
    flag("honorLabels"),
    flag("honorTimestamps"),
    matching("interval", Pattern::Duration),
    objects("metricRelabelings", &RELABEL_RULE),
    text("noProxy"),
    object("oauth2", &OAUTH2),
    map("params", &TEXT_LIST),
    text("path"),
    text("port"),
    map("proxyConnectHeader", &SECRET_KEY_LIST),
    flag("proxyFromEnvironment"),
    matching("proxyUrl", Pattern::ProxyUrl),
    objects("relabelings", &RELABEL_RULE),
    choice("scheme", SCHEMES),
    matching("scrapeTimeout", Pattern::Duration),
    Field::new("targetPort", Shape::NumberOrText(None)),
    flag("trackTimestampsStaleness"),
];

/// Limits of a scrape.
pub(super) const LIMITS: &[Field] = &[
    count("keepDroppedTargets"),
    count("labelLimit"),
    count("labelNameLengthLimit"),
    count("labelValueLengthLimit"),
    count("sampleLimit"),
    count("targetLimit"),
];

/// How histograms and protocols are scraped.
pub(super) const HISTOGRAMS: &[Field] = &[
    flag("convertClassicHistogramsToNHCB"),
    choice("fallbackScrapeProtocol", SCRAPE_PROTOCOLS),
    count("nativeHistogramBucketLimit"),
    Field::new("nativeHistogramMinBucketFactor", Shape::NumberOrText(Some(Pattern::Quantity))),
    flag("scrapeClassicHistograms"),
    flag("scrapeNativeHistograms"),
];

/// The spec of a ServiceMonitor.
pub(super) static SERVICE_MONITOR_SPEC: Object = Object::new(&[
    &[
        object("attachMetadata", &ATTACH_METADATA),
        matching("bodySizeLimit", Pattern::Size),
        objects("endpoints", &ENDPOINT),
        text("jobLabel"),
        object("namespaceSelector", &NAMESPACE_SELECTOR),
        texts("podTargetLabels"),
        filled("scrapeClass"),
        list("scrapeProtocols", &UNIQUE_PROTOCOLS),
        object("selector", &LABEL_SELECTOR),
        choice("selectorMechanism", SELECTOR_MECHANISMS),
        choice("serviceDiscoveryRole", DISCOVERY_ROLES),
        texts("targetLabels"),
    ],
    LIMITS,
    HISTOGRAMS,
])
.required(&["endpoints", "selector"]);

/// An endpoint of a ServiceMonitor.
pub(in super::super) static ENDPOINT: Object =
    Object::new(&[&[text("bearerTokenFile"), object("tlsConfig", &TLS_OR_FILES)], ANY_ENDPOINT]);

/// The spec of a PodMonitor.
pub(super) static POD_MONITOR_SPEC: Object = Object::new(&[
    &[
        object("attachMetadata", &ATTACH_METADATA),
        matching("bodySizeLimit", Pattern::Size),
        text("jobLabel"),
        object("namespaceSelector", &NAMESPACE_SELECTOR),
        objects("podMetricsEndpoints", &POD_ENDPOINT),
        texts("podTargetLabels"),
        filled("scrapeClass"),
        list("scrapeProtocols", &UNIQUE_PROTOCOLS),
        object("selector", &LABEL_SELECTOR),
        choice("selectorMechanism", SELECTOR_MECHANISMS),
    ],
    LIMITS,
    HISTOGRAMS,
])
.required(&["selector"]);

/// An endpoint of a PodMonitor.
pub(in super::super) static POD_ENDPOINT: Object =
    Object::new(&[&[whole("portNumber", Whole::INT32.from(1).to(65535)), object("tlsConfig", &TLS)], ANY_ENDPOINT]);
