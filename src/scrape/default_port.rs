//! The port that an address without one gets before Prometheus 3.0.
//!
//! Source: `PopulateLabels` of Prometheus 2.42 and `net.SplitHostPort` of Go.

use super::TargetError;

/// An address that has no port with that of the scheme.
pub(super) fn appended(address: &str, scheme: &str) -> Result<Option<String>, TargetError> {
    if !lacks_port(address) {
        return Ok(None);
    }
    let port = match scheme {
        "http" | "" => "80",
        "https" => "443",
        scheme => return Err(TargetError::InvalidScheme(scheme.to_string())),
    };
    Ok(Some(format!("{address}:{port}")))
}

/// Whether a port is all that is missing from an address.
pub(crate) fn lacks_port(address: &str) -> bool {
    !has_host_and_port(address) && has_host_and_port(&format!("{address}:1234"))
}

/// Whether Go's `net.SplitHostPort` takes an address: `host:port` or `[host]:port`; either may be empty.
fn has_host_and_port(address: &str) -> bool {
    let Some(colon) = address.rfind(':') else { return false };
    if let Some(rest) = address.strip_prefix('[') {
        let Some((_, after)) = rest.split_once(']') else { return false };
        return address.len() - after.len() == colon && !rest.contains('[') && !after.contains(']');
    }
    !address[..colon].contains(':') && !address.contains(['[', ']'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_port_makes_an_address_lacks_one() {
        for address in ["h", "10.0.0.1", "[::1]", "a/b", ""] {
            assert!(lacks_port(address), "{address}");
        }
        for address in ["h:80", "h:", ":80", "::1", "fe80::1", "[::1]:80", "[::1", "[a]b", "[[a]", "a:b:c"] {
            assert!(!lacks_port(address), "{address}");
        }
    }

    #[test]
    fn the_scheme_gives_the_port() {
        let address = |scheme: &str| appended("h", scheme).map_err(|error| error.to_string());
        assert_eq!(address("http"), Ok(Some("h:80".to_string())));
        assert_eq!(address("https"), Ok(Some("h:443".to_string())));
        assert_eq!(address("ftp"), Err("invalid scheme: \"ftp\"".to_string()));
    }
}
