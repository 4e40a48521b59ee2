//! The proxy of a job, of `oauth2`, and of what else asks over HTTP.
//!
//! Source: `addProxyConfigtoYaml`.

use crate::config::without_password;

use super::super::super::document::Out;
use super::super::super::value::Value;
use super::super::Server;

/// Adds the fields that are given and that the version knows.
pub(in super::super) fn put(server: &Server<'_>, out: &mut Out, own: &Value) {
    let has_password = |own: &&Value| without_password(own.as_str().unwrap_or("")) != own.as_str().unwrap_or("");
    let shown = own.get("proxyUrl").filter(has_password).map(url);
    out.put_some("proxy_url", shown.or_else(|| Out::member(own, "proxyUrl")));
    if !server.is_from(2, 43) {
        return;
    }
    out.put_some("no_proxy", Out::member(own, "noProxy"));
    out.put_some("proxy_from_environment", Out::member(own, "proxyFromEnvironment"));
    out.put_some("proxy_connect_header", own.get("proxyConnectHeader").map(headers));
}

/// A URL, of which the password is not shown.
pub(in super::super) fn url(own: &Value) -> Out {
    let text = own.as_str().unwrap_or("");
    let shown = without_password(text);
    if shown == text { Out::copied(own) } else { Out::text(shown).because(own.at) }
}

/// Headers of which the values are texts of Secrets.
fn headers(own: &Value) -> Out {
    let mut sorted: Vec<_> = own.entries().iter().collect();
    sorted.sort_by(|one, other| one.key.cmp(&other.key));
    let mut out = Out::map();
    for entry in sorted {
        let values = entry.value.items().iter().map(|value| Out::secret().because(value.at)).collect();
        out.put(&entry.key, Out::list(values).because(entry.value.at));
    }
    out.because(own.at)
}
