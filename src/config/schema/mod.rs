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

/// Every section there is, those inside others after them; a section that stands in several is
/// there several times.
fn all_sections() -> Vec<&'static Section> {
    let mut sections: Vec<&'static Section> = vec![
        &SCRAPE_CONFIG,
        &GLOBAL,
        &CONFIG,
        &TARGET_GROUP,
        &RELABEL_RULE,
        &ALERTING,
        &ALERTMANAGER,
        &REMOTE_WRITE,
        &REMOTE_READ,
    ];
    let mut next = 0;
    while let Some(section) = sections.get(next) {
        let inner: Vec<&'static Section> = section.fields().filter_map(|field| section_of(field.kind)).collect();
        sections.extend(inner);
        next += 1;
    }
    sections
}

/// The section a value is made of, if it is made of one.
fn section_of(kind: Kind) -> Option<&'static Section> {
    match kind {
        Kind::Map(_, value) => section_of(*value),
        Kind::One(section) | Kind::Many(_, section) | Kind::Discovery(_, section) => Some(section),
        _ => None,
    }
}

fn is_secret(kind: Kind) -> bool {
    match kind {
        Kind::Map(_, value) => is_secret(*value),
        kind => matches!(kind, Kind::Secret | Kind::Secrets),
    }
}

/// The names of the sections that have a key, as messages call them; the most usual one first.
pub(super) fn sections_with(key: &str) -> Vec<&'static str> {
    let mut names = Vec::new();
    for section in all_sections().into_iter().filter(|section| section.field(key).is_some()) {
        if !names.contains(&section.name) {
            names.push(section.name);
        }
    }
    names
}

/// The names of all fields whose values are never shown.
pub(crate) fn secret_keys() -> &'static [&'static str] {
    static KEYS: OnceLock<Vec<&'static str>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let mut keys = Vec::new();
        for field in all_sections().into_iter().flat_map(Section::fields) {
            if is_secret(field.kind) && !keys.contains(&field.key) {
                keys.push(field.key);
            }
        }
        keys
    })
}
