//! A config as Prometheus 3.14 decodes it: defaults, inheritance, and every fault with its place.
//!
//! `schema` has the tables of fields, `reader` checks values against them, `faults` has the words;
//! the other files read what the simulator works on.

mod alerting;
mod checks;
mod cut;
mod debug;
mod debug_discovery;
mod debug_kubernetes;
mod discovery_options;
mod duration;
mod faults;
mod field;
mod global;
mod groups;
mod included;
mod job_names;
mod json_syntax;
mod load;
mod marked_fields;
mod paths;
pub(crate) mod question;
mod reader;
mod remote;
mod repeats;
mod rules;
mod schema;
mod scrape;
mod shape;
mod size;
mod skim;
mod stream;
mod target_file;
mod target_json;
#[cfg(test)]
mod tests;
mod types;
mod url;
mod written;

pub use schema::{ConfigField, ConfigPath, config_fields, config_paths};
pub(crate) use schema::{is_key_of_config, secret_keys, secret_sections};

pub(crate) use cut::{CutConfig, Head, ReadJobs, Tail};
pub use debug::{debug_relabel, debug_target_file};
pub(crate) use debug::{read_config_with_error, read_job_with_error, rules_of};
pub use debug_discovery::debug_discovery;
pub use duration::{Duration, DurationError};
pub(crate) use faults::{PROBE_RULES, syntax_for};
pub(crate) use field::{
    FieldError, FieldPath, FieldRoot, FieldValue, Step, keys_of_global, keys_of_jobs, shown_steps, steps_of, text_nodes,
};
pub use load::read_rules;
pub(crate) use load::{ReadConfig, read_jobs};
pub(crate) use marked_fields::MarkedField;
pub use paths::join_to_folder_of;
pub use rules::rule_diagnostic;
pub use shape::Shape;
pub(crate) use size::{parse_size, show_size};
pub use stream::JobStream;
pub(crate) use target_file::read_groups_of;
pub use target_file::{TargetFormat, read_target_file, read_target_groups};
pub use types::{
    Alertmanager, Config, FileSd, Global, RelabelRule, RemoteWrite, RuleAuthor, ScrapeConfig, Sd, TargetGroup,
    UnreadJob,
};
pub(crate) use url::{HostSyntax, parse_main as parse_url_without_fragment, parse_url, without_password};
pub use written::{Origin, WrittenField};
