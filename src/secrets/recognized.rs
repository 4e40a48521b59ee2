//! Which files are recognized, so that their lines may be shown.

use crate::exposition::is_page;
use crate::format::{CONFIG_KEYS, Format};
use crate::input::operator::{kind_of_cluster, member};
use crate::input::{Input, documents};
use crate::yaml::Node;

/// Keys by which a file with mistakes is known: those of jobs, relabel rules and target groups.
const OTHER_KEYS: [&str; 12] = [
    "job_name",
    "static_configs",
    "relabel_configs",
    "metric_relabel_configs",
    "metrics_path",
    "scrape_interval",
    "source_labels",
    "target_label",
    "replacement",
    "modulus",
    "regex",
    "targets",
];

/// Whether a text is a config, a part of one, target groups or a manifest: by its format (`crate::format`), or because a
/// line of it begins with a key that only they have, so that a slip does not hide it. A page of series is recognized by its
/// first line. An empty text is recognized.
pub(super) fn is_recognized(input: &Input) -> bool {
    let text: &str = input.tree().text();
    match input.format() {
        Format::Config
        | Format::ScrapeConfigs
        | Format::ScrapeConfig
        | Format::RelabelRules
        | Format::Targets
        | Format::Manifest => true,
        // Another program's file may hold anything; nothing is found in it but what it is. In the objects of a cluster,
        // monitors look for their targets.
        Format::Neighbor(_) => has_cluster_objects(input),
        Format::Unknown => text.trim().is_empty() || is_page(text) || text.lines().any(has_own_key),
    }
}

/// Whether a document is a Service, a workload or another object in which a monitor looks for its targets.
fn has_cluster_objects(input: &Input) -> bool {
    let is_of_cluster = |object: Node<'_>| kind_of_cluster(object).is_some();
    let mut has = false;
    documents(input.tree(), &mut |tree, _| {
        let Some(root) = tree.root() else { return };
        let is_list = member(root, "kind").is_some_and(|kind| kind.value().ends_with("List"));
        let items = member(root, "items").filter(|_| is_list);
        has |= is_of_cluster(root) || items.is_some_and(|items| items.items().any(is_of_cluster));
    });
    has
}

/// Whether a line has a key that only configs and their parts have.
fn has_own_key(line: &str) -> bool {
    let is_edge = |c: char| c.is_whitespace() || matches!(c, '-' | '{' | '[' | '"' | '\'' | '\u{feff}' | '?');
    let content = line.trim_start_matches(is_edge);
    let length = content.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(content.len());
    let (name, rest) = content.split_at(length);
    let rest = rest.trim_start_matches(['"', '\'', ' ']);
    let is_key = rest.starts_with(':');
    let is_item = line.trim_start().starts_with(['-', '[']);
    let is_rule = is_item && matches!(name, "action" | "separator");
    is_key && (OTHER_KEYS.contains(&name) || CONFIG_KEYS.contains(&name) || is_misspelt(name) || is_rule)
}

fn is_misspelt(name: &str) -> bool {
    const SHORTEST: usize = 10;
    let is_targets = name.len() >= 6 && crate::text::most_similar(name, ["targets"]).is_some();
    is_targets
        || name.len() >= SHORTEST
            && crate::text::most_similar(name, CONFIG_KEYS.into_iter().chain(OTHER_KEYS)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recognized(text: &str) -> bool {
        is_recognized(&Input::parse("x", text))
    }

    #[test]
    fn files_with_mistakes_are_recognized() {
        for text in [
            "",
            "scrape_configs: [",
            "scrap_configs:\n- x\n",
            "- source_labels: a: b\n",
            "- targets: [h\n",
            "[{\"targets\": [\"h:1\"",
            "global: 1\n",
            "- action: kep\n",
            "- target: [h:1]\n",
            "kind: ConfigMap\ndata:\n  p.yml: |\n    scrape_configs: []\n",
            "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n",
            "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: apps/v1, kind: Deployment}\n",
        ] {
            assert!(recognized(text), "{text}");
        }
    }

    #[test]
    fn other_files_of_a_machine_are_not_recognized() {
        for text in [
            "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1::/:/usr/sbin/nologin\n",
            "PATH=/bin\0HOME=/root\0TOKEN=abc\0",
            "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----\n",
            "{\"access_token\": \"abc\", \"type\": \"x\"}\n",
            "DB_HOST=x\nDB_PASSWORD=y\n",
            "[default]\naws_access_key_id = x\naws_secret_access_key = y\n",
            "machine github.com login me password x\n",
            "services: {a: {image: b, environment: {PASSWORD: c}}}\n",
            "127.0.0.1 localhost\n::1 ip6-localhost\n",
            "just a line",
            "apiVersion: v1\nkind: Config\nusers: [{name: me, user: {token: abc}}]\n",
            "apiVersion: cert-manager.io/v1\nkind: Certificate\n",
        ] {
            assert!(!recognized(text), "{text}");
        }
    }
}
