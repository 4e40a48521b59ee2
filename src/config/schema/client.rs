//! The HTTP client: how targets and discovery servers are reached.

use crate::config::checks::client;

use super::kind::{Field, Kind, Section, flag, one, secret, text, texts};

/// Fields that stand inline in scrape configs, Alertmanagers, remote endpoints and most discovery
/// mechanisms.
pub(super) const HTTP_CLIENT: &[Field] = &[
    one("basic_auth", &BASIC_AUTH),
    one("authorization", &AUTHORIZATION),
    one("oauth2", &OAUTH2),
    secret("bearer_token"),
    text("bearer_token_file"),
    one("tls_config", &TLS_CONFIG),
    flag("follow_redirects"),
    flag("enable_http2"),
    Field::new("http_headers", Kind::Map("map[string]config.Header", &Kind::One(&HTTP_HEADER))),
];

/// How a proxy is used: inline in the HTTP client and in `oauth2`.
pub(super) const PROXY: &[Field] = &[
    Field::new("proxy_url", Kind::Url),
    text("no_proxy"),
    flag("proxy_from_environment"),
    Field::new("proxy_connect_header", Kind::Map("config.ProxyHeader", &Kind::Secrets)),
];

const BASIC_AUTH: Section = Section::new(
    "a `basic_auth` section",
    "config.plain",
    &[&[
        text("username"),
        text("username_file"),
        text("username_ref"),
        secret("password"),
        text("password_file"),
        text("password_ref"),
    ]],
);

const AUTHORIZATION: Section = Section::new(
    "an `authorization` section",
    "config.Authorization",
    &[&[text("type"), secret("credentials"), text("credentials_file"), text("credentials_ref")]],
);

const OAUTH2: Section = Section::new(
    "an `oauth2` section",
    "config.plain",
    &[
        &[
            text("client_id"),
            secret("client_secret"),
            text("client_secret_file"),
            text("client_secret_ref"),
            text("token_url"),
            texts("scopes"),
            Field::new("endpoint_params", Kind::Map("map[string]string", &Kind::STRING)),
            one("tls_config", &TLS_CONFIG),
            text("grant_type"),
            text("client_certificate_key_id"),
            secret("client_certificate_key"),
            text("client_certificate_key_file"),
            text("client_certificate_key_ref"),
            text("signature_algorithm"),
            text("iss"),
            text("audience"),
            Field::new("claims", Kind::Map("map[string]interface {}", &Kind::Any)),
        ],
        PROXY,
    ],
)
.checked(client::check_oauth2_proxy);

pub(super) const TLS_CONFIG: Section = Section::new(
    "a `tls_config` section",
    "config.plain",
    &[&[
        text("ca"),
        text("cert"),
        secret("key"),
        text("ca_file"),
        text("cert_file"),
        text("key_file"),
        text("ca_ref"),
        text("cert_ref"),
        text("key_ref"),
        text("server_name"),
        flag("insecure_skip_verify"),
        text("min_version"),
        text("max_version"),
    ]],
)
.checked(client::check_tls);

const HTTP_HEADER: Section = Section::new(
    "a header of `http_headers`",
    "config.Header",
    &[&[texts("values"), Field::new("secrets", Kind::Secrets), texts("files")]],
);
