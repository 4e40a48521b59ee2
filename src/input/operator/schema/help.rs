//! What to do about a value that does not fit.

use super::super::value::{Data, Value};
use super::pattern::Pattern;
use super::shape::Shape;
use crate::text::most_similar;

/// Longer values are not repeated in a help.
const LONGEST: usize = 64;

/// For a value of another type.
pub(super) fn of_type(value: &Value, shape: Shape) -> Option<String> {
    match (shape, &value.data) {
        (Shape::Text(_) | Shape::Choice(_), Data::Int(_) | Data::Float(_) | Data::Bool(_)) => {
            Some(match pattern_of(shape).and_then(unit_of) {
                Some((unit, _)) => format!("write a text with a unit, such as `{unit}`"),
                None => "put the value in quotes".to_string(),
            })
        }
        (Shape::Whole(_), Data::Text(text)) if text.parse::<i64>().is_ok() => {
            Some("write the number without quotes".to_string())
        }
        (Shape::Flag, Data::Text(text)) if matches!(text.as_str(), "true" | "false") => {
            Some(format!("write `{text}` without quotes"))
        }
        (Shape::Objects(_) | Shape::List(_), Data::Text(_) | Data::Map(_)) => Some("write a list".to_string()),
        _ => None,
    }
}

/// For a port that is a number where a name is wanted.
pub(super) fn of_port(value: &Value, number: &str) -> Option<String> {
    let Data::Int(port) = value.data else { return None };
    Some(format!("`port` is the name of a port; write `{number}: {port}`"))
}

/// For a text that is not among those that are allowed.
pub(super) fn of_choice(written: &str, names: &[&str]) -> Option<String> {
    let similar = names.iter().find(|name| name.eq_ignore_ascii_case(written)).copied();
    let similar = similar.or_else(|| most_similar(written, names.iter().copied()))?;
    Some(format!("did you mean `{similar}`?"))
}

/// For a text that does not match.
pub(super) fn of_pattern(written: &str, pattern: Pattern) -> Option<String> {
    let (example, unit) = unit_of(pattern)?;
    let is_number = !written.is_empty() && written.bytes().all(|byte| byte.is_ascii_digit());
    Some(if is_number && written.len() <= LONGEST {
        format!("add a unit, such as `{written}{unit}`")
    } else {
        format!("write a number with a unit, such as `{example}`")
    })
}

fn pattern_of(shape: Shape) -> Option<Pattern> {
    match shape {
        Shape::Text(text) => text.pattern,
        _ => None,
    }
}

/// An example of a pattern whose numbers have units, and a unit.
fn unit_of(pattern: Pattern) -> Option<(&'static str, &'static str)> {
    match pattern {
        Pattern::Duration => Some(("30s", "s")),
        Pattern::Size => Some(("10MB", "MB")),
        Pattern::AnyUrl
        | Pattern::HttpUrl
        | Pattern::WebUrl
        | Pattern::ProxyUrl
        | Pattern::TargetFile
        | Pattern::Quantity
        | Pattern::Identifier
        | Pattern::Scope => None,
    }
}
