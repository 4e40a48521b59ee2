//! Kubernetes objects → target groups, as discovery would find them.
//!
//! `read` makes objects of texts (`values` reads their values, `objects` says what is held of them). `discover` filters
//! them as the API server does (`store`, with the selectors and the `fields` that they may name) and makes a group of each
//! object of the role (`roles`, which use `maker` and `names`). `examples` adds what a cluster would make of manifests,
//! with `slices` for services; unknown values are texts of `placeholder`.
//!
//! Source: `discovery/kubernetes/` of Prometheus 3.14.0; each file names its own.

mod debug;
mod discover;
mod examples;
mod field_selector;
mod fields;
mod label_selector;
mod loss;
mod maker;
mod names;
mod objects;
mod options;
mod placeholder;
mod read;
mod roles;
mod service_pods;
mod slices;
mod store;
mod values;

pub use debug::debug_slices;
pub use discover::{KubernetesContext, KubernetesDiscovery, KubernetesError};
pub use examples::KubernetesExamples;
pub use field_selector::{FieldSelector, FieldSelectorFault};
pub use label_selector::{LabelRequirement, LabelSelector};
pub use loss::KubernetesLoss;
pub use objects::{KubernetesKind, KubernetesObjects};
pub use options::{AttachMetadata, KubernetesOptions, KubernetesRole, KubernetesSelector};
pub use placeholder::{Placeholder, PlaceholderKind};
pub use read::ObjectError;
