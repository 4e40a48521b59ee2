//! The HTTP client: how targets and discovery servers are reached.

use super::kind::{Field, Kind, Section};

/// Fields that stand inline in scrape configs, Alertmanagers, remote endpoints and most discovery
/// mechanisms.
pub(super) const HTTP_CLIENT: &[Field] = &[
    Field::new("basic_auth", Kind::One(&BASIC_AUTH)),
    Field::new("authorization", Kind::One(&AUTHORIZATION)),
    Field::new("oauth2", Kind::One(&OAUTH2)),
    Field::new("bearer_token", Kind::Secret),
    Field::new("bearer_token_file", Kind::STRING),
    Field::new("tls_config", Kind::One(&TLS_CONFIG)),
    Field::new("follow_redirects", Kind::Bool),
    Field::new("enable_http2", Kind::Bool),
    Field::new("http_headers", Kind::Map("map[string]config.Header", &Kind::One(&HTTP_HEADER))),
];

/// How a proxy is used: inline in the HTTP client and in `oauth2`.
pub(super) const PROXY: &[Field] = &[
    Field::new("proxy_url", Kind::Url),
    Field::new("no_proxy", Kind::STRING),
    Field::new("proxy_from_environment", Kind::Bool),
    Field::new("proxy_connect_header", Kind::Map("config.ProxyHeader", &Kind::Secrets)),
];

const BASIC_AUTH: Section = Section {
    name: "a `basic_auth` section",
    go: "config.plain",
    fields: &[&[
        Field::new("username", Kind::STRING),
        Field::new("username_file", Kind::STRING),
        Field::new("username_ref", Kind::STRING),
        Field::new("password", Kind::Secret),
        Field::new("password_file", Kind::STRING),
        Field::new("password_ref", Kind::STRING),
    ]],
};

const AUTHORIZATION: Section = Section {
    name: "an `authorization` section",
    go: "config.Authorization",
    fields: &[&[
        Field::new("type", Kind::STRING),
        Field::new("credentials", Kind::Secret),
        Field::new("credentials_file", Kind::STRING),
        Field::new("credentials_ref", Kind::STRING),
    ]],
};

const OAUTH2: Section = Section {
    name: "an `oauth2` section",
    go: "config.plain",
    fields: &[
        &[
            Field::new("client_id", Kind::STRING),
            Field::new("client_secret", Kind::Secret),
            Field::new("client_secret_file", Kind::STRING),
            Field::new("client_secret_ref", Kind::STRING),
            Field::new("token_url", Kind::STRING),
            Field::new("scopes", Kind::STRINGS),
            Field::new("endpoint_params", Kind::Map("map[string]string", &Kind::STRING)),
            Field::new("tls_config", Kind::One(&TLS_CONFIG)),
            Field::new("grant_type", Kind::STRING),
            Field::new("client_certificate_key_id", Kind::STRING),
            Field::new("client_certificate_key", Kind::Secret),
            Field::new("client_certificate_key_file", Kind::STRING),
            Field::new("client_certificate_key_ref", Kind::STRING),
            Field::new("signature_algorithm", Kind::STRING),
            Field::new("iss", Kind::STRING),
            Field::new("audience", Kind::STRING),
            Field::new("claims", Kind::Map("map[string]interface {}", &Kind::Any)),
        ],
        PROXY,
    ],
};

pub(super) const TLS_CONFIG: Section = Section {
    name: "a `tls_config` section",
    go: "config.plain",
    fields: &[&[
        Field::new("ca", Kind::STRING),
        Field::new("cert", Kind::STRING),
        Field::new("key", Kind::Secret),
        Field::new("ca_file", Kind::STRING),
        Field::new("cert_file", Kind::STRING),
        Field::new("key_file", Kind::STRING),
        Field::new("ca_ref", Kind::STRING),
        Field::new("cert_ref", Kind::STRING),
        Field::new("key_ref", Kind::STRING),
        Field::new("server_name", Kind::STRING),
        Field::new("insecure_skip_verify", Kind::Bool),
        Field::new("min_version", Kind::STRING),
        Field::new("max_version", Kind::STRING),
    ]],
};

const HTTP_HEADER: Section = Section {
    name: "a header of `http_headers`",
    go: "config.Header",
    fields: &[&[
        Field::new("values", Kind::STRINGS),
        Field::new("secrets", Kind::Secrets),
        Field::new("files", Kind::STRINGS),
    ]],
};
