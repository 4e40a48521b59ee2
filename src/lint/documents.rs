//! The documents of the rules: the only place with a rule's metadata, prose and examples.

use std::sync::OnceLock;

use crate::diagnostic::Severity;
use crate::yaml::Tree;

/// A rule's document, `rules/<id>.md`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleDocument {
    /// Its id, such as `invalid-regex`.
    pub id: &'static str,
    /// How bad its findings are.
    pub severity: Severity,
    /// Whether Prometheus refuses the bad example.
    pub is_rejected: bool,
    /// The version of promcfg that had it first.
    pub since: String,
    /// What it tells, in one line.
    pub summary: &'static str,
    /// The document without its front matter, in Markdown.
    pub text: &'static str,
}

macro_rules! documents {
    ($($id:literal),* $(,)?) => {
        &[$(($id, include_str!(concat!("../../rules/", $id, ".md")))),*]
    };
}

/// Every document, in the order of the ids.
static DOCUMENTS: &[(&str, &str)] = documents![
    "address-without-port",
    "binary-value",
    "colliding-targets",
    "conflicting-fields",
    "constant-instance",
    "deleting-copy",
    "deprecated-field",
    "doubled-backslash",
    "dropped-targets",
    "duplicate-endpoint-name",
    "duplicate-field",
    "duplicate-job-name",
    "duplicate-rule",
    "duplicate-scrape",
    "duplicate-target",
    "empty-alternative",
    "empty-entry",
    "empty-node-role-label",
    "empty-regex",
    "empty-replacement",
    "expanded-external-label",
    "glob-pattern",
    "ignored-documents",
    "ignored-field",
    "incomplete-probe-rules",
    "ineffective-labeldrop",
    "ineffective-optional-part",
    "ineffective-rule",
    "inline-secret",
    "invalid-action",
    "invalid-duration",
    "invalid-escaping-scheme",
    "invalid-hostname",
    "invalid-internal-label",
    "invalid-json",
    "invalid-label-name",
    "invalid-metric-name",
    "invalid-name-scheme",
    "invalid-path-pattern",
    "invalid-regex",
    "invalid-replacement",
    "invalid-scrape-protocol",
    "invalid-scrape-timeout",
    "invalid-size",
    "invalid-target",
    "invalid-target-label",
    "invalid-url",
    "invalid-value",
    "invalid-yaml",
    "ipv4-only-address",
    "leaking-temporary-label",
    "leftover-placeholder",
    "literal-reference",
    "lost-default",
    "lost-identity-label",
    "lost-request-label",
    "lost-required-label",
    "malformed-ignore",
    "merged-metrics",
    "mismatched-separator",
    "misordered-label-read",
    "misordered-probe-rules",
    "misplaced-probe-rules",
    "misread-external-label",
    "misread-group",
    "missing-action",
    "missing-attach-metadata",
    "missing-field",
    "missing-honor-labels",
    "missing-job-name",
    "missing-labelmap-group",
    "missing-modulus",
    "missing-port",
    "missing-probe-target",
    "missing-target-label",
    "missing-targets",
    "out-of-order-samples",
    "overwriting-labelmap",
    "partial-anchor",
    "partial-param-label",
    "partial-tag",
    "partial-write-rules",
    "quoted-label-name",
    "redundant-anchor",
    "redundant-default",
    "repeated-pod-target",
    "reserved-header",
    "shadowed-value",
    "target-limit-exceeded",
    "too-large-to-simulate",
    "too-long-scrape-interval",
    "unbounded-labelmap",
    "unconditional-drop",
    "undefined-labelmap-result",
    "unescaped-dot",
    "unexpanded-variable",
    "unexpected-rule-field",
    "unknown-field",
    "unknown-group",
    "unknown-ignored-rule",
    "unknown-internal-label",
    "unknown-meta-label",
    "unknown-source-label",
    "unknown-value",
    "unmatchable-pattern",
    "unreachable-internal-label",
    "unreachable-meta-label",
    "unreachable-metric-name",
    "unreachable-report-series",
    "unreachable-shard",
    "unreadable-scrape-config-file",
    "unreadable-target-file",
    "unset-instance-label",
    "untrusted-honor-labels",
    "unusable-metrics-path",
    "unusable-scheme",
    "unused-hash",
    "unused-ignore",
    "unused-named-group",
    "unused-separator",
    "unused-temporary-label",
    "wrong-type",
];

/// Every rule, in the order of the ids.
///
/// ```
/// assert!(promcfg::lint::rule_documents().iter().any(|rule| rule.id == "invalid-regex"));
/// ```
#[must_use]
pub fn rule_documents() -> &'static [RuleDocument] {
    static RULES: OnceLock<Vec<RuleDocument>> = OnceLock::new();
    RULES.get_or_init(|| DOCUMENTS.iter().map(|&(id, document)| parse(id, document)).collect())
}

/// The rule of that id.
///
/// ```
/// assert_eq!(promcfg::lint::rule_document("unknown-field").map(|rule| rule.is_rejected), Some(true));
/// ```
#[must_use]
pub fn rule_document(id: &str) -> Option<&'static RuleDocument> {
    rule_documents().iter().find(|rule| rule.id == id)
}

fn parse(id: &'static str, document: &'static str) -> RuleDocument {
    let rest = document.strip_prefix("---\n").unwrap_or(document);
    let (front, text) = rest.split_once("\n---\n").unwrap_or(("", rest));
    let front = Tree::parse(front);
    let get = |key: &str| {
        let found = front.root().and_then(|root| root.entries().find(|(name, _)| name.value() == key));
        found.map_or("", |(_, value)| value.value()).to_string()
    };
    let severity = match get("severity").as_str() {
        "info" => Severity::Info,
        "warning" => Severity::Warning,
        _ => Severity::Error,
    };
    let text = text.trim_start();
    let summary = text.lines().skip(1).find(|line| !line.trim().is_empty()).unwrap_or("");
    RuleDocument { id, severity, is_rejected: get("prometheus") == "rejects", since: get("since"), summary, text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_has_a_summary_and_the_list_is_in_order() {
        for rule in rule_documents() {
            assert!(!rule.summary.is_empty() && !rule.since.is_empty(), "{}", rule.id);
            assert!(rule.text.starts_with(&format!("# {}\n", rule.id)), "{}", rule.id);
        }
        assert!(rule_documents().is_sorted_by_key(|rule| rule.id));
    }
}
