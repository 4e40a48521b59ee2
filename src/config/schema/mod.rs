//! The fields of every section, one row each.
//!
//! Source: Prometheus 3.14.0 and prometheus/common 0.70.1.

use std::sync::OnceLock;

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

/// The names of all fields whose values are never shown.
pub(crate) fn secret_keys() -> &'static [&'static str] {
    static KEYS: OnceLock<Vec<&'static str>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let roots = [&CONFIG, &SCRAPE_CONFIG, &ALERTMANAGER, &REMOTE_WRITE, &REMOTE_READ];
        let mut keys = Vec::new();
        let mut open: Vec<&Section> = roots.to_vec();
        while let Some(section) = open.pop() {
            for field in section.fields() {
                let is_secret = collect(field.kind, &mut open);
                if is_secret && !keys.contains(&field.key) {
                    keys.push(field.key);
                }
            }
        }
        keys
    })
}

/// Whether a kind is secret; the sections it is made of are added to those still to be looked at.
fn collect(kind: Kind, open: &mut Vec<&'static Section>) -> bool {
    match kind {
        Kind::Secret | Kind::Secrets => return true,
        Kind::Map(_, value) => return collect(*value, open),
        Kind::One(section) | Kind::Many(_, section) | Kind::Discovery(_, section) => open.push(section),
        _ => {}
    }
    false
}
