//! Runs the documents of the rules: a bad example gives exactly its report, a good one nothing.
//! `UPDATE=1 cargo test --test rules` writes the reports.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use promcfg::{Files, Severity, Sources, Tree, concise_line, lint_config, rules};
use serde::Deserialize;

/// The front matter of a document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
struct Front {
    severity: String,
    fix: String,
    since: String,
    prometheus: String,
}

/// A document taken apart: its front matter, and its fenced blocks with the heading they stand under.
struct Document {
    path: PathBuf,
    text: String,
    front: Front,
    blocks: Vec<Block>,
}

struct Block {
    heading: String,
    info: String,
    content: String,
    /// The bytes of the content in the document.
    range: std::ops::Range<usize>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")
}

fn documents() -> Vec<Document> {
    let entries = fs::read_dir(folder()).expect("the folder can be listed");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("can be listed").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md") && !path.ends_with("README.md"));
    paths.sort();
    paths.into_iter().map(read_document).collect()
}

fn read_document(path: PathBuf) -> Document {
    let text = fs::read_to_string(&path).expect("can be read");
    let front = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).expect("has front matter").0;
    let front = serde_yaml::from_str(front).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let blocks = blocks(&text);
    Document { path, text, front, blocks }
}

fn blocks(text: &str) -> Vec<Block> {
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
    fn id(&self) -> String {
        self.path.file_stem().expect("has a name").to_string_lossy().into_owned()
    }

    fn lint(&self, config: &str) -> (Vec<String>, Vec<&'static str>, bool) {
        let mut sources = Sources::new();
        let findings = lint_config(&mut sources, "prometheus.yml", &Tree::parse(config), self);
        let lines = findings.iter().map(|finding| concise_line(&sources, finding)).collect();
        let is_refused =
            findings.iter().any(|finding| finding.severity == Severity::Error && finding.upstream.is_some());
        (lines, findings.iter().map(|finding| finding.id).collect(), is_refused)
    }

    fn blocks_of(&self, heading: &str, info: &str) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(move |block| block.heading == heading && block.info == info)
    }
}

/// The files of the section "Files".
impl Files for Document {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let named =
            |block: &&Block| block.info.split_once("title=").is_some_and(|(_, title)| title.trim_matches('"') == path);
        let block = self.blocks.iter().find(named).ok_or(io::ErrorKind::NotFound)?;
        Ok(block.content.as_bytes().to_vec())
    }

    fn glob(&self, pattern: &str) -> io::Result<Vec<String>> {
        let element = pattern.rsplit('/').next().unwrap_or("");
        let bad = |_| io::Error::new(io::ErrorKind::InvalidInput, "syntax error in pattern");
        promcfg::glob_match(element, "").map_err(bad)?;
        Ok(self.read(pattern).map(|_| vec![pattern.to_string()]).unwrap_or_default())
    }
}

#[test]
fn every_document_is_a_rule_and_every_rule_has_a_document() {
    let documents: BTreeSet<String> = documents().iter().map(Document::id).collect();
    let known: BTreeSet<String> = rules().iter().map(|rule| rule.id.to_string()).collect();
    assert_eq!(documents, known);
}

#[test]
fn front_matter_reads_the_same_in_the_library() {
    for document in documents() {
        let rule = promcfg::rule(&document.id()).expect("is a rule");
        let severity = serde_json::to_value(rule.severity).expect("is a word");
        assert_eq!(severity, document.front.severity, "{}", document.id());
        assert_eq!(rule.is_rejected, document.front.prometheus == "rejects", "{}", document.id());
        assert!(["rejects", "accepts"].contains(&document.front.prometheus.as_str()), "{}", document.id());
        assert!(["none", "safe", "unsafe"].contains(&document.front.fix.as_str()), "{}", document.id());
        assert_eq!(rule.since, document.front.since, "{}", document.id());
    }
}

#[test]
fn a_bad_example_gives_exactly_its_report_and_all_of_it_is_this_rules() {
    let is_update = std::env::var_os("UPDATE").is_some();
    let mut faults = Vec::new();
    for document in documents() {
        let id = document.id();
        let bad: Vec<&Block> = document.blocks_of("Bad", "yaml").collect();
        let reports: Vec<&Block> = document.blocks_of("Bad", "text").collect();
        assert!(!bad.is_empty() && bad.len() == reports.len(), "{id}: each bad example needs a report");
        let mut text = document.text.clone();
        for (bad, report) in bad.iter().zip(&reports).rev() {
            let (lines, ids, is_refused) = document.lint(&bad.content);
            let expected = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
            if ids.is_empty() || ids.iter().any(|found| *found != id) {
                faults.push(format!("{id}: found {ids:?}\n{expected}"));
            }
            if document.front.prometheus == "rejects" && !is_refused {
                faults.push(format!("{id}: nothing says what Prometheus complains of"));
            }
            if report.content != expected {
                text.replace_range(report.range.clone(), &expected);
                if !is_update {
                    faults.push(format!("{id}: the report differs:\n{expected}"));
                }
            }
        }
        if is_update {
            fs::write(&document.path, text).expect("can be written");
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_good_example_is_silent() {
    for document in documents() {
        let good: Vec<&Block> = document.blocks_of("Good", "yaml").collect();
        assert!(!good.is_empty(), "{}: has no good example", document.id());
        for good in good {
            assert_eq!(document.lint(&good.content).0, Vec::<String>::new(), "{}", document.id());
        }
    }
}
