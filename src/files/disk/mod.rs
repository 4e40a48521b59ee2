//! Files on the disk.

mod regular;
mod rooted;

use std::io;

pub use regular::{LARGEST_FOUND_FILE, LARGEST_NAMED_FILE, read_bounded, read_regular};
pub use rooted::RootedFiles;

use super::{Files, PatternError, glob_match, name_of, path_of};

/// Files as the system has them; paths are relative to the working directory. Only regular files of at most
/// [`LARGEST_FOUND_FILE`] bytes are read.
///
/// ```no_run
/// use promcfg::files::DiskFiles;
/// use promcfg::{Config, Options, Sources};
/// let mut sources = Sources::new();
/// let file = sources.add("prometheus.yml", std::fs::read_to_string("prometheus.yml")?);
/// let (config, diagnostics) = Config::read(&mut sources, file, &Options::new(&DiskFiles));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct DiskFiles;

impl Files for DiskFiles {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        read_regular(&path_of(path), LARGEST_FOUND_FILE)
    }

    /// As Go's `filepath.Glob`: folders that cannot be listed match nothing.
    fn glob(&self, pattern: &str) -> io::Result<Vec<String>> {
        let bad = |error: PatternError| io::Error::new(io::ErrorKind::InvalidInput, error);
        checked_pattern(pattern).map_err(bad)?;
        matches_of(pattern, &|_| true).map_err(bad)
    }
}

/// Refuses a pattern whose last element is malformed, also where no folder is listed.
fn checked_pattern(pattern: &str) -> Result<(), PatternError> {
    glob_match(pattern.rsplit('/').next().unwrap_or(""), "").map(drop)
}

/// Whether a path is a pattern.
fn has_wildcard(path: &str) -> bool {
    path.contains(['*', '?', '[', '\\'])
}

/// The files that match; a part of the pattern in a folder that must not be listed is given back as it is.
fn matches_of(pattern: &str, may_list: &dyn Fn(&str) -> bool) -> Result<Vec<String>, PatternError> {
    let (folder, name) = pattern.rsplit_once('/').map_or(("", pattern), |(folder, name)| (folder, name));
    let folder = if folder.is_empty() && pattern.starts_with('/') { "/" } else { folder };
    if !has_wildcard(pattern) {
        let is_found = !may_list(or_current(folder)) || std::fs::symlink_metadata(path_of(pattern)).is_ok();
        return Ok(if is_found { vec![pattern.to_string()] } else { Vec::new() });
    }
    // A pattern loses a folder with every step, so this ends.
    let folders = if has_wildcard(folder) { matches_of(folder, may_list)? } else { vec![folder.to_string()] };
    let mut found = Vec::new();
    for folder in folders {
        if !may_list(or_current(&folder)) {
            found.push(joined(&folder, name));
            continue;
        }
        for file in names_in(or_current(&folder)) {
            if glob_match(name, &file)? {
                found.push(joined(&folder, &file));
            }
        }
    }
    Ok(found)
}

fn or_current(folder: &str) -> &str {
    if folder.is_empty() { "." } else { folder }
}

/// The names in a folder, in byte order.
fn names_in(folder: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(path_of(folder)) else { return Vec::new() };
    let mut names: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.file_name())).collect();
    names.sort();
    names.iter().map(|name| name_of(name)).collect()
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
            let paths = DiskFiles.glob(&format!("{root}/{pattern}")).unwrap();
            paths.iter().map(|path| path[root.len() + 1..].to_string()).collect()
        };
        assert_eq!(found("a/*.json"), ["a/.json", "a/1.json", "a/2.json"]);
        assert_eq!(found("?/1.json"), ["a/1.json", "b/1.json"]);
        assert_eq!(found("a/1.yml"), ["a/1.yml"]);
        assert_eq!(found("none/*.yml"), Vec::<String>::new());
        assert!(DiskFiles.glob(&format!("{root}/[.yml")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_not_utf8_are_found_in_byte_order_and_read() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_str().unwrap().to_string();
        for name in [&b"a\xff.yml"[..], b"a\x80.yml", "a\u{10ffff}.yml".as_bytes(), b"ab.yml"] {
            std::fs::write(folder.path().join(std::ffi::OsStr::from_bytes(name)), name).unwrap();
        }
        let found = DiskFiles.glob(&format!("{root}/a?.yml")).unwrap();
        let read: Vec<Vec<u8>> = found.iter().map(|name| DiskFiles.read(name).unwrap()).collect();
        assert_eq!(read, [&b"ab.yml"[..], b"a\x80.yml", b"a\xff.yml"]);
        assert_eq!(DiskFiles.glob(&format!("{root}/*.yml")).unwrap().len(), 4);
    }
}
