//! The JSON schema of `promcfg.toml`, for editors.

use serde_json::{Map, Value, json};

use super::fields::{FIELDS, FILES, Field, Kind, OVERRIDE_FIELDS, SEVERITIES};

/// The schema, made of the tables that reading goes by.
pub(crate) fn schema() -> Value {
    let mut of_override = properties(OVERRIDE_FIELDS);
    of_override[FILES]["minItems"] = 1.into();
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "promcfg.toml",
        "description": "Settings of promcfg lint. `promcfg rules` lists the ids of the rules.",
        "type": "object",
        "additionalProperties": false,
        "properties": properties(FIELDS),
        "definitions": {
            "rule": { "type": "string", "pattern": "^[a-z0-9*?]+(-[a-z0-9*?]+)*$" },
            "severity": { "enum": SEVERITIES.map(|(name, _)| name) },
            "glob": { "type": "string", "minLength": 1 },
            "override": {
                "type": "object",
                "additionalProperties": false,
                "required": [FILES],
                "properties": of_override,
            },
        },
    })
}

fn properties(fields: &[Field]) -> Value {
    let properties = fields.iter().map(|field| {
        let mut value = of_kind(field.kind);
        value["description"] = field.about.into();
        (field.name.to_string(), value)
    });
    Value::Object(properties.collect::<Map<String, Value>>())
}

fn of_kind(kind: Kind) -> Value {
    let list_of = |name: &str| json!({ "type": "array", "items": reference(name) });
    match kind {
        Kind::Rules => list_of("rule"),
        Kind::Globs => list_of("glob"),
        Kind::Overrides => list_of("override"),
        Kind::Release => json!({ "type": "string", "pattern": "^(v?[0-9]+\\.[0-9]+(\\.[0-9]+)?|next)$" }),
        Kind::Severity => json!({ "allOf": [reference("severity")] }),
        Kind::Severities => json!({
            "type": "object",
            "propertyNames": reference("rule"),
            "additionalProperties": reference("severity"),
        }),
    }
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{name}") })
}
