//! `remote_write` and `remote_read`: checked whole; of their values only the rules are kept.

use rustc_hash::FxHashMap;

use crate::relabel::Semantics;
use crate::text::Location;

use super::faults;
use super::reader::{Entries, List, Reader};
use super::rules::WRITE_RELABEL_CONFIGS;
use super::schema::{REMOTE_READ, REMOTE_WRITE, Section};
use super::types::RemoteWrite;

/// One of the two lists.
struct Remote {
    key: &'static str,
    go: &'static str,
    section: &'static Section,
    /// In Prometheus's words.
    name: &'static str,
}

const WRITE: Remote =
    Remote { key: "remote_write", go: "[]*config.RemoteWriteConfig", section: &REMOTE_WRITE, name: "remote write" };
const READ: Remote =
    Remote { key: "remote_read", go: "[]*config.RemoteReadConfig", section: &REMOTE_READ, name: "remote read" };

impl<'t> Reader<'t> {
    /// Checks both lists; gives the endpoints that are written to.
    pub(super) fn remote(&mut self, config: &Entries<'t>, semantics: Semantics) -> Vec<RemoteWrite> {
        let mut written = Vec::new();
        for endpoint in self.endpoints(config, &WRITE) {
            let write_relabel_configs = self.rule_list(&endpoint, WRITE_RELABEL_CONFIGS, semantics);
            written.push(RemoteWrite {
                span: endpoint.span(),
                name: endpoint.text_or("name", ""),
                write_relabel_configs,
                fields: endpoint.written(),
            });
        }
        self.endpoints(config, &READ);
        written
    }

    /// The endpoints of a list; no two have the same name.
    fn endpoints(&mut self, config: &Entries<'t>, remote: &Remote) -> Vec<Entries<'t>> {
        let Some(list) = config.get(remote.key) else { return Vec::new() };
        let null_message = format!("empty or null {} config section", remote.name);
        let form = List { key: remote.key, wanted: "a list", go: remote.go, null_message: Some(&null_message) };
        let read =
            |reader: &mut Self, list| reader.items(&form, list, |reader, node| reader.section(remote.section, node));
        self.overwritten(config, remote.key, read);
        let endpoints = read(self, list);
        let mut first_by_name: FxHashMap<String, Location> = FxHashMap::default();
        for name in endpoints.iter().filter_map(|endpoint| endpoint.text("name")).filter(|name| !name.value.is_empty())
        {
            let at = self.at(name.span);
            match first_by_name.get(&name.value) {
                Some(&first) => self.report(faults::duplicate_endpoint(at, first, remote.name, &name.value)),
                None => {
                    first_by_name.insert(name.value, at);
                }
            }
        }
        endpoints
    }
}
