//! A named group that the rule does not use.

use super::templates::{Used, used_templates};
use crate::analysis::{Needs, RelabelList, Subjects, references};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::re2::{GroupReference, TokenKind};

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::ANGLE, Subjects::REGEX_GIVEN]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| rule.action.has_regex()) {
        let Some(regex) = rule.rule.field("regex") else { continue };
        if !rule.pattern.text().contains("<") {
            continue;
        }
        let used = used_templates(rule);
        let is_reported_elsewhere = |used: &Used<'_>| {
            used.template.text().contains("$$")
                || references(&used.template, &rule.pattern).any(|(_, is_there)| !is_there)
        };
        if used.iter().any(is_reported_elsewhere) {
            continue;
        }
        let all = || used.iter().flat_map(|used| used.template.references());
        let opens = rule.pattern.tokens().iter().filter(|token| token.kind == TokenKind::Open { captures: true });
        let groups = opens.zip(rule.pattern.regex().group_names().skip(1)).zip(1..);
        for ((token, name), number) in groups {
            let Some(name) = name else { continue };
            let is_used = |group: &GroupReference| match group {
                GroupReference::Number(used) => *used == number,
                GroupReference::Name(used) => used == name,
            };
            if all().any(|reference| is_used(&reference.group)) {
                continue;
            }
            let message = format!("unused named group `{name}`");
            let finding = in_rule(list, rule, regex.part(token.span), message);
            let finding = finding.with_argument("group", name).with_argument("regex", rule.pattern.text());
            sink.push(finding.with_help(format!("write `${{{name}}}` in `replacement`, or remove the name")));
        }
    }
}
