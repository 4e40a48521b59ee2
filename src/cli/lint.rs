//! `promcfg lint`: what is wrong with the configs of a repository.

mod files;

use std::io::Write;

use promcfg::{
    Diagnostic, FileKind, Finding, LintReport, Severity, Sources, Tree, decode_text, lint_config, lint_manifest,
    lint_targets, recognise, rule, write_concise, write_github, write_gitlab, write_json, write_junit, write_sarif,
};

use self::files::{Candidate, RecordingDisk};
use super::args::{FailOn, LintArguments, LintFormat};
use super::diagnostics;
use super::input;
use super::rules::unknown_rule;
use super::status::{Failure, Status, Stop};
use super::terminal::Terminal;

pub(crate) fn run(arguments: &LintArguments, terminal: &Terminal) -> Result<Status, Stop> {
    for id in arguments.select.iter().chain(&arguments.ignore) {
        rule(id).ok_or_else(|| unknown_rule(id))?;
    }
    let mut run =
        Run { arguments, terminal, sources: Sources::new(), findings: Vec::new(), files: Vec::new(), failed: false };
    run.lint()?;
    run.print()?;
    let is_found = run.findings.iter().any(|finding| run.is_failure(finding));
    let found = if is_found { Status::Found } else { Status::Fine };
    Ok(if run.failed { Status::CouldNot } else { found })
}

fn is_at_least(severity: Severity, least: FailOn) -> bool {
    severity
        >= match least {
            FailOn::Error => Severity::Error,
            FailOn::Warning => Severity::Warning,
            FailOn::Info => Severity::Info,
        }
}

struct Run<'a> {
    arguments: &'a LintArguments,
    terminal: &'a Terminal,
    sources: Sources,
    findings: Vec<Diagnostic>,
    /// The names of the files that were linted.
    files: Vec<String>,
    /// Whether a file could not be read.
    failed: bool,
}

/// A file to be linted.
struct Text {
    name: String,
    bytes: Vec<u8>,
    tree: Tree,
    kind: FileKind,
}

impl Run<'_> {
    fn lint(&mut self) -> Result<(), Stop> {
        let candidates = files::candidates(&self.arguments.paths);
        let mut texts: Vec<Text> = Vec::new();
        for candidate in candidates {
            match candidate.and_then(|candidate| self.read(&candidate)) {
                Ok(text) => texts.extend(text),
                Err(failure) => {
                    self.failed = true;
                    self.terminal.fail(&failure);
                }
            }
        }
        // A config goes before the files it includes: those are read with its globals.
        texts.sort_by_key(|text| !text.tree.text().contains("scrape_config_files"));
        let disk = RecordingDisk::default();
        for text in texts {
            self.files.push(text.name.clone());
            if disk.was_read(&text.name) {
                continue;
            }
            let mut findings = match text.kind {
                FileKind::Targets => lint_targets(&mut self.sources, &text.name, &text.bytes),
                FileKind::Manifest => lint_manifest(&mut self.sources, &text.name, &text.tree, &disk),
                _ => lint_config(&mut self.sources, &text.name, &text.tree, &disk),
            };
            findings.retain(|finding| self.is_wanted(finding));
            self.findings.extend(findings);
        }
        if self.files.is_empty() && !self.failed {
            self.terminal.note("no Prometheus config is there: nothing was linted");
        }
        let sources = &self.sources;
        let place = |finding: &Diagnostic| {
            let at = sources.outermost(finding.at);
            (sources.name(at.file).to_string(), at.span)
        };
        self.findings.sort_by_cached_key(place);
        self.findings
            .dedup_by(|one, other| one.id == other.id && one.message == other.message && place(one) == place(other));
        Ok(())
    }

    fn is_wanted(&self, finding: &Diagnostic) -> bool {
        let is = |ids: &[String]| ids.iter().any(|id| id == finding.id);
        (self.arguments.select.is_empty() || is(&self.arguments.select)) && !is(&self.arguments.ignore)
    }

    /// Reads a file, if it is one to be linted.
    fn read(&self, candidate: &Candidate) -> Result<Option<Text>, Failure> {
        let bytes = input::read_bytes(&candidate.path, "config")?;
        let tree = Tree::from_decoded(decode_text(&bytes));
        let kind = recognise(&tree);
        let is_optional = !candidate.is_named || self.arguments.only_recognised;
        if kind == FileKind::Other && is_optional {
            return Ok(None);
        }
        let name = match (&self.arguments.stdin_filename, candidate.path.as_str()) {
            (Some(name), "-") => name.clone(),
            (_, path) => input::shown_name(path).to_string(),
        };
        Ok(Some(Text { name, bytes, tree, kind }))
    }

    fn print(&self) -> Result<(), Stop> {
        let mut output = self.terminal.output();
        let report = self.report();
        match self.arguments.format {
            LintFormat::Human => {
                output.write_all(diagnostics::draw(&self.sources, &self.findings, self.terminal.stdout).as_bytes())?;
                if !self.terminal.quiet && !self.files.is_empty() {
                    writeln!(output, "{}", self.summary())?;
                }
            }
            LintFormat::Concise => write_concise(&mut output, &report)?,
            LintFormat::Json => write_json(&mut output, &report)?,
            LintFormat::Sarif => write_sarif(&mut output, &report)?,
            LintFormat::Github => write_github(&mut output, &report)?,
            LintFormat::Gitlab => write_gitlab(&mut output, &report)?,
            LintFormat::Junit => write_junit(&mut output, &report)?,
        }
        output.flush()?;
        Ok(())
    }

    fn report(&self) -> LintReport<'_> {
        let finding =
            |diagnostic| Finding { sources: &self.sources, diagnostic, is_failure: self.is_failure(diagnostic) };
        LintReport {
            findings: self.findings.iter().map(finding).collect(),
            files: self.files.iter().map(String::as_str).collect(),
        }
    }

    fn is_failure(&self, finding: &Diagnostic) -> bool {
        is_at_least(finding.severity, self.arguments.fail_on)
    }

    /// `2 files: 3 errors, 1 warning`.
    fn summary(&self) -> String {
        let counted = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
        let of = |severity: Severity| self.findings.iter().filter(|finding| finding.severity == severity).count();
        let parts = [(of(Severity::Error), "error"), (of(Severity::Warning), "warning"), (of(Severity::Info), "note")];
        let parts: Vec<String> =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, noun)| counted(*count, noun)).collect();
        let found = if parts.is_empty() { "nothing found".to_string() } else { parts.join(", ") };
        format!("{}: {found}", counted(self.files.len(), "file"))
    }
}
