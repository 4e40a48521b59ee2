//! The first half: unknown keys and nulls are dropped, defaults are filled in.
//!
//! The API server does the three one after the other; since each works on one level at a time, one walk does the same.

use super::super::value::{Data, Entry, Value};
use super::advice::{Scope, explain_effects};
use super::path::Path;
use super::record::Record;
use super::shape::{Field, Object, Shape};

/// Makes the value that is stored, as far as it has the right type: the rest is an error.
pub(super) fn settle(value: &mut Value, shape: Shape, path: &Path<'_>, scope: &Scope<'_>, record: &mut Record) {
    let at = value.at;
    match (&mut value.data, shape) {
        (Data::Map(entries), Shape::Object(object)) => {
            let listed = record.pruned.len();
            settle_members(entries, object, path, scope, record);
            entries.extend(missing_defaults(entries, object).into_iter().map(|(field, default)| Entry {
                key: field.key.to_string(),
                key_at: at,
                value: Value { data: default_of(field, default), at },
            }));
            explain_effects(value, object, &mut record.pruned[listed..]);
        }
        (Data::Map(entries), Shape::Map(shape)) => {
            // No map has a default for its values.
            entries.retain_mut(|entry| {
                let is_kept = entry.value.data != Data::Null;
                if is_kept {
                    settle(&mut entry.value, *shape, &path.key(&entry.key), scope, record);
                }
                is_kept
            });
        }
        (Data::List(items), shape) => {
            // A list in the place of something else is an error: nothing is known of its items.
            let Some(shape) = shape.item() else { return };
            for (index, item) in items.iter_mut().enumerate() {
                settle(item, shape, &path.index(index), scope, record);
            }
        }
        (Data::Map(_) | Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_), _) => {}
    }
}

fn settle_members(
    entries: &mut Vec<Entry>,
    object: &'static Object,
    path: &Path<'_>,
    scope: &Scope<'_>,
    record: &mut Record,
) {
    let own = scope.of(object, path);
    entries.retain_mut(|entry| {
        let path = path.key(&entry.key);
        let Some(field) = object.field(&entry.key) else {
            if record.prune(&path, entry.key_at) {
                own.explain(&entry.key, record);
            }
            return false;
        };
        if entry.value.data == Data::Null {
            // One with a default gets it below.
            return false;
        }
        settle(&mut entry.value, field.shape, &path, &own, record);
        true
    });
}

/// The fields that are not given and have a default.
fn missing_defaults(entries: &[Entry], object: &'static Object) -> Vec<(&'static Field, &'static str)> {
    let defaults = object.fields().filter_map(|field| Some((field, field.default?)));
    defaults.filter(|(field, _)| !entries.iter().any(|entry| entry.key == field.key)).collect()
}

fn default_of(field: &Field, text: &str) -> Data {
    match (field.shape, text.parse()) {
        (Shape::Whole(_), Ok(number)) => Data::Int(number),
        _ => Data::Text(text.to_string()),
    }
}
