//! The targets that alerts are sent to: the labels they are discovered with, their check and their URL.
//!
//! Source: `AlertmanagerFromGroup` in `notifier` of Prometheus 3.14; the paths of API v1 are those of 2.x.

use crate::config::Alertmanager;
use crate::relabel::Labels;

use super::url::url_of;
use super::{DiscoveredTarget, Target, TargetError};

const SCHEME: &str = "__scheme__";
const PATH: &str = "__alerts_path__";

/// The labels of `target` as `alertmanager` discovers it: its own, then the scheme and the path of the section,
/// which replace its own, then those of its group, which replace all but its own. This is the set that
/// `relabel_configs` work on.
///
/// ```
/// use promcfg::{Config, Options, Sources};
/// use promcfg::scrape::{DiscoveredTarget, discovered_alertmanager_labels};
/// let mut sources = Sources::new();
/// let text = "alerting: {alertmanagers: [{path_prefix: am, static_configs: [{targets: ['a:9093']}]}]}";
/// let file = sources.add("prometheus.yml", text);
/// let (config, _) = Config::read(&mut sources, file, &Options::default());
/// let labels = discovered_alertmanager_labels(&config.alertmanagers[0], &DiscoveredTarget::from_address("a:9093"));
/// assert_eq!(labels.get("__alerts_path__"), "/am/api/v2/alerts");
/// ```
#[must_use]
pub fn discovered_alertmanager_labels(alertmanager: &Alertmanager, target: &DiscoveredTarget) -> Labels {
    let mut labels: Labels = target.own.iter().filter(|(_, value)| !value.is_empty()).cloned().collect();
    for (name, value) in alertmanager_defaults(alertmanager) {
        set(&mut labels, &name, &value);
    }
    for (name, value) in &target.group {
        if target.own.iter().all(|(own, _)| own != name) {
            set(&mut labels, name, value);
        }
    }
    labels
}

/// The labels that an item of `alertmanagers` gives to each of its targets.
pub(crate) fn alertmanager_defaults(alertmanager: &Alertmanager) -> Vec<(String, String)> {
    let path = format!("{}/api/{}/alerts", alertmanager.path_prefix, alertmanager.api_version);
    vec![(SCHEME.to_string(), alertmanager.scheme.clone()), (PATH.to_string(), cleaned(&path))]
}

/// An empty value deletes the label.
fn set(labels: &mut Labels, name: &str, value: &str) {
    if value.is_empty() {
        labels.remove(name);
    } else {
        labels.set(name, value);
    }
}

/// Turns the labels that the rules of an Alertmanager left into a target.
///
/// # Errors
/// The address is not a host. Prometheus then discards all targets of the group.
pub fn check_alertmanager(mut labels: Labels) -> Result<Target, TargetError> {
    let address = labels.get("__address__");
    if address.contains('/') {
        return Err(TargetError::InvalidHostname(address.to_string()));
    }
    labels.retain(|name, _| !name.starts_with("__meta_"));
    let url = url_of(labels.get("__scheme__"), labels.get("__address__"), labels.get(PATH), "");
    Ok(Target { labels, url })
}

/// Go's `path.Join("/", path)`: one `/` between two names, without `.` and `..`.
fn cleaned(path: &str) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." => drop(names.pop()),
            _ => names.push(name),
        }
    }
    format!("/{}", names.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::options::Options;
    use crate::text::Sources;

    fn alertmanager(fields: &str) -> Alertmanager {
        let mut sources = Sources::new();
        let file = sources.add("p.yml", format!("alerting: {{alertmanagers: [{{{fields}}}]}}"));
        let options = Options::default().with_release("2.53".parse().expect("is a release"));
        Config::read(&mut sources, file, &options).0.alertmanagers.remove(0)
    }

    fn pairs(labels: &[(&str, &str)]) -> Vec<(String, String)> {
        labels.iter().map(|(name, value)| ((*name).to_string(), (*value).to_string())).collect()
    }

    fn url(fields: &str, own: &[(&str, &str)], group: &[(&str, &str)]) -> String {
        let target = DiscoveredTarget { own: pairs(own), group: pairs(group) };
        let labels = discovered_alertmanager_labels(&alertmanager(fields), &target);
        check_alertmanager(labels).map_or_else(|error| error.to_string(), |target| target.url)
    }

    #[test]
    fn the_path_is_joined_as_go_joins_it() {
        let address = [("__address__", "a")];
        assert_eq!(url("path_prefix: 'a//b/../c?x=1'", &address, &[]), "http://a/a/c%3Fx=1/api/v2/alerts");
        assert_eq!(url("path_prefix: /am/, api_version: v1", &address, &[]), "http://a/am/api/v1/alerts");
        assert_eq!(url("path_prefix: ../.., scheme: https", &address, &[]), "https://a/api/v2/alerts");
    }

    #[test]
    fn labels_of_the_group_replace_scheme_and_path_and_those_of_the_target_do_not() {
        let own = [("__address__", "a:1"), ("__scheme__", "ftp"), ("__alerts_path__", "/x")];
        assert_eq!(url("", &own, &[("__scheme__", "https")]), "http://a:1/api/v2/alerts");
        let group = [("__scheme__", "https"), ("__alerts_path__", "y")];
        assert_eq!(url("", &own[..1], &group), "https://a:1/y");
    }

    #[test]
    fn a_slash_in_the_address_is_refused_and_a_missing_address_is_not() {
        assert_eq!(url("", &[("__address__", "x/y")], &[]), "\"x/y\" is not a valid hostname");
        assert_eq!(url("", &[], &[]), "http:///api/v2/alerts");
    }
}
