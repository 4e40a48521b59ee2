//! Cloud providers other than Amazon.

use crate::config::schema::client::{HTTP_CLIENT, PROXY, TLS_CONFIG};

use super::{Field, Kind, PORT, REFRESH, Section, SectionCheck, flag, not_before, one, secret, text, texts};

const AZURE_CLIENT: [Field; HTTP_CLIENT.len()] = not_before(HTTP_CLIENT, 2, 31);
const AZURE_PROXY: [Field; PROXY.len()] = not_before(PROXY, 2, 31);

pub(super) static AZURE: Section = Section::new(
    "an item of `azure_sd_configs`",
    "azure.plain",
    &[
        &[
            REFRESH,
            PORT,
            text("environment"),
            text("authentication_method"),
            text("subscription_id"),
            text("tenant_id"),
            text("client_id"),
            secret("client_secret"),
            text("resource_group").since(2, 35),
        ],
        &AZURE_CLIENT,
        &AZURE_PROXY,
    ],
)
.checked(SectionCheck::Azure);

pub(super) static DIGITALOCEAN: Section = Section::new(
    "an item of `digitalocean_sd_configs`",
    "digitalocean.plain",
    &[
        &[REFRESH, PORT, text("role").since(3, 12), Field::new("httpclient", Kind::Any).since(3, 12)],
        HTTP_CLIENT,
        PROXY,
    ],
)
.checked(SectionCheck::Digitalocean);

pub(super) static GCE: Section = Section::new(
    "an item of `gce_sd_configs`",
    "gce.plain",
    &[&[REFRESH, PORT, text("project"), text("zone"), text("filter"), text("tag_separator")]],
)
.checked(SectionCheck::Gce);

pub(super) static HETZNER: Section = Section::new(
    "an item of `hetzner_sd_configs`",
    "hetzner.plain",
    &[&[REFRESH, PORT, text("role"), text("label_selector").since(3, 5)], HTTP_CLIENT, PROXY],
)
.checked(SectionCheck::Hetzner);

pub(super) static IONOS: Section = Section::new(
    "an item of `ionos_sd_configs`",
    "ionos.plain",
    &[&[REFRESH, PORT, text("datacenter_id")], HTTP_CLIENT, PROXY],
)
.checked(SectionCheck::Ionos);

pub(super) static LINODE: Section = Section::new(
    "an item of `linode_sd_configs`",
    "linode.plain",
    &[&[REFRESH, PORT, text("tag_separator"), text("region").since(2, 52)], HTTP_CLIENT, PROXY],
)
.checked(SectionCheck::HttpClient);

pub(super) static OCI: Section = Section::new(
    "an item of `oci_sd_configs`",
    "oci.plain",
    &[
        &[
            REFRESH,
            PORT,
            text("auth"),
            text("region"),
            text("tenancy"),
            text("user"),
            text("fingerprint"),
            text("key_file").files(),
            secret("key_passphrase"),
            text("key_passphrase_file").files(),
            texts("compartments"),
        ],
        HTTP_CLIENT,
        PROXY,
    ],
)
.checked(SectionCheck::Oci);

pub(super) static OPENSTACK: Section = Section::new(
    "an item of `openstack_sd_configs`",
    "openstack.plain",
    &[&[
        REFRESH,
        PORT,
        text("role"),
        text("region"),
        text("identity_endpoint"),
        text("username"),
        text("userid"),
        secret("password"),
        text("project_name"),
        text("project_id"),
        text("domain_name"),
        text("domain_id"),
        text("application_credential_name"),
        text("application_credential_id"),
        secret("application_credential_secret"),
        flag("all_tenants"),
        text("availability"),
        one("tls_config", &TLS_CONFIG),
    ]],
)
.checked(SectionCheck::Openstack);

pub(super) static OUTSCALE: Section = Section::new(
    "an item of `outscale_sd_configs`",
    "outscale.plain",
    &[
        &[
            REFRESH,
            PORT,
            text("region"),
            text("endpoint"),
            text("access_key"),
            secret("secret_key"),
            text("secret_key_file").files(),
        ],
        HTTP_CLIENT,
        PROXY,
    ],
)
.checked(SectionCheck::Outscale);

pub(super) static OVHCLOUD: Section = Section::new(
    "an item of `ovhcloud_sd_configs`",
    "ovhcloud.plain",
    &[&[
        REFRESH,
        text("endpoint"),
        text("application_key"),
        secret("application_secret"),
        secret("consumer_key"),
        text("service"),
    ]],
)
.checked(SectionCheck::Ovhcloud);

pub(super) static SCALEWAY: Section = Section::new(
    "an item of `scaleway_sd_configs`",
    "scaleway.plain",
    &[
        &[
            REFRESH,
            PORT,
            text("role"),
            text("project_id"),
            text("access_key"),
            secret("secret_key"),
            text("secret_key_file").files(),
            text("zone"),
            text("api_url"),
            text("name_filter"),
            texts("tags_filter"),
        ],
        HTTP_CLIENT,
        PROXY,
    ],
)
.checked(SectionCheck::Scaleway);

pub(super) static STACKIT: Section = Section::new(
    "an item of `stackit_sd_configs`",
    "stackit.plain",
    &[
        &[
            REFRESH,
            PORT,
            text("project"),
            text("region"),
            text("endpoint"),
            secret("service_account_key"),
            secret("private_key"),
            text("service_account_key_path"),
            text("private_key_path"),
            text("credentials_file_path"),
        ],
        HTTP_CLIENT,
        PROXY,
    ],
)
.checked(SectionCheck::Stackit);

pub(super) const VULTR: Section =
    Section::new("an item of `vultr_sd_configs`", "vultr.plain", &[&[REFRESH, PORT], HTTP_CLIENT, PROXY])
        .checked(SectionCheck::HttpClient);
