//! Why a job that the operator generates has no target, although the objects of the cluster are known.
//!
//! `cluster` holds what is asked of Services, pods and Ingresses, each with its place; `selector` compares labels with
//! selectors; `services`, `pods` and `explain` follow the way from an object to its targets and give the first step that
//! loses all (`types`, in words in `words`).

mod cluster;
mod dots;
mod explain;
mod pods;
mod ports;
mod selector;
mod services;
mod services_of;
mod types;
mod unscraped;
mod unselected;
mod words;

pub use cluster::ClusterObjects;
pub(crate) use dots::DotMatch;
pub use explain::{LostTargets, object_of_job};
pub(crate) use services_of::SelectedService;
pub use types::{ClusterNoun, Difference, Found, Lost, LostReason, ObjectName, PortFault, Unselected};
pub(crate) use unscraped::namespaces as namespaces_of_monitor;
pub use unselected::lost_objects;
