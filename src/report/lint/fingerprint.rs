//! What a finding is known by from one run to the next.

use std::collections::HashMap;
use std::fmt::Write;

use md5::{Digest, Md5};

use super::path::tidy_path;
use super::{Finding, LintReport};

/// A fingerprint for each finding, in their order. It stays as it is when lines are put in or taken
/// out elsewhere in the file, and when a job gets more rules: it is made of the rule, the file, the
/// job and the message (rules and targets not counted), and for findings that have all of them in
/// common of how many there are before it. No text of the file goes into it.
pub(super) fn fingerprints(report: &LintReport<'_>) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let fingerprint = |finding: &Finding<'_>| {
        let key = key(finding);
        let earlier = seen.entry(key.clone()).or_default();
        let digest = Md5::digest(format!("{key}\0{earlier}").as_bytes());
        *earlier += 1;
        hexadecimal(&digest)
    };
    report.findings.iter().map(fingerprint).collect()
}

fn key(finding: &Finding<'_>) -> String {
    let job = finding.diagnostic.job.as_deref().unwrap_or("");
    let message = without_indices(&finding.diagnostic.message);
    format!("{}\0{}\0{job}\0{message}", finding.diagnostic.id, tidy_path(finding.file()))
}

/// `relabel_configs[3]` becomes `relabel_configs[]`.
fn without_indices(message: &str) -> String {
    let mut parts = message.split('[');
    let mut plain = parts.next().unwrap_or("").to_string();
    for part in parts {
        plain.push('[');
        let rest = part.trim_start_matches(|character: char| character.is_ascii_digit());
        plain.push_str(if rest.starts_with(']') { rest } else { part });
    }
    plain
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
    use super::super::tests::report_of;
    use super::*;

    #[test]
    fn a_fingerprint_survives_lines_and_rules_put_in_before_it() {
        let one = report_of("a.yml", &[("x: 1\n", 0, "relabel_configs[0]: \"kep\" is no action")]);
        let other = report_of("a.yml", &[("\n\nx: 1\n", 2, "relabel_configs[12]: \"kep\" is no action")]);
        assert_eq!(fingerprints(&one.report()), fingerprints(&other.report()));
        let elsewhere = report_of("b.yml", &[("x: 1\n", 0, "relabel_configs[0]: \"kep\" is no action")]);
        assert_ne!(fingerprints(&one.report()), fingerprints(&elsewhere.report()));
        let another = report_of("a.yml", &[("x: 1\n", 0, "relabel_configs[0]: \"kepp\" is no action")]);
        assert_ne!(fingerprints(&one.report()), fingerprints(&another.report()));
    }

    #[test]
    fn equal_findings_of_a_file_are_told_apart() {
        let twice = report_of("a.yml", &[("x: 1\n", 0, "is wrong"), ("x: 1\n", 3, "is wrong")]);
        let found = fingerprints(&twice.report());
        assert_ne!(found[0], found[1]);
        assert_eq!(found[0].len(), 32);
    }

    #[test]
    fn only_whole_numbers_in_brackets_are_indices() {
        assert_eq!(without_indices("relabel_configs[3]: `[0-9]` and [12"), "relabel_configs[]: `[0-9]` and [12");
    }
}
