//! Objects from which no job is made for any Prometheus.

use rustc_hash::{FxHashMap, FxHashSet};

use super::selector::{Comparison, Selector};
use super::types::{Lost, LostReason, Unselected};
use crate::input::operator::{Kind, NotSelected, ObjectId, OperatorObjects, Reason, Rendering, Value};
use crate::text::Location;

/// The objects from which no Prometheus has a job, because they are refused or not picked, in their order.
///
/// ```
/// use promcfg::Sources;
/// use promcfg::input::operator::{OperatorObjects, RenderOptions, render};
/// use promcfg::simulate::lost_objects;
/// use promcfg::yaml::Tree;
/// let text = "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: web}\nspec: {selector: {}, endpoints: [{}]}\n";
/// let mut objects = OperatorObjects::default();
/// objects.add(&Tree::parse(text), Sources::new().add("web.yml", text));
/// assert!(lost_objects(&objects, &render(&objects, &RenderOptions::default())).is_empty());
/// ```
#[must_use]
pub fn lost_objects(objects: &OperatorObjects, renderings: &[Rendering]) -> Vec<Lost> {
    let mut losses: FxHashMap<&ObjectId, Vec<(Location, LostReason)>> = FxHashMap::default();
    let generating = renderings.iter().filter(|rendering| rendering.config.is_some());
    let mut count = 0;
    for rendering in generating {
        count += 1;
        let mut seen: FxHashSet<&ObjectId> = FxHashSet::default();
        for rejected in &rendering.rejected {
            if seen.insert(&rejected.object) {
                let reason = LostReason::Refused { by: rejected.by, error: rejected.error.clone() };
                losses.entry(&rejected.object).or_default().push((rejected.at, reason));
            }
        }
        for other in &rendering.not_selected {
            if seen.insert(&other.object) {
                losses.entry(&other.object).or_default().push(not_selected(objects, rendering, other));
            }
        }
    }
    let lost = |object: &ObjectId| {
        let all = losses.get(object).filter(|all| count > 0 && all.len() == count)?;
        let is_near = |(_, reason): &&(Location, LostReason)| {
            matches!(reason, LostReason::Refused { .. } | LostReason::NotSelected { why: Unselected::Labels(_), .. })
        };
        let (at, reason) = all.iter().find(is_near).or_else(|| all.first())?.clone();
        Some(Lost { object: object.clone(), at, reason })
    };
    let mut given: FxHashSet<&ObjectId> = FxHashSet::default();
    objects.ids().filter(|object| !object.kind.is_server() && given.insert(object)).filter_map(lost).collect()
}

/// Why a Prometheus does not pick an object, and where.
fn not_selected(objects: &OperatorObjects, rendering: &Rendering, other: &NotSelected) -> (Location, LostReason) {
    let of = |id: &ObjectId| objects.objects.iter().find(|object| object.id == *id).map(|object| &object.value);
    let (server, object) = (of(&rendering.prometheus), of(&other.object));
    let key = selector_key(other.object.kind);
    let labels = super::cluster::labels_of(object.and_then(|object| object.at_path(&["metadata", "labels"])));
    let selector = server.and_then(|server| server.at_path(&["spec", key]));
    let selector = Selector::of(selector, Comparison::Exact);
    let difference = selector.difference(&labels);
    let name_at = |value: &Value| value.at_path(&["metadata", "name"]).map_or(value.at, |name| name.at);
    let at = object.map(name_at).or(rendering.at);
    let (at, why) = match other.reason {
        Reason::NoSelector { .. } => (rendering.at.or(at), Unselected::NoSelector),
        Reason::Namespace { .. } => (at, Unselected::Namespace),
        Reason::Labels { .. } => {
            let found_at = difference.as_ref().and_then(|(_, _, at)| *at);
            (found_at.or(at), Unselected::Labels(difference.map(|(_, difference, _)| difference)))
        }
    };
    let start = || Location::new(crate::text::FileId(0), crate::text::Span::empty(0));
    (at.unwrap_or_else(start), LostReason::NotSelected { server: rendering.prometheus.clone(), why })
}

/// The field of a Prometheus with the selector of a kind.
fn selector_key(kind: Kind) -> &'static str {
    match kind {
        Kind::ServiceMonitor => "serviceMonitorSelector",
        Kind::PodMonitor => "podMonitorSelector",
        Kind::Probe => "probeSelector",
        Kind::ScrapeConfig | Kind::Prometheus | Kind::PrometheusAgent => "scrapeConfigSelector",
    }
}
