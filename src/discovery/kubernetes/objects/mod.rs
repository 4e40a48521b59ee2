//! Kubernetes objects, as far as discovery reads them: nothing else of them is held.

mod endpoints;
mod ingress;
mod kind;
mod meta;
mod node;
mod object;
mod pod;
mod service;
mod set;
mod workload;

pub(super) use endpoints::{
    AddressReference, EndpointAddress, EndpointConditions, EndpointPort, EndpointSlice, EndpointSubset, Endpoints,
    SliceEndpoint, SlicePort,
};
pub(super) use ingress::Ingress;
pub use kind::KubernetesKind;
pub(super) use meta::{ObjectMeta, OwnerReference};
pub(super) use node::Node;
pub(super) use object::KubernetesObject;
pub(super) use pod::{Container, ContainerPort, ContainerStatus, Pod, PodCondition, PodIp, PodSpec};
pub(super) use service::{Service, ServicePort};
pub use set::KubernetesObjects;
pub(super) use workload::{CronJob, Job, Namespace, PodTemplate, Workload};
