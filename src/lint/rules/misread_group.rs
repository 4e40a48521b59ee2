//! `$1_x`, which is read as a group of that whole name.

use super::templates::{Used, consequence, number_and_rest, used_templates};
use crate::analysis::{RelabelList, RuleFacts, references};
use crate::diagnostic::Safety;
use crate::lint::fix;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::re2::{GroupReference, Reference};
use crate::relabel::Action;

pub(super) const CHECK: Check = Check::List(check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in &list.rules {
        if rule.action == Action::LabelMap && rule.pattern.group_count() == 0 {
            continue;
        }
        for used in used_templates(rule) {
            let Some(field) = used.field else { continue };
            let misread: Vec<(&Reference, usize, &str)> = references(&used.template, &rule.pattern)
                .filter(|(_, is_there)| !is_there)
                .filter_map(|(reference, _)| misread(rule, reference))
                .collect();
            if misread.is_empty() {
                continue;
            }
            let written = mended(&used, &misread);
            let edits = sink.tree(list.file).and_then(|tree| fix::with_text(tree, rule.rule, field, &written));
            for (reference, number, rest) in misread {
                let written = reference.span.of(used.template.text());
                let outcome = consequence(list, rule, &used);
                let message = format!("`{written}` is read as a group named `{number}{rest}`{outcome}");
                let finding = in_rule(list, rule, field.part(reference.span), message)
                    .with_note("letters, digits and `_` behind a `$` are all part of the name")
                    .with_help(format!("write `${{{number}}}{rest}`"));
                sink.push(fix::attached(finding, "put the number in braces", Safety::Unsafe, edits.clone()));
            }
        }
    }
}

/// The number that was meant, and the text behind it.
fn misread<'t>(rule: &RuleFacts<'_>, reference: &'t Reference) -> Option<(&'t Reference, usize, &'t str)> {
    let GroupReference::Name(name) = &reference.group else { return None };
    let (number, rest) = number_and_rest(name)?;
    (number <= rule.pattern.group_count()).then_some((reference, number, rest))
}

/// The template with the numbers in braces.
fn mended(used: &Used<'_>, misread: &[(&Reference, usize, &str)]) -> String {
    let text = used.template.text();
    let (mut mended, mut at) = (String::new(), 0);
    for (reference, number, rest) in misread {
        let span = reference.span.range();
        mended.push_str(&text[at..span.start]);
        mended.push_str(&format!("${{{number}}}{rest}"));
        at = span.end;
    }
    mended + &text[at..]
}
