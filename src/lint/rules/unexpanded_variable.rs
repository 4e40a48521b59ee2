//! Environment variables, which Prometheus does not expand in relabel rules.

use super::templates::{consequence, is_variable, used_templates, variable, variable_in_pattern};
use crate::analysis::{Needs, RelabelList, RuleFacts, Subjects, references};
use crate::diagnostic::Diagnostic;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::re2::GroupReference;
use crate::relabel::Action;
use crate::text::Span;

pub(super) const CHECK: Check =
    Check::List(Needs::one_rule(&[Subjects::DOLLAR.or(Subjects::ODD_TEMPLATE).or(Subjects::GROUP_MISSING)]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in &list.rules {
        in_templates(list, rule, sink);
        let Some(regex) = rule.rule.field("regex").filter(|_| rule.action.has_regex()) else { continue };
        let pattern = rule.pattern.text();
        if let Some(span) = variable_in_pattern(pattern) {
            let consequence = if rule.pattern.matches_nothing() { ", so the pattern never matches" } else { "" };
            let message = format!("the `$` of `{}` matches the end of the text{consequence}", span.of(pattern));
            sink.push(explained(in_rule(list, rule, regex.part(span), message), span.of(pattern)));
        }
    }
}

fn in_templates(list: &RelabelList<'_>, rule: &RuleFacts<'_>, sink: &mut Sink<'_>) {
    for used in used_templates(rule) {
        let Some(field) = used.field else { continue };
        let text = used.template.text();
        for (reference, _) in references(&used.template, &rule.pattern).filter(|(_, is_there)| !is_there) {
            let GroupReference::Name(name) = &reference.group else { continue };
            let is_of_labelmap = rule.action == Action::LabelMap && rule.pattern.group_count() == 0;
            if is_variable(name) && !is_of_labelmap {
                let written = reference.span.of(text);
                let message = format!(
                    "`{written}` refers to a group that the pattern does not have{}",
                    consequence(list, rule, &used)
                );
                sink.push(explained(in_rule(list, rule, field.part(reference.span), message), written));
            }
        }
        let mut from = 0;
        while let Some(span) = literal(text, from) {
            let message = format!("`{}` is copied as text{}", span.of(text), consequence(list, rule, &used));
            sink.push(explained(in_rule(list, rule, field.part(span), message), span.of(text)));
            from = span.end as usize;
        }
    }
}

/// The first `$(NAME)`, `$$NAME` or `$${NAME}` from a position on.
fn literal(text: &str, from: usize) -> Option<Span> {
    if !text.get(from..)?.contains('$') {
        return None;
    }
    let bare = || {
        let start = from + text.get(from..)?.find("$$")?;
        let name = text[start + 2..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let end = name.map_or(text.len(), |length| start + 2 + length);
        is_variable(&text[start + 2..end]).then(|| Span::new(start, end))
    };
    let found = [variable(text, from, "$(", ")"), variable(text, from, "$${", "}"), bare()];
    found.into_iter().flatten().min_by_key(|span| span.start)
}

fn explained(finding: Diagnostic, variable: &str) -> Diagnostic {
    finding
        .with_argument("variable", variable)
        .with_note("Prometheus expands environment variables only in `external_labels`")
        .with_help("expand the variable before Prometheus reads the file, or copy a label of service discovery")
}
