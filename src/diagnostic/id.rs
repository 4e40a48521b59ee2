//! The id of a diagnostic.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Serialize, Serializer};

/// What a diagnostic is about, such as `unknown-field`: kebab-case, the same in the output, in settings, in
/// comments that ignore it, and in the name of its document. [`ids`](super::ids) has a constant for each.
///
/// ```
/// use promcfg::diagnostic::{Id, ids};
/// assert_eq!(Id::named("unknown-field"), Some(ids::UNKNOWN_FIELD));
/// assert_eq!(ids::UNKNOWN_FIELD, "unknown-field");
/// assert!(ids::UNKNOWN_FIELD.document().contains("## Why"));
/// ```
#[derive(Clone, Copy)]
pub struct Id {
    name: &'static str,
    document: &'static str,
}

impl Id {
    /// Stands for the id that a lint rule's finding gets when it is reported.
    pub(crate) const PENDING: Self = Self::new("", "");

    pub(super) const fn new(name: &'static str, document: &'static str) -> Self {
        Self { name, document }
    }

    /// Its name, such as `unknown-field`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.name
    }

    /// Its document in Markdown, with front matter.
    #[must_use]
    pub const fn document(self) -> &'static str {
        self.document
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.name, f)
    }
}

impl AsRef<str> for Id {
    fn as_ref(&self) -> &str {
        self.name
    }
}

impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Id {}

impl PartialEq<str> for Id {
    fn eq(&self, other: &str) -> bool {
        self.name == other
    }
}

impl PartialEq<&str> for Id {
    fn eq(&self, other: &&str) -> bool {
        self.name == *other
    }
}

impl PartialOrd for Id {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Id {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name.cmp(other.name)
    }
}

impl Hash for Id {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name)
    }
}
