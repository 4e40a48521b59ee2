//! `global`, and what jobs inherit from it.

use super::schema::{Choice, GLOBAL, absence_of, choice, names_of};
use crate::relabel::{NameScheme, Semantics};
use crate::release::Release;
use crate::text::Span;
use crate::text::Spanned;
use crate::yaml::Node;

use super::duration::Duration;
use super::faults;
use super::groups::label_pairs;
use super::reader::{Entries, Reader, When};
use super::types::Global;

const DEFAULT_INTERVAL: Duration = Duration::from_seconds(60);
const DEFAULT_TIMEOUT: Duration = Duration::from_seconds(10);

/// All protocols, in the order Prometheus lists them.
const PROTOCOLS: [Choice; 5] = [
    choice("OpenMetricsText0.0.1"),
    choice("OpenMetricsText1.0.0"),
    choice("PrometheusProto"),
    choice("PrometheusText0.0.4"),
    choice("PrometheusText1.0.0").since(3, 0),
];

impl Default for Global {
    fn default() -> Self {
        Self::of(Release::LATEST)
    }
}

impl Global {
    /// The defaults of a release.
    pub(crate) fn of(release: Release) -> Self {
        Self {
            scrape_interval: DEFAULT_INTERVAL,
            scrape_timeout: DEFAULT_TIMEOUT,
            external_labels: Vec::new(),
            name_scheme: default_scheme(release),
            escaping_scheme: Spanned::default(),
            target_limit: 0,
            sample_limit: 0,
            label_limit: 0,
            label_name_length_limit: 0,
            label_value_length_limit: 0,
            scrape_native_histograms: false,
            convert_classic_histograms_to_nhcb: false,
            always_scrape_classic_histograms: false,
            fields: Box::default(),
        }
    }
}

/// The names that labels may have where no scheme counts: in target groups, source labels and matchers.
pub(super) fn plain_names(release: Release) -> NameScheme {
    if release.has_utf8_names() { NameScheme::Utf8 } else { NameScheme::Legacy }
}

/// The scheme of names where the config says nothing.
fn default_scheme(release: Release) -> NameScheme {
    if release.has_utf8_scheme() { NameScheme::Utf8 } else { NameScheme::Legacy }
}

impl<'t> Reader<'t> {
    /// Reads `global`; null is as good as nothing.
    pub(super) fn global(&mut self, node: Node<'t>) -> Global {
        let entries =
            self.visit(node, |reader, node| if node.is_null() { None } else { reader.section(&GLOBAL, node) });
        let Some(entries) = entries else { return Global::of(self.release) };
        let name_scheme = self.name_scheme(&entries, "global").unwrap_or_else(|| default_scheme(self.release));
        let (scrape_interval, scrape_timeout) = self.global_durations(&entries);
        self.protocols(&entries, "global config");
        Global {
            scrape_interval,
            scrape_timeout,
            external_labels: self.external_labels(&entries, Semantics::new(self.release, name_scheme).names()),
            name_scheme,
            escaping_scheme: entries.text("metric_name_escaping_scheme").unwrap_or_default(),
            target_limit: entries.unsigned("target_limit"),
            sample_limit: entries.unsigned("sample_limit"),
            label_limit: entries.unsigned("label_limit"),
            label_name_length_limit: entries.unsigned("label_name_length_limit"),
            label_value_length_limit: entries.unsigned("label_value_length_limit"),
            scrape_native_histograms: entries.boolean("scrape_native_histograms").unwrap_or(false),
            convert_classic_histograms_to_nhcb: entries.boolean("convert_classic_histograms_to_nhcb").unwrap_or(false),
            always_scrape_classic_histograms: entries.boolean("always_scrape_classic_histograms").unwrap_or(false),
            fields: entries.written(),
        }
    }

    fn global_durations(&mut self, entries: &Entries<'t>) -> (Duration, Duration) {
        let own = |key: &str| Some(entries.duration(key)).filter(|duration| !duration.is_zero());
        let interval = own("scrape_interval").unwrap_or(DEFAULT_INTERVAL);
        let timeout = own("scrape_timeout");
        if let Some(timeout) = timeout.filter(|&timeout| timeout > interval) {
            let at = self.at(entries.span_of("scrape_timeout"));
            let upstream = "global scrape timeout greater than scrape interval".to_string();
            self.report(faults::timeout_beyond_interval(at, &timeout.to_string(), &interval.to_string(), upstream));
        }
        (interval, timeout.unwrap_or(DEFAULT_TIMEOUT.min(interval)))
    }

    fn external_labels(
        &mut self,
        entries: &Entries<'t>,
        scheme: NameScheme,
    ) -> Vec<(Spanned<String>, Spanned<String>)> {
        let pairs = label_pairs(entries, "external_labels");
        for ((name, _), _) in &pairs {
            if !scheme.allows(&name.value) {
                self.report_name(name.span, &name.value);
            }
        }
        pairs.into_iter().map(|(pair, _)| pair).collect()
    }

    pub(super) fn report_protocol(&mut self, protocol: &Spanned<String>, upstream: String) {
        let known = names_of(&PROTOCOLS, self.release);
        let fault = faults::protocol_fault(self.at(protocol.span), &protocol.value, &known, upstream);
        let absence = absence_of(&PROTOCOLS, &protocol.value, self.release);
        self.report(faults::explain_absence(fault, absence, self.release));
    }

    /// The names that labels may have where no scheme counts.
    pub(super) fn plain_names(&self) -> NameScheme {
        plain_names(self.release)
    }

    /// Reports that a text is not the name of a label.
    pub(super) fn report_name(&mut self, span: Span, name: &str) {
        let fault = faults::invalid_label_name(self.at(span), name, self.release);
        self.during(When::Value, |reader| reader.report(fault));
    }

    /// `metric_name_validation_scheme`; `None` when it is not given, empty or unknown.
    pub(super) fn name_scheme(&mut self, entries: &Entries<'t>, owner: &str) -> Option<NameScheme> {
        let scheme = entries.text("metric_name_validation_scheme")?;
        match scheme.value.as_str() {
            "utf8" => {
                if !self.release.has_utf8_scheme() {
                    self.report(faults::utf8_scheme_without_flag(self.at(scheme.span)));
                }
                Some(NameScheme::Utf8)
            }
            "legacy" => Some(NameScheme::Legacy),
            "" => None,
            other => {
                self.report(faults::invalid_name_scheme(self.at(scheme.span), other, owner, self.release));
                None
            }
        }
    }

    /// Checks `scrape_protocols`; `owner` is whose they are, in Prometheus's words.
    pub(super) fn protocols(&mut self, entries: &Entries<'t>, owner: &str) {
        let Some(node) = entries.get("scrape_protocols").map(Node::resolved) else { return };
        let protocols = entries.texts("scrape_protocols");
        let is_list = node.kind() == crate::yaml::NodeKind::Sequence;
        if is_list && node.items().next().is_none() {
            self.report(faults::empty_protocols(self.at(node.full_span()), owner));
        }
        let mut seen: Vec<String> = Vec::new();
        let all: Vec<&str> = protocols.iter().map(|protocol| protocol.value.as_str()).collect();
        let all = format!("[{}]", all.join(" "));
        for protocol in &protocols {
            let folded = protocol.value.to_lowercase();
            let upstream = if seen.contains(&folded) {
                Some(format!("duplicated protocol in scrape_protocols, got {all} for {owner}"))
            } else {
                let unknown = unknown_protocol(&protocol.value, self.release);
                unknown.map(|unknown| format!("scrape_protocols: {unknown} for {owner}"))
            };
            if let Some(upstream) = upstream {
                self.report_protocol(protocol, upstream);
            }
            seen.push(folded);
        }
    }
}

/// Prometheus's words for a protocol it does not know.
pub(super) fn unknown_protocol(protocol: &str, release: Release) -> Option<String> {
    let known = names_of(&PROTOCOLS, release);
    let is_known = known.contains(&protocol);
    (!is_known).then(|| format!("unknown scrape protocol {protocol}, supported: [{}]", known.join(" ")))
}

/// Whether a text names a way of escaping; an empty one is the default.
pub(super) fn is_escaping_scheme(text: &str) -> bool {
    matches!(text, "" | "allow-utf-8" | "underscores" | "dots" | "values")
}
