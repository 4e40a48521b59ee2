//! The credentials that Prometheus sends to targets: `basic_auth`, `authorization`, `oauth2`, `bearer_token`.
//!
//! Source: `addBasicAuthToYaml`, `addAuthorizationToYaml`, `addOAuth2ToYaml`.

use super::super::super::document::Out;
use super::super::super::objects::StoreKind;
use super::super::super::value::Value;
use super::super::Server;
use super::class::Class;
use super::{proxy, tls};

/// `basic_auth`: the texts of two Secrets.
pub(in super::super) fn basic_auth(own: &Value) -> Out {
    Out::map().with("username", secret(own, "username")).with("password", secret(own, "password")).because(own.at)
}

/// `authorization`; the type is `Bearer` if there is none.
pub(in super::super) fn authorization(server: &Server<'_>, own: &Value) -> Option<Out> {
    of(server, own, None)
}

/// The `authorization` of an endpoint, with the credentials of its class if it has none; that of its class if it is
/// absent or says nothing.
pub(in super::super) fn merged_authorization(
    server: &Server<'_>,
    own: Option<&Value>,
    class: Class<'_>,
) -> Option<Out> {
    let of_class = class.get("authorization");
    match own.filter(|own| own.get("credentials").is_some() || own.filled("type").is_some()) {
        Some(own) => of(server, own, of_class),
        None => of(server, of_class?, None),
    }
}

fn of(server: &Server<'_>, own: &Value, class: Option<&Value>) -> Option<Out> {
    if !server.is_from(2, 26) {
        return None;
    }
    let scheme = match own.filled("type") {
        Some(scheme) => {
            let text = scheme.as_str().unwrap_or("");
            if text.trim() == text { Out::copied(scheme) } else { Out::text(text.trim()).because(scheme.at) }
        }
        None => Out::text("Bearer"),
    };
    let mut out = Out::map().with("type", scheme);
    let credentials = own.get("credentials").or_else(|| class?.get("credentials"));
    let file = own.filled("credentialsFile");
    let file = file.or_else(|| class.filter(|_| credentials.is_none())?.filled("credentialsFile"));
    out.put_some("credentials", credentials.map(|reference| Out::secret().because(reference.at)));
    out.put_some("credentials_file", file.map(Out::copied));
    Some(out.because(own.at))
}

/// `oauth2` of an object in that namespace.
pub(in super::super) fn oauth2(server: &Server<'_>, namespace: &str, own: &Value) -> Option<Out> {
    if !server.is_from(2, 27) {
        return None;
    }
    let mut out = Out::map()
        .with("client_id", client_id(server, namespace, own))
        .with("client_secret", secret(own, "clientSecret"))
        .with("token_url", own.get("tokenUrl").map_or_else(|| Out::text(""), Out::copied));
    out.put_some("scopes", own.get("scopes").filter(|list| !list.items().is_empty()).map(Out::copied));
    let parameters = own.get("endpointParams").filter(|map| !map.entries().is_empty());
    out.put_some("endpoint_params", parameters.map(Out::copied));
    if server.is_from(2, 43) {
        proxy::put(server, &mut out, own);
        out.put_some("tls_config", own.get("tlsConfig").map(|own| tls::config(server, namespace, own)));
    }
    Some(out.because(own.at))
}

/// The id of a client: the text of a ConfigMap, if it is in the input, or of a Secret.
fn client_id(server: &Server<'_>, namespace: &str, own: &Value) -> Out {
    let reference = own.at_path(&["clientId", "configMap"]);
    let text = reference.and_then(|reference| {
        let map = server.objects.store(StoreKind::ConfigMap, namespace, reference.text("name"))?;
        map.get("data")?.get(reference.text("key"))?.as_str()
    });
    match (text, reference) {
        (Some(text), Some(reference)) => Out::text(text).because(reference.at),
        _ => secret(own, "clientId"),
    }
}

/// `bearer_token`: the text of a Secret, if it is named.
pub(in super::super) fn bearer_token(own: &Value) -> Option<Out> {
    own.get("bearerTokenSecret")?.filled("name").map(|_| secret(own, "bearerTokenSecret"))
}

/// The text of the Secret to which a member refers.
pub(in super::super) fn secret(own: &Value, key: &str) -> Out {
    Out::secret().because(own.get(key).unwrap_or(own).at)
}
