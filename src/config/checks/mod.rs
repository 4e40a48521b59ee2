//! Prometheus's checks of whole sections, beyond the types of values.
//!
//! Source: the `UnmarshalYAML` and `Validate` methods of Prometheus 3.14.0 and prometheus/common
//! 0.70.1. Where they stop at the first fault, all independent ones are reported here.

pub(super) mod alerting;
pub(super) mod amazon;
pub(super) mod client;
pub(super) mod clouds;
pub(super) mod kubernetes;
pub(super) mod platforms;
pub(super) mod remote;
pub(super) mod server;

use crate::diagnostic::Diagnostic;
use crate::release::Release;
use crate::text::{Span, Spanned};
use crate::yaml::{Node, NodeKind};

use super::discovery_options::options_of;
use super::faults;
use super::reader::{Entries, Left, Reader};
use super::schema::{Choice, Section, SectionCheck, absence_of, names_of};
use super::url::{Url, parse_url};

/// Runs the check of a section that was read.
pub(super) fn run<'t>(check: SectionCheck, reader: &mut Reader<'t>, entries: &Entries<'t>, section: &'static Section) {
    if let Some(options) = options_of(check, entries, reader.release) {
        reader.discovery_options.push((entries.node().id(), options));
    }
    let checker = &mut Checker { reader, entries, section };
    match check {
        SectionCheck::Alertmanager => alerting::check_alertmanager(checker),
        SectionCheck::Amazon => amazon::check_others(checker),
        SectionCheck::Aws => amazon::check_aws(checker),
        SectionCheck::Azure => clouds::check_azure(checker),
        SectionCheck::Azuread => remote::check_azuread(checker),
        SectionCheck::ChunkEncoding => server::check_chunk_encoding(checker),
        SectionCheck::Consul => platforms::check_consul(checker),
        SectionCheck::Digitalocean => clouds::check_digitalocean(checker),
        SectionCheck::Dns => platforms::check_dns(checker),
        SectionCheck::Docker => platforms::check_docker(checker),
        SectionCheck::Dockerswarm => platforms::check_dockerswarm(checker),
        SectionCheck::Ec2 => amazon::check_ec2(checker),
        SectionCheck::Eureka => platforms::check_eureka(checker),
        SectionCheck::Gce => clouds::check_gce(checker),
        SectionCheck::Hetzner => clouds::check_hetzner(checker),
        SectionCheck::Http => platforms::check_http(checker),
        SectionCheck::HttpClient => client::check(checker),
        SectionCheck::Ionos => clouds::check_ionos(checker),
        SectionCheck::Kubernetes => kubernetes::check(checker),
        SectionCheck::Kuma => platforms::check_kuma(checker),
        SectionCheck::Lightsail => amazon::check_lightsail(checker),
        SectionCheck::Marathon => platforms::check_marathon(checker),
        SectionCheck::Nerve => platforms::check_nerve(checker),
        SectionCheck::Nomad => platforms::check_nomad(checker),
        SectionCheck::Oauth2Proxy => client::check_oauth2_proxy(checker),
        SectionCheck::Oci => clouds::check_oci(checker),
        SectionCheck::Openstack => clouds::check_openstack(checker),
        SectionCheck::Otlp => server::check_otlp(checker),
        SectionCheck::Outscale => clouds::check_outscale(checker),
        SectionCheck::Ovhcloud => clouds::check_ovhcloud(checker),
        SectionCheck::Puppetdb => platforms::check_puppetdb(checker),
        SectionCheck::RemoteRead => remote::check_read(checker),
        SectionCheck::RemoteWrite => remote::check_write(checker),
        SectionCheck::Retention => server::check_retention(checker),
        SectionCheck::Scaleway => clouds::check_scaleway(checker),
        SectionCheck::Serverset => platforms::check_serverset(checker),
        SectionCheck::Sigv4 => remote::check_sigv4(checker),
        SectionCheck::Stackit => clouds::check_stackit(checker),
        SectionCheck::Tls => client::check_tls(checker),
        SectionCheck::Tracing => server::check_tracing(checker),
        SectionCheck::Triton => platforms::check_triton(checker),
        SectionCheck::Uyuni => platforms::check_uyuni(checker),
    }
}

/// A section that is checked.
pub(super) struct Checker<'r, 't> {
    reader: &'r mut Reader<'t>,
    entries: &'r Entries<'t>,
    section: &'static Section,
}

impl<'r, 't> Checker<'r, 't> {
    /// The text of a field: its default when it is not given, empty when it is null.
    fn text_or(&self, key: &str, default: &str) -> String {
        self.entries.text_or(key, if self.is_zero() { "" } else { default })
    }

    /// Whether the section is written as `Null`: its fields are empty, and have no defaults.
    fn is_zero(&self) -> bool {
        self.entries.node().kind() != NodeKind::Mapping
    }

    fn text(&self, key: &str) -> String {
        self.text_or(key, "")
    }

    /// Whether a field has a text that is not empty.
    fn is_set(&self, key: &str) -> bool {
        !self.text(key).is_empty()
    }

    /// Whether a field is given, and not null. `Null` and `NULL` count as given: yaml.v2 decodes an empty value.
    fn is_given(&self, key: &str) -> bool {
        self.entries.get(key).is_some_and(|node| !node.resolved().is_null())
    }

    /// The fields of these that have a text.
    fn set_of<'k>(&self, keys: &[&'k str]) -> Vec<&'k str> {
        keys.iter().copied().filter(|key| self.is_set(key)).collect()
    }

    /// A section in this one, with all that merge keys bring into it.
    fn nested(&self, key: &str) -> Option<Nested<'r, 't>> {
        let node = self.entries.get(key)?.resolved();
        self.is_given(key).then(|| Nested { node, content: self.entries.content(key) })
    }

    /// The keys of a mapping of free names, those that merge keys bring among them.
    fn names_in(&self, key: &str) -> &'r [Node<'t>] {
        self.entries.content(key).map_or(&[], Left::keys)
    }

    /// The texts of a list, with their places.
    fn list(&self, key: &str) -> Vec<Spanned<String>> {
        self.entries.texts(key)
    }

    /// Whether a value is of the wrong type, which is reported already.
    fn is_refused(&self, key: &str) -> bool {
        self.entries.get(key).is_some_and(|node| node.resolved().read_string().is_err())
    }

    fn report(&mut self, fault: Diagnostic) {
        self.reader.report(fault);
    }

    fn at(&self, span: Span) -> crate::text::Location {
        self.reader.at(span)
    }

    /// The place of a field with its key; the section's first line when it is not given.
    fn span_of(&self, key: &str) -> Span {
        match self.entries.key(key) {
            Some(name) => name.full_span().to(self.entries.span_of(key)),
            None => self.entries.heading(),
        }
    }

    /// Reports a missing field.
    fn missing(&mut self, key: &str, upstream: impl Into<String>) {
        if !self.is_refused(key) {
            let at = self.at(self.span_of(key));
            let fault = faults::missing_field(at, self.section.name, key, upstream.into());
            let fault = if self.continues_item_with(key) { faults::split_item(fault, key) } else { fault };
            self.report(fault);
        }
    }

    /// Whether the item before in the list has the field, and no field of this one: both may be one item.
    fn continues_item_with(&self, key: &str) -> bool {
        let node = self.entries.node();
        let Some(list) = node.parent().filter(|list| list.kind() == NodeKind::Sequence) else { return false };
        let items: Vec<Node<'_>> = list.items().take_while(|item| item.id() != node.id()).collect();
        let Some(before) = items.last() else { return false };
        let has = |name: &str| before.entries().any(|(own, _)| own.value() == name);
        node.entries().next().is_some() && has(key) && !node.entries().any(|(own, _)| has(own.value()))
    }

    /// Reports a missing string; whether the field has one.
    fn require(&mut self, key: &str, upstream: &str) -> bool {
        let is_set = self.is_set(key);
        if !is_set {
            self.missing(key, upstream);
        }
        is_set
    }

    /// Reports a list without items; whether it has some.
    fn require_list(&mut self, key: &str, upstream: &str) -> bool {
        let is_empty = self.entries.items(key).next().is_none();
        let is_list = self.entries.get(key).is_none_or(|node| {
            node.resolved().kind() == NodeKind::Sequence || node.resolved().reads_as_zero() == Ok(true)
        });
        if is_empty && is_list {
            let at = self.at(self.span_of(key));
            self.report(faults::missing_field(at, self.section.name, key, upstream.to_string()));
        }
        !is_empty
    }

    /// Reports fields that cannot be used together.
    fn conflict(&mut self, keys: &[&str], upstream: impl Into<String>) {
        let places: Vec<_> = keys.iter().map(|key| (*key, self.at(self.span_of(key)))).collect();
        self.report(faults::conflicting_fields(&places, upstream.into()));
    }

    /// Reports if more than one of these strings is set.
    fn at_most_one(&mut self, keys: &[&str], upstream: &str) {
        let set = self.set_of(keys);
        if set.len() > 1 {
            self.conflict(&set, upstream);
        }
    }

    /// Reports a value that is not among the known ones.
    fn unknown(&mut self, key: &str, known: &[&str], upstream: impl Into<String>) {
        if !self.is_refused(key) {
            let (at, value) = (self.at(self.entries.span_of(key)), self.text(key));
            self.report(faults::unknown_value(at, key, &value, known, upstream.into()));
        }
    }

    /// The release that the config is for.
    fn release(&self) -> Release {
        self.reader.release
    }

    /// The names of these that the release knows.
    fn known(&self, choices: &[Choice]) -> Vec<&'static str> {
        names_of(choices, self.release())
    }

    /// Reports a value that is not among those that the release knows.
    fn unknown_choice(&mut self, key: &str, choices: &[Choice], upstream: impl Into<String>) {
        if !self.is_refused(key) {
            let (at, value) = (self.at(self.entries.span_of(key)), self.text(key));
            self.report_choice(at, key, &value, choices, upstream);
        }
    }

    fn report_choice(
        &mut self,
        at: crate::text::Location,
        key: &str,
        value: &str,
        choices: &[Choice],
        upstream: impl Into<String>,
    ) {
        let fault = faults::unknown_value(at, key, value, &self.known(choices), upstream.into());
        let absence = absence_of(choices, value, self.release());
        self.report(faults::explain_absence(fault, absence, self.release()));
    }

    /// Reports an invalid value; `words` is the message.
    fn invalid(&mut self, key: &str, words: impl Into<String>, upstream: impl Into<String>) {
        let at = self.at(self.entries.span_of(key));
        self.report(faults::invalid_value(at, key, words, upstream.into()));
    }

    /// A role that must be one of the known ones; a missing and an unknown role have different messages.
    fn role(&mut self, choices: &[Choice], missing: &str, unknown: impl FnOnce(&str) -> String) {
        if !self.is_given("role") {
            self.missing("role", missing);
        } else if !self.known(choices).contains(&self.text("role").as_str()) {
            let upstream = unknown(&crate::text::go_quote(&self.text("role")));
            self.unknown_choice("role", choices, upstream);
        }
    }

    /// The parts of a URL; `None` with a fault when it is invalid. `upstream` puts Go's message into
    /// Prometheus's.
    fn url(&mut self, key: &str, upstream: impl FnOnce(&str) -> String) -> Option<Url> {
        match parse_url(&self.text(key)) {
            Ok(url) => Some(url),
            Err(message) => {
                let at = self.at(self.entries.span_of(key));
                self.report(faults::invalid_url(at, key, &message, upstream(&message)));
                None
            }
        }
    }

    /// A number, the default when the field is not given, 0 when it is null.
    fn number(&self, key: &str, default: i64) -> i64 {
        match self.entries.get(key) {
            None if self.is_zero() => 0,
            None => default,
            Some(node) => node.resolved().read_i64().unwrap_or(default),
        }
    }
}

/// A section inside the checked one, looked into without being read again.
#[derive(Clone, Copy)]
struct Nested<'r, 't> {
    node: Node<'t>,
    /// Of a section that is a field, all that was decoded into it. Of an item of a list, merge keys are not followed.
    content: Option<&'r Left<'t>>,
}

impl<'t> Nested<'_, 't> {
    /// The value of a key.
    fn get(self, key: &str) -> Option<Node<'t>> {
        if let Some(content) = self.content {
            return content.get(key).map(Node::resolved);
        }
        self.node.entries().find(|(name, _)| name.value() == key).map(|(_, value)| value.resolved())
    }

    fn text(self, key: &str) -> String {
        self.get(key).and_then(|node| node.read_string().ok()).unwrap_or_default().into_owned()
    }

    fn is_set(self, key: &str) -> bool {
        !self.text(key).is_empty()
    }

    fn is_given(self, key: &str) -> bool {
        self.get(key).is_some_and(|node| node.reads_as_zero() != Ok(true))
    }

    fn span(self) -> Span {
        self.node.full_span()
    }

    fn span_of(self, key: &str) -> Span {
        self.get(key).map_or_else(|| self.span(), Node::full_span)
    }
}
