//! A field that has a successor.

use crate::config::{NotedField, Origin};
use crate::diagnostic::{Fix, Safety};
use crate::lint::engine::{Check, Input, Rule};
use crate::lint::report::{Report, in_file};
use crate::text::{Edits, Span, line_start};

pub(super) const RULE: Rule = Rule { id: "deprecated-field", check: Check::Input(check) };

fn check(input: &Input<'_>, report: &mut Report<'_>) {
    for noted in input.noted() {
        let Some(successor) = noted.successor else { continue };
        let message = format!("`{}` is deprecated", noted.field.name);
        let mut finding = in_file(noted.file, noted.field.key, message)
            .with_note("Prometheus still takes it, and may stop to with a major release")
            .with_help(format!("use `{successor}`"));
        finding.job.clone_from(&noted.job);
        let text = report.tree(noted.file).map_or("", |tree| tree.text());
        finding.fix = fix(noted, successor, text);
        report.push(finding);
    }
}

/// Puts the value into the section that the successor is in.
fn fix(noted: &NotedField, successor: &str, text: &str) -> Option<Fix> {
    let (section, key) = successor.split_once('.')?;
    let is_own = noted.field.origin != Origin::Merged && section == "authorization";
    if !is_own {
        return None;
    }
    let (start, value) = (noted.field.key, noted.field.value);
    let after = text.get(start.end as usize..value.start as usize)?;
    let line = line_start(text, start.start as usize);
    let indent = &text[line..start.start as usize];
    let replacements = if noted.is_in_flow {
        vec![(start, format!("{section}: {{{key}")), (Span::empty(value.end as usize), "}".to_string())]
    } else if after.contains(['\n', '\r', '#']) || value.of(text).contains(['\n', '\r']) {
        return None;
    } else {
        // The key may be the first of an item: `- bearer_token: x`.
        let inner: String = indent.chars().map(|c| if c == '-' { ' ' } else { c }).collect();
        if !inner.chars().all(|c| c == ' ') {
            return None;
        }
        let line_end = if text[..line].ends_with("\r\n") { "\r\n" } else { "\n" };
        vec![(start, format!("{section}:{line_end}{inner}  {key}"))]
    };
    let edits = Edits::new(replacements)?;
    Some(Fix::new(format!("write `{successor}`"), Safety::Safe, edits))
}
