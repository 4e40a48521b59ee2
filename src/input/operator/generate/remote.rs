//! `remote_write` and `remote_read`.
//!
//! Source: `GenerateRemoteWriteConfig`, `generateRemoteReadConfig`.

use super::super::document::Out;
use super::super::value::Value;
use super::Server;
use super::common::{self, auth, proxy, rules, tls};
use super::monitor::sorted;

/// The list of a field, if it has an entry.
fn list(server: &Server<'_>, key: &str, entry: impl Fn(&Server<'_>, &Value) -> Out) -> Option<Out> {
    let own = server.get(key).filter(|list| !list.items().is_empty())?;
    let entries = own.items().iter().map(|own| entry(server, own).because(own.at));
    Some(Out::list(entries.collect()).because(own.at))
}

pub(super) fn remote_write(server: &Server<'_>) -> Option<Out> {
    list(server, "remoteWrite", write)
}

pub(super) fn remote_read(server: &Server<'_>) -> Option<Out> {
    list(server, "remoteRead", read)
}

/// `url`, `remote_timeout`, `headers`, `name`.
fn start(server: &Server<'_>, own: &Value, headers_since: (u64, u64)) -> Out {
    let mut out = Out::map().with("url", own.get("url").map_or_else(|| Out::text(""), proxy::url));
    out.put_some("remote_timeout", own.get("remoteTimeout").map(Out::copied));
    let headers = own.get("headers").filter(|headers| !headers.entries().is_empty());
    let headers = headers.filter(|_| server.is_from(headers_since.0, headers_since.1));
    out.put_some("headers", headers.map(sorted));
    out.put_some("name", own.filled("name").filter(|_| server.is_from(2, 15)).map(Out::copied));
    out
}

/// How the other side is asked.
fn put_client(server: &Server<'_>, out: &mut Out, own: &Value) {
    let namespace = &server.id.namespace;
    out.put_some("basic_auth", own.get("basicAuth").map(auth::basic_auth));
    out.put_some("bearer_token", own.filled("bearerToken").map(|token| Out::secret().because(token.at)));
    out.put_some("bearer_token_file", own.filled("bearerTokenFile").map(Out::copied));
    out.put_some("oauth2", own.get("oauth2").and_then(|own| auth::oauth2(server, namespace, own)));
    out.put_some("tls_config", own.get("tlsConfig").map(|own| tls::config(server, namespace, own)));
    out.put_some("authorization", own.get("authorization").and_then(|own| auth::authorization(server, own)));
    proxy::put(server, out, own);
}

fn read(server: &Server<'_>, own: &Value) -> Out {
    let mut out = start(server, own, (2, 26));
    let matchers = own.get("requiredMatchers").filter(|matchers| !matchers.entries().is_empty());
    out.put_some("required_matchers", matchers.map(sorted));
    let recent = own.get("readRecent").filter(|recent| recent.as_bool() == Some(true));
    out.put_some("read_recent", recent.map(Out::copied));
    put_client(server, &mut out, own);
    out.put_some("follow_redirects", common::follow_redirects(server, own));
    let filters = own.get("filterExternalLabels").filter(|_| server.is_from(2, 34));
    out.put_some("filter_external_labels", filters.map(Out::copied));
    out
}

fn write(server: &Server<'_>, own: &Value) -> Out {
    let since = |key: &str, major: u64, minor: u64| own.get(key).filter(|_| server.is_from(major, minor));
    let mut out = start(server, own, (2, 15));
    out.put_some("protobuf_message", since("messageVersion", 2, 54).map(message));
    out.put_some("send_exemplars", since("sendExemplars", 2, 27).map(Out::copied));
    out.put_some("send_native_histograms", since("sendNativeHistograms", 2, 40).map(Out::copied));
    let list: Vec<Out> = rules::of_user(own, "writeRelabelConfigs").collect();
    out.put_some("write_relabel_configs", Some(Out::list(list)).filter(|list| !list.is_empty()));
    put_client(server, &mut out, own);
    out.put_some("sigv4", since("sigv4", 2, 26).map(|own| sigv4(server, own)));
    out.put_some("azuread", since("azureAd", 2, 45).map(|own| azure(server, own)));
    out.put_some("follow_redirects", common::follow_redirects(server, own));
    out.put_some("enable_http2", common::enable_http2(server, own, "enableHTTP2"));
    out.put_some("queue_config", own.get("queueConfig").map(|own| queue(server, own)));
    out.put_some("metadata_config", since("metadataConfig", 2, 23).map(|own| metadata(server, own)));
    out.put_some("round_robin_dns", since("roundRobinDNS", 3, 1).map(Out::copied));
    out
}

/// The message of a version of the protocol.
fn message(own: &Value) -> Out {
    let name = match own.as_str() {
        Some("V2.0") => "io.prometheus.write.v2.Request",
        _ => "prometheus.WriteRequest",
    };
    Out::text(name).because(own.at)
}

/// `sigv4`, with the keys of both Secrets or none.
pub(super) fn sigv4(server: &Server<'_>, own: &Value) -> Out {
    let mut out = Out::map();
    out.put_some("region", own.filled("region").map(Out::copied));
    if own.get("accessKey").is_some() && own.get("secretKey").is_some() {
        out.put("access_key", auth::secret(own, "accessKey"));
        out.put("secret_key", auth::secret(own, "secretKey"));
    }
    out.put_some("profile", own.filled("profile").map(Out::copied));
    out.put_some("role_arn", own.filled("roleArn").map(Out::copied));
    out.put_some("external_id", own.filled("externalId").filter(|_| server.is_from(3, 10)).map(Out::copied));
    let fips = own.get("useFIPSSTSEndpoint").filter(|_| server.is_from(2, 54));
    out.put_some("use_fips_sts_endpoint", fips.map(Out::copied));
    out.because(own.at)
}

fn azure(server: &Server<'_>, own: &Value) -> Out {
    let of = |own: &Value, key: &str| own.get(key).map_or_else(|| Out::text(""), Out::copied);
    let mut out = Out::map();
    if let Some(identity) = own.get("managedIdentity") {
        let mut inner = Out::map();
        inner.put_some("client_id", identity.filled("clientId").map(Out::copied));
        out.put("managed_identity", inner.because(identity.at));
    }
    if let Some(oauth) = own.get("oauth").filter(|_| server.is_from(2, 48)) {
        let inner = Out::map()
            .with("client_id", of(oauth, "clientId"))
            .with("client_secret", auth::secret(oauth, "clientSecret"))
            .with("tenant_id", of(oauth, "tenantId"));
        out.put("oauth", inner.because(oauth.at));
    }
    if let Some(sdk) = own.get("sdk").filter(|_| server.is_from(2, 52)) {
        out.put("sdk", Out::map().with("tenant_id", of(sdk, "tenantId")).because(sdk.at));
    }
    if let Some(workload) = own.get("workloadIdentity").filter(|_| server.is_from(3, 7)) {
        let inner = Out::map().with("client_id", of(workload, "clientId")).with("tenant_id", of(workload, "tenantId"));
        out.put("workload_identity", inner.because(workload.at));
    }
    out.put_some("cloud", own.get("cloud").map(Out::copied));
    out.put_some("scope", own.filled("scope").filter(|_| server.is_from(3, 9)).map(Out::copied));
    out.because(own.at)
}

fn queue(server: &Server<'_>, own: &Value) -> Out {
    let number = |key: &str| own.get(key).filter(|value| value.as_int() != Some(0)).map(Out::copied);
    let text = |key: &str| own.get(key).map(Out::copied);
    let mut out = Out::map();
    out.put_some("capacity", number("capacity"));
    out.put_some("min_shards", number("minShards"));
    out.put_some("max_shards", number("maxShards"));
    out.put_some("max_samples_per_send", number("maxSamplesPerSend"));
    out.put_some("batch_send_deadline", text("batchSendDeadline"));
    out.put_some("max_retries", number("maxRetries").filter(|_| !server.is_from(2, 11)));
    out.put_some("min_backoff", text("minBackoff"));
    out.put_some("max_backoff", text("maxBackoff"));
    let retries = own.get("retryOnRateLimit").filter(|value| value.as_bool() == Some(true));
    out.put_some("retry_on_http_429", retries.filter(|_| server.is_from(2, 26)).map(Out::copied));
    out.put_some("sample_age_limit", text("sampleAgeLimit").filter(|_| server.is_from(2, 50)));
    out.because(own.at)
}

fn metadata(server: &Server<'_>, own: &Value) -> Out {
    let mut out = Out::map().with("send", own.get("send").map_or_else(|| Out::bool(false), Out::copied));
    out.put_some("send_interval", own.filled("sendInterval").map(Out::copied));
    let most = own.get("maxSamplesPerSend").filter(|_| server.is_from(2, 29));
    out.put_some("max_samples_per_send", most.map(Out::copied));
    out.because(own.at)
}
