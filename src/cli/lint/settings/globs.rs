//! RegexCache for files and folders.

use std::path::{Component, Path};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Patterns as in `.gitignore`: one without `/` matches a name in any folder, one with `/` a
/// path from the folder of the settings; what matches a folder matches all in it. `*` does not go
/// over a `/`, `**` does.
#[derive(Debug, Default)]
pub(super) struct Globs {
    patterns: Vec<String>,
    set: GlobSet,
}

impl Globs {
    /// # Errors
    /// The index of the first invalid pattern, and the reason.
    pub(super) fn new(patterns: &[&str]) -> Result<Self, (usize, String)> {
        let mut set = GlobSetBuilder::new();
        for (index, pattern) in patterns.iter().enumerate() {
            let whole = from_root(pattern);
            if whole.is_empty() {
                return Err((index, "the pattern is empty".to_string()));
            }
            let glob = GlobBuilder::new(&whole).literal_separator(true).build();
            set.add(glob.map_err(|error| (index, error.kind().to_string()))?);
        }
        let set = set.build().map_err(|error| (0, error.kind().to_string()))?;
        Ok(Self { patterns: patterns.iter().map(ToString::to_string).collect(), set })
    }

    /// Whether a pattern matches this path, or a folder it is in.
    pub(super) fn matches(&self, path: &Path) -> bool {
        if self.patterns.is_empty() {
            return false;
        }
        let names = path.components().filter_map(|component| match component {
            Component::Normal(name) => Some(name.to_string_lossy()),
            _ => None,
        });
        let mut path = String::new();
        for name in names {
            if !path.is_empty() {
                path.push('/');
            }
            path.push_str(&name);
            if self.set.is_match(&path) {
                return true;
            }
        }
        false
    }
}

/// A pattern as one for whole paths from the folder of the settings.
fn from_root(pattern: &str) -> String {
    let whole = pattern.strip_prefix("./").unwrap_or(pattern);
    let is_path = whole.len() < pattern.len() || whole.trim_end_matches('/').contains('/');
    let plain = whole.trim_matches('/');
    if is_path || plain.is_empty() { plain.to_string() } else { format!("**/{plain}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> bool {
        Globs::new(&[pattern]).expect("is a glob").matches(Path::new(path))
    }

    #[test]
    fn a_name_matches_in_any_folder_and_a_path_from_the_top() {
        for (pattern, path, expected) in [
            ("*.gen.yml", "p.gen.yml", true),
            ("*.gen.yml", "a/b/p.gen.yml", true),
            ("vendor", "a/vendor/p.yml", true),
            ("vendor/", "vendor/a/p.yml", true),
            ("/vendor", "a/vendor/p.yml", false),
            ("./vendor", "vendor/p.yml", true),
            ("conf/*.yml", "conf/p.yml", true),
            ("conf/*.yml", "conf/a/p.yml", false),
            ("conf/**/*.yml", "conf/a/b/p.yml", true),
            ("conf/*.yml", "a/conf/p.yml", false),
            ("conf/{a,b}.yml", "conf/b.yml", true),
            ("p.yml", "xp.yml", false),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_told() {
        let (index, words) = Globs::new(&["a", "[b"]).expect_err("is no glob");
        assert_eq!((index, words.as_str()), (1, "unclosed character class; missing ']'"));
        for empty in ["", "/", "./"] {
            assert_eq!(Globs::new(&[empty]).expect_err("is no glob"), (0, "the pattern is empty".to_string()));
        }
    }
}
