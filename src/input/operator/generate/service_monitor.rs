//! A ServiceMonitor: one job for each endpoint.
//!
//! Source: `generateServiceMonitorConfig`.

use super::super::document::Out;
use super::super::objects::Object;
use super::Server;
use super::common::class::Class;
use super::common::{self, auth, items, proxy, rules, selector, tls};
use super::discovery::{Role, selects_by_rules};
use super::monitor::{Endpoint, copied_label};

/// The jobs of a monitor.
pub(super) fn jobs(server: &Server<'_>, object: &Object, jobs: &mut Vec<Out>) {
    let Some(spec) = common::spec(object) else { return };
    let class = Class::of(server, object);
    let role = Role::of_services(server, spec.get("serviceDiscoveryRole"));
    for (index, own) in items(spec, "endpoints").iter().enumerate() {
        let endpoint = Endpoint { server, object, spec, own, class, role };
        let name = format!("serviceMonitor/{}/{}/{index}", object.id.namespace, object.id.name);
        let comment = format!("{}, spec.endpoints[{index}]", object.id);
        jobs.push(job(&endpoint, name).because(own.at).with_comment(comment));
    }
}

fn job(endpoint: &Endpoint<'_>, name: String) -> Out {
    let Endpoint { server, object, own, class, .. } = *endpoint;
    let namespace = &object.id.namespace;
    let mut job = endpoint.start(name);
    job.put_some("follow_redirects", common::follow_redirects(server, own));
    job.put_some("enable_http2", common::enable_http2(server, own, "enableHttp2"));
    proxy::put(server, &mut job, own);
    job.put_some("oauth2", own.get("oauth2").and_then(|own| auth::oauth2(server, namespace, own)));
    job.put_some("tls_config", tls::merged(server, namespace, own.get("tlsConfig"), class, false));
    common::put_filled(&mut job, own, &[("bearerTokenFile", "bearer_token_file")]);
    job.put_some("bearer_token", auth::bearer_token(own));
    job.put_some("basic_auth", own.get("basicAuth").map(auth::basic_auth));
    job.put_some("authorization", auth::merged_authorization(server, own.get("authorization"), class));
    endpoint.end(&mut job, relabelings(endpoint));
    job
}

/// The rules before those of the class and of the user.
fn relabelings(endpoint: &Endpoint<'_>) -> Vec<Out> {
    let Endpoint { spec, own, role, .. } = *endpoint;
    let part = if role == Role::EndpointSlice { "endpointslice" } else { "endpoint" };
    let mut list = vec![rules::first()];
    if let Some(own) = spec.get("selector").filter(|_| selects_by_rules(spec)) {
        list.extend(selector::relabelings(own, "service"));
    }
    list.extend(match own.filled("port") {
        Some(port) => {
            let label = format!("__meta_kubernetes_{part}_port_name");
            Some(rules::keep([label], Out::copied(port)).because(port.at))
        }
        None => endpoint.target_port(),
    });
    list.extend([("Node", "node"), ("Pod", "pod")].map(|(kind, label)| target_of_kind(part, kind, label)));
    list.push(rules::copy("__meta_kubernetes_namespace", "namespace"));
    list.push(rules::copy("__meta_kubernetes_service_name", "service"));
    list.push(rules::copy("__meta_kubernetes_pod_name", "pod"));
    list.push(rules::copy("__meta_kubernetes_pod_container_name", "container"));
    list.extend(endpoint.running());
    list.extend(items(spec, "targetLabels").iter().map(|label| copied_label("service", label)));
    list.extend(endpoint.pod_labels());
    list.push(rules::copy("__meta_kubernetes_service_name", "job").with("replacement", Out::text("${1}")));
    list.extend(endpoint.job_label("service"));
    list.extend(endpoint.endpoint_label());
    list
}

/// The rule that names the node or pod that an address belongs to.
fn target_of_kind(part: &str, kind: &str, label: &str) -> Out {
    let sources = ["kind", "name"].map(|what| format!("__meta_kubernetes_{part}_address_target_{what}"));
    Out::map()
        .with("source_labels", Out::texts(sources))
        .with("separator", Out::text(";"))
        .with("regex", Out::text(format!("{kind};(.*)")))
        .with("replacement", Out::text("${1}"))
        .with("target_label", Out::text(label))
        .by(crate::config::RuleAuthor::Fixed)
}
