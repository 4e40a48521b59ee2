//! What can be at a place of a config: a section, a list, a mapping of free names, or a value.

use super::alerting::{ALERTING, ALERTMANAGER};
use super::kind::{Field, Kind, Section};
use super::relabel::RELABEL_RULE;
use super::remote::{REMOTE_READ, REMOTE_WRITE};
use super::scrape::{FILE_SD, SCRAPE_CONFIG, TARGET_GROUP};
use super::top::GLOBAL;

/// What can be at a place.
#[derive(Clone, Copy, Debug)]
pub(in crate::config) enum Slot {
    /// A section.
    Section(&'static Section),
    /// A list of sections.
    Sections(&'static Section),
    /// A mapping of free names to values.
    Map(&'static Kind),
    /// A list of values.
    List(Kind),
    /// A value.
    Scalar(Kind),
    /// Anything.
    Any,
}

impl Slot {
    /// What the value of a field is.
    pub(in crate::config) fn of(field: &Field) -> Self {
        match field.kind {
            Kind::Own => Self::of_own(field.key),
            kind => Self::of_kind(kind),
        }
    }

    fn of_kind(kind: Kind) -> Self {
        match kind {
            Kind::One(section) => Self::Section(section),
            Kind::Many(_, section) | Kind::Discovery(_, section) => Self::Sections(section),
            Kind::Texts(_, item) => Self::List(Kind::Text(item)),
            Kind::Secrets => Self::List(Kind::Secret),
            Kind::Map(_, value) => Self::Map(value),
            Kind::Labels(..) => Self::Map(&Kind::STRING),
            Kind::Any | Kind::Own => Self::Any,
            Kind::Text(_)
            | Kind::Secret
            | Kind::Bool
            | Kind::Int
            | Kind::Int64
            | Kind::Uint
            | Kind::Uint64
            | Kind::Float
            | Kind::Duration
            | Kind::Size
            | Kind::Url => Self::Scalar(kind),
        }
    }

    /// The value of a field that is read by code of its own.
    fn of_own(key: &str) -> Self {
        match key {
            "global" => Self::Section(&GLOBAL),
            "alerting" => Self::Section(&ALERTING),
            "scrape_configs" => Self::Sections(&SCRAPE_CONFIG),
            "alertmanagers" => Self::Sections(&ALERTMANAGER),
            "remote_write" => Self::Sections(&REMOTE_WRITE),
            "remote_read" => Self::Sections(&REMOTE_READ),
            "static_configs" => Self::Sections(&TARGET_GROUP),
            "file_sd_configs" => Self::Sections(&FILE_SD),
            "source_labels" => Self::List(Kind::STRING),
            key if key.ends_with("relabel_configs") => Self::Sections(&RELABEL_RULE),
            _ => Self::Any,
        }
    }

    /// What an item of the list is.
    pub(in crate::config) fn item(self) -> Option<Self> {
        match self {
            Self::Sections(section) => Some(Self::Section(section)),
            Self::List(kind) => Some(Self::Scalar(kind)),
            Self::Any => Some(Self::Any),
            Self::Section(_) | Self::Map(_) | Self::Scalar(_) => None,
        }
    }

    /// What a value of the mapping is.
    pub(in crate::config) fn value_of_map(self) -> Option<Self> {
        match self {
            Self::Map(kind) => Some(Self::of_kind(*kind)),
            Self::Any => Some(Self::Any),
            Self::Section(_) | Self::Sections(_) | Self::List(_) | Self::Scalar(_) => None,
        }
    }

    /// The expected value, in messages.
    pub(in crate::config) fn wanted(self) -> &'static str {
        match self {
            Self::Section(section) => section.name,
            Self::Sections(_) => "a list",
            Self::Map(_) => "a mapping",
            Self::List(_) => "a list of strings",
            Self::Scalar(kind) => kind.wanted(),
            Self::Any => "a value",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{all_sections, top::CONFIG};
    use super::*;

    #[test]
    fn every_field_that_is_read_by_code_of_its_own_has_a_slot() {
        for field in all_sections().iter().chain([&&CONFIG]).flat_map(|section| section.fields()) {
            let is_known = !matches!((field.kind, Slot::of(field)), (Kind::Own, Slot::Any));
            assert!(is_known, "{}", field.key);
        }
    }
}
