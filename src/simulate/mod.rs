//! Jobs (and Alertmanagers) with their targets in, what each target becomes out.
//!
//! Executes, and judges nothing but what Prometheus itself refuses. One job at work is a
//! [`JobSimulator`]; [`simulate`] runs a whole config.

mod anonymize;
mod debug;
mod example;
mod filter;
mod funnel;
mod group_filter;
mod job;
mod lost;
mod named;
mod numbers;
mod objects;
mod outcome;
mod owner;
mod pool;
mod run;
mod samples;
mod selection;
mod series;
mod sources;
mod target_files;
mod types;
mod undecided;

pub use anonymize::Anonymizer;
pub use debug::{debug_config, debug_target, debug_targets};
pub(crate) use example::example_targets_with;
pub use example::{example_targets, simulate_examples};
pub use filter::{ConditionError, TargetFilter, UnknownLabelError};
pub use funnel::{FoundObjects, Funnel, FunnelStep};
pub use group_filter::GroupFilter;
pub use job::JobSimulator;
pub use lost::{
    ClusterNoun, ClusterObjects, Difference, Found, Lost, LostReason, LostTargets, ObjectName, PortFault, Unselected,
    lost_objects, object_of_job,
};
pub(crate) use lost::{DotMatch, SelectedService, namespaces_of_monitor};
pub(crate) use named::names_of;
pub use named::{NamedTargets, named_by, strongest, targets_named};
pub use objects::{DiscoverySettings, JobObjects, LostObject, ObjectNote, ObjectsError, SavedObjects};
pub(crate) use outcome::TargetOutcome;
pub use owner::Owner;
pub use run::{SimulateOptions, simulate};
pub use samples::{
    ApiTarget, AssumedDefault, JobTargets, SampleFormat, SavedTargets, TargetInputError, read_api_targets,
    read_checked_targets, read_named_target_line, read_target_line, running_job, sample_format,
};
pub use selection::{JobPatterns, UnknownJobError, select_jobs, select_names};
pub use series::{
    ScrapeCheck, Series, SeriesError, SeriesReader, SeriesResult, SeriesSimulator, read_exposition, read_series,
};
pub(crate) use sources::target_of_group;
pub use sources::{
    KnownGroup, KnownTargets, OwnTargets, PlacedTarget, known_targets, own_targets, targets_of_group, targets_of_job,
};
pub use target_files::TargetFiles;
pub use types::{DroppedBy, JobResult, NamedBy, Origin, Simulation, Status, TargetResult};
