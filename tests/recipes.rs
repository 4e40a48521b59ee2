//! Runs the recipes, `rules/recipes/<name>.md`: the command gives just the output that the document shows.
//! `UPDATE=1 cargo test --test tests recipes` writes the outputs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The content of the first block of that kind, with its place in the text.
fn block<'t>(text: &'t str, info: &str) -> (&'t str, usize) {
    let (before, rest) = text.split_once(&format!("```{info}\n")).expect("has the block");
    let content = rest.split_once("```").expect("is closed").0;
    (content, before.len() + info.len() + 4)
}

fn documents() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/recipes");
    let entries = fs::read_dir(folder).expect("the folder can be listed");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("can be listed").path()).collect();
    paths.sort();
    paths
}

fn run(folder: &Path, words: &str) -> (bool, String) {
    let tool = assert_cmd::cargo::cargo_bin!("promcfg");
    let line = format!("{} {words}", tool.display());
    let mut command = Command::new("sh");
    command.args(["-c", &line]).current_dir(folder).env_clear().env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
    let output = command.output().expect("the shell runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("is text");
    (output.status.success(), text(output.stdout) + &text(output.stderr))
}

#[test]
fn each_recipe_does_what_it_shows() {
    let (is_update, mut faults) = (std::env::var_os("UPDATE").is_some(), Vec::new());
    for path in documents() {
        let text = fs::read_to_string(&path).expect("can be read");
        let (config, _) = block(&text, "yaml");
        let (console, at) = block(&text, "console");
        let (first, shown) = console.split_once('\n').expect("has a command");
        let folder = tempfile::tempdir().expect("a folder can be made");
        fs::write(folder.path().join("prometheus.yml"), config).expect("can be written");
        let (is_done, output) = run(folder.path(), first.strip_prefix("$ promcfg ").expect("is a command"));
        let after = fs::read_to_string(folder.path().join("prometheus.yml")).expect("can be read");
        if !is_done || after == config || (output != shown && !is_update) {
            faults.push(format!("{}:\n{output}", path.display()));
        } else if output != shown {
            let start = at + first.len() + 1;
            let new = format!("{}{output}{}", &text[..start], &text[start + shown.len()..]);
            fs::write(&path, new).expect("can be written");
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_list_has_all_documents() {
    let (_, listed) = run(Path::new("."), "recipes");
    let paths = documents();
    assert!(paths.len() >= 25, "{} recipes", paths.len());
    for path in paths {
        let name = path.file_stem().expect("has a name").to_string_lossy().into_owned();
        assert!(listed.contains(&format!("  {name} ")), "{name} is not listed:\n{listed}");
        let (is_done, shown) = run(Path::new("."), &format!("recipes {name}"));
        assert!(is_done && shown.contains(&format!("# {name}\n")), "{shown}");
    }
}

#[test]
fn recipes_are_found_by_their_words() {
    let found = |words: &str| run(Path::new("."), &format!("recipes {words}"));
    for (words, name) in [
        ("remove port", "instance-without-port"),
        ("Prometheus servers", "shard-targets"),
        ("stopped ec2", "running-instances"),
        ("high", "drop-high-cardinality-label"),
        ("labelmap ec2", "map-tags"),
    ] {
        let (is_done, shown) = found(words);
        assert!(is_done && shown.contains(name), "{words}: {shown}");
    }
    let (_, listed) = found("namespace");
    assert!(listed.contains("  drop-namespace ") && !listed.contains("  shard-targets "), "{listed}");
    let (is_done, shown) = found("add-targt");
    assert!(!is_done && shown.contains("did you mean add-target?"), "{shown}");
}
