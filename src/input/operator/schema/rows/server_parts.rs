//! Parts of the specs of servers.

use super::super::checks;
use super::super::shape::{
    Field, Object, Pattern, Shape, Whole, choice, filled, flag, list, map, matching, object, objects, text, texts,
    whole,
};
use super::choices::{
    ALERTMANAGER_VERSIONS, COMPRESSIONS, FLOAT_ENCODINGS, OBJECT_GROUPS, OBJECT_RESOURCES, SCHEMES, SCRAPE_PROTOCOLS,
    SHARD_POLICIES, SHARDING_MODES, TRACING_CLIENTS, TRANSLATION_STRATEGIES,
};
use super::client::{AUTHORIZATION, AUTHORIZATION_OR_FILE, BASIC_AUTH, PROXY, SIGV4, TLS_OR_FILES};
use super::relabel::RELABEL_RULE;
use super::selector::ATTACH_METADATA;
use super::values::{SOME_UNIQUE_FILLED_TEXTS, TEXT};

/// An argument of the command line.
pub(super) static ARGUMENT: Object = Object::new(&[&[filled("name"), text("value")]]).required(&["name"]);

/// Where alerts are sent.
pub(super) static ALERTING: Object =
    Object::new(&[&[objects("alertmanagers", &ALERTMANAGER)]]).required(&["alertmanagers"]);

/// The Alertmanagers of a Service.
pub(super) static ALERTMANAGER: Object = Object::new(&[
    &[
        objects("alertRelabelings", &RELABEL_RULE),
        choice("apiVersion", ALERTMANAGER_VERSIONS),
        object("authorization", &AUTHORIZATION),
        object("basicAuth", &BASIC_AUTH),
        text("bearerTokenFile"),
        flag("enableHttp2"),
        filled("name"),
        filled("namespace"),
        filled("pathPrefix"),
        Field::new("port", Shape::NumberOrText(None)),
        objects("relabelings", &RELABEL_RULE),
        choice("scheme", SCHEMES),
        object("sigv4", &SIGV4),
        matching("timeout", Pattern::Duration),
        object("tlsConfig", &TLS_OR_FILES),
    ],
    PROXY,
])
.required(&["name", "port"]);

/// How to reach the API server.
pub(super) static API_SERVER: Object = Object::new(&[
    &[
        object("authorization", &AUTHORIZATION_OR_FILE),
        object("basicAuth", &BASIC_AUTH),
        text("bearerToken"),
        text("bearerTokenFile"),
        text("host"),
        object("tlsConfig", &TLS_OR_FILES),
    ],
    PROXY,
])
.required(&["host"]);

/// Whether ServiceMonitors may name files.
pub(super) static FILE_ACCESS: Object = Object::new(&[&[flag("deny")]]);

/// An object of which the namespace label is not enforced.
pub(super) static EXCLUDED_OBJECT: Object = Object::new(&[&[
    choice("group", OBJECT_GROUPS).default("monitoring.coreos.com"),
    text("name"),
    filled("namespace"),
    choice("resource", OBJECT_RESOURCES),
]])
.required(&["namespace", "resource"]);

/// The storage of exemplars.
pub(super) static EXEMPLARS: Object = Object::new(&[&[whole("maxSize", Whole::INT64)]]);

/// The receiver of OTLP.
pub(super) static OTLP: Object = Object::new(&[&[
    flag("convertHistogramsToNHCB"),
    list("ignoreResourceAttributes", &SOME_UNIQUE_FILLED_TEXTS),
    flag("keepIdentifyingResourceAttributes"),
    flag("labelNamePreserveMultipleUnderscores"),
    flag("labelNameUnderscoreSanitization"),
    flag("promoteAllResourceAttributes"),
    list("promoteResourceAttributes", &SOME_UNIQUE_FILLED_TEXTS),
    flag("promoteScopeMetadata"),
    choice("translationStrategy", TRANSLATION_STRATEGIES),
]]);

/// A PrometheusRule of which the namespace label is not enforced.
pub(super) static EXCLUDED_RULE: Object =
    Object::new(&[&[text("ruleName"), text("ruleNamespace")]]).required(&["ruleName", "ruleNamespace"]);

/// Limits of queries.
pub(super) static QUERY: Object = Object::new(&[&[
    text("lookbackDelta"),
    whole("maxConcurrency", Whole::INT32.from(1)),
    whole("maxSamples", Whole::INT32),
    matching("timeout", Pattern::Duration),
]]);

/// How rules are evaluated.
pub(super) static RULES: Object = Object::new(&[&[object("alert", &RULES_ALERT)]]);

/// How alerts are held.
pub(super) static RULES_ALERT: Object =
    Object::new(&[&[text("forGracePeriod"), text("forOutageTolerance"), text("resendDelay")]]);

/// The runtime of Go.
pub(super) static RUNTIME: Object = Object::new(&[&[whole("goGC", Whole::INT32.from(-1))]]);

/// A scrape class.
pub(super) static SCRAPE_CLASS: Object = Object::new(&[&[
    object("attachMetadata", &ATTACH_METADATA),
    object("authorization", &AUTHORIZATION_OR_FILE),
    flag("default"),
    choice("fallbackScrapeProtocol", SCRAPE_PROTOCOLS),
    objects("metricRelabelings", &RELABEL_RULE),
    filled("name"),
    objects("relabelings", &RELABEL_RULE),
    object("tlsConfig", &TLS_OR_FILES),
]])
.required(&["name"]);

/// What becomes of shards that are removed.
pub(super) static SHARD_RETENTION: Object =
    Object::new(&[&[object("retain", &SHARD_RETAIN), choice("whenScaled", SHARD_POLICIES)]]);

/// How long they are kept.
pub(super) static SHARD_RETAIN: Object =
    Object::new(&[&[matching("retentionPeriod", Pattern::Duration)]]).required(&["retentionPeriod"]);

/// How targets are given to shards.
pub(super) static SHARDING_STRATEGY: Object =
    Object::new(&[&[choice("mode", SHARDING_MODES), object("topology", &SHARDING_TOPOLOGY)]]).checked(checks::topology);

/// The zones of the shards.
pub(super) static SHARDING_TOPOLOGY: Object = Object::new(&[&[text("externalLabelName"), texts("values")]]);

/// Where traces are sent.
pub(super) static TRACING: Object = Object::new(&[&[
    choice("clientType", TRACING_CLIENTS),
    choice("compression", COMPRESSIONS),
    filled("endpoint"),
    map("headers", &TEXT),
    flag("insecure"),
    Field::new("samplingFraction", Shape::NumberOrText(Some(Pattern::Quantity))),
    matching("timeout", Pattern::Duration),
    object("tlsConfig", &TLS_OR_FILES),
]])
.required(&["endpoint"]);

/// The storage.
pub(super) static TSDB: Object = Object::new(&[&[
    object("chunkEncoding", &CHUNK_ENCODING),
    matching("outOfOrderTimeWindow", Pattern::Duration),
    Field::new("staleSeriesCompactionThreshold", Shape::NumberOrText(Some(Pattern::Quantity))),
]]);

/// How chunks are encoded.
pub(super) static CHUNK_ENCODING: Object = Object::new(&[&[choice("floats", FLOAT_ENCODINGS)]]);
