//! A ScrapeConfig: one job, with any mechanisms of discovery.
//!
//! Source: `generateScrapeConfig`.

mod clouds;
mod parts;
mod platforms;

use crate::config::RuleAuthor;

use super::super::document::Out;
use super::super::objects::Object;
use super::super::value::Value;
use super::Server;
use super::common::class::Class;
use super::common::{self, auth, histograms, limits, protocols, proxy, rules, tls};
use super::{global, monitor};
use parts::Mechanism;

/// The mechanisms in the order in which the operator writes them.
const MECHANISMS: [&Mechanism; 23] = [
    &platforms::STATIC,
    &platforms::FILE,
    &platforms::HTTP,
    &platforms::KUBERNETES,
    &platforms::CONSUL,
    &platforms::DNS,
    &clouds::EC2,
    &clouds::AZURE,
    &clouds::GCE,
    &clouds::OPENSTACK,
    &clouds::DIGITAL_OCEAN,
    &platforms::KUMA,
    &platforms::EUREKA,
    &platforms::DOCKER,
    &clouds::LINODE,
    &clouds::HETZNER,
    &platforms::NOMAD,
    &platforms::DOCKER_SWARM,
    &platforms::PUPPET_DB,
    &clouds::LIGHTSAIL,
    &clouds::OVH_CLOUD,
    &clouds::SCALEWAY,
    &clouds::IONOS,
];

/// Adds the job of a ScrapeConfig.
pub(super) fn jobs(server: &Server<'_>, object: &Object, jobs: &mut Vec<Out>) {
    let Some(spec) = common::spec(object) else { return };
    let class = Class::of(server, object);
    let mut job = start(server, object, spec);
    put_client(server, &mut job, object, spec, class);
    limits::put(server, &mut job, spec);
    histograms::put(server, &mut job, spec);
    job.put_some("body_size_limit", limits::body_size(server, spec.get("bodySizeLimit")));
    for mechanism in MECHANISMS {
        job.put_some(mechanism.name, mechanism.list(server, &object.id.namespace, spec));
    }
    job.put("relabel_configs", Out::list(relabelings(server, object, spec, class)));
    job.put_some("metric_relabel_configs", rules::metric(server, object, class, spec, "metricRelabelings"));
    job.put_some("metric_name_validation_scheme", global::validation_scheme(server, Some(spec)));
    job.put_some("metric_name_escaping_scheme", global::escaping_scheme(server, Some(spec)));
    jobs.push(job.because(spec.at).with_comment(object.id.to_string()));
}

/// The keys up to `scheme`.
fn start(server: &Server<'_>, object: &Object, spec: &Value) -> Out {
    let name = format!("scrapeConfig/{}/{}", object.id.namespace, object.id.name);
    let mut job = Out::map().with("job_name", Out::text(name));
    let honors = spec.get("honorTimestamps").and_then(|own| common::honor_timestamps(server, Some(own)));
    job.put_some("honor_timestamps", honors);
    job.put_some("track_timestamps_staleness", common::track_timestamps_staleness(server, spec));
    job.put_some("honor_labels", spec.get("honorLabels").map(|own| common::honor_labels(server, Some(own))));
    job.put_some("metrics_path", spec.get("metricsPath").map(Out::copied));
    let params = spec.get("params").filter(|params| !params.entries().is_empty());
    job.put_some("params", params.map(monitor::sorted));
    job.put_some(
        "enable_compression",
        spec.get("enableCompression").filter(|_| server.is_from(2, 49)).map(Out::copied),
    );
    job.put_some("enable_http2", common::enable_http2(server, spec, "enableHTTP2"));
    job.put_some("scrape_interval", spec.get("scrapeInterval").map(Out::copied));
    job.put_some("scrape_timeout", spec.get("scrapeTimeout").map(Out::copied));
    job
}

fn put_client(server: &Server<'_>, job: &mut Out, object: &Object, spec: &Value, class: Class<'_>) {
    let namespace = &object.id.namespace;
    job.put_some("scrape_protocols", protocols::scrape_protocols(server, spec));
    job.put_some("fallback_scrape_protocol", protocols::fallback(server, spec, class));
    job.put_some("scheme", common::scheme(spec));
    proxy::put(server, job, spec);
    job.put_some("basic_auth", spec.get("basicAuth").map(auth::basic_auth));
    job.put_some("authorization", auth::merged_authorization(server, spec.get("authorization"), class));
    job.put_some("oauth2", spec.get("oauth2").and_then(|own| auth::oauth2(server, namespace, own)));
    job.put_some("tls_config", tls::merged(server, namespace, spec.get("tlsConfig"), class, true));
}

/// The rules. The enforced label is set only if the user has a rule; targets are shared among several servers only, and only
/// if nobody else hashes them.
fn relabelings(server: &Server<'_>, object: &Object, spec: &Value, class: Class<'_>) -> Vec<Out> {
    let mut list = vec![rules::first()];
    list.extend(rules::of_class(class, "relabelings"));
    if let Some(name) = spec.get("jobName") {
        let rule = Out::map()
            .with("target_label", Out::text("job"))
            .with("action", Out::text("replace"))
            .with("replacement", Out::copied(name));
        list.push(rule.because(name.at).by(RuleAuthor::Fixed));
    }
    let own = common::items(spec, "relabelings");
    if !own.is_empty() {
        list.extend(rules::of_user(spec, "relabelings"));
        list.extend(rules::enforced(server, object));
    }
    let hashes = |rule: &Value| rule.text("action").eq_ignore_ascii_case("hashmod");
    if server.shards() != 1 && !own.iter().chain(class.items("relabelings")).any(hashes) {
        list.extend(rules::sharding(server, "__address__"));
    }
    list
}
