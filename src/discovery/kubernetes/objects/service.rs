//! Services.

use super::super::values::{PortReference, StringMap, Text, record};
use super::ObjectMeta;

record! {
    /// A service.
    Service {
        "metadata" => meta: ObjectMeta,
        "spec" => spec: ServiceSpec,
        "status" => status: ServiceStatus,
    }
}

record! {
    /// `spec` of a service.
    ServiceSpec {
        "type" => kind: Text,
        "clusterIP" => cluster_ip: Text,
        "externalName" => external_name: Text,
        "loadBalancerIP" => load_balancer_ip: Text,
        "ipFamilies" => ip_families: Vec<Text>,
        "ipFamilyPolicy" => ip_family_policy: Text,
        "publishNotReadyAddresses" => publishes_not_ready: bool,
        "selector" => selector: StringMap,
        "ports" => ports: Vec<ServicePort>,
    }
}

record! {
    /// A port of a service.
    ServicePort {
        "name" => name: Text,
        "port" => number: i32,
        "protocol" => protocol: Text,
        "targetPort" => target: Option<PortReference>,
        "appProtocol" => app_protocol: Option<Text>,
    }
}

record! {
    /// `status` of a service.
    ServiceStatus {
        "loadBalancer" => load_balancer: LoadBalancerStatus,
    }
}

record! {
    /// `status.loadBalancer` of a service.
    LoadBalancerStatus {
        "ingress" => ingress: Vec<LoadBalancerIngress>,
    }
}

record! {
    /// A point where traffic of a load balancer enters.
    LoadBalancerIngress {
        "ip" => ip: Text,
    }
}
