//! How targets and mechanisms are asked: credentials and proxies.
//!
//! Source: `http_config.go` and `types.go` of the API, `pkg/assets/store.go`.

use crate::config::parse_url;
use crate::text::go_quote;

use super::super::generate::Fault;
use super::super::value::{Data, Value};
use super::{Checks, references, tls, within};

/// The ways to authenticate, of which at most one is given.
const WAYS: [&str; 4] = ["authorization", "basicAuth", "bearerTokenSecret", "oauth2"];

/// Whether the fields of a client go together, before any Secret is read.
pub(super) fn validate(own: &Value) -> Result<(), Fault> {
    let mut given = WAYS.into_iter().filter_map(|way| Some((way, own.get(way)?)));
    if let (Some((first, _)), Some((second, value))) = (given.next(), given.next()) {
        return Err(Fault::new(format!("{first} and {second} cannot be configured at the same time"), value.at));
    }
    if let Some(authorization) = own.get("authorization") {
        validate_authorization(authorization).map_err(within("authorization"))?;
    }
    if let Some(oauth2) = own.get("oauth2") {
        validate_oauth2(oauth2).map_err(within("oauth2"))?;
    }
    tls::validate(own.get("tlsConfig")).map_err(within("tlsConfig"))?;
    validate_proxy(own)
}

fn validate_authorization(own: &Value) -> Result<(), Fault> {
    let scheme = own.text("type");
    if scheme.trim().eq_ignore_ascii_case("basic") {
        let message = "'authorization' type cannot be set to \"basic\", use \"basicAuth\" instead";
        return Err(Fault::new(message, super::at(own, "type")));
    }
    match own.get("credentials") {
        Some(_) => Ok(()),
        None => Err(Fault::new("authorization credentials are required", own.at)),
    }
}

/// The authorization of a scrape class or of the Prometheus, which can name a file.
pub(super) fn validate_full_authorization(own: Option<&Value>) -> Result<(), Fault> {
    let Some(own) = own else { return Ok(()) };
    if let (Some(file), Some(_)) = (own.filled("credentialsFile"), own.get("credentials")) {
        return Err(Fault::new("authorization can not specify both 'credentials' and 'credentialsFile'", file.at));
    }
    if own.text("type").trim().eq_ignore_ascii_case("basic") {
        let message = "'authorization' type cannot be set to \"basic\", use \"basicAuth\" instead";
        return Err(Fault::new(message, super::at(own, "type")));
    }
    Ok(())
}

fn validate_oauth2(own: &Value) -> Result<(), Fault> {
    if own.text("tokenUrl").is_empty() {
        return Err(Fault::new("OAuth2 tokenURL must be specified", own.at));
    }
    let Some(id) = own.get("clientId").filter(|id| tls::is_reference(id)) else {
        return Err(Fault::new("OAuth2 clientID must be specified", super::at(own, "clientId")));
    };
    tls::one_reference(id).map_err(within("invalid OAuth2 clientID"))?;
    tls::validate(own.get("tlsConfig")).map_err(within("invalid OAuth2 tlsConfig"))
}

fn validate_proxy(own: &Value) -> Result<(), Fault> {
    let url = own.filled("proxyUrl");
    let no_proxy = own.filled("noProxy");
    let environment = own.get("proxyFromEnvironment").filter(|value| value.as_bool() == Some(true));
    let headers = own.get("proxyConnectHeader").filter(|headers| !headers.entries().is_empty());
    let refused = |message: &str, value: &Value| Err(Fault::new(message, value.at));
    match (url, environment, no_proxy, headers) {
        (None, None, _, Some(headers)) => refused(
            "if proxyConnectHeader is configured, proxyUrl or proxyFromEnvironment must also be configured",
            headers,
        ),
        (Some(url), Some(_), ..) => {
            refused("if proxyFromEnvironment is configured, proxyUrl must not be configured", url)
        }
        (_, Some(_), Some(no_proxy), _) => {
            refused("if proxyFromEnvironment is configured, noProxy must not be configured", no_proxy)
        }
        (None, _, Some(no_proxy), _) => refused("if noProxy is configured, proxyUrl must also be configured", no_proxy),
        _ => Ok(()),
    }?;
    for header in headers.map_or(&[][..], Value::entries) {
        let name = &header.key;
        if header.value.items().is_empty() {
            let message = format!("proxyConnetHeader[{name}]: selector must not be empty");
            return Err(Fault::new(message, header.value.at));
        }
        for (index, selector) in header.value.items().iter().enumerate() {
            if selector.text("name").is_empty() && selector.text("key").is_empty() {
                let message = format!("proxyConnectHeader[{name}][{index}]: selector must be defined");
                return Err(Fault::new(message, selector.at));
            }
        }
    }
    match own.get("proxyUrl") {
        Some(url) => parsed(url),
        None => Ok(()),
    }
}

/// A text that Go takes as a URL.
pub(super) fn parsed(own: &Value) -> Result<(), Fault> {
    parse_url(own.as_str().unwrap_or("")).map(drop).map_err(|why| Fault::new(why, own.at))
}

/// `basicAuth`: its Secrets.
pub(super) fn basic_auth(checks: &mut Checks<'_, '_>, namespace: &str, own: &Value) -> Result<(), Fault> {
    let Some(own) = own.get("basicAuth") else { return Ok(()) };
    for key in ["username", "password"] {
        let prefix = format!("failed to get basic auth {key}");
        match own.get(key) {
            Some(reference) => references::secret(checks, namespace, reference).map(drop),
            None => Err(Fault::new("unable to get secret \"\": secrets \"\" not found", own.at)),
        }
        .map_err(within(prefix))?;
    }
    Ok(())
}

/// `authorization`: what is wrong with it, and its Secret.
pub(super) fn authorization(checks: &mut Checks<'_, '_>, namespace: &str, own: &Value) -> Result<(), Fault> {
    let Some(own) = own.get("authorization") else { return Ok(()) };
    let Some(credentials) = own.get("credentials") else { return Ok(()) };
    validate_authorization(own)?;
    if credentials.text("name").is_empty() {
        return Ok(());
    }
    let scheme = go_quote(own.text("type"));
    let prefix = format!("failed to get authorization token of type {scheme}");
    references::secret(checks, namespace, credentials).map(drop).map_err(within(prefix))
}

/// `oauth2`: what is wrong with it, its Secrets and ConfigMaps.
pub(super) fn oauth2(checks: &mut Checks<'_, '_>, namespace: &str, own: &Value) -> Result<(), Fault> {
    let Some(own) = own.get("oauth2") else { return Ok(()) };
    validate_oauth2(own)?;
    if let Some(id) = own.get("clientId") {
        references::either(checks, namespace, id).map_err(within("failed to get oauth2 client id"))?;
    }
    references::secret_under(checks, namespace, own, "clientSecret")
        .map_err(within("failed to get oauth2 client secret"))?;
    headers(checks, namespace, own).map_err(within("failed to get oauth2 proxyConfig"))?;
    tls::add_under(checks, namespace, own).map_err(within("failed to get oauth2 tlsConfig"))
}

/// `proxyUrl` and its kin: what is wrong with them, and the Secrets of the headers.
pub(super) fn proxy(checks: &mut Checks<'_, '_>, namespace: &str, own: &Value) -> Result<(), Fault> {
    validate_proxy(own)?;
    headers(checks, namespace, own)
}

/// The Secrets of the headers for a proxy.
pub(super) fn headers(checks: &mut Checks<'_, '_>, namespace: &str, own: &Value) -> Result<(), Fault> {
    for header in own.get("proxyConnectHeader").map_or(&[][..], Value::entries) {
        for (index, reference) in header.value.items().iter().enumerate() {
            let prefix = format!("header[{}][{index}]", header.key);
            references::secret(checks, namespace, reference).map_err(within(prefix))?;
        }
    }
    Ok(())
}

/// `sigv4`: both keys or none, and their Secrets.
pub(super) fn sigv4(checks: &mut Checks<'_, '_>, namespace: &str, own: &Value) -> Result<(), Fault> {
    let Some(own) = own.get("sigv4") else { return Ok(()) };
    match (own.get("accessKey"), own.get("secretKey")) {
        (None, None) => Ok(()),
        (Some(access), Some(secret)) => {
            references::secret(checks, namespace, access).map_err(within("failed to read SigV4 access-key"))?;
            references::secret(checks, namespace, secret).map(drop).map_err(within("failed to read SigV4 secret-key"))
        }
        (Some(one), None) | (None, Some(one)) => {
            Err(Fault::new("both accessKey and secretKey should be provided", one.at))
        }
    }
}

/// Of the fields, at most one is given; `others` are given already.
pub(super) fn at_most_one(own: &Value, fields: &[&str], others: &[&str]) -> Result<(), Fault> {
    let is_given = |key: &&&str| match own.get(key).map(|value| &value.data) {
        Some(Data::Text(text)) => !text.is_empty(),
        Some(_) => true,
        None => false,
    };
    let given: Vec<String> = others.iter().chain(fields).filter(is_given).map(|key| go_quote(key)).collect();
    if given.len() < 2 {
        return Ok(());
    }
    let only = "can't be set at the same time, at most one of them must be defined";
    Err(Fault::new(format!("{} {only}", given.join(" and ")), own.at))
}
