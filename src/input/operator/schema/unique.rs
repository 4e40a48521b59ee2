//! Items of a list that repeat an earlier one.

use std::fmt::Write;

use rustc_hash::FxHashMap;

use super::super::value::{Data, Value};
use super::shape::Unique;
use crate::text::go_quote;

/// An item that is the first to repeat an earlier one.
pub(super) struct Repeated<'v> {
    pub(super) index: usize,
    pub(super) item: &'v Value,
    /// What is repeated, as JSON.
    pub(super) text: String,
}

/// The items that repeat others, one for each repeated value, as the API server lists them.
pub(super) fn repeated(items: &[Value], unique: Unique) -> Vec<Repeated<'_>> {
    let keys = match unique {
        Unique::Nothing => return Vec::new(),
        Unique::Items => None,
        Unique::Keys(keys) => Some(keys),
    };
    let mut seen: FxHashMap<String, bool> = FxHashMap::default();
    let mut found = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let mut text = String::new();
        match keys {
            None => write_json(item, &mut text),
            Some(keys) => write_keys(item, keys, &mut text),
        }
        match seen.get_mut(&text) {
            None => {
                seen.insert(text, false);
            }
            Some(is_listed) if !*is_listed => {
                *is_listed = true;
                found.push(Repeated { index, item, text });
            }
            Some(_) => {}
        }
    }
    found
}

/// The fields that identify an item, in the order of their names.
fn write_keys(item: &Value, keys: &[&str], text: &mut String) {
    let mut keys: Vec<&str> = keys.to_vec();
    keys.sort_unstable();
    let entries = keys.into_iter().filter_map(|key| item.entry(key));
    write_members(entries.map(|entry| (entry.key.as_str(), &entry.value)), text);
}

fn write_members<'v>(members: impl Iterator<Item = (&'v str, &'v Value)>, text: &mut String) {
    text.push('{');
    for (index, (key, value)) in members.enumerate() {
        text.push_str(if index == 0 { "" } else { "," });
        text.push_str(&go_quote(key));
        text.push(':');
        write_json(value, text);
    }
    text.push('}');
}

/// Writes a value as JSON, keys in their order: the same text for the same value.
fn write_json(value: &Value, text: &mut String) {
    // Writing to a text never fails.
    let _ = match &value.data {
        Data::Null => write!(text, "null"),
        Data::Bool(value) => write!(text, "{value}"),
        Data::Int(value) => write!(text, "{value}"),
        Data::Float(value) => write!(text, "{value}"),
        Data::Text(value) => write!(text, "{}", go_quote(value)),
        Data::List(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                write_json(item, text);
            }
            write!(text, "]")
        }
        Data::Map(entries) => {
            let mut members: Vec<(&str, &Value)> =
                entries.iter().map(|entry| (entry.key.as_str(), &entry.value)).collect();
            members.sort_unstable_by_key(|(key, _)| *key);
            write_members(members.into_iter(), text);
            Ok(())
        }
    };
}
