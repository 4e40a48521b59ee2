//! What looks like a reference to a group, but is copied as text: `$$1`, `\1`, `{{1}}`, `%1`.

use super::templates::{Used, consequence, used_templates};
use crate::analyse::{RelabelList, RuleFacts};
use crate::diagnostic::Safety;
use crate::lint::engine::{Check, Rule};
use crate::lint::fix;
use crate::lint::report::{Report, in_rule};
use crate::text::Span;

pub(super) const RULE: Rule = Rule { id: "literal-reference", check: Check::List(check) };

fn check(list: &RelabelList<'_>, report: &mut Report<'_>) {
    for rule in &list.rules {
        for used in used_templates(rule) {
            let (Some(field), Some((span, group))) = (used.field, literal_reference(rule, &used)) else { continue };
            let text = used.template.text();
            let behind = text[span.end as usize..].chars().next();
            let runs_on = behind.is_some_and(|c| c == '_' || c.is_alphanumeric());
            let meant = if runs_on || !group.bytes().all(|byte| byte.is_ascii_digit()) {
                format!("${{{group}}}")
            } else {
                format!("${group}")
            };
            let mended = format!("{}{meant}{}", &text[..span.start as usize], &text[span.end as usize..]);
            let written = span.of(text);
            let outcome = consequence(list, rule, &used);
            let message = format!("`{written}` is copied as text, and not what the group took{outcome}");
            let why = if written.starts_with("$$") {
                "`$$` stands for a dollar; it is doubled for programs that fill in variables first"
            } else {
                "a group is referred to with `$`"
            };
            let finding = in_rule(list, rule, field.part(span), message).with_note(why);
            let edits = report.tree(list.file).and_then(|tree| fix::with_text(tree, rule.rule, field, &mended));
            let finding = finding.with_help(format!("write `{meant}`"));
            report.push(fix::attached(finding, "refer to the group", Safety::Unsafe, edits));
        }
    }
}

/// The first piece of text that looks like a reference to a group that there is, and the group.
fn literal_reference<'u>(rule: &RuleFacts<'_>, used: &'u Used<'_>) -> Option<(Span, &'u str)> {
    let text = used.template.text();
    let is_group = |group: &str| match group.parse::<usize>() {
        Ok(number) => (1..=rule.pattern.group_count()).contains(&number),
        Err(_) => rule.pattern.has_group_named(group),
    };
    // Other spellings count only where nothing is referred to in the right one.
    let ways: &[(&str, &str)] = match used.template.has_references() {
        true => &[("$$", ""), ("$${", "}"), ("\\", "")],
        false => &[("$$", ""), ("$${", "}"), ("\\", ""), ("{{", "}}"), ("{", "}"), ("%", ""), ("%{", "}")],
    };
    let found = ways.iter().filter_map(|(open, close)| {
        let start = text.find(open)?;
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
