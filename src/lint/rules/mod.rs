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
//! - `crate::lint::fix` makes fixes of rules (fields taken out, texts written anew, fields added), each
//!   proved; `fix::attached` puts one on a finding.
//! - What several rules share stands in a module without a `RULE`: `fields`, `filters`, `losses`, `templates`.
//! - Try it on what real people write before it is a warning; what may be intended is an info.

use super::engine::Rule;

mod address_without_port;
mod doubled_backslash;
mod empty_alternative;
mod fields;
mod filters;
mod glob_pattern;
mod ignored_field;
mod ineffective_optional_part;
mod ineffective_rule;
mod ipv4_only_address;
mod literal_reference;
mod losses;
mod lost_default;
mod lost_identity_label;
mod lost_request_label;
mod lost_required_label;
mod mismatched_separator;
mod misread_group;
mod missing_labelmap_group;
mod partial_anchor;
mod partial_tag;
mod redundant_anchor;
mod redundant_default;
mod templates;
mod unconditional_drop;
mod unescaped_dot;
mod unexpanded_variable;
mod unknown_group;
mod unmatchable_pattern;
mod unreachable_meta_label;
mod unreachable_metric_name;
mod unreachable_shard;
mod unused_hash;
mod unused_named_group;
mod unused_separator;

/// Every rule that has a module, in the order of the ids.
pub(super) static RULES: &[Rule] = &[
    address_without_port::RULE,
    doubled_backslash::RULE,
    empty_alternative::RULE,
    glob_pattern::RULE,
    ignored_field::RULE,
    ineffective_optional_part::RULE,
    ineffective_rule::RULE,
    ipv4_only_address::RULE,
    literal_reference::RULE,
    lost_default::RULE,
    lost_identity_label::RULE,
    lost_request_label::RULE,
    lost_required_label::RULE,
    mismatched_separator::RULE,
    misread_group::RULE,
    missing_labelmap_group::RULE,
    partial_anchor::RULE,
    partial_tag::RULE,
    redundant_anchor::RULE,
    redundant_default::RULE,
    unconditional_drop::RULE,
    unescaped_dot::RULE,
    unexpanded_variable::RULE,
    unknown_group::RULE,
    unmatchable_pattern::RULE,
    unreachable_meta_label::RULE,
    unreachable_metric_name::RULE,
    unreachable_shard::RULE,
    unused_hash::RULE,
    unused_named_group::RULE,
    unused_separator::RULE,
];
