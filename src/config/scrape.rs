//! Scrape configs: a job with its defaults, what it inherits, its rules and its target sources.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::discovery::{DiscoveryOptions, Mechanism};
use crate::relabel::{NameScheme, Semantics};
use crate::text::{Spanned, go_quote, short_name};
use crate::yaml::{Node, NodeId, NodeKind};

use super::duration::Duration;
use super::faults;
use super::global::{is_escaping_scheme, unknown_protocol};
use super::reader::{Entries, List, Reader, When};
use super::rules::{METRIC_RELABEL_CONFIGS, RELABEL_CONFIGS};
use super::schema::{FILE_SD, SCRAPE_CONFIG};
use super::types::{FileSd, Global, ScrapeConfig, Sd, TargetGroup};
use crate::files::is_valid_target_file_pattern;

impl<'t> Reader<'t> {
    /// Reads `scrape_configs`. A refused one is among them, if it is a mapping at all.
    pub(super) fn scrape_configs(&mut self, node: Node<'t>, global: &Global) -> Vec<ScrapeConfig> {
        self.items(&list_of_jobs(), node, |reader, node| reader.scrape_config(node, global))
    }

    /// The items of `scrape_configs`, not yet read; empty ones are reported.
    pub(super) fn jobs_as_nodes(&mut self, node: Node<'t>) -> Vec<Node<'t>> {
        self.items(&list_of_jobs(), node, |_, node| Some(node))
    }

    /// Reads one scrape config.
    pub(super) fn scrape_config(&mut self, node: Node<'t>, global: &Global) -> Option<ScrapeConfig> {
        let before = self.error_count();
        self.job = node
            .entries()
            .find(|(key, _)| key.value() == "job_name")
            .and_then(|(_, name)| name.resolved().read_string().ok().map(|name| short_name(&name).into_owned()));
        let (binary_values, marked_fields) = (self.binary_value_count(), self.marked_fields.len());
        let when = When::Section(node.full_span(), 2);
        let job = self.during(when, |reader| reader.scrape_config_fields(node, global));
        self.job = None;
        self.loaded_item = None;
        let is_text = self.binary_value_count() == binary_values;
        let is_incomplete = self.is_incomplete(node);
        if is_incomplete {
            self.marked_fields.truncate(marked_fields);
        }
        let job = job.filter(|job| !(is_incomplete && job.job_name.value.is_empty()));
        job.map(|job| {
            let is_valid = self.error_count() == before && !is_incomplete;
            ScrapeConfig { is_valid, is_incomplete, is_text, ..job }
        })
    }

    fn scrape_config_fields(&mut self, node: Node<'t>, global: &Global) -> Option<ScrapeConfig> {
        let entries = self.section(&SCRAPE_CONFIG, node)?;
        let job_name = self.during(When::Section(node.full_span(), 0), |reader| reader.job_name(&entries));
        self.loaded_item = Some(node.full_span());
        let load = When::Load(self.loaded_item);
        let (scrape_interval, scrape_timeout) = self.during(load, |reader| {
            let durations = reader.durations(&entries, &job_name.value, global);
            reader.check_protocols(&entries, &job_name.value);
            durations
        });
        let own_scheme = self.during(load, |reader| reader.name_scheme(&entries, "scrape config"));
        if !self.has_unknown_globals {
            self.during(load, |reader| reader.check_escaping(&entries, own_scheme, global));
        }
        let name_scheme = own_scheme.unwrap_or(global.name_scheme);
        let semantics = Semantics::new(self.release, name_scheme);
        let static_configs = self.own(&entries, "static_configs", Self::static_configs).unwrap_or_default();
        let file_sd_configs = self.own(&entries, "file_sd_configs", Self::file_sd_configs).unwrap_or_default();
        let relabel_configs = self.rule_list(&entries, RELABEL_CONFIGS, semantics);
        let metric_relabel_configs = self.rule_list(&entries, METRIC_RELABEL_CONFIGS, semantics);
        if relabel_configs.is_empty() {
            self.check_hostnames(&static_configs, is_of_probes(&entries));
        }
        let flag = |key: &str, inherited: bool| entries.boolean(key).unwrap_or(inherited);
        let limit = |key: &str, inherited: u64| Some(entries.unsigned(key)).filter(|own| *own > 0).unwrap_or(inherited);
        Some(ScrapeConfig {
            file: self.file,
            release: self.release,
            span: node.full_span(),
            honor_labels: flag("honor_labels", false),
            honor_timestamps: flag("honor_timestamps", true),
            scrape_interval,
            scrape_timeout,
            metrics_path: entries.text_or("metrics_path", "/metrics"),
            scheme: entries.text_or("scheme", "http"),
            fallback_scrape_protocol: entries.text_or("fallback_scrape_protocol", ""),
            params: params(&entries),
            convert_classic_histograms_to_nhcb: flag(
                "convert_classic_histograms_to_nhcb",
                global.convert_classic_histograms_to_nhcb,
            ),
            always_scrape_classic_histograms: flag(
                "always_scrape_classic_histograms",
                global.always_scrape_classic_histograms,
            ),
            scrape_native_histograms: flag("scrape_native_histograms", global.scrape_native_histograms),
            target_limit: limit("target_limit", global.target_limit),
            sample_limit: limit("sample_limit", global.sample_limit),
            label_limit: limit("label_limit", global.label_limit),
            label_name_length_limit: limit("label_name_length_limit", global.label_name_length_limit),
            label_value_length_limit: limit("label_value_length_limit", global.label_value_length_limit),
            name_scheme,
            static_configs,
            file_sd_configs,
            discovery: discovery_keys(&entries, std::mem::take(&mut self.discovery_options)),
            relabel_configs,
            metric_relabel_configs,
            fields: entries.written(),
            is_valid: true,
            is_incomplete: false,
            is_text: true,
            job_name,
        })
    }

    fn job_name(&mut self, entries: &Entries<'t>) -> Spanned<String> {
        let is_refused = entries.get("job_name").is_some_and(|name| name.resolved().kind() != NodeKind::Scalar);
        let name = entries.text("job_name").unwrap_or_else(|| Spanned::new(String::new(), entries.heading()));
        if name.value.is_empty() && !is_refused {
            let span = entries.key("job_name").map_or_else(|| entries.heading(), Node::full_span);
            self.report(faults::missing_job_name(self.at(span)));
        }
        name
    }

    fn durations(&mut self, entries: &Entries<'t>, job: &str, global: &Global) -> (Duration, Duration) {
        let own = |key: &str| Some(entries.duration(key)).filter(|duration| !duration.is_zero());
        let timeout = own("scrape_timeout");
        // An interval that is not known is taken for one that fits.
        let least = timeout.filter(|_| self.has_unknown_globals).unwrap_or(global.scrape_interval);
        let interval = own("scrape_interval").unwrap_or(global.scrape_interval.max(least));
        if let Some(timeout) = timeout.filter(|&timeout| timeout > interval) {
            let at = self.at(entries.span_of("scrape_timeout"));
            let upstream = format!(
                "scrape timeout greater than scrape interval for scrape config with job name {}",
                go_quote(job)
            );
            self.report(faults::timeout_beyond_interval(at, &timeout.to_string(), &interval.to_string(), upstream));
        }
        (interval, timeout.unwrap_or(global.scrape_timeout.min(interval)))
    }

    fn check_protocols(&mut self, entries: &Entries<'t>, job: &str) {
        if ["scrape_protocols", "fallback_scrape_protocol"].iter().all(|key| entries.get(key).is_none()) {
            return;
        }
        let owner = format!("scrape config with job name {}", go_quote(job));
        self.protocols(entries, &owner);
        let Some(fallback) = entries.text("fallback_scrape_protocol").filter(|text| !text.value.is_empty()) else {
            return;
        };
        if let Some(unknown) = unknown_protocol(&fallback.value, self.release) {
            let upstream = format!("invalid fallback_scrape_protocol for {owner}: {unknown}");
            self.report_protocol(&fallback, upstream);
        }
    }

    /// The way names are escaped goes with the names that are allowed.
    fn check_escaping(&mut self, entries: &Entries<'t>, own_scheme: Option<NameScheme>, global: &Global) {
        const KEY: &str = "metric_name_escaping_scheme";
        const CHOICE: &str = "must be one of 'allow-utf-8', 'underscores', 'dots', or 'values', got";
        let effective = own_scheme.unwrap_or(global.name_scheme);
        let own = entries.text(KEY).filter(|text| !text.value.is_empty());
        let global_escaping = global.escaping_scheme.value.as_str();
        let inherits = self.release.needs_escaping_for_legacy_jobs();
        let escaping = match (&own, own_scheme.filter(|_| !inherits), global_escaping) {
            (Some(own), _, _) => own.value.as_str(),
            (None, Some(NameScheme::Legacy), _) => "underscores",
            (None, Some(NameScheme::Utf8), _) => "allow-utf-8",
            (None, None, "") if global.name_scheme == NameScheme::Legacy => "underscores",
            (None, None, "") => "allow-utf-8",
            (None, None, inherited) => inherited,
        };
        if !is_escaping_scheme(global_escaping) {
            let upstream =
                format!("unknown global name escaping method specified, {CHOICE} {}", go_quote(global_escaping));
            let at = self.at(global.escaping_scheme.span);
            self.report(faults::invalid_escaping_scheme(at, global_escaping, upstream));
        } else if !is_escaping_scheme(escaping) {
            let upstream =
                format!("unknown scrape config name escaping method specified, {CHOICE} {}", go_quote(escaping));
            self.report(faults::invalid_escaping_scheme(self.at(entries.span_of(KEY)), escaping, upstream));
        } else if escaping == "allow-utf-8" && effective == NameScheme::Legacy {
            let span = own.map_or_else(|| entries.span_of("metric_name_validation_scheme"), |own| own.span);
            self.report(faults::utf8_names_under_legacy(self.at(span)));
        }
    }

    /// Without rules that could fix it, a target must be an address.
    pub(super) fn check_hostnames(&mut self, groups: &[TargetGroup], is_of_probes: bool) {
        for target in groups.iter().flat_map(|group| &group.targets).filter(|target| target.value.contains('/')) {
            self.report(faults::invalid_hostname(self.at(target.span), &target.value, is_of_probes));
        }
    }

    pub(super) fn file_sd_configs(&mut self, node: Node<'t>) -> Vec<FileSd> {
        let list = List::of_discovery("file_sd_configs", "a list", "[]*file.SDConfig");
        self.items(&list, node, Self::file_sd)
    }

    fn file_sd(&mut self, node: Node<'t>) -> Option<FileSd> {
        let before = self.error_count();
        let entries = self.section(&FILE_SD, node)?;
        let is_valid = self.error_count() == before;
        let when = When::Section(node.full_span(), 0);
        Some(self.during(when, |reader| reader.checked_file_sd(node, &entries, is_valid)))
    }

    fn checked_file_sd(&mut self, node: Node<'t>, entries: &Entries<'t>, is_valid: bool) -> FileSd {
        let files = entries.texts("files");
        if files.is_empty() && is_valid {
            self.report(faults::missing_files(self.at(entries.heading())));
        }
        for pattern in files.iter().filter(|pattern| !is_valid_target_file_pattern(&pattern.value)) {
            let upstream = format!("path name {} is not valid for file discovery", go_quote(&pattern.value));
            self.report(faults::invalid_path_pattern(self.at(pattern.span), &pattern.value, upstream));
        }
        FileSd { span: node.full_span(), files }
    }
}

fn list_of_jobs() -> List<'static> {
    let (wanted, go) = ("a list of scrape configs", "[]*config.ScrapeConfig");
    List { key: "scrape_configs", wanted, go, null_message: Some("empty or null scrape config section") }
}

/// `params`, sorted by name as Go's `url.Values` are encoded.
fn params(entries: &Entries<'_>) -> Vec<(String, Vec<String>)> {
    let mut params: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut open: Vec<Node<'_>> = entries.all("params").map(Node::resolved).collect();
    let mut budget = 100_000_usize;
    while let Some(mapping) = open.pop() {
        for (name, values) in mapping.entries() {
            if budget == 0 {
                break;
            }
            budget -= 1;
            let values = values.resolved();
            if name.is_merge_key() {
                match values.kind() {
                    NodeKind::Sequence => open.extend(values.items().map(Node::resolved)),
                    _ => open.push(values),
                }
            } else if let Ok(name) = name.resolved().read_string() {
                let texts = values.items().filter_map(|value| value.resolved().read_string().ok());
                params.insert(name.into_owned(), texts.map(std::borrow::Cow::into_owned).collect());
            }
        }
    }
    params.into_iter().collect()
}

/// The discovery sections; `options` has what their items ask for, by their nodes.
pub(super) fn discovery_keys(entries: &Entries<'_>, options: Vec<(NodeId, DiscoveryOptions)>) -> Vec<Sd> {
    let options: FxHashMap<NodeId, DiscoveryOptions> = options.into_iter().collect();
    let options_of = |item: &Node<'_>| options.get(&item.resolved().id()).cloned();
    let sd = |(key, node): (&str, Node<'_>)| {
        let items: Vec<Node<'_>> = entries.get(key).into_iter().flat_map(|list| list.resolved().items()).collect();
        Sd {
            key: key.to_string(),
            span: node.full_span(),
            roles: items.iter().map(|item| role(*item, key)).collect(),
            attached: items.iter().map(|item| attached(*item)).collect(),
            options: items.iter().map(options_of).collect(),
        }
    };
    entries.discovery_keys().map(sd).collect()
}

/// The role of an item of a discovery list.
fn role(item: Node<'_>, key: &str) -> String {
    let field = Mechanism::named(key).map_or("role", |mechanism| mechanism.role_field);
    field_of(item, field).map_or_else(String::new, |role| role.value().to_string())
}

/// The switches of its `attach_metadata` that are on: all that may be, if a merge key brings them.
fn attached(item: Node<'_>) -> Vec<String> {
    let has_merge_key = |node: Node<'_>| node.entries().any(|(key, _)| key.is_merge_key());
    if has_merge_key(item.resolved()) || field_of(item, "attach_metadata").is_some_and(has_merge_key) {
        return ["node", "namespace", "deployment", "job", "cronjob"].map(String::from).into();
    }
    let Some(switches) = field_of(item, "attach_metadata") else { return Vec::new() };
    let is_on = |value: Node<'_>| value.resolved().read_bool() == Ok(true);
    let switches = switches.entries().filter(|(_, value)| is_on(*value));
    switches.map(|(name, _)| name.resolved().value().to_string()).collect()
}

fn field_of<'t>(item: Node<'t>, name: &str) -> Option<Node<'t>> {
    let found = item.resolved().entries().find(|(key, _)| key.value() == name);
    found.map(|(_, value)| value.resolved())
}

/// Whether a job has the path or a parameter of an exporter that probes other targets.
fn is_of_probes(entries: &Entries<'_>) -> bool {
    let is_path = |node: Node<'_>| matches!(node.resolved().value(), "/probe" | "/snmp");
    let is_param = |(key, _): (Node<'_>, Node<'_>)| matches!(key.value(), "module" | "auth_module");
    let params = entries.get("params").filter(|params| params.resolved().kind() == NodeKind::Mapping);
    entries.get("metrics_path").is_some_and(is_path)
        || params.is_some_and(|params| params.resolved().entries().any(is_param))
}
