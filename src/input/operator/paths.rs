//! The way from a place in a manifest to the object and the field that it is in.

use crate::text::Location;

use super::objects::{Object, ObjectId, OperatorObjects};
use super::value::{Data, Value};

/// The objects by their places.
pub(crate) struct Paths<'o> {
    /// By their files and starts.
    objects: Vec<&'o Object>,
}

/// A place in an object.
pub(crate) struct Place<'o> {
    /// The object.
    pub(crate) object: &'o ObjectId,
    /// The names and indices from the top of the object: `spec.endpoints[0].relabelings[2].regex`.
    pub(crate) path: String,
    /// The value that the path leads to.
    pub(crate) value: &'o Value,
}

impl<'o> Paths<'o> {
    pub(crate) fn new(objects: &'o OperatorObjects) -> Self {
        let mut objects: Vec<&Object> = objects.objects.iter().collect();
        objects.sort_by_key(|object| (object.value.at.file, object.value.at.span.start));
        Self { objects }
    }

    /// The smallest field with all of a place.
    pub(crate) fn of(&self, at: Location) -> Option<Place<'o>> {
        let is_before =
            |object: &&Object| (object.value.at.file, object.value.at.span.start) <= (at.file, at.span.start);
        let index = self.objects.partition_point(is_before).checked_sub(1)?;
        let object = *self.objects.get(index)?;
        if !has(&object.value, at) {
            return None;
        }
        let (mut path, mut value) = (String::new(), &object.value);
        while let Some(inner) = step(value, at, &mut path) {
            value = inner;
        }
        Some(Place { object: &object.id, path, value })
    }
}

fn has(value: &Value, at: Location) -> bool {
    value.at.file == at.file && value.at.span.contains(at.span)
}

/// The member or item with all of a place, which is added to the path.
fn step<'o>(value: &'o Value, at: Location, path: &mut String) -> Option<&'o Value> {
    match &value.data {
        Data::Map(entries) => {
            let is_in = |place: Location| place.file == at.file && place.span.contains(at.span);
            let entry = entries.iter().find(|entry| is_in(entry.key_at) || has(&entry.value, at))?;
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&entry.key);
            Some(&entry.value)
        }
        Data::List(items) => {
            let index = items.iter().position(|item| has(item, at))?;
            path.push_str(&format!("[{index}]"));
            items.get(index)
        }
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Sources, Span};
    use crate::yaml::Tree;

    #[test]
    fn a_place_in_any_document_is_named_by_its_object_and_path() {
        let text = "kind: Service\n---\napiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: web}\nspec:\n  podMetricsEndpoints:\n  - port: a\n  - relabelings:\n    - {regex: b}\n";
        let file = Sources::new().add("a.yml", text);
        let mut objects = OperatorObjects::default();
        objects.add(&Tree::parse(text), file);
        let paths = Paths::new(&objects);
        let path = |part: &str| {
            let start = text.find(part).unwrap();
            let place = paths.of(Location::new(file, Span::new(start, start + part.len())));
            place.map(|place| format!("{} {}", place.object, place.path))
        };
        let at = |path: &str| Some(format!("PodMonitor/default/web {path}"));
        assert_eq!(path("Service"), None);
        assert_eq!(path("web"), at("metadata.name"));
        assert_eq!(path("regex"), at("spec.podMetricsEndpoints[1].relabelings[0].regex"));
        assert_eq!(path("regex: b"), at("spec.podMetricsEndpoints[1].relabelings[0]"));
    }
}
