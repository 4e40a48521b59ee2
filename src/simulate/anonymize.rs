//! Targets without the names and values of their owner: each word is replaced, always by the same one, but for texts that
//! relabel rules name.

use std::net::{Ipv4Addr, Ipv6Addr};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::RelabelRule;
use crate::discovery::discovery_roles;
use crate::scrape::DiscoveredTarget;

/// Words of Kubernetes and other servers, which say nothing about their owner.
const WORDS: [&str; 44] = [
    "true",
    "false",
    "unknown",
    "Running",
    "Pending",
    "Succeeded",
    "Failed",
    "TCP",
    "UDP",
    "SCTP",
    "tcp",
    "udp",
    "http",
    "https",
    "IPv4",
    "IPv6",
    "FQDN",
    "ClusterIP",
    "NodePort",
    "LoadBalancer",
    "ExternalName",
    "None",
    "Pod",
    "Node",
    "ReplicaSet",
    "StatefulSet",
    "DaemonSet",
    "Job",
    "Deployment",
    "CronJob",
    "Service",
    "svc",
    "running",
    "stopped",
    "passing",
    "warning",
    "critical",
    "maintenance",
    "SRV",
    "ready",
    "active",
    "metrics",
    "localhost",
    "cluster",
];

/// Replaces the words of labels.
///
/// ```
/// use promcfg::scrape::DiscoveredTarget;
/// use promcfg::simulate::Anonymizer;
/// let mut target = DiscoveredTarget::from_address("10.1.2.3:9100");
/// target.own.push(("__meta_kubernetes_pod_name".to_string(), "cart-7d9".to_string()));
/// Anonymizer::new([]).apply(&mut target);
/// assert_eq!(target.own[0].1, "10.0.0.1:9100");
/// assert_eq!(target.own[1].1, "w1-w2");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Anonymizer {
    /// Words that stay.
    kept: FxHashSet<String>,
    /// Names of labels that stay.
    names: FxHashSet<String>,
    words: FxHashMap<String, String>,
    /// Of each number of digits, how many numbers were replaced.
    numbers: FxHashMap<usize, usize>,
    addresses: FxHashMap<Ipv4Addr, Ipv4Addr>,
    long_addresses: FxHashMap<Ipv6Addr, Ipv6Addr>,
}

impl Anonymizer {
    /// Keeps the texts that these rules name.
    #[must_use]
    pub fn new<'r>(rules: impl IntoIterator<Item = &'r RelabelRule>) -> Self {
        let mut this = Self { kept: WORDS.into_iter().map(str::to_string).collect(), ..Self::default() };
        for rule in rules {
            let spec = &rule.spec;
            this.names.extend(spec.source_labels.iter().flatten().cloned());
            this.names.insert(spec.target_label.clone());
            let texts = [spec.regex.as_deref().unwrap_or(""), &spec.replacement, &spec.target_label];
            for text in texts.into_iter().chain(spec.source_labels.iter().flatten().map(String::as_str)) {
                this.kept.extend(words(text).filter(|word| word.len() > 1).map(str::to_string));
            }
        }
        this
    }

    /// Replaces the names and values of a target.
    pub fn apply(&mut self, target: &mut DiscoveredTarget) {
        for (name, value) in target.own.iter_mut().chain(&mut target.group) {
            *value = self.value(name, value);
            *name = self.name(name);
        }
    }

    fn name(&mut self, name: &str) -> String {
        if self.names.contains(name) || is_internal(name) {
            return name.to_string();
        }
        let labels = || discovery_roles().iter().flat_map(|role| &role.labels);
        if labels().any(|label| !label.is_prefix && label.name == name) {
            return name.to_string();
        }
        let prefixes = labels().filter(|label| label.is_prefix && name.starts_with(label.name));
        let prefix = prefixes.map(|label| label.name).max_by_key(|prefix| prefix.len()).unwrap_or("");
        let rest = name.get(prefix.len()..).unwrap_or("");
        format!("{prefix}{}", self.replaced(rest))
    }

    fn value(&mut self, name: &str, value: &str) -> String {
        let with_port = value.rsplit_once(':').filter(|(_, port)| name == "__address__" && is_port(port));
        if let Some((host, port)) = with_port {
            return format!("{}:{port}", self.replaced(host));
        }
        let is_number = name.ends_with("_port") || name.ends_with("_port_number") || name.ends_with("_port_private");
        if is_number && is_port(value) {
            return value.to_string();
        }
        self.replaced(value)
    }

    /// A text with all words replaced; addresses become other addresses.
    fn replaced(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let is_part = |c: char| c.is_ascii_hexdigit() || c == '.' || c == ':';
        let mut rest = text;
        while !rest.is_empty() {
            let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let run = rest.get(..length).unwrap_or("");
            let is_whole = !out.chars().next_back().is_some_and(char::is_alphanumeric)
                && !rest.get(length..).and_then(|rest| rest.chars().next()).is_some_and(char::is_alphanumeric);
            if let Some((address, end)) = self.address(run).filter(|_| is_whole) {
                out.push_str(&address);
                out.push_str(run.get(end..).unwrap_or(""));
                rest = rest.get(length..).unwrap_or("");
                continue;
            }
            let length = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
            if length == 0 {
                let first = rest.chars().next().map_or(0, char::len_utf8);
                let (separator, after) = rest.split_at(first);
                out.push_str(if separator.is_ascii() { separator } else { "_" });
                rest = after;
                continue;
            }
            let (word, after) = rest.split_at(length);
            let word = self.word(word);
            out.push_str(&word);
            rest = after;
        }
        out
    }

    /// Another address for one at the start of a text, and where it ends.
    fn address(&mut self, text: &str) -> Option<(String, usize)> {
        let end = text.trim_end_matches(['.', ':']).len();
        let (whole, host) = (text.get(..end)?, text.split(':').next()?);
        if let Ok(address) = host.parse::<Ipv4Addr>() {
            let next = u32::from(Ipv4Addr::new(10, 0, 0, 1)) + u32::try_from(self.addresses.len()).unwrap_or(0);
            let other = *self.addresses.entry(address).or_insert_with(|| next.into());
            return Some((other.to_string(), host.len()));
        }
        let address = whole.parse::<Ipv6Addr>().ok()?;
        let next = u128::from(Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 1)) + self.long_addresses.len() as u128;
        let other = *self.long_addresses.entry(address).or_insert_with(|| next.into());
        Some((other.to_string(), end))
    }

    fn word(&mut self, word: &str) -> String {
        if self.kept.contains(word) {
            return word.to_string();
        }
        if let Some(known) = self.words.get(word) {
            return known.clone();
        }
        // A pattern such as `web.*` still matches.
        let prefix = self.kept.iter().filter(|kept| word.starts_with(kept.as_str())).max_by_key(|kept| kept.len());
        let prefix = prefix.filter(|prefix| !WORDS.contains(&prefix.as_str())).cloned().unwrap_or_default();
        let replaced = if word.bytes().all(|byte| byte.is_ascii_digit()) {
            let count = self.numbers.entry(word.len()).or_default();
            *count += 1;
            format!("{count:0width$}", width = word.len())
        } else {
            format!("{prefix}w{}", self.words.len() + 1)
        };
        self.words.insert(word.to_string(), replaced.clone());
        replaced
    }
}

/// The words of a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Names that Prometheus itself reads.
fn is_internal(name: &str) -> bool {
    matches!(
        name,
        "__address__"
            | "__scheme__"
            | "__metrics_path__"
            | "__scrape_interval__"
            | "__scrape_timeout__"
            | "job"
            | "instance"
    )
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Config, Options, Sources};

    fn anonymized(rules: &str, labels: &[(&str, &str)]) -> Vec<(String, String)> {
        let text = format!("scrape_configs: [{{job_name: a, relabel_configs: [{rules}]}}]");
        let mut sources = Sources::new();
        let file = sources.add("p.yml", text);
        let (config, faults) = Config::read(&mut sources, file, &Options::default());
        assert!(faults.is_empty(), "{faults:?}");
        let mut anonymizer = Anonymizer::new(&config.scrape_configs[0].relabel_configs);
        let own = labels.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let mut target = DiscoveredTarget { own, group: Vec::new() };
        anonymizer.apply(&mut target);
        target.own
    }

    fn values(rules: &str, labels: &[(&str, &str)]) -> Vec<String> {
        anonymized(rules, labels).into_iter().map(|(_, value)| value).collect()
    }

    #[test]
    fn the_same_word_is_replaced_by_the_same_one_everywhere() {
        let labels = [
            ("__address__", "10.2.3.4:80"),
            ("__meta_kubernetes_pod_ip", "10.2.3.4"),
            ("__meta_kubernetes_pod_name", "cart-cart"),
        ];
        assert_eq!(values("", &labels), ["10.0.0.1:80", "10.0.0.1", "w1-w1"]);
        assert_eq!(values("", &[("__address__", "[2001:db8::5]:80")]), ["[fd00::1]:80"]);
        assert_eq!(values("", &[("__address__", "db.example.com:5432")]), ["w1.w2.w3:5432"]);
    }

    #[test]
    fn texts_that_rules_name_stay() {
        let rule = "{source_labels: [__meta_kubernetes_pod_label_app], regex: 'cart|web.*', action: keep}";
        let labels = [("__meta_kubernetes_pod_label_app", "cart"), ("__meta_kubernetes_pod_label_tier", "website")];
        let expected = [("__meta_kubernetes_pod_label_app", "cart"), ("__meta_kubernetes_pod_label_w2", "webw1")];
        let expected = expected.map(|(name, value)| (name.to_string(), value.to_string()));
        assert_eq!(anonymized(rule, &labels), expected);
    }

    #[test]
    fn no_planted_text_survives() {
        let planted = [
            "PLANTEDname",
            "plantedtoken",
            "p1antedhost",
            "größeplanted",
            "8675309424242",
            "203.0.113.77",
            "2001:db8:77::1",
        ];
        let annotation = format!(
            "{{\"kind\":\"Pod\",\"env\":[{{\"name\":\"{}\",\"value\":\"Bearer {}\"}}],\"url\":\"https://u:{}@{}/\",\"ip\":\"{}\"}}",
            planted[0], planted[1], planted[4], planted[2], planted[5]
        );
        let name = format!("__meta_kubernetes_pod_annotation_{}", planted[0]);
        let address = format!("{}:9100", planted[5]);
        let mut labels = vec![
            ("__meta_kubernetes_pod_annotation_kubectl_kubernetes_io_last_applied_configuration", annotation.as_str()),
            (name.as_str(), "true"),
            ("__address__", address.as_str()),
            ("custom_label", planted[3]),
            ("__meta_kubernetes_pod_phase", planted[1]),
            ("__meta_kubernetes_pod_ready", planted[0]),
            ("__meta_kubernetes_pod_container_port_number", planted[4]),
            ("__meta_kubernetes_pod_uid", planted[6]),
        ];
        let glued = format!("x{}y.{}z", planted[5], planted[1]);
        labels.push(("__meta_kubernetes_pod_name", &glued));
        let shown = format!("{:?}", anonymized("", &labels));
        for text in planted {
            assert!(!shown.contains(text), "{text}: {shown}");
        }
    }
}
