//! The entries of mechanisms, from tables of their parts.

use super::super::super::document::Out;
use super::super::super::value::{Entry, Value};
use super::super::Server;
use super::super::common::{self, auth, proxy, tls};
use super::super::monitor;

/// A mechanism: its list in objects, that in configs, and the parts of an entry in the order in which they are written.
pub(super) struct Mechanism {
    pub(super) key: &'static str,
    pub(super) name: &'static str,
    pub(super) parts: &'static [Part],
}

/// A part of an entry.
#[derive(Clone, Copy)]
pub(super) enum Part {
    /// A member that is copied if it is given, with its name in configs.
    Copy(&'static str, &'static str),
    /// A member that is always written, as an empty text if it is not given.
    Always(&'static str, &'static str),
    /// A text, list or mapping that is copied if it is not empty.
    Filled(&'static str, &'static str),
    /// A list that is always written.
    List(&'static str, &'static str),
    /// A mapping whose keys are sorted; written also without entries.
    Map(&'static str, &'static str),
    /// A mapping whose keys are sorted, if it is not empty.
    FilledMap(&'static str, &'static str),
    /// A text in lower case.
    Lower(&'static str, &'static str),
    /// The text of a Secret.
    Secret(&'static str, &'static str),
    /// The texts of two Secrets, if both are named.
    Keys,
    BasicAuth,
    Authorization,
    OAuth2,
    Proxy,
    Tls,
    FollowRedirects,
    /// `enable_http2`.
    Http2,
    /// Lists of values by their names.
    Filters,
    /// What the version must be for the parts to be written.
    Since([u64; 3], &'static [Self]),
    Own(fn(&Server<'_>, &Value, &mut Out)),
}

impl Mechanism {
    /// The list of an object; `None` if it has no entry.
    pub(super) fn list(&self, server: &Server<'_>, namespace: &str, spec: &Value) -> Option<Out> {
        let own = spec.get(self.key).filter(|list| !list.items().is_empty())?;
        let entries = own.items().iter().map(|own| {
            let mut out = Out::map();
            put_all(server, namespace, own, self.parts, &mut out);
            out.because(own.at)
        });
        Some(Out::list(entries.collect()).because(own.at))
    }
}

fn put_all(server: &Server<'_>, namespace: &str, own: &Value, parts: &[Part], out: &mut Out) {
    parts.iter().for_each(|part| put(server, namespace, own, *part, out));
}

fn put(server: &Server<'_>, namespace: &str, own: &Value, part: Part, out: &mut Out) {
    let copied = |key: &str| own.get(key).map(Out::copied);
    match part {
        Part::Copy(key, name) => out.put_some(name, copied(key)),
        Part::Always(key, name) => out.put(name, copied(key).unwrap_or_else(|| Out::text(""))),
        Part::Filled(key, name) => out.put_some(name, own.get(key).filter(|value| is_filled(value)).map(Out::copied)),
        Part::List(key, name) => out.put(name, copied(key).unwrap_or_else(|| Out::list(Vec::new()))),
        Part::Map(key, name) => out.put(name, own.get(key).map_or_else(Out::map, monitor::sorted)),
        Part::FilledMap(key, name) => {
            out.put_some(name, own.get(key).filter(|value| is_filled(value)).map(monitor::sorted));
        }
        Part::Lower(key, name) => out.put_some(name, own.get(key).map(lower)),
        Part::Secret(key, name) => out.put_some(name, own.get(key).map(|_| auth::secret(own, key))),
        Part::Keys => {
            if own.get("accessKey").is_some() && own.get("secretKey").is_some() {
                out.put("access_key", auth::secret(own, "accessKey"));
                out.put("secret_key", auth::secret(own, "secretKey"));
            }
        }
        Part::BasicAuth => out.put_some("basic_auth", own.get("basicAuth").map(auth::basic_auth)),
        Part::Authorization => {
            let authorization = own.get("authorization").and_then(|own| auth::authorization(server, own));
            out.put_some("authorization", authorization);
        }
        Part::OAuth2 => {
            out.put_some("oauth2", own.get("oauth2").and_then(|own| auth::oauth2(server, namespace, own)));
        }
        Part::Proxy => proxy::put(server, out, own),
        Part::Tls => {
            out.put_some("tls_config", own.get("tlsConfig").map(|own| tls::config(server, namespace, own)));
        }
        Part::FollowRedirects => out.put_some("follow_redirects", copied("followRedirects")),
        Part::Http2 => out.put_some("enable_http2", copied("enableHTTP2")),
        Part::Filters => out.put_some("filters", own.get("filters").filter(|value| is_filled(value)).map(filters)),
        Part::Since(version, parts) => {
            let own_version = &server.version;
            if [own_version.major, own_version.minor, own_version.patch] >= version {
                put_all(server, namespace, own, parts, out);
            }
        }
        Part::Own(put) => put(server, own, out),
    }
}

fn is_filled(value: &Value) -> bool {
    !value.items().is_empty() || !value.entries().is_empty() || value.as_str().is_some_and(|text| !text.is_empty())
}

/// A text in lower case.
pub(super) fn lower(own: &Value) -> Out {
    let text = own.as_str().unwrap_or("");
    let lower = text.to_ascii_lowercase();
    if lower == text { Out::copied(own) } else { Out::text(lower).because(own.at) }
}

/// Filters in the order of their names.
fn filters(own: &Value) -> Out {
    let mut sorted: Vec<&Value> = own.items().iter().collect();
    sorted.sort_by(|one, other| one.text("name").cmp(other.text("name")));
    let entries = sorted.into_iter().map(|filter| {
        let of = |key: &str| filter.get(key).map(Out::copied);
        let values = of("values").unwrap_or_else(|| Out::list(Vec::new()));
        Out::map().with("name", of("name").unwrap_or_else(|| Out::text(""))).with("values", values).because(filter.at)
    });
    Out::list(entries.collect()).because(own.at)
}

/// `selectors` of Kubernetes discovery.
pub(super) fn selectors(own: &Value) -> Option<Out> {
    let list = own.get("selectors").filter(|list| !list.items().is_empty())?;
    let entries = list.items().iter().map(|own| {
        let mut out = Out::map();
        out.put_some("role", own.get("role").map(lower));
        out.put_some("label", own.get("label").map(Out::copied));
        out.put_some("field", own.get("field").map(Out::copied));
        out.because(own.at)
    });
    Some(Out::list(entries.collect()).because(list.at))
}

/// `namespaces` of Kubernetes discovery.
pub(super) fn namespaces(own: &Value) -> Option<Out> {
    let own = own.get("namespaces")?;
    let mut out = Out::map();
    out.put("names", own.get("names").map_or_else(|| Out::list(Vec::new()), Out::copied));
    out.put_some("own_namespace", own.get("ownNamespace").map(Out::copied));
    Some(out.because(own.at))
}

/// `attach_metadata` of Kubernetes discovery, for the roles that have it.
pub(super) fn attach_metadata(server: &Server<'_>, own: &Value) -> Option<Out> {
    let attached = own.get("attachMetadata")?;
    let (major, minor) = match own.text("role").to_ascii_lowercase().as_str() {
        "pod" => (2, 35),
        "endpoints" | "endpointslice" => (2, 37),
        _ => return None,
    };
    let known = common::items(own, "attachMetadata").is_empty() && server.is_from(major, minor);
    let mut out = Out::map();
    match attached.entries() {
        [] => out.put("node", Out::null()),
        entries => entries.iter().for_each(|Entry { key, value, .. }| out.put(key, Out::copied(value))),
    }
    known.then(|| out.because(attached.at))
}
