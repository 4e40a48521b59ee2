//! The documents of the rules, taken apart.

use std::fs;
use std::path::{Path, PathBuf};

use promcfg::files::MemoryFiles;
use promcfg::input::Input;
use promcfg::lint::{lint_config, lint_input};
use promcfg::{Diagnostic, Options, Severity, Sources};
use serde::Deserialize;

/// The front matter of a document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
pub(super) struct Front {
    pub(super) severity: String,
    pub(super) fix: String,
    pub(super) since: String,
    pub(super) prometheus: String,
    /// The Prometheus version of the examples; the newest one when not given.
    pub(super) version: Option<String>,
    /// The command whose diagnostic it is; `none` when no file alone shows it.
    pub(super) command: Option<String>,
    /// The command of the good example, where it is another one.
    #[serde(rename = "good-command")]
    pub(super) good_command: Option<String>,
}

/// A document taken apart: its front matter, and its fenced blocks with the heading they stand under.
pub(super) struct Document {
    pub(super) path: PathBuf,
    pub(super) text: String,
    pub(super) front: Front,
    pub(super) blocks: Vec<Block>,
}

pub(super) struct Block {
    pub(super) heading: String,
    pub(super) info: String,
    pub(super) content: String,
    /// The bytes of the content in the document.
    pub(super) range: std::ops::Range<usize>,
}

pub(super) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")
}

/// The documents of what `promcfg lint` reports. Those of other commands name one (`command`).
pub(super) fn documents() -> Vec<Document> {
    all_documents().into_iter().filter(|document| document.front.command.is_none()).collect()
}

pub(super) fn all_documents() -> Vec<Document> {
    let entries = fs::read_dir(folder()).expect("the folder can be listed");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("can be listed").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md") && !path.ends_with("README.md"));
    paths.sort();
    paths.into_iter().map(read_document).collect()
}

pub(super) fn read_document(path: PathBuf) -> Document {
    let text = fs::read_to_string(&path).expect("can be read");
    let front = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).expect("has front matter").0;
    let front = serde_yaml::from_str(front).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let blocks = blocks(&text);
    Document { path, text, front, blocks }
}

pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut heading = String::new();
    let mut open: Option<(String, usize)> = None;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        match (line.strip_prefix("```"), open.take()) {
            (Some(_), Some((info, start))) => {
                let range = start..offset;
                blocks.push(Block { heading: heading.clone(), info, content: text[range.clone()].to_string(), range });
            }
            (Some(info), None) => open = Some((info.trim().to_string(), offset + line.len())),
            (None, was_open) => {
                open = was_open;
                if let Some(title) = line.strip_prefix("## ").filter(|_| open.is_none()) {
                    heading = title.trim().to_string();
                }
            }
        }
        offset += line.len();
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

impl Document {
    pub(super) fn id(&self) -> String {
        self.path.file_stem().expect("has a name").to_string_lossy().into_owned()
    }

    /// Writes the document at once, as other tests may be reading it.
    pub(super) fn rewrite(&self, text: &str) {
        let new = self.path.with_extension("new");
        fs::write(&new, text).expect("can be written");
        fs::rename(new, &self.path).expect("can be renamed");
    }

    pub(super) fn lint(&self, config: &str) -> (Vec<String>, Vec<&'static str>, bool) {
        let mut sources = Sources::new();
        let findings = self.findings_in(&mut sources, config);
        let lines = findings.iter().map(|finding| finding.display(&sources).to_string()).collect();
        let is_refused =
            findings.iter().any(|finding| finding.severity == Severity::Error && finding.upstream.is_some());
        (lines, findings.iter().map(|finding| finding.id.as_str()).collect(), is_refused)
    }

    pub(super) fn findings(&self, config: &str) -> Vec<Diagnostic> {
        self.findings_in(&mut Sources::new(), config)
    }

    /// What is found in an example: a config, or objects of prometheus-operator.
    fn findings_in(&self, sources: &mut Sources, example: &str) -> Vec<Diagnostic> {
        let files = self.files();
        let options = self.options(&files);
        let input = Input::parse("prometheus.yml", example);
        if input.has_operator_objects() {
            return lint_input(sources, &input, &options);
        }
        lint_config(sources, "prometheus.yml", input.tree(), &options)
    }

    fn options<'f>(&self, files: &'f MemoryFiles) -> Options<'f> {
        let version = self.front.version.as_deref().map(|version| version.parse().expect("is a version"));
        Options::new(files).with_release(version.unwrap_or_default())
    }

    /// The files of the section "Files": names and contents.
    pub(super) fn named_blocks(&self) -> impl Iterator<Item = (&str, &str)> {
        self.blocks.iter().filter_map(|block| {
            let (_, title) = block.info.split_once("title=")?;
            Some((title.trim_matches('"'), block.content.as_str()))
        })
    }

    fn files(&self) -> MemoryFiles {
        self.named_blocks().collect()
    }

    pub(super) fn blocks_of(&self, heading: &str, info: &str) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(move |block| block.heading == heading && block.info == info)
    }
}
