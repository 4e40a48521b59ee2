//! The names of new files, and the removal of those that killed runs have left.

use std::collections::BTreeMap;
use std::collections::hash_map::RandomState;
use std::ffi::OsStr;
use std::fmt::Write;
use std::fs;
use std::hash::{BuildHasher, Hasher};
use std::path::{Path, PathBuf};

use md5::{Digest, Md5};

/// All names begin so.
const PREFIX: &str = ".promcfg-";

/// A name that no file has. It is short, as names may have 255 bytes, and carries a checksum, so that no other
/// program comes to use such a name.
pub(super) fn path_beside(target: &Path) -> PathBuf {
    let number = RandomState::new().build_hasher().finish();
    target.with_file_name(name_for(target.file_name().unwrap_or_default(), number))
}

fn name_for(target: &OsStr, number: u64) -> String {
    let mut digest = Md5::new();
    digest.update(number.to_be_bytes());
    digest.update(target.as_encoded_bytes());
    let mut name = format!("{PREFIX}{number:016x}");
    for byte in digest.finalize().iter().take(8) {
        let _infallible = write!(name, "{byte:02x}");
    }
    name
}

/// Whether a new file for `target` has this name.
fn is_for(target: &OsStr, name: &OsStr) -> bool {
    let number = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.get(..16));
    let number = number.and_then(|number| u64::from_str_radix(number, 16).ok());
    number.is_some_and(|number| name == name_for(target, number).as_str())
}

/// Removes what runs that were killed have left beside files. The locks on the files must be held: then no
/// other run is at work on them. Each folder is listed once.
pub(super) fn remove_strays<'t>(targets: impl Iterator<Item = &'t Path>) {
    let mut by_folder: BTreeMap<&Path, Vec<&OsStr>> = BTreeMap::new();
    for target in targets {
        if let (Some(folder), Some(file)) = (target.parent(), target.file_name()) {
            by_folder.entry(folder).or_default().push(file);
        }
    }
    for (folder, files) in by_folder {
        let Ok(entries) = fs::read_dir(folder) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let is_stray = name.as_encoded_bytes().starts_with(PREFIX.as_bytes())
                && files.iter().any(|file| is_for(file, &name))
                && entry.file_type().is_ok_and(|kind| kind.is_file());
            if is_stray {
                let _gone = fs::remove_file(entry.path());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_belongs_to_one_target_and_cannot_be_guessed() {
        let target = OsStr::new("prometheus.yml");
        let own = path_beside(Path::new("/a/prometheus.yml"));
        let own = own.file_name().unwrap();
        assert_eq!(own.len(), 41);
        assert!(is_for(target, own));
        assert!(!is_for(OsStr::new("prometheus.yaml"), own));
        for other in [
            ".promcfg-",
            ".promcfg-0123456789abcdef",
            ".promcfg-0123456789abcdef0123456789abcdef",
            ".promcfg-é",
            ".prometheus.yml.promcfg-1",
        ] {
            assert!(!is_for(target, OsStr::new(other)), "{other}");
        }
        assert_ne!(path_beside(Path::new("a")), path_beside(Path::new("a")));
    }
}
