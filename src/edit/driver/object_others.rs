//! The parts of objects whose fields change, and the other jobs that are made of the same objects: they change as well.

use crate::input::operator::{FieldOwner, Kind, ObjectId, ObjectPath};
use crate::text::FileId;

use super::super::change::FieldChange;
use super::super::open::Opened;
use super::super::ops::FieldOp;

/// A part of an object whose fields change.
pub(super) struct Target {
    /// The job, or the server.
    pub(super) name: String,
    /// The jobs that are made of it, by index; none of a server.
    pub(super) jobs: Vec<usize>,
    pub(super) server: Option<ObjectId>,
    /// The generated text.
    pub(super) generated: FileId,
    pub(super) kind: Kind,
    pub(super) offset: usize,
    /// The ways to the `spec`, and to the part of which the job is made.
    pub(super) spec: Vec<usize>,
    pub(super) own: Vec<usize>,
    pub(super) ops: Vec<FieldOp<ObjectPath>>,
}

impl Target {
    pub(super) fn way(&self, path: &ObjectPath) -> &[usize] {
        match path.owner() {
            FieldOwner::Spec => &self.spec,
            FieldOwner::Endpoint => &self.own,
        }
    }
}

/// The names of the jobs that are made of the object of a target.
pub(super) fn jobs_of_object(opened: &Opened<'_>, target: &Target) -> Vec<String> {
    let Some(objects) = &opened.objects else { return Vec::new() };
    let of = |index: usize| objects.object_of(&opened.sources, &opened.jobs[index]);
    let Some(own) = target.jobs.first().and_then(|job| of(*job)) else { return Vec::new() };
    let mut names: Vec<String> = Vec::new();
    for index in (0..opened.jobs.len()).filter(|index| of(*index) == Some(own)) {
        let name = &opened.jobs[index].job_name.value;
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// The fields that change in other jobs of the same objects as well.
pub(super) fn fields_of_others(opened: &Opened<'_>, targets: &[Target], fields: &[FieldChange]) -> Vec<FieldChange> {
    let mut others: Vec<FieldChange> = Vec::new();
    for target in targets.iter().filter(|target| target.server.is_none()) {
        let of_spec = target.ops.iter().map(FieldOp::path).filter(|path| path.owner() == FieldOwner::Spec);
        let paths: Vec<&str> = of_spec.map(ObjectPath::text).collect();
        let is_of_target = |field: &&FieldChange| field.job.as_deref() == Some(target.name.as_str());
        for field in fields.iter().filter(is_of_target).filter(|field| paths.contains(&field.path.as_str())) {
            let names = jobs_of_object(opened, target).into_iter();
            let new = names.filter(|name| !targets.iter().any(|target| target.name == *name));
            let new = new.map(|name| FieldChange { job: Some(name), ..field.clone() });
            let new: Vec<FieldChange> = new.filter(|field| !others.contains(field)).collect();
            others.extend(new);
        }
    }
    others
}

/// Says that other jobs of an object get a field as well.
pub(super) fn shared_fields(opened: &Opened<'_>, targets: &[Target]) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    for target in targets.iter().filter(|target| target.server.is_none()) {
        let fields: Vec<String> = target
            .ops
            .iter()
            .filter(|op| op.path().owner() == FieldOwner::Spec)
            .map(|op| format!("`{}`", op.path().text()))
            .collect();
        let is_other = |name: &String| !targets.iter().any(|target| target.name == *name);
        let others: Vec<String> = jobs_of_object(opened, target).into_iter().filter(is_other).collect();
        let object = opened.objects.as_ref().and_then(|objects| {
            objects.object_of(&opened.sources, &opened.jobs[*target.jobs.first()?]).map(ToString::to_string)
        });
        let (Some(object), false, false) = (object, fields.is_empty(), others.is_empty()) else { continue };
        let (verb, noun) = if fields.len() == 1 { ("is a field", "job") } else { ("are fields", "jobs") };
        let noun = if others.len() == 1 { "job" } else { noun };
        let noun = if others.len() > 1 { "jobs" } else { noun };
        let note =
            format!("{} {verb} of {object}, so {noun} {} changes as well", fields.join(" and "), others.join(", "));
        let note = if others.len() > 1 { note.replace("changes as well", "change as well") } else { note };
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    notes
}
