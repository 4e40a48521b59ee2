//! What objects of all kinds have.

use super::super::values::{Presence, StringMap, Text, record};

record! {
    /// `metadata`.
    ObjectMeta {
        "name" => name: Text,
        "generateName" => generate_name: Text,
        "namespace" => namespace: Text,
        "uid" => uid: Text,
        "labels" => labels: StringMap,
        "annotations" => annotations: StringMap,
        "ownerReferences" => owners: Vec<OwnerReference>,
        "deletionTimestamp" => deletion: Presence,
    }
}

record! {
    /// An item of `metadata.ownerReferences`.
    OwnerReference {
        "kind" => kind: Text,
        "name" => name: Text,
        "uid" => uid: Text,
        "controller" => is_controller: bool,
    }
}

impl ObjectMeta {
    /// The owner that manages the object.
    pub(in crate::discovery::kubernetes) fn controller(&self) -> Option<&OwnerReference> {
        self.owners.iter().find(|owner| owner.is_controller)
    }

    /// The name of its controller, if that is of this kind.
    pub(in crate::discovery::kubernetes) fn controller_of_kind(&self, kind: &str) -> Option<&Text> {
        self.controller().filter(|owner| &*owner.kind == kind).map(|owner| &owner.name)
    }

    /// What it is known by among the objects of its kind.
    pub(in crate::discovery::kubernetes) fn key(&self) -> (&str, &str) {
        (&self.namespace, &self.name)
    }
}
