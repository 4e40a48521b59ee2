//! Every id that a diagnostic can have: the one list that documents, lint rules and checks derive from.

use super::Id;

/// Gives the list to the macro `$then`. A line is the constant, the id, which names the document
/// `rules/<id>.md`, and for a lint rule that judges the module in `lint::rules`; in the order of the ids.
macro_rules! for_each_id {
    ($then:ident) => {
        $then! {
            ADDRESS_WITHOUT_PORT = "address-without-port" judged by address_without_port;
            BINARY_VALUE = "binary-value";
            BRACKETED_ALTERNATIVES = "bracketed-alternatives" judged by bracketed_alternatives;
            COLLIDING_TARGETS = "colliding-targets" judged by colliding_targets;
            CONFLICTING_FIELDS = "conflicting-fields";
            CONFLICTING_PARAM = "conflicting-param" judged by conflicting_param;
            CONSTANT_INSTANCE = "constant-instance" judged by constant_instance;
            CONTRADICTORY_FILTERS = "contradictory-filters" judged by contradictory_filters;
            DEFAULT_DISCOVERY_PORT = "default-discovery-port" judged by default_discovery_port;
            DELETING_COPY = "deleting-copy" judged by deleting_copy;
            DEPRECATED_FIELD = "deprecated-field" judged by deprecated_field;
            DOUBLED_BACKSLASH = "doubled-backslash" judged by doubled_backslash;
            DROPPED_TARGETS = "dropped-targets" judged by dropped_targets;
            DUPLICATE_ENDPOINT_NAME = "duplicate-endpoint-name";
            DUPLICATE_FIELD = "duplicate-field";
            DUPLICATE_JOB_NAME = "duplicate-job-name";
            DUPLICATE_RULE = "duplicate-rule" judged by duplicate_rule;
            DUPLICATE_SCRAPE = "duplicate-scrape" judged by duplicate_scrape;
            DUPLICATE_SERIES = "duplicate-series";
            DUPLICATE_TARGET = "duplicate-target";
            EDIT_BLOCK_SCALAR_END = "edit-block-scalar-end";
            EDIT_CHANGED = "edit-changed";
            EDIT_COMMENT = "edit-comment";
            EDIT_ENCODING = "edit-encoding";
            EDIT_LAYOUT = "edit-layout";
            EDIT_MERGED_KEY = "edit-merged-key";
            EDIT_SHARED_ANCHOR = "edit-shared-anchor";
            EDIT_THROUGH_ALIAS = "edit-through-alias";
            EDIT_UNPROVED = "edit-unproved";
            EDIT_WITHOUT_TARGETS = "edit-without-targets";
            EMPTY_ALTERNATIVE = "empty-alternative" judged by empty_alternative;
            EMPTY_CONFIG = "empty-config" judged by empty_config;
            EMPTY_ENTRY = "empty-entry";
            EMPTY_NODE_ROLE_LABEL = "empty-node-role-label" judged by empty_node_role_label;
            EMPTY_REGEX = "empty-regex" judged by empty_regex;
            EMPTY_REPLACEMENT = "empty-replacement" judged by empty_replacement;
            ENDPOINT_WITHOUT_PORT = "endpoint-without-port";
            EXPANDED_EXTERNAL_LABEL = "expanded-external-label" judged by expanded_external_label;
            GLOB_PATTERN = "glob-pattern" judged by glob_pattern;
            GROUP_WITHOUT_TARGETS = "group-without-targets" judged by group_without_targets;
            IGNORED_DISCOVERY_PORT = "ignored-discovery-port" judged by ignored_discovery_port;
            IGNORED_DOCUMENTS = "ignored-documents";
            IGNORED_FIELD = "ignored-field" judged by ignored_field;
            IMPLICIT_HTTP2 = "implicit-http2" judged by implicit_http2;
            IMPLICIT_PORT = "implicit-port" judged by implicit_port;
            INCOMPLETE_PROBE_RULES = "incomplete-probe-rules" judged by incomplete_probe_rules;
            INEFFECTIVE_LABELDROP = "ineffective-labeldrop" judged by ineffective_labeldrop;
            INEFFECTIVE_OPTIONAL_PART = "ineffective-optional-part" judged by ineffective_optional_part;
            INEFFECTIVE_RULE = "ineffective-rule" judged by ineffective_rule;
            INLINE_SECRET = "inline-secret" judged by inline_secret;
            INTEGER_BUCKET = "integer-bucket" judged by integer_bucket;
            INVALID_ACTION = "invalid-action";
            INVALID_DURATION = "invalid-duration";
            INVALID_ESCAPING_SCHEME = "invalid-escaping-scheme";
            INVALID_EXPOSITION = "invalid-exposition";
            INVALID_HOSTNAME = "invalid-hostname";
            INVALID_INTERNAL_LABEL = "invalid-internal-label" judged by invalid_internal_label;
            INVALID_JSON = "invalid-json";
            INVALID_LABEL_NAME = "invalid-label-name";
            INVALID_METRIC_NAME = "invalid-metric-name" judged by invalid_metric_name;
            INVALID_NAME_SCHEME = "invalid-name-scheme";
            INVALID_PATH_PATTERN = "invalid-path-pattern";
            INVALID_REGEX = "invalid-regex";
            INVALID_REPLACEMENT = "invalid-replacement";
            INVALID_SAMPLE = "invalid-sample";
            INVALID_SCRAPE_PROTOCOL = "invalid-scrape-protocol";
            INVALID_SCRAPE_TIMEOUT = "invalid-scrape-timeout";
            INVALID_SIZE = "invalid-size";
            INVALID_TARGET = "invalid-target";
            INVALID_TARGET_LABEL = "invalid-target-label";
            INVALID_URL = "invalid-url";
            INVALID_VALUE = "invalid-value";
            INVALID_YAML = "invalid-yaml";
            IPV4_ONLY_ADDRESS = "ipv4-only-address" judged by ipv4_only_address;
            LABEL_COLLISION = "label-collision";
            LABEL_HAS_OTHER_VALUE = "label-has-other-value";
            LABEL_IN_USE = "label-in-use";
            LABEL_NOT_EFFECTIVE = "label-not-effective";
            LABEL_NOT_REMOVABLE = "label-not-removable";
            LABEL_NOT_STATIC = "label-not-static";
            LABEL_SET_OTHERWISE = "label-set-otherwise";
            LABEL_WITHOUT_TARGETS = "label-without-targets";
            LEAKING_TEMPORARY_LABEL = "leaking-temporary-label" judged by leaking_temporary_label;
            LEFTOVER_PLACEHOLDER = "leftover-placeholder" judged by leftover_placeholder;
            LITERAL_REFERENCE = "literal-reference" judged by literal_reference;
            LOST_DEFAULT = "lost-default" judged by lost_default;
            LOST_IDENTITY_LABEL = "lost-identity-label" judged by lost_identity_label;
            LOST_REQUEST_LABEL = "lost-request-label" judged by lost_request_label;
            LOST_REQUIRED_LABEL = "lost-required-label" judged by lost_required_label;
            MALFORMED_IGNORE = "malformed-ignore";
            MERGED_METRICS = "merged-metrics" judged by merged_metrics;
            MERGED_NAMESPACES = "merged-namespaces";
            MISMATCHED_PORTS = "mismatched-ports";
            MISMATCHED_SEPARATOR = "mismatched-separator" judged by mismatched_separator;
            MISORDERED_LABEL_READ = "misordered-label-read" judged by misordered_label_read;
            MISORDERED_PROBE_RULES = "misordered-probe-rules" judged by misordered_probe_rules;
            MISPLACED_PROBE_RULES = "misplaced-probe-rules" judged by misplaced_probe_rules;
            MISPLACED_VALUE_PATTERN = "misplaced-value-pattern" judged by misplaced_value_pattern;
            MISREAD_EXTERNAL_LABEL = "misread-external-label" judged by misread_external_label;
            MISREAD_GROUP = "misread-group" judged by misread_group;
            MISSING_ACTION = "missing-action";
            MISSING_ATTACH_METADATA = "missing-attach-metadata" judged by missing_attach_metadata;
            MISSING_FIELD = "missing-field";
            MISSING_FILE = "missing-file" judged by missing_file;
            MISSING_HONOR_LABELS = "missing-honor-labels" judged by missing_honor_labels;
            MISSING_HTTPS = "missing-https" judged by missing_https;
            MISSING_JOB_NAME = "missing-job-name";
            MISSING_LABELMAP_GROUP = "missing-labelmap-group" judged by missing_labelmap_group;
            MISSING_MODULUS = "missing-modulus";
            MISSING_PORT = "missing-port" judged by missing_port;
            MISSING_PROBE_TARGET = "missing-probe-target" judged by missing_probe_target;
            MISSING_TARGET_FILE = "missing-target-file";
            MISSING_TARGET_LABEL = "missing-target-label";
            MISSING_TARGETS = "missing-targets" judged by missing_targets;
            NEEDLESS_SOURCE_LABEL = "needless-source-label" judged by needless_source_label;
            NON_HTTP_PORT = "non-http-port" judged by non_http_port;
            OUT_OF_ORDER_SAMPLES = "out-of-order-samples" judged by out_of_order_samples;
            OVERWRITING_LABELMAP = "overwriting-labelmap" judged by overwriting_labelmap;
            PARTIAL_ANCHOR = "partial-anchor" judged by partial_anchor;
            PARTIAL_PARAM_LABEL = "partial-param-label" judged by partial_param_label;
            PARTIAL_TAG = "partial-tag" judged by partial_tag;
            PARTIAL_TARGET_LABEL = "partial-target-label" judged by partial_target_label;
            PARTIAL_WRITE_RULES = "partial-write-rules" judged by partial_write_rules;
            POD_WITHOUT_PORT = "pod-without-port" judged by pod_without_port;
            PORT_NUMBER_AS_NAME = "port-number-as-name";
            PRUNED_FIELD = "pruned-field";
            QUOTED_LABEL_NAME = "quoted-label-name" judged by quoted_label_name;
            REDUNDANT_ANCHOR = "redundant-anchor" judged by redundant_anchor;
            REDUNDANT_DEFAULT = "redundant-default" judged by redundant_default;
            REFUSED_OBJECT = "refused-object";
            REPEATED_POD_TARGET = "repeated-pod-target" judged by repeated_pod_target;
            RESERVED_HEADER = "reserved-header";
            SAMPLE_LIMIT_EXCEEDED = "sample-limit-exceeded";
            SHADOWED_VALUE = "shadowed-value" judged by shadowed_value;
            SKIPPED_OBJECT = "skipped-object";
            SPLIT_DISCOVERY = "split-discovery" judged by split_discovery;
            TARGET_LIMIT_EXCEEDED = "target-limit-exceeded";
            TOO_LARGE_TO_SIMULATE = "too-large-to-simulate";
            TOO_LONG_SCRAPE_INTERVAL = "too-long-scrape-interval" judged by too_long_scrape_interval;
            UNAVAILABLE_META_LABEL = "unavailable-meta-label" judged by unavailable_meta_label;
            UNBOUNDED_LABELMAP = "unbounded-labelmap" judged by unbounded_labelmap;
            UNCHECKED_PART = "unchecked-part";
            UNCONDITIONAL_DROP = "unconditional-drop" judged by unconditional_drop;
            UNDEFINED_LABELMAP_RESULT = "undefined-labelmap-result";
            UNENFORCED_NAMESPACE = "unenforced-namespace";
            UNESCAPED_DOT = "unescaped-dot" judged by unescaped_dot;
            UNEXPANDED_VARIABLE = "unexpanded-variable" judged by unexpanded_variable;
            UNEXPECTED_RULE_FIELD = "unexpected-rule-field";
            UNFILTERED_DISCOVERY = "unfiltered-discovery" judged by unfiltered_discovery;
            UNGENERATED_CONFIG = "ungenerated-config";
            UNKNOWN_FIELD = "unknown-field";
            UNKNOWN_GROUP = "unknown-group" judged by unknown_group;
            UNKNOWN_IGNORED_RULE = "unknown-ignored-rule";
            UNKNOWN_INTERNAL_LABEL = "unknown-internal-label" judged by unknown_internal_label;
            UNKNOWN_META_LABEL = "unknown-meta-label" judged by unknown_meta_label;
            UNKNOWN_SOURCE_LABEL = "unknown-source-label" judged by unknown_source_label;
            UNKNOWN_VALUE = "unknown-value";
            UNMATCHABLE_PATTERN = "unmatchable-pattern" judged by unmatchable_pattern;
            UNREACHABLE_INTERNAL_LABEL = "unreachable-internal-label" judged by unreachable_internal_label;
            UNREACHABLE_META_LABEL = "unreachable-meta-label" judged by unreachable_meta_label;
            UNREACHABLE_METRIC_NAME = "unreachable-metric-name" judged by unreachable_metric_name;
            UNREACHABLE_REPORT_SERIES = "unreachable-report-series" judged by unreachable_report_series;
            UNREACHABLE_SHARD = "unreachable-shard" judged by unreachable_shard;
            UNREADABLE_SCRAPE_CONFIG_FILE = "unreadable-scrape-config-file";
            UNREADABLE_TARGET_FILE = "unreadable-target-file";
            UNREMOVED_LABEL = "unremoved-label" judged by unremoved_label;
            UNSCRAPABLE_ADDRESS = "unscrapable-address" judged by unscrapable_address;
            UNSCRAPED_NATIVE_HISTOGRAMS = "unscraped-native-histograms" judged by unscraped_native_histograms;
            UNSELECTED_OBJECT = "unselected-object";
            UNSENT_PARAM_LABEL = "unsent-param-label" judged by unsent_param_label;
            UNSET_INSTANCE_LABEL = "unset-instance-label" judged by unset_instance_label;
            UNSUPPORTED_FORMAT = "unsupported-format";
            UNTRUSTED_HONOR_LABELS = "untrusted-honor-labels" judged by untrusted_honor_labels;
            UNUSABLE_METRICS_PATH = "unusable-metrics-path" judged by unusable_metrics_path;
            UNUSABLE_SCHEME = "unusable-scheme" judged by unusable_scheme;
            UNUSED_DISCOVERY_CREDENTIALS = "unused-discovery-credentials" judged by unused_discovery_credentials;
            UNUSED_HASH = "unused-hash" judged by unused_hash;
            UNUSED_IGNORE = "unused-ignore";
            UNUSED_NAMED_GROUP = "unused-named-group" judged by unused_named_group;
            UNUSED_SEPARATOR = "unused-separator" judged by unused_separator;
            UNUSED_TEMPORARY_LABEL = "unused-temporary-label" judged by unused_temporary_label;
            WRONG_TYPE = "wrong-type";
        }
    };
}
pub(crate) use for_each_id;

macro_rules! constants {
    ($($constant:ident = $name:literal $(judged by $module:ident)?;)*) => {
        $(
            #[doc = concat!("`", $name, "`: see its document with `promcfg explain-rule ", $name, "`.")]
            pub const $constant: Id = Id::new($name, include_str!(concat!("../../rules/", $name, ".md")));
        )*

        /// All of them, in the order of their names.
        static ALL: &[Id] = &[$($constant),*];
    };
}
for_each_id!(constants);

impl Id {
    /// The id of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        ALL.binary_search_by(|id| id.as_str().cmp(name)).ok().and_then(|index| ALL.get(index)).copied()
    }

    /// All ids, in the order of their names.
    #[must_use]
    pub fn all() -> &'static [Self] {
        ALL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_are_in_order_and_each_is_found_by_its_name() {
        assert!(Id::all().is_sorted());
        for id in Id::all() {
            assert_eq!(Id::named(id.as_str()), Some(*id));
            assert!(!id.document().is_empty(), "{id}");
        }
        assert_eq!(Id::named("unknown"), None);
    }
}
