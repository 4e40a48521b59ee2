//! A PodMonitor: one job for each endpoint.
//!
//! Source: `generatePodMonitorConfig`.

use super::super::document::Out;
use super::super::objects::Object;
use super::super::value::Value;
use super::Server;
use super::common::class::Class;
use super::common::{self, auth, items, proxy, rules, selector, tls};
use super::discovery::{Role, selects_by_rules};
use super::monitor::Endpoint;

/// The jobs of a monitor.
pub(super) fn jobs(server: &Server<'_>, object: &Object, jobs: &mut Vec<Out>) {
    let Some(spec) = common::spec(object) else { return };
    let class = Class::of(server, object);
    for (index, own) in items(spec, "podMetricsEndpoints").iter().enumerate() {
        let endpoint = Endpoint { server, object, spec, own, class, role: Role::Pod };
        let name = format!("podMonitor/{}/{}/{index}", object.id.namespace, object.id.name);
        let comment = format!("{}, spec.podMetricsEndpoints[{index}]", object.id);
        jobs.push(job(&endpoint, name).because(own.at).with_comment(comment));
    }
}

fn job(endpoint: &Endpoint<'_>, name: String) -> Out {
    let Endpoint { server, object, own, class, .. } = *endpoint;
    let namespace = &object.id.namespace;
    let mut job = endpoint.start(name);
    job.put_some("follow_redirects", common::follow_redirects(server, own));
    job.put_some("enable_http2", common::enable_http2(server, own, "enableHttp2"));
    job.put_some("tls_config", tls::merged(server, namespace, own.get("tlsConfig"), class, true));
    job.put_some("bearer_token", auth::bearer_token(own));
    job.put_some("basic_auth", own.get("basicAuth").map(auth::basic_auth));
    job.put_some("oauth2", own.get("oauth2").and_then(|own| auth::oauth2(server, namespace, own)));
    proxy::put(server, &mut job, own);
    job.put_some("authorization", auth::merged_authorization(server, own.get("authorization"), class));
    endpoint.end(&mut job, relabelings(endpoint));
    job
}

/// The rules before those of the class and of the user.
fn relabelings(endpoint: &Endpoint<'_>) -> Vec<Out> {
    let Endpoint { object, spec, own, .. } = *endpoint;
    let mut list = vec![rules::first()];
    list.extend(endpoint.running());
    if let Some(own) = spec.get("selector").filter(|_| selects_by_rules(spec)) {
        list.extend(selector::relabelings(own, "pod"));
    }
    let number = own.get("portNumber").filter(|port| port.as_int().is_some_and(|number| number != 0));
    list.extend(match (own.filled("port"), number) {
        (Some(port), _) => Some(keep_port("name", port)),
        (None, Some(number)) => Some(keep_port("number", number)),
        (None, None) => endpoint.target_port(),
    });
    list.push(rules::copy("__meta_kubernetes_namespace", "namespace"));
    list.push(rules::copy("__meta_kubernetes_pod_container_name", "container"));
    list.push(rules::copy("__meta_kubernetes_pod_name", "pod"));
    list.extend(endpoint.pod_labels());
    let name = format!("{}/{}", object.id.namespace, object.id.name);
    list.push(rules::set("job", common::job_name(object, name)));
    list.extend(endpoint.job_label("pod"));
    list.extend(endpoint.endpoint_label());
    list
}

/// The rule that keeps a container port, by its `name` or `number`.
fn keep_port(by: &str, port: &Value) -> Out {
    rules::keep([format!("__meta_kubernetes_pod_container_port_{by}")], Out::copied(port)).because(port.at)
}
