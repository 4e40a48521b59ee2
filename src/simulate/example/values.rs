//! Values that labels of example targets may have.

use crate::discovery::DiscoveryLabel;
use crate::relabel::Labels;
use crate::scrape::DiscoveredTarget;

/// The address of an example target.
pub(super) const ADDRESS: &str = "10.0.0.1:8080";
/// Another address.
pub(super) fn address(number: u64) -> String {
    format!("10.0.{}.{}:{PORT}", number / 250, number % 250 + 1)
}

/// A host with a port.
pub(super) fn with_port(host: &str) -> String {
    format!("{host}:{PORT}")
}

/// The port in it.
const PORT: &str = "8080";

/// Values of which most patterns do not match some.
pub(super) const PLAIN: [&str; 8] = ["", "web", "1", "a", "true", "false", "yes", "no"];

/// The value that the name of a label of the user's suggests.
pub(super) fn hint(name: &str, label: &DiscoveryLabel, defaults: &Labels) -> Option<String> {
    // Labels that say only that another one exists.
    if label.name.ends_with("present_") {
        return None;
    }
    let own = name.strip_prefix(label.name)?.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| own.contains(word));
    let default = |name: &str, otherwise: &str| {
        let value = defaults.get(name);
        Some(if value.is_empty() { otherwise } else { value }.to_string())
    };
    match () {
        () if has(&["interval"]) => default("__scrape_interval__", "1m"),
        () if has(&["timeout"]) => default("__scrape_timeout__", "10s"),
        () if has(&["port"]) => Some(PORT.to_string()),
        () if has(&["path"]) => default("__metrics_path__", "/metrics"),
        () if has(&["scheme"]) => default("__scheme__", "http"),
        () if has(&["scrape", "enable", "monitor", "probe"]) => Some("true".to_string()),
        () => None,
    }
}

/// All ways to take one value of each pool, those with the fewest later values first; at most `most`.
pub(super) fn combinations(pools: &[Vec<String>], most: usize) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    for pool in pools {
        let longer = all.iter().flat_map(|chosen| {
            (0..pool.len()).map(move |index| chosen.iter().copied().chain([index]).collect::<Vec<_>>())
        });
        all = longer.take(most).collect();
    }
    all.sort_by_key(|chosen| (chosen.iter().filter(|index| **index > 0).count(), chosen.iter().sum::<usize>()));
    all
}

/// Sets a label of a target; an empty value removes it.
pub(super) fn set(target: &mut DiscoveredTarget, name: &str, value: &str) {
    target.own.retain(|(own, _)| own != name);
    if !value.is_empty() {
        target.own.push((name.to_string(), value.to_string()));
    }
}

#[cfg(test)]
mod tests {
    use super::combinations;

    #[test]
    fn combinations_change_as_few_values_as_possible() {
        let pool = |values: &[&str]| values.iter().map(ToString::to_string).collect::<Vec<_>>();
        let pools = [pool(&["a", "b"]), pool(&["x", "y"])];
        assert_eq!(combinations(&pools, 10), [vec![0, 0], vec![0, 1], vec![1, 0], vec![1, 1]]);
    }
}
