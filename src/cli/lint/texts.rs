//! Reads and lints the files, on all cores; what comes out does not depend on how many there are.

use std::collections::HashSet;

use promcfg::lint::{FileKind, lint_config, lint_manifest, lint_targets, recognize};
use promcfg::text::decode_text;
use promcfg::yaml::Tree;
use promcfg::{Diagnostic, Options, Sources};
use rayon::prelude::*;

use super::files::{Candidate, RecordingDisk, identity};
use crate::cli::args::LintArguments;
use crate::cli::input;
use crate::cli::status::Failure;

/// A file to be linted.
pub(super) struct Text {
    pub(super) name: String,
    /// Whether it comes from standard input.
    pub(super) is_input: bool,
    bytes: Vec<u8>,
    tree: Tree,
    pub(super) kind: FileKind,
}

/// A file that was linted, with all that was found on its occasion: in the file, and in those that
/// it includes.
pub(super) struct Linted {
    pub(super) name: String,
    pub(super) sources: Sources,
    pub(super) findings: Vec<Diagnostic>,
}

/// Reads the files that are to be linted, in their order.
pub(super) fn read_all(
    candidates: Vec<Candidate>,
    arguments: &LintArguments,
    mut fail: impl FnMut(Failure),
) -> Vec<Text> {
    let read = in_parallel(candidates, |candidate| read(&candidate, arguments));
    let mut texts = Vec::new();
    for text in read {
        match text {
            Ok(text) => texts.extend(text),
            Err(failure) => fail(failure),
        }
    }
    texts
}

/// Reads a file, if it is one to be linted.
fn read(candidate: &Candidate, arguments: &LintArguments) -> Result<Option<Text>, Failure> {
    let bytes = input::read_bytes(&candidate.path, "config")?;
    let tree = Tree::from_decoded(decode_text(&bytes));
    let kind = recognize(&tree);
    let is_optional = !candidate.is_named || arguments.only_recognized;
    if kind == FileKind::Other && is_optional {
        return Ok(None);
    }
    let name = candidate.shown_name(arguments).to_string();
    // Only target groups are read from bytes once more.
    let bytes = if kind == FileKind::Targets { bytes } else { Vec::new() };
    Ok(Some(Text { name, is_input: candidate.path == "-", bytes, tree, kind }))
}

/// Lints files. What a file includes is read with it, and is not linted by itself again: so those
/// that may include configs come first, then other configs, then target groups.
pub(super) fn lint_all(texts: Vec<Text>) -> Vec<Linted> {
    let mut rounds: [Vec<Text>; 3] = Default::default();
    for text in texts {
        rounds[round(&text)].push(text);
    }
    let mut included: HashSet<String> = HashSet::new();
    let mut all = Vec::new();
    for texts in rounds {
        let (passed, texts): (Vec<Text>, Vec<Text>) =
            texts.into_iter().partition(|text| included.contains(&identity(&text.name)));
        all.extend(passed.into_iter().map(|text| Linted::without_findings(text.name)));
        for (linted, read) in in_parallel(texts, lint) {
            // A config that one before it in the same round includes.
            if included.contains(&identity(&linted.name)) {
                all.push(Linted::without_findings(linted.name));
            } else {
                included.extend(read);
                all.push(linted);
            }
        }
    }
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

impl Linted {
    fn without_findings(name: String) -> Self {
        Self { name, sources: Sources::new(), findings: Vec::new() }
    }
}

impl Text {
    /// Whether it may include configs.
    pub(super) fn includes(&self) -> bool {
        self.tree.text().contains("scrape_config_files")
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.tree.text().as_bytes()
    }
}

fn round(text: &Text) -> usize {
    match text.kind {
        _ if text.includes() => 0,
        FileKind::Targets => 2,
        _ => 1,
    }
}

/// Lints a file; with it come the files that were read on its occasion.
fn lint(text: Text) -> (Linted, HashSet<String>) {
    let Text { name, bytes, tree, kind, is_input: _ } = text;
    let (mut sources, disk) = (Sources::new(), RecordingDisk::default());
    let findings = match kind {
        FileKind::Targets => lint_targets(&mut sources, &name, &bytes),
        FileKind::Manifest => lint_manifest(&mut sources, &name, &tree, &Options::new(&disk)),
        _ => lint_config(&mut sources, &name, &tree, &Options::new(&disk)),
    };
    // Texts are kept to show what was found in them.
    let sources = if findings.is_empty() { Sources::new() } else { sources };
    (Linted { name, sources, findings }, disk.into_read())
}

/// Results in the order of the items, whichever thread they came from.
fn in_parallel<I: Send, O: Send>(items: Vec<I>, work: impl Fn(I) -> O + Send + Sync) -> Vec<O> {
    // Threads are started when they are first used.
    if items.len() < 2 { items.into_iter().map(work).collect() } else { items.into_par_iter().map(work).collect() }
}
