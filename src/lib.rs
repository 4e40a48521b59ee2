//! Reads Prometheus scrape configs as Prometheus 3.14 does, and says what each target becomes.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod config;
mod diagnostic;
mod lint;
mod re2;
mod relabel;
mod report;
mod simulate;
mod target;
mod text;
mod yaml;

pub use config::{
    Alertmanager, BadPattern, Config, ConfigField, Duration, DurationFault, FileSd, Files, Global, NoFiles,
    RelabelRule, RemoteWrite, ScrapeConfig, Sd, StaticConfig, TargetFormat, config_fields, glob_match,
    join_to_folder_of, read_rules, read_target_file, read_target_groups,
};
pub use diagnostic::{Diagnostic, Fix, Label, Safety, Severity};
pub use lint::{FileKind, RuleDocument, lint_config, lint_targets, recognise, rule, rules};
pub use re2::{
    Captures, GroupReference, Patterns, Reference, Regex, RegexError, RegexErrorKind, Shape, ShapePart, Template,
    TooLarge, debug_regexp,
};
pub use relabel::{
    Action, BeyondLimit, Chain, Change, LabelSet, Labels, Limit, LineFault, LineRelabeler, NameScheme, RuleFault,
    RuleSpec, Step, Verdict, check_rule, check_rule_with,
};
pub use report::{
    JobView, Look, Secrets, SourceExcerpt, Totals, concise_line, escape_text, excerpt, finding_json, job_json,
    printable, series_json, shorten, target_json, write_job, write_series, write_totals,
};
pub use simulate::{
    ApiTarget, DroppedBy, JobResult, JobSimulator, PlacedTarget, SampleFormat, Series, SeriesFault, SeriesResult,
    SeriesSimulator, SimulateOptions, Simulation, Status, TargetInputFault, TargetResult, UnknownJob, read_api_targets,
    read_exposition, read_series, read_target_line, sample_format, select_jobs, simulate, targets_of_group,
    targets_of_job,
};
pub use target::{
    DiscoveredTarget, SampleFault, SampleOutcome, SampleRelabeler, Target, TargetFault, check_sample, check_target,
    discovered_labels, report_labels, scrape_url,
};
pub use text::{
    DecodeFault, Decoded, Encoding, FileId, InnerMap, LineIndex, Location, Position, Sources, Span, Spanned,
    decode_text, go_quote, most_similar,
};
pub use yaml::{
    Node, NodeEntries, NodeId, NodeKind, ReadFault, ScalarStyle, SyntaxFault, Tree, debug_scalar, debug_yaml,
};
