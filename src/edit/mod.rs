//! Changes of a config's text that touch only the bytes they must, and are proved before they are made.
//!
//! [`Document`] has a method for each edit; a [`ConfigChange`] is what it returns. [`fix_config`] applies the
//! fixes of lint findings, proved in the same way.

// The contract between the driver and the commands, and the order of the files, are in `driver/mod.rs`.
mod change;
mod claim;
mod commands;
mod copied;
mod copies;
mod document;
mod driver;
mod endpoints;
mod expand;
mod given;
mod layout;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod local_tests;
mod new_files;
mod object_proof;
mod objects;
mod open;
mod ops;
mod overlay;
mod presets;
mod request;
mod retyped;
mod sequence;
mod steps;
mod surroundings;
mod target_files;
mod target_groups;
#[cfg(test)]
mod tests;

pub use change::{ConfigChange, FieldChange, FileChange};
pub use claim::{Claim, Grade, JobChange, LabelChangeKind, SeriesCount};
pub use commands::{
    AddJob, AddLabel, AddTarget, CopyJob, CopyLabel, FilterLabels, FilterMetrics, FilterTargets, FixOutcome,
    LabelFilter, LimitJob, MapLabels, MetricFilter, MoveTarget, MoveTargetToFile, RemoveJob, RemoveLabel, RemoveTarget,
    RenameJob, RenameLabel, SetFields, ShardTargets, TargetFilter, expand_addresses, fix_config,
};
pub use copied::{CopiedValue, LetterCase};
pub use document::Document;
pub use endpoints::{AddEndpoint, add_endpoint};
pub use given::{Allowances, SampleLabels, ThroughAnchor};
pub use presets::{JobOptions, Preset, PresetOption, UnknownPresetError};
pub use request::{EditError, LabelStage, Method, Selection};
pub use steps::{EditStep, EditStepError, edit_in_steps};
pub use surroundings::OtherManifests;
