//! The fields of every section, one row each.
//!
//! Source: Prometheus 3.14.0 and prometheus/common 0.70.1.

mod alerting;
mod client;
mod discovery;
mod kind;
mod relabel;
mod remote;
mod scrape;
mod server;
mod top;

pub(super) use alerting::{ALERTING, ALERTMANAGER};
pub(super) use kind::{Field, Kind, Section};
pub(super) use relabel::RELABEL_RULE;
pub(super) use remote::{REMOTE_READ, REMOTE_WRITE};
pub(super) use scrape::{FILE_SD, SCRAPE_CONFIG, SCRAPE_CONFIGS_FILE, TARGET_GROUP};
pub(super) use top::{CONFIG, GLOBAL};
