//! Reads Prometheus scrape configs as Prometheus 3.14 does, and says what each target becomes.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod config;
mod diagnostic;
mod re2;
mod relabel;
//mod simulate;
//mod target;
mod text;
mod yaml;

pub use config::{Config, FileSd, Files, Global, RelabelRule, ScrapeConfig, Sd, StaticConfig};
pub use diagnostic::{Diagnostic, Fix, Label, Safety, Severity};
pub use re2::{
    Captures, GroupReference, Patterns, Reference, Regex, RegexError, RegexErrorKind, Shape, ShapePart, Template,
    TooLarge, debug_regexp,
};
pub use relabel::{
    Action, BeyondLimit, Chain, Change, LabelSet, Labels, Limit, LineFault, LineRelabeler, NameScheme, RuleFault,
    RuleSpec, Step, Verdict, check_rule, check_rule_with,
};
//pub use simulate::{DroppedBy, JobResult, Simulation, Status, TargetResult};
pub use text::{
    DecodeFault, Decoded, Encoding, FileId, InnerMap, LineIndex, Location, Position, Sources, Span, Spanned,
    decode_text, go_quote,
};
pub use yaml::{Node, NodeId, NodeKind, ReadFault, ScalarStyle, SyntaxFault, Tree, debug_scalar, debug_yaml};
