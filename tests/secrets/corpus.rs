//! What is hidden of real files: names, ids, digests and patterns are not.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use promcfg::report::Secrets;

/// Every part of every file of the corpus that is hidden, a line each, is written to the file that `MASKS` names.
#[test]
fn what_is_hidden_of_real_files_can_be_listed() {
    let corpus = std::env::var("PROMCFG_CORPUS").unwrap_or_else(|_| "../shared/corpus".to_string());
    let mut files = Vec::new();
    collect(Path::new(&corpus), &mut files);
    files.sort();
    let mut listed = String::new();
    for path in &files {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        for range in Secrets::find(&text).ranges() {
            let start = text[..range.start].rfind('\n').map_or(0, |end| end + 1);
            let before = text[start..range.start].trim();
            let hidden: String = text[range.clone()].chars().take(120).collect();
            let _ = writeln!(listed, "{}\t{before}\t{hidden:?}", path.display());
            assert!(!names_something(&text[range.clone()], before), "{}: {before} {hidden}", path.display());
        }
    }
    if let Ok(path) = std::env::var("MASKS") {
        std::fs::write(path, listed).expect("can be written");
    }
}

/// A UUID, a digest or a hash that is not under the key of a secret.
fn names_something(hidden: &str, before: &str) -> bool {
    let is_under_key = before.ends_with(':') || before.ends_with('=') || before.ends_with(": \"");
    let word = hidden.trim();
    let is_hex = word.len() >= 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    is_hex && !is_under_key
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}
