//! Shared by the rules about addresses: the words for an address whose scrapes all fail.

use std::net::Ipv6Addr;

use crate::diagnostic::{Diagnostic, Severity};
use crate::scrape::ScrapeError;
use crate::text::{Placeholder, go_quote};

/// What is wrong with an address, and the remedy.
pub(super) struct AddressFault {
    pub(super) severity: Severity,
    pub(super) message: String,
    help: Option<String>,
    /// Prometheus's message, unless it would contain a password.
    upstream: Option<String>,
}

impl AddressFault {
    /// The fault of an address; `None` if the address is not the cause.
    pub(super) fn of(error: &ScrapeError, address: &str) -> Option<Self> {
        let (message, help) = in_words(error, address)?;
        let severity = if error.is_of_url() { Severity::Error } else { Severity::Warning };
        let upstream = (!address.contains('@')).then(|| error.to_string());
        Some(Self { severity, message, help, upstream })
    }

    /// The finding with the reason, the remedy and Prometheus's message.
    pub(super) fn explain(self, finding: Diagnostic, address: &str) -> Diagnostic {
        let mut finding = finding
            .with_argument("address", without_user(address))
            .with_note("Prometheus keeps the target, and every scrape of it fails");
        if let Some(help) = self.help {
            finding = finding.with_help(help);
        }
        match self.upstream {
            Some(upstream) => finding.with_upstream(upstream),
            None => finding,
        }
    }
}

/// An address without a user and a password before the host.
fn without_user(address: &str) -> String {
    address.rsplit_once('@').map_or_else(|| address.to_string(), |(_, host)| format!("…@{host}"))
}

/// A doubt about an address that a user gives.
pub(crate) struct AddressDoubt {
    /// Whether Prometheus sends no request to it.
    pub(crate) is_of_url: bool,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

impl AddressDoubt {
    /// Why scrapes of a target with this address and URL fail, or where they go to the machine of Prometheus.
    pub(crate) fn of(error: Option<&ScrapeError>, address: &str, url: &str) -> Option<Self> {
        if let Some(error) = error {
            let fault = AddressFault::of(error, address)?;
            let is_of_url = error.is_of_url() && Placeholder::find(address).is_none();
            return Some(Self { is_of_url, message: fault.message, help: fault.help });
        }
        let port = address_without_host(url)?;
        let message = format!("{} has no host: Prometheus connects to its own machine", go_quote(port));
        Some(Self { is_of_url: false, message, help: Some(format!("write {}", go_quote(&format!("localhost{port}")))) })
    }
}

/// The port with its colon, if a URL consists of no more before its path.
pub(super) fn address_without_host(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    rest.split(['/', '?']).next().filter(|address| address.len() > 1 && address.starts_with(':'))
}

type Words = (String, Option<String>);

fn in_words(error: &ScrapeError, address: &str) -> Option<Words> {
    let shown = go_quote(&without_user(address));
    if let Some(Placeholder::Variable(found) | Placeholder::Words(found)) = Placeholder::find(address) {
        return Some((format!("the address {shown} contains the placeholder `{found}`"), None));
    }
    Some(match error {
        ScrapeError::Scheme(_) => return None,
        ScrapeError::NoHost => (format!("the address {shown} has no host"), None),
        ScrapeError::Url { .. } => of_url(address, &shown),
        ScrapeError::Address { .. } => brackets(&shown),
        ScrapeError::Port(port) => (format!("the port {port} of {shown} is greater than 65535"), None),
        ScrapeError::ZeroPort => (format!("the port of {shown} is 0, where nothing can listen"), None),
        ScrapeError::Host(_) => of_separator(address, &shown)
            .or_else(|| of_several(address, &shown))
            .unwrap_or_else(|| (format!("the host of {shown} is neither an IP address nor a possible name"), None)),
    })
}

/// An address that gives no valid URL.
fn of_url(address: &str, shown: &str) -> Words {
    let trimmed = address.trim();
    if address.contains('@') {
        let help = "write the user and the password in `basic_auth`";
        return (format!("{shown} contains a user name"), Some(help.to_string()));
    }
    if trimmed != address {
        let (end, c) = match address.chars().next() {
            Some(c) if c.is_whitespace() => ("begins", c),
            _ => ("ends", address.chars().next_back().unwrap_or(' ')),
        };
        let blank = if matches!(c, '\n' | '\r') { "line break" } else { "space" };
        return (format!("the address {shown} {end} with a {blank}"), Some(format!("write {}", go_quote(trimmed))));
    }
    of_character(address, shown)
        .or_else(|| of_separator(address, shown))
        .or_else(|| of_several(address, shown))
        .or_else(|| of_ipv6(address, shown))
        .or_else(|| (address.contains(['[', ']']) && !begins_with_ipv6(address)).then(|| brackets(shown)))
        .or_else(|| of_port(address, shown))
        .unwrap_or_else(|| (format!("{shown} is not an address"), None))
}

const SEPARATORS: [char; 5] = [',', ' ', '\t', '\n', ';'];

/// A host and a port with another sign than a colon between them.
fn of_separator(address: &str, shown: &str) -> Option<Words> {
    let (host, port) = address.rsplit_once(SEPARATORS)?;
    let is_port = !host.is_empty() && !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let separator = &address[host.len()..address.len() - port.len()];
    let help = "write `:` before the port; in a relabel rule, use groups and a `replacement` such as `$1:$2`";
    is_port.then(|| (format!("{shown} has {} before the port", go_quote(separator)), Some(help.to_string())))
}

fn of_several(address: &str, shown: &str) -> Option<Words> {
    let is_address = |part: &str| part.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[');
    let mut parts = address.split(SEPARATORS).filter(|part| !part.is_empty());
    let first = parts.next()?;
    let has_others = is_address(first) && parts.clone().next().is_some() && parts.all(is_address);
    let help = "write each address as an item of `targets`";
    has_others.then(|| (format!("{shown} is more than one address"), Some(help.to_string())))
}

fn of_ipv6(address: &str, shown: &str) -> Option<Words> {
    let is_ipv6 = |text: &str| text.split('%').next().unwrap_or(text).parse::<Ipv6Addr>().is_ok();
    let with_port = address.rsplit_once(':').filter(|(host, port)| {
        // The last group of a complete address may be a port.
        is_ipv6(host) && !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
    });
    let help = match with_port {
        Some((host, port)) => format!("write \"[{host}]:{port}\""),
        None if is_ipv6(address) => format!("write \"[{address}]:<port>\""),
        None => return None,
    };
    Some((format!("the IPv6 address in {shown} has no brackets"), Some(help)))
}

/// Whether an address begins with an IPv6 address in brackets, before nothing but a colon.
fn begins_with_ipv6(address: &str) -> bool {
    let parts = address.strip_prefix('[').and_then(|rest| rest.split_once("]:"));
    parts.is_some_and(|(host, port)| !port.contains(['[', ']']) && host.parse::<Ipv6Addr>().is_ok())
}

fn brackets(shown: &str) -> Words {
    let help = "write an IPv6 address as `[fd00::1]:9100`, and anything else without brackets";
    (format!("the brackets of {shown} do not enclose an IPv6 address"), Some(help.to_string()))
}

fn of_port(address: &str, shown: &str) -> Option<Words> {
    let brackets = address.find(']').filter(|_| address.starts_with('[')).map_or(0, |end| end + 1);
    let colon = brackets + address[brackets..].find(':')?;
    let (host, port) = (&address[..colon], &address[colon + 1..]);
    let is_number = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    if is_number(port) {
        return None;
    }
    let trimmed = address.trim_end_matches([',', ';', '.']);
    if trimmed.len() < address.len() {
        let message = format!("the address {shown} ends with {}", go_quote(&address[trimmed.len()..]));
        return Some((message, Some(format!("write {}", go_quote(trimmed)))));
    }
    let mut ports = port.split(':');
    if ports.clone().count() > 1 {
        let what = if ports.clone().all(is_number) { "port" } else { "`:`" };
        let help = ports.next().filter(|port| is_number(port)).map(|port| format!("write \"{host}:{port}\""));
        return Some((format!("{shown} has more than one {what}"), help));
    }
    let help = "write the number of the port".to_string();
    Some((format!("the port {} of {shown} is not a number", go_quote(port)), Some(help)))
}

/// A character that no address contains.
fn of_character(address: &str, shown: &str) -> Option<Words> {
    let found =
        address.chars().find(|c| "\"'{}|\\^`?#<>".contains(*c) || c.is_ascii_control() && !c.is_whitespace())?;
    Some((format!("the address {shown} contains {}", go_quote(&found.to_string())), None))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(address: &str) -> String {
        let error = ScrapeError::Url { url: String::new(), reason: String::new() };
        let (message, help) = in_words(&error, address).expect("has words");
        help.map_or(message.clone(), |help| format!("{message}: {help}"))
    }

    #[test]
    fn a_fault_of_the_url_names_its_cause() {
        for (address, expected) in [
            ("a:1 b:1", r#""a:1 b:1" is more than one address: write each address as an item of `targets`"#),
            ("a:1,b:1", r#""a:1,b:1" is more than one address: write each address as an item of `targets`"#),
            ("u:p@h:80", r#""…@h:80" contains a user name: write the user and the password in `basic_auth`"#),
            ("a:1 ", r#"the address "a:1 " ends with a space: write "a:1""#),
            ("f:port", r#"the port "port" of "f:port" is not a number: write the number of the port"#),
            ("h:9100:9100", r#""h:9100:9100" has more than one port: write "h:9100""#),
            ("fd00::1:9100", r#"the IPv6 address in "fd00::1:9100" has no brackets: write "[fd00::1]:9100""#),
            ("fe80::1%eth0", r#"the IPv6 address in "fe80::1%eth0" has no brackets: write "[fe80::1%eth0]:<port>""#),
            ("[::1]:port", r#"the port "port" of "[::1]:port" is not a number: write the number of the port"#),
            ("[::1]:80:80", r#""[::1]:80:80" has more than one port: write "[::1]:80""#),
            (
                "[1.2.3.4]:80",
                r#"the brackets of "[1.2.3.4]:80" do not enclose an IPv6 address: write an IPv6 address as `[fd00::1]:9100`, and anything else without brackets"#,
            ),
            ("h::9100", r#""h::9100" has more than one `:`"#),
            ("h:9100,", r#"the address "h:9100," ends with ",": write "h:9100""#),
            ("h|x:1", r#"the address "h|x:1" contains "|""#),
            ("node{1,2}:9100", r#"the address "node{1,2}:9100" contains "{""#),
            ("\"h:1\"", r#"the address "\"h:1\"" contains "\"""#),
            ("${HOST}:1", r#"the address "${HOST}:1" contains the placeholder `${HOST}`"#),
        ] {
            assert_eq!(words(address), expected);
        }
    }
}
