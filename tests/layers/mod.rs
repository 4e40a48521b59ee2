//! The library's layers depend one way, and so do the files inside a folder: a module names only
//! modules below it, and no two files name each other in a circle.

mod circles;
mod source;

use std::collections::BTreeMap;

use source::{Module, modules, named_paths};

/// From the ground up, as `src/README.md` describes them.
const LAYERS: [&str; 24] = [
    "text",
    "budget",
    "diagnostic",
    "exposition",
    "files",
    "format",
    "release",
    "options",
    "yaml",
    "yaml_edit",
    "re2",
    "relabel",
    "discovery",
    "config",
    "input",
    "secrets",
    "scrape",
    "simulate",
    "effect",
    "analysis",
    "lint",
    "edit",
    "suite",
    "report",
];

fn rank(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| *layer == module)
}

fn is_tool(module: &Module) -> bool {
    module.path.first().is_some_and(|first| first == "main" || first == "cli")
}

/// The layer that a path leads to: its first part, or where the root takes that name from.
fn layer_of(path: &[String], at_root: &BTreeMap<String, String>) -> Option<String> {
    let first = path.first()?;
    let is_module = rank(first).is_some() || !at_root.contains_key(first);
    Some(if is_module { first.clone() } else { at_root[first].clone() })
}

/// The names at the root, with the layers they come from.
fn names_at_root(modules: &BTreeMap<Vec<String>, Module>) -> BTreeMap<String, String> {
    let root = &modules[&Vec::<String>::new()];
    root.given_out().into_iter().map(|(name, path)| (name, path[0].clone())).collect()
}

#[test]
fn every_module_names_only_modules_below_it() {
    let modules = modules();
    let at_root = names_at_root(&modules);
    let mut faults = Vec::new();
    for module in modules.values() {
        let Some(own) = module.path.first().and_then(|first| rank(first)) else { continue };
        for named in named_paths(&module.code) {
            let Some(path) = module.absolute(&named) else { continue };
            let Some(layer) = layer_of(&path, &at_root) else { continue };
            let place = format!("{}:{}", module.file.display(), named.line);
            match rank(&layer) {
                Some(other) if other > own => {
                    faults.push(format!("{place}: `{}` must not name `{layer}`", LAYERS[own]));
                }
                Some(_) => {}
                None => faults.push(format!("{place}: `{}` is not a layer", named.segments.join("::"))),
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Each layer with the layers that it names, the highest first.
fn picture() -> String {
    let modules = modules();
    let at_root = names_at_root(&modules);
    let mut named: BTreeMap<usize, std::collections::BTreeSet<usize>> = BTreeMap::new();
    for module in modules.values() {
        let Some(own) = module.path.first().and_then(|first| rank(first)) else { continue };
        let below = named.entry(own).or_default();
        for path in named_paths(module.code_without_tests()).iter().filter_map(|named| module.absolute(named)) {
            below.extend(layer_of(&path, &at_root).and_then(|layer| rank(&layer)).filter(|other| *other != own));
        }
    }
    let mut picture = "```text\n".to_string();
    for (own, below) in named.iter().rev() {
        let below: Vec<&str> = below.iter().rev().map(|rank| LAYERS[*rank]).collect();
        let arrow = if below.is_empty() { "" } else { " ─▶ " };
        picture.push_str(&format!("{:>10}{arrow}{}\n", LAYERS[*own], below.join(" ")));
    }
    picture + "```\n"
}

#[test]
fn the_map_shows_the_layers_as_the_code_has_them() {
    const BEGIN: &str = "<!-- the layers begin -->\n";
    const END: &str = "<!-- the layers end -->";
    let path = source::source_folder().join("README.md");
    let page = std::fs::read_to_string(&path).expect("the map can be read");
    let (head, rest) = page.split_once(BEGIN).expect("has the beginning of the picture");
    let (shown, tail) = rest.split_once(END).expect("has the end of the picture");
    let picture = picture();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, format!("{head}{BEGIN}{picture}{END}{tail}")).expect("can be written");
    } else {
        assert_eq!(shown, picture, "run `UPDATE=1 cargo test --test tests layers`");
    }
}

#[test]
fn every_folder_of_the_library_is_a_layer() {
    let modules = modules();
    let firsts = modules.values().filter(|module| !is_tool(module)).filter_map(|module| module.path.first());
    let unknown: Vec<&String> = firsts.filter(|first| rank(first).is_none()).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn the_command_line_tool_names_only_itself_and_the_public_library() {
    let mut faults = Vec::new();
    for module in modules().values().filter(|module| is_tool(module)) {
        for named in named_paths(&module.code) {
            let path = module.absolute(&named).unwrap_or_default();
            let is_own = path.first().is_some_and(|first| first == "cli");
            if named.segments[0] == "crate" && !is_own {
                faults.push(format!("{}:{}: `{}`", module.file.display(), named.line, named.segments.join("::")));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_files_of_a_folder_name_each_other_in_a_circle() {
    let circles = circles::circles(&modules());
    assert!(circles.is_empty(), "{}", circles.join("\n"));
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
    // The reader of the disk is handed in by the caller, and built with the tool only.
    let is_free =
        |module: &Module| is_tool(module) || module.path.starts_with(&["files".to_string(), "disk".to_string()]);
    let mut faults = Vec::new();
    for module in modules().values().filter(|module| !is_free(module)) {
        if module.path.iter().any(|part| part == "tests") {
            continue;
        }
        for (index, line) in module.code.lines().enumerate() {
            for word in banned.iter().filter(|word| line.contains(**word)) {
                faults.push(format!("{}:{}: {word}", module.file.display(), index + 1));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn paths_in_braces_at_the_root_and_of_parents_are_seen() {
    let code = "use crate::{Config, text::{Span, lines}};\nfn f() { super::rules::g(); crate::simulate(x) }\nuse self::a::B as C;\n";
    let seen: Vec<String> =
        named_paths(code).iter().map(|named| format!("{}: {}", named.line, named.segments.join("::"))).collect();
    assert_eq!(
        seen,
        [
            "1: crate::Config",
            "1: crate::text::Span",
            "1: crate::text::lines",
            "2: crate::simulate",
            "3: self::a::B",
            "2: super::rules::g",
        ]
    );
}
