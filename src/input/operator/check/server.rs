//! What is wrong with a Prometheus or PrometheusAgent itself: then the operator generates nothing new for anyone.
//!
//! Source: `getScrapeClassConfig`, `validateRemoteWriteSpec`, `validateAlertmanagerEndpoints`, `pkg/prometheus/store.go`.

use super::super::generate::Fault;
use super::super::kind::Kind;
use super::super::value::Value;
use super::{Checks, clients, compare, items, references, rules, tls, within};

/// The scrape classes: their rules, and at most one default.
pub(super) fn classes(checks: &mut Checks<'_, '_>) -> Result<(), Fault> {
    let mut has_default = false;
    for class in checks.server.get("scrapeClasses").map_or(&[][..], Value::items) {
        let name = class.text("name");
        let part = |words: &str| within(format!("invalid {words} for scrapeClass {name}"));
        let mut own = |checks: &mut Checks<'_, '_>| {
            rules::list(checks, items(class, "relabelings")).map_err(part("relabelings"))?;
            rules::list(checks, items(class, "metricRelabelings")).map_err(part("metric relabelings"))?;
            tls::validate(class.get("tlsConfig")).map_err(part("TLS config"))?;
            clients::validate_full_authorization(class.get("authorization")).map_err(part("authorization"))?;
            let Some(default) = class.get("default").filter(|value| value.as_bool() == Some(true)) else {
                return Ok(());
            };
            if std::mem::replace(&mut has_default, true) {
                return Err(Fault::new("multiple default scrape classes defined", default.at));
            }
            Ok(())
        };
        own(checks).map_err(within("failed to parse scrape classes"))?;
    }
    Ok(())
}

/// What else the operator reads of a Prometheus before it generates the config.
pub(super) fn server(checks: &mut Checks<'_, '_>) -> Result<(), Fault> {
    let Some(spec) = checks.server.spec else { return Ok(()) };
    let namespace = checks.server.id.namespace.clone();
    let is_agent = checks.server.id.kind == Kind::PrometheusAgent;
    if !is_agent {
        for (index, own) in items(spec, "remoteRead").iter().enumerate() {
            remote_read(checks, &namespace, own).map_err(within(format!("remote read {index}")))?;
        }
    }
    for (index, own) in items(spec, "remoteWrite").iter().enumerate() {
        remote_write(checks, &namespace, own).map_err(within(format!("remoteWrite[{index}]")))?;
    }
    if let Some(own) = spec.get("apiserverConfig") {
        let api = |checks: &mut Checks<'_, '_>| {
            clients::basic_auth(checks, &namespace, own)?;
            full_authorization(checks, &namespace, own)?;
            tls::add_under(checks, &namespace, own)?;
            clients::headers(checks, &namespace, own)
        };
        api(checks).map_err(within("apiserver config"))?;
    }
    if !is_agent {
        alertmanagers(checks, &namespace, spec)?;
    }
    for class in items(spec, "scrapeClasses") {
        let name = format!("failed to process scrape classes: scrape class {:?}", class.text("name"));
        tls::add_under(checks, &namespace, class).map_err(within(name))?;
    }
    Ok(())
}

/// The scrape timeout of a Prometheus is at most its interval.
pub(super) fn timeout(checks: &Checks<'_, '_>) -> Result<(), Fault> {
    let Some(timeout) = checks.server.spec.and_then(|spec| spec.filled("scrapeTimeout")) else { return Ok(()) };
    let interval = checks.server.get("scrapeInterval").and_then(Value::as_str).unwrap_or("30s");
    compare(interval, timeout.as_str().unwrap_or("")).map_err(|why| Fault::new(why, timeout.at))
}

fn remote_read(checks: &mut Checks<'_, '_>, namespace: &str, own: &Value) -> Result<(), Fault> {
    clients::basic_auth(checks, namespace, own)?;
    clients::oauth2(checks, namespace, own)?;
    tls::add_under(checks, namespace, own)?;
    full_authorization(checks, namespace, own)?;
    clients::proxy(checks, namespace, own)
}

fn remote_write(checks: &mut Checks<'_, '_>, namespace: &str, own: &Value) -> Result<(), Fault> {
    clients::at_most_one(own, &["authorization", "azureAd", "basicAuth", "oauth2", "sigv4"], &[])?;
    if let Some(azure) = own.get("azureAd") {
        azure_ad(checks, azure)?;
    }
    clients::basic_auth(checks, namespace, own)?;
    clients::oauth2(checks, namespace, own)?;
    tls::add_under(checks, namespace, own)?;
    full_authorization(checks, namespace, own)?;
    clients::sigv4(checks, namespace, own)?;
    if let Some(oauth) = own.at_path(&["azureAd", "oauth"]) {
        references::secret_under(checks, namespace, oauth, "clientSecret")
            .map_err(within("failed to read AzureOAuth clientSecret"))?;
    }
    clients::proxy(checks, namespace, own)
}

/// The ways to authenticate at Azure: one of them, known to the version, with ids that are UUIDs.
fn azure_ad(checks: &Checks<'_, '_>, own: &Value) -> Result<(), Fault> {
    let ways = [
        ("managedIdentity", "Azure Managed Identity"),
        ("oauth", "Azure OAuth"),
        ("sdk", "Azure SDK"),
        ("workloadIdentity", "Azure Workload Identity"),
    ];
    let mut given = ways.into_iter().filter_map(|(key, words)| Some((key, words, own.get(key)?)));
    let Some((key, words, way)) = given.next() else {
        let all = "must provide Azure Managed Identity, Azure OAuth, Azure SDK, or Azure Workload Identity in the Azure AD config";
        return Err(Fault::new(all, own.at));
    };
    if let Some((_, other_words, other)) = given.next() {
        return Err(Fault::new(
            format!("cannot provide both {words} and {other_words} in the Azure AD config"),
            other.at,
        ));
    }
    let too_old = |name: &str, major: u64, minor: u64| match checks.server.is_from(major, minor) {
        true => Ok(()),
        false => Err(Fault::new(format!("azureAD.{name} requires Prometheus >= v{major}.{minor}.0"), way.at)),
    };
    let is_uuid = |key: &str, words: &str| match is_uuid(way.text(key)) {
        true => Ok(()),
        false => Err(Fault::new(format!("the provided {words} {key} is invalid"), super::at(way, key))),
    };
    match key {
        "managedIdentity" if !checks.server.is_from(3, 5) && way.text("clientId").is_empty() => {
            Err(Fault::new("managedIdentity: clientId is required with Prometheus < 3.5.0", way.at))
        }
        "oauth" => too_old("oauth", 2, 48).and_then(|()| is_uuid("clientId", words)),
        "sdk" => too_old("sdk", 2, 52),
        "workloadIdentity" => too_old("workloadIdentity", 3, 7)
            .and_then(|()| is_uuid("clientId", words))
            .and_then(|()| is_uuid("tenantId", words)),
        _ => Ok(()),
    }
}

/// 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12, also in braces, after `urn:uuid:` or without the dashes.
fn is_uuid(text: &str) -> bool {
    let text = text.strip_prefix("urn:uuid:").unwrap_or(text);
    let text = text.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')).unwrap_or(text);
    let is_hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    text.split('-').all(is_hex) && (lengths == [8, 4, 4, 4, 12] || lengths == [32])
}

/// The authorization of the Prometheus itself, which can name a file.
fn full_authorization(checks: &mut Checks<'_, '_>, namespace: &str, own: &Value) -> Result<(), Fault> {
    let Some(own) = own.get("authorization") else { return Ok(()) };
    let Some(credentials) = own.get("credentials") else { return Ok(()) };
    clients::validate_full_authorization(Some(own))?;
    if credentials.text("name").is_empty() {
        return Ok(());
    }
    let prefix = format!("failed to get authorization token of type {:?}", own.text("type"));
    references::secret(checks, namespace, credentials).map(drop).map_err(within(prefix))
}

fn alertmanagers(checks: &mut Checks<'_, '_>, namespace: &str, spec: &Value) -> Result<(), Fault> {
    let Some(alerting) = spec.get("alerting") else { return Ok(()) };
    let all = items(alerting, "alertmanagers");
    for (index, own) in all.iter().enumerate() {
        let validate = |checks: &mut Checks<'_, '_>| {
            clients::at_most_one(own, &["authorization", "basicAuth", "sigv4"], &["bearerTokenFile"])?;
            rules::under(checks, own, "relabelings", "invalid relabelings")?;
            rules::under(checks, own, "alertRelabelings", "invalid alertRelabelings")
        };
        validate(checks).map_err(within(format!("alertmanager {index}")))?;
    }
    for (index, own) in all.iter().enumerate() {
        let add = |checks: &mut Checks<'_, '_>| {
            clients::basic_auth(checks, namespace, own)?;
            clients::authorization(checks, namespace, own)?;
            clients::sigv4(checks, namespace, own)?;
            tls::add_under(checks, namespace, own)?;
            clients::headers(checks, namespace, own)
        };
        add(checks).map_err(within(format!("alertmanager {index}")))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::is_uuid;

    #[test]
    fn uuids_are_taken_in_their_usual_forms() {
        for text in ["00000000-a12b-3cd4-e56f-000000000000", "00000000a12b3cd4e56f000000000000"] {
            assert!(is_uuid(text) && is_uuid(&format!("{{{text}}}")) && is_uuid(&format!("urn:uuid:{text}")), "{text}");
        }
        for text in ["", "abc", "00000000-a12b-3cd4-e56f-00000000000", "0000000g-a12b-3cd4-e56f-000000000000"] {
            assert!(!is_uuid(text), "{text}");
        }
    }
}
