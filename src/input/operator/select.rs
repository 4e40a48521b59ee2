//! Which objects a Prometheus picks.

use super::generate::Server;
use super::objects::{Object, ObjectId};

/// An object that a Prometheus does not pick.
#[derive(Clone, Debug)]
pub struct NotSelected {
    /// The object.
    pub object: ObjectId,
    /// Why it is not picked.
    pub reason: Reason,
}

/// Why an object is not picked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The Prometheus has no selector for the kind.
    NoSelector,
    /// Its labels are not as the selector wants them.
    Labels,
    /// Its namespace is not selected.
    Namespace,
}

/// The objects that are picked, and the others.
pub(super) fn select<'o>(server: &Server<'_>, objects: &'o [Object]) -> (Vec<&'o Object>, Vec<NotSelected>) {
    let _ = server;
    (objects.iter().collect(), Vec::new())
}
