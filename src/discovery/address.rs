//! Addresses as Go's `net/netip` reads and prints them, and `net.JoinHostPort`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::json::Scalar;

/// An IP address in its usual form; empty where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Address(String);

impl Address {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn is_given(&self) -> bool {
        !self.0.is_empty()
    }
}

impl Scalar for Address {
    const EXPECTED: &'static str = "an IP address";

    fn of_text(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::default());
        }
        let (address, zone) = split_zone(text)?;
        Some(Self(if zone.is_empty() { address.to_string() } else { format!("{address}%{zone}") }))
    }

    fn other_text() -> &'static str {
        "another string"
    }
}

/// The address of a network with the length of its prefix, as `10.0.0.5/24`; of which only the address is printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Prefix(Option<IpAddr>);

impl Prefix {
    /// The address; `None` where the text was empty.
    pub(super) fn address(&self) -> Option<String> {
        // `net.IP` prints an IPv4 address in IPv6 as IPv4.
        self.0.map(|address| address.to_canonical().to_string())
    }
}

impl Scalar for Prefix {
    const EXPECTED: &'static str = "an IP address with the length of its prefix";

    fn of_text(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::default());
        }
        let (address, bits) = text.rsplit_once('/')?;
        let (address, zone) = split_zone(address)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let is_number = bits.bytes().all(|byte| byte.is_ascii_digit()) && (bits.len() == 1 || !bits.starts_with('0'));
        let length: u8 = bits.parse().ok().filter(|_| is_number)?;
        (zone.is_empty() && length <= most).then_some(Self(Some(address)))
    }

    fn other_text() -> &'static str {
        "another string"
    }
}

/// An address, and the zone of an IPv6 address.
fn split_zone(text: &str) -> Option<(IpAddr, &str)> {
    // The first of these characters decides on the kind.
    match text.chars().find(|c| matches!(c, '.' | ':' | '%'))? {
        '.' => Some((IpAddr::V4(text.parse::<Ipv4Addr>().ok()?), "")),
        ':' => {
            let (address, zone) = match text.split_once('%') {
                Some((_, "")) => return None,
                Some(parts) => parts,
                None => (text, ""),
            };
            Some((IpAddr::V6(address.parse::<Ipv6Addr>().ok()?), zone))
        }
        _ => None,
    }
}

/// `host:port`, with brackets around a host that has colons.
pub(super) fn join_host_port(host: &str, port: impl std::fmt::Display) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_printed_in_their_usual_form() {
        let shown = |text: &str| Address::of_text(text).map(|address| address.0);
        for (text, expected) in [
            ("10.0.0.1", Some("10.0.0.1")),
            ("2001:DB8:0:0::5", Some("2001:db8::5")),
            ("2001:db8:0:0:1:0:0:1", Some("2001:db8::1:0:0:1")),
            ("::ffff:1.2.3.4", Some("::ffff:1.2.3.4")),
            ("::ffff:102:304", Some("::ffff:1.2.3.4")),
            ("::1.2.3.4", Some("::102:304")),
            ("fe80::1%eth0", Some("fe80::1%eth0")),
            ("::", Some("::")),
            ("", Some("")),
            ("10.0.0.01", None),
            ("10.0.0", None),
            ("10.0.0.1%eth0", None),
            ("fe80::1%", None),
            ("1:2:3:4:5:6:7::8", None),
            ("10.0.0.1/24", None),
            ("web", None),
            (" 10.0.0.1", None),
        ] {
            assert_eq!(shown(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn of_a_prefix_the_address_is_printed() {
        let shown = |text: &str| Prefix::of_text(text).map(|prefix| prefix.address());
        assert_eq!(shown("10.0.0.5/24"), Some(Some("10.0.0.5".to_string())));
        assert_eq!(shown("2001:DB8::5/64"), Some(Some("2001:db8::5".to_string())));
        assert_eq!(shown("::ffff:10.0.0.5/120"), Some(Some("10.0.0.5".to_string())));
        assert_eq!(shown(""), Some(None));
        for text in
            ["10.0.0.5", "10.0.0.5/33", "10.0.0.5/024", "10.0.0.5/+8", "10.0.0.5/", "fe80::1%eth0/64", "x/8", "/8"]
        {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn hosts_with_colons_get_brackets() {
        assert_eq!(join_host_port("fd00::1", 80), "[fd00::1]:80");
        assert_eq!(join_host_port("", 80), ":80");
        assert_eq!(join_host_port("web", 80), "web:80");
    }
}
