//! The files in a folder: without hidden ones, and without those that git ignores.
//!
//! The files of patterns, `.gitignore` and `.ignore`, are a stranger's text: they are read as all files that are
//! found are, so that a FIFO in their place does not stop the run.

use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder, gitconfig_excludes_path};
use promcfg::files::TooLargeFileError;

use crate::cli::disk::{read_found, root, within_root};

/// Files that are larger than this are not looked at: no config is.
const LARGEST_FILE: u64 = 64 << 20;
/// The largest file of patterns.
const LARGEST_IGNORE_FILE: u64 = 256 << 10;

/// What was met on the way.
#[derive(Debug)]
pub(super) enum Met {
    /// A file that may be a config.
    File(PathBuf),
    /// A file that is not read, with the reason.
    Unread(PathBuf, String),
    /// A folder that cannot be listed.
    Failed(PathBuf, io::Error),
}

/// Gives all in the folder and below it that has one of the endings, in the order of the names.
pub(super) fn walk(folder: &Path, has_ending: &dyn Fn(&Path) -> bool, met: &mut dyn FnMut(Met)) {
    let absolute = match folder.canonicalize() {
        Ok(absolute) => absolute,
        Err(error) => return met(Met::Failed(folder.to_path_buf(), error)),
    };
    let mut walk = Walk { has_ending, met, global: Gitignore::empty() };
    // The patterns of the user are outside any root.
    if let Some(path) = gitconfig_excludes_path().filter(|_| root().is_none()) {
        walk.global = walk.patterns(&path, &path, &absolute);
    }
    let mut level = None;
    let above: Vec<&Path> = absolute.ancestors().skip(1).take_while(|above| is_within_root(above)).collect();
    for above in above.into_iter().rev() {
        level = Some(Rc::new(walk.level(above, above, level)));
    }
    walk.folder(folder, &absolute, level);
}

fn is_within_root(folder: &Path) -> bool {
    root().is_none_or(|root| folder.starts_with(root))
}

struct Walk<'w> {
    has_ending: &'w dyn Fn(&Path) -> bool,
    met: &'w mut dyn FnMut(Met),
    global: Gitignore,
}

/// The patterns of a folder, and of those above it.
struct Level {
    above: Option<Rc<Level>>,
    /// Of `.ignore`, `.gitignore` and `.git/info/exclude`; the first that matches decides.
    patterns: [Gitignore; 3],
}

impl Walk<'_> {
    /// `folder` is as it is shown, `absolute` the same without links.
    fn folder(&mut self, folder: &Path, absolute: &Path, above: Option<Rc<Level>>) {
        let level = Rc::new(self.level(folder, absolute, above));
        let entries: io::Result<Vec<_>> = fs::read_dir(absolute).and_then(Iterator::collect);
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(error) => return (self.met)(Met::Failed(folder.to_path_buf(), error)),
        };
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name();
            let (shown, absolute) = (folder.join(&name), absolute.join(&name));
            match entry.file_type() {
                Ok(kind) if self.is_ignored(&level, &absolute, kind.is_dir()) => {}
                Ok(kind) if kind.is_dir() => self.folder(&shown, &absolute, Some(Rc::clone(&level))),
                Ok(kind) if (self.has_ending)(&shown) => self.file(shown, kind, &entry),
                Ok(_) => {}
                Err(error) => (self.met)(Met::Failed(shown, error)),
            }
        }
    }

    /// Links are not followed, and skipped without a word.
    fn file(&mut self, path: PathBuf, kind: FileType, entry: &fs::DirEntry) {
        let outcome = match entry.metadata() {
            _ if kind.is_symlink() => return,
            // The reason why it is refused.
            Ok(_) if !kind.is_file() => match read_found(&path, 0) {
                Err(error) => Met::Unread(path, error.to_string()),
                Ok(_) => return,
            },
            Ok(metadata) if metadata.len() > LARGEST_FILE => {
                Met::Unread(path, TooLargeFileError::new(LARGEST_FILE).to_string())
            }
            Ok(_) => Met::File(path),
            Err(error) => Met::Failed(path, error),
        };
        (self.met)(outcome);
    }

    /// A pattern decides; without one, hidden files are ignored.
    fn is_ignored(&self, level: &Level, path: &Path, is_folder: bool) -> bool {
        let of_kind = |kind: usize| {
            let mut next = Some(level);
            std::iter::from_fn(move || {
                let level = next?;
                next = level.above.as_deref();
                Some(&level.patterns[kind])
            })
            .map(|patterns| patterns.matched(path, is_folder))
            .find(|matched| !matched.is_none())
        };
        let matched = (0..3).find_map(of_kind).unwrap_or_else(|| self.global.matched(path, is_folder));
        match matched {
            Match::Ignore(_) => true,
            Match::Whitelist(_) => false,
            Match::None => path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")),
        }
    }

    fn level(&mut self, shown: &Path, absolute: &Path, above: Option<Rc<Level>>) -> Level {
        let exclude = self.git_folder(shown, absolute).map(|git| git.join("info/exclude"));
        let patterns = [
            self.patterns(&shown.join(".ignore"), &absolute.join(".ignore"), absolute),
            self.patterns(&shown.join(".gitignore"), &absolute.join(".gitignore"), absolute),
            exclude.map_or_else(Gitignore::empty, |path| self.patterns(&path, &path, absolute)),
        ];
        Level { above, patterns }
    }

    /// Where git keeps its files about a folder: in a worktree, the folder of the repository.
    fn git_folder(&mut self, shown: &Path, folder: &Path) -> Option<PathBuf> {
        let git = folder.join(".git");
        if git.is_dir() {
            return Some(git);
        }
        let of_worktree = folder.join(self.line(&shown.join(".git"), &git)?.strip_prefix("gitdir: ")?);
        let common = of_worktree.join("commondir");
        let common = self.line(&common, &common)?;
        Some(of_worktree.join(common))
    }

    /// The first line of a file; nothing outside the root, where git keeps the files of a worktree.
    fn line(&mut self, shown: &Path, path: &Path) -> Option<String> {
        within_root(path).ok()?;
        self.text(shown, path).map(|text| text.lines().next().unwrap_or_default().to_string())
    }

    /// The patterns in a file, for paths in `folder`; invalid ones are skipped, as git does.
    fn patterns(&mut self, shown: &Path, path: &Path, folder: &Path) -> Gitignore {
        let Some(text) = self.text(shown, path) else { return Gitignore::empty() };
        let mut builder = GitignoreBuilder::new(folder);
        for line in text.trim_start_matches('\u{feff}').lines() {
            let _invalid = builder.add_line(None, line);
        }
        builder.build().unwrap_or_else(|error| {
            (self.met)(Met::Unread(shown.to_path_buf(), format!("cannot be used: {error}")));
            Gitignore::empty()
        })
    }

    /// The text of a file, if there is one; why it cannot be read is reported.
    fn text(&mut self, shown: &Path, path: &Path) -> Option<String> {
        match read_found(path, LARGEST_IGNORE_FILE) {
            Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => None,
            Err(error) => {
                (self.met)(Met::Unread(shown.to_path_buf(), error.to_string()));
                None
            }
        }
    }
}
