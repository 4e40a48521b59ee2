//! No command ever shows a secret: markers are planted in every secret field, in all the ways a value is written, among
//! faults of every kind, and looked for in every output.

mod canaries;
mod cases;
mod corpus;
mod forms;
mod other_files;
mod planted;
mod sweep;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use promcfg::edit::{AddLabel, Method, Selection};
use promcfg::input::Input;
use promcfg::lint::lint_input;
use promcfg::report::{
    EditReport, Finding, LintReport, Look, edit_json, printable, unified_diff, write_concise, write_github,
    write_gitlab, write_json, write_junit, write_sarif,
};
use promcfg::text::{Edits, Span};
use promcfg::{Diagnostic, Document, Options, Sources};

/// What is planted.
const MARKER: &str = "h1dd3nMarker";
/// So much of it is looked for: messages cut what they cite.
const PART: &str = "h1dd3";

/// The text that the tool writes when it is run in a folder, to both of its streams.
fn run(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(assert_cmd::cargo::cargo_bin!("promcfg"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("the tool runs");
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

/// All that the library shows of a text: findings in every format, the lines, a diff of the whole text, an edit.
fn shown(name: &str, text: &str) -> String {
    let mut sources = Sources::new();
    let input = Input::parse(name, text);
    let diagnostics = lint_input(&mut sources, &input, &Options::default());
    let mut out = Vec::new();
    write_findings(&mut out, &sources, &diagnostics);
    let mut shown = String::from_utf8(out).expect("is text");
    shown.push_str(&printable(text));
    shown.push_str(&unified_diff(name, text, &at_every_line(text), Look::default()));
    shown.push_str(&edited(name, text));
    shown
}

/// What an edit shows.
fn edited(name: &str, text: &str) -> String {
    let selection = Selection { all_jobs: true, ..Selection::default() };
    let add =
        AddLabel { name: "a".into(), value: "b".into(), method: Method::Relabel, selection, ..AddLabel::default() };
    let mut document = Document::new(name, text, &Options::default());
    let change = document.add_label(&add);
    let report = match &change {
        Ok(change) => EditReport {
            files: change.files.iter().collect(),
            changes: vec![change],
            notes: change.notes.iter().map(String::as_str).collect(),
            ..EditReport::default()
        },
        Err(promcfg::edit::EditError::Refused(refused)) => EditReport {
            refused: refused.iter().map(|refusal| (document.sources(), refusal)).collect(),
            ..EditReport::default()
        },
        Err(_) => EditReport::default(),
    };
    edit_json(&report).to_string()
}

fn write_findings(out: &mut Vec<u8>, sources: &Sources, diagnostics: &[Diagnostic]) {
    let findings =
        diagnostics.iter().map(|diagnostic| Finding { sources, diagnostic, is_failure: true }).collect::<Vec<_>>();
    let report = LintReport::new(findings, Vec::new());
    let formats = [write_concise, write_github, write_gitlab, write_json, write_junit, write_sarif];
    formats.iter().for_each(|write| write(out, &report).expect("writing works"));
    for diagnostic in diagnostics {
        out.extend(format!("{:#}\n", diagnostic.display(sources)).into_bytes());
    }
}

/// Insertions so near to each other that a diff shows every line.
fn at_every_line(text: &str) -> Edits {
    let starts = text.match_indices('\n').map(|(at, _)| at + 1).step_by(2);
    Edits::new(starts.map(|at| (Span::empty(at), "# x\n".to_string())).collect()).expect("are apart")
}

/// The outputs of many commands for a config, alone and in a manifest.
fn outputs(config: &str, runs: &[&[&str]]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(folder.path().join("p.yml"), config).expect("the file can be written");
    let manifest =
        format!("kind: ConfigMap\ndata:\n  prometheus.yml: |\n    {}\n", config.trim().replace('\n', "\n    "));
    fs::write(folder.path().join("cm.yml"), manifest).expect("the file can be written");
    runs.iter().map(|arguments| run(folder.path(), arguments)).collect()
}
