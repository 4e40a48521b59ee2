//! Folders that hold variants of the same objects, such as `dev/` and `prod/`: what is in one is not seen from another.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::text::FileId;

/// The folders with variants of the same objects.
#[derive(Debug, Default)]
pub(super) struct Overlays {
    /// The folder of each file.
    folders: FxHashMap<FileId, String>,
    roots: Vec<String>,
}

impl Overlays {
    /// Finds the folders below which objects of the same name are, each object with its file.
    pub(super) fn of<K: Eq + std::hash::Hash>(
        objects: impl Iterator<Item = (K, FileId)>,
        name_of: &dyn Fn(FileId) -> String,
    ) -> Self {
        let mut folders: FxHashMap<FileId, String> = FxHashMap::default();
        let mut files: FxHashMap<K, Vec<FileId>> = FxHashMap::default();
        for (key, file) in objects {
            folders.entry(file).or_insert_with(|| folder_of(&name_of(file)));
            files.entry(key).or_default().push(file);
        }
        let mut seen: FxHashSet<Vec<&str>> = FxHashSet::default();
        let mut roots: FxHashSet<String> = FxHashSet::default();
        for files in files.values().filter(|files| files.len() > 1) {
            let mut own: Vec<&str> = files.iter().filter_map(|file| folders.get(file)).map(String::as_str).collect();
            own.sort_unstable();
            own.dedup();
            if own.len() > 1 && seen.insert(own.clone()) {
                split(&own, 0, &mut roots);
            }
        }
        let mut roots: Vec<String> = roots.into_iter().collect();
        roots.sort_unstable();
        Self { folders, roots }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.roots.is_empty()
    }

    pub(super) fn roots(&self) -> impl Iterator<Item = usize> {
        0..self.roots.len()
    }

    /// The innermost such folder that a file is in.
    pub(super) fn home(&self, file: FileId) -> Option<usize> {
        let folder = self.folders.get(&file)?;
        let around = self.roots.iter().enumerate().filter(|(_, root)| is_in(folder, root));
        around.max_by_key(|(_, root)| root.len()).map(|(index, _)| index)
    }

    /// Whether what is in a file belongs to what is in such a folder: it is in the folder itself, around it, or in none of
    /// them.
    pub(super) fn sees(&self, viewpoint: Option<usize>, file: FileId) -> bool {
        let Some(home) = self.home(file) else { return true };
        viewpoint.is_some_and(|viewpoint| is_in(&self.roots[viewpoint], &self.roots[home]))
    }

    /// How many folders from the top a file shares with such a folder; more for a file that belongs to it.
    pub(super) fn nearness(&self, viewpoint: Option<usize>, file: FileId) -> (bool, usize) {
        let folder = self.folders.get(&file).map_or("", String::as_str);
        let common = viewpoint.and_then(|index| self.roots.get(index)).map_or(0, |root| common_folders(root, folder));
        (self.sees(viewpoint, file), common)
    }
}

/// The folder of a file.
fn folder_of(name: &str) -> String {
    name.rsplit_once('/').map_or("", |(folder, _)| folder).trim_start_matches("./").to_string()
}

/// Whether a folder is another one, or in it.
fn is_in(folder: &str, root: &str) -> bool {
    root.is_empty() || folder.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// How many folders from the top two folders share.
fn common_folders(one: &str, other: &str) -> usize {
    one.split('/').zip(other.split('/')).take_while(|(one, other)| one == other && !one.is_empty()).count()
}

/// Adds the folders in which sorted folders differ first, from a depth on; then those within each of them.
fn split(folders: &[&str], depth: usize, roots: &mut FxHashSet<String>) {
    let (Some(first), Some(last)) = (folders.first(), folders.last()) else { return };
    if first == last {
        return;
    }
    let mut depth = depth;
    while part(first, depth).is_some() && folders.iter().all(|folder| part(folder, depth) == part(first, depth)) {
        depth += 1;
    }
    let mut from = 0;
    while from < folders.len() {
        let own = part(folders[from], depth);
        let count = folders[from..].iter().take_while(|folder| part(folder, depth) == own).count();
        if own.is_some() {
            let root: Vec<&str> = folders[from].split('/').take(depth + 1).collect();
            roots.insert(root.join("/"));
            split(&folders[from..from + count], depth + 1, roots);
        }
        from += count;
    }
}

/// The folder at a depth on the way to a folder.
fn part(folder: &str, depth: usize) -> Option<&str> {
    folder.split('/').nth(depth).filter(|_| !folder.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roots(objects: &[(&str, &str)]) -> Vec<String> {
        let names: Vec<&str> = objects.iter().map(|(_, name)| *name).collect();
        let files = objects.iter().enumerate().map(|(index, (key, _))| (*key, FileId(index as u32)));
        Overlays::of(files, &|file| names[file.0 as usize].to_string()).roots
    }

    #[test]
    fn folders_with_the_same_objects_are_variants() {
        assert_eq!(roots(&[("web", "dev/m.yml"), ("web", "prod/m.yml"), ("x", "base/x.yml")]), ["dev", "prod"]);
        assert_eq!(roots(&[("web", "a.yml"), ("web", "b.yml")]), Vec::<String>::new());
        assert_eq!(roots(&[("web", "m.yml"), ("web", "overlays/dev/m.yml")]), ["overlays"]);
        let nested = [("web", "apps/a/dev/m.yml"), ("web", "apps/a/prod/m.yml"), ("web", "apps/b/x/m.yml")];
        assert_eq!(roots(&nested), ["apps/a", "apps/a/dev", "apps/a/prod", "apps/b"]);
        assert_eq!(roots(&[("web", "/r/dev/m.yml"), ("web", "/r/prod/m.yml")]), ["/r/dev", "/r/prod"]);
    }

    #[test]
    fn a_folder_sees_itself_and_what_belongs_to_no_variant() {
        let names = ["dev/m.yml", "prod/m.yml", "base/s.yml", "development/x.yml"];
        let objects = [("web", FileId(0)), ("web", FileId(1)), ("s", FileId(2)), ("x", FileId(3))];
        let overlays = Overlays::of(objects.into_iter(), &|file| names[file.0 as usize].to_string());
        let dev = overlays.home(FileId(0));
        let seen: Vec<bool> = (0..4).map(|file| overlays.sees(dev, FileId(file))).collect();
        assert_eq!(seen, [true, false, true, true]);
        assert_eq!(overlays.home(FileId(3)), None);
    }
}
