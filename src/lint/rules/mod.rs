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

mod constant_instance;
mod deleting_copy;
mod duplicate_rule;
mod empty_node_role_label;
mod empty_replacement;
mod leaking_temporary_label;
mod misordered_label_read;
mod missing_attach_metadata;
mod missing_labelmap_group;
mod overwriting_labelmap;
mod partial_param_label;
mod quoted_label_name;
mod repeated_pod_target;
mod shadowed_value;
mod unbounded_labelmap;
mod unknown_internal_label;
mod unknown_meta_label;
mod unknown_source_label;
mod unreachable_internal_label;
mod unreachable_meta_label;
mod unreachable_metric_name;
mod unreachable_report_series;
mod unset_instance_label;
mod unused_temporary_label;

/// Every rule that has a module, in the order of the ids.
pub(super) static RULES: &[Rule] = &[
    constant_instance::RULE,
    deleting_copy::RULE,
    duplicate_rule::RULE,
    empty_node_role_label::RULE,
    empty_replacement::RULE,
    leaking_temporary_label::RULE,
    misordered_label_read::RULE,
    missing_attach_metadata::RULE,
    missing_labelmap_group::RULE,
    overwriting_labelmap::RULE,
    partial_param_label::RULE,
    quoted_label_name::RULE,
    repeated_pod_target::RULE,
    shadowed_value::RULE,
    unbounded_labelmap::RULE,
    unknown_internal_label::RULE,
    unknown_meta_label::RULE,
    unknown_source_label::RULE,
    unreachable_internal_label::RULE,
    unreachable_meta_label::RULE,
    unreachable_metric_name::RULE,
    unreachable_report_series::RULE,
    unset_instance_label::RULE,
    unused_temporary_label::RULE,
];
