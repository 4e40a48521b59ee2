//! The rows against the CRDs themselves, and what the lookup needs of the rows.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::super::super::kind::Kind;
use super::super::rows;
use super::super::shape::{Format, List, Object, Shape, Text, Unique, Whole};

/// The schema that a row says.
fn schema_of(shape: Shape) -> Map<String, Value> {
    let schema = match shape {
        Shape::Flag => json!({"type": "boolean"}),
        Shape::Whole(whole) => return schema_of_whole(whole),
        Shape::Text(text) => return schema_of_text(text),
        Shape::Choice(names) => json!({"type": "string", "enum": names}),
        Shape::NumberOrText(pattern) => {
            let mut schema =
                json!({"anyOf": [{"type": "integer"}, {"type": "string"}], "x-kubernetes-int-or-string": true});
            if let Some(pattern) = pattern {
                schema["pattern"] = pattern.text().into();
            }
            schema
        }
        Shape::Objects(object) => json!({"type": "array", "items": schema_of_object(object)}),
        Shape::List(list) => return schema_of_list(list),
        Shape::Map(shape) => json!({"type": "object", "additionalProperties": schema_of(*shape)}),
        Shape::Object(object) => return schema_of_object(object),
        Shape::AnyObject => json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true}),
        Shape::AnyList => json!({"type": "array", "x-kubernetes-preserve-unknown-fields": true}),
    };
    members(schema)
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        other => panic!("{other} is an object"),
    }
}

fn schema_of_whole(whole: Whole) -> Map<String, Value> {
    let mut schema = members(json!({"type": "integer"}));
    match whole.format {
        Format::None => {}
        Format::Int32 => drop(schema.insert("format".to_string(), "int32".into())),
        Format::Int64 => drop(schema.insert("format".to_string(), "int64".into())),
    }
    schema.extend(whole.least.map(|least| ("minimum".to_string(), least.into())));
    schema.extend(whole.most.map(|most| ("maximum".to_string(), most.into())));
    schema
}

fn schema_of_text(text: Text) -> Map<String, Value> {
    let mut schema = members(json!({"type": "string"}));
    if text.is_filled {
        schema.insert("minLength".to_string(), 1.into());
    }
    schema.extend(text.pattern.map(|pattern| ("pattern".to_string(), pattern.text().into())));
    schema
}

fn schema_of_list(list: &List) -> Map<String, Value> {
    let mut schema = members(json!({"type": "array", "items": schema_of(list.item)}));
    if list.is_filled {
        schema.insert("minItems".to_string(), 1.into());
    }
    match list.unique {
        Unique::Nothing => {}
        Unique::Items => drop(schema.insert("x-kubernetes-list-type".to_string(), "set".into())),
        Unique::Keys(keys) => {
            schema.insert("x-kubernetes-list-type".to_string(), "map".into());
            schema.insert("x-kubernetes-list-map-keys".to_string(), keys.into());
        }
    }
    schema
}

fn schema_of_object(object: &Object) -> Map<String, Value> {
    let mut properties = Map::new();
    for field in object.fields() {
        let mut schema = schema_of(field.shape);
        if let Some(default) = field.default {
            let is_whole = matches!(field.shape, Shape::Whole(_));
            let default = if is_whole { json!(default.parse::<i64>().expect("is a number")) } else { default.into() };
            schema.insert("default".to_string(), default);
        }
        assert!(properties.insert(field.key.to_string(), schema.into()).is_none(), "{} twice", field.key);
    }
    let mut schema = members(json!({"type": "object", "properties": properties}));
    if !object.required.is_empty() {
        schema.insert("required".to_string(), object.required.into());
    }
    if object.check.is_some() {
        schema.insert("x-kubernetes-validations".to_string(), true.into());
    }
    schema
}

/// A schema without what says nothing of one object alone; of expressions, that there are some.
fn plain(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let is_of_merging = |key: &str, value: &Value| {
                key == "x-kubernetes-map-type" || (key == "x-kubernetes-list-type" && value == "atomic")
            };
            let kept = members.iter().filter(|(key, value)| !is_of_merging(key, value));
            let plain = kept.map(|(key, value)| match key.as_str() {
                "x-kubernetes-validations" => (key.clone(), true.into()),
                _ => (key.clone(), plain(value)),
            });
            Value::Object(plain.collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(plain).collect()),
        other => other.clone(),
    }
}

/// The first differences of two schemas.
fn differences(path: &str, expected: &Value, actual: &Value, found: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(one), Value::Object(other)) => {
            for key in one.keys().chain(other.keys().filter(|key| !one.contains_key(*key))) {
                let path = format!("{path}.{key}");
                differences(&path, one.get(key).unwrap_or(&Value::Null), other.get(key).unwrap_or(&Value::Null), found);
            }
        }
        _ if expected != actual => found.push(format!("{path}: the CRD has {expected}, the row has {actual}")),
        _ => {}
    }
}

#[test]
fn the_rows_of_every_spec_are_those_of_the_crds() {
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference");
    let folder = std::env::var_os("PROMCFG_REFERENCE").map_or_else(own, PathBuf::from);
    // The facts are not part of this package.
    let Ok(text) = std::fs::read_to_string(folder.join("operator-crds.json")) else { return };
    let facts: Value = serde_json::from_str(&text).expect("is JSON");
    let mut found = Vec::new();
    for kind in Kind::ALL {
        let crd = &facts[format!("{} {}", kind.api_version(), kind.name())];
        let root = schema_of_object(rows::of(kind));
        assert_eq!(root["required"], crd["required"]);
        let spec = &root["properties"]["spec"];
        differences(kind.name(), &plain(&crd["properties"]["spec"]), spec, &mut found);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Calls for an object, and for those in it.
fn each_object(object: &'static Object, visit: &mut dyn FnMut(&'static Object)) {
    visit(object);
    for field in object.fields() {
        if let Some(inner) = field.shape.object() {
            each_object(inner, visit);
        }
    }
}

#[test]
fn every_field_is_found_by_its_name() {
    let mut fields = 0;
    for kind in Kind::ALL {
        each_object(rows::of(kind), &mut |object| {
            for field in object.fields() {
                fields += 1;
                let found = object.field(field.key).expect("each group is sorted");
                assert!(std::ptr::eq(found, field), "{} is found once", field.key);
            }
            for key in object.required {
                assert!(object.field(key).is_some(), "{key} is a field");
            }
        });
    }
    assert!(fields > 3_000);
}
