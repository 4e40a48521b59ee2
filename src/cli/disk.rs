//! The disk behind the library's `Files`.

use std::io;
use std::path::Path;

use promcfg::{Files, glob_match};

use super::input::read_file;

/// Files as the system has them; paths relative to the working directory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Disk;

impl Files for Disk {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        read_file(Path::new(path))
    }

    /// As Go's `filepath.Glob`: folders that cannot be listed match nothing.
    fn glob(&self, pattern: &str) -> io::Result<Vec<String>> {
        let bad = |_| io::Error::new(io::ErrorKind::InvalidInput, "syntax error in pattern");
        glob_match(pattern.rsplit('/').next().unwrap_or(""), "").map_err(bad)?;
        matches_of(pattern).map_err(bad)
    }
}

/// Whether a path is a pattern.
fn has_wildcard(path: &str) -> bool {
    path.contains(['*', '?', '[', '\\'])
}

fn matches_of(pattern: &str) -> Result<Vec<String>, promcfg::BadPattern> {
    if !has_wildcard(pattern) {
        let is_there = std::fs::symlink_metadata(pattern).is_ok();
        return Ok(if is_there { vec![pattern.to_string()] } else { Vec::new() });
    }
    let (folder, name) = pattern.rsplit_once('/').map_or(("", pattern), |(folder, name)| (folder, name));
    let folder = if folder.is_empty() && pattern.starts_with('/') { "/" } else { folder };
    // A pattern loses a folder with every step, so this ends.
    let folders = if has_wildcard(folder) { matches_of(folder)? } else { vec![folder.to_string()] };
    let mut found = Vec::new();
    for folder in folders {
        let mut names = names_in(if folder.is_empty() { "." } else { &folder });
        names.sort();
        for file in names {
            if glob_match(name, &file)? {
                found.push(joined(&folder, &file));
            }
        }
    }
    Ok(found)
}

fn names_in(folder: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect()
}

fn joined(folder: &str, file: &str) -> String {
    match folder {
        "" => file.to_string(),
        "/" => format!("/{file}"),
        folder => format!("{folder}/{file}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_in_any_folder_and_results_are_sorted() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_str().unwrap().to_string();
        for name in ["a/2.json", "a/1.json", "a/.json", "b/1.json", "a/1.yml"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let found = |pattern: &str| -> Vec<String> {
            let paths = Disk.glob(&format!("{root}/{pattern}")).unwrap();
            paths.iter().map(|path| path[root.len() + 1..].to_string()).collect()
        };
        assert_eq!(found("a/*.json"), ["a/.json", "a/1.json", "a/2.json"]);
        assert_eq!(found("?/1.json"), ["a/1.json", "b/1.json"]);
        assert_eq!(found("a/1.yml"), ["a/1.yml"]);
        assert_eq!(found("none/*.yml"), Vec::<String>::new());
        assert!(Disk.glob(&format!("{root}/[.yml")).is_err());
    }
}
