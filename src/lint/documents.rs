//! The documents of the rules: the only place with a rule's metadata, prose and examples.

use std::sync::OnceLock;

use crate::diagnostic::{Id, Severity};

/// A rule's document, `rules/<id>.md`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleDocument {
    /// Its id, such as `invalid-regex`.
    pub id: Id,
    /// How bad its findings are.
    pub severity: Severity,
    /// Whether Prometheus refuses the bad example.
    pub is_rejected: bool,
    /// The first version of promcfg with this rule.
    pub since: String,
    /// The problem that it reports, in one line.
    pub summary: &'static str,
    /// The document without its front matter, in Markdown.
    pub text: &'static str,
}

/// Every rule, in the order of the ids.
///
/// ```
/// assert!(promcfg::lint::rule_documents().iter().any(|rule| rule.id == "invalid-regex"));
/// ```
#[must_use]
pub fn rule_documents() -> &'static [RuleDocument] {
    static RULES: OnceLock<Vec<RuleDocument>> = OnceLock::new();
    RULES.get_or_init(|| Id::all().iter().map(|&id| parse(id)).collect())
}

/// The rule of that id.
///
/// ```
/// assert_eq!(promcfg::lint::rule_document("unknown-field").map(|rule| rule.is_rejected), Some(true));
/// ```
#[must_use]
pub fn rule_document(id: impl AsRef<str>) -> Option<&'static RuleDocument> {
    let id = id.as_ref();
    let index = rule_documents().binary_search_by(|rule| rule.id.as_str().cmp(id)).ok()?;
    rule_documents().get(index)
}

fn parse(id: Id) -> RuleDocument {
    let document = id.document();
    let rest = document.strip_prefix("---\n").unwrap_or(document);
    let (front, text) = rest.split_once("\n---\n").unwrap_or(("", rest));
    // The lines needed here are plain, so that no command waits for a hundred documents to be read as YAML.
    let value = |key: &str, line: &'static str| line.strip_prefix(key)?.strip_prefix(": ").map(str::trim);
    let get = |key: &str| front.lines().find_map(|line| value(key, line)).unwrap_or("");
    let severity = match get("severity") {
        "info" => Severity::Info,
        "warning" => Severity::Warning,
        _ => Severity::Error,
    };
    let text = text.trim_start();
    let summary = text.lines().skip(1).find(|line| !line.trim().is_empty()).unwrap_or("");
    RuleDocument {
        id,
        severity,
        is_rejected: get("prometheus") == "rejects",
        since: get("since").to_string(),
        summary,
        text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Tree;

    #[test]
    fn the_lines_of_the_front_matter_say_what_they_say_as_yaml() {
        for rule in rule_documents() {
            let front = rule.id.document().split("---\n").nth(1).unwrap();
            let tree = Tree::parse(front);
            let get = |key: &str| {
                let found = tree.root().unwrap().entries().find(|(name, _)| name.value() == key);
                found.map(|(_, value)| value.value().to_string()).unwrap()
            };
            let severity = rule.severity.to_string();
            let prometheus = if rule.is_rejected { "rejects" } else { "accepts" };
            assert_eq!([get("severity"), get("prometheus"), get("since")], [&severity, prometheus, &rule.since]);
        }
    }

    #[test]
    fn every_document_has_a_summary_and_the_list_is_in_order() {
        for rule in rule_documents() {
            assert!(!rule.summary.is_empty() && !rule.since.is_empty(), "{}", rule.id);
            assert!(rule.text.starts_with(&format!("# {}\n", rule.id)), "{}", rule.id);
        }
        assert!(rule_documents().is_sorted_by_key(|rule| rule.id));
    }
}
