//! Addresses of targets as a user writes them: several in one word, and what cannot be one.

use std::collections::HashSet;

use super::super::request::EditError;

/// So many addresses can be named in one command.
const MOST: usize = 10_000;

/// The addresses that a word names: `host{1..3}:9100` three hosts, `{a,b}:80` two, `host:5001-5005` five ports. A range
/// whose first number begins with `0` has numbers of that length.
///
/// ```
/// use promcfg::edit::expand_addresses;
/// assert_eq!(expand_addresses("web{09..11}:80")?, ["web09:80", "web10:80", "web11:80"]);
/// assert_eq!(expand_addresses("{a,b}:1-2")?, ["a:1", "a:2", "b:1", "b:2"]);
/// assert_eq!(expand_addresses("[::1]:9100")?, ["[::1]:9100"]);
/// # Ok::<(), promcfg::edit::EditError>(())
/// ```
///
/// # Errors
/// A brace or a range that cannot be read, or more than 10,000 addresses.
pub fn expand_addresses(word: &str) -> Result<Vec<String>, EditError> {
    let mut addresses = Vec::new();
    for address in expand_braces(word)? {
        let ports = port_range(word, &address)?;
        let Some((host, first, last)) = ports else {
            addresses.push(address);
            continue;
        };
        bounded(word, (addresses.len() as u64).saturating_add(u64::from(last - first) + 1))?;
        addresses.extend((first..=last).map(|port| format!("{host}:{port}")));
    }
    bounded(word, addresses.len() as u64)?;
    Ok(addresses)
}

/// All addresses of some words, each once.
pub(super) fn expand_all(words: &[String]) -> Result<Vec<String>, EditError> {
    let (mut all, mut seen) = (Vec::new(), HashSet::new());
    for word in words {
        for address in expand_addresses(word)? {
            if seen.insert(address.clone()) {
                all.push(address);
            }
        }
        bounded(word, all.len() as u64)?;
    }
    match all.is_empty() {
        true => Err(EditError::request("no target is given", "give at least one address, such as 10.0.0.1:9100")),
        false => Ok(all),
    }
}

fn bounded(word: &str, count: u64) -> Result<(), EditError> {
    match usize::try_from(count).is_ok_and(|count| count <= MOST) {
        true => Ok(()),
        false => Err(EditError::request(
            format!("{word:?} names more than {MOST} targets"),
            "name fewer targets in one command",
        )),
    }
}

/// The words that braces stand for, the first brace varying slowest.
fn expand_braces(word: &str) -> Result<Vec<String>, EditError> {
    let mut words = vec![String::new()];
    let mut rest = word;
    while let Some(open) = rest.find(['{', '}']) {
        let (before, from_brace) = rest.split_at(open);
        // A placeholder such as ${HOST}, %{HOST} or {{ host }} is part of the address.
        let end = match from_brace.starts_with("{{") {
            true => from_brace.find("}}").map(|end| end + 2),
            false => from_brace.find('}').map(|end| end + 1).filter(|_| before.ends_with(['$', '%'])),
        };
        if let Some((placeholder, after)) = end.and_then(|end| from_brace.split_at_checked(end)) {
            words.iter_mut().for_each(|word| word.push_str(&format!("{before}{placeholder}")));
            rest = after;
            continue;
        }
        let inside = from_brace.strip_prefix('{').and_then(|inside| inside.split_once('}'));
        let (inside, after) = inside.filter(|(inside, _)| !inside.contains('{')).ok_or_else(|| {
            EditError::request(
                format!("the braces of {word:?} do not match"),
                "write a range as {1..3} and a list as {a,b}; braces cannot be nested",
            )
        })?;
        let parts = parts_of(word, inside)?;
        bounded(word, (words.len() as u64).saturating_mul(parts.len() as u64))?;
        words = words.iter().flat_map(|word| parts.iter().map(move |part| format!("{word}{before}{part}"))).collect();
        rest = after;
    }
    words.iter_mut().for_each(|word| word.push_str(rest));
    Ok(words)
}

/// What is between two braces: a range of numbers, or a list.
fn parts_of(word: &str, inside: &str) -> Result<Vec<String>, EditError> {
    if let Some((first, last)) = inside.split_once("..") {
        let range = first.parse::<u64>().ok().zip(last.parse::<u64>().ok()).filter(|(first, last)| first <= last);
        let (from, to) = range.ok_or_else(|| {
            EditError::request(
                format!("{{{inside}}} in {word:?} is not a range of numbers"),
                "write the smaller number first, such as {1..3} or {01..12}",
            )
        })?;
        bounded(word, (to - from).saturating_add(1))?;
        let width = if first.starts_with('0') { first.len() } else { 0 };
        return Ok((from..=to).map(|number| format!("{number:0width$}")).collect());
    }
    match inside.contains(',') {
        true => Ok(inside.split(',').map(str::to_string).collect()),
        false => Err(EditError::request(
            format!("{{{inside}}} in {word:?} is neither a range nor a list"),
            "write a range as {1..3} and a list as {a,b}",
        )),
    }
}

/// The host of an address that ends with a range of ports, and the first and the last one.
fn port_range<'a>(word: &str, address: &'a str) -> Result<Option<(&'a str, u16, u16)>, EditError> {
    let Some((host, ports)) = address.rsplit_once(':') else { return Ok(None) };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let Some((first, last)) = ports.split_once('-').filter(|(first, last)| is_number(first) && is_number(last)) else {
        return Ok(None);
    };
    let range = first.parse::<u16>().ok().zip(last.parse::<u16>().ok()).filter(|(first, last)| first <= last);
    match range {
        Some((first, last)) => Ok(Some((host, first, last))),
        None => Err(EditError::request(
            format!("{ports:?} in {word:?} is not a range of ports"),
            "write the smaller port first, such as 5001-5005; the largest port is 65535",
        )),
    }
}

/// Refuses what cannot be an address, whatever the job.
pub(super) fn check_address(address: &str) -> Result<(), EditError> {
    if address.is_empty() || address.starts_with(':') && address.len() == 1 {
        return Err(EditError::request("an address is empty", "write it as HOST:PORT, such as 10.0.0.1:9100"));
    }
    match address.chars().find(|c| c.is_whitespace() || c.is_control()) {
        Some(c) => Err(EditError::request(
            format!("the address {address:?} contains {c:?}"),
            "write it as HOST:PORT, such as 10.0.0.1:9100, each target as a word of its own",
        )),
        None => Ok(()),
    }
}

/// The refusal of a URL where Prometheus wants an address: what to write instead.
pub(super) fn no_url(address: &str) -> EditError {
    let (scheme, rest) = address.split_once("://").map_or(("", address), |(scheme, rest)| (scheme, rest));
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let mut fields = Vec::new();
    if !matches!(scheme, "" | "http") {
        fields.push(format!("`scheme: {scheme}`"));
    }
    if !matches!(path, "" | "/" | "/metrics") {
        fields.push(format!("`metrics_path: {path}`"));
    }
    let fields = match fields.as_slice() {
        [] => String::new(),
        fields => format!(", and set {} in the job", fields.join(" and ")),
    };
    EditError::request(
        format!("{address:?} is a URL, not an address: Prometheus refuses it"),
        format!("write {host}{fields}"),
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn refusal(word: &str) -> String {
        expand_addresses(word).unwrap_err().to_string()
    }

    #[test]
    fn a_word_without_braces_and_ranges_is_one_address() {
        for word in [
            "h",
            "h:80",
            "my-host-1-2",
            "[fe80::1]:9100",
            "h:http",
            "a-1:80",
            "10.0.0.1:9100",
            "h:1-x",
            "${H}:1",
            "%{H}:1",
            "{{ h }}:1",
            "{{h}}-{{i}}",
        ] {
            assert_eq!(expand_addresses(word).unwrap(), [word]);
        }
    }

    #[test]
    fn braces_and_ports_are_multiplied_in_the_order_written() {
        assert_eq!(expand_addresses("h{1..2}.{x,y}").unwrap(), ["h1.x", "h1.y", "h2.x", "h2.y"]);
        assert_eq!(expand_addresses("h{008..010}").unwrap(), ["h008", "h009", "h010"]);
        assert_eq!(expand_addresses("h:{1..2}").unwrap(), ["h:1", "h:2"]);
        assert_eq!(expand_addresses("{a,}h").unwrap(), ["ah", "h"]);
        assert_eq!(expand_addresses("h:7-7").unwrap(), ["h:7"]);
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_the_form() {
        assert!(refusal("h{1..3").contains("do not match"));
        assert!(refusal("h1}").contains("do not match"));
        assert!(refusal("h{a{b,c}}").contains("nested"));
        assert!(refusal("h{1}").contains("neither a range nor a list"));
        assert!(refusal("h{3..1}").contains("is not a range of numbers"));
        assert!(refusal("h:9-1").contains("is not a range of ports"));
        assert!(refusal("h:1-70000").contains("is not a range of ports"));
    }

    #[test]
    fn the_number_of_addresses_is_bounded() {
        for word in ["h{1..10001}", "h{0..18446744073709551615}", "{1..200}{1..200}", "h{1..3}:1-65535"] {
            assert!(refusal(word).contains("more than 10000"), "{word}");
        }
        assert_eq!(expand_addresses("h{1..10000}").unwrap().len(), 10_000);
    }

    #[test]
    fn a_url_is_refused_with_what_to_write_instead() {
        let message = |url: &str| no_url(url).to_string();
        assert_eq!(
            message("http://x:1/metrics"),
            "\"http://x:1/metrics\" is a URL, not an address: Prometheus refuses it (write x:1)"
        );
        assert!(
            message("https://x/stats")
                .ends_with("(write x, and set `scheme: https` and `metrics_path: /stats` in the job)")
        );
    }
}
