//! An object of any kind, while it is read.

use serde::de::MapAccess;

use super::super::values::MapFields;
use super::{
    CronJob, EndpointSlice, Endpoints, Ingress, Job, KubernetesKind, Namespace, Node, ObjectMeta, Pod, Service,
    Workload,
};

macro_rules! objects {
    ($($kind:ident($type:ty),)*) => {
        /// An object.
        #[derive(Clone, Debug, PartialEq)]
        pub(in crate::discovery::kubernetes) enum KubernetesObject {
            $($kind(Box<$type>),)*
        }

        impl KubernetesObject {
            /// An object of a kind without any field.
            pub(in crate::discovery::kubernetes) fn new(kind: KubernetesKind) -> Self {
                match kind {
                    $(KubernetesKind::$kind => Self::$kind(Box::default()),)*
                }
            }

            pub(in crate::discovery::kubernetes) fn kind(&self) -> KubernetesKind {
                match self {
                    $(Self::$kind(_) => KubernetesKind::$kind,)*
                }
            }

            pub(in crate::discovery::kubernetes) fn meta_mut(&mut self) -> &mut ObjectMeta {
                match self {
                    $(Self::$kind(object) => &mut object.meta,)*
                }
            }

            /// Reads the value of the next entry into a field, or skips it.
            pub(in crate::discovery::kubernetes) fn read_field<'de, A: MapAccess<'de>>(
                &mut self,
                key: &str,
                map: &mut A,
            ) -> Result<(), A::Error> {
                match self {
                    $(Self::$kind(object) => object.read_field(key, map),)*
                }
            }
        }
    };
}

objects! {
    Pod(Pod),
    Service(Service),
    Endpoints(Endpoints),
    EndpointSlice(EndpointSlice),
    Node(Node),
    Namespace(Namespace),
    Ingress(Ingress),
    ReplicaSet(Workload),
    Job(Job),
    Deployment(Workload),
    StatefulSet(Workload),
    DaemonSet(Workload),
    CronJob(CronJob),
    ReplicationController(Workload),
}
