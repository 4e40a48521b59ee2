//! Orchestrators, registries and directories.

use crate::config::schema::client::{HTTP_CLIENT, PROXY, TLS_CONFIG};

use super::{Field, Kind, PORT, REFRESH, Section, SectionCheck, duration, flag, int, one, secret, text, texts};

pub(super) static CONSUL: Section = Section::new(
    "an item of `consul_sd_configs`",
    "consul.plain",
    &[
        &[
            REFRESH,
            text("server"),
            text("path_prefix").since(2, 45),
            secret("token"),
            text("datacenter"),
            text("namespace"),
            text("partition").since(2, 40),
            text("scheme"),
            text("username").deprecated("basic_auth.username"),
            secret("password").deprecated("basic_auth.password"),
            text("tag_separator"),
            flag("allow_stale"),
            texts("services"),
            texts("tags"),
            Field::new("node_meta", Kind::Map("map[string]string", &Kind::STRING)),
            text("filter").since(3, 0),
            text("health_filter").since_patch(3, 11, 2),
        ],
        HTTP_CLIENT,
        PROXY,
    ],
)
.checked(SectionCheck::Consul);

pub(super) const DNS: Section =
    Section::new("an item of `dns_sd_configs`", "dns.plain", &[&[REFRESH, PORT, texts("names"), text("type")]])
        .checked(SectionCheck::Dns);

const MOBY_FILTERS: &[Field] = &[Field::new("filters", Kind::Many("[]moby.Filter", &MOBY_FILTER))];
static MOBY_FILTER: Section = Section::new("a filter", "moby.Filter", &[&[text("name"), texts("values")]]);

pub(super) static DOCKER: Section = Section::new(
    "an item of `docker_sd_configs`",
    "moby.plain",
    &[
        &[REFRESH, PORT, text("host"), text("host_networking_host"), flag("match_first_network").since(2, 54)],
        MOBY_FILTERS,
        HTTP_CLIENT,
        PROXY,
    ],
)
.checked(SectionCheck::Docker);

pub(super) static DOCKERSWARM: Section = Section::new(
    "an item of `dockerswarm_sd_configs`",
    "moby.plain",
    &[&[REFRESH, PORT, text("host"), text("role")], MOBY_FILTERS, HTTP_CLIENT, PROXY],
)
.checked(SectionCheck::Dockerswarm);

pub(super) const EUREKA: Section =
    Section::new("an item of `eureka_sd_configs`", "eureka.plain", &[&[REFRESH, text("server")], HTTP_CLIENT, PROXY])
        .checked(SectionCheck::Eureka);

pub(super) const HTTP: Section =
    Section::new("an item of `http_sd_configs`", "http.plain", &[&[REFRESH, text("url")], HTTP_CLIENT, PROXY])
        .checked(SectionCheck::Http);

pub(super) static KUBERNETES: Section = Section::new(
    "an item of `kubernetes_sd_configs`",
    "kubernetes.plain",
    &[
        &[
            text("role"),
            Field::new("api_server", Kind::Url),
            text("kubeconfig_file").files(),
            one("namespaces", &NAMESPACES),
            Field::new("selectors", Kind::Many("[]kubernetes.SelectorConfig", &SELECTOR)),
            one("attach_metadata", &ATTACH_METADATA).since(2, 35),
        ],
        HTTP_CLIENT,
        PROXY,
    ],
)
.checked(SectionCheck::Kubernetes);

static NAMESPACES: Section = Section::new(
    "a `namespaces` section",
    "kubernetes.plain",
    &[&[flag("own_namespace").since(2, 33), texts("names")]],
)
.fresh();

static SELECTOR: Section = Section::new(
    "an item of `selectors`",
    "kubernetes.SelectorConfig",
    &[&[text("role"), text("label"), text("field")]],
);

static ATTACH_METADATA: Section = Section::new(
    "an `attach_metadata` section",
    "kubernetes.AttachMetadataConfig",
    &[&[
        flag("node"),
        flag("namespace").since(3, 6),
        flag("deployment").since(3, 11),
        flag("job").since(3, 11),
        flag("cronjob").since(3, 11),
    ]],
);

pub(super) static KUMA: Section = Section::new(
    "an item of `kuma_sd_configs`",
    "xds.plainKumaConf",
    &[&[REFRESH, text("server"), text("client_id").since(2, 50), duration("fetch_timeout")], HTTP_CLIENT, PROXY],
)
.checked(SectionCheck::Kuma);

pub(super) static MARATHON: Section = Section::new(
    "an item of `marathon_sd_configs`",
    "marathon.plain",
    &[&[REFRESH, texts("servers"), secret("auth_token"), text("auth_token_file").files()], HTTP_CLIENT, PROXY],
)
.checked(SectionCheck::Marathon);

const ZOOKEEPER: &[Field] = &[texts("servers"), texts("paths"), duration("timeout")];

pub(super) const NERVE: Section =
    Section::new("an item of `nerve_sd_configs`", "zookeeper.plain", &[ZOOKEEPER]).checked(SectionCheck::Nerve);

pub(super) const SERVERSET: Section =
    Section::new("an item of `serverset_sd_configs`", "zookeeper.plain", &[ZOOKEEPER]).checked(SectionCheck::Serverset);

pub(super) static NOMAD: Section = Section::new(
    "an item of `nomad_sd_configs`",
    "nomad.plain",
    &[
        &[REFRESH, text("server"), text("namespace"), text("region"), text("tag_separator"), flag("allow_stale")],
        HTTP_CLIENT,
        PROXY,
    ],
)
.checked(SectionCheck::Nomad);

pub(super) static PUPPETDB: Section = Section::new(
    "an item of `puppetdb_sd_configs`",
    "puppetdb.plain",
    &[&[REFRESH, PORT, text("url"), text("query"), flag("include_parameters")], HTTP_CLIENT, PROXY],
)
.checked(SectionCheck::Puppetdb);

pub(super) static TRITON: Section = Section::new(
    "an item of `triton_sd_configs`",
    "triton.plain",
    &[&[
        REFRESH,
        PORT,
        text("account"),
        text("dns_suffix"),
        text("endpoint"),
        text("role"),
        texts("groups"),
        int("version"),
        one("tls_config", &TLS_CONFIG),
    ]],
)
.checked(SectionCheck::Triton);

pub(super) static UYUNI: Section = Section::new(
    "an item of `uyuni_sd_configs`",
    "uyuni.plain",
    &[
        &[REFRESH, text("server"), text("username"), secret("password"), text("entitlement"), text("separator")],
        HTTP_CLIENT,
        PROXY,
    ],
)
.checked(SectionCheck::Uyuni);
