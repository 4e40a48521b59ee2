//! What is refused of objects before Prometheus reads a config: by the API server, by selection, by the operator.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Severity, ids};
use crate::input::operator::{
    KeyFault, LabelDifference, NotSelected, ObjectId, Pruned, Reason, Rejected, Rendering, Stage,
};
use crate::text::short_name as short;

use super::{finding, server_name};

/// What the API server and the operator refuse and drop.
///
/// ```
/// use promcfg::input::operator::{OperatorObjects, RenderOptions, render};
/// use promcfg::lint::stage_diagnostics;
/// let renderings = render(&OperatorObjects::default(), &RenderOptions::default());
/// assert!(stage_diagnostics(&renderings).is_empty());
/// ```
#[must_use]
pub fn stage_diagnostics(renderings: &[Rendering]) -> Vec<Diagnostic> {
    refused(renderings)
}

/// The same, and which objects no Prometheus picks.
pub(super) fn of_renderings(renderings: &[Rendering]) -> Vec<Diagnostic> {
    let mut found = refused(renderings);
    found.extend(selected_by_none(renderings).iter().filter_map(unselected));
    found
}

/// What is refused of objects that no Prometheus picks.
pub(super) fn of_unselected(rendering: &Rendering) -> impl Iterator<Item = (ObjectId, Diagnostic)> {
    rendering.rejected.iter().map(|rejected| (rejected.object.clone(), rejection(rejected)))
}

fn refused(renderings: &[Rendering]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for rendering in renderings {
        found.extend(rendering.pruned.iter().map(pruned));
        found.extend(rendering.rejected.iter().map(rejection));
        found.extend(rendering.error.iter().map(|error| nothing(rendering, error)));
    }
    found
}

fn rejection(rejected: &Rejected) -> Diagnostic {
    let Rejected { object, by, error, help, at } = rejected;
    let (id, message, note) = match by {
        Stage::ApiServer => (
            ids::REFUSED_OBJECT,
            format!("{object}: the API server refuses the object: {error}"),
            "the object does not get into the cluster; an older version of it stays as it is",
        ),
        Stage::Operator => (
            ids::SKIPPED_OBJECT,
            format!("{object}: the operator skips the object: {error}"),
            "the operator only logs this: none of its targets are scraped; other objects are not affected",
        ),
    };
    let finding = finding(id, *at, message).with_argument("object", object.to_string());
    let finding = finding.with_argument("error", error.as_str()).with_note(note).with_upstream(error.as_str());
    with_help(finding, help.as_ref())
}

fn with_help(finding: Diagnostic, help: Option<&String>) -> Diagnostic {
    match help {
        Some(help) => finding.with_help(help.as_str()),
        None => finding,
    }
}

fn nothing(rendering: &Rendering, error: &Rejected) -> Diagnostic {
    let Rejected { by, error, help, at, .. } = error;
    let server = &rendering.prometheus;
    let (id, message) = match by {
        Stage::ApiServer => (ids::REFUSED_OBJECT, format!("{server}: the API server refuses the object: {error}")),
        Stage::Operator => (ids::UNGENERATED_CONFIG, format!("{server}: the operator generates no config: {error}")),
    };
    let finding = finding(id, *at, message).with_argument("object", server.to_string());
    let finding = finding.with_argument("error", error.as_str()).with_upstream(error.as_str());
    let finding = with_help(finding, help.as_ref());
    match by {
        Stage::ApiServer => finding.with_note("the object does not get into the cluster"),
        Stage::Operator => finding.with_note(stops_all(server)),
    }
}

/// Whom an error stops that is about the whole config.
pub(super) fn stops_all(server: &ObjectId) -> String {
    format!("this stops every later change of {}: its old config stays in place", server_name(server))
}

fn pruned(pruned: &Pruned) -> Diagnostic {
    let Pruned { object, path, at, advice, .. } = pruned;
    let mut found = finding(ids::PRUNED_FIELD, *at, format!("{object}: unknown field `{path}`"))
        .with_argument("object", object.to_string())
        .with_argument("field", path.as_str())
        .with_note("the API server drops it; only clients that ask for strict validation, such as kubectl, report it");
    let Some(advice) = advice else { return found };
    // A newer operator may know a field of which nothing is known.
    if advice.fault != KeyFault::Unknown {
        found.severity = Severity::Error;
    }
    for note in [advice.note(), advice.effect.map(str::to_string)].into_iter().flatten() {
        found = found.with_note(note);
    }
    match advice.help() {
        Some(help) => found.with_help(help),
        None => found,
    }
}

/// An object that no Prometheus picks, with the reason of each.
pub(super) struct Unselected<'r> {
    pub(super) object: &'r ObjectId,
    reasons: Vec<(&'r ObjectId, &'r NotSelected)>,
}

/// The objects that every Prometheus of the input leaves out. None without a Prometheus, or if it is not known what one
/// of them picks.
pub(super) fn selected_by_none(renderings: &[Rendering]) -> Vec<Unselected<'_>> {
    let is_known = |one: &Rendering| one.at.is_some() && (one.config.is_some() || one.error.is_none());
    if !renderings.iter().all(is_known) {
        return Vec::new();
    }
    // The config of a Prometheus without any selector is left to others.
    let managed: Vec<&Rendering> = renderings.iter().filter(|one| !one.unmanaged).collect();
    let mut all: Vec<Unselected<'_>> = Vec::new();
    let mut places: FxHashMap<&ObjectId, usize> = FxHashMap::default();
    for rendering in &managed {
        for other in &rendering.not_selected {
            let place = *places.entry(&other.object).or_insert_with(|| {
                all.push(Unselected { object: &other.object, reasons: Vec::new() });
                all.len() - 1
            });
            all[place].reasons.push((&rendering.prometheus, other));
        }
    }
    all.retain(|one| one.reasons.len() == managed.len());
    all
}

fn unselected(Unselected { object, reasons }: &Unselected<'_>) -> Option<Diagnostic> {
    let message = format!("{object}: no Prometheus among these files selects the object");
    let (_, first) = reasons.first()?;
    let mut found = finding(ids::UNSELECTED_OBJECT, first.at, message).with_argument("object", object.to_string());
    for (server, other) in reasons {
        found = found.with_note(format!("{}: {}", server_name(server), why_not_selected(other)));
        match &other.reason {
            Reason::Labels { difference, .. } | Reason::Namespace { difference: Some(difference), .. } => {
                found = found.with_label(difference.wanted_at, format!("{} wants it", server_name(server)));
            }
            Reason::NoSelector { .. } | Reason::Namespace { difference: None, .. } => {}
        }
    }
    Some(found)
}

/// Why a Prometheus does not pick an object, in words.
///
/// ```
/// use promcfg::input::operator::{OperatorObjects, RenderOptions, render};
/// use promcfg::lint::why_not_selected;
/// let renderings = render(&OperatorObjects::default(), &RenderOptions::default());
/// assert_eq!(renderings[0].not_selected.iter().map(why_not_selected).count(), 0);
/// ```
#[must_use]
pub fn why_not_selected(other: &NotSelected) -> String {
    let found = |difference: &LabelDifference, whose: &str| match &difference.found {
        Some(value) => format!("it is `{}`", short(value)),
        None => format!("{whose} does not have it"),
    };
    let wants = |selector: &str, difference: &LabelDifference, whose: &str| {
        let (label, wanted) = (short(&difference.label), short(&difference.wanted));
        format!("its `{selector}` wants the label `{label}`{whose} to be {wanted}")
    };
    match &other.reason {
        Reason::NoSelector { selector } => format!("it has no `{selector}`, so it selects no objects of this kind"),
        Reason::Labels { selector, difference } => {
            format!("{}; {}", wants(selector, difference, ""), found(difference, "the object"))
        }
        Reason::Namespace { selector, difference: Some(difference) } => {
            let whose = format!(" of the namespace `{}`", short(&other.object.namespace));
            format!("{}; {}", wants(selector, difference, &whose), found(difference, "the namespace"))
        }
        Reason::Namespace { selector, difference: None } => {
            let namespace = short(&other.object.namespace);
            format!("it has no `{selector}`, so it only selects its own namespace, not `{namespace}`")
        }
    }
}
