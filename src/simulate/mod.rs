//! Jobs and their targets in, what each target becomes out.

mod types;

pub use types::{DroppedBy, JobResult, Simulation, Status, TargetResult};
