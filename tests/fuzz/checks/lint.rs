//! A name, a newline, a text: linting ends, every finding has its place, every format is well formed, and fixes leave
//! a text that loads if the old one did.

use promcfg::edit::fix_config;
use promcfg::input::Input;
use promcfg::lint::lint_input;
use promcfg::report::{
    Finding, LintReport, write_concise, write_github, write_gitlab, write_json, write_junit, write_sarif,
};
use promcfg::{Diagnostic, Options, Sources};

pub(crate) fn check(bytes: &[u8]) {
    let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else { return };
    let (name, text) = (String::from_utf8_lossy(&bytes[..end]), &bytes[end + 1..]);
    let input = Input::decode(&name, text);
    let mut sources = Sources::new();
    let findings = lint_input(&mut sources, &input, &Options::default());
    for finding in &findings {
        let at = sources.outermost(finding.at);
        assert!(sources.text(at.file).get(at.span.range()).is_some(), "{finding:?}");
        for edit in finding.fix.iter().flat_map(|fix| fix.edits.iter()) {
            assert!(sources.text(finding.at.file).get(edit.span.range()).is_some(), "{finding:?}");
        }
    }
    reports(&name, &findings, &sources);
    fixes(&name, &input, &findings);
}

fn reports(name: &str, findings: &[Diagnostic], sources: &Sources) {
    let findings: Vec<Finding<'_>> =
        findings.iter().map(|diagnostic| Finding { diagnostic, sources, is_failure: true }).collect();
    let report = LintReport::new(findings, vec![name]);
    for write in [write_json, write_gitlab, write_sarif] {
        let mut out = Vec::new();
        write(&mut out, &report).expect("memory takes all");
        let value: Result<serde_json::Value, _> = serde_json::from_slice(&out);
        assert!(value.is_ok(), "invalid JSON: {value:?}");
    }
    for write in [write_concise, write_github, write_junit] {
        let mut out = Vec::new();
        write(&mut out, &report).expect("memory takes all");
        let text = std::str::from_utf8(&out).expect("is UTF-8");
        let is_raw = |character: char| character.is_control() && !matches!(character, '\n' | '\t');
        assert!(!text.contains(is_raw), "a control character in {text:?}");
    }
}

fn fixes(name: &str, input: &Input, findings: &[Diagnostic]) {
    if findings.iter().all(|finding| finding.fix.is_none()) {
        return;
    }
    let text = input.tree().text().clone();
    let outcome = fix_config(name, text, &Options::default(), &|_, _| true);
    for file in &outcome.files {
        let after = Input::parse(name, file.after());
        let mut sources = Sources::new();
        let left = lint_input(&mut sources, &after, &Options::default());
        let errors = |findings: &[Diagnostic]| findings.iter().filter(|finding| finding.is_error()).count();
        assert!(errors(&left) <= errors(findings), "{:?} has more errors than before", file.after());
    }
}
