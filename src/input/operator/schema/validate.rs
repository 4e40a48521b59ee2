//! The second half: whether the value that would be stored fits its schema.

use super::super::value::{Data, Value};
use super::help;
use super::path::Path;
use super::pattern::Pattern;
use super::record::{Record, place_in};
use super::rows;
use super::shape::{Format, List, Object, Shape, Text, Unique, Whole};
use super::unique::repeated;
use crate::text::{Location, go_quote};

/// Lists the errors of a value. `named_at` is the place of its key, if it has one.
pub(super) fn validate(value: &Value, shape: Shape, path: &Path<'_>, named_at: Option<Location>, record: &mut Record) {
    let fits = match (shape, &value.data) {
        (Shape::Flag, Data::Bool(_))
        | (Shape::NumberOrText(_), Data::Int(_))
        | (Shape::AnyObject, Data::Map(_))
        | (Shape::AnyList, Data::List(_)) => true,
        (Shape::Whole(whole), Data::Int(number)) => {
            check_number(*number, whole, value, path, record);
            true
        }
        (Shape::Text(text), Data::Text(written)) => {
            check_text(written, text, value, path, record);
            true
        }
        (Shape::Choice(names), Data::Text(written)) => {
            check_choice(written, names, value, path, record);
            true
        }
        (Shape::NumberOrText(pattern), Data::Text(written)) => {
            check_text(written, Text { is_filled: false, pattern }, value, path, record);
            true
        }
        (Shape::Objects(object), Data::List(items)) => {
            check_items(items, Shape::Object(object), path, record);
            true
        }
        (Shape::List(list), Data::List(items)) => {
            check_list(items, list, value, path, record);
            true
        }
        (Shape::Map(shape), Data::Map(entries)) => {
            for entry in entries {
                validate(&entry.value, *shape, &path.key(&entry.key), Some(entry.key_at), record);
            }
            true
        }
        (Shape::Object(object), Data::Map(_)) => {
            check_object(value, object, path, named_at, record);
            true
        }
        _ => false,
    };
    if !fits {
        record.error_with_help(path, value.at, || wrong_type(value, shape, path), || help::of_type(value, shape));
    }
}

fn check_object(value: &Value, object: &Object, path: &Path<'_>, named_at: Option<Location>, record: &mut Record) {
    for key in object.required.iter().filter(|key| value.entry(key).is_none()) {
        record.error(&path.key(key), place_in(value, named_at), || "Required value".to_string());
    }
    for entry in value.entries() {
        if let Some(field) = object.field(&entry.key) {
            let listed = record.errors.len();
            validate(&entry.value, field.shape, &path.key(&entry.key), Some(entry.key_at), record);
            let number = number_field(object).filter(|_| entry.key == "port");
            if let Some((number, error)) = number.zip(record.errors.get_mut(listed)) {
                error.help = help::of_port(&entry.value, number).or(error.help.take());
            }
        }
    }
    for message in object.check.map(|check| check(value)).unwrap_or_default() {
        record.error(path, place_in(value, named_at), || format!("Invalid value: {message}"));
    }
}

/// The field for the number of a port, beside the one for its name.
fn number_field(object: &Object) -> Option<&'static str> {
    match object {
        object if object.is(&rows::ENDPOINT) => Some("targetPort"),
        object if object.is(&rows::POD_ENDPOINT) => Some("portNumber"),
        _ => None,
    }
}

fn check_list(items: &[Value], list: &List, value: &Value, path: &Path<'_>, record: &mut Record) {
    if list.is_filled && items.is_empty() {
        record.error(path, value.at, || "Invalid value: should have at least 1 items".to_string());
    }
    check_items(items, list.item, path, record);
    if !matches!(list.unique, Unique::Nothing) {
        for repeated in repeated(items, list.unique) {
            record
                .error(&path.index(repeated.index), repeated.item.at, || format!("Duplicate value: {}", repeated.text));
        }
    }
}

fn check_items(items: &[Value], shape: Shape, path: &Path<'_>, record: &mut Record) {
    for (index, item) in items.iter().enumerate() {
        validate(item, shape, &path.index(index), None, record);
    }
}

fn check_text(written: &str, text: Text, value: &Value, path: &Path<'_>, record: &mut Record) {
    if text.is_filled && written.is_empty() {
        record.error(path, value.at, || "Invalid value: should be at least 1 chars long".to_string());
    }
    let unmatched = |pattern: &Pattern| !pattern.is_match(written);
    if let Some(pattern) = text.pattern.filter(unmatched) {
        let message = || format!("Invalid value: {}: should match '{}'", go_quote(written), pattern.text());
        record.error_with_help(path, value.at, message, || help::of_pattern(written, pattern));
    }
}

fn check_choice(written: &str, names: &[&str], value: &Value, path: &Path<'_>, record: &mut Record) {
    if !names.contains(&written) {
        let quoted = || names.iter().map(|name| go_quote(name)).collect::<Vec<_>>().join(", ");
        let message = || format!("Unsupported value: {}: supported values: {}", go_quote(written), quoted());
        record.error_with_help(path, value.at, message, || help::of_choice(written, names));
    }
}

fn check_number(number: i64, whole: Whole, value: &Value, path: &Path<'_>, record: &mut Record) {
    if whole.format == Format::Int32 && i32::try_from(number).is_err() {
        let message =
            || format!("Invalid value: {number}: Checked value must be of type integer with format int32 in {path}");
        record.error(path, value.at, message);
    }
    if let Some(most) = whole.most.filter(|most| number > i64::from(*most)) {
        record.error(path, value.at, || format!("Invalid value: {number}: should be less than or equal to {most}"));
    }
    if let Some(least) = whole.least.filter(|least| number < i64::from(*least)) {
        record.error(path, value.at, || format!("Invalid value: {number}: should be greater than or equal to {least}"));
    }
}

fn wrong_type(value: &Value, shape: Shape, path: &Path<'_>) -> String {
    let wanted = match shape {
        Shape::Flag => "boolean",
        Shape::Whole(_) => "integer",
        Shape::Text(_) | Shape::Choice(_) => "string",
        Shape::NumberOrText(_) => "integer,string",
        Shape::Objects(_) | Shape::List(_) | Shape::AnyList => "array",
        Shape::Map(_) | Shape::Object(_) | Shape::AnyObject => "object",
    };
    let given = type_name(value);
    let null = if value.data == Data::Null { "\"null\": " } else { "" };
    format!("Invalid value: {null}{path} in body must be of type {wanted}: \"{given}\"")
}

/// The name of the type of a value in JSON schemas.
fn type_name(value: &Value) -> &'static str {
    match value.data {
        Data::Null => "null",
        Data::Bool(_) => "boolean",
        Data::Int(_) => "integer",
        Data::Float(_) => "number",
        Data::Text(_) => "string",
        Data::List(_) => "array",
        Data::Map(_) => "object",
    }
}
