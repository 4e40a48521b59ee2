//! Selectors of objects and namespaces.

use super::super::shape::{Object, flag, map, objects, text, texts};
use super::values::TEXT;

/// A selector of objects by their labels.
pub(in super::super) static LABEL_SELECTOR: Object =
    Object::new(&[&[objects("matchExpressions", &REQUIREMENT), map("matchLabels", &TEXT)]]);

/// A requirement of a selector.
pub(super) static REQUIREMENT: Object =
    Object::new(&[&[text("key"), text("operator"), texts("values")]]).required(&["key", "operator"]);

/// Which metadata of other objects to attach.
pub(super) static ATTACH_METADATA: Object = Object::new(&[&[flag("node")]]);

/// The namespaces to look in.
pub(in super::super) static NAMESPACE_SELECTOR: Object = Object::new(&[&[flag("any"), texts("matchNames")]]);
