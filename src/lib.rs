//! Reads Prometheus scrape configs as Prometheus 3.14 does, and says what each target becomes.
//!
//! The library opens no file, prints nothing, reads no clock and no environment, and starts no thread:
//! texts come in through [`Sources`], files that a config refers to through the trait [`Files`].
//! Reading never fails: what could be read is returned together with all [`Diagnostic`]s.
//!
//! # What becomes of the targets of a config
//!
//! ```
//! use promcfg::{Config, NoFiles, SimulateOptions, Sources, Status, simulate};
//!
//! let text = r"
//! scrape_configs:
//!   - job_name: node
//!     static_configs:
//!       - targets: ['10.0.0.1:9100']
//!       - targets: ['10.0.9.1:9100']
//!         labels: {env: canary}
//!     relabel_configs:
//!       - {source_labels: [env], regex: canary, action: drop}
//! ";
//! let mut sources = Sources::new();
//! let file = sources.add("prometheus.yml", text);
//! let (config, diagnostics) = Config::read(&mut sources, file, &NoFiles);
//! assert!(diagnostics.is_empty());
//! let simulation = simulate(&config, &mut sources, &NoFiles, &SimulateOptions::default())?;
//! let targets = &simulation.jobs[0].targets;
//! assert_eq!(targets[0].url, "http://10.0.0.1:9100/metrics");
//! assert_eq!(targets[0].labels.get("instance"), "10.0.0.1:9100");
//! let dropped_by = targets[1].dropped_by.as_ref().expect("is dropped");
//! assert_eq!((targets[1].status, dropped_by.rule), (Status::Dropped, 0));
//! # Ok::<(), promcfg::UnknownJob>(())
//! ```
//!
//! # What is wrong with a config
//!
//! ```
//! use promcfg::{NoFiles, Sources, Tree, concise_line, lint_config};
//!
//! let mut sources = Sources::new();
//! let tree = Tree::parse("scrape_configs:\n  - job_name: web\n    scrape_interval: 15\n");
//! let findings = lint_config(&mut sources, "prometheus.yml", &tree, &NoFiles);
//! assert_eq!(
//!     concise_line(&sources, &findings[0]),
//!     "prometheus.yml:3:22: error: job web: `scrape_interval` is no duration: `15` [invalid-duration]",
//! );
//! assert_eq!(findings[0].upstream.as_deref(), Some("not a valid duration string: \"15\""));
//! ```
//!
//! # Rules on label sets
//!
//! ```
//! use promcfg::{Chain, Labels, NameScheme, Sources, read_rules};
//!
//! let mut sources = Sources::new();
//! let file = sources.add("rules.yml", "- {source_labels: [pod], regex: '(.+)-[0-9]+', target_label: app}\n");
//! let (rules, _) = read_rules(&mut sources, file, NameScheme::Utf8);
//! let chain = Chain::new(&rules.into_iter().map(|rule| rule.spec).collect::<Vec<_>>(), NameScheme::Utf8).unwrap();
//! let labels: Labels = [("pod", "cart-7")].into_iter().collect();
//! let relabeled = chain.apply(&labels).expect("is small").expect("is kept");
//! assert_eq!(relabeled.get("app"), "cart");
//! ```
//!
//! # A label for the targets of a job
//!
//! ```
//! use promcfg::{AddLabel, Document, Meant, NoFiles};
//!
//! let text = "scrape_configs:\n- job_name: node   # all machines\n  static_configs:\n  - targets: ['10.0.0.1:9100']\n";
//! let mut document = Document::new("prometheus.yml", text, &NoFiles);
//! let meant = Meant { jobs: vec!["node".into()], ..Meant::default() };
//! let change = document.add_label(&AddLabel { name: "env".into(), value: "prod".into(), meant, ..AddLabel::default() })?;
//! assert_eq!(change.files[0].after(), format!("{text}    labels:\n      env: prod\n"));
//! assert_eq!(change.summary(), "1 target gains env=\"prod\"; nothing else changes");
//! # Ok::<(), promcfg::EditError>(())
//! ```
//!
//! The layers and their promises are described in `src/README.md`.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod analyse;
mod config;
mod diagnostic;
mod discovery;
mod edit;
mod effect;
mod lint;
mod re2;
mod relabel;
mod report;
mod simulate;
mod splice;
mod target;
mod text;
mod yaml;

pub use config::{
    Alertmanager, BadPattern, Config, ConfigField, Duration, DurationFault, EmbeddedText, FileSd, Files, Global,
    NoFiles, Origin, RelabelRule, RemoteWrite, ScrapeConfig, Sd, StaticConfig, TargetFormat, WrittenField,
    config_fields, embedded_texts, glob_match, join_to_folder_of, read_rules, read_target_file, read_target_groups,
    rule_diagnostic,
};
pub use diagnostic::{Diagnostic, Fix, Label, Safety, Severity};
pub use discovery::{DiscoveryLabel, DiscoveryRole, discovery_role, discovery_roles};
pub use edit::{
    AddLabel, ConfigChange, Document, EditError, FileChange, FixOutcome, LabelStage, Meant, Method, RemoveLabel,
    fix_config,
};
pub use effect::{Effect, EffectGroup, Happening, LabelChange, compare};
pub use lint::{
    FileKind, RuleDocument, embedded_configs, lint_config, lint_manifest, lint_targets, recognise, rule, rules,
};
pub use re2::{
    Captures, GroupReference, Patterns, Reference, Regex, RegexError, RegexErrorKind, Shape, ShapePart, Template,
    TooLarge, debug_regexp,
};
pub use relabel::{
    Action, BeyondLimit, Chain, Change, LabelSet, Labels, Limit, LineFault, LineRelabeler, NameScheme, RuleFault,
    RuleSpec, Step, Verdict, check_rule, check_rule_with,
};
pub use report::{
    Finding, JobView, LintReport, Look, Secrets, SourceExcerpt, Totals, concise_line, escape_text, excerpt,
    finding_json, job_json, printable, series_json, shorten, target_json, unified_diff, write_concise, write_github,
    write_gitlab, write_job, write_json, write_junit, write_sarif, write_series, write_totals,
};
pub use simulate::{
    ApiTarget, DroppedBy, JobResult, JobSimulator, PlacedTarget, SampleFormat, Series, SeriesFault, SeriesResult,
    SeriesSimulator, SimulateOptions, Simulation, Status, TargetInputFault, TargetResult, UnknownJob, example_targets,
    read_api_targets, read_exposition, read_series, read_target_line, sample_format, select_jobs, simulate,
    targets_of_group, targets_of_job,
};
pub use target::{
    DiscoveredTarget, SampleFault, SampleOutcome, SampleRelabeler, Target, TargetFault, check_sample, check_target,
    discovered_labels, report_labels, scrape_url,
};
pub use text::{
    DecodeFault, Decoded, Edit, Edits, Encoding, FileId, InnerMap, LineIndex, Location, Origins, Position, Sources,
    Span, Spanned, decode_text, go_quote, most_similar,
};
pub use yaml::{
    LiteralText, Node, NodeEntries, NodeId, NodeKind, ReadFault, ScalarStyle, SyntaxFault, Tree, debug_scalar,
    debug_yaml,
};
