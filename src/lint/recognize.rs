//! What a file is, judged by its content.

use crate::config::{EmbeddedText, embedded_texts};
use crate::text::most_similar;
use crate::yaml::{Node, NodeKind, Tree};

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileKind {
    /// A Prometheus config, or a file of `scrape_config_files`.
    Config,
    /// Target groups, as `file_sd_configs` read them.
    Targets,
    /// A Kubernetes manifest with a config in a ConfigMap.
    Manifest,
    /// Something else.
    Other,
}

/// Top-level keys that only a Prometheus config has.
const OWN_KEYS: [&str; 4] = ["scrape_configs", "scrape_config_files", "rule_files", "remote_write"];
/// Keys of `global` by which a config without those is known.
const GLOBAL_KEYS: [&str; 4] = ["scrape_interval", "evaluation_interval", "external_labels", "scrape_timeout"];
/// Keys of configs of other programs that have Prometheus's keys too.
const FOREIGN_KEYS: [&str; 12] = [
    "apiVersion",
    "kind",
    "receivers",
    "exporters",
    "services",
    "metrics",
    "server",
    "clients",
    "prometheus",
    "integrations",
    "values",
    "logs",
];

/// Judges what a file is by its content. A text that is broken is judged by what can be read of it.
///
/// ```
/// use promcfg::lint::{FileKind, recognize};
/// use promcfg::yaml::Tree;
/// assert_eq!(recognize(&Tree::parse("scrape_configs: []\n")), FileKind::Config);
/// assert_eq!(recognize(&Tree::parse("- targets: ['h:1']\n")), FileKind::Targets);
/// assert_eq!(recognize(&Tree::parse("groups: []\n")), FileKind::Other);
/// ```
#[must_use]
pub fn recognize(tree: &Tree) -> FileKind {
    match recognize_plain(tree) {
        FileKind::Other if tree.text().contains("ConfigMap") && !embedded_configs(tree).is_empty() => {
            FileKind::Manifest
        }
        kind => kind,
    }
}

/// The configs in the ConfigMaps of a manifest: those of its texts that are recognized as configs.
///
/// ```
/// use promcfg::lint::embedded_configs;
/// use promcfg::yaml::Tree;
/// let manifest = "kind: ConfigMap\ndata:\n  prometheus.yml: |\n    scrape_configs: []\n  note: |\n    none\n";
/// assert_eq!(embedded_configs(&Tree::parse(manifest)).len(), 1);
/// ```
#[must_use]
pub fn embedded_configs(tree: &Tree) -> Vec<EmbeddedText> {
    let is_config = |text: &EmbeddedText| recognize_plain(&Tree::parse(text.literal.text())) == FileKind::Config;
    embedded_texts(tree).into_iter().filter(is_config).collect()
}

/// A text that stands in no other.
fn recognize_plain(tree: &Tree) -> FileKind {
    match tree.root() {
        Some(root) if root.kind() == NodeKind::Mapping && is_config(root) => FileKind::Config,
        Some(root) if root.kind() == NodeKind::Sequence && is_targets(root) => FileKind::Targets,
        _ => FileKind::Other,
    }
}

fn is_config(root: Node<'_>) -> bool {
    let has = |names: &[&str]| root.entries().any(|(key, _)| names.contains(&key.value()));
    if has(&FOREIGN_KEYS) {
        return false;
    }
    let global = root.entries().find(|(key, _)| key.value() == "global").map(|(_, global)| global);
    let is_own_global =
        global.is_some_and(|global| global.entries().any(|(key, _)| GLOBAL_KEYS.contains(&key.value())));
    is_own_global || has(&OWN_KEYS[..2]) || (has(&OWN_KEYS) && has(&["global", "alerting"]))
}

fn is_targets(root: Node<'_>) -> bool {
    let is_group = |item: Node<'_>| {
        // A slip in a key is what is to be found.
        let is_near = |key: &str| most_similar(key, ["targets", "labels"]).is_some();
        let mut keys = item.entries().map(|(key, _)| key.value());
        item.kind() == NodeKind::Mapping && keys.clone().any(|key| key == "targets") && keys.all(is_near)
    };
    root.items().next().is_some() && root.items().all(is_group)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configs_of_other_programs_are_told_apart() {
        for (text, kind) in [
            ("global: {scrape_interval: 1m}\n", FileKind::Config),
            ("rule_files: [a.yml]\nalerting: {}\n", FileKind::Config),
            ("apiVersion: v1\nkind: ConfigMap\ndata: {}\n", FileKind::Other),
            ("kind: ConfigMap\ndata:\n  a: |\n    scrape_configs: []\n", FileKind::Manifest),
            ("kind: ConfigMap\ndata:\n  a: |\n    receivers: []\n", FileKind::Other),
            ("receivers: {}\nscrape_configs: []\n", FileKind::Other),
            ("clients: []\nscrape_configs: []\n", FileKind::Other),
            ("global: {smtp_from: x}\nroute: {}\n", FileKind::Other),
            ("[{\"targets\": [\"h:1\"], \"labels\": {}}]", FileKind::Targets),
            ("- targets: [h]\n  lables: {}\n", FileKind::Targets),
            ("- targets: [h]\n  hosts: all\n", FileKind::Other),
            ("", FileKind::Other),
        ] {
            assert_eq!(recognize(&Tree::parse(text)), kind, "{text:?}");
        }
    }
}
