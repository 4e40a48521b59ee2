//! Circles: files that need each other, so that none can be understood alone.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Module, named_paths};

type Modules = BTreeMap<Vec<String>, Module>;
/// For each folder the names of its files and folders, and whom each of them names.
type Folders = BTreeMap<Vec<String>, BTreeMap<String, BTreeSet<String>>>;

/// The circles among the files (and folders) of each folder, one line each. That a folder's own
/// file and the files in it name each other is no circle: together they are one module.
pub(super) fn circles(modules: &Modules) -> Vec<String> {
    let mut found = Vec::new();
    for (folder, names) in folders(modules) {
        for circle in circles_of(&names) {
            found.push(format!("src/{}: {}", folder.join("/"), circle.join(" -> ")));
        }
    }
    found
}

fn folders(modules: &Modules) -> Folders {
    let mut folders = Folders::new();
    for module in modules.values() {
        for named in named_paths(module.code_without_tests()) {
            let Some(path) = module.absolute(&named) else { continue };
            let other = home(modules, &path);
            let common = module.path.iter().zip(&other).take_while(|(one, other)| one == other).count();
            if let (Some(one), Some(other)) = (module.path.get(common), other.get(common)) {
                let names = folders.entry(module.path[..common].to_vec()).or_default();
                names.entry(one.clone()).or_default().insert(other.clone());
            }
        }
    }
    folders
}

/// The module in which a path's item is written, through the names that modules give out again.
fn home(modules: &Modules, path: &[String]) -> Vec<String> {
    let mut path = path.to_vec();
    // Names are given out a few times at most.
    for _ in 0..8 {
        let depth = (0..=path.len()).rev().find(|&depth| modules.contains_key(&path[..depth])).unwrap_or(0);
        let (module, rest) = path.split_at(depth);
        let given = rest.first().and_then(|name| {
            modules[module].given_out().into_iter().find(|(given, _)| given == name).map(|(_, from)| from)
        });
        match given {
            Some(from) if from.first().is_some_and(|first| first != "crate" && first != "super") => {
                let next = [module, &from].concat();
                if next == path {
                    return module.to_vec();
                }
                path = next;
            }
            _ => return module.to_vec(),
        }
    }
    path
}

/// One circle for each name that is in one.
fn circles_of(names: &BTreeMap<String, BTreeSet<String>>) -> Vec<Vec<String>> {
    let mut found: Vec<Vec<String>> = Vec::new();
    for start in names.keys() {
        if found.iter().any(|circle| circle.contains(start)) {
            continue;
        }
        if let Some(circle) = way_back(names, start) {
            found.push(circle);
        }
    }
    found
}

/// The shortest way from a name back to it.
fn way_back(names: &BTreeMap<String, BTreeSet<String>>, start: &str) -> Option<Vec<String>> {
    let mut ways: Vec<Vec<String>> = vec![vec![start.to_string()]];
    let mut seen: BTreeSet<String> = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in way.last().and_then(|last| names.get(last)).into_iter().flatten() {
                let mut way = way.clone();
                way.push(next.clone());
                if next == start {
                    return Some(way);
                }
                if seen.insert(next.clone()) {
                    longer.push(way);
                }
            }
        }
        ways = longer;
    }
    None
}

#[test]
fn a_circle_is_found_and_a_chain_is_not() {
    let names = |pairs: &[(&str, &str)]| {
        let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (one, other) in pairs {
            names.entry((*one).to_string()).or_default().insert((*other).to_string());
        }
        circles_of(&names)
    };
    assert_eq!(names(&[("a", "b"), ("b", "c"), ("a", "c")]), Vec::<Vec<String>>::new());
    assert_eq!(names(&[("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")]), [["a", "b", "c", "a"]]);
}
