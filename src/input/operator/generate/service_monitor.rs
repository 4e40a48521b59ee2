//! A ServiceMonitor: one job for each endpoint.
//!
//! Source: `generateServiceMonitorConfig`.

use crate::config::RuleAuthor;

use super::super::document::Out;
use super::super::objects::Object;
use super::super::value::{Data, Value};
use super::{Server, discovery, rules};

pub(super) fn jobs(server: &Server<'_>, object: &Object, jobs: &mut Vec<Out>) {
    let Some(spec) = object.value.get("spec") else { return };
    for (index, endpoint) in spec.get("endpoints").map_or(&[][..], Value::items).iter().enumerate() {
        let name = format!("serviceMonitor/{}/{}/{index}", object.id.namespace, object.id.name);
        let comment = format!("{}, spec.endpoints[{index}]", object.id);
        let mut job = Out::map()
            .with("job_name", Out::text(name))
            .with("honor_labels", endpoint.get("honorLabels").map_or_else(|| Out::bool(false), Out::copied))
            .with("kubernetes_sd_configs", discovery::of_monitor(server, object, "endpoints"));
        for (own, key) in
            [("interval", "scrape_interval"), ("scrapeTimeout", "scrape_timeout"), ("path", "metrics_path")]
        {
            job.put_some(key, endpoint.filled(own).map(Out::copied));
        }
        job.put("relabel_configs", Out::list(relabelings(server, spec, endpoint)));
        jobs.push(job.because(endpoint.at).with_comment(comment));
    }
}

fn relabelings(server: &Server<'_>, spec: &Value, endpoint: &Value) -> Vec<Out> {
    let mut list = vec![rules::copy("job", "__tmp_prometheus_job_name")];
    for label in spec.at_path(&["selector", "matchLabels"]).map_or(&[][..], Value::entries) {
        let key = rules::sanitized(&label.key);
        let sources =
            [format!("__meta_kubernetes_service_label_{key}"), format!("__meta_kubernetes_service_labelpresent_{key}")];
        let value = label.value.as_str().unwrap_or("");
        list.push(rules::keep(&[&sources[0], &sources[1]], format!("({value});true")).because(label.value.at));
    }
    let port = endpoint.filled("port");
    let target_port = endpoint.get("targetPort");
    let shown_port = match (port, target_port.map(|port| (&port.data, port))) {
        (Some(port), _) => {
            let text = port.as_str().unwrap_or("");
            list.push(rules::keep(&["__meta_kubernetes_endpoint_port_name"], text).because(port.at));
            Some(text.to_string())
        }
        (None, Some((Data::Text(text), port))) => {
            list.push(rules::keep(&["__meta_kubernetes_pod_container_port_name"], text).because(port.at));
            Some(text.clone())
        }
        (None, Some((Data::Int(number), port))) if *number != 0 => {
            let number = number.to_string();
            list.push(rules::keep(&["__meta_kubernetes_pod_container_port_number"], number.clone()).because(port.at));
            Some(number)
        }
        _ => None,
    };
    list.push(rules::copy("__meta_kubernetes_namespace", "namespace"));
    list.push(rules::copy("__meta_kubernetes_service_name", "service"));
    list.push(rules::copy("__meta_kubernetes_pod_name", "pod"));
    list.push(rules::copy("__meta_kubernetes_pod_container_name", "container"));
    list.push(rules::filter("drop", &["__meta_kubernetes_pod_phase"], "(Failed|Succeeded)"));
    list.push(rules::copy("__meta_kubernetes_service_name", "job").with("replacement", Out::text("${1}")));
    if let Some(port) = shown_port {
        let rule = Out::map().with("target_label", Out::text("endpoint")).with("replacement", Out::text(port));
        list.push(rule.by(RuleAuthor::Fixed));
    }
    let own = endpoint.get("relabelings").map_or(&[][..], Value::items);
    list.extend(own.iter().map(|rule| rules::written(rule, RuleAuthor::User)));
    list.extend(rules::sharding(server, "__address__"));
    list
}
