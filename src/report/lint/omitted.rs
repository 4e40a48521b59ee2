//! Findings that are counted instead of shown: a generated file can have a million of one kind.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::diagnostic::{Id, MOST_OF_AN_ID, Severity};

use super::Finding;

/// Findings of one rule in one file that are not shown, as there are too many.
///
/// ```
/// use promcfg::{Diagnostic, Severity, Sources};
/// use promcfg::report::{Finding, LintReport};
/// use promcfg::text::{Location, Span};
/// let mut sources = Sources::new();
/// let at = Location::new(sources.add("a.yml", "x: 1\n"), Span::new(0, 1));
/// let diagnostic = Diagnostic::new(promcfg::diagnostic::ids::UNKNOWN_FIELD, Severity::Error, at, "unknown key");
/// let finding = Finding { sources: &sources, diagnostic: &diagnostic, is_failure: true };
/// let report = LintReport::new(vec![finding; 1001], vec!["a.yml"]);
/// assert_eq!((report.findings.len(), report.omitted[0].count), (1000, 1));
/// assert_eq!(report.omitted[0].sentence(), "1 more finding of `unknown-field` is not shown");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Omitted<'a> {
    /// The id of the rule.
    pub rule: &'static str,
    /// The severity of the first of them.
    pub severity: Severity,
    /// Whether one of them makes the run fail.
    pub is_failure: bool,
    /// The file.
    pub file: &'a str,
    /// How many.
    pub count: usize,
}

impl Omitted<'_> {
    /// The count in words.
    #[must_use]
    pub fn sentence(&self) -> String {
        let (count, rule) = (self.count, self.rule);
        let (noun, verb) = if count == 1 { ("finding", "is") } else { ("findings", "are") };
        format!("{count} more {noun} of `{rule}` {verb} not shown")
    }

    /// As JSON documents have it: `{"rule","file","count"}`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({ "rule": self.rule, "file": self.file, "count": self.count })
    }
}

/// The findings that are shown, and the counts of the others in the order of their first ones.
pub(super) fn bounded<'a>(mut findings: Vec<Finding<'a>>) -> (Vec<Finding<'a>>, Vec<Omitted<'a>>) {
    let mut seen: HashMap<(Id, &str), usize> = HashMap::new();
    let mut omitted: Vec<Omitted<'a>> = Vec::new();
    let mut places: HashMap<(Id, &str), usize> = HashMap::new();
    findings.retain(|finding| {
        let (diagnostic, file) = (finding.diagnostic, finding.file());
        let shown = seen.entry((diagnostic.id, file)).or_default();
        let is_shown = *shown < MOST_OF_AN_ID;
        *shown += usize::from(is_shown);
        let count = diagnostic.omitted + usize::from(!is_shown);
        if count > 0 {
            let place = *places.entry((diagnostic.id, file)).or_insert_with(|| {
                let (rule, severity) = (diagnostic.id.as_str(), diagnostic.severity);
                omitted.push(Omitted { rule, severity, is_failure: false, file, count: 0 });
                omitted.len() - 1
            });
            omitted[place].count += count;
            omitted[place].is_failure |= finding.is_failure;
        }
        is_shown
    });
    (findings, omitted)
}

#[cfg(test)]
mod tests {
    use super::super::tests::report_of;
    use super::*;
    use crate::report::{write_concise, write_github, write_gitlab, write_json, write_junit, write_sarif};

    #[test]
    fn what_was_not_kept_before_is_counted_with_what_is_cut_here() {
        let mut report = report_of("a.yml", &[("x: 1\n", 0, "is wrong"); MOST_OF_AN_ID + 2]);
        report.diagnostics[7].omitted = 40;
        let report = report.report();
        assert_eq!(report.findings.len(), MOST_OF_AN_ID);
        assert_eq!(
            report.omitted.iter().map(|omitted| (omitted.file, omitted.count)).collect::<Vec<_>>(),
            [("a.yml", 42)]
        );
    }

    #[test]
    fn every_form_says_how_many_are_omitted() {
        let mut report = report_of("a.yml", &[("x: 1\n", 0, "is wrong")]);
        report.diagnostics[0].omitted = 2;
        let report = report.report();
        let forms = [write_concise, write_github, write_gitlab, write_json, write_junit, write_sarif];
        let sentence = "2 more findings of `unknown-field` are not shown";
        for (index, form) in forms.into_iter().enumerate() {
            let mut out = Vec::new();
            form(&mut out, &report).expect("writing works");
            let text = String::from_utf8(out).expect("is text");
            let counted = "\"omitted\": [\n    {\n      \"count\": 2,\n      \"file\": \"a.yml\",\n      \"rule\": \"unknown-field\"\n    }\n  ]";
            assert!(text.contains(sentence) || text.contains(counted), "form {index}: {text}");
        }
    }
}
