//! A Probe: one job, whose targets are given to a prober.
//!
//! Source: `generateProbeConfig`.

use super::super::document::Out;
use super::super::objects::Object;
use super::super::value::{Entry, Value};
use super::Server;
use super::common::class::Class;
use super::common::{self, auth, histograms, limits, protocols, proxy, rules, selector, tls};
use super::discovery::{self, Role};

/// Adds the job of a probe.
pub(super) fn jobs(server: &Server<'_>, object: &Object, jobs: &mut Vec<Out>) {
    let Some(spec) = common::spec(object) else { return };
    let class = Class::of(server, object);
    let prober = spec.get("prober");
    let mut list = vec![rules::first()];
    let mut discovery = None;
    list.extend(spec.filled("jobName").map(|name| rules::set("job", Out::copied(name)).because(name.at)));
    let of_target = |kind: &str| spec.at_path(&["targets", kind]);
    let address = || {
        let url = prober.and_then(|prober| prober.get("url"));
        let rule = rules::set("__address__", url.map_or_else(|| Out::text(""), Out::copied));
        url.map_or_else(|| rule.clone(), |url| rule.clone().because(url.at))
    };
    let own = match (of_target("staticConfig"), of_target("ingress")) {
        (Some(own), _) => {
            discovery = Some(("static_configs", static_config(object, own)));
            list.push(rules::copy("__address__", "__param_target"));
            Some(own)
        }
        (None, Some(own)) => {
            list.extend(own.get("selector").into_iter().flat_map(|own| selector::relabelings(own, "ingress")));
            let entry = discovery::entry(server, &object.id.namespace, own.get("namespaceSelector"), Role::Ingress);
            discovery = Some(("kubernetes_sd_configs", entry.because(own.at)));
            list.extend(ingress_rules());
            Some(own)
        }
        (None, None) => None,
    };
    if let Some(own) = own {
        list.push(rules::copy("__param_target", "instance"));
        list.push(address());
        list.extend(rules::of_class(class, "relabelings"));
        list.extend(rules::of_user(own, "relabelingConfigs"));
        list.extend(rules::enforced(server, object));
    }
    list.extend(rules::sharding(server, "__param_target"));
    let mut job = start(server, object, spec, prober);
    put_limits(server, &mut job, spec, class);
    if let Some(prober) = prober {
        proxy::put(server, &mut job, prober);
    }
    put_connection(server, &mut job, object, spec, class);
    if let Some((key, entry)) = discovery {
        job.put(key, Out::list(vec![entry]));
    }
    job.put("relabel_configs", Out::list(list));
    put_credentials(server, &mut job, object, spec, class);
    job.put_some("metric_relabel_configs", rules::metric(server, object, class, spec, "metricRelabelings"));
    jobs.push(job.because(spec.at).with_comment(object.id.to_string()));
}

/// The keys up to `params`.
fn start(server: &Server<'_>, object: &Object, spec: &Value, prober: Option<&Value>) -> Out {
    let mut job = Out::map().with("job_name", Out::text(format!("probe/{}/{}", object.id.namespace, object.id.name)));
    let honors = || server.is_from(2, 9).then(|| Out::bool(true));
    job.put_some("honor_timestamps", common::honor_timestamps(server, None).or_else(honors));
    let path = prober.and_then(|prober| Out::member(prober, "path"));
    job.put("metrics_path", path.unwrap_or_else(|| Out::text("/probe")));
    common::put_filled(&mut job, spec, &[("interval", "scrape_interval"), ("scrapeTimeout", "scrape_timeout")]);
    job.put_some("scheme", prober.and_then(common::scheme));
    job.put_some("params", Some(params(spec)).filter(|params| !params.is_empty()));
    job
}

/// The module, then the other parameters; of these none named `module` if there is a module.
fn params(spec: &Value) -> Out {
    let mut params = Out::map();
    let module = spec.filled("module");
    if let Some(module) = module {
        params.put("module", Out::list(vec![Out::copied(module)]).because(module.at));
    }
    for own in common::items(spec, "params") {
        let name = own.text("name");
        if module.is_none() || name != "module" {
            params.put(name, own.get("values").map_or_else(|| Out::list(Vec::new()), Out::copied));
        }
    }
    params
}

/// The static targets, with the namespace as a label unless the user sets it.
fn static_config(object: &Object, own: &Value) -> Out {
    let given = own.get("labels");
    let mut labels: Vec<(&str, Out)> = given
        .map_or(&[][..], Value::entries)
        .iter()
        .map(|Entry { key, value, .. }| (key.as_str(), Out::copied(value)))
        .collect();
    if labels.iter().all(|(name, _)| *name != "namespace") {
        labels.push(("namespace", Out::text(&*object.id.namespace)));
    }
    labels.sort_by(|one, other| one.0.cmp(other.0));
    let mut out = Out::map();
    labels.into_iter().for_each(|(name, value)| out.put(name, value));
    let targets = own.get("static").map_or_else(|| Out::list(Vec::new()), Out::copied);
    Out::map().with("targets", targets).with("labels", out.because(given.unwrap_or(own).at)).because(own.at)
}

/// The rules that make the URL of an ingress the target, and keep its namespace and name.
fn ingress_rules() -> Vec<Out> {
    let scheme = "__meta_kubernetes_ingress_scheme";
    vec![
        Out::map()
            .with("source_labels", Out::texts([scheme, "__address__", "__meta_kubernetes_ingress_path"]))
            .with("separator", Out::text(";"))
            .with("regex", Out::text("(.+);(.+);(.+)"))
            .with("target_label", Out::text("__param_target"))
            .with("replacement", Out::text("${1}://${2}${3}"))
            .with("action", Out::text("replace"))
            .by(crate::config::RuleAuthor::Fixed),
        rules::copy("__meta_kubernetes_namespace", "namespace"),
        rules::copy("__meta_kubernetes_ingress_name", "ingress"),
        Out::map()
            .with("source_labels", Out::texts(["__address__"]))
            .with("separator", Out::text(";"))
            .with("regex", Out::text("(.*)"))
            .with("target_label", Out::text("__tmp_ingress_address"))
            .with("replacement", Out::text("$1"))
            .with("action", Out::text("replace"))
            .by(crate::config::RuleAuthor::Fixed),
    ]
}

fn put_limits(server: &Server<'_>, job: &mut Out, spec: &Value, class: Class<'_>) {
    limits::put(server, job, spec);
    histograms::put(server, job, spec);
    job.put_some("scrape_protocols", protocols::scrape_protocols(server, spec));
    job.put_some("fallback_scrape_protocol", protocols::fallback(server, spec, class));
    // A probe has no limit of its own for the size of an answer.
    job.put_some("body_size_limit", limits::body_size(server, None));
}

fn put_connection(server: &Server<'_>, job: &mut Out, object: &Object, spec: &Value, class: Class<'_>) {
    job.put_some("follow_redirects", common::follow_redirects(server, spec));
    job.put_some("enable_http2", common::enable_http2(server, spec, "enableHttp2"));
    job.put_some("tls_config", tls::merged(server, &object.id.namespace, spec.get("tlsConfig"), class, true));
}

fn put_credentials(server: &Server<'_>, job: &mut Out, object: &Object, spec: &Value, class: Class<'_>) {
    let namespace = &object.id.namespace;
    job.put_some("bearer_token", spec.get("bearerTokenSecret").map(|_| auth::secret(spec, "bearerTokenSecret")));
    job.put_some("basic_auth", spec.get("basicAuth").map(auth::basic_auth));
    job.put_some("oauth2", spec.get("oauth2").and_then(|own| auth::oauth2(server, namespace, own)));
    job.put_some("authorization", auth::merged_authorization(server, spec.get("authorization"), class));
}
