//! The JSON document of a simulation. The results are held as the text that is printed: as values they would take a
//! multiple of it.

use std::collections::BTreeMap;

use promcfg::report::write_document;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// An object of the document.
pub(super) type Members = BTreeMap<String, Member>;

/// A member of an object.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Member {
    Value(Value),
    /// A list that is text already.
    List(Box<RawValue>),
    Objects(Vec<Members>),
}

/// A list of results, as text with the indentation that it has in an entry of the document's lists.
#[derive(Debug, Default)]
pub(super) struct List {
    text: String,
}

impl List {
    /// A result as text.
    pub(super) fn item(result: &Value) -> String {
        const INDENTATION: &str = "\n        ";
        let mut text = Vec::new();
        // Writing to memory does not fail.
        let _written = write_document(&mut text, result);
        String::from_utf8_lossy(&text).trim_end().replace('\n', INDENTATION)
    }

    /// Adds a result.
    pub(super) fn push(&mut self, item: &str) {
        self.text.push_str(if self.text.is_empty() { "[\n        " } else { ",\n        " });
        self.text.push_str(item);
    }

    /// The whole list.
    pub(super) fn into_member(mut self) -> Member {
        self.text.push_str(if self.text.is_empty() { "[]" } else { "\n      ]" });
        RawValue::from_string(self.text).map_or(Member::Value(Value::Null), Member::List)
    }
}

/// The members of a value that is an object, with a list in place of one of them.
pub(super) fn with_list(value: Value, name: &str, list: List) -> Members {
    let members = if let Value::Object(members) = value { members } else { Map::new() };
    let mut members: Members = members.into_iter().map(|(name, value)| (name, Member::Value(value))).collect();
    members.insert(name.to_string(), list.into_member());
    members
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_that_is_held_as_text_is_written_as_the_value_is() {
        for results in [vec![], vec![json!({"a": "x\ny", "b": [1, {}]})], vec![json!({}), json!({"c": {"d": null}})]] {
            let whole = json!({ "jobs": [{ "job": "j", "targets": results }], "version": 1 });
            let mut list = List::default();
            results.iter().for_each(|result| list.push(&List::item(result)));
            let jobs = vec![with_list(json!({ "job": "j", "targets": [] }), "targets", list)];
            let version = Member::Value(Value::from(1));
            let document: Members =
                [("jobs".to_string(), Member::Objects(jobs)), ("version".to_string(), version)].into();
            let mut text = Vec::new();
            write_document(&mut text, &document).unwrap();
            assert_eq!(String::from_utf8(text).unwrap(), format!("{whole:#}\n"));
        }
    }
}
