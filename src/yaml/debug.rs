//! A scalar read as every Go type, in the shape of the conformance data.

use serde_json::{Map, Value, json};

use super::read::ReadError;
use super::scalar::{self, resolve};
use super::tree::{Node, NodeKind, Tree};
use crate::text::format_float;

/// Reads `text` as the value of a mapping, `v: text`, and says what yaml.v2 decodes it to: freely
/// (`any`: Go type and value, `seq`, `map`), and `as` string, bool, int, uint64, float64 and
/// list of strings. Errors are texts that begin with `error: `.
///
/// Source: go.yaml.in/yaml/v2 v2.4.4.
///
/// ```
/// let read = promcfg::yaml::debug_scalar("0x10");
/// assert_eq!(read["any"], "int 16");
/// assert_eq!(read["as"]["string"], "\"0x10\"");
/// ```
#[must_use]
pub fn debug_scalar(text: &str) -> Value {
    let tree = Tree::parse(format!("v: {text}\n"));
    let fault = tree.fault().map(|fault| format!("error: {fault}"));
    let value = tree.root().and_then(|root| root.entries().next()).map(|(_, value)| value.resolved());
    let answer = |read: &dyn Fn(Node<'_>) -> Result<String, Vec<Problem>>| match (&fault, value) {
        (Some(fault), _) => fault.clone(),
        (None, None) => "error: no value".to_string(),
        (None, Some(value)) => read(value).unwrap_or_else(|problems| report(&problems)),
    };
    let mut types = Map::new();
    let mut put = |name: &str, read: &dyn Fn(Node<'_>) -> Result<String, Vec<Problem>>| {
        types.insert(name.to_string(), Value::from(answer(read)));
    };
    put("[]string", &strings);
    put("bool", &|node| one(node, node.read_bool().map(|value| value.to_string())));
    put("float64", &|node| one(node, node.read_f64().map(format_float)));
    put("int", &|node| one(node, node.read_i64().map(|value| value.to_string())));
    put("string", &|node| one(node, string(node)));
    put("uint64", &|node| one(node, node.read_u64().map(|value| value.to_string())));
    json!({ "any": answer(&any), "as": types })
}

/// A fault and its line, from 1.
struct Problem {
    line: usize,
    fault: ReadError,
}

impl Problem {
    fn new(node: Node<'_>, fault: ReadError) -> Self {
        let before = node.tree().text().get(..node.full_span().start as usize).unwrap_or("");
        Self { line: before.matches('\n').count() + 1, fault }
    }
}

fn one(node: Node<'_>, read: Result<String, ReadError>) -> Result<String, Vec<Problem>> {
    read.map_err(|fault| vec![Problem::new(node, fault)])
}

fn report(problems: &[Problem]) -> String {
    if let Some(broken) = problems.iter().find(|problem| matches!(problem.fault, ReadError::Broken(_))) {
        return format!("error: {}", broken.fault);
    }
    let lines: Vec<String> =
        problems.iter().map(|problem| format!("line {}: {}", problem.line, problem.fault)).collect();
    format!("error: yaml: unmarshal errors:\n  {}", lines.join("\n  "))
}

fn string(node: Node<'_>) -> Result<String, ReadError> {
    match node.read_string() {
        Ok(text) => Ok(json_text(&json!(text))),
        Err(ReadError::NotText(bytes)) => Ok(json_text(&json!(lossy(&bytes)))),
        Err(fault) => Err(fault),
    }
}

/// As Go reads a string of any bytes: one replacement character for each byte that is not UTF-8.
fn lossy(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '\u{fffd}'));
    }
    text
}

fn strings(node: Node<'_>) -> Result<String, Vec<Problem>> {
    if node.kind() != NodeKind::Sequence {
        return match node.reads_as_zero() {
            Ok(true) => Ok("null".to_string()),
            Ok(false) => one(node, Err(ReadError::mismatch(node, "[]string"))),
            Err(fault) => one(node, Err(fault)),
        };
    }
    let mut texts = Vec::new();
    let mut problems = Vec::new();
    for item in node.items() {
        match item.resolved().read_string() {
            Ok(text) => texts.push(text),
            Err(fault) => problems.push(Problem::new(item, fault)),
        }
    }
    if problems.is_empty() { Ok(json_text(&json!(texts))) } else { Err(problems) }
}

fn any(node: Node<'_>) -> Result<String, Vec<Problem>> {
    match node.kind() {
        NodeKind::Mapping => Ok("map".to_string()),
        NodeKind::Sequence => Ok("seq".to_string()),
        NodeKind::Scalar | NodeKind::Alias => {
            let resolved = resolve(node).map_err(|message| vec![Problem::new(node, ReadError::Broken(message))])?;
            Ok(match resolved.value {
                scalar::Value::Null => "<nil> <nil>".to_string(),
                scalar::Value::Bool(value) => format!("bool {value}"),
                scalar::Value::Int(value) => format!("int {value}"),
                scalar::Value::Unsigned(value) => format!("uint64 {value}"),
                scalar::Value::Float(value) => format!("float64 {}", format_float(value)),
                scalar::Value::Text(text) => format!("string {text}"),
                scalar::Value::Timestamp => format!("string {}", node.value()),
                scalar::Value::Binary(bytes) => format!("string {}", lossy(&bytes)),
            })
        }
    }
}

/// As Go's `json.Marshal` writes it.
fn json_text(value: &Value) -> String {
    let text = value.to_string();
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => escaped.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => escaped.push(character),
        }
    }
    escaped
}
