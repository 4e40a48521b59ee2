//! The fields of objects and those of the config that become of each other: their names, and why some have no counterpart.
//!
//! Most names differ only in how words are joined (`scrapeTimeout`, `scrape_timeout`); the tables have the others.

use super::super::kind::Kind;
use crate::config::{FieldError, Step, keys_of_global, keys_of_jobs};

/// The part of an object that a field is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldOwner {
    Spec,
    Endpoint,
}

/// What becomes of a field in the generated config, below the job, or from the top for a field of a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lowered {
    /// The field with the same value, if there is one.
    pub(crate) field: Option<Vec<Step>>,
    /// The parts that can differ: a key, or a key of `global`.
    pub(crate) parts: Vec<Vec<&'static str>>,
}

impl Lowered {
    fn parts(keys: &[&'static str]) -> Self {
        Self { field: None, parts: keys.iter().map(|key| vec![*key]).collect() }
    }

    fn field(way: &[&'static str], rest: &[Step]) -> Self {
        let steps = way.iter().map(|key| Step::Key((*key).to_string())).chain(rest.iter().cloned()).collect();
        Self { field: Some(steps), parts: vec![way.to_vec()] }
    }
}

/// A name without what differs between objects and configs.
pub(crate) fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase()).collect()
}

/// The key of a job, or of `global`, with another name than the field of the object.
fn other_name(kind: Kind, key: &str) -> Option<&'static [&'static str]> {
    Some(match (kind, key) {
        (_, "always_scrape_classic_histograms") => &["scrapeClassicHistograms"],
        (_, "metric_name_validation_scheme") => &["nameValidationScheme"],
        (_, "metric_name_escaping_scheme") => &["nameEscapingScheme"],
        (Kind::ServiceMonitor | Kind::PodMonitor | Kind::Probe, "scrape_interval") => &["interval"],
        (Kind::ServiceMonitor | Kind::PodMonitor, "metrics_path") => &["path"],
        (Kind::Probe, "metrics_path") => &["prober", "path"],
        (Kind::Probe, "scheme") => &["prober", "scheme"],
        (Kind::Probe, "proxy_url") => &["prober", "proxyUrl"],
        (Kind::Probe, "no_proxy") => &["prober", "noProxy"],
        (Kind::Probe, "proxy_from_environment") => &["prober", "proxyFromEnvironment"],
        (Kind::Probe, "proxy_connect_header") => &["prober", "proxyConnectHeader"],
        _ => return None,
    })
}

/// A path of the config as one of the object: the first key can be another one, or several.
pub(super) fn in_object(kind: Kind, steps: &[Step]) -> Vec<Step> {
    match steps.split_first() {
        Some((Step::Key(key), rest)) => match other_name(kind, key) {
            Some(way) => way.iter().map(|key| Step::Key((*key).to_string())).chain(rest.iter().cloned()).collect(),
            None => steps.to_vec(),
        },
        Some((Step::Index(_), _)) | None => steps.to_vec(),
    }
}

/// Why a field of a job is not set in an object of this kind, and what to do instead.
pub(super) fn refusal(kind: Kind, key: &str) -> Option<FieldError> {
    let name = kind.name();
    let is_monitor = matches!(kind, Kind::ServiceMonitor | Kind::PodMonitor);
    let (message, help) = match key {
        "job_name" => (
            "the operator makes `job_name` of the kind, the namespace and the name of the object".to_string(),
            match is_monitor {
                true => {
                    "`jobLabel` says which label of the objects becomes `job`; `add-label job=NAME --overwrite` sets it"
                }
                false => "`jobName` sets the label `job`",
            }
            .to_string(),
        ),
        "relabel_configs" => (
            "the operator makes `relabel_configs`; some of its rules are those of the object".to_string(),
            match kind {
                Kind::Probe => "set `targets.staticConfig.relabelingConfigs`, which has only the rules of the object",
                _ => "set `relabelings`, which has only the rules of the object",
            }
            .to_string(),
        ),
        "metric_relabel_configs" => (
            "the operator makes `metric_relabel_configs` of the rules of the object and of those of the Prometheus"
                .to_string(),
            "set `metricRelabelings`, which has only the rules of the object".to_string(),
        ),
        "kubernetes_sd_configs" if is_monitor => (
            "the operator makes `kubernetes_sd_configs` of `namespaceSelector` and of the kind of the object"
                .to_string(),
            "set `selector` or `namespaceSelector`".to_string(),
        ),
        "static_configs" if is_monitor => no_targets(kind),
        "static_configs" if kind == Kind::Probe => (
            "the targets of a Probe are in `targets.staticConfig`".to_string(),
            "use add-target, or set `targets.staticConfig.static`".to_string(),
        ),
        "bearer_token" => (
            "`bearer_token` is a secret, which an object names by a Secret".to_string(),
            match kind {
                Kind::ScrapeConfig => "set `authorization.credentials={name: SECRET, key: KEY}`",
                _ => "set `bearerTokenSecret={name: SECRET, key: KEY}`",
            }
            .to_string(),
        ),
        "endpoints" | "podMetricsEndpoints" if is_monitor => (
            format!(
                "--job names an endpoint, and the paths are below it or below `spec`, so `{key}` has no place in them"
            ),
            "write the path below the endpoint, such as `interval`".to_string(),
        ),
        _ if key.starts_with("enforced") => (
            format!("`{key}` is a field of the Prometheus object, which the operator applies to all of its jobs"),
            "change it in the Prometheus object by hand".to_string(),
        ),
        _ if key.ends_with("_sd_configs") && kind != Kind::ScrapeConfig => {
            (format!("a {name} has no `{key}`"), "write a ScrapeConfig object for other discovery".to_string())
        }
        _ => return None,
    };
    Some(FieldError::new(message, help))
}

/// Why targets are not written in objects of this kind, and what to do instead.
pub(crate) fn no_targets(kind: Kind) -> (String, String) {
    match kind {
        Kind::ServiceMonitor => (
            "the targets of a ServiceMonitor come from Services".to_string(),
            "use add-endpoint for another port, or change `selector`".to_string(),
        ),
        Kind::PodMonitor => (
            "the targets of a PodMonitor are pods".to_string(),
            "use add-endpoint for another port, or change `selector`".to_string(),
        ),
        Kind::Probe => (
            "the targets of the Probe come from Ingresses".to_string(),
            "change `targets.ingress.selector`, or write a Probe with `targets.staticConfig`".to_string(),
        ),
        Kind::ScrapeConfig => (
            "the target files of a ScrapeConfig are in the container of the Prometheus".to_string(),
            "name the target file itself where it is kept, or write `staticConfigs` into the object".to_string(),
        ),
        Kind::Prometheus | Kind::PrometheusAgent => {
            (format!("a {} has no targets", kind.name()), "edit the objects that it selects".to_string())
        }
    }
}

/// What can follow from the scrape class of an object.
const OF_CLASS: [&str; 7] = [
    "relabel_configs",
    "metric_relabel_configs",
    "kubernetes_sd_configs",
    "tls_config",
    "authorization",
    "fallback_scrape_protocol",
    "basic_auth",
];

/// What becomes of a field of an object of which jobs are made.
pub(super) fn lowered(kind: Kind, steps: &[Step]) -> Lowered {
    let keys: Vec<&str> = steps
        .iter()
        .map(|step| match step {
            Step::Key(key) => key.as_str(),
            Step::Index(_) => "",
        })
        .collect();
    let rest = |from: usize| steps.get(from..).unwrap_or_default();
    match (kind, keys.as_slice()) {
        (Kind::Probe, ["prober", "url", ..]) => Lowered::parts(&["relabel_configs"]),
        (Kind::Probe, ["prober", "path"]) => Lowered::field(&["metrics_path"], &[]),
        (Kind::Probe, ["prober", key, ..]) => of_job(key, rest(2)),
        (Kind::Probe, ["prober"]) => {
            Lowered::parts(&["relabel_configs", "metrics_path", "scheme", "proxy_url", "no_proxy"])
        }
        (Kind::Probe, ["module"]) => {
            let steps = ["params", "module"].map(|key| Step::Key(key.to_string()));
            let field = Some(steps.into_iter().chain([Step::Index(0)]).collect());
            Lowered { field, parts: vec![vec!["params"]] }
        }
        (Kind::Probe, ["params", ..]) => Lowered::parts(&["params"]),
        (Kind::Probe, ["targets", _, "relabelingConfigs", ..]) => Lowered::parts(&["relabel_configs"]),
        (Kind::Probe, ["targets", "staticConfig", "static" | "labels", ..]) => Lowered::parts(&["static_configs"]),
        (Kind::Probe, ["targets", ..]) => {
            Lowered::parts(&["static_configs", "kubernetes_sd_configs", "relabel_configs"])
        }
        (Kind::ScrapeConfig, ["interval" | "path", ..]) => Lowered::default(),
        (_, ["interval"]) => Lowered::field(&["scrape_interval"], &[]),
        (_, ["path"]) => Lowered::field(&["metrics_path"], &[]),
        (_, ["nameValidationScheme"]) => Lowered::field(&["metric_name_validation_scheme"], &[]),
        (_, ["nameEscapingScheme"]) => Lowered::field(&["metric_name_escaping_scheme"], &[]),
        (_, ["scrapeClassicHistograms"]) => Lowered::field(&["always_scrape_classic_histograms"], &[]),
        (_, ["metricRelabelings", ..]) => Lowered::parts(&["metric_relabel_configs"]),
        (_, ["bearerTokenSecret", ..]) => Lowered::parts(&["bearer_token"]),
        (_, ["scrapeClass"]) => Lowered::parts(&OF_CLASS),
        (
            _,
            [
                "port" | "targetPort" | "portNumber" | "filterRunning" | "relabelings" | "jobLabel" | "jobName"
                | "targetLabels" | "podTargetLabels",
                ..,
            ],
        ) => Lowered::parts(&["relabel_configs"]),
        (
            _,
            ["selector" | "namespaceSelector" | "selectorMechanism" | "serviceDiscoveryRole" | "attachMetadata", ..],
        ) => Lowered::parts(&["relabel_configs", "kubernetes_sd_configs"]),
        (_, [key, ..]) => of_job(key, rest(1)),
        (_, []) => Lowered::default(),
    }
}

/// A field whose name is that of a key of a job.
fn of_job(key: &str, rest: &[Step]) -> Lowered {
    let name = plain(key);
    match keys_of_jobs().find(|known| plain(known) == name) {
        Some(known) => Lowered::field(&[known], rest),
        None => Lowered::default(),
    }
}

/// Whether a name is that of a key of a job.
pub(super) fn is_key_of_jobs(key: &str) -> bool {
    keys_of_jobs().any(|known| known == key)
}

/// The sections of a config and the fields of a server that become them.
const SECTIONS: [(&[&str], &str); 8] = [
    (&["runtime"], "runtime"),
    (&["storage", "tsdb"], "tsdb"),
    (&["storage", "exemplars"], "exemplars"),
    (&["otlp"], "otlp"),
    (&["tracing"], "tracingConfig"),
    (&["remote_write"], "remoteWrite"),
    (&["remote_read"], "remoteRead"),
    (&["alerting"], "alerting"),
];

/// A path from the top of the config as one in the `spec` of a server.
pub(super) fn in_server(kind: Kind, steps: &[Step]) -> Result<Option<Vec<Step>>, FieldError> {
    let key = |index: usize| match steps.get(index) {
        Some(Step::Key(key)) => key.as_str(),
        Some(Step::Index(_)) | None => "",
    };
    let joined = |way: &[&str], rest: &[Step]| -> Vec<Step> {
        way.iter().map(|key| Step::Key((*key).to_string())).chain(rest.iter().cloned()).collect()
    };
    match key(0) {
        "global" => {
            let name = key(1);
            if !keys_of_global().any(|known| known == name) {
                let known = crate::text::most_similar(name, keys_of_global());
                let help = known.map_or_else(String::new, |known| format!("did you mean `global.{known}`?"));
                return Err(FieldError::new(format!("unknown field `{name}` in the `global` section"), help));
            }
            let own = other_name(kind, name).map_or_else(|| vec![name], <[&str]>::to_vec);
            return Ok(Some(joined(&own, &steps[2..])));
        }
        "scrape_configs" | "scrape_config_files" => {
            return Err(FieldError::new(
                format!("the operator makes `{}` of monitors, Probes and ScrapeConfigs", key(0)),
                "select a job with --job, and name the field below it",
            ));
        }
        "rule_files" => {
            return Err(FieldError::new(
                "the operator makes `rule_files` of PrometheusRules",
                "change `ruleSelector` of the Prometheus object by hand",
            ));
        }
        _ => {}
    }
    let found = SECTIONS.iter().find(|(way, _)| way.iter().enumerate().all(|(index, part)| key(index) == *part));
    let Some((way, own)) = found else { return Ok(None) };
    let mut steps = joined(&[own], &steps[way.len()..]);
    // The one key whose words differ.
    if let ("exemplars", Some(Step::Key(key))) = (*own, steps.get_mut(1))
        && key == "max_exemplars"
    {
        *key = "maxSize".to_string();
    }
    Ok(Some(steps))
}

/// What becomes of a field of a server.
///
/// # Errors
/// It becomes no part of the config that is about this field alone.
pub(super) fn lowered_of_server(kind: Kind, steps: &[Step]) -> Result<Lowered, FieldError> {
    let Some(Step::Key(key)) = steps.first() else { return Err(by_hand(kind, "")) };
    let rest = &steps[1..];
    if let Some((way, _)) = SECTIONS.iter().find(|(_, own)| own == key) {
        let parts = vec![vec![way[0]]];
        let field = way.iter().map(|key| Step::Key((*key).to_string())).chain(rest.iter().cloned()).collect();
        let is_compared = !matches!(key.as_str(), "alerting" | "exemplars");
        return Ok(Lowered { field: Some(field).filter(|_| is_compared), parts });
    }
    if matches!(key.as_str(), "prometheusExternalLabelName" | "replicaExternalLabelName") {
        return Ok(Lowered { field: None, parts: vec![vec!["global", "external_labels"]] });
    }
    let name = plain(key);
    let is_it = |known: &&'static str| {
        plain(known) == name || other_name(kind, known).is_some_and(|way| matches!(way, [own] if own == key))
    };
    match keys_of_global().find(is_it) {
        Some(known) => Ok(Lowered::field(&["global", known], rest)),
        None => Err(by_hand(kind, key)),
    }
}

fn by_hand(kind: Kind, key: &str) -> FieldError {
    let name = kind.name();
    let message = if key.starts_with("enforced") {
        format!("`{key}` of a {name} changes the limits or labels of all jobs, not one field of the config")
    } else {
        format!("`{key}` of a {name} does not become one field of its config")
    };
    FieldError::new(message, "edit it by hand; `promcfg render` shows what the operator generates")
}
