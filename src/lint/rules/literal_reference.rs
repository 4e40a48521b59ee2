//! Text that looks like a reference to a group: `$$1`, `\1`, `{{1}}`, `%1`.

use super::templates::{consequence, used_templates};
use crate::analysis::{Needs, RelabelList, RuleFacts, Subjects};
use crate::diagnostic::Safety;
use crate::lint::fix;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::re2::Template;
use crate::text::Span;

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::ODD_TEMPLATE]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in &list.rules {
        for used in used_templates(rule) {
            let found = literal_references(rule, &used.template);
            let (Some(field), [(first, group), ..]) = (used.field, &found[..]) else { continue };
            let text = used.template.text();
            let written = first.of(text);
            let outcome = consequence(list, rule, &used);
            let message = format!("`{written}` is text, not a reference to a group{outcome}");
            let why = if written.starts_with("$$") {
                "`$$` means a dollar sign; double it only for programs that replace variables before Prometheus reads the file"
            } else {
                "a reference to a group begins with `$`"
            };
            let finding = in_rule(list, rule, field.part(*first), message)
                .with_argument("field", field.name)
                .with_argument("value", text)
                .with_note(why)
                .with_help(format!("write `{}`", meant(text, *first, group)));
            let mut mended = text.to_string();
            for (span, group) in found.iter().rev() {
                mended.replace_range(span.range(), &meant(text, *span, group));
            }
            // A `$` before it may change its meaning again.
            let is_mended = literal_references(rule, &Template::parse(&mended)).is_empty();
            let tree = sink.tree(list.file).filter(|_| is_mended);
            let edits = tree.and_then(|tree| fix::with_text(tree, rule.rule, field, &mended));
            sink.push(fix::attached(finding, "write a reference to the group", Safety::Unsafe, edits));
        }
    }
}

/// The correct reference: in braces if its name would run into the text after it.
fn meant(text: &str, span: Span, group: &str) -> String {
    let behind = text[span.end as usize..].chars().next();
    let runs_on = behind.is_some_and(|c| c == '_' || c.is_alphanumeric());
    let is_number = group.bytes().all(|byte| byte.is_ascii_digit());
    if runs_on || !is_number { format!("${{{group}}}") } else { format!("${group}") }
}

/// The beginning and the end of a reference in some language.
type Way = (&'static str, &'static str);

const DOUBLED: [Way; 3] = [("$$", ""), ("$${", "}"), ("\\", "")];
const OTHERS: [Way; 4] = [("{{", "}}"), ("{", "}"), ("%", ""), ("%{", "}")];

/// The pieces of text that look like references to existing groups, with these groups.
fn literal_references<'u>(rule: &RuleFacts<'_>, template: &'u Template) -> Vec<(Span, &'u str)> {
    if !template.text().contains(['$', '\\', '{', '%']) {
        return Vec::new();
    }
    // The syntax of other languages counts only if the template has no reference.
    let others = if template.has_references() { &[][..] } else { &OTHERS[..] };
    let ways: Vec<Way> = DOUBLED.iter().chain(others).copied().collect();
    let (mut found, mut from) = (Vec::new(), 0);
    while let Some((span, group)) = next(rule, template.text(), from, &ways) {
        from = span.end as usize;
        found.push((span, group));
    }
    found
}

/// The first one at or after a place, and the longest one there.
fn next<'u>(rule: &RuleFacts<'_>, text: &'u str, from: usize, ways: &[Way]) -> Option<(Span, &'u str)> {
    let is_group = |group: &str| match group.parse::<usize>() {
        Ok(number) => (1..=rule.pattern.group_count()).contains(&number),
        Err(_) => rule.pattern.has_group_named(group),
    };
    let found = ways.iter().filter_map(|(open, close)| {
        let rest = text.get(from..).filter(|rest| open.chars().next().is_some_and(|first| rest.contains(first)))?;
        let start = from + rest.find(open)?;
        let inner = &text[start + open.len()..];
        let length = if close.is_empty() {
            let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
            let name = inner.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
            if digits > 0 { digits } else { name }
        } else {
            inner.find(close)?
        };
        let group = &inner[..length];
        let end = start + open.len() + length + close.len();
        is_group(group).then(|| (Span::new(start, end), group))
    });
    found.min_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)))
}
