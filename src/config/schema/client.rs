//! The HTTP client: how targets and discovery servers are reached.

use super::kind::{Field, Kind, Section, SectionCheck, flag, one, secret, text, texts};

/// The Go type of headers: a struct that has a mapping of free names inline.
pub(in crate::config) const INLINE_MAP: &str = "config.Headers";

/// Fields that are inline in scrape configs, Alertmanagers, remote endpoints and most discovery
/// mechanisms.
pub(super) const HTTP_CLIENT: &[Field] = &[
    one("basic_auth", &BASIC_AUTH),
    one("authorization", &AUTHORIZATION),
    one("oauth2", &OAUTH2),
    secret("bearer_token").deprecated("authorization.credentials"),
    text("bearer_token_file").files().deprecated("authorization.credentials_file"),
    one("tls_config", &TLS_CONFIG),
    flag("follow_redirects").default("true"),
    flag("enable_http2").since(2, 35),
    Field::new("http_headers", Kind::Map(INLINE_MAP, &HEADERS)).since(2, 53),
];

/// How a proxy is used: inline in the HTTP client and in `oauth2`.
pub(super) const PROXY: &[Field] = &[
    Field::new("proxy_url", Kind::Url),
    text("no_proxy").since(2, 43),
    flag("proxy_from_environment").default("false").since(2, 43),
    Field::new("proxy_connect_header", Kind::Map("config.ProxyHeader", &Kind::Secrets)).since(2, 41),
];

/// The same in `oauth2`, which had it at other times.
const OAUTH2_PROXY: &[Field] = &[
    Field::new("proxy_url", Kind::Url).since(2, 35),
    text("no_proxy").since(2, 43),
    flag("proxy_from_environment").default("false").since(2, 43),
    Field::new("proxy_connect_header", Kind::Map("config.ProxyHeader", &Kind::Secrets)).since(2, 43),
];

static BASIC_AUTH: Section = Section::new(
    "a `basic_auth` section",
    "config.plain",
    &[&[
        text("username"),
        text("username_file").files().since(2, 49),
        text("username_ref").since(2, 53),
        secret("password"),
        text("password_file").files(),
        text("password_ref").since(2, 53),
    ]],
);

static AUTHORIZATION: Section = Section::new(
    "an `authorization` section",
    "config.Authorization",
    &[&[
        text("type").default("Bearer"),
        secret("credentials"),
        text("credentials_file").files(),
        text("credentials_ref").since(2, 53),
    ]],
);

static OAUTH2: Section = Section::new(
    "an `oauth2` section",
    "config.plain",
    &[
        &[
            text("client_id"),
            secret("client_secret"),
            text("client_secret_file").files(),
            text("client_secret_ref").since(2, 53),
            text("token_url"),
            texts("scopes"),
            Field::new("endpoint_params", Kind::Map("map[string]string", &Kind::STRING)),
            one("tls_config", &TLS_CONFIG).since(2, 31),
            text("grant_type").since(3, 8),
            text("client_certificate_key_id").since(3, 8),
            secret("client_certificate_key").since(3, 8),
            text("client_certificate_key_file").files().since(3, 8),
            text("client_certificate_key_ref").since(3, 8),
            text("signature_algorithm").default("RS256").since(3, 8),
            text("iss").since(3, 8),
            text("audience").since(3, 8),
            Field::new("claims", Kind::Map("map[string]interface {}", &Kind::Any)).since(3, 8),
        ],
        OAUTH2_PROXY,
    ],
)
.formerly("config.OAuth2")
.checked(SectionCheck::Oauth2Proxy);

pub(super) static TLS_CONFIG: Section = Section::new(
    "a `tls_config` section",
    "config.plain",
    &[&[
        text("ca").since(2, 45),
        text("cert").since(2, 45),
        secret("key").since(2, 45),
        text("ca_file").files(),
        text("cert_file").files(),
        text("key_file").files(),
        text("ca_ref").since(2, 53),
        text("cert_ref").since(2, 53),
        text("key_ref").since(2, 53),
        text("server_name"),
        flag("insecure_skip_verify"),
        text("min_version").since(2, 35),
        text("max_version").since(2, 41),
    ]],
)
.checked(SectionCheck::Tls);

static HEADERS: Kind = Kind::One(&HTTP_HEADER);

static HTTP_HEADER: Section = Section::new(
    "a header of `http_headers`",
    "config.Header",
    &[&[texts("values"), Field::new("secrets", Kind::Secrets), texts("files").files()]],
);
