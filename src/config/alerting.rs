//! `alerting`: checked whole; of its values the rules are kept, and all that the targets of Alertmanagers depend on.

use crate::relabel::{NameScheme, Semantics};
use crate::yaml::{Node, NodeKind};

use super::faults;
use super::reader::{Entries, Reader, When, null_span};
use super::rules::{ALERT_RELABEL_CONFIGS, ALERTMANAGER_ALERT_RELABEL_CONFIGS, ALERTMANAGER_RELABEL_CONFIGS};
use super::schema::{ALERTING, ALERTMANAGER};
use super::scrape::discovery_keys;
use super::types::{Alertmanager, Config};

impl<'t> Reader<'t> {
    /// Reads `alerting` into `config`.
    pub(super) fn alerting(&mut self, entries: &Entries<'t>, config: &mut Config) {
        self.overwritten(entries, "alerting", |reader, node| reader.alerting_section(node, &mut config.clone()));
        if let Some(node) = entries.get("alerting") {
            self.alerting_section(node, config);
        }
    }

    fn alerting_section(&mut self, node: Node<'t>, config: &mut Config) {
        let names = config.global.name_scheme;
        let semantics = config.semantics();
        let entries =
            self.visit(node, |reader, node| if node.is_null() { None } else { reader.section(&ALERTING, node) });
        let Some(entries) = entries else { return };
        config.alert_relabel_configs = self.rule_list(&entries, ALERT_RELABEL_CONFIGS, semantics);
        let managers = self.own(&entries, "alertmanagers", |reader, list| reader.alertmanagers(list, names));
        config.alertmanagers = managers.unwrap_or_default();
    }

    fn alertmanagers(&mut self, list: Node<'t>, names: NameScheme) -> Vec<Alertmanager> {
        self.visit(list, |reader, list| {
            if list.kind() != NodeKind::Sequence {
                reader.refuse_unless_null(list, "alertmanagers", "a list", "config.AlertmanagerConfigs");
                return Vec::new();
            }
            let read = |(index, item)| {
                let before = reader.error_count();
                let read = reader.visit(item, |reader, node| reader.alertmanager(item, node, names));
                read.map(|read| Alertmanager { index, is_valid: reader.error_count() == before, ..read })
            };
            list.items().enumerate().filter_map(read).collect()
        })
    }

    fn alertmanager(&mut self, item: Node<'t>, node: Node<'t>, names: NameScheme) -> Option<Alertmanager> {
        if node.is_null() {
            let at = self.at(null_span(item));
            let crash = "panic: runtime error: invalid memory address or nil pointer dereference";
            let fault = faults::null_entry(at, "alertmanagers", crash);
            self.report(fault.with_note("Prometheus crashes on it"));
            return None;
        }
        let entries = self.section(&ALERTMANAGER, node)?;
        let when = When::Section(node.full_span(), 2);
        Some(self.during(when, |reader| reader.alertmanager_fields(node, &entries, names)))
    }

    fn alertmanager_fields(&mut self, node: Node<'t>, entries: &Entries<'t>, names: NameScheme) -> Alertmanager {
        let semantics = Semantics::new(self.release, names);
        let groups = self.own(entries, "static_configs", Self::static_configs).unwrap_or_default();
        let file_sd_configs = self.own(entries, "file_sd_configs", Self::file_sd_configs).unwrap_or_default();
        let relabel_configs = self.rule_list(entries, ALERTMANAGER_RELABEL_CONFIGS, semantics);
        let alert_relabel_configs = self.rule_list(entries, ALERTMANAGER_ALERT_RELABEL_CONFIGS, semantics);
        if relabel_configs.is_empty() {
            self.check_hostnames(&groups, false);
        }
        Alertmanager {
            file: self.file,
            release: self.release,
            name_scheme: names,
            index: 0,
            span: node.full_span(),
            scheme: entries.text_or("scheme", "http"),
            path_prefix: entries.text_or("path_prefix", ""),
            api_version: entries.text_or("api_version", "v2"),
            discovery: discovery_keys(entries, std::mem::take(&mut self.discovery_options)),
            static_configs: groups,
            file_sd_configs,
            relabel_configs,
            alert_relabel_configs,
            is_valid: true,
        }
    }
}
