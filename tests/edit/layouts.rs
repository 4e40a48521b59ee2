//! A command on every layout of `fixtures/edits`: which lines change, or why it is refused.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::run::{Fixture, visible};

/// The names of all layouts.
pub(crate) fn layouts() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/edits");
    let entries = fs::read_dir(folder).expect("the folder can be listed");
    let names = entries.map(|entry| entry.expect("can be listed").file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter_map(|name| name.strip_suffix(".yml").map(String::from)).collect();
    names.sort();
    names
}

/// Runs a command on all layouts. What is written is as asked for at a second run; `undo` gives the old bytes back, but
/// for a list that was empty.
pub(crate) fn on_all_layouts(command: &str, arguments: &[&str], undo: Option<(&str, &[&str])>) -> String {
    let mut shown = String::new();
    for name in layouts() {
        let fixture = Fixture::new(&name);
        let outcome = fixture.run(command, arguments);
        writeln!(shown, "== {name}: {}", outcome.status).expect("fits");
        if outcome.status != 0 {
            assert!(!fixture.has_changed(), "{name}: refused, but written");
            writeln!(shown, "{}", visible(&first_paragraph(&outcome.stderr))).expect("fits");
            continue;
        }
        let changed = outcome.stdout.lines().filter(|line| line.starts_with(['+', '-', '@']) || !line.starts_with(' '));
        let changed: Vec<&str> = changed.filter(|line| !line.starts_with("+++") && !line.starts_with("---")).collect();
        writeln!(shown, "{}", visible(&changed.join("\n"))).expect("fits");
        let after = fixture.text();
        let again = fixture.run(command, arguments);
        assert_eq!((again.status, fixture.text() == after), (0, true), "{name}: a second run: {}", again.shown());
        assert!(again.stdout.starts_with("nothing to do: "), "{name}: {}", again.shown());
        if let Some((undo, arguments)) = undo.filter(|_| after != fixture.before) {
            let undone = fixture.run(undo, arguments);
            let is_same = fixture.text() == fixture.before;
            let is_empty =
                super::corpus::without_nulls(&fixture.text()) == super::corpus::without_nulls(&fixture.before);
            assert!(is_same || is_empty, "{name}: {}\n{}", undone.shown(), fixture.text());
        }
    }
    shown
}

/// The message, without the excerpt.
fn first_paragraph(text: &str) -> String {
    let lines = text.lines().take_while(|line| !line.trim_start().starts_with(",-[") && !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}
