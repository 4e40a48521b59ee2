//! `otlp` and `tracing`.
//!
//! Source: `appendOTLPConfig`, `appendTracingConfig`.

use crate::text::go_quote;

use super::super::document::Out;
use super::super::value::Value;
use super::common::histograms::quantity;
use super::common::tls;
use super::monitor::sorted;
use super::{Fault, Server};

/// A switch of `otlp`: its key, that in configs, the first version that knows it.
const SWITCHES: [(&str, &str, (u64, u64)); 9] = [
    ("promoteResourceAttributes", "promote_resource_attributes", (2, 55)),
    ("translationStrategy", "translation_strategy", (3, 0)),
    ("keepIdentifyingResourceAttributes", "keep_identifying_resource_attributes", (3, 1)),
    ("convertHistogramsToNHCB", "convert_histograms_to_nhcb", (3, 4)),
    ("promoteAllResourceAttributes", "promote_all_resource_attributes", (3, 5)),
    ("ignoreResourceAttributes", "ignore_resource_attributes", (3, 5)),
    ("promoteScopeMetadata", "promote_scope_metadata", (3, 6)),
    ("labelNameUnderscoreSanitization", "label_name_underscore_sanitization", (3, 8)),
    ("labelNamePreserveMultipleUnderscores", "label_name_preserve_multiple_underscores", (3, 8)),
];

pub(super) fn otlp(server: &Server<'_>) -> Result<Option<Out>, Fault> {
    let Some(own) = server.get("otlp") else { return Ok(None) };
    let failed = |why: String, key: &str| {
        Err(Fault::new(format!("failed to generate OTLP configuration: {why}"), super::at(own, key)))
    };
    if !server.is_from(2, 55) {
        return failed("OTLP configuration is only supported from Prometheus version 2.55.0".to_string(), "");
    }
    let strategy = own.text("translationStrategy");
    let scheme = server.get("nameValidationScheme").and_then(Value::as_str).unwrap_or("");
    if strategy == "NoUTF8EscapingWithSuffixes" && scheme == "Legacy" {
        let (scheme, strategy) = (go_quote(scheme), go_quote(strategy));
        let why = format!("nameValidationScheme {scheme} is not compatible with OTLP translation strategy {strategy}");
        return failed(why, "translationStrategy");
    }
    for (name, major, minor) in [("NoTranslation", 3, 4), ("UnderscoreEscapingWithoutSuffixes", 3, 6)] {
        if strategy == name && !server.is_from(major, minor) {
            let only = format!("is only supported from Prometheus version {major}.{minor}.0 ");
            return failed(format!("nameValidationScheme {} {only}", go_quote(name)), "translationStrategy");
        }
    }
    if server.is_from(3, 5)
        && let Some((why, key)) = attributes_fault(own)
    {
        return failed(why.to_string(), key);
    }
    let mut out = Out::map();
    for (key, name, (major, minor)) in SWITCHES {
        let value = own.get(key).filter(|_| server.is_from(major, minor)).map(Out::copied);
        let is_list = matches!(key, "promoteResourceAttributes" | "ignoreResourceAttributes");
        out.put_some(name, value.filter(|value| !is_list || !value.is_empty()));
    }
    Ok(Some(out).filter(|out| !out.is_empty()).map(|out| out.because(own.at)))
}

/// Attributes that do not go together.
fn attributes_fault(own: &Value) -> Option<(&'static str, &'static str)> {
    let promotes_all = own.get("promoteAllResourceAttributes").and_then(Value::as_bool) == Some(true);
    let has = |key: &str| own.get(key).is_some_and(|list| !list.items().is_empty());
    if promotes_all && has("promoteResourceAttributes") {
        let why =
            "'promoteAllResourceAttributes' cannot be set to 'true' simultaneously with 'promoteResourceAttributes'";
        return Some((why, "promoteAllResourceAttributes"));
    }
    if !promotes_all && has("ignoreResourceAttributes") {
        let why = "'ignoreResourceAttributes' can only be set when 'promoteAllResourceAttributes' is true";
        return Some((why, "ignoreResourceAttributes"));
    }
    None
}

pub(super) fn tracing(server: &Server<'_>) -> Option<Out> {
    let own = server.get("tracingConfig")?;
    let mut out = Out::map().with("endpoint", own.get("endpoint").map_or_else(|| Out::text(""), Out::copied));
    let lower =
        |key: &str| own.get(key).map(|own| Out::text(own.as_str().unwrap_or("").to_ascii_lowercase()).because(own.at));
    out.put_some("client_type", lower("clientType"));
    out.put_some("sampling_fraction", own.get("samplingFraction").map(quantity));
    out.put_some("insecure", own.get("insecure").map(Out::copied));
    out.put_some("headers", own.get("headers").filter(|own| !own.entries().is_empty()).map(sorted));
    out.put_some("compression", lower("compression"));
    out.put_some("timeout", own.get("timeout").map(Out::copied));
    out.put_some("tls_config", own.get("tlsConfig").map(|own| tls::config(server, &server.id.namespace, own)));
    Some(out.because(own.at))
}
