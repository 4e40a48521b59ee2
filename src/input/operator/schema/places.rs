//! Where in an object a field of some name is.

use super::path::Path;
use super::shape::{Object, Shape};

/// How many levels below an object are searched.
const MOST_LEVELS: usize = 2;

/// The path, inside an object, of the field of that name that is the least deep. None if several objects have one there:
/// then the name is a usual one.
pub(super) fn place_inside(object: &'static Object, key: &str) -> Option<String> {
    let mut level: Vec<(String, &'static Object)> = vec![(String::new(), object)];
    for _ in 0..MOST_LEVELS {
        let inner: Vec<(String, &'static Object)> =
            level.iter().flat_map(|(path, object)| objects_in(path, object)).collect();
        let mut with = inner.iter().filter(|(_, object)| object.field(key).is_some());
        match (with.next(), with.next()) {
            (Some((path, _)), None) => return Some(format!("{path}{key}")),
            (Some(_), Some(_)) => return None,
            (None, _) => level = inner,
        }
    }
    None
}

/// The objects that are fields of an object, or items of its fields, each with the path to it. Nobody writes the status.
fn objects_in(path: &str, object: &'static Object) -> Vec<(String, &'static Object)> {
    let fields = object.fields().filter(|field| field.key != "status");
    let inner = fields.filter_map(|field| Some((field, field.shape.object()?)));
    inner
        .map(|(field, object)| {
            let item = if matches!(field.shape, Shape::Object(_)) { "" } else { "[]" };
            (format!("{path}{}{item}.", field.key), object)
        })
        .collect()
}

/// The path of a member of the value at a path, for every item of a list.
pub(super) fn general_path(path: &Path<'_>, member: &str) -> String {
    fn write(path: &Path<'_>, text: &mut String) {
        match path {
            Path::Root => {}
            Path::Key(before, key) => {
                write(before, text);
                text.push_str(key);
                text.push('.');
            }
            Path::Index(before, _) => {
                write(before, text);
                text.pop();
                text.push_str("[].");
            }
        }
    }
    let mut text = String::new();
    write(path, &mut text);
    text.push_str(member);
    text
}
