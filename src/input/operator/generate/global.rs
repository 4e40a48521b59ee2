//! `global`.
//!
//! Source: `buildGlobalConfig`, `buildExternalLabels`.

use std::collections::BTreeMap;

use super::super::document::Out;
use super::super::kind::Kind;
use super::super::value::Value;
use super::Server;
use super::common::limits::{LIMITS, number};
use super::common::protocols;

/// The folder of log files that are named without a folder.
const LOGS: &str = "/var/log/prometheus";

/// What applies to all jobs, and for a server to its rules.
pub(super) fn global(server: &Server<'_>) -> Out {
    let interval = |key: &str| server.spec.and_then(|spec| Out::member(spec, key)).unwrap_or_else(|| Out::text("30s"));
    let mut global = Out::map().with("scrape_interval", interval("scrapeInterval"));
    let filled = |key: &str| server.spec.and_then(|spec| spec.filled(key));
    global.put_some("scrape_timeout", filled("scrapeTimeout").map(Out::copied));
    global.put_some("scrape_protocols", server.spec.and_then(|spec| protocols::scrape_protocols(server, spec)));
    global.put("external_labels", external_labels(server));
    put_limits(server, &mut global);
    let since = |key: &str, major: u64, minor: u64| server.get(key).filter(|_| server.is_from(major, minor));
    global.put_some("scrape_failure_log_file", since("scrapeFailureLogFile", 2, 55).map(log_file));
    global.put_some("metric_name_validation_scheme", validation_scheme(server, server.spec));
    global.put_some("metric_name_escaping_scheme", escaping_scheme(server, server.spec));
    let copy = |key: &str, major: u64, minor: u64| {
        server.spec.and_then(|spec| Out::member(spec, key)).filter(|_| server.is_from(major, minor))
    };
    global.put_some("convert_classic_histograms_to_nhcb", copy("convertClassicHistogramsToNHCB", 3, 4));
    global.put_some("always_scrape_classic_histograms", copy("scrapeClassicHistograms", 3, 5));
    global.put_some("scrape_native_histograms", copy("scrapeNativeHistograms", 3, 8));
    if server.id.kind == Kind::PrometheusAgent {
        return global;
    }
    global.put("evaluation_interval", interval("evaluationInterval"));
    global.put_some("rule_query_offset", copy("ruleQueryOffset", 2, 53));
    let log = filled("queryLogFile").filter(|_| server.is_from(2, 16));
    global.put_some("query_log_file", log.map(log_file));
    global
}

/// The labels of the server and of its replica, whose names are reserved, and those of the user, in the order of the
/// names.
fn external_labels(server: &Server<'_>) -> Out {
    let mut labels = BTreeMap::new();
    let own = [
        ("prometheusExternalLabelName", "prometheus", format!("{}/{}", server.id.namespace, server.id.name)),
        (REPLICA_LABEL_KEY, REPLICA_LABEL, "$(POD_NAME)".to_string()),
    ];
    for (key, default, value) in own {
        let given = server.get(key);
        let name = given.and_then(Value::as_str).unwrap_or(default);
        let value = Out::text(value);
        if !name.is_empty() {
            labels.insert(name, given.map_or(value.clone(), |given| value.because(given.at)));
        }
    }
    let given = server.get("externalLabels");
    for entry in given.map_or(&[][..], Value::entries) {
        labels.entry(&entry.key).or_insert_with(|| Out::copied(&entry.value));
    }
    let mut out = Out::map();
    labels.into_iter().for_each(|(name, value)| out.put(name, value));
    match given {
        Some(given) => out.because(given.at),
        None => out,
    }
}

/// The key that renames the label of the replica, and the name without it.
pub(super) const REPLICA_LABEL_KEY: &str = "replicaExternalLabelName";
pub(super) const REPLICA_LABEL: &str = "prometheus_replica";

/// The limits of all jobs: those that are given, within those that are enforced.
fn put_limits(server: &Server<'_>, global: &mut Out) {
    if !server.is_from(2, 45) {
        return;
    }
    let enforced = server.spec.and_then(|spec| spec.filled("enforcedBodySizeLimit"));
    global.put_some("body_size_limit", server.get("bodySizeLimit").or(enforced).map(Out::copied));
    for limit in LIMITS {
        let is_given = |value: &&Value| number(value) > 0;
        let own = server.get(limit.key).filter(is_given);
        let enforced = server.get(limit.enforced).filter(is_given);
        let lower = match (own, enforced) {
            (Some(own), Some(enforced)) if number(own) > number(enforced) => Some(enforced),
            (own, enforced) => own.or(enforced),
        };
        let is_known = limit.key != "keepDroppedTargets" || server.is_from(2, 47);
        global.put_some(limit.name, lower.filter(|_| is_known).map(Out::copied));
    }
}

/// A log file; one without a folder is in the folder of logs.
fn log_file(own: &Value) -> Out {
    let text = own.as_str().unwrap_or("");
    let name = text.trim_start_matches("./");
    if name.is_empty() || name.contains('/') {
        return Out::copied(own);
    }
    Out::text(format!("{LOGS}/{name}")).because(own.at)
}

/// `metric_name_validation_scheme`, of a server or a job.
pub(super) fn validation_scheme(server: &Server<'_>, spec: Option<&Value>) -> Option<Out> {
    spec?.get("nameValidationScheme").filter(|_| server.is_from(3, 0)).map(lower)
}

/// `metric_name_escaping_scheme`, of a server or a job.
pub(super) fn escaping_scheme(server: &Server<'_>, spec: Option<&Value>) -> Option<Out> {
    spec?.get("nameEscapingScheme").filter(|_| server.is_from(3, 4)).and_then(escaping)
}

fn lower(own: &Value) -> Out {
    Out::text(own.as_str().unwrap_or("").to_ascii_lowercase()).because(own.at)
}

/// The name of a scheme in Prometheus.
fn escaping(own: &Value) -> Option<Out> {
    let name = match own.as_str()? {
        "AllowUTF8" => "allow-utf-8",
        "Underscores" => "underscores",
        "Dots" => "dots",
        "Values" => "values",
        _ => return None,
    };
    Some(Out::text(name).because(own.at))
}
