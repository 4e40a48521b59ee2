//! `alerting`: checked whole; of its values only the rules are kept.

use crate::relabel::Semantics;
use crate::yaml::{Node, NodeKind};

use super::faults;
use super::reader::{Entries, Reader, null_span};
use super::rules::{ALERT_RELABEL_CONFIGS, ALERTMANAGER_ALERT_RELABEL_CONFIGS, ALERTMANAGER_RELABEL_CONFIGS};
use super::schema::{ALERTING, ALERTMANAGER};
use super::scrape::discovery_keys;
use super::types::{Alertmanager, Config};

impl<'t> Reader<'t> {
    /// Reads `alerting` into `config`.
    pub(super) fn alerting(&mut self, entries: &Entries<'t>, config: &mut Config) {
        let Some(node) = entries.get("alerting") else { return };
        let semantics = config.semantics();
        let entries =
            self.visit(node, |reader, node| if node.is_null() { None } else { reader.section(&ALERTING, node) });
        let Some(entries) = entries else { return };
        config.alert_relabel_configs = self.rule_list(&entries, ALERT_RELABEL_CONFIGS, semantics);
        let Some(list) = entries.get("alertmanagers") else { return };
        config.alertmanagers = self.visit(list, |reader, list| {
            if list.kind() != NodeKind::Sequence {
                reader.refuse_unless_null(list, "alertmanagers", "a list", "config.AlertmanagerConfigs");
                return Vec::new();
            }
            let items = list.items();
            items
                .filter_map(|item| reader.visit(item, |reader, node| reader.alertmanager(item, node, semantics)))
                .collect()
        });
    }

    fn alertmanager(&mut self, item: Node<'t>, node: Node<'t>, semantics: Semantics) -> Option<Alertmanager> {
        if node.is_null() {
            let at = self.at(null_span(item));
            let crash = "panic: runtime error: invalid memory address or nil pointer dereference";
            let fault = faults::null_entry(at, "alertmanagers", crash);
            self.report(fault.with_note("Prometheus crashes on it"));
            return None;
        }
        let entries = self.section(&ALERTMANAGER, node)?;
        let groups = entries.get("static_configs").map_or_else(Vec::new, |list| self.static_configs(list));
        if let Some(list) = entries.get("file_sd_configs") {
            self.file_sd_configs(list);
        }
        let relabel_configs = self.rule_list(&entries, ALERTMANAGER_RELABEL_CONFIGS, semantics);
        let alert_relabel_configs = self.rule_list(&entries, ALERTMANAGER_ALERT_RELABEL_CONFIGS, semantics);
        if relabel_configs.is_empty() {
            self.check_hostnames(&groups);
        }
        Some(Alertmanager {
            span: node.full_span(),
            discovery: discovery_keys(&entries),
            static_configs: groups,
            relabel_configs,
            alert_relabel_configs,
        })
    }
}
