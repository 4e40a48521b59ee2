//! Remote write and remote read, and the ways to sign their requests.

use crate::config::checks::remote;

use super::client::{HTTP_CLIENT, PROXY};
use super::kind::{Field, Kind, Section, duration, flag, int, one, secret, text};

const HEADERS: &[Field] = &[Field::new("headers", Kind::Map("map[string]string", &Kind::STRING))];

pub(in crate::config) const REMOTE_WRITE: Section = Section::new(
    "an item of `remote_write`",
    "config.plain",
    &[
        &[
            Field::new("url", Kind::Url),
            duration("remote_timeout"),
            Field::new("write_relabel_configs", Kind::Own),
            text("name"),
            flag("send_exemplars"),
            flag("send_native_histograms"),
            flag("round_robin_dns"),
            Field::new("protobuf_message", Kind::Text("config.RemoteWriteProtoMsg")),
            one("queue_config", &QUEUE_CONFIG),
            one("metadata_config", &METADATA_CONFIG),
            one("sigv4", &SIGV4),
            one("azuread", &AZUREAD),
            one("google_iam", &GOOGLE_IAM),
        ],
        HEADERS,
        HTTP_CLIENT,
        PROXY,
    ],
)
.checked(remote::check_write);

const QUEUE_CONFIG: Section = Section::new(
    "a `queue_config` section",
    "config.QueueConfig",
    &[&[
        int("capacity"),
        int("max_shards"),
        int("min_shards"),
        int("max_samples_per_send"),
        duration("batch_send_deadline"),
        duration("min_backoff"),
        duration("max_backoff"),
        flag("retry_on_http_429"),
        duration("sample_age_limit"),
    ]],
);

const METADATA_CONFIG: Section = Section::new(
    "a `metadata_config` section",
    "config.MetadataConfig",
    &[&[flag("send"), duration("send_interval"), int("max_samples_per_send")]],
);

const GOOGLE_IAM: Section = Section::new("a `google_iam` section", "googleiam.Config", &[&[text("credentials_file")]]);

pub(super) const SIGV4: Section = Section::new(
    "a `sigv4` section",
    "sigv4.plain",
    &[&[
        text("region"),
        text("access_key"),
        secret("secret_key"),
        text("profile"),
        text("role_arn"),
        flag("use_fips_sts_endpoint"),
        text("service_name"),
        text("external_id"),
    ]],
)
.checked(remote::check_sigv4);

const AZUREAD: Section = Section::new(
    "an `azuread` section",
    "azuread.plain",
    &[&[
        text("cloud"),
        one("managed_identity", &MANAGED_IDENTITY),
        one("oauth", &AZUREAD_OAUTH),
        one("sdk", &AZUREAD_SDK),
        one("workload_identity", &WORKLOAD_IDENTITY),
        one("certificate", &CERTIFICATE),
        text("scope"),
    ]],
)
.checked(remote::check_azuread);

const MANAGED_IDENTITY: Section =
    Section::new("a `managed_identity` section", "azuread.ManagedIdentityConfig", &[&[text("client_id")]]);

const AZUREAD_OAUTH: Section = Section::new(
    "an `oauth` section",
    "azuread.OAuthConfig",
    &[&[text("client_id"), secret("client_secret"), text("tenant_id")]],
);

const AZUREAD_SDK: Section = Section::new("an `sdk` section", "azuread.SDKConfig", &[&[text("tenant_id")]]);

const WORKLOAD_IDENTITY: Section = Section::new(
    "a `workload_identity` section",
    "azuread.WorkloadIdentityConfig",
    &[&[text("client_id"), text("tenant_id"), text("token_file_path")]],
);

const CERTIFICATE: Section = Section::new(
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

pub(in crate::config) const REMOTE_READ: Section = Section::new(
    "an item of `remote_read`",
    "config.plain",
    &[
        &[
            Field::new("url", Kind::Url),
            duration("remote_timeout"),
            Field::new("chunked_read_limit", Kind::Uint64),
            Field::new("required_matchers", Kind::Labels("model.LabelSet", "model.LabelValue")),
            flag("read_recent"),
            flag("filter_external_labels"),
            text("name"),
        ],
        HEADERS,
        HTTP_CLIENT,
        PROXY,
    ],
)
.checked(remote::check_read);
