//! Which dialect reads which format: a new one is a line here.

use crate::format::Format;

use super::dialect::Dialect;
use super::objects::Objects;
use super::plain::{Plain, Targets};

/// The dialect of a format; `None` for one that is not read.
pub(super) fn dialect_of(format: &Format) -> Option<&'static dyn Dialect> {
    match format {
        // A text of an unknown format is read as a config, which says what is wrong with it.
        Format::Config | Format::Unknown => Some(&Plain::CONFIG),
        Format::ScrapeConfigs => Some(&Plain::SCRAPE_CONFIGS),
        Format::ScrapeConfig => Some(&Plain::SCRAPE_CONFIG),
        Format::RelabelRules => Some(&Plain::RELABEL_RULES),
        Format::Targets => Some(&Targets),
        Format::Manifest => Some(&Objects),
        Format::Neighbor(_) => None,
    }
}
