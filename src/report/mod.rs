//! Results as text and as JSON: pure functions to a writer, without a terminal or a file.

mod diff;
mod escape;
mod finding;
mod json;
mod lint;
mod look;
mod secrets;
mod series;
mod table;
mod trace;

pub use diff::unified_diff;
pub use escape::{escape_text, shorten};
pub use finding::{SourceExcerpt, concise_line, excerpt, finding_json, printable};
pub use json::{job_json, target_json};
pub use lint::{Finding, LintReport, write_concise, write_github, write_gitlab, write_json, write_junit, write_sarif};
pub use look::Look;
pub use secrets::Secrets;
pub use series::{series_json, write_series};
pub use table::{JobView, Totals, write_job, write_totals};
