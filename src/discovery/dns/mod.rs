//! Answers of DNS servers → the target groups of `dns_sd_configs`, one a name.
//!
//! Source: `discovery/dns/dns.go` of Prometheus 3.14.0.

mod records;

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::address::join_host_port;
use super::found::{Discovered, DiscoveryError, DiscoveryNote, Targets};
use super::label::pair;
use super::{DiscoveredGroup, LabelPair, discovery_role};
use crate::release::Release;

pub use records::DnsRecords;
use records::{Data, Record, key_of};

/// The type of records that are asked for.
///
/// ```
/// use promcfg::discovery::DnsType;
/// assert_eq!(DnsType::named("aaaa"), Some(DnsType::Aaaa));
/// assert_eq!(DnsType::named("TXT"), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DnsType {
    /// `SRV`.
    #[default]
    Srv,
    /// `A`.
    A,
    /// `AAAA`.
    Aaaa,
    /// `MX`.
    Mx,
    /// `NS`.
    Ns,
}

impl DnsType {
    /// All types.
    pub const ALL: [Self; 5] = [Self::Srv, Self::A, Self::Aaaa, Self::Mx, Self::Ns];

    /// The type of that name, in any case of letters.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name().eq_ignore_ascii_case(name))
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Srv => "SRV",
            Self::A => "A",
            Self::Aaaa => "AAAA",
            Self::Mx => "MX",
            Self::Ns => "NS",
        }
    }
}

/// An item of `dns_sd_configs`, as far as it decides on targets.
///
/// ```
/// use promcfg::discovery::{DnsOptions, DnsType};
/// let options = DnsOptions::new(["_http._tcp.example.com"]);
/// assert_eq!((options.record_type, options.port), (DnsType::Srv, 0));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DnsOptions {
    /// `names`.
    pub names: Vec<String>,
    /// `type`.
    pub record_type: DnsType,
    /// `port`, for all types but `SRV`.
    pub port: i64,
}

impl DnsOptions {
    /// Those of an item with nothing but names.
    #[must_use]
    pub fn new<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        Self { names: names.into_iter().map(Into::into).collect(), ..Self::default() }
    }
}

impl DnsRecords {
    /// The target groups that Prometheus would make of them.
    ///
    /// # Errors
    /// More labels than are made here.
    pub fn groups(&self, options: &DnsOptions, release: Release) -> Result<Discovered, DiscoveryError> {
        let mut found = Discovered::default();
        let answers = Answers::new(self);
        let nameless: Vec<&Record> = self.records.iter().filter(|record| record.name.is_none()).collect();
        let mut names: Vec<&String> = options.names.iter().collect();
        let mut seen = FxHashSet::default();
        names.retain(|name| seen.insert(name.as_str()));
        let mut count = Targets::default();
        for name in &names {
            let of_name = match (answers.of(name, options.record_type), names.len()) {
                (Some((full_name, records)), _) => {
                    if let Some(full_name) = full_name {
                        found.notes.push(DiscoveryNote::CompletedName { name: (*name).clone(), full_name });
                    }
                    records
                }
                (None, 1) if !nameless.is_empty() => nameless.clone(),
                (None, _) => {
                    let record_type = options.record_type.name();
                    found.notes.push(DiscoveryNote::UnansweredName { name: (*name).clone(), record_type });
                    continue;
                }
            };
            let mut group = DiscoveredGroup::new(name.as_str());
            let shared_name: Arc<str> = name.as_str().into();
            for record in of_name {
                if let Some(target) = target(&record.data, options, &shared_name) {
                    count.count(&target)?;
                    group.targets.push(target);
                }
            }
            found.groups.push(group);
        }
        if !nameless.is_empty() && names.len() > 1 {
            found.notes.push(DiscoveryNote::NamelessRecords { count: nameless.len() });
        }
        Ok(found.of_release(discovery_role("dns_sd_configs", ""), release))
    }
}

/// The target of a record, if it is of the type that is asked for.
fn target(data: &Data, options: &DnsOptions, name: &Arc<str>) -> Option<Vec<LabelPair>> {
    let host = |name: &str| name.trim_end_matches('.').to_string();
    let (mut srv, mut srv_port, mut mx, mut ns) = ("", String::new(), "", "");
    let address = match (options.record_type, data) {
        (DnsType::Srv, Data::Srv { port, target }) => {
            (srv, srv_port) = (target, port.to_string());
            join_host_port(&host(target), port)
        }
        (DnsType::A, Data::A(address)) => join_host_port(&address.to_string(), options.port),
        // Go prints an IPv4 address in IPv6 as IPv4.
        (DnsType::Aaaa, Data::Aaaa(address)) => join_host_port(&address.to_canonical().to_string(), options.port),
        (DnsType::Mx, Data::Mx(exchange)) => {
            mx = exchange;
            join_host_port(&host(exchange), options.port)
        }
        (DnsType::Ns, Data::Ns(server) | Data::Name(server)) => {
            ns = server;
            join_host_port(&host(server), options.port)
        }
        _ => return None,
    };
    Some(vec![
        pair("__address__", address),
        pair("__meta_dns_name", Arc::clone(name)),
        pair("__meta_dns_srv_record_target", srv),
        pair("__meta_dns_srv_record_port", srv_port),
        pair("__meta_dns_mx_record_target", mx),
        pair("__meta_dns_ns_record_target", ns),
    ])
}

/// The records by the names that they are of.
struct Answers<'r> {
    records: FxHashMap<String, Vec<&'r Record>>,
    /// The names that were asked for or have records.
    names: BTreeMap<String, ()>,
    asked: FxHashSet<(String, DnsType)>,
}

/// The name with a domain after it, if one was added; and the records.
type Answer<'r> = (Option<String>, Vec<&'r Record>);

impl<'r> Answers<'r> {
    fn new(records: &'r DnsRecords) -> Self {
        let mut by_name: FxHashMap<String, Vec<&Record>> = FxHashMap::default();
        for record in &records.records {
            if let Some(name) = &record.name {
                by_name.entry(key_of(name)).or_default().push(record);
            }
        }
        let asked: FxHashSet<(String, DnsType)> =
            records.asked.iter().map(|(name, record_type)| (key_of(name), *record_type)).collect();
        let names = by_name.keys().chain(asked.iter().map(|(name, _)| name)).map(|name| (name.clone(), ())).collect();
        Self { records: by_name, names, asked }
    }

    /// The records of a type that answer a question for a name; `None` if the dump has no such answer.
    fn of(&self, name: &str, record_type: DnsType) -> Option<Answer<'r>> {
        if let Some(records) = self.of_key(&key_of(name), record_type) {
            return Some((None, records));
        }
        if name.ends_with('.') {
            return None;
        }
        let start = format!("{}.", key_of(name));
        let longer = self.names.range(start.clone()..).map(|(name, ())| name);
        let mut answers = longer
            .take_while(|name| name.starts_with(&start))
            .filter_map(|name| Some((name, self.of_key(name, record_type)?)));
        let (full_name, records) = answers.next()?;
        match answers.next() {
            None => Some((Some(full_name.clone()), records)),
            Some(_) => None,
        }
    }

    fn of_key(&self, key: &str, record_type: DnsType) -> Option<Vec<&'r Record>> {
        let mut is_answered = self.asked.contains(&(key.to_string(), record_type));
        let (mut found, mut seen) = (Vec::new(), FxHashSet::default());
        let mut open = vec![key.to_string()];
        while let Some(key) = open.pop() {
            let Some(records) = self.records.get(&key).filter(|_| seen.insert(key.clone())) else { continue };
            for record in records {
                match &record.data {
                    Data::Cname(target) => open.push(key_of(target)),
                    data if data.is_of(record_type) => {
                        is_answered = true;
                        found.push(*record);
                    }
                    _ => {}
                }
            }
        }
        is_answered.then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, options: &DnsOptions) -> Discovered {
        let mut records = DnsRecords::default();
        records.add(text);
        records.groups(options, Release::LATEST).unwrap()
    }

    fn options(names: &[&str], record_type: DnsType) -> DnsOptions {
        DnsOptions { record_type, port: 9100, ..DnsOptions::new(names.iter().copied()) }
    }

    fn addresses(found: &Discovered) -> Vec<(String, Vec<String>)> {
        let address = |target: &Vec<LabelPair>| target[0].1.to_string();
        let of = |group: &DiscoveredGroup| (group.source.to_string(), group.targets.iter().map(address).collect());
        found.groups.iter().map(of).collect()
    }

    fn one(name: &str, addresses: &[&str]) -> Vec<(String, Vec<String>)> {
        vec![(name.to_string(), addresses.iter().map(ToString::to_string).collect())]
    }

    #[test]
    fn a_service_has_the_port_of_its_record_and_keeps_the_dot_in_the_label() {
        let text = "_h._tcp.example.com. 30 IN SRV 0 5 8080 a.example.com.\n";
        let found = found(text, &options(&["_h._tcp.example.com"], DnsType::Srv));
        let target: Vec<_> = found.groups[0].targets[0].iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(
            target,
            [
                ("__address__", "a.example.com:8080"),
                ("__meta_dns_name", "_h._tcp.example.com"),
                ("__meta_dns_srv_record_target", "a.example.com."),
                ("__meta_dns_srv_record_port", "8080"),
                ("__meta_dns_mx_record_target", ""),
                ("__meta_dns_ns_record_target", ""),
            ]
        );
        assert_eq!(found.notes, []);
    }

    #[test]
    fn aliases_lead_to_addresses() {
        let text = "w.example. 30 IN CNAME x.example.\nX.example. 30 IN A 10.0.0.1\nw.example. 1 IN AAAA fd00::1\n";
        assert_eq!(addresses(&found(text, &options(&["w.example"], DnsType::A))), one("w.example", &["10.0.0.1:9100"]));
        let v6 = found(text, &options(&["W.example."], DnsType::Aaaa));
        assert_eq!(addresses(&v6), one("W.example.", &["[fd00::1]:9100"]));
        let circle = found("a. 1 IN CNAME b.\nb. 1 IN CNAME a.\nb. 1 IN A 10.0.0.1\n", &options(&["a"], DnsType::A));
        assert_eq!(addresses(&circle), one("a", &["10.0.0.1:9100"]));
    }

    #[test]
    fn mail_servers_and_name_servers_have_the_port_of_the_config() {
        let text = "example. 9 IN MX 10 mail.example.\nexample. 9 IN NS ns1.example.\n";
        assert_eq!(
            addresses(&found(text, &options(&["example"], DnsType::Mx))),
            one("example", &["mail.example:9100"])
        );
        assert_eq!(addresses(&found(text, &options(&["example"], DnsType::Ns))), one("example", &["ns1.example:9100"]));
    }

    #[test]
    fn a_name_without_an_answer_has_no_group_but_one_with_an_empty_answer_has() {
        let none = found("b.example. 1 IN A 10.0.0.1", &options(&["a.example"], DnsType::A));
        assert_eq!(none.groups, []);
        assert_eq!(none.notes, [DiscoveryNote::UnansweredName { name: "a.example".into(), record_type: "A" }]);
        let empty = found(";; QUESTION SECTION:\n;a.example.\t\tIN\tA\n", &options(&["a.example"], DnsType::A));
        assert_eq!(addresses(&empty), one("a.example", &[]));
    }

    #[test]
    fn a_short_name_is_found_with_the_only_domain_that_the_dump_has() {
        let text = "web.prod.example. 1 IN A 10.0.0.1\n";
        let short = found(text, &options(&["web"], DnsType::A));
        assert_eq!(addresses(&short), one("web", &["10.0.0.1:9100"]));
        let note = DiscoveryNote::CompletedName { name: "web".into(), full_name: "web.prod.example".into() };
        assert_eq!(short.notes, [note]);
        let two = format!("{text}web.dev.example. 1 IN A 10.0.0.2\n");
        assert_eq!(found(&two, &options(&["web"], DnsType::A)).groups, []);
        assert_eq!(found(text, &options(&["web."], DnsType::A)).groups, []);
    }

    #[test]
    fn records_without_names_are_of_the_only_name() {
        let text = "x.example.\n10.0.0.1\nfd00::1\n";
        assert_eq!(addresses(&found(text, &options(&["a"], DnsType::A))), one("a", &["10.0.0.1:9100"]));
        assert_eq!(addresses(&found(text, &options(&["a"], DnsType::Ns))), one("a", &["x.example:9100"]));
        let two = found(text, &options(&["a", "b"], DnsType::A));
        assert!(two.groups.is_empty() && two.notes.contains(&DiscoveryNote::NamelessRecords { count: 3 }));
    }
}
