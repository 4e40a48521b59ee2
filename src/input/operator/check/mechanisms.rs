//! The discovery mechanisms of a ScrapeConfig.
//!
//! Source: the functions `validate…SDConfigs`. A version that is too old is refused whether or not the object has the
//! mechanism.

use crate::config::parse_url;
use crate::discovery::{FieldSelector, LabelSelector};
use crate::text::go_quote;

use super::super::generate::Fault;
use super::super::value::Value;
use super::{Checks, at, clients, items, references, tls, within};

/// A mechanism: its key, its name in messages, its first version, and the parts of an entry in the order in which they are
/// checked.
struct Mechanism {
    key: &'static str,
    name: &'static str,
    since: Option<(u64, u64, &'static str)>,
    parts: &'static [Part],
}

/// A part of an entry that is checked.
#[derive(Clone, Copy)]
enum Part {
    BasicAuth,
    Authorization,
    OAuth2,
    Tls,
    Proxy,
    /// The key of a Secret, if there is such a member.
    Secret(&'static str),
    /// A URL, which may be empty.
    Url(&'static str),
    Own(fn(&mut Checks<'_, '_>, &Value) -> Result<(), Fault>),
    /// As [`Part::Own`]; the operator does not say which entry it is.
    Unnumbered(fn(&mut Checks<'_, '_>, &Value) -> Result<(), Fault>),
}

use Part::{Authorization, BasicAuth, OAuth2, Own, Proxy, Secret, Tls, Unnumbered, Url};

const fn mechanism(key: &'static str, parts: &'static [Part]) -> Mechanism {
    Mechanism { key, name: key, since: None, parts }
}

impl Mechanism {
    const fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    /// Known from that version on; the words name the mechanism.
    const fn since(self, major: u64, minor: u64, words: &'static str) -> Self {
        Self { since: Some((major, minor, words)), ..self }
    }
}

const MECHANISMS: [Mechanism; 20] = [
    mechanism("httpSDConfigs", &[Url("url"), BasicAuth, Authorization, OAuth2, Tls, Proxy]).since(
        2,
        28,
        "HTTP SD configuration",
    ),
    mechanism("kubernetesSDConfigs", &[BasicAuth, Authorization, OAuth2, Tls, Proxy, Own(kubernetes)]),
    mechanism("consulSDConfigs", &[Unnumbered(consul), BasicAuth, Authorization, Tls, Secret("tokenRef"), Proxy]),
    mechanism("dnsSDConfigs", &[Own(dns)]),
    mechanism("ec2SDConfigs", &[Secret("accessKey"), Secret("secretKey"), Tls, Proxy]),
    mechanism("azureSDConfigs", &[Own(azure)]),
    mechanism("openstackSDConfigs", &[Own(openstack), Secret("password"), Secret("applicationCredentialSecret")]),
    mechanism("digitalOceanSDConfigs", &[Authorization, OAuth2, Tls, Proxy]).since(
        2,
        20,
        "service discovery for Digital Ocean",
    ),
    mechanism("kumaSDConfigs", &[Unnumbered(kuma), Own(kuma_server), Authorization, OAuth2, Tls, BasicAuth, Proxy]),
    mechanism("eurekaSDConfigs", &[Authorization, OAuth2, Tls, BasicAuth, Proxy]),
    mechanism("dockerSDConfigs", &[BasicAuth, Authorization, OAuth2, Tls, Url("host"), Proxy]),
    mechanism("linodeSDConfigs", &[Authorization, OAuth2, Tls, Proxy]).since(2, 28, "linode SD configuration"),
    mechanism("hetznerSDConfigs", &[BasicAuth, Authorization, OAuth2, Tls, Proxy]),
    mechanism("nomadSDConfigs", &[Authorization, OAuth2, Tls, BasicAuth, Proxy]),
    mechanism("dockerSwarmSDConfigs", &[Url("host"), Authorization, OAuth2, Tls, BasicAuth, Proxy])
        .named("dockerswarmSDConfigs")
        .since(2, 20, "dockerswarm SD configuration"),
    mechanism("puppetDBSDConfigs", &[Own(puppet), Authorization, OAuth2, Tls, BasicAuth, Proxy]).since(
        2,
        31,
        "puppetDB SD configuration",
    ),
    mechanism(
        "lightSailSDConfigs",
        &[Secret("accessKey"), Secret("secretKey"), Authorization, OAuth2, Tls, BasicAuth, Proxy],
    )
    .since(2, 27, "lightSail SD configuration"),
    mechanism("ovhcloudSDConfigs", &[Secret("applicationSecret"), Secret("consumerKey")])
        .named("OVHCloudSDConfigs")
        .since(2, 40, "OVHCloud SD configuration"),
    mechanism("scalewaySDConfigs", &[Secret("secretKey"), Proxy, Tls]).named("ScalewaySDConfigs").since(
        2,
        26,
        "ScaleWay SD configuration",
    ),
    mechanism("ionosSDConfigs", &[Authorization, Proxy, Tls, OAuth2]).named("IonosSDConfigs").since(
        2,
        36,
        "IONOS SD configuration",
    ),
];

/// Checks all mechanisms of an object.
pub(super) fn all(checks: &mut Checks<'_, '_>, namespace: &str, spec: &Value) -> Result<(), Fault> {
    for Mechanism { key, name, since, parts } in &MECHANISMS {
        if let Some((major, minor, words)) = since
            && !checks.server.is_from(*major, *minor)
        {
            let message = format!("{name}: {words} is only supported for Prometheus version >= {major}.{minor}.0");
            return Err(Fault::new(message, at(spec, key)));
        }
        for (index, own) in items(spec, key).iter().enumerate() {
            for part in *parts {
                check(checks, namespace, own, *part, index).map_err(within(name))?;
            }
        }
    }
    Ok(())
}

fn check(checks: &mut Checks<'_, '_>, namespace: &str, own: &Value, part: Part, index: usize) -> Result<(), Fault> {
    let outcome = match part {
        BasicAuth => clients::basic_auth(checks, namespace, own),
        Authorization => clients::authorization(checks, namespace, own),
        OAuth2 => clients::oauth2(checks, namespace, own),
        Tls => tls::add_under(checks, namespace, own),
        Proxy => clients::proxy(checks, namespace, own),
        Secret(key) => references::secret_under(checks, namespace, own, key),
        Url(key) => own.get(key).map_or(Ok(()), clients::parsed),
        Own(check) => check(checks, own),
        Unnumbered(check) => return check(checks, own),
    };
    // The operator writes a blank after the number of an entry whose selector has a wrong role.
    outcome.map_err(|fault| match fault.message.strip_prefix(WRONG_ROLE) {
        Some(message) => Fault { message: format!("[{index}] : {message}"), at: fault.at },
        None => within(format!("[{index}]"))(fault),
    })
}

/// Begins the message of a selector with a wrong role until the number is known.
const WRONG_ROLE: &str = "\0";

fn kubernetes(_: &mut Checks<'_, '_>, own: &Value) -> Result<(), Fault> {
    let own_namespace = own.at_path(&["namespaces", "ownNamespace"]).filter(|value| value.as_bool() == Some(true));
    if let (Some(_), Some(namespace)) = (own.get("apiServer"), own_namespace) {
        let message = "cannot use 'apiServer' and 'namespaces.ownNamespace' simultaneously";
        return Err(Fault::new(message, namespace.at));
    }
    let role = own.text("role");
    let allowed: &[&str] = match role.to_lowercase().as_str() {
        "pod" => &["pod"],
        "service" => &["service"],
        "endpointslice" => &["pod", "service", "endpointslice"],
        "endpoints" => &["pod", "service", "endpoints"],
        "node" => &["node"],
        "ingress" => &["ingress"],
        _ => return Ok(()),
    };
    for selector in items(own, "selectors") {
        if !allowed.contains(&selector.text("role").to_lowercase().as_str()) {
            let message = format!("{WRONG_ROLE}{role} role supports only {} selectors", allowed.join(", "));
            return Err(Fault::new(message, at(selector, "role")));
        }
    }
    for selector in items(own, "selectors") {
        if let Some(field) = selector.get("field") {
            FieldSelector::parse(field.as_str().unwrap_or("")).map_err(|why| Fault::new(why.message, field.at))?;
        }
        if let Some(label) = selector.get("label") {
            LabelSelector::parse(label.as_str().unwrap_or("")).map_err(|why| Fault::new(why, label.at))?;
        }
    }
    Ok(())
}

/// Fields of Consul that older versions do not know.
fn consul(checks: &mut Checks<'_, '_>, own: &Value) -> Result<(), Fault> {
    for (key, name, (major, minor)) in
        [("pathPrefix", "PathPrefix", (2, 45)), ("namespace", "Namespace", (2, 28)), ("filter", "Filter", (3, 0))]
    {
        if let Some(value) = own.get(key).filter(|_| !checks.server.is_from(major, minor)) {
            let only = format!("is only supported for Prometheus version >= {major}.{minor}.0");
            return Err(Fault::new(format!("field `config.{name}` {only}"), value.at));
        }
    }
    Ok(())
}

fn dns(_: &mut Checks<'_, '_>, own: &Value) -> Result<(), Fault> {
    match own.get("type") {
        Some(kind) if kind.as_str() != Some("SRV") && own.get("port").is_none() => {
            let kind_text = go_quote(kind.as_str().unwrap_or(""));
            Err(Fault::new(format!("port required for record type {kind_text}"), kind.at))
        }
        _ => Ok(()),
    }
}

fn azure(checks: &mut Checks<'_, '_>, own: &Value) -> Result<(), Fault> {
    let method = own.text("authenticationMethod");
    if method == "SDK" && !checks.server.is_from(2, 52) {
        let message = "SDK authentication is only supported from Prometheus version 2.52.0";
        return Err(Fault::new(message, at(own, "authenticationMethod")));
    }
    if let Some(group) = own.get("resourceGroup").filter(|_| !checks.server.is_from(2, 35)) {
        return Err(Fault::new("ResourceGroup is only supported from Prometheus version >= 2.35.0", group.at));
    }
    if !matches!(method, "" | "OAuth") {
        return Ok(());
    }
    for key in ["tenantID", "clientID"] {
        if own.text(key).is_empty() {
            return Err(Fault::new(format!("configuration requires a {key}"), at(own, key)));
        }
    }
    match own.get("clientSecret") {
        Some(_) => Ok(()),
        None => Err(Fault::new("configuration requires a clientSecret", own.at)),
    }
}

fn openstack(checks: &mut Checks<'_, '_>, own: &Value) -> Result<(), Fault> {
    if own.text("role") == "LoadBalancer" && !checks.server.is_from(3, 2) {
        let message = "The LoadBalancer role is only supported from Prometheus version 3.2.0";
        return Err(Fault::new(message, at(own, "role")));
    }
    Ok(())
}

fn kuma(checks: &mut Checks<'_, '_>, own: &Value) -> Result<(), Fault> {
    match own.get("clientID").filter(|_| !checks.server.is_from(2, 50)) {
        Some(id) => {
            let only = "in kuma SD configuration is only supported for Prometheus version >= 2.50.0";
            Err(Fault::new(format!("field `clientID` {only}"), id.at))
        }
        None => Ok(()),
    }
}

fn kuma_server(_: &mut Checks<'_, '_>, own: &Value) -> Result<(), Fault> {
    let server = own.text("server");
    let url = parse_url(server).map_err(|why| Fault::new(format!("cannot parse server: {why}"), at(own, "server")))?;
    if url.scheme.is_empty() || url.host.is_empty() {
        return Err(Fault::new(format!("must not be empty and have a scheme: {server}"), at(own, "server")));
    }
    Ok(())
}

fn puppet(_: &mut Checks<'_, '_>, own: &Value) -> Result<(), Fault> {
    let url = parse_url(own.text("url")).map_err(|why| Fault::new(why, at(own, "url")))?;
    if !matches!(url.scheme.as_str(), "http" | "https") {
        return Err(Fault::new("URL scheme must be 'http' or 'https'", at(own, "url")));
    }
    if url.host.is_empty() {
        return Err(Fault::new("host is missing in URL", at(own, "url")));
    }
    Ok(())
}
