//! The library's layers depend one way: a module names only modules below it.

use std::fs;
use std::path::{Path, PathBuf};

/// From the ground up, as `src/README.md` describes them.
const LAYERS: [&str; 19] = [
    "text",
    "diagnostic",
    "files",
    "release",
    "options",
    "yaml",
    "yaml_edit",
    "re2",
    "relabel",
    "discovery",
    "config",
    "scrape",
    "simulate",
    "effect",
    "analysis",
    "lint",
    "edit",
    "suite",
    "report",
];

fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the source folder can be listed") {
            let path = entry.expect("the source folder can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// The top-level module a file belongs to: its first folder, or its own name.
fn module_of(file: &Path) -> String {
    let relative = file.strip_prefix(source_folder()).expect("lies in the source folder");
    let first = relative.components().next().expect("is no empty path");
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_string()
}

/// The modules a text names as `crate::<module>`, with their lines; comments are passed over.
fn named_modules(text: &str) -> Vec<(usize, String)> {
    let mut named = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or("");
        for rest in code.split("crate::").skip(1) {
            let name: String =
                rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_' || c.is_ascii_digit()).collect();
            if !name.is_empty() {
                named.push((index + 1, name));
            }
        }
    }
    named
}

fn rank(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| *layer == module)
}

#[test]
fn every_module_names_only_modules_below_it() {
    let mut faults = Vec::new();
    for file in rust_files(&source_folder()) {
        let module = module_of(&file);
        let Some(own) = rank(&module) else { continue };
        let text = fs::read_to_string(&file).expect("a source file can be read");
        for (line, named) in named_modules(&text) {
            match rank(&named) {
                Some(other) if other > own => {
                    faults.push(format!("{}:{line}: `{module}` must not know `{named}`", file.display()));
                }
                Some(_) => {}
                None => faults.push(format!("{}:{line}: `{named}` is no layer", file.display())),
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_folder_of_the_library_is_a_layer() {
    let unknown: Vec<String> = rust_files(&source_folder())
        .iter()
        .map(|file| module_of(file))
        .filter(|module| rank(module).is_none() && !["lib", "main", "cli"].contains(&module.as_str()))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn the_command_line_tool_names_only_itself_and_the_public_library() {
    let mut faults = Vec::new();
    for file in rust_files(&source_folder()) {
        if !["main", "cli"].contains(&module_of(&file).as_str()) {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a source file can be read");
        for (line, named) in named_modules(&text) {
            if named != "cli" {
                faults.push(format!("{}:{line}: `crate::{named}`", file.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_library_touches_no_file_no_clock_no_environment_and_no_thread() {
    let banned = [
        "std::fs",
        "std::env",
        "std::thread",
        "std::process",
        "TcpStream",
        "UdpSocket",
        "SystemTime",
        "Instant::now",
        "println!",
        "eprintln!",
    ];
    let mut faults = Vec::new();
    for file in rust_files(&source_folder()) {
        let relative = file.strip_prefix(source_folder()).expect("lies in the source folder");
        let is_test = relative.components().any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "tests.rs")));
        if is_test || ["main", "cli"].contains(&module_of(&file).as_str()) {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a source file can be read");
        for (index, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or("");
            for word in banned.iter().filter(|word| code.contains(**word)) {
                faults.push(format!("{}:{}: {word}", file.display(), index + 1));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
