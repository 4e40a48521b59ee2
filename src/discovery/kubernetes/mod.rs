//! Kubernetes objects → target groups, as discovery would find them.
//!
//! Source: `discovery/kubernetes/` of Prometheus 3.14.0.

mod options;

pub use options::{AttachMetadata, KubernetesOptions, KubernetesRole, KubernetesSelector};
