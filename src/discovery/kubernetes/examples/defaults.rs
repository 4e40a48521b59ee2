//! The values that a server adds to objects that it has not seen.

use super::super::objects::{
    Container, ContainerStatus, KubernetesObjects, ObjectMeta, Pod, PodCondition, PodIp, PodSpec, Service,
};
use super::super::placeholder::{PlaceholderKind, Placeholders};
use super::super::values::{PortReference, Text};

/// Adds the defaults to all objects.
pub(super) fn apply(objects: &mut KubernetesObjects, namespace: &str, placeholders: &mut Placeholders) {
    for meta in namespaced(objects) {
        if meta.namespace.is_empty() {
            meta.namespace = namespace.into();
        }
    }
    for service in objects.services.iter_mut().filter(|service| service.meta.uid.is_empty()) {
        fill_service(service, placeholders);
    }
    for pod in objects.pods.iter_mut().filter(|pod| is_new(pod)) {
        if pod.meta.name.is_empty() && !pod.meta.generate_name.is_empty() {
            let random = placeholders.text(PlaceholderKind::Random);
            pod.meta.name = format!("{}{random}", &*pod.meta.generate_name).into();
        }
        fill_pod(pod, placeholders);
    }
    // A status that a person wrote, of a pod that no server has seen.
    for pod in objects.pods.iter_mut().filter(|pod| pod.meta.uid.is_empty()) {
        fill_spec(&mut pod.spec);
        if pod.status.pod_ips.is_empty() && !pod.status.pod_ip.is_empty() {
            pod.status.pod_ips = vec![PodIp { ip: pod.status.pod_ip.clone() }];
        }
    }
    for slice in objects.slices.iter_mut().filter(|slice| slice.meta.uid.is_empty()) {
        for port in &mut slice.ports {
            port.name.get_or_insert_with(Text::default);
            port.protocol.get_or_insert_with(|| "TCP".into());
        }
    }
    for endpoints in objects.endpoints.iter_mut().filter(|endpoints| endpoints.meta.uid.is_empty()) {
        for port in endpoints.subsets.iter_mut().flat_map(|subset| &mut subset.ports) {
            set_default(&mut port.protocol, "TCP");
        }
    }
}

/// Whether no server has seen a pod.
fn is_new(pod: &Pod) -> bool {
    pod.meta.uid.is_empty() && pod.status == Default::default()
}

fn namespaced(objects: &mut KubernetesObjects) -> impl Iterator<Item = &mut ObjectMeta> {
    let pods = objects.pods.iter_mut().map(|object| &mut object.meta);
    let services = objects.services.iter_mut().map(|object| &mut object.meta);
    let endpoints = objects.endpoints.iter_mut().map(|object| &mut object.meta);
    let slices = objects.slices.iter_mut().map(|object| &mut object.meta);
    let ingresses = objects.ingresses.iter_mut().map(|object| &mut object.meta);
    let jobs = objects.jobs.iter_mut().map(|object| &mut object.meta);
    let cron_jobs = objects.cron_jobs.iter_mut().map(|object| &mut object.meta);
    let workloads = objects.workloads.values_mut().flatten().map(|object| &mut object.meta);
    pods.chain(services).chain(endpoints).chain(slices).chain(ingresses).chain(jobs).chain(cron_jobs).chain(workloads)
}

fn set_default(text: &mut Text, default: &str) {
    if text.is_empty() {
        *text = default.into();
    }
}

/// A service of one address family, with an address unless it is headless.
fn fill_service(service: &mut Service, placeholders: &mut Placeholders) {
    let spec = &mut service.spec;
    set_default(&mut spec.kind, "ClusterIP");
    for port in &mut spec.ports {
        set_default(&mut port.protocol, "TCP");
        let number = port.number;
        port.target.get_or_insert(PortReference::Number(number));
    }
    if &*spec.kind == "ExternalName" {
        return;
    }
    if spec.cluster_ip.is_empty() {
        spec.cluster_ip = placeholders.text(PlaceholderKind::ClusterIp).into();
    }
    if spec.ip_families.is_empty() {
        spec.ip_families = vec!["IPv4".into()];
    }
}

/// A pod that runs and is ready.
pub(super) fn fill_pod(pod: &mut Pod, placeholders: &mut Placeholders) {
    let Pod { meta, spec, status } = pod;
    fill_spec(spec);
    set_default(&mut meta.uid, placeholders.text(PlaceholderKind::Uid));
    set_default(&mut spec.node_name, placeholders.text(PlaceholderKind::Node));
    let address: Text = String::from(&*placeholders.pod_ip()).into();
    status.host_ip = match spec.host_network {
        true => address.clone(),
        false => placeholders.text(PlaceholderKind::HostIp).into(),
    };
    status.pod_ips = vec![PodIp { ip: address.clone() }];
    status.pod_ip = address;
    status.phase = "Running".into();
    status.conditions = vec![PodCondition { kind: "Ready".into(), status: "True".into() }];
    let id: Text = placeholders.text(PlaceholderKind::ContainerId).into();
    let statuses = |containers: &[Container]| {
        let status = |own: &Container| ContainerStatus { name: own.name.clone(), container_id: id.clone() };
        containers.iter().map(status).collect::<Vec<_>>()
    };
    status.container_statuses = statuses(&spec.containers);
    status.init_container_statuses = statuses(&spec.init_containers);
}

fn fill_spec(spec: &mut PodSpec) {
    set_default(&mut spec.restart_policy, "Always");
    set_default(&mut spec.scheduler_name, "default-scheduler");
    set_default(&mut spec.service_account_name, "default");
    for container in spec.containers.iter_mut().chain(&mut spec.init_containers) {
        for port in &mut container.ports {
            set_default(&mut port.protocol, "TCP");
        }
    }
}
