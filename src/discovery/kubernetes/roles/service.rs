//! Role `service`: each port of each service, by its name in the cluster.
//!
//! Source: `service.go` of Prometheus 3.14.0.

use std::sync::Arc;

use super::super::loss::KubernetesLoss;
use super::super::maker::{Maker, MetaOf, join_host_port};
use super::super::names::Label;
use super::super::objects::Service;
use super::Made;
use crate::release::Release;

pub(in crate::discovery::kubernetes) fn service_group<'o>(maker: &mut Maker<'o>, service: &'o Service) -> Made {
    let mut group = maker.group("svc", &service.meta);
    group.labels.push(maker.fixed.pair(Label::Namespace, service.meta.namespace.shared()));
    maker.add_meta(MetaOf::Service, &service.meta, &mut group.labels);
    maker.add_namespace(&service.meta, &mut group.labels);
    let host = format!("{}.{}.svc", &*service.meta.name, &*service.meta.namespace);
    let load_balancer = (&*service.spec.kind == "LoadBalancer").then(|| load_balancer_ip(service, maker.release));
    let mut is_cut = false;
    for port in &service.spec.ports {
        let number: Arc<str> = port.number.to_string().into();
        let fixed = &maker.fixed;
        let mut target = vec![
            fixed.pair(Label::Address, join_host_port(&host, &number)),
            fixed.pair(Label::ServicePortName, port.name.shared()),
            fixed.pair(Label::ServicePortNumber, number),
            fixed.pair(Label::ServicePortProtocol, port.protocol.shared()),
            fixed.pair(Label::ServiceType, service.spec.kind.shared()),
        ];
        target.push(if &*service.spec.kind == "ExternalName" {
            fixed.pair(Label::ServiceExternalName, service.spec.external_name.shared())
        } else {
            fixed.pair(Label::ServiceClusterIp, service.spec.cluster_ip.shared())
        });
        if let Some(ip) = &load_balancer {
            target.push(fixed.pair(Label::ServiceLoadBalancerIp, Arc::clone(ip)));
        }
        is_cut |= !maker.push(&mut group, target);
    }
    Made { is_cut, ..Made::of(group, KubernetesLoss::NoPorts) }
}

fn load_balancer_ip(service: &Service, release: Release) -> Arc<str> {
    if release.reads_status_of_load_balancers() {
        let ips = service.status.load_balancer.ingress.iter().map(|ingress| &*ingress.ip).filter(|ip| !ip.is_empty());
        let joined = ips.collect::<Vec<_>>().join(",");
        if !joined.is_empty() {
            return joined.into();
        }
    }
    service.spec.load_balancer_ip.shared()
}
