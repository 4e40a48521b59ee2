//! The rules that judge what Prometheus takes, one file a rule.
//!
//! A rule touches four files: its document `rules/<id>.md`, its module here, this file (a `mod` line and
//! a line of [`RULES`]), and the list in `documents.rs`; all in the order of the ids. A module has one
//! constant, `RULE`, and the function it names:
//!
//! ```text
//! pub(super) const RULE: Rule = Rule { id: "duplicate-rule", check: Check::List(check) };
//!
//! fn check(list: &RelabelList<'_>, report: &mut Report<'_>) {
//!     for rule in &list.rules {
//!         if let Some(first) = list.before(rule.index).find(|other| other.rule.spec == rule.rule.spec) {
//!             let message = format!("the rule is the same as `{}[{}]`", list.key, first.index);
//!             report.push(in_rule(list, rule, rule.rule.span, message).with_help("remove one of them"));
//!         }
//!     }
//! }
//! ```
//!
//! - What is judged has no load error: a job with one does not come here, nor a list with a rule that has one.
//! - Id and severity come from the document; `job web: relabel_configs[0]: ` is put before the message.
//! - Point at the field that is wrong: `rule.rule.field("regex")` has the spans of key and value, and
//!   `part` the place of some bytes of its text. A field that is not given is not there.
//! - Facts are asked of `crate::analyse`, never worked out here. What it does not know counts as fine.
//! - A pattern or template is seen with all its defaults: `rule.pattern`, `rule.replacement`.
//! - A list that many jobs share through an alias is judged for each; the same finding at the same place
//!   is told once.
//! - A fix is Unsafe unless it cannot change what any target becomes; it must not touch what comes by an
//!   alias or a merge key (`field.origin`).
//! - Try it on what real people write before it is a warning; what may be intended is an info.

use super::engine::Rule;

mod colliding_targets;
mod constant_instance;
mod deleting_copy;
mod deprecated_field;
mod dropped_targets;
mod duplicate_rule;
mod duplicate_scrape;
mod empty_node_role_label;
mod empty_regex;
mod empty_replacement;
mod expanded_external_label;
mod incomplete_probe_rules;
mod inline_secret;
mod invalid_internal_label;
mod invalid_metric_name;
mod leaking_temporary_label;
mod leftover_placeholder;
mod merged_metrics;
mod misordered_label_read;
mod misordered_probe_rules;
mod misplaced_probe_rules;
mod misread_external_label;
mod missing_attach_metadata;
mod missing_honor_labels;
mod missing_labelmap_group;
mod missing_port;
mod missing_probe_target;
mod missing_targets;
mod out_of_order_samples;
mod overwriting_labelmap;
mod partial_param_label;
mod partial_write_rules;
mod quoted_label_name;
mod repeated_pod_target;
mod shadowed_value;
mod too_long_scrape_interval;
mod unbounded_labelmap;
mod unknown_internal_label;
mod unknown_meta_label;
mod unknown_source_label;
mod unreachable_internal_label;
mod unreachable_meta_label;
mod unreachable_metric_name;
mod unreachable_report_series;
mod unset_instance_label;
mod untrusted_honor_labels;
mod unusable_metrics_path;
mod unusable_scheme;
mod unused_temporary_label;

/// Every rule that has a module, in the order of the ids.
pub(super) static RULES: &[Rule] = &[
    colliding_targets::RULE,
    constant_instance::RULE,
    deleting_copy::RULE,
    deprecated_field::RULE,
    dropped_targets::RULE,
    duplicate_rule::RULE,
    duplicate_scrape::RULE,
    empty_node_role_label::RULE,
    empty_regex::RULE,
    empty_replacement::RULE,
    expanded_external_label::RULE,
    incomplete_probe_rules::RULE,
    inline_secret::RULE,
    invalid_internal_label::RULE,
    invalid_metric_name::RULE,
    leaking_temporary_label::RULE,
    leftover_placeholder::RULE,
    merged_metrics::RULE,
    misordered_label_read::RULE,
    misordered_probe_rules::RULE,
    misplaced_probe_rules::RULE,
    misread_external_label::RULE,
    missing_attach_metadata::RULE,
    missing_honor_labels::RULE,
    missing_labelmap_group::RULE,
    missing_port::RULE,
    missing_probe_target::RULE,
    missing_targets::RULE,
    out_of_order_samples::RULE,
    overwriting_labelmap::RULE,
    partial_param_label::RULE,
    partial_write_rules::RULE,
    quoted_label_name::RULE,
    repeated_pod_target::RULE,
    shadowed_value::RULE,
    too_long_scrape_interval::RULE,
    unbounded_labelmap::RULE,
    unknown_internal_label::RULE,
    unknown_meta_label::RULE,
    unknown_source_label::RULE,
    unreachable_internal_label::RULE,
    unreachable_meta_label::RULE,
    unreachable_metric_name::RULE,
    unreachable_report_series::RULE,
    unset_instance_label::RULE,
    untrusted_honor_labels::RULE,
    unusable_metrics_path::RULE,
    unusable_scheme::RULE,
    unused_temporary_label::RULE,
];
