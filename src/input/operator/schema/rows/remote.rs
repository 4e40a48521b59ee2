//! Remote endpoints of servers.

use super::super::shape::{
    Field, Object, Pattern, Shape, Text, Whole, choice, filled, flag, map, matching, object, objects, text, whole,
};
use super::choices::{AZURE_CLOUDS, MESSAGE_VERSIONS};
use super::client::{AUTHORIZATION_OR_FILE, BASIC_AUTH, OAUTH2, PROXY, SECRET_KEY, SIGV4, TLS_OR_FILES};
use super::relabel::RELABEL_RULE;
use super::values::TEXT;

/// An endpoint to read from.
pub(super) static REMOTE_READ: Object = Object::new(&[
    &[
        object("authorization", &AUTHORIZATION_OR_FILE),
        object("basicAuth", &BASIC_AUTH),
        text("bearerToken"),
        text("bearerTokenFile"),
        flag("filterExternalLabels"),
        flag("followRedirects"),
        map("headers", &TEXT),
        text("name"),
        object("oauth2", &OAUTH2),
        flag("readRecent"),
        matching("remoteTimeout", Pattern::Duration),
        map("requiredMatchers", &TEXT),
        object("tlsConfig", &TLS_OR_FILES),
        matching("url", Pattern::HttpUrl),
    ],
    PROXY,
])
.required(&["url"]);

/// An endpoint to write to.
pub(super) static REMOTE_WRITE: Object = Object::new(&[
    &[
        object("authorization", &AUTHORIZATION_OR_FILE),
        object("azureAd", &AZURE_AD),
        object("basicAuth", &BASIC_AUTH),
        text("bearerToken"),
        text("bearerTokenFile"),
        flag("enableHTTP2"),
        flag("followRedirects"),
        map("headers", &TEXT),
        choice("messageVersion", MESSAGE_VERSIONS),
        object("metadataConfig", &REMOTE_METADATA),
        text("name"),
        object("oauth2", &OAUTH2),
        object("queueConfig", &REMOTE_QUEUE),
        matching("remoteTimeout", Pattern::Duration),
        flag("roundRobinDNS"),
        flag("sendExemplars"),
        flag("sendNativeHistograms"),
        object("sigv4", &SIGV4),
        object("tlsConfig", &TLS_OR_FILES),
        matching("url", Pattern::HttpUrl),
        objects("writeRelabelConfigs", &RELABEL_RULE),
    ],
    PROXY,
])
.required(&["url"]);

/// How to log in at Azure.
pub(super) static AZURE_AD: Object = Object::new(&[&[
    choice("cloud", AZURE_CLOUDS),
    object("managedIdentity", &AZURE_IDENTITY),
    object("oauth", &AZURE_OAUTH),
    matching("scope", Pattern::Scope),
    object("sdk", &AZURE_SDK),
    object("workloadIdentity", &AZURE_WORKLOAD),
]]);

/// A managed identity.
pub(super) static AZURE_IDENTITY: Object = Object::new(&[&[filled("clientId")]]);

/// A registered application.
pub(super) static AZURE_OAUTH: Object = Object::new(&[&[
    filled("clientId"),
    object("clientSecret", &SECRET_KEY),
    Field::new("tenantId", Shape::Text(Text::FILLED.matching(Pattern::Identifier))),
]])
.required(&["clientId", "clientSecret", "tenantId"]);

/// The SDK of Azure.
pub(super) static AZURE_SDK: Object = Object::new(&[&[matching("tenantId", Pattern::Identifier)]]);

/// The identity of a workload.
pub(super) static AZURE_WORKLOAD: Object =
    Object::new(&[&[filled("clientId"), filled("tenantId")]]).required(&["clientId", "tenantId"]);

/// How metadata is sent.
pub(super) static REMOTE_METADATA: Object = Object::new(&[&[
    whole("maxSamplesPerSend", Whole::INT32.from(-1)),
    flag("send"),
    matching("sendInterval", Pattern::Duration),
]]);

/// The queue of samples.
pub(super) static REMOTE_QUEUE: Object = Object::new(&[&[
    matching("batchSendDeadline", Pattern::Duration),
    whole("capacity", Whole::ANY),
    matching("maxBackoff", Pattern::Duration),
    whole("maxRetries", Whole::ANY),
    whole("maxSamplesPerSend", Whole::ANY),
    whole("maxShards", Whole::ANY),
    matching("minBackoff", Pattern::Duration),
    whole("minShards", Whole::ANY),
    flag("retryOnRateLimit"),
    matching("sampleAgeLimit", Pattern::Duration),
]]);
