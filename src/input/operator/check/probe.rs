//! Probes.
//!
//! Source: `checkProbe`.

use std::net::IpAddr;

use crate::text::go_quote;

use super::super::generate::Fault;
use super::super::objects::Object;
use super::super::value::Value;
use super::{Checks, clients, references, rules, tls, within};

pub(super) fn probe(checks: &mut Checks<'_, '_>, object: &Object) -> Result<(), Fault> {
    let Some(spec) = object.value.get("spec") else { return Ok(()) };
    let namespace = &object.id.namespace;
    checks.class(spec).map_err(within("scrapeClassName"))?;
    let of_target = |kind: &str| spec.at_path(&["targets", kind]);
    let (fixed, ingress) = (of_target("staticConfig"), of_target("ingress"));
    if fixed.is_none() && ingress.is_none() {
        let message = "at least one of .spec.targets.staticConfig and .spec.targets.ingress is required";
        return Err(Fault::new(message, super::at(spec, "targets")));
    }
    if let Some(token) = spec.get("bearerTokenSecret") {
        references::secret(checks, namespace, token).map_err(within("bearerTokenSecret"))?;
    }
    clients::basic_auth(checks, namespace, spec).map_err(within("basicAuth"))?;
    tls::add_under(checks, namespace, spec).map_err(within("tlsConfig"))?;
    clients::authorization(checks, namespace, spec).map_err(within("authorization"))?;
    clients::oauth2(checks, namespace, spec).map_err(within("oauth2"))?;
    checks.timeout(spec.filled("interval"), spec.filled("scrapeTimeout"))?;
    rules::under(checks, spec, "metricRelabelings", "metricRelabelConfigs")?;
    if let Some(own) = fixed {
        rules::under(checks, own, "relabelingConfigs", "targets.staticConfig.relabelConfigs")?;
        static_labels(checks, own).map_err(within("targets.staticConfig.labels"))?;
    }
    if let Some(own) = ingress {
        rules::under(checks, own, "relabelingConfigs", "targets.ingress.relabelConfigs")?;
    }
    let prober = spec.get("prober");
    if let Some(prober) = prober {
        clients::proxy(checks, namespace, prober).map_err(within("proxy configuration"))?;
    }
    let url = prober.map_or("", |prober| prober.text("url"));
    prober_url(url).map_err(|why| {
        let form = "it should be of the format `hostname` or `hostname:port`";
        let message = format!("{} url specified in proberSpec is invalid, {form}: {why}", go_quote(url));
        let at = prober.map_or_else(|| spec.at, |prober| super::at(prober, "url"));
        Fault::new(message, at)
    })
}

/// The names of the labels of static targets.
pub(super) fn static_labels(checks: &Checks<'_, '_>, own: &Value) -> Result<(), Fault> {
    for label in own.get("labels").map_or(&[][..], Value::entries) {
        if !checks.allows_name(&label.key) {
            return Err(Fault::new(format!("invalid label {}", go_quote(&label.key)), label.key_at));
        }
    }
    Ok(())
}

/// A host, perhaps with a port.
fn prober_url(url: &str) -> Result<(), String> {
    let (host, port) = host_and_port(url).map_or((url, None), |(host, port)| (host, Some(port)));
    if !is_host(host) {
        return Err(format!("invalid host: {}", go_quote(host)));
    }
    match port.filter(|port| !is_port(port)) {
        Some(port) => Err(format!("invalid port: {}", go_quote(port))),
        None => Ok(()),
    }
}

/// The parts of an address with a port, as Go's `net.SplitHostPort` takes it.
fn host_and_port(address: &str) -> Option<(&str, &str)> {
    let (host, port) = address.rsplit_once(':')?;
    let is_port = |port: &str| !port.contains(['[', ']']);
    match host.strip_prefix('[') {
        Some(rest) => {
            let host = rest.strip_suffix(']')?;
            (!host.contains(['[', ']']) && is_port(port)).then_some((host, port))
        }
        None => (!host.contains([':', '[', ']']) && is_port(port)).then_some((host, port)),
    }
}

fn is_port(port: &str) -> bool {
    port.parse::<u32>().is_ok_and(|port| (1..=65_535).contains(&port))
}

/// An IP address or a DNS name, in which `_` is allowed.
fn is_host(host: &str) -> bool {
    if host.parse::<IpAddr>().is_ok() {
        return true;
    }
    let name = host.strip_suffix(['.', '_']).unwrap_or(host);
    let is_part = |part: &str| {
        let is_word = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric();
        (1..=63).contains(&part.len())
            && part.bytes().next().is_some_and(is_word)
            && part.bytes().all(|byte| is_word(byte) || byte == b'-')
    };
    let parts = |name: &str| name.split('.').all(is_part);
    host.bytes().filter(|byte| *byte != b'.').count() <= 255 && (parts(host) || parts(name))
}

#[cfg(test)]
mod tests {
    use super::prober_url;

    #[test]
    fn a_prober_is_a_host_with_or_without_a_port() {
        for url in ["b", "b:9115", "blackbox.monitoring.svc:9115", "10.0.0.1", "[::1]:80", "::1", "a_b.", "x-y:1"] {
            assert_eq!(prober_url(url), Ok(()), "{url}");
        }
        for (url, why) in [
            ("", "invalid host: \"\""),
            ("b c", "invalid host: \"b c\""),
            ("http://b:9115", "invalid host: \"http://b:9115\""),
            ("b/probe", "invalid host: \"b/probe\""),
            ("b:9115/probe", "invalid port: \"9115/probe\""),
            ("b:0", "invalid port: \"0\""),
            ("b:65536", "invalid port: \"65536\""),
            ("b:", "invalid port: \"\""),
            (":80", "invalid host: \"\""),
            ("-b", "invalid host: \"-b\""),
        ] {
            assert_eq!(prober_url(url), Err(why.to_string()), "{url}");
        }
    }
}
