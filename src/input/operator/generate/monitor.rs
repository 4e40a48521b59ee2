//! What the jobs of ServiceMonitors and PodMonitors have in common.

use super::super::document::Out;
use super::super::objects::Object;
use super::super::value::{Data, Value};
use super::Server;
use super::common::class::Class;
use super::common::{self, histograms, limits, protocols, rules};
use super::discovery::{self, Role};

/// A monitor, one of its endpoints, and what they are generated for.
#[derive(Clone, Copy)]
pub(super) struct Endpoint<'a> {
    pub(super) server: &'a Server<'a>,
    pub(super) object: &'a Object,
    pub(super) spec: &'a Value,
    pub(super) own: &'a Value,
    pub(super) class: Class<'a>,
    pub(super) role: Role,
}

impl Endpoint<'_> {
    /// The keys of the job up to `scheme`.
    pub(super) fn start(&self, name: String) -> Out {
        let Self { server, object, spec, own, class, role } = *self;
        let mut job = Out::map()
            .with("job_name", common::job_name(object, name))
            .with("honor_labels", common::honor_labels(server, own.get("honorLabels")));
        job.put_some("honor_timestamps", common::honor_timestamps(server, own.get("honorTimestamps")));
        job.put_some("track_timestamps_staleness", common::track_timestamps_staleness(server, own));
        job.put("kubernetes_sd_configs", discovery::of_monitor(server, object, spec, role, class));
        let texts = [("interval", "scrape_interval"), ("scrapeTimeout", "scrape_timeout"), ("path", "metrics_path")];
        common::put_filled(&mut job, own, &texts);
        job.put_some("params", own.get("params").map(sorted));
        job.put_some("scheme", common::scheme(own));
        job
    }

    /// The keys of the job from its relabel rules on.
    pub(super) fn end(&self, job: &mut Out, mut list: Vec<Out>) {
        let Self { server, object, spec, own, class, .. } = *self;
        list.extend(rules::of_class(class, "relabelings"));
        list.extend(rules::of_user(own, "relabelings"));
        list.extend(rules::enforced(server, object));
        if !server.is_daemon_set() {
            list.extend(rules::sharding(server, "__address__"));
        }
        job.put("relabel_configs", Out::list(list));
        limits::put(server, job, spec);
        histograms::put(server, job, spec);
        job.put_some("scrape_protocols", protocols::scrape_protocols(server, spec));
        job.put_some("fallback_scrape_protocol", protocols::fallback(server, spec, class));
        job.put_some("body_size_limit", limits::body_size(server, spec.get("bodySizeLimit")));
        job.put_some("metric_relabel_configs", rules::metric(server, object, class, own, "metricRelabelings"));
    }

    /// The rules that copy labels of pods: those that the monitor names, then those that the server names.
    pub(super) fn pod_labels(&self) -> impl Iterator<Item = Out> {
        let of_server = self.server.get("podTargetLabels").map_or(&[][..], Value::items);
        common::items(self.spec, "podTargetLabels").iter().chain(of_server).map(|label| copied_label("pod", label))
    }

    /// The rule that takes `job` from a label of the objects of that kind, if the monitor names one.
    pub(super) fn job_label(&self, kind: &str) -> Option<Out> {
        let label = self.spec.filled("jobLabel")?;
        let source = meta_label(kind, label.as_str().unwrap_or(""));
        Some(rules::copy_filled(source, Out::text("job")).because(label.at))
    }

    /// The rule that sets `endpoint` to the port.
    pub(super) fn endpoint_label(&self) -> Option<Out> {
        let (text, at) = match (self.own.filled("port"), self.own.get("targetPort")) {
            (Some(port), _) => (Out::copied(port), port.at),
            (None, Some(port)) => match &port.data {
                Data::Text(text) if !text.is_empty() => (Out::copied(port), port.at),
                Data::Int(number) => (Out::text(number.to_string()).written(port.at), port.at),
                _ => return None,
            },
            (None, None) => return None,
        };
        Some(rules::set("endpoint", text).because(at))
    }

    /// The rule that keeps the container ports of the deprecated `targetPort`.
    pub(super) fn target_port(&self) -> Option<Out> {
        let port = self.own.get("targetPort")?;
        let label = match &port.data {
            Data::Text(text) if !text.is_empty() => "__meta_kubernetes_pod_container_port_name",
            Data::Int(number) if *number != 0 => "__meta_kubernetes_pod_container_port_number",
            _ => return None,
        };
        Some(rules::keep([label], Out::copied(port)).because(port.at))
    }

    /// The rule that drops pods that do not run any more, unless the endpoint wants them.
    pub(super) fn running(&self) -> Option<Out> {
        let wants_all = self.own.get("filterRunning").and_then(Value::as_bool) == Some(false);
        (!wants_all).then(|| rules::drop(["__meta_kubernetes_pod_phase"], Out::text("(Failed|Succeeded)")))
    }
}

/// The rule that copies a label of an object of that kind.
pub(super) fn copied_label(kind: &str, label: &Value) -> Out {
    let name = label.as_str().unwrap_or("");
    let target = rules::sanitized(name);
    let target = if target == name { Out::copied(label) } else { Out::text(target).because(label.at) };
    rules::copy_filled(meta_label(kind, name), target).because(label.at)
}

fn meta_label(kind: &str, name: &str) -> String {
    format!("__meta_kubernetes_{kind}_label_{}", rules::sanitized(name))
}

/// A mapping with its keys in order.
pub(super) fn sorted(own: &Value) -> Out {
    let mut entries: Vec<_> = own.entries().iter().collect();
    entries.sort_by(|one, other| one.key.cmp(&other.key));
    let mut out = Out::map();
    entries.into_iter().for_each(|entry| out.put(&entry.key, Out::copied(&entry.value)));
    out.written(own.at)
}
