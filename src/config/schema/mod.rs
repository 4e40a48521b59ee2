//! The fields of every section, one row each.
//!
//! Source: Prometheus 3.14.0 and prometheus/common 0.70.1.

mod client;
mod kind;
mod relabel;
mod scrape;
mod top;

pub(super) use kind::{Field, Kind, Section};
pub(super) use relabel::RELABEL_RULE;
pub(super) use scrape::{FILE_SD, SCRAPE_CONFIG, SCRAPE_CONFIGS_FILE, TARGET_GROUP};
pub(super) use top::{CONFIG, GLOBAL};
