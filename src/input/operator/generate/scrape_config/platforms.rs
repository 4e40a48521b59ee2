//! Targets that are listed, and those that platforms know.

use super::super::super::document::Out;
use super::super::super::value::Value;
use super::super::Server;
use super::parts::Part::{
    Always, Authorization, BasicAuth, Copy, Filled, FilledMap, Filters, FollowRedirects, Http2, List, Lower, Map,
    OAuth2, Own, Proxy, Secret, Since, Tls,
};
use super::parts::{self, Mechanism, Part};

const REFRESH: Part = Copy("refreshInterval", "refresh_interval");
const PORT: Part = Copy("port", "port");

pub(super) const STATIC: Mechanism = Mechanism {
    key: "staticConfigs",
    name: "static_configs",
    parts: &[List("targets", "targets"), Map("labels", "labels")],
};

pub(super) const FILE: Mechanism =
    Mechanism { key: "fileSDConfigs", name: "file_sd_configs", parts: &[List("files", "files"), REFRESH] };

pub(super) const HTTP: Mechanism = Mechanism {
    key: "httpSDConfigs",
    name: "http_sd_configs",
    parts: &[BasicAuth, Authorization, Tls, Proxy, OAuth2, Always("url", "url"), REFRESH, FollowRedirects, Http2],
};

pub(super) const KUBERNETES: Mechanism = Mechanism {
    key: "kubernetesSDConfigs",
    name: "kubernetes_sd_configs",
    parts: &[
        Copy("apiServer", "api_server"),
        Own(kubernetes_role),
        BasicAuth,
        Authorization,
        OAuth2,
        Proxy,
        FollowRedirects,
        Http2,
        Tls,
        Own(kubernetes_scope),
    ],
};

fn kubernetes_role(server: &Server<'_>, own: &Value, out: &mut Out) {
    let is_known = |role: &&Value| role.as_str() != Some("EndpointSlice") || server.is_from(2, 21);
    out.put_some("role", own.get("role").filter(is_known).map(parts::lower));
}

fn kubernetes_scope(server: &Server<'_>, own: &Value, out: &mut Out) {
    out.put_some("namespaces", parts::namespaces(own));
    out.put_some("selectors", parts::selectors(own).filter(|_| server.is_from(2, 17)));
    out.put_some("attach_metadata", parts::attach_metadata(server, own));
}

pub(super) const CONSUL: Mechanism = Mechanism {
    key: "consulSDConfigs",
    name: "consul_sd_configs",
    parts: &[
        BasicAuth,
        Authorization,
        OAuth2,
        Proxy,
        Tls,
        Always("server", "server"),
        Copy("pathPrefix", "path_prefix"),
        Secret("tokenRef", "token"),
        Copy("datacenter", "datacenter"),
        Copy("namespace", "namespace"),
        Copy("partition", "partition"),
        Lower("scheme", "scheme"),
        Filled("services", "services"),
        Filled("tags", "tags"),
        Copy("tagSeparator", "tag_separator"),
        FilledMap("nodeMeta", "node_meta"),
        Copy("filter", "filter"),
        Since([3, 11, 2], &[Copy("healthFilter", "health_filter")]),
        Copy("allowStale", "allow_stale"),
        REFRESH,
        FollowRedirects,
        Http2,
    ],
};

pub(super) const DNS: Mechanism = Mechanism {
    key: "dnsSDConfigs",
    name: "dns_sd_configs",
    parts: &[List("names", "names"), REFRESH, Own(dns_type), PORT],
};

fn dns_type(server: &Server<'_>, own: &Value, out: &mut Out) {
    let is_known = |kind: &&Value| match kind.as_str() {
        Some("NS") => server.is_from(2, 49),
        Some("MX") => server.is_from(2, 38),
        _ => true,
    };
    out.put_some("type", own.get("type").filter(is_known).map(Out::copied));
}

pub(super) const KUMA: Mechanism = Mechanism {
    key: "kumaSDConfigs",
    name: "kuma_sd_configs",
    parts: &[
        BasicAuth,
        Authorization,
        OAuth2,
        Proxy,
        Always("server", "server"),
        FollowRedirects,
        Http2,
        Tls,
        REFRESH,
        Copy("fetchTimeout", "fetch_timeout"),
        Copy("clientID", "client_id"),
    ],
};

pub(super) const EUREKA: Mechanism = Mechanism {
    key: "eurekaSDConfigs",
    name: "eureka_sd_configs",
    parts: &[BasicAuth, Authorization, OAuth2, Proxy, FollowRedirects, Http2, Tls, REFRESH, Filled("server", "server")],
};

pub(super) const DOCKER: Mechanism = Mechanism {
    key: "dockerSDConfigs",
    name: "docker_sd_configs",
    parts: &[
        Authorization,
        OAuth2,
        Proxy,
        BasicAuth,
        Filters,
        Always("host", "host"),
        Tls,
        PORT,
        Copy("hostNetworkingHost", "host_networking_host"),
        Since([2, 54, 1], &[Copy("matchFirstNetwork", "match_first_network")]),
        REFRESH,
        FollowRedirects,
        Http2,
    ],
};

pub(super) const DOCKER_SWARM: Mechanism = Mechanism {
    key: "dockerSwarmSDConfigs",
    name: "dockerswarm_sd_configs",
    parts: &[
        BasicAuth,
        Authorization,
        OAuth2,
        Proxy,
        Filters,
        Always("host", "host"),
        Tls,
        Lower("role", "role"),
        PORT,
        REFRESH,
        FollowRedirects,
        Http2,
    ],
};

pub(super) const NOMAD: Mechanism = Mechanism {
    key: "nomadSDConfigs",
    name: "nomad_sd_configs",
    parts: &[
        BasicAuth,
        Authorization,
        OAuth2,
        Proxy,
        Always("server", "server"),
        Copy("allowStale", "allow_stale"),
        Copy("namespace", "namespace"),
        REFRESH,
        Copy("region", "region"),
        Copy("tagSeparator", "tag_separator"),
        FollowRedirects,
        Http2,
        Tls,
    ],
};

pub(super) const PUPPET_DB: Mechanism = Mechanism {
    key: "puppetDBSDConfigs",
    name: "puppetdb_sd_configs",
    parts: &[
        BasicAuth,
        Authorization,
        OAuth2,
        Proxy,
        Always("url", "url"),
        Always("query", "query"),
        Copy("includeParameters", "include_parameters"),
        PORT,
        REFRESH,
        FollowRedirects,
        Tls,
        Http2,
    ],
};
