//! The source files of the package as modules, and the paths that their code names.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A module: its path (empty for the root), its file, and its code without comments and texts.
pub(super) struct Module {
    pub(super) path: Vec<String>,
    pub(super) file: PathBuf,
    pub(super) code: String,
}

/// A path that code names, such as `crate::text::Span`, and its line.
pub(super) struct Named {
    pub(super) line: usize,
    pub(super) segments: Vec<String>,
}

pub(super) fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// All modules of the library and of the tool, by path.
pub(super) fn modules() -> BTreeMap<Vec<String>, Module> {
    let mut modules = BTreeMap::new();
    let mut folders = vec![source_folder()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the source folder can be listed") {
            let file = entry.expect("the source folder can be listed").path();
            if file.is_dir() {
                folders.push(file);
            } else if file.extension().is_some_and(|extension| extension == "rs") {
                let path = module_path(&file);
                let code = without_comments(&fs::read_to_string(&file).expect("a source file can be read"));
                modules.insert(path.clone(), Module { path, file, code });
            }
        }
    }
    modules
}

/// `src/re2/parser/mod.rs` is the module `re2::parser`.
fn module_path(file: &Path) -> Vec<String> {
    let relative = file.strip_prefix(source_folder()).expect("lies in the source folder").with_extension("");
    let mut path: Vec<String> =
        relative.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    if path.last().is_some_and(|name| name == "mod" || name == "lib") {
        path.pop();
    }
    path
}

impl Module {
    /// The code before the module's own tests.
    pub(super) fn code_without_tests(&self) -> &str {
        let is_test = self.path.iter().any(|part| part == "tests");
        let end = if is_test { 0 } else { self.code.find("#[cfg(test)]\nmod ").unwrap_or(self.code.len()) };
        &self.code[..end]
    }

    /// Where `super`, `self` and `crate` lead: the absolute path of a named one.
    pub(super) fn absolute(&self, named: &Named) -> Option<Vec<String>> {
        let mut base = self.path.clone();
        let mut segments = named.segments.as_slice();
        match segments.first()?.as_str() {
            "crate" => base.clear(),
            "self" => {}
            _ => drop(base.pop()?),
        }
        segments = &segments[1..];
        while segments.first().is_some_and(|segment| segment == "super") {
            base.pop()?;
            segments = &segments[1..];
        }
        base.extend(segments.iter().cloned());
        Some(base)
    }

    /// What the module gives out again from its parts, as pairs of a name and the path it comes from.
    pub(super) fn given_out(&self) -> Vec<(String, Vec<String>)> {
        let mut found = Vec::new();
        for (at, _) in self.code.match_indices("use ") {
            let before = self.code[..at].trim_end();
            if !(before.ends_with("pub") || before.ends_with(')') && before.contains("pub(")) {
                continue;
            }
            let mut paths = Vec::new();
            read_tree(&self.code[at + 4..], &mut Vec::new(), &mut paths);
            for path in paths {
                let path: Vec<String> = path.into_iter().filter(|part| part != "self").collect();
                if let Some(name) = path.last() {
                    found.push((name.clone(), path));
                }
            }
        }
        found
    }
}

/// The paths of a code that begin with `crate`, `self` or `super`.
pub(super) fn named_paths(code: &str) -> Vec<Named> {
    let mut named = Vec::new();
    let mut line = 1;
    let mut seen = 0;
    for root in ["crate::", "self::", "super::"] {
        for (at, _) in code.match_indices(root) {
            let is_start =
                !code[..at].ends_with(|character: char| character.is_alphanumeric() || "_:$".contains(character));
            if !is_start {
                continue;
            }
            if at < seen {
                (line, seen) = (1, 0);
            }
            line += code[seen..at].matches('\n').count();
            seen = at;
            let mut paths = Vec::new();
            read_tree(&code[at..], &mut Vec::new(), &mut paths);
            named.extend(paths.into_iter().map(|segments| Named { line, segments }));
        }
    }
    named
}

/// Reads `a::b::{c, d::e}` as the paths `a::b::c` and `a::b::d::e`; gives the number of bytes read.
fn read_tree(code: &str, prefix: &mut Vec<String>, paths: &mut Vec<Vec<String>>) -> usize {
    let depth = prefix.len();
    let mut at = 0;
    loop {
        at += code[at..].len() - code[at..].trim_start().len();
        let rest = &code[at..];
        if let Some(group) = rest.strip_prefix('{') {
            at += 1;
            let mut inside = group;
            while !inside.trim_start().is_empty() && !inside.trim_start().starts_with('}') {
                let read = read_tree(inside, prefix, paths);
                at += read;
                inside = &inside[read..];
                let skipped = inside.find([',', '}']).unwrap_or(inside.len());
                let comma = usize::from(inside[skipped..].starts_with(','));
                at += skipped + comma;
                inside = &inside[skipped + comma..];
            }
            let end = code[at..].find('}').map_or(code.len(), |end| at + end + 1);
            prefix.truncate(depth);
            return end;
        }
        let length =
            rest.find(|character: char| !(character.is_alphanumeric() || character == '_')).unwrap_or(rest.len());
        if length > 0 {
            prefix.push(rest[..length].to_string());
        }
        at += length;
        match code[at..].strip_prefix("::") {
            Some(next)
                if next.starts_with(|character: char| character.is_alphanumeric() || "_{".contains(character)) =>
            {
                at += 2;
            }
            _ => break,
        }
    }
    if prefix.len() > depth {
        paths.push(prefix.clone());
    }
    prefix.truncate(depth);
    at
}

/// The code with comments and the insides of texts made blank; lines stay where they are.
fn without_comments(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(hashes) = raw_text(rest) {
            let end = format!("\"{}", "#".repeat(hashes));
            let start = rest.find('"').map_or(rest.len(), |quote| quote + 1);
            rest[start..].find(&end).map_or(rest.len(), |found| start + found + end.len())
        } else if character == '"' {
            quoted(rest)
        } else if rest.starts_with("'\"'") || rest.starts_with("'\\") {
            rest[2..].find('\'').map_or(rest.len(), |end| end + 3)
        } else {
            code.push(character);
            rest = &rest[character.len_utf8()..];
            continue;
        };
        code.extend(rest[..length].chars().map(|character| if character == '\n' { '\n' } else { ' ' }));
        rest = &rest[length..];
    }
    code
}

fn raw_text(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix('r').or_else(|| rest.strip_prefix("br"))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes)
}

fn quoted(rest: &str) -> usize {
    let mut is_escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}
