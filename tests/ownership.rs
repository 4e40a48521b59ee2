//! The elements of a tree tile its collections, with all comments: in the fixtures, in the configs outside the
//! repository (`PROMCFG_CORPUS`; without them there are fewer texts), and in variants of both with moved lines.

use std::fs;
use std::path::{Path, PathBuf};

use promcfg::yaml::Tree;

use crate::seeds::yaml::{check, check_tiling};
use crate::yaml_lines::mutants::{Numbers, mutant};
use crate::yaml_lines::mutants_wanted;

/// The YAML texts below a folder.
fn texts_below(folder: &Path, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("can be listed").path()).collect();
    paths.sort();
    for path in paths {
        let is_yaml = path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml");
        if path.is_dir() {
            texts_below(&path, found);
        } else if is_yaml {
            found.extend(fs::read(&path).ok().and_then(|bytes| String::from_utf8(bytes).ok()));
        }
    }
}

fn texts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = std::env::var_os("PROMCFG_CORPUS").map_or_else(|| root.join("../shared/corpus"), PathBuf::from);
    let mut found = Vec::new();
    for folder in [root.join("fixtures"), root.join("tests"), corpus] {
        texts_below(&folder, &mut found);
    }
    found
}

/// A text with comments added between and after its lines, in every column up to eight.
fn commented(text: &str, seed: usize) -> String {
    let mut commented = String::new();
    for (index, line) in text.lines().enumerate() {
        match (index + seed) % 5 {
            0 => commented += &format!("{}# above {index}\n{line}\n", " ".repeat((index * 7 + seed) % 9)),
            1 => commented += &format!("{line} # beside {index}\n"),
            2 => commented += &format!("{line}\n\n"),
            _ => commented += &format!("{line}\n"),
        }
    }
    commented + "    # deep\n  # less deep\n# end\n"
}

#[test]
fn the_elements_of_every_collection_tile_it() {
    let texts = texts();
    assert!(texts.len() > 20, "there are only {} texts", texts.len());
    let mut read = 0;
    for text in &texts {
        for variant in std::iter::once(text.clone()).chain((0..10).map(|seed| commented(text, seed))) {
            let tree = Tree::parse(variant);
            read += usize::from(tree.fault().is_none());
            check_tiling(&tree);
        }
    }
    assert!(read > texts.len() * 5, "only {read} variants of {} texts can be read", texts.len());
}

/// `YAML_MUTANTS=100000` tries more.
#[test]
fn mutants_and_what_is_recovered_of_them_have_the_properties_of_the_fuzz_target() {
    const USUAL_LENGTH: usize = 2_000;
    let texts: Vec<String> = texts().into_iter().filter(|text| text.len() < USUAL_LENGTH).collect();
    let mut numbers = Numbers::new(7);
    for _ in 0..mutants_wanted() / 4 {
        let bytes = mutant(texts[numbers.below(texts.len())].as_bytes(), &mut numbers);
        if std::panic::catch_unwind(|| check(&bytes)).is_err() {
            panic!("of {:?}", String::from_utf8_lossy(&bytes));
        }
    }
}
