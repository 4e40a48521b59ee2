//! The words of messages and documents: phrases that read badly do not come back.

use std::fs;
use std::path::{Path, PathBuf};

use regex::{Regex, RegexBuilder};

/// Phrases, each with a better one.
const BANNED: &[(&str, &str)] = &[
    (r"\b(is|are) no [a-z]", "say `is not a`, `unknown` or `missing`"),
    (r"\bthat (is|are|was|were) meant\b|\b(is|was) meant\b", "say `intended`"),
    (r"\bof none\b|\bis none\b", "say `not`"),
    (r"\bbehind (it|this|them|one|that|the)\b", "say `after`"),
    (r"\bstands? (in|at|on|for|where|behind|there|before)\b", "say `is`, `contains` or `means`"),
    (r"\b(is|are) told\b|\bnothing (else )?tells\b", "say `reported`"),
    (r", too\b", "say `also`"),
    (r"\bmade up\b", "say `example`"),
    (r"\bpassed over\b", "say `skipped`"),
    (r"(^|[ (`])mend(s|ed)?\b", "say `fix`"),
    (r"\bPrometheus (still )?takes\b|\bis not taken\b", "say `accepts`"),
    (r"\bwithout a word\b", "say `silently`"),
    (r"\b(is|are) not there\b|\bis never there\b|\bis there\b", "say `exists` or `is missing`"),
    (r"\bone and the same\b", "say `the same`"),
    (r"\bfor ever\b", "say `forever`"),
    (r"\bwhich are meant\b|\bis to (be|have|match|overwrite)\b", "say `should`"),
    (r"\b(gone|takes? (it|them|labels?) away|taken away)\b", "say `removed`"),
    (r"\bwhatever is\b|\bnobody\b", "name the subject"),
];

/// Files with phrases still to be replaced. It only shrinks.
const OPEN: &[&str] = &[];

/// Lines with words of other programs.
fn is_quoted_from_others(line: &str) -> bool {
    line.contains("upstream") || line.contains("prose: quoted")
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("is a folder") {
        let path = entry.expect("can be read").path();
        if path.is_dir() {
            files_below(&path, extension, found);
        } else if path.extension().is_some_and(|own| own == extension) {
            found.push(path);
        }
    }
}

/// The lines of a document outside its code blocks, by number.
fn document_lines(text: &str) -> Vec<(usize, String)> {
    let mut is_code = false;
    let mut lines = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        } else if !is_code {
            lines.push((index + 1, line.to_string()));
        }
    }
    lines
}

/// The string literals of a Rust file outside comments and tests, by line. The texts of raw strings are included.
fn literal_lines(text: &str) -> Vec<(usize, String)> {
    let end = text.find("\n#[cfg(test)]\nmod ").unwrap_or(text.len());
    let mut lines = Vec::new();
    let mut raw_end: Option<String> = None;
    for (index, line) in text[..end].lines().enumerate() {
        if let Some(close) = &raw_end {
            lines.push((index + 1, line.to_string()));
            if line.contains(close.as_str()) {
                raw_end = None;
            }
            continue;
        }
        if line.trim_start().starts_with("//") || is_quoted_from_others(line) {
            continue;
        }
        if let Some(at) = line.find("r#\"") {
            if !line[at + 3..].contains("\"#") {
                raw_end = Some("\"#".to_string());
            }
            lines.push((index + 1, line[at..].to_string()));
        } else if let (Some(start), Some(end)) = (line.find('"'), line.rfind('"')) {
            // The last quote may belong to a literal that goes on in the next line.
            let literal = if end > start { &line[start..=end] } else { &line[start..] };
            lines.push((index + 1, literal.to_string()));
        }
    }
    lines
}

fn faults_in(name: &str, lines: &[(usize, String)], banned: &[(Regex, &str)]) -> Vec<String> {
    let mut faults = Vec::new();
    for (number, line) in lines {
        for (pattern, instead) in banned {
            if let Some(found) = pattern.find(line) {
                faults.push(format!("{name}:{number}: \"{}\": {instead}", found.as_str()));
            }
        }
    }
    faults
}

fn checked_files() -> Vec<(String, Vec<(usize, String)>)> {
    let root = root();
    let mut documents = vec![root.join("README.md"), root.join("CHANGELOG.md"), root.join(".pre-commit-hooks.yaml")];
    files_below(&root.join("rules"), "md", &mut documents);
    files_below(&root.join(".github"), "yml", &mut documents);
    let mut sources = Vec::new();
    files_below(&root.join("src"), "rs", &mut sources);
    sources.retain(|path| !path.iter().any(|part| part == "tests"));
    sources.sort();
    let name = |path: &Path| path.strip_prefix(&root).expect("is below").to_string_lossy().replace('\\', "/");
    let read = |path: &Path| fs::read_to_string(path).expect("is UTF-8");
    let documents = documents.iter().map(|path| (name(path), document_lines(&read(path))));
    let sources = sources.iter().map(|path| (name(path), literal_lines(&read(path))));
    documents.chain(sources).collect()
}

#[test]
fn messages_and_documents_are_in_plain_english() {
    // Words of English only, so the boundaries of words are those of ASCII.
    let compiled = |pattern: &str| RegexBuilder::new(pattern).unicode(false).build().expect("compiles");
    let banned: Vec<(Regex, &str)> = BANNED.iter().map(|(pattern, instead)| (compiled(pattern), *instead)).collect();
    let mut faults = Vec::new();
    let mut open = Vec::new();
    for (name, lines) in checked_files() {
        let found = faults_in(&name, &lines, &banned);
        if OPEN.contains(&name.as_str()) {
            open.extend((!found.is_empty()).then_some(name));
        } else {
            faults.extend(found);
        }
    }
    assert!(faults.is_empty(), "{} phrases:\n{}", faults.len(), faults.join("\n"));
    open.sort();
    let mut listed = OPEN.to_vec();
    listed.sort_unstable();
    assert_eq!(open, listed, "a file of the list has no such phrase anymore, or does not exist");
}

#[test]
fn literals_are_found_in_code_and_not_in_comments_or_tests() {
    let text = "// \"a comment\"\nlet a = \"one\"; // more\nlet b = r#\"two\nthree\"#;\n\n#[cfg(test)]\nmod tests { \"four\" }\n";
    let found: Vec<String> = literal_lines(text).into_iter().map(|(_, line)| line).collect();
    assert_eq!(found, ["\"one\"", "r#\"two", "three\"#;"]);
}

#[test]
fn a_banned_phrase_is_found_with_its_line() {
    let banned = [(Regex::new("passed over").expect("compiles"), "say `skipped`")];
    let lines = document_lines("# One\n\nIt is passed over.\n```\nIt is passed over.\n```\n");
    assert_eq!(faults_in("a.md", &lines, &banned), ["a.md:3: \"passed over\": say `skipped`"]);
}
