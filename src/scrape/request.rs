//! Whether a target can be scraped at all: the errors of Go's HTTP client that depend on the URL only, not on
//! the network.
//!
//! Prometheus keeps such a target, and each scrape fails. Source: `http.NewRequest`, `http.Client.Do` and
//! `net.Dialer` of Go 1.26 with its own resolver, as Prometheus is released.

use std::net::{Ipv4Addr, Ipv6Addr};

use thiserror::Error;

use crate::config::{HostSyntax, ScrapeConfig, parse_url_without_fragment};
use crate::relabel::{LabelBuilder, Labels};
use crate::text::go_quote;

use super::scrape_url;
use super::url::has_socket;
use super::view::LabelView;

/// Why every scrape of a target fails. Displays the error as Prometheus shows it, without the query of the URL.
///
/// ```
/// use promcfg::{Config, Options, Sources};
/// use promcfg::scrape::scrape_error;
/// let mut sources = Sources::new();
/// let file = sources.add("job.yml", "job_name: web");
/// let (job, _) = Config::read_scrape_config(&mut sources, file, &Options::default());
/// let labels = |address: &str| [("__scheme__", "http"), ("__address__", address)].into_iter().collect();
/// let error = scrape_error(job.as_ref().unwrap(), &labels("h:99999")).unwrap();
/// assert_eq!(error.to_string(), "dial tcp: address 99999: invalid port");
/// assert!(!error.is_of_url());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ScrapeError {
    /// The URL does not parse.
    #[error("parse {}: {reason}", go_quote(.url))]
    Url {
        /// The URL without its query.
        url: String,
        /// What is wrong with it, in Go's words.
        reason: String,
    },
    /// The scheme is neither `http` nor `https`.
    #[error("unsupported protocol scheme {}", go_quote(.0))]
    Scheme(String),
    /// The URL has no host.
    #[error("http: no Host in request URL")]
    NoHost,
    /// The address does not consist of a host and a port.
    #[error("dial tcp: address {address}: {reason}")]
    Address {
        /// The address with its port.
        address: String,
        /// What is wrong with it, in Go's words.
        reason: &'static str,
    },
    /// The port is greater than 65535.
    #[error("dial tcp: address {0}: invalid port")]
    Port(String),
    /// The port is 0, where nothing can listen.
    #[error("dial tcp: port 0: connection refused")]
    ZeroPort,
    /// The host is neither an IP address nor a possible name.
    #[error("dial tcp: lookup {0}: no such host")]
    Host(String),
}

impl ScrapeError {
    /// Whether the URL is wrong, so that Prometheus sends no request; else it cannot connect.
    #[must_use]
    pub fn is_of_url(&self) -> bool {
        match self {
            Self::Url { .. } | Self::Scheme(_) | Self::NoHost => true,
            Self::Address { .. } | Self::Port(_) | Self::ZeroPort | Self::Host(_) => false,
        }
    }
}

/// Why every scrape of a target of `job` with these labels after relabeling fails, if that is certain.
///
/// A name that could exist is not looked up. A target behind a proxy or a Unix socket is not dialed.
#[must_use]
pub fn scrape_error(job: &ScrapeConfig, labels: &Labels) -> Option<ScrapeError> {
    error_at_url(job, labels, &scrape_url(job, labels))
}

/// The same, on the label set that the rules ran on, with the URL of the target.
pub(crate) fn error_in_place(job: &ScrapeConfig, set: &LabelBuilder, url: &str) -> Option<ScrapeError> {
    error_of(job, set, url)
}

/// As [`scrape_error`], with the URL of the target.
pub(crate) fn error_at_url(job: &ScrapeConfig, labels: &Labels, url: &str) -> Option<ScrapeError> {
    error_of(job, labels, url)
}

fn error_of(job: &ScrapeConfig, labels: &impl LabelView, url: &str) -> Option<ScrapeError> {
    if has_socket(job.release, labels) {
        return None;
    }
    let address = without_empty_port(labels.value("__address__"));
    let has_proxy = || job.field("proxy_url").is_some() || job.field("proxy_from_environment").is_some();
    if let Some(port) = port_of_plain_url(labels) {
        return if has_proxy() { None } else { dial_error(address, port) };
    }
    let url = url.split('?').next().unwrap_or("");
    let syntax = if job.release.has_strict_hosts() { HostSyntax::BracketsAndColons } else { HostSyntax::Lax };
    let parsed = match parse_url_without_fragment(url, syntax) {
        Ok(parsed) => parsed,
        Err(reason) => return Some(ScrapeError::Url { url: url.to_string(), reason }),
    };
    let default_port = match parsed.scheme.as_str() {
        "http" => "80",
        "https" => "443",
        _ => return Some(ScrapeError::Scheme(parsed.scheme)),
    };
    if parsed.host.is_empty() || address.is_empty() {
        return Some(ScrapeError::NoHost);
    }
    if has_proxy() { None } else { dial_error(address, default_port) }
}

/// The default port of the scheme of a target whose URL needs no parser: nothing in it is escaped.
fn port_of_plain_url(labels: &impl LabelView) -> Option<&'static str> {
    let default_port = match labels.value("__scheme__") {
        "http" => "80",
        "https" => "443",
        _ => return None,
    };
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let (host, port) = labels.value("__address__").split_once(':').unwrap_or((labels.value("__address__"), "80"));
    let is_address = !host.is_empty()
        && host.bytes().all(is_plain)
        && !port.is_empty()
        && port.bytes().all(|byte| byte.is_ascii_digit());
    let path = labels.value("__metrics_path__");
    let is_path = (path.is_empty() || path.starts_with('/')) && path.bytes().all(|byte| byte == b'/' || is_plain(byte));
    (is_address && is_path).then_some(default_port)
}

/// Without a colon at the end that no port follows.
fn without_empty_port(address: &str) -> &str {
    let bare = address.strip_suffix(':').unwrap_or(address);
    if bare.len() < address.len() && address.rfind(']').is_some_and(|bracket| bracket > bare.len()) {
        address
    } else {
        bare
    }
}

/// The error of connecting to the host of a URL, before any packet is sent.
fn dial_error(host: &str, default_port: &str) -> Option<ScrapeError> {
    let (name, port) = name_and_port(host);
    let port = if port.is_empty() { default_port } else { port };
    let address = if name.contains(':') { format!("[{name}]:{port}") } else { format!("{name}:{port}") };
    if let Some(reason) = split_error(&address) {
        return Some(ScrapeError::Address { address, reason });
    }
    match port.trim_start_matches('0') {
        "" => return Some(ScrapeError::ZeroPort),
        digits if digits.parse::<u16>().is_err() => return Some(ScrapeError::Port(port.to_string())),
        _ => {}
    }
    // Other letters become ASCII before a lookup.
    let is_possible = name.is_empty() || !name.is_ascii() || is_domain_name(name) || is_ip_address(name);
    (!is_possible).then(|| ScrapeError::Host(name.to_string()))
}

/// The host of a URL without brackets, and its port.
fn name_and_port(host: &str) -> (&str, &str) {
    let is_number = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let (name, port) = host.rsplit_once(':').filter(|(_, port)| is_number(port)).unwrap_or((host, ""));
    let bare = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    (bare.unwrap_or(name), port)
}

/// Why an address does not split into host and port. It ends in a colon and digits.
fn split_error(address: &str) -> Option<&'static str> {
    let Some(rest) = address.strip_prefix('[') else {
        return address
            .contains(['[', ']'])
            .then(|| if address.contains('[') { "unexpected '[' in address" } else { "unexpected ']' in address" });
    };
    let Some((name, after)) = rest.split_once(']') else { return Some("missing ']' in address") };
    let port = after.strip_prefix(':');
    match port {
        None => Some("missing port in address"),
        Some(port) if port.contains(':') => Some("too many colons in address"),
        Some(_) if name.contains('[') => Some("unexpected '[' in address"),
        Some(port) if port.contains(']') => Some("unexpected ']' in address"),
        Some(_) => None,
    }
}

/// Whether a host is an IP address; an IPv6 address may have a zone.
fn is_ip_address(host: &str) -> bool {
    let (address, zone) = host.split_once('%').map_or((host, None), |(address, zone)| (address, Some(zone)));
    host.parse::<Ipv4Addr>().is_ok() || address.parse::<Ipv6Addr>().is_ok() && zone != Some("")
}

/// Whether Go looks a name up: labels of 1 to 63 letters, digits, `-` and `_`, not only digits; `-` neither
/// begins nor ends a label. A dot may end the name.
fn is_domain_name(name: &str) -> bool {
    const LONGEST_NAME: usize = 253;
    const LONGEST_LABEL: usize = 63;
    let labels = name.strip_suffix('.').unwrap_or(name);
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_label = |label: &str| {
        let is_short = (1..=LONGEST_LABEL).contains(&label.len());
        is_short && !label.starts_with('-') && !label.ends_with('-') && label.bytes().all(is_inner)
    };
    let is_number = labels.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    name == "." || labels.len() <= LONGEST_NAME && !is_number && labels.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::options::Options;
    use crate::release::Release;
    use crate::text::Sources;

    fn error_in(release: Release, job: &str, scheme: &str, address: &str) -> String {
        let mut sources = Sources::new();
        let file = sources.add("job.yml", format!("job_name: a\n{job}"));
        let options = Options::default().with_release(release);
        let (job, _) = Config::read_scrape_config(&mut sources, file, &options);
        let labels = [("__scheme__", scheme), ("__address__", address), ("__metrics_path__", "/m")];
        let error = scrape_error(&job.expect("is a job"), &labels.into_iter().collect());
        error.map(|error| error.to_string()).unwrap_or_default()
    }

    fn error(address: &str) -> String {
        error_in(Release::LATEST, "", "http", address)
    }

    #[test]
    fn urls_that_do_not_parse_have_gos_message() {
        for (address, expected) in [
            ("a:1 b:1", r#"parse "http://a:1%20b:1/m": invalid port ":1%20b:1" after host"#),
            ("a:1,b:1", r#"parse "http://a:1,b:1/m": invalid port ":1,b:1" after host"#),
            ("u:p@h:80", r#"parse "http://u:p%40h:80/m": invalid port ":p%40h:80" after host"#),
            ("a:1 ", r#"parse "http://a:1%20/m": invalid port ":1%20" after host"#),
            (" a:1", r#"parse "http://%20a:1/m": invalid URL escape "%20""#),
            ("f:port", r#"parse "http://f:port/m": invalid port ":port" after host"#),
            ("f:http", r#"parse "http://f:http/m": invalid port ":http" after host"#),
            ("h:9100:9100", r#"parse "http://h:9100:9100/m": invalid port ":9100:9100" after host"#),
            ("${HOST}:9100", r#"parse "http://$%7BHOST%7D:9100/m": invalid URL escape "%7B""#),
            ("fd00::1:9100", r#"parse "http://fd00::1:9100/m": invalid port "::1:9100" after host"#),
            ("[fd00::1:9100", r#"parse "http://[fd00::1:9100/m": missing ']' in host"#),
            ("[10.0.0.1]:9100", r#"parse "http://[10.0.0.1]:9100/m": invalid IP-literal"#),
            ("a[b]:9100", r#"parse "http://a[b]:9100/m": invalid IP-literal"#),
        ] {
            assert_eq!(error(address), expected, "{address}");
        }
    }

    #[test]
    fn addresses_that_cannot_be_dialed_have_gos_message() {
        for (address, expected) in [
            ("g:99999", "dial tcp: address 99999: invalid port"),
            ("g:65536", "dial tcp: address 65536: invalid port"),
            ("g:0", "dial tcp: port 0: connection refused"),
            ("1.2.3.4.5:1", "dial tcp: lookup 1.2.3.4.5: no such host"),
            ("10.0.0:9100", "dial tcp: lookup 10.0.0: no such host"),
            ("300.1.1.1", "dial tcp: lookup 300.1.1.1: no such host"),
            ("9102:7002", "dial tcp: lookup 9102: no such host"),
            ("-h:1", "dial tcp: lookup -h: no such host"),
            ("a..b:1", "dial tcp: lookup a..b: no such host"),
            ("<host>:9100", "dial tcp: lookup <host>: no such host"),
            ("a,b", "dial tcp: lookup a,b: no such host"),
            ("h]:1", "dial tcp: address h]:1: unexpected ']' in address"),
            (":", "http: no Host in request URL"),
        ] {
            assert_eq!(error(address), expected, "{address}");
        }
    }

    #[test]
    fn addresses_that_may_be_scraped_have_no_error() {
        for address in [
            "h",
            "h:",
            "h:80",
            ":9100",
            "h_x:1",
            "a.b.:1",
            "10.0.0.1:65535",
            "[fd00::1]:9100",
            "[fd00::1]",
            "[fe80::1%eth0]:9100",
            "größe:1",
            "1a:1",
            "h:0009100",
            "xn--gre-6ka8l:1",
        ] {
            assert_eq!(error(address), "", "{address}");
        }
    }

    #[test]
    fn scheme_proxy_and_release_count() {
        assert_eq!(error_in(Release::LATEST, "", "ftp", "h:1"), r#"unsupported protocol scheme "ftp""#);
        assert_eq!(error_in(Release::LATEST, "", "", "h:1"), r#"unsupported protocol scheme """#);
        assert_eq!(error_in(Release::LATEST, "", "HTTPS", "h:1"), "");
        let proxy = "proxy_url: http://proxy:3128\n";
        assert_eq!(error_in(Release::LATEST, proxy, "http", "1.2.3.4.5:1"), "");
        assert!(!error_in(Release::LATEST, proxy, "http", "a b:1").is_empty());
        let old: Release = "2.53".parse().expect("is a release");
        assert_eq!(error_in(old, "", "http", "fd00::1:9100"), "");
        assert_eq!(error_in(old, "", "http", "h:9100:9100"), "dial tcp: lookup h:9100: no such host");
    }
}
