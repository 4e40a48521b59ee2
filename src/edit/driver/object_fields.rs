//! Edits of fields of objects of prometheus-operator, by the paths of the fields of the jobs that are made of them, or by their
//! own.
//!
//! 1. **place**: each operation is made in the document of the object;
//! 1. **prove**: the operator generates the same jobs. The field of each job has its value, and nothing else of any generated
//!    config differs, but for the other jobs of the object where the field is one of the whole object.

use crate::config::{Duration, FieldPath, FieldRoot, FieldValue, Step, keys_of_global};
use crate::diagnostic::{Diagnostic, ids};
use crate::input::operator::{FieldOwner, Kind, ObjectPath, plain};
use crate::secrets::masked_below;
use crate::text::{Edits, FileId, Location, Span};
use crate::yaml::{Node, NodeKind, Tree};

use super::super::change::{ConfigChange, FieldChange};
use super::super::object_proof::{Differences, Other};
use super::super::objects::{Maker, Objects, in_text, moved_span};
use super::super::open::{EditedFiles, EditedText, Opened};
use super::super::ops::{FieldOp, Nodes, keys, node_at, shown_value};
use super::super::overlay::Overlay;
use super::super::request::{EditError, Selection, refused};
use super::choose::whole_effect;
use super::field_parts::{deciding, in_one_line, join_deciding};
use super::fields::{job_changes, make, node_on, way_to};
use super::object_others::{Target, fields_of_others, jobs_of_object, shared_fields};
use super::prove::{has_same_jobs, new_fault, no_new_errors};
use super::select::{has_jobs, is_readable, named_jobs};

/// What is asked for, by paths that are not read yet.
pub(in crate::edit) struct ObjectFieldsRequest<'r> {
    pub(in crate::edit) set: &'r [(String, String)],
    pub(in crate::edit) unset: &'r [String],
    /// Whether a value that is inherited anyway is removed rather than written.
    pub(in crate::edit) minimal: bool,
}

/// The objects whose fields are asked for.
pub(in crate::edit) enum ObjectSite {
    /// Those that these jobs are made of.
    Jobs(Vec<usize>),
    /// The servers.
    Servers,
}

/// Which objects fields of the selected jobs are in, or of the config as a whole; `None` where they are in a config.
pub(in crate::edit) fn object_site(
    opened: &mut Opened<'_>,
    jobs: Option<&Selection>,
) -> Result<Option<ObjectSite>, EditError> {
    let Some(objects) = &opened.objects else { return Ok(None) };
    let Some(selection) = jobs else {
        if !opened.inner_files().is_empty() && !opened.config_texts().is_empty() {
            return Ok(None);
        }
        if objects.servers().next().is_none() {
            let message =
                format!("{} has no Prometheus object, which the top level of a config is made of", opened.name());
            return Err(refused(ids::UNSUPPORTED_FORMAT, opened.start(), message)
                .with_help("change fields of jobs with --job NAME or --all-jobs")
                .into());
        }
        return Ok(Some(ObjectSite::Servers));
    };
    is_readable(opened)?;
    has_jobs(opened)?;
    let named = named_jobs(opened, &selection.jobs)?;
    let count = named.iter().filter(|job| opened.is_generated(opened.jobs[**job].file)).count();
    match count {
        0 => Ok(None),
        count if count == named.len() => Ok(Some(ObjectSite::Jobs(named))),
        _ => {
            let message = "jobs of objects and jobs of a config in the same manifest cannot be edited at once";
            Err(EditError::declined(message, "select some of them with --job"))
        }
    }
}

/// Makes the change, without writing it.
pub(in crate::edit) fn run_on_object_fields(
    opened: &mut Opened<'_>,
    request: &ObjectFieldsRequest<'_>,
    site: &ObjectSite,
) -> Result<ConfigChange, EditError> {
    let mut targets = match site {
        ObjectSite::Jobs(jobs) => targets_of_jobs(opened, jobs)?,
        ObjectSite::Servers => targets_of_servers(opened)?,
    };
    for target in &mut targets {
        target.ops = ops_of(opened, target, request)?;
    }
    Ok(changed(opened, &targets)?)
}

fn targets_of_jobs(opened: &Opened<'_>, jobs: &[usize]) -> Result<Vec<Target>, Diagnostic> {
    let mut targets: Vec<(Span, Target)> = Vec::new();
    for &index in jobs {
        let job = &opened.jobs[index];
        let Some(objects) = &opened.objects else { break };
        let (place, maker) = (objects.place_of_maker(&opened.sources, job), objects.maker(&opened.sources, job));
        let (Some(place), Some(maker)) = (place, maker) else {
            let at = Location::new(job.file, job.job_name.span);
            return Err(refused(ids::EDIT_LAYOUT, at, "the object of the job is not written in one place of the text"));
        };
        if let Some((_, known)) = targets.iter_mut().find(|(other, _)| *other == place) {
            known.jobs.push(index);
            continue;
        }
        unshared(opened, maker)?;
        let spec = match maker.kind {
            Kind::ServiceMonitor | Kind::PodMonitor => maker.node.parent().and_then(Node::parent),
            Kind::Probe | Kind::ScrapeConfig | Kind::Prometheus | Kind::PrometheusAgent => Some(maker.node),
        };
        targets.push((
            place,
            Target {
                name: job.job_name.value.clone(),
                jobs: vec![index],
                server: None,
                generated: job.file,
                kind: maker.kind,
                offset: maker.offset,
                spec: spec.map(way_to).unwrap_or_default(),
                own: way_to(maker.node),
                ops: Vec::new(),
            },
        ));
    }
    Ok(targets.into_iter().map(|(_, target)| target).collect())
}

fn targets_of_servers(opened: &Opened<'_>) -> Result<Vec<Target>, EditError> {
    let Some(objects) = &opened.objects else { return Ok(Vec::new()) };
    let mut targets = Vec::new();
    for (id, maker) in objects.servers() {
        let Some(generated) = objects.generated_for(id) else {
            let refusal = opened.diagnostics.iter().find(|fault| fault.is_error()).cloned();
            let missing = || refused(ids::EDIT_UNPROVED, opened.start(), format!("no config is generated for {id}"));
            return Err(refusal.unwrap_or_else(missing).into());
        };
        unshared(opened, maker)?;
        let way = way_to(maker.node);
        targets.push(Target {
            name: id.to_string(),
            jobs: Vec::new(),
            server: Some(id.clone()),
            generated,
            kind: maker.kind,
            offset: maker.offset,
            spec: way.clone(),
            own: way,
            ops: Vec::new(),
        });
    }
    Ok(targets)
}

/// Refuses a part of an object that other places share.
fn unshared(opened: &Opened<'_>, maker: Maker<'_>) -> Result<(), Diagnostic> {
    let nodes = Nodes { file: opened.file, tree: maker.document, shared: None };
    match opened.changes_shared() {
        true => Ok(()),
        false => nodes.unshared_up(maker.node).map_err(|refusal| in_text(refusal, opened.file, maker.offset)),
    }
}

fn document(objects: &Objects, offset: usize) -> Option<&Tree> {
    objects.documents().iter().find(|document| document.offset == offset).map(|document| &document.tree)
}

fn ops_of(
    opened: &mut Opened<'_>,
    target: &Target,
    request: &ObjectFieldsRequest<'_>,
) -> Result<Vec<FieldOp<ObjectPath>>, EditError> {
    let refusal = EditError::of_field;
    let mut parameters = parameters_of(opened, target);
    let read = |text: &str, parameters: &[String]| match target.server {
        Some(_) => ObjectPath::of_server(target.kind, text),
        None => ObjectPath::of_job(target.kind, text, parameters),
    };
    let mut ops: Vec<FieldOp<ObjectPath>> = Vec::new();
    for (text, value) in request.set {
        let path = read(text, &parameters).map_err(refusal)?;
        let value = path.value(value).map_err(refusal)?;
        if let Some(name) = text.strip_prefix("params.").filter(|_| target.kind == Kind::Probe)
            && path.steps().len() == 2
            && !parameters.iter().any(|own| own == name)
        {
            parameters.push(name.to_string());
        }
        let is_inherited = request.minimal && is_inherited(opened, target, &path, &value);
        ops.push(if is_inherited { FieldOp::Unset { path } } else { FieldOp::Set { path, value } });
    }
    for text in request.unset {
        let path = read(text, &parameters).map_err(refusal)?;
        let is_last = target.kind == Kind::Probe && parameters.len() == 1 && path.steps().len() == 2;
        let is_last = is_last && matches!(path.steps(), [Step::Key(key), Step::Index(0)] if key == "params");
        let path = if is_last { read("spec.params", &[]).map_err(refusal)? } else { path };
        ops.push(FieldOp::Unset { path });
    }
    let mut seen: Vec<&str> = Vec::new();
    for op in &ops {
        let text = op.path().text();
        if seen.contains(&text) {
            return Err(EditError::request(format!("`{text}` is given twice"), "give each field once"));
        }
        seen.push(text);
    }
    Ok(ops)
}

/// The names of the parameters of a Probe.
fn parameters_of(opened: &Opened<'_>, target: &Target) -> Vec<String> {
    let tree = opened.objects.as_ref().and_then(|objects| document(objects, target.offset));
    let spec = tree.and_then(|tree| node_on(tree, &target.spec)).filter(|_| target.kind == Kind::Probe);
    let list = spec.and_then(|spec| node_at(spec, &[Step::Key("params".to_string())]));
    let name = |item: Node<'_>| node_at(item, &[Step::Key("name".to_string())]).map_or("", Node::value).to_string();
    list.into_iter().flat_map(Node::items).map(name).collect()
}

/// The value that the field has where it is not given, and what gives it.
fn inherited(opened: &mut Opened<'_>, target: &Target, path: &ObjectPath) -> Option<(String, &'static str)> {
    let release = opened.options.release;
    let default = |text: &str, root: FieldRoot| {
        let path = FieldPath::parse(text, root, release).ok()?;
        Some((path.default().to_string(), "the default")).filter(|(value, _)| !value.is_empty())
    };
    match path.lowered().field.as_deref()? {
        [Step::Key(section), Step::Key(key)] if section == "global" => match key.as_str() {
            "scrape_interval" | "evaluation_interval" => Some(("30s".to_string(), "the operator")),
            _ => default(&format!("global.{key}"), FieldRoot::Config),
        },
        [Step::Key(key)] if target.server.is_none() => {
            if target.kind == Kind::Probe && key == "metrics_path" {
                return Some(("/probe".to_string(), "the operator"));
            }
            let global = [Step::Key("global".to_string()), Step::Key(key.clone())];
            let tree = opened.tree(target.generated);
            let of_global = tree.root().and_then(|root| node_at(root, &global)).map(|node| node.value().to_string());
            let of_global = of_global.filter(|_| keys_of_global().any(|own| own == key));
            let value = match of_global {
                Some(value) => Some((value, "the Prometheus")),
                None if key == "scrape_timeout" => Some(("10s".to_string(), "the default")),
                None => default(key, FieldRoot::Job),
            };
            // The timeout of a job that scrapes more often is its interval.
            let interval = target.jobs.first().map(|job| opened.jobs[*job].scrape_interval);
            let is_cut = |text: &str| {
                key == "scrape_timeout"
                    && Duration::parse(text).ok().zip(interval).is_some_and(|(own, most)| own > most)
            };
            value.filter(|(text, _)| !is_cut(text))
        }
        _ => None,
    }
}

fn is_inherited(opened: &mut Opened<'_>, target: &Target, path: &ObjectPath, value: &FieldValue) -> bool {
    let Some((inherited, _)) = inherited(opened, target, path) else { return false };
    let release = opened.options.release;
    let own = path.lowered().field.as_deref().map(crate::config::shown_steps).unwrap_or_default();
    let root = if target.server.is_some() { FieldRoot::Config } else { FieldRoot::Job };
    FieldPath::parse(&own, root, release).is_ok_and(|path| path.is_same_value(&inherited, &value.to_string()))
}

fn changed(opened: &mut Opened<'_>, targets: &[Target]) -> Result<ConfigChange, Diagnostic> {
    let mut change = ConfigChange::of_fields();
    for target in targets {
        describe(opened, target, &mut change);
    }
    let others = fields_of_others(opened, targets, &change.fields);
    change.fields.extend(others);
    let Some(text) = edit_text(opened, targets)? else { return Ok(change) };
    let EditedFiles { files, tree } = opened.to_files(vec![text])?;
    let overlay = Overlay { files: opened.options.files, changed: &files };
    let mut after = opened.with_tree(tree, &overlay);
    if let Some(fault) = new_fault(opened, &after) {
        return Err(would_be_refused(opened, targets, fault));
    }
    no_new_errors(opened, &after)?;
    if !has_same_jobs(opened, &after) {
        return Err(refused(
            ids::EDIT_UNPROVED,
            opened.start(),
            "the operator would make other jobs of the changed text",
        ));
    }
    for target in targets {
        for op in &target.ops {
            has_value(opened, &mut after, target, op)?;
        }
    }
    nothing_else_differs(opened, &after, targets)?;
    let asked: Vec<usize> = targets.iter().filter_map(|target| target.jobs.first().copied()).collect();
    change.jobs = job_changes(opened, &mut after, &asked)?;
    change.notes.extend(shared_fields(opened, targets));
    for target in targets.iter().filter(|target| target.server.is_none()) {
        let Some(job) = target.jobs.first() else { continue };
        let known = change.jobs.iter().find(|own| own.job == target.name).map_or(0, |own| own.known);
        change.notes.extend(deciding(&opened.jobs[*job], known, target.ops.iter().map(|op| op.path().steps())));
    }
    join_deciding(&mut change.notes);
    change.effect = whole_effect(&change.jobs);
    change.files = files;
    Ok(change)
}

fn place_of(opened: &Opened<'_>, target: &Target) -> Location {
    let job = target.jobs.first().map(|job| &opened.jobs[*job]);
    if let Some(job) = job {
        return Location::new(job.file, job.job_name.span);
    }
    let tree = opened.objects.as_ref().and_then(|objects| document(objects, target.offset));
    let spec = tree.and_then(|tree| node_on(tree, &target.spec));
    let start = spec.map_or(target.offset, |spec| target.offset + spec.span().start as usize);
    Location::new(opened.file, Span::empty(start))
}

/// The refusal of a change after which the object or the generated config is refused.
fn would_be_refused(opened: &Opened<'_>, targets: &[Target], fault: &Diagnostic) -> Diagnostic {
    let target = targets.iter().find(|target| fault.is_in_job(&target.name)).or(targets.first());
    let at = target.map_or_else(|| opened.start(), |target| place_of(opened, target));
    let refusal = refused(ids::EDIT_UNPROVED, at, format!("after the change, {}", fault.message));
    let refusal = Diagnostic { help: fault.help.clone(), ..refusal };
    fault.notes.iter().fold(refusal, |refusal, note| refusal.with_note(note.clone()))
}

/// What is said of the fields of a part.
fn describe(opened: &mut Opened<'_>, target: &Target, change: &mut ConfigChange) {
    let tree = opened.objects.as_ref().and_then(|objects| document(objects, target.offset)).cloned();
    let Some(tree) = tree else { return };
    let mut is_done = true;
    for op in &target.ops {
        let Some(root) = node_on(&tree, target.way(op.path())) else { continue };
        if op.is_done(root) {
            continue;
        }
        is_done = false;
        let path = op.path();
        // Other fields refer to secrets, and do not hold them.
        let is_of_request = keys(path.steps()).any(|key| key == "params");
        let shown = |text: String| if is_of_request { masked_below(keys(path.steps()), &text) } else { text };
        let before = node_at(root, path.steps()).map(in_one_line).map(shown);
        let after = match op {
            FieldOp::Set { value, .. } => Some(shown(shown_value(path.lowered_value(value)))),
            FieldOp::Unset { .. } => None,
        };
        let inherited = inherited(opened, target, path);
        change.fields.push(FieldChange {
            job: Some(target.name.clone()).filter(|_| target.server.is_none()),
            file: opened.name().to_string(),
            path: path.text().to_string(),
            before,
            after,
            inherited,
        });
    }
    if is_done {
        change.jobs_with_nothing_to_do.push(target.name.clone());
    }
}

/// The edits of the text, proved document by document: operation by operation, each on the result of the one before.
fn edit_text(opened: &Opened<'_>, targets: &[Target]) -> Result<Option<EditedText>, Diagnostic> {
    let Some(objects) = &opened.objects else { return Ok(None) };
    let mut replacements: Vec<(Span, String)> = Vec::new();
    let mut offsets: Vec<usize> = targets.iter().map(|target| target.offset).collect();
    offsets.sort_unstable();
    offsets.dedup();
    for offset in offsets {
        let Some(first) = document(objects, offset) else { continue };
        let of_document: Vec<&Target> = targets.iter().filter(|target| target.offset == offset).collect();
        let edits = edit_document(first, opened.file, &of_document, opened.changes_shared());
        let edits = edits.map_err(|refusal| in_text(refusal, opened.file, offset))?;
        let edits = edits.iter().flat_map(Edits::iter);
        replacements.extend(edits.map(|edit| (moved_span(edit.span, offset), edit.text.clone())));
    }
    if replacements.is_empty() {
        return Ok(None);
    }
    let overlap = || refused(ids::EDIT_LAYOUT, opened.start(), "two changes need the same place in the text");
    let edits = Edits::new(replacements).ok_or_else(overlap)?;
    let tree = Tree::parse(edits.apply(opened.sources.text(opened.file)));
    Ok(Some(EditedText { file: opened.file, edits, tree }))
}

fn edit_document(
    first: &Tree,
    file: FileId,
    targets: &[&Target],
    changes_shared: bool,
) -> Result<Option<Edits>, Diagnostic> {
    let mut done: Option<(Edits, Tree)> = None;
    let count = targets.iter().map(|target| target.ops.len()).max().unwrap_or(0);
    for number in 0..count {
        let tree = done.as_ref().map_or(first, |(_, tree)| tree);
        let mut ops: Vec<(&[usize], &FieldOp<ObjectPath>)> = Vec::new();
        for target in targets {
            let Some(op) = target.ops.get(number) else { continue };
            let way = target.way(op.path());
            // The `spec` is that of several jobs.
            if !ops.iter().any(|(other, known)| *other == way && known.path().text() == op.path().text()) {
                ops.push((way, op));
            }
        }
        let Some((edits, new)) = make(tree, file, &ops, changes_shared)? else { continue };
        let edits = match &done {
            Some((before, _)) => before.then(&edits, first.text().len()),
            None => edits,
        };
        done = Some((edits, new));
    }
    Ok(done.map(|(edits, _)| edits))
}

/// Refuses a change after which a generated field does not have the value.
fn has_value(
    before: &Opened<'_>,
    after: &mut Opened<'_>,
    target: &Target,
    op: &FieldOp<ObjectPath>,
) -> Result<(), Diagnostic> {
    let FieldOp::Set { path, value } = op else { return Ok(()) };
    let Some(way) = path.lowered().field.as_deref().filter(|_| path.is_comparable()) else { return Ok(()) };
    let value = path.lowered_value(value);
    let places: Vec<(FileId, Option<Span>)> = match &target.server {
        Some(id) => {
            let file = after.objects.as_ref().and_then(|objects| objects.generated_for(id));
            file.map(|file| (file, None)).into_iter().collect()
        }
        None => target.jobs.iter().map(|job| (after.jobs[*job].file, Some(after.jobs[*job].span))).collect(),
    };
    for (file, span) in places {
        let tree = after.tree(file);
        let root = match span {
            None => tree.root(),
            Some(span) => {
                tree.nodes_at(span.start).find(|node| node.full_span() == span && node.kind() == NodeKind::Mapping)
            }
        };
        let found = root.and_then(|root| lowered_node(root, way));
        if found.is_some_and(|found| is_value(value, found)) {
            continue;
        }
        let (at, field) = (place_of(before, target), crate::config::shown_steps(way));
        let name = &target.name;
        let Some(found) = found else {
            let message = format!("the operator would leave `{field}` out of {}", in_words(target, name));
            return Err(refused(ids::EDIT_UNPROVED, at, message)
                .with_note("the version of the Prometheus does not have the field, or another field overrides it"));
        };
        let shown = in_one_line(found);
        let message = format!("{} would have `{field}: {shown}`, not {}", in_words(target, name), shown_value(value));
        let given = after.sources.outermost(Location::new(file, found.full_span()));
        let refusal = refused(ids::EDIT_UNPROVED, at, message);
        // The place is the same in the text before the change.
        let text = |opened: &Opened<'_>| {
            let text = opened.sources.text(given.file).get(..given.span.end as usize).map(str::to_string);
            (opened.sources.name(given.file).to_string(), text)
        };
        let is_written = after.sources.is_written(Location::new(file, found.full_span()));
        return Err(match is_written && text(before) == text(after) {
            true => refusal.with_label(given, "the operator uses this value"),
            false => refusal.with_note("the Prometheus object decides this value"),
        });
    }
    Ok(())
}

fn in_words(target: &Target, name: &str) -> String {
    if target.server.is_some() { format!("the config of {name}") } else { format!("job {name}") }
}

/// The node of a generated config at a way of which the names can be those of the object.
fn lowered_node<'t>(root: Node<'t>, way: &[Step]) -> Option<Node<'t>> {
    way.iter().try_fold(root, |node, step| match step {
        Step::Index(index) => node.items().nth(*index),
        Step::Key(key) => {
            let exact = node.entries().find(|(own, _)| own.value() == key);
            let found = exact.or_else(|| node.entries().find(|(own, _)| plain(own.value()) == plain(key)));
            found.map(|(_, value)| value)
        }
    })
}

/// Whether a generated node has a value: names of choices can be spelled in another way.
fn is_value(value: &FieldValue, node: Node<'_>) -> bool {
    match value {
        FieldValue::Text(text) | FieldValue::Bare(text) => {
            node.kind() == NodeKind::Scalar && (node.value() == text || plain(node.value()) == plain(text))
        }
        FieldValue::List(items) => {
            node.items().count() == items.len()
                && items.iter().zip(node.items()).all(|(item, node)| is_value(item, node))
        }
        FieldValue::Map(entries) => entries.iter().all(|(key, value)| {
            node.entries().find(|(own, _)| own.value() == key).is_some_and(|(_, node)| is_value(value, node))
        }),
    }
}

/// Refuses a change after which another field of a job, or another job, differs.
fn nothing_else_differs(before: &Opened<'_>, after: &Opened<'_>, targets: &[Target]) -> Result<(), Diagnostic> {
    let (Some(old), Some(new)) = (&before.objects, &after.objects) else { return Ok(()) };
    let mut differences = Differences::default();
    for target in targets {
        for path in target.ops.iter().map(FieldOp::path) {
            let parts = &path.lowered().parts;
            if target.server.is_some() {
                differences.top.extend(parts.iter().cloned());
                continue;
            }
            let keys: Vec<&'static str> = parts.iter().filter_map(|way| way.first().copied()).collect();
            match path.owner() {
                FieldOwner::Endpoint => differences.add(&target.name, &keys),
                FieldOwner::Spec => {
                    jobs_of_object(before, target).iter().for_each(|name| differences.add(name, &keys));
                }
            }
        }
    }
    let at = targets.first().map_or_else(|| before.start(), |target| place_of(before, target));
    old.differ_only(new, &differences).map_err(|other| match other {
        Other::Job(name) if targets.iter().any(|target| target.name == name) => {
            refused(ids::EDIT_UNPROVED, at, format!("the change would also change other fields of job {name}"))
        }
        Other::Job(name) => refused(ids::EDIT_UNPROVED, at, format!("the change would also change job {name}")),
        Other::Rest => {
            refused(ids::EDIT_UNPROVED, at, "the change would also change other parts of the generated config")
        }
    })
}
