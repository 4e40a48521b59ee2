//! Jobs and their targets in, what each target becomes out.
//!
//! Executes, and judges nothing but what Prometheus itself refuses. One job at work is a
//! [`JobSimulator`]; [`simulate`] runs a whole config.

mod job;
mod pool;
mod run;
mod samples;
mod selection;
mod series;
mod sources;
mod synthetic;
mod types;

pub use job::JobSimulator;
pub use run::{SimulateOptions, simulate};
pub use samples::{ApiTarget, SampleFormat, TargetInputFault, read_api_targets, read_target_line, sample_format};
pub use selection::{UnknownJob, select_jobs};
pub use series::{Series, SeriesFault, SeriesResult, SeriesSimulator, read_exposition, read_series};
pub use sources::{PlacedTarget, targets_of_group, targets_of_job};
pub use synthetic::example_targets;
pub use types::{DroppedBy, JobResult, Simulation, Status, TargetResult};
