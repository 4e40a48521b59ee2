//! The metadata of an object: the same for every kind, in the API of Kubernetes 1.34.

use super::super::shape::{Field, Object, Shape, Whole, map, text, texts, whole};
use super::values::TEXT;

/// The metadata of an object.
pub(super) static METADATA: Object = Object::new(&[&[
    map("annotations", &TEXT),
    text("clusterName"),
    text("creationTimestamp"),
    whole("deletionGracePeriodSeconds", Whole::INT64),
    text("deletionTimestamp"),
    texts("finalizers"),
    text("generateName"),
    whole("generation", Whole::INT64),
    map("labels", &TEXT),
    Field::new("managedFields", Shape::AnyList),
    text("name"),
    text("namespace"),
    Field::new("ownerReferences", Shape::AnyList),
    text("resourceVersion"),
    text("selfLink"),
    text("uid"),
]]);
