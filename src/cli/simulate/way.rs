//! The way to real targets: the commands that save the objects that jobs need, and the one that simulates them.

use std::collections::BTreeSet;

use promcfg::discovery::{DiscoveryOptions, save_commands};
use promcfg::simulate::Owner;

use crate::cli::args::SimulateArguments;
use crate::cli::terminal::Terminal;

/// The most different items of discovery whose commands are given.
const MOST_ITEMS: usize = 1_000;

/// Jobs whose targets exist only at discovery and are not given.
#[derive(Default)]
pub(super) struct Missing {
    jobs: Vec<String>,
    keys: BTreeSet<String>,
    items: Vec<DiscoveryOptions>,
    /// Whether there are mechanisms whose objects are not read.
    has_others: bool,
}

impl Missing {
    /// Adds a job, or an Alertmanager.
    pub(super) fn add(&mut self, owner: Owner<'_>) {
        self.jobs.push(owner.name());
        for sd in owner.discovery().iter().filter(|sd| !sd.is_known()) {
            self.keys.insert(sd.key.clone());
            self.has_others |= sd.options.iter().all(Option::is_none);
            for options in sd.options.iter().flatten() {
                if self.items.len() < MOST_ITEMS && !self.items.contains(options) {
                    self.items.push(options.clone());
                }
            }
        }
    }

    /// The commands that save what is missing, and the one that simulates it.
    pub(super) fn commands(&self, arguments: &SimulateArguments) -> Vec<String> {
        let saves = save_commands(&self.items);
        let mut commands: Vec<String> = saves.iter().map(|save| save.command.clone()).collect();
        let mut files: Vec<&str> = saves.iter().map(|save| save.file.as_str()).collect();
        // Nobody else knows the targets of other mechanisms.
        if self.has_others || commands.is_empty() {
            commands.push("curl -s localhost:9090/api/v1/targets > running.json".to_string());
            files.push("running.json");
        }
        let mut words = vec!["promcfg simulate".to_string()];
        words.extend(arguments.paths.iter().map(|path| quoted(path)));
        words.extend(arguments.example.then(|| "--example".to_string()));
        words.extend(arguments.jobs.iter().map(|job| format!("--job {}", quoted(job))));
        let mut seen = Vec::new();
        for file in files {
            if !seen.contains(&file) {
                words.push(format!("--targets {file}"));
                seen.push(file);
            }
        }
        commands.push(words.join(" "));
        commands
    }

    /// Warns of jobs whose targets are not among the given objects.
    pub(super) fn show(&self, arguments: &SimulateArguments, terminal: &Terminal) {
        if self.jobs.is_empty() {
            return;
        }
        let (names, keys) = (names_of_jobs(&self.jobs), self.keys.iter().map(String::as_str).collect::<Vec<_>>());
        let keys = keys.join("`, `");
        let message = format!("{names}: the given objects are not of `{keys}`, so that targets are missing");
        let mut commands = self.commands(arguments);
        // The present command needs one more file.
        commands.pop();
        terminal.warn(&message, &format!("save them, and add --targets: {}", commands.join("; ")));
    }
}

/// `job "a"`, or `jobs "a", "b"`.
pub(super) fn names_of_jobs(names: &[String]) -> String {
    const MOST_NAMES: usize = 5;
    let shown = names.iter().take(MOST_NAMES).map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    match names.len() {
        0 | 1 => format!("job {shown}"),
        2..=MOST_NAMES => format!("jobs {shown}"),
        count => format!("jobs {shown} and {} more", count - MOST_NAMES),
    }
}

/// A word as a shell reads it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,+@%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_string();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_quoted_where_a_shell_would_read_it_in_another_way() {
        assert_eq!(quoted("conf/prometheus.yml"), "conf/prometheus.yml");
        assert_eq!(quoted("kubernetes-*"), "'kubernetes-*'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted(""), "''");
    }
}
