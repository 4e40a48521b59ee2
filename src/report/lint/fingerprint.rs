//! What a finding is known by from one run to the next.

use std::collections::HashMap;
use std::fmt::Write;

use md5::{Digest, Md5};
use serde_json::json;

use super::path::tidy_path;
use super::{Finding, LintReport, Omitted};

/// A fingerprint for each finding, in their order. It is made of the rule, the file, the job and the named
/// arguments of the diagnostic, and for findings that have all of them in common of how many there are before
/// it. So it stays as it is when lines or rules are added elsewhere and when a message is reworded. No text of
/// the file goes into it.
pub(super) fn fingerprints(report: &LintReport<'_>) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let fingerprint = |finding: &Finding<'_>| {
        let key = key(finding);
        let earlier = seen.entry(key.clone()).or_default();
        let fingerprint = digest(&format!("{key}{earlier}"));
        *earlier += 1;
        fingerprint
    };
    report.findings.iter().map(fingerprint).collect()
}

/// A fingerprint of the note that findings are omitted, however many there are.
pub(super) fn omitted_fingerprint(omitted: &Omitted<'_>) -> String {
    digest(&json!(["omitted", omitted.rule, tidy_path(omitted.file)]).to_string())
}

fn key(finding: &Finding<'_>) -> String {
    let diagnostic = finding.masked();
    let job = diagnostic.job.as_deref().unwrap_or("");
    json!([diagnostic.id, tidy_path(finding.file()), job, diagnostic.arguments]).to_string()
}

fn digest(key: &str) -> String {
    hexadecimal(&Md5::digest(key.as_bytes()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _never = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Kept, report_of};
    use super::*;

    /// A finding at `offset` of a text, with one argument.
    fn finding(file: &str, text: &str, offset: usize, message: &str, label: &str) -> Kept {
        let mut report = report_of(file, &[(text, offset, message)]);
        report.diagnostics[0].arguments.push(("label", label.to_string()));
        report
    }

    fn fingerprint(report: &Kept) -> String {
        fingerprints(&report.report()).remove(0)
    }

    #[test]
    fn a_fingerprint_survives_another_message_and_lines_put_in_before_it() {
        let one = finding("a.yml", "regex: 1\n", 0, "relabel_configs[0]: `app` is not set", "app");
        let mut other = finding("a.yml", "\n\nregex: 1\n", 2, "relabel_configs[12]: the label `app` is empty", "app");
        other.diagnostics[0].notes.push("which is new".to_string());
        assert_eq!(fingerprint(&one), fingerprint(&other));
    }

    #[test]
    fn another_label_job_or_file_is_another_finding() {
        let message = "`app` is not set";
        let one = fingerprint(&finding("a.yml", "regex: 1\n", 0, message, "app"));
        assert_ne!(one, fingerprint(&finding("a.yml", "regex: 1\n", 0, message, "env")));
        assert_ne!(one, fingerprint(&finding("b.yml", "regex: 1\n", 0, message, "app")));
        let mut of_job = finding("a.yml", "regex: 1\n", 0, message, "app");
        of_job.diagnostics[0].job = Some("web".to_string());
        assert_ne!(one, fingerprint(&of_job));
    }

    #[test]
    fn the_text_of_the_file_does_not_enter() {
        let one = fingerprint(&finding("a.yml", "password: hunter2\n", 10, "is inline", "password"));
        let other = fingerprint(&finding("a.yml", "password: hunter3\n", 10, "is inline", "password"));
        assert_eq!(one, other);
    }

    #[test]
    fn equal_findings_of_a_file_are_told_apart() {
        let twice = report_of("a.yml", &[("regex: 1\n", 0, "is wrong"), ("regex: 1\n", 3, "is wrong")]);
        let found = fingerprints(&twice.report());
        assert_ne!(found[0], found[1]);
        assert_eq!(found[0].len(), 32);
    }
}
