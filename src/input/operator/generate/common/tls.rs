//! `tls_config`.
//!
//! Source: `addTLStoYaml`, `addSafeTLStoYaml`, `mergeTLSConfigWithScrapeClass`.

use super::super::super::document::Out;
use super::super::super::value::{Data, Value};
use super::super::Server;
use super::class::Class;
use super::put_filled;

/// The folder of the files that the operator writes of Secrets and ConfigMaps.
const FOLDER: &str = "/etc/prometheus/certs";

/// A file: its key as a text, its key as a reference, Prometheus's key.
const FILES: [(&str, &str, &str); 3] =
    [("caFile", "ca", "ca_file"), ("certFile", "cert", "cert_file"), ("keyFile", "keySecret", "key_file")];

/// The config of an object in that namespace, without a scrape class.
pub(in super::super) fn config(server: &Server<'_>, namespace: &str, own: &Value) -> Out {
    of(server, namespace, own, Class::default())
}

/// The config of an object in that namespace, with what its class adds. `is_safe`: of a kind that cannot name files,
/// where one without content is as good as none.
pub(in super::super) fn merged(
    server: &Server<'_>,
    namespace: &str,
    own: Option<&Value>,
    class: Class<'_>,
    is_safe: bool,
) -> Option<Out> {
    match own.filter(|own| !is_safe || own.entries().iter().any(|entry| has_content(&entry.value))) {
        Some(own) => Some(of(server, namespace, own, class)),
        None => class.get("tlsConfig").map(|own| config(server, namespace, own)),
    }
}

fn has_content(value: &Value) -> bool {
    match &value.data {
        Data::Null => false,
        Data::Map(entries) => entries.iter().any(|entry| entry.value.data != Data::Null),
        Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) | Data::List(_) => true,
    }
}

fn of(server: &Server<'_>, namespace: &str, own: &Value, class: Class<'_>) -> Out {
    let mut out = Out::map();
    out.put_some("insecure_skip_verify", Out::member(own, "insecureSkipVerify"));
    let referred = FILES.map(|(_, reference, _)| own.get(reference).and_then(|own| path(namespace, own)));
    let mut is_given = [false; FILES.len()];
    for ((file, (_, _, name)), is_given) in referred.into_iter().zip(FILES).zip(&mut is_given) {
        *is_given = file.is_some();
        out.put_some(name, file);
    }
    put_filled(&mut out, own, &[("serverName", "server_name")]);
    out.put_some("min_version", Out::member(own, "minVersion").filter(|_| server.is_from(2, 35)));
    out.put_some("max_version", Out::member(own, "maxVersion").filter(|_| server.is_from(2, 41)));
    let of_class = class.get("tlsConfig");
    for ((key, _, name), is_given) in FILES.into_iter().zip(is_given) {
        let inherited = || of_class.filter(|_| !is_given).and_then(|class| class.filled(key));
        out.put_some(name, own.filled(key).or_else(inherited).map(Out::copied));
    }
    out.because(own.at)
}

/// The path of the file that the operator writes of a Secret or ConfigMap.
fn path(namespace: &str, reference: &Value) -> Option<Out> {
    let (store, key) = match (reference.get("secret"), reference.get("configMap")) {
        (Some(secret), _) => (0, secret),
        (None, Some(map)) => (1, map),
        (None, None) if reference.entry("key").is_some() => (0, reference),
        (None, None) => return None,
    };
    let path = format!("{FOLDER}/{store}_{namespace}_{}_{}", key.text("name"), key.text("key"));
    Some(Out::text(path).because(reference.at))
}
