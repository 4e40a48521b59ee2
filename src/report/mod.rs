//! Results as text and as JSON: pure functions to a writer, without a terminal or a file.

mod diff;
mod display;
mod edit;
mod finding;
mod funnel;
mod json;
mod json_text;
mod labels;
mod lint;
mod look;
mod lost;
mod need;
mod printable;
mod rules;
mod series;
mod shown_secrets;
mod table;
mod totals;
mod trace;
mod view;

pub use crate::secrets::{
    Secrets, TargetSecrets, masked_diagnostic, masked_field, masked_label, masked_value, without_citations,
};
pub use crate::text::{bounded_sentence, escape_text, safe_line, shorten, shown_path};
pub use diff::{diff_of_change, diff_of_change_with, unified_diff};
pub use display::sentences;
pub use edit::{EditLine, EditLineOutcome, EditReport, edit_json, edit_json_with};
pub use finding::finding_json;
pub use json::{job_json, owner_json, target_json};
pub use json_text::{write_document, write_line};
pub use lint::{
    Finding, LintReport, Omitted, write_concise, write_github, write_gitlab, write_json, write_junit, write_sarif,
};
pub use look::Look;
pub use lost::{lost_json, lost_object_json, lost_sentence, write_lost_objects};
pub use printable::{printable, printable_file};
pub use series::{series_json, write_series};
pub use table::{write_example_note, write_job, write_totals};
pub use totals::Totals;
pub use view::{HiddenTargets, JobView};
