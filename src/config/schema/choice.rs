//! Values that a field may have by name, and the releases that know them.

use crate::release::{Availability, Release};

/// A value by its name.
#[derive(Clone, Copy, Debug)]
pub(in crate::config) struct Choice {
    pub(in crate::config) name: &'static str,
    pub(in crate::config) availability: Availability,
}

/// A value that every release knows.
pub(in crate::config) const fn choice(name: &'static str) -> Choice {
    Choice { name, availability: Availability::ALWAYS }
}

impl Choice {
    pub(in crate::config) const fn since(self, major: u16, minor: u16) -> Self {
        Self { availability: self.availability.since(major, minor), ..self }
    }

    pub(in crate::config) const fn gone_from(self, major: u16, minor: u16) -> Self {
        Self { availability: self.availability.gone_from(major, minor), ..self }
    }
}

/// The names that a release knows.
pub(in crate::config) fn names_of(choices: &[Choice], release: Release) -> Vec<&'static str> {
    choices.iter().filter(|choice| choice.availability.includes(release)).map(|choice| choice.name).collect()
}

/// Why a release does not know a name that others know.
pub(in crate::config) fn absence_of(choices: &[Choice], name: &str, release: Release) -> Option<String> {
    choices.iter().find(|choice| choice.name == name)?.availability.absence(release)
}
