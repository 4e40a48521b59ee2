//! The HTTP client: credentials, TLS, proxies.

use super::super::checks;
use super::super::shape::{Field, Object, Pattern, Shape, choice, filled, flag, map, matching, object, text, texts};
use super::choices::TLS_VERSIONS;
use super::values::TEXT;

/// How a proxy is used.
pub(super) const PROXY: &[Field] = &[
    text("noProxy"),
    map("proxyConnectHeader", &SECRET_KEY_LIST),
    flag("proxyFromEnvironment"),
    matching("proxyUrl", Pattern::ProxyUrl),
];

/// How a discovery server is reached.
pub(super) const TRANSPORT: &[Field] = &[flag("enableHTTP2"), flag("followRedirects"), object("tlsConfig", &TLS)];

/// How to log in at a discovery server.
pub(super) const CREDENTIALS: &[Field] =
    &[object("authorization", &AUTHORIZATION), object("basicAuth", &BASIC_AUTH), object("oauth2", &OAUTH2)];

/// The same, without a password.
pub(super) const TOKENS: &[Field] = &[object("authorization", &AUTHORIZATION), object("oauth2", &OAUTH2)];

/// A key of a Secret, or of a ConfigMap.
pub(super) static SECRET_KEY: Object =
    Object::new(&[&[text("key"), text("name").default(""), flag("optional")]]).required(&["key"]);

pub(super) static SECRET_KEY_LIST: Shape = Shape::Objects(&SECRET_KEY);

/// A key of a Secret or of a ConfigMap.
pub(super) static SECRET_OR_CONFIG_MAP: Object =
    Object::new(&[&[object("configMap", &SECRET_KEY), object("secret", &SECRET_KEY)]]);

/// A user name and a password.
pub(super) static BASIC_AUTH: Object =
    Object::new(&[&[object("password", &SECRET_KEY), object("username", &SECRET_KEY)]]);

/// Credentials of an `Authorization` header.
pub(super) static AUTHORIZATION: Object = Object::new(&[&[object("credentials", &SECRET_KEY), text("type")]]);

/// The same, or a file that has them.
pub(super) static AUTHORIZATION_OR_FILE: Object =
    Object::new(&[&[object("credentials", &SECRET_KEY), text("credentialsFile"), text("type")]]);

/// How to get a token.
pub(super) static OAUTH2: Object = Object::new(&[
    &[
        object("clientId", &SECRET_OR_CONFIG_MAP),
        object("clientSecret", &SECRET_KEY),
        map("endpointParams", &TEXT),
        texts("scopes"),
        object("tlsConfig", &TLS),
        matching("tokenUrl", Pattern::HttpUrl),
    ],
    PROXY,
])
.required(&["clientId", "clientSecret", "tokenUrl"]);

/// TLS, with certificates from Secrets and ConfigMaps.
pub(super) static TLS: Object = Object::new(&[&[
    object("ca", &SECRET_OR_CONFIG_MAP),
    object("cert", &SECRET_OR_CONFIG_MAP),
    flag("insecureSkipVerify"),
    object("keySecret", &SECRET_KEY),
    choice("maxVersion", TLS_VERSIONS),
    choice("minVersion", TLS_VERSIONS),
    text("serverName"),
]]);

/// The same, or with certificates from files.
pub(super) static TLS_OR_FILES: Object = Object::new(&[&[
    object("ca", &SECRET_OR_CONFIG_MAP),
    text("caFile"),
    object("cert", &SECRET_OR_CONFIG_MAP),
    text("certFile"),
    flag("insecureSkipVerify"),
    text("keyFile"),
    object("keySecret", &SECRET_KEY),
    choice("maxVersion", TLS_VERSIONS),
    choice("minVersion", TLS_VERSIONS),
    text("serverName"),
]]);

/// How to sign requests to AWS.
pub(super) static SIGV4: Object = Object::new(&[&[
    object("accessKey", &SECRET_KEY),
    filled("externalId"),
    text("profile"),
    text("region"),
    text("roleArn"),
    object("secretKey", &SECRET_KEY),
    flag("useFIPSSTSEndpoint"),
]])
.checked(checks::external_id);
