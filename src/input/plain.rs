//! Texts that are one config as a whole: a config, a list of scrape configs, a scrape config, a list of
//! relabel rules, target groups.

use crate::config::Shape;
use crate::format::CONFIG_KEYS;
use crate::text::most_similar;
use crate::yaml::Tree;

use super::dialect::{Dialect, Profile};
use super::part::Part;

/// A text of one shape.
pub(super) struct Plain {
    shape: Shape,
    has_globals_elsewhere: bool,
}

impl Plain {
    pub(super) const CONFIG: Self = Self { shape: Shape::Config, has_globals_elsewhere: false };
    pub(super) const SCRAPE_CONFIGS: Self = Self { shape: Shape::ScrapeConfigs, has_globals_elsewhere: true };
    pub(super) const SCRAPE_CONFIG: Self = Self { shape: Shape::ScrapeConfig, has_globals_elsewhere: true };
    pub(super) const RELABEL_RULES: Self = Self { shape: Shape::RelabelRules, has_globals_elsewhere: true };
}

impl Dialect for Plain {
    fn parts(&self, tree: &Tree) -> Vec<Part> {
        vec![Part::whole(tree.text().clone(), self.shape)]
    }

    fn profile(&self) -> Profile {
        Profile { has_globals_elsewhere: self.has_globals_elsewhere, ..Profile::PROMETHEUS }
    }
}

/// Target groups.
pub(super) struct Targets;

impl Dialect for Targets {
    fn parts(&self, tree: &Tree) -> Vec<Part> {
        vec![Part::whole(tree.text().clone(), Shape::Targets)]
    }
}

/// Whether a key may be a slip of one at the top of a config.
pub(super) fn is_near_config_key(key: &str) -> bool {
    most_similar(key, CONFIG_KEYS).is_some()
}
