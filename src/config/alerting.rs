//! `alerting`: checked whole; nothing of it is simulated.

use crate::relabel::NameScheme;
use crate::yaml::{Node, NodeKind};

use super::faults;
use super::reader::{Entries, Reader};
use super::rules::{
    ALERT_RELABEL_CONFIGS, ALERTMANAGER_ALERT_RELABEL_CONFIGS, ALERTMANAGER_RELABEL_CONFIGS, null_span,
};
use super::schema::{ALERTING, ALERTMANAGER};

impl<'t> Reader<'t> {
    /// Checks `alerting`.
    pub(super) fn alerting(&mut self, config: &Entries<'t>, scheme: NameScheme) {
        let Some(node) = config.get("alerting") else { return };
        let entries =
            self.visit(node, |reader, node| if node.is_null() { None } else { reader.section(&ALERTING, node) });
        let Some(entries) = entries else { return };
        self.rule_list(&entries, ALERT_RELABEL_CONFIGS, scheme);
        let Some(list) = entries.get("alertmanagers") else { return };
        self.visit(list, |reader, list| {
            if list.kind() != NodeKind::Sequence {
                let go = "config.AlertmanagerConfigs";
                reader.refuse_unless_null(list, "alertmanagers", "a list", go);
                return;
            }
            for item in list.items() {
                reader.visit(item, |reader, node| reader.alertmanager(item, node, scheme));
            }
        });
    }

    fn alertmanager(&mut self, item: Node<'t>, node: Node<'t>, scheme: NameScheme) {
        if node.is_null() {
            let at = self.at(null_span(item));
            let crash = "panic: runtime error: invalid memory address or nil pointer dereference";
            let fault = faults::null_entry(at, "alertmanagers", crash);
            self.report(fault.with_note("Prometheus crashes on it"));
            return;
        }
        let Some(entries) = self.section(&ALERTMANAGER, node) else { return };
        let groups = entries.get("static_configs").map_or_else(Vec::new, |list| self.static_configs(list));
        if let Some(list) = entries.get("file_sd_configs") {
            self.file_sd_configs(list);
        }
        let rules = self.rule_list(&entries, ALERTMANAGER_RELABEL_CONFIGS, scheme);
        self.rule_list(&entries, ALERTMANAGER_ALERT_RELABEL_CONFIGS, scheme);
        if rules.is_empty() {
            self.check_hostnames(&groups);
        }
    }
}
