//! Configs whose parts are shared by anchors, aliases and merge keys at all places: each command, on copies and in what is
//! shared, changes what another YAML reader finds changed, and nothing else.

use std::cell::RefCell;
use std::collections::BTreeMap;

use promcfg::edit::{
    AddJob, AddLabel, AddTarget, Allowances, ConfigChange, CopyJob, EditError, FilterMetrics, JobOptions, Method,
    MetricFilter, MoveTarget, Preset, RemoveJob, RemoveTarget, RenameJob, Selection, SetFields, ThroughAnchor,
};
use promcfg::{Document, Options};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_yaml::{Mapping, Value};

/// A node to be written.
#[derive(Clone)]
enum Node {
    Scalar(String),
    Alias(String),
    List(Option<String>, Vec<Node>),
    Map(Option<String>, Vec<(Node, Node)>),
    Anchored(String, Box<Node>),
}

/// Makes a config of numbers; zeros when these have ended.
struct Maker<'c> {
    left: RefCell<std::slice::Iter<'c, u8>>,
    /// The anchors so far, by what they are of.
    anchors: RefCell<BTreeMap<&'static str, Vec<String>>>,
}

fn scalar(text: &str) -> Node {
    Node::Scalar(text.to_string())
}

fn entry(key: &str, value: Node) -> (Node, Node) {
    (scalar(key), value)
}

impl Maker<'_> {
    fn pick(&self, count: u8) -> u8 {
        self.left.borrow_mut().next().copied().unwrap_or(0) % count
    }

    fn one_in(&self, count: u8) -> bool {
        self.pick(count) == count - 1
    }

    /// An alias of a node of this kind, or a new one, perhaps with an anchor.
    fn shared(&self, kind: &'static str, make: impl FnOnce() -> Node) -> Node {
        let known = self.anchors.borrow().get(kind).cloned().unwrap_or_default();
        if !known.is_empty() && self.pick(5) < 2 {
            let at = usize::from(self.pick(u8::try_from(known.len()).unwrap()));
            return Node::Alias(known[at].clone());
        }
        let node = make();
        if !self.one_in(3) {
            return node;
        }
        let mut anchors = self.anchors.borrow_mut();
        let of_kind = anchors.entry(kind).or_default();
        let name = format!("{kind}{}", of_kind.len());
        of_kind.push(name.clone());
        Node::Anchored(name, Box::new(node))
    }

    fn style(&self) -> Option<String> {
        self.one_in(3).then(|| ", ".to_string())
    }

    fn config(&self) -> Node {
        let mut entries = Vec::new();
        if self.one_in(2) {
            let interval = self.shared("interval", || scalar("30s"));
            entries.push(entry("global", Node::Map(None, vec![entry("scrape_interval", interval)])));
        }
        let jobs = (0..2 + self.pick(3)).map(|number| self.job(number)).collect();
        entries.push(entry("scrape_configs", Node::List(None, jobs)));
        Node::Map(None, entries)
    }

    fn job(&self, number: u8) -> Node {
        let mut entries = Vec::new();
        let known = self.anchors.borrow().get("job").cloned().unwrap_or_default();
        if !known.is_empty() && self.one_in(2) {
            let sources: Vec<Node> = known.iter().rev().take(2).cloned().map(Node::Alias).collect();
            let is_list = sources.len() > 1 && self.one_in(2);
            let merged = if is_list { Node::List(Some(", ".into()), sources) } else { sources[0].clone() };
            entries.push((scalar("<<"), merged));
        }
        let is_merged = !entries.is_empty();
        entries.push(entry("job_name", scalar(&format!("j{number}"))));
        let mut parts = [0, 1, 2, 3, 4];
        parts.rotate_left(usize::from(self.pick(5)));
        for part in parts {
            if is_merged && !self.one_in(3) {
                continue;
            }
            match part {
                0 if self.one_in(2) => {
                    entries.push(entry("scrape_interval", self.shared("interval", || scalar("20s"))));
                }
                1 if self.one_in(2) => entries.push(entry("params", self.shared("params", || self.params()))),
                2 => entries.push(entry("static_configs", self.shared("groups", || self.groups()))),
                3 if self.one_in(2) => entries.push(entry("relabel_configs", self.shared("rules", || self.rules()))),
                4 if self.one_in(3) => {
                    entries.push(entry("metric_relabel_configs", self.shared("rules", || self.rules())));
                }
                _ => {}
            }
        }
        let job = Node::Map(if self.one_in(6) { self.style() } else { None }, entries);
        if self.one_in(3) {
            let mut anchors = self.anchors.borrow_mut();
            let of_kind = anchors.entry("job").or_default();
            let name = format!("job{}", of_kind.len());
            of_kind.push(name.clone());
            return Node::Anchored(name, Box::new(job));
        }
        job
    }

    fn params(&self) -> Node {
        let list = self.shared("param", || Node::List(Some(", ".into()), vec![scalar("a"), scalar("'b c'")]));
        Node::Map(self.style(), vec![entry("match", list)])
    }

    fn groups(&self) -> Node {
        let groups = (0..1 + self.pick(2)).map(|_| self.shared("group", || self.group())).collect();
        Node::List(self.style(), groups)
    }

    fn group(&self) -> Node {
        let mut entries = vec![entry("targets", self.shared("targets", || self.targets()))];
        if self.one_in(2) {
            entries.push(entry("labels", self.shared("labels", || self.labels())));
        }
        if self.one_in(4) {
            entries.reverse();
        }
        Node::Map(self.style(), entries)
    }

    fn targets(&self) -> Node {
        let all = ["a:1", "'b:2'", "\"c:3\"", "d"];
        let from = usize::from(self.pick(3));
        let targets = all[from..from + 1 + usize::from(self.pick(2))].iter();
        let targets = targets.map(|target| self.shared(TARGETS[usize::from(self.pick(1))], || scalar(target)));
        Node::List(if self.one_in(2) { Some(", ".into()) } else { None }, targets.collect())
    }

    fn labels(&self) -> Node {
        let mut entries = Vec::new();
        let known = self.anchors.borrow().get("labels").cloned().unwrap_or_default();
        if !known.is_empty() && self.one_in(3) {
            entries.push((scalar("<<"), Node::Alias(known[0].clone())));
        }
        let key = if entries.is_empty() { self.shared("key", || scalar("zone")) } else { scalar("zone") };
        entries.push((key, self.shared("value", || scalar("'a 1'"))));
        if self.one_in(2) {
            entries.push(entry("team", self.shared("value", || scalar("core"))));
        }
        Node::Map(self.style(), entries)
    }

    fn rules(&self) -> Node {
        let rules = (0..1 + self.pick(2)).map(|_| self.shared("rule", || self.rule())).collect();
        Node::List(self.style(), rules)
    }

    fn rule(&self) -> Node {
        let sources = self.shared("sources", || Node::List(Some(", ".into()), vec![scalar("__address__")]));
        let regex = match self.pick(4) {
            0 => scalar("'(.+):.*'"),
            1 => scalar("|-\n(.+):.*"),
            2 => scalar(">-\n(.+):80"),
            _ => scalar("!!str x.*"),
        };
        let regex = self.shared("regex", || regex);
        let label = self.shared("name", || scalar("host"));
        Node::Map(
            self.style(),
            vec![entry("source_labels", sources), entry("regex", regex), entry("target_label", label)],
        )
    }

    /// The node in one line.
    fn flow(node: &Node) -> String {
        match node {
            Node::Scalar(text) => match text.split_once('\n') {
                Some((_, content)) => format!("'{content}'"),
                None => text.clone(),
            },
            Node::Alias(name) => format!("*{name}"),
            Node::Anchored(name, inner) => format!("&{name} {}", Self::flow(inner)),
            Node::List(_, items) => format!("[{}]", items.iter().map(Self::flow).collect::<Vec<_>>().join(", ")),
            Node::Map(_, entries) => {
                let entry = |(key, value): &(Node, Node)| {
                    let gap = if matches!(key, Node::Alias(_)) { " " } else { "" };
                    format!("{}{gap}: {}", Self::flow(key), Self::flow(value))
                };
                format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn comment(&self) -> &'static str {
        if self.one_in(9) { "   # why" } else { "" }
    }

    /// The rest of the line of a key or dash in a column, and the lines below.
    fn below(&self, node: &Node, owner: usize, is_item: bool) -> (String, Vec<String>) {
        match node {
            Node::Anchored(name, inner) => {
                let (head, lines) = self.below(inner, owner, false);
                (format!(" &{name}{head}"), lines)
            }
            Node::Scalar(text) if text.contains('\n') => {
                let (header, content) = text.split_once('\n').unwrap();
                (format!(" {header}"), vec![format!("{}{content}", " ".repeat(owner + 1 + usize::from(self.pick(3))))])
            }
            Node::List(None, items) => {
                let dash = owner + if is_item { 2 } else { usize::from(self.pick(3)) };
                let mut lines = Vec::new();
                for item in items {
                    if self.one_in(9) {
                        lines.push(format!("{}# about it", " ".repeat(dash)));
                    }
                    lines.extend(self.item(item, dash));
                }
                (self.comment().to_string(), lines)
            }
            Node::Map(None, entries) => {
                let lines = self.entries(entries, owner + 2 + usize::from(self.pick(2)));
                (self.comment().to_string(), lines)
            }
            node => (format!(" {}{}", Self::flow(node), self.comment()), Vec::new()),
        }
    }

    fn item(&self, item: &Node, dash: usize) -> Vec<String> {
        let indent = " ".repeat(dash);
        if let Node::Map(None, entries) = item {
            let mut lines = self.entries(entries, dash + 2);
            if let Some(first) = lines.first_mut() {
                *first = format!("{indent}- {}", &first[dash + 2..]);
            }
            return lines;
        }
        let (head, lines) = self.below(item, dash, true);
        std::iter::once(format!("{indent}-{head}")).chain(lines).collect()
    }

    fn entries(&self, entries: &[(Node, Node)], column: usize) -> Vec<String> {
        let mut lines = Vec::new();
        for (index, (key, value)) in entries.iter().enumerate() {
            if index > 0 && self.one_in(12) {
                lines.push(format!("{}# about it", " ".repeat(column)));
            }
            let gap = if matches!(key, Node::Alias(_)) { " " } else { "" };
            let (head, more) = self.below(value, column, false);
            lines.push(format!("{}{}{gap}:{head}", " ".repeat(column), Self::flow(key)));
            lines.extend(more);
        }
        lines
    }
}

const TARGETS: [&str; 1] = ["target"];

/// The config that these choices make.
pub(super) fn text_of(choices: &[u8]) -> String {
    let maker = Maker { left: RefCell::new(choices.iter()), anchors: RefCell::default() };
    let Node::Map(_, entries) = maker.config() else { return String::new() };
    let mut lines = maker.entries(&entries, 0);
    if maker.one_in(5) {
        lines.extend(["---".to_string(), "a: b".to_string()]);
    }
    let end = if maker.one_in(4) { "\r\n" } else { "\n" };
    lines.iter().map(|line| format!("{line}{end}")).collect()
}

/// The config as another reader sees it: each job without its targets, and these with their labels.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Seen {
    rest: Value,
    jobs: Vec<(Mapping, Vec<(Value, String)>)>,
}

impl Seen {
    pub(super) fn of(text: &str) -> Option<Self> {
        use serde::Deserialize;
        let mut rest = Value::deserialize(serde_yaml::Deserializer::from_str(text).next()?).ok()?;
        // What is merged can have merge keys itself.
        for _ in 0..5 {
            rest.apply_merge().ok()?;
        }
        let list = rest.as_mapping_mut()?.remove("scrape_configs")?;
        let job = |job: &Value| {
            let mut job = job.as_mapping()?.clone();
            let mut targets = Vec::new();
            for group in job.remove("static_configs").as_ref().and_then(Value::as_sequence).into_iter().flatten() {
                let labels = group.get("labels").cloned().unwrap_or(Value::Mapping(Mapping::new()));
                for target in group.get("targets").and_then(Value::as_sequence).into_iter().flatten() {
                    targets.push((labels.clone(), target.as_str()?.to_string()));
                }
            }
            Some((job, targets))
        };
        let mut seen = Self { rest, jobs: list.as_sequence()?.iter().map(job).collect::<Option<_>>()? };
        seen.sort();
        Some(seen)
    }

    fn sort(&mut self) {
        for (_, targets) in &mut self.jobs {
            targets.sort_by_key(|(labels, target)| (target.clone(), format!("{labels:?}")));
            // A group that is listed twice has its targets twice: Prometheus scrapes them once.
            targets.dedup();
        }
    }

    fn index(&self, name: &str) -> usize {
        self.jobs.iter().position(|(job, _)| job.get("job_name").and_then(Value::as_str) == Some(name)).unwrap()
    }
}

type Run<'t> = Box<dyn Fn(&mut Document<'_>) -> Result<ConfigChange, EditError> + 't>;

/// A command, with what is to become of the config.
struct Trial<'t> {
    name: &'static str,
    run: Run<'t>,
    intended: Box<dyn Fn(&mut Seen) + 't>,
    /// Whether a second run has nothing to do.
    is_repeatable: bool,
}

fn selection(jobs: &[&str]) -> Selection {
    Selection { jobs: jobs.iter().map(|job| (*job).to_string()).collect(), ..Selection::default() }
}

fn each_job<'t>(jobs: &'t [&'t str], change: impl Fn(&mut Mapping) + 't) -> Box<dyn Fn(&mut Seen) + 't> {
    Box::new(move |seen| {
        for job in jobs {
            let index = seen.index(job);
            change(&mut seen.jobs[index].0);
        }
    })
}

fn push_rule(job: &mut Mapping, list: &str, rule: &str) {
    let rule: Value = serde_yaml::from_str(rule).unwrap();
    match job.get_mut(list).and_then(Value::as_sequence_mut) {
        Some(rules) => rules.push(rule),
        None => drop(job.insert(list.into(), Value::Sequence(vec![rule]))),
    }
}

/// The commands on some jobs; `other` is another one.
fn trials<'t>(jobs: &'t [&'t str], other: &'t str, address: &'t str) -> Vec<Trial<'t>> {
    let set = move |set: &[(&str, &str)], unset: &[&str]| SetFields {
        set: set.iter().map(|(path, value)| ((*path).to_string(), (*value).to_string())).collect(),
        unset: unset.iter().map(|path| (*path).to_string()).collect(),
        jobs: Some(selection(jobs)),
        ..SetFields::default()
    };
    let with_targets = move || Selection { targets: vec![address.to_string()], ..selection(jobs) };
    let mut all = vec![
        Trial {
            name: "set",
            run: Box::new(move |document| document.set_fields(&set(&[("scrape_interval", "17s")], &[]))),
            intended: each_job(jobs, |job| drop(job.insert("scrape_interval".into(), "17s".into()))),
            is_repeatable: true,
        },
        Trial {
            name: "set below",
            run: Box::new(move |document| document.set_fields(&set(&[("params.match", "[m]")], &[]))),
            intended: each_job(jobs, |job| {
                let params = job.entry("params".into()).or_insert_with(|| Value::Mapping(Mapping::new()));
                params.as_mapping_mut().unwrap().insert("match".into(), Value::Sequence(vec!["m".into()]));
            }),
            is_repeatable: true,
        },
        Trial {
            name: "unset",
            run: Box::new(move |document| document.set_fields(&set(&[], &["relabel_configs"]))),
            intended: each_job(jobs, |job| drop(job.remove("relabel_configs"))),
            is_repeatable: true,
        },
        Trial {
            name: "add-label",
            run: Box::new(move |document| {
                let (name, value, method) = ("env".to_string(), "prod".to_string(), Method::Relabel);
                document.add_label(&AddLabel { name, value, method, selection: selection(jobs), ..AddLabel::default() })
            }),
            intended: each_job(jobs, |job| {
                push_rule(job, "relabel_configs", "{target_label: env, replacement: prod}");
            }),
            is_repeatable: true,
        },
        Trial {
            name: "drop-metric",
            run: Box::new(move |document| {
                let (filter, patterns) = (MetricFilter::Drop, vec!["go_.*".to_string()]);
                document.filter_metrics(&FilterMetrics { filter, patterns, selection: selection(jobs) })
            }),
            intended: each_job(jobs, |job| {
                push_rule(job, "metric_relabel_configs", "{source_labels: [__name__], regex: go_.*, action: drop}");
            }),
            is_repeatable: true,
        },
        Trial {
            name: "add-target",
            run: Box::new(move |document| {
                let targets = vec!["new:1".to_string()];
                document.add_target(&AddTarget { targets, labels: Vec::new(), selection: selection(jobs) })
            }),
            intended: Box::new(move |seen| {
                for job in jobs {
                    let index = seen.index(job);
                    seen.jobs[index].1.push((Value::Mapping(Mapping::new()), "new:1".to_string()));
                }
            }),
            is_repeatable: true,
        },
        Trial {
            name: "remove-target",
            run: Box::new(move |document| {
                document.remove_target(&RemoveTarget { selection: with_targets(), ..RemoveTarget::default() })
            }),
            intended: Box::new(move |seen| {
                for job in jobs {
                    let index = seen.index(job);
                    seen.jobs[index].1.retain(|(_, target)| target != address);
                }
            }),
            is_repeatable: false,
        },
        Trial {
            name: "remove-job",
            run: Box::new(move |document| document.remove_job(&RemoveJob { jobs: selection(jobs).jobs })),
            intended: Box::new(move |seen| {
                for job in jobs {
                    let index = seen.index(job);
                    seen.jobs.remove(index);
                }
            }),
            is_repeatable: false,
        },
    ];
    if let [job] = *jobs {
        all.extend([
            Trial {
                name: "move-target",
                run: Box::new(move |document| {
                    document.move_target(&MoveTarget { to: other.to_string(), file: None, selection: with_targets() })
                }),
                intended: Box::new(move |seen| {
                    let (from, to) = (seen.index(job), seen.index(other));
                    let (mut moved, left): (Vec<_>, Vec<_>) =
                        seen.jobs[from].1.drain(..).partition(|(_, target)| target == address);
                    seen.jobs[from].1 = left;
                    moved.dedup();
                    moved.retain(|target| !seen.jobs[to].1.contains(target));
                    seen.jobs[to].1.extend(moved);
                }),
                is_repeatable: true,
            },
            Trial {
                name: "rename-job",
                run: Box::new(move |document| {
                    let (old, new) = (job.to_string(), "new".to_string());
                    document.rename_job(&RenameJob { old, new, keep_label: false })
                }),
                intended: each_job(jobs, |job| drop(job.insert("job_name".into(), "new".into()))),
                is_repeatable: true,
            },
            Trial {
                name: "copy-job",
                run: Box::new(move |document| {
                    document.copy_job(&CopyJob { old: job.to_string(), new: "new".to_string() })
                }),
                intended: Box::new(move |seen| {
                    let index = seen.index(job);
                    let mut copy = seen.jobs[index].clone();
                    copy.0.insert("job_name".into(), "new".into());
                    seen.jobs.insert(index + 1, copy);
                }),
                is_repeatable: true,
            },
            Trial {
                name: "add-job",
                run: Box::new(move |document| {
                    let (name, targets) = ("new".to_string(), vec!["n:1".to_string()]);
                    let options = JobOptions::default();
                    document.add_job(&AddJob { name, preset: Preset::Static, targets, options, after: None })
                }),
                intended: Box::new(move |seen| {
                    let job: Mapping = serde_yaml::from_str("{job_name: new}").unwrap();
                    seen.jobs.push((job, vec![(Value::Mapping(Mapping::new()), "n:1".to_string())]));
                }),
                is_repeatable: true,
            },
        ]);
    }
    all
}

/// Runs a command in a way: what comes of it, or what is wrong.
fn tried(text: &str, trial: &Trial<'_>, through_anchor: ThroughAnchor) -> Result<String, String> {
    let run = |text: &str| {
        let mut document = Document::new("p.yml", text, &Options::default());
        document.allow(Allowances { through_anchor, ..Allowances::default() });
        (trial.run)(&mut document)
    };
    let change = match run(text) {
        Ok(change) => change,
        Err(EditError::Refused(refusals)) => {
            let id = refusals[0].id;
            let ids = [promcfg::diagnostic::ids::EDIT_UNPROVED, promcfg::diagnostic::ids::EDIT_LAYOUT];
            if ids.contains(&id) {
                return Ok(format!("refused, {id}: {}", refusals[0].message));
            }
            return Ok(format!("refused, {id}"));
        }
        Err(EditError::UnknownTarget { .. }) => return Ok("nothing to do".to_string()),
        Err(EditError::Declined { message, .. }) if message.contains("share the group") => {
            return Ok("refused, shared group".to_string());
        }
        // The group of the new job is shared with the old one.
        Err(EditError::Declined { message, .. }) if message.contains("would still have the target") => {
            return Ok("refused, shared group".to_string());
        }
        Err(error) => return Err(error.to_string()),
    };
    let [file] = change.files.as_slice() else { return Ok("nothing to do".to_string()) };
    let after = file.after();
    let document = Document::new("p.yml", after.as_str(), &Options::default());
    if let Some(fault) = document.diagnostics().iter().find(|fault| fault.is_error()) {
        return Err(format!("Prometheus refuses the new text: {}\n{after}", fault.message));
    }
    let mut expected = Seen::of(text).ok_or("another reader cannot read the text")?;
    let found = Seen::of(&after).ok_or_else(|| format!("another reader cannot read the new text:\n{after}"))?;
    (trial.intended)(&mut expected);
    expected.sort();
    if expected != found {
        let pairs = expected.jobs.iter().zip(&found.jobs).filter(|(one, other)| one != other);
        let pairs: Vec<String> = pairs.map(|(one, other)| format!("{one:?}\ninstead of {other:?}")).collect();
        return Err(format!("another reader finds something else: {}\n{after}", pairs.join("\n")));
    }
    if !trial.is_repeatable {
        return Ok("done".to_string());
    }
    match run(&after) {
        Ok(again) if again.is_empty() => Ok("done".to_string()),
        other => Err(format!("a second run: {other:?}\n{after}")),
    }
}

#[test]
fn wherever_parts_are_shared_each_command_changes_the_selected_jobs_only() {
    let outcomes: RefCell<BTreeMap<String, usize>> = RefCell::default();
    // The first fault of each command.
    let faults: RefCell<BTreeMap<String, String>> = RefCell::default();
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(60);
    let mut runner = TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() });
    let choices = vec(any::<u8>(), 0..200);
    for _ in 0..cases {
        let text = text_of(&choices.new_tree(&mut runner).unwrap().current());
        let document = Document::new("p.yml", text.as_str(), &Options::default());
        // A key of a mapping that is merged into one with this key is set twice.
        if document.diagnostics().iter().any(promcfg::Diagnostic::is_error) {
            *outcomes.borrow_mut().entry("not a config".to_string()).or_default() += 1;
            continue;
        }
        assert!(Seen::of(&text).is_some(), "another reader cannot read it:\n{text}");
        let jobs: Vec<&str> = document.jobs().iter().map(|job| job.job_name.value.as_str()).collect();
        let check = |whose: &str, trials: Vec<Trial<'_>>, way: ThroughAnchor| {
            for trial in trials {
                let name = format!("{way:?}{whose} {}", trial.name);
                match tried(&text, &trial, way) {
                    Ok(outcome) => *outcomes.borrow_mut().entry(format!("{name}: {outcome}")).or_default() += 1,
                    Err(fault) => {
                        faults.borrow_mut().entry(name).or_insert_with(|| format!("{fault}\n=== of\n{text}"));
                    }
                }
            }
        };
        for (index, job) in document.jobs().iter().enumerate() {
            let (one, other) = ([jobs[index]], jobs[(index + 1) % jobs.len()]);
            let address = job.static_configs.first().and_then(|group| group.targets.first());
            let address = address.map_or("a:1", |target| target.value.as_str());
            for way in [ThroughAnchor::Refuse, ThroughAnchor::Expand, ThroughAnchor::Change] {
                check("", trials(&one, other, address), way);
            }
        }
        for way in [ThroughAnchor::Expand, ThroughAnchor::Change] {
            check(" all", trials(&jobs, "", "a:1"), way);
        }
    }
    let (outcomes, faults) = (outcomes.into_inner(), faults.into_inner());
    println!("{outcomes:#?}");
    let words: Vec<String> = faults.iter().map(|(name, fault)| format!("##### {name}: {fault}")).collect();
    assert!(words.is_empty(), "{} faults:\n{}", words.len(), words.join("\n"));
    let count = |is: &dyn Fn(&str) -> bool| -> usize {
        outcomes.iter().filter(|(outcome, _)| is(outcome)).map(|(_, count)| count).sum()
    };
    let all = count(&|name| name.starts_with("Expand"));
    let refused = count(&|name| name.starts_with("Expand") && name.contains("refused"));
    assert!(refused * 10 <= all, "{refused} of {all} edits on copies were refused");
    assert!(count(&|name| name.starts_with("Change all") && name.ends_with("done")) > 0, "no shared part was changed");
}
