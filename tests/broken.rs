//! Runs the page of broken configs, `fixtures/broken/README.md`: each config lies beside it as shown,
//! and `promcfg lint` says what stands there. `UPDATE=1 cargo test --test tests broken` writes it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/broken")
}

fn lint(name: &str) -> String {
    let output = Command::new(assert_cmd::cargo::cargo_bin!("promcfg"))
        .args(["lint", name])
        .current_dir(folder())
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .output()
        .expect("the tool runs");
    assert_eq!(output.status.code(), Some(1), "{name} is broken");
    String::from_utf8(output.stdout).expect("the output is text")
}

/// The content of the fenced block that begins with `opening`, as a range of bytes of the page.
fn block(page: &str, opening: &str) -> std::ops::Range<usize> {
    let start = page.find(opening).unwrap_or_else(|| panic!("the page has no {opening:?}")) + opening.len();
    start..start + page[start..].find("```\n").expect("the block is closed")
}

#[test]
fn each_broken_config_is_told_as_the_page_shows() {
    let path = folder().join("README.md");
    let mut page = fs::read_to_string(&path).expect("the page can be read");
    let mut names: Vec<String> = fs::read_dir(folder())
        .expect("the folder can be listed")
        .map(|entry| entry.expect("can be listed").file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".yml"))
        .collect();
    names.sort();
    assert_eq!(names.len(), 12);
    let mut differing = Vec::new();
    for name in names {
        let config = fs::read_to_string(folder().join(&name)).expect("the config can be read");
        let shown = block(&page, &format!("```yaml title=\"{name}\"\n"));
        assert_eq!(page[shown], config, "{name}");
        let output = lint(&name);
        let told = block(&page, &format!("```console\n$ promcfg lint {name}\n"));
        if page[told.clone()] != output {
            page.replace_range(told, &output);
            differing.push(name);
        }
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, page).expect("the page can be written");
    } else {
        assert!(differing.is_empty(), "the page differs for {differing:?}");
    }
}
