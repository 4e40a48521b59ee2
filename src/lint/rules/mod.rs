//! The rules about configs that Prometheus accepts, one file per rule.
//!
//! A rule touches four files: its document `rules/<id>.md`, its module here, the `mod` line in this file, and a
//! line of the list in `diagnostic/ids.rs`; all in the order of the ids. A module has one
//! constant, `CHECK`, and the function it names:
//!
//! ```text
//! pub(super) const CHECK: Check = Check::List(Needs::two_rules(), check);
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
//! - `Needs` says what a list must have for the rule to find something: most lists need no look then. Builds with debug
//!   assertions look all the same, and fail if there is a finding.
//! - Rules see only jobs and lists without load errors.
//! - Id and severity come from the document; `job web: relabel_configs[0]: ` is put before the message.
//! - Point at the field that is wrong: `rule.rule.field("regex")` has the spans of key and value, and
//!   `part` the place of some bytes of its text. A field that is not given is not there.
//! - Facts come from `crate::analysis`. A fact that it does not know causes no finding.
//! - `with_argument` names the values that distinguish a finding from others of the same rule in the same job,
//!   such as a label or a pattern. Fingerprints use them, so they contain no index, no line and no secret.
//! - A pattern or template includes the defaults: `rule.pattern`, `rule.replacement`.
//! - `Check::List` and `Check::Job` judge a job while it is there; the config as a whole is judged when its jobs are gone
//!   (`Check::Input`). A rule that needs fields, nodes or jobs of all of it judges them in parts (`Check::Parts`); what a rule
//!   must know across jobs is in `JobOutcomes`.
//! - A list that many jobs share through an alias is judged for each; the same finding at the same place
//!   is reported once.
//! - A fix is Unsafe unless it cannot change the labels of any target; it must not touch fields that come from an
//!   alias or a merge key (`field.origin`).
//! - `crate::lint::fix` makes fixes of rules (fields removed, texts rewritten, fields added), each
//!   proved; `fix::attached` puts one on a finding.
//! - Code that several rules share is in a module without a `CHECK`: `address_faults`, `computed_addresses`, `discovery_items`,
//!   `fields`, `filters`, `losses`, `stand_in`, `templates`.
//! - Try a rule on real configs before it is a warning; a finding that may be intended is an info.

use crate::diagnostic::{for_each_id, ids};

use super::rule::Rule;

pub(crate) use address_faults::AddressDoubt;

mod address_faults;
mod address_without_port;
mod bracketed_alternatives;
mod colliding_targets;
mod computed_addresses;
mod conflicting_param;
mod constant_instance;
mod contradictory_filters;
mod default_discovery_port;
mod deleting_copy;
mod deprecated_field;
mod discovery_items;
mod doubled_backslash;
mod dropped_targets;
mod duplicate_rule;
mod duplicate_scrape;
mod empty_alternative;
mod empty_config;
mod empty_node_role_label;
mod empty_regex;
mod empty_replacement;
mod expanded_external_label;
mod fields;
mod filters;
mod glob_pattern;
mod group_without_targets;
mod ignored_discovery_port;
mod ignored_field;
mod implicit_http2;
mod implicit_port;
mod incomplete_probe_rules;
mod ineffective_labeldrop;
mod ineffective_optional_part;
mod ineffective_rule;
mod inline_secret;
mod integer_bucket;
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
mod misplaced_value_pattern;
mod misread_external_label;
mod misread_group;
mod missing_attach_metadata;
mod missing_file;
mod missing_honor_labels;
mod missing_https;
mod missing_labelmap_group;
mod missing_port;
mod missing_probe_target;
mod missing_targets;
mod needless_source_label;
mod non_http_port;
mod out_of_order_samples;
mod overwriting_labelmap;
mod partial_anchor;
mod partial_param_label;
mod partial_tag;
mod partial_target_label;
mod partial_write_rules;
mod pod_without_port;
mod quoted_label_name;
mod redundant_anchor;
mod redundant_default;
mod repeated_pod_target;
mod shadowed_value;
mod split_discovery;
mod stand_in;
mod templates;
mod too_long_scrape_interval;
mod unavailable_meta_label;
mod unbounded_labelmap;
mod unconditional_drop;
mod unescaped_dot;
mod unexpanded_variable;
mod unfiltered_discovery;
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
mod unremoved_label;
mod unscrapable_address;
mod unscraped_native_histograms;
mod unsent_param_label;
mod unset_instance_label;
mod untrusted_honor_labels;
mod unusable_metrics_path;
mod unusable_scheme;
mod unused_discovery_credentials;
mod unused_hash;
mod unused_named_group;
mod unused_separator;
mod unused_temporary_label;

macro_rules! rules {
    ($($constant:ident = $name:literal $(judged by $module:ident)?;)*) => {
        /// Every rule that has a module, in the order of the ids.
        pub(super) static RULES: &[Rule] = &[$($(Rule { id: ids::$constant, check: $module::CHECK },)?)*];
    };
}
for_each_id!(rules);
