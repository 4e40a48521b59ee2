//! The words of findings about a generated config, in those of the objects.

/// Lists of rules in a config.
const LISTS: [&str; 5] =
    ["relabel_configs", "metric_relabel_configs", "write_relabel_configs", "alert_relabel_configs", "rules"];

/// Names in a config, with those in objects.
const NAMES: [(&str, &str); 32] = [
    ("alert_relabel_configs", "alertRelabelings"),
    ("basic_auth", "basicAuth"),
    ("bearer_token_file", "bearerTokenFile"),
    ("body_size_limit", "bodySizeLimit"),
    ("enable_http2", "enableHttp2"),
    ("external_labels", "externalLabels"),
    ("fallback_scrape_protocol", "fallbackScrapeProtocol"),
    ("follow_redirects", "followRedirects"),
    ("honor_labels", "honorLabels"),
    ("honor_timestamps", "honorTimestamps"),
    ("keep_dropped_targets", "keepDroppedTargets"),
    ("kubernetes_sd_configs", "kubernetesSDConfigs"),
    ("label_limit", "labelLimit"),
    ("label_name_length_limit", "labelNameLengthLimit"),
    ("label_value_length_limit", "labelValueLengthLimit"),
    ("metric_relabel_configs", "metricRelabelings"),
    ("no_proxy", "noProxy"),
    ("proxy_url", "proxyUrl"),
    ("relabel_configs", "relabelings"),
    ("remote_write", "remoteWrite"),
    ("sample_limit", "sampleLimit"),
    ("scrape_classic_histograms", "scrapeClassicHistograms"),
    ("scrape_protocols", "scrapeProtocols"),
    ("scrape_timeout", "scrapeTimeout"),
    ("source_labels", "sourceLabels"),
    ("static_configs", "staticConfigs"),
    ("target_label", "targetLabel"),
    ("target_limit", "targetLimit"),
    ("tls_config", "tlsConfig"),
    ("track_timestamps_staleness", "trackTimestampsStaleness"),
    ("write_relabel_configs", "writeRelabelConfigs"),
    ("metrics_path", "path"),
];

/// The name in objects of a name in configs.
pub(super) fn name_in_objects(name: &str) -> Option<&'static str> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, own)| *own)
}

/// Whether it is the name of a list of rules.
pub(super) fn is_list(name: &str) -> bool {
    LISTS.contains(&name)
}

/// A sentence with the names of objects. `rule` names a rule of a list by its index.
pub(super) fn reworded(sentence: &str, rule: &mut dyn FnMut(&str, usize) -> Option<String>) -> String {
    let mut words = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some(start) = rest.find(is_of_name) {
        let (before, name) = rest.split_at(start);
        words.push_str(before);
        let length = name.find(|c: char| !is_of_name(c)).unwrap_or(name.len());
        let (name, after) = name.split_at(length);
        rest = after;
        if is_list(name)
            && let Some((index, after)) = index_of(after)
        {
            match rule(name, index) {
                Some(other) => words.push_str(&other),
                None => words.push_str(&format!("{name}[{index}]")),
            }
            rest = after;
            continue;
        }
        words.push_str(name_in_objects(name).unwrap_or(name));
    }
    words.push_str(rest);
    words
}

/// A sentence without the rule of the operator that it begins with: `relabel_configs[3]: `.
pub(super) fn without_rule(sentence: &str) -> &str {
    let rest = LISTS.iter().find_map(|list| index_of(sentence.strip_prefix(list)?));
    rest.and_then(|(_, rest)| rest.strip_prefix(": ")).unwrap_or(sentence)
}

/// `[3]` at the start of a text, and what is after it.
fn index_of(text: &str) -> Option<(usize, &str)> {
    let (index, rest) = text.strip_prefix('[')?.split_once(']')?;
    Some((index.parse().ok()?, rest))
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_of_the_operator_is_not_the_subject() {
        assert_eq!(without_rule("relabel_configs[3]: the port is odd"), "the port is odd");
        assert_eq!(without_rule("spec.endpoints[0]: the port is odd"), "spec.endpoints[0]: the port is odd");
    }

    #[test]
    fn names_become_those_of_objects_and_rules_their_paths() {
        let mut rule = |list: &str, index: usize| (index > 3).then(|| format!("spec.{list}.{index}"));
        let text = "relabel_configs[12]: `source_labels` of `relabel_configs[2]`, my_source_labels; relabel_configs";
        assert_eq!(
            reworded(text, &mut rule),
            "spec.relabel_configs.12: `sourceLabels` of `relabel_configs[2]`, my_source_labels; relabelings"
        );
    }
}
