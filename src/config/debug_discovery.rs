//! Discovery in the shapes of the conformance data.

use serde_json::{Map, Value, json};

use crate::discovery::{
    ConsulObjects, Discovered, DiscoveryOptions, DockerObjects, DumpError, Ec2Objects, HttpBody, SwarmObjects,
    SwarmOptions, SwarmRole, debug_slices,
};
use crate::release::Release;

use super::debug::read_job_with_error;
use super::debug_kubernetes;
use super::question::text_or;

/// Answers `{"mech", "sd", "api"}`: `groups`, the target groups that the mechanism `mech` makes of answers of its
/// server, or `error` where the config or the answers are refused. `sd` is an item of the mechanism's section, without
/// the address of the server; `api` has the answers by their paths. For Docker, `inspect` and `network_inspect` can take
/// the place of `api`. For HTTP, `content_type` is that of the body, which can also be a string.
///
/// Without `mech` it answers `{"role", "sd", "objects"}` with the groups of Kubernetes objects (`list` in the place of
/// `objects` is what kubectl prints, `own_namespace` the namespace of Prometheus, and with `namespace` the objects are
/// manifests): with `api_error` where the API server refuses every list, and `undetermined`, the labels whose value
/// Prometheus does not decide. It answers `{"services", "pods", "nodes"}` with `slices`.
///
/// ```
/// use promcfg::{Release, config::debug_discovery};
/// use serde_json::json;
/// let question = json!({"mech": "http", "sd": {"url": "http://sd/"}, "api": {"body": [{"targets": ["h:1"]}]}});
/// assert_eq!(
///     debug_discovery(&question, Release::LATEST).unwrap(),
///     json!({"groups": [{
///         "source": "http://sd/:0",
///         "labels": {"__meta_url": "http://sd/"},
///         "targets": [{"__address__": "h:1"}],
///     }]}),
/// );
/// ```
///
/// # Errors
/// A question with an unknown mechanism, or with members of other types.
pub fn debug_discovery(question: &Value, release: Release) -> Result<Value, String> {
    let mechanism = text_or(question, "mech", "kubernetes")?;
    if question.get("services").is_some() {
        return debug_slices(question);
    }
    let none = Value::Object(Map::new());
    let sd = question.get("sd").unwrap_or(&none).as_object().ok_or("expected an object for `sd`")?;
    let mut sd = sd.clone();
    if let Some(role) = question.get("role") {
        sd.insert("role".to_string(), role.clone());
    }
    let options = match options(mechanism, sd, release)? {
        Ok(options) => options,
        Err(error) => return Ok(json!({ "error": error })),
    };
    if let DiscoveryOptions::Kubernetes(options) = &options {
        return debug_kubernetes::answer(question, options, release);
    }
    Ok(match found(&options, question, release) {
        Ok(found) => json!({ "groups": in_order(&found) }),
        Err(error) => json!({ "error": error }),
    })
}

/// What the section asks for, or the message with which Prometheus refuses it.
fn options(
    mechanism: &str,
    mut sd: Map<String, Value>,
    release: Release,
) -> Result<Result<DiscoveryOptions, String>, String> {
    let key = match mechanism {
        "consul" => "consul_sd_configs",
        "docker" => "docker_sd_configs",
        "swarm" | "dockerswarm" => "dockerswarm_sd_configs",
        "ec2" => "ec2_sd_configs",
        "http" => "http_sd_configs",
        "kubernetes" => "kubernetes_sd_configs",
        _ => return Err(format!("unknown mechanism `{mechanism}`")),
    };
    if matches!(key, "docker_sd_configs" | "dockerswarm_sd_configs") {
        sd.entry("host").or_insert_with(|| json!("unix:///var/run/docker.sock"));
    }
    let job = json!({ "job_name": "debug", key: [sd] }).to_string();
    let text: String = job.chars().map(as_yaml).collect();
    let job = match read_job_with_error(&text, release) {
        Ok(job) => job.ok_or("`sd` is not read")?,
        Err(error) => return Ok(Err(error)),
    };
    let mut options = job.discovery.into_iter().flat_map(|sd| sd.options);
    options.next().flatten().map(Ok).ok_or_else(|| "`sd` is not read".to_string())
}

/// JSON is YAML, but for characters that YAML does not allow or takes for the end of a line.
fn as_yaml(c: char) -> String {
    match c {
        '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    }
}

fn found(options: &DiscoveryOptions, question: &Value, release: Release) -> Result<Discovered, String> {
    let answers = Answers { question };
    match options {
        DiscoveryOptions::Consul(options) => {
            let objects = answers.consul().map_err(|error| error.to_string())?;
            objects.groups(options, release).map_err(|error| error.to_string())
        }
        DiscoveryOptions::Docker(options) => {
            let objects = answers.docker()?;
            objects.groups(options, release).map_err(|error| error.to_string())
        }
        DiscoveryOptions::Swarm(options) => {
            let objects = answers.swarm(options)?;
            objects.groups(options, release).map_err(|error| error.to_string())
        }
        DiscoveryOptions::Ec2(options) => {
            let objects = answers.ec2()?;
            objects.groups(options, release).map_err(|error| error.to_string())
        }
        DiscoveryOptions::Http(options) => {
            let body = answers.http()?;
            body.groups(options, release).map_err(|error| error.to_string())
        }
        DiscoveryOptions::Dns(_) | DiscoveryOptions::Kubernetes(_) => {
            Err("the mechanism is not asked here".to_string())
        }
    }
}

/// The answers of a server, each under its path.
struct Answers<'q> {
    question: &'q Value,
}

impl Answers<'_> {
    fn answer(&self, path: &str) -> Option<String> {
        self.question.get("api")?.get(path).map(Value::to_string)
    }

    /// Reads an answer that Prometheus cannot do without.
    fn require<T>(&self, path: &str, add: impl FnOnce(&str) -> Result<T, DumpError>) -> Result<(), String> {
        let text = self.answer(path).ok_or_else(|| format!("the data has no answer for `{path}`"))?;
        add(&text).map(|_| ()).map_err(|error| error.to_string())
    }

    /// Reads an answer, if it is there.
    fn add<T>(&self, path: &str, add: impl FnOnce(&str) -> Result<T, DumpError>) -> Result<(), DumpError> {
        self.answer(path).map_or(Ok(()), |text| add(&text).map(|_| ()))
    }

    fn docker(&self) -> Result<DockerObjects, String> {
        let mut objects = DockerObjects::default();
        let member = |name: &str| self.question.get(name).map(Value::to_string);
        if self.question.get("api").is_some() {
            self.require("/containers/json", |text| objects.add_containers(text))?;
            self.require("/networks", |text| objects.add_networks(text))?;
            return Ok(objects);
        }
        let inspected = member("inspect").ok_or("expected `api` or `inspect`")?;
        objects.add_inspected(&inspected).map_err(|error| error.to_string())?;
        let networks = member("network_inspect").map_or(Ok(0), |text| objects.add_networks(&text));
        networks.map_err(|error| error.to_string())?;
        Ok(objects)
    }

    /// Of each role only the answers that it asks for.
    fn swarm(&self, options: &SwarmOptions) -> Result<SwarmObjects, String> {
        let mut objects = SwarmObjects::default();
        let role = options.role;
        if role == SwarmRole::Tasks {
            self.require("/tasks", |text| objects.add_tasks(text))?;
        }
        if role != SwarmRole::Nodes {
            self.require("/services", |text| objects.add_services(text))?;
            self.require("/networks", |text| objects.add_networks(text))?;
        }
        if role != SwarmRole::Services {
            self.require("/nodes", |text| objects.add_nodes(text))?;
        }
        Ok(objects)
    }

    fn ec2(&self) -> Result<Ec2Objects, String> {
        let mut objects = Ec2Objects::default();
        self.require("describe-instances", |text| objects.add_instances(text))?;
        let zones = self.add("describe-availability-zones", |text| objects.add_zones(text));
        zones.map_err(|error| error.to_string())?;
        Ok(objects)
    }

    fn consul(&self) -> Result<ConsulObjects, DumpError> {
        const HEALTH: &str = "/v1/health/service/";
        let mut objects = ConsulObjects::default();
        self.add("/v1/catalog/services", |text| objects.add_catalog(text))?;
        self.add("/v1/agent/self", |text| objects.add_agent(text))?;
        let paths = self.question.get("api").and_then(Value::as_object);
        for (path, answer) in paths.into_iter().flatten() {
            if let Some(service) = path.strip_prefix(HEALTH) {
                objects.add_health_of(service, &answer.to_string())?;
            }
        }
        Ok(objects)
    }

    /// A body that is a string is the text that was served.
    fn http(&self) -> Result<HttpBody, String> {
        let mut body = HttpBody::default();
        let content_type = self.question.get("content_type").and_then(Value::as_str).unwrap_or("application/json");
        if !HttpBody::accepts_content_type(content_type) {
            return Err(format!("unsupported content type {content_type:?}"));
        }
        let served = self.question.get("api").and_then(|api| api.get("body")).and_then(Value::as_str);
        match served {
            Some(text) => body.add(text).map(|_| ()).map_err(|error| error.to_string())?,
            None => self.require("body", |text| body.add(text))?,
        }
        Ok(body)
    }
}

/// The groups by source, and the targets of each by their labels.
fn in_order(found: &Discovered) -> Value {
    let mut groups = found.groups.clone();
    groups.sort_by(|one, other| one.source.cmp(&other.source));
    for group in &mut groups {
        for target in &mut group.targets {
            target.sort();
        }
        group.targets.sort();
    }
    json!(groups)
}
