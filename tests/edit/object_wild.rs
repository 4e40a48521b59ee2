//! Objects of prometheus-operator in many styles, and those of real repositories: fields, targets and jobs are edited, and
//! nothing else changes.

use std::collections::BTreeMap;
use std::sync::Mutex;

use proptest::collection::vec;
use proptest::prelude::*;

use super::corpus::{corpus, texts};
use super::object_edits::{all_of, jobs_of};

/// What the writer does next, taken from a list of numbers; zeros when it has ended.
struct Writer<'c> {
    left: std::slice::Iter<'c, u8>,
    lines: Vec<String>,
    /// How many objects are written.
    count: usize,
}

impl Writer<'_> {
    fn pick(&mut self, count: u8) -> u8 {
        self.left.next().copied().unwrap_or(0) % count
    }

    fn of<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words[usize::from(self.pick(u8::try_from(words.len()).expect("are few")))]
    }

    fn line(&mut self, indent: usize, text: &str) {
        let comment = self.of(&["", "", "", "  # note", " # a: b"]);
        let above = self.of(&["", "", "", "", "# above", "\n"]).to_string();
        if above == "\n" {
            self.lines.push(String::new());
        } else if !above.is_empty() {
            self.lines.push(format!("{}{above}", " ".repeat(indent)));
        }
        self.lines.push(format!("{}{text}{comment}", " ".repeat(indent)));
    }

    fn text(choices: &[u8]) -> String {
        let mut writer = Writer { left: choices.iter(), lines: Vec::new(), count: 0 };
        let start = writer.of(&["", "# all of it\n", "---", "# all\n---"]).split('\n').map(str::to_string);
        writer.lines = start.collect();
        let count = 1 + writer.pick(4);
        for number in 0..count {
            if number > 0 {
                let separator = writer.of(&["---", "---", "--- # next"]).to_string();
                writer.lines.push(separator);
            }
            match writer.pick(8) {
                0 => writer
                    .lines
                    .extend(["kind: Service", "apiVersion: v1", "metadata: {name: web}"].map(str::to_string)),
                1 => writer.list(),
                2 => writer.server(),
                _ => writer.object(0),
            }
        }
        let line_end = writer.of(&["\n", "\n", "\r\n"]);
        let end = writer.of(&["\n", "\n", ""]);
        format!("{}{}", writer.lines.join(line_end), if end.is_empty() { "" } else { line_end })
    }

    fn server(&mut self) {
        self.count += 1;
        let name = format!("metadata: {{name: p{}, namespace: mon}}", self.count);
        let fields = self.of(&[
            "spec: {}",
            "spec:\n  scrapeInterval: 1m\n  enforcedLabelLimit: 5000",
            "spec:\n  podMonitorSelector: {}\n  podMonitorNamespaceSelector: {}",
        ]);
        let lines = ["apiVersion: monitoring.coreos.com/v1", "kind: Prometheus", &name];
        self.lines.extend(lines.iter().map(ToString::to_string));
        self.lines.extend(fields.split('\n').map(str::to_string));
    }

    fn list(&mut self) {
        let lines = ["apiVersion: v1", "kind: List", "items:"];
        self.lines.extend(lines.iter().map(ToString::to_string));
        let indent = usize::from(self.pick(2)) * 2;
        for _ in 0..=self.pick(2) {
            let start = self.lines.len();
            self.object(indent + 2);
            // The first line gets the dash.
            let first = (start..self.lines.len()).find(|line| {
                let line = self.lines[*line].trim();
                !line.is_empty() && !line.starts_with('#')
            });
            let line = &mut self.lines[first.expect("has a line")];
            *line = format!("{}- {}", " ".repeat(indent), line.trim_start());
        }
    }

    fn object(&mut self, indent: usize) {
        self.count += 1;
        let kind = self.of(&["ServiceMonitor", "PodMonitor", "Probe", "ScrapeConfig"]);
        let version = if kind == "ScrapeConfig" { "v1alpha1" } else { "v1" };
        self.line(indent, &format!("apiVersion: monitoring.coreos.com/{version}"));
        self.line(indent, &format!("kind: {kind}"));
        let namespace = self.of(&["", "shop"]);
        match (self.pick(2), namespace) {
            (0, "") => self.line(indent, &format!("metadata: {{name: o{}}}", self.count)),
            (0, own) => self.line(indent, &format!("metadata: {{name: o{}, namespace: {own}}}", self.count)),
            (_, own) => {
                self.line(indent, "metadata:");
                self.line(indent + 2, &format!("name: 'o{}'", self.count));
                if !own.is_empty() {
                    self.line(indent + 2, &format!("namespace: \"{own}\""));
                }
            }
        }
        match kind {
            "Probe" => self.probe(indent),
            "ScrapeConfig" => self.scrape_config(indent),
            _ => self.monitor(indent, if kind == "PodMonitor" { "podMetricsEndpoints" } else { "endpoints" }),
        }
    }

    fn monitor(&mut self, indent: usize, list: &str) {
        let count = 1 + self.pick(3);
        if self.pick(5) == 4 {
            let items: Vec<String> = (0..count).map(|number| format!("{{port: p{number}}}")).collect();
            self.line(indent, &format!("spec: {{selector: {{}}, {list}: [{}]}}", items.join(", ")));
            return;
        }
        self.line(indent, "spec:");
        let step = 2 + usize::from(self.pick(2)) * 2;
        let inner = indent + step;
        let is_first = self.pick(2) == 0;
        if is_first {
            self.line(inner, "selector: {matchLabels: {app: web}}");
        }
        if self.pick(5) == 4 {
            let items: Vec<String> = (0..count).map(|number| format!("{{port: p{number}, interval: 1m}}")).collect();
            self.line(inner, &format!("{list}: [{}]", items.join(", ")));
        } else {
            self.line(inner, &format!("{list}:"));
            let dash = inner + usize::from(self.pick(2)) * 2;
            for number in 0..count {
                match self.pick(4) {
                    0 => self.line(dash, &format!("- {{port: p{number}}}")),
                    1 => {
                        self.line(dash, &format!("- port: 'p{number}'"));
                        self.line(dash + 2, "interval: 2m");
                    }
                    2 => {
                        self.line(dash, &format!("- relabelings: [{{targetLabel: a, replacement: b{number}}}]"));
                        self.line(dash + 2, &format!("port: p{number}"));
                    }
                    _ => {
                        self.line(dash, &format!("- port: p{number}"));
                        self.line(dash + 2, "relabelings:");
                        self.line(dash + 2, "- targetLabel: c");
                        self.line(dash + 4, "replacement: \"d\"");
                    }
                }
            }
        }
        if !is_first {
            self.line(inner, "selector: {}");
        }
    }

    fn probe(&mut self, indent: usize) {
        self.line(indent, "spec:");
        self.line(indent + 2, "prober: {url: 'blackbox:9115'}");
        self.line(indent + 2, "targets:");
        match self.pick(4) {
            0 => self.line(indent + 4, "ingress: {selector: {}}"),
            1 => self.line(indent + 4, "staticConfig: {static: [a.example, 'b.example'], labels: {env: prod}}"),
            _ => {
                self.line(indent + 4, "staticConfig:");
                self.line(indent + 6, "static:");
                self.line(indent + 6, "- https://a.example");
                self.line(indent + 6, "- 'b.example'");
            }
        }
    }

    fn scrape_config(&mut self, indent: usize) {
        self.line(indent, "spec:");
        match self.pick(5) {
            0 => self.line(indent + 2, "fileSDConfigs: [{files: [/etc/x.json]}]"),
            1 => self.line(indent + 2, "consulSDConfigs: [{server: 'consul:8500'}]"),
            2 => self.line(indent + 2, "staticConfigs: [{targets: ['h1:9100', h2:9100]}]"),
            _ => {
                self.line(indent + 2, "staticConfigs:");
                self.line(indent + 2, "- targets:");
                self.line(indent + 4, "- h1:9100");
                self.line(indent + 4, "- \"h2:9100\"");
                if self.pick(2) == 0 {
                    self.line(indent + 4, "labels: {env: prod}");
                }
            }
        }
        self.line(indent + 2, "jobName: hosts");
    }
}

#[test]
fn whatever_the_style_objects_are_edited_and_nothing_else_changes() {
    let outcomes: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(50);
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(choices in vec(any::<u8>(), 0..200))| {
        let text = Writer::text(&choices);
        let mut jobs = jobs_of("wild.yml", &text);
        jobs.dedup();
        for job in &jobs {
            for (what, outcome) in all_of("wild.yml", &text, job) {
                let outcome = outcome.map_err(|fault| TestCaseError::fail(format!("{what} {job}: {fault}\n---\n{text}")))?;
                *outcomes.lock().unwrap().entry(format!("{what}: {outcome}")).or_default() += 1;
            }
        }
    });
    let outcomes = outcomes.into_inner().unwrap();
    println!("{outcomes:#?}");
    for what in ["set", "limit", "add-target", "remove-job"] {
        let is_made = |outcome: &str| !outcome.contains("refused") && !outcome.contains("not possible");
        let of_kind = outcomes.iter().filter(|(outcome, _)| outcome.starts_with(&format!("{what}: ")));
        let done: usize = of_kind.filter(|(outcome, _)| is_made(outcome)).map(|(_, count)| count).sum();
        assert!(done > 0, "{what}: none was made: {outcomes:#?}");
    }
}

#[test]
fn objects_of_real_repositories_are_edited_and_nothing_else_changes() {
    let (mut counts, mut faults) = (BTreeMap::<String, usize>::new(), Vec::new());
    for folder in ["operator", "helm"] {
        for (name, text) in texts(&corpus().join(folder)) {
            let mut jobs = jobs_of(&name, &text);
            jobs.sort();
            jobs.dedup();
            for job in jobs.iter().take(6) {
                for (what, outcome) in all_of(&name, &text, job) {
                    let outcome = outcome.unwrap_or_else(|fault| {
                        faults.push(format!("{name}, job {job}: {what}: {fault}"));
                        "FAULT".to_string()
                    });
                    *counts.entry(format!("{what}: {outcome}")).or_default() += 1;
                }
            }
        }
    }
    counts.iter().for_each(|(what, count)| println!("{count:5} {what}"));
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
