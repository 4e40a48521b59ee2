//! From a target group to a scrape target: the labels it is discovered with, the checks after
//! relabeling, its URL; and the same for the targets that alerts are sent to. Relabeling itself is `relabel`'s; which targets there are is `simulate`'s.
//!
//! Source: `scrape/target.go` of Prometheus 3.14.

mod alertmanager;
mod checks;
mod debug;
mod default_port;
mod discovered;
mod durations;
mod fault;
mod request;
mod sample;
mod url;
mod view;

pub(crate) use alertmanager::alertmanager_defaults;
pub use alertmanager::{check_alertmanager, discovered_alertmanager_labels};
pub(crate) use checks::check_in_place;
pub use checks::{Target, check_target};
pub use debug::debug_metric;
pub(crate) use default_port::lacks_port;
pub(crate) use discovered::{Defaults, GroupLabels, default_labels, default_value, in_order_added, is_added_by_jobs};
pub use discovered::{DiscoveredTarget, discovered_labels};
pub use fault::TargetError;
pub use request::{ScrapeError, scrape_error};
pub(crate) use request::{error_at_url, error_in_place};
pub use sample::{SampleError, SampleOutcome, SampleRelabeler, check_sample, report_labels};
pub use url::scrape_url;
