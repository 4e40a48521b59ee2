//! Answers in the shape of the conformance data, to compare with Go's `regexp`.

use serde_json::{Value, json};

use super::Regex;
use super::engine::Captures;
use super::syntax::Syntax;

/// What Go answers for `pattern`, compiled as in a relabel rule: `{"error": text}`, or
/// `{"matches": [{"input", "groups"}]}` with the byte offsets of all groups of the first match, -1 for a group
/// that took no part, or null for no match. A match that is too large to simulate has `"too_large": true`
/// instead of `groups`.
///
/// ```
/// assert_eq!(
///     promcfg::re2::debug_regexp("a(b)?", &["a"]).to_string(),
///     r#"{"matches":[{"groups":[0,1,-1,-1],"input":"a"}]}"#
/// );
/// ```
#[must_use]
pub fn debug_regexp(pattern: &str, inputs: &[&str]) -> Value {
    debug_regexp_in(Syntax::default(), pattern, inputs)
}

/// As [`debug_regexp`], in the syntax of a release.
#[must_use]
pub fn debug_regexp_in(syntax: Syntax, pattern: &str, inputs: &[&str]) -> Value {
    let regex = match Regex::with_syntax(pattern, syntax) {
        Ok(regex) => regex,
        Err(error) => return json!({ "error": error.to_string() }),
    };
    let mut captures = Captures::new();
    let matches: Vec<Value> = inputs
        .iter()
        .map(|&input| match regex.captures(input, &mut captures) {
            Ok(true) => json!({ "input": input, "groups": groups(&captures) }),
            Ok(false) => json!({ "input": input, "groups": null }),
            Err(_) => json!({ "input": input, "too_large": true }),
        })
        .collect();
    json!({ "matches": matches })
}

fn groups(captures: &Captures) -> Vec<i64> {
    let offset = |at: usize| i64::try_from(at).unwrap_or(i64::MAX);
    (0..captures.len())
        .flat_map(|group| captures.get(group).map_or([-1, -1], |(start, end)| [offset(start), offset(end)]))
        .collect()
}
