//! `$1_x`, which refers to a group named `1_x`.

use super::templates::{Used, consequence, number_and_rest, used_templates};
use crate::analysis::{Needs, RelabelList, RuleFacts, Subjects, references};
use crate::diagnostic::Safety;
use crate::lint::fix;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::re2::{GroupReference, Reference};
use crate::relabel::Action;

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::GROUP_MISSING]), check);

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
            let written = with_braces(&used, &misread);
            let edits = sink.tree(list.file).and_then(|tree| fix::with_text(tree, rule.rule, field, &written));
            for (reference, number, rest) in misread {
                let written = reference.span.of(used.template.text());
                let outcome = consequence(list, rule, &used);
                let message =
                    format!("`{written}` refers to a group named `{number}{rest}`, which does not exist{outcome}");
                let finding = in_rule(list, rule, field.part(reference.span), message)
                    .with_argument("label", rule.rule.spec.target_label.as_str())
                    .with_argument("reference", written)
                    .with_note("letters, digits and `_` after a `$` are all part of the name")
                    .with_help(format!("write `${{{number}}}{rest}`"));
                sink.push(fix::attached(finding, "put the number in braces", Safety::Unsafe, edits.clone()));
            }
        }
    }
}

/// The intended number, and the text after it.
fn misread<'t>(rule: &RuleFacts<'_>, reference: &'t Reference) -> Option<(&'t Reference, usize, &'t str)> {
    let GroupReference::Name(name) = &reference.group else { return None };
    let (number, rest) = number_and_rest(name)?;
    (number <= rule.pattern.group_count()).then_some((reference, number, rest))
}

/// The template with the numbers in braces.
fn with_braces(used: &Used<'_>, misread: &[(&Reference, usize, &str)]) -> String {
    let text = used.template.text();
    let (mut braced, mut at) = (String::new(), 0);
    for (reference, number, rest) in misread {
        let span = reference.span.range();
        braced.push_str(&text[at..span.start]);
        braced.push_str(&format!("${{{number}}}{rest}"));
        at = span.end;
    }
    braced + &text[at..]
}
