//! The objects of prometheus-operator, lowered to the configs that the operator generates of them.
//!
//! 1. **read** ([`OperatorObjects`]): the documents of manifests → `Value`s, of which each part knows its place;
//! 2. **admit** (`schema/`): what the API server makes of an object: unknown keys are dropped, defaults are filled in, and
//!    it is refused if it does not fit its schema;
//! 3. **select** (`select`): which objects a Prometheus picks;
//! 4. **check** (`check/`): what the operator itself refuses, one object at a time;
//! 5. **generate** (`generate/`): the config, as `Out` values that know what they were made of;
//! 6. **write** (`document`): the text of the config, with the origin of each part, so that it is read, judged and
//!    simulated like any other config, and each message is about a place in an object.
//!
//! Source: github.com/prometheus-operator/prometheus-operator v0.93.0, `pkg/prometheus` and `pkg/operator`.

mod assumption;
mod check;
mod document;
mod foreign;
mod generate;
mod kind;
mod label_selector;
mod objects;
mod overlays;
mod paths;
mod render;
mod schema;
mod select;
mod sets;
mod value;
mod version;

pub use assumption::Assumption;
pub use kind::Kind;
pub use objects::{ObjectId, OperatorObjects};
pub use render::{Pruned, Rejected, RenderOptions, Rendering, Stage, render};
pub use schema::{Advice, KeyFault};
pub use select::{LabelDifference, NotSelected, Reason};
pub use version::NamedRelease;

pub use document::GeneratedConfig;
pub(crate) use foreign::{ForeignRules, foreign_rules};
pub(crate) use objects::{
    Object, api_version, is_object, kind_of_cluster, may_have_surroundings, member, object_in_words, place_of_object,
};
pub(crate) use paths::{Paths, Place};
pub(crate) use schema::{FieldOwner, ObjectPath, no_targets, plain};
pub(crate) use sets::{ObjectSet, common_folders};
pub(crate) use value::{Data, Entry, Value};
