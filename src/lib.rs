//! Checks, simulates and edits Prometheus scrape configs, which are read as Prometheus 3.14 reads them.
//!
//! The library opens no file, prints nothing, reads no clock and no environment, and starts no thread:
//! texts come in through [`Sources`], files that a config refers to through the trait [`Files`].
//! Reading never fails: everything that could be read is returned, together with all [`Diagnostic`]s.
//!
//! # Simulate the targets of a config
//!
//! ```
//! use promcfg::{Config, Options, Sources, simulate};
//! use promcfg::simulate::{SimulateOptions, Status};
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
//! let (config, diagnostics) = Config::read(&mut sources, file, &Options::default());
//! assert!(diagnostics.is_empty());
//! let simulation = simulate(&config, &mut sources, &Options::default(), &SimulateOptions::default())?;
//! let targets = &simulation.jobs[0].targets;
//! assert_eq!(targets[0].url, "http://10.0.0.1:9100/metrics");
//! assert_eq!(targets[0].labels.get("instance"), "10.0.0.1:9100");
//! let dropped_by = targets[1].dropped_by.as_ref().expect("is dropped");
//! assert_eq!((targets[1].status, dropped_by.rule), (Status::Dropped, 0));
//! # Ok::<(), promcfg::simulate::UnknownJobError>(())
//! ```
//!
//! # Lint a config
//!
//! ```
//! use promcfg::{Options, Sources};
//! use promcfg::lint::lint_config;
//! use promcfg::yaml::Tree;
//!
//! let mut sources = Sources::new();
//! let tree = Tree::parse("scrape_configs:\n  - job_name: web\n    scrape_interval: 15\n");
//! let findings = lint_config(&mut sources, "prometheus.yml", &tree, &Options::default());
//! assert_eq!(
//!     findings[0].display(&sources).to_string(),
//!     "prometheus.yml:3:22: error: job web: invalid duration \"15\" for `scrape_interval` [invalid-duration]",
//! );
//! assert_eq!(findings[0].upstream.as_deref(), Some("not a valid duration string: \"15\""));
//! ```
//!
//! # Apply relabel rules to label sets
//!
//! ```
//! use promcfg::{Chain, Labels, Sources};
//! use promcfg::config::read_rules;
//! use promcfg::relabel::NameScheme;
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
//! # Add a label to the targets of a job
//!
//! ```
//! use promcfg::{Document, Options};
//! use promcfg::edit::{AddLabel, Selection};
//!
//! let text = "scrape_configs:\n- job_name: node   # all machines\n  static_configs:\n  - targets: ['10.0.0.1:9100']\n";
//! let mut document = Document::new("prometheus.yml", text, &Options::default());
//! let selection = Selection { jobs: vec!["node".into()], ..Selection::default() };
//! let change = document.add_label(&AddLabel { name: "env".into(), value: "prod".into(), selection, ..AddLabel::default() })?;
//! assert_eq!(change.files[0].after(), format!("{text}    labels:\n      env: prod\n"));
//! assert_eq!(change.summary(), "1 target gains env=\"prod\"; nothing else changes");
//! # Ok::<(), promcfg::edit::EditError>(())
//! ```
//!
//! The layers and their promises are described in `src/README.md`.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod analysis;
mod budget;
pub mod config;
pub mod diagnostic;
pub mod discovery;
pub mod edit;
pub mod effect;
pub mod exposition;
pub mod files;
pub mod format;
pub mod input;
pub mod lint;
mod options;
pub mod re2;
pub mod relabel;
pub mod release;
pub mod report;
pub mod scrape;
mod secrets;
pub mod simulate;
pub mod text;
pub mod yaml;
mod yaml_edit;

pub use budget::Budget;
pub use config::Config;
pub use diagnostic::{Diagnostic, Severity};
pub use edit::Document;
pub use files::{Files, NoFiles};
pub use options::{Executor, InOrder, Options};
pub use relabel::{Chain, Labels};
pub use release::Release;
pub use simulate::{Simulation, simulate};
pub use text::Sources;
