//! Runs the documents of the rules, with all rules on: a bad example gives exactly its report, a good
//! one nothing; a fix gives the text shown, is stable, and leaves nothing to be said.
//! `UPDATE=1 cargo test --test tests rules` writes the reports.

mod arguments;
#[cfg(feature = "cli")]
mod commands;
mod document;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::sync::Mutex;

use promcfg::Diagnostic;
use promcfg::diagnostic::Safety;
use promcfg::lint::rule_documents;
use promcfg::text::Edits;

use crate::results::results;
use document::{Block, Document, all_documents, documents, folder};

/// Held by those who read documents and write them.
static UPDATING: Mutex<()> = Mutex::new(());

#[test]
fn every_document_is_a_rule_and_every_rule_has_a_document() {
    let documents: BTreeSet<String> = all_documents().iter().map(Document::id).collect();
    let known: BTreeSet<String> = rule_documents().iter().map(|rule| rule.id.to_string()).collect();
    assert_eq!(documents, known);
}

#[test]
fn front_matter_reads_the_same_in_the_library() {
    for document in all_documents() {
        let rule = promcfg::lint::rule_document(document.id()).expect("is a rule");
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
    let _guard = UPDATING.lock();
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
        if is_update && text != document.text {
            document.rewrite(&text);
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

#[test]
fn more_cases_are_as_they_are_called() {
    let mut faults = Vec::new();
    for document in documents() {
        let id = document.id();
        for block in document.blocks.iter().filter(|block| block.heading == "More cases") {
            let (lines, ids, _) = document.lint(&block.content);
            let is_as_called = match block.info.as_str() {
                "yaml bad" => !ids.is_empty() && ids.iter().all(|found| *found == id),
                "yaml good" => ids.is_empty(),
                other => panic!("{id}: a case is `yaml bad` or `yaml good`, not {other:?}"),
            };
            if !is_as_called {
                faults.push(format!("{id}: not {}:\n{}found {lines:#?}", block.info, block.content));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The text with all fixes made that its findings have.
fn fixed(text: &str, findings: &[Diagnostic]) -> String {
    let fixes = findings.iter().filter_map(|finding| finding.fix.as_ref());
    let mut edits: Vec<(promcfg::text::Span, String)> = Vec::new();
    for edit in fixes.flat_map(|fix| fix.edits.iter()) {
        let edit = (edit.span, edit.text.clone());
        if !edits.contains(&edit) {
            edits.push(edit);
        }
    }
    Edits::new(edits).expect("the fixes are disjoint").apply(text)
}

#[test]
fn a_fix_gives_the_text_shown_is_stable_and_leaves_nothing_to_be_said() {
    let is_update = std::env::var_os("UPDATE").is_some();
    let _guard = UPDATING.lock();
    let mut faults = Vec::new();
    for document in documents() {
        let id = document.id();
        let bad: Vec<&Block> = document.blocks_of("Bad", "yaml").collect();
        let shown: Vec<&Block> = document.blocks_of("Bad", "yaml fixed").collect();
        let has_fix = document.front.fix != "none";
        assert_eq!(shown.len(), if has_fix { bad.len() } else { 0 }, "{id}: each bad example needs its fixed text");
        let safety = if document.front.fix == "safe" { Safety::Safe } else { Safety::Unsafe };
        let mut text = document.text.clone();
        for (index, bad) in bad.iter().enumerate().rev() {
            let findings = document.findings(&bad.content);
            let is_fix = |finding: &Diagnostic| match &finding.fix {
                Some(fix) => has_fix && fix.safety == safety,
                None => !has_fix,
            };
            if !findings.iter().all(is_fix) {
                faults.push(format!("{id}: each finding has a fix as the front matter says, or none has"));
            }
            let Some(shown) = shown.get(index) else { continue };
            let fixed_text = fixed(&bad.content, &findings);
            if shown.content != fixed_text {
                text.replace_range(shown.range.clone(), &fixed_text);
                if !is_update {
                    faults.push(format!("{id}: the fixed text differs:\n{fixed_text}"));
                }
            }
            let left = document.findings(&fixed_text);
            if !left.is_empty() {
                faults.push(format!("{id}: after the fix there is {left:#?}"));
            }
        }
        if is_update && text != document.text {
            document.rewrite(&text);
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The table of rules in `rules/README.md`.
fn table() -> String {
    let mut table = "\n| rule | severity | fix | problem |\n|---|---|---|---|\n".to_string();
    for document in all_documents() {
        let (id, front) = (document.id(), &document.front);
        let rule = promcfg::lint::rule_document(&id).expect("is a rule");
        let summary = rule.summary.replace('|', "\\|");
        let fix = if front.fix == "none" { "" } else { &front.fix };
        writeln!(table, "| [`{id}`]({id}.md) | {} | {fix} | {summary} |", front.severity).expect("a text takes it");
    }
    table.push('\n');
    table
}

#[test]
fn the_page_of_rules_has_them_all() {
    const BEGIN: &str = "<!-- the table of rules begins -->\n";
    const END: &str = "<!-- the table of rules ends -->";
    let _guard = UPDATING.lock();
    let path = folder().join("README.md");
    let page = fs::read_to_string(&path).expect("can be read");
    let (head, rest) = page.split_once(BEGIN).expect("has the beginning of the table");
    let (shown, tail) = rest.split_once(END).expect("has the end of the table");
    let table = table();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, format!("{head}{BEGIN}{table}{END}{tail}")).expect("can be written");
    } else {
        assert_eq!(shown, table, "`UPDATE=1 cargo test --test tests rules` writes the page");
    }
}

#[test]
fn the_table_of_mistakes_names_rules_that_are_there() {
    let page = fs::read_to_string(folder().join("README.md")).expect("can be read");
    let (_, mistakes) = page.split_once("## Eighty mistakes").expect("has the table");
    let rows =
        mistakes.lines().filter_map(|line| line.strip_prefix("| ").map(|row| row.split(" | ").collect::<Vec<_>>()));
    let mut number = 0;
    for row in rows.filter(|row| row[0].parse::<u32>().is_ok()) {
        number += 1;
        assert_eq!(row[0], number.to_string());
        let told_by = row.get(2).unwrap_or_else(|| panic!("row {number} has three cells"));
        for name in told_by.split('`').skip(1).step_by(2).filter(|name| name.contains('-')) {
            assert!(promcfg::lint::rule_document(name).is_some(), "row {number}: there is no rule {name}");
        }
    }
    assert_eq!(number, 80);
}

#[test]
fn a_safe_fix_changes_no_result() {
    for document in documents().iter().filter(|document| document.front.fix == "safe") {
        let cases = document.blocks.iter().filter(|block| match (block.heading.as_str(), block.info.as_str()) {
            ("Bad", info) => info == "yaml",
            ("More cases", info) => info == "yaml bad",
            _ => false,
        });
        for case in cases {
            let fixed = fixed(&case.content, &document.findings(&case.content));
            let before = results(&case.content, &case.content);
            assert_eq!(before, results(&fixed, &case.content), "{}", document.id());
        }
    }
}
