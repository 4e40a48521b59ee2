//! Configs written in all styles that YAML allows: a label is added and removed again, and nothing else changes.

use std::collections::BTreeMap;
use std::sync::Mutex;

use promcfg::edit::{EditError, Method, RenameLabel, Selection};
use promcfg::{Document, Options};
use proptest::collection::vec;
use proptest::prelude::*;

use super::corpus::round_trip;
use super::fields::set_and_back;
use super::format::format_twice;
use super::metrics::filtered;
use super::remove_job::{put_and_removed, removal};

/// What the writer does next, taken from a list of numbers; zeros when it has ended.
struct Choices<'c> {
    left: std::slice::Iter<'c, u8>,
}

impl Choices<'_> {
    /// A number below `count`.
    fn pick(&mut self, count: u8) -> u8 {
        self.left.next().copied().unwrap_or(0) % count
    }

    fn one_in(&mut self, count: u8) -> bool {
        self.pick(count) == count - 1
    }

    fn of<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words[usize::from(self.pick(u8::try_from(words.len()).expect("are few")))]
    }
}

/// A config being written.
pub(super) struct Writer<'c> {
    choices: Choices<'c>,
    lines: Vec<String>,
    /// Anchored rule lists so far.
    anchors: usize,
    /// How many jobs are written.
    jobs: usize,
}

const TARGETS: [&str; 6] = ["10.0.0.1:9100", "'10.0.0.2:9100'", "\"h-3:80\"", "h4", "'h5:443'", "h6.example.com:1"];
const LABELS: [(&str, &str); 5] =
    [("env", "prod"), ("team", "'core'"), ("'rack'", "\"r 7\""), ("note", "it's"), ("zone", "a-1")];

impl Writer<'_> {
    /// The config that these choices make.
    pub(super) fn text(choices: &[u8]) -> String {
        let choices = Choices { left: choices.iter() };
        let mut writer = Writer { choices, lines: Vec::new(), anchors: 0, jobs: 0 };
        writer.config();
        let line_end = if writer.choices.one_in(3) { "\r\n" } else { "\n" };
        let mut text = writer.lines.join(line_end);
        if !writer.choices.one_in(4) {
            text.push_str(line_end);
        }
        if writer.choices.one_in(8) { format!("\u{feff}{text}") } else { text }
    }

    fn line(&mut self, indent: usize, content: &str) {
        let behind = match self.choices.pick(12) {
            0 => "   # why",
            1 => "\t# tab",
            2 => "  ",
            _ => "",
        };
        self.lines.push(format!("{}{content}{behind}", " ".repeat(indent)));
    }

    /// Blank lines and comments between things, in any column.
    fn between(&mut self, indent: usize) {
        match self.choices.pick(14) {
            0 => self.lines.push(String::new()),
            1 => self.lines.push(format!("{}# about what follows", " ".repeat(indent))),
            2 => self.lines.push("# - at the margin".to_string()),
            3 => self.lines.push(format!("{}# deeper", " ".repeat(indent + 3))),
            4 => self.lines.extend([String::new(), format!("{}# apart", " ".repeat(indent)), String::new()]),
            _ => {}
        }
    }

    fn colon(&mut self) -> &'static str {
        self.choices.of(&[": ", ": ", ": ", ":  ", ":\t", " : "])
    }

    fn config(&mut self) {
        if self.choices.one_in(4) {
            self.lines.push("---".to_string());
        }
        self.between(0);
        if self.choices.one_in(3) {
            self.line(0, "global: {scrape_interval: 30s}");
        }
        self.line(0, "scrape_configs:");
        let indent = usize::from(self.choices.pick(4));
        for number in 0..=self.choices.pick(3) {
            self.between(indent);
            self.job(indent, number);
            self.jobs += 1;
        }
        match self.choices.pick(8) {
            0 => self.lines.extend(["rule_files:".to_string(), "- r.yml".to_string()]),
            1 => self.lines.extend(["---".to_string(), "scrape_configs: []".to_string()]),
            2 => self.lines.push("...".to_string()),
            3 => self.lines.extend([String::new(), "# the end".to_string()]),
            _ => {}
        }
    }

    fn job(&mut self, indent: usize, number: u8) {
        if self.choices.one_in(6) {
            let (statics, rules) = (self.flow_groups(), self.flow_rules());
            let job = format!("- {{job_name: j{number}, static_configs: {statics}, relabel_configs: {rules}}}");
            return self.line(indent, &job);
        }
        let gap = 1 + usize::from(self.choices.pick(3));
        let keys = indent + 1 + gap;
        let first = self.lines.len();
        let mut parts = [0, 1, 2, 3];
        parts.rotate_left(usize::from(self.choices.pick(4)));
        for part in parts {
            if self.lines.len() > first {
                self.between(keys);
            }
            match part {
                0 => {
                    let colon = self.colon();
                    self.line(keys, &format!("job_name{colon}j{number}"));
                }
                1 => self.static_configs(keys),
                2 => self.relabel_configs(keys),
                _ => self.other_field(keys),
            }
        }
        self.put_dash(first, indent, keys);
    }

    /// Puts the dash of an item before its first key, or in a line of its own.
    fn put_dash(&mut self, first: usize, indent: usize, keys: usize) {
        let is_key = |line: &String| line.starts_with(&" ".repeat(keys)) && !line[keys..].starts_with([' ', '#']);
        if self.choices.one_in(6) || !self.lines.get(first).is_some_and(is_key) {
            self.lines.insert(first, format!("{}-", " ".repeat(indent)));
        } else if let Some(line) = self.lines.get_mut(first) {
            *line = format!("{}-{}{}", " ".repeat(indent), " ".repeat(keys - indent - 1), &line[keys..]);
        }
    }

    fn other_field(&mut self, indent: usize) {
        match self.choices.pick(6) {
            0 => self.line(indent, "metrics_path: /x"),
            1 => {
                self.lines.push(format!("{}params:", " ".repeat(indent)));
                self.lines.push(format!("{}  match:", " ".repeat(indent)));
                self.lines.push(format!("{}  - |", " ".repeat(indent)));
                self.lines.push(format!("{}    up", " ".repeat(indent)));
                self.lines.extend((0..self.choices.pick(3)).map(|_| String::new()));
            }
            2 => self.line(indent, "metric_relabel_configs: [{regex: x, action: labeldrop}]"),
            3 => self.line(indent, "honor_labels:   true"),
            _ => self.line(indent, "scrape_timeout: 5s"),
        }
    }

    fn static_configs(&mut self, indent: usize) {
        if self.choices.one_in(5) {
            let groups = self.flow_groups();
            return self.line(indent, &format!("static_configs: {groups}"));
        }
        self.line(indent, "static_configs:");
        let dash = indent + usize::from(self.choices.pick(4));
        for _ in 0..=self.choices.pick(2) {
            self.between(dash);
            let first = self.lines.len();
            self.group(dash + 2);
            self.put_dash(first, dash, dash + 2);
        }
    }

    fn group(&mut self, keys: usize) {
        if self.choices.one_in(4) {
            self.labels(keys);
            self.between(keys);
            self.targets(keys);
        } else {
            self.targets(keys);
            self.between(keys);
            self.labels(keys);
        }
        if self.lines.is_empty() {
            self.line(keys, "targets: []");
        }
    }

    fn targets(&mut self, keys: usize) {
        let count = 1 + usize::from(self.choices.pick(3));
        let from = usize::from(self.choices.pick(3));
        let targets = &TARGETS[from..from + count];
        match self.choices.pick(4) {
            0 => {
                self.line(keys, "targets:");
                let dash = keys + usize::from(self.choices.pick(3));
                for target in targets {
                    self.between(dash);
                    self.line(dash, &format!("- {target}"));
                }
            }
            1 => {
                self.lines.push(format!("{}targets: [", " ".repeat(keys)));
                for target in targets {
                    self.line(keys + 2, &format!("{target},"));
                }
                self.lines.push(format!("{}]", " ".repeat(keys + 1)));
            }
            _ => self.line(keys, &format!("targets: [{}]", targets.join(", "))),
        }
    }

    fn labels(&mut self, keys: usize) {
        let (from, count) = (usize::from(self.choices.pick(3)), usize::from(self.choices.pick(3)));
        let labels = &LABELS[from..from + count];
        match self.choices.pick(5) {
            0 if count > 0 => {
                self.line(keys, "labels:");
                let below = keys + 1 + usize::from(self.choices.pick(4));
                for (name, value) in labels {
                    self.between(below);
                    let colon = self.colon();
                    self.line(below, &format!("{name}{colon}{value}"));
                }
            }
            1 => self.line(keys, "labels:"),
            2 => {
                let entries: Vec<String> = labels.iter().map(|(name, value)| format!("{name}: {value}")).collect();
                self.line(keys, &format!("labels: {{{}}}", entries.join(", ")));
            }
            _ => {}
        }
    }

    fn flow_groups(&mut self) -> String {
        let groups = ["{targets: [a:1]}", "{targets: ['b:2', c], labels: {env: x}}", "{'targets':[d], labels: {}}"];
        let count = 1 + usize::from(self.choices.pick(3));
        format!("[{}]", groups[..count].join(self.choices.of(&[", ", ",", " , "])))
    }

    fn flow_rules(&mut self) -> String {
        let rules = ["{source_labels: [env], target_label: e}", "{regex: tmp_.*, action: labeldrop}"];
        let count = usize::from(self.choices.pick(3));
        format!("[{}{}]", rules[..count].join(", "), if count > 0 && self.choices.one_in(3) { "," } else { "" })
    }

    fn relabel_configs(&mut self, indent: usize) {
        let anchor = match self.choices.pick(10) {
            0 => {
                self.anchors += 1;
                format!(" &rules{}", self.anchors)
            }
            1 if self.lines.iter().any(|line| line.contains("&rules1")) => {
                return self.line(indent, "relabel_configs: *rules1");
            }
            _ => String::new(),
        };
        match self.choices.pick(6) {
            0 => {}
            1 => self.line(indent, &format!("relabel_configs:{anchor}")),
            2 => {
                let rules = self.flow_rules();
                self.line(indent, &format!("relabel_configs:{anchor} {rules}"));
            }
            _ => {
                self.line(indent, &format!("relabel_configs:{anchor}"));
                let dash = indent + usize::from(self.choices.pick(4));
                for _ in 0..=self.choices.pick(2) {
                    self.between(dash);
                    self.rule(dash);
                }
            }
        }
    }

    fn rule(&mut self, dash: usize) {
        if self.choices.one_in(3) {
            return self.line(dash, "- {source_labels: [env], regex: '(a|b)', target_label: e}");
        }
        let keys = dash + 2 + usize::from(self.choices.pick(2));
        let first = self.lines.len();
        self.line(keys, "source_labels: [__address__]");
        self.between(keys);
        let regex = self.choices.of(&["regex: '(.+):.*'", "regex: \"(.+):\\\\d+\"", "regex: (.+):80"]);
        self.line(keys, regex);
        self.between(keys);
        self.line(keys, "target_label: host");
        self.put_dash(first, dash, keys);
    }
}

/// Tries something in each job of configs in all styles: how often each thing happened, in words.
pub(crate) fn in_all_styles(
    check: impl Fn(&str, &[String], usize) -> Result<String, String>,
) -> BTreeMap<String, usize> {
    let outcomes: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(300);
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(choices in vec(any::<u8>(), 0..160))| {
        let text = Writer::text(&choices);
        let document = Document::new("wild.yml", text.as_str(), &Options::default());
        let jobs: Vec<String> = document.jobs().iter().map(|job| job.job_name.value.clone()).collect();
        for index in 0..jobs.len() {
            let outcome = check(&text, &jobs, index);
            let outcome = outcome.map_err(|fault| TestCaseError::fail(format!("{}: {fault}\n{text}", jobs[index])))?;
            *outcomes.lock().unwrap().entry(outcome).or_default() += 1;
        }
    });
    outcomes.into_inner().unwrap()
}

#[test]
fn whatever_the_style_a_label_is_added_and_removed_and_nothing_else_changes() {
    let outcomes: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());
    let renames: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());
    let fields: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());
    let formats: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());
    let filters: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(600);
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(choices in vec(any::<u8>(), 0..160), is_static in any::<bool>())| {
        let text = Writer::text(&choices);
        let document = Document::new("wild.yml", text.as_str(), &Options::default());
        let faults = document.diagnostics();
        prop_assert!(faults.iter().all(|fault| !fault.is_error()), "{faults:?}\n{text}");
        let jobs: Vec<String> = document.jobs().iter().map(|job| job.job_name.value.clone()).collect();
        let outcome = format_twice("wild.yml", &text);
        let outcome = outcome.map_err(|fault| TestCaseError::fail(format!("fmt: {fault}\n{text}")))?;
        *formats.lock().unwrap().entry(outcome).or_default() += 1;
        let method = if is_static { Method::Static } else { Method::Relabel };
        for index in 0..jobs.len() {
            let outcome = round_trip("wild.yml", &text, &jobs, index, method);
            let outcome = outcome.map_err(|fault| TestCaseError::fail(format!("{method:?} {}: {fault}\n{text}", jobs[index])))?;
            *outcomes.lock().unwrap().entry(outcome).or_default() += 1;
            let outcome = set_and_back("wild.yml", &text, &jobs[index]);
            let outcome = outcome.map_err(|fault| TestCaseError::fail(format!("fields of {}: {fault}\n{text}", jobs[index])))?;
            *fields.lock().unwrap().entry(outcome).or_default() += 1;
            let outcome = filtered("wild.yml", &text, &jobs[index]);
            let outcome = outcome.map_err(|fault| TestCaseError::fail(format!("metrics of {}: {fault}\n{text}", jobs[index])))?;
            *filters.lock().unwrap().entry(outcome).or_default() += 1;
            let outcome = rename_and_back(&text, &jobs[index]);
            let outcome = outcome.map_err(|fault| TestCaseError::fail(format!("rename in {}: {fault}\n{text}", jobs[index])))?;
            *renames.lock().unwrap().entry(outcome).or_default() += 1;
        }
    });
    let outcomes = outcomes.into_inner().unwrap();
    println!("{outcomes:#?}");
    let all: usize = outcomes.values().sum();
    let done: usize =
        outcomes.iter().filter(|(outcome, _)| outcome.starts_with("and back")).map(|(_, count)| count).sum();
    assert!(done * 10 >= all * 8, "{done} of {all} edits were made");
    let formats = formats.into_inner().unwrap();
    println!("{formats:#?}");
    assert!(formats.keys().all(|outcome| !outcome.contains(", ")), "refused");
    let fields = fields.into_inner().unwrap();
    println!("{fields:#?}");
    let all: usize = fields.values().sum();
    let refused: usize = fields.iter().filter(|(outcome, _)| outcome.contains(", ")).map(|(_, count)| count).sum();
    assert!(refused * 10 <= all * 2, "{refused} of {all} fields were refused");
    let filters = filters.into_inner().unwrap();
    println!("{filters:#?}");
    let all: usize = filters.values().sum();
    assert!(filters["filtered"] * 10 >= all * 8, "metrics of {} of {all} jobs were filtered", filters["filtered"]);
    let renames = renames.into_inner().unwrap();
    println!("{renames:#?}");
    let all: usize = renames.iter().filter(|(outcome, _)| *outcome != "nothing to do").map(|(_, count)| count).sum();
    assert!(renames["and back"] * 10 >= all * 7, "{} of {all} labels were renamed", renames["and back"]);
}

/// Renames a label that some jobs have, and back: no byte changes but those of the name.
fn rename_and_back(text: &str, job: &str) -> Result<String, String> {
    let rename = |text: &str, old: &str, new: &str| {
        let selection = Selection { jobs: vec![job.to_string()], ..Selection::default() };
        let (old, new) = (old.to_string(), new.to_string());
        let request = RenameLabel { old, new, selection, ..RenameLabel::default() };
        Document::new("wild.yml", text, &Options::default()).rename_label(&request)
    };
    let change = match rename(text, "env", "new_env") {
        Ok(change) => change,
        Err(EditError::Refused(refusals)) => return Ok(format!("refused, {}", refusals[0].id)),
        Err(error) => return Err(error.to_string()),
    };
    let [file] = change.files.as_slice() else { return Ok("nothing to do".to_string()) };
    let renamed = file.after();
    if renamed.replace("new_env", "env") != text {
        return Err(format!("more than the name has changed:\n{renamed}"));
    }
    let back =
        rename(&renamed, "new_env", "env").map_err(|error| format!("cannot be renamed back: {error}\n{renamed}"))?;
    match back.files.first() {
        Some(file) if file.after() == text => Ok("and back".to_string()),
        _ => Err(format!("back is something else:\n{renamed}")),
    }
}

#[test]
fn whatever_the_style_a_job_is_removed_and_nothing_else() {
    let outcomes: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(600);
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(choices in vec(any::<u8>(), 0..160))| {
        let text = Writer::text(&choices);
        let document = Document::new("wild.yml", text.as_str(), &Options::default());
        for job in document.jobs() {
            let name = &job.job_name.value;
            let outcome = removal(&text, name);
            let outcome = outcome.map_err(|fault| TestCaseError::fail(format!("{name}: {fault}\n{text}")))?;
            *outcomes.lock().unwrap().entry(outcome).or_default() += 1;
        }
        if let Some(Err(fault)) = put_and_removed(&text) {
            return Err(TestCaseError::fail(format!("{fault}\n{text}")));
        }
    });
    let outcomes = outcomes.into_inner().unwrap();
    println!("{outcomes:#?}");
    let all: usize = outcomes.values().sum();
    assert!(outcomes["removed"] * 10 >= all * 8, "{outcomes:?}");
}
