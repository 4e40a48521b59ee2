//! The rules that judge what Prometheus takes, one file a rule.
//!
//! A rule touches four files: its document `rules/<id>.md`, its module here, this file (a `mod` line and
//! a line of [`RULES`]), and the list in `documents.rs`; all in the order of the ids. A module has one
//! constant, `RULE`, and the function it names:
//!
//! ```text
//! pub(super) const RULE: Rule = Rule { id: "duplicate-rule", check: Check::List(check) };
//!
//! fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
//!     for rule in &list.rules {
//!         if let Some(first) = list.before(rule.index).find(|other| other.rule.spec == rule.rule.spec) {
//!             let message = format!("the rule is the same as `{}[{}]`", list.key, first.index);
//!             sink.push(in_rule(list, rule, rule.rule.span, message).with_help("remove one of them"));
//!         }
//!     }
//! }
//! ```
//!
//! - What is judged has no load error: a job with one does not come here, nor a list with a rule that has one.
//! - Id and severity come from the document; `job web: relabel_configs[0]: ` is put before the message.
//! - Point at the field that is wrong: `rule.rule.field("regex")` has the spans of key and value, and
//!   `part` the place of some bytes of its text. A field that is not given is not there.
//! - Facts are asked of `crate::analysis`, never worked out here. What it does not know counts as fine.
//! - A pattern or template is seen with all its defaults: `rule.pattern`, `rule.replacement`.
//! - A list that many jobs share through an alias is judged for each; the same finding at the same place
//!   is told once.
//! - A fix is Unsafe unless it cannot change what any target becomes; it must not touch what comes by an
//!   alias or a merge key (`field.origin`).
//! - `crate::lint::fix` makes fixes of rules (fields taken out, texts written anew, fields added), each
//!   proved; `fix::attached` puts one on a finding.
//! - What several rules share stands in a module without a `RULE`: `fields`, `filters`, `losses`, `templates`.
//! - Try it on what real people write before it is a warning; what may be intended is an info.

use super::rule::Rule;

mod address_without_port;
mod colliding_targets;
mod constant_instance;
mod deleting_copy;
mod deprecated_field;
mod doubled_backslash;
mod dropped_targets;
mod duplicate_rule;
mod duplicate_scrape;
mod empty_alternative;
mod empty_node_role_label;
mod empty_regex;
mod empty_replacement;
mod expanded_external_label;
mod fields;
mod filters;
mod glob_pattern;
mod ignored_field;
mod incomplete_probe_rules;
mod ineffective_labeldrop;
mod ineffective_optional_part;
mod ineffective_rule;
mod inline_secret;
mod invalid_internal_label;
mod invalid_metric_name;
mod ipv4_only_address;
mod leaking_temporary_label;
mod leftover_placeholder;
mod literal_reference;
mod losses;
mod lost_default;
mod lost_identity_label;
mod lost_request_label;
mod lost_required_label;
mod merged_metrics;
mod mismatched_separator;
mod misordered_label_read;
mod misordered_probe_rules;
mod misplaced_probe_rules;
mod misread_external_label;
mod misread_group;
mod missing_attach_metadata;
mod missing_honor_labels;
mod missing_labelmap_group;
mod missing_port;
mod missing_probe_target;
mod missing_targets;
mod out_of_order_samples;
mod overwriting_labelmap;
mod partial_anchor;
mod partial_param_label;
mod partial_tag;
mod partial_write_rules;
mod quoted_label_name;
mod redundant_anchor;
mod redundant_default;
mod repeated_pod_target;
mod shadowed_value;
mod templates;
mod too_long_scrape_interval;
mod unbounded_labelmap;
mod unconditional_drop;
mod unescaped_dot;
mod unexpanded_variable;
mod unknown_group;
mod unknown_internal_label;
mod unknown_meta_label;
mod unknown_source_label;
mod unmatchable_pattern;
mod unreachable_internal_label;
mod unreachable_meta_label;
mod unreachable_metric_name;
mod unreachable_report_series;
mod unreachable_shard;
mod unset_instance_label;
mod untrusted_honor_labels;
mod unusable_metrics_path;
mod unusable_scheme;
mod unused_hash;
mod unused_named_group;
mod unused_separator;
mod unused_temporary_label;

/// Every rule that has a module, in the order of the ids.
pub(super) static RULES: &[Rule] = &[
    address_without_port::RULE,
    colliding_targets::RULE,
    constant_instance::RULE,
    deleting_copy::RULE,
    deprecated_field::RULE,
    doubled_backslash::RULE,
    dropped_targets::RULE,
    duplicate_rule::RULE,
    duplicate_scrape::RULE,
    empty_alternative::RULE,
    empty_node_role_label::RULE,
    empty_regex::RULE,
    empty_replacement::RULE,
    expanded_external_label::RULE,
    glob_pattern::RULE,
    ignored_field::RULE,
    incomplete_probe_rules::RULE,
    ineffective_labeldrop::RULE,
    ineffective_optional_part::RULE,
    ineffective_rule::RULE,
    inline_secret::RULE,
    invalid_internal_label::RULE,
    invalid_metric_name::RULE,
    ipv4_only_address::RULE,
    leaking_temporary_label::RULE,
    leftover_placeholder::RULE,
    literal_reference::RULE,
    lost_default::RULE,
    lost_identity_label::RULE,
    lost_request_label::RULE,
    lost_required_label::RULE,
    merged_metrics::RULE,
    mismatched_separator::RULE,
    misordered_label_read::RULE,
    misordered_probe_rules::RULE,
    misplaced_probe_rules::RULE,
    misread_external_label::RULE,
    misread_group::RULE,
    missing_attach_metadata::RULE,
    missing_honor_labels::RULE,
    missing_labelmap_group::RULE,
    missing_port::RULE,
    missing_probe_target::RULE,
    missing_targets::RULE,
    out_of_order_samples::RULE,
    overwriting_labelmap::RULE,
    partial_anchor::RULE,
    partial_param_label::RULE,
    partial_tag::RULE,
    partial_write_rules::RULE,
    quoted_label_name::RULE,
    redundant_anchor::RULE,
    redundant_default::RULE,
    repeated_pod_target::RULE,
    shadowed_value::RULE,
    too_long_scrape_interval::RULE,
    unbounded_labelmap::RULE,
    unconditional_drop::RULE,
    unescaped_dot::RULE,
    unexpanded_variable::RULE,
    unknown_group::RULE,
    unknown_internal_label::RULE,
    unknown_meta_label::RULE,
    unknown_source_label::RULE,
    unmatchable_pattern::RULE,
    unreachable_internal_label::RULE,
    unreachable_meta_label::RULE,
    unreachable_metric_name::RULE,
    unreachable_report_series::RULE,
    unreachable_shard::RULE,
    unset_instance_label::RULE,
    untrusted_honor_labels::RULE,
    unusable_metrics_path::RULE,
    unusable_scheme::RULE,
    unused_hash::RULE,
    unused_named_group::RULE,
    unused_separator::RULE,
    unused_temporary_label::RULE,
];
