//! What holds for the options of all commands.

use std::collections::BTreeMap;

use clap::{Arg, Command, CommandFactory};

use super::{Arguments, HEADINGS, OF_ALL, reasons, why_unused};

/// All commands with their names, built.
fn commands() -> Vec<(String, Command)> {
    let mut root = Arguments::command();
    root.build();
    let mut found = vec![("promcfg".to_string(), root.clone())];
    for command in root.get_subcommands() {
        found.push((command.get_name().to_string(), command.clone()));
        found.extend(command.get_subcommands().map(|inner| (inner.get_name().to_string(), inner.clone())));
    }
    found
}

fn shown_options(command: &Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().filter(|argument| !argument.is_positional() && !argument.is_hide_set())
}

#[test]
fn the_options_of_every_command_have_the_same_headings_in_the_same_order() {
    for (name, command) in commands() {
        let place = |argument: &Arg| {
            let heading = argument.get_help_heading();
            let place = HEADINGS.iter().position(|known| Some(*known) == heading);
            place.unwrap_or_else(|| panic!("{name}: {} is under {heading:?}", argument.get_id()))
        };
        let mut places: Vec<usize> = Vec::new();
        for argument in shown_options(&command) {
            if !places.contains(&place(argument)) {
                places.push(place(argument));
            }
        }
        assert!(places.is_sorted(), "{name}: {places:?}");
    }
}

#[test]
fn an_option_has_the_same_help_in_all_commands() {
    // `simulate` also selects by final addresses and by discovered labels, and has given targets in place of those of
    // the config; one job has the rules of `relabel`. Commands that add, remove or move things name these, and the options of
    // `add-job` are those of its presets.
    const DIFFERENT: [(&str, &str); 17] = [
        ("limit", "force"),
        ("add-endpoint", "unproved"),
        ("add-endpoint", "object"),
        ("add-job", "target"),
        ("add-job", "label"),
        ("add-job", "port"),
        ("add-job", "namespace"),
        ("add-job", "region"),
        ("move-target", "to"),
        ("remove-target", "label"),
        ("add-target", "label"),
        ("discover", "targets"),
        ("simulate", "target"),
        ("simulate", "targets"),
        ("simulate", "series"),
        ("simulate", "where"),
        ("relabel", "job"),
    ];
    let mut known: BTreeMap<String, (String, String)> = BTreeMap::new();
    for (name, command) in commands() {
        for argument in shown_options(&command) {
            let option = argument.get_long().unwrap_or_else(|| panic!("{name}: {} is short", argument.get_id()));
            if DIFFERENT.contains(&(name.as_str(), option)) {
                continue;
            }
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(!help.is_empty() && !help.ends_with('.'), "{name} --{option}: {help}");
            let (first, expected) = known.entry(option.to_string()).or_insert((name.clone(), help.clone()));
            assert_eq!(*expected, help, "--{option} in {first} and {name}");
        }
    }
    assert!(known.len() > 25, "{known:?}");
}

#[test]
fn every_format_can_also_be_called_output_format() {
    let commands = commands();
    let formats = commands.iter().flat_map(|(_, command)| shown_options(command));
    let formats: Vec<&Arg> = formats.filter(|argument| argument.get_long() == Some("format")).collect();
    assert!(formats.len() > 2);
    for format in formats {
        assert_eq!(format.get_all_aliases(), Some(vec!["output-format"]));
    }
}

#[test]
fn a_size_is_a_number_of_bytes_or_of_powers_of_1024() {
    let sizes =
        [("0", 0), ("4096", 4096), ("512MiB", 512 << 20), ("2gb", 2 << 30), ("1.5 G", 3 << 29), ("1t", 1 << 40)];
    for (text, bytes) in sizes {
        assert_eq!(super::parse_memory(text), Ok(bytes), "{text}");
    }
    for text in ["", "MiB", "-1", "1 parsec", "1.G", "1.25G", ".5G", "1.2.3G"] {
        assert!(super::parse_memory(text).is_err(), "{text}");
    }
    assert_eq!(super::parse_memory("20000000T"), Err("the size is too large".to_string()));
}

#[test]
fn the_command_line_has_no_contradiction() {
    Arguments::command().debug_assert();
}

/// The commands that edit.
fn edits() -> Vec<(String, Command)> {
    let is_edit = |command: &Command| command.get_arguments().any(|argument| argument.get_id() == "dry_run");
    commands().into_iter().filter(|(_, command)| is_edit(command)).collect()
}

fn option<'c>(command: &'c Command, long: &str) -> Option<&'c Arg> {
    command.get_arguments().find(|argument| argument.get_long() == Some(long))
}

#[test]
fn every_edit_has_the_common_options_or_a_reason_why_not() {
    let edits = edits();
    assert!(edits.len() > 20, "{edits:?}");
    for (name, command) in &edits {
        for long in OF_ALL {
            let (has, reason) = (option(command, long).is_some(), why_unused(name, long));
            assert_eq!(has, reason.is_none(), "{name} --{long}: {reason:?}");
        }
    }
    for (names, longs, _) in reasons() {
        assert!(names.iter().all(|name| edits.iter().any(|(own, _)| own == name)), "{names:?}");
        assert!(longs.iter().all(|long| OF_ALL.contains(long)), "{longs:?}");
    }
}

#[test]
fn the_map_has_the_options_of_every_edit() {
    const MARKS: (&str, &str) = ("<!-- the options begin -->\n", "<!-- the options end -->\n");
    const COLUMNS: [&str; 6] = ["job", "all-jobs", "targets", "series", "unproved", "force"];
    let mut table = format!("\n| command | `--{}` |\n|---{}|\n", COLUMNS.join("` | `--"), "|---".repeat(COLUMNS.len()));
    for (name, command) in edits() {
        let cell = |long: &&str| match option(&command, long) {
            Some(own) if own.is_hide_set() => "accepted",
            Some(_) => "used",
            None => "refused",
        };
        let cells: Vec<&str> = COLUMNS.iter().map(cell).collect();
        table.push_str(&format!("| `{name}` | {} |\n", cells.join(" | ")));
    }
    table.push('\n');
    for (names, longs, reason) in reasons() {
        let longs: Vec<String> = longs.iter().map(|long| format!("`--{long}`")).collect();
        table.push_str(&format!("- {}, {}: {reason}.\n", names.join(", "), longs.join(", ")));
    }
    table.push('\n');
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/README.md");
    let text = std::fs::read_to_string(path).expect("can be read");
    let start = text.find(MARKS.0).expect("the table begins") + MARKS.0.len();
    let end = text.find(MARKS.1).expect("the table ends");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, format!("{}{table}{}", &text[..start], &text[end..])).expect("can be written");
    } else {
        assert_eq!(&text[start..end], table, "run UPDATE=1 cargo test --bin promcfg the_map");
    }
}
