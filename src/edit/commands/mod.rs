//! The edits, one file each: the request, its operations, and its intended effect.

mod add_label;
mod copy_label;
mod filter_labels;
mod filter_metrics;
mod fix;
mod ineffective;
mod limit_job;
mod map_labels;
mod metric_patterns;
mod names;
mod remove_job;
mod remove_label;
mod rename_label;
mod set_fields;

pub use add_label::AddLabel;
pub use copy_label::CopyLabel;
pub use filter_labels::{FilterLabels, LabelFilter};
pub use filter_metrics::{FilterMetrics, MetricFilter};
pub use fix::{FixOutcome, fix_config};
pub use limit_job::LimitJob;
pub use map_labels::MapLabels;
pub use remove_job::RemoveJob;
pub use remove_label::RemoveLabel;
pub use rename_label::RenameLabel;
pub use set_fields::SetFields;
