//! Judges the objects of prometheus-operator: what the API server, the operator and Prometheus refuse of them, and
//! mistakes in what a user wrote in them, seen in the config that the operator generates.
//!
//! All objects of some files are a set: a Prometheus picks monitors of any file. The config of each Prometheus is
//! linted like any other config; `raise` brings what is found back to the objects, if a user wrote the place or
//! Prometheus refuses the config. `stages` says what is refused before that, `fields` what is accepted but hardly wanted.

mod fields;
mod fixes;
pub(super) mod foreign;
mod labels;
mod ports;
mod raise;
mod roles;
mod stages;
mod words;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::Shape;
use crate::diagnostic::{Diagnostic, Severity, ids};
use crate::files::NoFiles;
use crate::input::Input;
use crate::input::operator::{Kind, ObjectId, ObjectSet, OperatorObjects, Paths, RenderOptions, Rendering, render};
use crate::options::Options;
use crate::simulate::ClusterObjects;
use crate::text::{FileId, Location, Sources};
use crate::yaml::Tree;

use self::raise::Raiser;
use super::suppress::Documents;
use super::{documents, finish, lint_jobs, lint_parts};

pub use stages::{stage_diagnostics, why_not_selected};

/// Lints manifests with objects of prometheus-operator, which belong together: the configs in their ConfigMaps, and the
/// config that the operator generates of all their objects, for each Prometheus. `others` are manifests that are linted
/// elsewhere, of which the objects may refer to ConfigMaps and Secrets.
///
/// An object that is several times among the files, as in the folders of several clusters, is judged each time, apart
/// from the others. The same finding for several Prometheuses is there once.
///
/// ```
/// use promcfg::input::Input;
/// use promcfg::lint::lint_objects;
/// use promcfg::{Options, Sources};
/// let rules = "[{action: labeldrop, regex: '^pod$'}]";
/// let text = format!("apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {{name: web}}\nspec: {{selector: {{}}, endpoints: [{{port: http, relabelings: {rules}}}]}}\n");
/// let input = Input::parse("web.yml", text);
/// let mut sources = Sources::new();
/// let findings = lint_objects(&mut sources, &[&input], &[], &Options::default());
/// assert_eq!(findings[0].id, "redundant-anchor");
/// assert!(findings[0].message.starts_with("ServiceMonitor/default/web: spec.endpoints[0].relabelings[0]: "));
/// ```
#[must_use]
pub fn lint_objects(
    sources: &mut Sources,
    inputs: &[&Input],
    others: &[&Input],
    options: &Options<'_>,
) -> Vec<Diagnostic> {
    let (mut objects, mut cluster) = (OperatorObjects::default(), ClusterObjects::default());
    for input in others {
        let file = sources.add(input.name(), input.tree().text().clone());
        objects.add(input.tree(), file);
        cluster.add(input.tree(), file);
    }
    let first = sources.len();
    let mut trees = Vec::new();
    for input in inputs {
        let file = sources.add(input.name(), input.tree().text().clone());
        objects.add(input.tree(), file);
        cluster.add(input.tree(), file);
        trees.push((file, input.tree()));
    }
    let mut findings: Vec<Diagnostic> = objects.unreadable().iter().map(unreadable).collect();
    for (input, (file, _)) in inputs.iter().zip(&trees) {
        findings.extend(lint_parts(sources, *file, input, options));
    }
    let name_of = |file: FileId| sources.name(file).to_string();
    let names: Vec<(String, FileId)> = cluster.names().collect();
    let mut views = Views::default();
    for ObjectSet { objects, files, is_view } in objects.into_sets(&names, &name_of) {
        let own = files.map(|files| cluster.only_of(&files));
        let found = judge_set(sources, objects, own.as_ref().unwrap_or(&cluster), options);
        match is_view {
            true => views.add(found),
            false => findings.extend(found),
        }
    }
    findings.extend(views.into_findings());
    finish(sources, first, &trees, Documents::All, findings)
}

/// The findings in objects that are judged with the servers of several folders.
#[derive(Default)]
struct Views {
    count: usize,
    findings: Vec<Diagnostic>,
}

impl Views {
    fn add(&mut self, findings: Vec<Diagnostic>) {
        self.count += 1;
        self.findings.extend(findings);
    }

    /// What is found with any of the servers; that an object is not selected, only if it is so with all of them.
    fn into_findings(self) -> Vec<Diagnostic> {
        let Self { count, mut findings } = self;
        let mut counts: FxHashMap<(Location, String), usize> = FxHashMap::default();
        let unselected = |finding: &&Diagnostic| finding.id == ids::UNSELECTED_OBJECT;
        for finding in findings.iter().filter(unselected) {
            *counts.entry((finding.at, finding.message.clone())).or_default() += 1;
        }
        findings.retain(|finding| {
            !unselected(&finding) || counts.get(&(finding.at, finding.message.clone())).is_some_and(|own| *own == count)
        });
        findings
    }
}

/// The documents of a manifest that are not valid YAML, and objects of it that cannot be read (`unreadable`).
///
/// ```
/// use promcfg::Sources;
/// use promcfg::input::Input;
/// use promcfg::lint::object_faults;
/// let text = "apiVersion: monitoring.coreos.com/v1\nkind: Probe\nspec: [\n";
/// let input = Input::parse("a.yml", text);
/// assert_eq!(object_faults(&input, Sources::new().add("a.yml", text), &[]).len(), 1);
/// ```
#[must_use]
pub fn object_faults(input: &Input, file: FileId, unreadable_objects: &[(Location, String)]) -> Vec<Diagnostic> {
    let mut faults = input.broken_places(file);
    faults.extend(unreadable_objects.iter().map(unreadable));
    faults
}

fn unreadable((at, why): &(Location, String)) -> Diagnostic {
    finding(ids::REFUSED_OBJECT, *at, format!("the object cannot be converted to JSON: {why}"))
        .with_argument("why", why.as_str())
        .with_note("clients such as kubectl refuse the file")
}

/// The findings of objects of which each is there once.
fn judge_set(
    sources: &Sources,
    set: OperatorObjects,
    cluster: &ClusterObjects,
    options: &Options<'_>,
) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let has_server = set.iter().any(|object| object.id.kind.is_server());
    let set = if has_server { set } else { set.only(&set.ids().cloned().collect::<Vec<_>>()) };
    // A Secret is seldom beside the objects: this is no fault of theirs.
    let how = RenderOptions { leave_out_missing: true, release: options.chosen_release(), ..RenderOptions::default() };
    let renderings = render(&set, &how);
    findings.extend(stages::of_renderings(&renderings));
    for rendering in &renderings {
        findings.extend(judge_rendering(sources, &set, rendering, options));
    }
    // What nobody picks is judged as if the Prometheus of the defaults did.
    let left = stages::selected_by_none(&renderings);
    let left: Vec<ObjectId> = left.iter().map(|other| other.object.clone()).collect();
    let refused: FxHashSet<&ObjectId> =
        renderings.iter().flat_map(|one| &one.rejected).map(|rejected| &rejected.object).collect();
    if !left.is_empty() {
        let alone = set.only(&left);
        for rendering in render(&alone, &how) {
            findings.extend(
                stages::of_unselected(&rendering).filter(|(id, _)| !refused.contains(id)).map(|(_, found)| found),
            );
            findings.extend(judge_rendering(sources, &alone, &rendering, options));
        }
    }
    findings.extend(fields::judge(&set, &renderings, &refused));
    labels::judge(&set, &renderings, &refused, &mut findings);
    findings.extend(ports::judge(&set, cluster, &renderings));
    findings
}

/// The findings of a generated config.
fn judge_rendering(
    sources: &Sources,
    set: &OperatorObjects,
    rendering: &Rendering,
    options: &Options<'_>,
) -> Vec<Diagnostic> {
    let Some(config) = &rendering.config else { return Vec::new() };
    let config = config.of_all_shards();
    let mut sources = sources.clone();
    let file = config.add_to(&mut sources, "prometheus.yml");
    let tree = Tree::parse(sources.text(file).clone());
    // Paths in it are those of a container.
    let options = options.with_files(&NoFiles);
    let options = options.for_server(rendering.release.map(|named| named.release));
    let found = lint_jobs(&mut sources, file, &tree, Shape::Config, &options);
    let paths = Paths::new(set);
    let raiser = Raiser::new(&sources, (file, &tree), &paths, (set, rendering));
    found.into_iter().filter_map(|finding| raiser.raise(finding)).collect()
}

/// A finding with the severity of its document.
fn finding(id: crate::diagnostic::Id, at: Location, message: String) -> Diagnostic {
    let severity = documents::rule_document(id).map_or(Severity::Warning, |document| document.severity);
    Diagnostic::new(id, severity, at, message)
}

/// How a kind of server is called in sentences.
fn server_name(id: &ObjectId) -> String {
    match id.kind {
        Kind::PrometheusAgent => format!("PrometheusAgent {}/{}", id.namespace, id.name),
        _ => format!("Prometheus {}/{}", id.namespace, id.name),
    }
}
