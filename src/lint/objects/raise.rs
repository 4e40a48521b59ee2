//! A finding about a generated config, brought back to the object that it is about.

use std::cell::OnceCell;

use crate::diagnostic::{Diagnostic, Id, Label, ids};
use crate::input::operator::{OperatorObjects, Paths, Place, Rendering};
use crate::lint::documents::rule_document;
use crate::text::{FileId, Location, Sources, Span};
use crate::yaml::{Node, NodeKind, Tree};

use super::fixes::raised_fix;
use super::roles::{OfRole, of_role};
use super::stages::stops_all;
use super::words;

/// Rules that say nothing about objects: fields there are often spelled out, and files are those of a container.
pub(super) const SILENT: [Id; 2] = [ids::REDUNDANT_DEFAULT, ids::MISSING_FILE];

/// Brings findings back.
pub(super) struct Raiser<'r> {
    sources: &'r Sources,
    file: FileId,
    tree: &'r Tree,
    paths: &'r Paths<'r>,
    set: &'r OperatorObjects,
    rendering: &'r Rendering,
    lists: OnceCell<Vec<List<'r>>>,
}

/// A list of relabel rules in the generated config.
struct List<'t> {
    key: &'t str,
    /// The job, or what else it is in.
    owner: Span,
    rules: Vec<Node<'t>>,
}

impl<'r> Raiser<'r> {
    pub(super) fn new(
        sources: &'r Sources,
        (file, tree): (FileId, &'r Tree),
        paths: &'r Paths<'r>,
        (set, rendering): (&'r OperatorObjects, &'r Rendering),
    ) -> Self {
        Self { sources, file, tree, paths, set, rendering, lists: OnceCell::new() }
    }

    /// The finding in the object, if a user wrote its place or Prometheus refuses the config.
    pub(super) fn raise(&self, finding: Diagnostic) -> Option<Diagnostic> {
        let is_refusal = finding.is_error() && rule_document(finding.id).is_some_and(|rule| rule.is_rejected);
        let is_ours = finding.at.file == self.file && self.sources.is_written(finding.at);
        if !is_refusal && (!is_ours || SILENT.contains(&finding.id)) {
            return None;
        }
        let (at, place) = self.place_of(finding.at);
        let role = of_role(&finding, place.as_ref(), (self.set, self.rendering));
        if matches!(role, OfRole::Silent) {
            return None;
        }
        let mut notes = Vec::new();
        let message = self.sentence(&finding.message, finding.at, &mut notes);
        let message = words::without_rule(&message);
        let mut raised = Diagnostic::new(finding.id, finding.severity, at, self.headline(message, place.as_ref()));
        if let Some(place) = &place {
            raised = raised.with_argument("object", place.object.to_string());
        }
        for (name, value) in finding.arguments {
            raised = raised.with_argument(name, value);
        }
        for label in finding.labels {
            self.add_label(&mut raised, &label, &mut notes);
        }
        for note in &finding.notes {
            let note = self.sentence(note, finding.at, &mut notes);
            raised = raised.with_note(note);
        }
        for note in notes {
            raised = raised.with_note(note);
        }
        raised = match role {
            OfRole::Field(Some(field)) => raised.with_label(field.at, "this decides on the role"),
            OfRole::Field(None) => {
                raised.with_note("the role is `endpoints`, because `serviceDiscoveryRole` is not set")
            }
            OfRole::Other | OfRole::Silent => raised,
        };
        if let Some(job) = self.job_of_others(finding.at, place.as_ref()) {
            raised = raised.with_note(format!("this is in {}: {}", job.object, job.path));
        }
        if is_refusal {
            raised = raised.with_note(format!(
                "the API server and the operator accept it, and Prometheus refuses the whole config: {}",
                stops_all(&self.rendering.prometheus)
            ));
        }
        if let Some(help) = &finding.help {
            raised = raised.with_help(self.sentence(help, finding.at, &mut Vec::new()));
        }
        raised.fix = finding.fix.as_ref().and_then(|fix| raised_fix(self.sources, self.file, self.paths, fix));
        if let Some(upstream) = finding.upstream {
            raised = raised.with_upstream(upstream);
        }
        raised.omitted = finding.omitted;
        Some(raised)
    }

    /// The part of another object of which the job with a place is made, if the place is in a Prometheus.
    fn job_of_others(&self, at: Location, place: Option<&Place<'_>>) -> Option<Place<'r>> {
        place.filter(|place| place.object.kind.is_server())?;
        let before = self.lists().partition_point(|list| list.owner.start <= at.span.start);
        let mut near = self.lists()[..before].iter().rev().filter(|list| list.owner.contains(at.span));
        let job = near.find(|list| list.key == "relabel_configs")?;
        let maker = self.sources.outermost(Location::new(self.file, job.owner));
        self.paths.of(maker).filter(|maker| !maker.object.kind.is_server())
    }

    /// The object and the field before the problem.
    fn headline(&self, message: &str, place: Option<&Place<'_>>) -> String {
        match place {
            Some(place) if message.starts_with("spec.") || place.path.is_empty() => {
                format!("{}: {message}", place.object)
            }
            Some(place) => format!("{}: {}: {message}", place.object, place.path),
            None => format!("{}: {message}", self.rendering.prometheus),
        }
    }

    /// The place in an object that a place in the config comes from.
    fn place_of(&self, at: Location) -> (Location, Option<Place<'r>>) {
        let outer = self.sources.outermost(at);
        let outer = if outer.file == self.file { self.rendering.at.unwrap_or(outer) } else { outer };
        let Some(place) = self.paths.of(outer) else { return (outer, None) };
        // Keys have other names there.
        let written = self.sources.excerpt(at);
        let key = words::name_in_objects(written).unwrap_or(written);
        let entry = place.value.entries().iter().find(|entry| entry.key == key);
        (entry.map_or(outer, |entry| entry.key_at), Some(place))
    }

    fn add_label(&self, finding: &mut Diagnostic, label: &Label, notes: &mut Vec<String>) {
        let mut more = Vec::new();
        let message = self.sentence(&label.message, label.at, &mut more);
        if label.at.file != self.file || self.sources.is_written(label.at) {
            let at = self.place_of(label.at).0;
            if at == finding.at {
                return;
            }
            *finding = finding.clone().with_label(at, message);
            return;
        }
        let Some((list, index, rule)) = self.rule_around(label.at) else { return };
        let target = rule.entries().find(|(key, _)| key.value() == "target_label").map(|(_, value)| value.value());
        let rule = format!("`{list}[{index}]`");
        notes.push(match target {
            Some(target) => format!("the operator sets `{target}` in its rule {rule}: {message}"),
            None => format!("the operator's rule {rule}: {message}"),
        });
    }

    /// A sentence with the names of objects. `notes` gets what has to be said of rules that the operator wrote.
    fn sentence(&self, sentence: &str, at: Location, notes: &mut Vec<String>) -> String {
        words::reworded(sentence, &mut |list, index| {
            let rule = self.list(list, at)?.rules.get(index)?;
            let place = Location::new(self.file, rule.span());
            if self.sources.is_written(place) {
                return self.place_of(place).1.map(|place| place.path);
            }
            let note = format!("`{list}[{index}]` is a rule of the operator; `promcfg render` shows it");
            if !notes.contains(&note) {
                notes.push(note);
            }
            None
        })
    }

    fn lists(&self) -> &[List<'r>] {
        self.lists.get_or_init(|| {
            let mut lists = Vec::new();
            if let Some(root) = self.tree.root() {
                add_lists(root, &mut lists);
            }
            lists.sort_by_key(|list| list.owner.start);
            lists
        })
    }

    /// The list of that name in the job, or in what else is around the place.
    fn list(&self, key: &str, at: Location) -> Option<&List<'r>> {
        let before = self.lists().partition_point(|list| list.owner.start <= at.span.start);
        let near = self.lists()[..before].iter().rev();
        let is_around = |list: &&List<'_>| list.owner.contains(at.span);
        near.take_while(is_around).find(|list| list.key == key)
    }

    /// The rule that a place is in.
    fn rule_around(&self, at: Location) -> Option<(&'r str, usize, Node<'r>)> {
        let before = self.lists().partition_point(|list| list.owner.start <= at.span.start);
        let near = self.lists()[..before].iter().rev().take_while(|list| list.owner.contains(at.span));
        near.flat_map(|list| list.rules.iter().enumerate().map(move |(index, rule)| (list.key, index, *rule)))
            .find(|(_, _, rule)| rule.span().contains(at.span))
    }
}

fn add_lists<'t>(node: Node<'t>, lists: &mut Vec<List<'t>>) {
    match node.kind() {
        NodeKind::Sequence => node.items().for_each(|item| add_lists(item, lists)),
        NodeKind::Mapping => {
            for (key, value) in node.entries() {
                if words::is_list(key.value()) {
                    lists.push(List { key: key.value(), owner: node.span(), rules: value.items().collect() });
                } else if value.kind() != NodeKind::Scalar {
                    add_lists(value, lists);
                }
            }
        }
        NodeKind::Scalar | NodeKind::Alias => {}
    }
}
