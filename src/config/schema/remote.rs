//! Remote write and remote read, and the ways to sign their requests.

use super::client::{HTTP_CLIENT, PROXY};
use super::kind::{Field, Kind, Section, SectionCheck, duration, flag, int, one, secret, text};

const HEADERS: &[Field] = &[Field::new("headers", Kind::Map("map[string]string", &Kind::STRING))];

pub(in crate::config) static REMOTE_WRITE: Section = Section::new(
    "an item of `remote_write`",
    "config.plain",
    &[
        &[
            Field::new("url", Kind::Url),
            duration("remote_timeout").default("30s"),
            Field::new("write_relabel_configs", Kind::Own),
            text("name"),
            flag("send_exemplars").default("false"),
            flag("send_native_histograms").default("false").since(2, 40),
            flag("round_robin_dns").default("false").since(3, 1),
            Field::new("protobuf_message", Kind::Text("remote.WriteMessageType"))
                .default("prometheus.WriteRequest")
                .since(2, 54),
            one("queue_config", &QUEUE_CONFIG),
            one("metadata_config", &METADATA_CONFIG),
            one("sigv4", &SIGV4),
            one("azuread", &AZUREAD).since(2, 45),
            one("google_iam", &GOOGLE_IAM).since(2, 55),
            flag("failed_request_logging").default("false").since_next(),
        ],
        HEADERS,
        HTTP_CLIENT,
        PROXY,
    ],
)
.checked(SectionCheck::RemoteWrite);

static QUEUE_CONFIG: Section = Section::new(
    "a `queue_config` section",
    "config.QueueConfig",
    &[&[
        int("capacity").default("10000"),
        int("max_shards").default("50"),
        int("min_shards").default("1"),
        int("max_samples_per_send").default("2000"),
        duration("batch_send_deadline").default("5s"),
        duration("min_backoff").default("30ms"),
        duration("max_backoff").default("5s"),
        flag("retry_on_http_429").default("false"),
        duration("sample_age_limit").default("0s").since(2, 50),
    ]],
);

static METADATA_CONFIG: Section = Section::new(
    "a `metadata_config` section",
    "config.MetadataConfig",
    &[&[
        flag("send").default("true"),
        duration("send_interval").default("1m"),
        int("max_samples_per_send").default("2000"),
    ]],
);

const GOOGLE_IAM: Section =
    Section::new("a `google_iam` section", "googleiam.Config", &[&[text("credentials_file").files()]]);

pub(super) static SIGV4: Section = Section::new(
    "a `sigv4` section",
    "sigv4.plain",
    &[&[
        text("region"),
        text("access_key"),
        secret("secret_key"),
        text("profile"),
        text("role_arn"),
        flag("use_fips_sts_endpoint").since(3, 1),
        text("service_name").since(3, 5),
        text("external_id").since(3, 10),
    ]],
)
.fresh()
.checked(SectionCheck::Sigv4);

static AZUREAD: Section = Section::new(
    "an `azuread` section",
    "azuread.plain",
    &[&[
        text("cloud").default("AzurePublic").since(2, 45),
        one("managed_identity", &MANAGED_IDENTITY).since(2, 45),
        one("oauth", &AZUREAD_OAUTH).since(2, 48),
        one("sdk", &AZUREAD_SDK).since(2, 52),
        one("workload_identity", &WORKLOAD_IDENTITY).since(3, 7),
        one("certificate", &CERTIFICATE).since(3, 13),
        text("scope").since(3, 9),
    ]],
)
.fresh()
.checked(SectionCheck::Azuread);

const MANAGED_IDENTITY: Section =
    Section::new("a `managed_identity` section", "azuread.ManagedIdentityConfig", &[&[text("client_id")]]);

static AZUREAD_OAUTH: Section = Section::new(
    "an `oauth` section",
    "azuread.OAuthConfig",
    &[&[text("client_id"), secret("client_secret"), text("tenant_id")]],
);

static AZUREAD_SDK: Section = Section::new("an `sdk` section", "azuread.SDKConfig", &[&[text("tenant_id")]]);

static WORKLOAD_IDENTITY: Section = Section::new(
    "a `workload_identity` section",
    "azuread.WorkloadIdentityConfig",
    &[&[text("client_id"), text("tenant_id"), text("token_file_path")]],
);

static CERTIFICATE: Section = Section::new(
    "a `certificate` section",
    "azuread.CertificateConfig",
    &[&[
        text("client_id"),
        text("tenant_id"),
        text("certificate_path"),
        text("certificate_key_path"),
        secret("certificate_password"),
        flag("send_certificate_chain"),
    ]],
);

pub(in crate::config) static REMOTE_READ: Section = Section::new(
    "an item of `remote_read`",
    "config.plain",
    &[
        &[
            Field::new("url", Kind::Url),
            duration("remote_timeout").default("30s"),
            Field::new("chunked_read_limit", Kind::Uint64).default("50000000").since(2, 55),
            Field::new("required_matchers", Kind::Labels("model.LabelSet", "model.LabelValue")),
            flag("read_recent").default("false"),
            flag("filter_external_labels").default("true").since(2, 34),
            text("name"),
        ],
        HEADERS,
        HTTP_CLIENT,
        PROXY,
    ],
)
.checked(SectionCheck::RemoteRead);
